"""Words that one sub-corpus uses more, or less, than another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from policy_corpus.analyse.linguistics.frequency import MILLION, Counts
from policy_corpus.analyse.linguistics.texts import Keep

ZERO = 0.5
"""Occurrences taken for a word that a sub-corpus lacks, so that its log ratio is a number (Hardie 2014)."""
MIN_COUNT = 5
"""Occurrences in both sub-corpora together: below an expected 5 the chi-squared approximation of G2 is poor."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """One word against a reference. ``g2`` is negative where the word is rarer in the target."""

    word: str
    count: int
    reference_count: int
    per_million: float
    reference_per_million: float
    texts: int
    g2: float
    p: float
    p_adjusted: float
    """Benjamini–Hochberg: the share of false finds among all words with this value or a lower one."""
    log_ratio: float
    """Binary logarithm of the ratio of relative frequencies: 1 is twice as frequent."""
    percent_diff: float | None
    """Difference of relative frequencies in per cent of the reference's; None where the reference lacks it."""


def keywords(
    target: Counts, reference: Counts, keep: Keep | None = None, min_count: int = MIN_COUNT
) -> list[Keyword]:
    """Every word of either sub-corpus with its keyness, the strongest first.

    ``g2`` is Dunning's log-likelihood ratio over the 2×2 table of this word and all others (Dunning 1993;
    ``quanteda::textstat_keyness(measure = "lr")`` without correction), signed by direction; ``log_ratio``
    after Hardie (2014), ``percent_diff`` after Gabrielatos & Marchi (2012), the correction after Benjamini &
    Hochberg (1995).

    Raises
    ------
    ValueError
        A sub-corpus has no words.
    """
    if not target.size or not reference.size:
        raise ValueError("keyness needs words in the target and in the reference")
    found = [
        _keyword(word, target, reference)
        for word in target.words.keys() | reference.words.keys()
        if target.words[word] + reference.words[word] >= min_count and (keep is None or keep(word))
    ]
    adjusted = benjamini_hochberg([row.p for row in found])
    rows = [replace(row, p_adjusted=value) for row, value in zip(found, adjusted, strict=True)]
    return sorted(rows, key=lambda row: (-row.g2, row.word))


def log_likelihood(a: float, b: float, c: float, d: float) -> float:
    """G2 of a 2×2 table ``[[a, b], [c, d]]``: twice the sum of observed × ln(observed / expected)."""
    total = a + b + c + d
    g2 = 0.0
    for observed, row, column in ((a, a + b, a + c), (b, a + b, b + d), (c, c + d, a + c), (d, c + d, b + d)):
        if observed > 0:
            g2 += observed * math.log(observed * total / (row * column))
    return max(0.0, 2 * g2)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values, shape (n,): ``min over j ≥ i of p(j) · n / j``, at most 1 (R's ``p.adjust("BH")``)."""
    if not p_values:
        return []
    values = np.asarray(p_values, dtype=float)
    order = np.argsort(values, kind="stable")
    steps = values[order] * len(values) / np.arange(1, len(values) + 1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(steps[::-1])[::-1])
    return [float(value) for value in adjusted]


def p_of(g2: float) -> float:
    """Upper tail of the chi-squared distribution with one degree of freedom."""
    return math.erfc(math.sqrt(g2 / 2))


def _keyword(word: str, target: Counts, reference: Counts) -> Keyword:
    here, there = target.words[word], reference.words[word]
    share, other = here / target.size, there / reference.size
    g2 = log_likelihood(here, there, target.size - here, reference.size - there)
    log_ratio = math.log2(((here or ZERO) / target.size) / ((there or ZERO) / reference.size))
    return Keyword(
        word=word,
        count=here,
        reference_count=there,
        per_million=share * MILLION,
        reference_per_million=other * MILLION,
        texts=target.texts[word],
        g2=g2 if share >= other else -g2,
        p=p_of(g2),
        p_adjusted=1.0,
        log_ratio=log_ratio,
        percent_diff=None if not there else (share - other) / other * 100,
    )
