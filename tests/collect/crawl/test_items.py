"""An item's page: its title and date, its other pages and no other article's, its attachments, its pictures."""

import re
from dataclasses import replace

import pytest

from policy_corpus.collect.crawl.items import read_item
from policy_corpus.collect.crawl.model import Entry, Fetched, ItemPage, ItemRule, Source
from tests.collect.crawl.saved import ITEM_URL, html, saved, source
from tests.shared import GOLD, needs_shared

FOLDER = ITEM_URL.rpartition("/")[0] + "/"
URL = "https://www.example.org/a/t1.html"


def read(body: str, url: str = URL, **rule: str) -> ItemPage:
    return read_item(source(item=ItemRule(**rule)), html(body, url))


def test_a_portals_notice_is_read() -> None:
    found = read_item(source(), saved("portal_item.html", ITEM_URL))
    assert (found.title, found.date) == ("云岭县教师县管校聘交流轮岗实施办法", "2024-05-13")
    assert found.following == (FOLDER + "t20240513_1402_1.html", FOLDER + "t20240513_1402_2.html")
    assert found.pages == 3
    assert found.attachments == (
        Entry(FOLDER + "P020240513501.doc", "云岭县教师交流轮岗计划表"),
        Entry(
            "https://www.example.org/module/download/downfile.jsp?classid=0&filename=a1b2.xls",
            "岗位设置表.xls",
        ),
        Entry("https://www.example.org/attach/0/2c9081.wps", "申报表"),
    )
    assert found.images == 1
    assert found.problems == ()


@pytest.mark.parametrize(
    ("own", "pager", "following", "pages"),
    [
        ("t1.html", "<b>1</b><a href=t1_2.html>2</a><a href=t1_3.html>3</a><a href=t1_2.html>下一页</a>", ["t1_2.html", "t1_3.html"], 3),
        ("t1.html", "<a href=t1_1.html>2</a><a href=t1_2.html>3</a>", ["t1_1.html", "t1_2.html"], 3),
        ("t1.html", "<a href=t1.html>1</a><a href=t1_10.html>10</a><a href=t1_9.html>9</a><a href=t1_2.html>2</a>", ["t1_2.html"], 10),
        ("t1.html", "<a href=t1_2.html>下一页</a> 共5页", ["t1_2.html"], 5),
        ("t1.html", "<p>第1页/共4页 <a href=t1_2.html>下页</a></p>", ["t1_2.html"], 4),
        ("t1.html", "<a href=t1_2.html>余下全文</a>", ["t1_2.html"], 2),
        ("t1.html", "<a href=t1_all.html>阅读全文</a>", ["t1_all.html"], 2),
        ("t1_2.html", "<a href=t1.html>上一页</a><a href=t1.html>1</a><b>2</b><a href=t1_3.html>3</a><a href=t1_3.html>下一页</a>", ["t1_3.html"], 3),
        ("t1_3.html", "<a href=t1_2.html>上一页</a><a href=t1.html>1</a><a href=t1_2.html>2</a><b>3</b>", [], 3),
        ("t1_2.html", "<a href=t1.html>1</a><a href=t1_1.html>2</a><b>3</b><a href=t1_3.html>4</a>", ["t1_3.html"], 4),
        ("t1.html", "<a href='?page=2'>2</a><a href='?page=3'>3</a>", ["t1.html?page=2", "t1.html?page=3"], 3),
        ("show.asp?id=7", "<a href='show.asp?page=2&id=7'>下一页</a>", ["show.asp?page=2&id=7"], 2),
        ("show.asp?id=7&page=2", "<a href='show.asp?id=7&page=1'>1</a><a href='show.asp?id=7&page=3'>下一页</a>", ["show.asp?id=7&page=3"], 3),
        ("1234", "<a href='1234/2'>2</a>", ["1234/2"], 2),
        ("t1.html", "<a href='t1/2.html'>2</a>", ["t1/2.html"], 2),
        ("c1003-31.html", "<a href=c1003-31-2.html>【2】</a>", ["c1003-31-2.html"], 2),
        ("c_77.htm", "<a href=c_77_2.htm>第2页</a>", ["c_77_2.htm"], 2),
        ("t1.html", "<script>createPageHTML(3, 0, 't1', 'html')</script>", ["t1_1.html", "t1_2.html"], 3),
        ("t1_1.html", "<script>createPageHTML(3, 1, 't1', 'html')</script>", ["t1_2.html"], 3),
        ("t1.html", "<a href=t1_2.html>&gt;</a><a href=t1_2.html>2</a>", ["t1_2.html"], 2),
    ],
)  # fmt: skip
def test_the_articles_other_pages(own: str, pager: str, following: list[str], pages: int) -> None:
    found = read(f"<p>正文</p><div>{pager}</div>", f"https://www.example.org/a/{own}")
    assert list(found.following) == [f"https://www.example.org/a/{name}" for name in following]
    assert found.pages == pages


@pytest.mark.parametrize(
    ("own", "links"),
    [
        ("t1.html", "上一篇：<a href=t0.html>云岭县通知</a> 下一篇：<a href=t2.html>云岭县公告</a>"),
        ("t1.html", "<a href=t2.html>下一篇</a>"),
        ("t1.html", "<a href=t2.html>下一页</a>"),
        ("t1.html", "<a href=t2.html>2</a><a href=t3.html>3</a>"),
        ("t20240501_77.html", "<a href=t20240501_78.html>下一篇</a>"),
        ("art_12_345.html", "<a href=art_12_346.html>下一条</a>"),
        ("show.asp?id=7", "<a href='show.asp?id=8'>下一页</a><a href='show.asp?id=8'>8</a>"),
        ("t1.html", "<div class=list><a href=index_2.html>2</a><a href=index_2.html>下一页</a></div>"),
        ("t1.html", "<script>createPageHTML(20, 0, 'index', 'html')</script>"),
        ("t1.html", "<a href='/list?page=2'>2</a>"),
        ("t1.html", "<a href='https://other.example/a/t1_2.html'>2</a>"),
        ("t1.html", "<a href='#2'>2</a><a href='javascript:void(0)'>下一页</a>"),
        ("t1.html", "<p>附件共5页</p><p>第1页/共5页</p>"),
        ("t1.html", "<a href='t1_2.html'>云岭县第二批名单</a>"),
        ("t1.html", "<a href='t1_2.html'>7</a>"),
        ("thread-12-1-1.html", "<a href=thread-13-1-1.html>下一页</a>"),
        ("12.html", "<a href=12/comments.html>2</a><a href='12.html?replies=2'>2</a>"),
    ],
)
def test_another_article_is_no_page_of_this_one(own: str, links: str) -> None:
    found = read(f"<p>正文</p>{links}", f"https://www.example.org/a/{own}")
    assert (found.following, found.pages) == ((), 1)


@pytest.mark.parametrize("pages", [2, 5, 40])
def test_reading_page_after_page_finds_each_page_once_in_order(pages: int) -> None:
    """A pager that shows the pages around the present one, as portals' do."""

    def name(n: int) -> str:
        return "https://www.example.org/a/t1.html" if n == 1 else f"https://www.example.org/a/t1_{n}.html"

    seen, waiting = [], [name(1)]
    while waiting:
        url = waiting.pop(0)
        seen.append(url)
        n = next(i for i in range(1, pages + 1) if name(i) == url)
        shown = [i for i in range(max(1, n - 2), min(pages, n + 2) + 1) if i != n]
        pager = "".join(f"<a href='{name(i)}'>{i}</a>" for i in shown)
        pager += f"<a href='{name(n + 1)}'>下一页</a>" if n < pages else ""
        found = read(f"<div>{pager} 共{pages}页</div>", url)
        assert found.pages == pages
        waiting += [a for a in found.following if a not in seen and a not in waiting]
    assert seen == [name(n) for n in range(1, pages + 1)]


@pytest.mark.parametrize(
    ("pager", "following", "pages"),
    [
        ("<b>1</b><a href=b>2</a><a href=c>3</a><a href=b>下一页</a>", ["b", "c"], 3),
        (
            "<a href=a>上一页</a><a href=a>1</a><b>2</b><a href=c>3</a><a href=c>下一页</a><a href=c>尾页</a>",
            ["c"],
            3,
        ),
        ("<a href=a>1</a><a href=b>2</a><b>3</b>", [], 3),
        ("<a href=t1.html>1</a><a href=b>2</a><a href=c>3</a>", ["b", "c"], 3),
        ("<a href=e>5</a><a href=f>6</a><b>7</b><a href=h>8</a><a href=z>20</a>", ["h"], 20),
        ("<a href=b>下一页</a>", ["b"], 2),
    ],
)
def test_pages_by_a_rule_are_in_order_and_without_a_gap(pager: str, following: list[str], pages: int) -> None:
    found = read(f"<div class=fy>{pager}</div>", next="div.fy a")
    assert [a.rpartition("/")[2] for a in found.following] == following
    assert found.pages == pages


def test_a_rule_names_pages_that_no_general_rule_knows() -> None:
    found = read("<div class=fy><a href=x7.html>乙</a><a href=x9.html>丙</a></div>", next="div.fy a")
    assert found.following == ("https://www.example.org/a/x7.html", "https://www.example.org/a/x9.html")
    assert found.pages == 3


@pytest.mark.parametrize(
    "link",
    [
        "<a href=f.pdf>方案</a>", "<a href=f.DOCX>方案</a>", "<a href='f.xls?v=1'>表</a>", "<a href=f.wps>表</a>",
        "<a href=f.ofd>通知</a>", "<a href=f.et>表</a>", "<a href=f.rar>材料</a>", "<a href=f.zip>材料</a>",
        "<a href='/system/download.jsp?fileid=77'>方案</a>", "<a href='/attach/0/2c90812345678.do'>方案</a>",
        "<a href='view.aspx?n=5'>实施方案.pdf</a>", "<a href='view.aspx?n=5'>实施方案.doc（24KB）</a>",
        "<p>附件：<a href='view.aspx?n=5'>方案</a></p>", "<a href='view.aspx?n=5'>附件1：方案</a>",
        "<a href='/x/down.do?filename=%E6%96%B9%E6%A1%88.pdf'>方案</a>", "<a onclick=\"window.open('f.pdf')\">方案</a>",
    ],
)  # fmt: skip
def test_links_that_are_attachments(link: str) -> None:
    found = read(f"<div class=content><p>正文</p>{link}</div>")
    assert len(found.attachments) == 1
    assert found.attachments[0].title in re.sub("<[^>]+>", "", link)


@pytest.mark.parametrize(
    "link",
    [
        "<a href=t2.html>附件下载说明</a>", "<a href=setup.exe>附件：阅读器</a>", "<a href=/download/>下载中心</a>",
        "<div class=footer><a href=help.pdf>使用手册</a></div>", "<nav><a href=help.pdf>指南</a></nav>",
        "<a href='javascript:window.print()'>打印.pdf</a>", "<a href=mailto:a@example.org>附件</a>", "<a href=pdf.html>pdf</a>",
    ],
)  # fmt: skip
def test_links_that_are_none(link: str) -> None:
    assert read(f"<div class=content><p>正文</p></div>{link}").attachments == ()


def test_a_rule_names_attachments_or_what_they_stand_in() -> None:
    body = "<div class=fj><a href=get/1>甲</a><a href=get/2>乙</a></div><a href=f.pdf>别的</a>"
    for rule in ("div.fj", "div.fj a"):
        assert [e.title for e in read(body, attachments=rule).attachments] == ["甲", "乙"]


@pytest.mark.parametrize(
    ("body", "date"),
    [
        ("<span>发布时间：2024-05-01 10:00</span>", "2024-05-01"),
        ("<td>发布日期</td><td>2024年5月1日</td>", "2024-05-01"),
        ("<b>日期：</b><i>2024/5/1</i>", "2024-05-01"),
        ("<p>会议于2023年4月2日召开</p>", None),
        ("<p>时间不早了</p>", None),
    ],
)
def test_the_date_by_general_rule(body: str, date: str | None) -> None:
    assert read(body).date == date


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"title": "h7"}, "item title = 'h7' finds nothing"),
        ({"date": "b"}, "item date = 'b' finds '昨天', which is no date"),
        ({"date": "u"}, "item date = 'u' finds an empty element"),
    ],
)
def test_an_item_selector_that_fails_is_named(rule: dict[str, str], problem: str) -> None:
    assert read("<h1>标题</h1><b>昨天</b><u></u>", **rule).problems == (problem,)


def test_icons_and_the_pages_frame_are_no_pictures_of_the_content() -> None:
    body = "<div class=header><img src=a.jpg></div><div class=c><img src=p1.jpg><img src=p2.jpg width=20><img src=icon_pdf.gif></div>"
    assert read(body).images == 1


@pytest.mark.parametrize(
    "data", [b"%PDF-1.4 ...", b"\xd0\xcf\x11\xe0" + b"\0" * 99, b"", b"plain", b"PK\x03\x04"]
)
def test_an_answer_that_is_no_page_says_nothing(data: bytes) -> None:
    assert replace(read_item(source(), Fetched(URL, data)), title=None) == ItemPage()


def test_fixes_are_made_in_attachments_and_pages() -> None:
    fixing = replace(source(), fixes=(("/a/", "/b/"),))
    found = read_item(fixing, html("<a href=f.pdf>方案</a><a href=t1_2.html>2</a>", URL))
    assert found.attachments[0].url == "https://www.example.org/b/f.pdf"
    assert found.following == ("https://www.example.org/b/t1_2.html",)


PAGED = {"gamersky-gamersky": 2}
"""Saved pages of the gold that are articles of several pages."""


@needs_shared
def test_no_saved_page_gets_pages_of_other_articles() -> None:
    """Most of the 21 pages carry 下一篇, related articles or page numbers of lists."""
    names = {}
    for path in sorted((GOLD / "pages").glob("*.html")):
        data = path.read_bytes()
        match = re.search(rb'(?:rel="canonical"\s+href|property="og:url"\s+content)="(https?://[^"]+)"', data)
        url = match[1].decode() if match else f"https://www.example.org/a/{path.name}"
        found = read_item(Source("x", (url,)), Fetched(url, data, "text/html"))
        assert found.title
        if found.pages > 1:
            names[path.stem] = found.pages
    assert set(names) <= set(PAGED)


def hostile() -> dict[str, str]:
    return {
        "nested tables": "<table><tr><td>" * 10_000,
        "links": "<a href=t1_2.html>2</a>" * 150_000,
        "nested links": "<font><a href=x.html>" * 20_000,
        "one long word": "x" * 3_000_000,
        "calls": "<script>createPageHTML(" * 100_000,
        "dates": "发布时间：" * 200_000,
        "brackets": "<" * 1_000_000,
    }


@pytest.mark.parametrize("name", sorted(hostile()))
def test_hostile_pages_are_read_within_bounds(name: str) -> None:
    found = read(hostile()[name])
    assert len(found.following) <= 200
    assert len(found.attachments) <= 500


def test_of_a_page_that_is_too_long_the_beginning_is_read_and_that_is_told() -> None:
    found = read("<a href=f.pdf>方案</a>" + "<p>长" * 1_700_000)
    assert len(found.attachments) == 1
    assert "only the first 8 are read" in found.problems[0]
