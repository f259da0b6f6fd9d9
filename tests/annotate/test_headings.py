"""Which lines are headings, and which headings a passage stands under."""

import pytest

from policy_corpus.annotate.headings import read_lines
from policy_corpus.annotate.passages import in_normal_form, make_passages
from policy_corpus.annotate.tokens import Tokenizer
from policy_corpus.records import Document, Passage

PLAN = """云岭县教育均衡发展实施方案
一、总体要求
坚持公平优先，全面提升质量。
二、主要任务
（一）组建教育集团。每个集团设总校长一名。各校统一管理。
（二）加强教师交流
1.推行县管校聘。骨干教师每年交流10%。
2.实行跟岗学习，每学期一次。
三、保障措施
成立领导小组。"""


def document(body: str, **fields: str) -> Document:
    return Document("d", "c", "s", 1, "", body, "policy", **fields)  # type: ignore[arg-type]


def passage_at(body: str, words: str) -> Passage:
    (found,) = (p for p in make_passages(document(body)) if words in p.text)
    return found


def headings(body: str) -> list[str]:
    return [body[line.start : line.end] for line in read_lines(body) if line.is_heading]


def test_a_passage_stands_under_its_headings_outermost_first() -> None:
    assert passage_at(PLAN, "骨干教师每年").headings == (
        "云岭县教育均衡发展实施方案", "二、主要任务", "（二）加强教师交流", "1.推行县管校聘",
    )  # fmt: skip


def test_a_heading_that_opens_a_paragraph_is_a_sentence_under_the_outer_headings() -> None:
    opening = passage_at(PLAN, "组建教育集团")
    assert (opening.is_heading, opening.headings[1:]) == (False, ("二、主要任务",))


def test_the_rest_of_the_paragraph_stands_under_the_heading_that_opens_it() -> None:
    assert passage_at(PLAN, "统一管理").headings[-1] == "（一）组建教育集团"


def test_a_new_heading_closes_those_of_its_own_level_and_below() -> None:
    assert passage_at(PLAN, "领导小组").headings == ("云岭县教育均衡发展实施方案", "三、保障措施")


def test_lines_that_are_only_headings_are_flagged() -> None:
    assert headings(PLAN) == [
        "云岭县教育均衡发展实施方案", "一、总体要求", "二、主要任务", "（二）加强教师交流", "三、保障措施",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "title", "rest"),
    [
        ("一、背景随着城镇化推进，乡村学校生源减少。", "一、背景", "随着"),
        ("三、主要措施1.扩大办学规模，新建学校两所。", "三、主要措施", "1.扩大"),
        ("2.优化课程设置根据学生的特点，开设选修课。", "2.优化课程设置", "根据"),
        ("（五）建立轮岗制度。各校每年派出教师。", "（五）建立轮岗制度", "。各校"),
        ("第七条　兼职教师由学校聘任，聘期两年。", "第七条", "　兼职"),
    ],
)
def test_a_heading_fused_with_its_text_is_found(line: str, title: str, rest: str) -> None:
    (read,) = read_lines(line)
    assert read.opening is not None
    assert (read.opening.text, line[read.opening.end :].startswith(rest)) == (title, True)


def test_a_heading_with_a_stop_counts_when_text_of_its_own_follows() -> None:
    assert headings("一、加强课程建设。\n各校开齐课程，按周安排。") == ["一、加强课程建设。"]


@pytest.mark.parametrize(
    "body",
    [
        "1.提高教育质量。\n2.缩小校际差距。\n3.加强师资建设。",
        "投入1.5亿元改造校舍。\n2024年是关键一年。",
        "各位代表：\n现在报告工作。",
        "2024年1月25日\n（县政发〔2024〕5号）\n各乡镇人民政府：",
        "学校 | 学位\n云岭一小 | 360",
        "1. 建立乡村学生资助体系,为家庭经济困难的学生及时足额提供\n各类补助,不让一人失学。",
        "统筹推进城乡学校布局，新建改扩建幼儿园8所，实施\n薄弱学校改造12所，新增学位一千个。",
        "政府应该增加对乡村学校的投入,提高教师\n的待遇和培训机会,改善学校条件,办好每一所学校。",
    ],
)
def test_list_items_dates_tables_and_broken_lines_are_no_headings(body: str) -> None:
    assert headings(body) == []


def test_chapters_stand_over_articles() -> None:
    body = "第一章　总则\n第一条　为办好学校，制定本办法。\n第二章　聘任\n第二条　学校提出需求。程序如下。"
    assert passage_at(body, "程序").headings == ("第二章　聘任", "第二条")


def test_passages_quote_the_body() -> None:
    passages = make_passages(document(PLAN), Tokenizer(["县管校聘"]))
    assert all(PLAN[p.start : p.end] == p.text for p in passages)
    assert [p.ordinal for p in passages] == list(range(len(passages)))
    assert len({p.passage_id for p in passages}) == len(passages)


def test_words_of_a_traditional_text_are_those_of_its_normal_form() -> None:
    traditional = document("推行縣管校聘。", simplified="推行县管校聘。")
    (passage,) = make_passages(traditional, Tokenizer(["县管校聘"]))
    assert passage.text == "推行縣管校聘。"
    assert passage.words == ("推行", "县管校聘", "。")
    assert [p.text for p in in_normal_form(traditional, [passage])] == ["推行县管校聘。"]


def test_a_normal_form_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="as long as"):
        make_passages(document("推行", simplified="推"))
