"""Fitting the classifier: scikit-learn in, arrays out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from policy_corpus.annotate.classifier import (
    VECTOR_SCALE,
    Classifier,
    FirstLevel,
    neighbours,
    second_level,
    sigmoid,
    sparse_row,
    vectors_of,
)
from policy_corpus.annotate.features import Seen
from policy_corpus.annotate.vectors import Array

Bools = NDArray[np.bool_]

MIN_DOCUMENTS = 2
"""A feature must stand in so many sentences."""
INNER_FOLDS = 4
FIRST_C = 4.0
SECOND_C = 0.3
"""Inverse strengths of the L2 penalty: chosen in cross-validation on `gold/reports` and `gold/seeds`."""
FEW = 2
"""A code with fewer gold sentences than this is left to the second level."""
NEVER = -5.0
LABEL_PRIOR = 1.0
"""Counts added to right and wrong when the log-odds of a label are estimated."""
THRESHOLDS = np.round(np.arange(0.25, 0.6001, 0.01), 2)
REACH = 0.1
NEARLY = 0.002
PRIOR_COUNT = 250.0
"""Thresholds of codes are drawn to the common one as if by so many sentences: a pull of 20 loses .005 of micro F1
on `gold/seeds`."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Coded units: features, groups that must not be split, and codes.

    ``gold`` and ``maybe`` are (n_units, n_codes).
    """

    seen: tuple[Seen, ...]
    groups: tuple[str, ...]
    gold: Bools
    maybe: Bools
    weight: Array

    @property
    def vectors(self) -> Array | None:
        """Vectors of the units, (n_units, dimensions); None without encoder."""
        return vectors_of(self.seen)

    def take(self, rows: NDArray[np.intp]) -> "Labelled":
        """The part with these rows."""
        return Labelled(
            tuple(self.seen[i] for i in rows),
            tuple(self.groups[i] for i in rows),
            self.gold[rows],
            self.maybe[rows],
            self.weight[rows],
        )


def fold_of(group: str, folds: int) -> int:
    """Fold of a document: depends on its name alone, so that new gold moves no other document."""
    return crc32(group.encode("utf-8")) % folds


def fit(
    data: Labelled, codes: Sequence[str], encoder: str | None = None, meta: Mapping[str, Any] | None = None
) -> Classifier:
    """Fit both levels, the value of labels and the thresholds.

    The second level and the thresholds learn from first-level logits of sentences whose documents the first
    level did not see (:data:`INNER_FOLDS` folds).
    """
    folds = np.array([fold_of(group, INNER_FOLDS) for group in data.groups])
    first = FirstLevel(*(np.zeros(data.gold.shape, np.float32) for _ in FirstLevel._fields))
    for k in range(INNER_FOLDS):
        inside, outside = np.flatnonzero(folds != k), np.flatnonzero(folds == k)
        if not len(outside):
            continue
        said = _first_level(data.take(inside), codes, encoder).first_level(data.take(outside).seen)
        for whole, found in zip(first, said, strict=True):
            whole[outside] = found
    final = _first_level(data, codes, encoder)
    evidence = _evidence_left_out(data, codes, first, _neighbours_elsewhere(data))
    stack = _fit_stack(evidence, data)
    probability = sigmoid(evidence @ stack)
    thresholds = choose_thresholds(probability, data.gold, data.maybe)
    vectors = data.vectors
    return Classifier(
        codes=tuple(codes),
        vocabulary=final.vocabulary,
        value=final.value,
        weights=final.weights,
        bias=final.bias,
        vector_weights=final.vector_weights,
        label_odds=label_odds(*label_counts(data, codes)),
        stack=stack,
        thresholds=thresholds,
        memory=as_memory(vectors),
        memory_codes=data.gold.astype(np.float32) if vectors is not None else as_memory(None),
        encoder=encoder,
        meta=dict(meta or {}),
    )


def _first_level(data: Labelled, codes: Sequence[str], encoder: str | None) -> Classifier:
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    vocabulary, value = _vocabulary(data.seen)
    rows = [sparse_row(unit, vocabulary, value) for unit in data.seen]
    starts = np.concatenate([[0], np.cumsum([len(columns) for columns, _ in rows])])
    matrix = sparse.csr_matrix(
        (
            np.concatenate([values for _, values in rows]),
            np.concatenate([columns for columns, _ in rows]).astype(np.int32),
            starts.astype(np.int32),
        ),
        shape=(len(rows), len(vocabulary)),
    )
    vectors = data.vectors
    if vectors is not None:
        matrix = sparse.hstack([matrix, sparse.csr_matrix(VECTOR_SCALE * vectors)]).tocsr()
    weights = np.zeros((matrix.shape[1], len(codes)), np.float32)
    bias = np.full(len(codes), NEVER, np.float32)
    for column in range(len(codes)):
        sure = np.flatnonzero(~data.maybe[:, column])
        gold = data.gold[sure, column]
        if gold.sum() < FEW or gold.all():
            continue
        model = LogisticRegression(C=FIRST_C, max_iter=300, tol=1e-3)
        model.fit(matrix[sure], gold, sample_weight=data.weight[sure])
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    size = len(vocabulary)
    half = weights.astype(np.float16).astype(np.float32)  # as it is stored: the same floats before and after
    return Classifier(
        tuple(codes),
        vocabulary,
        value,
        half[:size],
        bias,
        half[size:],
        {},
        np.zeros(0, np.float32),
        np.zeros(0, np.float32),
        encoder=encoder,
    )


def _vocabulary(seen: Sequence[Seen]) -> tuple[dict[str, int], Array]:
    """Features in enough sentences, and what each counts: n-grams their idf, the rest one."""
    counts: Counter[str] = Counter()
    gram_names: set[str] = set()
    for unit in seen:
        counts.update(unit.grams)
        gram_names.update(unit.grams)
        counts.update(unit.marks)
        counts.update(unit.shape)
    names = sorted(name for name, count in counts.items() if count >= MIN_DOCUMENTS and "\n" not in name)
    idf = [np.log(len(seen) / (1 + counts[name])) if name in gram_names else 1.0 for name in names]
    value = np.maximum(np.array(idf, np.float32), 0.0).astype(np.float16).astype(np.float32)
    return {name: row for row, name in enumerate(names)}, value


def label_counts(data: Labelled, codes: Sequence[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each label stood in a sentence with its code, and in any sentence."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row, unit in enumerate(data.seen):
        for name, column in _labels_of(unit, codes):
            total[name] += 1
            right[name] += int(data.gold[row, column])
    return right, total


def _labels_of(unit: Seen, codes: Sequence[str]) -> set[tuple[str, int]]:
    return {(f"{hit.code}:{hit.label}", codes.index(hit.code)) for hit in unit.hits}


def label_odds(right: Mapping[str, int], total: Mapping[str, int]) -> dict[str, float]:
    """Smoothed log-odds that a sentence with a label carries its code."""
    return {
        name: round(float(np.log((right[name] + LABEL_PRIOR) / (count - right[name] + LABEL_PRIOR))), 3)
        for name, count in total.items()
    }


def as_memory(vectors: Array | None) -> Array:
    """Vectors as they are stored."""
    if vectors is None:
        return np.zeros((0, 0), np.float32)
    return vectors.astype(np.float16).astype(np.float32)


def _neighbours_elsewhere(data: Labelled) -> tuple[Array, Array] | None:
    """What the nearest coded sentences of other documents say of each sentence."""
    vectors = data.vectors
    if vectors is None:
        return None
    similarity = vectors @ as_memory(vectors).T
    groups = np.unique(data.groups, return_inverse=True)[1]
    similarity[groups[:, None] == groups[None, :]] = -1.0
    return neighbours(similarity, data.gold.astype(np.float32))


def _evidence_left_out(
    data: Labelled, codes: Sequence[str], first: FirstLevel, near: tuple[Array, Array] | None
) -> Array:
    """Second-level evidence where each sentence's own coding is left out of the value of its labels."""
    right, total = label_counts(data, codes)
    parts = []
    for row, unit in enumerate(data.seen):
        own = _labels_of(unit, codes)
        less_right = {name: right[name] - int(data.gold[row, column]) for name, column in own}
        odds = label_odds(less_right, {name: total[name] - 1 for name, _ in own})
        own_near = None if near is None else (near[0][row : row + 1], near[1][row : row + 1])
        parts.append(second_level([unit], codes, first.take(slice(row, row + 1)), odds, own_near))
    return np.concatenate(parts)


def _fit_stack(evidence: Array, data: Labelled) -> Array:
    """Logistic regression over all (sentence, code) pairs on standardised evidence, written back to plain."""
    from sklearn.linear_model import LogisticRegression

    sure = ~data.maybe.ravel()
    flat = evidence.reshape(-1, evidence.shape[-1])[sure].astype(np.float64)
    mean, spread = flat.mean(axis=0), flat.std(axis=0)
    spread[spread == 0] = 1.0
    weight = np.repeat(data.weight, data.gold.shape[1])[sure]
    model = LogisticRegression(C=SECOND_C, max_iter=1000)
    model.fit((flat - mean) / spread, data.gold.ravel()[sure], sample_weight=weight)
    plain = model.coef_[0] / spread
    plain[-data.gold.shape[1] :] += model.intercept_[0] - float(plain @ mean)  # one of these is always 1
    return np.asarray(plain, np.float32)


def choose_thresholds(probability: Array, gold: Bools, maybe: Bools) -> Array:
    """Threshold of each code: the one with the best micro F1 over all codes, moved by the code's own best.

    A code's own best is sought no further than :data:`REACH` from the common one and counts by its gold.
    """
    common = _best(probability.ravel(), gold.ravel(), maybe.ravel(), THRESHOLDS)
    chosen = np.empty(gold.shape[1], np.float32)
    grid = THRESHOLDS[np.abs(THRESHOLDS - common) <= REACH]
    for column in range(gold.shape[1]):
        best = _best(probability[:, column], gold[:, column], maybe[:, column], grid)
        count = gold[:, column].sum()
        chosen[column] = round(common + (best - common) * count / (count + PRIOR_COUNT), 3)
    return chosen


def _best(probability: Array, gold: Bools, maybe: Bools, grid: NDArray[np.float64]) -> float:
    """The middle one of the thresholds whose F1 is all but the best."""
    p, y = probability[~maybe], gold[~maybe]
    f1 = np.array([2 * ((p >= t) & y).sum() / max(1, (p >= t).sum() + y.sum()) for t in grid])
    near = np.flatnonzero(f1 >= f1.max() - NEARLY)
    return float(grid[near[len(near) // 2]])
