"""A sentence without what a copyist changes: numbers, places, the level of an office, punctuation."""

import re
import unicodedata
from collections.abc import Sequence

PLACE, NUMBER = "某", "0"
_NUMERALS = re.compile(
    r"[0-9〇零一二三四五六七八九十百千万亿两]+(?:[.,][0-9〇零一二三四五六七八九十百千万亿两]+)*"
)
_LEVELS = str.maketrans({**dict.fromkeys("省市县区州盟旗镇乡", "域"), **dict.fromkeys("厅委", "局")})
"""省教育厅 becomes 市教育局 on its way down; the same characters in other words are masked on both sides alike."""


def masked(text: str, places: Sequence[tuple[int, int]] = ()) -> str:
    """Letters of a sentence with places, numbers and levels of administration masked.

    Parameters
    ----------
    text
        In simplified script.
    places
        Half-open ranges of ``text`` that name a place.
    """
    parts, at = [], 0
    for start, end in sorted(places):
        if start >= at:
            parts += [text[at:start], PLACE]
            at = end
    plain = unicodedata.normalize("NFKC", "".join(parts) + text[at:])
    plain = _NUMERALS.sub(NUMBER, plain).translate(_LEVELS)
    return "".join(filter(str.isalnum, plain))
