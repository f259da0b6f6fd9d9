"""The door to scikit-learn of this room: weights of words, factorisations, groups of clauses."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

Matrix = Any
"""A scipy sparse matrix or a numpy array."""

TOLERANCE = 1e-3
MOST_ITERATIONS = 120
"""On 12,000 units of city reports more iterations changed none of the ten first words of 19 of 20 topics."""


def tf_idf(texts: Sequence[Sequence[str]], vocabulary: Mapping[str, int] | None = None) -> Matrix:
    """Weights ``(1 + ln tf) · idf`` of words, rows of length 1, shape (texts, words).

    Parameters
    ----------
    vocabulary
        Column of each word; by default every word, sorted.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        analyzer=list, lowercase=False, sublinear_tf=True, vocabulary=vocabulary
    ).fit_transform(texts)


def word_counts(texts: Sequence[Sequence[str]], vocabulary: Mapping[str, int]) -> Matrix:
    """How often each word stands in each text, shape (texts, words)."""
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(analyzer=list, lowercase=False, vocabulary=vocabulary).fit_transform(texts)


def agglomerate(distances: Matrix, farthest: float) -> list[int]:
    """Group of each row; groups join while their mean distance is below ``farthest``. Shape (n, n)."""
    from sklearn.cluster import AgglomerativeClustering

    model = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=farthest
    )
    return [int(label) for label in model.fit_predict(distances)]


def non_negative_factors(matrix: Matrix, topics: int) -> Matrix:
    """Rows of non-negative matrix factorisation (coordinate descent, Cichocki & Phan 2009), shape (topics, words).

    It starts from singular vectors (NNDSVD, Boutsidis & Gallopoulos 2008), so the same weights give the same rows.
    """
    from sklearn.decomposition import NMF

    model = NMF(topics, init="nndsvd", tol=TOLERANCE, max_iter=MOST_ITERATIONS, random_state=0)
    with _unfinished():
        return model.fit(matrix).components_


def non_negative_loads(matrix: Matrix, components: Matrix) -> Matrix:
    """Loads of texts on given rows of a factorisation, shape (texts, topics)."""
    from sklearn.decomposition import non_negative_factorization

    with _unfinished():
        loads, _, _ = non_negative_factorization(
            matrix, H=components, n_components=len(components), update_H=False, init="custom",
            tol=TOLERANCE, max_iter=MOST_ITERATIONS,
        )  # fmt: skip
    return loads


def dirichlet_topics(counts: Matrix, topics: int, seed: int) -> Matrix:
    """Word weights of latent Dirichlet allocation (Blei et al. 2003; online variational), shape (topics, words)."""
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(
        topics, learning_method="online", batch_size=256, max_iter=10, random_state=seed
    )
    return model.fit(counts).components_


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra in one thread: with small matrices, threads that wait for each other take ten times as long."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1):
        yield


@contextmanager
def _unfinished() -> Iterator[None]:
    """Factors that still move a little after the last iteration are good enough; their warning is not for users."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield
