"""Dates as lists and interfaces print them, to ISO as far as is known: ``2024-05-01``, ``2024-05``, ``--05-01``."""

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

CHINA = timezone(timedelta(hours=8))
"""Timestamps and times with a zone are told as the day it is in China."""

_FULL = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?(?:年|[-/.])\s?(1[0-2]|0?[1-9])\s?(?:月|[-/.])\s?(3[01]|[12]\d|0?[1-9])(?!\d)"
)
_ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)")
_DAY_FIRST = re.compile(
    r"(?<!\d)(3[01]|[12]\d|0?[1-9])\s*[/日]?\s{0,3}((?:19|20)\d\d)[-/.年](1[0-2]|0?[1-9])(?![\d.-]|月?\s?\d)"
)
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?(?:年|[-/.])\s?(1[0-2]|0?[1-9])(?!\d|[-/.]\d)")
_MONTH_DAY = re.compile(r"(?<![\d./-])(1[0-2]|0?[1-9])\s?([-/月])\s?(3[01]|[12]\d|0?[1-9])(?![\d/.-])")
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:\d{6})?\Z")
_STAMP = re.compile(r"1?\d{9}(?:\d{3})?\Z")
_DAYS_IN = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SEARCHED = 2000


def said_date(text: str | None) -> str | None:
    """The last full date of a text, else what it tells of one, else None.

    The last, because a list prints an item's date behind its title and a title may hold dates of its own.
    """
    if not text:
        return None
    text = text[-_SEARCHED:]
    full = [found for m in _FULL.finditer(text) if (found := _iso(m[1], m[2], m[3]))]
    if full:
        return _in_china(text) or full[-1]
    if (m := _DAY_FIRST.search(text)) and (found := _iso(m[2], m[3], m[1])):
        return found
    if m := _MONTH.search(text):
        return f"{m[1]}-{int(m[2]):02d}"
    days = [m for m in _MONTH_DAY.finditer(text) if int(m[3]) <= _DAYS_IN[int(m[1]) - 1]]
    return f"--{int(days[-1][1]):02d}-{int(days[-1][3]):02d}" if days else None


def field_date(value: object) -> str | None:
    """The date of a JSON or XML field: a text, ``20240501``, a timestamp in seconds or milliseconds, RFC 822."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    text = (
        str(int(value))
        if isinstance(value, float) and value == value and abs(value) < 1e15
        else str(value).strip()
    )
    if m := _COMPACT.match(text):
        return _iso(m[1], m[2], m[3])
    if _STAMP.match(text):
        seconds = int(text) / (1000 if len(text) > 11 else 1)
        return datetime.fromtimestamp(seconds, CHINA).date().isoformat()
    if found := said_date(text):
        return found
    try:
        return parsedate_to_datetime(text[:100]).astimezone(CHINA).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _in_china(text: str) -> str | None:
    if not (match := _ZONED.search(text)):
        return None
    try:
        return datetime.fromisoformat(match[0]).astimezone(CHINA).date().isoformat()
    except (ValueError, OverflowError):
        return None


def _iso(year: str, month: str, day: str) -> str | None:
    if int(day) > _DAYS_IN[int(month) - 1]:
        return None
    return f"{year}-{int(month):02d}-{int(day):02d}"
