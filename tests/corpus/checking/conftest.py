import shutil
from pathlib import Path

import pytest

from tests.corpus.checking.made import make


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checking")
    make(folder)
    return folder


@pytest.fixture
def corpus(original: Path, tmp_path: Path) -> Path:
    """A copy of the whole corpus, to be damaged."""
    shutil.copytree(original / "corpus", tmp_path / "corpus")
    return tmp_path / "corpus"
