"""List pages of three portals, an interface, a feed, a sitemap: every entry, no other link, the next page."""

import gzip
import json
import random
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from policy_corpus.collect.crawl.addresses import admitted
from policy_corpus.collect.crawl.lists import read_list
from policy_corpus.collect.crawl.model import Entry, Fetched, Reach
from tests.collect.crawl.saved import LIST_URL, html, saved, source

TRS = [
    (
        "202405/t20240513_1402.html",
        "云岭县教育局关于印发《云岭县教师县管校聘交流轮岗实施办法》的通知",
        "2024-05-13",
    ),
    ("202405/t20240506_1399.html", "2024年云岭县义务教育学校招生工作方案", "2024-05-06"),
    ("202404/t20240428_1391.html", "云岭县2023年教育经费执行情况公告", "2024-04-28"),
    ("202404/t20240411_1380.html", "关于公布2024年寄宿制学校建设项目名单的通知", "2024-04-11"),
    ("../../zwgk/202403/P020240327.pdf", "关于开展控辍保学专项行动的通知（附件下载）", "2024-03-27"),
]
TRS_ENTRIES = [
    Entry("https://www.example.org/" + (u[6:] if u.startswith("../") else "jyj/tzgg/" + u), t, d)
    for u, t, d in TRS
]
ASP = "http://jyj.example.org/list.asp?cid=3"
ASP_ENTRIES = [
    Entry("http://jyj.example.org/show.asp?id=2211", "石桥市推进集团化办学三年行动", "--09-03"),
    Entry("http://jyj.example.org/show.asp?id=2207", "城区三所学校托管乡镇学校签约", "--09-01"),
    Entry("http://jyj.example.org/show.asp?id=2190", "石桥市特岗教师招聘面试公告", "--08-25"),
    Entry("http://jyj.example.org/show.asp?id=2188", "石桥市2018—2020年学校布局调整规划公示", "--08-19"),
]


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"items": "ul.news_list li"},
        {"items": "ul.news_list a"},
        {"items": "ul.news_list li", "link": "a", "date": "span"},
    ],
)
def test_a_trs_list_is_read_with_titles_uncut_and_dates(rule: dict[str, str]) -> None:
    found = read_list(source(**rule), saved("portal_trs_list.html"))
    assert list(found.entries) == TRS_ENTRIES
    assert (found.next, found.pages, found.problems) == (LIST_URL + "index_1.html", 17, ())


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
@pytest.mark.parametrize("rule", [{}, {"items": "table table[width='100%'] tr"}])
def test_a_table_list_is_read_in_its_encoding_whatever_it_declares(
    rule: dict[str, str], encoding: str
) -> None:
    found = read_list(source(start=ASP, **rule), saved("portal_table_list.html", ASP, encoding))
    assert list(found.entries) == ASP_ENTRIES
    assert (found.next, found.pages) == (ASP + "&page=2", 22)


def test_records_in_a_portals_xml_island_are_read() -> None:
    found = read_list(source(), saved("portal_records_list.html"))
    assert [e.date for e in found.entries] == ["2024-04-09", "2024-04-02"]
    assert found.entries[0].url == "https://www.example.org/art/2024/4/9/art_12_3450.html"
    assert found.next == "https://www.example.org/module/web/jpage/dataproxy.jsp?page=1&webid=7&unitid=12345"


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_rows_and_blocks_does_not_matter(seed: int) -> None:
    dice = random.Random(seed)
    page = saved("portal_trs_list.html")
    text = page.data.decode()
    head, body = text.split("<body>\n")
    rows = re.findall(r"<li[^>]*><a href=\"\.[^\n]+</li>\n", body)
    cut = [
        body.index('<div class="crumb">'),
        body.index('<div class="side">'),
        body.index('<div class="main">'),
        body.index('<div class="footer">'),
        body.index("</body>"),
    ]
    blocks = [body[: cut[0]], *(body[a:b] for a, b in pairwise(cut))]
    mixed = rows[:]
    dice.shuffle(mixed)
    blocks = [b.replace("".join(rows), "".join(mixed)) for b in blocks]
    dice.shuffle(blocks)
    found = read_list(source(), replace(page, data=f"{head}<body>{''.join(blocks)}</body></html>".encode()))
    assert set(found.entries) == set(TRS_ENTRIES)
    assert found.next == LIST_URL + "index_1.html"


ROWS = "".join(
    f"<li><a href='a{i}.html'>云岭县教育工作通知第{i}号</a> 2024-05-0{i}</li>" for i in range(1, 6)
)


@pytest.mark.parametrize(
    ("below", "at", "following"),
    [
        ("<a href='list_2.html'>下一页</a>", LIST_URL, LIST_URL + "list_2.html"),
        ("<a href='list_2.html'>下页&gt;</a>", LIST_URL, LIST_URL + "list_2.html"),
        ("<a href='list_2.html'>[后一页]</a>", LIST_URL, LIST_URL + "list_2.html"),
        ("<a href='list_2.html'><img alt='下一页' src=n.gif></a>", LIST_URL, LIST_URL + "list_2.html"),
        ("<div><b>1</b><a href='?page=2'>2</a><a href='?page=3'>3</a><a href='?page=2'>&gt;</a><a href='?page=9'>&gt;&gt;</a></div>", LIST_URL, LIST_URL + "?page=2"),
        ("<div><a href='?page=1'>1</a><b>2</b><a href='?page=3'>3</a></div>", LIST_URL + "?page=2", LIST_URL + "?page=3"),
        ("<a href='./'>首页</a><a href='a9.html'>下一篇</a>", LIST_URL, None),
        ("<span>下一页</span>", LIST_URL, None),
        ("<a href='javascript:;'>下一页</a>", LIST_URL, None),
        ("<a onclick=\"location.href='list_2.html'\">下一页</a>", LIST_URL, LIST_URL + "list_2.html"),
        ("<a href='javascript:goPage(2)'>下一页</a>", LIST_URL + "?pageIndex=1", LIST_URL + "?pageIndex=2"),
        ("<a href='javascript:goPage(2)'>2</a><script>function goPage(n){location='?pageNo='+n}</script>", LIST_URL, LIST_URL + "?pageNo=2"),
        ("<script>var totalPage = 4; function go(n){location='?pageIndex='+n}</script>", LIST_URL + "?pageIndex=3", LIST_URL + "?pageIndex=4"),
        ("<script>var totalPage = 4; function go(n){location='?pageIndex='+n}</script>", LIST_URL + "?pageIndex=4", None),
        ("<select onchange='location=this.value'><option value='./'>1</option><option value='index_1.html'>2</option></select>", LIST_URL, LIST_URL + "index_1.html"),
        ("<script>createPageHTML(50, 3, 'index', 'html');</script>", LIST_URL + "index_3.html", LIST_URL + "index_4.html"),
        ("<script>createPageHTML(50, 49, 'index', 'html');</script>", LIST_URL + "index_49.html", None),
        ("<script>createPageHTML(1, 0, 'index', 'html');</script>", LIST_URL, None),
        ("<script>createPageHTML('page_div', 50, 1, 'index', 'shtml', 990);</script>", LIST_URL, LIST_URL + "index_2.shtml"),
        ("<script>var currentPage = 0; var countPage = 20; document.write(\"index\"+\"_\"+1)</script>", LIST_URL, LIST_URL + "index_1.html"),
    ],
)  # fmt: skip
def test_the_next_list_page_is_found_without_a_rule(below: str, at: str, following: str | None) -> None:
    found = read_list(source(start=at), html(f"<ul>{ROWS}</ul>{below}", at))
    assert len(found.entries) == 5
    assert found.next == following


@pytest.mark.parametrize(
    ("rule", "at", "following"),
    [
        ({"next": "a.n"}, LIST_URL, LIST_URL + "p2.html"),
        ({"next": "a.n::attr(href)"}, LIST_URL, LIST_URL + "p2.html"),
        ({"next": "a.none"}, LIST_URL, None),
        ({"next_url": "index_{n}.html"}, LIST_URL, LIST_URL + "index_1.html"),
        ({"next_url": "index_{n}.html", "next_from": 2}, LIST_URL, LIST_URL + "index_2.html"),
        ({"next_url": "index_{n}.html"}, LIST_URL + "index_7.html", LIST_URL + "index_8.html"),
        ({"next_url": "?page={n}", "next_from": 2}, LIST_URL + "?page=9", LIST_URL + "?page=10"),
    ],
)
def test_the_next_list_page_by_rule(rule: dict[str, str], at: str, following: str | None) -> None:
    found = read_list(
        source(**rule), html(f"<ul>{ROWS}</ul><a class=n href=p2.html>更多内容请看这里</a>", at)
    )
    assert found.next == following


def test_counting_up_ends_at_a_page_without_entries() -> None:
    assert (
        read_list(
            source(items="li", next_url="index_{n}.html"), html("<p>没有内容", LIST_URL + "index_9.html")
        ).next
        is None
    )


@pytest.mark.parametrize(
    ("printed", "iso"),
    [("2024-05-01", "2024-05-01"), ("2024年5月1日", "2024-05-01"), ("2024/5/1", "2024-05-01"), ("2024.05.01", "2024-05-01"), ("[05-01]", "--05-01"), ("5月1日", "--05-01"), ("05/01", "--05-01"), ("2024-05", "2024-05"), ("2024-05-01 08:30:11", "2024-05-01"), ("01 2024-05", "2024-05-01"), ("<b>01</b><i>2024-05</i>", "2024-05-01"), ("昨天", None), ("2024-13-40", None), ("发布时间：2024-05-01 点击：2024", "2024-05-01")],
)  # fmt: skip
def test_printed_dates(printed: str, iso: str | None) -> None:
    row = f"<ul><li><a href=a.html>关于2019年3月4日会议的通知</a><span>{printed}</span></li></ul>"
    assert read_list(source(items="li"), html(row)).entries[0].date == iso
    assert read_list(source(items="li", date="span"), html(row)).entries[0].date == iso


@pytest.mark.parametrize(
    ("row", "url"),
    [
        ("<a href=' ./a.html\n'>x</a>", LIST_URL + "a.html"),
        ("<a href='..\\b\\a.html'>x</a>", "https://www.example.org/jyj/b/a.html"),
        ("<a href='//www.example.org/a.html#top'>x</a>", "https://www.example.org/a.html"),
        ("<a href='javascript:window.open(\"a.html\")'>x</a>", LIST_URL + "a.html"),
        ("<div onclick=\"window.location.href='/a.html'\">x</div>", "https://www.example.org/a.html"),
        ("<a data-href='/a.html'>x</a>", "https://www.example.org/a.html"),
        ("<a href='javascript:void(0)'>x</a>", None),
        ("<a href='mailto:a@example.org'>x</a>", None),
        ("<a href='http://[::1/a'>x</a>", None),
        ("<a href='file:///etc/passwd'>x</a>", None),
        ("<a href='" + "x" * 3000 + "'>x</a>", None),
    ],
)
def test_addresses(row: str, url: str | None) -> None:
    entries = read_list(source(items="li > *"), html(f"<ul><li>{row}</li></ul>")).entries
    assert [e.url for e in entries] == ([url] if url else [])


def test_a_base_element_moves_relative_links() -> None:
    page = Fetched(LIST_URL, b"<html><head><base href='/cms/'></head><li><a href=a.html>x</a>")
    assert read_list(source(items="li"), page).entries[0].url == "https://www.example.org/cms/a.html"


def test_an_address_stands_once_with_its_best_words() -> None:
    found = read_list(source(items="a"), html("<a href=a.html><img src=x></a><a href=a.html>云岭县通知</a>"))
    assert [(e.url, e.title) for e in found.entries] == [(LIST_URL + "a.html", "云岭县通知")]


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"items": "ul.gone li"}, "items = 'ul.gone li' finds nothing"),
        ({"items": "li", "link": "b"}, "link = 'b' finds no"),
        ({"items": "li", "date": "td.date"}, "date = 'td.date' finds nothing in 5 items"),
        ({"items": "li", "title": "h9"}, "title = 'h9' finds nothing in 5 items"),
        ({"items": "li", "date": "a"}, "is no date"),
    ],
)
def test_a_selector_that_fails_is_named(rule: dict[str, str], problem: str) -> None:
    found = read_list(source(**rule), html(f"<ul>{ROWS}</ul>"))
    assert any(problem in p for p in found.problems), found.problems


INTERFACE = "https://www.example.org/gk/api/list?pageNo=1&pageSize=3"
INTERFACE_ENTRIES = [
    Entry("https://www.example.org/gk/art/f3a1.html", "云岭县义务教育学校标准化建设规划", "2024-05-01"),
    Entry("https://www.example.org/gk/art/b720.html", "云岭县教育督导报告", "2024-03-31"),
    Entry("https://www.example.org/gk/art/c9.html", "云岭县农村学校教师周转房管理办法", "2024-03-01"),
]


@pytest.mark.parametrize("wrap", ["{}", "callback({});", "/**/ jQuery1_2.cb ({})", "\ufeff{}"])
@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"items": "data.list", "link": "url", "title": "title", "date": "docRelTime", "total": "data.total"},
        {"items": "data.list", "link_url": "https://www.example.org/gk/art/{id}.html"},
    ],
)
def test_a_json_interface_is_read(rule: dict[str, str], wrap: str) -> None:
    page = saved("portal_disclosure.json", INTERFACE)
    found = read_list(
        source("json", INTERFACE, **rule), replace(page, data=wrap.replace("{}", page.data.decode()).encode())
    )
    assert list(found.entries) == INTERFACE_ENTRIES
    assert (found.next, found.pages) == (INTERFACE.replace("pageNo=1", "pageNo=2"), 15)


@pytest.mark.parametrize(("at", "more"), [(1, True), (14, True), (15, False), (16, False)])
def test_a_json_interface_ends_at_its_total(at: int, more: bool) -> None:
    page = saved("portal_disclosure.json", INTERFACE.replace("pageNo=1", f"pageNo={at}"))
    assert bool(read_list(source("json", INTERFACE), page).next) is more


def test_a_json_interface_ends_at_an_empty_page() -> None:
    assert (
        read_list(source("json", INTERFACE, items="data"), Fetched(INTERFACE, b'{"data": []}')).next is None
    )


@pytest.mark.parametrize(
    ("data", "rule", "problem"),
    [
        (b"<html>", {}, "no JSON"),
        (b"[" * 100_000, {}, "levels deep"),
        (b'{"data": {"rows": []}}', {"items": "data.list"}, "there are data"),
        (b'{"data": [{"id": 1, "name": "x"}]}', {"items": "data", "link": "url"}, "there are id, name"),
        (b'{"data": [{"id": 1}]}', {"items": "data", "link_url": "/a/{uid}.html"}, "there are id"),
    ],
)
def test_an_unexpected_json_answer_is_told(data: bytes, rule: dict[str, str], problem: str) -> None:
    found = read_list(source("json", INTERFACE, **rule), Fetched(INTERFACE, data))
    assert not found.entries
    assert problem in " ".join(found.problems)


@pytest.mark.parametrize("name", ["@evil.example/?#", ".evil.example/a", ":80@evil.example"])
def test_a_field_cannot_move_an_address_to_another_host(name: str) -> None:
    row = json.dumps([{"id": name}]).encode()
    made = source("json", INTERFACE, link_url="https://www.example.org{id}")
    assert [admitted(made, e.url) for e in read_list(made, Fetched(INTERFACE, row)).entries] in ([], [False])


def test_rss_is_read() -> None:
    assert read_list(source("feed"), saved("feed.xml")).entries == (
        Entry("https://www.example.org/a/1.html", "云岭县城乡学校结对 & 共建", "2024-05-14"),
        Entry("https://www.example.org/a/2.html", "寄宿制学校改造", "2024-05-01"),
    )


def test_atom_is_read_with_its_next_part() -> None:
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/feed?p=2"/><entry><title>t</title>'
        b'<link rel="self" href="/x"/><link href="/a/1"/><updated>2024-05-01T23:30:00Z</updated></entry></feed>'
    )
    found = read_list(source("feed"), Fetched(LIST_URL, atom))
    assert found.entries == (Entry("https://www.example.org/a/1", "t", "2024-05-02"),)
    assert found.next == "https://www.example.org/feed?p=2"


def test_entities_of_a_feed_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    feed = (
        bomb
        + b"<rss><channel><item><title>x&b;&f;</title><link>http://www.example.org/1</link></item></channel></rss>"
    )
    assert [e.title for e in read_list(source("feed"), Fetched(LIST_URL, feed)).entries] == ["x"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_sitemap_is_read_plain_or_packed(pack: object) -> None:
    page = saved("sitemap.xml")
    found = read_list(source("sitemap"), replace(page, data=pack(page.data)))  # type: ignore[operator]
    assert found.entries == (
        Entry("https://www.example.org/a/1.html?x=1&y=2", None, "2024-05-01"),
        Entry("https://www.example.org/a/2.html", None, None),
    )


def test_a_sitemap_index_names_further_lists() -> None:
    index = b"<sitemapindex><sitemap><loc>https://www.example.org/s1.xml.gz</loc></sitemap><sitemap><loc>/s2.xml</loc></sitemap></sitemapindex>"
    found = read_list(source("sitemap"), Fetched(LIST_URL, index))
    assert (found.entries, found.lists) == (
        (),
        ("https://www.example.org/s1.xml.gz", "https://www.example.org/s2.xml"),
    )


def test_a_packed_sitemap_unpacks_to_its_limit_only() -> None:
    found = read_list(source("sitemap"), Fetched(LIST_URL, gzip.compress(b" " * 60_000_000)))
    assert "more than 50 MB" in found.problems[0]


def test_the_start_pages_are_the_items_of_kind_page() -> None:
    assert read_list(source("page"), html("")).entries == (Entry(LIST_URL),)


@pytest.mark.parametrize(
    ("url", "reach", "within"),
    [
        (LIST_URL + "a.html", Reach(), True),
        ("https://files.example.org/a.pdf", Reach(), False),
        ("https://files.example.org/a.pdf", Reach(hosts=("files.example.org",)), True),
        ("https://www.example.org.evil.example/a", Reach(), False),
        ("https://www.example.org@evil.example/a", Reach(), False),
        ("ftp://www.example.org/a", Reach(), False),
        ("https://www.example.org:8080/a", Reach(), False),
        ("https://WWW.example.org/a", Reach(), True),
        (LIST_URL + "video/1.html", Reach(exclude=("/video/",)), False),
        (LIST_URL + "t2_1.html", Reach(include=(r"/t\d+_\d+\.html$",)), True),
        (LIST_URL + "other.html", Reach(include=(r"/t\d+_\d+\.html$",)), False),
    ],
)
def test_what_is_within_reach(url: str, reach: Reach, within: bool) -> None:
    assert admitted(replace(source(), reach=reach), url) is within


def test_fixes_are_made_in_order_in_every_address() -> None:
    fixing = replace(source(items="li"), fixes=(("http://", "https://"), (":80/", "/")))
    found = read_list(
        fixing,
        html(
            "<li><a href='http://www.example.org:80/a'>云岭县通知</a></li><a href='http://www.example.org:80/2'>下一页</a>"
        ),
    )
    assert (found.entries[0].url, found.next) == ("https://www.example.org/a", "https://www.example.org/2")


def test_more_items_than_are_read_are_told() -> None:
    rows = json.dumps([{"url": f"/a/{n}"} for n in range(20_001)]).encode()
    assert (
        "only the first 20000" in read_list(source("json", INTERFACE), Fetched(INTERFACE, rows)).problems[0]
    )


SHORT = [(f"art/{n}.html", ("放假通知", "县教育局公告")[n % 2], f"2024-05-{10 + n}") for n in range(8)]


@pytest.mark.parametrize(
    ("row", "dated"),
    [
        ("<li><a href={u}>{t}</a><span>{d}</span></li>", True),
        ("<li><span>{d}</span><a href={u}>{t}</a></li>", True),
        ("<li>[<a href=/c1/>政策</a>]<a href={u}>{t}</a><i>{d}</i></li>", True),
        ("<li><a href={u}>{t}</a><i>{d}</i><a href={u}>查看</a></li>", True),
        ("<li><a href={u}>{t}</a></li>", False),
    ],
)
def test_items_with_short_titles_belong_to_the_list_too(row: str, dated: bool) -> None:
    rows = "".join(row.format(u=u, t=t, d=d) for u, t, d in SHORT)
    more = "<li><a href=/more/>更多&gt;&gt;</a></li>"
    nav = "<ul><li><a href=/a/>首页</a></li><li><a href=/b/>政务公开</a></li></ul>"
    found = read_list(source(), html(f"{nav}<ul class=news>{rows}{more}</ul>{nav}"))
    assert list(found.entries) == [Entry(LIST_URL + u, t, d if dated else None) for u, t, d in SHORT]


def test_short_titles_in_lines_of_a_cell_belong_to_the_list_too() -> None:
    rows = "".join(f"<a href={u}>{t}</a> ({d})<br>" for u, t, d in SHORT)
    found = read_list(source(), html(f"<table><tr><td>{rows}</td></tr></table>"))
    assert list(found.entries) == [Entry(LIST_URL + u, t, d) for u, t, d in SHORT]
