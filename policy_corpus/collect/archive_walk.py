"""Every byte of the captures folder, in order: captures, other records, and stretches that are no record.

What reads one capture needs its offset only; a check of the whole folder needs to know what lies between. Behind
damage it goes on at the next record that can be unpacked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from policy_corpus.collect.captures import WARC_NAME, capture_of, ends_early, gzip_members
from policy_corpus.records import Capture

CHUNK = 1 << 20
_GZIP_START = re.compile(rb"\x1f\x8b\x08")
_LONGEST_START = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes ``[start, end)`` of a WARC file.

    ``capture`` is what they hold; None for the file's own description and for bytes that are no sound record of a
    capture. ``kind`` is ``record``, ``torn`` (the file ends within it: a writer was killed) or ``damaged``.
    """

    warc_file: str
    start: int
    end: int
    kind: str
    capture: Capture | None = None


def warc_files(folder: Path) -> list[Path]:
    """The WARC files of a captures folder, in order."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if WARC_NAME.fullmatch(path.name))


def walk(path: Path) -> Iterator[Piece]:
    """All of a WARC file, without gaps or overlaps; one record is in memory at a time.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = 0
        while start < size:
            file.seek(start)
            for begin, end, record in gzip_members(file):
                yield Piece(path.name, begin, end, "record", next(capture_of(record, path.name, begin), None))
                start = end
            if start >= size:
                return
            after = _next_record(file, start, size)
            torn = after == size and ends_early(file, start)
            yield Piece(path.name, start, after, "torn" if torn else "damaged")
            start = after


def _next_record(file: BinaryIO, start: int, size: int) -> int:
    """Where the next sound record begins behind ``start``, or where the file ends."""
    return next((place for place in _candidates(file, start + 1, size) if _is_record(file, place)), size)


def _candidates(file: BinaryIO, start: int, size: int) -> Iterator[int]:
    """Places at which a packed record may begin: chance gives one in 16 MB."""
    position = start
    while position < size:
        file.seek(position)
        chunk = file.read(CHUNK + _LONGEST_START - 1)
        for match in _GZIP_START.finditer(chunk):
            if match.start() < CHUNK:
                yield position + match.start()
        position += CHUNK


def _is_record(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    return next(gzip_members(file), None) is not None
