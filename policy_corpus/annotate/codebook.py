"""The codebook: codes with labels, negative labels, definition, examples; matching and its rules.

A label is fixed text with optional gaps: ``…`` stands for up to :data:`GAP` characters of the same clause,
``(a|b)`` for alternatives. Matching looks up the two characters at each place of the text, so it takes
time linear in the text, whatever the number of labels. Rules, after Climate Policy Radar's concepts:

* of two hits of one code that overlap, the longer one stays;
* a negative label of the code that overlaps a fixed part of a hit and is longer than that part drops the hit;
* a fixed label inside a longer fixed label of another code is dropped (奖励基金 is no 基金).
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from operator import add
from typing import Any, Literal

from policy_corpus.errors import SettingsError

GAP = 12
"""Longest stretch, in code points, that ``…`` in a label may stand for."""
KEY = 2
"""A label begins with this many fixed characters: the key under which it is looked up."""
MAX_ALTERNATIVES = 64
CLAUSE_END = frozenset("。!?;\n")

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    ord("“"): 0x22,
    ord("”"): 0x22,
}

_GROUP = re.compile(r"\(([^()|]*+\|[^()]*+)\)")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_ID_LINE = re.compile(r"\s{0,20}id\s{0,20}=[^\"]{0,20}\"([^\"]*)\"")
_TEXT_FIELDS = ("id", "zh", "en", "definition")
_LIST_FIELDS = ("labels", "hints", "negative", "shared", "examples", "counter_examples")


@dataclass(frozen=True, slots=True)
class Code:
    """One code of the codebook."""

    id: str
    zh: str
    en: str
    definition: str
    labels: tuple[str, ...]
    hints: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    """Labels that belong to another code too, on purpose (新改扩建 is layout and facilities)."""
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    family: bool = False


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A label that stands in a text; ``start``/``end`` are code points of that text."""

    code: str
    label: str
    start: int
    end: int
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What ``codebook check`` has to say about a codebook."""

    severity: Literal["error", "warning"]
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    code: str
    label: str
    parts: tuple[str, ...]
    role: Literal["label", "hint", "negative"]


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    pattern: _Pattern


@dataclass(frozen=True, slots=True)
class Codebook:
    """Codes in their order, ready to match."""

    codes: tuple[Code, ...]
    name: str = ""
    version: str = ""
    scope: tuple[str, ...] = ()
    """Words of the field. Empty: every sentence is in scope."""
    _index: Mapping[str, tuple[tuple[str, _Pattern], ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def parse(cls, text: str, where: str = "codebook.toml") -> "Codebook":
        """Read a codebook.

        Raises
        ------
        SettingsError
            When the text is not TOML or a code is incomplete; it names the line or the code and the reason.
        """
        try:
            data = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise SettingsError(f"not valid TOML: {error}", where, "correct that line") from error
        entries = data.get("code")
        if not isinstance(entries, list) or not entries:
            raise SettingsError("no [[code]] entry", where, "a codebook needs at least one code")
        lines = _lines_of_ids(text)
        codes = tuple(_code(entry, number, where, lines) for number, entry in enumerate(entries, 1))
        for code_id, count in Counter(code.id for code in codes).items():
            if count > 1:
                raise SettingsError(f"code {code_id!r} stands twice", where, "give each code its own id")
        scope = _texts(data, "scope", where)
        return cls(codes, str(data.get("name", "")), str(data.get("version", "")), scope, _index(codes))

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifiers of the codes, in order."""
        return tuple(code.id for code in self.codes)

    def __getitem__(self, code_id: str) -> Code:
        for code in self.codes:
            if code.id == code_id:
                return code
        raise KeyError(code_id)

    def in_scope(self, text: str) -> bool:
        """Whether a word of the field stands in the text."""
        return not self.scope or any(word in text for word in self.scope)

    def match(self, text: str, *, hints: bool = False) -> list[LabelHit]:
        """Labels in ``text`` that survive the rules above, in order; with ``hints`` the hints too."""
        text = fold(text)
        found: list[_Found] = []
        for start, patterns in enumerate(map(self._index.get, map(add, text, text[1:]))):
            for beginning, pattern in patterns or ():
                if not text.startswith(beginning, start) or (pattern.role == "hint" and not hints):
                    continue
                if spans := _spans_of(pattern.parts, text, start):
                    found.append(_Found(start, spans[-1][1], spans, pattern))
        return _survivors(found) if found else []


def fold(text: str) -> str:
    """Full-width ASCII and curly double quotes as plain ASCII; as long as the text."""
    return text.translate(_FOLD)


def _spans_of(parts: tuple[str, ...], text: str, start: int) -> tuple[tuple[int, int], ...]:
    """Where the fixed parts of a pattern whose first stands at ``start`` stand; empty when it does not match."""
    at = start + len(parts[0])
    spans = [(start, at)]
    for part in parts[1:]:
        place = text.find(part, at, at + GAP + len(part))
        if place < 0 or not CLAUSE_END.isdisjoint(text[at:place]):
            return ()
        at = place + len(part)
        spans.append((place, at))
    return tuple(spans)


def _survivors(found: list[_Found]) -> list[LabelHit]:
    negatives = [f for f in found if f.pattern.role == "negative"]
    rest = sorted(
        (f for f in found if f.pattern.role != "negative"), key=lambda f: (f.start - f.end, f.start)
    )
    kept: list[_Found] = []
    for hit in rest:
        if not any(_denies(n, hit) for n in negatives) and not any(_covers(other, hit) for other in kept):
            kept.append(hit)
    kept.sort(key=lambda f: (f.start, f.end, f.pattern.code))
    return [LabelHit(f.pattern.code, f.pattern.label, f.start, f.end, f.pattern.role == "hint") for f in kept]


def _denies(negative: _Found, hit: _Found) -> bool:
    return negative.pattern.code == hit.pattern.code and any(
        negative.start < end and start < negative.end and negative.end - negative.start > end - start
        for start, end in hit.spans
    )


def _covers(longer: _Found, hit: _Found) -> bool:
    """Whether a hit already kept (at least as long) drops ``hit``."""
    if longer.pattern.code == hit.pattern.code:
        return longer.start < hit.end and hit.start < longer.end
    inside = longer.start <= hit.start and hit.end <= longer.end
    fixed = len(longer.spans) == 1 and longer.pattern.role == "label"
    return inside and fixed and longer.end - longer.start > hit.end - hit.start


def expand(label: str) -> list[str]:
    """Alternatives ``(a|b)`` written out: 结为(对子|帮扶) → 结为对子, 结为帮扶."""
    pieces: list[list[str]] = []
    last = 0
    for group in _GROUP.finditer(label):
        pieces += [[label[last : group.start()]], group.group(1).split("|")]
        last = group.end()
    pieces.append([label[last:]])
    return ["".join(choice) for choice in product(*pieces)]


def _patterns(code: Code) -> Iterator[_Pattern]:
    roles: tuple[tuple[Literal["label", "hint", "negative"], tuple[str, ...]], ...] = (
        ("label", code.labels),
        ("hint", code.hints),
        ("negative", code.negative),
    )
    for role, labels in roles:
        for label in labels:
            for written in expand(fold(label)):
                yield _Pattern(code.id, label, tuple(written.split("…")), role)


def _index(codes: Iterable[Code]) -> dict[str, tuple[tuple[str, _Pattern], ...]]:
    """Patterns with their beginnings by the two characters that they begin with."""
    index: dict[str, list[tuple[str, _Pattern]]] = {}
    for code in codes:
        for pattern in _patterns(code):
            index.setdefault(pattern.parts[0][:KEY], []).append((pattern.parts[0], pattern))
    return {key: tuple(patterns) for key, patterns in index.items()}


def _code(entry: Any, number: int, where: str, lines: Mapping[str, int]) -> Code:
    if not isinstance(entry, dict):
        raise SettingsError(f"entry {number} is not a table", where, "write [[code]] before each code")
    name = str(entry.get("id") or f"number {number}")
    place = f"{where}, line {lines.get(name, 1)}, code {name}"
    unknown = set(entry) - {*_TEXT_FIELDS, *_LIST_FIELDS, "family"}
    if unknown:
        raise SettingsError(f"unknown field {sorted(unknown)[0]!r}", place, "correct its name or remove it")
    for key in _TEXT_FIELDS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise SettingsError(f"{key} is missing", place, f'write {key} = "…"')
    if not _ID.fullmatch(entry["id"]):
        raise SettingsError(
            f"id {entry['id']!r} is not an identifier", place, "use a-z, 0-9 and _; begin with a letter"
        )
    lists = {key: _texts(entry, key, place) for key in _LIST_FIELDS}
    if not lists["labels"]:
        raise SettingsError("no labels", place, "a code needs at least one label")
    for key in ("labels", "hints", "negative"):
        for label in lists[key]:
            _check_label(label, key, place)
    fields = {key: entry[key] for key in _TEXT_FIELDS} | lists
    return Code(**fields, family=bool(entry.get("family", False)))


def _texts(table: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    values = table.get(key, [])
    if not isinstance(values, list) or not all(isinstance(v, str) and v for v in values):
        raise SettingsError(f"{key} is not a list of texts", place, f'write {key} = ["…", "…"]')
    return tuple(values)


def _check_label(label: str, key: str, place: str) -> None:
    folded = fold(label)
    if prod(group[1].count("|") + 1 for group in _GROUP.finditer(folded)) > MAX_ALTERNATIVES:
        raise SettingsError(
            f"{label!r} in {key} has more than {MAX_ALTERNATIVES} alternatives", place, "split it"
        )
    for form in expand(folded):
        parts = form.split("…")
        if len(parts[0]) < KEY:
            raise SettingsError(
                f"{label!r} in {key} does not begin with {KEY} fixed characters", place, "write more of it"
            )
        if not all(parts):
            raise SettingsError(f"{label!r} in {key} has an empty part beside …", place, "remove that …")


def _lines_of_ids(text: str) -> dict[str, int]:
    """Line of each ``id``; of the same id the first."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if match := _ID_LINE.match(line):
            found.setdefault(match[1], number)
    return found


def check(codebook: Codebook) -> list[Finding]:
    """Lint: labels in two codes, in positives and negatives, dead or swallowed ones, failing examples."""
    findings: list[Finding] = []
    owner: dict[str, str] = {}
    for code in codebook.codes:
        own = set(code.labels)
        for label in code.labels:
            other = owner.get(label, code.id)
            if other != code.id and label not in code.shared and label not in codebook[other].shared:
                findings.append(Finding("warning", code.id, f"label {label!r} stands in {other!r} too"))
            owner.setdefault(label, code.id)
        findings += [
            Finding("error", code.id, f"{label!r} is a label and a negative label")
            for label in code.negative
            if label in own
        ]
        findings += [
            Finding("warning", code.id, f"{label!r} stands twice")
            for label in dict.fromkeys(code.labels)
            if code.labels.count(label) > 1
        ]
        findings += _check_reach(codebook, code)
        findings += _check_examples(codebook, code)
    return findings


def _check_reach(codebook: Codebook, code: Code) -> list[Finding]:
    findings = []
    bare = _without_negatives(codebook)
    for label in dict.fromkeys(code.labels):
        alone = [form.replace("…", "某") for form in expand(label)]
        hits = [hit for form in alone for hit in codebook.match(form) if hit.code == code.id]
        if not hits:
            findings.append(Finding("error", code.id, f"label {label!r} is dead: a rule always drops it"))
    findings += [
        Finding("warning", code.id, f"negative label {label!r} drops nothing")
        for label in dict.fromkeys(code.negative)
        if not any(hit.code == code.id for hit in bare.match(label, hints=True))
    ]
    return findings


def _without_negatives(codebook: Codebook) -> Codebook:
    codes = tuple(replace(code, negative=()) for code in codebook.codes)
    return Codebook(codes, _index=_index(codes))


def _check_examples(codebook: Codebook, code: Code) -> list[Finding]:
    findings = []
    if not code.examples:
        findings.append(Finding("warning", code.id, "no examples"))
    if not code.counter_examples:
        findings.append(Finding("warning", code.id, "no counter-examples"))
    findings += [
        Finding("error", code.id, f"no label found in the example {text!r}")
        for text in code.examples
        if not any(hit.code == code.id for hit in codebook.match(text))
    ]
    for text in code.counter_examples:
        hits = [hit for hit in codebook.match(text) if hit.code == code.id]
        if hits:
            findings.append(
                Finding("error", code.id, f"label {hits[0].label!r} found in the counter-example {text!r}")
            )
    return findings
