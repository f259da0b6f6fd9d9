"""The demonstration: the shipped sample corpus through the whole line, and what came out."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from policy_corpus.corpus import AddReport, Corpus, init_corpus, open_corpus
from policy_corpus.corpus.analysing.filters import Filter
from policy_corpus.publish.listing import listing
from policy_corpus.publish.progress import Progress
from policy_corpus.resources import sample_corpus_dir

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from policy_corpus.corpus.analysing.regions import RegionAnalyses

MEASURES_SHOWN = 12
REGIONS_SHOWN = 15
HITS_SHOWN = 4
QUERY = "城乡结对 教师待遇"
COMPARED = 2
"""Regions set side by side: those with most measures."""
FAMILIES = ("pairing", "group_schooling", "rotation", "incentives")
"""The four families that the catalogue's first rows are taken from in turn, so that each is seen."""


def run_demo(keep: Path | None, workers: int | None, progress: Progress) -> list["RenderableType"]:
    """Build the sample corpus in ``keep`` or a temporary folder; returns what to print, in order."""
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="policy-corpus-demo-")))
        began = perf_counter()
        init_corpus(folder)
        corpus = open_corpus(folder)
        added = corpus.add([sample_corpus_dir() / "pages", sample_corpus_dir() / "broken"], progress)
        corpus.build(workers=workers, progress=progress)
        return _views(corpus, added, perf_counter() - began, keep)


def _views(corpus: Corpus, added: AddReport, seconds: float, keep: Path | None) -> list["RenderableType"]:
    from rich.rule import Rule

    from policy_corpus.publish.compare.terminal import comparison_view
    from policy_corpus.publish.search.view import result_view

    labels = corpus.code_labels()
    analyses = corpus.analyses
    documents = list(corpus.rows("documents"))
    copies = sum(d["same_as"] is not None for d in documents)
    placed = {d["region_code"] for d in documents if d["region_code"]}
    measures = sum(1 for _ in corpus.rows("measures"))
    regions = sorted(corpus.rows("regions"), key=lambda r: (-r["measures"], r["region_code"]))
    issues = list(corpus.rows("issues"))
    most = [row["region_code"] for row in regions[:COMPARED]]
    return [
        f"{added.added} 个网页和文件 → {len(documents)} 篇文档（{copies} 篇是重复）→ {measures} 条措施，"
        f"{len(placed)} 个地区，用时 {seconds:.0f} 秒",
        Rule("措施目录（四类各取几条）", align="left", style="dim"),
        listing("measures", _taste(corpus), labels),
        Rule(_legend(), align="left", style="dim"),
        listing("regions", regions[:REGIONS_SHOWN], labels),
        f"（共 {len(regions)} 个地区，上面是措施最多的 {min(REGIONS_SHOWN, len(regions))} 个）",
        Rule("没有采用的，和原因", align="left", style="dim"),
        listing("issues", issues, labels),
        Rule(f"检索：{QUERY}", align="left", style="dim"),
        result_view(corpus.search(QUERY, limit=HITS_SHOWN), labels),
        Rule("地区类型", align="left", style="dim"),
        *_types(analyses.regions),
        Rule("地区对照", align="left", style="dim"),
        comparison_view(analyses.comparisons.compare(most, Filter())),
        _next_steps(keep, most),
    ]


def _legend() -> "Text":
    from rich.text import Text

    return Text.assemble(
        "各地区措施  ", ("█ 已做", "green"), " ", ("█ 计划", "yellow"), " ", ("█ 建议", "magenta")
    )


def _types(regional: "RegionAnalyses") -> list["RenderableType"]:
    """Types of regions, and whether they are a finding."""
    from policy_corpus.publish.region_views import clusters_view

    found = regional.clusters(Filter())
    keys = {key for cluster in found.clusters for row in cluster.set_apart_by for key in row.evidence}
    doubt = "；这里两者相近，只当排序看" if not found.is_finding else ""
    return [
        clusters_view(found, regional.evidence_texts(keys)),
        f"（稳定度 {found.stability:.2f}，本无类型的数据 {found.without_groups:.2f}{doubt}；"
        f"{len(found.refused)} 个地区措施太少，没有归类）"
        if found.clusters
        else "（措施够多的地区太少，没有归类）",
    ]


def _taste(corpus: Corpus) -> list[dict[str, object]]:
    """A few measures of each family, those with numbers or partners first; copies are left out."""
    shown: list[dict[str, object]] = []
    for code in FAMILIES:
        rows = [
            row for row in corpus.rows("measures", code=code) if row["same_as"] is None and row["region_code"]
        ]
        rows.sort(
            key=lambda row: (
                not row["partners"],
                not row["quantities"],
                -row["confidence"],
                row["measure_id"],
            )
        )
        shown += islice(rows, MEASURES_SHOWN // len(FAMILIES))
    return shown


def _next_steps(keep: Path | None, regions: Sequence[str]) -> str:
    folder = str(keep) if keep else "DIR"
    lines = [] if keep else ["留下这个语料库: policy-corpus demo --keep DIR"]
    lines.append(f"看一篇: policy-corpus show {folder} ID")
    lines.append(f"导出  : policy-corpus export {folder} measures -o measures.xlsx")
    lines.append(f"报告  : policy-corpus compare {folder} {' '.join(regions)} -o report.docx")
    return "\n".join(lines)
