"""A comparison as Markdown (CommonMark with the tables and footnote-free links that every viewer knows)."""

import re
from collections.abc import Iterator

from policy_corpus.analyse.compare.model import Comparison, Quote
from policy_corpus.publish.compare.blocks import (
    Block,
    Bullets,
    Chart,
    Heading,
    Line,
    Paragraph,
    Quotes,
    Run,
    Table,
)
from policy_corpus.publish.compare.report import report_of
from policy_corpus.publish.compare.words import evidence_text, printable, source_text

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~])")
_AT_START = re.compile(r"^(\s*)([#+\-=]|\d+[.)])(?=\s)")


def markdown_text(comparison: Comparison) -> str:
    """The whole report; every reference leads to its quote."""
    report = report_of(comparison)
    lines = [f"# {escaped(report.title)}", ""]
    if report.subtitle:
        lines += [escaped(report.subtitle), ""]
    for block in report.blocks:
        if made := list(_block(comparison, block)):
            lines += [*made, ""]
    return "\n".join(lines).rstrip() + "\n"


def escaped(text: str) -> str:
    """Text in which no character is markup."""
    return _AT_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", printable(text)))


def _block(comparison: Comparison, block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * (block.level + 1)} {escaped(block.text)}"
        case Paragraph():
            yield f"> {_line(block.line)}" if block.is_note else _line(block.line)
        case Bullets():
            yield from (f"- {_line(line)}" for line in block.lines)
        case Table():
            yield from _table(block)
        case Chart(is_share=False):  # shares stand in the matrix
            yield from _chart(block)
        case Quotes():
            for quote in block.quotes:
                yield from (*_quote(comparison, quote), "")


def _table(table: Table) -> Iterator[str]:
    marks = [":---:" if n in table.centred else "---" for n in range(len(table.head))]
    yield f"**{escaped(table.caption)}**"
    yield ""
    yield _row(map(escaped, table.head))
    yield _row(marks)
    for row in table.rows:
        yield _row(map(_line, row))


def _row(cells: "Iterator[str] | list[str] | map[str]") -> str:
    return f"| {' | '.join(cells)} |"


def _chart(chart: Chart) -> Iterator[str]:
    """The values as a table: Markdown has no charts."""
    yield f"**{escaped(chart.caption)}**"
    yield ""
    yield _row(["", *(escaped(name) for name, _ in chart.series)])
    yield _row(["---", *("---:" for _ in chart.series)])
    for place, category in enumerate(chart.categories):
        values = (values[place] for _, values in chart.series)
        yield _row([escaped(category), *(f"{value:.0f}" for value in values)])


def _quote(comparison: Comparison, quote: Quote) -> Iterator[str]:
    yield f'<a id="q{quote.number}"></a>**\\[{quote.number}\\]** “{escaped(evidence_text(quote))}”  '
    link = f"<{quote.link}>" if quote.link and not set(quote.link) & set("<> ") else escaped(quote.address)
    yield f"{escaped(source_text(comparison, quote))}{link} `{quote.claims[0].measure_id}`"


def _line(line: Line) -> str:
    return "".join(map(_run, line)).replace("\n", "<br>").strip()


def _run(run: Run) -> str:
    if run.cite is not None:
        return f"[\\[{run.cite}\\]](#q{run.cite})"
    text = escaped(run.text)
    return f"**{text}**" if run.tone == "strong" and text.strip() else text
