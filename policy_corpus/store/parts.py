"""Long lists in parts: a condition names so many ids at once, a batch holds so many rows."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
IDS_AT_ONCE = 2000
"""Ids that one condition names (own judgement: its text stays below 40 kB)."""


def in_parts(values: Sequence[T], size: int = IDS_AT_ONCE) -> Iterator[Sequence[T]]:
    """Slices of at most ``size`` values, in order; none of nothing."""
    return (values[begin : begin + size] for begin in range(0, len(values), size))
