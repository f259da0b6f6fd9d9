"""Batches through worker processes: order, bounds, failures, ends."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from policy_corpus.engine.batches import Failure
from policy_corpus.engine.local import BATCHES_PER_WORKER, READ_TOGETHER, run
from policy_corpus.errors import PolicyCorpusError
from tests.engine import jobs

ROOT = Path(__file__).resolve().parents[2]
ONE_AND_TWO = pytest.mark.parametrize("workers", [1, 2])


@ONE_AND_TWO
def test_results_come_in_the_order_of_the_batches(workers: int) -> None:
    batches = [[0, 1], [2, 3], [4], [5, 6]]
    assert list(run(jobs.first_is_slow, batches, workers=workers)) == [[0, 2], [4, 6], [8], [10, 12]]


@ONE_AND_TWO
def test_no_batches_give_no_results(workers: int) -> None:
    assert list(run(jobs.double, [], workers=workers)) == []


@ONE_AND_TWO
def test_an_item_that_raises_is_named_and_the_rest_of_its_batch_is_done(workers: int) -> None:
    results = list(run(jobs.fails_on_7, [[5, 6, 7, 8], [9]], workers=workers))
    failures = [result for result in results if isinstance(result, Failure)]
    assert [(failure.item, failure.error) for failure in failures] == [(7, "ValueError: seven is bad")]
    assert "fails_on_7" in failures[0].detail
    assert [result for result in results if not isinstance(result, Failure)] == [[10, 12], [16], [18]]
    assert results.index(failures[0]) == 1, "the failure stands at its place"


def test_an_item_that_kills_its_worker_is_named_and_the_rest_is_done() -> None:
    results = list(run(jobs.dies_on_7, [[1, 2], [5, 6, 7, 8], [9]], workers=2))
    assert results == [[2, 4], [10, 12], Failure(7, "the worker was killed (SIGKILL)"), [16], [18]]


def test_a_worker_that_was_killed_by_chance_gets_its_batch_again(tmp_path: Path) -> None:
    assert list(run(jobs.dies_once, [[str(tmp_path / "mark")]], workers=2)) == ["second time"]


def test_a_result_that_does_not_pickle_is_a_failure_of_its_item() -> None:
    results = list(run(jobs.not_picklable, [[6, 7]], workers=2))
    assert results[0] == [12]
    assert isinstance(results[1], Failure)
    assert results[1].item == 7


@ONE_AND_TWO
def test_the_initializer_runs_before_the_first_batch(workers: int) -> None:
    run_ = run(
        jobs.remembered, [[1], [2]], workers=workers, initializer=jobs.remember, initargs=("codebook",)
    )
    assert list(run_) == ["codebook", "codebook"]


def test_an_initializer_that_fails_stops_the_run_with_its_reason() -> None:
    with pytest.raises(PolicyCorpusError, match="no weights"):
        list(run(jobs.double, [[1]], workers=2, initializer=jobs.refuses))


def test_workers_are_other_processes_with_one_thread_for_linear_algebra() -> None:
    before = os.environ.get("OMP_NUM_THREADS")
    results = list(run(jobs.process_and_threads, [[1], [2]], workers=2))
    assert all(isinstance(result, tuple) and result[0] != os.getpid() for result in results)
    assert {result[1] for result in results if isinstance(result, tuple)} == {"1"}
    assert os.environ.get("OMP_NUM_THREADS") == before


def test_a_script_that_imports_numpy_itself_gets_such_workers_too(tmp_path: Path) -> None:
    """Workers import the script before their variables are set."""
    script = tmp_path / "script.py"
    script.write_text(
        "import numpy\n"
        "from policy_corpus.engine.local import run\n"
        "from tests.engine import jobs\n"
        "if __name__ == '__main__':\n"
        "    print(*run(jobs.linear_algebra_threads, [[1]], workers=2))\n",
        encoding="utf-8",
    )
    ran = subprocess.run(
        [sys.executable, script], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert (ran.stdout.strip(), ran.stderr) == ("[1]", "")


@ONE_AND_TWO
def test_batches_are_read_only_a_little_ahead(workers: int) -> None:
    read: list[int] = []

    def batches() -> Iterator[list[int]]:
        for number in range(50):
            read.append(number)
            yield [number]

    results = run(jobs.double, batches(), workers=workers)
    next(results)
    assert len(read) <= workers * BATCHES_PER_WORKER
    results.close()  # type: ignore[attr-defined]


@ONE_AND_TWO
def test_names_are_looked_up_for_many_batches_and_read_only_a_little_ahead(workers: int) -> None:
    looked_up: list[int] = []
    read: list[int] = []

    def items(names: Sequence[str]) -> Iterator[int]:
        looked_up.append(len(names))
        for name in names:
            read.append(int(name))
            yield int(name)

    batches = [[str(number), str(number + 1)] for number in range(0, 300, 2)]
    results = run(jobs.double, batches, workers=workers, read=items)
    assert next(results) == [0, 2]
    assert len(read) <= 2 * workers * BATCHES_PER_WORKER
    assert list(results) == [[2 * number, 2 * number + 2] for number in range(2, 300, 2)]
    assert looked_up == [2 * READ_TOGETHER, 300 - 2 * READ_TOGETHER]


def test_leaving_early_ends_the_workers_at_once() -> None:
    results = run(jobs.sleeps, [[0.0], [60.0], [60.0]], workers=2)
    process = next(results)
    assert isinstance(process, int)
    began = time.monotonic()
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 5
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def start(tmp_path: Path, program: str) -> "subprocess.Popen[bytes]":
    """A program in a process group of its own, as a shell starts it."""
    script = tmp_path / "program.py"
    script.write_text(program, encoding="utf-8")
    root = str(Path(__file__).resolve().parents[2])
    return subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": root}, start_new_session=True,
    )  # fmt: skip


LEFT = """
from tests.engine import jobs
from policy_corpus.engine.local import run
if __name__ == "__main__":
    kept = run(jobs.sleeps, [[0.0], [60.0], [60.0], [60.0]], workers=2)
    next(kept)
    raise SystemExit(3)
"""


def test_a_program_that_leaves_with_work_in_hand_can_end(tmp_path: Path) -> None:
    program = start(tmp_path, LEFT)
    program.communicate(timeout=20)
    assert program.returncode == 3


STARTING = """
import sys
from tests.engine import jobs
from policy_corpus.engine.local import run
if __name__ == "__main__":
    print("here", flush=True)
    try:
        list(run(jobs.sleeps, [[60.0], [60.0]], workers=2))
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("seconds", [0.1, 1.0])
def test_ctrl_c_in_a_terminal_shows_nothing_of_the_workers(tmp_path: Path, seconds: float) -> None:
    program = start(tmp_path, STARTING)
    assert program.stdout is not None
    program.stdout.readline()
    time.sleep(seconds)  # workers are starting, or at work
    os.killpg(program.pid, signal.SIGINT)
    _, shown = program.communicate(timeout=10)
    assert (program.returncode, shown) == (130, b"")


PROGRAM = textwrap.dedent("""
    from tests.engine import jobs
    from policy_corpus.engine.local import run

    if __name__ == "__main__":
        for process in run(jobs.sleeps, [[0.0], [0.0], [60.0], [60.0]], workers=2):
            print(process, flush=True)
""")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_an_interrupted_or_killed_parent(blow: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM, encoding="utf-8")
    root = Path(__file__).resolve().parents[2]
    # A short sleep instead of 60 s for the kill: a worker notices a dead parent after its batch.
    if blow is signal.SIGKILL:
        script.write_text(PROGRAM.replace("60.0", "1.0"), encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(root)}, start_new_session=True,
    )  # fmt: skip
    assert parent.stdout is not None
    with parent.stdout:
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        began = time.monotonic()
        os.kill(parent.pid, blow)
        parent.wait(10)
    assert time.monotonic() - began < 5
    deadline = time.monotonic() + 5
    while any(_alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_alive(worker) for worker in workers)


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False
