"""The lines of one page: its title, what to keep, what to drop and why, what is said of source and date."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from policy_corpus.clean.blocks import Block, PageHints
from policy_corpus.clean.bounds import LONGEST_TITLE
from policy_corpus.clean.byline import Facts, is_byline, is_edition_line
from policy_corpus.clean.furniture import body_like, reasons
from policy_corpus.clean.lines import Line, letters, with_layout
from policy_corpus.clean.metadata import facts
from policy_corpus.clean.reading import Reading
from policy_corpus.clean.repair import repaired, visible
from policy_corpus.clean.titles import SITE_TAIL, find_title, same_words, whole_title

FILE_TAIL = re.compile(
    r"(?:[（(](?:FBM|CLI)[-\w.]+[）)])?\.(?:txt|html?|docx?|xlsx?|pdf|md|shtml|wps|et|rtf|odt|ods)$",
    re.IGNORECASE,
)
"""The ending of a file name, with the mark that databases of laws put before it."""
SOURCE_LINE = "source line, kept as metadata"

_SPEAKING_FOR_OTHERS = {"related articles", "comments", "below the text", "legal notice"}
_LABELLED = re.compile(r"来源|发布|更新|时间|日期|编辑|浏览")


@dataclass(frozen=True, slots=True)
class Sifted:
    """What a page's lines are."""

    title: str
    kept: tuple[Line, ...]
    dropped: tuple[tuple[str, str], ...]
    said: Facts
    head: Facts
    """The part of ``said`` that stands in the markup and above the text."""
    late: tuple[Line, ...]
    """Source lines below the first text of a marked-up page: they part its texts and are in no body."""
    script: str
    shown: str
    """First line of the page, kept or not."""


def sift(reading: Reading, title: str | None = None) -> Sifted:
    """Sort the lines of a page.

    Parameters
    ----------
    reading
        The page.
    title
        What the list page calls it, for a page whose markup names no title.
    """
    lines, script = readable(reading)
    hints = _repaired_hints(_in_bounds(reading.page.hints), script)
    if title and not hints.title and not reading.is_text:
        hints = replace(hints, title=title)
    place = find_title(lines, hints.title)
    if (
        not reading.is_text
        and hints.title
        and (place is None or not same_words(lines[place].norm, hints.title))
    ):
        place = None
    return _sift(lines, place, hints, reading.is_text, script)


def _in_bounds(hints: PageHints) -> PageHints:
    """Hints whose title is no longer than a title can be."""
    if not hints.title or len(hints.title) <= LONGEST_TITLE:
        return hints
    return replace(hints, title=hints.title[:LONGEST_TITLE])


def readable(reading: Reading) -> tuple[tuple[Line, ...], str]:
    """Repaired lines of a page and its script."""
    lines, script = repaired(reading.page.blocks)
    if reading.text is not None and reading.is_text:
        lines = with_layout(lines, reading.text)
    return lines, script


def _sift(lines: Sequence[Line], place: int | None, hints: PageHints, is_text: bool, script: str) -> Sifted:
    why = reasons(lines, place)
    first_body = first_text(lines, why)
    title, of_title = _title_of(lines, place, None if is_text else hints.title)
    title = FILE_TAIL.sub("", title or hints.title or "")
    own = letters(title)
    kept, dropped, late = [], [], []
    for i, line in enumerate(lines):
        reason = why[i]
        if i in of_title:
            continue
        if reason is None and of_title and i < first_body and letters(line.norm, len(own) + 1) == own:
            reason = "repeated title"
        if reason is None and not is_text and _is_furniture_byline(line, i, first_body):
            if i > first_body:
                late.append(line)
            else:
                reason = SOURCE_LINE
        if reason is None:
            kept.append(line)
        else:
            dropped.append((line.text, reason))
    head = [x.norm for i, x in enumerate(lines) if i < first_body and _speaks(x, why[i])]
    tail = [
        x.norm for i, x in enumerate(lines) if i >= first_body and _speaks(x, why[i]) and is_byline(x.norm)
    ]
    said = facts([*head, *hints.around], hints)
    joined = said.joined(facts(tail, None))
    shown = lines[0].text[:40] if lines else ""
    return Sifted(title, tuple(kept), tuple(dropped), joined, said, tuple(late), script, shown)


def first_text(lines: Sequence[Line], why: Sequence[str | None]) -> int:
    """Index of the first line that is kept and reads like running text."""
    return next((i for i, x in enumerate(lines) if why[i] is None and body_like(x.norm)), len(lines))


def is_labelled_byline(norm: str) -> bool:
    """Whether a line names its source, date or editor with a label, as the frame of a page does."""
    return is_byline(norm) and _LABELLED.search(norm) is not None


def _speaks(line: Line, why: str | None) -> bool:
    """Whether a line may give source, date or issuer: kept, or dropped as what carries them."""
    if is_edition_line(line.norm):
        return True
    return why in {None, "metadata box"} or (is_byline(line.norm) and why not in _SPEAKING_FOR_OTHERS)


def _title_of(lines: Sequence[Line], place: int | None, hint: str | None) -> tuple[str, frozenset[int]]:
    """Title and the lines that hold it."""
    if place is None:
        return hint or "", frozenset()
    start, end = whole_title(lines, place)
    title = "".join(x.text for x in lines[start:end])
    title = SITE_TAIL.sub("", title)
    if hint and letters(hint) in letters(title):  # the line holds more: a breadcrumb, a label
        title = hint
    return title, frozenset(range(start, end))


def _repaired_hints(hints: PageHints, script: str) -> PageHints:
    def plain(text: str | None) -> str | None:
        if not text or script != "mirror":
            return visible(text) if text else text
        lines, _ = repaired([Block(text, range(len(text)))], mirror=True)
        return lines[0].text if lines else None

    around = tuple(filter(None, map(plain, hints.around)))
    return replace(hints, title=plain(hints.title), source_unit=plain(hints.source_unit), around=around)


def _is_furniture_byline(line: Line, place: int, first_body: int) -> bool:
    """Source lines of a marked-up page stand above or below its text; a seal's date does not."""
    if not is_byline(line.norm):
        return False
    return place < first_body or (_LABELLED.search(line.norm) is not None and place > first_body)
