"""One process writes a store at a time; readers are free."""

import json
import os
from pathlib import Path

from filelock import FileLock, Timeout

from policy_corpus.errors import CorpusError

LOCK_FILE = "write.lock"
WRITER_FILE = "writer.json"


class WriteLock:
    """Held while a store is open for writing; the system frees it when the process ends, however it ends.

    Parameters
    ----------
    folder : Path
        The store's folder.
    wait : float
        Seconds to wait for another writer before giving up.

    Raises
    ------
    CorpusError
        Another process is writing; the message names its process id.
    """

    def __init__(self, folder: Path, wait: float = 0.0) -> None:
        self._writer = folder / WRITER_FILE
        self._lock = FileLock(folder / LOCK_FILE)
        try:
            self._lock.acquire(timeout=max(0.0, wait))
        except Timeout:
            raise CorpusError(
                f"another process is writing this corpus{self._holder()}",
                str(folder),
                "wait until it has ended, or end it, then try again",
            ) from None
        # A file of its own: Windows lets nobody read a locked file.
        self._writer.write_text(json.dumps({"pid": os.getpid()}), encoding="ascii")

    def release(self) -> None:
        """Let the next writer in."""
        if self._lock.is_locked:
            self._writer.unlink(missing_ok=True)
            self._lock.release()

    def _holder(self) -> str:
        try:
            return f" (process {json.loads(self._writer.read_text(encoding='ascii'))['pid']})"
        except (OSError, ValueError, KeyError):
            return ""
