"""The command that sets regions side by side."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from policy_corpus.cli.filters import filtered
from policy_corpus.cli.linguistics import analyses
from policy_corpus.cli.shell import FAILURES, CorpusDir, Json, app, note, print_jsonl, terminal
from policy_corpus.corpus.analysing.filters import Filter


@app.command()
@filtered
def compare(
    directory: CorpusDir,
    names: Annotated[
        list[str],
        typer.Argument(metavar="REGION…", help="Two regions or more, by code or name: 610300 渭南市"),
    ],
    wanted: Filter,
    out: Annotated[
        Path | None, typer.Option("-o", "--output", help="Report to write: .docx, .xlsx, .html or .md.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Regions side by side: measures, numbers, dates, with quotes; into a report with -o. 地区对照。"""
    from policy_corpus.corpus.analysing.compare import UntracedError

    wanted = replace(wanted, region=None)
    comparisons = analyses(directory).comparisons
    try:
        found = comparisons.write(names, wanted, out) if out else comparisons.compare(names, wanted)
    except UntracedError as error:
        note(f"policy-corpus: {error}")
        raise typer.Exit(FAILURES) from error
    if as_json:
        print_jsonl([asdict(found)])
    elif out is None:  # the view says itself what is missing
        from policy_corpus.publish.compare.terminal import comparison_view

        terminal().print(comparison_view(found))
        note("with quotes and sources: -o report.docx, .xlsx, .html or .md")
        return
    for code, name in found.unread:
        note(f"no document of {name} {code} in {wanted}: nothing is known of it (not: it does nothing)")
    for side in found.sides:
        if side.is_thin:
            note(f"{side.short}: {side.measures.value} measures only; what is not found there says nothing")
    if out:
        note(f"{len(found.sides)} regions, {len(found.quotes)} quotes, every figure recounted → {out}")
