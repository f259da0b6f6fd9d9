"""Words with exact offsets: jieba's words, and the policy lexicon's words kept whole.

Runs of Han characters go to rjieba (jieba's own dictionary and HMM, compiled) or, where its wheel is missing, to
jieba; both give the same words. Everything else is cut here, because the two differ on ASCII. Lexicon words of
four and more characters are cut out first, longest first; shorter ones only join words whose borders agree, so
that 教育局 is not found in 教育局面.
"""

import re
import warnings
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

MIN_FORCED = 4
"""Characters from which a lexicon word is cut out of the text whatever stands beside it."""
MAX_JOINED = 3
"""Most words that join into one short lexicon word."""

PARTICLES = frozenset("内外里中上下间等和与的为在已将均各及或是有由对")
"""What the HMM glues to the end of a coined word (教联|体内) and what is cut off again."""

_PIECE = re.compile(r"[\u4e00-\u9fd5]+|[0-9]+(?:[.,][0-9]+)*|[A-Za-z]+(?:[-'][A-Za-z]+)*|\S")

Cut = Callable[[str], Iterable[str]]


class Token(NamedTuple):
    """A word and its half-open range of code points."""

    start: int
    end: int
    text: str


class LexiconWord(NamedTuple):
    """A row of the policy lexicon."""

    word: str
    pos: str
    group: str
    gloss: str


class Tokenizer:
    """Cuts text into words.

    Parameters
    ----------
    lexicon_words : iterable of str
        Words that stay whole.
    engine : {"rjieba", "jieba"}, optional
        Which library cuts runs of Han characters; by default rjieba where it is installed.
    """

    def __init__(self, lexicon_words: Iterable[str] = (), engine: str | None = None) -> None:
        words = sorted(set(lexicon_words))
        self._words = frozenset(words)
        self.engine = engine or default_engine()
        self._cut_run = _engine(self.engine)
        forced = [w for w in words if len(w) >= MIN_FORCED]
        self._forced = re.compile(_trie_pattern(forced)) if forced else None
        short = {w: tuple(self._cut_run(w)) for w in words if len(w) < MIN_FORCED}
        self._short = frozenset(w for w, parts in short.items() if len(parts) > 1)
        self._short_heads = frozenset(w[:size] for w in self._short for size in range(1, len(w)))

    def knows(self, word: str) -> bool:
        """Whether a word stands in the lexicon or the dictionary; the HMM makes up words that stand in neither."""
        return word in self._words or _dictionary(self.engine)(word)

    def cut(self, text: str) -> list[str]:
        """Words of a text in order, without white space."""
        if self._forced is None:
            return self._cut_plain(text)
        words: list[str] = []
        position = 0
        while match := self._forced.search(text, position):
            match = self._longer_overlap(text, match)
            words += self._cut_plain(text[position : match.start()])
            words.append(match.group())
            position = match.end()
        return words + self._cut_plain(text[position:])

    def _longer_overlap(self, text: str, match: re.Match[str]) -> re.Match[str]:
        """A longer lexicon word that begins inside this one: 集团化办学 over 教育集团 in 教育集团化办学."""
        assert self._forced is not None
        for start in range(match.start() + 1, match.end()):
            other = self._forced.match(text, start)
            if other and other.end() - start > match.end() - match.start():
                return self._longer_overlap(text, other)
        return match

    def tokenize(self, text: str) -> list[Token]:
        """Words with their places; ``text[t.start:t.end] == t.text`` for each. White space gives none."""
        tokens: list[Token] = []
        position = 0
        for word in self.cut(text):
            start = text.index(word, position)
            position = start + len(word)
            tokens.append(Token(start, position, word))
        return tokens

    def _cut_plain(self, text: str) -> list[str]:
        words: list[str] = []
        for piece in _PIECE.findall(text):
            if "\u4e00" <= piece[0] <= "\u9fd5" and len(piece) > 1:
                run = list(self._cut_run(piece))
                words += run if self._short_heads.isdisjoint(run) else self._joined(run)
            else:
                words.append(piece)
        return words

    def _joined(self, words: list[str]) -> list[str]:
        """Words of one run with short lexicon words put together, longest first."""
        rest = list(reversed(words))
        joined: list[str] = []
        while rest:
            word, tail = self._short_at(rest) if rest[-1] in self._short_heads else ("", "")
            if not word:
                joined.append(rest.pop())
                continue
            taken = 0
            while taken < len(word):
                taken += len(rest.pop())
            joined.append(word)
            if tail:
                rest.append(tail)
        return joined

    def _short_at(self, rest: list[str]) -> tuple[str, str]:
        """Short lexicon word at the top of the stack, and the particle that stands glued behind it, if any."""
        for size in range(min(MAX_JOINED, len(rest)), 1, -1):
            chunk = "".join(reversed(rest[-size:]))
            if chunk in self._short:
                return chunk, ""
            if chunk[-1] in PARTICLES and len(rest[-size]) > 1 and chunk[:-1] in self._short:
                return chunk[:-1], chunk[-1]
        return "", ""


def default_engine() -> str:
    """``rjieba`` where its wheel is installed, else ``jieba``."""
    try:
        _engine("rjieba")
    except ImportError:
        return "jieba"
    return "rjieba"


@cache
def _engine(name: str) -> Cut:
    if name == "rjieba":
        import rjieba

        return rjieba.cut  # type: ignore[no-any-return]
    if name == "jieba":
        return _plain_jieba().lcut  # type: ignore[no-any-return]
    raise ValueError(f"no such engine: {name}; known: rjieba, jieba")


@cache
def _dictionary(name: str) -> Callable[[str], bool]:
    """Whether a word stands in the engine's dictionary."""
    if name == "rjieba":
        import rjieba

        return rjieba.has_word  # type: ignore[no-any-return]
    frequencies = _plain_jieba().FREQ
    return lambda word: frequencies.get(word, 0) > 0


@cache
def _plain_jieba() -> Any:
    """Jieba with its own dictionary, without the log lines and the cache file that it writes by default."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


def _trie_pattern(words: list[str]) -> str:
    """Alternation over a prefix tree, longest word first: a few comparisons at a place, not one for each word."""
    tree: dict[str, dict[str, object]] = {}
    for word in words:
        node: dict[str, object] = tree  # type: ignore[assignment]
        for character in word:
            node = node.setdefault(character, {})  # type: ignore[assignment]
        node[""] = {}
    return _node_pattern(tree)  # type: ignore[arg-type]


def _node_pattern(node: dict[str, object]) -> str:
    branches = [
        re.escape(character) + _node_pattern(below)  # type: ignore[arg-type]
        for character, below in node.items()
        if character
    ]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
    return f"{body}?" if "" in node else body


def parse_lexicon(text: str, name: str = "lexicon") -> list[LexiconWord]:
    """Rows of a policy lexicon: tab-separated ``word, pos, group, gloss`` under a header line.

    Raises
    ------
    ValueError
        A row is incomplete or a word stands twice; the message names the line.
    """
    rows: list[LexiconWord] = []
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if number == 1 or not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 4 or not all(cell.strip() for cell in cells[:3]):
            raise ValueError(f"{name}, line {number}: expected word, pos, group, gloss separated by tabs")
        if cells[0] in seen:
            raise ValueError(f"{name}, line {number}: {cells[0]} stands twice")
        seen.add(cells[0])
        rows.append(LexiconWord(*(cell.strip() for cell in cells)))
    return rows


def parse_stop_words(text: str) -> frozenset[str]:
    """Stop words: words separated by white space; a line that starts with ``#`` is a comment."""
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
