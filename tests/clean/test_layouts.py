"""Layouts of pages that a line-by-line look misses: labels below a sentence, dated links, answers, broken lines."""

from policy_corpus.clean.page import CleanResult, clean_capture
from tests.clean.pages import LEAD, SECOND, THIRD, TITLE, only

MENU = "<div><a href=1>首页</a> <a href=2>新闻</a> <a href=3>公告</a></div>"


def html(body: str, title: str = TITLE) -> CleanResult:
    page = f"<html><head><title>{title}</title></head><body>{MENU}{body}</body></html>"
    return clean_capture(page.encode(), capture_id="c", source="p.html", media_type="text/html")


def text_of(body: str, title: str = TITLE) -> str:
    return "\n".join(d.body for d in html(body, title).documents)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_names_and_seal_below_the_only_sentence_stay() -> None:
    names = ("县一小：李某 王某", "县二小：赵某", "云岭县教育局", "2021年8月31日")
    kept = text_of(f"<h1>{TITLE}</h1><div>{paragraphs(LEAD, *names)}</div><div>联系我们</div>")
    assert kept.split("\n") == [LEAD, *names]


def test_questions_of_an_interview_are_no_source_lines() -> None:
    talk = (
        "记者：为什么要推行轮岗？",
        "刘远明：过去教师想动也动不了，现在三年一轮换。",
        "记者：效果怎么样？",
        LEAD,
        SECOND,
    )
    assert (
        text_of(
            f"<h1>{TITLE}</h1><div>2022-08-30 07:12 来源：远江网</div><div>{paragraphs(*talk)}</div>"
        ).split("\n")[0]
        == talk[0]
    )


def test_question_and_answer_in_one_table_stay_together() -> None:
    rows = "".join(
        f"<tr><td>{a}</td><td>{b}</td></tr>"
        for a, b in [("来信内容：", SECOND[:40] + "？"), ("回复内容：", LEAD)]
    )
    assert SECOND[:40] in text_of(f"<h1>{TITLE}</h1><table>{rows}</table>")


def test_a_list_of_links_with_dates_is_no_text() -> None:
    names = ["旅游节将于下月开幕", "图书馆延长开放时间", "职工书屋建成", "公交线路调整公告", "农机补贴发放"]
    links = "".join(
        f"<li><a href=x>{name}</a><span>2020-07-0{n + 1}</span></li>" for n, name in enumerate(names)
    )
    assert html(f"<div><ul>{links}</ul></div>", "工作动态").documents == ()


def test_answers_to_a_post_are_comments() -> None:
    posts = (
        f"<div><em>发表于 2012-3-4 10:20:11</em><div>{LEAD}<br>{SECOND}<br>{THIRD}</div></div>"
        "<div><em>发表于 2012-3-4 11:02:45</em><div>好消息，顶一个！希望我们乡也能早点派老师来，孩子们等着呢。</div></div>"
    )
    kept = text_of(f"<h1>{TITLE}</h1>{posts}")
    assert THIRD in kept
    assert "顶一个" not in kept


def test_a_print_view_has_the_title_of_its_heading() -> None:
    page = html(f"<p>[打印本稿] [关闭窗口]</p><h2>{TITLE}</h2>{paragraphs(LEAD, SECOND, THIRD)}", "打印文章")
    assert [d.title for d in page.documents] == [TITLE]
    assert page.documents[0].body == f"{LEAD}\n{SECOND}\n{THIRD}"


def test_the_day_of_a_newspapers_edition_is_its_date() -> None:
    frame = "<table><tr><td>2015年09月10日 星期四</td><td><a href=1>返回首页</a> <a href=2>往期回顾</a> <a href=3>下一版</a></td></tr></table>"
    page = html(f"{frame}<h1>{TITLE}</h1>{paragraphs(LEAD, SECOND, THIRD)}")
    assert [d.published for d in page.documents] == ["2015-09-10"]


def test_a_file_name_loses_its_ending_in_the_title() -> None:
    page = html(f"<h1>{TITLE}.docx</h1>{paragraphs(LEAD, SECOND, THIRD)}", f"{TITLE}.docx")
    assert [d.title for d in page.documents] == [TITLE]


def test_a_sentence_broken_around_a_link_is_one_line_and_no_title() -> None:
    page = f"云岭县人民代表大会的决议\n大会听取和审议了县长高远所作的\n政府工作报告\n。{LEAD}\n{SECOND}\n"
    document = only(page)
    assert document.title == "云岭县人民代表大会的决议"
    assert document.body.startswith("大会听取和审议了县长高远所作的政府工作报告。")


def test_captions_of_a_gallery_stay_apart() -> None:
    caption = "9月8日，云岭县青石镇中心小学的学生在操场上跳绳。新华社记者 张某 摄"
    lines = text_of(f"<h1>{TITLE}</h1><div>{paragraphs(caption, LEAD, caption.replace('8日', '9日'))}</div>")
    assert lines.split("\n")[0] == caption


def test_dates_with_the_time_right_behind_the_day() -> None:
    for stamp in ("2009年11月09日00:00", "2026年02月10日07时41分"):
        document = only(f"{TITLE}\n{stamp} 来源：远江日报\n{LEAD}\n{SECOND}\n{THIRD}")
        assert document.published == stamp[:11].replace("年", "-").replace("月", "-").rstrip("日")
