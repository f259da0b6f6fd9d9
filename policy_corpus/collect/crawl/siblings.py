"""Which address is another page of the same article: ``t1.html`` → ``t1_2.html``, ``t1.html?page=2``, ``t1/2``.

Words decide what a link says it is; the address must confirm it. The next article (下一篇) has an address of
its own and never looks like a page of this one.
"""

import re
from urllib.parse import parse_qsl, urlsplit

from policy_corpus.collect.crawl.pagers import PAGE_PARAMETERS

MAX_PAGES = 200
"""Pages of one article; the longest galleries of news portals have about a hundred."""

_ENDING = re.compile(r"\.(?:s?html?|php|aspx?|jsp|do|xhtml)\Z", re.IGNORECASE)
_SUFFIX = re.compile(r"(.*[^_\-/])(?:[_-]+|/)(?:p(?:age)?[_-]?)?(\d{1,3})\Z", re.IGNORECASE)
_INDEX = re.compile(r"(?:index|default)\Z", re.IGNORECASE)


def page_in_address(own: str, other: str) -> int | None:
    """The number by which ``other`` counts itself as a page of the article at ``own``.

    0 for its first page where that bears no number; None if it is no page of it.
    """
    host, stem, query, number = _parts(own)
    other_host, other_stem, other_query, other_number = _parts(other)
    if host != other_host:
        return None
    if query == other_query and stem == other_stem and number is None and other_number is not None:
        return other_number  # t1.html?page=2
    if number is not None and (stem, query) == (other_stem, other_query):
        return other_number if other_number is not None else 0  # ?page=2 → ?page=3
    if query != other_query or number is not None or other_number is not None:
        return None
    if (suffix := _added(stem, other_stem)) is not None:
        return suffix  # t1.html → t1_2.html
    own_suffix, other_suffix = _SUFFIX.match(stem), _SUFFIX.match(other_stem)
    if own_suffix and own_suffix[1] == other_stem:
        return 0  # t1_2.html → t1.html
    if own_suffix and other_suffix and own_suffix[1] == other_suffix[1]:
        return int(other_suffix[2])  # t1_2.html → t1_3.html
    return None


def own_number(own: str, others: list[str]) -> int | None:
    """The number in ``own`` by which it is a page among ``others``; None where it bears none."""
    _, stem, _, number = _parts(own)
    if number is not None:
        return number
    if not (match := _SUFFIX.match(stem)):
        return None
    if any(_added(stem, _parts(other)[1]) is not None for other in others):
        return None  # t1_5.html → t1_5_2.html
    return int(match[2])


def is_enlarged(own: str, other: str) -> bool:
    """Whether ``other`` is the article at ``own`` told in another way: ``t1_all.html``, ``t1.html?full=1``."""
    host, stem, query, _ = _parts(own)
    other_host, other_stem, other_query, _ = _parts(other)
    if host != other_host or (stem, query) == (other_stem, other_query):
        return False
    return (stem == other_stem and query <= other_query) or bool(
        query == other_query
        and other_stem.startswith(stem)
        and re.fullmatch(r"[_\-/](?:all|full|whole|0)", other_stem[len(stem) :])
    )


def _added(stem: str, other: str) -> int | None:
    for base in (stem, _INDEX.sub("", stem).rstrip("/")) if _INDEX.search(stem) else (stem,):
        if other.startswith(base):
            match = re.fullmatch(
                r"(?:[_-]+|/)(?:p(?:age)?[_-]?)?(\d{1,3})", other[len(base) :], re.IGNORECASE
            )
            if match:
                return int(match[1])
    return None


def _parts(address: str) -> tuple[str, str, frozenset[tuple[str, str]], int | None]:
    """Host, path without ending, query without its page number, page number of the query."""
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True) if parts.query else []
    number = next(
        (int(v) for k, v in pairs if k.lower() in PAGE_PARAMETERS and v.isdigit() and len(v) < 4), None
    )
    rest = frozenset(
        (k, v) for k, v in pairs if not (k.lower() in PAGE_PARAMETERS and v.isdigit() and len(v) < 4)
    )
    stem = _ENDING.sub("", parts.path.rstrip("/"))
    return parts.netloc.lower(), stem, rest, number
