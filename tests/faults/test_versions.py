"""Tables of another version, and tables that were begun and not finished."""

import json
import shutil
from pathlib import Path

import lancedb
import pytest

from tests.faults.commands import PAGES, command, everything


@pytest.mark.parametrize(
    "asked", [("list", "documents"), ("export", "measures", "-o", "m.csv"), ("build",), ("add", PAGES[0])]
)
def test_a_newer_format_is_refused_by_name(built: Path, asked: tuple[object, ...]) -> None:
    (built / "tables" / "store.json").write_text(json.dumps({"format": 99}))
    assert command(asked[0], built, *asked[1:]).refuses("written by another version", "its format is 99")


def test_a_column_of_a_newer_version_is_refused_before_anything_is_written(built: Path) -> None:
    table = lancedb.connect(built / "tables").open_table("measures")
    table.add_columns({"mood": "'good'"})
    assert command("build", built).refuses("written by another version", "measures.mood")


def test_tables_of_an_older_version_are_read_or_said_to_need_a_build(
    built: Path, undisturbed: dict[str, list[str]]
) -> None:
    database = lancedb.connect(built / "tables")
    database.open_table("documents").drop_columns(["same_as"])
    refused = command("list", built, "documents", "--region", "51")
    assert (
        refused.refuses("older version", "documents lacks same_as", "policy-corpus build")
        or refused.code == 0
    )
    database.open_table("states").delete("stage = 'clean' OR stage = 'duplicates'")
    assert command("build", built, "--workers", 1).code == 0
    assert everything(built) == undisturbed


@pytest.mark.parametrize("table", ["captures", "measures", "states"])
def test_a_table_that_was_begun_and_not_made_is_made(
    added: Path, undisturbed: dict[str, list[str]], table: str
) -> None:
    folder = added / "tables" / f"{table}.lance"
    shutil.rmtree(folder)
    (folder / "_versions").mkdir(parents=True)
    (added / "tables" / "store.json").unlink()
    assert command("add", added, *PAGES).code == 0
    assert command("build", added, "--workers", 1).code == 0
    assert everything(added) == undisturbed
