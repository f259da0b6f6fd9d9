"""A comparison as a tree of values, in which every figure carries the ids that it was counted from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from policy_corpus.records import Kind, Measure, Quantity, QuantityRole, Status

Of = Literal["documents", "sentences", "measures"]
Key = tuple[str, str]
"""Code and full name of a region: units without a code of their own share their parent's code."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document of one of the regions. ``sentences`` are those that count: without headings, local ones if asked."""

    document_id: str
    region: Key
    title: str
    kind: Kind
    date: str | None
    """ISO or as much as is known."""
    is_event: bool
    """Whether ``date`` is that of the event; else of publication."""
    address: str
    part: int
    sentences: int
    body: str | None = None
    """None where it was not read: only the bodies of quoted documents are needed."""


@dataclass(frozen=True, slots=True)
class Material:
    """What the figures are counted from."""

    texts: Mapping[str, Text]
    measures: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class Count:
    """How many documents, sentences or measures of some regions; ``ids`` are of measures, else of documents.

    ``code``, ``status``, ``year`` (empty: no date) and ``document_id`` are what each of them has, where given.
    """

    name: str
    value: int
    of: Of
    regions: tuple[Key, ...]
    ids: tuple[str, ...]
    code: str | None = None
    status: Status | None = None
    year: str | None = None
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, 0..1."""

    name: str
    value: float
    part: Count
    whole: Count


@dataclass(frozen=True, slots=True)
class Score:
    """Z-score of the log-odds of a code in a region against the other regions; ``ids`` of its measures there."""

    name: str
    value: float
    region: Key
    code: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity as the text has it; ``ids`` are the measures that state it, the best evidence first."""

    name: str
    quantity: Quantity
    status: Status
    region: Key
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A measure that a quote is cited for: several codes may rest on the same words."""

    measure_id: str
    code: str
    status: Status


@dataclass(frozen=True, slots=True)
class Quote:
    """The words that a figure rests on, with their source; ``number`` counts from 1 in the order of the report."""

    number: int
    claims: tuple[Claim, ...]
    document_id: str
    region: Key
    evidence: str
    title: str
    date: str | None
    address: str
    part: int
    start: int
    end: int
    source_start: int | None
    source_end: int | None

    @property
    def name(self) -> str:
        """As an error calls it."""
        return f"引文 {self.number}"

    @property
    def link(self) -> str | None:
        """Address that a browser can open, None for a file."""
        return self.address if self.address.startswith(("http://", "https://")) else None


@dataclass(frozen=True, slots=True)
class Event:
    """A dated document, and how many measures it has."""

    name: str
    date: str
    is_event: bool
    document_id: str
    region: Key
    title: str
    kind: Kind
    measures: Count
    codes: tuple[str, ...]
    """Its most frequent codes."""


@dataclass(frozen=True, slots=True)
class Side:
    """A region of the comparison. ``is_thin``: too little text for what is not found to mean anything."""

    key: Key
    short: str
    documents: Count
    sentences: Count
    measures: Count
    undated: Count
    is_thin: bool
    first: str | None
    """First and last year of its documents."""
    last: str | None
    without: tuple[str, ...] = ()
    """Names of regions within it that stand beside it in the comparison and are not counted here."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A code in a region. ``is_known`` False: nothing was found, but too little was read to say so."""

    count: Count
    done: Count
    planned: Count
    advised: Count
    documents: Count
    share: Share | None
    """Of the region's measures; None where it has none."""
    is_known: bool
    quotes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A code in each region, in the order of the sides."""

    code: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """A code that most regions have; ``lacking`` were read and have it not, ``unknown`` were hardly read."""

    code: str
    label: str
    holders: tuple[Key, ...]
    lacking: tuple[Key, ...]
    unknown: tuple[Key, ...]
    shares: tuple[Share, ...]
    """Of the holders."""
    quotes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class More:
    """A code that a region relies on more, or less, than the others do together."""

    code: str
    label: str
    score: Score
    share: Share
    elsewhere: Share
    is_clear: bool
    """Whether the score is beyond what chance gives in 1 of 20 cases; else it is a tendency."""
    quotes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """What sets a region apart. ``only`` it has, as far as enough was read of others."""

    region: Key
    more: tuple[More, ...]
    less: tuple[More, ...]
    only: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberCell:
    """Numbers of one region for one thing; ``quotes`` has one for each of the first ones."""

    numbers: tuple[Number, ...]
    quotes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One thing counted in one unit, by region. ``codes`` in the codebook's order."""

    codes: tuple[str, ...]
    what: str
    unit: str | None
    role: QuantityRole
    cells: tuple[NumberCell, ...]
    is_main: bool = True
    """Whether a report for reading shows it; tables hold all."""

    @property
    def regions(self) -> int:
        """Regions that state it."""
        return sum(bool(cell.numbers) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Year:
    """Documents and measures of a year, by region."""

    year: str
    documents: tuple[Count, ...]
    measures: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Regions side by side. ``sides`` fix the order of every list by region; ``labels`` name the codes."""

    sides: tuple[Side, ...]
    conditions: Mapping[str, str]
    """What the documents and measures were chosen by: the value of each filter that was given."""
    labels: Mapping[str, str]
    rows: tuple[Row, ...]
    """Codes that at least one region has, in the codebook's order."""
    absent: tuple[str, ...]
    """Codes that none of them has."""
    shared: tuple[Shared, ...]
    apart: tuple[Apart, ...]
    numbers: tuple[NumberRow, ...]
    years: tuple[Year, ...]
    events: tuple[Event, ...]
    quotes: tuple[Quote, ...]
    main_quotes: int
    """The first so many are those that a report for reading needs; the others stand in tables alone."""
    unread: tuple[Key, ...]
    """Regions that were asked for and of which nothing was read: nothing is known of them."""
    is_local: bool = False

    def side(self, key: Key) -> Side:
        """The region with a key."""
        return next(side for side in self.sides if side.key == key)

    def short(self, key: Key) -> str:
        """Name of a region in this comparison."""
        return self.side(key).short

    def label(self, code: str) -> str:
        """Name of a code."""
        return self.labels.get(code, code)

    def quote(self, number: int) -> Quote:
        """The quote with a number."""
        return self.quotes[number - 1]


Figure = Count | Share | Score | Number | Quote | Event


def figures(value: Any) -> Iterator[Figure]:
    """Every figure in a comparison or a part of one, in the order of its fields."""
    if isinstance(value, Figure):
        yield value
    if is_dataclass(value) and not isinstance(value, Quantity):
        for item in fields(value):
            yield from figures(getattr(value, item.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from figures(inner)
