"""What a query asks for: words, exact phrases, document numbers, titles, what to leave out, codes, regions.

A query is read in its search form: simplified, half-width, lower case, every bracket round, every double quote
straight. Passages have the same form beside their text, character for character, so whatever stands in a text is
found however it was typed (教基〔2023〕5号, 教基[2023]5号).
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_corpus.annotate.regions import find_regions
from policy_corpus.clean.script import to_simplified
from policy_corpus.errors import PolicyCorpusError

if TYPE_CHECKING:
    from policy_corpus.annotate.codebook import Code, Codebook
    from policy_corpus.annotate.regions import Gazetteer
    from policy_corpus.annotate.tokens import Tokenizer

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_FOLD |= dict.fromkeys(map(ord, "“”„‟「」『』＂"), ord('"'))
_FOLD |= dict.fromkeys(map(ord, "〔［【﹝〖[（"), ord("("))
_FOLD |= dict.fromkeys(map(ord, "〕］】﹞〗]）"), ord(")"))
_FOLD |= dict.fromkeys(map(ord, "—–―－"), ord("-"))

_PART = re.compile(
    r"(?P<minus>(?<!\S)-)?"
    r'(?:"(?P<phrase>[^"]*)"|《(?P<title>[^《》]*)》'
    r"|(?P<letters>[\u3400-\u9fff]{1,12}) ?\((?P<year>(?:19|20)\d\d)\) ?(?:第 ?)?(?P<serial>\d{1,5}) ?号)"
    r'|(?<!\S)-(?P<unwanted>[^\s"《》]+)'
)
_LEAD = re.compile(r"^(?:根据|按照|依据|依照|贯彻|落实|执行|参照|印发|转发|关于|按|据|见)+")
"""Words that a writer puts before a document number without a space."""
_WORD = re.compile(r"\w")
SHORT = 4
"""Characters of a query whose very characters are wanted: every text of so many that stands in the corpus is found.
So short a query that leaves out or quotes nothing but signs is taken as it stands (-20 in 2018-2020)."""
MIN_REGION_CONFIDENCE = 0.5
"""Names that more likely mean something else (own judgement) do not steer the order of hits."""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number (文号): ``letters`` 教基, ``year`` 2023, ``serial`` 5."""

    letters: str
    year: str
    serial: str

    def __str__(self) -> str:
        return f"{self.letters}〔{self.year}〕{self.serial}号"

    def cores(self) -> tuple[str, ...]:
        """Search forms of year and serial number, as texts print them."""
        year, serial = f"({self.year})", f"{self.serial}号"
        return tuple(f"{year}{gap}{serial}" for gap in ("", " ", "第", " 第", "第 "))

    def pattern(self) -> re.Pattern[str]:
        """Finds the number in a search form; longer letters are another number (鲁政办发 is not 政办发)."""
        letters = r" ?".join(map(re.escape, self.letters))
        return re.compile(rf"{letters} ?\({self.year}\) ?(?:第 ?)?{self.serial} ?号")


@dataclass(frozen=True, slots=True)
class NamedCode:
    """A code that the query names, by a label, a hint, its name or its id."""

    code: str
    label: str
    word: str
    synonyms: tuple[str, ...] = ()
    """Other labels of the code, in search form."""


@dataclass(frozen=True, slots=True)
class NamedRegion:
    """A region that the query names; ``code`` is today's."""

    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query, read. All texts but ``text`` are in search form."""

    text: str
    free: str
    """What is left for words and meaning."""
    literal: str = ""
    """What was typed, where it is :data:`SHORT` and holds no sign: a text with just these characters is found."""
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    numbers: tuple[DocumentNumber, ...] = ()
    minus: tuple[str, ...] = ()
    codes: tuple[NamedCode, ...] = ()
    regions: tuple[NamedRegion, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether something must stand literally in a hit or in the title of its document."""
        return bool(self.phrases or self.titles or self.numbers)

    @property
    def ranked_text(self) -> str:
        """The text whose words order the hits: the free words without region names, if others are left."""
        text = self.free
        for region in self.regions:
            text = text.replace(region.text, " ")
        wanted = " ".join([text if _WORD.search(text) else self.free, *self.phrases, *self.titles])
        return wanted.strip() or " ".join(number.letters for number in self.numbers)


def search_form(text: str, simplified: str | None = None) -> str:
    """Text as it is compared: simplified, half-width, lower case, plain brackets and quotes; equally long.

    Parameters
    ----------
    simplified
        The normal form of ``text`` where it is known; else it is made.
    """
    plain = (to_simplified(text) if simplified is None else simplified).translate(_FOLD)
    lower = plain.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


def parse_query(text: str, tokenizer: "Tokenizer", codebook: "Codebook", gazetteer: "Gazetteer") -> Query:
    """Read a query.

    ``"…"`` is an exact phrase, ``《…》`` an exact title, 教基〔2023〕5号 an exact number with brackets of any kind,
    ``-word`` leaves hits with that word out; the rest are words.

    Raises
    ------
    PolicyCorpusError
        Nothing is left to search for.
    """
    form = search_form(text.strip())
    kept: dict[str, list[str]] = {"phrase": [], "title": [], "minus": []}
    numbers: list[DocumentNumber] = []
    free = []
    end = 0
    for match in _PART.finditer(form):
        free.append(form[end : match.start()])
        end = match.end()
        unwanted = match["unwanted"] or (match["minus"] and (match["phrase"] or match["title"]))
        if unwanted:
            kept["minus"].append(unwanted.strip())
        elif match["letters"]:
            letters = _LEAD.sub("", match["letters"]) or match["letters"]
            numbers.append(DocumentNumber(letters, match["year"], match["serial"]))
        else:
            kind = "title" if match["title"] else "phrase"
            kept[kind] += filter(None, [(match["title"] or match["phrase"] or "").strip()])
    free.append(form[end:])
    rest = " ".join(" ".join(free).replace('"', " ").split())
    literal = form if not end and len(form) <= SHORT else ""
    if not (rest or kept["phrase"] or kept["title"] or numbers):
        if len(form) > SHORT:
            remedy = "give a word, “a phrase” or a 《title》; -词 only leaves hits out"
            raise PolicyCorpusError(f"nothing to search for in {text!r}", None, remedy)
        rest = literal = form
        kept["minus"] = []
    if not form:
        raise PolicyCorpusError("nothing to search for", None, "give a word, “a phrase” or a 《title》")
    named = " ".join([rest, *kept["phrase"]])
    return Query(
        text=text,
        free=rest,
        literal=literal,
        words=tuple(dict.fromkeys(w for w in tokenizer.cut(rest) if _WORD.match(w))),
        phrases=tuple(dict.fromkeys(kept["phrase"])),
        titles=tuple(dict.fromkeys(kept["title"])),
        numbers=tuple(dict.fromkeys(numbers)),
        minus=tuple(dict.fromkeys(filter(None, kept["minus"]))),
        codes=_codes(named, codebook),
        regions=_regions(rest, gazetteer),
    )


def _codes(text: str, codebook: "Codebook") -> tuple[NamedCode, ...]:
    """Codes named in a text, each once; a label speaks before a hint."""
    found: dict[str, NamedCode] = {}
    for code in codebook.codes:
        if code.zh in text or code.id == text:
            found[code.id] = _named(code, code.zh)
    for hit in sorted(codebook.match(text, hints=True), key=lambda hit: hit.hint):
        if hit.code not in found:
            found[hit.code] = _named(codebook[hit.code], text[hit.start : hit.end])
    return tuple(found.values())


def _named(code: "Code", word: str) -> NamedCode:
    plain = (search_form(label) for label in code.labels if "…" not in label and "|" not in label)
    return NamedCode(
        code.id, code.zh, word, tuple(sorted(set(plain), key=lambda label: (-len(label), label)))
    )


def _regions(text: str, gazetteer: "Gazetteer") -> tuple[NamedRegion, ...]:
    found = {
        mention.text: NamedRegion(mention.text, mention.code)
        for mention in find_regions(text, gazetteer)
        if mention.code and mention.confidence >= MIN_REGION_CONFIDENCE
    }
    return tuple(found.values())
