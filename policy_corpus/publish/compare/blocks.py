"""What a report consists of, whatever the format: headings, lines, tables, charts, quotes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from policy_corpus.analyse.compare.model import Quote

Tone = Literal["plain", "strong", "quiet"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line. ``cite`` is the number of a quote; then ``text`` is empty."""

    text: str
    tone: Tone = "plain"
    cite: int | None = None


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is a section. ``anchor`` is its name within the file.

    ``on_new_page`` is for a table that fills a page, where there are pages.
    """

    text: str
    level: int
    anchor: str
    on_new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line by itself; ``is_note`` for what explains."""

    line: Line
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """Lines of a list."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption.

    ``widths`` are relative. ``centred`` are the columns of figures. ``shades`` (0..1, by row and column) colour cells
    by how much of something they hold, None leaves them white. ``whole`` are columns of dates and names, whose lines
    are not broken.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[float, ...]
    centred: frozenset[int] = frozenset()
    shades: tuple[tuple[float | None, ...], ...] | None = None
    is_wide: bool = False
    whole: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars. ``values`` of each series follow ``categories``; ``is_share`` values are 0..1."""

    caption: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    is_stacked: bool = False
    is_share: bool = False
    is_lying: bool = False
    """Bars that lie, for categories with long names."""
    colours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quotes:
    """The numbered quotes."""

    quotes: tuple[Quote, ...]


Block = Heading | Paragraph | Bullets | Table | Chart | Quotes


@dataclass(frozen=True, slots=True)
class Report:
    """A report, for any format that is read rather than reckoned with."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]


def line(*parts: str | Run | Sequence[Run]) -> Line:
    """A line of texts and runs."""
    return tuple(_runs(parts))


def strong(text: str) -> Run:
    """Stressed."""
    return Run(text, "strong")


def quiet(text: str) -> Run:
    """Less important than what stands around it."""
    return Run(text, "quiet")


def cites(numbers: Iterable[int]) -> Line:
    """References to quotes."""
    return tuple(Run("", cite=number) for number in numbers)


def _runs(parts: Iterable[str | Run | Sequence[Run]]) -> Iterator[Run]:
    for part in parts:
        if isinstance(part, Run):
            yield part
        elif isinstance(part, str):
            yield Run(part)
        else:
            yield from part
