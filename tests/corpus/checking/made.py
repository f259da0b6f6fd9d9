"""A small corpus that is whole, and ways to look at its insides."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from policy_corpus.corpus import Corpus, init_corpus, open_corpus
from policy_corpus.resources import sample_corpus_dir
from policy_corpus.store.store import Store
from policy_corpus.store.tables import Table

PAGES = (
    "fuyu-merge-2012.html", "big5-gate-fuyu-2012.html", "huichang-training-2018.html", "litong-pages.zip",
    "luxi-report-2026.docx", "ningxia-traditional-2015.html", "several-documents.txt", "thin-tag.html",
)  # fmt: skip
"""A copy, a zip, a docx, traditional characters, a page of several documents, one without a text."""


def make(folder: Path) -> Corpus:
    """A built and indexed corpus in ``folder/corpus``; its pages lie in ``folder/pages``."""
    (folder / "pages").mkdir(parents=True)
    for name in PAGES:
        shutil.copy(sample_corpus_dir() / "pages" / name, folder / "pages")
    init_corpus(folder / "corpus")
    corpus = open_corpus(folder / "corpus")
    corpus.add([folder / "pages"])
    corpus.build(workers=1)
    corpus.search("教师", limit=1)
    return corpus


def store_of(folder: Path) -> Store:
    """The store, open for writing."""
    return Store.open(folder / "tables")


def change(folder: Path, table: Table[Any], **values: Any) -> str:
    """Give one row of a table other values; returns the first part of its key."""
    with store_of(folder) as store:
        record = next(store.records(table, order_by=table.key))
        store.upsert(table, [replace(record, **values)])
    return str(getattr(record, table.key[0]))


def first(folder: Path, table: Table[Any], **where: Any) -> Any:
    """The first record of a table."""
    with Store.open(folder / "tables", read_only=True) as store:
        return next(store.records(table, where or None, order_by=table.key))


def everything(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """All that is exported of a corpus."""
    corpus = open_corpus(folder)
    tables = ("documents", "passages", "mentions", "measures", "issues", "captures")
    return {table: list(corpus.rows(table)) for table in tables}
