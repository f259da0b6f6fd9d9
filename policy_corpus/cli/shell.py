"""What every command shares: the application, its options, its ways to speak.

Data goes to stdout, progress and summaries to stderr. Exit code 0: done; 1: done with failures
listed; 2: could not start. Heavy libraries load where a command uses them, so help is quick.
"""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from rich.console import Console

    from policy_corpus.corpus import Corpus

SOURCES_NAMED = 3
"""Files named for one kind of problem; the issues table has them all."""
DONE, FAILURES, NOT_STARTED, INTERRUPTED = 0, 1, 2, 130

ORDER = (
    "demo", "init", "add", "crawl", "sources", "coverage", "build", "list", "show", "export", "search",
    "regions", "profile", "clusters", "peers", "compare", "topics", "local", "freq", "kwic", "keyness", "collocations",
    "dispersion", "ngrams", "terms", "codebook", "train", "evaluate", "doctor", "reproduce",
)  # fmt: skip
"""Commands in the order of a person's work."""


class Commands(TyperGroup):
    """Lists the commands in :data:`ORDER`, others last; Ctrl-C ends each of them with a word."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            note("stopped; what was finished is kept, the same command goes on from there")
            raise typer.Exit(INTERRUPTED) from None

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of the commands."""
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


app = typer.Typer(
    name="policy-corpus",
    cls=Commands,
    help="Chinese education-policy pages in, a catalogue of coded measures out. 教育政策网页 → 可查可引的措施目录。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _place(given: str) -> Path:
    from policy_corpus.places import corpus_place

    return corpus_place(given)


CorpusDir = Annotated[
    Path, typer.Argument(metavar="DIR", help="The corpus: a folder, or s3://bucket/prefix.", parser=_place)
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for machines.")]
Workers = Annotated[
    int | None, typer.Option(help="Processes; default: one for each core (or corpus.toml).", min=1)
]
GoldDirs = Annotated[
    list[Path], typer.Option("--gold", help="Folder with sentences.tsv and codes.tsv; repeatable.")
]


def fail(message: str) -> None:
    """End with the exit code for what could not start."""
    note(f"policy-corpus: {message}")
    sys.exit(NOT_STARTED)


def open_corpus_at(directory: Path, *, to_fill: bool = False) -> "Corpus":
    """The corpus in a folder; unless the command is ``to_fill`` it, what is not built yet is said on stderr."""
    from policy_corpus.corpus import open_corpus

    corpus = open_corpus(directory)
    if not to_fill and (line := corpus.not_built()):
        note(line)
    return corpus


def terminal() -> "Console":
    """The terminal that data goes to."""
    from policy_corpus.publish.terminal import safe_console

    return safe_console(None if sys.stdout.isatty() or "COLUMNS" in os.environ else 160)


def note(line: str) -> None:
    """A line for the person, on stderr."""
    say(line, to_person=True)


def say(text: str, *, to_person: bool = False) -> None:
    """Text on stdout, without what steers a terminal; everything a command prints goes through here or a console."""
    from policy_corpus.publish.terminal import shown

    typer.echo(shown(text), err=to_person)


def progress_bars() -> Any:
    """Progress on stderr."""
    from policy_corpus.publish.progress import terminal_progress

    return terminal_progress()


def first(rows: Iterable[dict[str, Any]], limit: int) -> Iterable[dict[str, Any]]:
    """The first ``limit`` rows, or all for 0."""
    for index, row in enumerate(rows):
        if limit and index == limit:
            return
        yield row


def print_jsonl(rows: Iterable[dict[str, Any]]) -> None:
    """Rows as JSON lines on stdout."""
    from policy_corpus.publish.columns import rounded
    from policy_corpus.publish.terminal import escaped_json

    for row in rows:
        say(escaped_json(json.dumps(rounded(row), ensure_ascii=False)))


def list_issues(issues: Iterable[Any]) -> None:
    """Problems with their remedy; the same problem in many files is told once."""
    alike: dict[tuple[str, str], list[str]] = {}
    for issue in issues:
        place = f" {issue.place}" if issue.place else ""
        alike.setdefault((issue.message, issue.remedy), []).append(f"{issue.source}{place}")
    for (message, remedy), sources in alike.items():
        note(f"  {message} → {remedy}")
        for source in sources[:SOURCES_NAMED]:
            note(f"    {source}")
        if len(sources) > SOURCES_NAMED:
            note(
                f"    and {len(sources) - SOURCES_NAMED} more; see all with: policy-corpus list DIR issues -n 0"
            )
