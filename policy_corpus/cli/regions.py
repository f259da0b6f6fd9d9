"""Commands on regions: what they do, which types there are, who is like whom."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from policy_corpus.cli.filters import Limit, filtered
from policy_corpus.cli.linguistics import analyses
from policy_corpus.cli.shell import CorpusDir, Json, app, first, note, open_corpus_at, print_jsonl, terminal
from policy_corpus.corpus.analysing.filters import Filter

if TYPE_CHECKING:
    from policy_corpus.corpus.analysing.regions import RegionAnalyses

RegionName = Annotated[
    str, typer.Argument(metavar="REGION", help="Code, its beginning, or name: 610300, 宝鸡市")
]


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
    as_json: Json = False,
) -> None:
    """Types of regions by their approach, with what sets each apart. 地区类型。"""
    found = regional(directory)
    result = found.clusters(wanted, min_measures)
    if as_json:
        from policy_corpus.corpus.analysing.regions import cluster_rows

        print_jsonl(cluster_rows(result))
    elif result.clusters:
        from policy_corpus.publish.region_views import clusters_view

        keys = {key for cluster in result.clusters for row in cluster.set_apart_by for key in row.evidence}
        terminal().print(clusters_view(result, found.evidence_texts(keys)))
    count = sum(len(cluster.members) for cluster in result.clusters)
    if not result.clusters:
        note(
            f"too few regions with {min_measures} measures to tell types apart; {len(result.refused)} have fewer"
        )
        return
    note(
        f"{wanted}: {count} regions in {len(result.clusters)} types ({result.method}), "
        f"stability {result.stability:.2f}, in data without types {result.without_groups:.2f}; "
        f"{len(result.refused)} regions refused"
    )
    if not result.is_finding:
        note(
            "these types are hardly more stable than chance would make them: take them as a sorting, not as a finding"
        )
    for refused in result.refused[:3]:
        note(f"  {refused.region_name} {refused.region_code}: {refused.reason}")


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


def regional(directory: Path) -> "RegionAnalyses":
    """The analyses of the regions of the corpus in a folder."""
    from policy_corpus.corpus.analysing.regions import RegionAnalyses

    return RegionAnalyses(analyses(directory).selector)


def _evidence_of(rows: Iterable[Any]) -> set[str]:
    sides = [side for row in rows for part in (row.shared, row.only_peer, row.more) for side in part]
    return {key for side in sides for key in (*side.own_evidence[:1], *side.peer_evidence[:1])}
