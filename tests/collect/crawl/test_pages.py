"""A page's addresses are what a browser would ask for."""

import pytest

from policy_corpus.collect.crawl.model import Fetched
from policy_corpus.collect.crawl.pages import Page

BASE = "http://jyj.example.org/gbk/"


def page(body: str, encoding: str = "gbk", declared: str = "gb2312") -> Page:
    text = f"<meta charset={declared}><p>云岭县教育局</p>{body}"
    return Page(Fetched(BASE + "list.asp", text.encode(encoding, "xmlcharrefreplace"), "text/html"))


@pytest.mark.parametrize(
    ("href", "asked"),
    [
        ("/gbk/view.asp?t=关于&id=3", "view.asp?t=%B9%D8%D3%DA&id=3"),
        ("view.asp?t=%E5%85%B3&id=3", "view.asp?t=%E5%85%B3&id=3"),
        ("view.asp?t=%b9%d8关&id=3", "view.asp?t=%b9%d8%B9%D8&id=3"),
        ("通知/view.asp?t=关", "通知/view.asp?t=%B9%D8"),
        ("通知.asp", "通知.asp"),
        ("view.asp?t=😀", "view.asp?t=%26%23128512%3B"),
    ],
)
def test_a_query_is_asked_in_the_encoding_of_its_page(href: str, asked: str) -> None:
    made = page(f"<a href='{href}'>a</a><a onclick=\"window.open('{href}')\">b</a>")
    assert [made.address(link) for link in made.links] == [BASE + asked] * 2


def test_a_query_on_a_page_in_utf_8_stays_as_it_is() -> None:
    assert page("", "utf-8").absolute("a.asp?t=关于") == BASE + "a.asp?t=关于"


def test_a_page_in_ascii_has_the_encoding_that_it_declares() -> None:
    made = Page(Fetched(BASE, b"<meta charset=gbk><a href='?t=&#20851;'>a</a>", "text/html"))
    assert made.address(made.links[0]) == BASE + "?t=%B9%D8"
