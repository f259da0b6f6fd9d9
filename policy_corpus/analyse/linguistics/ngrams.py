"""Runs of words that recur."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from policy_corpus.analyse.linguistics.texts import Text, is_lexical, runs

MIN_COUNT = 3
INSIDE = 0.9
"""A run is left out when a longer one holds this share of its occurrences: it is then but a piece of that."""


@dataclass(frozen=True, slots=True)
class Ngram:
    """A run of words; ``text`` is how it stands on the page."""

    words: tuple[str, ...]
    text: str
    count: int
    texts: int


def ngrams(
    texts: Iterable[Text],
    low: int = 2,
    high: int = 4,
    edge_words: Collection[str] = (),
    min_count: int = MIN_COUNT,
    pieces: bool = False,
) -> list[Ngram]:
    """Runs of ``low`` to ``high`` words between punctuation, by falling count.

    Parameters
    ----------
    edge_words
        Words that may not begin or end a run (stop words); they may stand inside.
    pieces
        Also list runs that nearly always stand inside one longer listed run.
    """
    counts: Counter[tuple[str, ...]] = Counter()
    holding: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        own = Counter(
            gram
            for sentence in text.sentences
            for run in runs(sentence)
            for gram in _grams(run, low, high)
            if gram[0] not in edge_words and gram[-1] not in edge_words and all(map(is_lexical, gram))
        )
        counts.update(own)
        holding.update(own.keys())
    frequent = {gram: n for gram, n in counts.items() if n >= min_count}
    hidden = set() if pieces else set(_pieces(frequent, low))
    rows = [Ngram(g, "".join(g), n, holding[g]) for g, n in frequent.items() if g not in hidden]
    return sorted(rows, key=lambda row: (-row.count, -len(row.words), row.words))


def _grams(run: list[str], low: int, high: int) -> Iterator[tuple[str, ...]]:
    for size in range(low, high + 1):
        for start in range(len(run) - size + 1):
            yield tuple(run[start : start + size])


def _pieces(frequent: dict[tuple[str, ...], int], low: int) -> Iterator[tuple[str, ...]]:
    for gram, n in frequent.items():
        for size in range(low, len(gram)):
            for start in range(len(gram) - size + 1):
                part = gram[start : start + size]
                if part in frequent and n >= INSIDE * frequent[part]:
                    yield part
