"""A fetched page as text and tree, and CSS selectors on it: the one door to parsel and lxml in the crawler.

Scripts never run; entities of XML are not expanded, and nothing is loaded from outside.
"""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from lxml import etree
from parsel.csstranslator import HTMLTranslator

from policy_corpus.collect.crawl.addresses import absolute, address_in_script
from policy_corpus.collect.crawl.model import Fetched

Node = Any
"""An element of lxml, or a str where a selector ends in ``::text`` or ``::attr(name)``."""

MAX_PAGE_BYTES = 8_000_000
"""Of a longer page only the beginning is read; the longest of the 21 saved pages of the gold has 360,628 bytes."""
MAX_XML_BYTES = 50_000_000
"""The limit that the sitemap protocol sets for one file (sitemaps.org/protocol.html)."""
MAX_LINKS = 20_000
"""Links of one page that are looked at. The longest list pages of portals hold some hundreds."""
WORDS_KEPT = 500
"""Characters of an element's text that are read."""
NODES_READ = 400
"""Elements within an element that are visited for its text."""

_META_CHARSET = re.compile(
    rb"""<meta\s[^>]{0,400}?charset\s*=\s*+["']?\s*+([\w.:-]{2,24})"""
    rb"""|<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,24})""",
    re.IGNORECASE,
)
_META_SEARCHED = 16_384
_CODECS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "xgbk": "gb18030", "cp936": "gb18030",
    "utf8": "utf-8", "big5": "big5hkscs", "utf16": "utf-16", "utf16le": "utf-16-le", "utf16be": "utf-16-be",
}  # fmt: skip
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NO_TEXT = frozenset(("script", "style", "noscript", "template"))
_LINK_ATTRIBUTES = ("data-href", "data-url", "data-link")


def text_of(page: Fetched, limit: int = MAX_PAGE_BYTES) -> str:
    """The page's text; see :func:`decoded`."""
    return decoded(page, limit)[0]


def decoded(page: Fetched, limit: int = MAX_PAGE_BYTES) -> tuple[str, str]:
    """The page's text and its encoding, the queries of its links' too.

    UTF-8 proves itself; else the header, the page's declaration and GB18030 are tried. Declarations on Chinese
    pages are often wrong, so the reading with the fewest unreadable places wins. A page in ASCII is what it
    declares.
    """
    data = page.data
    if len(data) > limit:
        data = data[: data.rfind(b">", 0, limit) + 1 or limit]
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data.decode(codec, "replace").removeprefix("\ufeff"), codec
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and not text.isascii():
        return text, "utf-8"
    match = _META_CHARSET.search(data[:_META_SEARCHED])
    meta = (match[1] or match[2]).decode("ascii", "replace") if match else ""
    labels = (re.sub(r"[^a-z0-9]", "", label.lower()) for label in (page.charset or "", meta))
    codecs = [_CODECS[label] for label in labels if label in _CODECS]
    if text or not data:
        return text, next(iter(codecs), "utf-8")
    readings = []
    for name in (*codecs, "gb18030", "utf-8"):
        text = data.decode(name, "replace")
        if "\ufffd" not in text:
            return text, name
        readings.append((text, name))
    return min(readings, key=lambda reading: reading[0].count("\ufffd"))


def cut_off(page: Fetched) -> list[str]:
    """What is to be said of a page of which only the beginning is read."""
    if len(page.data) <= MAX_PAGE_BYTES:
        return []
    return [f"of {len(page.data) / 1e6:.1f} MB only the first {MAX_PAGE_BYTES // 1_000_000} are read"]


class SelectorError(ValueError):
    """A CSS selector that cannot be read."""


@lru_cache(maxsize=1024)
def compiled(selector: str) -> Any:
    """A CSS selector (with parsel's ``::text`` and ``::attr(name)``) made ready.

    Raises
    ------
    SelectorError
        The selector cannot be read.
    """
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except (SyntaxError, ValueError, TypeError, etree.XPathError) as error:
        # cssselect's errors are SyntaxErrors and ValueErrors
        raise SelectorError(str(error) or type(error).__name__) from error


def select(selector: str, root: Node) -> list[Node]:
    """What a CSS selector finds in an element, the element itself included, in order."""
    if isinstance(root, str):
        return []
    found: list[Node] = compiled(selector)(root)
    return found


def words(node: Node, limit: int = WORDS_KEPT) -> str:
    """Text of an element with single spaces, at most ``limit`` characters; scripts and styles left out."""
    if isinstance(node, str):
        return squeezed(node)[:limit]
    if not len(node):
        return squeezed(node.text or "")[:limit] if node.tag not in _NO_TEXT else ""
    parts: list[str] = []
    size = 0
    for text in _texts(node):
        parts.append(text)
        size += len(text)
        if size > 2 * limit:
            break
    return squeezed("".join(parts))[:limit]


def _texts(node: Node) -> Iterator[str]:
    """Texts in an element; cells, items and blocks are set apart from what follows."""
    for visited, (event, element) in enumerate(
        etree.iterwalk(node, events=("start", "end", "comment", "pi"))
    ):
        if visited > 2 * NODES_READ:
            return
        if event == "start" and element.tag not in _NO_TEXT and element.text:
            yield element.text
        elif event != "start" and element is not node:
            if element.tag not in _WITHIN:
                yield " "
            if element.tail:
                yield element.tail


_WITHIN = frozenset(("font", "b", "strong", "u", "a", "sup", "sub", "big", "small", "mark"))
"""Elements that may stand within a word."""


def squeezed(text: str) -> str:
    """A text with single spaces, none at its ends; zero-width characters left out."""
    if "\u200b" in text or "\ufeff" in text:
        text = text.replace("\u200b", "").replace("\ufeff", "")
    return " ".join(text.split())


class Page:
    """One fetched HTML page: its text, its tree, its links."""

    def __init__(self, fetched: Fetched, text: str | None = None) -> None:
        self.fetched = fetched
        found, self.encoding = decoded(fetched)
        self.text = found if text is None else text
        self.furniture: dict[Node, bool] = {}
        """Elements that have been judged by :mod:`~policy_corpus.collect.crawl.furniture`."""

    @cached_property
    def root(self) -> Node:
        """The root element; an empty page has one too."""
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, recover=True)
        root = etree.fromstring(self.text.replace("\x00", "").encode("utf-8", "replace") or b"<p>", parser)
        return root if root is not None else etree.fromstring(b"<p>", parser)

    @cached_property
    def metas(self) -> dict[str, str]:
        """What the page's ``meta`` elements say, by name in lower case; the first of a name."""
        found: dict[str, str] = {}
        for meta in self.root.iter("meta"):
            name = (meta.get("name") or meta.get("property") or "").lower()
            if name and (content := meta.get("content")):
                found.setdefault(name, content)
        return found

    @cached_property
    def base(self) -> str:
        """Address that relative links start from."""
        if "<base" in self.text or "<BASE" in self.text:
            for element in self.root.iter("base"):
                if href := absolute(self.fetched.url, element.get("href") or ""):
                    return href
        return self.fetched.url

    @cached_property
    def links(self) -> list[Node]:
        """The first :data:`MAX_LINKS` elements ``a``."""
        found = []
        for element in self.root.iter("a"):
            found.append(element)
            if len(found) >= MAX_LINKS:
                break
        return found

    def address(self, node: Node) -> str | None:
        """Absolute address that an element (or attribute value) leads to; scripts are read, never run."""
        if isinstance(node, str):
            return self.absolute(node)
        return self.absolute(raw_address(node))

    def absolute(self, href: str | None) -> str | None:
        """Absolute http address of a link on this page."""
        return absolute(self.base, href, self.encoding) if href else None


def raw_address(element: Node) -> str | None:
    """Address as an element gives it: ``href``, or what its ``onclick`` opens."""
    href: str | None = element.get("href")
    if href and not href.lstrip()[:11].lower().startswith(("javascript:", "#")):
        return href
    for script in (href, element.get("onclick")):
        if script and (found := address_in_script(script)):
            return found
    return next((value for name in _LINK_ATTRIBUTES if (value := element.get(name))), None)


def is_html(page: Fetched) -> bool:
    """Whether an answer is a page to look into (and not a pdf, a picture, JSON)."""
    head = page.data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(
        (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
    ):
        return False
    return "html" in page.media_type or b"<" in head or b"<html" in page.data[:65536].lower()


def xml_root(text: str) -> Node | None:
    """Root element of an XML text, or None. Entities stay unexpanded, no DTD is loaded, damage is forgiven."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        huge_tree=False,
        remove_comments=True,
    )
    body = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text, count=1)
    try:
        return etree.fromstring(body.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def local_name(element: Node) -> str:
    """Name of an XML element without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
