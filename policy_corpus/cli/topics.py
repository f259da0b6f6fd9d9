"""The command ``topics``: what a corpus is about."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_corpus.cli.filters import filtered
from policy_corpus.cli.linguistics import analyses
from policy_corpus.cli.shell import CorpusDir, Json, app, note, print_jsonl, terminal
from policy_corpus.corpus.analysing.filters import Filter, known
from policy_corpus.errors import PolicyCorpusError

if TYPE_CHECKING:
    from policy_corpus.analyse.topics.model import Method
    from policy_corpus.corpus.analysing.topics import CorpusTopics

MOST = 100
"""Topics that can be asked for."""


@app.command()
@filtered(without=("local",))
def topics(
    directory: CorpusDir,
    wanted: Filter,
    number: Annotated[
        str, typer.Option("-k", "--topics", help="How many free topics; auto: as many as come again.")
    ] = "auto",
    method: Annotated[str, typer.Option(help="nmf (steadier) or lda.")] = "nmf",
    seeded: Annotated[
        bool,
        typer.Option(
            "--seeded/--free", help="A topic for each code of the codebook as well; its field alone is read."
        ),
    ] = False,
    whole_text: Annotated[
        bool, typer.Option("--whole-text", help="Inherited, shared and repeated sentences too. 含承袭文本。")
    ] = False,
    as_json: Json = False,
) -> None:
    """What the documents are about: words, share, coherence, stability, passages. 主题。"""
    from policy_corpus.analyse.topics.model import METHODS

    known(method, METHODS, "method")
    if seeded and method != "nmf":
        raise PolicyCorpusError("topics of codes need --method nmf", None, "leave --method or --seeded out")
    found = _found(directory, replace(wanted, local=not whole_text), _number(number), method, seeded)  # type: ignore[arg-type]
    if as_json:
        from policy_corpus.corpus.analysing.topics import topic_rows

        print_jsonl(topic_rows(found))
    else:
        from policy_corpus.publish.topic_view import topics_view

        terminal().print(topics_view(found.found, found.passages))
    _notes(found, wanted, whole_text)


def _number(given: str) -> int | None:
    if given == "auto":
        return None
    if not given.isdigit() or not 2 <= int(given) <= MOST:
        raise PolicyCorpusError(f"not a number of topics: {given!r}", None, f"write -k auto, or 2 to {MOST}")
    return int(given)


def _notes(topics: "CorpusTopics", wanted: Filter, whole_text: bool) -> None:
    from policy_corpus.publish.topic_view import curve_line

    found = topics.found
    unstable = sum(not topic.is_stable for topic in found.topics)
    text = "whole text" if whole_text else "local text"
    note(
        f"{wanted}, {text}: {len(found.topics)} topics ({found.method}) of {found.texts:,} documents, {found.units:,} "
        f"stretches; NPMI {found.npmi:.2f}, C_v {found.c_v:.2f}, diversity {found.diversity:.2f}, "
        f"stability {found.stability:.2f}"
    )
    if topics.read < topics.documents:
        note(
            f"{topics.read:,} of {topics.documents:,} documents have such text, or were read of a large corpus"
        )
    if found.curve:
        note(f"stability by number of topics: {curve_line(found)}")
    if unstable:
        note(
            f"not stable, no ground for a finding (不稳定): {unstable} of {len(found.topics)}; "
            "they do not come again when documents are drawn anew"
        )
    if not found.is_finding:
        note(
            "most topics are unstable: this text has no clear topics; take them as a sorting, not as a finding"
        )
    if any(topic.code for topic in found.topics):
        note(
            "topics of codes are what sentences near their words speak of: judge them by NPMI more than by stability"
        )
    if found.unseeded:
        note(f"too little text for topics of their own: {', '.join(found.unseeded)}")


def _found(
    directory: Path, wanted: Filter, number: int | None, method: "Method", seeded: bool
) -> "CorpusTopics":
    return analyses(directory).topics.topics(wanted, number, method, seeded)
