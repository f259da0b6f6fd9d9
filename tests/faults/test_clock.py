"""Clocks that jump: nothing is lost, nobody waits."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.commands import PAGES, command, everything

ROOT = Path(__file__).resolve().parents[2]
FAKETIME = shutil.which("faketime")
JUMPS = ("-400 days", "+400 days")


def at(jump: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A command of a process whose clock is wrong by so much."""
    if FAKETIME is None:
        pytest.skip("faketime is not installed")
    return subprocess.run(
        [FAKETIME, "-f", jump.replace(" days", "d"), sys.executable, "-m", "policy_corpus", *map(str, arguments)],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT), "FAKETIME_DONT_FAKE_MONOTONIC": "1"},
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("jumps", [JUMPS, JUMPS[::-1]], ids=["back and forth", "forth and back"])
def test_a_corpus_that_is_filled_and_built_by_wrong_clocks_is_the_same(
    added: Path, undisturbed: dict[str, list[str]], jumps: tuple[str, str]
) -> None:
    assert at(jumps[0], "add", added, *PAGES).returncode == 0
    built = at(jumps[0], "build", added, "--workers", 1)
    assert built.returncode == 0, built.stderr
    assert at(jumps[1], "build", added, "--workers", 1).returncode == 0
    assert at(jumps[1], "search", added, "教师").returncode == 0
    assert command("build", added, "--workers", 1).code == 0
    assert command("search", added, "教师", "--json").out
    assert everything(added) == undisturbed
