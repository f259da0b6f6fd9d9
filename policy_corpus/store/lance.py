"""The import of LanceDB: without what it never needs here, and set for our rows."""

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
    """
    import pydantic

    os.environ.setdefault("LANCE_FLAT_SEARCH_PERCENT_THRESHOLD", "3")
    prepare = pydantic.validate_call
    pydantic.validate_call = lambda function: function  # type: ignore[assignment]
    try:
        import lancedb as module
    finally:
        pydantic.validate_call = prepare
    return module


def give_back_memory() -> None:
    """Return freed memory to the system, where the C library can (glibc).

    Joining a table of 1.3 million passages leaves some 100 MB in pieces, each time again: the build of 100,000
    documents grew to 2.2 GB.
    """
    with suppress(AttributeError, OSError, TypeError):  # TypeError: Windows knows no library without a name
        ctypes.CDLL(None).malloc_trim(0)
