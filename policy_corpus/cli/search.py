"""The command that searches a corpus."""

import csv
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from policy_corpus.cli.filters import filtered
from policy_corpus.cli.shell import (
    CorpusDir,
    Json,
    app,
    note,
    open_corpus_at,
    print_jsonl,
    progress_bars,
    terminal,
)
from policy_corpus.corpus.analysing.filters import Filter
from policy_corpus.errors import PolicyCorpusError


class Query(TyperCommand):
    """Takes ``-轮岗`` for what it is in a query, a word to leave out: no option begins with a Chinese character."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Shield such words with a space, so that they are no options."""
        return super().parse_args(ctx, [f" {a}" if a[:1] == "-" and a[1:2] > "\x7f" else a for a in args])


@app.command(cls=Query)
@filtered(copies=True, without=("local",))
def search(
    directory: CorpusDir,
    query: Annotated[
        str | None,
        typer.Argument(
            metavar="[QUERY]", help="Words; “phrase”, 《title》, 文号 exactly; -词 leaves out. 检索词。"
        ),
    ] = None,
    *,
    wanted: Filter,
    queries: Annotated[
        Path | None,
        typer.Option("--queries", help="A TSV file with columns qid and query; adds qid to every hit."),
    ] = None,
    limit: Annotated[int, typer.Option("-n", "--limit", help="Hits for each query.", min=1)] = 10,
    meaning: Annotated[bool, typer.Option(help="By meaning too, not by words alone. 语义检索。")] = True,
    as_json: Json = False,
) -> None:
    """Find sentences by words and meaning; each hit says why it is one. 检索。

    A sentence that stands in several documents is shown once, with its places; --json gives each place.
    """
    from policy_corpus.corpus.searching.search import CorpusSearch

    if (query is None) == (queries is None):
        raise PolicyCorpusError(
            "give a query, or a file with --queries", None, 'policy-corpus search DIR "教师轮岗"'
        )
    asked = read_queries(queries) if queries else [(None, query or "")]
    corpus = open_corpus_at(directory)
    with progress_bars() as progress:
        found = CorpusSearch(corpus, progress, note)
        found.prepare()
    from policy_corpus.publish.search.view import ALIKE, result_view

    for qid, text in asked:
        result = found.search(text, wanted, limit if as_json else ALIKE * limit, meaning=meaning)
        if as_json:
            print_jsonl(with_qid(hit.as_row(), qid) for hit in result.hits)
        else:
            if qid is not None:
                note(f"{qid} {text}")
            terminal().print(result_view(result, corpus.code_labels(), limit))
        if result.note:
            note(f"{text}: {result.note}")


def with_qid(row: dict[str, Any], qid: str | None) -> dict[str, Any]:
    """The row of a hit with the id of its query in front, in the batch form."""
    return row if qid is None else {"qid": qid, **row}


def read_queries(path: Path) -> list[tuple[str | None, str]]:
    """Ids and queries of a tab-separated file.

    Raises
    ------
    PolicyCorpusError
        A column is missing or the file holds no query.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (UnicodeDecodeError, csv.Error) as error:
        raise PolicyCorpusError(
            f"the queries cannot be read: {error}", str(path), "save them as UTF-8, one query a line"
        ) from None
    asked: list[tuple[str | None, str]] = [(row.get("qid"), row["query"]) for row in rows if row.get("query")]
    if not asked or not all(qid for qid, _ in asked):
        raise PolicyCorpusError("no queries in this file", str(path), "its first line must be: qid<TAB>query")
    return asked
