"""Which numbers size a measure, and which measure they size."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from policy_corpus.annotate.quantities.units import Units
from policy_corpus.records import Quantity

_CLAUSE_END = re.compile(r"[，,。；;\n]")
_GROWTH_UNITS = ("%", "‰", "个百分点")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A measure found in a passage: its code and the half-open span of the words that say it."""

    code: str
    start: int
    end: int


def bind_quantities(
    text: str, quantities: Sequence[Quantity], evidence: Sequence[Evidence], units: Units
) -> list[tuple[Quantity, ...]]:
    """Quantities of every measure of a passage.

    A quantity that sizes a measure goes to each measure whose span holds it; where no span does, to
    the measures whose span lies nearest. Targets, results, prizes, titles and the figures of other
    services go to none.

    Parameters
    ----------
    text
        The passage; all offsets count in it.
    evidence
        The passage's measures, in any order. Without a measure there is nothing to size.

    Returns
    -------
    list of tuple of Quantity
        One tuple for each entry of ``evidence``, in its order.
    """
    bound: list[list[Quantity]] = [[] for _ in evidence]
    codes = frozenset(e.code for e in evidence)
    for quantity in sizing(text, quantities, codes, units) if evidence else ():
        distance = [max(e.start - quantity.start, quantity.end - e.end, 0) for e in evidence]
        nearest = min(distance)
        for quantities_of, away in zip(bound, distance, strict=True):
            if away == nearest:
                quantities_of.append(quantity)
    return [tuple(b) for b in bound]


def sizing(text: str, quantities: Sequence[Quantity], codes: frozenset[str], units: Units) -> list[Quantity]:
    """Those of ``quantities`` that size a measure with one of ``codes`` (codebook rule 16)."""
    kept: list[Quantity] = []
    for i, quantity in enumerate(quantities):
        before = quantities[i - 1] if i else None
        growth = quantity.role == "change" and quantity.unit in _GROWTH_UNITS
        if growth and before and _bare_growth(text[before.end : quantity.start]):
            if kept and kept[-1] is before:
                kept.append(quantity)
        elif _sizes(text, quantity, codes, units):
            kept.append(quantity)
    return kept


def _bare_growth(between: str) -> bool:
    """、增长14.5%: the growth of the number before."""
    return len(between.strip(" 、，,")) <= 5


def _sizes(text: str, q: Quantity, codes: frozenset[str], units: Units) -> bool:
    clause = _clause(text, q)
    what = q.what or ""
    p = units.pattern
    if q.unit == "人口" or _condition(text, q, units):
        return False
    if q.role == "rate" and q.unit and "/" in q.unit and "次" in q.unit:
        return True
    if _is_title(what + "|" + clause, what, codes, units):
        return False
    if q.unit in _GROWTH_UNITS and (p["results"].search(clause) or q.role in ("change", "after")):
        return bool(p["reach"].search(what) or p["reach"].search(clause))
    if q.unit == "个" and p["areas"].match(what):
        return False
    return _in_scope(text, clause, what, units)


def _condition(text: str, q: Quantity, units: Units) -> bool:
    """学生数少于150人的学校, 20万人口以上的县: the number says which ones, not how many."""
    tail = text[q.end : q.end + 6]
    left = text[max(0, q.start - 12) : q.start]
    return bool(re.match(r"(?:以上|以下)?(?:的|人口)", tail)) and bool(
        units.pattern["conditions"].search(left + tail[:4])
    )


def _is_title(around: str, what: str, codes: frozenset[str], units: Units) -> bool:
    bare = units.pattern["never_title"].sub("", around)
    if not units.pattern["titles"].search(bare):
        return False
    return not ("curriculum" in codes and units.pattern["taught"].search(what))


def _in_scope(text: str, clause: str, what: str, units: Units) -> bool:
    p = units.pattern
    for part in (what, clause):
        if p["elsewhere"].search(part):
            return bool(p["strong"].search(part))
        inside, outside = p["in_scope"].search(part), p["foreign"].search(part)
        if inside or outside:
            return bool(inside) and (not outside or bool(p["strong"].search(part)))
    return not p["foreign"].search(text)


def _clause(text: str, q: Quantity) -> str:
    left = _CLAUSE_END.split(text[: q.start])[-1]
    right = _CLAUSE_END.split(text[q.end :], maxsplit=1)[0]
    return left + text[q.start : q.end] + right
