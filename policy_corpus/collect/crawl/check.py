"""A source tried on saved pages: what its rules find, and which of them fail."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from policy_corpus.collect.crawl.addresses import admitted, host_of, on_host
from policy_corpus.collect.crawl.code import CodeError, Readers, readers_of
from policy_corpus.collect.crawl.model import Entry, Fetched, ItemPage, ListPage, Source
from policy_corpus.collect.crawl.pages import is_html, text_of

SAVED_FOLDER = "sources"
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,5}\)(\S{1,2000})\s*-->")
_CANONICAL = re.compile(
    r"""<link\b[^<>]{0,200}?\brel=["']?canonical["']?[^<>]{0,200}?\bhref=["']?(https?://[^"'\s>]{1,2000})""",
    re.I,
)
_ENDINGS = (".html", ".htm", ".shtml", ".json", ".xml", ".js", ".jsp", ".gz", ".txt")
_TYPES = {
    ".json": "application/json",
    ".xml": "text/xml",
    ".js": "text/javascript",
    ".gz": "application/gzip",
}
_MAX_SAVED = 50_000_000


@dataclass(frozen=True, slots=True)
class CheckRow:
    """What a source's rules found on one saved page; it is well when there are no ``problems``."""

    source_id: str
    page: str
    role: Literal["list", "item", ""]
    problems: tuple[str, ...] = ()
    entries: int = 0
    """Entries of a list page within the source's reach."""
    dated: int = 0
    outside: int = 0
    """Entries of a list page outside the source's reach."""
    first: Entry | None = None
    last: Entry | None = None
    next: str | None = None
    """The next list page, or the article's next page."""
    pages: int | None = None
    """Pages that the list or the article states."""
    title: str | None = None
    date: str | None = None
    attachments: int = 0
    images: int = 0


def check_source(
    source: Source, pages: Mapping[str, Fetched], readers: Readers | None = None
) -> tuple[CheckRow, ...]:
    """Try a source on saved pages.

    Parameters
    ----------
    source
        The source.
    pages
        Saved pages by name. A name that begins with ``item`` is an item's page, every other a list page.
    readers
        Its own code, if it has any.
    """
    readers = readers or Readers()
    rows: list[CheckRow] = []
    first: Entry | None = None
    for name in sorted(pages, key=lambda n: (_role(n) == "item", n)):
        page = pages[name]
        if _role(name) == "item" and not page.url:
            page = replace(page, url=first.url if first else source.start[0])
        elif not page.url:
            page = replace(page, url=source.start[0])
        try:
            if _role(name) == "item":
                rows.append(_item_row(source, name, page, readers.read_item(source, page)))
            else:
                rows.append(_list_row(source, name, page, readers.read_list(source, page)))
                first = first or rows[-1].first
        except CodeError as error:
            rows.append(CheckRow(source.id, name, _role(name), (str(error),)))
    return tuple(rows)


def _role(name: str) -> Literal["list", "item"]:
    return "item" if name.lower().startswith("item") else "list"


def _list_row(source: Source, name: str, page: Fetched, found: ListPage) -> CheckRow:
    within = [e for e in found.entries if admitted(source, e.url)]
    outside = len(found.entries) - len(within)
    problems = list(found.problems)
    if outside and not within:
        problems.append(f"all {outside} entries lie outside the reach; {_why_outside(source, found.entries)}")
    if not found.entries and not found.lists and not found.problems:
        problems.append("no entries")
    untitled = sum(e.title is None for e in within)
    if untitled and source.kind not in ("sitemap", "page"):
        problems.append(f"{untitled} of {len(within)} entries have no title")
    if found.next is None and found.pages and found.pages > 1 and source.kind == "list":
        problems.append(
            f"the page states {found.pages} pages, but no next page is found: name it in [source.list] next"
        )
    if found.next and not on_host(source, found.next):
        problems.append(f"the next page {found.next} lies on a host that [source.reach] hosts does not name")
    return CheckRow(
        source.id, name, "list", tuple(problems), len(within), sum(e.date is not None for e in within), outside,
        within[0] if within else None, within[-1] if within else None, found.next or next(iter(found.lists), None),
        found.pages,
    )  # fmt: skip


def _why_outside(source: Source, entries: Iterable[Entry]) -> str:
    foreign = sorted({host_of(e.url) for e in entries if not on_host(source, e.url)})
    if foreign:
        return f"name their hosts in [source.reach] hosts: {', '.join(foreign[:5])}"
    return "include or exclude in [source.reach] keeps them out"


def _item_row(source: Source, name: str, page: Fetched, found: ItemPage) -> CheckRow:
    problems = list(found.problems)
    if not is_html(page):
        problems.append("is no HTML page")
    elif not found.title:
        problems.append("no title found: name it in [source.item] title")
    if found.pages > 1 and not found.following:
        problems.append(f"the article states {found.pages} pages, but no address of another page is found")
    return CheckRow(
        source.id, name, "item", tuple(problems), next=found.following[0] if found.following else None,
        pages=found.pages, title=found.title, date=found.date, attachments=len(found.attachments), images=found.images,
    )  # fmt: skip


def check_saved(folder: Path, sources: Iterable[Source]) -> list[CheckRow]:
    """Try sources on the pages saved in ``folder/sources/ID/``; a source without saved pages is a problem too.

    Raises
    ------
    SettingsError
        A source's code cannot be loaded.
    """
    rows: list[CheckRow] = []
    for source in sources:
        pages = saved_pages(folder / SAVED_FOLDER / source.id)
        if pages:
            rows += check_source(source, pages, readers_of(source, folder))
        else:
            remedy = f"no saved pages: save a list page as {SAVED_FOLDER}/{source.id}/list.html, an item as item.html"
            rows.append(CheckRow(source.id, "", "", (remedy,)))
    return rows


def saved_pages(folder: Path) -> dict[str, Fetched]:
    """Pages saved in a folder, by name, with the address that the browser or the page itself wrote into them."""
    if not folder.is_dir():
        return {}
    pages = {}
    for path in sorted(folder.iterdir()):
        ending = path.suffix.lower()
        if path.is_file() and ending in _ENDINGS and path.stat().st_size <= _MAX_SAVED:
            data = path.read_bytes()
            pages[path.name] = Fetched(address_of(data), data, _TYPES.get(ending, "text/html"))
    return pages


def address_of(data: bytes) -> str:
    """The address that a saved page tells of itself; empty if it tells none."""
    text = text_of(Fetched("", data[:100_000]))
    match = _SAVED_FROM.search(text) or _CANONICAL.search(text)
    return match[1] if match and match[1].startswith(("http://", "https://")) else ""
