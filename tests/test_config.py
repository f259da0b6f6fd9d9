"""corpus.toml is read strictly: what is not understood is named, never guessed."""

from pathlib import Path

import pytest

from policy_corpus.config import SETTINGS_FILE, SOURCES_FILE, Settings, read_settings, write_defaults
from policy_corpus.errors import CorpusError, SettingsError


def written(folder: Path, text: str) -> Path:
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    return folder


def test_the_written_defaults_are_the_defaults(tmp_path: Path) -> None:
    assert {p.name for p in write_defaults(tmp_path / "宝鸡")} == {SETTINGS_FILE, SOURCES_FILE}
    assert read_settings(tmp_path / "宝鸡") == Settings(name="宝鸡")


def test_init_twice_keeps_what_a_person_wrote(tmp_path: Path) -> None:
    written(tmp_path, 'name = "mine"')
    assert [p.name for p in write_defaults(tmp_path)] == [SOURCES_FILE]
    assert read_settings(tmp_path).name == "mine"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[build]\nworker = 2", "did you mean workers"),
        ("[biuld]\nworkers = 2", "did you mean build"),
        ("[build]\nworkers = 'two'", "workers must be int"),
        ("[build]\nbatch = 0", "batch must be at least 1"),
        ("[annotate]\nmin_confidence = nan", "min_confidence must be at least 0"),
        ("[build]\nworkers = true", "workers must be int"),
        ("build = 3", "must be a table"),
        ("name = 3", "name must be a text"),
        ("format = 9", "format 9 is not the format 1"),
        ("[build\n", "cannot be read as TOML"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as caught:
        read_settings(written(tmp_path, text))
    assert SETTINGS_FILE in str(caught.value)


def test_a_folder_that_is_no_corpus_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="policy-corpus init"):
        read_settings(tmp_path)
