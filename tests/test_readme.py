"""The READMEs name what there is."""

from pathlib import Path

import pytest

from policy_corpus.cli import app

ROOT = Path(__file__).resolve().parents[1]
READMES = ["README.md", "README.zh-CN.md"]


def commands() -> list[str]:
    names = [c.name or (c.callback.__name__ if c.callback else "") for c in app.registered_commands]
    groups = [
        (g.name, g.typer_instance.registered_commands) for g in app.registered_groups if g.typer_instance
    ]
    return names + [f"{name} {command.name}" for name, grouped in groups for command in grouped]


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("command", commands())
def test_every_command_is_named(readme: str, command: str) -> None:
    assert command in (ROOT / readme).read_text(encoding="utf-8")


@pytest.mark.parametrize("readme", READMES)
def test_the_set_up_and_test_commands_exist(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    for script in ("scripts/demo", "scripts/test"):
        assert f"sh {script}" in text and (ROOT / script).is_file()
