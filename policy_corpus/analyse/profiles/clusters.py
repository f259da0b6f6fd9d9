"""Types of regions by their approach: which measures they rely on more than others do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from policy_corpus.analyse.profiles.grouping import SMALLEST, Grouping, group
from policy_corpus.analyse.profiles.profiles import Prior, Profile, log_odds, root_shares
from policy_corpus.records import content_id

MIN_MEASURES = 10
"""Fewer say nothing of a region's mix: with 16 codes and the corpus' concentration the prior then outweighs them."""
PRIOR_WEIGHT = 50.0
"""Measures that the corpus' mix counts for when types are compared (a typical region has 20 to 60)."""
TELLING = 1.96
"""Z-score from which a code sets a type apart (two-sided 5 %)."""
HELD_BY = 0.5
"""Share of a type's regions that must have a code for it to name the type."""
TRUSTED = 0.6
"""Mean Jaccard overlap below which a group should not be trusted (Hennig's ``fpc::clusterboot``)."""
CLEARLY = 0.1
"""Stability above that of data without types from which types are a finding."""
BY_KIND = 0.5
"""Cramér's V of type and kind of document from which the types are those of the documents: a large effect (Cohen 1988,
two columns). City reports mixed with opinions on the arts gave .95 and .88; kinds dealt out anew, 200 times, at most
.27."""
SET_APART, EXEMPLARS, EVIDENCE = 3, 2, 2

APPROACHES = {
    "pairing": "结对帮扶", "group_schooling": "集团带动", "rotation": "交流轮岗", "incentives": "激励保障",
    "recruitment": "引才补员", "training": "研训提升", "teaching_research": "教研联动", "digital_sharing": "数字共享",
    "layout": "布局扩容", "facilities": "条件改善", "funding": "投入拉动", "enrolment": "招生改革",
    "student_support": "关爱资助", "evaluation": "督评驱动", "curriculum": "课程育人", "governance": "机制统筹",
}  # fmt: skip
"""How an approach that relies on a code is called; other codebooks' codes are called by their label."""
GENERAL = "综合推进"


@dataclass(frozen=True, slots=True)
class SetApart:
    """A code that a type uses more than the other regions; shares are of measures, 0..1."""

    code: str
    label: str
    z: float
    share: float
    elsewhere: float
    regions: int
    """Regions of the type that have it."""
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A region of a type; ``membership`` is the share of bootstrap samples in which it stayed there."""

    region_code: str
    region_name: str
    measures: int
    membership: float
    is_exemplar: bool


@dataclass(frozen=True, slots=True)
class Cluster:
    """Regions of one approach; ``stability`` is a mean Jaccard overlap over samples, 0..1."""

    cluster_id: str
    label: str
    regions: tuple[str, ...]
    stability: float
    is_stable: bool
    """Whether ``stability`` reaches :data:`TRUSTED`."""
    set_apart_by: tuple[SetApart, ...]
    members: tuple[Member, ...]
    main_kind: str | None = None
    """Kind of document that most measures of most of its regions stand in."""
    main_kind_regions: int = 0
    """How many regions these are."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A region that was not grouped, and why."""

    region_code: str
    region_name: str
    measures: int
    reason: str


@dataclass(frozen=True, slots=True)
class Clusters:
    """Types, how they were found, and who was left out."""

    clusters: tuple[Cluster, ...]
    refused: tuple[Refused, ...]
    method: str | None
    stability: float | None
    without_groups: float | None
    """Stability of as many groups in data that have none."""
    kind_association: float | None = None
    """Cramér's V of type and main kind of document over the regions, 0..1; None where all are of one kind."""

    @property
    def follows_kind(self) -> bool:
        """Whether the types tell kinds of documents apart rather than regions."""
        return self.kind_association is not None and self.kind_association >= BY_KIND

    @property
    def is_finding(self) -> bool:
        """Whether the types are clearly more stable than those found where there are none."""
        return self.stability is not None and self.stability - (self.without_groups or 0.0) >= CLEARLY


def cluster_regions(
    profiles: Sequence[Profile], labels: Mapping[str, str], min_measures: int = MIN_MEASURES
) -> Clusters:
    """Types of regions; the order of the profiles changes nothing.

    Parameters
    ----------
    labels
        Chinese label of each code.
    min_measures
        Regions with fewer measures are refused.
    """
    ordered = sorted(profiles, key=lambda p: p.key)
    kept = [p for p in ordered if p.measures >= min_measures]
    refused = tuple(
        Refused(p.region_code, p.region_name, p.measures, f"{p.measures} measures, fewer than {min_measures}")
        for p in ordered
        if p.measures < min_measures
    )
    if len(kept) < 2 * SMALLEST:
        return Clusters((), refused, None, None, None)
    counts = np.array([p.counts for p in kept], dtype=float)
    prior = Prior.fit(counts)
    found = group(np.sqrt(prior.shrunk(counts)), _again(counts, prior), _without_groups(counts, prior))
    if found is None:
        return Clusters((), refused, None, None, None)
    drafts = [_set_apart(kept, members, labels) for members in found.groups]
    names = _names(drafts, [len(members) for members in found.groups], labels)
    clusters = tuple(
        _cluster(kept, members, name, apart, found, place)
        for place, (members, name, apart) in enumerate(zip(found.groups, names, drafts, strict=True))
    )
    return Clusters(
        clusters,
        refused,
        found.method,
        round(float(np.mean(found.stability)), 3),
        found.without_groups,
        _kind_association(kept, found.groups),
    )


def _kind_association(kept: Sequence[Profile], groups: Sequence[Sequence[int]]) -> float | None:
    """Cramér's V of group and main kind, corrected for few regions (Bergsma 2013); None where all are of one kind."""
    known = [[kind for i in members if (kind := kept[i].main_kind)] for members in groups]
    kinds = sorted({kind for own in known for kind in own})
    table = np.array([[own.count(kind) for kind in kinds] for own in known if own], dtype=float)
    if table.ndim < 2 or min(table.shape) < 2:
        return None
    n, (rows, columns) = table.sum(), table.shape
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / n
    phi = float(((table - expected) ** 2 / expected).sum() / n)
    spare = max(0.0, phi - (rows - 1) * (columns - 1) / (n - 1))
    least = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    return round(float(min(1.0, (spare / least) ** 0.5)), 3) if least > 0 else None


def _again(counts: Any, prior: Prior) -> Any:
    """Each region's measures drawn again from its own, with the same total."""
    totals = counts.sum(axis=1).astype(int)
    shares = counts / counts.sum(axis=1, keepdims=True)

    def draw(generator: Any) -> Any:
        return np.sqrt(prior.shrunk(generator.multinomial(totals, shares).astype(float)))

    return draw


def _without_groups(counts: Any, prior: Prior) -> Any:
    """Regions whose mixes all come from the one prior."""
    totals = counts.sum(axis=1).astype(int)
    alpha = prior.concentration * np.asarray(prior.mix)

    def draw(generator: Any) -> Any:
        mixes = generator.dirichlet(alpha, len(totals))
        lump = generator.multinomial(totals, mixes).astype(float)
        return np.sqrt(prior.shrunk(lump)), _again(lump, prior)

    return draw


def _set_apart(kept: Sequence[Profile], members: Sequence[int], labels: Mapping[str, str]) -> list[SetApart]:
    """Codes by falling z-score."""
    inside = set(members)
    here = np.array([kept[i].counts for i in members], dtype=float)
    there = np.array([p.counts for i, p in enumerate(kept) if i not in inside], dtype=float)
    scores = log_odds(list(here.sum(axis=0)), list(there.sum(axis=0)), PRIOR_WEIGHT)
    rows = []
    for place, (cell, z) in enumerate(zip(kept[0].cells, scores, strict=True)):
        holders = sorted(members, key=lambda i: (-kept[i].cells[place].count, kept[i].key))
        evidence = [kept[i].cells[place].evidence[:1] for i in holders[:EVIDENCE]]
        rows.append(
            SetApart(
                cell.code,
                labels.get(cell.code, cell.code),
                round(z, 2),
                round(float(here[:, place].sum() / here.sum()), 3),
                round(float(there[:, place].sum() / there.sum()), 3),
                int((here[:, place] > 0).sum()),
                tuple(key for ids in evidence for key in ids),
            )
        )
    return sorted(rows, key=lambda row: (-row.z, row.code))


def _names(
    drafts: Sequence[Sequence[SetApart]], sizes: Sequence[int], labels: Mapping[str, str]
) -> list[str]:
    """A readable name each, all different: by the code that sets a type apart most and that most of it has."""
    usable = [
        [row for row in rows if row.z >= TELLING and row.regions >= HELD_BY * size]
        for rows, size in zip(drafts, sizes, strict=True)
    ]
    names = [""] * len(drafts)
    used: set[str] = set()
    for place in sorted(range(len(drafts)), key=lambda i: (-(usable[i][0].z if usable[i] else 0), i)):
        words = [APPROACHES.get(row.code) or labels.get(row.code, row.code) for row in usable[place]]
        tries = [f"{word}型" for word in words[:1]]
        tries += [f"{a}与{b}型" for n, a in enumerate(words) for b in words[n + 1 :]]
        tries += [f"{word}型" for word in words[1:]] or [f"{GENERAL}型"]
        name = next((one for one in tries if one not in used), "")
        number = 2
        while not name or name in used:
            name, number = f"{GENERAL}型（{number}）", number + 1
        names[place] = name
        used.add(name)
    return names


def _cluster(
    kept: Sequence[Profile],
    members: Sequence[int],
    name: str,
    apart: Sequence[SetApart],
    found: Grouping,
    place: int,
) -> Cluster:
    points = root_shares([kept[i] for i in members])
    distance = np.round(((points - points.mean(axis=0)) ** 2).sum(axis=1), 9)
    nearest = sorted(range(len(members)), key=lambda i: (distance[i], kept[members[i]].key))[:EXEMPLARS]
    rows = [
        Member(
            kept[i].region_code, kept[i].region_name, kept[i].measures, found.membership[i], order in nearest
        )
        for order, i in enumerate(members)
    ]
    kinds = Counter(kind for i in members if (kind := kept[i].main_kind))
    main = min(kinds, key=lambda kind: (-kinds[kind], kind)) if kinds else None
    return Cluster(
        cluster_id=content_id("cluster", *(part for i in members for part in kept[i].key)),
        label=name,
        regions=tuple(kept[i].region_code for i in members),
        stability=found.stability[place],
        is_stable=found.stability[place] >= TRUSTED,
        set_apart_by=tuple(row for row in apart if row.z >= TELLING)[:SET_APART],
        members=tuple(rows),
        main_kind=main,
        main_kind_regions=kinds[main] if main else 0,
    )
