"""Read Markdown: headings, lists, tables as rows, links as their text; offsets lead to the source."""

import re
from array import array
from collections.abc import Iterator, Sequence

from policy_corpus.clean.blocks import Block, Page, PageHints, Role
from policy_corpus.clean.bounds import LONGEST_TITLE
from policy_corpus.clean.formats.plain import read_plain

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]++(.*)$")
_UNDERLINE = re.compile(r" {0,3}(?:={3,}|-{3,})[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*+){3,}+|(?:-[ \t]*+){3,}+|(?:_[ \t]*+){3,}+)$")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_ITEM = re.compile(r"[ \t]{0,40}(?:[-*+]|\d{1,3}[.)])[ \t]{1,40}(?:\[[ xX]\][ \t]+)?")
_QUOTE = re.compile(r"[ \t]{0,40}>(?:[ \t]?>)*+[ \t]?")
_TABLE_RULE = re.compile(r"[ \t]*(?:\|[ \t]*)?:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*(?:\|[ \t]*)?$")
_INLINE = re.compile(  # what stands for its group: image or link text, code, escaped mark; marks that vanish
    r"!?\[([^\[\]\n]{0,300})\](?:\([^()\s]{0,500}(?:\s+\"[^\"\n]{0,200}\")?\)|\[[^\[\]\n]{0,100}\])"
    r"|`([^`\n]+)`|\\([\\`*_{}\[\]()#+.!|<>~-])|<(https?://[^<>\s]{1,500})>"
    r"|(\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|~~)"
)
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?:[^\n]*\n){0,60}?---[ \t]*(?:\r?\n|\Z)")
_FRONT_FIELD = re.compile(r"^(title|date|source)[ \t]*:[ \t]*+(.*)$", re.MULTILINE | re.IGNORECASE)
_FRONT_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

MOST_CELLS = 2000
"""Bars of a line that can be a row of a table; a sheet of a workbook may have as many columns."""

MOST_LINES = 100_000
"""Lines of a text that is read as Markdown; of more, made by a program, each is taken as it stands."""
LONGEST_MARKED = 100_000
"""Characters of a paragraph or row whose marks are read; a longer one is taken as it stands."""

Span = tuple[int, int]


def read_markdown(text: str) -> Page:
    """Blocks of a Markdown file. Consecutive plain lines are one paragraph, as CommonMark reads them.

    The title is that of the front matter, else the first heading of level 1 when nothing stands before it.
    """
    if text.count("\n") > MOST_LINES:
        return read_plain(text)
    front = _FRONT.match(text)
    fields = {k.lower(): _unquoted(v) for k, v in _FRONT_FIELD.findall(front[0])} if front else {}
    blocks: list[Block] = []
    level_one: str | None = None
    for role, level, spans in _parts(text, front.end() if front else 0):
        block = _block(text, spans, role)
        if not block:
            continue
        first = role == "heading" and level == 1 and level_one is None and not blocks
        if first and not fields.get("title") and len(block.text) <= LONGEST_TITLE:
            level_one = block.text
            continue
        blocks.append(block)
    date = _FRONT_DATE.match(fields.get("date", ""))
    hints = PageHints(
        fields.get("title") or level_one, date[0] if date else None, fields.get("source") or None
    )
    return Page(tuple(blocks), hints)


def _lines(text: str, start: int) -> Iterator[Span]:
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        stop = end - 1 if end > start and text[end - 1] == "\r" else end
        yield start, stop
        start = end + 1


def _parts(text: str, start: int) -> Iterator[tuple[Role, int, list[Span]]]:
    """Role, heading level and source spans of each part; a table row has one span per cell."""
    held: list[Span] = []
    role: Role = "paragraph"
    fenced = False
    for begin, end in _lines(text, start):
        line = text[begin:end]
        if not fenced and _is_row(line):
            if held:
                yield role, 0, held
                held, role = [], "paragraph"
            if not (_TABLE_RULE.match(line) and "-" in line):
                yield "table_row", 0, list(_cells(text, begin, end))
            continue
        if _FENCE.match(line):
            fenced = not fenced
            continue
        heading = None if fenced else _HEADING.match(line)
        if held and not fenced and _UNDERLINE.match(line) and role == "paragraph":
            yield "heading", 1 if "=" in line else 2, held
            held = []
            continue
        item = None if fenced else _ITEM.match(line)
        if held and (not line.strip() or heading or item or fenced or _RULE.match(line)):
            yield role, 0, held
            held, role = [], "paragraph"
        if not line.strip() or (
            not fenced and (_RULE.match(line) or (_TABLE_RULE.match(line) and "-" in line))
        ):
            continue
        if heading:
            words = heading[2].rstrip(" \t").rstrip("#").rstrip(" \t")
            first = begin + heading.start(2)
            yield "heading", len(heading[1]), [(first, first + len(words))]
        else:
            if item:
                role = "list_item"
            skip = item.end() if item else quote.end() if (quote := _QUOTE.match(line)) else 0
            held.append((begin + skip, end))
    if held:
        yield role, 0, held


def _unquoted(value: str) -> str:
    value = value.rstrip(" \t\r")
    value = value[1:] if value.startswith(("'", '"')) else value
    return value[:-1] if value.endswith(("'", '"')) else value


def _is_row(line: str) -> bool:
    stripped = line.strip()
    return stripped.startswith("|") and 2 <= stripped.count("|") <= MOST_CELLS


def _cells(text: str, begin: int, end: int) -> Iterator[Span]:
    begin = text.index("|", begin) + 1
    while begin < end:
        stop = text.find("|", begin, end)
        while stop > 0 and text[stop - 1] == "\\":
            stop = text.find("|", stop + 1, end)
        stop = end if stop < 0 else stop
        if stop < end or text[begin:stop].strip():
            yield begin, stop
        begin = stop + 1


def _block(text: str, spans: Sequence[Span], role: Role) -> Block | None:
    parts: list[str] = []
    offsets = array("q")
    separator = " | " if role == "table_row" else " "
    marked = sum(end - begin for begin, end in spans) <= LONGEST_MARKED
    for number, (begin, end) in enumerate(spans):
        pieces = list(_inline(text, begin, end)) if marked else [(begin, end)]
        made = "".join([text[start:stop] for start, stop in pieces])
        kept = made.strip()
        if number and (role == "table_row" or (parts and kept and _spaced(parts[-1][-1], kept[0]))):
            parts.append(separator)
            offsets.extend([-1] * len(separator))
        if kept:
            first = made.index(kept)
            places = array("q")
            for start, stop in pieces:
                places.extend(range(start, stop))
            parts.append(kept)
            offsets += places[first : first + len(kept)]
    joined = "".join(parts)
    return Block(joined, offsets, role) if joined.strip(" |") else None


def _spaced(left: str, right: str) -> bool:
    """A joined line end is a space, except between characters of scripts without spaces."""
    return left < "\u2e80" and right < "\u2e80"


def _inline(text: str, begin: int, end: int) -> Iterator[Span]:
    """What is text of a span: links, code and marks without their signs."""
    position = begin
    for mark in _INLINE.finditer(text, begin, end):
        if mark.start() > position:
            yield position, mark.start()
        group = mark.lastindex if mark.lastindex != 5 else None
        if group and not (group == 1 and mark[0].startswith("!")):
            yield mark.span(group)
        position = mark.end()
    if position < end:
        yield position, end
