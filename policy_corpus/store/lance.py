"""The import of LanceDB: without what it never needs here, set for our rows; and the memory that it leaves."""

import ctypes
import os
from contextlib import suppress
from functools import cache
from typing import Any


@cache
def lancedb() -> Any:
    """LanceDB, imported without what it never needs here.

    It imports a client for remote catalogues, and pydantic prepares 366 functions of that client one by one: half of
    the time of the import, a second of each command. They are left as they are; nobody calls them.

    Full text with a filter that leaves less than the given percentage of rows looks at each of these instead of at the
    postings. LanceDB's 10 made a search among 7 % of a million rows twice as slow as 3 (results/search.txt).

    Its warnings (of clusters without vectors, where many sentences are the same) tell a user nothing that he could
    mend; ``LANCEDB_LOG=warn`` shows them.
    """
    import pydantic

    os.environ.setdefault("LANCEDB_LOG", "error")
    os.environ.setdefault("LANCE_FLAT_SEARCH_PERCENT_THRESHOLD", "3")
    prepare = pydantic.validate_call
    pydantic.validate_call = lambda function: function  # type: ignore[assignment]
    try:
        import lancedb as module
    finally:
        pydantic.validate_call = prepare
    return module


_M_MMAP_THRESHOLD = -3
_LARGE_BLOCK = 1 << 20


def return_large_blocks() -> None:
    """Have the C library (glibc) take blocks of 1 MB or more from the system one by one, and return them when freed.

    By itself it keeps them in a pool for each thread. Joining 1.9 million passages three times left 431 MB in use, with
    this 331, in the same processor time; the build of 100,000 documents had grown to 2.2 GB.
    """
    _c_library("mallopt", _M_MMAP_THRESHOLD, _LARGE_BLOCK)


def give_back_memory() -> None:
    """Return what was freed to the system, small blocks as well."""
    _c_library("malloc_trim", 0)


def _c_library(name: str, *given: int) -> None:
    """Call a function of the C library, if it has that one."""
    with suppress(AttributeError, OSError, TypeError):  # TypeError: Windows knows no library without a name
        getattr(ctypes.CDLL(None), name)(*given)
