"""Dates as printed, never filled in."""

import pytest

from policy_corpus.clean.dates import clock_day, find_dates, first_full, iso_date, journal_issue
from tests.clean.pages import BODY, TITLE, only, story


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2024年1月8日", ["2024-01-08"]),
        ("2024-01-08 09:30", ["2024-01-08"]),
        ("2024/1/8", ["2024-01-08"]),
        ("2024.01.08", ["2024-01-08"]),
        ("2024 年 1 月 8 日", ["2024-01-08"]),
        ("二〇一八年三月二十二日", ["2018-03-22"]),
        ("二○二○年十一月三十日", ["2020-11-30"]),
        ("2018年9月，全县", ["2018-09"]),
        ("6月28日，市教育局召开会议", ["--06-28"]),
        ("3月11日至12日", ["--03-11"]),
        ("2015年9月1日至2016年6月30日", ["2015-09-01", "2016-06-30"]),
        ("09-15 18:20", ["--09-15"]),
        ("2024年2月30日", []),
        ("比例为1:3.5，共2018所", []),
        ("13月5日", []),
        ("2016-2020年", []),
    ],
)
def test_dates_are_found_as_far_as_they_are_printed(text: str, values: list[str]) -> None:
    assert [d.value for d in find_dates(text)] == values


@pytest.mark.parametrize(
    ("text", "value"),
    [("《小学科学》2018年第09期", "2018-09"), ("2019年第6期", "2019-06"), ("2020年第24期", None)],
)
def test_a_journal_issue_names_a_month(text: str, value: str | None) -> None:
    assert journal_issue(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("2019-09-26T08:00:00+08:00", "2019-09-26"), ("20190926", "2019-09-26"), ("昨天", None), (None, None)],
)
def test_markup_dates_are_read(text: str | None, value: str | None) -> None:
    assert iso_date(text) == value


def test_the_first_date_with_a_year() -> None:
    assert first_full("6月28日，2023年8月印发") == "2023-08"
    assert clock_day("更新 09-15 18:20") == "--09-15"


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("更新时间：2026-02-02 20:07:08 作者：佚名", "2026-02-02"),
        ("发布日期：2016年11月22日 浏览次数： 信息来源：县教育局", "2016-11-22"),
        ("云岭教育网 2024-01-08 09:30 围观727次", "2024-01-08"),
        ("2024-11-18 21:16:52", "2024-11-18"),
        ("来源：《乡村教育》2018年第09期", "2018-09"),
        ("时间：2026-01-22", "2026-01-22"),
        ("1# 发表于 2015-5-22 08:41:10 | 只看该作者", "2015-05-22"),
    ],
)
def test_published_is_read_from_the_source_line(line: str, published: str) -> None:
    assert only(f"{TITLE}\n\n{line}\n\n{BODY}\n").published == published


def test_a_date_in_a_related_item_is_not_the_page_s() -> None:
    assert only(story(below="为您推荐\n\n某市征兵工作展开\n\n2023-09-06 13:13")).published is None


def test_a_year_is_not_taken_from_the_posting_date() -> None:
    document = only(f"{TITLE}\n\n更新时间：2026-02-02\n\n{BODY}\n")
    assert document.event_date == "--09-07"


def test_the_day_of_a_speech_is_its_event_not_its_publication() -> None:
    page = (
        "政府工作报告\n——2026年1月26日在云岭县第十四届人民代表大会第五次会议上\n县长 某某\n各位代表：\n"
        "现在，我代表县人民政府，向大会报告工作，请予审议，并请县政协委员和其他列席人员提出意见。\n一、2025年工作回顾\n"
        "一年来，全县新建学校3所，新增学位4500个，交流教师120名，城乡教育差距进一步缩小，群众满意度持续提升。\n"
    )
    document = only(page)
    assert document.kind == "report"
    assert document.published is None
    assert document.event_date == "2026-01-26"
    assert document.title == "政府工作报告"
