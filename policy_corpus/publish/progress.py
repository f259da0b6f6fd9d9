"""Progress on a terminal: stage, count, rate, time left."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """What a long job tells while it runs."""

    def stage(self, name: str, total: int | None) -> None:
        """Begin a stage of ``total`` items (None: not known)."""

    def advance(self, count: int = 1) -> None:
        """Say that ``count`` more items of the stage are done."""


class Silent:
    """Progress that nobody watches."""

    def stage(self, name: str, total: int | None) -> None:
        """Say nothing."""

    def advance(self, count: int = 1) -> None:
        """Say nothing."""


@contextmanager
def terminal_progress() -> Iterator[Progress]:
    """Bars on stderr while the block runs; nothing at all when stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars
    from rich.progress import Task as BarTask

    class Rate(TextColumn):
        def render(self, task: BarTask) -> "object":  # type: ignore[override]
            from rich.text import Text

            return Text(f"{task.speed:,.1f}/s" if task.speed else "", style="dim")

    console = Console(stderr=True)
    if not console.is_terminal:
        yield Silent()
        return
    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(""),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console) as bars:

        class Shown:
            current: TaskID | None = None

            def stage(self, name: str, total: int | None) -> None:
                self.current = bars.add_task(name, total=total)

            def advance(self, count: int = 1) -> None:
                if self.current is not None:
                    bars.advance(self.current, count)

        yield Shown()
