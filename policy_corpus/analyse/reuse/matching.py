"""Which earlier sentence a sentence was made from: an inverted index of character pairs, then alignment.

The one door to rapidfuzz.
"""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

COPIED, SHORT = 0.43, 3.0
"""A sentence is an edited copy from similarity ``COPIED + SHORT / letters`` of the longer one on: short sentences are
alike by chance. Chosen on 840 planted copies with 0 to 50 % edits and 937 sentences that share no run of 6 letters
with another (arts opinions and city reports): F1 .957, 3 % of the latter taken for copies, most of them variants of
set phrases; without the term for length F1 .938 and 8 %."""
CONTAINED = 0.7
"""Share of a sentence, by letters and by weight, that stands in another in runs of :data:`RUN`: a piece of it."""
RUN = 4
MIN_ALIGNED = 8
"""Letters; a shorter sentence is a copy only where it is the same."""
CANDIDATES = 6
"""Sentences that are aligned, those that share most weight of character pairs."""
PAIRS = 48
"""Pairs of a sentence that are looked up, the rarest first."""
MAX_POSTINGS = 8_000
"""Places looked at for one sentence: what is more common than its rarest pairs costs time and tells nothing."""


class Weights:
    """How much a character and a pair of characters tell: ``ln((N + 1) / (n + ½))`` for n of N sentences."""

    def __init__(self, sentences: Iterable[str]) -> None:
        characters: Counter[str] = Counter()
        pairs: Counter[str] = Counter()
        total = 0
        for text in sentences:
            total += 1
            characters.update(set(text))
            pairs.update(pairs_of(text))
        scale = math.log(total + 1)
        self.characters = {c: max(0.0, scale - math.log(n + 0.5)) for c, n in characters.items()}
        self.pairs = {p: max(0.0, scale - math.log(n + 0.5)) for p, n in pairs.items()}

    def of_characters(self, text: str) -> list[float]:
        """Weight of each character, shape (n,)."""
        return [self.characters[character] for character in text]


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier sentence (its number in the index) and how alike it is, 0..1."""

    number: int
    similarity: float


class Index:
    """Sentences by the character pairs they hold; grows while it is asked."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._texts: list[str] = []
        self._norms = array("d")
        self._totals: list[float] = []
        self._postings: dict[str, array[int]] = defaultdict(lambda: array("i"))
        self._same: dict[str, int] = {}
        self._shared = np.zeros(1024)

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, text: str) -> int:
        """Enter a masked sentence; returns its number. Of sentences that are the same the first is found."""
        number = len(self._texts)
        self._texts.append(text)
        self._totals.append(sum(self._weights.of_characters(text)))
        pairs = pairs_of(text)
        self._norms.append(math.sqrt(sum(self._weights.pairs[pair] for pair in pairs)) or 1.0)
        self._same.setdefault(text, number)
        if len(text) >= MIN_ALIGNED:
            for pair in pairs:
                self._postings[pair].append(number)
        return number

    def same(self, text: str) -> int | None:
        """The first sentence with exactly this text."""
        return self._same.get(text)

    def matches(self, text: str) -> list[Match]:
        """Sentences that ``text`` is a copy of, however edited, the most alike first."""
        if len(text) < MIN_ALIGNED:
            return []
        own = self._weights.of_characters(text)
        found = [self._match(text, own, n) for n in self._candidates(text)]
        return sorted((m for m in found if m is not None), key=lambda m: (-m.similarity, m.number))

    def is_copy(self, text: str, number: int) -> bool:
        """Whether a text is an edited copy of a sentence of the index."""
        return self._match(text, self._weights.of_characters(text), number) is not None

    def _candidates(self, text: str) -> list[int]:
        """Numbers of the sentences with the greatest weighted cosine over character pairs."""
        weight = self._weights.pairs
        pairs = sorted(pairs_of(text), key=lambda pair: (-weight[pair], pair))[:PAIRS]
        if len(self._shared) < len(self._texts):
            self._shared = np.zeros(2 * len(self._texts))
        touched, seen = [], 0
        for pair in pairs:
            postings = self._postings.get(pair)
            if postings is None:
                continue
            numbers = np.frombuffer(postings, dtype=np.int32)
            self._shared[numbers] += weight[pair]  # a sentence stands once among the postings of a pair
            touched.append(numbers)
            seen += len(numbers)
            if seen > MAX_POSTINGS:
                break
        if not touched:
            return []
        numbers = np.concatenate(touched)
        closeness = np.round(self._shared[numbers] / np.frombuffer(self._norms)[numbers], 9)
        self._shared[numbers] = 0.0
        return _best(numbers, closeness)

    def _match(self, text: str, own: Sequence[float], number: int) -> Match | None:
        """A match if the text is a copy.

        Alike is the mean of two Indel similarities (Levenshtein without substitution, ``2 · LCS / (n + m)``), by
        letters and by their weights: weights alone overrate a rare name, letters alone the common words. Contained is
        the share of the text in runs that stand in the other.
        """
        from rapidfuzz.distance import LCSseq

        other = self._texts[number]
        total = sum(own)
        if text == other or not total:
            return Match(number, 1.0) if text == other else None
        letters = run_letters = 0
        weight = run_weight = 0.0
        for code in LCSseq.opcodes(text, other):
            if code.tag == "equal":
                size, heavy = code.src_end - code.src_start, sum(own[code.src_start : code.src_end])
                letters, weight = letters + size, weight + heavy
                if size >= RUN:
                    run_letters, run_weight = run_letters + size, run_weight + heavy
        alike = letters / (len(text) + len(other)) + weight / (total + self._totals[number])
        contained = min(run_letters / len(text), run_weight / total)
        if alike < COPIED + SHORT / max(len(text), len(other)) and contained < CONTAINED:
            return None
        return Match(number, min(1.0, max(alike, contained if contained >= CONTAINED else 0.0)))


def pairs_of(text: str) -> set[str]:
    """Pairs of neighbouring characters."""
    return {a + b for a, b in pairwise(text)}


def _best(numbers: "np.ndarray[Any, Any]", closeness: "np.ndarray[Any, Any]") -> list[int]:
    """The numbers of the :data:`CANDIDATES` closest; a number may stand several times, ties go to the lower."""
    least = min(len(numbers), CANDIDATES * PAIRS)
    front = np.argpartition(-closeness, least - 1)[:least]
    floor = closeness[front].min()
    best: dict[int, float] = {}
    for place in np.flatnonzero(closeness >= floor) if least < len(numbers) else front:
        best[int(numbers[place])] = float(closeness[place])
    return sorted(best, key=lambda number: (-best[number], number))[:CANDIDATES]
