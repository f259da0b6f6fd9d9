"""Read an HTML page: its main text as blocks with their places, and what its markup says of itself."""

import re
from array import array
from bisect import bisect_left

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
    return Page(blocks, hints, ("truncated",) if tree.is_cut else ())


def _block(tree: Tree, line: Line) -> Block | None:
    """A line with its white space folded: none at the ends, none for a source line end between Han characters."""
    text = "".join([piece[0] for piece in line.pieces])
    places, borders = array("q"), []
    for piece, place, _ in line.pieces:
        borders.append(len(places))
        places.extend(tree.source.offsets(piece, place))
    parts: list[str] = []
    offsets = array("q")
    last = ""
    end = 0
    for run in _RUN.finditer(text):
        start, gap = run.start(), text[end : run.start()]
        if (
            last
            and any(map(str.isspace, gap))
            and not ("\n" in gap and _HAN.match(run[0]) and _HAN.match(last))
        ):
            border = borders[bisect_left(borders, start) - 1]
            parts.append(" ")
            offsets.append(places[max(end, border)])
        parts.append(run[0])
        end = run.end()
        last = text[end - 1]
        offsets += places[start:end]
    return Block("".join(parts), offsets, _role(line)) if parts else None


def _role(line: Line) -> Role:
    if line.row:
        return "table_row"
    if line.heading:
        return "heading"
    return "list_item" if line.item else "paragraph"
