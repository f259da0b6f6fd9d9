"""Traps: lists without an end, told from long ones by what they bring.

A list page that brings an entry which its list has not had yet is never a reason to stop, so a long list is read to
its end (``max_list_pages`` is the only limit). A barren page is; how many of them in a row are borne depends on what
else speaks against going on. The one rule apart from this is the calendar: no notice is from a year to come.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from policy_corpus.collect.crawl.addresses import without_session

BARREN_PAGES = 3
"""Pages in a row that only repeat entries. Portals repeat one at most (first page under two addresses)."""
SAME_PAGES = 2
"""Pages in a row that are, as a whole, like one before."""
EMPTY_PAGES = 12
"""Pages in a row without any entry: a year of an archive by months may be empty."""
REPEATS = 3
"""Times that a run of path segments or a parameter may stand in an address one after the other, less one."""
MAX_PARAMETERS = 20
YEARS = 1949, 1
"""The first year that a list by dates may lead to, and how far after the present one."""

_YEAR_NAME = re.compile(r"(?:yr|year|nf|nian|date|month|ym|rq|riqi)\Z", re.IGNORECASE)
_YEAR = re.compile(r"((?:1[5-9]|2\d)\d\d)(?:[-/._]?(?:0?[1-9]|1[0-2]))?(?:[-/._]?\d{1,2})?\Z")
_YEAR_IN_PATH = re.compile(r"/((?:1[5-9]|2\d)\d\d)(?:/|-)(?:0?[1-9]|1[0-2])(?=[/\-.]|\Z)")


@dataclass(slots=True)
class _List:
    """What one list has had so far; entries and pages by their 64-bit digests."""

    entries: set[int] = field(default_factory=set)
    contents: set[str] = field(default_factory=set)
    addresses: set[int] = field(default_factory=set)
    barren: int = 0
    same: int = 0
    empty: int = 0


class ListWatch:
    """Watches the list pages of one source in one run.

    A list is the chain from a start page along its next pages; what another list had does not count.

    Parameters
    ----------
    year
        The present one.
    """

    def __init__(self, year: int) -> None:
        self._last_year = year + YEARS[1]
        self._lists: dict[str, _List] = {}

    def read(
        self,
        address: str,
        entries: Iterable[str],
        digest: str,
        following: str,
        number: int = 1,
        pages: int | None = None,
    ) -> str | None:
        """Why a list page's next page should not be asked for, or None.

        Parameters
        ----------
        address, following
            Of this page and the next.
        entries
            Addresses of the entries on this page.
        digest
            Of the page's bytes.
        number
            Which page of its list this is, from 1.
        pages
            How many pages the list says it has.

        Returns
        -------
        str or None
            The detail of an ``endless_list`` issue.
        """
        chain = self._lists.pop(address, None) or _List()
        self._lists[following] = chain
        keys = {_key(without_session(entry)) for entry in entries}
        fresh = keys - chain.entries
        chain.entries |= fresh
        chain.same = chain.same + 1 if digest in chain.contents else 0
        chain.contents.add(digest)
        chain.barren = 0 if fresh else chain.barren + bool(keys)
        chain.empty = 0 if fresh else chain.empty + (not keys)
        chain.addresses.add(_key(without_session(address)))
        stop = self._another_time(year_in_query(following))
        return stop or (None if fresh else self._why(chain, following, number, pages))

    def _another_time(self, year: int | None) -> str | None:
        if year is None or YEARS[0] <= year <= self._last_year:
            return None
        return f"its next page is of the year {year}"

    def _why(self, chain: _List, following: str, number: int, pages: int | None) -> str | None:
        if pages is not None and number > pages:
            return f"page {number} of {pages} repeats what was there"
        grown = grows(following) or self._another_time(year_in_path(following))
        if grown:
            return grown
        if _key(without_session(following)) in chain.addresses:
            return "it leads back to a page that was read"
        if chain.same >= SAME_PAGES:
            return f"{chain.same} pages in a row are like one before"
        if chain.barren >= BARREN_PAGES:
            return f"{chain.barren} pages in a row brought no new entry"
        if chain.empty >= EMPTY_PAGES:
            return f"{chain.empty} pages in a row have no entry"
        return None


def grows(address: str) -> str | None:
    """How an address shows that it grows from page to page (``/a/b/a/b/a/b/``, ``?p=1&p=2&p=3``), or None."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    segments = [segment for segment in parts.path.split("/") if segment]
    if _repeats(segments):
        return "its addresses repeat themselves"
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    if len(names) > MAX_PARAMETERS or any(names.count(name) >= REPEATS for name in set(names)):
        return "its addresses grow from page to page"
    return None


def _repeats(segments: list[str]) -> bool:
    """Whether a run of segments stands three times on end."""
    for length in range(1, len(segments) // REPEATS + 1):
        run = 0
        for place in range(length, len(segments)):
            run = run + 1 if segments[place] == segments[place - length] else 0
            if run >= length * (REPEATS - 1):
                return True
    return False


def year_in_query(address: str) -> int | None:
    """The year that a calendar's address asks for (``?year=2031&month=5``, ``?date=2031-05-01``), or None."""
    try:
        query = urlsplit(address).query
    except ValueError:
        return None
    years = (_YEAR.match(value) for name, value in parse_qsl(query) if _YEAR_NAME.match(name))
    return next((int(match[1]) for match in years if match), None)


def year_in_path(address: str) -> int | None:
    """The year in a path like ``/2031/05/``, or None. It may as well be the number of a column."""
    found = _YEAR_IN_PATH.search(address)
    return int(found[1]) if found else None


def _key(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
