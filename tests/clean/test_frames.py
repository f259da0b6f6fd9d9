"""Page frames in plain text: buttons, statements, comment boxes, dated lists, leads, kickers, days of edition."""

import pytest

from tests.clean.pages import BODY, LEAD, SECOND, THIRD, TITLE, only, story

TEXT = f"{LEAD}\n{SECOND}\n{THIRD}"
BYLINE = "2019-06-03 10:22 来源：远江日报"


@pytest.mark.parametrize(
    "line",
    [
        "返回首页，查看更多",
        "[返回] [打印]",
        "[打印本稿] [关闭窗口]",
        "点击上方“云岭教育”关注我们",
        "声明：该文观点仅代表作者本人，本平台仅提供信息存储空间服务。",
        "免责声明：本文来自客户端创作者，不代表本网的观点和立场。",
        "本网站所刊载信息，不代表本社和本网观点。",
        "我来说两句",
        "0人参与,0条评论",
        "登录并发表",
        "还没有评论，快来抢沙发吧！",
        "欢迎发表评论 我要评论",
        "阅读 (231)",
    ],
)
def test_a_line_of_the_frame_is_no_text(line: str) -> None:
    assert line not in only(story(below=line)).body
    assert line not in only(f"{TITLE}\n{BYLINE}\n{TEXT}\n{line}\n").body


def test_names_of_other_texts_with_their_dates_are_no_text() -> None:
    names = ["北环路改造工程下周开工", "图书馆延长开放时间", "农机补贴政策解读", "名医工作室落户乡镇"]
    listed = "\n".join(f"{name}2020-07-0{n}" for n, name in enumerate(names, 1))
    assert only(f"{TITLE}\n{BYLINE}\n{TEXT}\n{listed}\n").body.endswith(THIRD)


def test_labelled_dates_above_the_text_still_date_it() -> None:
    head = "成文日期：2020-01-02\n发布日期：2020-01-05\n有效日期：2025-01-05"
    assert only(f"{TITLE}\n{head}\n{TEXT}\n").published == "2020-01-05"


@pytest.mark.parametrize("lead", [f"内容摘要：{LEAD}", f"{LEAD[:45]}..."])
def test_a_lead_that_the_text_repeats_stands_once(lead: str) -> None:
    assert only(f"{TITLE}\n{BYLINE}\n{lead}\n{TEXT}\n").body.count(LEAD[:40]) == 1


def test_the_headline_below_a_kicker_is_the_title() -> None:
    document = only(
        f"走进均衡发展示范县\n{TITLE}\n本报记者 刘某\n2009年11月09日00:00 来源：远江日报\n{TEXT}\n"
    )
    assert document.title == TITLE
    assert document.published == "2009-11-09"


def test_an_original_title_is_no_title() -> None:
    assert only(f"{TITLE}\n{BYLINE}\n原标题：山里娃上好学的故事很长很长\n{TEXT}\n").title == TITLE


def test_the_day_a_page_was_opened_does_not_date_it() -> None:
    assert only(f"2022年5月6日 星期五\n{TITLE}\n{BYLINE}\n{TEXT}\n").published == "2019-06-03"


def test_the_day_of_an_edition_dates_a_text_that_has_no_other() -> None:
    assert only(f"2015年09月10日 星期四\n{TITLE}\n本报记者 李某\n{TEXT}\n").published == "2015-09-10"


def test_a_time_in_brackets_is_a_source_line() -> None:
    assert only(f"{TITLE}\n(2010-05-06 12:22:33)\n{BODY}\n").published == "2010-05-06"


def test_members_listed_at_the_end_of_a_notice_stay() -> None:
    members = [
        f"{name} 省{office}副厅长" for name, office in zip("甲乙丙丁戊己庚", "教财民人住卫文", strict=True)
    ]
    assert all(
        member in only(f"{TITLE}\n{BYLINE}\n{TEXT}\n成员名单\n" + "\n".join(members)).body
        for member in members
    )
