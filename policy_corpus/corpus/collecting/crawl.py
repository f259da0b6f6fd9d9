"""A crawl of a corpus: a child process asks the sources, this one enters what comes in the table of captures.

The child (Scrapy's reactor cannot be started twice in one process) writes two things: the WARC files and the
ledger. Both can be killed at any moment: what lies in the WARC files and is not in the table is found when the
archive is next opened, what the ledger has not seen answered is asked for again.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policy_corpus.collect.captures import CAPTURES, CaptureArchive
from policy_corpus.collect.crawl.manners import back_off, seconds_until_open
from policy_corpus.collect.crawl.model import CrawlSettings, Source
from policy_corpus.collect.crawl.sources import read_sources_file
from policy_corpus.config import SOURCES_FILE, Settings
from policy_corpus.corpus.collecting.crawl_report import CrawlReport, conclude
from policy_corpus.corpus.collecting.intake import last_places
from policy_corpus.errors import CorpusError, PolicyCorpusError, SettingsError
from policy_corpus.publish.progress import Progress, Silent
from policy_corpus.records import Capture
from policy_corpus.store import crawl_ledger, tables
from policy_corpus.store.crawl_ledger import LEDGER_FILE, CrawlLedger

if TYPE_CHECKING:
    from policy_corpus.collect.crawl.walker import Told
    from policy_corpus.store.store import Store

LOG_FILE = "crawl.log"
DONE = ("done", None)
"""What the child tells last."""
CAPTURES_AT_ONCE = 256
"""Captures that are entered in the table in one go: each time leaves a fragment there."""
END_SECONDS = 30.0
"""For a process that said that it is done, or whose pipe broke, to come to its end."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the child process is told."""

    folder: Path
    sources: tuple[Source, ...]
    crawl: CrawlSettings
    rotate_bytes: int
    last_known: dict[str, int] = field(default_factory=dict)
    orphans: dict[str, str] = field(default_factory=dict)
    full: bool = False
    recheck: bool = False
    dry: bool = False
    limit: int | None = None
    back_off: Callable[[int, float | None, str], float] = back_off


def crawl_corpus(
    folder: Path,
    settings: Settings,
    store: "Store | None",
    *,
    source: str | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    full: bool = False,
    recheck: bool = False,
    progress: Progress | None = None,
) -> CrawlReport:
    """Ask the sources of a corpus for what is new or changed.

    A run that was cut short is gone on with. Ctrl-C ends it after the answers that are under way, a second one
    at once.

    Parameters
    ----------
    folder : Path
        The corpus.
    store : Store or None
        Its tables, open for writing; a dry run needs none.
    source : str, optional
        Id of the one source to ask.
    limit : int, optional
        Items asked for in each source; the rest waits for the next crawl.
    dry_run : bool
        Walk the list pages, keep nothing, and say which items would be asked for.
    full : bool
        Read all list pages, also behind those that hold known items only.
    recheck : bool
        Ask for all known items again, conditionally.

    Raises
    ------
    SettingsError
        ``sources.toml`` cannot be used or has no source of that id.
    CorpusError
        The archive or the ledger cannot be used, or the child process died.
    """
    if not isinstance(folder, Path):
        raise CorpusError(
            f"a crawl keeps its ledger ({LEDGER_FILE}, SQLite) in the corpus, and SQLite cannot work in a bucket",
            str(folder),
            "crawl in a folder, then copy the folder into the bucket as it is",
        )
    path = folder / SOURCES_FILE
    known = read_sources_file(path)
    chosen = (known.get(source),) if source else known.sources
    if not chosen:
        raise SettingsError(
            "there is no source to crawl", str(path), "describe one there in a [[source]] table"
        )
    job = Job(
        folder, chosen, known.settings, settings.add.warc_mb * 10**6,
        full=full, recheck=recheck, dry=dry_run, limit=limit,
    )  # fmt: skip
    return crawl(job, store, progress or Silent())


def crawl(job: Job, store: "Store | None", progress: Progress) -> CrawlReport:
    """Run a job; see :func:`crawl_corpus`."""
    report = CrawlReport()
    if job.dry:
        store = None
    if store is not None:
        report.captured += recover(job, store)
        job = replace(job, last_known=last_places(store), orphans=_reconciled(job, store))
    progress.stage("crawl", None)
    try:
        with _ended_as_by_ctrl_c():
            _watch(_Child(job), job, store, report, progress)
    finally:
        if store is not None:
            report.captured += recover(job, store)
    if store is not None:
        conclude(job.sources, job.folder / LEDGER_FILE, store, report, limited=job.limit is not None)
    return report


def recover(job: Job, store: "Store") -> int:
    """Enter captures that a killed run left in the WARC files; returns how many."""
    with CaptureArchive(job.folder / CAPTURES, last_places(store), rotate_bytes=job.rotate_bytes) as archive:
        store.upsert(tables.CAPTURES, archive.recovered)
        return len(archive.recovered)


def _reconciled(job: Job, store: "Store") -> dict[str, str]:
    """Make the ledger forget captures that are lost; returns those that it does not name, with their times."""
    files = {path.name for path in (job.folder / CAPTURES).iterdir()}
    crawled: dict[str, str] = {}
    names = ["capture_id", "captured_at", "warc_file", "origin"]
    for batch in store.scan(tables.CAPTURES, names, batch_rows=4096):
        crawled.update(
            (row["capture_id"], row["captured_at"])
            for row in batch.to_pylist()
            if row["origin"] and row["warc_file"] in files
        )
    with CrawlLedger.open(job.folder / LEDGER_FILE) as ledger:
        ledger.forget_lost(set(crawled))
        named = ledger.captures()
    return {key: taken for key, taken in crawled.items() if key not in named}


def ledger_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The ledger's addresses as plain rows, for exports; none where nothing was crawled."""
    return crawl_ledger.ledger_rows(folder / LEDGER_FILE)


# The child process and its watch.


class _Child:
    """A spawned process that crawls and tells what it does through a pipe."""

    def __init__(self, job: Job) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, job), daemon=True)
        with _deaf_to_ctrl_c():
            self.process.start()
        theirs.close()

    def hear(self) -> tuple[str, Any] | None:
        """What it tells next; None when it ended."""
        try:
            message: tuple[str, Any] = self.pipe.recv()
        except (EOFError, OSError):
            return None
        return message

    def stop(self) -> None:
        """Ask it to end after the answers that are under way."""
        with contextlib.suppress(OSError):
            self.pipe.send("stop")

    def bury(self) -> int | None:
        """Wait for its end, which is made sure of; returns its exit code."""
        self.process.join(END_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.pipe.close()
        return self.process.exitcode


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes that are started meanwhile do not hear Ctrl-C, which in a terminal goes to all of the group."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """What else asks a process to end (a service that is stopped, a terminal that is closed) is heard like Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kinds = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [(kind, signal.signal(kind, signal.default_int_handler)) for kind in kinds]
    try:
        yield
    finally:
        for kind, handler in before:
            signal.signal(kind, handler)


def _watch(child: _Child, job: Job, store: "Store | None", report: CrawlReport, progress: Progress) -> None:
    going, done = True, False
    captures: list[Capture] = []
    try:
        while going:
            try:
                message = child.hear()
                done = message == DONE
                going = message is not None and not done
                if message:
                    captures += _heard(report, progress, *message)
                if store is not None and (len(captures) >= CAPTURES_AT_ONCE or not going):
                    report.captured += store.upsert(tables.CAPTURES, captures)
                    captures = []
            except KeyboardInterrupt:
                if report.stopped:
                    raise
                report.stopped = True
                child.stop()
    finally:
        if going:
            child.process.kill()
        code = child.bury()
    if not done:
        raise CorpusError(
            f"the crawling process ended before it was done (exit {code})",
            str(job.folder / LOG_FILE),
            "what came in is kept; crawl again to go on",
        )


def _heard(report: CrawlReport, progress: Progress, kind: str, told: Any) -> Sequence[Capture]:
    """Take in what the child tells; returns the captures in it."""
    if kind == "told":
        progress.advance(told.states.total())
        captures: Sequence[Capture] = told.captures
        return captures
    if kind == "planned":
        report.planned += told
    elif kind == "resting":
        report.resting = told
    elif kind == "error":
        raise told
    return ()


def _serve(pipe: Connection, job: Job) -> None:
    """What the child process does."""
    if not job.dry:  # what it dies of is written where the parent's message points to
        sys.stderr = (job.folder / LOG_FILE).open("a", encoding="utf-8", buffering=1)
    try:
        _crawl_here(pipe, job)
    except PolicyCorpusError as error:
        pipe.send(("error", error))
    else:
        pipe.send(DONE)


def _crawl_here(pipe: Connection, job: Job) -> None:
    from policy_corpus.collect.crawl import frontier as order
    from policy_corpus.collect.crawl.code import readers_of
    from policy_corpus.collect.crawl.settings import settings_for
    from policy_corpus.collect.crawl.spider import Run, run_spider
    from policy_corpus.collect.crawl.walker import Plan, Walker

    sources = {source.id: source for source in job.sources}
    scrapy_settings = settings_for(job.crawl, job.sources, None if job.dry else str(job.folder / LOG_FILE))
    roles = ("list",) if job.dry else order.ALL_ROLES
    budget = order.Budget(job.crawl.max_requests, job.limit, roles)
    with contextlib.ExitStack() as stack:
        ledger = stack.enter_context(CrawlLedger.open(job.folder / LEDGER_FILE, scratch=job.dry))
        archive = None if job.dry else stack.enter_context(
            CaptureArchive(job.folder / CAPTURES, job.last_known, rotate_bytes=job.rotate_bytes)
        )  # fmt: skip

        def tell(told: "Told") -> None:
            if archive:
                archive.sync()
            _send(pipe, ("told", told))

        readers = {source.id: readers_of(source, job.folder) for source in job.sources}
        plan = Plan(job.full, job.recheck, job.dry)
        walker = Walker(sources, ledger, archive, readers, plan, _now, job.orphans)
        walker.begin()
        waiting = order.Frontier(sources, ledger, budget, _opens)
        walker.on_added = waiting.added
        run = Run(sources, walker, waiting, job.back_off, tell)
        run_spider(run, scrapy_settings, lambda: _told_to_stop(pipe))
        _send(pipe, ("resting", waiting.resting()))
        if job.dry:
            for source in job.sources:
                planned = ledger.all_waiting(source.id)
                _send(
                    pipe,
                    ("planned", [(w.source_id, w.url, w.title, w.date) for w in planned if w.role != "list"]),
                )


def _send(pipe: Connection, message: tuple[str, Any]) -> None:
    try:
        pipe.send(message)
    except OSError:  # the parent is gone; whoever crawls next goes on from the ledger
        os._exit(1)


def _told_to_stop(pipe: Connection) -> bool:
    """Wait for the parent's word; end at once when the parent is gone, so that nobody writes beside its heir."""
    try:
        pipe.recv()
    except (EOFError, OSError):
        os._exit(1)
    return True


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _opens(hours: str, now: float) -> float:
    """When a source with these hours may next be asked."""
    return now + seconds_until_open(hours, datetime.fromtimestamp(now, UTC))
