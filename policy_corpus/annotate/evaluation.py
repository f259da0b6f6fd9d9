"""Scores of codings against gold: precision, recall, F1 with intervals, reliability of probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.floating[Any]]

RESAMPLES = 1000
LEVEL = 0.95
"""Share of resampled scores inside an interval."""
SEED = 20240601
BINS = 10
POSSIBLE = 0.05
"""Pairs below this probability are left out of the calibration error: with sixteen codes nearly all pairs are
sure to be wrong, and they would hide every error of the others."""
MACRO_MIN = 5
"""Codes with fewer gold sentences are left out of the macro average, as in the shared scorer."""


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of one code or of all, with counts; ``low``/``high`` bound F1."""

    code: str
    gold: int
    predicted: int
    right: int
    low: float
    high: float

    @property
    def precision(self) -> float:
        """Share of the predicted that is right (0 where nothing is predicted)."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that is found (0 where there is none)."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _f1(self.right, self.predicted, self.gold)


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of a set of documents."""

    codes: tuple[Score, ...]
    micro: Score
    macro: float
    families: float
    """Mean F1 of the four families that come first."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Sentence-code pairs whose probability lies in a bin: how many, what was said, what came true."""

    low: float
    high: float
    count: int
    confidence: float
    share_right: float


def _f1(right: float, predicted: float, gold: float) -> float:
    return 2 * right / (predicted + gold) if predicted + gold else 0.0


def score(
    codes: Sequence[str],
    gold: Bools,
    maybe: Bools,
    predicted: Bools,
    groups: Sequence[str],
    families: Sequence[str] = (),
) -> Scores:
    """Score decisions.

    Parameters
    ----------
    codes
        Names of the columns.
    gold, maybe, predicted
        (n_sentences, n_codes); what ``maybe`` marks counts neither as right nor as wrong.
    groups
        Document of each sentence: intervals come from resampling documents (percentile bootstrap, Efron 1979).
    families
        Codes whose mean F1 is reported on its own.
    """
    counted = predicted & ~maybe
    names = sorted(set(groups))
    row_of = np.array([names.index(group) for group in groups], dtype=np.intp)
    counts = np.zeros((len(names), 3, len(codes)))
    for kind, table in enumerate((gold & counted, counted, gold)):
        np.add.at(counts[:, kind], row_of, table)
    resampled = _resample(counts)
    total = counts.sum(axis=0)
    scores = tuple(_score(code, total[:, c], resampled[:, :, c]) for c, code in enumerate(codes))
    macro = [s.f1 for s in scores if s.gold >= MACRO_MIN]
    first = [s.f1 for s in scores if s.code in families and s.gold]
    micro = _score("micro", total.sum(axis=1), resampled.sum(axis=2))
    return Scores(scores, micro, _mean(macro), _mean(first))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _resample(counts: Floats) -> Floats:
    """Counts of resampled sets of documents, (RESAMPLES, 3, n_codes)."""
    n = len(counts)
    draws = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    return np.asarray(np.einsum("rn,nkc->rkc", draws, counts))


def _score(code: str, counts: Floats, resampled: Floats) -> Score:
    right, predicted, gold = (round(x) for x in counts)
    f1 = [_f1(*sample) for sample in resampled]
    low, high = np.quantile(f1, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Score(code, gold, predicted, right, round(float(low), 3), round(float(high), 3))


def reliability(probability: Floats, gold: Bools, maybe: Bools) -> list[ReliabilityBin]:
    """Reliability table over sentence-code pairs from :data:`POSSIBLE` up, in bins of equal width."""
    use = ~maybe & (probability >= POSSIBLE)
    p, y = probability[use], gold[use]
    edges = np.linspace(0, 1, BINS + 1)
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    return [
        ReliabilityBin(
            round(float(edges[b]), 2),
            round(float(edges[b + 1]), 2),
            int((place == b).sum()),
            float(p[place == b].mean()),
            float(y[place == b].mean()),
        )
        for b in range(BINS)
        if (place == b).any()
    ]


def calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """Expected calibration error: mean gap between said and true share, weighted by count (Naeini 2015)."""
    total = sum(b.count for b in bins)
    return sum(b.count * abs(b.confidence - b.share_right) for b in bins) / total if total else 0.0


def recall_at(precision: float, probability: Floats, gold: Bools, maybe: Bools) -> tuple[float, float]:
    """Lowest threshold, one for all codes, that keeps a precision, and its recall; (1, 0) where none does."""
    use = ~maybe
    p, y = probability[use], gold[use]
    for threshold in np.round(np.arange(0.05, 1.0, 0.01), 2):
        taken = p >= threshold
        if taken.any() and y[taken].mean() >= precision:
            return float(threshold), float(y[taken].sum() / max(1, y.sum()))
    return 1.0, 0.0
