"""Scores, intervals and reliability, on tables small enough to count by hand."""

import numpy as np
import pytest

from policy_corpus.annotate.evaluation import calibration_error, recall_at, reliability, score

GOLD = np.array([[1, 0], [1, 0], [0, 1], [0, 0]], bool)
FOUND = np.array([[1, 0], [0, 0], [1, 1], [0, 1]], bool)
NONE = np.zeros_like(GOLD)
GROUPS = ["a", "a", "b", "c"]


def test_precision_recall_and_f1_are_counted() -> None:
    scores = score(("x", "y"), GOLD, NONE, FOUND, GROUPS)
    x, y = scores.codes
    assert (x.gold, x.predicted, x.right) == (2, 2, 1)
    assert (x.precision, x.recall, x.f1) == (0.5, 0.5, 0.5)
    assert (y.precision, y.recall) == (0.5, 1.0)
    assert scores.micro.f1 == pytest.approx(2 * 2 / (4 + 3))


def test_what_one_coder_found_is_neither_right_nor_wrong() -> None:
    maybe = NONE.copy()
    maybe[3, 1] = True
    assert score(("x", "y"), GOLD, maybe, FOUND, GROUPS).codes[1].precision == 1.0


def test_a_code_without_gold_and_prediction_scores_zero() -> None:
    (only,) = score(("x",), NONE[:, :1], NONE[:, :1], NONE[:, :1], GROUPS).codes
    assert (only.precision, only.recall, only.f1, only.low, only.high) == (0, 0, 0, 0, 0)


def test_intervals_hold_the_score_and_repeat() -> None:
    rng = np.random.default_rng(1)
    gold = rng.random((300, 2)) < 0.3
    found = gold ^ (rng.random((300, 2)) < 0.1)
    groups = [str(i // 10) for i in range(300)]
    first, again = (score(("x", "y"), gold, np.zeros_like(gold), found, groups) for _ in range(2))
    assert first == again
    assert first.micro.low < first.micro.f1 < first.micro.high


def test_calibrated_probabilities_have_no_error() -> None:
    probability = np.full((100, 1), 0.25)
    gold = np.arange(100)[:, None] < 25
    (only,) = reliability(probability, gold, np.zeros_like(gold))
    assert (only.count, only.confidence, only.share_right) == (100, 0.25, 0.25)
    assert calibration_error([only]) == 0


def test_overconfidence_is_measured() -> None:
    probability = np.full((10, 1), 0.9)
    gold = np.arange(10)[:, None] < 5
    assert calibration_error(reliability(probability, gold, np.zeros_like(gold))) == pytest.approx(0.4)


def test_recall_at_an_asked_precision() -> None:
    probability = np.array([[0.9], [0.8], [0.6], [0.5]])
    gold = np.array([[1], [1], [0], [1]], bool)
    threshold, recall = recall_at(0.95, probability, gold, np.zeros_like(gold))
    assert 0.6 < threshold <= 0.8
    assert recall == pytest.approx(2 / 3)
    assert recall_at(0.95, probability[2:3], gold[2:3], np.zeros((1, 1), bool)) == (1.0, 0.0)
