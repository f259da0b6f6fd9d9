from pathlib import Path

import pytest

from tests.faults.commands import copy_of, everything, filled


@pytest.fixture(scope="session")
def added_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("added") / "corpus")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("built") / "corpus", built=True)


@pytest.fixture(scope="session")
def undisturbed(built_once: Path) -> dict[str, list[str]]:
    return everything(built_once)


@pytest.fixture
def added(added_once: Path, tmp_path: Path) -> Path:
    """A corpus with captures and no documents."""
    return copy_of(added_once, tmp_path / "added")


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Path:
    """A corpus that is built and was not searched."""
    return copy_of(built_once, tmp_path / "built")
