"""Tables made from the records: Arrow schemas, records to rows and back.

A column stands for each field of the record, in order, under the same name. Nested records become
lists of structs; an :class:`OffsetMap` becomes bytes (little-endian int32 triples), because a long
page has thousands of runs and they are only ever read together.
"""

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Generic, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from policy_corpus.records import Capture, Document, Issue, Measure, Mention, OffsetMap, Passage

R = TypeVar("R")
SCALARS = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), bytes: pa.binary()}


@dataclass(frozen=True, slots=True)
class State:
    """What a stage has finished: ``key`` (a capture or document id) is current when ``made_by`` is.

    Written after the rows it speaks of, so a row without its state is remade, never believed.
    ``digest`` may name the input the stage read, for stages whose input can change under one key.
    """

    stage: str
    key: str
    made_by: str
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Vector:
    """The vector of a text by one encoder: little-endian half floats. It outlives the passages it was made for."""

    encoder: str
    """Fingerprint of the encoder, see :func:`policy_corpus.corpus.coding.encoders.fingerprint`."""
    text_hash: str
    values: bytes


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """A table of one record type: its name, the columns that name a row, the column of its owner."""

    name: str
    record: type[R]
    key: tuple[str, ...]
    parent: str | None = None


CAPTURES = Table("captures", Capture, ("capture_id",))
DOCUMENTS = Table("documents", Document, ("document_id",), "capture_id")
PASSAGES = Table("passages", Passage, ("passage_id",), "document_id")
MENTIONS = Table("mentions", Mention, ("mention_id",), "document_id")
MEASURES = Table("measures", Measure, ("measure_id",), "document_id")
ISSUES = Table("issues", Issue, ("issue_id",), "source")
STATES = Table("states", State, ("stage", "key"), "key")
VECTORS = Table("vectors", Vector, ("encoder", "text_hash"))

ALL_TABLES: tuple[Table[Any], ...] = (
    CAPTURES, DOCUMENTS, PASSAGES, MENTIONS, MEASURES, ISSUES, STATES, VECTORS,
)  # fmt: skip
TABLES: dict[str, Table[Any]] = {table.name: table for table in ALL_TABLES}


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    arrow: pa.DataType
    encode: Callable[[Any], Any] | None
    decode: Callable[[Any], Any] | None
    default: Any
    nullable: bool


def schema_of(table: Table[Any]) -> pa.Schema:
    """Arrow schema of a table; every column is nullable so that fields can be added later."""
    return pa.schema([(column.name, column.arrow) for column in _table_columns(table)])


def to_table(table: Table[R], records: Iterable[R]) -> pa.Table:
    """Records as an Arrow table, one row each, in their order."""
    rows = list(records)
    arrays = []
    for column in _table_columns(table):
        values = [getattr(row, column.name) for row in rows]
        if column.encode:
            values = [None if value is None else column.encode(value) for value in values]
        arrays.append(pa.array(values, type=column.arrow))
    return pa.Table.from_arrays(arrays, schema=schema_of(table))


def from_rows(table: Table[R], rows: pa.RecordBatch | pa.Table) -> Iterator[R]:
    """Records from a batch that holds all columns; a column it lacks takes the field's default.

    Raises
    ------
    KeyError
        A field without a default has no column in ``rows``.
    """
    for row in _by_row(table, rows, _decoded):
        yield table.record(*row)


def plain_rows(table: Table[Any], rows: pa.RecordBatch | pa.Table) -> Iterator[dict[str, Any]]:
    """The same as plain values by the name of the field: nested records are dicts, tuples lists, offset maps bytes.

    Half of an export's time went into records that were made plain again.
    """
    names = [column.name for column in _table_columns(table)]
    for row in _by_row(table, rows, _or_default):
        yield dict(zip(names, row, strict=True))


def _by_row(
    table: Table[Any], rows: pa.RecordBatch | pa.Table, read: Callable[[_Column, Any], Any]
) -> Iterator[tuple[Any, ...]]:
    values = []
    for column in _table_columns(table):
        if column.name in rows.schema.names:
            values.append([read(column, value) for value in rows.column(column.name).to_pylist()])
        elif column.default is MISSING:
            raise KeyError(f"{table.name}.{column.name}")
        else:
            values.append([read(column, None)] * rows.num_rows)
    return zip(*values, strict=True)


def _or_default(column: _Column, value: Any) -> Any:
    if value is not None or column.nullable or column.default is MISSING:
        return value
    return list(column.default) if isinstance(column.default, tuple) else column.default


def encode_runs(offsets: OffsetMap) -> bytes:
    """Runs as little-endian int32 triples, 12 bytes a run."""
    return np.asarray(offsets.runs, dtype="<i4").tobytes()


def decode_runs(data: bytes) -> OffsetMap:
    """The runs that :func:`encode_runs` wrote."""
    triples = np.frombuffer(data, dtype="<i4").reshape(-1, 3).tolist()
    return OffsetMap(tuple((made, source, length) for made, source, length in triples))


def _decoded(column: _Column, value: Any) -> Any:
    if value is None:
        return None if column.nullable or column.default is MISSING else column.default
    return column.decode(value) if column.decode else value


def _table_columns(table: Table[Any]) -> tuple[_Column, ...]:
    record: Any = table.record
    return _columns(record)


@cache
def _columns(record: Any) -> tuple[_Column, ...]:
    hints = get_type_hints(record)
    columns = []
    for item in fields(record):
        hint, nullable = _without_none(hints[item.name])
        arrow, encode, decode = _codec(hint)
        default = item.default_factory() if item.default_factory is not MISSING else item.default
        columns.append(_Column(item.name, arrow, encode, decode, default, nullable))
    return tuple(columns)


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in (Union, types.UnionType):
        rest = [part for part in get_args(hint) if part is not type(None)]
        if len(rest) == 1:
            return rest[0], True
        raise TypeError(f"a column holds one type, not {hint}")
    return hint, False


def _codec(hint: Any) -> tuple[pa.DataType, Callable[[Any], Any] | None, Callable[[Any], Any] | None]:
    if hint in SCALARS:
        return SCALARS[hint], None, None
    if get_origin(hint) is Literal:
        return pa.string(), None, None
    if hint is OffsetMap:
        return pa.binary(), encode_runs, decode_runs
    if is_dataclass(hint) and isinstance(hint, type):
        return _struct(hint)
    if get_origin(hint) is tuple and get_args(hint)[1:] == (...,):
        return _list(get_args(hint)[0])
    raise TypeError(f"no column type for {hint}")


def _struct(record: Any) -> tuple[pa.DataType, Callable[[Any], Any], Callable[[Any], Any]]:
    columns = _columns(record)
    arrow = pa.struct([(column.name, column.arrow) for column in columns])

    def decode(row: Mapping[str, Any]) -> Any:
        known = {column.name: _decoded(column, row[column.name]) for column in columns if column.name in row}
        return record(**known)

    return arrow, asdict, decode


def _list(inner: Any) -> tuple[pa.DataType, Callable[[Any], Any], Callable[[Any], Any]]:
    arrow, encode, decode = _codec(inner)
    if encode is None or decode is None:
        return pa.list_(arrow), list, tuple
    return (
        pa.list_(arrow),
        lambda values: [encode(value) for value in values],
        lambda values: tuple(decode(value) for value in values),
    )
