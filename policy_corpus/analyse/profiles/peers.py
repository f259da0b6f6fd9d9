"""Regions like one: by what they do, or by the conditions they do it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from policy_corpus.analyse.profiles.profiles import Cell, Prior, Profile

MIN_MEASURES = 5
"""A peer of fewer measures shows nothing."""
LIKE = 3
LIGHT = 5.0
"""Measures that the corpus' mix counts for here. Who is alike is judged by what is seen: under the fitted prior all
regions of 100 city reports, with 10 measures each, had a similarity of 1.000."""


@dataclass(frozen=True, slots=True)
class Side:
    """A code in two regions: counts, shares after shrinkage (0..1), and ids of measures on both sides."""

    code: str
    label: str
    own_count: int
    peer_count: int
    own_share: float
    peer_share: float
    own_evidence: tuple[str, ...]
    peer_evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Peer:
    """A region beside another.

    ``similarity`` is the cosine of the roots of their shares (Bhattacharyya), 0..1; ``condition_distance`` the root
    mean square difference of percentiles, 0..1, None where no table was given. ``only_peer`` are measures that the peer
    has and the region has not: what could be learned; ``more`` those that the peer uses clearly more (its interval lies
    above the region's share).
    """

    rank: int
    region_code: str
    region_name: str
    documents: int
    measures: int
    similarity: float
    condition_distance: float | None
    shared: tuple[Side, ...]
    only_peer: tuple[Side, ...]
    only_own: tuple[Side, ...]
    more: tuple[Side, ...]
    main_kind: str | None = None
    """Kind of the documents that most of its measures stand in."""


def nearest(
    profiles: Sequence[Profile],
    own: Profile,
    labels: Mapping[str, str],
    conditions: Mapping[str, float] | None = None,
    limit: int = 5,
) -> list[Peer]:
    """Peers of a region, the nearest first; the order of the profiles changes nothing.

    Parameters
    ----------
    own
        The region; it need not be among ``profiles``, and regions that lie in it should not be.
    conditions
        Distance of conditions by region code. Then peers are those that do most differently among the regions in the
        most like conditions, :data:`LIKE` times as many as are asked for.
    """
    others = sorted(
        (p for p in profiles if p.key != own.key and p.measures >= MIN_MEASURES), key=lambda p: p.key
    )
    if not others:
        return []
    counts = np.array([p.counts for p in (own, *others)], dtype=float)
    prior = Prior(Prior.fit(counts).mix, LIGHT)
    roots = np.sqrt(prior.shrunk(counts))
    closeness = [round(float(value), 6) for value in roots[1:] @ roots[0]]
    rows = list(zip(others, closeness, strict=True))
    if conditions is None:
        rows.sort(key=lambda row: (-row[1], row[0].key))
    else:
        rows = [row for row in rows if row[0].region_code in conditions]
        rows.sort(key=lambda row: (conditions[row[0].region_code], row[0].key))
        rows = sorted(rows[: LIKE * limit or None], key=lambda row: (row[1], row[0].key))
    return [
        _peer(rank, other, own, similarity, labels, (conditions or {}).get(other.region_code))
        for rank, (other, similarity) in enumerate(rows[: limit or None], 1)
    ]


def _peer(
    rank: int,
    other: Profile,
    own: Profile,
    similarity: float,
    labels: Mapping[str, str],
    distance: float | None,
) -> Peer:
    pairs = list(zip(own.cells, other.cells, strict=True))
    both = [pair for pair in pairs if pair[0].count and pair[1].count]
    return Peer(
        rank=rank,
        region_code=other.region_code,
        region_name=other.region_name,
        documents=other.documents,
        measures=other.measures,
        similarity=round(similarity, 3),
        condition_distance=None if distance is None else round(distance, 3),
        shared=_sides(sorted(both, key=lambda p: -min(p[0].shrunk, p[1].shrunk)), labels),
        only_peer=_sides(
            sorted((p for p in pairs if p[1].count and not p[0].count), key=lambda p: -p[1].shrunk), labels
        ),
        only_own=_sides(
            sorted((p for p in pairs if p[0].count and not p[1].count), key=lambda p: -p[0].shrunk), labels
        ),
        more=_sides(
            sorted((p for p in both if p[1].low > p[0].shrunk), key=lambda p: p[0].shrunk - p[1].shrunk),
            labels,
        ),
        main_kind=other.main_kind,
    )


def _sides(pairs: Sequence[tuple[Cell, Cell]], labels: Mapping[str, str]) -> tuple[Side, ...]:
    return tuple(
        Side(
            own.code,
            labels.get(own.code, own.code),
            own.count,
            peer.count,
            round(own.shrunk, 3),
            round(peer.shrunk, 3),
            own.evidence,
            peer.evidence,
        )
        for own, peer in pairs
    )
