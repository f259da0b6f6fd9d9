"""Read plain text: one block per line that is not blank."""

import re

from policy_corpus.clean.blocks import Block, Page

_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")


def read_plain(text: str) -> Page:
    """Every non-blank line as a paragraph, without the white space at its ends."""
    blocks = []
    for line in _LINE.finditer(text):
        kept = line[0].strip().strip("\ufeff\u200b").strip()
        if kept:
            start = text.index(kept, line.start())
            blocks.append(Block(kept, range(start, start + len(kept))))
    return Page(tuple(blocks))
