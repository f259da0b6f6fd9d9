"""What the statistics read: texts cut into sentences of words, and which words count."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

Words = Sequence[str]
Keep = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Text:
    """One part of a sub-corpus: a document, or a family of documents that are counted as one."""

    text_id: str
    sentences: tuple[Words, ...]
    marked: frozenset[int] = frozenset()
    """Places of the sentences that carry a measure, where that was asked for."""


def is_token(word: str) -> bool:
    """Whether a word counts towards the size of a corpus: everything but punctuation, as quanteda counts."""
    return any(character.isalnum() for character in word)


def is_lexical(word: str) -> bool:
    """Whether a word is written with letters: numbers and punctuation are not."""
    return any(character.isalpha() for character in word) and not _is_numeral(word)


def content_filter(stop_words: Collection[str]) -> Keep:
    """Words that carry a subject: lexical, and not among the stop words."""
    return lambda word: word not in stop_words and is_lexical(word)


def runs(sentence: Words) -> Iterator[list[str]]:
    """Stretches of a sentence between punctuation marks."""
    run: list[str] = []
    for word in sentence:
        if is_token(word):
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def find_node(words: Words, node: str) -> Iterator[tuple[int, int]]:
    """Half-open ranges of words that together spell ``node``: 教育|集团 and 教育集团 both spell 教育集团."""
    for start, word in enumerate(words):
        if not node.startswith(word):
            continue
        spelled, end = word, start + 1
        while len(spelled) < len(node) and end < len(words) and node.startswith(spelled + words[end]):
            spelled += words[end]
            end += 1
        if spelled == node:
            yield start, end


def _is_numeral(word: str) -> bool:
    return all(character.isnumeric() for character in word)
