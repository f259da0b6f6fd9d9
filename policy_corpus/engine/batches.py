"""What every engine offers, and what it does with one batch: name the item at fault, go on with the others."""

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Function = Callable[[Sequence[Item]], Result]

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "RAYON_NUM_THREADS",
    ),
    "1",
) | {"TOKENIZERS_PARALLELISM": "false"}
"""Environment of a worker: there are as many workers as cores."""


@dataclass(frozen=True, slots=True)
class Failure(Generic[Item]):
    """An item that could not be worked on alone; the items around it were."""

    item: Item
    error: str
    """One line for a person, such as ``ValueError: …`` or ``the worker was killed (SIGKILL)``."""
    detail: str = ""
    """The traceback, for a developer."""


@dataclass(frozen=True, slots=True)
class Raised:
    """What a batch raised, as it travels between processes."""

    error: str
    detail: str


class Engine(Protocol):
    """Runs batches somewhere; :mod:`policy_corpus.engine.local` is one, a Ray cluster is another."""

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
        """See :func:`policy_corpus.engine.local.run`."""

    def cores(self) -> int:
        """Workers that can be busy at once."""


def settle(attempt: Callable[[Sequence[Item]], Any], batch: Sequence[Item]) -> list[Any]:
    """Results of a batch; halves what fails until single items are left."""
    outcome = attempt(batch)
    if not isinstance(outcome, Raised):
        return [outcome]
    if len(batch) <= 1:
        return [Failure(item, outcome.error, outcome.detail) for item in batch]
    middle = len(batch) // 2
    return settle(attempt, batch[:middle]) + settle(attempt, batch[middle:])


def together(
    results: Iterable[list[Item] | Failure[Any]],
    enough: Callable[[list[Item]], bool],
    arrived: Callable[[list[Item]], object],
) -> Iterator[list[Item] | Failure[Any]]:
    """Results of several batches as one, when they are ``enough``; failures keep their place.

    ``arrived`` is told of each batch when it comes.
    """
    held: list[Item] = []
    for result in results:
        if not isinstance(result, Failure):
            arrived(result)
            held += result
            if not enough(held):
                continue
        if held:
            yield held
            held = []
        if isinstance(result, Failure):
            yield result
    if held:
        yield held


def attempt(function: Function[Item, Result], batch: Sequence[Item]) -> Result | Raised:
    """What the function returns for a batch, or what it raised."""
    # The border of the engine: whatever a batch raises is reported with its item, none is swallowed.
    try:
        return function(batch)
    except Exception as error:
        return Raised(one_line(error), traceback.format_exc())


def one_line(error: BaseException) -> str:
    """An error for a person."""
    return " ".join(f"{type(error).__name__}: {error}".split())
