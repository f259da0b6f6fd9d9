"""Where the characters of a made text stand in the text that it was made from."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

MANY_OFFSETS = 4096
"""Offsets from which NumPy folds them into runs: two million one by one took a second."""


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Runs that lead from a made text back to the text it was made from.

    ``runs`` holds ``(made_start, source_start, length)``, sorted by ``made_start``, not overlapping.
    A made character outside every run (an inserted separator, say) has no place in the source.
    """

    runs: tuple[tuple[int, int, int], ...] = ()

    @classmethod
    def from_offsets(cls, offsets: Iterable[int]) -> "OffsetMap":
        """Fold one source offset per made character (-1: none) into runs."""
        if isinstance(offsets, array) and len(offsets) >= MANY_OFFSETS:
            return cls(_runs_of_many(offsets))
        runs: list[tuple[int, int, int]] = []
        start = source = length = 0
        for position, offset in enumerate(offsets):
            if length and offset >= 0 and offset == source + length and position == start + length:
                length += 1
                continue
            if length:
                runs.append((start, source, length))
            start, source, length = position, offset, int(offset >= 0)
        return cls((*runs, (start, source, length)) if length else tuple(runs))

    def to_source(self, start: int, end: int) -> tuple[int, int] | None:
        """Smallest source range that holds every mapped character of ``[start, end)``, or None."""
        low: int | None = None
        high = 0
        behind = range(max(0, bisect_left(self.runs, (start,)) - 1), len(self.runs))
        for made, source, length in map(self.runs.__getitem__, behind):
            if made >= end:
                break
            first, last = max(start, made), min(end, made + length)
            if first < last:
                low = source + first - made if low is None else min(low, source + first - made)
                high = max(high, source + last - made)
        return None if low is None else (low, high)


def _runs_of_many(offsets: "array[int]") -> tuple[tuple[int, int, int], ...]:
    """The runs of :meth:`OffsetMap.from_offsets`."""
    import numpy as np

    places = np.frombuffer(offsets, dtype=np.int64)
    goes_on = (places[1:] == places[:-1] + 1) & (places[:-1] >= 0)
    starts = np.concatenate(([0], np.flatnonzero(~goes_on) + 1))
    lengths = np.diff(np.append(starts, len(places)))
    mapped = places[starts] >= 0
    runs = np.stack((starts, places[starts], lengths), axis=1)[mapped]
    return tuple((made, source, length) for made, source, length in runs.tolist())
