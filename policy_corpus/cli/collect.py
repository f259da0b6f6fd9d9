"""Commands on what is collected from the web, and on what is still missing."""

from dataclasses import asdict
from typing import Annotated

import typer

from policy_corpus.cli.shell import CorpusDir, Json, app, note, open_corpus_at, print_jsonl, terminal


@app.command()
def coverage(
    directory: CorpusDir,
    within: Annotated[
        str | None,
        typer.Option(help="Code of a region: each region in it is listed, with or without documents."),
    ] = None,
    level: Annotated[
        str | None, typer.Option(help="province, prefecture or county: smaller regions count for these.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Documents by region and year, and where nothing was found. 覆盖情况：各地各年有多少文档。"""
    from policy_corpus.publish.coverage_view import coverage_summary, coverage_view

    rows = open_corpus_at(directory).coverage(within=within, level=level)
    if as_json:
        print_jsonl({**asdict(row), "years": {str(y): n for y, n in row.years}} for row in rows)
    else:
        terminal().print(coverage_view(rows))
    note(coverage_summary(rows))
