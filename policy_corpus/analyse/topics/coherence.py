"""How well the words of a topic belong together, and how different topics are.

* NPMI: normalised pointwise mutual information (Bouma 2009, "Normalized (pointwise) mutual information in
  collocation extraction"), mean over pairs of a topic's words (Lau, Newman & Baldwin 2014, "Machine reading tea
  leaves"), counted in sliding windows of ten words, as C_NPMI of Röder et al. From -1 (never together) over 0 (by
  chance) to 1.
* C_v: Röder, Both & Hinneburg 2015, "Exploring the space of topic coherence measures": each word's vector of NPMI
  with all words of the topic, compared by cosine with the sum of these vectors; windows of 110 words, from 0 to 1.
  Gensim's ``c_v`` but for one thing: it takes a word for absent as soon as one of its places leaves the window, though
  another is still inside (``WordOccurrenceAccumulator._slide_window``); so values differ by up to .07.
* diversity: share of words that stand in one topic alone among the 25 first of each (Dieng, Ruiz & Blei 2020, "Topic
  modeling in embedding spaces").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

NPMI_WINDOW = 10
C_V_WINDOW = 110
EPSILON = 1e-12
"""Added to the share of windows with both words (Röder et al.; gensim)."""
DIVERSE_WORDS = 25

Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class Together:
    """Shares of sliding windows that hold two words, shape (words, words); on the diagonal those that hold one."""

    places: dict[str, int]
    shares: Any

    def of(self, words: Words) -> Any:
        """Normalised pointwise mutual information of each pair, shape (n, n)."""
        chosen = [self.places[word] for word in words]
        both = self.shares[np.ix_(chosen, chosen)]
        single = np.maximum(np.diag(both), EPSILON)
        return np.log((both + EPSILON) / np.outer(single, single)) / -np.log(both + EPSILON)


def count_together(texts: Sequence[Words], words: Words, window: int) -> Together:
    """Windows of ``window`` words that move by one word; a shorter text is one window.

    Parameters
    ----------
    texts
        Words of each text in order.
    words
        Which words are counted.
    """
    places = {word: place for place, word in enumerate(dict.fromkeys(words))}
    counts = np.zeros((len(places), len(places)))
    total = 0
    for text in texts:
        if not text:
            continue
        windows = max(len(text) - window + 1, 1)
        total += windows
        here = [(at, places[word]) for at, word in enumerate(text) if word in places]
        if not here:
            continue
        rows, held = np.unique([row for _, row in here], return_inverse=True)
        holds = np.zeros((len(rows), windows), dtype=np.float32)
        for (at, _), row in zip(here, held, strict=True):
            holds[row, max(at - window + 1, 0) : at + 1] = 1
        counts[np.ix_(rows, rows)] += holds @ holds.T
    return Together(places, counts / max(total, 1))


def npmi(words: Words, together: Together) -> float:
    """Mean over all pairs of a topic's words."""
    table = together.of(words)
    return float(table[np.triu_indices(len(words), 1)].mean()) if len(words) > 1 else 0.0


def c_v(words: Words, together: Together) -> float:
    """Mean cosine between each word's vector and their sum."""
    vectors = together.of(words)
    whole = vectors.sum(axis=0)
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(whole)
    return float((vectors @ whole / np.maximum(lengths, EPSILON)).mean())


def diversity(topics: Sequence[Words]) -> float:
    """Share of different words among the first 25 of each topic."""
    words = [word for topic in topics for word in topic[:DIVERSE_WORDS]]
    return len(set(words)) / len(words) if words else 0.0
