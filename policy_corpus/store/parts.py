"""Long lists in parts: a condition names so many ids at once, a batch holds so many rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
IDS_AT_ONCE = 2000
"""Ids that one condition names (own judgement: its text stays below 40 kB)."""


def in_parts(values: Sequence[T], size: int = IDS_AT_ONCE) -> Iterator[Sequence[T]]:
    """Slices of at most ``size`` values, in order; none of nothing."""
    return (values[begin : begin + size] for begin in range(0, len(values), size))


def parts_of_size(values: Iterable[T], size: Callable[[T], int], most: int) -> Iterator[list[T]]:
    """Values in order, as many together as have at most that size in all; a larger one stands alone."""
    part: list[T] = []
    held = 0
    for value in values:
        if part and held + size(value) > most:
            yield part
            part, held = [], 0
        part.append(value)
        held += size(value)
    if part:
        yield part
