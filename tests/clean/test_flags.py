"""What a reader is warned of."""

import pytest

from tests.clean.pages import BODY, LEAD, TITLE, clean, only, story
from tests.clean.test_kinds import OFF_TOPIC, TEMPLATE

SHUFFLED = (
    "计划9月投用，云岭新增学位360个；县五年某小学扩建总投资1200万元，规划新增某中学运动场。年规划一期工程已开工，"
    "学位某幼儿园新建12个班，云岭县二期用地正在报批。新增学教师宿舍楼封顶，五年规某学校搬迁完成，增学位资金已经到位，划新增工程明年完工。"
)
LOST = "云岭市面积平方公里,人口31万,于年接受复查,在校生共人,寄宿生占12.5%。全市共有中小学所,投入资金万元,教育质量稳步提高,群众满意。"
OVERVIEW = (
    "引言\n教育均衡是时代的命题，城乡学校之间的差距正在缩小，各地都在积极探索新的路径和方法。\n1.1 背景\n根据教育部门2022年的统计数据，农村学生占比为60%，"
    "教师流动率为15%，满意度达到90%。\n1.2 现状\n许多地方采用了多种模式，取得了明显成效，值得借鉴。\n案例分析\n某地通过集团化办学，质量提升了20%，"
    "家长满意度提升了30%。\n结论\n教育均衡需要多方合作，持续投入，才能让每个孩子受益。"
)


@pytest.mark.parametrize(
    ("flag", "page"),
    [
        ("thin", f"{TITLE}\n\n{LEAD}"),
        ("shuffled", f"云岭县五年规划新增学位\n\n{SHUFFLED}"),
        ("numbers_lost", f"云岭市义务教育均衡发展情况\n\n{LOST}"),
        ("template_blanks", f"xx区工作总结\n\n{TEMPLATE}"),
        ("off_topic", f"云岭县西瓜节开幕\n\n{OFF_TOPIC}"),
        ("repeated_text", story(body=f"{LEAD}\n\n{LEAD}\n\n{BODY}")),
        ("unsupported", f"云岭县教育均衡发展全景解读\n\n{OVERVIEW}"),
    ],
)
def test_a_flag_is_raised(flag: str, page: str) -> None:
    assert flag in only(page).flags


def test_a_second_page_is_known_by_its_address() -> None:
    assert "page_2" in only(story(), url="http://news.example.org/2020/0703/1234_2.html").flags
    assert "page_2" not in only(story(), url="http://news.example.org/2020/0703/1234.html").flags


def test_an_honest_story_has_no_flag() -> None:
    assert only(story()).flags == ()


def test_a_story_that_often_names_its_county_is_not_shuffled() -> None:
    body = "".join(
        f"云岭县{verb}，县里投入{n}万元。"
        for n, verb in enumerate(["新建学校", "引进教师", "改善宿舍", "开通校车", "送教下乡"], 3)
    )
    assert "shuffled" not in only(f"云岭县改善乡村学校条件\n\n{body}{BODY}").flags


@pytest.mark.parametrize(
    "page", ["六类地区教师工资待遇标准\n\n展开 …", "教师工资\n相关搜索\n教师工资标准\n教师工资改革"]
)
def test_a_page_with_a_title_only_gives_a_note_and_no_document(page: str) -> None:
    result = clean(page)
    assert result.documents == ()
    assert [(i.reason, i.severity) for i in result.issues] == [("thin_page", "note")]
