"""A crawl that is killed loses at most the pages in flight; the next one goes on and ends as if nothing had happened."""

import multiprocessing
import os
import signal
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from policy_corpus.collect.crawl.model import Source
from policy_corpus.errors import CorpusError
from policy_corpus.publish.progress import Silent
from policy_corpus.store.store import Store
from tests.collect.crawl.crawls import Corpus
from tests.collect.crawl.site import QUICK, Site

SOURCES = ("trs", "five", "files", "guarded")
CONCURRENT = 2
SLOW = replace(QUICK, concurrent=CONCURRENT, delay=0.02)


def crawl_in(folder: Path, sources: tuple[Source, ...]) -> None:
    """What a process of its own does."""
    Corpus(folder).crawl(*sources)


def started(folder: Path, site: Site, requests: int) -> multiprocessing.process.BaseProcess:
    """A crawl in a process of its own, after so many requests."""
    process = multiprocessing.get_context("spawn").Process(
        target=crawl_in, args=(folder, site.sources(*SOURCES, pace=SLOW))
    )
    process.start()
    wait_for(lambda: len(site.log) >= requests or not process.is_alive())
    assert process.is_alive(), "the crawl ended before it could be stopped"
    return process


def wait_for(true: object, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.005)


def quiet(site: Site) -> None:
    """Nobody asks any more: the crawling process has noticed the death of its parent."""
    count = -1
    while count != len(site.log):
        count = len(site.log)
        time.sleep(0.3)


def check_whole(site: Site, corpus: Corpus) -> None:
    planted = [page.url for page in site.of(*SOURCES)]
    texts = corpus.texts()
    assert sorted(texts) == sorted(planted)
    assert {len(found) for found in texts.values()} == {1}
    assert site.asked("/forbidden/") == []
    again = Counter(path for path in site.asked() if path != "/robots.txt") - Counter(set(site.asked()))
    assert again.total() <= CONCURRENT * len(SOURCES), "more than what was in flight was asked for twice"


@pytest.mark.parametrize("requests", [4, 15, 32])
def test_a_crawl_that_is_killed_is_gone_on_with(tmp_path: Path, requests: int) -> None:
    with Site() as site:
        process = started(tmp_path, site, requests)
        process.kill()
        process.join()
        quiet(site)
        assert len(site.log) < 40, "the crawling process outlived its parent"
        corpus = Corpus(tmp_path)
        corpus.crawl(*site.sources(*SOURCES))
        check_whole(site, corpus)


def test_the_death_of_the_crawling_process_is_told(tmp_path: Path) -> None:
    with Site() as site:
        corpus = Corpus(tmp_path)
        job = corpus.job(site.sources(*SOURCES, pace=SLOW))

        def kill_child() -> None:
            wait_for(lambda: len(site.log) >= 12)
            for child in multiprocessing.active_children():
                child.kill()

        import threading

        from policy_corpus.corpus.collecting.crawl import crawl

        killer = threading.Thread(target=kill_child)
        killer.start()
        with (
            Store.open(tmp_path / "tables") as store,
            pytest.raises(CorpusError, match="crawl again to go on"),
        ):
            crawl(job, store, Silent())
        killer.join()
        assert corpus.captures(), "what came in before is in the table"
        corpus.crawl(*site.sources(*SOURCES))
        check_whole(site, corpus)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_a_stopped_service_end_a_crawl_in_good_order(tmp_path: Path, sent: signal.Signals) -> None:
    with Site() as site:
        process = started(tmp_path, site, 12)
        assert process.pid is not None
        os.kill(process.pid, sent)
        process.join(60)
        assert process.exitcode == 0
        corpus = Corpus(tmp_path)
        kept = len(corpus.captures())
        assert 0 < kept < len(site.of(*SOURCES))
        corpus.crawl(*site.sources(*SOURCES))
        check_whole(site, corpus)
        doubled = Counter(site.asked()) - Counter(set(site.asked()))
        assert set(doubled) <= {"/robots.txt"}, "what was in flight was entered"
