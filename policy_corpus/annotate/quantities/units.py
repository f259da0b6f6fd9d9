"""Units, measure words and bound words as a researcher keeps them in ``data/units.toml``."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from policy_corpus.annotate.quantities.numerals import HAN_NUMERAL
from policy_corpus.errors import SettingsError

UNIT_KINDS = ("count", "population", "money", "area", "share", "frequency", "teaching", "duration")
SECTIONS: dict[str, tuple[str, ...]] = {
    "units": UNIT_KINDS,
    "not_unit": ("words",),
    "instalments": ("words",),
    "not_counted": ("any_numeral", "han_numeral", "names", "campaigns"),
    "bounds": (
        "before_about", "before_least", "before_most", "between_about", "between_least",
        "after_about", "after_least", "after_most", "carried_least",
    ),
    "changes": ("from", "verbs", "ends", "before", "after"),
    "rates": ("time",),
    "what": ("verbs", "lead", "trail", "persons"),
    "service": ("words",),
    "binding": (
        "in_scope", "strong", "elsewhere", "foreign", "results", "reach", "titles", "judged", "taught", "prizes",
        "never_title", "places", "tried", "background", "areas", "conditions",
    ),
}  # fmt: skip

HAN = HAN_NUMERAL
_INSIDE = r"[^，,。；;：:、\d]"
# 12,000 · 12 000 · 92. 5 · 3.5 ; digits that touch Latin letters or stars belong to a blank or a name
ARABIC = r"(?<![\dA-Za-z*×_.])\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?(?![\d])|(?<![\dA-Za-z*×_.])\d+(?:\s?\.\s?\d+)?"


@dataclass(frozen=True, slots=True)
class Units:
    """Word lists of ``units.toml`` and the patterns made of them once.

    ``pattern`` holds compiled expressions by name; the finder's comments say what each is for.
    """

    kind: Mapping[str, str]
    same: Mapping[str, str]
    each: Mapping[str, str]
    average: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    pattern: Mapping[str, re.Pattern[str]]

    def canonical(self, word: str) -> str:
        """The unit as it is written out: ㎡ → 平方米."""
        return self.same.get(word, word)


def parse_units(data: bytes, name: str = "units.toml") -> Units:
    """Read ``units.toml``.

    Parameters
    ----------
    data
        The file's bytes, UTF-8 TOML. Every list holds plain words.
    name
        What an error calls the file.

    Raises
    ------
    SettingsError
        No TOML, a list is missing, or an entry is no word; the message names the list.
    """
    try:
        raw = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"units cannot be read: {error}", name, "mend the line named above") from error
    lists = {f"{s}.{k}": _words(raw, s, k, name) for s, keys in SECTIONS.items() for k in keys}
    kind = {word: k for k in UNIT_KINDS for word in lists[f"units.{k}"]}
    each, average = (_mapping(raw.get("rates", {}).get(k), f"rates.{k}", name) for k in ("each", "average"))
    same = _mapping(raw.get("same_unit"), "same_unit", name)
    return Units(kind, same, each, average, lists, _patterns(lists, kind, each, average))


def _words(raw: Mapping[str, Any], section: str, key: str, name: str) -> tuple[str, ...]:
    value = raw.get(section, {}).get(key)
    if not isinstance(value, list) or not value or not all(isinstance(w, str) and w for w in value):
        raise SettingsError(f"[{section}] {key} is not a list of words", name, 'write it as ["所", "个"]')
    return tuple(value)


def _mapping(value: object, where: str, name: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise SettingsError(f"[{where}] does not map words to words", name, 'write "㎡" = "平方米"')
    return {str(k): str(v) for k, v in value.items()}


def any_of(words: Iterable[str]) -> str:
    """Alternation of plain words, longest first; a blank in a word may be any run of spaces."""
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


def _patterns(
    lists: Mapping[str, tuple[str, ...]],
    kind: Mapping[str, str],
    each: Mapping[str, str],
    average: Mapping[str, str],
) -> dict[str, re.Pattern[str]]:
    about, plus = any_of(lists["bounds.between_about"]), any_of(lists["bounds.between_least"])
    verbs, ends = any_of(lists["changes.verbs"]), any_of(lists["changes.ends"])
    time = any_of(lists["rates.time"])
    sources = {
        "atom": rf"(?P<num>(?:{ARABIC})|[{HAN}](?:点(?=[{HAN}])|[{HAN}]){{0,20}})"
        rf"\s?(?P<mid>(?:{about})(?=[十百千万亿]))?(?P<mult>\s?(?:个(?=亿))?[百千万亿]{{1,2}})?"
        rf"\s?(?P<mid2>{about}|{plus})?(?P<odd>\s?[A-Za-z*×_])?"
        rf"\s?(?:(?P<wrong>{any_of(lists['not_unit.words'])})|(?P<unit>{any_of(kind)}))?",
        "before": rf"(?:{_bounds(lists, 'before')})\s?$",
        "carried": rf"(?:{any_of(lists['bounds.carried_least'])}){_INSIDE}{{0,24}}$",
        "after": rf"\s?(?:{_bounds(lists, 'after')})",
        "head": rf"(?:{any_of(lists['changes.from'])}){_INSIDE}{{0,16}}$",
        "gap_after_head": rf"{_INSIDE}{{0,12}}[，,]?{_INSIDE}{{0,4}}(?:{ends}){_INSIDE}{{0,10}}",
        "gap": rf"\s?(?:→|->|⟶)\s?|(?:{verbs})了?(?:{ends}){_INSIDE}{{0,4}}",
        "reached": rf"(?:{verbs})(?:到|至|为|成|达|达到)了?{_INSIDE}{{0,4}}$",
        "grows": rf"(?:{verbs})(?:了|约|近|超|超过|幅|幅度|率|比例|额度)*\s?$",
        "had": rf"(?:{any_of(lists['changes.before'])}){_INSIDE}{{0,8}}$",
        "has": rf"(?:{any_of(lists['changes.after'])}){_INSIDE}{{0,8}}$",
        "per": rf"每隔?(?P<n>[{HAN}\d]{{0,4}})(?:个|满)?(?:(?P<time>{time})(?!级)|(?P<each>{any_of(each)}))"
        rf"|(?P<average>{any_of(average)})",
        "slash": rf"\s?[/／]\s?(?P<per>{time}|{any_of(each)})",
        "names": any_of(lists["not_counted.names"]),
        "any_turn": rf"[大个类项种]?(?:{any_of(lists['not_counted.any_numeral'])})",
        "han_turn": rf"[大个类项种]?(?:{any_of(lists['not_counted.han_numeral'])})",
        "campaign": rf"{_INSIDE}{{0,10}}?(?:{any_of(lists['not_counted.campaigns'])})",
        "person": rf"[^，,。；;：:、\d]{{0,6}}?(?:{any_of(lists['what.persons'])})",
        "service": any_of(lists["service.words"]),
        "verb": any_of(lists["what.verbs"]),
        "lead": rf"(?:{any_of(lists['what.lead'])}|\s)+",
        "trail": rf"(?:{any_of(lists['what.trail'])})$",
        **{name: any_of(lists[f"binding.{name}"]) for name in SECTIONS["binding"]},
    }
    return {name: re.compile(source) for name, source in sources.items()}


def _bounds(lists: Mapping[str, tuple[str, ...]], side: str) -> str:
    """``least`` first: 不少于 must not be read as its end 少于."""
    return "|".join(f"(?P<{k}>{any_of(lists[f'bounds.{side}_{k}'])})" for k in ("least", "most", "about"))
