"""One document on a terminal: its facts, its text with the measures marked, the raw place on request."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from policy_corpus.publish.columns import (
    KIND_WORDS,
    STATUS_WORDS,
    Row,
    number_text,
    partners_text,
    quantities_text,
)

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

PALETTE = ("cyan", "green", "magenta", "yellow", "blue", "red", "bright_cyan", "bright_green", "bright_magenta",
           "bright_yellow", "bright_blue", "bright_red")  # fmt: skip
RAW_CONTEXT = 60
"""Code points shown on either side of a measure's place in the raw text."""
KEPT_WHOLE = 16
"""Columns up to this width are not narrowed: an id that is cut cannot be given to ``show``."""


def document_view(document: Row, measures: Sequence[Row], labels: dict[str, str]) -> "RenderableType":
    """Facts, marked text and the list of measures. ``labels`` gives the Chinese name of each code."""
    from rich.console import Group
    from rich.rule import Rule

    colours = {code: PALETTE[i % len(PALETTE)] for i, code in enumerate(labels)}
    parts: list[RenderableType] = [_facts(document), Rule(style="dim")]
    parts.append(marked_text(document["body"], measures, colours))
    if measures:
        parts += [Rule(f"措施 {len(measures)}", style="dim"), _measure_table(measures, labels, colours)]
    return Group(*parts)


def marked_text(body: str, measures: Sequence[Row], colours: dict[str, str]) -> "Text":
    """The body with each measure's evidence in its code's colour; planned is underlined, advised is slanted."""
    from rich.text import Text

    text = Text(body)
    for measure in measures:
        style = colours.get(measure["code"], "white")
        style += {"planned": " underline", "advised": " italic"}.get(measure["status"], "")
        text.stylize(style, measure["start"], measure["end"])
    return text


def raw_view(raw: str, start: int, end: int) -> "Text":
    """The place ``[start, end)`` of the decoded source text, marked, with some context."""
    from rich.text import Text

    low = max(0, start - RAW_CONTEXT)
    text = Text(f"原件 {start}–{end}:\n", style="dim")
    text.append(raw[low:start], style="not dim")
    text.append(raw[start:end], style="not dim bold reverse")
    text.append(raw[end : end + RAW_CONTEXT], style="not dim")
    return text


def _facts(document: Row) -> "RenderableType":
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for label, value in _fact_lines(document):
        if value:
            grid.add_row(label, Text(value, style="bold" if label == "标题" else ""))
    return grid


def _fact_lines(document: Row) -> list[tuple[str, str | None]]:
    region = document["region_name"]
    if region:
        region = f"{region} {document['region_code'] or ''} (把握 {document['region_confidence'] or 0:.2f})"
    copy = document["same_as"]
    if copy:
        copy = f"{copy} (相似度 {document['similarity'] or 1:.2f})"
    return [
        ("标题", document["title"]),
        ("编号", document["document_id"]),
        ("体裁", KIND_WORDS[document["kind"]]),
        ("地区", region or "无 (" + (document["region_reason"] or "文中没有可认定的地区") + ")"),
        ("发布", document["published"]),
        ("事件", document["event_date"]),
        ("机关", document["issuer"]),
        ("单位", document["source_unit"]),
        ("文号", document["number"]),
        ("重复", copy),
        ("提示", "、".join(document["flags"] or [])),
        ("来源", f"{document['source']} 第 {document['part']} 篇"),
        ("编码", f"{document['encoding']} ({document['encoding_from']})"),
    ]


def _measure_table(
    measures: Sequence[Row], labels: dict[str, str], colours: dict[str, str]
) -> "RenderableType":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    for name in ("措施", "状态", "把握", "数量与结对", "编号"):
        table.add_column(name, no_wrap=name != "数量与结对")
    for measure in measures:
        code = measure["code"]
        table.add_row(
            Text(str(labels.get(code, code)), style=colours.get(code, "")),
            STATUS_WORDS[measure["status"]],
            number_text(round(measure["confidence"], 2)),
            "；".join(
                filter(None, (quantities_text(measure["quantities"]), partners_text(measure["partners"])))
            ),
            Text(measure["measure_id"], style="dim"),
        )
    return table


def region_bars(
    rows: Sequence[Row], codes: Sequence[str], labels: dict[str, str], width: int = 14
) -> "RenderableType":
    """Regions by row with a bar for their measures and their most frequent codes."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("地区")
    for name in ("文档", "措施"):
        table.add_column(name, justify="right")
    table.add_column("", no_wrap=True)
    table.add_column("主要做法")
    most = max((row["measures"] for row in rows), default=0) or 1
    for row in rows:
        counts = sorted(((row.get(code) or 0, labels.get(code, code)) for code in codes), reverse=True)
        leading = "、".join(f"{label} {count}" for count, label in counts[:3] if count)
        bar = _bar(row, most, width)
        table.add_row(
            _cell(row["region_name"]),
            str(row["documents"]),
            str(row["measures"]),
            bar,
            Text(leading, style="dim"),
        )
    return table


def _bar(row: Row, most: int, width: int) -> "Text":
    from rich.text import Text

    bar = Text()
    for status, style in (("done", "green"), ("planned", "yellow"), ("advised", "magenta")):
        bar.append("█" * round(width * row[status] / most), style=style)
    return bar


def plain_table(
    rows: Sequence[Row], names: Sequence[tuple[str, str]], widths: dict[str, int]
) -> "RenderableType":
    """Rows as a terminal table; ``names`` pairs field and header, ``widths`` caps long columns (characters).

    On a narrow terminal the columns of text give way; ids, dates and words of a few characters stay whole.
    """
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for field, label in names:
        numeric = bool(rows) and all(isinstance(row.get(field), int | float) for row in rows)
        table.add_column(
            label,
            justify="right" if numeric else "left",
            max_width=widths.get(field),
            overflow="ellipsis",
            no_wrap=widths.get(field, 0) <= KEPT_WHOLE,
        )
    for row in rows:
        table.add_row(*(_cell(row.get(field)) for field, _ in names))
    return table


def _cell(value: Any) -> "Text":
    """One line, taken literally: brackets in a text are no markup."""
    from rich.text import Text

    shown = "" if value is None else number_text(value) if isinstance(value, float) else str(value)
    return Text(shown.replace("\n", " "), no_wrap=True, overflow="ellipsis")
