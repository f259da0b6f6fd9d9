"""What a comparison says of regions, on invented texts."""

from dataclasses import replace

import pytest

from policy_corpus.analyse.compare.compare import Region, compare
from policy_corpus.analyse.compare.model import Material, figures
from policy_corpus.analyse.compare.numbers import thing_of
from tests.analyse.compare.material import (
    EAST,
    LABELS,
    REGIONS,
    THIN,
    WEST,
    compared,
    material,
    quantity,
)


def cell(code: str, place: int):
    found = compared()
    return next(row for row in found.rows if row.code == code).cells[place]


def test_a_cell_counts_with_its_denominator_and_statuses() -> None:
    own = cell("layout", 0)
    assert (own.count.value, own.done.value, own.planned.value, own.advised.value, own.documents.value) == (
        2,
        1,
        1,
        0,
        2,
    )
    assert own.share is not None
    assert own.share.value == pytest.approx(2 / 15)


def test_what_is_not_found_in_enough_text_is_zero_and_in_too_little_is_unknown() -> None:
    found = compared(REGIONS[0], replace(REGIONS[1]), REGIONS[2])
    layout = next(row for row in found.rows if row.code == "layout")
    assert [c.is_known for c in layout.cells] == [True, True, False]
    assert [side.is_thin for side in found.sides] == [False, False, True]


def test_codes_that_nobody_has_are_named_apart() -> None:
    assert compared().absent == ("funding",)


def test_a_region_without_documents_is_told_not_counted() -> None:
    found = compared(*REGIONS, Region(("990199", "甲省空县"), "空县"))
    assert found.unread == (("990199", "甲省空县"),)
    assert [side.short for side in found.sides] == ["东县", "西县", "小县"]


def test_shared_is_what_every_region_has_as_far_as_is_known() -> None:
    shared = {part.code: part for part in compared().shared}
    assert set(shared) == {"rotation", "layout", "training"}
    assert shared["layout"].unknown == (THIN,)
    assert shared["training"].holders == (EAST, WEST, THIN)


def test_of_four_regions_one_may_lack_what_is_shared_and_is_named() -> None:
    found = material()
    texts = {**found.texts, "x": replace(found.texts["e1"], document_id="x", region=("990104", "甲省北县"))}
    moved = {
        f"x{n}": replace(m, measure_id=f"x{n}", document_id="x")
        for n, m in enumerate(
            m for m in found.measures.values() if m.code == "rotation" and m.document_id == "e1"
        )
    }
    both = Material(texts, {**found.measures, **moved})
    shared = {
        p.code: p for p in compare([*REGIONS, Region(("990104", "甲省北县"), "北县")], both, LABELS).shared
    }
    assert shared["training"].lacking == (("990104", "甲省北县"),)
    assert shared["rotation"].lacking == ()


def test_what_sets_a_region_apart_is_clear_beyond_chance() -> None:
    apart = compared(*REGIONS[:2]).apart[0]
    assert [(more.code, more.is_clear) for more in apart.more] == [("rotation", True)]
    assert apart.more[0].share.part.value == 12
    assert apart.more[0].elsewhere.part.value == 1


def test_of_two_regions_less_here_is_not_told_beside_more_there() -> None:
    assert all(not apart.less for apart in compared(*REGIONS[:2]).apart)


def test_a_thin_region_does_not_make_another_the_only_one() -> None:
    assert compared(REGIONS[0], REGIONS[2]).apart[0].only == ()


def test_numbers_of_one_thing_and_unit_stand_beside_each_other_with_their_bounds() -> None:
    row = next(row for row in compared().numbers if row.unit == "个")
    sizes = [[(n.quantity.bound, n.quantity.value) for n in c.numbers] for c in row.cells]
    assert sizes == [[("=", 2000), ("≥", 500)], [("=", 1800)], []]


def test_numbers_that_say_the_same_are_one_with_all_its_measures() -> None:
    found = material()
    again = replace(found.measures["e1-12"], measure_id="e1-99", start=0, end=8)
    both = replace(found, measures={**found.measures, "e1-99": again})
    number = compared(of=both).numbers[0].cells[0].numbers[0]
    assert sorted(number.ids) == ["e1-12", "e1-99"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("新增学位", "增加学位", True),
        ("新改扩建中小学、幼儿园", "新建、改扩建幼儿园和中小学", True),
        ("新（改、扩）建学校", "新改扩建学校", True),
        ("新建学校", "改建学校", False),
        ("新建学校", "新改扩建学校", False),
        ("新增公办学位", "新增学位", False),
    ],
)
def test_wordings_of_one_thing_are_one_thing(one: str, other: str, same: bool) -> None:
    assert (thing_of(quantity(1, one)) == thing_of(quantity(1, other))) is same


def test_other_units_are_other_things() -> None:
    assert thing_of(quantity(1, "学校", "所")) != thing_of(quantity(1, "学校", "%"))


def test_years_count_documents_and_measures_and_leave_the_undated_aside() -> None:
    found = compared()
    assert [(y.year, [c.value for c in y.documents], [c.value for c in y.measures]) for y in found.years] == [
        ("2021", [1, 0, 0], [14, 0, 0]),
        ("2022", [1, 1, 1], [1, 11, 1]),
    ]
    assert [side.undated.value for side in found.sides] == [0, 1, 0]
    assert [event.date for event in found.events] == ["2021-05-06", "2022", "2022-03", "2022-09-01"]


def test_every_measure_can_be_read_in_a_quote_and_quotes_are_numbered_through() -> None:
    found = compared()
    assert [quote.number for quote in found.quotes] == list(range(1, len(found.quotes) + 1))
    claimed = {claim.measure_id for quote in found.quotes for claim in quote.claims}
    assert claimed == set(material().measures)


def test_the_best_evidence_is_quoted_first() -> None:
    found = compared()
    layout = next(row for row in found.rows if row.code == "layout")
    assert found.quote(layout.cells[0].quotes[0]).evidence == "新增学位2000个。"


def test_every_figure_has_a_name_and_ids() -> None:
    for figure in figures(compared()):
        assert figure.name
        assert getattr(figure, "ids", "-") != () or figure.value == 0


def test_the_order_of_the_input_changes_nothing() -> None:
    found = material()
    turned = Material(dict(reversed(found.texts.items())), dict(reversed(found.measures.items())))
    assert compared() == compared(of=turned)


def test_measures_of_documents_that_are_not_there_are_not_counted() -> None:
    found = material()
    fewer = replace(found, texts={k: t for k, t in found.texts.items() if k != "w2"})
    assert compared(of=fewer).sides[1].measures.value == 11


def test_regions_stand_in_the_order_in_which_they_were_asked_for() -> None:
    assert [side.key for side in compared(*reversed(REGIONS)).sides] == [THIN, WEST, EAST]
