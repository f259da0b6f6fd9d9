"""Which numbers size a measure, and which measure they size."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from policy_corpus.annotate.quantities.units import Units
from policy_corpus.records import Quantity

_CLAUSE_END = re.compile(r"[，,。；;\n]")
PASSAGE = 400
CLAUSE = 200
"""Characters to each side that may speak for a number; 99 % of the coded sentences are shorter."""
_GROWTH_UNITS = ("%", "‰", "个百分点", "倍")


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
        else:
            after = quantities[i + 1].start if i + 1 < len(quantities) else len(text)
            piece = _piece(text, before.end if before else 0, quantity, after)
            if _sizes(text, piece, quantity, codes, units):
                kept.append(quantity)
    return kept


def _bare_growth(between: str) -> bool:
    """、增长14.5%: the growth of the number before."""
    return len(between.strip(" 、，,")) <= 5


def _sizes(text: str, piece: str, q: Quantity, codes: frozenset[str], units: Units) -> bool:
    clause = _clause(text, q)
    p = units.pattern
    if q.unit == "人口" or _condition(text, q, units):
        return False
    if _counts_areas(text, q, units) and not p["tried"].search(clause):
        return False
    if q.role == "amount" and p["background"].search(piece):
        return False
    if _is_title(piece, q, codes, units):
        return False
    if q.unit in _GROWTH_UNITS and p["results"].search(clause):
        return bool(p["reach"].search(piece))
    around = text[max(0, q.start - PASSAGE) : q.end + PASSAGE]
    return _in_scope(around, (q.what or "", piece, clause), units)


def _piece(text: str, floor: int, q: Quantity, ceiling: int) -> str:
    """The words that go with the number alone: what follows in 10所学校…, what precedes in 学校10所."""
    left = _CLAUSE_END.split(text[floor : q.start])[-1]
    right = _CLAUSE_END.split(text[q.end : ceiling], maxsplit=1)[0]
    counts_right = right[:1] not in ("", "、", "（", "(", "：", ":", "！", "？")
    return left[-4:] + right if counts_right else left


def _condition(text: str, q: Quantity, units: Units) -> bool:
    """学生数少于150人的学校, 20万人口以上的县: the number says which ones, not how many."""
    tail = text[q.end : q.end + 6]
    left = text[max(0, q.start - 12) : q.start]
    return bool(re.match(r"(?:以上|以下)?(?:的|人口)", tail)) and bool(
        units.pattern["conditions"].search(left + tail[:4])
    )


def _counts_areas(text: str, q: Quantity, units: Units) -> bool:
    """8个县, 7个区县: how many areas, not how much of a measure; 市级10个, 县中 are none."""
    match = units.pattern["areas"].match(text, q.end)
    return q.unit == "个" and match is not None and text[match.end() : match.end() + 1] not in "级域城属中直"


def _is_title(piece: str, q: Quantity, codes: frozenset[str], units: Units) -> bool:
    p = units.pattern
    bare = p["never_title"].sub(" ", piece)
    if p["prizes"].search(bare) and q.role != "rate":
        return True
    if not (p["titles"].search(bare) or p["judged"].search(bare)):
        return False
    return not p["places"].search(piece) and not ("curriculum" in codes and p["taught"].search(piece))


def _in_scope(around: str, parts: tuple[str, ...], units: Units) -> bool:
    """The nearest words that name a service decide: the noun, its piece, its clause, then the passage."""
    p = units.pattern
    for part in parts:
        if p["elsewhere"].search(part):
            return bool(p["strong"].search(part))
        inside, outside = p["in_scope"].search(part), p["foreign"].search(part)
        if inside or outside:
            return bool(inside) and (not outside or bool(p["strong"].search(part)))
    return not p["foreign"].search(around)


def _clause(text: str, q: Quantity) -> str:
    left = _CLAUSE_END.split(text[max(0, q.start - CLAUSE) : q.start])[-1]
    right = _CLAUSE_END.split(text[q.end : q.end + CLAUSE], maxsplit=1)[0]
    return left + text[q.start : q.end] + right
