"""Commands on what codes the measures: the codebook and the classifier."""

from pathlib import Path
from typing import Annotated

import typer

from policy_corpus.cli.shell import (
    DONE,
    FAILURES,
    CorpusDir,
    GoldDirs,
    Json,
    app,
    note,
    open_corpus_at,
    print_jsonl,
    progress_bars,
    say,
    terminal,
)

codebook_app = typer.Typer(
    help="The codebook: check it, see what it misses. 编码手册。", no_args_is_help=True
)
app.add_typer(codebook_app, name="codebook")


@app.command()
def train(
    gold: GoldDirs,
    out: Annotated[Path, typer.Option("-o", "--output", help="Folder for the model.")],
    texts: Annotated[
        list[Path] | None, typer.Option("--texts", help="Folder with the full texts; repeatable.")
    ] = None,
) -> None:
    """Fit the classifier on coded sentences. 用已编码的句子训练分类器。"""
    from policy_corpus.corpus.coding.training import train_model

    for line in train_model(gold, out, texts or []):
        note(line)


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
    corpus = open_corpus_at(directory)
    with progress_bars() as progress:
        found = corpus.evaluate(
            gold, folds=folds, group=group, texts=texts or [], train_also=extra or [], progress=progress
        )
    if out:
        from policy_corpus.corpus.coding.evaluate import write_rows

        write_rows(found.rows, out)
    say(str(found))


@codebook_app.command("check")
def codebook_check(directory: CorpusDir) -> None:
    """Look for labels in two codes, dead labels, missing examples. 检查编码手册。"""
    findings = open_corpus_at(directory).check_codebook()
    for finding in findings:
        say(finding)
    note(f"{len(findings)} findings" if findings else "nothing to mend")
    raise typer.Exit(FAILURES if any(f.startswith("error") for f in findings) else DONE)


@codebook_app.command("uncovered")
def codebook_uncovered(
    directory: CorpusDir,
    limit: Annotated[int, typer.Option("-n", "--limit", help="Clusters shown; 0 shows all.", min=0)] = 20,
    as_json: Json = False,
) -> None:
    """What looks like a measure and is covered by no code, in clusters. 手册未涵盖的做法。"""
    found = open_corpus_at(directory).uncovered()
    gaps = found.gaps[:limit] if limit else found.gaps
    inside = sum(gap.clauses for gap in found.gaps)
    if as_json:
        print_jsonl(found.rows(limit))
    elif gaps:
        from policy_corpus.publish.codebook_view import gaps_view

        terminal().print(gaps_view(gaps))
    note(
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
    diff = open_corpus_at(directory).compare_codebooks(old, new)
    if as_json:
        print_jsonl(diff.rows())
    else:
        from policy_corpus.publish.codebook_view import diff_view

        terminal().print(diff_view(diff))
    for line in diff.summary():
        note(line)
