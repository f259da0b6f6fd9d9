"""Texts in a row come apart by what stands around their titles; the parts of one text stay together."""

import pytest

from tests.clean.pages import clean, only

P = (
    "云岭县教育局召开结对共建推进会，总结了一年来集团化办学的做法和成效，部署了下一阶段的重点工作。",
    "全县共有326名教师参加交流轮岗，占符合条件教师总数的14.5%，音乐和美术课程全部开齐。",
    "县财政每年安排专项经费800万元，用于乡村教师生活补助和偏远学校周转宿舍的建设与维修。",
    "会议要求，各学校要把结对工作列入年度计划，县教育局每学期末组织一次督导，结果与评优挂钩。",
)
TEXT = "\n".join(P)
SECTIONS = f"一、加强领导\n{P[0]}\n{P[1]}\n二、细化措施\n{P[2]}\n{P[3]}"


def titles(text: str) -> list[str]:
    return [d.title for d in clean(text).documents]


def test_short_news_come_apart_by_the_source_lines_below_their_titles() -> None:
    page = "云岭县教育新闻\n" + "\n".join(
        f"{title}\n远江日报 2023-0{n}-11 08:1{n}\n{P[0]}\n{P[1]}"
        for n, title in enumerate(["云岭县新增学位三千个", "支教团启程", "南桥镇开通校车专线"], 1)
    )
    documents = clean(page.replace("支教团", "远江市支教团")).documents
    assert [d.title for d in documents] == ["云岭县新增学位三千个", "远江市支教团启程", "南桥镇开通校车专线"]
    assert [d.published for d in documents] == ["2023-01-11", "2023-02-11", "2023-03-11"]


def test_source_lines_below_the_texts_part_them_and_date_them() -> None:
    page = "\n".join(
        f"{title}\n{TEXT}\n（来源：远江日报 2021-0{n}-03）"
        for n, title in enumerate(["云岭县教师交流成常态", "云岭县乡村学校通校车"], 1)
    )
    assert [d.published for d in clean(page).documents] == ["2021-01-03", "2021-02-03"]


def test_datelines_open_news_texts() -> None:
    page = f"云岭县学校结成对子\n本报讯（记者 王某）{TEXT}\n东河乡新建教师宿舍\n新华社昆明5月6日电（记者庞某）{TEXT}"
    assert len(titles(page)) == 2


def test_papers_with_numbers_of_their_own_are_documents_of_their_own() -> None:
    page = "\n".join(
        f"远江市教育局关于{what}的通知\n远教人〔2020〕1{n}号\n各县教育局：\n{P[3]}\n{P[2]}\n远江市教育局\n2020年{n}月15日"
        for n, what in enumerate(["规范教师交流工作", "开展结对帮扶考核", "做好校车安全工作"], 1)
    )
    documents = clean(page).documents
    assert [d.published for d in documents] == ["2020-01-15", "2020-02-15", "2020-03-15"]
    assert [d.number for d in documents] == [f"远教人〔2020〕1{n}号" for n in (1, 2, 3)]


def test_titles_about_something_open_a_report() -> None:
    page = f"关于学校布局调整情况的调研报告\n{TEXT}\n--------\n关于教师队伍建设情况的汇报\n{TEXT}"
    assert titles(page) == ["关于学校布局调整情况的调研报告", "关于教师队伍建设情况的汇报"]


def test_where_the_numbering_restarts_below_titles_papers_begin() -> None:
    heads = ["农村学校对口支援工作总结", "城乡学校结对帮扶工作方案", "小学支教工作年度计划"]
    assert titles("\n".join(f"{head}\n{SECTIONS}" for head in heads)) == heads


def test_a_contents_list_tells_the_titles() -> None:
    listed = ["云岭县推进集团化办学的实践", "远江市教师交流轮岗调研报告", "西坪镇寄宿制学校建设情况汇报"]
    contents = "\n".join(f"{n}.{title}" for n, title in enumerate(listed, 1))
    page = f"教育均衡发展经验材料汇编\n目录\n{contents}\n" + "\n".join(f"{title}\n{TEXT}" for title in listed)
    assert titles(page) == listed


@pytest.mark.parametrize("announced", ["教育局年度工作总结汇编（3篇）", "教育局年度工作总结三篇"])
def test_as_many_titles_as_announced_need_no_other_sign(announced: str) -> None:
    heads = ["区教育局年度工作总结", "县教育局工作总结及明年工作打算", "市教育局半年工作总结"]
    assert titles(announced + "\n" + "\n".join(f"{head}\n{TEXT}" for head in heads)) == heads


WHOLE = {
    "a work report of two years": (
        f"政府工作报告\n——2024年1月10日在县人民代表大会上\n县长 高远\n各位代表：\n{P[0]}\n2023年工作回顾\n{SECTIONS}\n"
        f"2024年工作安排\n{SECTIONS}"
    ),
    "a summary and a plan in one paper": (
        f"云岭县教育局2021年工作总结和2022年工作计划\n2021年工作总结\n{SECTIONS}\n2022年工作计划\n{SECTIONS}"
    ),
    "a notice with two attached plans": (
        f"关于做好教师交流轮岗和结对帮扶工作的通知\n云教发〔2021〕9号\n各乡镇中心校：\n{SECTIONS}\n云岭县教育局\n2021年5月6日\n"
        f"附件1\n云岭县教师交流轮岗工作实施方案\n{SECTIONS}\n附件2\n云岭县结对帮扶工作考核办法\n{SECTIONS}"
    ),
    "a notice that issues several plans": (
        f"关于印发校园阅读等三项活动实施方案的通知\n各学校：\n{SECTIONS}\n云岭县教育局\n2021年5月6日\n"
        f"云岭县校园合唱比赛活动实施方案\n{SECTIONS}\n云岭县校园足球联赛活动实施方案\n{SECTIONS}"
    ),
    "a feature with genre words in its headings": (
        f"云岭县：城乡教育一盘棋\n2022-05-06 10:11 来源：远江日报\n{TEXT}\n推行“青蓝结对”强师培养计划\n{TEXT}\n"
        f"探索集团化办学有效实践\n{TEXT}"
    ),
    "a text with a reporter's notes": (
        f"走进云岭看教育\n2022-05-06 来源：远江日报\n{TEXT}\n记者手记：让优秀成为习惯\n{TEXT}\n专家点评：抓住教师这个关键\n{TEXT}"
    ),
    "a report in parts": (
        f"云岭县义务教育均衡发展自查报告\n第一部分 工作开展情况\n{SECTIONS}\n第二部分 存在的主要问题\n{SECTIONS}"
    ),
}


@pytest.mark.parametrize("page", WHOLE.values(), ids=WHOLE.keys())
def test_the_parts_of_one_text_stay_together(page: str) -> None:
    document = only(page)
    assert document.title == page.split("\n", 1)[0]


def test_a_collections_own_title_opens_no_document() -> None:
    page = "各地推进均衡发展案例选编\n" + "\n".join(
        f"案例{n}：云岭县第{n}学区的做法\n{TEXT}" for n in "一二三"
    )
    assert len(titles(page)) == 3


def test_a_heading_inside_the_title_is_not_the_title() -> None:
    page = f"云岭县教育局2021年工作总结和2022年工作打算\n2021年工作总结\n{SECTIONS}"
    assert only(page).title == "云岭县教育局2021年工作总结和2022年工作打算"


def test_items_too_short_to_be_documents_stay_with_the_text_before() -> None:
    page = f"{TEXT}\n云岭县新增学位三千个\n本报讯 会议召开，工作部署。\n东河乡新建教师宿舍\n本报讯 宿舍今日动工。"
    assert "宿舍今日动工" in "".join(d.body for d in clean(page).documents)
