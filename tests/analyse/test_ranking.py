"""How a passage answers a query, as one number."""

from math import log

import numpy as np
import pytest

from policy_corpus.analyse.ranking import (
    CODE,
    K1,
    NAMED,
    B,
    TermStatistics,
    coverage,
    index_terms,
    nearness,
    query_terms,
    total,
)


@pytest.mark.parametrize(
    ("form", "terms"),
    [
        ("教师轮岗", ["教师", "师轮", "轮岗"]),
        ("园,教师", ["园", ",", "教师"]),
        ("建成5g网络 2.5亿", ["建成", "5g", "网络", "2.5", "亿"]),
        ("", []),
    ],
)
def test_terms_are_pairs_of_characters_lone_ones_and_other_words(form: str, terms: list[str]) -> None:
    assert index_terms(form) == terms


def test_single_characters_weigh_half_of_a_pair() -> None:
    assert query_terms("轮岗,a") == {"轮": 0.5, "岗": 0.5, "轮岗": 1, "a": 1}


def test_terms_are_counted_once_a_text() -> None:
    counted = TermStatistics.of(["轮岗轮岗", "轮换", "", "岗"])
    assert counted.texts == 4
    assert counted.mean_size == pytest.approx(7 / 4)
    for term, count in (("轮岗", 1), ("轮", 2), ("岗", 2), ("换轮", 0), ("岗岗", 0)):
        assert counted.rarity(term) == pytest.approx(log(1 + (4 - count + 0.5) / (count + 0.5)))


def test_coverage_is_bm25_as_a_share_of_what_it_could_be() -> None:
    counted = TermStatistics.of(["轮岗", "教师"])
    form = "教师轮岗"
    length = K1 * (1 - B + B * 4 / 2)
    share = coverage([form, "无关", ""], {"轮岗": 1.0}, counted)
    assert share == pytest.approx([1 / (1 + length), 0, 0])


def test_coverage_of_no_terms_is_zero() -> None:
    assert coverage(["教师"], {}, TermStatistics.of(["教师"])).tolist() == [0]


def test_nearness_counts_from_unrelated_texts() -> None:
    background = np.array([0.8, 0.82, 0.84])
    near = nearness(np.array([0.82, 0.82 + 3 * background.std(), 2.0]), background)
    assert near == pytest.approx([0, 0.5, 1])
    assert nearness(np.array([0.9]), np.zeros(0)).tolist() == [0]


def test_a_label_alone_does_not_push_past_own_words() -> None:
    none = np.zeros(2)
    score = total(np.array([0.1, 0.0]), np.array([0.0, NAMED]), none, none, none)
    assert score[0] > score[1] > 0
    assert CODE * NAMED < 0.05
