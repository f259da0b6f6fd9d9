"""Captures on object storage: nothing is appended there, so each batch becomes one finished WARC file.

Records gather in a file on this machine; :meth:`ObjectArchive.sync` puts it into the bucket whole. The captures of a
file enter the table in one commit after that, so a file is known to the table with all it holds or not at all.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from policy_corpus.collect.captures import (
    ROTATE_BYTES,
    WARC_NAME,
    CaptureArchive,
    capture_of,
    gzip_members,
    names_in,
)
from policy_corpus.errors import CorpusError
from policy_corpus.records import Capture


def open_archive(
    folder: Path, last_known: Mapping[str, int], *, rotate_bytes: int = ROTATE_BYTES
) -> CaptureArchive:
    """The archive of a folder, or of a place on object storage."""
    kind = CaptureArchive if isinstance(folder, Path) else ObjectArchive
    return kind(folder, last_known, rotate_bytes=rotate_bytes)


class ObjectArchive(CaptureArchive):
    """The ``captures`` of a corpus in a bucket; see :class:`policy_corpus.collect.captures.CaptureArchive`."""

    def __init__(
        self, folder: Path, last_known: Mapping[str, int], *, rotate_bytes: int = ROTATE_BYTES
    ) -> None:
        self._spool = tempfile.TemporaryDirectory(prefix="policy-corpus-")
        super().__init__(folder, last_known, rotate_bytes=rotate_bytes)

    def sync(self) -> None:
        """Put what was written into the bucket; the next capture begins another file."""
        if self._file is None:
            return
        self._file.close()
        written, self._file = Path(self._file.name), None
        target = self.folder / written.name
        try:
            with written.open("rb") as source, target.open("xb") as place:
                shutil.copyfileobj(source, place, 1 << 20)
        except OSError as error:
            raise CorpusError(
                f"the captures could not be written: {error}", str(target), "check the rights to the bucket"
            ) from error
        written.unlink()

    def close(self) -> None:
        """Put the last file into the bucket."""
        self.sync()
        self._spool.cleanup()

    def _open_file(self) -> BinaryIO:
        if self._file and self._file.tell() >= self._rotate_bytes:
            self.sync()
        if self._file is None:
            self._file = self._begin(Path(self._spool.name, self._next_path().name))
        return self._file

    def _recover(self, last_known: Mapping[str, int]) -> Iterator[Capture]:
        for name in names_in(self.folder):
            if WARC_NAME.fullmatch(name) and name not in last_known:
                with (self.folder / name).open("rb") as file:
                    for offset, _, record in gzip_members(file):
                        yield from capture_of(record, name, offset)
