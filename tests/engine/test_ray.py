"""The engine on a Ray of its own: what the local engine promises holds there too."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from policy_corpus.engine import ray as door
from policy_corpus.engine.batches import Failure
from policy_corpus.errors import PolicyCorpusError
from tests.engine import jobs

SLOW = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Ray on Windows is in beta"),
    pytest.mark.filterwarnings("default"),  # Ray's own deprecations
]


@pytest.fixture(scope="module")
def engine() -> Iterator[door.Cluster]:
    pytest.importorskip("ray.data")
    with door.cluster(workers=2) as cluster:
        yield cluster


def plus(offset: int, names: Sequence[int]) -> list[int]:
    return [offset + name for name in names]


def unreadable(names: Sequence[int]) -> list[int]:
    raise FileNotFoundError("no such folder on this node")


class TestOnTwoWorkers:
    pytestmark = SLOW

    def test_every_batch_gives_its_result(self, engine: door.Cluster) -> None:
        results = list(engine.run(jobs.double, [[1, 2], [3], [4, 5]], workers=2))
        assert sorted(results, key=str) == [[2, 4], [6], [8, 10]]

    def test_no_batches_give_no_results(self, engine: door.Cluster) -> None:
        assert list(engine.run(jobs.double, [], workers=2)) == []

    def test_names_are_read_in_the_workers(self, engine: door.Cluster) -> None:
        results = engine.run(jobs.double, [[1], [2]], workers=2, read=partial(plus, 100))
        assert sorted(results, key=str) == [[202], [204]]

    def test_an_item_that_raises_is_named_and_the_rest_of_its_batch_is_done(
        self, engine: door.Cluster
    ) -> None:
        results = list(engine.run(jobs.fails_on_7, [[5, 6, 7, 8], [9]], workers=2))
        failures = [result for result in results if isinstance(result, Failure)]
        assert [(failure.item, failure.error) for failure in failures] == [(7, "ValueError: seven is bad")]
        assert sorted(r for r in results if not isinstance(r, Failure)) == [[10, 12], [16], [18]]

    def test_an_item_that_kills_its_worker_is_named_and_the_rest_is_done(self, engine: door.Cluster) -> None:
        results = list(engine.run(jobs.dies_on_7, [[1, 2], [5, 6, 7, 8], [9]], workers=2))
        assert [r for r in results if isinstance(r, Failure)] == [Failure(7, "the worker was killed")]
        assert sorted(n for r in results if not isinstance(r, Failure) for n in r) == [2, 4, 10, 12, 16, 18]

    def test_a_worker_that_was_killed_by_chance_gets_its_batch_again(
        self, engine: door.Cluster, tmp_path: Path
    ) -> None:
        assert list(engine.run(jobs.dies_once, [[str(tmp_path / "mark")]], workers=2)) == ["second time"]

    def test_a_result_that_does_not_pickle_is_a_failure_of_its_item(self, engine: door.Cluster) -> None:
        results = list(engine.run(jobs.not_picklable, [[6, 7]], workers=2))
        assert [r.item if isinstance(r, Failure) else r for r in results] == [[12], 7]

    def test_workers_are_other_processes_with_one_thread_for_linear_algebra(
        self, engine: door.Cluster
    ) -> None:
        results = list(engine.run(jobs.process_and_threads, [[1], [2]], workers=2))
        assert all(isinstance(result, tuple) and result[0] != os.getpid() for result in results)
        assert {result[1] for result in results if isinstance(result, tuple)} == {"1"}

    def test_an_initializer_that_fails_stops_the_run_with_its_reason(self, engine: door.Cluster) -> None:
        with pytest.raises(PolicyCorpusError, match="no weights"):
            list(engine.run(jobs.double, [[1]], workers=2, initializer=jobs.refuses))

    def test_a_corpus_that_a_worker_cannot_read_stops_the_run_with_its_reason(
        self, engine: door.Cluster
    ) -> None:
        with pytest.raises(PolicyCorpusError, match="no such folder on this node"):
            list(engine.run(jobs.double, [[1]], workers=2, read=unreadable))


STOPPED = """
import sys
from tests.engine import jobs
from policy_corpus.engine.ray import cluster
if __name__ == "__main__":
    try:
        with cluster(workers=2) as engine:
            for process in engine.run(jobs.sleeps, [[0.0], [60.0], [60.0]], workers=2):
                print(process, flush=True)
    except KeyboardInterrupt:
        sys.exit(130)
"""


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_ctrl_c_in_a_terminal_ends_all_and_shows_nothing_of_ray(tmp_path: Path) -> None:
    pytest.importorskip("ray.data")
    script = tmp_path / "program.py"
    script.write_text(STOPPED, encoding="utf-8")
    program = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )  # fmt: skip
    assert program.stdout is not None
    worker = int(program.stdout.readline())
    os.killpg(program.pid, signal.SIGINT)
    shown, told = program.communicate(timeout=60)
    assert (program.returncode, shown, told) == (130, b"", b"")
    deadline = time.monotonic() + 10
    while alive(worker) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(worker)


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setitem(sys.modules, "ray.data", None)
    with pytest.raises(PolicyCorpusError, match=r"pip install 'policy-corpus\[cluster\]'"), door.cluster():
        pass


@pytest.mark.slow
def test_a_ray_client_is_refused_with_the_way_that_works() -> None:
    pytest.importorskip("ray.data")
    with pytest.raises(PolicyCorpusError, match="ray job submit"), door.cluster("ray://head:10001"):
        pass
