"""Key word in context: every place of a string, with its surroundings and where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Sort = Literal["source", "left", "right", "region", "year", "status"]
SORTS: tuple[Sort, ...] = ("source", "left", "right", "region", "year", "status")
WINDOW = 20
"""Characters on either side: a line of a terminal holds twice that and the node."""


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence that belongs to the sub-corpus: its place in the body, its words, statuses of its measures."""

    passage_id: str
    start: int
    end: int
    words: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A document as it is read here. ``body`` is the normal form, as long as the body itself."""

    document_id: str
    body: str
    title: str
    region_code: str | None
    region_name: str | None
    year: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One place. ``start`` and ``end`` are code points of the body; contexts hold no line breaks."""

    left: str
    node: str
    right: str
    document_id: str
    passage_id: str
    start: int
    end: int
    region_code: str | None
    region_name: str | None
    year: str | None
    statuses: tuple[str, ...]
    codes: tuple[str, ...]
    title: str


def concordance(
    page: Page, spans: Sequence[Span], node: str, window: int = WINDOW, whole_words: bool = False
) -> Iterator[Line]:
    """Places of ``node`` within the sentences of a document, in order; contexts may leave the sentence.

    Parameters
    ----------
    window
        Characters of context on either side.
    whole_words
        Only places whose borders are borders of words: 学区 in 学区|制 but not in 大学|区域.
    """
    for span in spans:
        borders = _borders(page.body, span) if whole_words else None
        at = page.body.find(node, span.start, span.end)
        while at >= 0:
            end = at + len(node)
            if borders is None or (at in borders and end in borders):
                yield Line(
                    left=_flat(page.body[max(0, at - window) : at]),
                    node=node,
                    right=_flat(page.body[end : end + window]),
                    document_id=page.document_id,
                    passage_id=span.passage_id,
                    start=at,
                    end=end,
                    region_code=page.region_code,
                    region_name=page.region_name,
                    year=page.year,
                    statuses=span.statuses,
                    codes=span.codes,
                    title=page.title,
                )
            at = page.body.find(node, at + 1, span.end)


def sort_lines(lines: Sequence[Line], sort: Sort) -> list[Line]:
    """Lines in the order asked for; ``left`` reads outwards from the node. Ties keep the order they came in."""
    if sort == "left":
        return sorted(lines, key=lambda line: line.left[::-1])
    if sort == "right":
        return sorted(lines, key=lambda line: line.right)
    if sort == "region":
        return sorted(lines, key=lambda line: (line.region_code is None, line.region_code, line.region_name))
    if sort == "year":
        return sorted(lines, key=lambda line: (line.year is None, line.year))
    if sort == "status":
        return sorted(lines, key=lambda line: (not line.statuses, line.statuses))
    return list(lines)


def group_name(line: Line, sort: Sort, words: Mapping[str, str] | None = None) -> str | None:
    """The region, year or status that a line falls under; None where lines are not grouped."""
    if sort == "region":
        return line.region_name or "—"
    if sort == "year":
        return line.year or "—"
    if sort == "status":
        return "、".join((words or {}).get(s, s) for s in line.statuses) or "—"
    return None


def _borders(body: str, span: Span) -> set[int]:
    """Places in the body where a word of the sentence begins or ends."""
    places: set[int] = set()
    at = span.start
    for word in span.words:
        while at < span.end and body[at].isspace():
            at += 1
        places.update((at, at + len(word)))
        at += len(word)
    return places


def _flat(text: str) -> str:
    return " ".join(part for part in text.split("\n") if part)
