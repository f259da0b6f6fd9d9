"""Rough Chinese education-policy pages into evidence: documents, coded measures, comparisons.

Names are loaded when they are first used, so that ``import policy_corpus`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policy_corpus.api import (
        clean_page,
        find_measures,
        find_partners,
        find_quantities,
        find_regions,
        split_sentences,
        tokenize,
    )
    from policy_corpus.corpus import Corpus, init_corpus, open_corpus
    from policy_corpus.corpus.analysing.filters import Filter
    from policy_corpus.errors import CorpusError, PolicyCorpusError, SettingsError
    from policy_corpus.records import (
        Capture,
        Document,
        Issue,
        Measure,
        Mention,
        Partners,
        Passage,
        Quantity,
    )

_HOMES = {
    "api": ("clean_page", "find_measures", "find_partners", "find_quantities", "find_regions", "split_sentences",
            "tokenize"),
    "corpus": ("Corpus", "init_corpus", "open_corpus"),
    "corpus.analysing.filters": ("Filter",),
    "errors": ("CorpusError", "PolicyCorpusError", "SettingsError"),
    "records": ("Capture", "Document", "Issue", "Measure", "Mention", "Partners", "Passage", "Quantity"),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Capture",
    "Corpus",
    "CorpusError",
    "Document",
    "Filter",
    "Issue",
    "Measure",
    "Mention",
    "Partners",
    "Passage",
    "PolicyCorpusError",
    "Quantity",
    "SettingsError",
    "clean_page",
    "find_measures",
    "find_partners",
    "find_quantities",
    "find_regions",
    "init_corpus",
    "open_corpus",
    "split_sentences",
    "tokenize",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'policy_corpus' has no attribute {name!r}")
    return getattr(import_module(f"policy_corpus.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
