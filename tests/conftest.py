"""Counts the floors that could not run because the shared gold is absent, and says so at the end."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.shared import SHARED

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

FLOOR = "floor not run"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    absent = [report for report in skipped if FLOOR in str(report.longrepr)]
    terminalreporter.write_line(f"floors not run because the shared gold is absent: {len(absent)}")


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"{FLOOR}: the shared gold folder is absent")
    return SHARED
