"""Commands on what is collected from the web, and on what is still missing."""

from dataclasses import asdict
from typing import Annotated

import typer

from policy_corpus.cli.shell import (
    DONE,
    FAILURES,
    CorpusDir,
    Json,
    app,
    list_issues,
    note,
    open_corpus_at,
    print_jsonl,
    progress_bars,
    say,
    terminal,
)

sources_app = typer.Typer(
    help="The sources that crawl asks: try them, draft them. 采集来源。", no_args_is_help=True
)
app.add_typer(sources_app, name="sources")


@app.command()
def crawl(
    directory: CorpusDir,
    source: Annotated[str | None, typer.Option(help="Id of one source; default: all.")] = None,
    limit: Annotated[
        int | None, typer.Option(help="Items asked for in each source; the rest waits.", min=1)
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Read the list pages, keep nothing, say what would be asked for."),
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Read all list pages, also behind those of known items only.")
    ] = False,
    recheck: Annotated[
        bool, typer.Option("--recheck", help="Ask for all known items again, whether they changed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fetch what is new or changed from the sources in sources.toml; may be stopped and started again. 采集。"""
    from policy_corpus.publish.crawl_view import ledger_row, ledger_view, planned_view

    corpus = open_corpus_at(directory, to_fill=True)
    with progress_bars() as progress:
        report = corpus.crawl(
            source=source, limit=limit, dry_run=dry_run, full=full, recheck=recheck, progress=progress
        )
    if dry_run:
        if as_json:
            print_jsonl(
                {"source_id": of, "url": url, "title": title, "date": date}
                for of, url, title, date in report.planned
            )
        else:
            terminal().print(planned_view(report.planned))
        note(f"{len(report.planned)} items would be asked for; nothing was kept")
        return
    rows = [ledger_row(row) for row in report.sources]
    if as_json:
        print_jsonl(rows)
    else:
        terminal().print(ledger_view(rows))
    came = report.captured
    note(
        f"{came:,} pages and files came in; next: policy-corpus build {directory}" if came else "nothing new"
    )
    if report.stopped:
        note("stopped; the same command goes on from there")
    list_issues(report.issues)
    failed = any(issue.severity == "error" for issue in report.issues)
    raise typer.Exit(FAILURES if failed else DONE)


@sources_app.command("check")
def sources_check(directory: CorpusDir, as_json: Json = False) -> None:
    """Try each source on pages saved in DIR/sources/ID/ and say which selector fails. 用保存的网页检查来源。"""
    from policy_corpus.publish.crawl_view import checked_view

    corpus = open_corpus_at(directory)
    rows = corpus.check_sources()
    if as_json:
        print_jsonl(asdict(row) for row in rows)
    else:
        terminal().print(checked_view(rows))
    failing = sum(bool(row.problems) for row in rows)
    note(f"{len(corpus.sources.sources)} sources, {len(rows)} rows, {failing} with problems")
    raise typer.Exit(FAILURES if failing else DONE)


@sources_app.command("learn")
def sources_learn(
    list_page: Annotated[
        str, typer.Argument(metavar="LIST", help="A list page: its address, or a saved file.")
    ],
    item_page: Annotated[
        str | None, typer.Argument(metavar="ITEM", help="One of its items, likewise.")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="Address of the list page, when a saved file does not tell it.")
    ] = None,
    contact: Annotated[str, typer.Option(help="Your mail address or page; sent with the request.")] = "",
    private: Annotated[bool, typer.Option("--private", help="Allow addresses of a private network.")] = False,
) -> None:
    """Propose a source's table from one list page and one example item. 由例页提出来源设置。"""
    from policy_corpus.corpus.collecting.source_draft import draft_source

    say(draft_source(list_page, item_page, url=url, contact=contact, private=private))


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
