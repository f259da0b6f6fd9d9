"""What the classifier sees of a sentence: n-grams, codebook hits, context, as names of features."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from policy_corpus.annotate.codebook import Codebook, LabelHit, fold
from policy_corpus.records import Kind, Passage

GRAM_SIZES = (1, 2, 3, 4)
"""Sizes of character n-grams. Five adds nothing on `gold/reports` and `gold/seeds`, three loses .01."""
LONG = 60
"""Length, in characters, from which sentences are all alike to the classifier."""

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_SPACE = re.compile(r"\s+")
_NUMBERED = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]+[、.章条是]|\([一二三四五六七八九十]+\)|\d+[.、:)]|\(\d+\)|[a-z][:.])"
)
_LOOKS_AHEAD = re.compile(r"下一步|今后|未来|将|要|应|可以|力争|争取|计划|拟|须|鼓励|推动|推进|加强|完善")
_LOOKS_BACK = re.compile(r"已|了|完成|近年来|目前|累计|建成|先后|全年|去年|共")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence with its surroundings; what is not known stays empty."""

    text: str
    previous: str = ""
    following: str = ""
    headings: tuple[str, ...] = ()
    kind: Kind = "other"
    alone: bool = False
    """The sentence is the whole of its line."""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """Features of one unit: names by group, and the codebook's hits behind some of them."""

    grams: frozenset[str]
    marks: frozenset[str]
    shape: frozenset[str]
    hits: tuple[LabelHit, ...]
    around: tuple[frozenset[str], frozenset[str], frozenset[str]]
    """Codes with a label in the headings, in the sentence before, in the sentence after."""
    numbered: bool
    length: int
    kind: Kind = field(default="other")


def units_of(passages: Sequence[Passage], kind: Kind) -> list[Unit]:
    """Units of a document's passages, in order, with their neighbours."""
    texts = [p.text for p in passages]
    breaks = _line_breaks(passages)
    return [
        Unit(
            passage.text,
            texts[i - 1] if i else "",
            texts[i + 1] if i + 1 < len(texts) else "",
            passage.headings,
            kind,
            breaks[i] and breaks[i + 1],
            passage.words,
        )
        for i, passage in enumerate(passages)
    ]


def _line_breaks(passages: Sequence[Passage]) -> list[bool]:
    """Whether a line ends before each passage, and after the last: between lines stands a line end."""
    gaps = [b.start > a.end for a, b in pairwise(passages)]
    return [True, *gaps, True]


def plain(text: str) -> str:
    """Text for n-grams: width folded, numbers as ``0``, without white space."""
    return _SPACE.sub("", _DIGITS.sub("0", fold(text)))


def grams(text: str, sizes: Sequence[int] = GRAM_SIZES) -> set[str]:
    """Character n-grams of a text with its beginning and end marked."""
    marked = f"^{plain(text)}$"
    return {marked[i : i + size] for size in sizes for i in range(len(marked) - size + 1)}


def see(units: Sequence[Unit], codebook: Codebook) -> list[Seen]:
    """Features of units. Codes of repeated neighbours and headings are looked up once."""
    memory: dict[str, frozenset[str]] = {}

    def codes_in(text: str) -> frozenset[str]:
        if text not in memory:
            memory[text] = frozenset(hit.code for hit in codebook.match(text))
        return memory[text]

    return [_see(unit, codebook.match(unit.text, hints=True), codes_in) for unit in units]


def _see(unit: Unit, hits: list[LabelHit], codes_in: Callable[[str], frozenset[str]]) -> Seen:
    marks = set()
    for hit in hits:
        marks.add(f"{'hint' if hit.hint else 'code'}:{hit.code}")
        marks.add(f"label:{hit.code}:{hit.label}")
    text = fold(unit.text)
    numbered = _NUMBERED.match(text) is not None
    short = min(3, len(text) // 10)
    shape = {
        f"kind:{unit.kind}",
        f"length:{min(LONG, len(text)) // 10}",
        f"end:{text[-1:]}",
        f"numbered:{numbered}",
        f"heading:{numbered}{short}{unit.alone}{unit.kind}",
        f"ahead:{_LOOKS_AHEAD.search(text) is not None}",
        f"back:{_LOOKS_BACK.search(text) is not None}",
    }
    headings = frozenset(code for heading in unit.headings[-2:] for code in codes_in(heading))
    around = (headings, codes_in(unit.previous), codes_in(unit.following))
    return Seen(
        frozenset(grams(unit.text)),
        frozenset(marks),
        frozenset(shape),
        tuple(hits),
        around,
        numbered,
        len(text),
        unit.kind,
    )
