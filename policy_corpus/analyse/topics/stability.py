"""Whether topics come again: matched overlap of their first words.

Greene, O'Callaghan & Cunningham 2014, "How many topics? Stability analysis for topic models": two sets of topics are
matched one to one so that the sum of similarities is largest (Kuhn 1955), and the mean similarity of matched pairs is
their agreement. Similarity is the Jaccard overlap of the ten first words.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

TOP_WORDS = 10
TRUSTED = 0.5
"""Mean overlap from which a topic counts as stable: seven of its ten first words come again (7 / 13 = .54)."""


def first_words(components: Any, count: int = TOP_WORDS) -> list[list[int]]:
    """Columns of the largest weights of each row of shape (topics, words), largest first; of equal ones the first."""
    rounded = np.round(components / np.maximum(components.max(axis=1, keepdims=True), 1e-12), 9)
    return [[int(i) for i in np.argsort(-row, kind="stable")[:count]] for row in rounded]


def overlaps(ours: Sequence[Sequence[Any]], theirs: Sequence[Sequence[Any]]) -> list[float]:
    """Jaccard overlap of each of our topics with its match among theirs; 0 for topics without a match."""
    from scipy.optimize import linear_sum_assignment

    table = np.array([[_jaccard(set(a), set(b)) for b in theirs] for a in ours])
    rows, columns = linear_sum_assignment(-table)
    found = np.zeros(len(ours))
    found[rows] = table[rows, columns]
    return [float(value) for value in found]


def agreement(ours: Sequence[Sequence[Any]], theirs: Sequence[Sequence[Any]]) -> float:
    """Mean overlap of matched topics, over the larger set: topics without a match count as 0."""
    return sum(overlaps(ours, theirs)) / max(len(ours), len(theirs), 1)


def _jaccard(a: set[Any], b: set[Any]) -> float:
    return len(a & b) / len(a | b) if a | b else 1.0
