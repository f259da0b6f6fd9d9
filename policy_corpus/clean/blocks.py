"""What a reader of one format hands to the rest of the cleaner: blocks of text with their places."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["heading", "paragraph", "list_item", "table_row"]


class FormatError(ValueError):
    """A file cannot be read as its format; ``reason`` names why (``encrypted``, ``broken``, …)."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item, heading or table row (cells joined by `` | ``), without line breaks.

    ``offsets`` has one entry per character of ``text``: its code-point offset in the decoded source
    text, or -1 where it has none (an inserted separator; every character of a docx or pdf).
    """

    text: str
    offsets: Sequence[int]
    role: Role = "paragraph"


@dataclass(frozen=True, slots=True)
class PageHints:
    """What the page's markup says of itself, each as found and None where it says nothing."""

    title: str | None = None
    published: str | None = None
    source_unit: str | None = None
    site: str | None = None
    url: str | None = None
    around: tuple[str, ...] = ()
    """Lines beside title and text that are not the text: byline, metadata box, editor, as printed."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as its format reader saw it: the blocks of its main text and the hints around it."""

    blocks: tuple[Block, ...]
    hints: PageHints = field(default_factory=PageHints)
    problems: tuple[str, ...] = ()
    """Reasons for Issue rows (``no_text_layer``, ``truncated``, …)."""
