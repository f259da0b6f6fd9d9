"""Topics of texts: words, label, passages, coherence and stability of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from policy_corpus.analyse.learners import Matrix, tf_idf, word_counts
from policy_corpus.analyse.linguistics.texts import Keep, Text
from policy_corpus.analyse.topics.choose import UNITS_PER_TOPIC, Point, best_number, stability_curve
from policy_corpus.analyse.topics.coherence import (
    C_V_WINDOW,
    NPMI_WINDOW,
    c_v,
    count_together,
    diversity,
    npmi,
)
from policy_corpus.analyse.topics.labels import Phrase, choose_labels, topic_phrases
from policy_corpus.analyse.topics.model import Method, TopicModel
from policy_corpus.analyse.topics.stability import TOP_WORDS, TRUSTED, first_words
from policy_corpus.analyse.topics.units import Unit, cut_units, vocabulary_of
from policy_corpus.records import content_id

MIN_TEXTS = 10
FEWEST_UNITS = 4 * UNITS_PER_TOPIC
"""Fewer give no topic that comes again when documents are drawn anew (sample corpus: see tests)."""
SHOWN_WORDS = 25
"""Words kept of a topic: diversity is measured on these (Dieng et al. 2020); people are shown the ten first."""
PASSAGES = 3
MAIN = 0.5
"""Share of a unit's loads from which its largest topic is what the unit is about."""
PASSAGE_WORDS = 5, 40
"""Content words of an exemplary sentence."""
MIN_ANCHORS = 2
"""Words of a code that the vocabulary must have to seed a topic, and that must stay among its 25 first words."""
ANCHORED_UNITS = 20
"""Units that must hold a word of the code."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A code and the words that name it."""

    code: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence: its text's id and its number there; ``share`` is the topic's share of the sentence's loads."""

    text_id: str
    sentence: int
    share: float


@dataclass(frozen=True, slots=True)
class Topic:
    """What some units are about. ``words`` fall by weight (1 for the first)."""

    topic_id: str
    label: str
    code: str | None
    """The code that it was seeded with, for free topics None."""
    words: tuple[str, ...]
    weights: tuple[float, ...]
    phrases: tuple[Phrase, ...]
    share: float
    """Of all loads, 0..1; shares of all topics sum to 1."""
    texts: int
    """Documents with a unit that is mainly about it."""
    npmi: float
    c_v: float
    stability: float
    """Mean overlap of its ten first words with its match when documents, their order and the start are drawn anew."""
    is_stable: bool
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics by falling share, and how they were found."""

    topics: tuple[Topic, ...]
    method: Method
    units: int
    texts: int
    terms: int
    npmi: float
    c_v: float
    diversity: float
    stability: float
    curve: tuple[Point, ...]
    """Stability by number of topics; empty where the number was given."""
    unseeded: tuple[str, ...]
    """Codes whose words are too rare for a topic of their own, or did not hold one together."""

    @property
    def is_finding(self) -> bool:
        """Whether most topics come again."""
        return 2 * sum(topic.is_stable for topic in self.topics) > len(self.topics)


class TooLittleTextError(ValueError):
    """There is not enough text for topics; the message says how much there is."""


def find_topics(
    texts: Sequence[Text],
    keep: Keep,
    topics: int | None = None,
    method: Method = "nmf",
    seeds: Sequence[Seed] = (),
    random_state: int = 0,
) -> Topics:
    """Topics of texts; the order of the texts changes nothing.

    Parameters
    ----------
    keep
        Words that can carry a topic.
    topics
        How many free topics; by default as the stability curve says.
    seeds
        Codes that shall have a topic of their own beside the free ones.

    Raises
    ------
    TooLittleTextError
        Fewer texts or units than topics can be told from chance in, or fewer than the wanted number needs.
    """
    ordered = sorted((t for t in texts if t.sentences), key=lambda t: t.text_id)
    units = cut_units(ordered, keep)
    names = vocabulary_of(units)
    _check(len({u.text_id for u in units}), len(units), len(names), topics)
    columns = {word: place for place, word in enumerate(names)}
    matrix = _matrix(units, columns, method)
    filled = np.flatnonzero(np.asarray(matrix.sum(axis=1)).ravel())
    units, matrix = [units[i] for i in filled], matrix[filled]
    numbers: Any = np.unique([u.text_id for u in units], return_inverse=True)[1]
    curve = [] if topics else stability_curve(matrix, numbers, method, random_state)
    free = topics or best_number(curve)
    anchored = [(seed, own) for seed in seeds if (own := _anchors(seed, columns, matrix))]
    model = TopicModel(free + len(anchored), method, [own for _, own in anchored], random_state=random_state)
    stability = model.fit(matrix).stability(matrix, numbers)
    return _described(
        ordered, units, names, model, stability, matrix, keep, [s for s, _ in anchored], seeds, curve
    )


def _check(texts: int, units: int, terms: int, topics: int | None) -> None:
    if texts < MIN_TEXTS:
        raise TooLittleTextError(f"{texts} documents, fewer than {MIN_TEXTS}")
    least = FEWEST_UNITS if topics is None else max(topics * UNITS_PER_TOPIC // 2, UNITS_PER_TOPIC)
    if units < least or terms < 2 * TOP_WORDS:
        raise TooLittleTextError(
            f"{texts} documents with {units} stretches of text and {terms} words that recur in several of them; "
            f"{topics or 'four'} topics need {least} stretches"
        )


def _matrix(units: Sequence[Unit], columns: Mapping[str, int], method: Method) -> Matrix:
    words = [unit.words for unit in units]
    return word_counts(words, columns) if method == "lda" else tf_idf(words, columns)


def _anchors(seed: Seed, columns: Mapping[str, int], matrix: Matrix) -> list[int]:
    own = sorted({columns[word] for word in seed.words if word in columns})
    if len(own) < MIN_ANCHORS or (matrix[:, own].sum(axis=1) > 0).sum() < ANCHORED_UNITS:
        return []
    return own


def _described(
    texts: Sequence[Text],
    units: Sequence[Unit],
    names: Sequence[str],
    model: TopicModel,
    stability: Sequence[float],
    matrix: Matrix,
    keep: Keep,
    seeded: Sequence[Seed],
    seeds: Sequence[Seed],
    curve: Sequence[Point],
) -> Topics:
    loads = model.transform(matrix)
    main = _main_topics(loads)
    words = [[names[i] for i in row] for row in first_words(model.components_, SHOWN_WORDS)]
    weights = [
        dict(zip(own, np.sort(row / max(row.max(), 1e-12))[::-1], strict=False))
        for own, row in zip(words, model.components_, strict=True)
    ]
    codes = [
        seed if len(set(own) & set(seed.words)) >= MIN_ANCHORS else None
        for seed, own in zip(seeded, words, strict=False)
    ]
    codes += [None] * (len(words) - len(codes))
    by_text = {text.text_id: text for text in texts}
    phrases = topic_phrases(list(_sentences(units, main, by_text)), weights, keep)
    labels = choose_labels(phrases, words)
    near, wide = _together(units, words)
    shares = loads.sum(axis=0) / max(loads.sum(), 1e-12)
    rows = [
        Topic(
            topic_id=content_id("topic", *words[t][:TOP_WORDS]),
            label=seed.label if (seed := codes[t]) else labels[t],
            code=seed.code if seed else None,
            words=tuple(words[t]),
            weights=tuple(round(float(v), 3) for v in weights[t].values()),
            phrases=tuple(phrases[t]),
            share=round(float(shares[t]), 4),
            texts=len({u.text_id for u, m in zip(units, main, strict=True) if m == t}),
            npmi=round(npmi(words[t][:TOP_WORDS], near), 3),
            c_v=round(c_v(words[t][:TOP_WORDS], wide), 3),
            stability=round(stability[t], 3),
            is_stable=round(stability[t], 3) >= TRUSTED,
            places=tuple(_exemplars(t, units, loads, by_text, weights[t], keep)),
        )
        for t in range(len(words))
    ]
    rows.sort(key=lambda row: (row.code is None, -row.share, row.topic_id))
    kept = {row.code for row in rows}
    return Topics(
        tuple(rows),
        model.method,
        len(units),
        len({u.text_id for u in units}),
        len(names),
        round(float(np.mean([row.npmi for row in rows])), 3),
        round(float(np.mean([row.c_v for row in rows])), 3),
        round(diversity([row.words for row in rows]), 3),
        round(float(np.mean([row.stability for row in rows])), 3),
        tuple(curve),
        tuple(seed.code for seed in seeds if seed.code not in kept),
    )


def _main_topics(loads: Any) -> list[int]:
    totals = loads.sum(axis=1)
    return [
        int(row.argmax()) if total and row.max() >= MAIN * total else -1
        for row, total in zip(loads, totals, strict=True)
    ]


def _sentences(units: Sequence[Unit], main: Sequence[int], texts: Mapping[str, Text]) -> Any:
    for unit, topic in zip(units, main, strict=True):
        for sentence in texts[unit.text_id].sentences[unit.first : unit.end]:
            yield topic, unit.text_id, sentence


def _together(units: Sequence[Unit], words: Sequence[Sequence[str]]) -> Any:
    """Counts of the ten first words of all topics in narrow and wide windows over the documents' words."""
    running: dict[str, list[str]] = {}
    for unit in units:
        running.setdefault(unit.text_id, []).extend(unit.words)
    wanted = [word for own in words for word in own[:TOP_WORDS]]
    lines = list(running.values())
    return count_together(lines, wanted, NPMI_WINDOW), count_together(lines, wanted, C_V_WINDOW)


def _exemplars(
    topic: int,
    units: Sequence[Unit],
    loads: Any,
    texts: Mapping[str, Text],
    weights: Mapping[str, float],
    keep: Keep,
) -> list[Place]:
    """The sentence of each document that says most of a topic, in the units that are most about it."""
    totals = np.maximum(loads.sum(axis=1), 1e-12)
    purity = loads[:, topic] * (loads[:, topic] / totals)
    best: list[Place] = []
    seen: set[str] = set()
    wordings: set[str] = set()
    for place in sorted(np.flatnonzero(purity).tolist(), key=lambda i: (-round(float(purity[i]), 9), i)):
        unit = units[place]
        if unit.text_id in seen:
            continue
        found = _best_sentence(texts[unit.text_id], unit, weights, keep)
        if found is None or (wording := "".join(texts[unit.text_id].sentences[found])) in wordings:
            continue
        seen.add(unit.text_id)
        wordings.add(wording)
        best.append(Place(unit.text_id, found, round(float(loads[place, topic] / totals[place]), 3)))
        if len(best) == PASSAGES:
            break
    return best


def _best_sentence(text: Text, unit: Unit, weights: Mapping[str, float], keep: Keep) -> int | None:
    scored = []
    for place in range(unit.first, unit.end):
        own = Counter(filter(keep, text.sentences[place]))
        if PASSAGE_WORDS[0] <= own.total() <= PASSAGE_WORDS[1]:
            held = sum(weights.get(word, 0.0) for word in own)
            scored.append((round(held / own.total() ** 0.5, 9), -place))
    return -max(scored)[1] if scored and max(scored)[0] > 0 else None
