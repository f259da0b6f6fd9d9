from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from policy_corpus.collect.captures import CaptureArchive
from policy_corpus.collect.found import ImportLimits
from policy_corpus.collect.importer import import_paths
from policy_corpus.records import Capture, Issue

Add = Callable[..., list[Capture | Issue]]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[CaptureArchive]:
    with CaptureArchive(tmp_path / "captures", {}) as opened:
        yield opened


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the current one, so that sources are short."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def add(archive: CaptureArchive) -> Add:
    def adder(
        *paths: str | Path, known: frozenset[str] = frozenset(), **limits: int
    ) -> list[Capture | Issue]:
        return list(
            import_paths(
                paths,
                archive,
                known,
                ImportLimits(**limits),
                clock=lambda: datetime(2024, 5, 1, 8, 30, tzinfo=UTC),
            )
        )

    return adder
