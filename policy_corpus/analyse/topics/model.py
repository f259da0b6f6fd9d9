"""The topic model behind :mod:`policy_corpus.analyse.topics.find`: factors of the weights of words, from a fixed start.

Non-negative matrix factorisation finds other topics from each random start. Started from the singular vectors (NNDSVD,
Boutsidis & Gallopoulos 2008) it gives the same topics each time and, on reports and opinions, topics that come again
more often when documents are drawn anew than those of random starts or of a consensus of such (results/topics.txt).
"""

from collections.abc import Iterator, Sequence
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
DRAWS = 5
"""Bootstrap samples (Efron 1979) that stability is measured on."""


class TopicModel:
    """Topics by NMF (or LDA), some of them around given words.

    A seeded topic is what the units that hold one of its words have more of than all units: its row is the positive
    part of the difference of mean weights. Free topics are found in what the seeded ones leave unexplained.

    Parameters
    ----------
    topics
        How many, the seeded ones among them.
    method
        ``nmf`` on TF-IDF weights, ``lda`` on counts.
    seeds
        Columns of the words of each seeded topic (nmf alone); these topics come first.
    random_state
        Of the start of LDA; NMF starts from singular vectors and is the same for all.

    Attributes
    ----------
    components_
        Weights of words, rows of length 1, shape (topics, words).
    """

    components_: Matrix

    def __init__(
        self,
        topics: int,
        method: Method = "nmf",
        seeds: Sequence[Sequence[int]] = (),
        random_state: int = 0,
    ) -> None:
        if seeds and method != "nmf":
            raise ValueError("seeds need nmf")
        if topics < max(len(seeds), 1):
            raise ValueError(f"{topics} topics for {len(seeds)} seeds")
        self.topics = topics
        self.method = method
        self.seeds = [list(words) for words in seeds]
        self.random_state = random_state

    def fit(self, matrix: Matrix) -> Self:
        """Find topics in weights or counts of the words of each unit, sparse, shape (units, words)."""
        with one_thread():
            self.components_ = self._components(matrix)
        return self

    def transform(self, matrix: Matrix) -> Matrix:
        """Load of each topic in each unit, shape (units, topics)."""
        with one_thread():
            return non_negative_loads(matrix, self.components_)

    def stability(self, matrix: Matrix, documents: Any, draws: int = DRAWS) -> list[float]:
        """Whether each topic comes again when documents are drawn anew: mean overlap with its match, 0..1.

        Parameters
        ----------
        matrix
            What the model was fitted on.
        documents
            Number of the document of each unit, shape (units,): documents are drawn as a whole.
        """
        own = first_words(self.components_)
        with one_thread():
            again = [first_words(self._components(drawn)) for drawn in self._drawn(matrix, documents, draws)]
        return [float(value) for value in np.mean([overlaps(own, words) for words in again], axis=0)]

    def _components(self, matrix: Matrix) -> Matrix:
        if self.method == "lda":
            return _unit_rows(dirichlet_topics(matrix, self.topics, self.random_state))
        if not self.seeds:
            return _unit_rows(non_negative_factors(matrix, self.topics))
        seeded = self._seeded(matrix)
        free = self.topics - len(self.seeds)
        if not free:
            return seeded
        return np.vstack([seeded, _unit_rows(non_negative_factors(_unexplained(matrix, seeded), free))])

    def _seeded(self, matrix: Matrix) -> Matrix:
        usual = np.asarray(matrix.mean(axis=0)).ravel()
        rows = np.zeros((len(self.seeds), matrix.shape[1]))
        for place, words in enumerate(self.seeds):
            holding = matrix[np.flatnonzero(np.asarray(matrix[:, words].sum(axis=1)).ravel() > 0)]
            if holding.shape[0]:
                rows[place] = np.maximum(np.asarray(holding.mean(axis=0)).ravel() - usual, 0.0)
        return _unit_rows(rows)

    def _drawn(self, matrix: Matrix, documents: Any, draws: int) -> Iterator[Matrix]:
        """Bootstrap samples; a unit drawn n times counts √n times, which is the same to squared errors."""
        from scipy import sparse

        generator = np.random.default_rng(self.random_state)
        numbers = np.asarray(documents)
        count = int(numbers.max()) + 1
        for _ in range(draws):
            times = np.bincount(generator.integers(0, count, count), minlength=count)[numbers]
            rows = np.flatnonzero(times)
            weights = times[rows] if self.method == "lda" else np.sqrt(times[rows])
            yield sparse.csr_matrix(matrix[rows].multiply(weights[:, None]))


def _unexplained(matrix: Matrix, components: Matrix) -> Matrix:
    """What the loads on some topics leave of the weights; never below zero, never a new word."""
    left = matrix.tocsr(copy=True)
    loads = non_negative_loads(left, components)
    for row in range(left.shape[0]):
        begin, end = left.indptr[row], left.indptr[row + 1]
        explained = loads[row] @ components[:, left.indices[begin:end]]
        left.data[begin:end] = np.maximum(left.data[begin:end] - explained, 0.0)
    left.eliminate_zeros()
    return left


def _unit_rows(rows: Any) -> Any:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
