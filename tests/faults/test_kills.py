"""The harness of benchmarks/faults.py with few kills: after each nothing is lost and nothing is doubled."""

from pathlib import Path

import pytest

from benchmarks.faults import STAGES, Line, run_stage
from tests.faults.commands import PAGES

KILLS = 3


@pytest.mark.heavy
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_is_killed_loses_nothing(tmp_path: Path, stage: str) -> None:
    line = Line(tmp_path, [stage], PAGES)
    try:
        trials = list(run_stage(line, stage, KILLS, set()))
    finally:
        line.close()
    assert [trial.number for trial in trials if trial.killed] == list(range(KILLS))
    for trial in trials:
        assert (trial.opened, trial.failed, trial.differences, trial.outlived) == (None, None, [], False)
