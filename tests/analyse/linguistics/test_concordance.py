import pytest

from policy_corpus.analyse.linguistics.concordance import Page, Span, concordance, group_name, sort_lines

BODY = "全县组建教育集团3个。\n大学区域内，学区制改革推进。"
PAGE = Page("d1", BODY, "标题", "610322", "陕西省宝鸡市凤翔区", "2024")
SPANS = [
    Span("p1", 0, 11, ("全县", "组建", "教育", "集团", "3", "个", "。"), ("done",), ("group_schooling",)),
    Span("p2", 12, 26, ("大学", "区域", "内", "，", "学区", "制", "改革", "推进", "。")),
]


def test_a_line_leads_back_to_its_place() -> None:
    (line,) = concordance(PAGE, SPANS, "教育集团", window=2)
    assert (line.left, line.node, line.right) == ("组建", "教育集团", "3个")
    assert BODY[line.start : line.end] == "教育集团"
    assert (line.document_id, line.passage_id, line.statuses) == ("d1", "p1", ("done",))


def test_every_place_or_whole_words_only() -> None:
    assert [line.start for line in concordance(PAGE, SPANS, "学区")] == [13, 18]
    assert [line.start for line in concordance(PAGE, SPANS, "学区", whole_words=True)] == [18]


def test_context_leaves_the_sentence_but_holds_no_line_break() -> None:
    (line,) = concordance(PAGE, SPANS, "大学", window=5)
    assert line.left == "团3个。"


def test_only_the_sentences_of_the_sub_corpus_are_read() -> None:
    assert list(concordance(PAGE, SPANS[1:], "教育集团")) == []


@pytest.mark.parametrize("sort", ["source", "left", "right"])
def test_orders(sort: str) -> None:
    lines = list(concordance(PAGE, SPANS, "学区"))
    by = {"left": lambda line: line.left[::-1], "right": lambda line: line.right}.get(sort)
    expected = sorted(lines, key=by) if by else lines
    assert sort_lines(lines, sort) == expected  # type: ignore[arg-type]


def test_groups_have_names() -> None:
    (line,) = concordance(PAGE, SPANS, "教育集团")
    assert group_name(line, "status", {"done": "已做"}) == "已做"
    assert group_name(line, "region") == "陕西省宝鸡市凤翔区"
    assert group_name(line, "left") is None
