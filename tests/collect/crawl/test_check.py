"""A source tried on saved pages: what it finds, and which selector fails."""

from dataclasses import replace
from pathlib import Path

import pytest

from policy_corpus.collect.crawl.check import address_of, check_saved, check_source
from policy_corpus.collect.crawl.model import Fetched, ItemRule, Reach
from tests.collect.crawl.saved import ITEM_URL, LIST_URL, PAGES, html, saved, source


def test_a_source_that_reads_its_pages_has_no_problems() -> None:
    pages = {"item.html": saved("portal_item.html", ""), "list.html": saved("portal_trs_list.html", "")}
    listed, item = check_source(source(items="ul.news_list li"), pages)
    assert (listed.role, listed.entries, listed.dated, listed.problems) == ("list", 5, 5, ())
    assert listed.first and listed.first.url == ITEM_URL
    assert listed.last and listed.last.date == "2024-03-27"
    assert (listed.next, listed.pages) == (LIST_URL + "index_1.html", 17)
    assert (item.role, item.date, item.pages, item.attachments, item.problems) == (
        "item",
        "2024-05-13",
        3,
        3,
        (),
    )
    assert item.next == ITEM_URL.replace(".html", "_1.html")


@pytest.mark.parametrize(
    ("rule", "reach", "problem"),
    [
        ({"items": "ul.gone li"}, Reach(), "list items = 'ul.gone li' finds nothing"),
        ({"items": "ul.news_list li", "date": "em"}, Reach(), "list date = 'em' finds nothing"),
        ({"items": "ul.news_list li", "next": "a.gone"}, Reach(), "no next page is found"),
        (
            {"items": "ul.news_list li"},
            Reach(include=("/art/",)),
            "all 5 entries lie outside the reach; include",
        ),
        ({"items": ".footer a"}, Reach(), "[source.reach] hosts: www.example.com, www.example.net"),
    ],
)
def test_what_fails_on_a_list_page_is_named(rule: dict[str, str], reach: Reach, problem: str) -> None:
    made = replace(source(**rule), reach=reach)
    (row,) = check_source(made, {"list.html": saved("portal_trs_list.html")})
    assert any(problem in p for p in row.problems), row.problems


@pytest.mark.parametrize(
    ("rule", "body", "problem"),
    [
        (ItemRule(title="h1.gone"), "<h1>标题</h1>", "item title = 'h1.gone' finds nothing"),
        (ItemRule(), "<p>正文</p>", "no title found"),
        (ItemRule(), "<h1>标题</h1><a href=item_9.html>下一页</a> 共3页", None),
    ],
)
def test_what_fails_on_an_item_is_named(rule: ItemRule, body: str, problem: str | None) -> None:
    (row,) = check_source(source(item=rule), {"item-1.html": html(body)})
    assert [p for p in row.problems if problem and problem in p] or not problem


def test_an_item_that_is_no_page_is_told() -> None:
    (row,) = check_source(source(), {"item.html": Fetched(LIST_URL, b"%PDF-1.4")})
    assert row.problems == ("is no HTML page",)


def test_saved_pages_are_read_from_the_sources_folder(tmp_path: Path) -> None:
    folder = tmp_path / "sources" / "example"
    folder.mkdir(parents=True)
    (folder / "list.html").write_bytes((PAGES / "portal_trs_list.html").read_bytes())
    (folder / "note.docx").write_bytes(b"not a saved page")
    rows = check_saved(tmp_path, [source(items="ul.news_list li")])
    assert [(r.page, r.entries) for r in rows] == [("list.html", 5)]


def test_a_source_without_saved_pages_is_told_where_to_save_them(tmp_path: Path) -> None:
    (row,) = check_saved(tmp_path, [source()])
    assert "sources/example/list.html" in row.problems[0]


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("<!-- saved from url=(0029)https://www.example.org/jyj/ -->", "https://www.example.org/jyj/"),
        ("<link rel=canonical href=https://www.example.org/a>", "https://www.example.org/a"),
        ("<link rel='canonical' href='javascript:x'>", ""),
        ("", ""),
    ],
)
def test_the_address_that_a_saved_page_tells(head: str, url: str) -> None:
    assert address_of(f"<html>{head}</html>".encode()) == url
