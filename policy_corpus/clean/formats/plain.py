"""Read plain text: one block per line that is not blank."""

import re
from collections.abc import Iterable, Iterator

from policy_corpus.clean.blocks import Block, Page
from policy_corpus.clean.bounds import MOST_LINES, in_bounds

_ENDS = "\n\r\u2028\u2029\x0b\x0c\x85"
_BLANKS = dict.fromkeys(map(ord, _ENDS), " ")
_LINE = re.compile(rf"[^{_ENDS}]+")


def read_plain(text: str) -> Page:
    """Every non-blank line as a paragraph, without the white space at its ends.

    Of more lines than a page can have, neighbours are one block: what stood between them is blanks then, so
    that each character keeps its place.
    """
    count = _count(text)
    if count <= MOST_LINES:
        return Page(tuple(in_bounds(_lines(text), count)))
    return Page(tuple(in_bounds(_groups(text, -(-count // MOST_LINES)), MOST_LINES)))


def _count(text: str) -> int:
    """Number of lines that are not blank, hardly too high where there are many."""
    most = sum(map(text.count, _ENDS)) + 1
    return most if most <= MOST_LINES else sum(map(bool, map(str.strip, _LINE.findall(text))))


def _lines(text: str) -> Iterator[Block]:
    return _blocks((line[0], line.start()) for line in _LINE.finditer(text))


def _groups(text: str, size: int) -> Iterator[Block]:
    """So many lines at a time that are not blank."""
    groups = re.finditer(rf"(?:\s*+[^{_ENDS}]++){{1,{size}}}", text)
    return _blocks((group[0].translate(_BLANKS), group.start()) for group in groups)


def _blocks(found: Iterable[tuple[str, int]]) -> Iterator[Block]:
    for whole, place in found:
        kept = whole.strip().strip("\ufeff\u200b").strip()
        if kept:
            start = place + whole.index(kept)
            yield Block(kept, range(start, start + len(kept)))
