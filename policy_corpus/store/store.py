"""The store of a corpus: LanceDB tables behind a few verbs.

Every write is one atomic commit of one table: after ``kill -9`` a table holds all of a batch or
none of it. A stage writes its rows first and its :class:`~policy_corpus.store.tables.State` last;
what was cut short is then simply done again with the same ids.

LanceDB runs threads and must not be forked: start workers with ``spawn`` and write from one process.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import pyarrow as pa  # type: ignore[import-untyped]

from policy_corpus.errors import CorpusError
from policy_corpus.store.conditions import Where, condition, in_parts
from policy_corpus.store.format import FORMAT_FILE, check_format, foreign, mark_format
from policy_corpus.store.lance import give_back_memory, lancedb, return_large_blocks
from policy_corpus.store.lock import Lock, lock
from policy_corpus.store.owners import Owners, meets_nothing
from policy_corpus.store.tables import ALL_TABLES, Table, from_rows, plain_rows, schema_of, to_table
from policy_corpus.store.troubles import telling, told

COMMITS_BEFORE_COMPACTION = 256
"""Each commit leaves a fragment and a version. Measured on 600,000 passages: 3,000 rows replaced in
0.15 s after compaction, 0.19 s with 180 fragments; compaction itself takes 3 s."""
SCATTERED_ROWS, SCATTERED_FRAGMENTS = 0.1, 32
"""Rows beside the largest fragment and deleted ones, as a share of all, or fragments: from there on a table is
joined before and after a stage. That writes it whole, so a build that changed 1 % leaves it to a later one."""
VERSIONS_KEPT = timedelta(hours=1)
"""A reader that opened a table longer ago than this may lose it to cleaning."""
ROW_PLACE = "_rowid"
"""LanceDB's name for where a row lies."""

R = TypeVar("R")


class Store:
    """A folder of tables. Open it with :meth:`open`; it is a context manager."""

    def __init__(self, folder: Path, held: Lock | None) -> None:
        self.folder = folder
        self._lock = held
        self.database = lancedb().connect(str(folder))
        self._tables: dict[str, Any] = {}
        self._commits: dict[str, int] = {}
        self._owners = Owners(lambda table: self.keys(table, table.parent))

    @classmethod
    def open(cls, path: Path, create: bool = False, read_only: bool = False, wait: float = 0.0) -> "Store":
        """Open the store in a folder, for writing unless ``read_only``.

        Parameters
        ----------
        path : Path
            Folder of the tables.
        create : bool
            Make the store where there is none.
        read_only : bool
            Take no lock; writing is refused.
        wait : float
            Seconds to wait for another writer.

        Raises
        ------
        CorpusError
            No store there, one of another version, or another process is writing it.
        """
        if create and not read_only:
            path.mkdir(parents=True, exist_ok=True)
        if not (create or (path / FORMAT_FILE).is_file()):
            raise CorpusError("this corpus has no tables yet", str(path), "add pages to it first")
        check_format(path)
        if read_only:
            return cls(path, None)
        held = lock(path, wait)
        return_large_blocks()
        try:
            store = cls(path, held)
            store._prepare()
        except BaseException:
            held.release()
            raise
        return store

    def close(self) -> None:
        """Free the tables and the write lock."""
        self._tables.clear()
        if self._lock:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @telling
    def upsert(self, table: Table[R], records: Iterable[R]) -> int:
        """Insert records; a row with the same key is replaced. One commit.

        Returns
        -------
        int
            Rows written. Of two records with one key the later is kept.
        """
        rows = _last_of_each(table, records)
        if rows:
            target = self._writable(table)
            owned = table.parent in table.key
            if owned and self._owners.none_of(table, [getattr(row, str(table.parent)) for row in rows]):
                add = target.add
            else:
                merge = target.merge_insert(list(table.key))
                add = merge.when_matched_update_all().when_not_matched_insert_all().execute
            self._owners.add(table, rows)
            add(to_table(table, rows))
            self._count_commit(table)
        return len(rows)

    @telling
    def append(self, table: Table[R], records: Iterable[R]) -> int:
        """Add records whose keys are known to be new; a tenth of the cost of :meth:`upsert`. One commit."""
        rows = list(records)
        if rows:
            self._owners.add(table, rows)
            self._writable(table).add(to_table(table, rows))
            self._count_commit(table)
        return len(rows)

    @telling
    def replace_children(self, table: Table[R], parents: Collection[str], records: Iterable[R]) -> int:
        """Make ``records`` all the rows that ``table.parent`` in ``parents`` has. One commit.

        Rows of these parents that are not in ``records`` are deleted; rows of other parents stay.

        Raises
        ------
        ValueError
            The table has no parent column, or a record belongs to a parent that was not named.
        """
        if table.parent is None:
            raise ValueError(f"rows of {table.name} have no parent")
        rows = _last_of_each(table, records)
        strangers = {getattr(row, table.parent) for row in rows} - set(parents)
        if strangers:
            raise ValueError(f"{table.name}: rows of parents that were not named: {sorted(strangers)[:3]}")
        if not parents:
            return 0
        target = self._writable(table)
        # Most parents are new in a first build, and appending costs a tenth of merging.
        old = {table.parent: parents}
        new = self._owners.none_of(table, parents) or not target.count_rows(condition(old))
        self._owners.add(table, rows)
        if new:
            if rows:
                target.add(to_table(table, rows))
        elif rows:
            merge = target.merge_insert(list(table.key))
            merge = merge.when_matched_update_all().when_not_matched_insert_all()
            merge.when_not_matched_by_source_delete(condition(old)).execute(to_table(table, rows))
        else:
            target.delete(condition(old))
        self._count_commit(table)
        return len(rows)

    @telling
    def delete(self, table: Table[Any], where: Where) -> int:
        """Delete the rows that meet all conditions; returns how many there were.

        Raises
        ------
        ValueError
            No condition was given.
        """
        if not where:
            raise ValueError("a deletion needs a condition")
        target = self._writable(table)
        deleted = 0
        for part in in_parts(self._owners.narrow(table, where) or {}):
            if meets_nothing(part):
                continue
            old = condition(part)
            if found := int(target.count_rows(old)):  # a commit that changes nothing costs as much
                target.delete(old)
                self._count_commit(table)
                deleted += found
        return deleted

    def scan(
        self,
        table: Table[Any],
        columns: Sequence[str] | None = None,
        where: Where | None = None,
        batch_rows: int = 1000,
        order_by: Sequence[str] = (),
    ) -> Iterator[pa.RecordBatch]:
        """Rows as Arrow batches of at most ``batch_rows``, one batch in memory at a time.

        What is read is the table as it was when the reading began.

        Parameters
        ----------
        columns : sequence of str, optional
            Columns to read, all by default.
        order_by : sequence of str
            Columns to sort by, ascending, unknown values last. Without it the order is that of writing
            and changes when rows are replaced.
        """
        target = self._open_table(table)
        if target is None:
            return
        self._check_columns(table, target, [*(columns or ()), *(where or ()), *order_by])
        where = self._owners.narrow(table, where)
        if meets_nothing(where):
            return
        with told(self.folder):
            if order_by:
                yield from self._scan_sorted(table, columns, where, batch_rows, order_by)
                return
            query = _query(target, where)
            yield from (query if columns is None else query.select(list(columns))).to_batches(batch_rows)

    def _check_columns(self, table: Table[Any], target: Any, names: Iterable[str]) -> None:
        if missing := sorted(set(names) - set(target.schema.names)):
            raise CorpusError(
                f"the tables were written by an older version of policy-corpus: {table.name} lacks {missing[0]}",
                str(self.folder),
                "bring them up to date with: policy-corpus build DIR",
            )

    def _scan_sorted(
        self,
        table: Table[Any],
        columns: Sequence[str] | None,
        where: Where | None,
        batch_rows: int,
        order_by: Sequence[str],
    ) -> Iterator[pa.RecordBatch]:
        """Sort the keys alone, then fetch rows by their place.

        LanceDB's own sort holds whole rows: 300,000 passages took 400 MB more than unsorted, this 80 MB.
        """
        import pyarrow.compute as pc

        snapshot = self.database.open_table(table.name)  # places hold for one version only
        keys = _query(snapshot, where).select(list(order_by)).with_row_id(True).to_arrow()
        order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in order_by])
        places = keys.column(ROW_PLACE).take(order).combine_chunks()
        wanted = list(snapshot.schema.names if columns is None else columns)
        for start in range(0, len(places), batch_rows):
            part = places.slice(start, batch_rows)
            rows = snapshot.take_row_ids(part.to_pylist()).select(wanted).with_row_id().to_arrow()
            rows = rows.take(pc.index_in(part, rows.column(ROW_PLACE).combine_chunks()))
            yield from rows.select(wanted).combine_chunks().to_batches()

    def records(
        self,
        table: Table[R],
        where: Where | None = None,
        order_by: Sequence[str] = (),
        batch_rows: int = 1000,
    ) -> Iterator[R]:
        """Rows as records, read in batches."""
        for batch in self.scan(table, None, where, batch_rows, order_by):
            yield from from_rows(table, batch)

    def rows(
        self, table: Table[Any], where: Where | None = None, order_by: Sequence[str] = ()
    ) -> Iterator[dict[str, Any]]:
        """Rows as plain values, see :func:`policy_corpus.store.tables.plain_rows`, read in batches."""
        for batch in self.scan(table, None, where, order_by=order_by):
            yield from plain_rows(table, batch)

    def get(self, table: Table[R], *key: str) -> R | None:
        """The record with this key (as many parts as ``table.key`` has), or None."""
        where = dict(zip(table.key, key, strict=True))
        return next(self.records(table, where), None)

    @telling
    def count(self, table: Table[Any], where: Where | None = None) -> int:
        """Number of rows that meet all conditions."""
        target = self._open_table(table)
        return 0 if target is None else int(target.count_rows(condition(where) if where else None))

    def keys(self, table: Table[Any], column: str | None = None, where: Where | None = None) -> set[str]:
        """Distinct values of one column, by default the (first) key column."""
        name = column or table.key[0]
        found: set[str] = set()
        for batch in self.scan(table, [name], where, batch_rows=65536):
            found.update(batch.column(name).unique().to_pylist())
        return found

    def compact(self, keep: timedelta = VERSIONS_KEPT) -> None:
        """Join small fragments and drop versions older than ``keep``, in tables of which enough was written.

        Worth it before and after a stage of a build, not within: to find 16 rows in 196 fragments takes seven times
        as long as in one.
        """
        for table in ALL_TABLES:
            if self._is_scattered(table):
                self._compact(table, keep)

    @telling
    def _is_scattered(self, table: Table[Any]) -> bool:
        target = self._writable(table)
        rows, parts = target.count_rows(), target.stats()["fragment_stats"]
        fragments, sizes = parts["num_fragments"], parts["lengths"]  # deleted rows count there
        beside = sizes["mean"] * fragments - min(rows, sizes["max"])
        return bool(beside > SCATTERED_ROWS * rows or fragments >= SCATTERED_FRAGMENTS)

    @telling
    def _compact(self, table: Table[Any], keep: timedelta) -> None:
        self._writable(table).optimize(cleanup_older_than=keep)
        give_back_memory()
        self._commits[table.name] = 0

    def _count_commit(self, table: Table[Any]) -> None:
        self._commits[table.name] = self._commits.get(table.name, 0) + 1
        if self._commits[table.name] >= COMMITS_BEFORE_COMPACTION:
            self._compact(table, VERSIONS_KEPT)

    @telling
    def _open_table(self, table: Table[Any]) -> Any:
        if table.name not in self._tables:
            if not (self.folder / f"{table.name}.lance").is_dir():
                return None
            try:
                self._tables[table.name] = self.database.open_table(table.name)
            except ValueError as error:
                if "was not found" not in str(error) or any(
                    (self.folder / f"{table.name}.lance/data").glob("*")
                ):
                    raise
                # Whoever made the folder was killed, or found no space, before the table was there.
                return None
        return self._tables[table.name]

    def must_write(self) -> None:
        """Refuse to go on in a store that was opened for reading."""
        if self._lock is None:
            raise CorpusError("this store is not open for writing", str(self.folder))

    def _writable(self, table: Table[Any]) -> Any:
        self.must_write()
        return self._open_table(table)

    @telling
    def _prepare(self) -> None:
        """Make tables and columns that are not there yet; the format file comes last."""
        for table in ALL_TABLES:
            target = self._open_table(table)
            if target is None:
                self.database.create_table(table.name, schema=schema_of(table))
            else:
                self._add_missing_columns(table, target)
        mark_format(self.folder)

    def _add_missing_columns(self, table: Table[Any], target: Any) -> None:
        wanted, found = schema_of(table), target.schema
        for name in found.names:
            if name not in wanted.names or found.field(name).type != wanted.field(name).type:
                raise foreign(self.folder, f"column {table.name}.{name} is not known here")
        missing = [wanted.field(name) for name in wanted.names if name not in found.names]
        if missing:
            target.add_columns(pa.schema(missing))


def _query(target: Any, where: Where | None) -> Any:
    query = target.search()
    return query.where(condition(where)) if where else query


def _last_of_each(table: Table[R], records: Iterable[R]) -> list[R]:
    return list({tuple(getattr(row, name) for name in table.key): row for row in records}.values())
