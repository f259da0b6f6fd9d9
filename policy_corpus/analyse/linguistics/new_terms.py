"""Candidates for the lexicon: runs of characters that behave like words and that no dictionary knows.

A run is a word when its parts hold together (pointwise mutual information) and its surroundings vary freely
(entropy of what stands to its left and right): the two tests of Luo & Sun (2003, "Two-character Chinese word
extraction based on hybrid of internal and contextual measures") and of branching entropy (Jin & Tanaka-Ishii 2006).
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from policy_corpus.analyse.linguistics.texts import Text, is_lexical, runs

MAX_WORDS = 3
MIN_LENGTH, MAX_LENGTH = 3, 8
"""Characters: shorter new words are mostly cutting errors, longer runs are phrases."""
MIN_COUNT, MIN_TEXTS = 5, 3
MIN_PMI = 5.0
"""Bits at the weakest joint. 教育|发展 and other free pairs lie at 0 to 4 (100 city reports, 88 arts opinions)."""
MIN_SHARE = 0.7
"""Of the most bits that so frequent a run can have (normalised PMI, Bouma 2009): free pairs of frequent words have
many bits too where a corpus has several subjects. 义务教育|阶段 has .83, 开齐|开足 .96; 美育|教师 .57,
课程|设置 .61 (same corpora and 31 provincial reports)."""
MIN_ENTROPY = 1.0
"""Bits on the poorer side: at 1 a run has as much freedom as a coin gives; pieces of set phrases have less."""
FREE_EDGES = frozenset("全各本居第省市县区镇乡村州盟旗校级我该年月日度个名所新老大小多高再两三达超近至入获含")
"""Words of one character that go before or after anything: a run that they begin or end is no term."""
MAX_GRAMS = 1_500_000
"""Runs counted at once (about 400 MB); beyond it those seen once are forgotten."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run that may be a term: ``cohesion`` is the PMI at its weakest joint, ``freedom`` the lower entropy (bits)."""

    term: str
    words: tuple[str, ...]
    count: int
    texts: int
    measured: int
    """Occurrences in sentences that carry a measure."""
    cohesion: float | None
    """None for one word that the cutter made up itself."""
    freedom: float


def candidates(
    texts: Iterable[Text],
    is_known: Callable[[str], bool],
    edge_words: Collection[str] = (),
    min_count: int = MIN_COUNT,
    min_texts: int = MIN_TEXTS,
) -> list[Candidate]:
    """Candidates, those that stand most often in sentences with a measure first, then the most frequent.

    A run that stands in such sentences less than words do on average is left out, where any are marked: the lexicon
    is one of measures.

    Parameters
    ----------
    is_known
        Whether a string stands in a dictionary, the lexicon or the gazetteer.
    edge_words
        Words that may not stand in a term (stop words).
    """
    counts: Counter[tuple[str, ...]] = Counter()
    holding: Counter[tuple[str, ...]] = Counter()
    sides: dict[tuple[str, ...], tuple[Counter[str], Counter[str]]] = {}
    kept = list(texts)
    measured: Counter[tuple[str, ...]] = Counter()
    measured_words = 0
    for text in kept:
        own: Counter[tuple[str, ...]] = Counter()
        for place, sentence in enumerate(text.sentences):
            for run in runs(sentence):
                grams = list(_grams(run))
                own.update(grams)
                if place in text.marked:
                    measured.update(grams)
                    measured_words += len(run)
        counts.update(own)
        holding.update(own.keys())
        if len(counts) > MAX_GRAMS:
            for gram in [gram for gram, n in counts.items() if n == 1]:
                del counts[gram]
    total = sum(n for gram, n in counts.items() if len(gram) == 1)
    wanted = {
        gram
        for gram, n in counts.items()
        if n >= min_count
        and holding[gram] >= min_texts
        and _may_be(gram, edge_words)
        and _cohesion(gram, counts, total) >= max(MIN_PMI, MIN_SHARE * math.log2(total / n))
        and measured[gram] * total >= n * measured_words
        and not is_known("".join(gram))
    }
    for text in kept:
        for sentence in text.sentences:
            for run in runs(sentence):
                _note_sides(run, wanted, sides)
    found = []
    for gram in wanted:
        freedom = min(entropy(side) for side in sides[gram])
        if freedom >= MIN_ENTROPY:
            cohesion = _cohesion(gram, counts, total) if len(gram) > 1 else None
            term = "".join(gram)
            found.append(
                Candidate(term, gram, counts[gram], holding[gram], measured[gram], cohesion, freedom)
            )
    return sorted(found, key=lambda c: (-c.measured, -c.count, c.term))


def entropy(neighbours: Counter[str]) -> float:
    """Shannon entropy in bits; each edge of a sentence or clause is a neighbour of its own kind, the empty string.

    Edges are counted as if each were another word (Jin & Tanaka-Ishii 2006 treat them as free borders).
    """
    edges = neighbours.get("", 0)
    total = neighbours.total()
    if not total:
        return 0.0
    parts = [n for word, n in neighbours.items() if word] + [1] * edges
    return -sum(n / total * math.log2(n / total) for n in parts)


def _grams(run: list[str]) -> Iterable[tuple[str, ...]]:
    for size in range(1, MAX_WORDS + 1):
        for start in range(len(run) - size + 1):
            yield tuple(run[start : start + size])


def _note_sides(
    run: list[str],
    wanted: set[tuple[str, ...]],
    sides: dict[tuple[str, ...], tuple[Counter[str], Counter[str]]],
) -> None:
    for size in range(1, MAX_WORDS + 1):
        for start in range(len(run) - size + 1):
            gram = tuple(run[start : start + size])
            if gram in wanted:
                left, right = sides.setdefault(gram, (Counter(), Counter()))
                left[run[start - 1] if start else ""] += 1
                right[run[start + size] if start + size < len(run) else ""] += 1


def _may_be(gram: tuple[str, ...], edge_words: Collection[str]) -> bool:
    if not MIN_LENGTH <= sum(map(len, gram)) <= MAX_LENGTH:
        return False
    if gram[0] in FREE_EDGES or gram[-1] in FREE_EDGES:
        return False
    return all(is_lexical(word) and word not in edge_words for word in gram)


def _cohesion(gram: tuple[str, ...], counts: Counter[tuple[str, ...]], total: int) -> float:
    """PMI at the weakest joint: ``min over joints of log2(f(xy) · N / (f(x) · f(y)))``; infinite for one word."""
    if len(gram) == 1:
        return math.inf
    n = counts[gram]
    return min(
        math.log2(n * total / (counts[gram[:i]] * counts[gram[i:]]))
        if counts[gram[:i]] and counts[gram[i:]]
        else 0.0
        for i in range(1, len(gram))
    )
