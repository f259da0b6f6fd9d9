"""How evenly a word is spread over the parts of a sub-corpus."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policy_corpus.analyse.linguistics.texts import Keep, Text, find_node, is_token


@dataclass(frozen=True, slots=True)
class Spread:
    """One word over the parts.

    ``juilland_d`` and ``dp`` are None where there is one part only: nothing can be said of its spread.
    """

    word: str
    count: int
    parts: int
    """Parts that hold it."""
    all_parts: int
    juilland_d: float | None
    """1: evenly spread; 0: all in one part."""
    dp: float | None
    """0: as the sizes of the parts would have it; towards 1: concentrated."""
    dp_norm: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """Words of one part (a document, a family, a region or a year)."""

    name: str
    words: Counter[str]
    size: int


def parts_of(texts: Iterable[Text], nodes: Sequence[str] = ()) -> list[Part]:
    """Counts of each text; those of the same name are one part. With ``nodes``, their occurrences alone are kept."""
    words: dict[str, Counter[str]] = {}
    sizes: Counter[str] = Counter()
    for text in texts:
        own = words.setdefault(text.text_id, Counter())
        for sentence in text.sentences:
            tokens = [word for word in sentence if is_token(word)]
            sizes[text.text_id] += len(tokens)
            if nodes:
                own.update({node: sum(1 for _ in find_node(tokens, node)) for node in nodes})
            else:
                own.update(tokens)
    return [Part(name, own, sizes[name]) for name, own in sorted(words.items()) if sizes[name]]


def spreads(parts: Sequence[Part], keep: Keep | None = None, min_count: int = 1) -> list[Spread]:
    """Spread of every word with at least ``min_count`` occurrences, the most even first."""
    totals: Counter[str] = Counter()
    for part in parts:
        totals.update(part.words)
    sizes = [part.size for part in parts]
    rows = [
        spread(word, [part.words[word] for part in parts], sizes)
        for word, n in totals.items()
        if n >= min_count and (keep is None or keep(word))
    ]
    return sorted(rows, key=lambda row: (row.dp if row.dp is not None else 1.0, -row.count, row.word))


def spread(word: str, counts: Sequence[int], sizes: Sequence[int]) -> Spread:
    """Juilland's D and Gries' DP of a word that stands ``counts[i]`` times in a part of ``sizes[i]`` words.

    D = 1 − V/√(n−1) with V the coefficient of variation (population standard deviation) of the relative frequencies
    in the n parts (Juilland et al. 1970, for parts of unequal size as in Gries 2008). DP = ½ Σ |v_i − s_i|, with v
    the shares of the word's occurrences and s the shares of running words; divided by 1 − min(s) it reaches 1
    (Gries 2008; Lijffijt & Gries 2012).

    Raises
    ------
    ValueError
        A part is empty, or the word stands nowhere.
    """
    total, size = sum(counts), sum(sizes)
    if not total or not all(sizes):
        raise ValueError("dispersion needs a word that occurs, and parts that are not empty")
    held = sum(1 for n in counts if n)
    n = len(sizes)
    if n < 2:
        return Spread(word, total, held, n, None, None, None)
    rates = [count / part for count, part in zip(counts, sizes, strict=True)]
    mean = sum(rates) / n
    deviation = math.sqrt(sum((rate - mean) ** 2 for rate in rates) / n)
    dp = sum(abs(count / total - part / size) for count, part in zip(counts, sizes, strict=True)) / 2
    d = 1 - deviation / mean / math.sqrt(n - 1)
    return Spread(word, total, held, n, max(0.0, d), dp, dp / (1 - min(sizes) / size))
