"""A readable name for a topic: a phrase as it stands on the page, never a row of words."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policy_corpus.analyse.linguistics.texts import runs

SHORTEST, LONGEST = 4, 10
"""Characters of a phrase."""
MOST_WORDS = 4
MIN_TEXTS = 3
"""Documents that must hold a phrase."""
PHRASES = 5
INSIDE = 0.7
"""A run of words is a piece of a longer one when this share of its places has the same word before or behind it."""
CANDIDATES = 60
"""Best-scored runs of a topic that are looked at for whether they are pieces."""

Words = Sequence[str]
Gram = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of words that marks a topic; ``count`` in the topic's units, ``texts`` documents among these."""

    text: str
    count: int
    texts: int


def topic_phrases(
    sentences: Sequence[tuple[int, str, Words]],
    weights: Sequence[Mapping[str, float]],
    keep: Callable[[str], bool],
) -> list[list[Phrase]]:
    """Phrases of each topic, the most telling first.

    A phrase tells of a topic by how much more often it stands in the topic's units than elsewhere (log ratio of
    rates), by how often, and by the weights of its words.

    Parameters
    ----------
    sentences
        Number of the main topic of its unit (or -1), id of its document, and words.
    weights
        Weight of each word in each topic, 1 for the first.
    keep
        Words that a phrase may begin, end and consist of.
    """
    inside: list[Counter[Gram]] = [Counter() for _ in weights]
    texts: list[dict[Gram, set[str]]] = [defaultdict(set) for _ in weights]
    everywhere: Counter[Gram] = Counter()
    sizes = Counter[int]()
    for topic, text_id, words in sentences:
        for gram in _grams(words, keep):
            everywhere[gram] += 1
            sizes[topic] += 1
            if topic >= 0:
                inside[topic][gram] += 1
                texts[topic][gram].add(text_id)
    total = sizes.total()
    scored: list[list[Gram]] = []
    for topic, own in enumerate(inside):
        scores: dict[Gram, float] = {}
        for gram, count in own.items():
            held = len(texts[topic][gram])
            weight = sum(weights[topic].get(word, 0.0) for word in gram)
            if held >= MIN_TEXTS and weight:
                rate = (count + 0.5) / (sizes[topic] + 1)
                other = (everywhere[gram] - count + 0.5) / (total - sizes[topic] + 1)
                score = math.log(rate / other) * math.sqrt(held) * weight / math.sqrt(len(gram))
                if score > 0:
                    scores[gram] = round(score, 9)
        scored.append(sorted(scores, key=lambda g: (-scores[g], g))[:CANDIDATES])
    pieces = _pieces(sentences, {gram for grams in scored for gram in grams})
    return [
        [Phrase("".join(g), inside[topic][g], len(texts[topic][g])) for g in _different(grams, pieces)]
        for topic, grams in enumerate(scored)
    ]


def choose_labels(phrases: Sequence[Sequence[Phrase]], words: Sequence[Words]) -> list[str]:
    """One label each, all different: the first phrase that is free, with a second one where it says something new."""
    used: set[str] = set()
    labels = []
    for own, first in zip(phrases, words, strict=True):
        free = [phrase.text for phrase in own if phrase.text not in used] or [
            w for w in first if w not in used
        ][:2]
        label = free[0] if free else "、".join(first[:2])
        other = next((text for text in free[1:] if not set(text) & set(label)), None)
        if other and len(label) + len(other) < 2 * LONGEST:
            label = f"{label}、{other}"
        used |= {label, *free[:1]}
        labels.append(label)
    return labels


def _grams(words: Words, keep: Callable[[str], bool]) -> Iterator[Gram]:
    for run in runs(words):
        for start in range(len(run)):
            length = 0
            for end in range(start + 1, min(start + MOST_WORDS, len(run)) + 1):
                if not keep(run[end - 1]):
                    break
                length += len(run[end - 1])
                if length > LONGEST:
                    break
                if length >= SHORTEST:
                    yield tuple(run[start:end])


def _pieces(sentences: Sequence[tuple[int, str, Words]], wanted: set[Gram]) -> set[Gram]:
    """Runs that nearly always have the same word before or behind them: 课外活动|相互 of 课外活动相互结合."""
    before: dict[Gram, Counter[str]] = {gram: Counter() for gram in wanted}
    behind: dict[Gram, Counter[str]] = {gram: Counter() for gram in wanted}
    for _, _, words in sentences:
        for run in runs(words):
            for start in range(len(run)):
                for end in range(start + 1, min(start + MOST_WORDS, len(run)) + 1):
                    if (gram := tuple(run[start:end])) in wanted:
                        before[gram][run[start - 1] if start else ""] += 1
                        behind[gram][run[end] if end < len(run) else ""] += 1
    return {gram for gram in wanted if _is_bound(before[gram]) or _is_bound(behind[gram])}


def _is_bound(neighbours: Counter[str]) -> bool:
    most = max((count for word, count in neighbours.items() if word), default=0)
    return most >= INSIDE * neighbours.total()


def _different(grams: Iterable[Gram], pieces: Collection[Gram]) -> list[Gram]:
    """The best whole phrases of which none is a part of another."""
    kept: list[Gram] = []
    for gram in grams:
        text = "".join(gram)
        if gram not in pieces and not any(text in "".join(k) or "".join(k) in text for k in kept):
            kept.append(gram)
        if len(kept) == PHRASES:
            break
    return kept
