"""Coverage: what a corpus has by region and year, and where nothing was found."""

import pytest

from policy_corpus.analyse.coverage import NO_REGION, coverage
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.resources import load_gazetteer


def row(code: str | None, published: str | None, *, event: str | None = None, copy: bool = False):
    return {
        "region_code": code, "region_name": code and "某地", "published": published, "event_date": event,
        "same_as": "0" * 16 if copy else None,
    }  # fmt: skip


def found(*rows, **options):
    return {r.region_code: r for r in coverage(rows, load_gazetteer(), **options)}


def test_documents_are_counted_by_region_and_year_without_copies() -> None:
    got = found(row("510525", "2021-03-01"), row("510525", "2021-09"), row("510525", "2023", copy=True))[
        "510525"
    ]
    assert (got.documents, got.copies, got.years) == (2, 1, ((2021, 2),))
    assert got.region_name == "四川省泸州市古蔺县"


def test_the_event_dates_a_document_without_a_date_of_publication() -> None:
    assert found(row("510525", None, event="2019-05"))["510525"].years == ((2019, 1),)


@pytest.mark.parametrize("date", [None, "--06-28"])
def test_a_document_of_no_known_year_is_undated(date: str | None) -> None:
    got = found(row("510525", date))["510525"]
    assert (got.undated, got.years, got.documents) == (1, (), 1)


def test_years_without_a_document_between_the_first_and_the_last_are_gaps() -> None:
    assert found(row("510525", "2019"), row("510525", "2022"))["510525"].gaps == (2020, 2021)


def test_a_level_gathers_what_lies_in_its_regions() -> None:
    got = found(row("510525", "2021"), row("510502", "2021"), level="prefecture")
    assert got["510500"].documents == 2 and set(got) == {"510500"}


def test_every_region_within_is_expected_and_stands_with_zero() -> None:
    got = found(row("510525", "2021"), row("610100", "2021"), within="5105")
    assert {code for code, r in got.items() if r.documents} == {"510525"}
    assert {"510502", "510503", "510504", "510521", "510522", "510524"} <= set(got)
    assert "610100" not in got


def test_the_region_of_a_source_is_expected() -> None:
    got = found(row("510525", "2021"), sources={"610302": ["weibin-news"]})
    assert (got["610302"].documents, got["610302"].sources) == (0, ("weibin-news",))


def test_documents_of_no_region_come_last() -> None:
    rows = coverage([row(None, "2020"), row("510525", "2021")], load_gazetteer())
    assert [r.region_name for r in rows][-1] == NO_REGION and rows[-1].documents == 1


def test_the_order_of_documents_makes_no_difference() -> None:
    rows = [row("510525", "2021"), row("610302", "2020"), row(None, None), row("510502", "2021", copy=True)]
    assert coverage(rows, load_gazetteer()) == coverage(rows[::-1], load_gazetteer())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"within": "999999"}, "six digits"),
        ({"within": "371202"}, "370116"),
        ({"level": "village"}, "county"),
    ],
)
def test_an_unknown_region_or_level_says_what_is_known(options: dict[str, str], words: str) -> None:
    with pytest.raises(PolicyCorpusError, match=words):
        found(**options)
