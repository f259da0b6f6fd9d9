"""How large a workbook is, before a reader makes room for it: one cell in a far corner asks for 17 billion."""

import io
import re
import zipfile
from collections.abc import Iterator

from policy_corpus.clean.blocks import FormatError
from policy_corpus.collect.sniff import OLE
from policy_corpus.collect.verify import DAMAGE

MOST_CELLS = 5_000_000
"""Cells between the first and the last of a sheet; the reader makes room for each, empty ones too. The largest
list of a county (all pupils by name) has some hundred thousand."""
LARGEST_PART, LARGEST_PACKAGE = 100_000_000, 200_000_000
"""Bytes that a part and all parts may unpack to."""
PIECE = 4_000_000
"""Bytes of a sheet that are searched at once."""

_END_OF_PACKAGE = b"PK\5\6"
_CELL = re.compile(rb"<(?:\w{1,20}:)?(row|c)[\s/>]")
_NUMBERED = re.compile(rb"""r(?<!\wr)\s{0,99}=\s{0,99}["']\s{0,9}([A-Za-z]{0,3})(\d{1,10})""")
_ODS_TAG = re.compile(rb"<(/?)table:(?:covered-)?table-(row|cell)\b([^<>]{0,2000})>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s{0,99}=\s{0,99}["'](\d{1,10})""")
_COLUMN = re.compile(rb"<table:table-column\b[^<>]{0,2000}number-columns-repeated")
_HOLD_ROWS = (b"sheetData", b"table:table")
"""Tags within which readers look for rows; other parts (pictures, texts) are not searched."""
_REPEATS = re.compile(rb"number-(?:rows|columns)-repeated")


def checked(data: bytes) -> io.BytesIO:
    """The workbook as the reader is to have it: what was looked at here and nothing else.

    A package is packed anew: of a zip with two directories Python believes one and the reader another, and no reader
    need hold a part to the size that a directory declares. What begins as a workbook of former
    times (xls) is bound by its format, if the reader does not find a package in it.

    Raises
    ------
    FormatError
        ``oversize`` or ``broken``.
    """
    if data.startswith(OLE):
        return io.BytesIO(data.replace(_END_OF_PACKAGE, bytes(len(_END_OF_PACKAGE))))
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(packed, "w") as again:
            parts = {part.filename: part for part in package.infolist()}
            sizes = [part.file_size for part in parts.values()]
            if max(sizes, default=0) > LARGEST_PART or sum(sizes) > LARGEST_PACKAGE:
                raise FormatError("oversize", "the workbook unpacks to more than 200 MB")
            for name, part in parts.items():
                if name.lower().endswith(".bin") and "workbook" in name.lower():
                    raise FormatError("broken", "a binary workbook (.xlsb), which is not read")
                text = package.read(part)
                _check_extent(text.replace(b"\0", b"") if b"\0" in text else text)  # UTF-16 is XML, too
                again.writestr(zipfile.ZipInfo(name), text)
    except FormatError:
        raise
    except DAMAGE as error:
        raise FormatError("broken", f"the workbook cannot be unpacked: {error}") from None
    packed.seek(0)
    return packed


def check_cells(rows: int, columns: int) -> None:
    """Raise FormatError for a sheet that is too large."""
    if rows * columns > MOST_CELLS:
        raise FormatError(
            "oversize", f"a sheet of {rows:,} rows and {columns:,} columns is too large to be read"
        )


def _check_extent(sheet: bytes) -> None:
    """The far corner of a sheet: what its places say, and what cells without a place add up to."""
    if not any(name in sheet for name in _HOLD_ROWS):
        return
    rows = cells = in_a_row = last = 0  # as they follow each other
    placed_rows = placed_cells = long = 0  # as they say
    columns: set[bytes] = set()
    for tags in _pieces(sheet):  # a letter for each tag: rcccrcc is a row of three cells and one of two
        first, *others = map(len, b"".join(_CELL.findall(tags)).replace(b"row", b"r").split(b"r"))
        lengths = [last + first, *others]
        rows, cells, last = rows + len(others), cells + first + sum(others), lengths[-1]
        in_a_row = max(in_a_row, max(lengths))
        if places := _NUMBERED.findall(tags):
            letters, numbers = zip(*places, strict=True)
            placed_rows += letters.count(b"")
            placed_cells += len(letters) - letters.count(b"")
            columns.update(letters)
            long = max(long, max(map(int, numbers)))
    wide = max(map(_column_number, columns), default=0)
    check_cells(
        long + max(0, rows - placed_rows) if long else rows,
        wide + in_a_row if cells > placed_cells else wide,
    )
    if _REPEATS.search(sheet):
        _check_repeats(sheet)


def _pieces(sheet: bytes) -> Iterator[bytes]:
    """A sheet cut before tags: what is found in one piece is thrown away before the next."""
    start = 0
    while start < len(sheet):
        end = sheet.find(b"<", start + PIECE)
        yield sheet[start : (end if end > 0 else None)]
        start = end if end > 0 else len(sheet)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


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
