"""What the importer meets on its way: a file's bytes with their origin, and the limits it keeps to."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from heapq import merge

from policy_corpus.collect.problems import ProblemError, megabytes

LEAST_RECORD_BYTES = 20
"""A packed record is larger even where all records of a WARC are packed as one."""
IDS_UNSORTED = 1 << 16


@dataclass(frozen=True, slots=True)
class Found:
    """A file, an archive member or a web record, read and not yet judged."""

    source: str
    data: bytes
    url: str | None = None
    media_type: str | None = None
    """As a server declared it, without parameters."""
    charset: str | None = None
    """As a server declared it."""
    captured_at: str | None = None
    web_archive: str | None = None
    """Source of the WARC it was a record of."""
    is_plain: bool = False
    """It is text that an archive's maker drew from a page, whatever it looks like."""


@dataclass(frozen=True, slots=True)
class ImportLimits:
    """How much is taken in. Sizes in bytes.

    The archive limits stop archives that were made to fill a disk: a web page packs to a tenth, the
    most regular page of a portal to a hundredth, a bomb to a thousandth.
    """

    max_file_bytes: int = 50_000_000
    max_archive_bytes: int = 20_000_000_000
    max_archive_members: int = 1_000_000
    max_ratio: int = 300
    ratio_from_bytes: int = 10_000_000
    """Members that unpack to less are too small to harm and are not held to ``max_ratio``."""
    max_depth: int = 3

    def for_stream(self, size: int) -> "ImportLimits":
        """Limits for a web archive of ``size`` bytes that is read as a stream: bound to its size alone."""
        return replace(
            self,
            max_archive_bytes=max(self.max_archive_bytes, size * self.max_ratio),
            max_archive_members=max(self.max_archive_members, size // LEAST_RECORD_BYTES),
        )

    def check_size(self, size: int) -> None:
        """Raise ProblemError when a file of ``size`` bytes is too large."""
        if size > self.max_file_bytes:
            raise ProblemError("oversize", size=megabytes(size), limit=megabytes(self.max_file_bytes))


@dataclass(slots=True)
class Unpacked:
    """What came out of an archive, and of the archives in it, so far."""

    limits: ImportLimits
    size: int = field(default=0)
    members: int = field(default=0)

    def add(self, size: int) -> None:
        """Count one member; raise ProblemError when the archive goes over its limits."""
        self.size += size
        self.members += 1
        if self.size > self.limits.max_archive_bytes:
            raise ProblemError("archive_too_large", detail=f"{megabytes(self.limits.max_archive_bytes)} MB")
        if self.members > self.limits.max_archive_members:
            raise ProblemError("archive_too_large", detail=f"{self.limits.max_archive_members} files")


class IdSet:
    """Ids of captures (16 hex digits) in 8 bytes each; a set of texts takes a hundred."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._sorted = array("Q")
        self._new: set[int] = set()
        for one in ids:
            self.add(one)

    def add(self, capture_id: str) -> None:
        """Put an id in."""
        self._new.add(int(capture_id, 16))
        if len(self._new) >= IDS_UNSORTED:
            self._sorted = array("Q", merge(self._sorted, sorted(self._new)))
            self._new.clear()

    def __contains__(self, capture_id: object) -> bool:
        number = int(str(capture_id), 16)
        if number in self._new:
            return True
        place = bisect_left(self._sorted, number)
        return place < len(self._sorted) and self._sorted[place] == number
