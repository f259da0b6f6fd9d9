"""Which of a region's measures is shown: a sentence that says something before a heading that announces it."""

import re

_NUMBER = re.compile(
    r"\s{0,20}(?:[（(][一二三四五六七八九十百\d]{1,4}[）)]|(?:[一二三四五六七八九十百]{1,4}|\d{1,3})[、.．）)]|第[一二三四五六七八九十百\d]{1,4}[章节条]|[①-⑳])\s*"
)
_INNER = re.compile(r"[，,；;：:\d０-９]")
HEADING = 30
"""Longest numbered sentence, in characters, that can be a heading (1,458 short measures of 244 documents: the longest
numbered ones without a comma or number are headings of 20 to 28)."""
FRAGMENT = 12
"""Shorter evidence is a cut-out that cannot be read by itself: 制定激励机制."""


def is_statement(text: str) -> bool:
    """Whether evidence reads as a sentence: no heading (（三）加大财政投入。) and no fragment.

    A numbered line is a heading where it is short and has neither a comma nor a number after its own.
    """
    number = _NUMBER.match(text)
    rest = text[number.end() :] if number else text
    if len(rest) < FRAGMENT and not _INNER.search(rest):
        return False
    return not (number and len(rest) <= HEADING and not _INNER.search(rest))
