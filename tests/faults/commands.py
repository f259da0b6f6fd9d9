"""Commands as a person runs them, in this process, and small corpora to run them on."""

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from policy_corpus.cli import main
from policy_corpus.corpus import init_corpus, open_corpus
from policy_corpus.resources import sample_corpus_dir

PAGES = tuple(sorted(sample_corpus_dir().glob("pages/[lq]*.*")))
"""Some pages of the sample."""
TABLES = ("documents", "passages", "measures", "mentions", "regions", "issues", "captures")


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    def refuses(self, *words: str) -> bool:
        """Ends with 2 and one line that names what, where and what next; no traceback."""
        last = self.err.strip().splitlines()[-1]
        return (
            self.code == 2
            and last.startswith("policy-corpus: ")
            and "→" in last
            and "Traceback" not in self.err
            and all(word in last for word in words)
        )


def command(*arguments: object) -> Result:
    """Run one command."""
    out, err = StringIO(), StringIO()
    before, sys.argv = sys.argv, ["policy-corpus", *map(str, arguments)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.argv = before
    return Result(code, out.getvalue(), err.getvalue())


def everything(folder: Path) -> dict[str, list[str]]:
    """All rows that people see, sorted."""
    corpus = open_corpus(folder)
    return {name: sorted(json.dumps(row, sort_keys=True) for row in corpus.rows(name)) for name in TABLES}


def filled(folder: Path, *, built: bool = False) -> Path:
    init_corpus(folder)
    corpus = open_corpus(folder)
    corpus.add(PAGES)
    if built:
        corpus.build(workers=1)
    return folder


def copy_of(base: Path, folder: Path) -> Path:
    return Path(shutil.copytree(base, folder))


@contextmanager
def small_files(limit: int) -> Iterator[None]:
    """No file can grow beyond so many bytes, as on a disk without space."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """A disk of its own at ``folder``; the test is skipped where nobody may mount one."""
    folder.mkdir(exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder))
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder on a disk that cannot be written; the test is skipped where nobody may mount one."""
    _mount("--bind", str(folder), str(folder))
    try:
        _mount("-o", "remount,ro,bind", str(folder))
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def resize(folder: Path, kilobytes: int) -> None:
    _mount("-o", f"remount,size={kilobytes}k", str(folder))


def _mount(*arguments: str) -> None:
    if shutil.which("mount") is None:
        pytest.skip("no mount command here")
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no right to mount a disk: {done.stderr.strip()}")
