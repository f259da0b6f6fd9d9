"""The crawl on Scrapy: a spider that asks what the frontier hands out, and a scheduler that is that frontier.

Scrapy does what it is good at (connections, slots, middlewares); the order, the memory and the rules are ours.
Requests are made from rows of the ledger. Redirects stay in memory: their row still waits, so a crawl that is
killed between two of them begins that address anew.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from policy_corpus.collect.crawl.answers import MESSAGE_BYTES, MESSAGE_CHARACTERS, doubt
from policy_corpus.collect.crawl.fetch import status_trouble, trouble_of
from policy_corpus.collect.crawl.frontier import Frontier
from policy_corpus.collect.crawl.manners import conditional
from policy_corpus.collect.crawl.model import Fetched, Source
from policy_corpus.collect.crawl.pages import Page, words
from policy_corpus.collect.crawl.troubles import Trouble
from policy_corpus.collect.crawl.visits import Answer
from policy_corpus.collect.crawl.walker import Told, Walker
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.records import Wanted

TELL_SECONDS, TELL_CAPTURES = 2.0, 256
"""How often a run tells of itself: after so many seconds or captures."""
UNREACHED = ("connection", "unknown_host", "too_slow", "robots_unreachable")
"""Troubles that speak of the host rather than of the page."""


@dataclass(slots=True)
class Run:
    """What a spider works with. ``tell`` is given what happened since it was last called."""

    sources: Mapping[str, Source]
    walker: Walker
    frontier: Frontier
    back_off: Callable[[int, float | None, str], float]
    tell: Callable[[Told], None]
    fatal: PolicyCorpusError | None = None
    """Why nothing can be kept any more."""


class PortalSpider(Spider):
    """Asks for what waits and enters what comes."""

    name = "policy-corpus"

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run
        self._told_at = time.monotonic()
        self._ending: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "PortalSpider":
        """Made by Scrapy; listens for failures of this program."""
        spider: PortalSpider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.program_failed, signal=signals.spider_error)
        return spider

    async def start(self) -> Any:
        """Nothing: what waits lies in the ledger."""
        for request in list[Request]():
            yield request

    def request(self, wanted: Wanted) -> Request:
        """The request for an address, conditional where an earlier answer allows it."""
        source = self.run.sources[wanted.source_id]
        before = self.run.walker.known(wanted) if wanted.known else None
        kept = before is not None and (before.capture_id or before.says)
        headers = conditional(before.etag, before.last_modified) if before and kept else {}
        meta = {
            "wanted": wanted,
            "source_id": source.id,
            "download_timeout": source.pace.timeout,
            "download_maxsize": source.reach.max_mb * 10**6,
        }
        return Request(
            wanted.url,
            callback=self.answered,
            errback=self.missed,
            headers=headers,
            meta=meta,
            dont_filter=True,
        )

    def answered(self, response: Response) -> None:
        """Enter an answer."""
        wanted: Wanted = response.meta["wanted"]
        trouble = status_trouble(response)
        if trouble:
            self._troubled(wanted, trouble, response.status)
        else:
            answer = _answer(response)
            found = (
                doubt(wanted.role, answer.page, _shown(answer.page), wanted)
                if response.status != 304
                else None
            )
            if found:
                self.run.walker.missed(wanted, found.reason, found.detail, response.status)
            else:
                self.run.walker.answered(wanted, answer)
        self._finished(wanted)

    def missed(self, failure: Failure) -> None:
        """Enter that no answer came."""
        wanted: Wanted = failure.request.meta["wanted"]  # type: ignore[attr-defined]
        trouble = trouble_of(failure)
        self._troubled(wanted, trouble, None)
        self._finished(wanted, reached=trouble.reason not in UNREACHED)

    def program_failed(self, failure: Failure, response: Response | Failure) -> None:
        """Enter that this program failed on a page and go on; end when nothing can be kept (disk full)."""
        wanted: Wanted = response.request.meta["wanted"]  # type: ignore[union-attr]
        if isinstance(failure.value, PolicyCorpusError):
            if self.run.fatal is None:
                self.run.fatal = failure.value
                self._ending = asyncio.ensure_future(self.crawler.stop_async())
            self.run.frontier.returned(wanted)
            return
        detail = f"{type(failure.value).__name__}: {failure.getErrorMessage()}"
        self.run.walker.missed(wanted, "program_error", detail, None)
        self._finished(wanted)

    def tell(self) -> None:
        """Tell what happened since the last time."""
        told, self.run.walker.told = self.run.walker.told, Told()
        self._told_at = time.monotonic()
        self.run.tell(told)

    def _troubled(self, wanted: Wanted, trouble: Trouble, status: int | None) -> None:
        source = self.run.sources[wanted.source_id]
        if trouble.passes and wanted.attempts < source.pace.retries:
            pause = self.run.back_off(wanted.attempts + 1, trouble.after, wanted.url)
            self.run.walker.put_off(wanted, time.time() + pause)
        else:
            self.run.walker.missed(wanted, trouble.reason, trouble.detail, status)

    def _finished(self, wanted: Wanted, reached: bool = True) -> None:
        self.run.frontier.returned(wanted, reached)
        walker = self.run.walker
        if len(walker.told.captures) >= TELL_CAPTURES or time.monotonic() - self._told_at > TELL_SECONDS:
            self.tell()


class LedgerScheduler(BaseScheduler):
    """Hands Scrapy what the frontier hands out; what middlewares send on (redirects) goes first."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._sent_on: deque[Request] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "LedgerScheduler":
        """Made by Scrapy."""
        return cls(crawler)

    @property
    def _spider(self) -> PortalSpider:
        spider = self._crawler.spider
        assert isinstance(spider, PortalSpider)
        return spider

    def close(self, reason: str) -> None:
        """The crawl ends; what waits stays in the ledger."""
        if self._timer:
            self._timer.cancel()
        self._spider.tell()

    def has_pending_requests(self) -> bool:
        """Whether this run has something to ask for, now or soon."""
        return bool(self._sent_on) or self._spider.run.frontier.wakes(time.time()) is not None

    def enqueue_request(self, request: Request) -> bool:
        """Take back what a middleware sends on."""
        self._sent_on.append(request)
        return True

    def next_request(self) -> Request | None:
        """What to ask for now; a timer is set when it is too early."""
        if self._sent_on:
            return self._sent_on.popleft()
        now = time.time()
        wanted = self._spider.run.frontier.next(now)
        if wanted:
            return self._spider.request(wanted)
        wakes = self._spider.run.frontier.wakes(now)
        if wakes is not None and wakes > now and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(wakes - now, self._wake)
        return None

    def _wake(self) -> None:
        self._timer = None
        wanted = self._spider.run.frontier.next(time.time())
        if wanted and self._crawler.engine:
            self._crawler.engine.crawl(self._spider.request(wanted))


def run_spider(run: Run, settings: Mapping[str, Any], stop: Callable[[], bool]) -> None:
    """Crawl until nothing waits that may be asked for, or ``stop`` returns True.

    ``stop`` is called in a thread and waits there; what is being asked for then is still entered.
    """
    process = AsyncCrawlerProcess({**settings, "SCHEDULER": LedgerScheduler, "HTTPERROR_ALLOW_ALL": True})
    loop = asyncio.get_event_loop()
    crawling = process.crawl(PortalSpider, run=run)

    def wait_for_stop() -> None:
        if stop():
            loop.call_soon_threadsafe(lambda: loop.create_task(process.stop()))

    threading.Thread(target=wait_for_stop, daemon=True).start()
    process.start(install_signal_handlers=False)
    if run.fatal:
        raise run.fatal
    if crawling.done() and not crawling.cancelled() and (error := crawling.exception()):
        raise error


def _answer(response: Response) -> Answer:
    media_type, _, rest = _header(response, "Content-Type").partition(";")
    name, _, charset = rest.strip().partition("=")
    declared = charset.strip("\"' ").lower() if name.strip().lower() == "charset" else ""
    page = Fetched(response.url, response.body, media_type.strip().lower(), declared or None)
    return Answer(
        page, _header(response, "ETag") or None, _header(response, "Last-Modified") or None, response.status
    )


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""


def _shown(page: Fetched) -> str:
    if len(page.data) > MESSAGE_BYTES or b"<" not in page.data[:1024]:
        return ""
    return words(Page(page).root, MESSAGE_CHARACTERS + 1)
