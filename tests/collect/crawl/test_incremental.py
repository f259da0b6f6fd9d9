"""A second crawl fetches what is new or changed; what vanished stays and is marked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policy_corpus.corpus.collecting.crawl_report import CrawlReport, SourceReport
from tests.collect.crawl.crawls import Corpus
from tests.collect.crawl.site import Site


def only(report: CrawlReport) -> SourceReport:
    (row,) = report.sources
    return row


def fetched(site: Site, since: int) -> list[str]:
    """Paths that were sent in full since then."""
    return [asked.path for asked in site.log[since:] if asked.status == 200 and asked.path != "/robots.txt"]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The list /news/ crawled, changed, and crawled again."""
    with Site() as site:
        corpus = Corpus(tmp_path_factory.mktemp("twice"))
        corpus.crawl(*site.sources("news"))
        before = len(site.log)
        site.change()
        report = corpus.crawl(*site.sources("news"))
        yield site, corpus, only(report), before


def test_only_what_is_new_or_changed_is_sent_again(twice: Any) -> None:
    site, _, _, before = twice
    expected = [page.url.removeprefix(site.url) for page in (*site.new, *site.changed)]
    assert sorted(fetched(site, before)) == sorted(["/news/", *expected])


def test_the_ledger_tells_them_apart(twice: Any) -> None:
    site, corpus, row, _ = twice
    assert (row.seen, row.new, row.changed, row.unchanged, row.gone) == (11, 2, 1, 7, 1)
    ledger = corpus.ledger()
    for state, pages in (("new", site.new), ("changed", site.changed), ("gone", site.vanished)):
        assert {ledger[page.url]["state"] for page in pages} == {state}


def test_a_changed_page_has_both_captures_the_others_one(twice: Any) -> None:
    site, corpus, _, _ = twice
    texts = corpus.texts()
    (changed,) = site.changed
    assert len(texts[changed.url]) == 2
    assert sum(len(found) for found in texts.values()) == 9 + 2 + 1


def test_a_vanished_page_stays(twice: Any) -> None:
    site, corpus, _, _ = twice
    (vanished,) = site.vanished
    row = corpus.ledger()[vanished.url]
    assert (row["state"], row["reason"], row["status"]) == ("gone", "not_found", 404)
    assert vanished.words[0].encode() in corpus.texts()[vanished.url][0]


def test_what_came_first_is_remembered(twice: Any) -> None:
    site, corpus, _, _ = twice
    row = corpus.ledger()[site.of("news")[0].url]
    assert row["first_seen"] <= row["last_changed"] <= row["last_seen"]


def test_a_gone_page_is_not_asked_for_in_every_crawl(twice: Any) -> None:
    site, corpus, _, _ = twice
    (vanished,) = site.vanished
    path = vanished.url.removeprefix(site.url)
    before = len(site.asked(path))
    corpus.crawl(*site.sources("news"))
    assert len(site.asked(path)) == before


@pytest.mark.parametrize("name", ["trs", "files", "open", "feed", "sitemap", "five"])
def test_where_nothing_changed_no_page_is_sent_again(site: Site, tmp_path: Path, name: str) -> None:
    corpus = Corpus(tmp_path)
    corpus.crawl(*site.sources(name))
    before, captures = len(site.log), corpus.captures()
    row = only(corpus.crawl(*site.sources(name)))
    kept = {page.url.removeprefix(site.url) for page in site.of(name) if page.role == "page"}
    assert not kept & set(fetched(site, before))
    assert (row.new, row.changed, row.gone, corpus.captures()) == (0, 0, 0, captures)


def test_a_walk_ends_where_a_list_holds_known_items_only(site: Site, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.crawl(*site.sources("trs"))
    before = len(site.log)
    row = only(corpus.crawl(*site.sources("trs")))
    lists = [asked.path for asked in site.log[before:] if "index" in asked.path or asked.path.endswith("/")]
    assert (lists, row.listed) == (["/jyj/zwgk/"], "known")


def test_a_full_walk_reads_all_lists(site: Site, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.crawl(*site.sources("trs"))
    before = len(site.log)
    row = only(corpus.crawl(*site.sources("trs"), full=True))
    lists = [asked.path for asked in site.log[before:] if "index" in asked.path]
    assert (len(lists), row.listed, row.seen, row.unchanged) == (2, "all", 22, 22)


def test_a_recheck_asks_for_all_items_on_condition(site: Site, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.crawl(*site.sources("trs"))
    before = len(site.log)
    corpus.crawl(*site.sources("trs"), full=True, recheck=True)
    asked = [asked for asked in site.log[before:] if "/t20" in asked.path]
    assert len(asked) == 22
    assert all(one.conditional and one.status == 304 for one in asked)


def test_an_interrupted_walk_is_not_taken_for_a_whole_one(site: Site, tmp_path: Path) -> None:
    """Items behind the first list page are found though that page holds known items only."""
    (source,) = site.sources("trs")
    short = replace(source, reach=replace(source.reach, max_list_pages=1))
    corpus = Corpus(tmp_path)
    assert only(corpus.crawl(short)).new == 8
    assert only(corpus.crawl(source)).new == 14


def test_what_failed_is_asked_for_again(site: Site, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    (vanished,) = [page for page in site.of("news") if page.url.endswith("103.html")]
    path = vanished.url.removeprefix(site.url)
    page = site._pages.pop(path)
    assert dict(only(corpus.crawl(*site.sources("news"))).failed) == {"not_found": 1}
    assert vanished.url in corpus.issues()
    site._pages[path] = page
    row = only(corpus.crawl(*site.sources("news")))
    assert (row.new, dict(row.failed)) == (1, {})
    assert corpus.issues() == {}


def test_what_failed_behind_the_first_list_page_is_asked_for_again(site: Site, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    last = site.of("trs")[-1].url
    page = site._pages.pop(last.removeprefix(site.url))
    site._pages[last.removeprefix(site.url)] = replace(page, status=500)
    assert dict(only(corpus.crawl(*site.sources("trs"))).failed) == {"server_error": 1}
    site._pages[last.removeprefix(site.url)] = page
    row = only(corpus.crawl(*site.sources("trs")))
    assert (row.new, row.listed, len(corpus.texts())) == (1, "known", 22)


def test_what_robots_forbid_is_no_news_and_is_not_asked_for_later(site: Site, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    for _ in range(2):
        assert dict(only(corpus.crawl(*site.sources("guarded"))).failed) == {"robots": 2}
    assert site.asked("/forbidden/") == []


def test_pages_of_an_article_beyond_its_limit_stay_unasked(site: Site, tmp_path: Path) -> None:
    (source,) = site.sources("five")
    source = replace(source, reach=replace(source.reach, max_item_pages=3))
    corpus = Corpus(tmp_path)
    for _ in range(2):
        report = corpus.crawl(source)
        assert {issue.reason for issue in report.issues} == {"max_item_pages", "missing_pages"}
    assert len(corpus.texts()) == 3
    assert site.asked("/art/five/content_4.html") == []


def test_exclude_leaves_attachments_out_include_does_not(site: Site, tmp_path: Path) -> None:
    (source,) = site.sources("files")
    source = replace(source, reach=replace(source.reach, include=(r"\.html$",), exclude=(r"\.docx$",)))
    files = {planted.url for planted in site.of("files") if planted.role == "attachment"}
    left_out = {url for url in files if url.endswith(".docx")}
    corpus = Corpus(tmp_path)
    row = only(corpus.crawl(source))
    assert files & set(corpus.texts()) == files - left_out
    assert (row.left_out, row.files) == (len(left_out), len(files) - len(left_out))
    assert len(left_out) > 0
    assert not left_out & set(corpus.issues())


def test_a_page_of_an_article_that_is_excluded_is_missing(site: Site, tmp_path: Path) -> None:
    (source,) = site.sources("five")
    source = replace(source, reach=replace(source.reach, exclude=("_3",)))
    corpus = Corpus(tmp_path)
    report = corpus.crawl(source)
    assert [(issue.reason, issue.message) for issue in report.issues] == [
        ("missing_pages", "Of this article page 3 of 5 is missing.")
    ]
    assert site.asked("/art/five/content_3.html") == []


def test_a_walk_that_is_gone_on_with_later_looks_at_the_start_again(site: Site, tmp_path: Path) -> None:
    import sqlite3

    corpus = Corpus(tmp_path)
    corpus.crawl(*site.sources("news"), limit=3)
    with sqlite3.connect(tmp_path / "crawl.db") as database:
        database.execute("UPDATE walks SET started = '2020-01-01T00:00:00Z'")
    database.close()
    site.change()
    corpus.crawl(*site.sources("news"))
    assert {page.url for page in site.new} <= set(corpus.texts())


def test_a_part_that_failed_completes_the_article_later(site: Site, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    page = site._pages.pop("/art/five/content_3.html")
    first = corpus.crawl(*site.sources("five"))
    assert {issue.reason for issue in first.issues} == {"not_found", "missing_pages"}
    site._pages["/art/five/content_3.html"] = page
    second = corpus.crawl(*site.sources("five"))
    assert second.issues == []
    assert len(corpus.texts()) == 5


@pytest.mark.parametrize(
    ("name", "path", "told"),
    [("five", "/art/five/content_3.html", "page 3 of "), ("files", None, "an attachment (")],
)
def test_a_part_that_vanished_is_told_and_stays(
    site: Site, tmp_path: Path, name: str, path: str | None, told: str
) -> None:
    if path is None:
        path = next(p.url for p in site.of(name) if p.role == "attachment").removeprefix(site.url)
    family = next(p.family for p in site.of(name) if p.url == site.url + path)
    corpus = Corpus(tmp_path)
    before = corpus.crawl(*site.sources(name))
    del site._pages[path]
    for _ in range(2):
        report = corpus.crawl(*site.sources(name), recheck=True)
        (issue,) = [issue for issue in report.issues if issue not in before.issues]
        assert (issue.source, issue.reason, issue.severity) == (site.url + path, "vanished", "warning")
        assert told in issue.message
        assert family in issue.message
        assert "kept" in issue.remedy
        assert only(report).gone == 1
    assert len(corpus.texts()[site.url + path]) == 1


def test_a_lost_archive_is_fetched_again(site: Site, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.crawl(*site.sources("feed"))
    for path in (tmp_path / "captures").iterdir():
        path.unlink()
    corpus.crawl(*site.sources("feed"))
    assert sorted(corpus.texts()) == sorted(page.url for page in site.of("feed"))
