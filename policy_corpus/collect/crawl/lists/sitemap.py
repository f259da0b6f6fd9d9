"""Sitemaps and sitemap indexes (sitemaps.org), plain or gzip."""

import re
import zlib
from html import unescape

from policy_corpus.collect.crawl.addresses import absolute
from policy_corpus.collect.crawl.dates import field_date
from policy_corpus.collect.crawl.model import Entry, Fetched, ListPage, Source
from policy_corpus.collect.crawl.pages import MAX_XML_BYTES, squeezed, text_of

MAX_ADDRESSES = 50_000
"""Addresses in one sitemap, by the protocol."""
_LOC = re.compile(
    r"<(?:\w+:)?(loc|lastmod|title|publication_date)\b[^<>]{0,200}>([^<]{0,2100}|\s*<!\[CDATA\[[^<]{0,2100})<"
)
_ENTRY = re.compile(r"<(?:\w+:)?(?:url|sitemap)\s*>")
_INDEX = re.compile(r"<(?:\w+:)?sitemapindex\b")


def read_sitemap(source: Source, page: Fetched) -> ListPage:
    """Entries of a sitemap; of an index, the sitemaps it names (``lists``).

    Read as text: a sitemap may have 50 MB, of which a tree would take ten times the memory, and no entity
    but the five of XML may stand in it.
    """
    data, problems = _unpacked(page.data)
    text = text_of(Fetched(page.url, data, page.media_type, page.charset), MAX_XML_BYTES)
    is_index = bool(_INDEX.search(text[:5000]))
    found = []
    starts = [m.start() for m in _ENTRY.finditer(text)][: MAX_ADDRESSES + 1]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=False):
        parts: dict[str, str] = {}
        for m in _LOC.finditer(text, start, min(end, start + 10_000)):
            parts.setdefault(
                m[1], unescape(m[2].strip().removeprefix("<![CDATA[").removesuffix("]]>").strip())
            )
        if address := absolute(page.url, parts.get("loc", "")):
            date = field_date(parts.get("publication_date")) or field_date(parts.get("lastmod"))
            found.append(Entry(address, squeezed(parts.get("title", "")) or None, date))
    if len(found) > MAX_ADDRESSES:
        problems += (f"more than {MAX_ADDRESSES} addresses; the rest is left out",)
        found = found[:MAX_ADDRESSES]
    if not found:
        problems += ("no <loc> in the answer",)
    if is_index:
        return ListPage((), problems=problems, lists=tuple(dict.fromkeys(e.url for e in found)))
    return ListPage(tuple(dict.fromkeys(found)), problems=problems)


def _unpacked(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    if not data.startswith(b"\x1f\x8b"):
        return data, ()
    unpacker = zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(data, MAX_XML_BYTES)
    except zlib.error as error:
        return b"", (f"cannot be unpacked: {error}",)
    if unpacker.unconsumed_tail:
        return text, (f"unpacks to more than {MAX_XML_BYTES // 1_000_000} MB; the rest is left out",)
    return text, ()
