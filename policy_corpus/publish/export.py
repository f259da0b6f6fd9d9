"""Tables into files: JSON lines, csv for Excel, xlsx, Parquet."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from policy_corpus.errors import PolicyCorpusError
from policy_corpus.publish.columns import Column, Row, flat, rounded, schema
from policy_corpus.publish.whole_file import whole_file

FORMATS = ("jsonl", "csv", "xlsx", "parquet")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet run a cell; some read the full-width ones too (OWASP, CSV injection)."""
CELL_LIMIT = 32_767
"""UTF-16 units an xlsx cell can hold (Excel's own limit)."""
_NOT_IN_A_CELL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_LINE_END = re.compile("\r\n?")
SHEET_LIMIT = 1_048_575
"""Data rows an xlsx sheet can hold beside its header."""
CUT = "…〔单元格已满，全文见 jsonl〕"
PARQUET_BATCH = 4096
CREATED = datetime(2000, 1, 1)
"""What a workbook says of its time: the same rows give the same bytes, whenever they are written."""

Sheet = tuple[str, Sequence[str], Sequence[Sequence[Any]], Sequence[int]]
"""A further sheet: name, headers, rows, column widths."""


def write_table(
    rows: Iterable[Row],
    columns: Sequence[Column],
    format_name: str,
    out: Path,
    *,
    sheet_name: str = "数据",
    extra_sheets: Sequence[Sheet] = (),
) -> int:
    """Write rows to ``out`` by way of a neighbour file, so that a broken run leaves no half file.

    Returns the number of rows. Raises :class:`PolicyCorpusError` for an unknown format, or a table
    too long for an xlsx sheet.
    """
    if format_name not in FORMATS:
        raise PolicyCorpusError(f"unknown format {format_name}", None, f"use one of {', '.join(FORMATS)}")
    clean = ({c.name: rounded(row.get(c.name)) for c in columns} for row in rows)
    try:
        with whole_file(out) as partial:
            if format_name == "jsonl":
                with partial.open("w", encoding="utf-8", newline="\n") as stream:
                    return write_jsonl(clean, stream)
            if format_name == "csv":
                with partial.open("w", encoding="utf-8-sig", newline="") as stream:
                    return write_csv(clean, columns, stream)
            if format_name == "xlsx":
                return _write_xlsx(clean, columns, partial, sheet_name, extra_sheets)
            return _write_parquet(clean, columns, partial)
    except OSError as error:
        raise PolicyCorpusError(
            f"cannot write this file: {error.strerror or error}",
            str(out),
            "check the path, the rights to it and the free space",
        ) from error


def write_jsonl(rows: Iterable[Row], stream: IO[str]) -> int:
    """One JSON object a line; nested values stay nested. Values are as :func:`rounded` gives them."""
    count = 0
    for row in rows:
        stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def write_csv(rows: Iterable[Row], columns: Sequence[Column], stream: IO[str]) -> int:
    """Comma-separated with the field names as header; cells that a spreadsheet would run get a ``'``."""
    writer = csv.writer(stream)
    writer.writerow([c.name for c in columns])
    count = 0
    for row in rows:
        writer.writerow([_harmless(flat(c, row)) for c in columns])
        count += 1
    return count


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def _write_xlsx(
    rows: Iterable[Row], columns: Sequence[Column], path: Path, sheet_name: str, extra: Sequence[Sheet]
) -> int:
    from xlsxwriter.exceptions import FileCreateError

    packed = io.BytesIO()  # a file that finds no space is left open by the library, its own ones left behind
    try:
        with TemporaryDirectory() as own:
            count = _pack_xlsx(rows, columns, packed, own, sheet_name, extra)
    except FileCreateError as error:
        raise OSError(*getattr(error.args[0], "args", error.args)) from error
    path.write_bytes(packed.getbuffer())
    return count


def _pack_xlsx(
    rows: Iterable[Row],
    columns: Sequence[Column],
    packed: io.BytesIO,
    own: str,
    sheet_name: str,
    extra: Sequence[Sheet],
) -> int:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(packed, {**options, "tmpdir": own}) as book:
        book.set_properties({"created": CREATED})
        header = book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "valign": "vcenter"})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        cells = ([flat(c, row, in_words=True) for c in columns] for row in rows)
        headers = [c.label for c in columns]
        count = _fill(
            book.add_worksheet(sheet_name), headers, cells, [c.width for c in columns], header, text, quoted
        )
        for name, labels, lines, widths in extra:
            _fill(book.add_worksheet(name), labels, lines, widths, header, text, quoted)
    return count


def _fill(
    sheet: Any,
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    widths: Sequence[int],
    header: Any,
    text: Any,
    quoted: Any,
) -> int:
    sheet.freeze_panes(1, 0)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    sheet.set_row(0, 20)
    for index, label in enumerate(headers):
        sheet.write_string(0, index, label, header)
    count = 0
    for row in rows:
        count += 1
        if count > SHEET_LIMIT:
            raise PolicyCorpusError(
                f"more than {SHEET_LIMIT} rows do not fit an xlsx sheet", None, "export as csv or parquet"
            )
        for index, value in enumerate(row):
            write_cell(sheet, count, index, value, text, quoted)
    sheet.autofilter(0, 0, max(count, 1), len(headers) - 1)
    return count


def write_cell(sheet: Any, row: int, column: int, value: Any, text: Any, quoted: Any) -> None:
    """One cell of an xlsx sheet; no text is ever run as a formula, whatever it begins with."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", text)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, text)
    else:
        cell = cell_text(str(value))
        sheet.write_string(row, column, cell, quoted if cell.startswith(FORMULA_STARTS) else text)


def cell_text(text: str) -> str:
    """A text as an xlsx cell can hold it: cut where it is too long, without characters that XML has no place for."""
    text = _NOT_IN_A_CELL.sub("", _LINE_END.sub("\n", text))
    if 2 * len(text) <= CELL_LIMIT:
        return text
    units = text.encode("utf-16-le", "replace")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    return units[: 2 * (CELL_LIMIT - len(CUT))].decode("utf-16-le", "ignore") + CUT


def _write_parquet(rows: Iterable[Row], columns: Sequence[Column], path: Path) -> int:
    count = 0
    layout = schema(columns)
    with pq.ParquetWriter(path, layout, compression="zstd") as writer:
        for batch in batched(rows, PARQUET_BATCH):
            writer.write_table(pa.Table.from_pylist([dict(row) for row in batch], layout))
            count += len(batch)
    return count


def batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Rows in lists of ``size``, the last one shorter."""
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
