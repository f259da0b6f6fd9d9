"""One row a tool: what was asked of it, how well it did, how fast; printed beside ours."""

from collections.abc import Sequence
from dataclasses import dataclass

OURS = "policy_corpus"


@dataclass(frozen=True)
class Row:
    """``quality`` is named by ``measure``; ``speed`` is in ``unit`` a second."""

    task: str
    tool: str
    quality: float | None
    measure: str
    speed: float | None
    unit: str


def show(rows: Sequence[Row]) -> None:
    """A block a task; ratios are ours to theirs, so above 1 is ours faster."""
    print(f"{'task':<28}{'tool':<40}{'quality':>9}  {'measure':<22}{'speed':>10} {'unit':<12}{'ours is':>9}")
    for task in dict.fromkeys(row.task for row in rows):
        block = [row for row in rows if row.task == task]
        own = next((row.speed for row in block if row.tool.startswith(OURS)), None)
        for row in block:
            quality = "" if row.quality is None else f"{row.quality:.3f}"
            speed = "" if row.speed is None else f"{row.speed:,.1f}"
            is_peer = own and row.speed and not row.tool.startswith(OURS)
            ratio = f"{own / row.speed:.1f} ×" if is_peer and own and row.speed else ""
            print(
                f"{task:<28}{row.tool:<40}{quality:>9}  {row.measure:<22}{speed:>10} {row.unit:<12}{ratio:>9}"
            )
            task = ""
