"""Where shipped files lie, and how they are read: package data, codebook, models, sample corpus.

In a checkout ``models/`` and ``corpora/`` stand beside the package; a wheel carries them inside it,
under ``policy_corpus/shipped/``. Everything that a pure room needs is read through here.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from policy_corpus.config import AnnotateSettings
from policy_corpus.errors import PolicyCorpusError, SettingsError

if TYPE_CHECKING:
    from policy_corpus.annotate.codebook import Codebook
    from policy_corpus.annotate.pipeline import Annotator
    from policy_corpus.annotate.quantities import Units
    from policy_corpus.annotate.regions import Gazetteer
    from policy_corpus.annotate.status import StatusRules
    from policy_corpus.annotate.tokens import Tokenizer

PACKAGE = Path(__file__).resolve().parent
DATA = PACKAGE / "data"
SHIPPED = "shipped"


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


def own_gold_dir() -> Path:
    """Sentences invented and coded by us: always in training beside other gold."""
    return shipped_root() / "corpora" / "gold-own"


@dataclass(frozen=True, slots=True)
class AnnotateFiles:
    """The files that coding reads. Two sets with the same bytes have the same digest."""

    codebook: Path
    classifier: Path

    @classmethod
    def of(cls, folder: Path, settings: AnnotateSettings) -> "AnnotateFiles":
        """The files named by a corpus's settings; paths there are relative to the corpus folder."""
        return cls(
            codebook=chosen(folder, settings.codebook, "codebook.toml"),
            classifier=chosen(folder, settings.classifier, "classifier"),
        )

    def digest(self) -> str:
        """Hash over names and bytes of these files and of the package data that coding reads."""
        return digest_of(self.codebook, self.classifier, DATA)


def chosen(folder: Path, setting: str, shipped_name: str) -> Path:
    """The shipped file or folder, or the one a corpus names (relative to the corpus folder)."""
    path = models_dir() / shipped_name if setting == SHIPPED else folder / setting
    if not path.exists():
        remedy = f'name another in corpus.toml, or "{SHIPPED}"'
        raise SettingsError(f"the {shipped_name} that this corpus uses is missing", str(path), remedy)
    return path


@cache
def code_digest(room: str) -> str:
    """Hash over the code of a room, or of one file of it: with other code its rows are not current."""
    return digest_of(PACKAGE / room)


def digest_of(*roots: Path) -> str:
    """Hash over names and bytes of files and folders, cards in Markdown left out."""
    digest = hashlib.sha256()
    for root in roots:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and path.suffix not in (".md", ".pyc"):
                data = path.read_bytes()
                digest.update(f"{path.name}:{len(data)}:".encode())
                digest.update(data)
    return digest.hexdigest()[:16]


def load_codebook(path: Path) -> "Codebook":
    """Read a codebook; errors name the file and the line."""
    from policy_corpus.annotate.codebook import Codebook

    return Codebook.parse(path.read_text(encoding="utf-8-sig"), str(path))


def load_annotator(files: AnnotateFiles) -> "Annotator":
    """Read everything that coding needs."""
    from policy_corpus.annotate.pipeline import Annotator
    from policy_corpus.corpus.coding.encoders import load_coder

    return Annotator(
        tokenizer=load_tokenizer(),
        gazetteer=load_gazetteer(),
        units=load_units(),
        status_rules=load_status_rules(),
        coder=load_coder(load_codebook(files.codebook), files.classifier),
    )


@cache
def load_tokenizer() -> "Tokenizer":
    """Words of jieba, the policy lexicon's kept whole."""
    from policy_corpus.annotate.tokens import Tokenizer, parse_lexicon

    lexicon = parse_lexicon(_text("lexicon/policy_words.tsv"), "lexicon/policy_words.tsv")
    return Tokenizer(entry.word for entry in lexicon)


@cache
def load_gazetteer() -> "Gazetteer":
    """Regions 1981–2024 with townships, zones and short names."""
    from policy_corpus.annotate.regions import Gazetteer

    parts = ("regions.tsv", "townships.tsv", "units.toml", "names.toml")
    return Gazetteer.from_tables(*(_text(f"gazetteer/{part}") for part in parts))


@cache
def load_units() -> "Units":
    """Units, measure words and approximations."""
    from policy_corpus.annotate.quantities import parse_units

    return parse_units((DATA / "units.toml").read_bytes(), "units.toml")


@cache
def load_status_rules() -> "StatusRules":
    """Words that tell done, planned and advised apart."""
    from policy_corpus.annotate.status import parse_status_rules

    return parse_status_rules(_text("lexicon/status.toml"), "lexicon/status.toml")


def _text(name: str) -> str:
    return (DATA / name).read_text(encoding="utf-8")
