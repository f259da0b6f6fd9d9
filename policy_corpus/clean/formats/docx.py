"""Read a Word file: paragraphs, headings, lists and tables in document order."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from policy_corpus.clean.blocks import Block, FormatError, Page, PageHints, Role
from policy_corpus.clean.bounds import LONGEST_TITLE
from policy_corpus.collect.sniff import ENCRYPTED, OLE
from policy_corpus.collect.verify import DAMAGE

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

_LARGEST_PART, _LARGEST_PACKAGE = 100_000_000, 200_000_000
"""Bytes that a part and all parts of the package may unpack to."""
_MOST_TAGS = 1_500_000
"""Tags in one part: the reader makes a tree, in which each takes some 200 bytes. A report of 300 pages has 100,000."""
_WIDEST = 5_000
"""Columns of a table: a cell that claims to span more is counted out one by one."""
_SPAN = re.compile(rb"""(?:gridSpan|gridBefore|gridAfter)\b[^<>]{0,200}?val\s{0,9}=\s{0,9}["'](\d{1,12})""")
_DAMAGED_XML = (SyntaxError, AttributeError, TypeError)
"""What the library raises where elements are not what they should be, beside errors of its own."""
_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*\d", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list|列表|列出|项目符号", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\xa0]+")
_DEFAULT_TITLES = frozenset(("", "word document", "文档", "未命名", "powerpoint 演示文稿", "无标题"))


def read_docx(data: bytes) -> Page:
    """Blocks of a Word file; a line break inside a paragraph ends a block.

    Raises
    ------
    FormatError
        ``encrypted`` for a protected file, ``old_word`` for a binary ``.doc``, ``broken`` for the rest.
    """
    if data.startswith(OLE):
        if ENCRYPTED in data:
            raise FormatError("encrypted", "the Word file is protected by a password")
        raise FormatError("old_word", "a binary Word file (.doc), not .docx")
    from docx.exceptions import PythonDocxError
    from docx.opc.exceptions import OpcError
    from docx.oxml.exceptions import XmlchemyError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_size(package)
        return _page(data)
    except FormatError:
        raise
    except (PythonDocxError, OpcError, XmlchemyError, *DAMAGE) as error:
        raise FormatError("broken", f"not a readable Word file: {error}") from error
    except _DAMAGED_XML as error:
        raise FormatError("broken", f"damaged inside: {error}") from error


def _page(data: bytes) -> Page:
    """The library reads an element where it is asked for: damage shows as late as at the last line."""
    import docx

    document = docx.Document(io.BytesIO(data))
    blocks: list[Block] = []
    title: str | None = None
    for role, text, style in _parts(document):
        if title is None and style.lower() in ("title", "标题") and len(text) <= LONGEST_TITLE:
            title = text
            continue
        blocks.append(Block(text, [-1] * len(text), role))
    if title is None:
        named = (document.core_properties.title or "").strip()
        title = named if named.lower() not in _DEFAULT_TITLES else None
    return Page(tuple(blocks), PageHints(title=title))


def _check_size(package: zipfile.ZipFile) -> None:
    """Refuse what would unpack to gigabytes, and tables that claim to be wider than any page."""
    sizes = [part.file_size for part in package.infolist()]
    if max(sizes, default=0) > _LARGEST_PART or sum(sizes) > _LARGEST_PACKAGE:
        raise FormatError(
            "oversize", "a part of the Word file unpacks to more than 100 MB, or all to more than 200 MB"
        )
    for part in package.infolist():
        if part.filename.endswith((".xml", ".rels")):
            text = package.read(part)
            if text.count(b"<") > _MOST_TAGS:
                raise FormatError("oversize", f"{part.filename} has more than {_MOST_TAGS:,} tags")
            if any(int(width) > _WIDEST for width in _SPAN.findall(text)):
                raise FormatError("broken", f"a table cell that spans more than {_WIDEST:,} columns")


def _parts(document: "WordDocument") -> Iterator[tuple[Role, str, str]]:
    """Role, text and style name of each line in document order."""
    from docx.table import Table

    names: dict[str | None, str] = {}
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            for row in _rows(part):
                yield "table_row", row, ""
            continue
        key = part._p.style
        if key not in names:
            names[key] = (part.style.name or "") if part.style is not None else ""
        style = names[key]
        role = _role(part, style)
        for line in part.text.split("\n"):
            text = _SPACE.sub(" ", line).strip()
            if text:
                yield role, text, style


def _role(paragraph: "Paragraph", style: str) -> Role:
    if _HEADING_STYLE.search(style):
        return "heading"
    properties = paragraph._p.pPr
    if _LIST_STYLE.search(style) or (properties is not None and properties.numPr is not None):
        return "list_item"
    return "paragraph"


def _rows(table: "Table") -> Iterator[str]:
    """Rows with their cells joined; a cell merged over columns stands once, one over rows in each of them.

    The library's own ``row.cells`` climbs to the first row of a merge for each of its rows, and fails where there is
    none.
    """
    from docx.table import _Cell

    above: dict[int, str] = {}
    for row in table._tbl.tr_lst:
        place, texts = row.grid_before, {}
        for cell in row.tc_lst:
            goes_on = cell.vMerge == "continue" and place in above
            texts[place] = above[place] if goes_on else _cell(_Cell(cell, table))
            place += max(1, cell.grid_span)
        above = texts
        joined = " | ".join(texts.values())
        if joined.strip(" |"):
            yield joined


def _cell(cell: "_Cell") -> str:
    """Its lines, and those of a table within it, as one."""
    from docx.table import Table

    lines: list[str] = []
    for part in cell.iter_inner_content():
        if isinstance(part, Table):
            lines += (row.replace(" | ", " ") for row in _rows(part))
        else:
            lines.append(_SPACE.sub(" ", part.text.replace("\n", " ")).strip())
    return " ".join(filter(None, lines))
