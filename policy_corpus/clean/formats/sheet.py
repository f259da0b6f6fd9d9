"""Read a workbook (xlsx, xls, et, ods): each sheet a heading, its rows as rows. The one door to calamine."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice

from policy_corpus.clean.blocks import Block, FormatError, Page, PageHints, Role
from policy_corpus.clean.formats.sheet_extent import check_cells, checked
from policy_corpus.collect.sniff import ENCRYPTED

MOST_ROWS = 20_000
"""Rows that are read of a workbook; the rest is left out with a word."""
LONGEST_CELL = 5_000
_DEFAULT_NAME = re.compile(r"^(?:sheet|工作表|表)\s*\d*$", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_TITLE_ROWS = 3
_SERIAL_TITLE = re.compile(r"^附\s*+件?\s*+[\d一二三四五六七八九十]{0,3}\s*+[:：]?$")


def read_sheet(data: bytes) -> Page:
    """Blocks of a workbook: a heading for each sheet that holds something, then its rows.

    Cells are joined by `` | `` with empty ones in their places, so that columns can be told; rows and columns
    without anything are left out. A row with one cell alone is a paragraph: a title or a note.

    Raises
    ------
    FormatError
        ``encrypted`` for a protected file, ``oversize`` for a sheet too wide or long, ``broken`` for the rest.
    """
    sheets = list(_sheets(data))
    blocks: list[Block] = []
    rows_left, title = MOST_ROWS, None
    problems: tuple[str, ...] = ()
    for name, rows in sheets:
        if len(sheets) > 1 or not _DEFAULT_NAME.match(name):
            blocks.append(_block([name], "heading"))
        if len(rows) > rows_left:
            problems = ("truncated",)
        blocks += [
            _block(row, "table_row" if sum(map(bool, row)) > 1 else "paragraph") for row in rows[:rows_left]
        ]
        rows_left -= len(rows[:rows_left])
        title = title or _title(rows)
    return Page(tuple(blocks), PageHints(title=title), problems)


def _sheets(data: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    """Names and rows of the sheets that are shown and hold something."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    if ENCRYPTED in data:
        raise FormatError("encrypted", "the workbook is protected by a password")
    workbook = checked(data)
    try:
        book = CalamineWorkbook.from_filelike(workbook)
        for sheet in book.sheets_metadata:
            if sheet.visible == SheetVisibleEnum.Visible and "work" in str(sheet.typ).lower():
                found = book.get_sheet_by_name(sheet.name)
                check_cells(found.total_height, found.total_width)
                rows = _filled(found.iter_rows())
                if rows:
                    yield sheet.name, rows
    except PasswordError:
        raise FormatError("encrypted", "the workbook is protected by a password") from None
    except CalamineError as error:
        raise FormatError("broken", f"the workbook cannot be read: {error}") from None


def _filled(rows: Iterable[Sequence[object]]) -> list[list[str]]:
    """Rows and columns that hold something, as text; one row more than is read tells that there are more."""
    filled = (row for row in ([_text(value) for value in values] for values in rows) if any(row))
    texts = list(islice(filled, MOST_ROWS + 1))
    width = max(map(len, texts), default=0)
    used = [i for i in range(width) if any(i < len(row) and row[i] for row in texts)]
    return [[row[i] if i < len(row) else "" for i in used] for row in texts]


def _text(value: object) -> str:
    """A cell as a person reads it: whole numbers without a point, days without midnight."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(round(value, 6))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return _SPACE.sub(" ", str(value)).strip()[:LONGEST_CELL]


def _block(cells: Sequence[str], role: Role) -> Block:
    last = max((i for i, cell in enumerate(cells) if cell), default=-1) + 1
    text = " | ".join(cells[:last]) if role == "table_row" else "".join(cells)
    return Block(text, [-1] * len(text), role)


def _title(rows: Sequence[Sequence[str]]) -> str | None:
    """A cell that stands alone above the columns; 附件1 is none."""
    for row in rows[:_TITLE_ROWS]:
        cells = [cell for cell in row if cell]
        if len(cells) > 1:
            return None
        if not _SERIAL_TITLE.match(cells[0]):
            return cells[0]
    return None
