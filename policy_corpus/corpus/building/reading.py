"""What a batch of ids stands for, read by whoever works on it: this process, or a node of a cluster.

Each batch reads the tables as they are at that moment, beside the one process that writes them. A table that stayed
open in a worker would show a version that the writer's compaction may have removed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from policy_corpus.records import Capture, Document
from policy_corpus.store.store import Store
from policy_corpus.store.tables import CAPTURES, DOCUMENTS, Table

T = TypeVar("T")


def read_units(tables: Path, units: Sequence[Sequence[str]]) -> list[list[Capture]]:
    """Captures of each unit by their ids."""
    with Store.open(tables, read_only=True) as store:
        captures = {
            c.capture_id: c for c in _with_ids(store, CAPTURES, [key for ids in units for key in ids])
        }
    return [[captures[key] for key in ids] for ids in units]


def read_documents(tables: Path, ids: Sequence[str]) -> list[Document]:
    """Documents by their ids, in the order of these."""
    with Store.open(tables, read_only=True) as store:
        return _with_ids(store, DOCUMENTS, ids)


def _with_ids(store: Store, table: Table[T], ids: Sequence[str]) -> list[T]:
    return list(store.records(table, {table.key[0]: ids}, order_by=table.key))
