"""What the crawler speaks of: sources as their table describes them, and what their pages say."""

from dataclasses import dataclass, field
from typing import Literal

SourceKind = Literal["list", "json", "feed", "sitemap", "page"]
"""How a source tells its items: list pages in HTML, a JSON interface, RSS or Atom, a sitemap, or the start pages are
the items themselves."""
SOURCE_KINDS: tuple[SourceKind, ...] = ("list", "json", "feed", "sitemap", "page")


@dataclass(frozen=True, slots=True)
class ListRule:
    """Where a list page holds its items. CSS selectors in HTML, dotted paths in JSON (``data.list``).

    ``link``, ``title`` and ``date`` are looked for inside each of ``items``. ``next`` is a selector of the link to
    the next list page, ``next_url`` a pattern with ``{n}`` (``index_{n}.html``) counted up from ``next_from``.
    ``link_url`` makes an item's address from JSON fields (``https://host/art/{id}.html``).
    """

    items: str = ""
    link: str = ""
    title: str = ""
    date: str = ""
    next: str = ""
    next_url: str = ""
    next_from: int = 1
    link_url: str = ""
    total: str = ""
    """Dotted path to the number of all entries, in JSON; the usual names (``total``, ``totalCount``) need none."""


@dataclass(frozen=True, slots=True)
class ItemRule:
    """Where an item's page holds its parts; what is empty is looked for by general rules or left to the cleaner."""

    title: str = ""
    date: str = ""
    next: str = ""
    attachments: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a host is asked. ``delay``, ``timeout`` in seconds; ``hours`` as ``22:00-06:00``, the source's local time."""

    delay: float = 1.0
    concurrent: int = 1
    timeout: float = 60.0
    retries: int = 3
    hours: str = ""
    max_requests: int = 5000
    """Requests to this source in one run."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a source leads. Hosts beside those of the start pages must be named."""

    hosts: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Regular expressions; an item's address must match one of ``include`` (if any) and none of ``exclude``."""
    max_list_pages: int = 500
    max_item_pages: int = 100
    max_mb: int = 50
    private: bool = False
    """Addresses of a private network are allowed."""
    verify_tls: bool = True
    robots: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """One table of ``sources.toml``."""

    id: str
    start: tuple[str, ...]
    kind: SourceKind = "list"
    name: str = ""
    issuer: str | None = None
    region: str | None = None
    """Six digits."""
    expect: int = 0
    """Items that a full crawl has found at least; fewer is a warning."""
    code: str = ""
    """A Python file beside ``sources.toml`` that reads the pages instead of the rules."""
    listing: ListRule = field(default_factory=ListRule)
    item: ItemRule = field(default_factory=ItemRule)
    pace: Pace = field(default_factory=Pace)
    reach: Reach = field(default_factory=Reach)
    fixes: tuple[tuple[str, str], ...] = ()
    """Literal replacements in addresses, in order: what the site gets wrong."""


@dataclass(frozen=True, slots=True)
class CrawlSettings:
    """The ``[crawl]`` table: what holds for all sources."""

    contact: str = ""
    """Mail address or web page that a site's keeper can turn to; sent with each request."""
    concurrent: int = 8
    max_requests: int = 50_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer of a server."""

    url: str
    data: bytes
    media_type: str = ""
    """As declared, without parameters."""
    charset: str | None = None
    """As declared."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item on a list page, or one attachment: its address (absolute) and what the link says."""

    url: str
    title: str | None = None
    date: str | None = None
    """ISO, as much as is known."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """What a list page says; ``problems`` name the selector that found nothing."""

    entries: tuple[Entry, ...]
    next: str | None = None
    problems: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    """Addresses of further list pages beside ``next``: the sitemaps that a sitemap index names."""
    pages: int | None = None
    """List pages there are, where the page states it."""


@dataclass(frozen=True, slots=True)
class ItemPage:
    """What an item's page says of itself."""

    title: str | None = None
    date: str | None = None
    following: tuple[str, ...] = ()
    """Addresses of the article's pages after this one, as far as this page names them, in order. A page may name
    the next one only: read each page that is fetched."""
    pages: int = 1
    """Pages that the article has, by this page's own links or count."""
    attachments: tuple[Entry, ...] = ()
    images: int = 0
    problems: tuple[str, ...] = ()
