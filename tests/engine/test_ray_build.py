"""A corpus built on a Ray cluster is the corpus built here, also when workers are killed on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from policy_corpus.corpus import Corpus, init_corpus, open_corpus
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.resources import sample_corpus_dir
from policy_corpus.store.store import Store
from policy_corpus.store.tables import VECTORS

TABLES = ("documents", "passages", "mentions", "measures", "regions", "issues", "captures")
BUSY = "ray::MapWorker(MapBatches(_Worker)).submit"
"""How Ray names a worker in the list of processes while a batch is in its hands."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc"),
    pytest.mark.filterwarnings("default"),  # Ray's own deprecations
]


def filled(folder: Path) -> Corpus:
    init_corpus(folder)
    settings = folder / "corpus.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("batch = 16", "batch = 4"), encoding="utf-8"
    )
    corpus = open_corpus(folder)
    corpus.add([sample_corpus_dir() / "pages", sample_corpus_dir() / "broken"])
    return corpus


def exported(corpus: Corpus, folder: Path) -> dict[str, bytes]:
    """Sorted lines of each exported table; the time of an import is no part of them."""
    files = {}
    for table in TABLES:
        out = folder / f"{table}.jsonl"
        corpus.export(table, "jsonl", out)
        rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        for row in rows:
            row.pop("captured_at", None)
        files[table] = "\n".join(sorted(json.dumps(row, ensure_ascii=False) for row in rows)).encode()
    return files


def vectors(corpus: Corpus) -> dict[str, np.ndarray]:
    corpus.search("教师交流轮岗")  # indexes
    with Store.open(corpus.folder / "tables", read_only=True) as store:
        return {v.text_hash: np.frombuffer(v.values, "<f2").astype(float) for v in store.records(VECTORS)}


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    corpus = filled(tmp_path_factory.mktemp("local") / "corpus")
    corpus.build(workers=2)
    return corpus


def build_on_ray(folder: Path) -> "subprocess.Popen[bytes]":
    command = [
        sys.executable,
        "-m",
        "policy_corpus",
        "build",
        str(folder),
        "--engine",
        "ray",
        "--workers",
        "2",
    ]
    root = str(Path(__file__).resolve().parents[2])
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root},
        start_new_session=True,
    )  # fmt: skip


def processes() -> Iterator[tuple[int, int, str]]:
    """Number, parent's number and name of each process."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                name = (entry / "cmdline").read_bytes().split(b"\0")[0].decode(errors="replace")
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            yield int(entry.name), parent, name


def busy_workers(root: int) -> list[int]:
    """Workers below a process that hold a batch."""
    found = {number: (parent, name) for number, parent, name in processes()}

    def below(number: int) -> bool:
        while number in found and number != root:
            number = found[number][0]
        return number == root

    return [number for number, (_, name) in found.items() if name.startswith(BUSY) and below(number)]


def test_the_exports_are_those_of_the_local_engine(at_home: Corpus, tmp_path: Path) -> None:
    pytest.importorskip("ray.data")
    corpus = filled(tmp_path / "corpus")
    program = build_on_ray(corpus.folder)
    shown, told = program.communicate(timeout=300)
    assert (program.returncode, shown) == (0, b""), told.decode()
    assert b"ray" not in told.lower(), "nothing of Ray's own words reaches the terminal"
    assert exported(corpus, tmp_path) == exported(at_home, tmp_path)
    here, there = vectors(at_home), vectors(corpus)
    assert here.keys() == there.keys()
    assert here
    assert all(np.allclose(here[key], there[key], atol=1e-3) for key in here)


def test_workers_killed_in_mid_run_change_nothing_but_time(at_home: Corpus, tmp_path: Path) -> None:
    pytest.importorskip("ray.data")
    corpus = filled(tmp_path / "corpus")
    program = build_on_ray(corpus.folder)
    killed: set[int] = set()
    last = 0.0
    while program.poll() is None and len(killed) < 3:
        for number in busy_workers(program.pid):
            if number not in killed and time.monotonic() - last > 3:
                os.kill(number, signal.SIGKILL)
                killed.add(number)
                last = time.monotonic()
        time.sleep(0.05)
    _, told = program.communicate(timeout=300)
    assert program.returncode == 0, told.decode()
    assert killed
    assert exported(corpus, tmp_path) == exported(at_home, tmp_path)


def test_a_build_that_was_stopped_on_ray_is_finished_at_home(at_home: Corpus, tmp_path: Path) -> None:
    pytest.importorskip("ray.data")
    corpus = filled(tmp_path / "corpus")
    program = build_on_ray(corpus.folder)
    while program.poll() is None and not busy_workers(program.pid):
        time.sleep(0.05)
    time.sleep(1)
    os.killpg(program.pid, signal.SIGINT)
    shown, told = program.communicate(timeout=60)
    assert (program.returncode, shown) == (130, b""), told.decode()
    assert b"Traceback" not in told
    corpus.build(workers=1)
    assert exported(corpus, tmp_path) == exported(at_home, tmp_path)


@pytest.mark.parametrize(
    ("engine", "address", "said"),
    [("dask", None, "engines are local and ray"), ("local", "head:6379", "add --engine ray")],
)
def test_an_engine_that_cannot_be_meant_is_refused(
    at_home: Corpus, engine: str, address: str | None, said: str
) -> None:
    with pytest.raises(PolicyCorpusError, match=said):
        at_home.build(engine=engine, address=address)
