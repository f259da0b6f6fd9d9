"""A comparison on a terminal: the same tables and lines, without the list of quotes."""

from typing import TYPE_CHECKING

from policy_corpus.analyse.compare.model import Comparison
from policy_corpus.publish.compare.blocks import Bullets, Heading, Line, Paragraph, Run, Table
from policy_corpus.publish.compare.report import report_of

if TYPE_CHECKING:
    from rich.console import JustifyMethod, RenderableType
    from rich.text import Text

STYLES = {"plain": "", "strong": "bold", "quiet": "dim"}


def comparison_view(comparison: Comparison) -> "RenderableType":
    """Tables, lines and charts as bars; a reference is the beginning of a measure's id, which ``show`` takes."""
    from rich.console import Group
    from rich.rule import Rule
    from rich.text import Text

    report = report_of(comparison)
    parts: list[RenderableType] = [Text(report.title, style="bold")]
    if report.subtitle:
        parts.append(Text(report.subtitle, style="dim"))
    for block in report.blocks:
        match block:
            case Heading(anchor="quotes"):
                break
            case Heading(level=1):
                parts += [Text(), Rule(block.text, align="left", style="dim")]
            case Heading():
                parts.append(Text(block.text, style="bold"))
            case Paragraph():
                parts.append(_text(block.line, "dim" if block.is_note else ""))
            case Bullets():
                parts += [Text.assemble("· ", _text(line)) for line in block.lines]
            case Table():
                parts.append(_table(block))
    return Group(*parts)


def _table(table: Table) -> "RenderableType":
    from rich.table import Table as RichTable

    made = RichTable(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for place, name in enumerate(table.head):
        justify: JustifyMethod = "center" if place in table.centred else "left"
        made.add_column(name, justify=justify, overflow="fold", no_wrap=place in table.whole)
    for row in table.rows:
        made.add_row(*(_text(cell) for cell in row))
    return made


def _text(line: Line, style: str = "") -> "Text":
    from rich.text import Text

    return Text.assemble(*((_words(run), STYLES[run.tone]) for run in line), style=style)


def _words(run: Run) -> str:
    return "" if run.cite is not None else run.text
