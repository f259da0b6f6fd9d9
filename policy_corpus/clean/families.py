"""Which captures belong together: the pages of an article, and what the same address gave at other times.

Captures are kept for ever; of what one address gave, the newest speaks. Order in time is that of
capture, then of place in the archive.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from policy_corpus.clean.article import missing_pages
from policy_corpus.clean.duplicates import overlap, shingles
from policy_corpus.records import Capture, Document, content_id

Moment = tuple[str, int, str, int]
MOST_PAGES = 1000
"""Pages of one article that are believed; a pager may claim any number."""
SUPERSEDED = "superseded"
"""Flag of a document whose page has changed since."""


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an article: its pages in order, of ``total`` that it has. Most have one."""

    pages: tuple[Capture, ...]
    total: int = 1

    @property
    def lead(self) -> Capture:
        """The capture whose id and address the documents bear: page 1, or the first that is there."""
        return self.pages[0]

    @property
    def missing(self) -> list[int]:
        """Numbers of the pages that are not there."""
        return missing_pages([_number(page) for page in self.pages], self.total)


def unit_key(capture: Capture) -> str:
    """What the captures that are cleaned together share: the address of the article's first page.

    A page without a crawl's word, and an attachment, stand for themselves: theirs is their own address.
    """
    origin = capture.origin
    return origin.family if origin is not None and origin.role == "page" else capture.source


def moment(capture: Capture) -> Moment:
    """When a capture was taken; later ones sort behind."""
    return capture.captured_at, len(capture.warc_file), capture.warc_file, capture.warc_offset


def fingerprint(capture: Capture) -> str:
    """Digest of what documents depend on beside the bytes and the cleaner's code."""
    origin = repr(capture.origin) if capture.origin else None
    return content_id(
        capture.capture_id,
        *map(str, moment(capture)),
        capture.media_type,
        capture.charset,
        capture.url,
        origin,
    )


def versions(captures: Sequence[Capture]) -> list[Version]:
    """States of the article that the captures of one unit show, newest first.

    Each capture of page 1 is a state. Its later pages are the newest that were taken before page 1 was taken
    again: a page that has not changed since an earlier crawl is not taken twice. Without any page 1 the
    newest captures of the later pages are the only state.
    """
    ordered = sorted(captures, key=moment)
    firsts = [c for c in ordered if _number(c) == 1]
    later = [c for c in ordered if _number(c) > 1]
    if not firsts:
        newest = {_number(c): c for c in later}
        total = max(max(_number(c), _pages(c)) for c in newest.values())
        return [Version(tuple(newest[n] for n in sorted(newest)), total)]
    found = []
    for place, first in enumerate(firsts):
        until = moment(firsts[place + 1]) if place + 1 < len(firsts) else None
        in_time = [c for c in later if until is None or moment(c) < until]
        found.append(_version(first, in_time))
    return found[::-1]


def pages_of(capture: Capture, captures: Sequence[Capture]) -> tuple[Capture, ...]:
    """The captures whose texts, in this order, make the source text of a capture's documents."""
    for version in versions(captures):
        if version.lead.capture_id == capture.capture_id:
            return version.pages
    return (capture,)


def marked(results: Sequence[Sequence[Document]]) -> list[tuple[Document, ...]]:
    """Documents of each version, newest first, with the earlier ones marked.

    The newest version that has a text speaks. A document of an earlier one names the newest document of
    the same part, or its last part where it has fewer; ``similarity`` is their overlap.
    """
    speaker: dict[int, Document] = {}
    out: list[tuple[Document, ...]] = []
    for documents in results:
        if not speaker:
            out.append(tuple(documents))
            speaker = {d.part: d for d in documents}
            continue
        out.append(tuple(_superseded(d, speaker[min(d.part, max(speaker))]) for d in documents))
    return out


def _superseded(document: Document, newest: Document) -> Document:
    return replace(
        document,
        flags=tuple(sorted({*document.flags, SUPERSEDED})),
        superseded_by=newest.document_id,
        same_as=newest.document_id,
        similarity=round(overlap(shingles(document.body), shingles(newest.body)), 3),
    )


def _version(first: Capture, later: Collection[Capture]) -> Version:
    """Page 1 with its later pages.

    How many there are is said by page 1, by the pages taken with it or after, and by each page in turn where
    pages name only the next one.
    """
    newest = {_number(c): c for c in later}
    since = [c for c in newest.values() if moment(c) >= moment(first)]
    total = max([_pages(first), *(max(_pages(c), _number(c)) for c in since)])
    number = 2
    while number <= total:
        if number in newest:
            total = max(total, _pages(newest[number]))
        number += 1
    return Version((first, *(newest[n] for n in sorted(newest) if n <= total)), total)


def _number(capture: Capture) -> int:
    origin = capture.origin
    return origin.page if origin is not None and origin.role == "page" else 1


def _pages(capture: Capture) -> int:
    origin = capture.origin
    return min(origin.pages, MOST_PAGES) if origin is not None and origin.role == "page" else 1
