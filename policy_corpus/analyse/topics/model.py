"""A topic model that is the consensus of many: the estimator behind :mod:`policy_corpus.analyse.topics.find`.

One factorisation depends on its start and on which documents were read. So documents are drawn anew many times
(bootstrap, Efron 1979), each draw is factorised from a start of its own, and the topics of all draws are factorised
once more: what comes again in most draws stays (ensemble NMF: Belford, Mac Namee & Greene 2018, "Stability of topic
modeling via matrix factorization"; the stack is that of consensus NMF, Kotliar et al. 2019).
"""

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np

from policy_corpus.analyse.learners import (
    Matrix,
    dirichlet_topics,
    non_negative_factors,
    non_negative_loads,
    one_thread,
)
from policy_corpus.analyse.topics.stability import first_words, overlaps

Method = Literal["nmf", "lda"]
METHODS: tuple[Method, ...] = ("nmf", "lda")
RUNS = 12
PULL = 0.5
"""Weight of a seed, as a share of the units that hold one of its words; without it seeds wander off."""
LEAST_PULL = 0.01
"""Units, as a share of all, that a rarer seed weighs as much as."""


class TopicModel:
    """Consensus of NMF (or LDA) over bootstrap samples, with topics pulled towards given words.

    Parameters
    ----------
    topics
        How many, the seeded ones among them.
    method
        ``nmf`` on TF-IDF weights, ``lda`` on counts.
    seeds
        Columns of the words of each seeded topic (nmf alone); these topics come first.
    runs
        Samples.
    random_state
        Of the draws and starts.

    Attributes
    ----------
    components_
        Weights of words, rows of length 1, shape (topics, words).
    stability_
        Of each topic: mean overlap of its ten first words with its match in each run, 0..1, shape (topics,).
    """

    components_: Matrix
    stability_: list[float]

    def __init__(
        self,
        topics: int,
        method: Method = "nmf",
        seeds: Sequence[Sequence[int]] = (),
        runs: int = RUNS,
        random_state: int = 0,
    ) -> None:
        if seeds and method != "nmf":
            raise ValueError("seeds need nmf")
        if topics < max(len(seeds), 1):
            raise ValueError(f"{topics} topics for {len(seeds)} seeds")
        self.topics = topics
        self.method = method
        self.seeds = [list(words) for words in seeds]
        self.runs = runs
        self.random_state = random_state

    def fit(self, matrix: Matrix, documents: Any) -> Self:
        """Find topics.

        Parameters
        ----------
        matrix
            Weights or counts of the words of each unit, sparse, shape (units, words).
        documents
            Number of the document of each unit, shape (units,): documents are drawn as a whole.
        """
        with one_thread():
            return self._fit(matrix, documents)

    def _fit(self, matrix: Matrix, documents: Any) -> Self:
        generator = np.random.default_rng(self.random_state)
        found = [
            self._run(rows, times, int(generator.integers(2**31)))
            for rows, times in self._draws(matrix, documents, generator)
        ]
        seeded = len(self.seeds)
        parts = []
        if seeded:
            parts.append(np.mean([rows[:seeded] for rows in found], axis=0))
        if self.topics > seeded:
            stack = np.vstack([rows[seeded:] for rows in found])
            parts.append(non_negative_factors(stack, self.topics - seeded, self.random_state))
        self.components_ = _unit_rows(np.vstack(parts))
        own = first_words(self.components_)
        self.stability_ = [
            float(v) for v in np.mean([overlaps(own, first_words(rows)) for rows in found], axis=0)
        ]
        return self

    def transform(self, matrix: Matrix) -> Matrix:
        """Load of each topic in each unit, shape (units, topics)."""
        with one_thread():
            return non_negative_loads(matrix, self.components_)

    def _draws(self, matrix: Matrix, documents: Any, generator: Any) -> Any:
        numbers = np.asarray(documents)
        count = int(numbers.max()) + 1
        for _ in range(self.runs):
            times = np.bincount(generator.integers(0, count, count), minlength=count)[numbers]
            order = generator.permutation(np.flatnonzero(times))
            yield matrix[order], times[order]

    def _run(self, matrix: Matrix, times: Any, seed: int) -> Matrix:
        """Topics of one draw; a unit drawn n times counts √n times, which is the same to squared errors."""
        from scipy import sparse

        if self.method == "lda":
            return _unit_rows(
                dirichlet_topics(
                    sparse.csr_matrix(matrix).multiply(times[:, None]).tocsr(), self.topics, seed
                )
            )
        weighted = sparse.csr_matrix(matrix).multiply(np.sqrt(times)[:, None]).tocsr()
        if not self.seeds:
            return _unit_rows(non_negative_factors(weighted, self.topics, seed))
        return _unit_rows(self._pulled(weighted, seed))

    def _pulled(self, matrix: Matrix, seed: int) -> Matrix:
        """Topics of units to which a row for each seed was added."""
        from scipy import sparse

        holds = np.array([matrix[:, words].sum(axis=1).A1 > 0 for words in self.seeds])
        start = np.zeros((self.topics, matrix.shape[1]))
        for place, words in enumerate(self.seeds):
            start[place, words] = np.asarray(matrix[:, words].sum(axis=0)).ravel() + 1e-9
        start[: len(self.seeds)] = _unit_rows(start[: len(self.seeds)])
        weights = np.sqrt(PULL * np.maximum(holds.sum(axis=1), LEAST_PULL * matrix.shape[0]))
        rows = sparse.csr_matrix(weights[:, None] * start[: len(self.seeds)])
        free = self.topics - len(self.seeds)
        if free:
            start[len(self.seeds) :] = _unit_rows(
                non_negative_factors(matrix[~holds.any(axis=0)], free, seed)
            )
        return non_negative_factors(sparse.vstack([matrix, rows]).tocsr(), self.topics, seed, start)


def _unit_rows(rows: Any) -> Any:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
