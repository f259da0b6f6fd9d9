"""Words with exact offsets: jieba's words, and the policy lexicon's words kept whole.

Runs of Han characters go to rjieba (jieba's own dictionary and HMM, compiled) or, where its wheel is missing, to
jieba; both give the same words. Everything else is cut here, because the two differ on ASCII. Lexicon words of
four and more characters are cut out first, longest first; shorter ones only join words whose borders agree, so
that 学区 is not found in 大学区域.
"""

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

MIN_FORCED = 4
"""Characters from which a lexicon word is cut out of the text whatever stands beside it."""
MAX_JOINED = 4
"""Most words that join into one short lexicon word."""

_PIECE = re.compile(r"[\u4e00-\u9fd5]+|[0-9]+(?:[.,][0-9]+)*|[A-Za-z]+(?:[-'][A-Za-z]+)*|\s+|.", re.DOTALL)

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
        self.engine = engine or default_engine()
        self._cut = _engine(self.engine)
        self._short = frozenset(w for w in words if 1 < len(w) < MIN_FORCED)
        self._short_heads = frozenset(w[0] for w in self._short)
        forced = [w for w in words if len(w) >= MIN_FORCED]
        self._forced = re.compile(_trie_pattern(forced)) if forced else None

    def cut(self, text: str) -> list[str]:
        """Words of a text in order, without white space."""
        return [token.text for token in self.tokenize(text)]

    def tokenize(self, text: str) -> list[Token]:
        """Words with their places; ``text[t.start:t.end] == t.text`` for each. White space gives none."""
        tokens: list[Token] = []
        position = 0
        if self._forced is not None:
            for match in self._forced.finditer(text):
                tokens.extend(self._between(text, position, match.start()))
                tokens.append(Token(match.start(), match.end(), match.group()))
                position = match.end()
        tokens.extend(self._between(text, position, len(text)))
        return tokens

    def _between(self, text: str, start: int, end: int) -> Iterator[Token]:
        for piece in _PIECE.finditer(text, start, end):
            chunk = piece.group()
            if "\u4e00" <= chunk[0] <= "\u9fd5":
                place = piece.start()
                for word in self._joined(list(self._cut(chunk))):
                    yield Token(place, place + len(word), word)
                    place += len(word)
            elif not chunk.isspace():
                yield Token(piece.start(), piece.end(), chunk)

    def _joined(self, words: list[str]) -> list[str]:
        """Words of one run with short lexicon words put together, longest first."""
        if not self._short_heads.intersection(word[0] for word in words):
            return words
        joined: list[str] = []
        i = 0
        while i < len(words):
            size = self._join_size(words, i)
            joined.append("".join(words[i : i + size]))
            i += size
        return joined

    def _join_size(self, words: list[str], i: int) -> int:
        if words[i][0] in self._short_heads:
            for size in range(min(MAX_JOINED, len(words) - i), 1, -1):
                if "".join(words[i : i + size]) in self._short:
                    return size
        return 1


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
        return _plain_jieba()
    raise ValueError(f"no such engine: {name}; known: rjieba, jieba")


def _plain_jieba() -> Cut:
    """Jieba with its own dictionary, without the log lines and the cache file that it writes by default."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer.lcut  # type: ignore[no-any-return]


def _trie_pattern(words: list[str]) -> str:
    """Alternation over a prefix tree, longest word first: a few comparisons at a place instead of one for each word."""
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
