"""A build that is killed goes on where it was, and ends as if nothing had happened."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from policy_corpus.corpus import Corpus, init_corpus, open_corpus
from policy_corpus.corpus.building import build
from policy_corpus.resources import sample_corpus_dir
from policy_corpus.store.store import Store
from policy_corpus.store.tables import STATES

TABLES = ("documents", "passages", "mentions", "measures", "issues", "regions")


def filled(folder: Path) -> Corpus:
    init_corpus(folder)
    text = (folder / "corpus.toml").read_text(encoding="utf-8").replace("batch = 16", "batch = 2")
    (folder / "corpus.toml").write_text(text, encoding="utf-8")
    corpus = open_corpus(folder)
    corpus.add([sample_corpus_dir() / "pages"])
    return corpus


def everything(corpus: Corpus) -> dict[str, list[str]]:
    return {table: [json.dumps(row, sort_keys=True) for row in corpus.rows(table)] for table in TABLES}


def states(folder: Path) -> int:
    with Store.open(folder / "tables", read_only=True) as store:
        return store.count(STATES)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    corpus = filled(tmp_path_factory.mktemp("undisturbed"))
    corpus.build(workers=1)
    return everything(corpus)


@pytest.mark.slow
@pytest.mark.parametrize(("sent", "after"), [(signal.SIGKILL, 3), (signal.SIGKILL, 70), (signal.SIGINT, 20)])
def test_a_killed_build_goes_on(
    tmp_path: Path, undisturbed: dict[str, list[str]], sent: signal.Signals, after: int
) -> None:
    corpus = filled(tmp_path)
    command = [sys.executable, "-m", "policy_corpus", "build", str(tmp_path), "--workers", "2"]
    running = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while states(tmp_path) < after and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running.poll() is None, "the build ended before it could be killed"
    os.killpg(running.pid, sent)
    running.wait(30)
    done_before = states(tmp_path)
    corpus.build(workers=2)
    assert done_before >= after
    assert everything(corpus) == undisturbed


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing(tmp_path: Path, undisturbed: dict[str, list[str]]) -> None:
    corpus = filled(tmp_path)
    corpus.build(workers=2)
    assert everything(corpus) == undisturbed


def test_what_is_entered_at_once_grows_with_the_corpus_and_changes_nothing(
    tmp_path: Path, undisturbed: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    entered = []
    enter = build._enter_annotated
    monkeypatch.setattr(
        build, "_enter_annotated", lambda *given: (entered.append(len(given[1])), enter(*given))
    )
    monkeypatch.setattr(build, "LARGE", 10)
    corpus = filled(tmp_path)
    corpus.build(workers=1)
    assert max(entered) > 2 * build.BATCHES_AT_ONCE
    assert everything(corpus) == undisturbed
