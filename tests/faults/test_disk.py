"""A full disk, a folder that cannot be written, rights that lack: a line says so, and a rerun ends as if nothing had been."""

import gc
import os
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from policy_corpus.corpus import init_corpus, open_corpus
from policy_corpus.errors import CorpusError
from policy_corpus.store.crawl_ledger import LEDGER_FILE, CrawlLedger
from tests.faults.commands import PAGES, command, everything, read_only, resize, small_disk, small_files

AMPLE = 60_000
NOBODY = 65534


@pytest.mark.parametrize("space", [60, 120])
def test_an_import_goes_on_when_the_disk_has_space_again(
    tmp_path: Path, added_once: Path, space: int
) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, space):
        init_corpus(disk / "c")
        full = command("add", disk / "c", *PAGES)
        assert full.refuses("No space left" if space > 100 else "", "→")
        resize(disk, AMPLE)
        assert command("add", disk / "c", *PAGES).code == 0
        assert everything(disk / "c") == everything(added_once)


@pytest.mark.parametrize("space", [50, 120, 200])
def test_a_build_goes_on_when_the_disk_has_space_again(
    tmp_path: Path, added: Path, undisturbed: dict[str, list[str]], space: int
) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, AMPLE):
        subprocess.run(["cp", "-r", added, disk / "c"], check=True)
        used = int(subprocess.run(["du", "-sk", disk], capture_output=True, text=True).stdout.split()[0])
        resize(disk, used + space)
        full = command("build", disk / "c", "--workers", 1)
        assert full.refuses("the disk is full", "tables")
        assert command("list", disk / "c", "documents").code == 0
        resize(disk, AMPLE)
        assert command("build", disk / "c", "--workers", 1).code == 0
        assert everything(disk / "c") == undisturbed


def test_a_search_says_that_its_index_found_no_space_and_finds_with_some(built: Path) -> None:
    with small_files(20_000):
        refused = command("search", built, "教师")
    assert refused.refuses("no search index of this corpus yet")
    found = command("search", built, "教师", "--json")
    assert found.code == 0 and found.out


def test_a_ledger_that_finds_no_space_is_not_called_damaged(tmp_path: Path) -> None:
    with small_files(2000), pytest.raises(CorpusError, match="free some space"):
        CrawlLedger.open(tmp_path / LEDGER_FILE)
    with CrawlLedger.open(tmp_path / LEDGER_FILE) as ledger:
        assert not list(ledger.visits())


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx", "parquet"])
def test_an_export_that_finds_no_space_leaves_the_old_file_and_nothing_beside_it(
    built: Path, tmp_path: Path, ending: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / f"passages.{ending}"
    out.write_text("old")
    with small_files(4096):
        refused = command("export", built, "passages", "-o", out)
    with warnings.catch_warnings():  # the library of workbooks leaves its own temporary files open
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    assert refused.refuses("cannot write this file", out.name)
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [(out.name, "old")]


def test_a_corpus_on_a_disk_that_is_read_only_can_be_read(built: Path, tmp_path: Path) -> None:
    with read_only(built):
        assert command("list", built, "measures").code == 0
        assert command("export", built, "measures", "-o", tmp_path / "m.csv").code == 0
        assert command("search", built, "教师").refuses("no search index of this corpus yet", "Read-only")
        for fill in (("add", built, PAGES[0]), ("build", built)):
            assert command(*fill).refuses("cannot be written", "Read-only")


def test_a_search_on_a_disk_that_is_read_only_says_how_far_its_index_lags(built: Path) -> None:
    command("search", built, "教师")
    corpus = open_corpus(built)
    text = (built / "corpus.toml").read_text(encoding="utf-8")
    (built / "corpus.toml").write_text(
        text.replace("min_confidence = 0.0", "min_confidence = 0.99"), encoding="utf-8"
    )
    open_corpus(built).build(workers=1)
    assert len(list(corpus.rows("documents")))
    with read_only(built):
        found = command("search", built, "教师", "--json")
    assert found.code == 0 and found.out and "the index lacks changes of" in found.err


@contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """What root does meanwhile is done with the rights of a user who owns nothing."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    for parent in folder.parents:
        if not parent.stat().st_mode & 1:
            parent.chmod(0o755)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(
    ("taken", "asked", "said"),
    [
        ("tables/measures.lance", ("list", "measures"), "rights do not allow it"),
        ("tables", ("list", "measures"), "Permission denied"),
        ("corpus.toml", ("list", "measures"), "Permission denied"),
        (None, ("build",), "cannot be written: Permission denied"),
    ],
)
def test_missing_rights_are_told(built: Path, taken: str | None, asked: tuple[str, ...], said: str) -> None:
    command("list", built, "measures")  # what it imports, nobody could read
    if taken:
        (built / taken).chmod(0)
    with as_nobody(built):
        refused = command(asked[0], built, *asked[1:])
    assert refused.refuses(said)
