"""robots.txt: asked for once for each site, before anything else is (RFC 9309)."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from protego import Protego

from policy_corpus.collect.crawl.manners import TOKEN
from policy_corpus.collect.crawl.troubles import Trouble

REST = 10.0
"""Seconds for which a robots.txt that cannot be read is not asked for again: shorter than the waits between the tries
of one address, so that a short failure costs no page."""
MAX_CRAWL_DELAY = 120.0
"""Seconds; a longer Crawl-delay counts as this."""


class UnreachableError(Exception):
    """There may be rules, but they cannot be read: until they can, nothing is allowed."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.detail)
        self.trouble = trouble


class Rules:
    """What one robots.txt says to us."""

    def __init__(self, data: bytes) -> None:
        self._rules = Protego.parse(data.decode("utf-8-sig", "replace"))

    def allows(self, url: str) -> bool:
        """Whether the address may be asked for."""
        return bool(self._rules.can_fetch(url, TOKEN))

    @property
    def delay(self) -> float:
        """Seconds between requests that it asks for; 0 for none."""
        return min(float(self._rules.crawl_delay(TOKEN) or 0.0), MAX_CRAWL_DELAY)


class RobotsFiles:
    """The rules of all sites of a run.

    Parameters
    ----------
    clock
        Seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: dict[str, asyncio.Future[Rules | None]] = {}
        self._closed: dict[str, tuple[float, Trouble]] = {}

    async def rules(self, site: str, ask: Callable[[str], Awaitable[tuple[int, bytes]]]) -> Rules | None:
        """Rules of a site, None where everything is allowed. All that wait for the same site ask once.

        Parameters
        ----------
        site
            ``https://host:port``.
        ask
            Gives status and content of an address, or raises :class:`UnreachableError`.

        Raises
        ------
        UnreachableError
            The site's robots.txt cannot be read. It is asked for again after a short rest.
        """
        until, trouble = self._closed.get(site, (0.0, None))
        if trouble and self._clock() < until:
            raise UnreachableError(trouble)
        if site not in self._asked:
            self._asked[site] = asyncio.ensure_future(_read(f"{site}/robots.txt", ask))
        try:
            return await asyncio.shield(self._asked[site])
        except UnreachableError as error:
            self._asked.pop(site, None)
            self._closed[site] = (self._clock() + REST, error.trouble)
            raise


async def _read(url: str, ask: Callable[[str], Awaitable[tuple[int, bytes]]]) -> Rules | None:
    status, data = await ask(url)
    if status >= 500 or status == 429:
        raise UnreachableError(Trouble("robots_unreachable", f"HTTP {status}"))
    return Rules(data) if 200 <= status < 300 else None
