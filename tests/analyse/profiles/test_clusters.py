"""Types of regions, and when there are none."""

import random
from dataclasses import replace

import numpy as np

from policy_corpus.analyse.profiles.clusters import cluster_regions
from policy_corpus.analyse.profiles.grouping import _k_means
from policy_corpus.analyse.profiles.profiles import Evidence, Profile, RegionText, region_profiles

CODES = ["pairing", "group_schooling", "rotation", "funding", "layout", "training"]
LABELS = {
    "pairing": "结对帮扶",
    "group_schooling": "集团化办学",
    "rotation": "交流轮岗",
    "funding": "经费投入",
    "layout": "布局调整",
    "training": "培训研修",
}


def profiles(mixes: list[list[float]], size: int = 40, seed: int = 1) -> list[Profile]:
    generator = np.random.default_rng(seed)
    texts, measures = [], []
    for region, mix in enumerate(mixes):
        code = f"{110000 + region}"
        texts.append(RegionText(code, f"区{region}", 1, 200))
        for place, count in enumerate(generator.multinomial(size, mix)):
            measures += [
                Evidence(
                    code, f"区{region}", f"d{region}", f"{region}-{place}-{i}", CODES[place], "done", 0.9
                )
                for i in range(count)
            ]
    return region_profiles(texts, measures, CODES)


THREE = (
    [[0.6, 0.02, 0.08, 0.1, 0.1, 0.1]] * 10
    + [[0.02, 0.6, 0.08, 0.1, 0.1, 0.1]] * 8
    + [[0.05, 0.05, 0.5, 0.1, 0.1, 0.2]] * 6
)


def test_three_approaches_are_found_named_and_stable() -> None:
    found = cluster_regions(profiles(THREE), LABELS)
    assert [cluster.label for cluster in found.clusters] == ["结对帮扶型", "集团带动型", "交流轮岗型"]
    assert [len(cluster.members) for cluster in found.clusters] == [10, 8, 6]
    assert found.is_finding and all(cluster.is_stable for cluster in found.clusters)
    first = found.clusters[0]
    assert first.set_apart_by[0].code == "pairing" and first.set_apart_by[0].z > 5
    assert first.set_apart_by[0].evidence and sum(m.is_exemplar for m in first.members) == 2
    assert all(m.membership > 0.9 for m in first.members)


def test_regions_of_one_approach_are_no_finding() -> None:
    found = cluster_regions(profiles([[0.2, 0.2, 0.2, 0.2, 0.1, 0.1]] * 30), LABELS)
    assert not found.is_finding


def test_order_of_regions_changes_nothing() -> None:
    rows = profiles(THREE)
    expected = cluster_regions(rows, LABELS)
    random.Random(3).shuffle(rows)
    assert cluster_regions(rows, LABELS) == expected


def test_thin_regions_are_refused_with_their_number() -> None:
    thin = profiles([[1, 0, 0, 0, 0, 0]] * 2, size=4)
    rich = [p for p in profiles(THREE) if p.region_code not in {t.region_code for t in thin}]
    found = cluster_regions([*thin, *rich], LABELS)
    assert [(r.region_code, r.measures) for r in found.refused] == [("110000", 4), ("110001", 4)]
    assert "fewer than 10" in found.refused[0].reason
    assert not {r.region_code for r in found.refused} & {code for c in found.clusters for code in c.regions}


def test_too_few_regions_give_no_types() -> None:
    found = cluster_regions(profiles(THREE[:4]), LABELS)
    assert found.clusters == () and found.method is None and not found.is_finding


def test_names_differ_where_two_types_rely_on_one_code() -> None:
    mixes = (
        [[0.7, 0.02, 0.02, 0.22, 0.02, 0.02]] * 8
        + [[0.7, 0.02, 0.02, 0.02, 0.02, 0.22]] * 8
        + [[0.1, 0.1, 0.1, 0.1, 0.5, 0.1]] * 12
    )
    names = [cluster.label for cluster in cluster_regions(profiles(mixes, size=120), LABELS).clusters]
    assert len(set(names)) == len(names) >= 2


def kinds_of(kinds: list[str]) -> list[Profile]:
    return [replace(p, main_kind=kind) for p, kind in zip(profiles(THREE), kinds, strict=True)]


def test_types_that_are_kinds_of_documents_are_said_to_be() -> None:
    found = cluster_regions(kinds_of(["policy"] * 10 + ["report"] * 14), LABELS)
    assert (
        found.follows_kind is True and type(found.kind_association) is float and found.kind_association > 0.9
    )
    assert [(c.main_kind, c.main_kind_regions) for c in found.clusters] == [
        ("policy", 10),
        ("report", 8),
        ("report", 6),
    ]


def test_kinds_that_have_nothing_to_do_with_the_types_explain_nothing() -> None:
    found = cluster_regions(kinds_of(["policy", "report"] * 12), LABELS)
    assert not found.follows_kind and found.kind_association == 0.0


def test_one_kind_of_document_explains_nothing() -> None:
    assert cluster_regions(kinds_of(["report"] * 24), LABELS).kind_association is None


def test_more_groups_than_different_points_are_not_made() -> None:
    points = np.repeat(np.eye(3), 4, axis=0)
    assert set(_k_means(points, 5)) == {2, 3}
    assert len(set(_k_means(points, 5)[3].tolist())) == 3
