"""Commands on regions: what they do, which types there are, who is like whom."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from policy_corpus.cli.filters import Limit, filtered
from policy_corpus.cli.linguistics import analyses, show
from policy_corpus.cli.shell import CorpusDir, Json, app, first, note, open_corpus_at, print_jsonl, terminal
from policy_corpus.corpus.analysing.filters import Filter

if TYPE_CHECKING:
    from policy_corpus.analyse.profiles.clusters import Clusters
    from policy_corpus.corpus.analysing.regions import RegionAnalyses

RegionName = Annotated[
    str, typer.Argument(metavar="REGION", help="Code, its beginning, or name: 610300, 宝鸡市")
]


POLICY = "policy"
"""The kind of document that repeats those of the levels above."""
REFUSED_NAMED = 3
"""Regions with too few measures that are named; ``--refused`` lists them all."""


@app.command()
@filtered(copies=True)
def regions(directory: CorpusDir, wanted: Filter, limit: Limit = 0, as_json: Json = False) -> None:
    """Regions with their documents and measures. 各地区概览。"""
    corpus = open_corpus_at(directory)
    rows = list(corpus.rows("regions", **wanted.conditions()))
    if as_json:
        print_jsonl(first(rows, limit))
        return
    from policy_corpus.publish.listing import listing

    terminal().print(listing("regions", rows[: limit or None], corpus.code_labels()))
    if not rows:
        note(corpus.why_empty("regions", **wanted.conditions()))


@app.command()
@filtered
def profile(directory: CorpusDir, name: RegionName, wanted: Filter, as_json: Json = False) -> None:
    """What one region does, by measure, with denominators, shares and evidence. 地区画像。"""
    found = regional(directory)
    own = found.profile(name, replace(wanted, region=None))
    if as_json:
        print_jsonl([{**asdict(own), "absent": [c.code for c in own.cells if not c.count]}])
        return
    from policy_corpus.publish.region_views import profile_view

    texts = found.evidence_texts({key for cell in own.cells for key in cell.evidence})
    terminal().print(profile_view(own, found.labels, texts))


@app.command()
@filtered
def clusters(
    directory: CorpusDir,
    wanted: Filter,
    min_measures: Annotated[int, typer.Option(help="Regions with fewer measures are refused.", min=1)] = 10,
    refused: Annotated[
        bool, typer.Option("--refused", help="List the regions with too few measures.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Types of regions by their approach, with what sets each apart. 地区类型。"""
    found = regional(directory)
    result = found.clusters(wanted, min_measures)
    if refused:
        show("refused", result.refused, 0, as_json)
    elif as_json:
        from policy_corpus.corpus.analysing.regions import cluster_rows

        print_jsonl(cluster_rows(result))
    elif result.clusters:
        from policy_corpus.publish.region_views import clusters_view

        keys = {key for cluster in result.clusters for row in cluster.set_apart_by for key in row.evidence}
        terminal().print(clusters_view(result, found.evidence_texts(keys)))
    for line in said_of_types(result, wanted, min_measures):
        note(line)


def said_of_types(result: "Clusters", wanted: Filter, min_measures: int) -> Iterator[str]:
    """Whether the types are a finding, what may stand behind them, who was left out."""
    left_out = f"{len(result.refused)} regions have fewer than {min_measures} measures"
    if not result.clusters:
        loosen = "lower --min-measures" + ("" if wanted == Filter() else " or leave a filter out")
        yield f"{wanted}: too few regions with {min_measures} measures to tell types apart; {left_out} → {loosen}"
        return
    count = sum(len(cluster.members) for cluster in result.clusters)
    yield (
        f"{wanted}: {count} regions in {len(result.clusters)} types ({result.method}), "
        f"stability {result.stability:.2f}, in data without types {result.without_groups:.2f}"
    )
    if result.follows_kind:
        yield (
            f"these types follow the kind of document (Cramér's V {result.kind_association:.2f}): regions differ by "
            "what was collected of them, not only by what they do → take one kind: --kind report"
        )
    if not result.is_finding:
        yield "these types are hardly more stable than chance would make them: take them as a sorting, not as a finding"
    if result.refused:
        names = "、".join(refused.region_name for refused in result.refused[:REFUSED_NAMED])
        more = (
            " …; all of them: policy-corpus clusters DIR --refused"
            if len(result.refused) > REFUSED_NAMED
            else ""
        )
        yield f"{left_out} and are not typed: {names}{more}"


@app.command()
@filtered
def peers(
    directory: CorpusDir,
    name: RegionName,
    wanted: Filter,
    indicators: Annotated[
        list[Path] | None,
        typer.Option(help="CSV or TSV with a code column and numbers: then peers live in like conditions."),
    ] = None,
    limit: Annotated[int, typer.Option("-n", "--limit", help="Peers shown.", min=1)] = 5,
    as_json: Json = False,
) -> None:
    """Regions like one, by practice or by conditions, and what they do differently. 相似地区。"""
    found = regional(directory)
    own, rows, made = found.peers(name, replace(wanted, region=None), indicators or (), limit)
    if as_json:
        print_jsonl(asdict(row) for row in rows)
    else:
        from policy_corpus.publish.region_views import peers_view

        texts = found.evidence_texts(_evidence_of(rows))
        terminal().print(peers_view(own, rows, texts))
    if own.region_code in made:
        note(
            f"the tables have no row for {own.region_name}: "
            f"its conditions are the median of {made[own.region_code]} counties in it"
        )
    if not rows:
        note("no other region has enough measures, or a row in the tables")
    elif not wanted.local and POLICY in (own.main_kind, *(row.main_kind for row in rows)):
        note("policies repeat what stands above them: --local compares by what is a region's own wording")


def regional(directory: Path) -> "RegionAnalyses":
    """The analyses of the regions of the corpus in a folder."""
    return analyses(directory).regions


def _evidence_of(rows: Iterable[Any]) -> set[str]:
    sides = [side for row in rows for part in (row.shared, row.only_peer, row.more) for side in part]
    return {key for side in sides for key in (*side.own_evidence[:1], *side.peer_evidence[:1])}
