"""Groups of points that stay together when the data are drawn again.

Two methods (Ward's hierarchical clustering, k-means) and every number of groups are tried. A grouping is judged by
what becomes of its groups in bootstrap samples (Hennig 2007, "Cluster-wise assessment of cluster stability"), less what
becomes of groups in data without groups: two large groups always look stable, and data of one lump can be cut anywhere.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Method = Literal["ward", "k-means"]
METHODS: tuple[Method, ...] = ("ward", "k-means")
Array = Any
Draw = Callable[[Any], Any]

RUNS = 60
NULL_RUNS = 20
NULLS = 3
"""Data sets without groups, each with :data:`NULL_RUNS` bootstrap samples."""
MOST_GROUPS = 8
SMALLEST = 3
"""Points: what one or two do is no type."""
STARTS = 4
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Grouping:
    """A chosen grouping of n points.

    ``groups`` are the points of each group, the largest first. ``stability`` is the mean Jaccard overlap of each with
    its like in the samples, 0..1: from .75 on valid, below .6 not to be trusted (Hennig). ``membership`` says of each
    point in which share of the samples that hold it it fell into its own group.
    """

    method: Method
    groups: tuple[tuple[int, ...], ...]
    stability: tuple[float, ...]
    membership: tuple[float, ...]
    without_groups: float
    """Mean stability of as many groups in data that have none."""


def group(points: Array, draw: Draw, draw_null: Callable[[Any], tuple[Array, Draw]]) -> Grouping | None:
    """The grouping whose stability exceeds most what data without groups give.

    Parameters
    ----------
    points
        Shape (n, d). Their order must be fixed by the caller.
    draw
        Called with a random generator: the points measured again, shape (n, d).
    draw_null
        Called with a random generator: as many points without groups, and how these are measured again.

    Returns
    -------
    Grouping or None
        None where no grouping into two has groups of :data:`SMALLEST` points.
    """
    generator = np.random.default_rng(SEED)
    most = min(MOST_GROUPS, len(points) // SMALLEST)
    cuts = {
        (method, k): groups
        for method, k, groups in _cuts(points, most)
        if len(groups) == k and min(map(len, groups)) >= SMALLEST
    }
    if not cuts:
        return None
    trials = {key: _Trial(groups, len(points)) for key, groups in cuts.items()}
    _sample(trials, draw, RUNS, most, generator)
    nulls: dict[tuple[Method, int], list[float]] = {key: [] for key in cuts}
    for _ in range(NULLS):
        lump, again = draw_null(generator)
        null = {(m, k): _Trial(groups, len(points)) for m, k, groups in _cuts(lump, most) if (m, k) in cuts}
        _sample(null, again, NULL_RUNS, most, generator)
        for key, trial in null.items():
            nulls[key].append(float(np.mean(trial.stability)))
    null_means = {key: float(np.mean(values)) if values else 0.0 for key, values in nulls.items()}

    def gain(key: tuple[Method, int]) -> tuple[float, int, int]:
        return (
            round(float(np.mean(trials[key].stability)) - null_means[key], 6),
            -key[1],
            -METHODS.index(key[0]),
        )

    best = max(cuts, key=gain)
    trial = trials[best]
    return Grouping(
        best[0],
        tuple(tuple(sorted(members)) for members in trial.groups),
        tuple(round(float(value), 3) for value in trial.stability),
        tuple(round(float(value), 3) for value in trial.membership),
        round(null_means[best], 3),
    )


class _Trial:
    """What becomes of the groups of one grouping in the samples."""

    def __init__(self, groups: Sequence[Sequence[int]], size: int) -> None:
        self.groups = [set(members) for members in groups]
        self._overlaps: list[list[float]] = []
        self._kept = np.zeros(size)
        self._drawn = np.zeros(size)

    def compare(self, drawn: Sequence[int], found: Sequence[set[int]]) -> None:
        here = [members & set(drawn) for members in self.groups]
        table = [[_jaccard(own, other) for other in found] for own in here]
        self._overlaps.append(
            [max(row, default=0.0) if own else np.nan for row, own in zip(table, here, strict=True)]
        )
        for place, other in enumerate(found):
            like = max(range(len(here)), key=lambda g: (table[g][place], -g))
            for point in other & here[like]:
                self._kept[point] += 1
        self._drawn[list(drawn)] += 1

    @property
    def stability(self) -> Array:
        if not self._overlaps:
            return np.zeros(len(self.groups))
        known = np.array(self._overlaps)
        drawn = np.maximum((~np.isnan(known)).sum(axis=0), 1)
        return np.nansum(known, axis=0) / drawn

    @property
    def membership(self) -> Array:
        return self._kept / np.maximum(self._drawn, 1)


def _sample(
    trials: "dict[tuple[Method, int], _Trial]", draw: Draw, runs: int, most: int, generator: Any
) -> None:
    for _ in range(runs):
        points = draw(generator)
        drawn = sorted(set(generator.integers(0, len(points), len(points)).tolist()))
        for method, k, groups in _cuts(points[drawn], most):
            if (method, k) in trials:
                trials[method, k].compare(drawn, [{drawn[i] for i in members} for members in groups])


def _cuts(points: Array, most: int) -> Iterator[tuple[Method, int, list[list[int]]]]:
    """Every grouping into 2 to ``most`` groups, the largest group first."""
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(points, method="ward")
    for k in range(2, most + 1):
        yield "ward", k, _members(fcluster(tree, k, criterion="maxclust"))
        labels = _k_means(points, k)
        if labels is not None:
            yield "k-means", k, _members(labels)


def _k_means(points: Array, k: int) -> Array | None:
    """Labels of the best of some starts (k-means++), with seeds that do not depend on what ran before.

    None where every start left a group empty: there are not so many groups.
    """
    from scipy.cluster.vq import ClusterError, kmeans2

    best: tuple[float, Array] | None = None
    for start in range(STARTS):
        generator = np.random.default_rng(SEED + start)
        try:
            centres, labels = kmeans2(points, k, minit="++", rng=generator, missing="raise")
        except ClusterError:
            continue
        spread = round(float(((points - centres[labels]) ** 2).sum()), 9)
        if best is None or spread < best[0]:
            best = spread, labels
    return None if best is None else best[1]


def _members(labels: Sequence[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for point, label in enumerate(labels):
        groups.setdefault(int(label), []).append(point)
    return sorted(groups.values(), key=lambda members: (-len(members), members))


def _jaccard(a: set[int], b: set[int]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0
