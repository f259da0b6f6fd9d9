"""Files that appear whole or not at all."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """A path beside ``out`` to write to; at the end it takes the place of ``out``, after an error it goes away.

    Two processes that write the same file do not meet: the name holds the process id, the last one to end wins.
    What a killed process left behind goes away with the next writing of the same file.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    _clear(out)
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        yield partial
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


def _clear(out: Path) -> None:
    if os.name != "posix":  # Windows would end a process that is asked whether it runs
        return
    left = re.compile(rf"\.{re.escape(out.name)}\.(\d+)\.partial")
    for path in out.parent.iterdir():
        if (found := left.fullmatch(path.name)) and not _runs(int(found[1])):
            path.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
