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
STEPS = 10
"""Of each start of k-means: groups of a hundred regions stand still after four or five."""
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
    by_means = _k_means(points, most)
    for k in range(2, most + 1):
        yield "ward", k, _members(fcluster(tree, k, criterion="maxclust"))
        if k in by_means:
            yield "k-means", k, _members(by_means[k])


def _k_means(points: Array, most: int) -> dict[int, Array]:
    """Labels of the best of some starts for each k from 2 to ``most``; the seeds do not depend on what ran before.

    All starts and all k run side by side as one array: what 3,000 calls of :func:`scipy.cluster.vq.kmeans2` on a
    hundred points spend is the call (grouping 102 regions: 1.2 s instead of 3.7 s, the same groups). A k whose every
    start left a group empty is missing: there are not so many groups.
    """
    n, sizes = len(points), np.arange(2, most + 1)
    if not len(sizes):
        return {}
    seeds = np.array([_plus_plus(points, most, np.random.default_rng(SEED + s)) for s in range(STARTS)])
    centres = np.repeat(seeds[:, None], len(sizes), axis=1)  # start, k, group, dimension
    unused = np.arange(most)[None, :] >= sizes[:, None]
    failed = np.zeros((STARTS, len(sizes)), dtype=bool)
    labels: Array = None
    for _ in range(STEPS):
        products = (centres.reshape(-1, points.shape[1]) @ points.T).reshape(*centres.shape[:3], n)
        distances = (centres**2).sum(axis=-1)[..., None] - 2 * products
        distances[:, unused] = np.inf
        before, labels = labels, distances.argmin(axis=2)
        if before is not None and (before == labels).all():
            break
        held = (labels[:, :, None, :] == np.arange(most)[:, None]).astype(float)
        counts = held.sum(axis=-1)
        failed |= ((counts == 0) & ~unused).any(axis=-1)
        sums = (held.reshape(-1, n) @ points).reshape(centres.shape)
        centres = np.where(counts[..., None] > 0, sums / np.maximum(counts, 1)[..., None], centres)
    own = np.take_along_axis(centres, labels[..., None], axis=2)
    spreads = np.round(((points - own) ** 2).sum(axis=(2, 3)), 9)
    spreads[failed] = np.inf
    best = spreads.argmin(axis=0)
    return {int(k): labels[best[i], i] for i, k in enumerate(sizes) if not failed[:, i].all()}


def _plus_plus(points: Array, most: int, generator: Any) -> Array:
    """First centres, shape (most, d), each drawn by its squared distance from those before (Arthur & Vassilvitskii).

    The first k of them are those of k groups.
    """
    chosen = [int(generator.integers(len(points)))]
    nearest = np.full(len(points), np.inf)
    while len(chosen) < most:
        nearest = np.minimum(nearest, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
        steps = nearest.cumsum()
        place = int(np.searchsorted(steps, generator.uniform() * steps[-1]))
        chosen.append(min(place, len(points) - 1))
    return points[chosen]


def _members(labels: Sequence[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for point, label in enumerate(labels):
        groups.setdefault(int(label), []).append(point)
    return sorted(groups.values(), key=lambda members: (-len(members), members))


def _jaccard(a: set[int], b: set[int]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0
