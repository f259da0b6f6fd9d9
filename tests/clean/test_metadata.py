"""Title, issuer, document number and source from the text's own lines."""

import pytest

from tests.clean.pages import BODY, LEAD, TITLE, only

RULES = (
    "　　一、总体目标\n\n　　到2020年，全市义务教育学校办学条件显著改善，教师配置更加合理，城乡差距明显缩小。\n\n"
    "　　二、主要任务\n\n　　（一）推进教师交流。各县（市、区）要建立教师交流轮岗制度，每年交流比例不低于符合条件教师的10%。\n"
)


def notice(
    number: str = "远政办发〔2018〕2号", seal: str = "远江市人民政府办公室\n\n2018年3月22日", above: str = ""
) -> str:
    return (
        f"{above}\n远江市人民政府办公室关于推进义务教育均衡发展的实施意见\n\n{number}\n\n各县（市、区）人民政府，市政府各部门：\n\n"
        f"　　为推进义务教育均衡发展，经市政府同意，现提出如下意见，请认真贯彻执行。\n\n{RULES}\n{seal}\n"
    )


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("远政办发〔2018〕2号", "远政办发〔2018〕2号"),
        ("（远政办发〔2018〕25号）", "远政办发〔2018〕25号"),
        ("远政办发[2018]294号", "远政办发〔2018〕294号"),
        ("远政办发（2018）3号", "远政办发〔2018〕3号"),
        ("（远政办〔2017〕106号 2017年）", "远政办〔2017〕106号"),
        ("远政发 20182", "远政发〔2018〕2号"),
        ("远教函202011号", "远教函〔2020〕11号"),
        ("远政发〔201640号", "远政发〔2016〕40号"),
    ],
)
def test_document_numbers_are_read_and_their_brackets_restored(printed: str, number: str) -> None:
    assert only(notice(printed)).number == number


def test_a_number_that_the_text_cites_is_not_its_own() -> None:
    page = notice("").replace(
        "为推进义务教育均衡发展，", "根据《远江省人民政府关于均衡发展的意见》（远府发〔2015〕71号），"
    )
    assert only(page).number is None


def test_a_notice_s_issuer_and_date_come_from_its_seal() -> None:
    document = only(notice())
    assert document.issuer == "远江市人民政府办公室"
    assert document.published == "2018-03-22"
    assert document.kind == "policy"


def test_without_a_seal_the_title_names_the_issuer() -> None:
    document = only(notice(seal=""))
    assert document.issuer == "远江市人民政府办公室"
    assert document.published is None


def test_the_metadata_box_is_read_and_dropped() -> None:
    box = (
        "索 引 号：000014348/2018-00001\n主题分类：教育\n发文机关：远江市人民政府\n成文日期：2018年03月22日\n发布日期：2018年04月02日\n"
        "文号：远政办发〔2018〕2号\n时效性：\n"
    )
    document = only(notice(number="", seal="", above=box))
    assert document.issuer == "远江市人民政府"
    assert document.number == "远政办发〔2018〕2号"
    assert document.published == "2018-04-02"
    assert "索" not in document.body.split("\n")[0]
    assert "时效性" not in document.body


def test_a_box_with_values_on_the_next_line_is_read_too() -> None:
    box = "发文机关\n远江市教育局\n文号\n远教〔2019〕7号\n"
    document = only(notice(number="", seal="", above=box))
    assert (document.issuer, document.number) == ("远江市教育局", "远教〔2019〕7号")


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("来源：云岭县教育局 责任编辑：张三 我要投稿", "云岭县教育局"),
        ("信息来源：县教育局　发布时间：2020-01-02　浏览次数：", "县教育局"),
        ("来源于：东区办事处", "东区办事处"),
        ("稿源：云岭新闻网", "云岭新闻网"),
    ],
)
def test_the_source_unit_is_read(line: str, unit: str) -> None:
    assert only(f"{TITLE}\n\n{line}\n\n{BODY}\n").source_unit == unit


@pytest.mark.parametrize(
    "page",
    [
        f"云岭教育网\n第八届论坛 校园购\n\n{TITLE}\n\n云岭教育网 2024-01-08 09:30\n\n{BODY}",
        f"欢迎您访问{TITLE}！\n\n{TITLE}\n\n更新时间：2024-01-08\n\n{BODY}",
        f"{TITLE}\n云岭文库\n2024-11-18 21:16:52\n{BODY}",
        f"首页 > 教育 > 正文\n{TITLE}\n{TITLE}\n{BODY}",
        f"您好，我是智能机器人小云，请问有什么可以帮您？\n云岭之窗 > 快报 > 正文\n{TITLE}\n{BODY}",
    ],
)
def test_the_title_is_found_among_what_stands_around_it(page: str) -> None:
    document = only(page)
    assert document.title == TITLE
    assert TITLE not in document.body


def test_a_site_s_name_behind_the_title_goes() -> None:
    assert only(f"{TITLE}_云岭新闻网\n\n{BODY}").title == TITLE


def test_a_title_broken_over_two_lines_is_one() -> None:
    page = notice().replace(
        "远江市人民政府办公室关于推进义务教育均衡发展的实施意见",
        "远江市人民政府办公室\n关于推进义务教育均衡发展的实施意见",
    )
    assert only(page).title == "远江市人民政府办公室关于推进义务教育均衡发展的实施意见"


def test_a_text_without_title_takes_its_file_s_name() -> None:
    page = f"各位代表：\n\n现在，我代表市人民政府向大会报告工作，请予审议。\n\n{LEAD}"
    assert only(page, "reports/远江市2024年工作报告.txt").title == "远江市2024年工作报告"


def test_the_header_lines_of_a_law_database_go() -> None:
    header = "      法律数据库【法宝引证码】 CLI.12.0000000\n原文链接：https://www.example.org/lar/0.html\n"
    document = only(notice(above=header))
    assert "引证码" not in document.body
    assert document.number == "远政办发〔2018〕2号"


def test_a_reporter_s_tail_line_stays() -> None:
    assert only(f"{TITLE}\n\n{BODY}\n\n（记者 张三）\n").body.endswith("（记者 张三）")
