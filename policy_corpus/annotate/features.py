"""What the classifier sees of a sentence: n-grams, codebook hits, context, as names of features."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from operator import add

from policy_corpus.annotate.codebook import Codebook, LabelHit, fold
from policy_corpus.annotate.sentences import split_clauses
from policy_corpus.annotate.vectors import Array, Encoder
from policy_corpus.records import Kind, Passage

GRAM_SIZES = (1, 2, 3, 4)
"""Sizes of character n-grams. Words, word pairs and word pairs with a gap beside them change micro F1 by less than
.004 on `gold/reports` and `gold/seeds`, the n-grams of headings and neighbours likewise: both are left out."""
LONG = 60
"""Length, in characters, from which sentences are all alike to the classifier."""
MIN_CLAUSE = 4
"""Clauses shorter than this, in characters, say nothing on their own."""

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_SPACE = re.compile(r"\s+")
_NUMBERED = re.compile(
    r"\s{0,20}(?:第?[一二三四五六七八九十]{1,9}[、.章条是]|\([一二三四五六七八九十]{1,9}\)|\d{1,9}[.、:)]|\(\d{1,9}\)|[a-z][:.])"
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
_FRAME = re.compile(
    r"(?:.{0,6}(?:目标|指导思想|总体思路|总体要求|基本原则|预期(?:成果|效果|成效)|意义|背景)|(?:存在|面临)的?(?:主要)?(?:问题|困难)"
    r"|结语|结论|总结|前言|引言|附件)(?:设定|分析)?[:。]?"
)
"""Headings of sections that name no acts (rule 1 of the codebook): one of 96 gold sentences below them is coded."""
_ATTACHED = "附件"
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
    """Features of one unit: names by group, the codebook's hits behind some of them, and what stands around.

    What the first level says of a unit depends on ``text`` and ``shape`` alone. ``vector`` is (dimensions,) of
    length 1; None without encoder.
    """

    text: str
    grams: frozenset[str]
    marks: frozenset[str]
    shape: frozenset[str]
    hits: tuple[LabelHit, ...]
    heading: bool
    numbered: bool
    ended: bool
    problem: bool
    result: bool
    outside: bool
    framed: bool
    """It stands in a section that names no acts, or lists attachments."""
    length: int
    vector: Array | None = None
    around: tuple[frozenset[str], frozenset[str], frozenset[str]] = (frozenset(), frozenset(), frozenset())
    """Codes with a label in the headings, in the sentence before, in the sentence after."""
    above: "Seen | None" = None
    before: "Seen | None" = None
    after: "Seen | None" = None
    """The last heading and the neighbours by themselves: around them stands nothing."""
    clauses: "tuple[Seen, ...]" = ()
    """The clauses by themselves; none where the sentence is a single one."""


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
    runs = list(marked)
    found = set(runs) if 1 in sizes else set()
    for size in range(2, max(sizes) + 1):
        runs = list(map(add, runs, marked[size - 1 :]))
        if size in sizes:
            found.update(runs)
    return found


def see(units: Sequence[Unit], codebook: Codebook, encoder: Encoder | None = None) -> list[Seen]:
    """Features of units. A text that is a unit, a neighbour and a heading is looked at once."""
    parts = [_clauses(unit.text) for unit in units]
    vectors: dict[str, Array] = {}
    if encoder is not None:
        around = ((u.text, u.previous, u.following, *u.headings[-1:]) for u in units)
        texts = list(dict.fromkeys(chain.from_iterable((*around, *parts))))
        vectors = dict(zip(texts, encoder.encode(texts), strict=True))
    reader = _Reader(codebook, vectors)
    return [_in_context(unit, clauses, reader) for unit, clauses in zip(units, parts, strict=True)]


def _clauses(text: str) -> list[str]:
    """Clauses that say something; none where the sentence is a single one."""
    clauses = [text[c.start : c.end] for c in split_clauses(text) if c.end - c.start >= MIN_CLAUSE]
    return clauses if len(clauses) > 1 else []


class _Reader:
    """Looks at texts by themselves and remembers them."""

    def __init__(self, codebook: Codebook, vectors: Mapping[str, Array]) -> None:
        self._codebook = codebook
        self._vectors = vectors
        self._hits: dict[str, tuple[LabelHit, ...]] = {}
        self._grams: dict[str, frozenset[str]] = {}
        self._seen: dict[tuple[str, bool, bool], Seen] = {}

    def look(self, text: str, *, alone: bool = False, heading: bool = False) -> Seen:
        """Features of a text around which nothing stands."""
        key = (text, alone, heading)
        if key not in self._seen:
            if text not in self._grams:
                self._grams[text] = frozenset(grams(text))
            found, vector = self._grams[text], self._vectors.get(text)
            self._seen[key] = _see(text, alone, heading, found, self.hits(text), vector)
        return self._seen[key]

    def hits(self, text: str) -> tuple[LabelHit, ...]:
        if text not in self._hits:
            self._hits[text] = tuple(self._codebook.match(text, hints=True))
        return self._hits[text]

    def codes(self, text: str) -> frozenset[str]:
        """Codes with a label in a text."""
        return frozenset(hit.code for hit in self.hits(text) if not hit.hint)


def _in_context(unit: Unit, clauses: Sequence[str], reader: _Reader) -> Seen:
    last = unit.headings[-1] if unit.headings else ""
    headings = frozenset(code for heading in unit.headings[-2:] for code in reader.codes(heading))
    return replace(
        reader.look(unit.text, alone=unit.alone, heading=unit.heading),
        framed=_unnumbered(unit.text).startswith(_ATTACHED)
        or _FRAME.fullmatch(_unnumbered(last)) is not None,
        around=(headings, reader.codes(unit.previous), reader.codes(unit.following)),
        above=reader.look(last, alone=True, heading=True) if last else None,
        before=reader.look(unit.previous) if unit.previous else None,
        after=reader.look(unit.following) if unit.following else None,
        clauses=tuple(map(reader.look, clauses)),
    )


def _unnumbered(text: str) -> str:
    """A heading without its number, folded."""
    text = fold(text)
    number = _NUMBERED.match(text)
    return text[number.end() :].lstrip() if number else text.lstrip()


def _see(
    text: str,
    alone: bool,
    heading: bool,
    found: frozenset[str],
    hits: tuple[LabelHit, ...],
    vector: Array | None,
) -> Seen:
    marks = set()
    for hit in hits:
        marks.add(f"{'hint' if hit.hint else 'code'}:{hit.code}")
        marks.add(f"label:{hit.code}:{hit.label}")
    plain_text = fold(text)
    numbered = _NUMBERED.match(plain_text) is not None
    ended = plain_text[-1:] in _END
    problem, result = _PROBLEM.search(plain_text) is not None, _RESULT.search(plain_text) is not None
    outside = _NOT_SCHOOL.search(plain_text) is not None and _SCHOOL.search(plain_text) is None
    shape = {
        f"length:{min(LONG, len(text)) // 10}",
        f"end:{plain_text[-1:]}",
        f"numbered:{numbered}",
        f"line:{numbered}{min(3, len(text) // 10)}{alone}{ended}",
        f"line:{numbered}{alone}{ended}",
        f"heading:{heading}",
        f"ahead:{_LOOKS_AHEAD.search(plain_text) is not None}",
        f"back:{_LOOKS_BACK.search(plain_text) is not None}",
        f"problem:{problem}",
        f"result:{result}",
        f"outside:{outside}",
    }
    return Seen(
        text=text,
        grams=found,
        marks=frozenset(marks),
        shape=frozenset(shape),
        hits=hits,
        heading=heading,
        numbered=numbered,
        ended=ended,
        problem=problem,
        result=result,
        outside=outside,
        framed=False,
        length=len(text),
        vector=vector,
    )
