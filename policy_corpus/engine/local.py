"""Batches through worker processes on this machine: in order, bounded in memory, hard to kill.

Each worker process is spawned (LanceDB and threads do not survive a fork), runs one batch at a time
and is watched by a thread of its own, so it is known which batch a dead worker held. That batch is
tried once more in a fresh worker and then halved until the item that kills it stands alone.
"""

import atexit
import multiprocessing
import os
import queue
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from itertools import islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any

from policy_corpus.engine.batches import (
    ONE_THREAD,
    Failure,
    Function,
    Item,
    Raised,
    Result,
    attempt,
    one_line,
    settle,
)
from policy_corpus.errors import PolicyCorpusError

BATCHES_PER_WORKER = 2
"""Batches read ahead for each worker (running, waiting or done but not yet taken)."""
READ_TOGETHER = 128
"""Batches whose names are looked up at once: to find 16 rows among 100,000 takes 0.05 s, 2,048 of them 0.2 s."""
POLL_SECONDS = 0.5
"""Windows delivers Ctrl-C only between waits."""


class _WorkerDiedError(Exception):
    pass


def run(
    function: Callable[[Sequence[Item]], Result],
    batches: Iterable[Sequence[Any]],
    *,
    workers: int,
    initializer: Callable[..., object] | None = None,
    initargs: tuple[Any, ...] = (),
    read: Callable[[Sequence[Any]], Iterable[Item]] | None = None,
) -> Iterator[Result | Failure[Item]]:
    """Call ``function`` on every batch and yield what it returns, in the order of the batches.

    A batch that raises or kills its worker is halved until the items at fault stand alone: they are
    yielded as :class:`Failure` at their place, and ``function`` is called on the parts around them.
    So a sound batch gives one result, a spoiled one several results and failures, and nothing is
    done twice that succeeded. At most ``2 * workers`` batches are held at a time.

    Parameters
    ----------
    function : callable
        Importable by name (a worker process looks it up), without side effects.
    batches : iterable of sequences
        Read lazily; items and results must pickle when ``workers > 1``.
    workers : int
        Processes to use; 0 or 1 works in this process, which nothing shields from a crash.
    initializer : callable, optional
        Called once in each worker with ``initargs`` before its first batch.
    read : callable, optional
        Makes items of names, one of each and in their order, lazily if they are large. It is called in this
        process for many batches at once; an engine with workers on other machines calls it there for each batch,
        so it must pickle.

    Raises
    ------
    PolicyCorpusError
        The workers could not start, or ``initializer`` raised.
    """
    if read:
        batches = _read_ahead(batches, read)
    if workers <= 1:
        return _run_here(function, batches, initializer, initargs)
    return _run_in_pool(function, batches, workers, initializer, initargs)


def _read_ahead(
    batches: Iterable[Sequence[Any]], read: Callable[[Sequence[Any]], Iterable[Item]]
) -> Iterator[list[Item]]:
    names = iter(batches)
    while group := list(islice(names, READ_TOGETHER)):
        items = iter(read([name for batch in group for name in batch]))
        for batch in group:
            yield list(islice(items, len(batch)))


def cores() -> int:
    """Cores of this machine."""
    return os.cpu_count() or 1


def _run_here(
    function: Function[Item, Result],
    batches: Iterable[Sequence[Item]],
    initializer: Callable[..., object] | None,
    initargs: tuple[Any, ...],
) -> Iterator[Result | Failure[Item]]:
    if initializer:
        initializer(*initargs)
    for batch in batches:
        yield from settle(lambda part: attempt(function, part), batch)


def _run_in_pool(
    function: Function[Item, Result],
    batches: Iterable[Sequence[Item]],
    workers: int,
    initializer: Callable[..., object] | None,
    initargs: tuple[Any, ...],
) -> Iterator[Result | Failure[Item]]:
    pool = _Pool(workers, function, initializer, initargs)
    waiting: deque[Future[list[Result | Failure[Item]]]] = deque()
    try:
        for batch in batches:
            waiting.append(pool.submit(batch))
            if len(waiting) >= workers * BATCHES_PER_WORKER:
                yield from _result_of(waiting.popleft())
        while waiting:
            yield from _result_of(waiting.popleft())
    finally:  # also on Ctrl-C and when the caller stops reading
        pool.stop()


def _result_of(future: Future[list[Result | Failure[Item]]]) -> list[Result | Failure[Item]]:
    while not future.done():
        wait([future], POLL_SECONDS)
    return future.result()


class _Pool:
    """Worker processes, each with a thread here that hands it batches and waits for the answer.

    A program that ends with batches in hand stops the pool on its way out; the threads are daemons, so
    that it need not wait for their batches before.
    """

    def __init__(
        self,
        workers: int,
        function: Callable[..., Any],
        initializer: Callable[..., object] | None,
        initargs: tuple[Any, ...],
    ) -> None:
        self._stopping = threading.Event()
        self._tasks: queue.SimpleQueue[tuple[Future[list[Any]], Sequence[Any]] | None] = queue.SimpleQueue()
        self._workers = [_Worker(function, initializer, initargs, self._stopping) for _ in range(workers)]
        self._threads = [
            threading.Thread(target=self._tend, args=(worker,), name="policy-corpus-engine", daemon=True)
            for worker in self._workers
        ]
        for thread in self._threads:
            thread.start()
        atexit.register(self.stop)

    def submit(self, batch: Sequence[Any]) -> Future[list[Any]]:
        future: Future[list[Any]] = Future()
        self._tasks.put((future, batch))
        return future

    def stop(self) -> None:
        if self._stopping.is_set():
            return
        self._stopping.set()
        atexit.unregister(self.stop)
        with _START_LOCK:  # none is half started, and none starts after this
            for worker in self._workers:
                worker.kill()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _tend(self, worker: "_Worker") -> None:
        while (task := self._tasks.get()) is not None and not self._stopping.is_set():
            future, batch = task
            try:
                future.set_result(settle(worker.attempt, batch))
            except Exception as error:  # raised again where the result is taken
                future.set_exception(error)


class _Worker:
    """One process at a time; a dead one is replaced when it is next needed."""

    def __init__(
        self,
        function: Callable[..., Any],
        initializer: Callable[..., object] | None,
        initargs: tuple[Any, ...],
        stopping: threading.Event,
    ) -> None:
        self._task = (function, initializer, initargs)
        self._stopping = stopping
        self._process: Any = None
        self._pipe: Connection | None = None

    def attempt(self, batch: Sequence[Any]) -> Any:
        """The function's result, or Raised; a worker that dies is given the batch once more."""
        for last in (False, True):
            try:
                return self._call(batch)
            except _WorkerDiedError as death:
                if self._stopping.is_set():
                    return Raised("stopped", "")
                if last:
                    return Raised(str(death), "")
        raise AssertionError("unreachable")

    def kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()
            process.join()

    def _call(self, batch: Sequence[Any]) -> Any:
        pipe = self._pipe or self._start()
        try:
            pipe.send(batch)
            return pipe.recv()
        except (EOFError, OSError):
            raise _WorkerDiedError(self._bury()) from None

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        with _START_LOCK:
            if self._stopping.is_set():
                raise _WorkerDiedError("stopped")
            _shield_from_ctrl_c()
            process = context.Process(target=_serve, args=(theirs, *self._task), daemon=True)
            process.start()
            self._process = process
        theirs.close()
        self._pipe = ours
        try:
            problem = ours.recv()
        except (EOFError, OSError):
            problem = f"it ended at once: {self._bury()}"
        if problem and not self._stopping.is_set():
            self._pipe = None
            raise PolicyCorpusError(
                f"a worker process could not start: {problem}",
                remedy="try --workers 1; a script that calls this needs: if __name__ == '__main__'",
            )
        return ours

    def _bury(self) -> str:
        """Clear away the dead process and say how it died."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        process.kill()  # its pipe is broken, so it is of no use even if it still runs
        process.join()
        code = process.exitcode
        if code is not None and code < 0:
            return f"the worker was killed ({signal.Signals(-code).name})"
        return f"the worker ended with code {code}"


_START_LOCK = threading.Lock()


def _shield_from_ctrl_c() -> None:
    """Block SIGINT in this thread, so that the processes it starts inherit that.

    Ctrl-C in a terminal goes to the whole group, and a worker that is still importing would print a
    traceback. The resource tracker of multiprocessing must run before: starting it unblocks SIGINT.
    """
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])


def _serve(
    pipe: Connection,
    function: Callable[..., Any],
    initializer: Callable[..., object] | None,
    initargs: tuple[Any, ...],
) -> None:
    """A worker's life: initialise, say so, answer batches until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    # Read by libraries when the initializer imports them. Set here, not in the parent before the start: to change
    # the environment while other threads (the database has some) may read it is not safe (setenv(3), getenv(3)).
    os.environ.update(ONE_THREAD)
    if "numpy" in sys.modules:  # by the caller's script, which is imported here before the variables are set
        from threadpoolctl import threadpool_limits

        threadpool_limits(1)
    try:
        if initializer:
            initializer(*initargs)
        pipe.send(None)
    except Exception as error:
        pipe.send(one_line(error))
        return
    while True:
        try:
            batch = pipe.recv()
        except (EOFError, OSError):
            return  # the parent is gone or has no more work
        answer = attempt(function, batch)
        try:
            pipe.send(answer)
        except OSError:
            return
        except Exception as error:  # the result does not pickle: a report of the batch, like any other
            pipe.send(Raised(one_line(error), traceback.format_exc()))
