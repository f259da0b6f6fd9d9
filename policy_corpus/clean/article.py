"""An article printed over several pages becomes one run of lines.

Each page is read and sifted on its own, for each has its own frame. What pages 2 to n repeat of the
first (title, source line, summary) and all pagers go; a sentence that the page break cut is joined
again. Places count in the pages' decoded texts, one behind the other with
:data:`~policy_corpus.clean.reading.PAGE_JOINER` between them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from policy_corpus.clean.blocks import Block
from policy_corpus.clean.bounds import one_of
from policy_corpus.clean.byline import Facts, is_byline
from policy_corpus.clean.furniture import reasons
from policy_corpus.clean.lines import ENUMERATOR, Line, ends_sentence, goes_on, letters
from policy_corpus.clean.reading import PAGE_JOINER, Reading
from policy_corpus.clean.sift import SOURCE_LINE, Sifted, first_text, is_labelled_byline, readable, sift

LONGEST_PAGER = 120
"""Characters of a line with the links to forty pages."""
CUT_LENGTH = 18
"""Characters from which the last line of a page, with a mark inside it, can be the first part of a sentence;
the same as for lines that a fixed width broke (:mod:`policy_corpus.clean.paragraphs`)."""
REPEATED = 10
"""Letters from which a line at the head of a later page counts as repeated from the first."""

_PAGER_WORD = re.compile(
    r"[上下前后]一?页|(?:首|尾|末|第一|最后一)页|(?:余下|阅读|显示|查看|浏览)?全文|本文|分页|页码|页次|当前|跳?转[到至]"
    r"|[共第]?\s{0,9}\d{1,3}\s{0,9}页|共|第|页|\d{1,3}\s{0,9}[/／]\s{0,9}\d{1,3}|prev(?:ious)?|next|page|of",
    re.IGNORECASE,
)
_PAGE_SAID = re.compile(r"页|全文|page|next|prev|\d\s{0,9}[/／]\s{0,9}\d", re.IGNORECASE)
_NO_WORD = re.compile(r"[\W_]+")
_TITLE_TAIL = re.compile(
    r"(?<![\s（(\[【_-])[\s（(\[【_-]*(?:第\s*[\d一二三四五六七八九十]{1,3}\s*页|\d{1,3}\s*[/／]\s*\d{1,3}|[（(\[【]\s*\d{1,3})\s*+[）)\]】]?\s*$"
)
_OPEN = re.compile(r"[：:]$|^[—－-]{1,2}")
_MARK_INSIDE = re.compile(r"[，,。、；“《]")


@dataclass(frozen=True, slots=True)
class Article:
    """What an article's pages are together; ``text`` is what the lines' offsets count in."""

    sifted: Sifted
    text: str | None


def join_pages(readings: Sequence[Reading], title: str | None = None) -> Article:
    """Sift the pages of an article, in order, and join them.

    Title, dates, issuer and number are those of the first page; a source or author that it does not
    name may stand on a later one.
    """
    first = sift(readings[0], title)
    if len(readings) == 1:
        return Article(first, readings[0].text)
    kept: list[Line] = []
    late: list[Line] = []
    dropped = list(first.dropped)
    said, script, shift = first.said, first.script, 0
    for number, reading in enumerate(readings):
        last = number == len(readings) - 1
        page = first if number == 0 else _later_page(reading, first, is_last=last)
        pagers = [x.text for x in page.kept if _is_pager(x)]
        own = [_shifted(x, shift) for x in page.kept if not _is_pager(x)]
        moved = {id(x): y for x, y in zip((x for x in page.kept if not _is_pager(x)), own, strict=True)}
        late += [moved[id(x)] for x in page.late if id(x) in moved]
        kept = _joined(kept, own, late)
        dropped += [(text, "page number") for text in pagers]
        if number:
            dropped += page.dropped
            said = said.joined(Facts(source_unit=page.said.source_unit, author=page.said.author))
            script = page.script if script == "simplified" else script
        shift += len(reading.text) + len(PAGE_JOINER) if reading.text is not None else 0
    text = PAGE_JOINER.join(r.text for r in readings if r.text is not None)
    whole = replace(
        first, kept=tuple(kept), late=tuple(late), dropped=tuple(dropped), said=said, script=script
    )
    return Article(whole, text if any(r.text is not None for r in readings) else None)


def _later_page(reading: Reading, first: Sifted, *, is_last: bool) -> Sifted:
    """Lines of page 2 to n without what the first page has said.

    The end of the last page may say again what stands in the first one's frame: the body that seals the text.
    """
    lines, script = readable(reading)
    own = sift(reading)
    head = first_text(lines, reasons(lines, None))
    of_title = _title_lines(lines, first.title, head)
    place = min(of_title, default=None)
    why = reasons(lines, place)
    head = first_text(lines, why)
    frame = {letters(text) for text, _ in first.dropped}
    opening = {words for x in first.kept[:REPEATED] if len(words := letters(x.norm)) >= REPEATED}
    kept, dropped, at_head = [], [], True
    for i, line in enumerate(lines):
        words = letters(line.norm)
        reason = why[i]
        if i in of_title:
            reason = "repeated title"
        elif reason is None and words and _is_repeated(words, frame, opening, at_head, is_last):
            reason = "repeated from the first page"
        elif reason is None and not reading.is_text and is_labelled_byline(line.norm):
            reason = SOURCE_LINE
        if reason is None:
            kept.append(line)
            at_head = False
        else:
            dropped.append((line.text, reason))
    return replace(own, kept=tuple(kept), dropped=tuple(dropped), late=(), script=script)


def _is_repeated(words: str, frame: set[str], opening: set[str], at_head: bool, is_last: bool) -> bool:
    return (words in frame and (at_head or not is_last)) or (at_head and words in opening)


def _title_lines(lines: Sequence[Line], title: str, head: int) -> frozenset[int]:
    """Lines above the text of a later page that repeat the article's title, whole or in two halves."""
    wanted = letters(title)
    if len(wanted) < 4:
        return frozenset()
    found: set[int] = set()
    for i in range(head):
        for span in (1, 2):
            said = _TITLE_TAIL.sub("", "".join(x.norm for x in lines[i : i + span]))
            if i + span <= head and letters(said) == wanted:
                found.update(range(i, i + span))
    return frozenset(found)


def _is_pager(line: Line) -> bool:
    """Whether a line holds nothing but the links to an article's pages."""
    norm = line.norm
    if len(norm) > LONGEST_PAGER or line.block.role == "table_row" or not _PAGE_SAID.search(norm):
        return False
    rest = _NO_WORD.sub("", _PAGER_WORD.sub(" ", norm))
    return not rest or (rest.isascii() and rest.isdigit())


def _shifted(line: Line, by: int) -> Line:
    if not by:
        return line
    offsets = line.block.offsets
    if isinstance(offsets, range):
        moved: Sequence[int] = range(offsets.start + by, offsets.stop + by, offsets.step)
    else:
        moved = [place + by if place >= 0 else -1 for place in offsets]
    return replace(line, block=Block(line.block.text, moved, line.block.role))


def _joined(above: list[Line], below: list[Line], late: Sequence[Line]) -> list[Line]:
    """Lines of two pages; the paragraph that the break between them cut is one line again."""
    parting = {id(x) for x in late}
    if not above or not below or id(above[-1]) in parting or id(below[0]) in parting:
        return [*above, *below]
    a, b = above[-1], below[0]
    if not is_cut(a, b):
        return [*above, *below]
    whole = replace(a, block=one_of([a.block, b.block]), norm=a.norm + b.norm)
    return [*above[:-1], whole, *below[1:]]


def is_cut(above: Line, below: Line) -> bool:
    """Whether a page break stands within a sentence of two lines.

    The upper line ends without the mark of a sentence's end and reads like running text (a heading
    has no mark inside it), or the lower one begins with a mark that only stands inside a sentence.
    """
    if {above.block.role, below.block.role} - {"paragraph", "list_item"} or below.block.role != "paragraph":
        return False
    if goes_on(below.norm):
        return True
    if ends_sentence(above.norm) or _OPEN.search(above.norm) or ENUMERATOR.match(below.norm):
        return False
    if is_byline(above.norm) or is_byline(below.norm):
        return False
    return len(above.norm) >= CUT_LENGTH and _MARK_INSIDE.search(above.norm) is not None


def missing_pages(present: Sequence[int], total: int) -> list[int]:
    """Numbers of the pages that an article of ``total`` pages lacks."""
    have = set(present)
    return [number for number in range(1, total + 1) if number not in have]


def page_numbers(numbers: Sequence[int], total: int) -> str:
    """``page 3 of 5``, ``pages 2, 4-6 of 8``."""
    spans = list(_spans(numbers))
    word = "page" if len(numbers) == 1 else "pages"
    return f"{word} {', '.join(spans)} of {total}"


def _spans(numbers: Sequence[int]) -> Iterator[str]:
    start = previous = None
    for number in [*numbers, None]:
        if previous is not None and number == previous + 1:
            previous = number
            continue
        if start is not None:
            yield str(start) if start == previous else f"{start}-{previous}"
        start = previous = number
