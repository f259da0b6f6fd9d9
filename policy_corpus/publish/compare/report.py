"""A comparison as a report: which tables, charts and sentences, in which order, in which words."""

from collections.abc import Iterator
from dataclasses import replace

from policy_corpus.analyse.compare.model import Apart, Comparison, Key, More, Shared
from policy_corpus.publish.columns import STATUS_WORDS
from policy_corpus.publish.compare.blocks import (
    Block,
    Bullets,
    Chart,
    Heading,
    Line,
    Paragraph,
    Quotes,
    Report,
    Run,
    Table,
    cites,
    line,
    quiet,
    strong,
)
from policy_corpus.publish.compare.tables import matrix_part, numbers_part, timeline_part
from policy_corpus.publish.compare.words import (
    FEW,
    conditions_text,
    evidence_text,
    names_text,
    remark_text,
    share_text,
    title_of,
    years_text,
)
from policy_corpus.records import STATUSES

QUOTED = 90
"""Characters of a quote within the text (two lines of a page); the list of quotes has all of it."""
STATUS_COLOURS = {"done": "#228833", "planned": "#CCBB44", "advised": "#AA3377"}
_NUMERALS = "一二三四五六七八九十"


def report_of(comparison: Comparison) -> Report:
    """The report; parts without content are left out."""
    parts = (_overview, _common, _different, matrix_part, numbers_part, timeline_part, _sources)
    blocks: list[Block] = []
    count = 0
    for part in parts:
        for block in part(comparison):
            if isinstance(block, Heading) and block.level == 1:
                block = replace(block, text=f"{_NUMERALS[count]}、{block.text}")
                count += 1
            blocks.append(block)
    names = "、".join(side.short for side in comparison.sides)
    return Report(title_of(comparison), names if len(comparison.sides) > FEW else "", tuple(blocks))


def _overview(comparison: Comparison) -> Iterator[Block]:
    sides = comparison.sides
    yield Heading("概况", 1, "overview")
    rows: list[tuple[Line, ...]] = []
    for side in sides:
        counts = (f"{count.value:,}" for count in (side.documents, side.sentences, side.measures))
        first = line(strong(side.key[1]), quiet(f" {side.key[0]}"))
        rows.append((first, *map(line, counts), line(years_text(side)), line(remark_text(side))))
    head: tuple[str, ...] = (
        "地区",
        "文档",
        "本地句" if comparison.is_local else "句子",
        "措施",
        "年份",
        "说明",
    )
    if not any(map(remark_text, sides)):
        head, rows = head[:-1], [row[:-1] for row in rows]
    widths = (5, 1.2, 1.4, 1.2, 2, 4)[: len(head)]
    yield Table(
        "各地区的文本和措施", head, tuple(rows), widths, frozenset({1, 2, 3, 4}), whole=frozenset({4})
    )
    if comparison.unread:
        names = "、".join(f"{name} {code}" for code, name in comparison.unread)
        yield Paragraph(line(strong("没有文档："), f"{names}。对其做法一无所知，不等于没有做。"))
    statuses = [status for status in STATUSES if any(_status(comparison, status))]
    if statuses:
        yield Chart(
            "各地区措施条数",
            tuple(side.short for side in sides),
            tuple((STATUS_WORDS[status], tuple(map(float, _status(comparison, status)))) for status in statuses),
            is_stacked=True, is_lying=True, colours=tuple(STATUS_COLOURS[s] for s in statuses),
        )  # fmt: skip
    chosen = f"筛选条件：{conditions_text(comparison)}。" if comparison.conditions else ""
    basis = f"{chosen}一条措施是一句话中的一类做法；占比以本地区措施条数为分母。"
    yield Paragraph(line(basis), is_note=True)


def _status(comparison: Comparison, status: str) -> list[int]:
    """Measures of a status, by side."""
    places = range(len(comparison.sides))
    return [sum(getattr(row.cells[n], status).value for row in comparison.rows) for n in places]


def _common(comparison: Comparison) -> Iterator[Block]:
    if not comparison.shared:
        return
    yield Heading("共同点", 1, "shared")
    every = [part for part in comparison.shared if len(part.holders) == len(comparison.sides)]
    most = [part for part in comparison.shared if len(part.holders) < len(comparison.sides)]
    count = "两地" if len(comparison.sides) == 2 else f"{len(comparison.sides)} 地"
    if every:
        yield Paragraph(line(f"{count}都有的措施 {len(every)} 类，占比高的在前："))
        yield Bullets(tuple(_shared(comparison, part) for part in every))
    if most:
        yield Paragraph(line(f"多数地区有、其余未见或不详的措施 {len(most)} 类："))
        yield Bullets(tuple(_shared(comparison, part) for part in most))


def _shared(comparison: Comparison, part: Shared) -> Line:
    shares = list(zip(part.holders, part.shares, part.quotes, strict=True))
    runs: list[Run] = [strong(part.label), Run("  ")]
    if len(shares) <= FEW:
        for place, (key, share, number) in enumerate(shares):
            said = f"{comparison.short(key)} {share.part.value} 条（{share_text(share)}）"
            runs += line("，" if place else "", said, cites([number]))
    else:
        ends = [pick(shares, key=lambda row: row[1].value) for pick in (min, max)]
        for word, (key, share, number) in zip(("占", "到"), ends, strict=True):
            runs += line(f"{word} {share_text(share)}（{comparison.short(key)}", cites([number]), "）")
    if part.lacking:
        runs.append(Run(f"；{names_text(comparison, part.lacking)}未见"))
    if part.unknown:
        runs.append(quiet(f"；{names_text(comparison, part.unknown)}文本太少，不详"))
    return tuple(runs)


def _different(comparison: Comparison) -> Iterator[Block]:
    if not comparison.rows:
        return
    yield Heading("各自特点", 1, "apart")
    for place, (side, apart) in enumerate(zip(comparison.sides, comparison.apart, strict=True)):
        yield Heading(side.short, 2, f"apart-{place + 1}")
        if lines := tuple(_features(comparison, place, apart)):
            yield Bullets(lines)
        elif side.is_thin:
            yield Paragraph(line(f"只有 {side.measures.value} 条措施，文本太少，不作判断。"))
        else:
            yield Paragraph(line("各类措施的占比与其他地区没有明显差别。"))
    if any(apart.more or apart.less for apart in comparison.apart):
        note = "“明显”：差别超出偶然（带狄利克雷先验的对数优势比，|z|≥1.96）；“倾向”：|z|≥1.28，供参考。"
        yield Paragraph(line(note), is_note=True)


def _features(comparison: Comparison, place: int, apart: Apart) -> Iterator[Line]:
    other = _others(comparison, apart.region)
    for more in apart.more:
        yield _more(comparison, more, other)
    for less in apart.less:
        yield _more(comparison, less, other)
    told = {more.code for more in apart.more}
    rows = {row.code: row for row in comparison.rows}
    only: list[Run] = []
    for code in apart.only:
        if code not in told:
            cell = rows[code].cells[place]
            said = f"{'、' if only else ''}{comparison.label(code)} {cell.count.value} 条"
            only += line(said, cites(cell.quotes))
    if only:
        yield line(strong("唯独有"), "  ", only)


def _others(comparison: Comparison, key: Key) -> str:
    rest = [side.short for side in comparison.sides if side.key != key]
    return rest[0] if len(rest) == 1 else "其他地区"


def _more(comparison: Comparison, more: More, other: str) -> Line:
    """``结对帮扶  11%（10/90 条），宝鸡市 2%，明显偏多（z=2.2）：“…”[14]``."""
    word = ("明显" if more.is_clear else "倾向") + ("偏多" if more.score.value > 0 else "偏少")
    here, there = (share_text(one) if one.part.value else "未见" for one in (more.share, more.elsewhere))
    z = f"{more.score.value:.1f}".replace("-", "−")
    runs = line(
        strong(more.label),
        f"  {here}（{more.share.part.value}/{more.share.whole.value} 条），{other} {there}，",
        Run(f"{word}（z={z}）", "plain" if more.is_clear else "quiet"),
    )
    if not more.quotes:
        return runs
    words = evidence_text(comparison.quote(more.quotes[0]))
    shown = words if len(words) <= QUOTED else words[: QUOTED - 1] + "…"
    return line(runs, f"：“{shown}”", cites(more.quotes))


def _sources(comparison: Comparison) -> Iterator[Block]:
    if comparison.main_quotes:
        yield Heading("引文与出处", 1, "quotes")
        yield Quotes(comparison.quotes[: comparison.main_quotes])
