"""Types of regions: are planted ones found, are none found where there are none, and how does it depend on material?

    python benchmarks/clusters.py

Sixty regions in three approaches (each relies on one or two of 16 codes more than the corpus does, and every region
deviates from its approach at random), with 10, 20 or 40 measures a region; and sixty regions of no approach, only
deviating. ``ARI`` is the adjusted Rand index against the planted approaches (1: found, 0: chance), ``finding`` in how many of the
runs the command says that its types are more than a sorting.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from policy_corpus.analyse.profiles.clusters import APPROACHES, cluster_regions
from policy_corpus.analyse.profiles.profiles import Evidence, Profile, RegionText, region_profiles

CODES = list(APPROACHES)
REGIONS, RUNS = 60, 5
DEVIATION = 60.0
"""Concentration of the regions' mixes around their approach, as fitted to 88 arts opinions."""
LIFT = 4.0
APPROACH_CODES = (("group_schooling",), ("pairing", "teaching_research"), ("rotation", "incentives"))


def regions(size: int, planted: bool, generator: np.random.Generator) -> tuple[list[Profile], list[int]]:
    base = generator.dirichlet(np.full(len(CODES), 2.0))
    texts, measures, truth = [], [], []
    for region in range(REGIONS):
        approach = region % len(APPROACH_CODES) if planted else 0
        mix = base.copy()
        if planted:
            for code in APPROACH_CODES[approach]:
                mix[CODES.index(code)] = LIFT * max(mix[CODES.index(code)], 1 / len(CODES))
        own = generator.dirichlet(DEVIATION * mix / mix.sum())
        code = f"{110000 + region}"
        texts.append(RegionText(code, code, 1, 100))
        truth.append(approach)
        for place, count in enumerate(generator.multinomial(size, own)):
            measures += [
                Evidence(code, code, code, f"{code}-{place}-{i}", CODES[place], "done", 0.9)
                for i in range(count)
            ]
    return region_profiles(texts, measures, CODES), truth


def adjusted_rand(a: list[int], b: list[int]) -> float:
    """Hubert & Arabie 1985."""
    table = np.zeros((max(a) + 1, max(b) + 1))
    np.add.at(table, (a, b), 1)

    def pairs(n: np.ndarray) -> float:
        return float((n * (n - 1) / 2).sum())

    both, rows, columns, every = (
        pairs(table),
        pairs(table.sum(1)),
        pairs(table.sum(0)),
        pairs(np.array([len(a)])),
    )
    expected = rows * columns / every
    return (both - expected) / ((rows + columns) / 2 - expected) if rows + columns > 2 * expected else 1.0


def main() -> None:
    print("types    measures  groups  ARI    stability  without  finding  seconds")
    for planted in (True, False):
        for size in (10, 20, 40):
            scores = []
            for run in range(RUNS):
                profiles, truth = regions(size, planted, np.random.default_rng(run))
                began = time.perf_counter()
                found = cluster_regions(profiles, {})
                seconds = time.perf_counter() - began
                group_of = {code: i for i, cluster in enumerate(found.clusters) for code in cluster.regions}
                labels = [group_of.get(profile.region_code, len(found.clusters)) for profile in profiles]
                scores.append(
                    (
                        len(found.clusters),
                        adjusted_rand(truth, labels),
                        found.stability or 0,
                        found.without_groups or 0,
                        found.is_finding,
                        seconds,
                    )
                )
            groups, ari, stability, without, finding, seconds = np.mean(np.array(scores, dtype=float), axis=0)
            print(
                f"{'planted' if planted else 'none':8} {size:8}  {groups:6.1f}  {ari if planted else float('nan'):5.2f}  {stability:9.2f}  {without:7.2f}  "
                f"{finding * RUNS:.0f} of {RUNS}  {seconds:7.1f}"
            )


if __name__ == "__main__":
    main()
