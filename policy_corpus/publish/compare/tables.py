"""The tables of a report: the matrix of measures, numbers side by side, the timeline."""

from collections.abc import Iterator, Sequence

from policy_corpus.analyse.compare.model import Cell, Comparison, Count, Event, NumberCell, NumberRow, Side
from policy_corpus.analyse.compare.numbers import SHOWN
from policy_corpus.publish.columns import KIND_WORDS, STATUS_WORDS
from policy_corpus.publish.compare.blocks import (
    Block,
    Bullets,
    Chart,
    Heading,
    Line,
    Paragraph,
    Run,
    Table,
    cites,
    line,
    quiet,
    strong,
)
from policy_corpus.publish.compare.words import (
    FEW,
    NOT_FOUND,
    NOT_KNOWN,
    codes_text,
    number_names,
    share_text,
    stated_text,
    title_text,
    what_text,
)
from policy_corpus.records import STATUSES

EVENTS = 6
"""Documents of one region that the timeline names: those with most measures."""
WIDE = 4
"""More regions than these need a page that lies."""
SIDE_COLOURS = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#777777", "#332288")
"""Told apart by people who confuse colours (Paul Tol, "Colour schemes", 2021, bright scheme)."""
BOUND_NOTES = {"≈": "≈ 约、余、多", "≥": "≥ 以上、不少于", "≤": "≤ 以内、不超过"}


def matrix_part(comparison: Comparison) -> Iterator[Block]:
    """Codes by region, with denominators, and what 0 and a dash mean."""
    if not comparison.rows:
        return
    sides = comparison.sides
    few = len(sides) <= FEW
    yield Heading("措施对照表", 1, "matrix", on_new_page=len(sides) > WIDE)
    top = max((c.share.value for row in comparison.rows for c in row.cells if c.share), default=0) or 1
    rows = [(line(strong(row.label)), *(_cell(cell, few) for cell in row.cells)) for row in comparison.rows]
    shades: list[tuple[float | None, ...]] = [
        (None, *(cell.share.value / top if cell.share else None for cell in row.cells))
        for row in comparison.rows
    ]
    totals: list[tuple[str, list[Count]]] = [
        ("措施合计", [side.measures for side in sides]),
        ("本地句" if comparison.is_local else "所读句子", [side.sentences for side in sides]),
        ("所读文档", [side.documents for side in sides]),
    ]
    rows += [(line(quiet(name)), *(line(quiet(f"{c.value:,}")) for c in counts)) for name, counts in totals]
    shades += [(None,) * (len(sides) + 1)] * len(totals)
    yield Table(
        "各类措施的条数、占比和状态" if few else "各类措施的条数和占比",
        ("措施", *(side.short for side in sides)), tuple(rows), (2.4, *[2.4 if few else 1.7] * len(sides)),
        frozenset(range(1, len(sides) + 1)), tuple(shades), is_wide=len(sides) > WIDE, whole=frozenset({0}),
    )  # fmt: skip
    if legend := _legend(comparison):
        yield Paragraph(line(legend), is_note=True)
    if few:
        yield _shares(comparison)


def _cell(cell: Cell, few: bool) -> Line:
    if not cell.count.value:
        return line(quiet(NOT_FOUND if cell.is_known else NOT_KNOWN))
    counts = [f"{STATUS_WORDS[s]} {value}" for s in STATUSES if (value := getattr(cell, s).value)]
    return line(
        f"{cell.count.value}",
        quiet(f"（{share_text(cell.share)}）" if few else f" ({share_text(cell.share)})"),
        cites(cell.quotes),
        quiet("\n" + "，".join(counts)) if few else "",
    )


def _legend(comparison: Comparison) -> str:
    cells = [cell for row in comparison.rows for cell in row.cells]
    notes = ""
    if any(cell.is_known and not cell.count.value for cell in cells):
        notes += f"{NOT_FOUND}：已读文本中未见。"
    if any(not cell.is_known for cell in cells):
        notes += f"{NOT_KNOWN}：文本太少，不能说没有。"
    if comparison.absent:
        notes += f"各地都未见：{codes_text(comparison, comparison.absent)}。"
    return notes


def _shares(comparison: Comparison) -> Chart:
    columns = [[row.cells[place] for row in comparison.rows] for place in range(len(comparison.sides))]
    return Chart(
        "各类措施占本地区措施的比例",
        tuple(row.label for row in comparison.rows),
        tuple(
            (_thin_name(side), tuple(round(cell.share.value, 4) if cell.share else 0.0 for cell in column))
            for side, column in zip(comparison.sides, columns, strict=True)
        ),
        is_share=True, is_lying=True, colours=SIDE_COLOURS[: len(columns)],
    )  # fmt: skip


def _thin_name(side: Side) -> str:
    return f"{side.short}（文本太少）" if side.is_thin else side.short


def numbers_part(comparison: Comparison) -> Iterator[Block]:
    """Numbers that several regions give for one thing, then some that one alone gives."""
    main = [row for row in comparison.numbers if row.is_main]
    beside, alone = [r for r in main if r.regions > 1], [r for r in main if r.regions == 1]
    if not main:
        return
    yield Heading("数字对照", 1, "numbers")
    if beside:
        yield Table(
            "同一事项、同一单位的数字",
            ("事项", *(side.short for side in comparison.sides)),
            tuple(_number_row(comparison, row) for row in beside),
            (3.6, *[2.4] * len(comparison.sides)), is_wide=len(comparison.sides) > WIDE,
        )  # fmt: skip
    else:
        yield Paragraph(line("没有两个地区对同一事项给出同一单位的数字。"))
    if alone:
        yield Paragraph(line("只有一个地区给出的数字：" if beside else "各地区给出的数字："))
        yield Bullets(tuple(_alone(comparison, alone)))
    shown = [number for row in main for cell in row.cells for number in cell.numbers[:SHOWN]]
    sizes = [number.quantity for number in shown]
    notes = [words for bound, words in BOUND_NOTES.items() if any(size.bound == bound for size in sizes)]
    notes += ["→ 从前者变为后者"] if any(s.role == "change" and s.value_to is not None for s in sizes) else []
    said = "；".join(notes) + "。" if notes else ""
    said += "未注明计划或建议的数字是已做的。" if len({number.status for number in shown}) > 1 else ""
    if left := len(comparison.numbers) - len(main):
        said += f"另有 {left} 行数字，见 Excel 文件或 --json。"
    if said:
        yield Paragraph(line(said), is_note=True)


def _number_row(comparison: Comparison, row: NumberRow) -> tuple[Line, ...]:
    head = line(what_text(row), quiet(f"\n{codes_text(comparison, row.codes[:2])}"))
    return (head, *(_number_cell(cell) for cell in row.cells))


def _number_cell(cell: NumberCell) -> Line:
    runs: list[Run] = []
    for place, number in enumerate(cell.numbers[:SHOWN]):
        runs += line("\n" if place else "", stated_text(number), cites(cell.quotes[place : place + 1]))
    return line(runs, quiet(number_names(cell.numbers, SHOWN)))


def _alone(comparison: Comparison, rows: Sequence[NumberRow]) -> Iterator[Line]:
    for place, side in enumerate(comparison.sides):
        runs: list[Run] = []
        for row in rows:
            if (cell := row.cells[place]).numbers:
                size = stated_text(cell.numbers[0])
                runs += line("；" if runs else "", f"{what_text(row)} {size}", cites(cell.quotes[:1]))
        if runs:
            yield line(strong(side.short), "  ", runs)


def timeline_part(comparison: Comparison) -> Iterator[Block]:
    """Measures by year, and the documents with most measures by date."""
    if not comparison.events:
        return
    yield Heading("时间线", 1, "timeline")
    if len(comparison.years) > 1:
        yield _by_year(comparison)
    shown = main_events(comparison)
    rows = tuple(
        (
            line(event.date, "" if event.is_event else quiet("\n发布")),
            line(comparison.short(event.region)),
            line(title_text(event.title), quiet(f"（{KIND_WORDS[event.kind]}）")),
            line(f"{event.measures.value}"),
            line(codes_text(comparison, event.codes)),
        )
        for event in shown
    )
    head = ("日期", "地区", "文件", "措施", "主要做法")
    yield Table("文件与事件", head, rows, (2.2, 1.9, 5, 1, 3.2), frozenset({3}), whole=frozenset({0, 1}))
    notes = []
    if left := len(comparison.events) - len(shown):
        notes.append(f"每个地区列措施最多的 {EVENTS} 篇，另有 {left} 篇见 Excel 文件或 --json。")
    if undated := [
        f"{side.short} {side.undated.value} 篇" for side in comparison.sides if side.undated.value
    ]:
        notes.append(f"日期不详：{'，'.join(undated)}。")
    if notes:
        yield Paragraph(line("".join(notes)), is_note=True)


def _by_year(comparison: Comparison) -> Chart:
    sides = comparison.sides
    return Chart(
        "各年措施条数",
        tuple(year.year for year in comparison.years),
        tuple(
            (side.short, tuple(float(year.measures[place].value) for year in comparison.years))
            for place, side in enumerate(sides)
        ),
        is_stacked=True, colours=tuple(SIDE_COLOURS[n % len(SIDE_COLOURS)] for n in range(len(sides))),
    )  # fmt: skip


def main_events(comparison: Comparison) -> list[Event]:
    """The documents of each region with most measures, the earliest first."""
    kept: set[str] = set()
    for side in comparison.sides:
        own = [event for event in comparison.events if event.region == side.key]
        own.sort(key=lambda event: (-event.measures.value, event.date, event.document_id))
        kept.update(event.document_id for event in own[:EVENTS])
    return [event for event in comparison.events if event.document_id in kept]
