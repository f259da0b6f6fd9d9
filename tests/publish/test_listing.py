"""Tables on a terminal: texts are shown as they are, and what a person needs next stays readable."""

import io

import pytest
from rich.console import Console

from policy_corpus.publish.listing import listing
from policy_corpus.publish.show import region_bars

MEASURE = {
    "region_name": "陕西省宝鸡市岐山县", "code_label": "交流轮岗", "status": "done", "confidence": 0.914,
    "evidence": "县教育体育局组织300余名教师开展校长教师交流轮岗，覆盖全县32所学校。" * 3, "quantities": [],
    "partners": [], "measure_id": "b40be6852d8d077b",
}  # fmt: skip


def printed(table: object, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(table)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("text", ["见[/red]附件", "[bold]重点[/bold]", "[1][2] 参考", ":smile: 原样"])
def test_brackets_and_colons_in_a_text_are_no_markup(text: str) -> None:
    assert text in printed(listing("measures", [{**MEASURE, "evidence": text}], {}), 160)


def test_brackets_in_the_name_of_a_region_are_no_markup() -> None:
    row = {"region_name": "某县[/b]", "documents": 1, "measures": 0, "done": 0, "planned": 0, "advised": 0}
    assert "某县[/b]" in printed(region_bars([row], [], {}), 80)


def test_on_80_columns_ids_and_states_stay_whole_and_texts_are_cut() -> None:
    line = printed(listing("measures", [MEASURE], {}), 80).splitlines()[1]
    assert "b40be6852d8d077b" in line and "交流轮岗" in line and "已做" in line and "…" in line
