"""Pages beyond any measure are brought to one: very long lines are cut, very many short ones joined.

Rules look at lines, and some look at each line's neighbours or at all places of a line together. Pages that people
write have lines of up to 16,000 characters and, without tables, up to 3,000 lines (reports, laws, news of
``data`` and ``gold``); what lies far beyond was made by a broken converter or to do harm. Nothing is lost: every
character stays in its order and keeps its place in the source.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from policy_corpus.clean.blocks import Block, Page

LONGEST_LINE = 20_000
"""Characters of a line; a longer one is cut behind its sentences. The longest seen has 16,395."""
MOST_LINES = 12_000
"""Lines of a page that are not rows of a table; of more, neighbours are joined. The most seen are 3,000."""
MOST_ROWS = 25_000
"""Lines of a page that is mostly table rows, each judged with less work. Of a workbook 20,000 rows are read."""
MOST_CODED = 100_000
"""Characters of a text that are coded; the longest report has 34,000. A text of 10 MB would take minutes."""
MOST_SEARCHED = 1_000_000
"""Characters of a text that are cut into passages; a yearbook has about so many. The rest stays in the body."""
LONGEST_TITLE = 500
"""Characters of a title; the longest seen has 120."""

_LAST_SENTENCE_END = re.compile(r".*[。！？；!?;][”’\"'」』）)】]?", re.DOTALL)
_LAST_JOINT = re.compile(r".*[，,、\s]", re.DOTALL)


def in_bounds(blocks: Iterable[Block], count: int, most: int = MOST_LINES) -> Iterator[Block]:
    """The blocks of a page with its long lines cut and, if it has too many lines, neighbours joined by a blank.

    Parameters
    ----------
    blocks
        In order; they are not all held at once.
    count
        How many there are, or a few more.
    most
        How many may come out.
    """
    size = -(-count // most)
    if size > 1:
        blocks = _in_groups(blocks, size)
    for block in blocks:
        if len(block.text) <= LONGEST_LINE:
            yield block
        else:
            yield from _cut(block)


def bounded(page: Page) -> Page:
    """The page with its blocks in bounds; a page that people wrote is returned as it is."""
    blocks = bounded_blocks(page.blocks)
    return page if blocks is page.blocks else replace(page, blocks=tuple(blocks))


def bounded_blocks(blocks: Sequence[Block]) -> Sequence[Block]:
    """All blocks of a page :func:`in_bounds`; those of a page that people wrote are returned as they are."""
    most = MOST_LINES
    if len(blocks) > MOST_LINES and 2 * sum(block.role == "table_row" for block in blocks) > len(blocks):
        most = MOST_ROWS
    if len(blocks) <= most and all(len(block.text) <= LONGEST_LINE for block in blocks):
        return blocks
    return tuple(in_bounds(blocks, len(blocks), most))


def _in_groups(blocks: Iterable[Block], size: int) -> Iterator[Block]:
    group: list[Block] = []
    for block in blocks:
        group.append(block)
        if len(group) == size:
            yield one_of(group, " ")
            group = []
    if group:
        yield one_of(group, " ")


def one_of(blocks: Sequence[Block], separator: str = "") -> Block:
    """Blocks as one; the separator's characters have no place in the source."""
    if len(blocks) == 1:
        return blocks[0]
    if not separator and (whole := _one_range([block.offsets for block in blocks])):
        return Block("".join(block.text for block in blocks), whole, blocks[0].role)
    offsets = array("q")
    none = array("q", [-1]) * len(separator)
    for number, block in enumerate(blocks):
        if number:
            offsets += none
        offsets.extend(block.offsets)
    role = "paragraph" if separator and len({block.role for block in blocks}) > 1 else blocks[0].role
    return Block(separator.join(block.text for block in blocks), offsets, role)


def _one_range(parts: Iterable[Sequence[int]]) -> range | None:
    """Places that follow one another without a gap, as one range."""
    start = stop = -1
    for part in parts:
        if not isinstance(part, range) or part.step != 1 or stop not in {-1, part.start}:
            return None
        start, stop = part.start if stop == -1 else start, part.stop
    return range(start, stop)


def _cut(block: Block) -> Iterator[Block]:
    """Pieces of a line: to the last sentence that fits, else to the last comma or blank, else just so long."""
    text, start = block.text, 0
    while start < len(text):
        end = min(len(text), start + LONGEST_LINE)
        if end < len(text):
            half = start + LONGEST_LINE // 2
            last = _LAST_SENTENCE_END.match(text, half, end) or _LAST_JOINT.match(text, half, end)
            end = last.end() if last else end
        piece = text[start:end]
        kept = piece.strip()
        if kept:
            first = start + piece.index(kept[0])
            yield Block(kept, block.offsets[first : first + len(kept)], block.role)
        start = end
