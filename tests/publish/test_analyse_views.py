"""Statistics on a terminal: what must be read is never cut away, wide characters stand below one another."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from policy_corpus.analyse.linguistics.concordance import Line
from policy_corpus.publish.analyse_views import concordance_view, fit

LINE = Line(
    left="一、二十个字的上文摆在这里，看它从哪一头被截短实行教师",
    node="轮岗",
    right="制度，采取对口联系、下乡巡教、挂牌授课等多种形式，鼓励更多人来",
    document_id="0123456789abcdef",
    passage_id="p",
    start=1200,
    end=1202,
    region_code="532600",
    region_name="云南省文山壮族苗族自治州",
    year="2017",
    statuses=("planned",),
    codes=("rotation",),
    title="标题",
)


def shown(width: int, sort: str = "source") -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width).print(concordance_view([LINE, LINE], sort))  # type: ignore[arg-type]
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [60, 80, 120, 160, 200])
def test_node_and_place_stand_whole_on_every_terminal(width: int) -> None:
    lines = shown(width)
    assert all(cell_len(line) <= width for line in lines)
    text = "\n".join(lines)
    assert text.count("教师 轮岗 制度") == 2
    assert text.count("0123456789abcdef:1200–1202") == 2


def test_a_line_is_grouped_under_what_it_is_sorted_by() -> None:
    heading, *rest = shown(160, "region")
    assert heading.strip() == "云南省文山壮族苗族自治州"
    assert not any("文山" in line for line in rest)


@pytest.mark.parametrize(
    ("cells", "keep_end", "expected"),
    [
        (8, False, "教师轮岗"),
        (10, True, "  教师轮岗"),
        (7, False, "教师轮…"),
        (6, False, "教师… "),
        (6, True, " …轮岗"),
        (1, True, "…"),
    ],
)
def test_texts_are_cut_by_cells(cells: int, keep_end: bool, expected: str) -> None:
    assert fit("教师轮岗", cells, keep_end=keep_end) == expected
