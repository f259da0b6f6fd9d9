"""Hits: what was found, the text with its marks, and why it was found."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from policy_corpus.analyse.query import Query

TEXT_LIMIT = 300
"""Code points of a passage that a hit shows."""
CLEAR_MEANING = 0.5
"""Nearness from which meaning is given as a reason: three standard deviations above unrelated texts."""
LABELS_SHOWN = 3
_BREAK = re.compile(r"[，。；、,;]")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a passage is a hit.

    ``by`` is ``words``, ``phrase``, ``title``, ``number``, ``meaning``, ``code`` (a coded measure), ``label`` (a word
    of the code alone) or ``region``; ``what`` are the words, the code with its name and words, or the region;
    ``value`` is a share of the query's words, a similarity (cosine) or a confidence.
    """

    by: str
    what: tuple[str, ...]
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """The parts of a hit's score, each 0 to 1 before its weight, and the cosine to the query."""

    total: float
    words: float
    code: float
    nearness: float
    cosine: float | None
    region: bool
    exact: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage that answers a query; ``text`` is ``body[start:end]`` of its document."""

    rank: int
    document_id: str
    passage_id: str
    title: str
    region_code: str | None
    region_name: str | None
    published: str | None
    text: str
    start: int
    end: int
    codes: tuple[str, ...]
    status: tuple[str, ...]
    source: str
    part: int
    kind: str
    issuer: str | None
    is_copy: bool
    score: float
    marks: tuple[tuple[int, int], ...] = ()
    """Half-open ranges of ``text`` that answer the query's words."""
    reasons: tuple[Reason, ...] = field(default=())

    def as_row(self) -> dict[str, Any]:
        """Plain values, as ``--json`` prints them."""
        row = asdict(self)
        row["marks"] = [list(mark) for mark in self.marks]
        row["reasons"] = [
            {key: value for key, value in asdict(reason).items() if value is not None}
            for reason in self.reasons
        ]
        return row


def make_hit(rank: int, row: Row, query: Query, scores: Scores) -> Hit:
    """A hit from what the index tells of a row."""
    spans, words = _found(row["form"], query)
    low, high = window(row["text"], spans)
    marks = tuple((max(a, low) - low, min(b, high) - low) for a, b in spans if a < high and b > low)
    return Hit(
        rank=rank,
        document_id=row["document_id"],
        passage_id=row["passage_id"],
        title=row["title"],
        region_code=row["region_code"],
        region_name=row["region_name"],
        published=row["published"],
        text=row["text"][low:high],
        start=row["start"] + low,
        end=row["start"] + high,
        codes=tuple(row["coded"]),
        status=tuple(row["statuses"]),
        source=row["source"],
        part=row["part"],
        kind=row["kind"],
        issuer=row["issuer"],
        is_copy=row["is_copy"],
        score=round(scores.total, 4),
        marks=marks,
        reasons=_reasons(row, query, scores, words),
    )


def window(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The part of a long text to show: at most :data:`TEXT_LIMIT` code points around most of the marks.

    It begins behind a comma or full stop where one is near.
    """
    if len(text) <= TEXT_LIMIT:
        return 0, len(text)
    starts = [start for start, _ in spans] or [0]
    best = max(
        starts, key=lambda start: (sum(start <= s < start + TEXT_LIMIT * 2 // 3 for s in starts), -start)
    )
    earliest = max(0, best - TEXT_LIMIT // 4)
    breaks = [m.end() for m in _BREAK.finditer(text, earliest, best)]
    low = min(breaks[0] if breaks and earliest else earliest, len(text) - TEXT_LIMIT)
    return low, low + TEXT_LIMIT


def _found(form: str, query: Query) -> tuple[list[tuple[int, int]], list[str]]:
    """Ranges of the query's phrases, words and the words its codes were named by, merged; and the words found."""
    wanted = [*query.phrases, *query.titles, *query.words, *(code.word for code in query.codes)]
    if query.literal and query.literal in form:
        wanted.insert(0, query.literal)
    spans: list[tuple[int, int]] = []
    words: list[str] = []
    for word in dict.fromkeys(wanted):
        places = [m.span() for m in re.finditer(re.escape(word), form)]
        if places:
            words.append(word)
            # A single character inside a longer query (的, 和) would be marked all over the place.
            spans += places if len(word) > 1 or word in (query.literal, *query.phrases) else []
    for number in query.numbers:
        spans += [m.span() for m in number.pattern().finditer(form)]
    labels = [label for code in query.codes for label in code.synonyms if label in form]
    spans += [m.span() for label in labels for m in re.finditer(re.escape(label), form)]
    return merged(spans), words


def merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges in order, those that touch joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _reasons(row: Row, query: Query, scores: Scores, words: Sequence[str]) -> tuple[Reason, ...]:
    found: list[Reason] = []
    phrases = [phrase for phrase in query.phrases if phrase in row["form"]]
    if phrases:
        found.append(Reason("phrase", tuple(phrases)))
    in_title = [t for t in (*query.titles, *query.phrases) if t in row["title_form"]]
    if in_title:
        found.append(Reason("title", tuple(in_title)))
    numbers = [str(n) for n in query.numbers]
    if numbers:
        found.append(Reason("number", tuple(numbers)))
    rest = tuple(word for word in words if word not in phrases)
    if rest or scores.words > 0:
        found.append(Reason("words", rest, round(scores.words, 3)))
    for named in query.codes:
        said = tuple(label for label in named.synonyms if label in row["form"])[:LABELS_SHOWN]
        if named.code in row["coded"]:
            found.append(Reason("code", (named.code, named.label, *said), round(row["coded"][named.code], 3)))
        elif said:
            found.append(Reason("label", (named.code, named.label, *said)))
    if scores.cosine is not None and (scores.nearness >= CLEAR_MEANING or not found):
        found.append(Reason("meaning", (), round(scores.cosine, 3)))
    if scores.region:
        found.append(Reason("region", (row["region_name"] or row["region_code"] or "",)))
    return tuple(found)
