"""Find the quantities of a sentence: numbers with units, bounds, ranges, changes, shares and rates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from policy_corpus.annotate.quantities.blank import BLANK, blank
from policy_corpus.annotate.quantities.numerals import (
    HAN_NUMERAL,
    MAGNITUDES,
    approximate_range,
    fold,
    parse_numeral,
)
from policy_corpus.annotate.quantities.rates import per_unit
from policy_corpus.annotate.quantities.units import Units
from policy_corpus.annotate.quantities.what import counted
from policy_corpus.records import Bound, Quantity, QuantityRole

_MAGNITUDE_UNITS = frozenset("所名人个家间场户对台次条节") | {"人次", "元", "亩", "平方米", "场次"}
_GRADE = re.compile(r"(?<!提)(?<!最)[高初][一二三]$")  # 高三名师 holds no 三名
_TURN_UNITS = ("个", "项", "支", "条")
_CLAUSE = re.compile(r"[，,。；;：:]")
_SIGNS = "十百千万亿"
_RANGE = re.compile(r"\s?(?:至|到|[-—–―~～－─‐−]{1,2})\s?")
_FRACTION = re.compile(
    rf"(?P<den>[{HAN_NUMERAL}]{{1,8}}|\d{{1,4}})分之(?P<han>[{HAN_NUMERAL}]{{1,8}}(?:点[{HAN_NUMERAL}]{{1,8}})?|\d+(?:\.\d+)?)"
    r"|(?<![\d/])(?P<top>\d{1,2})\s?/\s?(?P<under>\d{1,3})(?![\d/])"
    r"|(?P<tenths>[一二三四五六七八九1-9])成(?=以上|左右|以内|[多的，,。；;、]|$)"
    r"|(?<![\d:])(?P<left>\d{1,3}(?:\.\d+)?)\s?[:：∶]\s?(?P<right>\d{1,3}(?:\.\d+)?)(?![\d:])"
)
SERVICE_NEAR = 20
"""Characters around a length of time in which service must be named: 2年以上乡村学校任教经历."""
LARGEST = 1e15
"""No sum or count of a policy text is larger; longer digit strings are codes and keys."""
CARRIED_NEAR = 14
"""Characters from 至少 to its number; a share may stand further off (不低于…总课时的20%)."""
_RATIO_NEAR = 14
"""A ratio 1:5 needs 比 or 配 within this many characters; else it may be a score or a time."""


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    value: float
    value_to: float | None
    unit: str | None
    bound: Bound
    han: bool
    raw: float
    role: QuantityRole = "amount"


def find_quantities(text: str, units: Units) -> list[Quantity]:
    """Quantities of a passage, in order of text.

    Dates, ordinals, list and document numbers, levels, ages, grades, programme names and turns of
    speech are none. Half the work is saved where nothing looks like a number with a unit.

    Parameters
    ----------
    text
        A sentence or clause (longer texts work too); any script.
    units
        Word lists made by :func:`parse_units`.

    Returns
    -------
    list of Quantity
        ``start`` and ``end`` are offsets into ``text``; values stand in base units.
    """
    folded = fold(text)
    if not any(_may_count(m) for m in units.pattern["atom"].finditer(folded)) and not _FRACTION.search(
        folded
    ):
        return []
    bare = blank(folded, units)
    numbers = _shares(bare, units)
    taken = [(n.start, n.end) for n in numbers]
    for match in units.pattern["atom"].finditer(bare):
        if not any(match.start() < end and start < match.end("num") for start, end in taken):
            number = _number(bare, match, units)
            if number:
                numbers.append(number)
    merged = _merge(bare, _share_units(bare, sorted(numbers, key=lambda n: n.start)), units)
    return _finish(text, folded, bare, [n for n in merged if _is_quantity(folded, bare, n, units)], units)


def _may_count(match: re.Match[str]) -> bool:
    return bool(match["unit"] or match["mult"] or match["num"][-1] in "万亿")


def _shares(bare: str, units: Units) -> list[_Number]:
    """百分之十, 四分之三, 3/4, 三成 as percentages; 1:5 as a ratio (value 1, value_to 5, unit ``:``)."""
    found = []
    for m in _FRACTION.finditer(bare):
        value_to, unit = None, "%"
        if m["den"]:
            top, under = parse_numeral(m["han"]), parse_numeral(m["den"])
            if top is None or not under:
                continue
            value, unit = (top, "‰") if under == 1000 else (100 * top / under, "%")
        elif m["top"]:
            if not 0 < int(m["top"]) < int(m["under"]):
                continue
            value = 100 * int(m["top"]) / int(m["under"])
        elif m["tenths"]:
            value = 10 * (parse_numeral(m["tenths"]) or 0)
        else:
            near = bare[max(0, m.start() - _RATIO_NEAR) : m.end() + 4]
            if not any(word in near for word in ("比", "配")):
                continue
            value, value_to, unit = float(m["left"]), float(m["right"]), ":"
        end, bound = _bound(bare, m.start(), m.end(), None, units)
        found.append(_Number(m.start(), end, round(value, 3), value_to, unit, bound, False, value, "share"))
    return found


def _number(bare: str, m: re.Match[str], units: Units) -> _Number | None:
    if m["odd"] and not m["mid2"]:
        return None
    digits, mult = m["num"], (m["mult"] or "").strip().lstrip("个")
    start, last = m.start("num"), max(m.end(g) for g in ("num", "mult", "mid2", "unit"))
    han = digits[0] in HAN_NUMERAL
    pair = approximate_range(digits + mult) if han else None
    value, value_to = pair if pair else (parse_numeral(digits + mult), None)
    if value is None or value > LARGEST or m["wrong"]:
        return None
    unit = m["unit"]
    if digits[0] in MAGNITUDES and digits[0] != "十":  # 数百, 几千, 成百: no number; 上百: at least
        if start and bare[start - 1] in "数几成若好":
            return None
    elif start and bare[start - 1] in "数几":
        return None
    _, point, part = digits.replace(" ", "").partition(".")
    if point and not mult and unit and units.kind[unit] == "count" and not bare[:start].strip(BLANK + " "):
        start, value = start + digits.index(part), float(part)  # 1.10所学校: a list number glued to its item
    end, bound = _bound(bare, start, last, m["mid2"] or m["mid"], units)
    if digits[0] in MAGNITUDES and start and bare[start - 1] == "上":
        start, bound = start - 1, "≥"
    raw = parse_numeral(digits.rstrip("百千万亿")) or value
    return _Number(start, end, value, value_to, units.canonical(unit) if unit else None, bound, han, raw)


def _bound(bare: str, start: int, end: int, between: str | None, units: Units) -> tuple[int, Bound]:
    """Bound of a number and where its text ends (以上 belongs to it)."""
    bound: Bound = "="
    if between:
        bound = "≥" if between in units.lists["bounds.between_least"] else "≈"
    before = units.pattern["before"].search(bare, max(0, start - 8), start)
    after = units.pattern["after"].match(bare, end)
    for match in (before, after):
        if match:
            bound = "≥" if match["least"] else "≤" if match["most"] else "≈"
    if not before and not after:
        carried = units.pattern["carried"].search(bare, max(0, start - 30), start)
        if carried and (carried.end() - carried.start() <= CARRIED_NEAR or bare[end - 1] in "%‰"):
            bound = "≥"
    return (after.end() if after else end), bound


def _merge(bare: str, numbers: Sequence[_Number], units: Units) -> list[_Number]:
    """Join ranges (5至8所) and changes (从32所调整为29所) into one number each."""
    out: list[_Number] = []
    for number in numbers:
        last = out[-1] if out else None
        joined = _range(bare, last, number) or _change(bare, last, number, units) if last else None
        if joined:
            out[-1] = joined
        else:
            out.append(number)
    return out


def _share_units(bare: str, numbers: Sequence[_Number]) -> list[_Number]:
    """120、80、50万元: the unit at the end counts for all. Chinese numerals list grades (一、二年级)."""
    out = list(numbers)
    for i in range(len(out) - 2, -1, -1):
        a, b = out[i], out[i + 1]
        if not (a.unit or a.han or b.han) and b.unit and bare[a.end : b.start].strip() == "、":
            out[i] = replace(a, unit=b.unit, value=round(a.value * _scale(a, b), 6))
    return out


def _scale(a: _Number, b: _Number) -> float:
    """Magnitude (万) that ``a`` has in common with ``b`` when it is written at ``b`` only."""
    return b.value / b.raw if a.raw == a.value else 1.0


def _range(bare: str, a: _Number, b: _Number) -> _Number | None:
    if a.value_to is not None or b.value_to is not None or not _RANGE.fullmatch(bare, a.end, b.start):
        return None
    if a.unit not in (None, b.unit):
        return None
    low = a.value * _scale(a, b) if a.raw < b.raw else a.value
    if low >= b.value:
        return None
    return replace(
        b, start=a.start, value=low, value_to=b.value, bound=b.bound if b.bound != "=" else a.bound
    )


def _change(bare: str, a: _Number, b: _Number, units: Units) -> _Number | None:
    if a.value_to is not None or b.value_to is not None or (a.unit and b.unit and a.unit != b.unit):
        return None
    head = units.pattern["head"].search(bare, max(0, a.start - 20), a.start)
    gap = units.pattern["gap_after_head" if head else "gap"]
    if not gap.fullmatch(bare, a.end, b.start):
        return None
    start = head.start() if head and head.end() - head.start() <= 2 else a.start
    return replace(b, start=start, value=a.value, value_to=b.value, unit=b.unit or a.unit, role="change")


def _is_quantity(folded: str, bare: str, n: _Number, units: Units) -> bool:
    """A unit that counts here, and no turn of speech."""
    tail = bare[n.end : n.end + 24]
    if n.role == "share":
        return True
    if n.unit is None:
        big = any(sign in bare[n.start : n.end] for sign in "万亿")
        return big and not n.han and not tail.startswith((BLANK, "级"))
    kind = units.kind.get(n.unit, "count")
    if kind == "duration":
        window = bare[max(0, n.start - SERVICE_NEAR) : n.end + SERVICE_NEAR]
        return n.bound == "≥" and bool(units.pattern["service"].search(window))
    if units.pattern["any_turn"].match(bare, n.end):
        return False
    if not n.han:
        return True
    if tail[:1].isdigit() or _GRADE.search(bare, max(0, n.start - 2), n.start + 1):
        return False
    if n.unit in _TURN_UNITS and units.pattern["han_turn"].match(bare, n.end):
        return False
    number = bare[n.start : n.end]
    if number[0] in "百千万亿" and n.unit not in _MAGNITUDE_UNITS:
        return False
    if (number[0] in _SIGNS) and units.pattern["campaign"].match(bare, n.end):
        return False
    per = per_unit(folded, n.start, n.end, n.unit, units)
    if n.unit in units.lists["instalments.words"] and not per:
        return False
    return n.value != 1 or n.value_to is not None or bool(per) or _counts_one(bare, n)


def _counts_one(bare: str, n: _Number) -> bool:
    """一 counts only where it is asked for: per year, at least, or after its noun (设总校长一名)."""
    clause = _CLAUSE.split(bare[max(0, n.start - 60) : n.start])[-1]
    if n.bound != "=" or "每" in clause or "各" in clause[-6:]:
        return True
    tail = bare[n.end : n.end + 1]
    return n.unit != "次" and (not tail or tail in "，,。；;、")


def _finish(text: str, folded: str, bare: str, numbers: Sequence[_Number], units: Units) -> list[Quantity]:
    """Give every number its role, its unit per what and the noun it counts."""
    out: list[Quantity] = []
    had_before = False
    for i, n in enumerate(numbers):
        role = _role(bare, n, units, had_before)
        had_before |= role == "before"
        unit = n.unit
        if unit is None and units.pattern["person"].match(bare, n.end):
            unit = "名"
        previous = out[-1] if out else None
        per = per_unit(folded, n.start, n.end, unit, units)
        if per and role == "amount":
            role, unit = "rate", per
        stop = numbers[i + 1].start if i + 1 < len(numbers) else len(text)
        what = counted(text, n.start, n.end, stop, previous, units)
        out.append(
            Quantity(text[n.start : n.end], n.value, n.value_to, unit, n.bound, role, what, n.start, n.end)
        )
    return out


def _role(bare: str, n: _Number, units: Units, had_before: bool) -> QuantityRole:
    if n.role == "change" or n.unit == "个百分点":
        return "change"
    left = bare[max(0, n.start - 16) : n.start]
    left = units.pattern["before"].sub("", left)
    if units.pattern["reached"].search(left):
        return "after"
    if n.unit and units.kind.get(n.unit) == "share":
        return "change" if units.pattern["grows"].search(left) else "share"
    if n.role == "share":
        return "share"
    if units.pattern["had"].search(left):
        return "before"
    if had_before and units.pattern["has"].search(left):
        return "after"
    return "amount"
