"""Where shipped files lie: package data, codebook, models, sample corpus.

In a checkout ``models/`` and ``corpora/`` stand beside the package; a wheel carries them inside it,
under ``policy_corpus/shipped/``. Everything that a pure room needs is read through here.
"""

from functools import cache
from pathlib import Path

from policy_corpus.errors import PolicyCorpusError

PACKAGE = Path(__file__).resolve().parent
DATA = PACKAGE / "data"


@cache
def shipped_root() -> Path:
    """Folder that holds ``models/`` and ``corpora/``."""
    for root in (PACKAGE / "shipped", PACKAGE.parent):
        if (root / "models").is_dir() and (root / "corpora").is_dir():
            return root
    raise PolicyCorpusError(
        "the shipped models and sample corpus are missing",
        str(PACKAGE),
        "install the package again, or run it from a whole checkout",
    )


def models_dir() -> Path:
    """Codebook, classifier and encoder weights, each with a card."""
    return shipped_root() / "models"


def sample_corpus_dir() -> Path:
    """The sample corpus: about forty pages in our own words."""
    return shipped_root() / "corpora" / "sample"
