from pathlib import Path

import pytest

from policy_corpus.annotate.regions import Gazetteer
from policy_corpus.resources import DATA

TABLES = ("regions.tsv", "townships.tsv", "units.toml", "names.toml")


def read_gazetteer(folder: Path = DATA / "gazetteer") -> Gazetteer:
    return Gazetteer.from_tables(*[(folder / name).read_bytes() for name in TABLES])


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return read_gazetteer()
