"""Coverage on a terminal: regions by row, years by column, gaps to be seen at a glance."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from policy_corpus.analyse.coverage import RegionCoverage

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_YEARS = 12
"""Years with a column of their own; earlier ones share the first."""


def coverage_view(rows: Sequence[RegionCoverage]) -> "RenderableType":
    """A table of documents by region and year; ``·`` is a gap between years, a region without any is red."""
    from rich.table import Table
    from rich.text import Text

    years = sorted({year for row in rows for year, _ in row.years})
    shown = list(range(years[-1] - MOST_YEARS + 1, years[-1] + 1)) if years else []
    shown = [year for year in shown if year >= years[0]]
    has_earlier = bool(years) and years[0] < shown[0]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("代码")
    table.add_column("地区")
    headers = ["文档", *([f"–{shown[0] - 1}"] if has_earlier else []), *map(str, shown), "无年份", "副本"]
    for header in headers:
        table.add_column(header, justify="right")
    table.add_column("来源")
    for row in rows:
        counts = dict(row.years)
        earlier = sum(count for year, count in row.years if shown and year < shown[0])
        cells = [
            str(row.documents),
            *([str(earlier or "")] if has_earlier else []),
            *(str(counts.get(year) or ("·" if year in row.gaps else "")) for year in shown),
            str(row.undated or ""),
            str(row.copies or ""),
        ]
        style = "" if row.documents else "red"
        table.add_row(
            Text(row.region_code or "", style=style),
            Text(row.region_name, style=style),
            *cells,
            Text("、".join(row.sources), style="dim"),
        )
    return table


def coverage_summary(rows: Sequence[RegionCoverage]) -> str:
    """One line: how many regions have documents, how many have none."""
    regions = [row for row in rows if row.region_code]
    missing = sum(not row.documents for row in regions)
    total = sum(row.documents for row in rows)
    return f"{total:,} documents; {len(regions) - missing} regions with documents, {missing} expected and without any"
