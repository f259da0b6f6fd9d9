"""How large a workbook is, before a reader makes room for it: one cell in a far corner asks for 17 billion."""

import io
import re
import zipfile

from policy_corpus.clean.blocks import FormatError
from policy_corpus.collect.sniff import OLE
from policy_corpus.collect.verify import DAMAGE

MOST_CELLS = 5_000_000
"""Cells between the first and the last of a sheet; the reader makes room for each, empty ones too. The largest
list of a county (all pupils by name) has some hundred thousand."""
LARGEST_PART, LARGEST_PACKAGE = 100_000_000, 200_000_000
"""Bytes that a part and all parts may unpack to."""

_CELL = re.compile(rb"<(?:\w{1,20}:)?(row|c)[\s/>]")
_NUMBERED = re.compile(rb"""\br\s{0,99}=\s{0,99}["']\s{0,9}([A-Za-z]{0,3})(\d{1,10})""")
_ODS_TAG = re.compile(rb"<(/?)table:(?:covered-)?table-(row|cell)\b([^<>]{0,2000})>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s{0,99}=\s{0,99}["'](\d{1,10})""")
_COLUMN = re.compile(rb"<table:table-column\b[^<>]{0,2000}number-columns-repeated")
_REPEATS = re.compile(rb"number-(?:rows|columns)-repeated")


def check_size(data: bytes) -> None:
    """Refuse a workbook in a zip that would take too much room; other workbooks are bound by their format.

    Every part is unpacked here once, because readers need not hold a part to the size that its package declares.

    Raises
    ------
    FormatError
        ``oversize`` or ``broken``.
    """
    # A zip may stand behind other bytes.
    if data.startswith(OLE) or not zipfile.is_zipfile(io.BytesIO(data)):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            sizes = [part.file_size for part in parts]
            if max(sizes, default=0) > LARGEST_PART or sum(sizes) > LARGEST_PACKAGE:
                raise FormatError("oversize", "the workbook unpacks to more than 200 MB")
            for part in parts:
                if part.filename.endswith(".bin") and "workbook" in part.filename:
                    raise FormatError("broken", "a binary workbook (.xlsb), which is not read")
                text = package.read(part)
                if part.filename.endswith(".xml"):
                    _check_extent(text.replace(b"\0", b"") if b"\0" in text else text)  # UTF-16 is XML, too
    except FormatError:
        raise
    except DAMAGE as error:
        raise FormatError("broken", f"the workbook cannot be unpacked: {error}") from None


def check_cells(rows: int, columns: int) -> None:
    """Raise FormatError for a sheet that is too large."""
    if rows * columns > MOST_CELLS:
        raise FormatError(
            "oversize", f"a sheet of {rows:,} rows and {columns:,} columns is too large to be read"
        )


def _check_extent(sheet: bytes) -> None:
    """The far corner of a sheet: what its places say, and what cells without a place add up to."""
    rows = cells = column = in_a_row = 0  # as they follow each other
    for match in _CELL.finditer(sheet):
        if match[1] == b"row":
            rows, column = rows + 1, 0
        else:
            cells, column = cells + 1, column + 1
            in_a_row = max(in_a_row, column)
    wide = long = placed_rows = placed_cells = 0  # as they say
    for match in _NUMBERED.finditer(sheet):
        column = 0
        for letter in match[1].upper():
            column = column * 26 + letter - 64
        placed_cells, placed_rows = placed_cells + bool(column), placed_rows + (not column)
        wide, long = max(wide, column), max(long, int(match[2]))
    check_cells(
        long + max(0, rows - placed_rows) if long else rows,
        wide + in_a_row if cells > placed_cells else wide,
    )
    if _REPEATS.search(sheet):
        _check_repeats(sheet)


def _check_repeats(sheet: bytes) -> None:
    """OpenDocument: a cell or row stands for many; empty ones at the end of a row or sheet take no room."""
    wide = long = cells = empty_cells = empty_rows = times = seen = 0
    for closing, kind, attributes in _ODS_TAG.findall(sheet):
        numbers = _REPEATED.findall(attributes)
        seen += len(numbers)
        repeats = int(numbers[0]) if numbers else 1
        if kind == b"row":
            if closing:
                empty_rows, long = (0, long + empty_rows + times) if cells else (empty_rows + times, long)
                wide = max(wide, cells)
            cells, empty_cells, times = 0, 0, 0 if closing else repeats
        elif not closing and attributes.endswith(b"/") and b"value" not in attributes:
            empty_cells += repeats
        elif not closing:
            cells, empty_cells = cells + empty_cells + repeats, 0
    columns = len(_COLUMN.findall(sheet))
    if seen + columns < len(_REPEATS.findall(sheet)):
        raise FormatError("broken", "repeated cells that cannot be counted")
    check_cells(long, wide)
