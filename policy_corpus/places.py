"""Where a corpus lies: a folder, or a prefix in an S3 bucket that reads like one.

A place in a bucket has the methods of a :class:`~pathlib.Path` as far as a corpus needs them, and is passed around as
one. What cannot work there asks ``isinstance(place, Path)``: a bucket renames nothing, appends nothing, and the system
frees no lock in it.
"""

import re
from pathlib import Path
from typing import Any

from policy_corpus.errors import CorpusError, PolicyCorpusError

SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
S3 = "s3"


def corpus_place(given: Path | str) -> Path:
    """The place of a corpus by its name: ``folder`` or ``s3://bucket/prefix``.

    Raises
    ------
    CorpusError
        It lies in a store of another kind.
    PolicyCorpusError
        The extra that S3 needs is not installed.
    """
    text = str(given)
    scheme = SCHEME.match(text)
    if scheme is None:
        if _CONTROL.search(text):  # the database takes no such folder
            raise CorpusError(
                "a folder whose name holds control characters can be no corpus", text, "rename it"
            )
        return Path(given)
    if scheme[1].lower() != S3:
        raise CorpusError(
            f"a corpus cannot lie in a store of the kind {scheme[1]}",
            text,
            "name a folder or s3://bucket/prefix",
        )
    try:
        import s3fs  # type: ignore[import-untyped]  # noqa: F401
        from upath import UPath
    except ImportError as error:
        raise PolicyCorpusError(
            "a corpus on S3 needs libraries that are not installed",
            str(error),
            "pip install 'policy-corpus[s3]'",
        ) from error
    place: Any = UPath(text, use_listings_cache=False)  # the database writes beside it
    return place  # type: ignore[no-any-return]
