"""A comparison as one HTML file that needs no network: styles, charts, library and data are inside."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

from policy_corpus.analyse.compare.model import Comparison, Quote
from policy_corpus.publish.compare.blocks import Block, Chart, Quotes, Table
from policy_corpus.publish.compare.report import report_of
from policy_corpus.publish.compare.words import evidence_text, printable, source_text

MORE_QUOTES = 2000
"""Quotes that only stand behind figures and are folded away; a page of ten thousand opens slowly."""
BAR, GAP, STANDING, EDGE = 14, 14, 300, 70
"""Pixels: of a lying bar, between groups of bars, of a chart with standing bars, of axis and legend."""


def html_page(comparison: Comparison) -> bytes:
    """The whole page; the same comparison gives the same bytes."""
    report = report_of(comparison)
    blocks = [_fields(comparison, place, block) for place, block in enumerate(report.blocks)]
    charts = {place: asdict(b) for place, b in enumerate(report.blocks) if isinstance(b, Chart)}
    rest = comparison.quotes[comparison.main_quotes :]
    page = _template().render(
        report=report,
        blocks=blocks,
        charts=_in_script(json.dumps(charts, ensure_ascii=False).replace("<", "\\u003c")),
        echarts=_in_script(_asset("echarts.common.min.js")),
        more_quotes=_quotes(comparison, rest[:MORE_QUOTES]),
        left_out=len(rest[MORE_QUOTES:]),
        is_wide=any(isinstance(block, Table) and block.is_wide for block in report.blocks),
    )
    return printable(str(page)).encode()


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(_asset("page.html"))


def _asset(name: str) -> str:
    return (files("policy_corpus.publish.compare") / "assets" / name).read_text(encoding="utf-8")


def _in_script(text: str) -> Any:
    """Text that stands in a script element as it is; data must not hold ``<``, which could end the element."""
    from markupsafe import Markup

    return Markup(text)


def _fields(comparison: Comparison, place: int, block: Block) -> dict[str, Any]:
    """What the template reads of a block."""
    kind = type(block).__name__
    if isinstance(block, Quotes):
        return {"kind": kind, "rows": _quotes(comparison, block.quotes)}
    found = {"kind": kind, "place": place} | {name: getattr(block, name) for name in block.__slots__}
    if isinstance(block, Chart):
        group = BAR * (1 if block.is_stacked else len(block.series)) + GAP
        found["height"] = len(block.categories) * group + EDGE if block.is_lying else STANDING
    return found


def _quotes(comparison: Comparison, quotes: Iterable[Quote]) -> list[dict[str, Any]]:
    return [
        {
            "number": quote.number,
            "evidence": evidence_text(quote),
            "source": source_text(comparison, quote),
            "link": quote.link and printable(quote.link),
            "address": printable(quote.address),
            "ids": "、".join(claim.measure_id for claim in quote.claims),
        }
        for quote in quotes
    ]
