"""The READMEs name what there is."""

from pathlib import Path

import pytest

from policy_corpus.cli import app
from policy_corpus.cli.coding import codebook_app

ROOT = Path(__file__).resolve().parents[1]
READMES = ["README.md", "README.zh-CN.md"]


def commands() -> list[str]:
    names = [c.name or (c.callback.__name__ if c.callback else "") for c in app.registered_commands]
    return names + [f"codebook {c.name}" for c in codebook_app.registered_commands]


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("command", commands())
def test_every_command_is_named(readme: str, command: str) -> None:
    assert command in (ROOT / readme).read_text(encoding="utf-8")


@pytest.mark.parametrize("readme", READMES)
def test_the_set_up_and_test_commands_exist(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    for script in ("scripts/demo", "scripts/test"):
        assert f"sh {script}" in text and (ROOT / script).is_file()
