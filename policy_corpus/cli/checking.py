"""Commands that check: whether a corpus is whole, whether an export can be made again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_corpus.cli.shell import (
    DONE,
    FAILURES,
    CorpusDir,
    Json,
    app,
    note,
    open_corpus_at,
    print_jsonl,
    progress_bars,
    terminal,
)

if TYPE_CHECKING:
    from policy_corpus.corpus.checking.reproduce import Reproduction


@app.command()
def doctor(
    directory: CorpusDir,
    repair: Annotated[
        bool, typer.Option("--repair", help="Remake what can be remade; captures are never deleted.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Read a sample of the captures and count rows, not every byte.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check a corpus: captures, rows, index, crawl; say what to do. 检查并修复语料库。

    Ends with 0 when it is whole, with 1 when something is left to be done.
    """
    from policy_corpus.corpus.checking import doctor as checks
    from policy_corpus.publish.health_view import facts_line, findings_view

    with progress_bars() as progress:
        look = checks.repair if repair else checks.examine
        report = look(directory, quick=quick, progress=progress)
    rows = report.rows()
    if as_json:
        print_jsonl(rows)
    elif rows:
        terminal().print(findings_view(rows))
    note(facts_line(report.facts))
    left = [finding for finding in report.findings if finding.severity != "note"]
    if report.repaired:
        note(f"{len(report.repaired)} repaired, {len(left)} left")
    elif left:
        repairable = sum(finding.is_repairable for finding in left)
        hint = (
            f"; policy-corpus doctor {directory} --repair remakes {repairable} of them" if repairable else ""
        )
        note(f"{len(left)} findings{hint}")
    else:
        note("nothing is wrong with this corpus")
    raise typer.Exit(DONE if report.is_healthy else FAILURES)


@app.command()
def reproduce(
    manifest: Annotated[
        Path, typer.Argument(metavar="MANIFEST", help="FILE.manifest.json, as export writes it beside FILE.")
    ],
    corpus_dir: Annotated[
        Path | None,
        typer.Option("--corpus", metavar="DIR", help="The corpus; default: the one around the manifest."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make an export again and say what differs: inputs, versions, models, settings, rows. 复现导出。

    Ends with 0 when it is the same in all, with 1 when anything differs.
    """
    from policy_corpus.corpus.checking.reproduce import corpus_of
    from policy_corpus.corpus.checking.reproduce import reproduce as make_again
    from policy_corpus.publish.health_view import areas_view, changes_view

    folder = corpus_of(manifest, corpus_dir)
    result = make_again(manifest, open_corpus_at(folder))
    if as_json:
        print_jsonl(result.rows())
    else:
        out = terminal()
        out.print(areas_view(result.differences))
        if result.changes and result.changes.examples:
            out.print(changes_view(result.changes))
    for line in _said(result, folder):
        note(line)
    raise typer.Exit(DONE if result.is_identical else FAILURES)


def _said(result: "Reproduction", folder: Path) -> list[str]:
    """What came of it, in words."""
    from policy_corpus.publish.health_view import changes_line, in_words

    before, now = result.before, result.now
    lines = in_words(result.differences, captures=(before.inputs["captures"], now.inputs["captures"]))
    if result.stale:
        lines.append(
            f"{result.stale:,} pages and documents here are not current: policy-corpus build {folder}, then try again"
        )
    if result.is_same_content:
        yet = "yet " if result.differences else ""
        lines.append(f"{yet}the export is the same, byte for byte: {now.rows:,} rows of {now.table}")
    else:
        lines.append(
            f"the export is not the same: {before.rows:,} rows of {before.table} then, {now.rows:,} now"
        )
    if result.old_file == "changed":
        lines.append("the file beside the manifest was changed after it was exported")
    if result.changes:
        against = "the file as it lies there" if result.old_file == "changed" else "the old file"
        lines.append(f"against {against}: {changes_line(result.changes)}")
        if not (result.changes.added or result.changes.gone or result.changes.changed):
            lines.append("every row is the same: their order or the writing of the file differs")
    return lines
