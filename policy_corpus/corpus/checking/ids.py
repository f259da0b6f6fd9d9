"""Many ids in little memory."""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable

import numpy as np


class Ids:
    """A set of ids that is filled first and then asked, 8 bytes an id.

    Ids are told apart by 64 bits of their hash: among ten million the chance that any two meet is 3 in a million.
    """

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._numbers = array("Q", map(_number, ids))
        self._is_sorted = False

    def add(self, one: str) -> None:
        """Put an id in."""
        self._numbers.append(_number(one))
        self._is_sorted = False

    def __contains__(self, one: object) -> bool:
        numbers = self._sorted()
        number = _number(str(one))
        place = bisect_left(numbers, number)
        return place < len(numbers) and numbers[place] == number

    def __len__(self) -> int:
        return len(self._sorted())

    def _sorted(self) -> "array[int]":
        if not self._is_sorted:
            self._numbers = array("Q", np.unique(np.frombuffer(self._numbers, np.uint64)).tobytes())
            self._is_sorted = True
        return self._numbers


def _number(one: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(one.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )
