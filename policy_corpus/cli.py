"""The command line: a thin skin over :class:`policy_corpus.corpus.Corpus`.

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

from policy_corpus.errors import PolicyCorpusError

if TYPE_CHECKING:
    from rich.console import Console

    from policy_corpus.corpus import Corpus

SOURCES_NAMED = 3
"""Files named for one kind of problem; the issues table has them all."""
DONE, FAILURES, NOT_STARTED, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="policy-corpus",
    help="Chinese education-policy pages in, a catalogue of coded measures out. 教育政策网页 → 可查可引的措施目录。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
codebook_app = typer.Typer(
    help="The codebook: check it, see what it misses. 编码手册。", no_args_is_help=True
)
app.add_typer(codebook_app, name="codebook")

CorpusDir = Annotated[Path, typer.Argument(metavar="DIR", help="The corpus folder.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for machines.")]
Workers = Annotated[
    int | None, typer.Option(help="Processes; default: one for each core (or corpus.toml).", min=1)
]
GoldDirs = Annotated[
    list[Path], typer.Option("--gold", help="Folder with sentences.tsv and codes.tsv; repeatable.")
]


@app.command()
def init(directory: CorpusDir) -> None:
    """Start a corpus: write a commented corpus.toml and sources.toml. 新建语料库。"""
    from policy_corpus.corpus import init_corpus

    written = init_corpus(directory)
    for path in written:
        _note(f"wrote {path}")
    _note(
        f"next: policy-corpus add {directory} PATH…"
        if written
        else f"{directory} is a corpus already; nothing changed"
    )


@app.command()
def add(
    directory: CorpusDir,
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders, zip or WARC.")],
) -> None:
    """Import html, txt, md, docx, pdf; bytes and origin are kept untouched. 导入文件。"""
    corpus = _open(directory)
    with _progress() as progress:
        report = corpus.add(paths, progress)
    refused = [issue for issue in report.issues if issue.severity == "error"]
    _note(f"{report.added} added, {report.known} known already, {len(refused)} refused")
    _list_issues(report.issues)
    raise typer.Exit(FAILURES if refused else DONE)


@app.command()
def build(directory: CorpusDir, workers: Workers = None) -> None:
    """Clean and code whatever is not current; may be stopped and started again. 清洗并编码。"""
    from policy_corpus.build import WITHOUT_TEXT

    corpus = _open(directory)
    with _progress() as progress:
        report = corpus.build(workers=workers, progress=progress)
    _note(report.summary())
    if report.counts[WITHOUT_TEXT]:
        _note(f"why pages gave no document: policy-corpus list {directory} issues")
    _list_issues(report.failures)
    raise typer.Exit(FAILURES if report.failures else DONE)


@app.command("list")
def list_rows(
    directory: CorpusDir,
    table: Annotated[
        str, typer.Argument(help="documents, measures, regions, passages, mentions, issues or captures.")
    ],
    limit: Annotated[int, typer.Option("-n", "--limit", help="Rows shown; 0 shows all.", min=0)] = 20,
    region: Annotated[
        str | None, typer.Option(help="Region code or its beginning: 51, 5105, 510525.")
    ] = None,
    code: Annotated[str | None, typer.Option(help="Code of a measure: pairing, rotation, …")] = None,
    status: Annotated[str | None, typer.Option(help="done, planned or advised.")] = None,
    as_json: Json = False,
) -> None:
    """Show rows of a table. 查看表格。"""
    corpus = _open(directory)
    rows = corpus.rows(table, region=region, code=code, status=status)
    if as_json:
        _print_jsonl(_first(rows, limit))
        return
    from policy_corpus.publish.listing import listing

    shown = list(_first(rows, limit))
    _out().print(listing(table, shown, corpus.code_labels()))
    if limit and len(shown) == limit:
        _note(f"the first {limit} rows; -n 0 shows all")
    if not shown:
        _note(corpus.why_empty(table, region=region, code=code, status=status))


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
    corpus = _open(directory)
    document, measures = corpus.find(record_id)
    if as_json:
        _print_jsonl([{**document, "measures": measures}])
        return
    from policy_corpus.publish.show import document_view, raw_view

    out = _out()
    out.print(document_view(document, measures, corpus.code_labels()))
    if raw:
        text = corpus.raw_text(document["capture_id"])
        for measure in measures:
            if record_id not in ("", document["document_id"]) and not measure["measure_id"].startswith(
                record_id
            ):
                continue
            if text is None or measure["source_start"] is None:
                _note(f"{measure['measure_id']}: this format has no raw text to point into")
                continue
            out.print(raw_view(text, measure["source_start"], measure["source_end"]))


@app.command()
def export(
    directory: CorpusDir,
    table: Annotated[
        str, typer.Argument(help="documents, measures, regions, passages, mentions, issues or captures.")
    ],
    out: Annotated[Path, typer.Option("-o", "--output", help="File to write.")],
    format_name: Annotated[
        str | None,
        typer.Option("--format", help="jsonl, csv, xlsx or parquet; default: by the file's ending."),
    ] = None,
) -> None:
    """Write a table to a file. 导出表格。"""
    corpus = _open(directory)
    count = corpus.export(table, format_name or out.suffix.lstrip("."), out)
    _note(f"{count} rows → {out}")


@app.command()
def train(
    gold: GoldDirs,
    out: Annotated[Path, typer.Option("-o", "--output", help="Folder for the model.")],
    texts: Annotated[
        list[Path] | None, typer.Option("--texts", help="Folder with the full texts; repeatable.")
    ] = None,
) -> None:
    """Fit the classifier on coded sentences. 用已编码的句子训练分类器。"""
    from policy_corpus.training import train_model

    for line in train_model(gold, out, texts or []):
        _note(line)


@app.command()
def evaluate(
    directory: CorpusDir,
    gold: GoldDirs,
    folds: Annotated[
        int, typer.Option(help="Refit without each fold; 0 scores the corpus's own model.", min=0)
    ] = 0,
    group: Annotated[str, typer.Option(help="What a fold keeps together: document or page.")] = "document",
    out: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write the measures as JSON lines.")
    ] = None,
    texts: Annotated[
        list[Path] | None, typer.Option("--texts", help="Folder with the full texts; repeatable.")
    ] = None,
    extra: Annotated[
        list[Path] | None,
        typer.Option("--train-also", help="Gold folder that is always in training; repeatable."),
    ] = None,
) -> None:
    """Precision, recall and F1 per code against coded sentences, with intervals. 与人工编码比对。"""
    corpus = _open(directory)
    with _progress() as progress:
        found = corpus.evaluate(
            gold, folds=folds, group=group, texts=texts or [], train_also=extra or [], progress=progress
        )
    if out:
        from policy_corpus.evaluate import write_rows

        write_rows(found.rows, out)
    typer.echo(str(found))


@app.command()
def demo(
    keep: Annotated[
        Path | None, typer.Option(help="Keep the corpus in this folder instead of a temporary one.")
    ] = None,
    workers: Workers = None,
) -> None:
    """Build the shipped sample corpus and show what comes out. 演示。"""
    from policy_corpus.demo import run_demo

    with _progress() as progress:
        views = run_demo(keep, workers, progress)
    out = _out()
    for view in views:
        out.print(view)


@codebook_app.command("check")
def codebook_check(directory: CorpusDir) -> None:
    """Look for labels in two codes, dead labels, missing examples. 检查编码手册。"""
    findings = _open(directory).check_codebook()
    for finding in findings:
        typer.echo(finding)
    _note(f"{len(findings)} findings" if findings else "nothing to mend")
    raise typer.Exit(FAILURES if any(f.startswith("error") for f in findings) else DONE)


@codebook_app.command("uncovered")
def codebook_uncovered(
    directory: CorpusDir,
    limit: Annotated[int, typer.Option("-n", "--limit", help="Clusters shown; 0 shows all.", min=0)] = 20,
    as_json: Json = False,
) -> None:
    """What looks like a measure and is covered by no code, in clusters. 手册未涵盖的做法。"""
    found = _open(directory).uncovered()
    gaps = found.gaps[:limit] if limit else found.gaps
    inside = sum(gap.clauses for gap in found.gaps)
    if as_json:
        _print_jsonl(found.rows(limit))
    elif gaps:
        from policy_corpus.publish.codebook_view import gaps_view

        _out().print(gaps_view(gaps))
    _note(
        f"{found.clauses:,} clauses of {found.sentences:,} sentences look like measures and carry no code; "
        f"{inside:,} of them form {len(found.gaps)} clusters, {len(gaps)} shown"
    )


@codebook_app.command("diff")
def codebook_diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A codebook file.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Another one.")],
    directory: CorpusDir,
    as_json: Json = False,
) -> None:
    """Which documents, regions and counts an edit changes; nothing is written. 改动手册的影响。"""
    diff = _open(directory).compare_codebooks(old, new)
    if as_json:
        _print_jsonl(diff.rows())
    else:
        from policy_corpus.publish.codebook_view import diff_view

        _out().print(diff_view(diff))
    for line in diff.summary():
        _note(line)


def main() -> None:
    """Entry point: every expected error becomes one line that says what, where, what next."""
    try:
        app()
    except PolicyCorpusError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _note("stopped; what was finished is kept, the same command goes on from there")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
    except OSError as error:  # the disk, rights, a folder where a file should be: nothing to mend in code
        where = f" ({error.filename})" if error.filename else ""
        _fail(f"{error.strerror or error}{where} → check the path, the rights to it and the free space")


def _fail(message: str) -> None:
    typer.echo(f"policy-corpus: {message}", err=True)
    sys.exit(NOT_STARTED)


def _open(directory: Path) -> "Corpus":
    from policy_corpus.corpus import open_corpus

    return open_corpus(directory)


def _out() -> "Console":
    from rich.console import Console

    piped = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 160
    return Console(width=piped, highlight=False)


def _note(line: str) -> None:
    typer.echo(line, err=True)


def _progress() -> Any:
    from policy_corpus.publish.progress import terminal_progress

    return terminal_progress()


def _first(rows: Iterable[dict[str, Any]], limit: int) -> Iterable[dict[str, Any]]:
    for index, row in enumerate(rows):
        if limit and index == limit:
            return
        yield row


def _print_jsonl(rows: Iterable[dict[str, Any]]) -> None:
    from policy_corpus.publish.columns import rounded

    for row in rows:
        typer.echo(json.dumps(rounded(row), ensure_ascii=False))


def _list_issues(issues: Iterable[Any]) -> None:
    """Problems with their remedy; the same problem in many files is told once."""
    alike: dict[tuple[str, str], list[str]] = {}
    for issue in issues:
        place = f" {issue.place}" if issue.place else ""
        alike.setdefault((issue.message, issue.remedy), []).append(f"{issue.source}{place}")
    for (message, remedy), sources in alike.items():
        _note(f"  {message} → {remedy}")
        for source in sources[:SOURCES_NAMED]:
            _note(f"    {source}")
        if len(sources) > SOURCES_NAMED:
            _note(
                f"    and {len(sources) - SOURCES_NAMED} more; see all with: policy-corpus list DIR issues -n 0"
            )
