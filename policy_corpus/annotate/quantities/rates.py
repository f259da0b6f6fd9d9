"""Rates: per year, per pupil, per school. The unit carries what it is per: ``次/学期``, ``元/生``."""

import re

from policy_corpus.annotate.quantities.numerals import parse_numeral
from policy_corpus.annotate.quantities.units import Units

_CLAUSE = re.compile(r"[，,。；;：:\n]")
_SENTENCE = re.compile(r"[。；;\n]")
REACH = 60
"""Characters to the left in which 每年 is looked for."""
_PER_SCHOOL_KINDS = ("money", "area", "count", "teaching")


def per_unit(folded: str, start: int, end: int, unit: str | None, units: Units) -> str | None:
    """Unit with what it is per, or None where the number is no rate.

    ``每年`` and the like are looked for to the left, in the number's own clause (for a frequency in
    the clauses before it too: 每学年以…为重点，开展一次自评), and in ``/年`` right after it.
    Times go with every unit; ``每校`` and ``生均`` do not go with frequencies: 每校每年两次 is
    ``次/年``.
    """
    if unit is None or units.kind.get(unit) == "share":
        return None
    slash = units.pattern["slash"].match(folded, end)
    if slash:
        return f"{unit}/{slash['per']}"
    left = folded[max(0, start - REACH) : start]
    breaks = _SENTENCE if units.kind.get(unit) == "frequency" else _CLAUSE
    clause = breaks.split(left)[-1]
    time = each = None
    for match in units.pattern["per"].finditer(clause):
        if match["time"]:
            time = _times(match["n"]) + match["time"]
        elif match["each"] and not match["n"].strip("一1"):
            each = units.each[match["each"]]
        elif match["average"]:
            each = units.average[match["average"]]
    if units.kind.get(unit) not in _PER_SCHOOL_KINDS:
        each = None
    parts = [part for part in (each, time) if part]
    counted = "次" if unit in units.lists["instalments.words"] else unit  # 每年一届 is 次/年
    return f"{counted}/{'·'.join(parts)}" if parts else None


def _times(numeral: str) -> str:
    """每三年 → 3, 每年 and 每一年 → nothing."""
    value = parse_numeral(numeral) if numeral else None
    return "" if value in (None, 1.0) else f"{value:g}"
