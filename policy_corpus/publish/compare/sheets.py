"""The sheets of a workbook: heads, widths and rows, in which every figure is a number."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from policy_corpus.analyse.compare.model import Comparison
from policy_corpus.publish.columns import KIND_WORDS, STATUS_WORDS
from policy_corpus.publish.compare.words import codes_text, names_text, stated_text, what_text

QUOTES = "引文"
BOUND_WORDS = {"=": "", "≈": "约", "≥": "不少于", "≤": "不超过"}
ROLE_WORDS = {
    "amount": "数量", "before": "此前", "after": "此后", "change": "变化", "share": "占比", "rate": "频次",
}  # fmt: skip

Cell = Any
Table = tuple[str, Sequence[str], Sequence[int], Callable[[Comparison], Iterator[Sequence[Cell]]]]


class Cite(int):
    """The number of a quote, which a cell leads to."""


class Percent(float):
    """A share, shown as a percentage."""


class Link(str):
    """An address that a browser can open."""


def tables(comparison: Comparison) -> Iterator[Table]:
    """Sheets with something on them, that of the quotes last."""
    names = tuple(side.short for side in comparison.sides)
    yield _matrix_table(comparison)
    yield ("状态明细", ("措施", "地区", "条数", "地区措施合计", "占比", "已做", "计划", "建议", "文档", QUOTES),
           (16, 16, 8, 13, 8, 8, 8, 8, 8, 8), _cells)  # fmt: skip
    if comparison.shared or any(a.more or a.less or a.only for a in comparison.apart):
        yield ("共同与特点", ("地区", "特点", "措施", "本地区条数", "本地区占比", "其他地区占比", "z 值", QUOTES),
               (14, 24, 14, 11, 11, 13, 9, 8), _features)  # fmt: skip
    if comparison.numbers:
        yield (
            "数字对照",
            ("事项", "单位", "性质", "措施", *names),
            (36, 10, 8, 18, *[22] * len(names)),
            _numbers,
        )
        yield ("数字明细",
               ("事项", "地区", "界限", "数值", "至", "单位", "性质", "状态", "原文数字", "原文对象", QUOTES,
                "措施编号"),
               (36, 14, 9, 14, 14, 10, 8, 8, 16, 36, 8, 20), _number_lines)  # fmt: skip
    if comparison.events:
        yield ("时间线", ("日期", "日期性质", "地区", "文件", "体裁", "措施", "主要做法", "文档编号"),
               (12, 10, 14, 60, 8, 8, 36, 20), _events)  # fmt: skip
    if comparison.quotes:
        yield (QUOTES, (QUOTES, "地区", "措施", "状态", "原文", "文件", "日期", "地址", "页内序号", "正文起", "正文止",
                        "原件起", "原件止", "措施编号", "文档编号"),
               (7, 14, 18, 12, 80, 40, 12, 44, 9, 8, 8, 8, 8, 20, 20), _quotes)  # fmt: skip


def _matrix_table(comparison: Comparison) -> Table:
    head, widths = ["编码", "措施"], [18, 14]
    for side in comparison.sides:
        head += [f"{side.short}\n{name}" for name in ("条数", "占比", QUOTES)]
        widths += [9, 9, 9]
    return "措施对照", head, widths, _matrix


def _matrix(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    for row in comparison.rows:
        cells: list[Cell] = [row.code, row.label]
        for cell in row.cells:
            if not cell.is_known:
                cells += ["—", None, None]
                continue
            cells += [cell.count.value, Percent(cell.share.value) if cell.share else None]
            cells.append(Cite(cell.quotes[0]) if cell.quotes else None)
        yield cells
    totals: list[Cell] = [None, "合计"]
    for side in comparison.sides:
        totals += [side.measures.value, None, None]
    yield totals


def _cells(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    """The matrix with one line for each code and region, to sort and filter."""
    for row in comparison.rows:
        for side, cell in zip(comparison.sides, row.cells, strict=True):
            if not cell.is_known:
                yield row.label, side.short, "—"
                continue
            yield (
                row.label, side.short, cell.count.value, side.measures.value,
                Percent(cell.share.value) if cell.share else None, cell.done.value, cell.planned.value,
                cell.advised.value, cell.documents.value, Cite(cell.quotes[0]) if cell.quotes else None,
            )  # fmt: skip


def _features(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    for part in comparison.shared:
        lack = f"（{names_text(comparison, part.lacking)}未见）" if part.lacking else ""
        for key, held, number in zip(part.holders, part.shares, part.quotes, strict=True):
            yield (comparison.short(key), f"共有{lack}", part.label, held.part.value, Percent(held.value), None, None,
                   Cite(number))  # fmt: skip
    rows = {row.code: row for row in comparison.rows}
    for place, (side, apart) in enumerate(zip(comparison.sides, comparison.apart, strict=True)):
        for more in (*apart.more, *apart.less):
            word = ("明显" if more.is_clear else "倾向") + ("更多" if more.score.value > 0 else "更少")
            yield (
                side.short, word, more.label, more.share.part.value, Percent(more.share.value),
                Percent(more.elsewhere.value), more.score.value, Cite(more.quotes[0]) if more.quotes else None,
            )  # fmt: skip
        for code in apart.only:
            cell = rows[code].cells[place]
            share = Percent(cell.share.value) if cell.share else None
            yield (
                side.short,
                "唯独有",
                comparison.label(code),
                cell.count.value,
                share,
                None,
                None,
                Cite(cell.quotes[0]),
            )


def _numbers(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    for row in comparison.numbers:
        cells = ("；".join(map(stated_text, cell.numbers)) or None for cell in row.cells)
        yield what_text(row), row.unit, ROLE_WORDS[row.role], codes_text(comparison, row.codes), *cells


def _number_lines(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    cited = {c.measure_id: quote.number for quote in comparison.quotes for c in quote.claims}
    for row in comparison.numbers:
        for cell in row.cells:
            for number in cell.numbers:
                size = number.quantity
                yield (
                    what_text(row), comparison.short(number.region), BOUND_WORDS[size.bound], size.value,
                    size.value_to, size.unit, ROLE_WORDS[size.role], STATUS_WORDS[number.status], size.text, size.what,
                    Cite(cited[number.ids[0]]), "、".join(number.ids),
                )  # fmt: skip


def _events(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    for event in comparison.events:
        yield (
            event.date, "事件" if event.is_event else "发布", comparison.short(event.region), event.title,
            KIND_WORDS[event.kind], event.measures.value, codes_text(comparison, event.codes), event.document_id,
        )  # fmt: skip


def _quotes(comparison: Comparison) -> Iterator[Sequence[Cell]]:
    for quote in comparison.quotes:
        statuses = dict.fromkeys(STATUS_WORDS[claim.status] for claim in quote.claims)
        codes = codes_text(comparison, tuple(claim.code for claim in quote.claims))
        yield (
            quote.number, comparison.short(quote.region), codes, "、".join(statuses), quote.evidence, quote.title,
            quote.date, Link(quote.address) if quote.link else quote.address, quote.part,
            quote.start, quote.end, quote.source_start, quote.source_end,
            "、".join(claim.measure_id for claim in quote.claims), quote.document_id,
        )  # fmt: skip
