"""Local text: what remains of a document without what it inherits, shares or repeats.

Documents are read from the top down and in order of time, so that the first sentence of its kind is the origin of
the others. A sentence that is an edited copy is entered too: the next level down copies the province's wording of a
national sentence, and both are found.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from policy_corpus.analyse.reuse.masks import masked
from policy_corpus.analyse.reuse.matching import MIN_ALIGNED, Index, Match, Weights

Label = Literal["national", "provincial", "prefectural", "shared", "repeated", "local"]
LABELS: tuple[Label, ...] = ("national", "provincial", "prefectural", "shared", "repeated", "local")
Level = Literal["nation", "province", "prefecture", "county"]
LEVELS: tuple[Level, ...] = ("nation", "province", "prefecture", "county")
INHERITED: dict[str, Label] = {"nation": "national", "province": "provincial", "prefecture": "prefectural"}

TEMPLATE_REGIONS = 2
"""Other regions that use a region's sentence from which it is a template, whoever had it first: reports of a year are
written at the same time, and who wrote a sentence first cannot be known from a corpus."""
SAME = 0.9
"""An edited copy less alike than this is entered in the index as a wording of its own."""
NEARER = 0.02
"""Similarity that the superior's wording may lack against a peer's and still count as the source."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who speaks in a document, and when. ``level`` is None for templates, essays and unknown places.

    ``region`` tells regions apart (code and name); ``above`` holds the regions it lies in.
    """

    document_id: str
    level: Level | None
    region: str | None
    above: tuple[str, ...] = ()
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in simplified script; ``places`` are ranges of it that name a place."""

    passage_id: str
    text: str
    places: tuple[tuple[int, int], ...] = ()
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Reuse:
    """Where a sentence comes from.

    ``source_*`` is the wording it is most like, ``origin_id`` the document that had it first; both None for local
    sentences. ``similarity`` is that of the source, 0..1.
    """

    passage_id: str
    document_id: str
    label: Label
    letters: int
    is_heading: bool
    similarity: float | None = None
    source_id: str | None = None
    source_passage: str | None = None
    origin_id: str | None = None


@dataclass(frozen=True, slots=True)
class LocalShare:
    """Sentences of a document by label, headings left out. ``local_share`` is by letters, 0..1."""

    document_id: str
    sentences: int
    national: int
    provincial: int
    prefectural: int
    shared: int
    repeated: int
    local: int
    local_share: float | None
    """None for a document without sentences."""
    main_source: str | None
    """The document that most letters come from."""


@dataclass(slots=True)
class _Entry:
    author: Author
    place: int
    """Its row in the result."""
    origin: int
    """Number of the entry that had the sentence first."""


def find_reuse(
    documents: Iterable[tuple[Author, Sequence[Sentence]]], on_document: Callable[[], None] | None = None
) -> list[Reuse]:
    """Label every sentence of a corpus; the result does not depend on the order of the documents.

    Time grows with the number of sentences, not of pairs: each is looked up once in an index of those before it,
    where sentences that are nearly the same stand once.

    Parameters
    ----------
    on_document
        Called after each document.

    Returns
    -------
    list of Reuse
        In the order of reading: from the top down, by date, then by id.
    """
    ordered = sorted(documents, key=lambda pair: _order(pair[0]))
    texts = [[masked(s.text, s.places) for s in sentences] for _, sentences in ordered]
    index = Index(Weights(text for part in texts for text in part))
    rows: list[Reuse] = []
    entries: list[_Entry] = []
    users: dict[int, set[str]] = defaultdict(set)
    for (author, sentences), part in zip(ordered, texts, strict=True):
        for sentence, text in zip(sentences, part, strict=True):
            row = Reuse(sentence.passage_id, author.document_id, "local", len(text), sentence.is_heading)
            found = _source(text, author, index, entries)
            origin = None
            if found is not None:
                origin = _origin(text, found.number, index, entries)
                first = entries[origin].author
                label = relation(first, author)
                if label in INHERITED.values() and len(text) < MIN_ALIGNED:
                    label = "shared"  # a date or 特此通知 is nobody's
                if label == "shared" and not _later(first, author):
                    users[origin].add(author.region or author.document_id)
                source = rows[entries[found.number].place]
                row = replace(
                    row,
                    label=label,
                    similarity=round(found.similarity, 3),
                    source_id=source.document_id,
                    source_passage=source.passage_id,
                    origin_id=first.document_id,
                )
            if text and (found is None or found.similarity < SAME):
                number = index.add(text)
                entries.append(_Entry(author, len(rows), number if origin is None else origin))
            rows.append(row)
        if on_document:
            on_document()
    for number, regions in users.items():
        place = entries[number].place
        if len(regions) >= TEMPLATE_REGIONS and rows[place].label == "local":
            rows[place] = replace(rows[place], label="shared")
    return rows


def relation(source: Author, author: Author) -> Label:
    """What a copy of ``source`` is in a document of ``author``.

    What a superior wrote later was not inherited; it is shared, for both may have it from a third.
    """
    if source.document_id == author.document_id:
        return "repeated"
    if _later(source, author):
        return "shared"
    if source.level == "nation":
        return "repeated" if author.level == "nation" else "national"
    if source.region is not None and source.region == author.region:
        return "repeated"
    if source.level in INHERITED and source.region in author.above:
        return INHERITED[source.level]
    return "shared"


def local_shares(rows: Iterable[Reuse]) -> list[LocalShare]:
    """One row a document, in the order of its first sentence."""
    grouped: dict[str, list[Reuse]] = defaultdict(list)
    for row in rows:
        own = grouped[row.document_id]
        if not row.is_heading:
            own.append(row)
    return [_share(document_id, own) for document_id, own in grouped.items()]


def _share(document_id: str, own: Sequence[Reuse]) -> LocalShare:
    letters = sum(row.letters for row in own)
    local = sum(row.letters for row in own if row.label == "local")
    sources: dict[str, int] = defaultdict(int)
    for row in own:
        if row.origin_id is not None and row.origin_id != document_id:
            sources[row.origin_id] += row.letters
    return LocalShare(
        document_id=document_id,
        sentences=len(own),
        **{label: sum(row.label == label for row in own) for label in LABELS},
        local_share=round(local / letters, 3) if letters else None,
        main_source=min(sources, key=lambda key: (-sources[key], key)) if sources else None,
    )


def _order(author: Author) -> tuple[int, str, str]:
    level = LEVELS.index(author.level) if author.level in LEVELS else len(LEVELS)
    return level, author.date or "9999", author.document_id


def _source(text: str, author: Author, index: Index, entries: Sequence[_Entry]) -> Match | None:
    """The wording that a sentence is most like, a superior's before a peer's."""
    same = index.same(text)
    found = [] if len(text) < MIN_ALIGNED else index.matches(text)
    if same is not None and all(match.number != same for match in found):
        found.insert(0, Match(same, 1.0))
    if not found:
        return None
    return max(
        found, key=lambda m: (m.similarity + NEARER * _is_above(entries[m.number].author, author), -m.number)
    )


def _origin(text: str, source: int, index: Index, entries: Sequence[_Entry]) -> int:
    """The first sentence of this kind, if the copy is still a copy of it; else the wording it was taken from."""
    first = entries[source].origin
    return first if first == source or index.is_copy(text, first) else source


def _is_above(source: Author, author: Author) -> bool:
    return (source.level == "nation" or source.region in author.above) and not _later(source, author)


def _later(source: Author, author: Author) -> bool:
    """Whether a source was written after the document, as far as both dates are known."""
    if source.date is None or author.date is None or source.document_id == author.document_id:
        return False
    known = min(len(source.date), len(author.date))
    return source.date[:known] > author.date[:known]
