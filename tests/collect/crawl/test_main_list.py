"""Without a rule: the main list of a page in many layouts, beside navigation, rankings and links to friends."""

import random

import pytest

from policy_corpus.collect.crawl.lists import read_list
from policy_corpus.collect.crawl.model import Entry
from tests.collect.crawl.saved import LIST_URL, html, source

ITEMS = [
    (f"art/{100 + n}.html", title, f"2024-05-{10 + n}")
    for n, title in enumerate(
        (
            "云岭县教育局关于印发教师轮岗办法的通知",
            "2024年义务教育招生工作方案",
            "关于2023年12月31日前完成备案的通知",
            "寄宿制学校建设项目名单公示",
            "控辍保学专项行动简报（第12期）",
            "城乡学校结对帮扶活动",
            "县召开乡村教师支持计划推进会",
        )
    )
]
NAV = "".join(
    f"<li><a href='/c{i}/'>{w}</a></li>"
    for i, w in enumerate(("首页", "机构职能", "政务服务大厅", "互动交流平台"))
)
HOT = "".join(
    f"<li><a href='/hot/{i}.html'>全国教育工作会议精神学习贯彻专题报道第{i}集</a></li>" for i in range(10)
)
DATED = "".join(
    f"<li><a href='/zc/{i}.html'>政策文件选登第{i}号文</a><i>2024-01-0{i + 1}</i></li>" for i in range(4)
)
FRIENDS = "".join(f"<a href='http://x{i}.example.net/'>远江市第{i}中学官方网站</a> " for i in range(15))
FRAME = [
    f"<div class=nav><ul>{NAV}</ul></div>",
    f"<div class=side><h3>点击排行</h3><ul>{HOT}</ul></div>",
    f"<div class=side><h3>政策文件</h3><ul>{DATED}</ul></div>",
    f"<div class=footer>友情链接：{FRIENDS}</div>",
]
ROWS = {
    "words and date": ("<ul>", "<li><a href={u}>{t}</a><span>{d}</span></li>", "</ul>"),
    "date first": ("<ul>", "<li><span>{d}</span><a href={u}>{t}</a></li>", "</ul>"),
    "a category before the title": ("<ul>", "<li>[<a href=/c1/>政策文件通知类</a>]<a href={u}>{t}</a>{d}</li>", "</ul>"),
    "definition list": ("<dl>", "<dd><a href={u}>{t}</a><em>{d}</em></dd>", "</dl>"),
    "one definition list a row": ("", "<dl><dt><a href={u}>{t}</a></dt><dd>摘要文字一段</dd><dd>{d}</dd></dl>", ""),
    "cards with a split date and a summary": (
        "<div class=cards>",
        "<div class=card><div><b>{day}</b><i>{month}</i></div><h3><a href={u}>{t}</a></h3>"
        "<p><a href={u}>会议于2022年3月1日召开，会议强调，要推进优质均衡发展，补齐短板，办好每一所学校[详细]</a></p></div>",
        "</div>",
    ),
    "the link encloses all": ("<div class=l>", "<a href={u}><h4>{t}</h4><span>{d}</span></a>", "</div>"),
    "a link around the row": ("<ul>", "<a href={u}><li>{t}<span>{d}</span></li></a>", "</ul>"),
    "a table": ("<table>", "<tr><td>·<a href={u}>{t}</a></td><td>{d}</td></tr>", "</table>"),
    "a table a row": ("<table><tr><td>", "<table><tr><td><a href={u}>{t}</a></td><td>{d}</td></tr></table>", "</td></tr></table>"),
    "lines": ("<table><tr><td>", "<a href={u}>{t}</a> ({d})<br>", "</td></tr></table>"),
    "lines with the date first": ("<div>", "{d} <a href={u}>{t}</a><br>", "</div>"),
    "paragraphs": ("<div>", "<p><a href={u}>{t}</a>　{d}</p>", "</div>"),
    "a disclosure table": (
        "<table><tr><th>名称</th><th>文号</th><th>日期</th></tr>",
        "<tr><td><a href={u}>{t}</a><div>发布机构：<a href=/jg/>云岭县教育局办公室</a> 生成日期：2024年04月30日</div></td>"
        "<td>云教发〔2023〕5号</td><td>{d}</td></tr>",
        "</table>",
    ),
    "emphasis in some rows": ("<ul>", "<li><b><a href={u}><font color=red>{t}</font></a></b><span>{d}</span></li>", "</ul>"),
    "a script writes the date": ("<ul>", "<li><a href={u}>{t}</a><script>document.write('{d}')</script></li>", "</ul>"),
}  # fmt: skip


def list_of(layout: str) -> str:
    head, row, foot = ROWS[layout]
    plain = ROWS["words and date"][1]
    rows = ""
    for n, (u, t, d) in enumerate(ITEMS):
        form = plain if layout == "emphasis in some rows" and n > 2 else row
        rows += form.format(u=u, t=t, d=d, day=d[8:], month=d[:7])
    return f"<div class=main>{head}{rows}{foot}</div>"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("layout", ROWS)
def test_the_main_list_is_found_in_any_layout_wherever_it_stands(layout: str, seed: int) -> None:
    blocks = [*FRAME, list_of(layout)]
    random.Random(seed).shuffle(blocks)
    found = read_list(source(), html("\n".join(blocks)))
    assert list(found.entries) == [Entry(LIST_URL + u, t, d) for u, t, d in ITEMS]


def test_a_list_without_dates_is_found_beside_the_pages_frame() -> None:
    rows = "".join(f"<li><a href={u}>{t}</a></li>" for u, t, _ in ITEMS)
    found = read_list(source(), html("".join([*FRAME, f"<div class=main><ul>{rows}</ul></div>"])))
    assert [e.url for e in found.entries] == [LIST_URL + u for u, _, _ in ITEMS]


def test_a_list_of_one_dated_item_is_a_list() -> None:
    assert (
        len(
            read_list(
                source(), html("<ul><li><a href=a.html>云岭县教育工作通知</a>2024-05-01</li></ul>")
            ).entries
        )
        == 1
    )


@pytest.mark.parametrize(
    "body", ["", "<ul><li><a href=/>首页</a></li></ul>", "<p>没有内容</p>", f"<ul>{NAV}</ul>"]
)
def test_a_page_without_a_list_says_so(body: str) -> None:
    found = read_list(source(), html(body))
    assert found.entries == ()
    assert "no list of links found" in found.problems[0]


def test_two_columns_of_other_names_are_read_as_one_list_only() -> None:
    """Known to be wrong: one of the two columns is taken; a rule must name both."""
    rows = [f"<li><a href={u}>{t}</a><span>{d}</span></li>" for u, t, d in ITEMS]
    page = html(
        f"<div class=a><ul>{''.join(rows[:4])}</ul></div><div class=b><ul>{''.join(rows[4:])}</ul></div>"
    )
    assert len(read_list(source(), page).entries) == 4
    assert len(read_list(source(items=".a li, .b li"), page).entries) == 7
