"""The search index: one row a passage with its terms, its vector and what filters ask for.

Full text is LanceDB's BM25 over terms that come ready made, separated by blanks: its own tokenisers find no
two-character words. Vectors are searched exactly up to :data:`EXACT_ROWS` rows, beyond by IVF with 8-bit values.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from policy_corpus.store.conditions import literal
from policy_corpus.store.files import remove_folder, write_whole
from policy_corpus.store.parts import in_parts
from policy_corpus.store.store import Store
from policy_corpus.store.troubles import telling, told

TABLE = "search"
STATE_FILE = "search.json"
EXACT_ROWS = 100_000
"""Rows up to which every vector is compared (own judgement: 47,000 sentences are searched whole in under 0.1 s)."""
ROWS_A_PARTITION = 4096
"""LanceDB's own advice for IVF."""
TOO_ALIKE = "non-empty clusters"
"""What LanceDB says of vectors that fall into fewer clusters than asked for."""
PROBES = 24
"""Partitions searched; where a filter leaves too few rows there, all rows that meet it are compared. Searching more
and more partitions instead (LanceDB's minimum and maximum) took four times as long. Of the nearest 100 among a
million, 40 found .93, 20 found .86 in about the same time (results/search.txt)."""
REINDEX_SHARE = 0.3
"""With more new rows than this share the full-text index is made anew; below, the rows are added to it."""
PLACE = "_rowid"


def schema(dimensions: int) -> pa.Schema:
    """Columns of the index; ``vector`` is (dimensions,) half floats, null without an encoder.

    ``told`` holds in one JSON text all that ranking and hits read of a row: each column that is read costs a hit list
    3 ms at a million rows, however few rows are read.
    """
    strings = pa.list_(pa.string())
    return pa.schema([
        ("passage_id", pa.string()), ("document_id", pa.string()), ("ordinal", pa.int32()),
        ("start", pa.int32()), ("end", pa.int32()), ("form", pa.string()), ("terms", pa.string()),
        ("told", pa.string()),
        ("title_form", pa.string()), ("number_form", pa.string()), ("issuer", pa.string()),
        ("kind", pa.string()), ("year", pa.int32()), ("is_copy", pa.bool_()),
        ("region_code", pa.string()), ("region_name", pa.string()),
        ("codes", strings), ("named", strings), ("statuses", strings), ("carried", strings),
        ("vector", pa.list_(pa.float16(), dimensions)),
    ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Conditions on rows that must all hold; texts are in search form but for ``issuer`` and ``unit``."""

    regions: tuple[str, ...] = ()
    """First digits of region codes, one of which must fit."""
    unit: str | None = None
    """Name of a unit without a code of its own."""
    code: str | None = None
    named: tuple[str, ...] = ()
    """Codes of which one must be coded or named by a label."""
    status: str | None = None
    since: int | None = None
    until: int | None = None
    kind: str | None = None
    issuer: str | None = None
    copies: bool = True
    without: tuple[str, ...] = ()
    """Texts that must not stand in a passage."""
    exact: tuple[tuple[str, ...], ...] = ()
    """Of each group one text must stand in the passage, in the title or in the number of its document."""

    def sql(self) -> str:
        """The conditions in LanceDB's SQL; empty when there are none."""
        found = []
        if self.regions:
            ranges = [
                f"(region_code >= {literal(digits)} AND region_code < {literal(str(int(digits) + 1))})"
                for digits in self.regions
            ]
            found.append("(" + " OR ".join(ranges) + ")")
        if self.unit:
            found.append(f"contains(region_name, {literal(self.unit)})")
        if self.code or self.status:
            column = "carried" if self.code and self.status else "codes" if self.code else "statuses"
            value = ":".join(filter(None, (self.code, self.status)))
            found.append(f"array_has_any({column}, [{literal(value)}])")
        if self.named:
            found.append(f"array_has_any(named, [{', '.join(map(literal, self.named))}])")
        if self.since:
            found.append(f"year >= {self.since}")
        if self.until:
            found.append(f"year <= {self.until}")
        if self.kind:
            found.append(f"kind = {literal(self.kind)}")
        if self.issuer:
            found.append(f"contains(issuer, {literal(self.issuer)})")
        if not self.copies:
            found.append("is_copy = false")
        found += [f"NOT contains(form, {literal(text)})" for text in self.without]
        for group in self.exact:
            places = [
                f"contains({column}, {literal(text)})"
                for text in group
                for column in ("form", "title_form", "number_form")
            ]
            found.append("(" + " OR ".join(places) + ")")
        return " AND ".join(found)


@dataclass(frozen=True, slots=True)
class IndexState:
    """What the index was made from; kept in a file beside it, written after the rows."""

    version: int
    settings: str
    digests: dict[str, str]
    """Digest of what was indexed of each document."""
    stamp: str
    """Versions of the tables that these digests were compared with."""


class PassageIndex:
    """The index in a store. Reading needs no lock; :meth:`replace` and :meth:`finish` need a store open to write."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._table: Any = None

    @property
    def folder(self) -> Path:
        """The store's folder."""
        return self._store.folder

    @property
    def path(self) -> Path:
        """The table's folder."""
        return self._store.folder / f"{TABLE}.lance"

    def exists(self) -> bool:
        """Whether there is an index with a state that vouches for it."""
        return self.path.is_dir() and (self._store.folder / STATE_FILE).is_file()

    def state(self) -> IndexState | None:
        """What the index was made from; None where there is none."""
        if not self.exists():
            return None
        try:
            return IndexState(**json.loads((self._store.folder / STATE_FILE).read_text(encoding="utf-8")))
        except (ValueError, TypeError):
            return None

    def write_state(self, state: IndexState) -> None:
        """Vouch for the rows: written last, whole or not at all."""
        values = {name: getattr(state, name) for name in IndexState.__slots__}
        write_whole(self._store.folder / STATE_FILE, json.dumps(values, ensure_ascii=True).encode("ascii"))

    @telling
    def discard(self) -> None:
        """Take the index away, whatever state it is in."""
        self._store.must_write()
        (self._store.folder / STATE_FILE).unlink(missing_ok=True)
        if self.path.is_dir():
            remove_folder(self.path)
        self._table = None

    @telling
    def create(self, dimensions: int) -> None:
        """Start an empty index; an older one goes away."""
        self.discard()
        self._table = self._store.database.create_table(TABLE, schema=schema(dimensions))

    @telling
    def replace(self, document_ids: Collection[str], rows: pa.Table) -> None:
        """Make ``rows`` all that the index has of these documents."""
        self._store.must_write()
        table = self._open()
        for part in in_parts(sorted(document_ids)):
            old = f"document_id IN ({', '.join(map(literal, part))})"
            if table.count_rows(old):
                table.delete(old)
        if rows.num_rows:
            table.add(rows)

    @telling
    def finish(self, fresh_rows: int) -> None:
        """Bring full text, filters and vectors up to date after ``fresh_rows`` new rows."""
        from lancedb.index import FTS, Bitmap, BTree, LabelList

        self._store.must_write()
        table = self._open()
        total = table.count_rows()
        if not total:
            return
        made = {column for index in table.list_indices() for column in index.columns}
        if "terms" not in made or fresh_rows > REINDEX_SHARE * total:
            table.optimize()  # joined afterwards, rows move and each index is written twice
            config = FTS(
                base_tokenizer="whitespace",
                stem=False,
                remove_stop_words=False,
                ascii_folding=False,
                lower_case=False,
            )
            table.create_index("terms", config=config, replace=True)
            for column in ("codes", "named", "statuses", "carried"):
                table.create_index(column, config=LabelList(), replace=True)
            for column in ("year", "kind", "is_copy"):
                table.create_index(column, config=Bitmap(), replace=True)
            table.create_index("region_code", config=BTree(), replace=True)
            if total > EXACT_ROWS:
                _cluster_vectors(table, max(1, total // ROWS_A_PARTITION))
        table.optimize(cleanup_older_than=timedelta(minutes=10))

    @telling
    def count(self, where: RowFilter | None = None) -> int:
        """Rows that meet the conditions."""
        return int(self._open().count_rows(where.sql() or None if where else None))

    @telling
    def by_terms(self, terms: Sequence[str], where: str, limit: int) -> list[int]:
        """Places of the rows with the greatest BM25 over ``terms``, best first."""
        from lancedb.query import MatchQuery

        if not terms:
            return []
        wanted = MatchQuery(" ".join(terms), "terms")  # type: ignore[call-arg]
        query = self._open().search(wanted, query_type="fts")
        return self._places(query, where, limit, "_score")

    @telling
    def by_vector(self, vector: NDArray[np.float32], where: str, limit: int) -> list[int]:
        """Places of the rows with the greatest cosine, best first."""
        query = self._open().search(vector, vector_column_name="vector").distance_type("cosine")
        found = self._places(query.nprobes(PROBES), where, limit, "_distance")
        if len(found) < limit:  # few rows meet the conditions: compare all of them
            found = self._places(query.bypass_vector_index(), where, limit, "_distance")
        return found

    @telling
    def by_condition(self, where: str, limit: int) -> list[int]:
        """Places of rows that meet a condition, in no order."""
        return self._places(self._open().search(), where, limit)

    @telling
    def around(self, text: str, limit: int) -> list[int]:
        """Places of the sentences in which a text begins that runs from one sentence into the next."""
        documents = (
            self._store.database.open_table("documents").search().where(f"contains(body, {literal(text)})")
        )
        found: list[int] = []
        for row in documents.select(["document_id", "body"]).limit(limit).to_list():
            place = row["body"].find(text)
            where = f"document_id = {literal(row['document_id'])} AND `start` <= {place} AND `end` > {place}"
            found += self.by_condition(where, 1)
        return found

    @telling
    def rows(self, places: Sequence[int], columns: Sequence[str]) -> pa.Table:
        """Columns of the rows at these places, in their order."""
        import pyarrow.compute as pc

        found = self._open().take_row_ids(list(places)).select(list(columns)).with_row_id().to_arrow()
        order = pc.index_in(pa.array(places, pa.uint64()), found.column(PLACE).combine_chunks())
        return found.take(order).select(list(columns)).combine_chunks()

    def scan(self, columns: Sequence[str], where: str = "") -> Iterator[pa.RecordBatch]:
        """Columns of all rows, in batches."""
        with told(self.folder):
            query = self._open().search()
            yield from (query.where(where) if where else query).select(list(columns)).to_batches(8192)

    def _places(self, query: Any, where: str, limit: int, measured: str = "is_copy") -> list[int]:
        query = query.where(where) if where else query
        found = query.limit(limit).select([measured]).with_row_id(True).to_arrow()
        return [int(place) for place in found.column(PLACE).to_pylist()]

    @telling
    def _open(self) -> Any:
        if self._table is None:
            self._table = self._store.database.open_table(TABLE)
        return self._table


def _cluster_vectors(table: Any, partitions: int) -> None:
    """Index the vectors; where too many are the same for so many partitions, all are compared as in a small corpus."""
    from lancedb.index import IvfSq

    config = IvfSq(distance_type="cosine", num_partitions=partitions)
    try:
        table.create_index("vector", config=config, replace=True)
    except RuntimeError as error:
        if TOO_ALIKE not in str(error):
            raise
