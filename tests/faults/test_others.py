"""Several processes at one corpus: one writes, the others read whole rows or are told who writes."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from policy_corpus.corpus import open_corpus
from policy_corpus.errors import CorpusError
from policy_corpus.publish.export import write_table
from policy_corpus.store.store import Store
from policy_corpus.store.tables import STATES
from tests.faults.commands import PAGES, command, everything

HOLDER = (
    "import sys, time; from pathlib import Path; from policy_corpus.store.store import Store\n"
    "with Store.open(Path(sys.argv[1])): print('open', flush=True); time.sleep(600)"
)


@contextmanager
def another_writer(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the tables."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder / "tables")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "open\n"
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_who_would_write_beside_another_is_told_who_that_is(built: Path) -> None:
    with another_writer(built) as other:
        for asked in (("build", built), ("add", built, PAGES[0]), ("search", built, "教师")):
            assert command(*asked).refuses("another process is writing", f"process {other.pid}")
        assert command("list", built, "documents").code == 0


def test_a_writer_that_was_killed_holds_nobody_up(built: Path, undisturbed: dict[str, list[str]]) -> None:
    with another_writer(built) as other:
        other.kill()
        other.wait()
        assert command("build", built).code == 0
    assert everything(built) == undisturbed


def test_a_search_beside_a_writer_answers_from_the_index_that_is_there(built: Path) -> None:
    command("search", built, "教师")
    with another_writer(built):
        assert command("search", built, "教师", "--json").out


def stale(folder: Path) -> None:
    """Everything must be cleaned and coded once more."""
    with Store.open(folder / "tables") as store:
        store.delete(STATES, {"stage": ["clean", "annotate"]})


def test_readers_find_every_row_while_a_build_makes_them_anew(
    built: Path, undisturbed: dict[str, list[str]]
) -> None:
    """Whole tables, each equal to those before and after: no table that is being emptied and filled."""
    stale(built)
    settings = built / "corpus.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("batch = 16", "batch = 1"), encoding="utf-8"
    )
    wrong: list[object] = []
    reads = 0
    builder = threading.Thread(target=lambda: open_corpus(built).build(workers=1))
    builder.start()
    while builder.is_alive():
        for table in ("documents", "measures", "passages", "regions"):
            rows = sorted(json.dumps(row, sort_keys=True) for row in open_corpus(built).rows(table))
            reads += 1
            if rows != undisturbed[table]:
                wrong.append((table, len(rows), len(undisturbed[table])))
    builder.join()
    assert reads > 4 and wrong == []


def test_what_a_first_build_has_not_come_to_is_said(added: Path) -> None:
    shown = command("list", added, "measures")
    assert shown.code == 0 and "pages and files are not read yet" in shown.err


def test_readers_find_measures_with_their_document_during_a_first_build(added: Path) -> None:
    builder = threading.Thread(target=lambda: open_corpus(added).build(workers=1))
    builder.start()
    while builder.is_alive():
        corpus = open_corpus(added)
        measures = list(corpus.rows("measures"))
        known = {row["document_id"] for row in corpus.rows("documents")}
        assert {row["document_id"] for row in measures} <= known
        for row in measures:
            assert corpus.find(row["measure_id"])[0]["document_id"] == row["document_id"]
    builder.join()


def test_two_exports_to_one_file_leave_one_of_them_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from policy_corpus.publish.columns import TABLES

    out = tmp_path / "d.jsonl"

    def rows(pause: Callable[[], object]) -> Iterator[dict[str, object]]:
        yield {"document_id": "a"}
        pause()
        yield {"document_id": "b"}

    def other() -> None:
        with monkeypatch.context() as patch:
            patch.setattr("os.getpid", lambda: 1)
            write_table(rows(lambda: None), TABLES["documents"], "jsonl", out)

    write_table(rows(other), TABLES["documents"], "jsonl", out)
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["d.jsonl"]


def test_what_a_killed_export_left_behind_goes_away_with_the_next(tmp_path: Path) -> None:
    from policy_corpus.publish.columns import TABLES

    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f".d.csv.{ended.pid}.partial"
    left.write_text("half")
    write_table([], TABLES["documents"], "csv", tmp_path / "d.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["d.csv"]


def test_a_second_crawl_of_one_corpus_is_told(built: Path) -> None:
    from policy_corpus.store.crawl_ledger import LEDGER_FILE, CrawlLedger

    began = time.monotonic()
    with (
        CrawlLedger.open(built / LEDGER_FILE),
        pytest.raises(CorpusError, match="another process is crawling"),
    ):
        CrawlLedger.open(built / LEDGER_FILE, wait=0.2)
    assert time.monotonic() - began < 5
