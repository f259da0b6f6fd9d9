"""An HTML page as lines of text with what its markup says about each: the one door to lxml.

The parser's events are read as they come; no tree is built, so neither depth nor width costs more than
linear time, and nothing recurses.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any, NoReturn, cast

from lxml import etree

from policy_corpus.clean.formats.html_source import SourceText, prepared

# What an element does to the text inside it, as bits.
_BLOCK, _MUTED, _RAW, _LINK, _ITEM, _HEADING, _ROW, _CELL, _PRE = (1 << n for n in range(9))
_BLOCK_TAGS = """html body address article aside blockquote center dd details dialog dir div dl dt fieldset
figcaption figure footer form frameset header hgroup hr main menu nav ol p pre section summary table tbody thead
tfoot ul caption colgroup legend"""
_MUTED_TAGS = """select button textarea datalist noscript input title template object svg math canvas audio
video map"""
_DOES: dict[str, int] = {
    **dict.fromkeys(_BLOCK_TAGS.split(), _BLOCK),
    **dict.fromkeys(_MUTED_TAGS.split(), _MUTED),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _BLOCK | _HEADING),
    **dict.fromkeys(("td", "th"), _BLOCK | _CELL),
    **dict.fromkeys(("script", "style", "noembed", "noframes", "iframe"), _RAW),
    "pre": _BLOCK | _PRE,
    "li": _BLOCK | _ITEM,
    "tr": _BLOCK | _ROW,
    "a": _LINK,
}
_FILE_LINK = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|rar|zip|ofd|txt)(?:$|[?#])", re.IGNORECASE)
FADED, HIDDEN, AWAY = 1, 2, 3
"""How an element is out of sight: a script fades it in; not shown (until a click, perhaps); moved off the
screen, without size, or text for copies alone."""
_FADED_STYLE = re.compile(r"visibility\s*:\s*hidden|opacity\s*:\s*0\s*(?:;|!|$)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_AWAY_STYLE = re.compile(
    r"(?:left|top|text-indent|margin-left|margin-top|right)\s*:\s*-\d{3,}|font-size\s*:\s*0(?:px|em|pt|%)?\s*(?:;|!|$)"
    r"|clip\s*:\s*rect\(\s*0|(?<![-\w])(?:height|width|max-height)\s*:\s*[01](?:px)?\s*;.{0,200}overflow\s*:\s*hidden",
    re.IGNORECASE | re.DOTALL,
)
_TELLING = re.compile(
    r"display|visibility|opacity|:\s*-\d\d\d|font-size\s*:\s*0|clip|overflow|white-space", re.IGNORECASE
)
_PREFORMATTED = re.compile(r"white-space\s*:\s*pre(?:-wrap|-line)?\b", re.IGNORECASE)
_JAMMER = "jammer"
"""Class that forum software gives to text which only copies show."""
_SIMPLE_SELECTOR = re.compile(r"[.#][\w-]+\Z")
_STYLE_READ = 400_000
"""Characters of style sheets that are looked through for hidden classes."""
_DECLARATIONS_READ = 2000
_NAMES_KEPT = 200
"""Characters of class and id that are kept for an element."""
_CELL_LINES = 3
_LONGEST_CELL = 160
"""Characters of a cell in a table of data; longer cells are the columns of a page laid out by tables."""
_TITLE_KEPT = 500
MOST_ELEMENTS = 300_000
"""Block elements of a page that are read; a table of 25,000 rows and ten columns has 275,000."""
MOST_TEXTS = 500_000
"""Texts of a page between its tags and character references that are read: a book written in references alone."""
MOST_LINES = 50_000
"""Lines of a page that are looked at one by one; of more, neighbours are joined. A table may have 25,000 rows
(:data:`policy_corpus.clean.bounds.MOST_ROWS`)."""

Piece = tuple[str, int, bool]
"""Text, its offset in the source (-1: none), whether it is link text."""


@dataclass(slots=True)
class Line:
    """Text between two block borders."""

    element: int
    pieces: list[Piece]
    heading: int = 0
    item: bool = False
    row: bool = False


@dataclass(slots=True)
class Element:
    """A block element, its range of lines, and why it may not be text."""

    parent: int
    tag: str
    names: str
    first: int
    last: int
    hidden: int = 0
    """0, or :data:`FADED`, :data:`HIDDEN`, :data:`AWAY`."""


@dataclass(slots=True)
class Tree:
    """The page in document order; an element stands before those inside it."""

    source: SourceText
    lines: list[Line] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    times: list[tuple[int, str]] = field(default_factory=list)
    """``datetime`` of time elements, with the number of the line they stand in."""
    data_scripts: list[str] = field(default_factory=list)
    """Texts of JSON-LD scripts."""
    scripts: list[str] = field(default_factory=list)
    """Texts of the other scripts."""
    title: str = ""
    is_cut: bool = False
    """Whether reading ended at :data:`MOST_ELEMENTS` or :data:`MOST_TEXTS`."""


class _EnoughError(Exception):
    """A page has more elements or texts than are read."""


def parse(source: str) -> Tree:
    """Parse a decoded page; what is not HTML gives one line per text between tags, or none."""
    source = prepared(source)
    reader = _Reader(Tree(SourceText(source)))
    data = source.encode("utf-8")
    if data.strip():
        parser = etree.HTMLParser(target=cast(Any, reader), encoding="utf-8", huge_tree=True, remove_pis=True)
        with suppress(_EnoughError):
            etree.fromstring(data, parser)
    return reader.close()


@lru_cache(maxsize=4096)
def _look(declarations: str) -> tuple[int, bool]:
    """How a list of style declarations hides an element (0: it does not), and whether it keeps line ends."""
    if not _TELLING.search(declarations):
        return 0, False
    kept = bool(_PREFORMATTED.search(declarations))
    if _AWAY_STYLE.search(declarations):
        return AWAY, kept
    if _HIDDEN_STYLE.search(declarations):
        return HIDDEN, kept
    return FADED if _FADED_STYLE.search(declarations) else 0, kept


def _hidden_names(css: str) -> dict[str, int]:
    """Classes and ids (with their sign) that a style sheet hides, and how."""
    names: dict[str, int] = {}
    for rule in css[:_STYLE_READ].split("}"):
        selectors, _, declarations = rule.rpartition("{")
        if ("." in selectors or "#" in selectors) and (hidden := _look(declarations[:_DECLARATIONS_READ])[0]):
            names.update(
                (s, hidden) for s in map(str.strip, selectors.split(",")) if _SIMPLE_SELECTOR.match(s)
            )
    return names


def _join_lines(tree: Tree) -> None:
    """Neighbouring lines of a page with too many of them as one, each behind a blank that has no place.

    An element then holds the joined lines that lie within it as a whole: nothing goes with a hidden neighbour.
    """
    count = len(tree.lines)
    if count <= MOST_LINES:
        return
    size = -(-count // (MOST_LINES // 2))
    tree.lines = [_one_line(tree.lines[start : start + size]) for start in range(0, count, size)]
    for element in tree.elements:
        last = len(tree.lines) if element.last == count else element.last // size
        element.first = -(-element.first // size)
        element.last = max(element.first, last)
    tree.times = [(number // size, when) for number, when in tree.times]


def _one_line(lines: list[Line]) -> Line:
    pieces = lines[0].pieces
    for line in lines[1:]:
        pieces.append((" ", -1, False))
        pieces += line.pieces
    return Line(lines[0].element, pieces)


@dataclass(slots=True)
class _Row:
    """An open table row: its element, and the line that each of its cells begins at."""

    element: int
    cells: list[int] = field(default_factory=list)
    nested: bool = False


def _length(cell: list[Line]) -> int:
    return sum(len(text) for line in cell for text, _, _ in line.pieces)


class _Reader:
    """Target of the parser's events (``start``, ``data``, ``end``, ``close``) that fills a :class:`Tree`."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.source = tree.source
        self.open: list[int] = []
        self.blocks: list[int] = []
        self.rows: list[_Row] = []
        self.pieces: list[Piece] = []
        self.seen = False
        self.owner = self.links = self.muted = self.items = self.headings = self.preformatted = 0
        self.raw: str | None = None
        self.hidden_css: dict[str, int] = {}
        self.texts_left = MOST_TEXTS

    def data(self, text: str) -> None:
        does = self.open[-1] if self.open else 0
        if does & _RAW:
            self._raw_text(text)
            return
        place = self.source.find(text)
        if self.muted:
            if self.raw == "title" and len(self.tree.title) < _TITLE_KEPT:
                self.tree.title += text[:_TITLE_KEPT]
            return
        if not self.preformatted or not 0 < text.count("\n") <= MOST_LINES:
            self._piece(text, place)
            return
        for row in text.split("\n"):
            if row:
                self._piece(row, place)
            self._flush()
            place += len(row) + 1 if place >= 0 else 0

    def comment(self, text: str) -> None:
        self.source.pass_comment(text)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        does = _DOES.get(tag, 0)
        if does & _BLOCK and not attributes:
            self._start_block(tag, does, attributes)
            self.open.append(does)
            return
        if attributes:
            if does == _LINK:
                href = attributes.get("href")
                if not href or _FILE_LINK.search(href):
                    does = 0
            elif does & _RAW:
                self.raw = "data" if "ld+json" in attributes.get("type", "") else None
            elif tag == "meta":
                self._meta(attributes)
        elif does == _LINK:
            does = 0
        if tag == "style" or (tag == "title" and not self.tree.title):
            self.raw = tag
        if does & _BLOCK:
            if "style" in attributes and _look(attributes["style"][:_DECLARATIONS_READ])[1]:
                does |= _PRE
            self._start_block(tag, does, attributes)
        elif tag == "br":
            self._flush()
        elif does & _MUTED:
            self.muted += 1
        elif does & _LINK:
            self.links += 1
        elif attributes and not does and self._hidden(attributes) >= HIDDEN:
            does = _MUTED
            self.muted += 1
        if does & _RAW:
            self.muted += 1
        self.open.append(does)
        if tag == "time" and (when := attributes.get("datetime")):
            self.tree.times.append((len(self.tree.lines), when))

    def end(self, tag: str) -> None:
        does = self.open.pop()
        if not does:
            return
        if does & _BLOCK:
            self._flush()
            if does & _ROW:
                self._end_row()
            self.tree.elements[self.blocks.pop()].last = len(self.tree.lines)
            if does & _ITEM:
                self.items -= 1
            elif does & _HEADING:
                self.headings -= 1
            if does & _PRE:
                self.preformatted -= 1
        elif does & _LINK:
            self.links -= 1
        else:
            self.muted -= 1
            self.raw = None

    def close(self) -> Tree:
        self._flush()
        for number in self.blocks:
            self.tree.elements[number].last = len(self.tree.lines)
        self.blocks.clear()
        _join_lines(self.tree)
        return self.tree

    def _raw_text(self, text: str) -> None:
        self.source.find(text)
        if self.raw == "style":
            self.hidden_css |= _hidden_names(text)
        elif self.raw == "data":
            self.tree.data_scripts.append(text)
        elif self.raw is None:
            self.tree.scripts.append(text)

    def _piece(self, text: str, place: int) -> None:
        if not self.pieces:
            self.owner = self.blocks[-1] if self.blocks else -1
        self.pieces.append((text, place, self.links > 0))
        if not text.isspace():
            self.seen = True
            self.texts_left -= 1
            if self.texts_left < 0:
                self._cut()

    def _flush(self) -> None:
        """End the line at a block border."""
        if self.pieces:
            if self.seen:
                self.tree.lines.append(Line(self.owner, self.pieces, self.headings, self.items > 0))
                self.seen = False
            self.pieces = []

    def _cut(self) -> NoReturn:
        self.tree.is_cut = True
        raise _EnoughError

    def _meta(self, attributes: Mapping[str, str]) -> None:
        key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if key and (content := attributes.get("content")):
            self.tree.metas.append((key.lower(), content))

    def _start_block(self, tag: str, does: int, attributes: Mapping[str, str]) -> None:
        self._flush()
        elements, first = self.tree.elements, len(self.tree.lines)
        if len(elements) >= MOST_ELEMENTS:
            self._cut()
        if does & _PRE:
            self.preformatted += 1
        names, hidden = "", 0
        if attributes:
            names = " ".join([attributes[key] for key in ("class", "id", "role") if key in attributes])
            hidden = self._hidden(attributes)
        parent = self.blocks[-1] if self.blocks else -1
        self.blocks.append(len(elements))
        elements.append(Element(parent, tag, names[:_NAMES_KEPT], first, first, hidden))
        if does & _ITEM:
            self.items += 1
        elif does & _HEADING:
            self.headings += 1
        elif does & _ROW:
            if self.rows:
                self.rows[-1].nested = True
            self.rows.append(_Row(len(elements) - 1))
        elif does & _CELL and self.rows:
            self.rows[-1].cells.append(first)

    def _hidden(self, attributes: Mapping[str, str]) -> int:
        """How far an element is out of sight by its own attributes (see :class:`Element`)."""
        hidden = _look(attributes["style"][:_DECLARATIONS_READ])[0] if "style" in attributes else 0
        if hidden or "hidden" in attributes:
            return hidden or HIDDEN
        named = attributes.get("class", "")
        if not self.hidden_css and _JAMMER not in named:
            return 0
        classes = named.split()
        if _JAMMER in classes:
            return AWAY
        names = ["." + name for name in classes] + ["#" + attributes.get("id", "")]
        return max([self.hidden_css.get(name, 0) for name in names])

    def _end_row(self) -> None:
        """Make one line of the cells of a data row, each behind a separator that has no place."""
        row, lines = self.rows.pop(), self.tree.lines
        cells = [lines[a:b] for a, b in pairwise([*row.cells, len(lines)]) if b > a]
        if row.nested or len(cells) < 2:
            return
        if any(len(cell) > _CELL_LINES or _length(cell) > _LONGEST_CELL for cell in cells):
            return
        pieces: list[Piece] = []
        for cell in cells:
            if pieces:
                pieces.append((" | ", -1, False))
            for number, line in enumerate(cell):
                if number:
                    pieces.append((" ", -1, False))
                pieces.extend(line.pieces)
        first = row.cells[0]
        lines[first:] = [Line(row.element, pieces, row=True)]
        for element in self.tree.elements[row.element + 1 :]:
            element.first = element.last = first
