"""Which pages of an import are wanted: by address, by language, by topic; and a count of all that was left.

The address is judged before a page is unpacked, language and topic on its decoded text. Pages that a
filter cannot judge (a saved file has no address, the text of a docx or pdf is read later) come in.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

from policy_corpus.collect.problems import make_issue
from policy_corpus.errors import CorpusError
from policy_corpus.records import Issue

HAN_SHARE = 0.2
"""Share of Han characters among the letters of a page from which it is Chinese. The 21 saved pages of the
shared gold have 0.67 (one full of program code) to 1.0; pages of other scripts without Han have 0."""
KANA_SHARE = 0.1
"""Share of kana among Han and kana from which a page is Japanese: 0 on the same pages, 0.3 to 0.8 in the
Japanese example sentences that come with spaCy."""
LANGUAGES = ("zh",)

TextOf = Callable[[bytes, str, str | None], str | None]
"""Decoded text of (bytes, media type, declared charset); None for formats without one."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:]*)(?::\d*)?([^#]*)", re.IGNORECASE)
_HIDDEN = re.compile(r"<(?:(script|style|noscript|template)\b|!--)", re.IGNORECASE)
_HIDDEN_ENDS = {
    name: re.compile(rf"</{name}\s*>" if name else "-->", re.IGNORECASE)
    for name in ("script", "style", "noscript", "template", "")
}
_TAG = re.compile(r"<[^<>]*>")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_READING = re.compile(r"(?<=[\u3400-\u9fff])[(\uff08][a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,6}[)\uff09]")
"""Mirrors of Chinese pages write the sound behind a character: 發(fā)展."""


@dataclass(frozen=True, slots=True)
class UrlPattern:
    """Addresses, with ``*`` for anything: a host, or a host and the path behind its first ``/``."""

    host: tuple[str, ...]
    path: tuple[str, ...] | None

    @classmethod
    def parse(cls, pattern: str) -> "UrlPattern":
        """``*.gov.cn`` (that host and all below it), ``www.example.cn/zwgk/*``, ``*/*notice*``.

        Capitals and the scheme do not matter, ``%E6%95%99`` stands for 教. ``*.`` before a host takes in
        the host itself, as in match patterns of browser extensions.

        Raises
        ------
        CorpusError
            The pattern has no host.
        """
        text = _readable(pattern.strip())
        host, slash, path = text.partition("://")[2 if "://" in text else 0].partition("/")
        if not host:
            raise CorpusError(
                "an address pattern names a host",
                f"--url {pattern!r}",
                "write *.gov.cn, or */path/* for any host",
            )
        return cls(tuple(host.split("*")), tuple((slash + path).split("*")) if slash else None)

    def matches(self, url: str) -> bool:
        """Whether an address is one of these."""
        found = _ADDRESS.match(_readable(url))
        if not found:
            return False
        host, path = found[1], found[2] or "/"
        below = self.host[0] == "" and len(self.host) > 1 and self.host[1].startswith(".")
        if not _fits(self.host, host) and not (below and _fits(self.host, "." + host)):
            return False
        return self.path is None or _fits(self.path, path)


def _readable(url: str) -> str:
    return (unquote(url) if "%" in url else url).lower()


def _fits(parts: tuple[str, ...], text: str) -> bool:
    """Whether ``text`` is the parts in order with anything between them; time is linear."""
    if len(parts) == 1:
        return text == parts[0]
    first, *middle, last = parts
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        place = text.find(part, at, end)
        if place < 0:
            return False
        at = place + len(part)
    return True


@dataclass(frozen=True, slots=True)
class Filters:
    """What an import asks of its pages; all three must hold, of several addresses or topics any one."""

    urls: tuple[UrlPattern, ...] = ()
    language: str | None = None
    topics: tuple[str, ...] = ()
    """As :func:`plain` leaves them."""
    folding: Mapping[int, str] = field(default_factory=dict)
    """Traditional characters and their simplified forms, for ``str.translate``."""
    text_of: TextOf | None = None

    @classmethod
    def make(
        cls,
        urls: Iterable[str] = (),
        language: str | None = None,
        topics: Iterable[str] = (),
        *,
        folding: Mapping[int, str] | None = None,
        text_of: TextOf | None = None,
    ) -> "Filters":
        """Filters from what a user wrote.

        Parameters
        ----------
        urls : iterable of str
            Patterns, see :meth:`UrlPattern.parse`.
        language : str, optional
            ``zh``: Chinese in either script.
        topics : iterable of str
            Words; simplified and traditional script, capitals and blanks make no difference.
        folding : mapping, optional
            Traditional to simplified characters.
        text_of : callable, optional
            Decodes a page; language and topic need it.

        Raises
        ------
        CorpusError
            A pattern or word says nothing, or the language is not known.
        """
        if language is not None and language not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise CorpusError(f"language {language} cannot be told", "--language", f"known are: {known}")
        folding = folding or {}
        words = tuple(plain(word, folding) for word in topics)
        if "" in words:
            raise CorpusError("a topic is empty", "--topic", "name a word that a page must hold")
        return cls(tuple(map(UrlPattern.parse, urls)), language, words, folding, text_of)

    def refuse_address(self, url: str | None) -> str | None:
        """The filter that an address fails, or None; what has no address is not judged by it."""
        if not self.urls or not url or any(pattern.matches(url) for pattern in self.urls):
            return None
        return "by --url"

    def refuse_language(self, identified: str | None) -> str | None:
        """The same for the languages that an archive says it found in a page: ``zho,eng``."""
        if not self.language or not identified or "zho" in re.split(r"[,\s]+", identified.lower()):
            return None
        return f"by --language {self.language}"

    def refuse_text(self, data: bytes, media_type: str, charset: str | None) -> str | None:
        """The filter that the text of a page fails, or None."""
        if not (self.language or self.topics) or self.text_of is None:
            return None
        if self.language and data.isascii() and b"&#" not in data and b"~{" not in data:
            return f"by --language {self.language}"  # not one Han character, not even escaped
        text = self.text_of(data, media_type, charset)
        if text is None:
            return None
        if media_type == "text/html":
            text = visible_text(text)
        if self.language and not is_chinese(text):
            return f"by --language {self.language}"
        if self.topics:
            folded = plain(text, self.folding)
            if not any(word in folded for word in self.topics):
                return "by --topic"
        return None


@dataclass(slots=True)
class Sieve:
    """Filters at work, and a count of what they and the kind of record kept out."""

    filters: Filters = field(default_factory=Filters)
    on_count: Callable[[], None] | None = None
    dropped: Counter[str] = field(default_factory=Counter)
    """How many pages each filter kept out."""
    passed_over: Counter[str] = field(default_factory=Counter)
    """How many records of web archives are no pages, by kind."""
    _notes: dict[tuple[Literal["filtered", "passed_over"], str], Counter[str]] = field(default_factory=dict)

    def drop(self, place: str, by: str) -> None:
        """Count a page of an archive or given path that a filter kept out."""
        self.dropped[by] += 1
        self._count("filtered", place, by)

    def pass_over(self, place: str, kind: str) -> None:
        """Count a record of a web archive that is no page."""
        self.passed_over[kind] += 1
        self._count("passed_over", place, kind)

    def _count(self, reason: Literal["filtered", "passed_over"], place: str, what: str) -> None:
        self._notes.setdefault((reason, place), Counter())[what] += 1
        if self.on_count:
            self.on_count()

    def notes(self) -> Iterator[Issue]:
        """One note for each archive or path and reason since the last call."""
        for (reason, place), counts in self._notes.items():
            yield make_issue(place, reason, detail=listed(counts))
        self._notes.clear()


def listed(counts: Mapping[str, int]) -> str:
    """Counts in words: ``3 redirects, 1 revisits``."""
    return ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))


def visible_text(markup: str) -> str:
    """Text of a page without tags, scripts, styles and comments; a blank for each tag. Time is linear."""
    parts: list[str] = []
    at = 0
    while found := _HIDDEN.search(markup, at):
        parts.append(markup[at : found.start()])
        end = _HIDDEN_ENDS[(found[1] or "").lower()].search(markup, found.end())
        if end is None:
            at = len(markup)
            break
        at = end.end()
    parts.append(markup[at:])
    return html.unescape(_TAG.sub(" ", " ".join(parts)))


def is_chinese(text: str) -> bool:
    """Whether enough of the letters are Han and few are kana."""
    han, kana, letters = (sum(map(len, kind.findall(text))) for kind in (_HAN, _KANA, _LETTERS))
    return han > 0 and han >= HAN_SHARE * letters and kana < KANA_SHARE * (han + kana)


def plain(text: str, folding: Mapping[int, str]) -> str:
    """Text in which words are looked up: simplified, small letters, no blanks, no sounds in brackets."""
    return "".join(_READING.sub("", text).split()).translate(folding).lower()
