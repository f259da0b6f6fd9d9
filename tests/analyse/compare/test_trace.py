"""A figure that does not follow from what was read anew is named."""

from dataclasses import replace
from typing import Any

import pytest

from policy_corpus.analyse.compare.model import Comparison, Count
from policy_corpus.analyse.compare.trace import untraced
from tests.analyse.compare.material import compared, material, without


def test_what_was_counted_is_found_again() -> None:
    assert untraced(compared(), material()) == []


def cell_with(found: Comparison, **changes: Any) -> Comparison:
    row = found.rows[0]
    cells = (replace(row.cells[0], **changes), *row.cells[1:])
    return replace(found, rows=(replace(row, cells=cells), *found.rows[1:]))


def side_with(found: Comparison, **changes: Any) -> Comparison:
    return replace(found, sides=(replace(found.sides[0], **changes), *found.sides[1:]))


def changed_count(count: Count, **changes: Any) -> Count:
    return replace(count, **changes)


def test_a_count_that_is_not_that_of_its_ids_is_named() -> None:
    found = compared()
    wrong = cell_with(found, count=replace(found.rows[0].cells[0].count, value=13))
    assert "东县 交流轮岗 条数" in untraced(wrong, material())


def test_an_id_counted_twice_is_named() -> None:
    found = compared()
    own = found.rows[0].cells[0].count
    wrong = cell_with(found, count=replace(own, value=13, ids=(*own.ids, own.ids[0])))
    assert "东县 交流轮岗 条数" in untraced(wrong, material())


def test_ids_of_another_status_are_named() -> None:
    found = compared()
    own = found.rows[0].cells[0]
    wrong = cell_with(found, planned=replace(own.planned, value=12, ids=own.done.ids))
    assert untraced(wrong, material()) == ["东县 交流轮岗 计划"]


@pytest.mark.parametrize(
    ("name", "field", "change"),
    [
        ("东县 文档篇数", "documents", {"value": 3}),
        ("东县 句数", "sentences", {"value": 99}),
        ("东县 无日期文档篇数", "undated", {"value": 1, "ids": ("e1",)}),
        ("东县 措施条数", "measures", {"value": 1, "ids": ("e1-00",)}),
    ],
)
def test_figures_of_a_region_are_recounted(name: str, field: str, change: dict[str, Any]) -> None:
    found = compared()
    assert name in untraced(
        side_with(found, **{field: replace(getattr(found.sides[0], field), **change)}), material()
    )


def test_a_share_is_divided_again() -> None:
    found = compared()
    share = found.rows[0].cells[0].share
    assert share is not None
    assert untraced(cell_with(found, share=replace(share, value=0.5)), material()) == [
        "东县 交流轮岗 条数 占比"
    ]


def test_a_score_is_reckoned_again() -> None:
    found = compared()
    more = found.apart[0].more[0]
    wrong = replace(found.apart[0], more=(replace(more, score=replace(more.score, value=9.9)),))
    assert untraced(replace(found, apart=(wrong, *found.apart[1:])), material()) == ["东县 交流轮岗 z 值"]


def test_a_number_must_stand_in_its_measure() -> None:
    found = compared()
    row = found.numbers[0]
    number = row.cells[0].numbers[0]
    wrong = replace(number, quantity=replace(number.quantity, value=20000))
    cells = (replace(row.cells[0], numbers=(wrong,)), *row.cells[1:])
    assert untraced(replace(found, numbers=(replace(row, cells=cells), *found.numbers[1:])), material()) == [
        number.name
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"evidence": "新增学位9000个。"},
        {"start": 1},
        {"title": "另一个文件"},
        {"date": "1999"},
        {"address": "https://www.example.cn/x"},
        {"document_id": "w1"},
    ],
)
def test_a_quote_must_stand_in_its_document_with_its_source(change: dict[str, Any]) -> None:
    found = compared()
    wrong = replace(found, quotes=(replace(found.quotes[0], **change), *found.quotes[1:]))
    assert untraced(wrong, material()) == ["引文 1"]


def test_a_quote_that_was_lost_is_missed() -> None:
    found = compared()
    assert untraced(replace(found, quotes=found.quotes[1:]), material())


def test_a_date_that_the_document_has_not_is_named() -> None:
    found = compared()
    wrong = replace(found.events[0], date="2020-01-01")
    assert untraced(replace(found, events=(wrong, *found.events[1:])), material()) == [
        "东县 《甲省东县通知e1》 日期"
    ]


def test_what_is_gone_from_the_store_is_missed() -> None:
    assert "西县 布局调整 条数" in untraced(compared(), without(material(), "w1-10"))


def test_what_came_to_the_store_since_is_noticed() -> None:
    fewer = without(material(), "w1-10")
    assert "西县 措施条数" in untraced(compared(of=fewer), material())


def test_a_document_that_moved_to_another_region_is_noticed() -> None:
    found = material()
    moved = replace(
        found, texts={**found.texts, "w2": replace(found.texts["w2"], region=("990101", "甲省东县"))}
    )
    assert "西县 文档篇数" in untraced(compared(), moved)
