"""How many topics: as many as come again, with few that do not (after Greene, O'Callaghan & Cunningham 2014)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from policy_corpus.analyse.learners import Matrix
from policy_corpus.analyse.topics.model import Method, TopicModel
from policy_corpus.analyse.topics.stability import TRUSTED

NUMBERS = (3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30)
"""Tried; stability differs less from one number to the next than from one draw to the next."""
WORTH = 0.6
"""Stability above which a topic is worth having (Hennig's bound of trust for clusters): the number is chosen for which
the sum of what topics exceed it by is largest. The highest mean alone would choose four to six topics, too coarse to
use: city reports and arts opinions had their peaks there."""
CURVE_UNITS, CURVE_TERMS = 4000, 2000
"""The curve is drawn on a part of a large corpus: on 12,000 units of city reports it takes a third of the time."""
UNITS_PER_TOPIC = 20


@dataclass(frozen=True, slots=True)
class Point:
    """One number of topics; ``stability`` is the mean overlap over topics and draws, 0..1."""

    topics: int
    stability: float
    stable: int
    """Topics that come again."""


def stability_curve(matrix: Matrix, documents: Any, method: Method = "nmf", seed: int = 0) -> list[Point]:
    """Stability by number of topics; as many numbers as the units allow.

    Parameters
    ----------
    matrix
        Shape (units, words).
    documents
        Number of the document of each unit.
    """
    small, numbers = _part(matrix, documents)
    points = []
    for topics in NUMBERS:
        if topics * UNITS_PER_TOPIC > matrix.shape[0] or topics >= min(small.shape):
            break
        found = TopicModel(topics, method, random_state=seed).fit(small).stability(small, numbers)
        stable = sum(value >= TRUSTED for value in found)
        points.append(Point(topics, round(float(np.mean(found)), 3), stable))
    return points


def best_number(curve: Sequence[Point]) -> int:
    """The number whose topics together exceed :data:`WORTH` most; where none does, the one that falls short least.

    Raises
    ------
    ValueError
        The curve is empty.
    """
    if not curve:
        raise ValueError("no number of topics was tried")
    return max(curve, key=lambda p: (p.topics * (p.stability - WORTH), -p.topics)).topics


def _part(matrix: Matrix, documents: Any) -> tuple[Matrix, list[int]]:
    """Evenly spaced units and the most frequent terms of them."""
    count = matrix.shape[0]
    chosen = np.unique(np.linspace(0, count - 1, min(count, CURVE_UNITS)).astype(int))
    rows = matrix[chosen]
    held = np.asarray((rows > 0).sum(axis=0)).ravel()
    columns = np.sort(np.argsort(-held, kind="stable")[:CURVE_TERMS])
    columns = columns[held[columns] > 0]
    numbers = np.unique(np.asarray(documents)[chosen], return_inverse=True)[1]
    return rows[:, columns].tocsr(), [int(n) for n in numbers]
