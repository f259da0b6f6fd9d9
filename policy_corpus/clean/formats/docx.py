"""Read a Word file: paragraphs, headings, lists and tables in document order."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from policy_corpus.clean.blocks import Block, FormatError, Page, PageHints, Role
from policy_corpus.clean.bounds import LONGEST_TITLE
from policy_corpus.collect.sniff import ENCRYPTED, OLE
from policy_corpus.collect.verify import DAMAGE

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

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
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TABLE, _ROW, _CELL, _T, _CONTROL = (_W + name for name in ("p", "tbl", "tr", "tc", "t", "sdt"))
_WRAPPING = "r hyperlink ins moveTo smartTag sdt sdtContent customXml fldSimple bdo dir ruby rubyBase"
_WRAPPERS = frozenset(_W + name for name in _WRAPPING.split())
"""Elements that hold text as it is read: runs, links, what was inserted under review, places and dates that Word has
marked, content controls, fields, words under pinyin. What was deleted, text boxes and pinyin are in others."""
_SIGNS = {_W + "tab": "\t", _W + "ptab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_WORDS = frozenset((_T, *_SIGNS))
_CONTENTS = f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery[@{_W}val='Table of Contents']"
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


def _inside(element: Any, wanted: frozenset[str]) -> Iterator[Any]:
    """The elements of these names in order, also those in wrappers; the library's own lists leave out the latter."""
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag in _WRAPPERS and not _is_contents(child):
            yield from _inside(child, wanted)


def _is_contents(element: Any) -> bool:
    """Whether it is Word's table of contents, which repeats the headings with their pages."""
    return element.tag == _CONTROL and element.find(_CONTENTS) is not None


def _parts(document: "WordDocument") -> Iterator[tuple[Role, str, str]]:
    """Role, text and style name of each line in document order."""
    from docx.text.paragraph import Paragraph

    names: dict[str | None, str] = {}
    for part in _inside(document.element.body, frozenset((_P, _TABLE))):
        if part.tag == _TABLE:
            for row in _rows(part):
                yield "table_row", row, ""
            continue
        key = part.style
        if key not in names:
            named = Paragraph(part, document._body).style
            names[key] = (named.name or "") if named is not None else ""
        style = names[key]
        role = _role(part, style)
        for line in _text(part).split("\n"):
            text = _SPACE.sub(" ", line).strip()
            if text:
                yield role, text, style


def _text(paragraph: Any) -> str:
    return "".join(
        [(word.text or "") if word.tag == _T else _sign(word) for word in _inside(paragraph, _WORDS)]
    )


def _sign(element: Any) -> str:
    """A break of page or column is none of the line."""
    return "" if element.get(_W + "type") in {"page", "column"} else _SIGNS[element.tag]


def _role(paragraph: Any, style: str) -> Role:
    if _HEADING_STYLE.search(style):
        return "heading"
    properties = paragraph.pPr
    if _LIST_STYLE.search(style) or (properties is not None and properties.numPr is not None):
        return "list_item"
    return "paragraph"


def _rows(table: Any) -> Iterator[str]:
    """Rows with their cells joined; a cell merged over columns stands once, one over rows in each of them.

    The library's own ``row.cells`` climbs to the first row of a merge for each of its rows, and fails where there is
    none.
    """
    above: dict[int, str] = {}
    for row in _inside(table, frozenset((_ROW,))):
        place, texts = row.grid_before, {}
        for cell in _inside(row, frozenset((_CELL,))):
            goes_on = cell.vMerge == "continue" and place in above
            texts[place] = above[place] if goes_on else _cell(cell)
            place += max(1, cell.grid_span)
        above = texts
        joined = " | ".join(texts.values())
        if joined.strip(" |"):
            yield joined


def _cell(cell: Any) -> str:
    """Its lines, and those of a table within it, as one."""
    lines: list[str] = []
    for part in _inside(cell, frozenset((_P, _TABLE))):
        if part.tag == _TABLE:
            lines += (row.replace(" | ", " ") for row in _rows(part))
        else:
            lines.append(_SPACE.sub(" ", _text(part).replace("\n", " ")).strip())
    return " ".join(filter(None, lines))
