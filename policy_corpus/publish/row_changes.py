"""Two exported files of one table, row by row: what came, what went, what changed."""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policy_corpus.errors import PolicyCorpusError
from policy_corpus.publish.columns import Column

EXAMPLES = 5
"""Rows shown of each kind of change."""
KEYS = {"regions": ("region_code", "region_name"), "visits": ("source_id", "url")}
"""Columns that name a row where the table has no id of its own."""
LONGEST_FIELD = 131_072 * 64
"""Characters of a csv cell that are read: a long document's text."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that is not as it was; ``values`` has (before, now) of each column that differs, as texts."""

    kind: str
    """``added``, ``gone`` or ``changed``."""
    key: str
    values: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowChanges:
    """How many rows of a table were added, are gone, changed, and the first of each."""

    added: int
    gone: int
    changed: int
    same: int
    columns_added: tuple[str, ...] = ()
    columns_gone: tuple[str, ...] = ()
    examples: tuple[RowChange, ...] = ()


def row_changes(
    before: Path, now: Path, table: str, format_name: str, columns: Sequence[Column]
) -> RowChanges:
    """Compare two files of one table and format; memory grows by some 200 bytes a row, not with their texts.

    Raises
    ------
    PolicyCorpusError
        A file cannot be read in this format.
    """
    old = {key: digest for key, digest, _ in _keyed(before, table, format_name, columns)}
    seen = len(old)
    examples: dict[str, dict[str, Mapping[str, Any]]] = {"added": {}, "changed": {}, "gone": {}}
    added = same = changed = 0
    for key, digest, row in _keyed(now, table, format_name, columns):
        known = old.pop(key, None)
        if known == digest:
            same += 1
            continue
        added += known is None
        changed += known is not None
        shown = examples["added" if known is None else "changed"]
        if len(shown) < EXAMPLES:
            shown[key] = row
    was, is_now = _names(before, format_name, columns), _names(now, format_name, columns)
    return RowChanges(
        added, len(old), seen - same - len(old), same,
        tuple(sorted(is_now - was)) if was else (), tuple(sorted(was - is_now)) if is_now else (),
        tuple(_examples(before, table, format_name, columns, examples, old)),
    )  # fmt: skip


def _examples(
    before: Path, table: str, format_name: str, columns: Sequence[Column],
    examples: Mapping[str, Mapping[str, Mapping[str, Any]]], gone: Mapping[str, bytes],
) -> Iterator[RowChange]:  # fmt: skip
    for key in examples["added"]:
        yield RowChange("added", key)
    left = EXAMPLES
    for key, _, row in _keyed(before, table, format_name, columns):
        if key in examples["changed"]:
            yield RowChange("changed", key, _unlike(row, examples["changed"][key]))
        elif key in gone and left:
            left -= 1
            yield RowChange("gone", key)


def _unlike(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    names = [*before, *(name for name in now if name not in before)]
    pairs = {name: (_text(before.get(name)), _text(now.get(name))) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _keyed(
    path: Path, table: str, format_name: str, columns: Sequence[Column]
) -> Iterator[tuple[str, bytes, Mapping[str, Any]]]:
    """Key, digest and values of each row; of rows with one key the second is named ``key (2)``."""
    met: Counter[str] = Counter()
    for row in _read(path, format_name, columns):
        text = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        key = _key(row, table, text)
        met[key] += 1
        yield key if met[key] == 1 else f"{key} ({met[key]})", digest, row


def _key(row: Mapping[str, Any], table: str, text: str) -> str:
    names = KEYS.get(table, (table.removesuffix("s") + "_id",))
    return " ".join(str(row[name] or "") for name in names) if all(n in row for n in names) else text


def _names(path: Path, format_name: str, columns: Sequence[Column]) -> set[str]:
    return set(next(_read(path, format_name, columns), {}))


def _read(path: Path, format_name: str, columns: Sequence[Column]) -> Iterator[dict[str, Any]]:
    try:
        yield from _READERS[format_name](path, columns)
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise PolicyCorpusError(
            f"this file cannot be read as {format_name}: {error}",
            str(path),
            "leave it out of the way; the comparison by digest needs no old file",
        ) from error


def _read_jsonl(path: Path, _: Sequence[Column]) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def _read_csv(path: Path, _: Sequence[Column]) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(LONGEST_FIELD)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def _read_parquet(path: Path, _: Sequence[Column]) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(1024):
            yield from batch.to_pylist()


def _read_xlsx(path: Path, columns: Sequence[Column]) -> Iterator[dict[str, Any]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()
    except CalamineError as error:
        raise ValueError(str(error)) from None
    names = {column.label: column.name for column in columns}
    header = [names.get(str(label), str(label)) for label in next(rows, [])]
    for row in rows:
        yield dict(zip(header, row, strict=False))


_READERS = {"jsonl": _read_jsonl, "csv": _read_csv, "parquet": _read_parquet, "xlsx": _read_xlsx}
