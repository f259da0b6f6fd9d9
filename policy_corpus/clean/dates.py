"""Dates as far as they are printed: ``2024-01-08``, ``2018-09``, ``--06-28``. Nothing is filled in."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "O": "0",
    "Ｏ": "0",
}
_FULL = re.compile(
    r"(?<![\d.])((?:19|20)\d{2})\s*(?:年\s*(1[0-2]|0?[1-9])\s*月\s*(3[01]|[12]\d|0?[1-9])\s*(?:日(?=\s*(?:[01]?\d|2[0-4])\s*[:：时点])|日?(?!\d|\.\d))"
    r"|([-/.])\s?(1[0-2]|0?[1-9])\4\s?(3[01]|[12]\d|0?[1-9])(?!\d|\.\d))"
)
_HAN_FULL = re.compile(
    r"([一二][〇零○OＯ一二三四五六七八九]{3})年(十[一二]?|[一二三四五六七八九])月"
    r"(三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])日"
)
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年\s*(1[0-2]|0?[1-9])\s*月(?!\s*\d)")
_MONTH_ISO = re.compile(r"(?<![\d.])((?:19|20)\d{2})[-/.](1[0-2]|0[1-9])(?![\d./-])")
_ISSUE = re.compile(r"((?:19|20)\d{2})\s*+年?[,，]?\s*+第?\s*+(?:0?([1-9])|(1[0-2]))\s*期")
_DAY = re.compile(r"(?<![\d月.-])(1[0-2]|0?[1-9])\s*月\s*(3[01]|[12]\d|0?[1-9])\s*日")
_CLOCK_DAY = re.compile(r"(?<![\d./-])(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\s+\d{1,2}:\d{2}")
_DATED = re.compile(r"[年月]|\d[-/.]")
"""What every date holds: most lines are done with here."""
_TIME = re.compile(r"\d{1,2}(?::\d{2}(?::\d{2})?|时\d{1,2}分(?:\d{1,2}秒)?)")
_DAYS_IN = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Found:
    """A printed date: its ISO form and its place."""

    value: str
    start: int
    end: int


def find_dates(text: str) -> list[Found]:
    """All dates of a text with at least year and month, or month and day, in order."""
    if not _DATED.search(text):
        return []
    found: list[Found] = []
    for match in _FULL.finditer(text):
        year, month, day = match[1], int(match[2] or match[5]), int(match[3] or match[6])
        if day <= _DAYS_IN[month - 1]:
            found.append(Found(f"{year}-{month:02d}-{day:02d}", *match.span()))
    for match in _HAN_FULL.finditer(text):
        year = "".join(_DIGITS.get(c, c) for c in match[1])
        found.append(Found(f"{year}-{_han(match[2]):02d}-{_han(match[3]):02d}", *match.span()))
    for pattern in (_MONTH, _MONTH_ISO):
        found += [Found(f"{m[1]}-{int(m[2]):02d}", *m.span()) for m in _outside(pattern, text, found)]
    found += [
        Found(f"--{int(m[1]):02d}-{int(m[2]):02d}", *m.span())
        for m in _outside(_DAY, text, found)
        if int(m[2]) <= _DAYS_IN[int(m[1]) - 1]
    ]
    found += [Found(f"--{m[1]}-{m[2]}", m.start(), m.end(2)) for m in _outside(_CLOCK_DAY, text, found)]
    return sorted(found, key=lambda f: f.start)


def first_full(text: str) -> str | None:
    """The first date with a year, at least to the month."""
    return next((f.value for f in find_dates(text) if not f.value.startswith("--")), None)


def clock_day(text: str) -> str | None:
    """Month and day before a time of day (``09-15 18:20``), as news pages print the current year's dates."""
    match = _CLOCK_DAY.search(text)
    return f"--{match[1]}-{match[2]}" if match and int(match[2]) <= _DAYS_IN[int(match[1]) - 1] else None


def journal_issue(text: str) -> str | None:
    """Month of a journal's issue: 2018年第09期 → ``2018-09``. Issues above 12 name no month."""
    match = _ISSUE.search(text)
    return f"{match[1]}-{int(match[2] or match[3]):02d}" if match else None


def iso_date(text: str | None) -> str | None:
    """A date as markup gives it (``2019-09-26T08:00``, ``2019年9月26日``), to the day; None if it is none."""
    if not text:
        return None
    match = re.match(r"\s*((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)", text)
    if match and 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= _DAYS_IN[int(match[2]) - 1]:
        return "-".join(match.groups())
    return first_full(text.replace("T", " "))


def without_dates(text: str) -> str:
    """A text without its dates and times of day."""
    for date in reversed(find_dates(text)):
        text = text[: date.start] + text[date.end :]
    return _TIME.sub("", text)


def _outside(pattern: re.Pattern[str], text: str, found: Sequence[Found]) -> list[re.Match[str]]:
    """Matches that do not begin inside a date that was found before."""
    if not found:
        return list(pattern.finditer(text))
    spans = sorted((f.start, f.end) for f in found)
    starts = [start for start, _ in spans]
    ends = list(accumulate((end for _, end in spans), max))
    free = []
    for match in pattern.finditer(text):
        before = bisect_right(starts, match.start()) - 1
        if before < 0 or ends[before] <= match.start():
            free.append(match)
    return free


def _han(text: str) -> int:
    """Chinese number up to 31."""
    ones = {c: i for i, c in enumerate("一二三四五六七八九", 1)}
    if "十" not in text:
        return ones[text]
    tens, _, rest = text.partition("十")
    return ones.get(tens, 1) * 10 + ones.get(rest, 0)
