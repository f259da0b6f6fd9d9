import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from policy_corpus.errors import CorpusError
from policy_corpus.records import Visit, Wanted
from policy_corpus.store.crawl_ledger import CrawlLedger, ledger_rows

DAY = "2024-05-01T08:00:00Z"
SITE = "https://jyj.example"


def wanted(path: str, role: str = "item", **more: object) -> Wanted:
    url = SITE + path
    return Wanted("jyj", url, role, "jyj.example", more.pop("family", url), **more)  # type: ignore[arg-type]


def visit(path: str, walk: int = 1, **more: object) -> Visit:
    url = SITE + path
    values = {
        "role": "item",
        "family": url,
        "state": "new",
        "first_seen": DAY,
        "last_seen": DAY,
        "capture_id": "c",
    }
    return Visit("jyj", url, walk=walk, **values | more)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "crawl.db"


def begun(ledger: CrawlLedger, *seeds: Wanted) -> object:
    return ledger.begin("jyj", DAY, full=True, recheck=False, seeds=seeds or [wanted("/", "list")])


def urls(found: list[Wanted]) -> list[str]:
    return [row.url.removeprefix(SITE) for row in found]


def waiting(ledger: CrawlLedger, now: float = 1.0, count: int = 100) -> list[Wanted]:
    return ledger.waiting("jyj", "jyj.example", now, count)


def test_what_waits_is_there_after_closing(path: Path) -> None:
    with CrawlLedger.open(path) as ledger:
        begun(ledger)
    with CrawlLedger.open(path) as ledger:
        assert urls(waiting(ledger)) == ["/"]
        assert ledger.open_walk("jyj") is not None


def test_a_row_comes_back_as_it_was_put_in(path: Path) -> None:
    given = wanted(
        "/a", title="通知", date="2024-05", found_on=SITE, known=True, page=3, depth=2, not_before=0.5
    )
    with CrawlLedger.open(path) as ledger:
        begun(ledger, given)
        (found,) = waiting(ledger)
    assert replace(found, row=0) == given


def test_an_answer_is_entered_with_what_it_led_to(path: Path) -> None:
    with CrawlLedger.open(path) as ledger:
        walk = begun(ledger)
        (row,) = waiting(ledger)
        added = ledger.settle(row, walk, [visit("/", role="list")], [wanted("/a"), wanted("/b")])
        assert (added, urls(waiting(ledger))) == (2, ["/a", "/b"])
        assert ledger.visit("jyj", SITE + "/") is not None


def test_an_address_waits_once_in_a_walk(path: Path) -> None:
    with CrawlLedger.open(path) as ledger:
        walk = begun(ledger, wanted("/a"))
        (row,) = waiting(ledger)
        assert ledger.settle(row, walk, found=[wanted("/a"), wanted("/b"), wanted("/b")]) == 1
        assert urls(waiting(ledger)) == ["/b"]


def test_a_notice_is_made_whole_before_the_next_is_begun_and_lists_come_last(path: Path) -> None:
    with CrawlLedger.open(path) as ledger:
        begun(
            ledger,
            wanted("/list", "list"),
            wanted("/item"),
            wanted("/file", "attachment"),
            wanted("/2", "part"),
        )
        assert urls(waiting(ledger)) == ["/file", "/2", "/item", "/list"]


def test_what_was_put_off_waits_for_its_time_and_counts_its_attempts(path: Path) -> None:
    with CrawlLedger.open(path) as ledger:
        begun(ledger, wanted("/a"))
        ledger.postpone(waiting(ledger)[0], 50.0)
        assert waiting(ledger, now=49.0) == []
        assert ledger.later("jyj", "jyj.example", 49.0) == 50.0
        assert waiting(ledger, now=50.0)[0].attempts == 1


def test_a_walk_that_is_done_waits_for_nothing(path: Path) -> None:
    with CrawlLedger.open(path) as ledger:
        walk = begun(ledger)
        ledger.save_walk(replace(walk, state="done", listed="all"))
        assert ledger.lanes() == []
        assert ledger.open_walk("jyj") is None
        assert ledger.last_walk("jyj", "all") == replace(walk, state="done", listed="all")


def test_what_a_list_names_is_seen_with_its_parts(path: Path) -> None:
    with CrawlLedger.open(path) as ledger:
        first = begun(ledger, wanted("/a"))
        (row,) = waiting(ledger)
        file = visit("/a.pdf", role="attachment", family=SITE + "/a")
        broken = visit("/a.doc", role="attachment", family=SITE + "/a", state="failed", reason="busy")
        ledger.settle(row, first, [visit("/a"), file, broken, visit("/other")])
        second = begun(ledger)
        (row,) = waiting(ledger)
        ledger.settle(row, second, seen=[SITE + "/a"], now="2024-06-01T00:00:00Z")
        found = {v.url.removeprefix(SITE): (v.state, v.walk, v.last_seen[:7]) for v in ledger.visits()}
    assert found == {
        "/a": ("unchanged", 2, "2024-06"),
        "/a.pdf": ("unchanged", 2, "2024-06"),
        "/a.doc": ("failed", 2, "2024-06"),
        "/other": ("new", 1, "2024-05"),
    }


def test_an_article_with_a_page_missing_is_named(path: Path) -> None:
    with CrawlLedger.open(path) as ledger:
        walk = begun(ledger)
        pages = [visit(f"/a_{n}", role="part", family=SITE + "/a", page=n, pages=4) for n in (2, 4)]
        lost = visit("/a_3", role="part", family=SITE + "/a", page=3, state="failed", capture_id=None)
        ledger.settle(waiting(ledger)[0], walk, [visit("/a", pages=4), *pages, lost, visit("/b", pages=1)])
        assert ledger.holes("jyj") == [(SITE + "/a", 4, [3])]


def test_what_was_brought_and_is_lost_is_asked_for_without_conditions(path: Path) -> None:
    with CrawlLedger.open(path) as ledger:
        walk = begun(ledger)
        ledger.settle(
            waiting(ledger)[0], walk, [visit("/a", etag="e", sha256="s"), visit("/b", capture_id="d")]
        )
        assert ledger.forget_lost({"d"}) == 1
        lost = ledger.visit("jyj", SITE + "/a")
    assert lost is not None
    assert (lost.state, lost.etag, lost.sha256, lost.capture_id) == ("failed", None, None, None)


def test_a_dry_run_leaves_no_trace(path: Path) -> None:
    with CrawlLedger.open(path) as ledger:
        begun(ledger, wanted("/a"))
    before = path.read_bytes()
    with CrawlLedger.open(path, scratch=True) as ledger:
        begun(ledger, wanted("/b"), wanted("/c"))
        assert urls(waiting(ledger)) == ["/b", "/c"]
    assert path.read_bytes() == before


def test_a_dry_run_needs_no_ledger(path: Path) -> None:
    with CrawlLedger.open(path, scratch=True) as ledger:
        assert ledger.lanes() == []
    assert not path.exists()


def test_one_crawler_at_a_time(path: Path) -> None:
    with CrawlLedger.open(path), pytest.raises(CorpusError, match="another process is crawling"):
        CrawlLedger.open(path, wait=0.0)


def test_the_ledger_is_read_while_a_crawler_holds_it(path: Path) -> None:
    with CrawlLedger.open(path) as ledger:
        walk = begun(ledger)
        ledger.settle(waiting(ledger)[0], walk, [visit("/a")])
        assert [row["url"] for row in ledger_rows(path)] == [SITE + "/a"]


def test_nothing_was_crawled_yet(path: Path) -> None:
    assert list(ledger_rows(path)) == []


def test_a_ledger_of_another_version_is_refused(path: Path) -> None:
    with CrawlLedger.open(path):
        pass
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.commit()
    database.close()
    for read in (lambda: CrawlLedger.open(path), lambda: list(ledger_rows(path))):
        with pytest.raises(CorpusError, match="its format is 99, this one reads 1"):
            read()


def test_a_file_that_is_no_ledger_is_refused(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(CorpusError, match="cannot be used"):
        CrawlLedger.open(path)


def test_a_full_disk_is_said_and_what_was_entered_stays(path: Path) -> None:
    with CrawlLedger.open(path) as ledger:
        walk = begun(ledger)
        (row,) = waiting(ledger)
        ledger._database.execute("PRAGMA max_page_count = 1")  # rounded up to what is there
        many = [visit(f"/{n}", title="长" * 1000) for n in range(100)]
        with pytest.raises(CorpusError, match="could not be written"):
            ledger.settle(row, walk, many)
        assert urls(waiting(ledger)) == ["/"]
        assert list(ledger.visits()) == []
