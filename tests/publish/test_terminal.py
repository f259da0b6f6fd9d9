"""What page text may do to a terminal: nothing."""

import json
from typing import Any

import pytest

from policy_corpus.cli.shell import note, print_jsonl, terminal
from policy_corpus.publish.show import document_view
from policy_corpus.publish.terminal import escaped_json, safe_console, shown

STEERING = {
    "colour": "\x1b[31m",
    "window name": "\x1b]0;rm\x07",
    "clipboard": "\x1b]52;c;cm0=\x1b\\",
    "C1 sequence": "\x9b31m",
    "bell": "\x07",
    "backspaces": "\x08\x08",
    "carriage return": "\r",
    "delete": "\x7f",
    "turned direction": "\u202e",
    "isolate": "\u2066",
    "line separator": "\u2028",
}
UNSAFE = {c for text in STEERING.values() for c in text if not c.isprintable()}


def _document(words: str) -> dict[str, Any]:
    text = f"云岭县{words}组织教师"
    return {
        "document_id": "d", "title": text, "body": text, "kind": "news", "source": text, "url": text, "part": 1,
        "issuer": text, "number": text, "region_name": text, "flags": [],
    }  # fmt: skip


class _Row(dict[str, Any]):
    def __missing__(self, key: str) -> None:
        return None


@pytest.mark.parametrize("words", STEERING.values(), ids=STEERING)
def test_a_shown_document_does_not_steer_the_terminal(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    terminal().print(document_view(_Row(_document(words)), [], {}))
    out = capsys.readouterr().out
    assert "组织教师" in out
    assert not UNSAFE & set(out)


@pytest.mark.parametrize("words", ["[red]云[/red]", "[/]", "[link=http://a.cn]云[/link]", ":smile:"])
def test_markup_in_a_page_is_text(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    from rich.table import Table

    table = Table("甲")
    table.add_row(words)
    terminal().print(table)
    assert words in capsys.readouterr().out


def test_colours_of_a_view_stay() -> None:
    from rich.text import Text

    segments = safe_console(80).render(Text("云岭\x1b县", style="bold"))
    assert [s.text for s in segments if s.style and s.style.bold] == ["云岭县"]


@pytest.mark.parametrize("words", STEERING.values(), ids=STEERING)
def test_a_note_with_a_file_name_does_not_steer_the_terminal(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    note(f"甲{words}乙.html")
    assert not (UNSAFE & set(capsys.readouterr().err))


@pytest.mark.parametrize("words", STEERING.values(), ids=STEERING)
def test_a_json_line_says_the_same_without_them(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_jsonl([{"text": words}])
    out = capsys.readouterr().out
    assert json.loads(out) == {"text": words}
    assert not UNSAFE & set(out)
    out.encode()


def test_half_a_pair_is_shown_as_a_replacement() -> None:
    assert shown("云\ud800岭") == "云\ufffd岭"
    assert escaped_json('"云\ud800岭"') == '"云\\ud800岭"'
