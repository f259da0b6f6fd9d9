"""Commands of corpus linguistics: each over any filter as a sub-corpus."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from policy_corpus.cli.filters import EveryWord, Limit, MinCount, filtered
from policy_corpus.cli.shell import (
    CorpusDir,
    Json,
    app,
    first,
    note,
    open_corpus_at,
    print_jsonl,
    progress_bars,
    terminal,
)
from policy_corpus.corpus.analysing.filters import PARTS, Filter, known
from policy_corpus.errors import PolicyCorpusError

if TYPE_CHECKING:
    from policy_corpus.corpus.analysing.statistics import Analyses

Parts = Annotated[str, typer.Option("--by", help="What counts as one part: document, family, region, year.")]
Node = Annotated[str, typer.Argument(metavar="WORD", help="A word or phrase: 教育集团")]


@app.command()
@filtered
def freq(
    directory: CorpusDir,
    wanted: Filter,
    by: Parts = "document",
    every_word: EveryWord = False,
    limit: Limit = 30,
    as_json: Json = False,
) -> None:
    """How often each word stands, and in how many documents. 词频。"""
    known(by, PARTS, "part")
    counts, rows = analyses(directory).frequencies(wanted, by, every_word)  # type: ignore[arg-type]
    show("frequencies", rows, limit, as_json)
    note(
        f"{wanted}: {counts.size:,} running words in {counts.text_count:,} parts (by {by}), {len(rows):,} words"
    )


@app.command()
@filtered
def kwic(
    directory: CorpusDir,
    node: Node,
    wanted: Filter,
    window: Annotated[int, typer.Option(help="Characters on either side.", min=1)] = 20,
    sort: Annotated[str, typer.Option(help="source, left, right, region, year or status.")] = "source",
    whole_words: Annotated[bool, typer.Option("--whole-words", help="Only whole words.")] = False,
    limit: Limit = 30,
    as_json: Json = False,
) -> None:
    """Every place of a string with its surroundings, document and offsets. 语境共现。"""
    from policy_corpus.analyse.linguistics.concordance import SORTS

    known(sort, SORTS, "order")
    lines = analyses(directory).concordance(node, wanted, window, sort, whole_words)  # type: ignore[arg-type]
    if as_json:
        print_jsonl(first((asdict(line) for line in lines), limit))
    else:
        from policy_corpus.publish.analyse_views import concordance_view

        terminal().print(concordance_view(lines[: limit or None], sort))  # type: ignore[arg-type]
    documents = len({line.document_id for line in lines})
    note(f"{wanted}: {len(lines):,} places in {documents:,} documents" + _shown(len(lines), limit))


@app.command()
@filtered
def keyness(
    directory: CorpusDir,
    wanted: Filter,
    against: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE", help="The reference, as filters: region=610000; default: the rest. 参照。"
        ),
    ] = None,
    names: Annotated[bool, typer.Option("--names", help="Names of places too. 含地名。")] = False,
    negative: Annotated[bool, typer.Option("--negative", help="Words that are rarer, first.")] = False,
    min_count: MinCount = 5,
    every_word: EveryWord = False,
    limit: Limit = 30,
    as_json: Json = False,
) -> None:
    """Words that one part uses more than another: G2, effect size, correction. 关键词。"""
    reference = Filter.parse(against) if against else None
    target, other, rows = analyses(directory).keyness(wanted, reference, every_word, min_count, names)
    show("keywords", rows[::-1] if negative else rows, limit, as_json)
    significant = sum(row.p_adjusted < 0.05 for row in rows)
    note(
        f"{wanted} ({target.size:,} words) against {reference or 'the rest of the corpus'} ({other.size:,} words): "
        f"{significant:,} of {len(rows):,} words differ (Benjamini–Hochberg, 5 % false finds)"
    )


@app.command()
@filtered
def collocations(
    directory: CorpusDir,
    node: Node,
    wanted: Filter,
    window: Annotated[int, typer.Option(help="Words on either side.", min=1)] = 5,
    sort: Annotated[str, typer.Option(help="log_dice, mi, t_score, g2 or count.")] = "log_dice",
    min_count: MinCount = 3,
    every_word: EveryWord = False,
    limit: Limit = 30,
    as_json: Json = False,
) -> None:
    """Words that stand near a word more than by chance. 搭配。"""
    known(sort, ("log_dice", "mi", "t_score", "g2", "count"), "order")
    found = analyses(directory).collocations(node, wanted, window, min_count, every_word)
    rows = sorted(found.rows, key=lambda row: (-getattr(row, sort), row.word))
    show("collocates", rows, limit, as_json)
    note(f"{wanted}: {found.node} stands {found.node_count:,} times in {found.size:,} running words")


@app.command()
@filtered
def dispersion(
    directory: CorpusDir,
    wanted: Filter,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD]…", help="Words; all by default.")
    ] = None,
    by: Parts = "document",
    min_count: MinCount = 10,
    limit: Limit = 30,
    as_json: Json = False,
) -> None:
    """How evenly words are spread over documents, regions or years. 分布均匀度。"""
    known(by, PARTS, "part")
    rows = analyses(directory).dispersion(wanted, words or (), by, min_count)  # type: ignore[arg-type]
    show("spreads", rows, limit, as_json)
    note(f"{wanted}: {rows[0].all_parts if rows else 0:,} parts (by {by})")


@app.command()
@filtered
def ngrams(
    directory: CorpusDir,
    wanted: Filter,
    low: Annotated[int, typer.Option("--min", help="Fewest words.", min=1)] = 2,
    high: Annotated[int, typer.Option("--max", help="Most words.", min=1)] = 4,
    min_count: MinCount = 3,
    every_word: EveryWord = False,
    limit: Limit = 30,
    as_json: Json = False,
) -> None:
    """Runs of words that recur. 词串。"""
    if low > high:
        raise PolicyCorpusError(f"--min {low} is more than --max {high}", None, "give --min 2 --max 4")
    rows = analyses(directory).ngrams(wanted, low, high, min_count, every_word)
    show("ngrams", rows, limit, as_json)
    note(f"{wanted}: {len(rows):,} runs of {low} to {high} words")


@app.command()
@filtered
def terms(
    directory: CorpusDir,
    wanted: Filter,
    min_count: MinCount = 5,
    limit: Limit = 30,
    as_json: Json = False,
) -> None:
    """Candidates for the lexicon: words that no dictionary knows. 新词候选。"""
    rows = analyses(directory).new_terms(wanted, min_count)
    if not rows:
        loosen = "lower --min-count" if wanted == Filter() else "lower --min-count or leave a filter out"
        note(f"{wanted}: no unknown word stands {min_count} times → {loosen}")
        return
    show("candidates", rows, limit, as_json)
    note(f"{wanted}: {len(rows):,} candidates; add the good ones to the lexicon")


@app.command()
@filtered
def local(
    directory: CorpusDir,
    wanted: Filter,
    document: Annotated[
        str | None, typer.Option("--document", help="Sentences of this document (id or its beginning).")
    ] = None,
    limit: Limit = 30,
    as_json: Json = False,
) -> None:
    """What is inherited, shared or repeated in each document, and what is local. 承袭与本地文本。"""
    found = analyses(directory)
    if document is not None:
        show("origins", found.sentence_origins(document), limit, as_json)
        return
    rows = found.local_shares(wanted)
    show("local", rows, limit, as_json)
    names = ("national", "provincial", "prefectural", "shared", "repeated", "local")
    note(
        f"{wanted}: "
        + ", ".join(f"{sum(row[name] for row in rows):,} {name}" for name in names)
        + " sentences"
    )


def analyses(directory: Path) -> "Analyses":
    """The analyses of the corpus in a folder."""
    from policy_corpus.corpus.analysing.statistics import Analyses

    return Analyses(open_corpus_at(directory), progress_bars)


def show(table: str, rows: Iterable[Any], limit: int, as_json: bool) -> None:
    """Records as JSON lines or as a terminal table."""
    found = [row if isinstance(row, dict) else asdict(row) for row in rows]
    if as_json:
        print_jsonl(first(found, limit))
        return
    from policy_corpus.publish.analyse_views import table_view

    terminal().print(table_view(table, found[: limit or None]))
    if rest := _shown(len(found), limit):
        note(rest.lstrip("; "))


def _shown(count: int, limit: int) -> str:
    return f"; the first {limit} shown, -n 0 shows all" if limit and count > limit else ""
