"""What the classifier sees of a sentence: n-grams, codebook hits, context, as names of features."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from policy_corpus.annotate.codebook import Codebook, LabelHit, fold
from policy_corpus.records import Kind, Passage

GRAM_SIZES = (1, 2, 3, 4)
"""Sizes of character n-grams. Words, word pairs and word pairs with a gap beside them change micro F1 by less than
.004 on `gold/reports` and `gold/seeds`, the n-grams of headings and neighbours likewise: both are left out."""
LONG = 60
"""Length, in characters, from which sentences are all alike to the classifier."""

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_SPACE = re.compile(r"\s+")
_NUMBERED = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]+[、.章条是]|\([一二三四五六七八九十]+\)|\d+[.、:)]|\(\d+\)|[a-z][:.])"
)
_LOOKS_AHEAD = re.compile(r"下一步|今后|未来|将|要|应|可以|力争|争取|计划|拟|须|鼓励|推动|推进|加强|完善")
_PROBLEM = re.compile(
    r"问题|困难|不足|差距|薄弱环节|短板|难以|缺乏|匮乏|落后|但是|然而|制约|不均|失衡|由于|意义|背景|现状|重要性|挑战"
)
_RESULT = re.compile(
    r"占比|覆盖率|入园率|巩固率|毛入学率|普惠率|获评|荣获|获奖|入选|被评为|先进单位|满意度|显著提升|明显提高"
)
_NOT_SCHOOL = re.compile(
    r"职业|中职|高职|技师|技工|大学|学院|高校|高等教育|博士|硕士|本科|产教|党员|主题教育|干部教育"
)
_SCHOOL = re.compile(r"中小学|小学|中学|高中|初中|幼儿园|义务教育|基础教育|学前|美育|艺术|教师|学位")
_END = frozenset("。;!?")
_LOOKS_BACK = re.compile(r"已|了|完成|近年来|目前|累计|建成|先后|全年|去年|共")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence with its surroundings; what is not known stays empty.

    The kind of document is no feature: it brought nothing on documents like those in training and lost .01 to .02
    of micro F1 on `gold/seeds` when that was left out of training or the kind was misread.
    """

    text: str
    previous: str = ""
    following: str = ""
    headings: tuple[str, ...] = ()
    kind: Kind = "other"
    alone: bool = False
    """The sentence is the whole of its line."""
    heading: bool = False
    """The line is nothing but a heading."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Features of one unit: names by group, and the codebook's hits behind some of them."""

    grams: frozenset[str]
    marks: frozenset[str]
    shape: frozenset[str]
    hits: tuple[LabelHit, ...]
    around: tuple[frozenset[str], frozenset[str], frozenset[str]]
    """Codes with a label in the headings, in the sentence before, in the sentence after."""
    heading: bool
    numbered: bool
    ended: bool
    problem: bool
    result: bool
    outside: bool
    length: int


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
            passage.is_heading,
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
    """Features of units. A text that is a unit, a neighbour and a heading is matched once."""
    memory: dict[str, list[LabelHit]] = {}

    def hits_in(text: str) -> list[LabelHit]:
        if text not in memory:
            memory[text] = codebook.match(text, hints=True)
        return memory[text]

    def codes_in(text: str) -> frozenset[str]:
        return frozenset(hit.code for hit in hits_in(text) if not hit.hint)

    return [_see(unit, hits_in(unit.text), codes_in) for unit in units]


def _see(unit: Unit, hits: list[LabelHit], codes_in: Callable[[str], frozenset[str]]) -> Seen:
    marks = set()
    for hit in hits:
        marks.add(f"{'hint' if hit.hint else 'code'}:{hit.code}")
        marks.add(f"label:{hit.code}:{hit.label}")
    text = fold(unit.text)
    numbered = _NUMBERED.match(text) is not None
    ended = text[-1:] in _END
    problem, result = _PROBLEM.search(text) is not None, _RESULT.search(text) is not None
    outside = _NOT_SCHOOL.search(text) is not None and _SCHOOL.search(text) is None
    shape = {
        f"length:{min(LONG, len(text)) // 10}",
        f"end:{text[-1:]}",
        f"numbered:{numbered}",
        f"line:{numbered}{min(3, len(text) // 10)}{unit.alone}{ended}",
        f"line:{numbered}{unit.alone}{ended}",
        f"heading:{unit.heading}",
        f"ahead:{_LOOKS_AHEAD.search(text) is not None}",
        f"back:{_LOOKS_BACK.search(text) is not None}",
        f"problem:{problem}",
        f"result:{result}",
        f"outside:{outside}",
    }
    headings = frozenset(code for heading in unit.headings[-2:] for code in codes_in(heading))
    return Seen(
        grams=frozenset(grams(unit.text)),
        marks=frozenset(marks),
        shape=frozenset(shape),
        hits=tuple(hits),
        around=(headings, codes_in(unit.previous), codes_in(unit.following)),
        heading=unit.heading,
        numbered=numbered,
        ended=ended,
        problem=problem,
        result=result,
        outside=outside,
        length=len(text),
    )
