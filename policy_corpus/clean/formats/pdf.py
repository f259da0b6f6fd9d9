"""Read the text layer of a PDF: lines joined into paragraphs, running heads and page numbers left out."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from policy_corpus.clean.blocks import Block, FormatError, Page, PageHints

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_PAGE_NUMBER = re.compile(
    r"^[\s\-—–·第共/页pageofPAGEOF.]*\d{1,4}(?:\s*[/／]\s*\d{1,4})?[\s\-—–·页.]*$|^第\s*[\d一二三四五六七八九十]{1,5}\s*页.{0,12}$"
)
_DIGITS = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[。！？；…!?;:：][”’」』）)]*$")
_ITEM_START = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．](?!\d)|第[一二三四五六七八九十百\d]{1,4}[章节条款]|附件[\d:：一二三]|[●•·■◆▪-]\s)"
)
_SPACE = re.compile(r"[ \t\u3000\xa0]+")
_HAN = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…"
_LOOSE = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_DEFAULT_TITLES = frozenset(("untitled", "anonymous", "Microsoft Word", "文档1"))
_RUNNING_LINES = 2
"""Lines at the top and foot of a page that may be running heads."""
_FULL_LINE = 0.82
"""Share of the page's usual line length from which a line is thought to go on in the next."""


def read_pdf(data: bytes) -> Page:
    """Paragraphs of a PDF's text layer; ``problems`` holds ``no_text_layer`` when there is none.

    Raises
    ------
    FormatError
        ``encrypted`` when a password is asked for, ``broken`` when the file cannot be opened.
    """
    pages, title = _page_lines(data)
    if not any(pages):
        return Page((), PageHints(title=title), ("no_text_layer",))
    lines = _without_running_heads(pages)
    blocks = tuple(Block(text, [-1] * len(text)) for text in _paragraphs(lines))
    return Page(blocks, PageHints(title=title), () if blocks else ("no_text_layer",))


def _page_lines(data: bytes) -> tuple[list[list[str]], str | None]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == 4 or "password" in str(error).lower():
            raise FormatError("encrypted", "the PDF asks for a password") from error
        raise FormatError("broken", f"not a readable PDF: {error}") from error
    try:
        title = document.get_metadata_dict().get("Title", "").strip() or None
        pages = [_lines_of(document, number) for number in range(len(document))]
        return pages, None if title in _DEFAULT_TITLES else title
    finally:
        document.close()


def _lines_of(document: "PdfDocument", number: int) -> list[str]:
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:  # one broken page does not lose the others
        return []
    layer = page.get_textpage()
    text = layer.get_text_bounded()
    layer.close()
    page.close()
    lines = (
        _SPACE.sub(" ", line.replace("\ufffe", "").replace("\0", "")) for line in re.split(r"[\r\n]+", text)
    )
    return [line.rstrip() for line in lines if line.strip()]


def _without_running_heads(pages: list[list[str]]) -> list[str]:
    """Lines of all pages without page numbers and without lines that head or foot most pages."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update(
            {_DIGITS.sub("0", line.strip()) for line in [*page[:_RUNNING_LINES], *page[-_RUNNING_LINES:]]}
        )
    often = max(3, (len([p for p in pages if p]) + 1) // 2)
    kept: list[str] = []
    for page in pages:
        for position, line in enumerate(page):
            edge = position < _RUNNING_LINES or position >= len(page) - _RUNNING_LINES
            bare = line.strip()
            if edge and (_PAGE_NUMBER.match(bare) or counts[_DIGITS.sub("0", bare)] >= often):
                continue
            kept.append(line)
    return kept


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Join a line to the next one where it is full, or its sentence goes on over an indented start."""
    usual = _usual_width(lines)
    held = ""
    for line, following in pairwise([*lines, ""]):
        held = _joined(held, line)
        short = _width(line) < _FULL_LINE * usual
        starts = not following or following[0] == " " or _ITEM_START.match(following)
        if (
            short
            or (starts and (_SENTENCE_END.search(line) or _ITEM_START.match(following)))
            or not following
        ):
            yield _LOOSE.sub("", held.strip())
            held = ""


def _width(line: str) -> int:
    """Columns of a line: two for a Han character, one for a letter or digit."""
    return sum(1 if char < "\u2e80" else 2 for char in line if not char.isspace())


def _usual_width(lines: list[str]) -> int:
    """Width of a full line: the upper quartile of those that are long enough to be text."""
    widths = sorted(width for width in map(_width, lines) if width >= 30)
    return widths[int(len(widths) * 0.75)] if widths else 0


def _joined(held: str, line: str) -> str:
    if not held:
        return line
    spaced = (
        held[-1] < "\u2e80"
        and line.strip()[0] < "\u2e80"
        and (held[-1].isalpha() or line.strip()[0].isalpha())
    )
    return f"{held} {line.strip()}" if spaced else held + line.strip()
