"""Regular expressions that people write into ``sources.toml``: those that may take for ever are refused."""

import re
from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MANY = 10
"""Repeats from which a repeat within a repeat is taken for one without end."""
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)


def slow_part(expression: str) -> str | None:
    """Why an expression may take time that grows with more than the square of an address; None where it does not.

    A repeat of a repeat (``(a+)+``) tries every way to part a text; so does a repeated choice whose alternatives begin
    alike (``(a|a)*``); two wildcards in a row (``.*.*``) try every pair of places.

    Raises
    ------
    re.error
        It is no regular expression.
    """
    return _slow(list(parser.parse(expression)), within=False)


def _slow(parts: list[Any], *, within: bool) -> str | None:
    wild = False
    for kind, value in parts:
        if kind in _REPEATS:
            low, high, body = value
            if high >= MANY and low != high and within:
                return "a repeat stands within a repeat, such as (a+)+"
            if high >= MANY and any(_alike(choice) for choice in _choices(body)):
                return "a repeated choice has alternatives that begin alike, such as (a|ab)*"
            any_text = high >= MANY and next(iter(body), (None,))[0] is op.ANY
            if any_text and wild:
                return "two wildcards stand in a row, such as .*.*"
            wild = any_text
            found = _slow(list(body), within=within or high >= MANY)
        else:
            wild = False
            inner = (found for body in _bodies(kind, value) if (found := _slow(list(body), within=within)))
            found = next(inner, None)
        if found:
            return found
    return None


def _bodies(kind: Any, value: Any) -> list[Any]:
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind is op.BRANCH:
        return list(value[1])
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    return []


def _choices(body: Any) -> Iterator[list[Any]]:
    """Alternatives that a repeated body consists of."""
    parts = list(body)
    while len(parts) == 1 and parts[0][0] is op.SUBPATTERN:
        parts = list(parts[0][1][3])
    if len(parts) == 1 and parts[0][0] is op.BRANCH:
        yield [list(branch) for branch in parts[0][1][1]]


def _alike(branches: list[Any]) -> bool:
    firsts = [str(branch[0]) if branch else "" for branch in branches]
    return len(set(firsts)) < len(firsts) or any(branch and branch[0][0] is op.ANY for branch in branches)


def checked(expression: str) -> re.Pattern[str]:
    """The compiled expression.

    Raises
    ------
    re.error
        It is none, or may take for ever.
    """
    compiled = re.compile(expression)
    if why := slow_part(expression):
        raise re.error(why)
    return compiled
