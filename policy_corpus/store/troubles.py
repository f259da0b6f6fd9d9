"""What the database says when the disk, the rights or the files are not as they should be, in words for a person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from policy_corpus.errors import CorpusError

P = ParamSpec("P")
T = TypeVar("T")
MARK = "lance error"
"""How LanceDB begins what it raises as RuntimeError, OSError or ValueError."""
AGAIN = "then run the command again: it goes on from there"
KNOWN = (
    ("No space left", "the disk is full", f"free some space, {AGAIN}"),
    ("Disk quota exceeded", "the quota of the disk is used up", f"free some space, {AGAIN}"),
    ("File too large", "a file has grown to the limit that the system sets", f"raise that limit, {AGAIN}"),
    ("Read-only file system", "the disk is read-only", "copy the corpus to a place that can be written"),
    (
        "Permission denied",
        "the rights do not allow it",
        f"ask whoever made these files for the rights, {AGAIN}",
    ),
)
"""What the system says, what that means, what next."""
UNKNOWN = "run the command again; if that does not help: policy-corpus doctor DIR"
LONGEST = 200


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Raise what the database says within as CorpusError, with a reason and a remedy."""
    try:
        yield
    except (RuntimeError, OSError, ValueError) as error:
        text = str(error)
        if MARK not in text.lower():
            raise
        for said, meaning, remedy in KNOWN:
            if said in text:
                raise CorpusError(f"the tables cannot be used: {meaning}", str(folder), remedy) from error
        detail = text.partition(", /")[0][:LONGEST]  # then comes a place in LanceDB's own source
        raise CorpusError(f"the tables cannot be used: {detail}", str(folder), UNKNOWN) from error


def telling(method: Callable[P, T]) -> Callable[P, T]:
    """For methods of what has a ``folder``: see :func:`told`."""

    @wraps(method)
    def telling_method(*args: P.args, **kwargs: P.kwargs) -> T:
        owner: Any = args[0]
        with told(owner.folder):
            return method(*args, **kwargs)

    return telling_method
