"""An HTML page as lines of text with what its markup says about each: the one door to lxml."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from lxml import etree

from policy_corpus.clean.formats.html_source import SourceText, prepared

_BLOCKS = frozenset(
    [
        "html",
        "body",
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "li",
        "main",
        "menu",
        "nav",
        "noframes",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
        "colgroup",
        "option",
        "optgroup",
        "title",
        "legend",
        "amp-story",
    ]
)
_UNSEEN = frozenset(
    [
        "script",
        "style",
        "template",
        "noembed",
        "noframes",
        "iframe",
        "object",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "map",
    ]
)
_CONTROLS = frozenset(["select", "button", "textarea", "datalist", "noscript", "title", "input", "head"])
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_FILE_LINK = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|rar|zip|ofd|txt)(?:$|[?#])", re.IGNORECASE)
_DECLARED_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|em|pt|%)?\s*(?:;|!|$)"
    r"|(?:left|top|text-indent|margin-left|margin-top|right)\s*:\s*-\d{3,}|opacity\s*:\s*0\s*(?:;|!|$)"
    r"|clip\s*:\s*rect\(\s*0|(?<![-\w])(?:height|width|max-height)\s*:\s*[01](?:px)?\s*;[^{}]{0,200}overflow\s*:\s*hidden",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"(?:left|top|text-indent|margin-left|margin-top|right)\s*:\s*-\d{3,}|font-size\s*:\s*0", re.I
)
_JAMMER = re.compile(r"(?:^|\s)jammer(?:\s|$)", re.IGNORECASE)
_SIMPLE = re.compile(r"[.#][\w-]+\Z")
_STYLE_READ = 400_000
"""Characters of style sheets that are looked through for hidden classes."""
_DECLARATIONS_READ = 2000
_NAMES_KEPT = 200
"""Characters of class and id that are kept for an element."""


Piece = tuple[str, int, bool]
"""Raw text, its place in the stream of visible text (-1: none), whether it is link text."""


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
    """A block element: its parent, its range of lines, and why it may not be text."""

    parent: int
    tag: str
    names: str
    first: int
    last: int = 0
    hidden: int = 0
    """0 visible, 1 hidden by style (a script may show it), 2 moved off the screen or jammer text."""


@dataclass(slots=True)
class Tree:
    """The page in document order; a child stands after its parent in ``elements``."""

    source: SourceText
    lines: list[Line] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    times: list[tuple[int, str]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    title: str = ""


def _hidden_names(css: str) -> set[str]:
    """Classes and ids (with their sign) that a style sheet hides."""
    names: set[str] = set()
    for rule in css[:_STYLE_READ].split("}"):
        selectors, _, declarations = rule.rpartition("{")
        if "." not in selectors and "#" not in selectors:
            continue
        if _DECLARED_HIDDEN.search(declarations[:_DECLARATIONS_READ]):
            names.update(s for s in map(str.strip, selectors.split(",")) if _SIMPLE.match(s))
    return names


@dataclass(slots=True)
class _Open:
    """What closing an element has to undo."""

    link: bool = False
    muted: bool = False
    block: bool = False
    heading: bool = False
    item: bool = False
    row: bool = False


class _Reader:
    """Fills a :class:`Tree` from parser events, without recursion."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.open: list[_Open] = []
        self.blocks: list[int] = []
        self.rows: list[_Row] = []
        self.pieces: list[Piece] = []
        self.owner = self.links = self.muted = self.items = self.heading = 0
        self.hidden_css: set[str] = set()

    def flush(self) -> None:
        """End the line at a block border."""
        if self.pieces:
            if any(not text.isspace() for text, _, _ in self.pieces):
                self.tree.lines.append(Line(self.owner, self.pieces, self.heading, self.items > 0))
            self.pieces = []

    def text(self, text: str) -> None:
        """Take a text node; muted ones only move the place in the source on."""
        place = self.tree.source.find(text)
        if self.muted:
            return
        if not self.pieces:
            self.owner = self.blocks[-1] if self.blocks else 0
        self.pieces.append((text, place, self.links > 0))

    def start(self, element: "etree._Element", tag: str) -> None:
        """Open an element."""
        opened = _Open()
        self.open.append(opened)
        if tag == "a":
            href = element.get("href")
            opened.link = bool(href and not _FILE_LINK.search(href))
            self.links += opened.link
            return
        if tag in _CONTROLS:
            opened.muted = True
            self.muted += 1
            if tag == "title" and not self.tree.title:
                self.tree.title = "".join(map(str, element.itertext()))
            return
        if tag == "meta":
            key = element.get("property") or element.get("name") or element.get("itemprop")
            if key and (content := element.get("content")):
                self.tree.metas.append((key.lower(), content))
            return
        if tag == "time" and (when := element.get("datetime")):
            self.tree.times.append((len(self.tree.lines), when))
        names = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("role"))))
        hidden = self._hidden(element, names)
        if tag in _BLOCKS:
            self._start_block(opened, tag, names, hidden)
        elif tag == "br":
            self.flush()
        elif hidden:
            opened.muted = True
            self.muted += 1

    def _start_block(self, opened: "_Open", tag: str, names: str, hidden: int) -> None:
        self.flush()
        elements, first = self.tree.elements, len(self.tree.lines)
        parent = self.blocks[-1] if self.blocks else -1
        elements.append(Element(parent, tag, names[:_NAMES_KEPT], first, hidden=hidden))
        self.blocks.append(len(elements) - 1)
        opened.block = True
        if tag == "li":
            opened.item = True
            self.items += 1
        elif tag in _HEADINGS and not self.heading:
            opened.heading = True
            self.heading = _HEADINGS[tag]
        elif tag == "tr":
            if self.rows:
                self.rows[-1].nested = True
            self.rows.append(_Row(len(elements) - 1))
            opened.row = True
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].cells.append(first)

    def end(self) -> None:
        """Close the element that was opened last."""
        opened = self.open.pop()
        self.links -= opened.link
        self.muted -= opened.muted
        if opened.block:
            self.flush()
            if opened.row:
                _join_row(self.tree, self.rows.pop())
            self.tree.elements[self.blocks.pop()].last = len(self.tree.lines)
            self.items -= opened.item
            if opened.heading:
                self.heading = 0

    def _hidden(self, element: "etree._Element", names: str) -> int:
        """How far an element is out of sight by its own attributes (see :class:`Element`)."""
        style = element.get("style")
        if style and _DECLARED_HIDDEN.search(style):
            return 2 if _AWAY.search(style) else 1
        if element.get("hidden") is not None:
            return 1
        if not names:
            return 0
        if _JAMMER.search(names):
            return 2
        if self.hidden_css:
            own = {"." + name for name in (element.get("class") or "").split()}
            own.add("#" + (element.get("id") or ""))
            return int(not own.isdisjoint(self.hidden_css))
        return 0


@dataclass(slots=True)
class _Row:
    """An open table row: its element, and the line that each of its cells begins at."""

    element: int
    cells: list[int] = field(default_factory=list)
    nested: bool = False


_LONGEST_CELL = 160
"""Characters of a cell in a table of data; longer cells are the columns of a page laid out by tables."""


def _join_row(tree: Tree, row: _Row) -> None:
    """Make one line of the cells of a data row, each cell behind a separator without a place."""
    lines, bounds = tree.lines, [*row.cells, len(tree.lines)]
    cells = [lines[a:b] for a, b in pairwise(bounds) if b > a]
    if row.nested or len(cells) < 2:
        return
    if any(sum(len(t) for line in cell for t, _, _ in line.pieces) > _LONGEST_CELL for cell in cells):
        return
    pieces: list[Piece] = []
    for cell in cells:
        if pieces:
            pieces.append((" | ", -1, False))
        for number, line in enumerate(cell):
            if number:
                pieces.append((" ", -1, False))
            head, *inner = line.pieces
            pieces.append(
                (
                    head[0].lstrip(),
                    head[1] + len(head[0]) - len(head[0].lstrip()) if head[1] >= 0 else -1,
                    head[2],
                )
            )
            pieces.extend(inner)
    first = row.cells[0]
    lines[first:] = [Line(row.element, pieces, row=True)]
    for element in tree.elements[row.element + 1 :]:
        element.first = element.last = first


def _parser() -> etree.HTMLParser:
    return etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)


def parse(source: str) -> Tree:
    """Parse a decoded page; anything that is not HTML gives an empty tree.

    The walk is iterative and linear, whatever the nesting.
    """
    source = prepared(source)
    tree = Tree(SourceText(source))
    data = source.encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, _parser()) if data.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    if root is not None:
        _walk(root, tree)
    return tree


def _walk(root: "etree._Element", tree: Tree) -> None:
    reader = _Reader(tree)
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            if tag not in _UNSEEN:
                reader.end()
            if tail := element.tail:
                reader.text(tail)
        elif tag in _UNSEEN:
            if tag == "style":
                reader.hidden_css |= _hidden_names(element.text or "")
            elif tag == "script" and "ld+json" in (element.get("type") or ""):
                tree.scripts.append(element.text or "")
            walk.skip_subtree()
        else:
            reader.start(element, tag)
            if text := element.text:
                reader.text(text)
    reader.flush()
