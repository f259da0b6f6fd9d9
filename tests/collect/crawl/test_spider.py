"""A crawl of the local site: every planted page found once, nothing forbidden asked for, nothing silent."""

from dataclasses import replace
from pathlib import Path

import pytest

from policy_corpus.corpus.collecting.crawl_report import CrawlReport
from policy_corpus.errors import SettingsError
from tests.collect.crawl.crawls import SETTINGS, Corpus
from tests.collect.crawl.site import QUICK, Site

PLAIN = ("trs", "table", "open", "five", "gap", "files", "feed", "sitemap", "news", "guarded", "session")
TRAPS = ("calendar", "endless", "beyond", "grow")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """All sources but the hard ones, crawled once."""
    with Site() as site:
        corpus = Corpus(tmp_path_factory.mktemp("crawled"))
        report = corpus.crawl(*site.sources(*PLAIN, *TRAPS))
        yield site, corpus, report


Crawled = tuple[Site, Corpus, CrawlReport]


def test_every_planted_page_is_found_once(crawled: Crawled) -> None:
    site, corpus, report = crawled
    texts = corpus.texts()
    assert sorted(texts) == sorted(planted.url for planted in site.of(*PLAIN, *TRAPS))
    assert {len(found) for found in texts.values()} == {1}
    assert report.captured == len(texts)


def test_each_page_is_asked_for_once(crawled: Crawled) -> None:
    site, _, _ = crawled
    asked = [path for path in site.asked() if path != "/robots.txt"]
    assert len(asked) == len(set(asked))


def test_the_origin_of_each_capture_is_known(crawled: Crawled) -> None:
    site, corpus, _ = crawled
    planted = {page.url: page for page in site.of(*PLAIN, *TRAPS)}
    for capture in corpus.captures():
        page, origin = planted[capture.source], capture.origin
        assert origin is not None
        assert (origin.source_id, origin.family, origin.role, origin.page) == (
            page.source, page.family, page.role, page.page,
        )  # fmt: skip


def test_an_attachment_has_the_words_of_its_link_and_what_it_is(crawled: Crawled) -> None:
    _, corpus, _ = crawled
    found = {
        c.source.rpartition(".")[2]: c
        for c in corpus.captures()
        if c.origin and c.origin.role == "attachment"
    }
    assert found["pdf"].media_type == "application/pdf"
    assert found["docx"].origin is not None
    assert found["docx"].origin.title.endswith(".docx")  # type: ignore[union-attr]


def test_the_pages_of_an_article_say_how_many_there_are(crawled: Crawled) -> None:
    _, corpus, _ = crawled
    origins = [c.origin for c in corpus.captures() if c.origin and c.origin.source_id == "five"]
    assert sorted((origin.page, origin.pages) for origin in origins) == [(n, 5) for n in range(1, 6)]


def test_a_missing_page_of_an_article_is_named(crawled: Crawled) -> None:
    site, corpus, report = crawled
    (issue,) = [issue for issue in report.issues if issue.reason == "missing_pages"]
    assert issue.source == f"{site.url}/art/gap/content.html"
    assert "page 3 of 4 is missing" in issue.message
    assert corpus.issues()[issue.source] == "missing_pages"


def test_what_robots_forbid_is_not_asked_for(crawled: Crawled) -> None:
    site, corpus, _ = crawled
    assert site.asked("/forbidden/") == []
    assert [path for path in site.asked() if path.endswith(".bak")] == []
    assert corpus.ledger()[f"{site.url}/forbidden/secret.html"]["reason"] == "robots"


def test_the_report_counts_each_source(crawled: Crawled) -> None:
    _, _, report = crawled
    rows = {row.source_id: row for row in report.sources}
    assert (rows["trs"].seen, rows["trs"].new, rows["trs"].waiting, rows["trs"].listed) == (22, 22, 0, "all")
    assert (rows["five"].new, rows["five"].parts) == (1, 4)
    assert (rows["files"].new, rows["files"].files) == (7, 7)
    assert dict(rows["guarded"].failed) == {"robots": 2}


def test_a_list_under_a_new_session_at_each_request_is_one_page(crawled: Crawled) -> None:
    _, _, report = crawled
    row = next(row for row in report.sources if row.source_id == "session")
    assert (row.listed, row.new) == ("all", 3) and row.requests <= 5


@pytest.mark.parametrize("source", TRAPS)
def test_an_endless_list_stops_by_rule_and_says_so(crawled: Crawled, source: str) -> None:
    _, _, report = crawled
    row = next(row for row in report.sources if row.source_id == source)
    assert (row.listed, row.new) == ("endless_list", 3)
    assert row.requests < 20
    assert [i for i in report.issues if i.reason == "endless_list" and f"/{source}/" in i.source]


def test_the_ledger_holds_no_machine_path_and_every_address(crawled: Crawled) -> None:
    site, corpus, _ = crawled
    ledger = corpus.ledger()
    assert {page.url for page in site.of(*PLAIN, *TRAPS)} <= set(ledger)
    assert str(corpus.folder) not in str(ledger)


# What goes wrong.


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    with Site() as site:
        corpus = Corpus(tmp_path_factory.mktemp("hard"))
        report = corpus.crawl(*site.sources("hard", pace=replace(QUICK, timeout=6.0, retries=2)))
        yield site, corpus, report


def test_pages_that_bring_nothing_say_why(hard: Crawled) -> None:
    site, corpus, _ = hard
    ledger = corpus.ledger()
    # A machine under load gives an answer of 80 MB up for its time before it gives it up for its size.
    slow = {f"{site.url}/hard/big-unsaid.html": {"too_large", "too_slow"}}
    for url, reason in site.failing.items():
        assert ledger[url]["state"] == "failed"
        assert ledger[url]["reason"] in slow.get(url, {reason}), url
        assert url in corpus.issues()


def test_pages_between_them_come_in(hard: Crawled) -> None:
    site, corpus, _ = hard
    texts = corpus.texts()
    for planted in site.of("hard"):
        assert [all(word.encode() in data for word in planted.words) for data in texts[planted.url]] == [True]
    assert len(texts) == 3


def test_a_page_that_only_says_there_is_none_is_not_kept(hard: Crawled) -> None:
    site, corpus, _ = hard
    row = corpus.ledger()[f"{site.url}/hard/soft-404.html"]
    assert (row["state"], row["reason"], row["capture_id"]) == ("failed", "soft_404", None)


def test_a_failing_page_is_asked_for_as_often_as_its_pace_says(hard: Crawled) -> None:
    site, _, _ = hard
    assert len(site.asked("/hard/always-500.html")) == 3
    assert len(site.asked("/hard/gone.html")) == 1


def test_no_other_service_of_the_network_was_asked(hard: Crawled) -> None:
    site, _, _ = hard
    assert site.other_log == []
    assert site.asked("/forbidden/") == []


# Limits.


def test_a_limit_leaves_the_rest_for_the_next_crawl(site: Site, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    first = corpus.crawl(*site.sources("trs"), limit=5)
    assert len(corpus.texts()) == 5
    assert first.sources[0].waiting > 0
    corpus.crawl(*site.sources("trs"))
    assert len(corpus.texts()) == 22
    assert len(site.asked("/jyj/zwgk/2")) == 22


def test_an_item_within_the_limit_is_whole(site: Site, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.crawl(*site.sources("files"), limit=1)
    assert sorted(capture.origin.role for capture in corpus.captures()) == ["attachment", "page"]  # type: ignore[union-attr]


def test_a_run_ends_after_so_many_requests_and_says_so(site: Site, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    report = corpus.crawl(*site.sources("trs", pace=replace(QUICK, max_requests=7)))
    assert len([path for path in site.asked() if path != "/robots.txt"]) == 7
    assert [issue.reason for issue in report.issues] == ["unfinished"]


def test_all_sources_together_have_a_cap(site: Site, tmp_path: Path) -> None:
    Corpus(tmp_path).crawl(*site.sources("trs", "table"), settings=replace(SETTINGS, max_requests=9))
    assert len([path for path in site.asked() if path != "/robots.txt"]) == 9


def test_a_list_is_read_as_far_as_its_source_reaches(site: Site, tmp_path: Path) -> None:
    (source,) = site.sources("trs")
    corpus = Corpus(tmp_path)
    report = corpus.crawl(replace(source, reach=replace(source.reach, max_list_pages=2)))
    assert len(corpus.texts()) == 16
    assert report.sources[0].listed == "max_list_pages"
    assert [issue.reason for issue in report.issues] == ["max_list_pages"]


def test_an_article_is_followed_as_far_as_its_source_reaches(site: Site, tmp_path: Path) -> None:
    (source,) = site.sources("five")
    corpus = Corpus(tmp_path)
    report = corpus.crawl(replace(source, reach=replace(source.reach, max_item_pages=3)))
    assert len(corpus.texts()) == 3
    assert {issue.reason for issue in report.issues} == {"max_item_pages", "missing_pages"}


def test_outside_its_hours_a_source_is_not_asked(site: Site, tmp_path: Path) -> None:
    from datetime import UTC, datetime, timedelta

    later = datetime.now(UTC) + timedelta(hours=8 + 3)
    hours = f"{later:%H:%M}-{later + timedelta(hours=1):%H:%M}"
    report = Corpus(tmp_path).crawl(*site.sources("trs", pace=replace(QUICK, hours=hours)))
    assert site.log == []
    assert [issue.reason for issue in report.issues] == ["unfinished"]


def test_fewer_items_than_expected_are_a_warning(site: Site, tmp_path: Path) -> None:
    (source,) = site.sources("feed")
    report = Corpus(tmp_path).crawl(replace(source, expect=6))
    assert [(issue.reason, issue.severity) for issue in report.issues] == [("below_expectation", "warning")]
    assert "5 of 6" in report.issues[0].message


def test_addresses_that_are_left_out_are_counted_and_not_asked_for(site: Site, tmp_path: Path) -> None:
    (source,) = site.sources("news")
    report = Corpus(tmp_path).crawl(replace(source, reach=replace(source.reach, exclude=(r"10[0-3]\.html",))))
    assert (report.sources[0].new, report.sources[0].left_out) == (5, 4)
    assert len(site.asked("/news/1")) == 5


def test_a_dry_run_asks_for_list_pages_and_keeps_nothing(site: Site, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    report = corpus.crawl(*site.sources("trs"), dry=True)
    assert [url for _, url, _, _ in report.planned] == [planted.url for planted in site.of("trs")]
    assert all(title and date for _, _, title, date in report.planned)
    assert site.asked("/jyj/zwgk/2") == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tables"]


def test_without_a_contact_nothing_is_asked(site: Site, tmp_path: Path) -> None:
    from tests.collect.crawl.site import OPEN

    with pytest.raises(SettingsError, match="contact"):
        Corpus(tmp_path).crawl(
            *site.sources("news", reach=replace(OPEN, private=False)), settings=replace(SETTINGS, contact="")
        )
    assert site.log == []
