"""One process writes a store at a time; readers are free."""

import contextlib
import json
import os
import platform
import time
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from policy_corpus.errors import CorpusError

LOCK_FILE = "write.lock"
WRITER_FILE = "writer.json"
POLL_SECONDS = 0.5


class Lock(Protocol):
    """Held while a store is open for writing."""

    def release(self) -> None:
        """Let the next writer in."""


def lock(folder: Path, wait: float = 0.0) -> Lock:
    """The lock of a store in a folder, or in a bucket."""
    return WriteLock(folder, wait) if isinstance(folder, Path) else ObjectLock(folder, wait)


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
        Another process is writing; the message names its process id. Or the folder cannot be written.
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
        except OSError as error:
            raise CorpusError(
                f"this corpus cannot be written: {error.strerror or error}",
                str(folder),
                "ask for the right to write there, or copy the corpus; what only reads works as it is",
            ) from error
        with contextlib.suppress(OSError):  # a full disk; the name serves messages alone
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


class ObjectLock:
    """An object that only one writer can create (a conditional put); it names its writer.

    Nobody frees it for a process that was killed: the next writer on the same machine does, elsewhere a person must
    delete it. It saves work; what keeps the tables whole is that each of their commits is a conditional put, too.

    Parameters
    ----------
    folder : Path
        The store's place in a bucket.
    wait : float
        Seconds to wait for another writer before giving up.

    Raises
    ------
    CorpusError
        Another process is writing; the message names its machine and process id.
    """

    def __init__(self, folder: Path, wait: float = 0.0) -> None:
        self._path = folder / LOCK_FILE
        self._held = False
        until = time.monotonic() + wait
        while not self._take():
            writer = self._writer()
            if writer.get("host") == platform.node() and not _runs(writer.get("pid")):
                self._path.unlink(missing_ok=True)
            elif time.monotonic() >= until:
                raise CorpusError(
                    f"another process is writing this corpus ({writer.get('pid')} on {writer.get('host')})",
                    str(self._path),
                    "wait until it has ended; if it was killed on another machine, delete this object",
                )
            else:
                time.sleep(POLL_SECONDS)

    def release(self) -> None:
        """Let the next writer in."""
        if self._held:
            self._held = False
            self._path.unlink(missing_ok=True)

    def _take(self) -> bool:
        try:
            with self._path.open("xb") as file:
                file.write(json.dumps({"pid": os.getpid(), "host": platform.node()}).encode())
        except FileExistsError:
            return False
        self._held = True
        return True

    def _writer(self) -> dict[str, object]:
        try:
            return dict(json.loads(self._path.read_bytes()))
        except (OSError, ValueError):
            return {}


def _runs(process: object) -> bool:
    if not isinstance(process, int) or os.name != "posix":  # Windows would take the signal for Ctrl-C
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
