"""The units that topics are found in: stretches of a document of about equal length, and their vocabulary.

A work report is about everything, a sentence about too little: as whole documents the city reports have hardly a word
that tells one from another, and sentences share too few words.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from policy_corpus.analyse.linguistics.texts import Keep, Text

UNIT_WORDS = 50
"""Content words from which a unit ends (benchmarks/topics.py compares sentences, units and documents)."""
MIN_UNITS = 5
MIN_DOCUMENTS = 3
"""Words of fewer documents are one place's names and wordings, and no subject of the corpus."""
MAX_SHARE = 0.5
"""Words in more of the units tell none from another."""
MOST_TERMS = 5000


@dataclass(frozen=True, slots=True)
class Unit:
    """Sentences ``first`` to ``end`` (half-open) of a document, and the words of them that count."""

    text_id: str
    first: int
    end: int
    words: tuple[str, ...]


def topic_filter(is_content: Keep, names: Collection[str]) -> Keep:
    """Words that can carry a topic: content words of two and more characters that name no place."""

    def keep(word: str) -> bool:
        return len(word) > 1 and is_content(word) and word not in names

    return keep


def cut_units(texts: Iterable[Text], keep: Keep, size: int = UNIT_WORDS) -> list[Unit]:
    """Units in the order of the ids of their texts, whatever the order of the texts.

    Parameters
    ----------
    size
        Words that count from which a unit ends; the short rest of a text joins the unit before it.
    """
    return [unit for text in sorted(texts, key=lambda t: t.text_id) for unit in _of_text(text, keep, size)]


def vocabulary_of(units: Sequence[Unit]) -> list[str]:
    """Sorted words that stand in enough units and documents and not in most of them; the most frequent ones."""
    in_units: Counter[str] = Counter()
    documents: dict[str, set[str]] = {}
    for unit in units:
        own = set(unit.words)
        in_units.update(own)
        for word in own:
            documents.setdefault(word, set()).add(unit.text_id)
    most = MAX_SHARE * len(units)
    wanted = [
        word
        for word, count in in_units.items()
        if MIN_UNITS <= count <= most and len(documents[word]) >= MIN_DOCUMENTS
    ]
    return sorted(sorted(wanted, key=lambda word: (-in_units[word], word))[:MOST_TERMS])


def _of_text(text: Text, keep: Callable[[str], bool], size: int) -> Iterator[Unit]:
    pending: Unit | None = None
    first, words = 0, list[str]()
    for place, sentence in enumerate(text.sentences):
        words += filter(keep, sentence)
        if len(words) >= size:
            if pending:
                yield pending
            pending = Unit(text.text_id, first, place + 1, tuple(words))
            first, words = place + 1, []
    if pending and len(words) < size / 2:
        pending = Unit(text.text_id, pending.first, len(text.sentences), (*pending.words, *words))
        words = []
    if pending:
        yield pending
    if words:
        yield Unit(text.text_id, first, len(text.sentences), tuple(words))
