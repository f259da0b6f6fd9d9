"""The entry point: every expected error becomes one line that says what, where, what next."""

import os
import sys

from policy_corpus.cli import checking, coding, collect, compare, corpus, linguistics, regions, search, topics
from policy_corpus.cli.shell import DONE, app, fail
from policy_corpus.errors import PolicyCorpusError

__all__ = [
    "app",
    "checking",
    "coding",
    "collect",
    "compare",
    "corpus",
    "linguistics",
    "main",
    "regions",
    "search",
    "topics",
]


def main() -> None:
    """Entry point: every expected error becomes one line that says what, where, what next."""
    try:
        app()
    except PolicyCorpusError as error:
        fail(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
    except OSError as error:  # the disk, rights, a folder where a file should be: nothing to mend in code
        where = f" ({error.filename})" if error.filename else ""
        fail(f"{error.strerror or error}{where} → check the path, the rights to it and the free space")
