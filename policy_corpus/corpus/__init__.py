"""A corpus: the one place that joins the rooms, and the only one that reads and writes for them.

``facade`` is what the world sees. The folders below it follow the rooms: ``collecting`` (import, crawl),
``building`` (captures into records), ``coding`` (classifier, encoders, gold), ``analysing`` (filters and all analyses),
``searching`` (the index and its queries); ``catalogue`` lists tables.

The names of the facade are loaded when they are first used: commands that print their help read this file as well.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policy_corpus.corpus.facade import AddReport, Corpus, init_corpus, open_corpus

__all__ = ["AddReport", "Corpus", "init_corpus", "open_corpus"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'policy_corpus.corpus' has no attribute {name!r}")
    return getattr(import_module("policy_corpus.corpus.facade"), name)
