"""A corpus that crawls the local site: what the tests of the spider, of resuming and of the second crawl share."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from policy_corpus.collect.captures import CAPTURES, read_capture
from policy_corpus.collect.crawl.model import CrawlSettings, Source
from policy_corpus.corpus.collecting.crawl import CrawlReport, Job, crawl, ledger_rows
from policy_corpus.publish.progress import Silent
from policy_corpus.records import Capture
from policy_corpus.store import tables
from policy_corpus.store.store import Store

SETTINGS = CrawlSettings(contact="keeper@example.org", concurrent=16)


def at_once(attempt: int, asked: float | None, address: str) -> float:
    """A back-off that costs a test no time."""
    return 0.01


class Corpus:
    """The folder of a corpus and what a crawl needs of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with Store.open(folder / "tables", create=True):
            pass

    def crawl(self, *sources: Source, **options: Any) -> CrawlReport:
        settings = options.pop("settings", SETTINGS)
        with Store.open(self.folder / "tables") as store:
            return crawl(self.job(sources, settings, **options), store, Silent())

    def job(self, sources: tuple[Source, ...], settings: CrawlSettings = SETTINGS, **options: Any) -> Job:
        return replace(Job(self.folder, sources, settings, 10**8, back_off=at_once), **options)

    def captures(self) -> list[Capture]:
        with Store.open(self.folder / "tables", read_only=True) as store:
            return list(store.records(tables.CAPTURES, order_by=["capture_id"]))

    def texts(self) -> dict[str, list[bytes]]:
        found: dict[str, list[bytes]] = {}
        for capture in self.captures():
            found.setdefault(capture.source, []).append(read_capture(self.folder / CAPTURES, capture))
        return found

    def issues(self) -> dict[str, str]:
        with Store.open(self.folder / "tables", read_only=True) as store:
            return {issue.source: issue.reason for issue in store.records(tables.ISSUES)}

    def ledger(self) -> dict[str, dict[str, Any]]:
        return {row["url"]: row for row in ledger_rows(self.folder)}
