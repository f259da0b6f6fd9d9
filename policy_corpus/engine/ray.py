"""Batches through a Ray cluster: the same function in actors that Ray Data keeps busy wherever there are cores.

What goes out are names of items (and what the workers need to read them), what comes back are results; so the driver
holds names, and Ray holds back the workers when results are not taken. A worker that dies is started again and its
batches with it. What still does not come back goes out once more, item by item and one at a time for each worker, so
that the item that kills its worker stands alone.
"""

import contextlib
import logging
import os
import pickle
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from policy_corpus.engine.batches import ONE_THREAD, Failure, Item, Raised, Result, attempt, one_line, settle
from policy_corpus.errors import PolicyCorpusError

EXTRA = "pip install 'policy-corpus[cluster]'"
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".*",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
}
"""Read when ray is imported: nothing is reported to anyone, and no line of Ray's own gets into our output."""
LOCAL = "local"
"""Ray's word for a cluster of its own on this machine."""
LOCAL_STORE_BYTES = 512_000_000
"""Object store of such a cluster: a batch of 16 documents comes back as some 200 KB."""
IN_FLIGHT = 2
"""Batches at each worker, running or waiting."""
RETRIES = 1
"""A worker that was killed by chance gets its batches once more, as with the local engine."""
STARTS_LOST = 3
"""Workers in a row that may die while they start before the run ends."""
NUMBER, PACKED = "number", "packed"
"""Columns of a batch on its way out and back."""


@contextlib.contextmanager
def cluster(address: str | None = None, workers: int = 0) -> Iterator["Cluster"]:
    """An engine on a running cluster, or on a Ray of its own with ``workers`` processes; it ends with the block.

    Enter it before other libraries start threads: it sets :data:`QUIET` in the environment. Ray itself is started,
    or joined, when the first batches are run.

    Parameters
    ----------
    address : str, optional
        ``HOST:PORT`` of a running cluster, or ``auto``; without it a local one is started.
    workers : int
        Processes of a local one; 0 for as many as there are cores.

    Raises
    ------
    PolicyCorpusError
        Ray is not installed, or the address is none of a cluster.
    """
    os.environ.update(QUIET)
    _must_be_installed()
    if address and address.startswith("ray://"):
        raise PolicyCorpusError(
            "Ray Data cannot be driven through a Ray client", address,
            "run this command on a node of the cluster (ray job submit does) with --address auto",
        )  # fmt: skip
    engine = Cluster(address, workers or os.cpu_count() or 1)
    try:
        yield engine
    finally:
        engine.stop()


class Cluster:
    """The engine; see :func:`cluster`."""

    def __init__(self, address: str | None, workers: int) -> None:
        self._address = address
        self._workers = workers
        self._started = False

    def cores(self) -> int:
        """Cores of the cluster."""
        import ray

        self._start()
        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        return int(resources.get("CPU", 1))

    def stop(self) -> None:
        """End the local Ray, or leave the cluster; its actors end with that."""
        if self._started:
            import ray

            self._started = False
            ray.shutdown()

    def run(
        self,
        function: Callable[[Sequence[Item]], Result],
        batches: Iterable[Sequence[Any]],
        *,
        workers: int,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        read: Callable[[Sequence[Any]], Iterable[Item]] | None = None,
    ) -> Iterator[Result | Failure[Item]]:
        """Call ``function`` on every batch, as :func:`policy_corpus.engine.local.run` does.

        Results come in the order in which they are done. ``batches`` is read to its end before, so let it hold
        names and give ``read``, which is called in the workers.

        Raises
        ------
        PolicyCorpusError
            The cluster cannot be reached, ``initializer`` or ``read`` raised, or the run broke off.
        """
        waiting = list(batches)
        if not waiting:
            return
        self._start()
        stage = partial(_Stage, function, read, initializer, initargs)
        lost: list[Sequence[Any]] = []
        yield from self._pass(stage, waiting, workers, IN_FLIGHT, lost)
        single = [[name] for batch in lost for name in batch]
        lost = []
        yield from self._pass(stage, single, workers, 1, lost)
        for batch in lost:
            for item in read(batch) if read else batch:
                yield Failure(item, "the worker was killed")

    def _start(self) -> None:
        if self._started:
            return
        import ray

        _hush()
        common: dict[str, Any] = {"log_to_driver": False, "logging_level": "CRITICAL"}
        if not self._address:
            common |= {
                "num_cpus": self._workers, "include_dashboard": False, "object_store_memory": LOCAL_STORE_BYTES,
            }  # fmt: skip
        try:
            with _words_of_the_start_kept_back():
                ray.init(address=self._address or LOCAL, **common)
        except (ConnectionError, RuntimeError, ValueError, TimeoutError, OSError) as error:
            raise PolicyCorpusError(
                f"no Ray cluster could be {'joined' if self._address else 'started'}: {one_line(error)}",
                self._address or "this machine",
                "is it running, and does it want a token (export RAY_AUTH_MODE=token)? see docs/cluster.md"
                if self._address
                else "see docs/cluster.md; --engine local needs no Ray",
            ) from error
        self._started = True

    def _pass(
        self,
        stage: "partial[_Stage]",
        batches: Sequence[Sequence[Any]],
        workers: int,
        in_flight: int,
        lost: list[Sequence[Any]],
    ) -> Iterator[Any]:
        """Send batches out once; those whose workers died are put into ``lost``."""
        import ray

        answered: set[int] = set()
        try:
            for number, answer in _answers(stage, batches, min(workers, len(batches)), in_flight):
                answered.add(number)
                if isinstance(answer, Raised):
                    raise PolicyCorpusError(
                        f"a worker cannot do its work: {answer.error}", str(self._address or "local Ray"),
                        "each node needs the same policy-corpus, and the corpus under the same name: docs/cluster.md",
                    )  # fmt: skip
                yield from answer
        except ray.exceptions.RayError as error:
            raise PolicyCorpusError(
                f"the run on the cluster broke off: {one_line(error)[:300]}", str(self._address or "local Ray"),
                "run the command again: what was entered is kept",
            ) from error  # fmt: skip
        lost += [batch for number, batch in enumerate(batches) if number not in answered]


def _answers(
    stage: "partial[_Stage]", batches: Sequence[Sequence[Any]], workers: int, in_flight: int
) -> Iterator[tuple[int, list[Any] | Raised]]:
    """Number of each batch that came back, with its results and failures."""
    if not batches:
        return
    import ray.data

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.max_errored_blocks = -1  # what is lost is counted by _pass
    context.max_consecutive_actor_init_deaths = STARTS_LOST
    # The only door to these two (-1 retries is Ray Data's own: an item that kills its worker would do so for ever). It
    # closes with 2.64; pyproject.toml pins an earlier one.
    lives = {"max_restarts": -1, "max_task_retries": RETRIES}
    rows = [{NUMBER: number, PACKED: pickle.dumps(batch)} for number, batch in enumerate(batches)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
            _Worker,
            batch_size=None,  # one row a block, one block a call
            batch_format="pyarrow",
            fn_constructor_args=(stage,),
            compute=ray.data.ActorPoolStrategy(size=workers, max_tasks_in_flight_per_actor=in_flight),
            num_cpus=1,
            ray_remote_args_fn=lambda: lives,
        )
    _hush()
    tables: Iterable[Any] = dataset.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0)
    for table in tables:
        for number, packed in zip(table[NUMBER].to_pylist(), table[PACKED].to_pylist(), strict=True):
            yield number, pickle.loads(packed)


class _Worker:
    """What Ray Data makes an actor of."""

    def __init__(self, stage: "partial[_Stage]") -> None:
        # Read by libraries when the initializer imports them, see policy_corpus.engine.local.
        os.environ.update(ONE_THREAD)
        try:
            self._stage: _Stage | None = stage()
            self._problem = Raised("", "")
        except Exception as error:
            # Told by the first answer, which ends the run: an actor that raises here is only started again.
            self._stage = None
            self._problem = Raised(one_line(error), traceback.format_exc())

    def __call__(self, table: Any) -> Any:
        import pyarrow as pa  # type: ignore[import-untyped]

        batches = [pickle.loads(packed) for packed in table[PACKED].to_pylist()]
        answers = [pickle.dumps(self._stage(b) if self._stage else self._problem) for b in batches]
        return pa.table({NUMBER: table[NUMBER], PACKED: pa.array(answers, pa.large_binary())})


class _Stage:
    """A function with what it needs, made ready in a worker."""

    def __init__(
        self,
        function: Callable[[Sequence[Any]], Any],
        read: Callable[[Sequence[Any]], Iterable[Any]] | None,
        initializer: Callable[..., object] | None,
        initargs: tuple[Any, ...],
    ) -> None:
        self._function = function
        self._read = read
        if initializer:
            initializer(*initargs)

    def __call__(self, names: Sequence[Any]) -> list[Any] | Raised:
        """Results and failures of one batch; what reading it raised, if it did."""
        items = attempt(self._items, names)
        return items if isinstance(items, Raised) else settle(self._one, items)

    def _items(self, names: Sequence[Any]) -> list[Any]:
        return list(self._read(names)) if self._read else list(names)

    def _one(self, part: Sequence[Any]) -> Any:
        outcome: Any = attempt(self._function, part)
        # What does not pickle is a failure of its item, as with the local engine.
        packed = attempt(pickle.dumps, outcome)
        return packed if isinstance(packed, Raised) else outcome


def _must_be_installed() -> None:
    try:
        import ray.data  # noqa: F401
    except ImportError as error:
        raise PolicyCorpusError(
            "--engine ray needs Ray, which is not installed", str(error), EXTRA
        ) from error


@contextlib.contextmanager
def _words_of_the_start_kept_back() -> Iterator[None]:
    """Ray's C++ part tells, on file descriptor 2, that its log level was set; what goes wrong is raised."""
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a descriptor, not a file
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _hush() -> None:
    """Ray's own words go into its log files; what a person should know is raised or counted here."""
    for name in ("ray", "ray.data"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL)
