"""What once crashed a reader is read or refused for good."""

from pathlib import Path

import pytest

from tests.hostile.probes import PROBES

SAVED = sorted(p for p in (Path(__file__).resolve().parents[2] / "fuzz" / "corpus").glob("*-*"))
BY_SLUG = {name.replace(" ", "_"): probe for name, probe in PROBES.items()}


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.name)
def test_a_crashing_input_of_former_times_is_survived(path: Path) -> None:
    BY_SLUG[path.name.partition("-")[0]](path.read_bytes())
