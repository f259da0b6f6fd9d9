"""Functions for worker processes: a worker finds them by name."""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

started_with = ""


def double(batch: Sequence[int]) -> list[int]:
    return [2 * number for number in batch]


def fails_on_7(batch: Sequence[int]) -> list[int]:
    if 7 in batch:
        raise ValueError("seven\nis bad")
    return double(batch)


def dies_on_7(batch: Sequence[int]) -> list[int]:
    if 7 in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return double(batch)


def dies_once(batch: Sequence[str]) -> str:
    """Dies until the file it is given exists."""
    try:
        Path(batch[0]).touch(exist_ok=False)
    except FileExistsError:
        return "second time"
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def first_is_slow(batch: Sequence[int]) -> list[int]:
    time.sleep(0.3 if 0 in batch else 0)
    return double(batch)


def sleeps(batch: Sequence[float]) -> int:
    time.sleep(batch[0])
    return os.getpid()


def process_and_threads(batch: Sequence[int]) -> tuple[int, str | None]:
    return os.getpid(), os.environ.get("OMP_NUM_THREADS")


def linear_algebra_threads(batch: Sequence[int]) -> list[int]:
    from threadpoolctl import threadpool_info

    return sorted({pool["num_threads"] for pool in threadpool_info()})


def remember(word: str) -> None:
    global started_with
    started_with = word


def remembered(batch: Sequence[int]) -> str:
    return started_with


def refuses() -> None:
    raise FileNotFoundError("no weights")


def not_picklable(batch: Sequence[int]) -> object:
    return (lambda: 0) if 7 in batch else double(batch)
