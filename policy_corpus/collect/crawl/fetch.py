"""How an address is asked for: Scrapy set up so that a site's keeper has no complaint and a hostile site no chance.

One of the two doors to Scrapy; the other is the spider. A request says for which source it is made in
``meta["source_id"]``; without it the source is found by its host. Everything a request may do is decided here, for
links, start pages, robots.txt and each hop of a redirect alike:

- its address is within the source's bounds, and what its name resolves to as well (:class:`Resolver`);
- robots.txt admits it (RFC 9309: a robots.txt that cannot be read closes the site for the moment);
- its answer is as small and as quick as the source says, packed and unpacked.

Redirects are followed here and not through the scheduler, so an answer's ``url`` is where it came from in the end and
``meta["redirect_urls"]`` what led there. Nothing is retried here; :func:`trouble_of` says whether it is worth it.
Proxies of the environment are not used: what a proxy connects to could not be checked.
"""

import re
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.resolver import CachingThreadedResolver, dnscache
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.response import get_meta_refresh
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed, DNSLookupError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed
from w3lib.url import safe_url_string

from policy_corpus.collect.crawl.addresses import host_of, hosts_of, on_host
from policy_corpus.collect.crawl.bounds import is_public, private_hosts, refusal
from policy_corpus.collect.crawl.manners import retry_after
from policy_corpus.collect.crawl.model import Pace, Source
from policy_corpus.collect.crawl.packed import is_whole
from policy_corpus.collect.crawl.robots import RobotsFiles, UnreachableError
from policy_corpus.collect.crawl.settings import UNKNOWN_HOST_PACE, settings_for, slot_of
from policy_corpus.collect.crawl.tls import Certificates, bundled_authorities
from policy_corpus.collect.crawl.troubles import Reason, Trouble, of_status

__all__ = ["RefusedError", "settings_for", "status_trouble", "trouble_of"]

REDIRECTS = 10
"""Hops of one address; browsers allow 20, RFC 9309 asks for 5 at least."""
ROBOTS_BYTES = 1_000_000
"""RFC 9309 asks that 500 KiB at least be read."""
REFRESH_SECONDS = 1.0
"""A page that leads on within this time is no page; one that waits longer shows something meanwhile."""

_NUMBER = re.compile(r"\d+")

NETWORK = (
    CannotResolveHostError, DownloadCancelledError, DownloadConnectionRefusedError, DownloadFailedError,
    DownloadTimeoutError, ResponseDataLossError, ConnectionClosed, ConnectError, OSError,
)  # fmt: skip


class RefusedError(IgnoreRequest):
    """A request that is not made, or an answer that is not kept."""

    def __init__(self, reason: Reason, detail: str, after: float | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.trouble = Trouble(reason, detail, after)


def trouble_of(failure: Failure | BaseException) -> Trouble:
    """What went wrong with a request, from what its errback is given.

    Parameters
    ----------
    failure
        A Twisted failure or an exception.
    """
    error = (failure.value or Exception("no error")) if isinstance(failure, Failure) else failure
    if isinstance(error, RefusedError):
        return error.trouble
    if isinstance(error, HttpError):
        return status_trouble(error.response) or Trouble("failed", f"HTTP {error.response.status}")
    causes = _causes(error)
    if any(isinstance(cause, SSL.Error | VerificationError) for cause in causes):
        return Trouble("tls", _said(next(c for c in causes if isinstance(c, SSL.Error | VerificationError))))
    if any(getattr(cause, "decompressed_size", None) for cause in causes):
        return Trouble(
            "too_large", f"it unpacks to more than {getattr(causes[-1], 'max_size', 0) // 1_000_000} MB"
        )
    if isinstance(error, DownloadTimeoutError):
        return Trouble("too_slow", _said(error).partition(" took ")[2] or _said(error))
    if isinstance(error, DownloadCancelledError):
        announced = _NUMBER.search(str(error))
        return Trouble("too_large", f"{int(announced[0]) / 1e6:.1f} MB" if announced else "no end to it")
    if isinstance(error, CannotResolveHostError | DNSLookupError):
        return Trouble("unknown_host", _said(error))
    if isinstance(error, zlib.error | EOFError):
        return Trouble("broken", _said(error))
    if isinstance(error, NETWORK):
        return Trouble("connection", _said(causes[-1]))
    return Trouble("failed", f"{type(error).__name__} {_said(error)}".strip())


def status_trouble(response: Response) -> Trouble | None:
    """The trouble that an answer's status tells of, with the wait that the server asks for."""
    said = response.headers.get("Retry-After")
    return of_status(
        response.status, retry_after(said.decode("latin-1"), datetime.now(UTC)) if said else None
    )


def _causes(error: BaseException) -> list[BaseException]:
    """An error and what led to it; Twisted keeps several reasons in one error."""
    found: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting and len(found) < 20:
        current = waiting.pop(0)
        found.append(current)
        if isinstance(current, ResponseFailed):
            waiting += [reason.value for reason in current.reasons if reason.value is not None]
        if current.__cause__:
            waiting.append(current.__cause__)
    return found


def _said(error: BaseException) -> str:
    """An error in one line of at most 200 characters."""
    if isinstance(error, SSL.Error) and error.args and isinstance(error.args[0], list):
        return "; ".join(str(part[-1]) for part in error.args[0])[:200]
    return " ".join(str(error).split())[:200] or type(error).__name__


def _sources(crawler: Crawler) -> tuple[Source, ...]:
    found: tuple[Source, ...] = crawler.settings["CRAWL_SOURCES"]
    return found


class Resolver(CachingThreadedResolver):
    """Resolves names, and refuses those that lead into a private network.

    Twisted connects to the address that is returned here, so a name cannot be checked with one address and then
    connected to with another (DNS rebinding). IPv4 only; each connection asks here, also for spelled-out addresses.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """As in Scrapy."""
        made = super().from_crawler(crawler, reactor)
        made.private = private_hosts(_sources(crawler))
        return made

    private: frozenset[str] = frozenset()

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Any:  # noqa: N802
        """As in Twisted; a refused name fails with :class:`PrivateNameError`."""
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if name.rstrip(".").lower() not in self.private and not is_public(address):
            raise PrivateNameError(f"{name} is {address}")
        return address


class PrivateNameError(DNSLookupError):
    """A public name whose address is private. Twisted takes it for a name without an address."""


class _Part:
    """A downloader middleware that knows the crawl it is part of."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.sources = {source.id: source for source in _sources(crawler)}
        self.private = private_hosts(self.sources.values())
        self.files = RobotsFiles()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As in Scrapy."""
        return cls(crawler)

    @property
    def downloader(self) -> Any:
        """Scrapy's, with the pace of each host."""
        engine = self.crawler.engine
        assert engine
        return engine.downloader

    async def fetch(self, request: Request) -> Response:
        """The answer to a request of our own; it passes all middlewares, but not the scheduler and the spider."""
        engine = self.crawler.engine
        assert engine
        return await engine.download_async(request)


class Guard(_Part):
    """Refuses what the source of a request may not ask, and gives the request the limits of its source."""

    def process_request(self, request: Request) -> None:
        """As in Scrapy."""
        source = self._source(request)
        if source is None:
            raise RefusedError("foreign_host", host_of(request.url))
        refused = refusal(source, request.url, redirected=bool(request.meta.get("redirect_urls")))
        if refused:
            raise RefusedError(refused.reason, refused.detail)
        request.meta["source_id"] = source.id
        request.meta.setdefault("download_timeout", source.pace.timeout)
        request.meta.setdefault("download_maxsize", source.reach.max_mb * 1_000_000)
        if not source.reach.robots:
            request.meta["dont_obey_robotstxt"] = True

    def process_exception(self, request: Request, exception: Exception) -> None:
        """A name that :class:`Resolver` refused looks like one without an address; it is told apart here."""
        host = urlsplit(request.url).hostname or ""
        address = dnscache.get(host)
        unknown = isinstance(exception, CannotResolveHostError)
        if unknown and address and host not in self.private and not is_public(address):
            raise RefusedError("private_address", f"{host} is {address}") from exception

    def _source(self, request: Request) -> Source | None:
        name = request.meta.get("source_id")
        if name is not None:
            return self.sources[name]
        return next((source for source in self.sources.values() if on_host(source, request.url)), None)


class Robots(_Part):
    """Asks each site's robots.txt first and keeps to its rules and its Crawl-delay."""

    files: RobotsFiles

    async def process_request(self, request: Request) -> None:
        """As in Scrapy."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlsplit(request.url)
        try:
            rules = await self.files.rules(f"{parts.scheme}://{parts.netloc}", partial(self._ask, request))
        except UnreachableError as error:
            raise RefusedError(*error.trouble) from error
        if rules and rules.delay:
            self._slow_down(request, rules.delay)
        if rules and not rules.allows(request.url):
            raise RefusedError("robots", request.url)

    async def _ask(self, cause: Request, url: str) -> tuple[int, bytes]:
        meta = {
            "dont_obey_robotstxt": True,
            "source_id": cause.meta["source_id"],
            "download_maxsize": ROBOTS_BYTES,
        }
        try:
            response = await self.fetch(Request(url, meta=meta, callback=NO_CALLBACK))
        except (IgnoreRequest, *NETWORK) as error:
            trouble = trouble_of(error)
            if trouble.reason in ("redirect_loop", "foreign_host", "bad_address"):
                return 404, b""  # as good as none (RFC 9309, 2.3.1.2)
            raise UnreachableError(trouble) from error
        return response.status, response.body

    def _slow_down(self, request: Request, seconds: float) -> None:
        """The pause between requests grows to what robots.txt asks; it never shrinks."""
        downloader = self.downloader
        key = downloader.get_slot_key(request)
        usual = downloader.per_slot_settings.setdefault(key, slot_of(UNKNOWN_HOST_PACE))
        slower = slot_of(Pace(delay=seconds))
        if usual["delay"] >= slower["delay"]:
            return
        usual.update(slower)
        slot = downloader.slots.get(key)
        if slot:
            slot.delay, slot.jitter, slot.concurrency = slower["delay"], slower["jitter"], 1


class Redirects(_Part):
    """Follows where an answer leads; each hop is a request like any other, with all its checks and pauses."""

    async def process_response(self, request: Request, response: Response) -> Response:
        """As in Scrapy."""
        target = self._target(response)
        if target is None:
            return response
        passed = [*request.meta.get("redirect_urls", []), request.url]
        if target in passed or len(passed) > REDIRECTS:
            raise RefusedError("redirect_loop", f"{len(passed)} hops, the last to {target}")
        meta = {**request.meta, "redirect_urls": passed}
        meta.pop("download_slot", None)
        try:
            following = request.replace(url=target, meta=meta)
        except ValueError as error:  # no address at all
            raise RefusedError("bad_address", f"redirected to {target!r}") from error
        return await self.fetch(following)

    @staticmethod
    def _target(response: Response) -> str | None:
        """The address that a header or a page which is nothing else sends us to."""
        location = response.headers.get("Location")
        if response.status in (301, 302, 303, 307, 308) and location:
            try:
                return urljoin(response.url, safe_url_string(location)).partition("#")[0]
            except ValueError as error:
                raise RefusedError("bad_address", f"redirected to {location[:200]!r}") from error
        if (
            response.status == 200
            and isinstance(response, HtmlResponse)
            and b"refresh" in response.body[:4096].lower()
        ):
            seconds, target = get_meta_refresh(response)
            if target and seconds is not None and seconds < REFRESH_SECONDS:
                return target.partition("#")[0]
        return None


class Unpacking(HttpCompressionMiddleware):
    """Scrapy's, except that a gzip answer which breaks off is not taken for a whole one."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        data = HttpCompressionMiddleware._decode(body, encoding, max_size)
        if encoding in (b"gzip", b"x-gzip") and not is_whole(body, len(data)):
            raise RefusedError("broken", "the packed answer breaks off")
        return data


class Throttle(AutoThrottle):
    """AutoThrottle with a floor for each host instead of one for all; a host without a pause is left alone."""

    def _response_downloaded(self, response: Response, request: Request, spider: Any) -> None:
        slots = self.crawler.engine.downloader.per_slot_settings
        floor = slots.get(request.meta.get("download_slot", ""), slot_of(UNKNOWN_HOST_PACE))["delay"]
        if floor:
            self.mindelay = floor
            super()._response_downloaded(response, request, spider)


class Handler(HTTP11DownloadHandler):
    """Scrapy's, with :class:`Certificates`."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        lax = [source for source in _sources(crawler) if not source.reach.verify_tls]
        places = [urlsplit(f"//{place}") for source in lax for place in hosts_of(source)]
        hosts = frozenset((place.hostname or "", place.port or 443) for place in places)
        lenient = _ScrapyClientContextFactory(verify_certificates=False)
        policy: Any = Certificates(hosts, lenient, bundled_authorities())
        self._contextFactory = policy
        self._pool.maxPersistentPerHost = max(
            (source.pace.concurrent for source in _sources(crawler)), default=1
        )
