"""Read an HTML page: its main text as blocks with their places, and what its markup says of itself."""

import re

from policy_corpus.clean.blocks import Block, Page, Role
from policy_corpus.clean.formats.html_hints import find_hints
from policy_corpus.clean.formats.html_main import main_text
from policy_corpus.clean.formats.html_tree import Line, Tree, parse

_DROPPED = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
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
    made: list[str] = []
    offsets: list[int] = []
    space, space_place, broken = False, -1, False
    for piece, place, _ in line.pieces:
        for char, offset in zip(piece, tree.source.offsets(place, len(piece)), strict=True):
            if char in _DROPPED:
                continue
            if char.isspace():
                if not space:
                    space_place = offset
                space, broken = True, broken or char == "\n"
                continue
            if space and made and not (broken and _HAN.match(char) and _HAN.match(made[-1])):
                made.append(" ")
                offsets.append(space_place)
            space = broken = False
            made.append(char)
            offsets.append(offset)
    if not made:
        return None
    return Block("".join(made), offsets, _role(line))


def _role(line: Line) -> Role:
    if line.row:
        return "table_row"
    if line.heading:
        return "heading"
    return "list_item" if line.item else "paragraph"
