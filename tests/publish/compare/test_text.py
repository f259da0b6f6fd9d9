"""What a reader sees: Markdown and terminal."""

import re
from dataclasses import replace

import pytest
from rich.console import Console

from policy_corpus.analyse.compare.compare import Region
from policy_corpus.publish.compare.markdown import escaped, markdown_text
from policy_corpus.publish.compare.terminal import comparison_view
from policy_corpus.publish.compare.words import percent, printable, size_text, title_text
from policy_corpus.records import Quantity
from tests.analyse.compare.material import REGIONS, compared, material
from tests.publish.compare.hostile import hostile


def seen(width: int = 110) -> str:
    console = Console(width=width, record=True, file=None)
    with console.capture() as captured:
        console.print(comparison_view(compared()))
    return captured.get()


def test_every_reference_leads_to_a_quote() -> None:
    text = markdown_text(compared())
    cited = set(re.findall(r"\(#q(\d+)\)", text))
    assert cited
    assert cited == set(re.findall(r'<a id="q(\d+)">', text))


def test_a_quote_has_its_source_and_place() -> None:
    text = markdown_text(compared())
    assert (
        "东县 · 布局调整（已做）。《甲省东县通知e1》，2021-05-06，正文第 147–156 字。<https://www.example.cn/e1> `e1-12`"
        in text
    )


def test_zero_and_unknown_are_told_apart_and_explained() -> None:
    found = compared(*REGIONS)
    text = markdown_text(found)
    assert re.search(r"\*\*布局调整\*\* \|.*\| — \|", text)
    assert "—：文本太少，不能说没有" in text


def test_zero_is_explained_only_where_there_is_one() -> None:
    assert "已读文本中未见" not in markdown_text(compared(*REGIONS[:2]))


def test_a_region_without_documents_is_named() -> None:
    text = markdown_text(compared(*REGIONS, Region(("990199", "甲省空县"), "空县")))
    assert "甲省空县 990199。对其做法一无所知，不等于没有做。" in text


def test_a_region_counted_without_another_says_so() -> None:
    text = markdown_text(compared(replace(REGIONS[0], without=("西县",)), REGIONS[1]))
    assert "不含西县（另列）" in text


def test_conditions_are_told_in_words() -> None:
    found = replace(
        compared(), conditions={"year": "2022", "code": "layout", "status": "done", "local": "True"}
    )
    assert "筛选条件：年份 2022；措施 布局调整；状态 已做；只数本地文本。" in markdown_text(found)


def test_what_two_regions_share_is_said_with_counts_and_shares() -> None:
    text = markdown_text(compared(*REGIONS[:2]))
    assert "**布局调整**  东县 2 条（13%）" in text


def test_what_is_not_known_of_one_is_not_said_to_be_shared_by_all() -> None:
    text = markdown_text(compared())
    assert "3 地都有的措施 1 类" in text
    assert "多数地区有、其余未见或不详的措施 2 类" in text
    assert "小县文本太少，不详" in text


def test_numbers_stand_side_by_side_with_unit_and_bound() -> None:
    assert re.search(
        r"新增学位<br>布局调整 \| 2,000 个\[.*<br>≥500 个（计划）\[.*\| 1,800 个\[", markdown_text(compared())
    )


def test_parts_without_content_are_left_out() -> None:
    found = material()
    bare = replace(found, measures={k: replace(m, quantities=()) for k, m in found.measures.items()})
    bare = replace(bare, texts={k: replace(t, date=None) for k, t in bare.texts.items()})
    text = markdown_text(compared(of=bare))
    assert "数字对照" not in text
    assert "时间线" not in text
    assert [h[3] for h in re.findall(r"## [一二三四五]、.*", text)] == list("一二三四五")


def test_the_terminal_shows_the_parts_without_the_list_of_quotes() -> None:
    text = seen()
    for part in ("一、概况", "二、共同点", "三、各自特点", "四、措施对照表", "五、数字对照", "六、时间线"):
        assert part in text
    assert "引文与出处" not in text


def test_no_line_of_the_terminal_is_wider_than_it() -> None:
    from rich.cells import cell_len

    assert max(cell_len(line) for line in seen(60).splitlines()) <= 60


@pytest.mark.parametrize("text", ["*a*", "[x](y)", "<b>", "a|b", "# x", "1. x", "- x", "a_b_c", "`x`"])
def test_no_text_is_markup(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", escaped(text)) == text
    assert escaped(text) != text


def test_hostile_texts_stay_texts_in_markdown() -> None:
    text = markdown_text(hostile())
    assert "<script" not in re.sub(r"\\<", "", text)
    assert "<img" not in re.sub(r"\\<", "", text)


def quantity(
    value: float, to: float | None = None, unit: str = "个", bound: str = "=", role: str = "amount"
) -> str:
    return size_text(Quantity("", value, to, unit, bound, role))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (quantity(2000), "2,000 个"),
        (quantity(12000, bound="≈"), "≈12,000 个"),
        (quantity(350_000_000, unit="元"), "3.5 亿元"),
        (quantity(50_000_000, unit="元", bound="≥"), "≥5,000 万元"),
        (quantity(85.5, unit="%"), "85.5%"),
        (quantity(32, 29, "所", role="change"), "32→29 所"),
        (quantity(5, 8, "次/年", role="rate"), "5–8 次/年"),
        (quantity(1, unit=""), "1"),
    ],
)
def test_sizes_are_written_as_people_write_them(shown: str, wanted: str) -> None:
    assert shown == wanted


@pytest.mark.parametrize(("value", "shown"), [(0, "0%"), (0.001, "<1%"), (0.134, "13%"), (1, "100%")])
def test_a_small_share_is_not_none(value: float, shown: str) -> None:
    assert percent(value) == shown


@pytest.mark.parametrize(
    ("title", "shown"), [("甲县通知", "《甲县通知》"), ("《意见》", "《意见》"), (" ", "（无题）")]
)
def test_titles_have_their_marks_once(title: str, shown: str) -> None:
    assert title_text(title) == shown


def test_what_xml_cannot_hold_is_left_out() -> None:
    assert printable("a\x00b\x0bc\ud800\ufffed\n\t") == "abcd\n\t"
