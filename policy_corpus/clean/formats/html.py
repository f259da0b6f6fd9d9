"""Read an HTML page: its main text as blocks with their places, and what its markup says of itself."""

import re
from array import array

from policy_corpus.clean.blocks import Block, Page, Role
from policy_corpus.clean.formats.html_hints import find_hints
from policy_corpus.clean.formats.html_main import main_text
from policy_corpus.clean.formats.html_tree import Line, Tree, parse

_RUN = re.compile(r"[^\s\u200b\u200c\u200d\u2060\ufeff\u00ad]+")
"""Text without white space and without characters that nobody sees."""
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def read_html(text: str, url: str | None = None) -> Page:
    """Main text, title, date and source of a page; never raises, whatever the input.

    Parameters
    ----------
    text
        Decoded source text; the blocks' offsets count in it.
    url
        Address of the page; gives a date only when the page prints none.
    """
    tree = parse(text)
    found = main_text(tree)
    hints, body = find_hints(tree, found, url)
    blocks = tuple(filter(None, (_block(tree, tree.lines[number]) for number in body)))
    return Page(blocks, hints)


def _block(tree: Tree, line: Line) -> Block | None:
    """A line with its white space folded: none at the ends, none for a source line end between Han characters."""
    parts: list[str] = []
    offsets = array("q")
    gap, gap_place = "", -1
    for piece, place, _ in line.pieces:
        position = 0
        places = tree.source.offsets(piece, place)
        for run in _RUN.finditer(piece):
            start = run.start()
            if start > position:
                gap, gap_place = gap + piece[position:start], places[position]
            spaced = bool(parts) and any(map(str.isspace, gap))
            if spaced and not ("\n" in gap and _HAN.match(run[0]) and _HAN.match(parts[-1][-1])):
                parts.append(" ")
                offsets.append(gap_place)
            gap, gap_place, position = "", -1, run.end()
            parts.append(run[0])
            offsets.extend(places[start:position])
        if position < len(piece):
            gap, gap_place = gap + piece[position:], places[position]
    return Block("".join(parts), offsets, _role(line)) if parts else None


def _role(line: Line) -> Role:
    if line.row:
        return "table_row"
    if line.heading:
        return "heading"
    return "list_item" if line.item else "paragraph"
