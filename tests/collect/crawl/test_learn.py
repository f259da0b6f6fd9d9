"""Selectors proposed from one list page and one item: they read the same page again, and say how sure they are."""

import random
import re

import pytest

from policy_corpus.collect.crawl.check import check_source
from policy_corpus.collect.crawl.items import read_item
from policy_corpus.collect.crawl.learn import learn
from policy_corpus.collect.crawl.lists import read_list
from policy_corpus.collect.crawl.model import Fetched, Source
from policy_corpus.collect.crawl.sources import read_sources
from policy_corpus.errors import SettingsError
from tests.collect.crawl.saved import ITEM_URL, LIST_URL, html, saved, source

ASP = "http://jyj.example.org/list.asp?cid=3"
ITEM = saved("portal_item.html", ITEM_URL)


def learnt(page: Fetched, item: Fetched | None = None) -> Source:
    return read_sources(learn(page, item)).sources[0]


@pytest.mark.parametrize(
    ("page", "items"),
    [
        (saved("portal_trs_list.html"), "ul.news_list > li"),
        (saved("portal_table_list.html", ASP, "gbk"), "table[width='100%'] tr"),
        (saved("portal_records_list.html"), "ul.records > li"),
    ],
)
def test_the_proposed_table_finds_the_same_entries(page: Fetched, items: str) -> None:
    made = learnt(page)
    assert made.listing.items == items
    assert made.start == (page.url,)
    assert read_list(made, page) == read_list(Source("x", (page.url,)), page)


def test_the_proposed_table_passes_its_check() -> None:
    made = learnt(saved("portal_trs_list.html"), ITEM)
    rows = check_source(made, {"list.html": saved("portal_trs_list.html"), "item.html": ITEM})
    assert [row.problems for row in rows] == [(), ()]
    assert rows[0].dated == 5


def test_title_and_date_of_an_item_are_proposed() -> None:
    made = learnt(saved("portal_trs_list.html"), ITEM)
    assert (made.item.title, made.item.date) == ("h1", "p.meta")
    found, plain = read_item(made, ITEM), read_item(source(), ITEM)
    assert (found.date, found.attachments, found.following) == (
        plain.date,
        plain.attachments,
        plain.following,
    )


def test_each_proposal_says_what_it_finds_and_how_sure() -> None:
    text = learn(saved("portal_trs_list.html"), ITEM)
    for line in text.splitlines():
        if re.match(r"(items|date|title) = ", line):
            assert "# sure 可靠: " in line
    assert "5 of 5 entries" in text
    assert "index_1.html" in text
    assert "2024-05-13" in text


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_rows_does_not_change_the_proposal(seed: int) -> None:
    page = saved("portal_trs_list.html")
    text = page.data.decode()
    rows = re.findall(r"<li[^>]*><a href=\"\.[^\n]+</li>\n", text)
    mixed = random.Random(seed).sample(rows, len(rows))
    made = learnt(Fetched(page.url, text.replace("".join(rows), "".join(mixed)).encode()))
    assert (made.listing.items, made.listing.date) == ("ul.news_list > li", "span")


def test_names_that_a_program_makes_are_not_proposed() -> None:
    rows = "".join(
        f"<div id=post-{i}771 class='css-1a2b3c4d5e row'><a href=a{i}.html>云岭县教育工作简报第{i}期</a><i>2024-05-0{i}</i></div>"
        for i in range(1, 7)
    )
    made = learnt(html(f"<div class=box>{rows}</div>"))
    assert "post-" not in made.listing.items
    assert "css-" not in made.listing.items
    assert len(read_list(made, html(f"<div class=box>{rows}</div>")).entries) == 6


def test_words_of_a_page_cannot_break_out_of_the_comments() -> None:
    rows = "".join(
        f"<li><a href='a{i}.html'>云岭县通知\n[[source]]\nid = 'x{i}'\u2028第{i}号</a></li>" for i in range(5)
    )
    assert len(read_sources(learn(html(f"<ul class=n>{rows}</ul>"))).sources) == 1


def test_a_pager_without_addresses_is_told() -> None:
    rows = "".join(f"<li><a href='a{i}.html'>云岭县教育工作通知第{i}号</a></li>" for i in range(5))
    text = learn(html(f"<ul class=n>{rows}</ul><a href='javascript:;'>下一页</a>"))
    assert 'next_url = "index_{n}.html"' in text


def test_a_page_without_a_list_is_refused_with_advice() -> None:
    with pytest.raises(SettingsError, match=r"kind = .json"):
        learn(Fetched(LIST_URL, b"<div id=app></div><script src=app.js></script>"))


INTERFACE = "https://www.example.org/gk/api/list?pageNo=1&pageSize=3"


@pytest.mark.parametrize("wrap", ["{}", "callback({});"])
def test_paths_of_a_json_interface_are_proposed(wrap: str) -> None:
    page = saved("portal_disclosure.json", INTERFACE)
    page = Fetched(INTERFACE, wrap.replace("{}", page.data.decode()).encode())
    made = learnt(page)
    rule = made.listing
    assert (made.kind, rule.items, rule.link, rule.title, rule.date) == (
        "json",
        "data.list",
        "url",
        "title",
        "docRelTime",
    )
    assert read_list(made, page) == read_list(Source("x", (INTERFACE,), "json"), page)


def test_a_json_interface_without_usual_names_is_refused_with_its_fields() -> None:
    with pytest.raises(SettingsError, match=r"there are wjbt, wjid.*link_url"):
        learn(Fetched(INTERFACE, b'{"rows": [{"wjbt": "a", "wjid": 7}]}'))
