"""Profiles: counts, denominators, shares of thin regions."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest

from policy_corpus.analyse.profiles.profiles import (
    Evidence,
    Prior,
    Profile,
    RegionText,
    log_odds,
    region_profiles,
)
from policy_corpus.analyse.quoting import is_statement

CODES = ["pairing", "group_schooling", "rotation"]


def text(code: str, documents: int = 1, sentences: int = 50) -> RegionText:
    return RegionText(code, f"区{code}", documents, sentences)


def evidence(code: str, *measures: tuple[str, str]) -> list[Evidence]:
    return [
        Evidence(code, f"区{code}", f"d{code}", f"m{code}{i}", measure, status, 0.5 + i / 100)
        for i, (measure, status) in enumerate(measures)
    ]


def profiles_of(shares: dict[str, dict[str, int]]) -> list[Profile]:
    return region_profiles(
        [text(code) for code in shares],
        [
            e
            for code, own in shares.items()
            for e in evidence(code, *[(m, "done") for m, n in own.items() for _ in range(n)])
        ],
        CODES,
    )


def test_a_region_that_was_read_has_zeros_and_one_that_was_not_has_no_profile() -> None:
    (only,) = region_profiles([text("610300", 2, 80)], evidence("999999", ("pairing", "done")), CODES)
    assert (only.documents, only.sentences, only.measures, only.counts) == (2, 80, 0, [0, 0, 0])
    assert [cell.share for cell in only.cells] == [None] * 3
    assert [cell.evidence for cell in only.cells] == [()] * 3


def test_counts_by_status_and_evidence_in_order_of_use() -> None:
    (own,) = region_profiles(
        [text("610300")],
        evidence(
            "610300", ("pairing", "planned"), ("pairing", "done"), ("pairing", "done"), ("rotation", "done")
        ),
        CODES,
    )
    pairing = own.cells[0]
    assert (pairing.count, pairing.done, pairing.planned, pairing.documents) == (3, 2, 1, 1)
    assert pairing.share == 0.75
    assert pairing.evidence == ("m6103002", "m6103001", "m6103000")  # done first, then the surest


@pytest.mark.parametrize(
    ("evidence_text", "expected"),
    [
        ("（三）加大财政投入。", False),
        ("2.开齐开足上好美育课程。", False),
        ("（十二）保障经费投入和设施设备配置。", False),
        ("13.构建美育协同育人机制。", False),
        ("制定激励机制", False),
        ("新建、改扩建学校项目41个", True),
        ("（二）全县组建6个教育集团，选派120名教师到农村学校任教。", True),
        ("县市区教学科研机构应当配齐配足美育教研人员", True),
        ("1.投入资金3.2亿元。", True),
    ],
)
def test_a_heading_or_a_fragment_is_no_statement(evidence_text: str, expected: bool) -> None:
    assert is_statement(evidence_text) is expected


def test_a_sentence_with_numbers_is_shown_before_a_surer_heading() -> None:
    measures = evidence("610300", ("pairing", "done"), ("pairing", "done"), ("pairing", "done"))
    heading, plain, numbered = measures[2], measures[1], measures[0]
    (own,) = region_profiles(
        [text("610300")],
        [replace(heading, is_statement=False, has_numbers=True), plain, replace(numbered, has_numbers=True)],
        CODES,
    )
    assert own.cells[0].evidence == (numbered.measure_id, plain.measure_id, heading.measure_id)


def test_the_main_kind_is_that_of_most_measures() -> None:
    measures = evidence("610300", ("pairing", "done"), ("rotation", "done"), ("rotation", "done"))
    kinds = ["report", "policy", "policy"]
    marked = [replace(m, kind=kind) for m, kind in zip(measures, kinds, strict=True)]
    assert region_profiles([text("610300")], marked, CODES)[0].main_kind == "policy"
    assert region_profiles([text("610300")], measures, CODES)[0].main_kind is None


def test_thin_regions_are_drawn_to_the_corpus_and_rich_ones_are_not() -> None:
    shares = {
        f"1{i:05}": ({"pairing": 60, "rotation": 20} if i % 2 else {"group_schooling": 60, "rotation": 20})
        for i in range(10)
    }
    shares["200000"] = {"pairing": 1}
    rows = {p.region_code: p for p in profiles_of(shares)}
    thin, rich = rows["200000"].cells[0], rows["100001"].cells[0]
    assert thin.share == 1.0 and thin.shrunk < 0.75
    assert rich.share == 0.75 and abs(rich.shrunk - 0.75) < 0.05
    assert thin.high - thin.low > rich.high - rich.low


def test_posterior_by_hand() -> None:
    prior = Prior((0.5, 0.3, 0.2), 10.0)
    assert prior.shrunk(np.array([[10.0, 0, 0]]))[0] == pytest.approx([15 / 20, 3 / 20, 2 / 20])
    low, high = prior.interval(np.array([[10.0, 0, 0]]))
    assert low[0, 0] < 0.75 < high[0, 0]


def test_regions_of_one_mix_have_a_strong_prior_and_of_two_mixes_a_weak_one() -> None:
    alike = np.array([[20.0, 10, 10]] * 8)
    split = np.array([[40.0, 0, 0], [0, 40.0, 0]] * 4)
    assert Prior.fit(alike).concentration > 10 * Prior.fit(split).concentration


def test_log_odds_by_hand() -> None:
    # y = 8 of 10 here, 2 of 10 elsewhere; both together 10.5 of 21 each: prior 2 × ½ = 1 each
    z = log_odds([8, 2], [2, 8], weight=2)
    delta = math.log(9 / 3) - math.log(3 / 9)
    assert z == pytest.approx([delta / math.sqrt(1 / 9 + 1 / 3), -delta / math.sqrt(1 / 3 + 1 / 9)])


def test_order_of_input_changes_nothing() -> None:
    texts = [text(f"1{i:05}") for i in range(6)]
    measures = [
        e for t in texts for e in evidence(t.region_code, ("pairing", "done"), ("rotation", "planned"))
    ]
    expected = region_profiles(texts, measures, CODES)
    random.Random(1).shuffle(texts)
    random.Random(2).shuffle(measures)
    assert region_profiles(texts, measures, CODES) == expected
