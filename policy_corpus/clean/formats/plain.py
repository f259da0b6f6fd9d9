"""Read plain text: one block per line that is not blank."""

import re
from collections.abc import Iterator

from policy_corpus.clean.blocks import Block, Page
from policy_corpus.clean.bounds import MOST_LINES, in_bounds

_ENDS = "\n\r\u2028\u2029\x0b\x0c\x85"
_LINE = re.compile(rf"[^{_ENDS}]+")


def read_plain(text: str) -> Page:
    """Every non-blank line as a paragraph, without the white space at its ends."""
    return Page(tuple(in_bounds(_lines(text), _count(text))))


def _count(text: str) -> int:
    """Number of lines that are not blank, hardly too high where there are many."""
    most = sum(map(text.count, _ENDS)) + 1
    return most if most <= MOST_LINES else sum(map(bool, map(str.strip, _LINE.findall(text))))


def _lines(text: str) -> Iterator[Block]:
    for line in _LINE.finditer(text):
        whole = line[0]
        kept = whole.strip().strip("\ufeff\u200b").strip()
        if kept:
            start = line.start() + whole.index(kept)
            yield Block(kept, range(start, start + len(kept)))
