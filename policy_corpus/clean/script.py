"""Simplified and traditional script: the one door to OpenCC."""

import re
from functools import lru_cache
from typing import Any

from policy_corpus.clean.lines import han_count

TRADITIONAL_SHARE = 0.05
"""Share of Han characters that only traditional script has, above which a text is traditional.

Simplified texts of ``data/reports-2024`` and ``data/arts-opinions`` have at most 0.0005 (乾 in names);
traditional texts have 0.25 to 0.45.
"""


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Traditional character → simplified character, from OpenCC's own dictionary."""
    chars = [chr(code) for code in range(0x3400, 0xA000)]
    simple = _converter().convert("\n".join(chars)).split("\n")
    return {ord(a): b for a, b in zip(chars, simple, strict=True) if a != b and len(b) == 1}


@lru_cache(maxsize=1)
def _traditional() -> re.Pattern[str]:
    return re.compile("[" + "".join(map(chr, _table())) + "]")


def to_simplified(text: str) -> str:
    """Simplified normal form, equally long.

    OpenCC reads words (乾隆 keeps its 乾); where its answer has another length, characters are mapped
    one by one.
    """
    if not traditional_count(text):
        return text
    simple = str(_converter().convert(text))
    return simple if len(simple) == len(text) else text.translate(_table())


def traditional_count(text: str) -> int:
    """Number of characters that simplified script writes in another way."""
    if text.isascii():
        return 0
    return len(_traditional().findall(text))


def is_traditional(text: str) -> bool:
    """Whether a text is written in traditional script."""
    found = traditional_count(text)
    return found >= 3 and found / han_count(text) >= TRADITIONAL_SHARE
