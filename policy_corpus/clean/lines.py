"""Cutting and joining blocks without losing the place of a single character."""

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from policy_corpus.clean.blocks import Block

_SENTENCE_MARKS = tuple("。！？!?；;…")
_CLOSERS = "”’\"'」』）)】"
"""Quotes and brackets that may stand behind the mark that ends a sentence."""
ENUMERATOR = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]{1,4}[章节条款部]|[一二三四五六七八九十]{1,3}[、.．是]"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[、.．:：)）](?!\d)|\d(?:\.\d){1,3}|[①-⑳]|[•●■◆★▲-]\s?)"
)
_INNER_MARKS = frozenset("。，、；！？）》”")
_NOT_LETTERS = re.compile(r"[\W_]+")
HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A block and its normal form: simplified script, equally long. Rules read ``norm``."""

    block: Block
    norm: str
    set_apart: bool = False
    """Whether a blank line stands above it in a plain text."""
    indented: bool = False
    """Whether it begins with white space in a plain text, as paragraphs do."""

    @property
    def text(self) -> str:
        """The text as it will stand in the body."""
        return self.block.text


def blocks_of(text: str) -> tuple[Block, ...]:
    """One block for each line that is not blank, each character with its own place."""
    blocks, start = [], 0
    for raw in text.splitlines(keepends=True):
        block = trimmed(Block(raw, range(start, start + len(raw))))
        start += len(raw)
        if block.text:
            blocks.append(block)
    return tuple(blocks)


def cut(block: Block, start: int, end: int) -> Block:
    """The part ``[start, end)`` of a block."""
    return Block(block.text[start:end], block.offsets[start:end], block.role)


def trimmed(block: Block) -> Block:
    """A block without white space at both ends."""
    text = block.text
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return block if start == 0 and end == len(text) else cut(block, start, max(start, end))


def without(block: Block, spans: Iterable[tuple[int, int]]) -> Block:
    """A block without the given spans, which are in order and do not overlap."""
    parts: list[str] = []
    offsets = array("q")
    last = 0
    for start, end in spans:
        parts.append(block.text[last:start])
        offsets.extend(block.offsets[last:start])
        last = end
    if not parts:
        return block
    parts.append(block.text[last:])
    offsets.extend(block.offsets[last:])
    return Block("".join(parts), offsets, block.role)


def with_layout(lines: Sequence[Line], text: str) -> tuple[Line, ...]:
    """Lines of a plain text with what the white space before them says."""
    out = []
    for line in lines:
        start = line.block.offsets[0]
        before = start
        while before > 0 and text[before - 1].isspace():
            before -= 1
        blank = text[before:start]
        apart = blank.count("\n") >= 2 or blank.count("\r") >= 2
        indented = not blank.endswith(("\n", "\r")) and before < start
        out.append(replace(line, set_apart=apart, indented=indented))
    return tuple(out)


def han_count(text: str) -> int:
    """Number of Han characters."""
    return sum(map(len, _HAN_RUN.findall(text)))


def ends_sentence(text: str) -> bool:
    """Whether a text ends like a sentence (closing quotes and brackets may follow the mark)."""
    return text.rstrip(_CLOSERS).endswith(_SENTENCE_MARKS)


def goes_on(text: str) -> bool:
    """Whether a text begins with a mark that only stands inside a sentence: a link broke the line above."""
    return text[:1] in _INNER_MARKS and text[:1] != ""


def letters(text: str, most: int | None = None) -> str:
    """Letters, digits and Han characters alone: what is compared when two wordings are the same.

    Parameters
    ----------
    text
        A wording.
    most
        How many are wanted: a line without end is read as far as it takes to find them.
    """
    if most is None or len(text) <= most:
        return text if text.isalnum() else _NOT_LETTERS.sub("", text)
    found, start, size = "", 0, 2 * most
    while len(found) < most and start < len(text):
        found += letters(text[start : start + size])
        start, size = start + size, 2 * size
    return found[:most]
