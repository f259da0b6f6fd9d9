"""How often each word stands in a sub-corpus, and in how many of its texts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from policy_corpus.analyse.linguistics.texts import Keep, Text, is_token

MILLION = 1_000_000


@dataclass(slots=True)
class Counts:
    """Words of a sub-corpus: ``words`` by occurrence, ``texts`` by the number of texts that hold them."""

    words: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    size: int = 0
    """Running words, punctuation left out."""
    text_count: int = 0

    @classmethod
    def of(cls, texts: Iterable[Text]) -> "Counts":
        """Count the words of texts; one pass, memory grows with the vocabulary only."""
        counts = cls()
        for text in texts:
            own = Counter(word for sentence in text.sentences for word in sentence if is_token(word))
            counts.words.update(own)
            counts.texts.update(own.keys())
            counts.size += own.total()
            counts.text_count += 1
        return counts


@dataclass(frozen=True, slots=True)
class Frequency:
    """One word: ``rank`` 1 is the most frequent, ``per_million`` running words, ``texts`` that hold it."""

    rank: int
    word: str
    count: int
    per_million: float
    texts: int
    text_share: float
    """Share of the texts that hold it, 0..1."""


def frequencies(counts: Counts, keep: Keep | None = None) -> list[Frequency]:
    """Words by falling count, then alphabetically; equal counts share a rank (as ``quanteda::textstat_frequency``).

    Parameters
    ----------
    keep
        Words to list. ``per_million`` refers to all running words whatever is listed.
    """
    listed = sorted((-n, word) for word, n in counts.words.items() if keep is None or keep(word))
    rows: list[Frequency] = []
    for place, (negative, word) in enumerate(listed, 1):
        rank = rows[-1].rank if rows and rows[-1].count == -negative else place
        in_texts = counts.texts[word]
        rows.append(
            Frequency(
                rank,
                word,
                -negative,
                -negative * MILLION / counts.size,
                in_texts,
                in_texts / counts.text_count,
            )
        )
    return rows
