"""Words that stand near a word more often than chance would have it."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from policy_corpus.analyse.linguistics.keyness import log_likelihood
from policy_corpus.analyse.linguistics.texts import Keep, Text, find_node, is_token

WINDOW = 5
"""Words on either side, the usual span since Sinclair (1991)."""
MIN_COUNT = 3


@dataclass(frozen=True, slots=True)
class Collocate:
    """A word near the node. ``left`` + ``right`` = ``count``: on which side it stood."""

    word: str
    count: int
    left: int
    right: int
    texts: int
    word_count: int
    """Occurrences in the whole sub-corpus."""
    expected: float
    log_dice: float
    """At most 14; one point more is twice as typical; does not depend on the size of the corpus."""
    mi: float
    t_score: float
    g2: float
    """Negative where the word stands near the node less than expected."""


@dataclass(frozen=True, slots=True)
class Collocations:
    """The node's occurrences, the running words of the sub-corpus, and the collocates, by logDice."""

    node: str
    node_count: int
    size: int
    rows: tuple[Collocate, ...]


def collocations(
    texts: Iterable[Text],
    node: str,
    window: int = WINDOW,
    keep: Keep | None = None,
    min_count: int = MIN_COUNT,
) -> Collocations:
    """Surface co-occurrence within ``window`` words of the same sentence, punctuation not counted.

    With O joint occurrences, f(n) of the node, f(w) of the word, S words within reach of the node and N running
    words: E = S · f(w) / N, MI = log2(O/E), t = (O − E)/√O and G2 over the 2×2 table of the words within reach and
    the rest (Evert 2008, "Corpora and collocations"); logDice = 14 + log2(2·O / (f(n) + f(w))) (Rychlý 2008). A
    word that two occurrences reach is counted for each in O, and once for each in S.
    """
    near: Counter[tuple[str, bool]] = Counter()
    everywhere: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    node_count = reach = 0
    for text in texts:
        own: set[str] = set()
        for sentence in text.sentences:
            words = [word for word in sentence if is_token(word)]
            everywhere.update(words)
            for start, end in find_node(words, node):
                node_count += 1
                left, right = words[max(0, start - window) : start], words[end : end + window]
                near.update((word, False) for word in left)
                near.update((word, True) for word in right)
                own.update(left, right)
                reach += len(left) + len(right)
        holding.update(own)
    size = everywhere.total()
    rows = [
        _collocate(word, near, everywhere[word], holding[word], node_count, reach, size)
        for word in {word for word, _ in near}
        if near[word, False] + near[word, True] >= min_count and word != node and (keep is None or keep(word))
    ]
    return Collocations(
        node, node_count, size, tuple(sorted(rows, key=lambda r: (-r.log_dice, -r.count, r.word)))
    )


def _collocate(
    word: str,
    near: Counter[tuple[str, bool]],
    word_count: int,
    texts: int,
    node_count: int,
    reach: int,
    size: int,
) -> Collocate:
    left, right = near[word, False], near[word, True]
    observed = left + right
    expected = reach * word_count / size
    # A word that stands within reach of two nodes counts twice near them, but once in the corpus.
    outside = max(0, word_count - observed)
    g2 = log_likelihood(observed, reach - observed, outside, max(0, size - reach - outside))
    return Collocate(
        word=word,
        count=observed,
        left=left,
        right=right,
        texts=texts,
        word_count=word_count,
        expected=expected,
        log_dice=14 + math.log2(2 * observed / (node_count + word_count)),
        mi=math.log2(observed / expected),
        t_score=(observed - expected) / math.sqrt(observed),
        g2=g2 if observed >= expected else -g2,
    )
