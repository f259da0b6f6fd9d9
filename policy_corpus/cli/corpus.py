"""Commands on a corpus as a whole: start it, fill it, build it, look into it, take rows out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_corpus.cli.filters import filtered
from policy_corpus.cli.shell import (
    DONE,
    FAILURES,
    CorpusDir,
    Json,
    Workers,
    app,
    first,
    list_issues,
    note,
    open_corpus_at,
    print_jsonl,
    progress_bars,
    terminal,
)
from policy_corpus.corpus.analysing.filters import Filter
from policy_corpus.errors import PolicyCorpusError

if TYPE_CHECKING:
    from policy_corpus.corpus import Corpus
    from policy_corpus.publish.progress import Progress


@app.command()
def init(directory: CorpusDir) -> None:
    """Start a corpus: write a commented corpus.toml and sources.toml. 新建语料库。"""
    from policy_corpus.corpus import init_corpus

    written = init_corpus(directory)
    for path in written:
        note(f"wrote {path}")
    note(
        f"next: policy-corpus add {directory} PATH…"
        if written
        else f"{directory} is a corpus already; nothing changed"
    )


@app.command()
def add(
    directory: CorpusDir,
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders, zip or WARC.")],
    urls: Annotated[
        list[str] | None,
        typer.Option(
            "--url",
            metavar="PATTERN",
            help="Only web pages at these addresses, * for anything: '*.gov.cn', 'www.example.cn/zwgk/*', "
            "'*/*notice*'; repeatable. Files without a web address come in.",
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(help="Only pages in this language: zh, in either script. docx and pdf come in."),
    ] = None,
    topics: Annotated[
        list[str] | None,
        typer.Option(
            "--topic",
            metavar="WORD",
            help="Only pages that hold this word, in either script; repeatable, any of them will do. "
            "docx and pdf come in.",
        ),
    ] = None,
    topic_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Topics, one a line; # begins a comment.")
    ] = None,
) -> None:
    """Import pages, documents, workbooks, archives; bytes and origin are kept untouched. 导入文件。

    WARC files of any size are read as a stream (Common Crawl's too, text records included).
    """
    from policy_corpus.corpus.collecting.intake import read_topics

    corpus = open_corpus_at(directory, to_fill=True)
    words = [*(topics or []), *(read_topics(topic_file) if topic_file else [])]
    with progress_bars() as progress:
        report = corpus.add(paths, progress, urls=urls or [], language=language, topics=words)
    refused = [issue for issue in report.issues if issue.severity == "error"]
    note(f"{report.added} added, {report.known} known already, {len(refused)} refused")
    for words_for, counts in (("kept out by filters", report.filtered), ("no pages", report.passed_over)):
        if counts:
            note(f"{words_for}: " + ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
    list_issues(issue for issue in report.issues if issue.reason not in ("filtered", "passed_over"))
    raise typer.Exit(FAILURES if refused else DONE)


@app.command()
def build(
    directory: CorpusDir,
    workers: Workers = None,
    engine: Annotated[
        str, typer.Option(help="local: processes on this machine; ray: a Ray cluster (extra: cluster).")
    ] = "local",
    address: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Join this Ray cluster (auto: the one this node is in); default: a Ray here.",
        ),
    ] = None,
    index: Annotated[
        bool,
        typer.Option(help="Bring the search index up to date at the end; the next search would. 检索索引。"),
    ] = True,
) -> None:
    """Clean and code whatever is not current; may be stopped and started again. 清洗并编码。"""
    from policy_corpus.corpus.building.build import WITHOUT_TEXT

    corpus = open_corpus_at(directory, to_fill=True)
    with progress_bars() as progress:
        report = corpus.build(workers=workers, engine=engine, address=address, progress=progress)
        if index:
            _index(corpus, progress)
    note(report.summary())
    if report.counts[WITHOUT_TEXT]:
        note(f"why pages gave no document: policy-corpus list {directory} issues")
    list_issues(report.failures)
    raise typer.Exit(FAILURES if report.failures else DONE)


def _index(corpus: "Corpus", progress: "Progress") -> None:
    """Bring the search index up to date, or say why it could not be; a search would do and say the same."""
    from policy_corpus.corpus.searching.search import CorpusSearch

    try:
        CorpusSearch(corpus, progress, note).prepare()
    except PolicyCorpusError as error:
        note(f"the search index is not up to date: {error}")


@app.command("list")
@filtered(copies=True)
def list_rows(
    directory: CorpusDir,
    table: Annotated[
        str,
        typer.Argument(
            help="documents, measures, regions, passages, mentions, issues, captures, clusters, topics or visits."
        ),
    ],
    wanted: Filter,
    limit: Annotated[int, typer.Option("-n", "--limit", help="Rows shown; 0 shows all.", min=0)] = 20,
    as_json: Json = False,
) -> None:
    """Show rows of a table. 查看表格。"""
    corpus = open_corpus_at(directory)
    rows = corpus.rows(table, **wanted.conditions())
    if as_json:
        print_jsonl(first(rows, limit))
        return
    from policy_corpus.publish.listing import listing

    shown = list(first(rows, limit))
    terminal().print(listing(table, shown, corpus.code_labels()))
    if limit and len(shown) == limit:
        note(f"the first {limit} rows; -n 0 shows all")
    if not shown:
        note(corpus.why_empty(table, **wanted.conditions()))


@app.command()
def show(
    directory: CorpusDir,
    record_id: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a document or measure, or its beginning.")
    ],
    raw: Annotated[
        bool, typer.Option("--raw", help="Also show the measure's place in the raw page.")
    ] = False,
    as_json: Json = False,
) -> None:
    """One document with its measures marked. 查看一篇文档及其措施。"""
    corpus = open_corpus_at(directory)
    document, measures = corpus.find(record_id)
    if as_json:
        print_jsonl([{**document, "measures": measures}])
        return
    from policy_corpus.publish.show import document_view, raw_view

    out = terminal()
    out.print(document_view(document, measures, corpus.code_labels()))
    if raw:
        text = corpus.raw_text(document["capture_id"])
        for measure in measures:
            if record_id not in ("", document["document_id"]) and not measure["measure_id"].startswith(
                record_id
            ):
                continue
            if text is None or measure["source_start"] is None:
                note(f"{measure['measure_id']}: this format has no raw text to point into")
                continue
            out.print(raw_view(text, measure["source_start"], measure["source_end"]))


@app.command()
@filtered(copies=True)
def export(
    directory: CorpusDir,
    table: Annotated[
        str,
        typer.Argument(
            help="documents, measures, regions, passages, mentions, issues, captures, clusters, topics or visits."
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--output", help="File to write.")],
    wanted: Filter,
    format_name: Annotated[
        str | None,
        typer.Option("--format", help="jsonl, csv, xlsx or parquet; default: by the file's ending."),
    ] = None,
    manifest: Annotated[
        bool,
        typer.Option(help="Also write FILE.manifest.json: what the file was made of, for reproduce."),
    ] = True,
) -> None:
    """Write a table to a file. 导出表格。"""
    corpus = open_corpus_at(directory)
    count = corpus.export(
        table, format_name or out.suffix.lstrip("."), out, manifest=manifest, **wanted.conditions()
    )
    note(f"{count} rows → {out}")
    if not count:
        note(corpus.why_empty(table, **wanted.conditions()))


@app.command()
def demo(
    keep: Annotated[
        Path | None, typer.Option(help="Keep the corpus in this folder instead of a temporary one.")
    ] = None,
    workers: Workers = None,
) -> None:
    """Build the shipped sample corpus and show what comes out. 演示。"""
    from policy_corpus.demo import run_demo

    with progress_bars() as progress:
        views = run_demo(keep, workers, progress)
    out = terminal()
    for view in views:
        out.print(view)
