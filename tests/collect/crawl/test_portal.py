"""Acceptance: a bureau's corpus crawls a whole portal, builds it, and crawls it again.

The sources are written as a person would: id, start and kind, no selector (but for the lists that are no lists).
Everything that is planted is found, once;
the server's log holds no request that should not have been made; what failed has its reason; nothing is printed.
"""

import json
import multiprocessing
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from policy_corpus.collect.crawl.sources import read_sources
from policy_corpus.corpus import init_corpus, open_corpus
from policy_corpus.corpus.collecting.crawl import Job, crawl, ledger_rows
from policy_corpus.corpus.collecting.crawl_report import CrawlReport
from policy_corpus.publish.progress import Silent
from policy_corpus.records import Issue
from policy_corpus.store import tables
from policy_corpus.store.store import Store
from tests.collect.crawl.asking import most_memory
from tests.collect.crawl.crawls import at_once
from tests.collect.crawl.site import HARD, Planted, Site
from tests.collect.crawl.site_server import BOMB_MB, Asked

PLAIN = ("trs", "table", "open", "five", "gap", "files", "news", "guarded", "feed", "sitemap", "session")
TRAPS = ("calendar", "endless", "beyond", "grow")
KINDS = {"open": "json", "five": "page", "gap": "page", "feed": "feed", "sitemap": "sitemap"}
DELAY = 0.1
"""Seconds; the source ``news`` runs alone at this pace."""


def sources_toml(site: Site, *ids: str, delay: float = 0.0) -> str:
    """A sources.toml in the short form."""
    parts = ['[crawl]\ncontact = "keeper@example.org"\nconcurrent = 16\n']
    for source in site.sources(*ids):
        rule = (
            ""
            if source.id in PLAIN and source.id != "guarded"
            else '[source.list]\nitems = "ul.list li"\nnext = "a.next"'
        )
        parts.append(f"""
[[source]]
id = "{source.id}"
start = ["{source.start[0]}"]
kind = "{KINDS.get(source.id, "list")}"
{rule}
[source.pace]
delay = {delay}
concurrent = {8 if delay == 0 else 2}
timeout = 4.0
retries = 2
[source.reach]
private = true
""")
    return "".join(parts)


@dataclass
class Portal:
    """A site, the corpus that crawls it, and what came of it."""

    site: Site
    folder: Path
    reports: list[CrawlReport]
    logs: list[list[Asked]]
    memory_mb: float = 0.0

    def crawl(self, **options: Any) -> CrawlReport:
        """Crawl once; waits between tries cost no time."""
        known = read_sources((self.folder / "sources.toml").read_text(encoding="utf-8"))
        job = Job(self.folder, known.sources, known.settings, 10**8, back_off=at_once, **options)
        before = len(self.site.log)
        done = threading.Event()
        sampler = threading.Thread(target=self.sample, args=(done,), daemon=True)
        sampler.start()
        with Store.open(self.folder / "tables", create=True) as store:
            self.reports.append(crawl(job, store, Silent()))
        done.set()
        sampler.join()
        self.logs.append(self.site.log[before:])
        return self.reports[-1]

    def sample(self, done: threading.Event) -> None:
        """Note the most memory that the crawling process takes."""
        while not done.wait(0.1):
            peaks = [most_memory(child.pid or 0) for child in multiprocessing.active_children()]
            self.memory_mb = max([self.memory_mb, *peaks])

    def rows(self, table: str) -> list[dict[str, Any]]:
        return list(open_corpus(self.folder).rows(table))

    def issues(self, run: int = -1) -> dict[str, list[Issue]]:
        found: dict[str, list[Issue]] = {}
        for issue in self.reports[run].issues:
            found.setdefault(issue.reason, []).append(issue)
        return found


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal that was crawled once, with all its hard pages and traps, and built."""
    folder = tmp_path_factory.mktemp("portal")
    init_corpus(folder)
    with Site() as site:
        text = sources_toml(site, *PLAIN, *TRAPS, "hard")
        (folder / "sources.toml").write_text(text, encoding="utf-8")
        made = Portal(site, folder, [], [])
        made.crawl()
        open_corpus(folder).build(workers=1)
        yield made


@pytest.fixture(scope="module")
def documents(portal: Portal) -> list[dict[str, Any]]:
    return portal.rows("documents")


def holding(documents: list[dict[str, Any]], planted: Planted) -> list[dict[str, Any]]:
    """Documents that hold the words of something planted."""
    return [d for d in documents if all(word in d["title"] + d["body"] for word in planted.words)]


def test_everything_that_is_planted_is_a_document(portal: Portal, documents: list[dict[str, Any]]) -> None:
    pages = [p for p in portal.site.planted if p.role == "page"]
    lost = [p.url for p in pages if not holding(documents, p)]
    assert "\n".join(lost) == ""


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx", "zip"])
def test_the_text_of_an_attachment_is_found(
    portal: Portal, documents: list[dict[str, Any]], kind: str
) -> None:
    attachments = [p for p in portal.site.of("files") if p.url.endswith(f".{kind}")]
    assert [p.url for p in attachments if not holding(documents, p)] == []


@pytest.mark.parametrize("kind", ["doc", "wps"])
def test_an_attachment_that_cannot_be_read_is_no_document_and_says_so(
    portal: Portal, documents: list[dict[str, Any]], kind: str
) -> None:
    (planted,) = (p for p in portal.site.of("files") if p.url.endswith(f".{kind}"))
    assert [d["title"] for d in documents if d["source"] == planted.url] == []
    assert [i for i in portal.rows("issues") if i["source"] == planted.url]


def test_no_document_is_made_of_bytes_that_are_no_text(documents: list[dict[str, Any]]) -> None:
    spoilt = [d["source"] for d in documents if sum("\u4e00" <= c <= "\u9fff" or c.isascii() for c in d["body"])
              < 0.8 * len(d["body"])]  # fmt: skip
    assert spoilt == []


def test_nothing_is_a_document_twice(portal: Portal, documents: list[dict[str, Any]]) -> None:
    twice = [
        (p.url, [d["source"] for d in found])
        for p in portal.site.planted
        if len(found := [d for d in holding(documents, p) if not d["same_as"]]) > 1
    ]
    assert twice == []


def test_an_article_of_five_pages_is_one_document_in_order(
    portal: Portal, documents: list[dict[str, Any]]
) -> None:
    pages = portal.site.of("five")
    (document,) = holding(documents, pages[0])
    places = [document["body"].index(page.words[0]) for page in pages]
    assert places == sorted(places)


def test_an_article_with_a_missing_page_says_so(portal: Portal) -> None:
    issues = portal.issues()["missing_pages"]
    assert [issue.source for issue in issues] == [f"{portal.site.url}/art/gap/content.html"]
    assert "page 3 of 4" in issues[0].message


def test_an_attachment_belongs_to_its_notice(portal: Portal) -> None:
    with Store.open(portal.folder / "tables", read_only=True) as store:
        origins = {capture.source: capture.origin for capture in store.records(tables.CAPTURES)}
    for planted in portal.site.of("files"):
        origin = origins[planted.url]
        assert origin
        assert (origin.family, origin.role) == (planted.family, planted.role)


# What was asked for.


def test_nothing_was_asked_for_that_robots_forbids(portal: Portal) -> None:
    asked = [request.path for request in portal.site.log]
    assert [path for path in asked if path.startswith("/forbidden/") or path.endswith(".bak")] == []


def test_no_other_machine_and_no_other_service_was_asked(portal: Portal) -> None:
    assert portal.site.other_log == []


def test_each_page_was_asked_for_once(portal: Portal) -> None:
    times = Counter(request.path for request in portal.logs[0] if not request.path.startswith("/hard/"))
    assert [path for path, count in times.items() if count > 1] == []


def test_each_request_named_the_crawler(portal: Portal) -> None:
    agents = {request.headers["User-Agent"] for request in portal.site.log}
    (agent,) = agents
    assert agent.startswith("policy-corpus/")
    assert agent.endswith("(+mailto:keeper@example.org)")


def test_an_endless_list_was_left_and_an_issue_says_so(portal: Portal) -> None:
    left = {issue.place for issue in portal.issues()["endless_list"]}
    assert left == set(TRAPS)
    for trap in TRAPS:
        assert len(portal.site.asked(f"/{trap}/")) < 25


# What failed.


@pytest.mark.parametrize("path", HARD)
def test_what_brought_nothing_has_its_reason(portal: Portal, path: str) -> None:
    address = portal.site.url + path
    ledger = {row["url"]: row for row in ledger_rows(portal.folder)}
    assert (ledger[address]["state"], ledger[address]["reason"]) == ("failed", HARD[path])


def test_a_page_that_says_there_is_none_is_no_document(
    portal: Portal, documents: list[dict[str, Any]]
) -> None:
    assert [d["source"] for d in documents if "soft-404" in d["source"]] == []


def test_a_bomb_and_an_endless_answer_take_no_memory(portal: Portal) -> None:
    if sys.platform == "linux":
        assert 0 < portal.memory_mb < BOMB_MB


# The second crawl.


@pytest.fixture(scope="module")
def again(portal: Portal, documents: list[dict[str, Any]]) -> Portal:
    """The same portal after a change, without its hard pages, crawled again and built."""
    text = sources_toml(portal.site, *PLAIN, *TRAPS)
    (portal.folder / "sources.toml").write_text(text, encoding="utf-8")
    portal.site.change()
    portal.crawl(recheck=True)
    open_corpus(portal.folder).build(workers=1)
    return portal


def test_known_pages_are_asked_for_conditionally_only(again: Portal) -> None:
    tagged = {p.url.removeprefix(again.site.url) for p in again.site.planted if p not in again.site.new}
    plain = [
        request.path
        for request in again.logs[1]
        if request.path in tagged and "asp" not in request.path and not request.conditional
    ]
    assert plain == []
    assert sum(request.conditional for request in again.logs[1]) > 90


def test_only_what_is_new_or_changed_is_kept(again: Portal) -> None:
    first, second = again.reports
    assert second.captured == len(again.site.new) + len(again.site.changed)
    assert sum(row.new for row in second.sources) == len(again.site.new)
    assert sum(row.changed for row in second.sources) == len(again.site.changed)
    assert first.captured > 100


def test_what_is_new_and_changed_is_in_the_documents(again: Portal) -> None:
    documents = again.rows("documents")
    for planted in (*again.site.new, *again.site.changed):
        assert holding(documents, planted)


def test_what_vanished_stays_and_is_marked(again: Portal) -> None:
    (vanished,) = again.site.vanished
    ledger = {row["url"]: row for row in ledger_rows(again.folder)}
    assert ledger[vanished.url]["state"] == "gone"
    assert holding(again.rows("documents"), vanished)


# Manners and refusals, through the command line.


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "policy_corpus", "crawl", str(folder), *words]
    return subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_keeps_the_pace_and_prints_a_row_for_each_source(tmp_path: Path, site: Site) -> None:
    init_corpus(tmp_path)
    (tmp_path / "sources.toml").write_text(sources_toml(site, "news", delay=DELAY), encoding="utf-8")
    done = command(tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    (row,) = (json.loads(line) for line in done.stdout.splitlines())
    assert (row["new"], row["failed"]) == (9, 0)
    assert min(later.at - earlier.at for earlier, later in pairwise(site.log)) >= 0.9 * DELAY


def test_a_start_page_in_a_private_network_is_refused(tmp_path: Path, site: Site) -> None:
    init_corpus(tmp_path)
    text = sources_toml(site, "news").replace("private = true", "private = false")
    (tmp_path / "sources.toml").write_text(text, encoding="utf-8")
    done = command(tmp_path, "--json")
    assert done.returncode == 1
    assert "private" in done.stderr
    assert "Traceback" not in done.stderr
    assert site.log == []
    with Store.open(tmp_path / "tables", read_only=True) as store:
        assert {issue.reason for issue in store.records(tables.ISSUES)} >= {"private_address"}
