"""Whether tables can be read at all, found out by reading them; and the removal of one that cannot."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from policy_corpus.errors import CorpusError
from policy_corpus.store.lock import WriteLock
from policy_corpus.store.store import Store
from policy_corpus.store.tables import Table, schema_of

RUST_PANIC = "RustPanic"
"""What LanceDB's native code raises on some damaged files: a type that no module offers for import."""
_EXPECTED = (CorpusError, OSError, RuntimeError, ValueError, pa.ArrowException)
LONGEST_REASON = 160


def why_unreadable(store: Store, table: Table[Any], *, whole: bool) -> str | None:
    """Why a table cannot be read; None where it can.

    Parameters
    ----------
    whole
        Read every row, a batch at a time, not the number of rows alone.
    """
    return why_rows_unreadable(lambda: store.scan(table, batch_rows=4096), whole=whole) or _why(
        lambda: store.count(table)
    )


def why_rows_unreadable(rows: Callable[[], Iterator[pa.RecordBatch]], *, whole: bool) -> str | None:
    """As :func:`why_unreadable`, for any reading of rows; not ``whole`` reads the first batch alone."""

    def read() -> None:
        for batch in rows():
            batch.validate()
            if not whole:
                return

    return _why(read)


def _why(read: Callable[[], object]) -> str | None:
    try:
        read()
    except Exception as error:
        if not isinstance(error, _EXPECTED) and type(error).__name__ != RUST_PANIC:
            raise
        said = error.what if isinstance(error, CorpusError) else str(error)
        return said.partition(", /")[0][:LONGEST_REASON]
    return None


def exists(folder: Path, table: Table[Any]) -> bool:
    """Whether a store has this table; a folder with nothing in it was left by a process that was killed."""
    place = _place(folder, table)
    return any(any((place / part).glob("*")) for part in ("_versions", "data"))


def columns_of(store: Store, table: Table[Any]) -> tuple[set[str], set[str]]:
    """Columns that a table lacks, and columns that this version does not know."""
    wanted = set(schema_of(table).names)
    found = set(store.database.open_table(table.name).schema.names)
    return wanted - found, found - wanted


def remove_table(folder: Path, table: Table[Any]) -> None:
    """Take a table that cannot be read out of a store, so that it can be made anew.

    Raises
    ------
    CorpusError
        Another process is writing.
    """
    lock = WriteLock(folder)
    try:
        shutil.rmtree(_place(folder, table), ignore_errors=True)
    finally:
        lock.release()


def _place(folder: Path, table: Table[Any]) -> Path:
    return folder / f"{table.name}.lance"
