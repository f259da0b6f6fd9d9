"""What ids stand for, read by whoever works on it: this process, or a node of a cluster.

Each call reads the tables as they are at that moment, beside the one process that writes them. A table that stayed
open in a worker would show a version that the writer's compaction may have removed.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from policy_corpus.records import Capture, Document
from policy_corpus.store.store import Store
from policy_corpus.store.tables import CAPTURES, DOCUMENTS

DOCUMENTS_AT_ONCE = 16


def read_units(tables: Path, units: Sequence[Sequence[str]]) -> list[list[Capture]]:
    """Captures of each unit by their ids."""
    wanted = {key for ids in units for key in ids}
    with Store.open(tables, read_only=True) as store:
        captures = {c.capture_id: c for c in store.records(CAPTURES, {"capture_id": wanted})}
    return [[captures[key] for key in ids] for ids in units]


def read_documents(tables: Path, ids: Sequence[str]) -> Iterator[Document]:
    """Documents by their ids, which come sorted; few texts are held at a time."""
    with Store.open(tables, read_only=True) as store:
        yield from store.records(DOCUMENTS, {"document_id": ids}, ["document_id"], DOCUMENTS_AT_ONCE)
