"""Regions named in a text: :func:`find_regions`."""

from dataclasses import dataclass, replace

from policy_corpus.annotate.regions.gazetteer import Gazetteer
from policy_corpus.annotate.regions.resolve import ACCEPT, MAX_CANDIDATES, Resolver, shares
from policy_corpus.annotate.regions.roles import role_of
from policy_corpus.annotate.regions.selfref import (
    PLACE_ENDINGS,
    matches_unit,
    own_region,
    placeholders,
    self_references,
)
from policy_corpus.annotate.regions.spans import (
    Places,
    Reading,
    Span,
    add_lone_zones,
    chains,
    mark_groups,
    mark_lonely_words,
    mark_longer_names,
    mark_walls,
)
from policy_corpus.records import RegionCandidate, RegionRole

UNSURE_POINTER = 0.6
"""Confidence of 全市 or 该县 that was read from a name before it (own judgement)."""


PLAIN_LEVELS = ("province", "prefecture", "county")
LONELY = ("the only bearer of the name", "no context")
LONELY_FACTOR = 0.8
"""Confidence of a county's short name that nothing around speaks for: 岐山 may be a mountain (own judgement)."""


@dataclass(frozen=True, slots=True)
class RegionMention:
    """A place in a text that names a region, points to one, or only looks like it.

    ``code`` is today's code, or None where the name is no region or cannot be told; ``old_code`` is the
    code of the name that was used, where it differs (莱芜市钢城区: 370117 and 371203). ``candidates``
    hold the readings with shares that sum to 1.
    """

    text: str
    start: int
    end: int
    code: str | None
    name: str | None
    level: str
    candidates: tuple[RegionCandidate, ...]
    role: RegionRole
    confidence: float
    reason: str
    old_code: str | None = None


def find_regions(text: str, gazetteer: Gazetteer, home: str | None = None) -> list[RegionMention]:
    """Names of regions, pointers to the own region and nameless places in a text, in order.

    Parameters
    ----------
    text
        Simplified text; offsets of the result are code points of it.
    gazetteer
        See :meth:`Gazetteer.from_tables`.
    home
        Code of the region that the text is about, where known: 我县 and 全市 resolve to it, and it speaks
        for neighbours of it among bearers of the same name. A past code is taken as today's.

    Returns
    -------
    list of RegionMention
        Longest names only; 四川省自贡市大安区 is one mention of 510304. Names that are plain words where
        they stand (合作, 和平) are left out; schools, roads and 某区 are mentions without a code.
    """
    home = _today(home, gazetteer)
    spans = add_lone_zones(text, chains(text, gazetteer))
    mark_groups(text, spans)
    mark_walls(text, spans)
    mark_longer_names(text, spans, gazetteer)
    anchored = _anchored(spans, gazetteer, home)
    mark_lonely_words(spans, gazetteer, anchored, gazetteer.ancestors(home)[-1] if home else None)
    resolver = Resolver(spans, gazetteer, home)
    bounds = _group_bounds(spans)
    found = [
        mention
        for span in spans
        if (mention := _mention(text, span, resolver, bounds.get(span.group, (span.start, span.end))))
    ]
    found = _merge_schools(found)
    taken = Places((m.start, m.end) for m in found)
    found += [m for m in _nameless(text) if not taken.overlap(m.start, m.end)]
    found.sort(key=lambda m: m.start)
    found += [m for m in _pointers(text, found, gazetteer, home) if not taken.overlap(m.start, m.end)]
    return sorted(found, key=lambda m: (m.start, m.end))


def _today(home: str | None, gazetteer: Gazetteer) -> str | None:
    if home is None or home not in gazetteer.by_code:
        return None
    return gazetteer.today(home)[0]


def _anchored(spans: list[Span], gazetteer: Gazetteer, home: str | None) -> set[str]:
    """Codes that the text or the home makes known: a word-like full name (城关区) may mean a child of these."""
    known = set(gazetteer.ancestors(home)[:2]) if home else set()
    for span in spans:
        if not span.rejected and len(span.codes()) == 1 and span.last.text not in gazetteer.generic:
            code = next(iter(span.codes()))
            if code in gazetteer.current and gazetteer.level(code) != "province" and span.last.full:
                known.add(code)
    return {c for c in known if gazetteer.level(c) != "province"}


def _group_bounds(spans: list[Span]) -> dict[int, tuple[int, int]]:
    bounds: dict[int, tuple[int, int]] = {}
    for span in spans:
        first, last = bounds.get(span.group, (span.start, span.end))
        bounds[span.group] = (min(first, span.start), max(last, span.end))
    return bounds


def _mention(text: str, span: Span, resolver: Resolver, bounds: tuple[int, int]) -> RegionMention | None:
    gazetteer = resolver.gazetteer
    words = text[span.start : span.end]
    if span.rejected:
        if span.kind == "word":
            return None
        places = _candidates(resolver.candidates(span), gazetteer) if span.readings else ()
        return RegionMention(
            words, span.start, span.end, None, None, span.kind, places, "mentioned", 0.0, span.rejected
        )
    role = role_of(text, span.start, span.end, *bounds)
    if not span.readings:
        return _zone_mention(words, span, resolver, role)
    ranked = resolver.candidates(span)
    reading, share, why = ranked[0]
    if (
        reading.township
        and len(span.hits) == 1
        and (share < ACCEPT or not resolver.town_stands(span, reading))
    ):
        return None
    candidates = _candidates(ranked, gazetteer)
    if share < ACCEPT:
        return RegionMention(
            words, span.start, span.end, None, None, reading.region.level, candidates, role, share,
            f"{len(ranked)} regions bear this name; {why}",
        )  # fmt: skip
    if not span.last.full and len(span.hits) == 1 and reading.region.level == "county" and why in LONELY:
        share *= LONELY_FACTOR
    if role == "mentioned" and reading.code == resolver.home and not reading.township:
        role = "subject"
    level = "township" if reading.township else "unit" if span.zone else reading.region.level
    return RegionMention(
        words, span.start, span.end, reading.code, _name(reading, span, gazetteer), level, candidates, role,
        share, _reason(span, reading, why), reading.old_code,
    )  # fmt: skip


def _merge_schools(found: list[RegionMention]) -> list[RegionMention]:
    """西宁果洛中学 is one school with two places to choose from."""
    merged: list[RegionMention] = []
    for mention in found:
        outer = merged[-1] if merged else None
        if outer is None or mention.start >= outer.end or outer.code is not None:
            merged.append(mention)
            continue
        both = [*outer.candidates, *mention.candidates]
        total = sum(c.share for c in both)
        candidates = tuple(replace(c, share=c.share / total) for c in both)
        merged[-1] = replace(outer, candidates=candidates)
    return merged


def _zone_mention(words: str, span: Span, resolver: Resolver, role: RegionRole) -> RegionMention:
    parent = resolver.group_parent.get(span.group)
    why = "zone of the list's prefecture"
    if parent is None and resolver.home:
        parent, why = (
            resolver.gazetteer.prefecture(resolver.home) or resolver.home,
            "zone of the home's prefecture",
        )
    if parent is None:
        return RegionMention(
            words, span.start, span.end, None, None, "unit", (), role, 0.0, "a zone of no named city"
        )
    name = resolver.gazetteer.full_name(parent)
    candidate = (RegionCandidate(parent, name, 1.0),)
    return RegionMention(
        words, span.start, span.end, parent, name + (span.zone or ""), "unit", candidate, role, 0.8, why
    )


def _candidates(
    ranked: list[tuple[Reading, float, str]], gazetteer: Gazetteer
) -> tuple[RegionCandidate, ...]:
    """The most likely readings; shares are taken over those that are kept."""
    kept = ranked[:MAX_CANDIDATES]
    portions = shares([share for _, share, _ in kept])
    return tuple(
        RegionCandidate(r.code, gazetteer.full_name(r.code), p)
        for (r, _, _), p in zip(kept, portions, strict=True)
    )


def _name(reading: Reading, span: Span, gazetteer: Gazetteer) -> str:
    name = gazetteer.full_name(reading.code)
    if reading.township:
        return name + reading.township
    if reading.region.level == "unit":
        return reading.region.name
    return name + (span.zone or "")


def _reason(span: Span, reading: Reading, why: str) -> str:
    parts = []
    if len(span.hits) > 1:
        parts.append("inside " + "".join(h.text for h in span.hits[:-1]))
    if reading.old_code or (reading.region.end is not None):
        parts.append(f"{reading.region.name} until {reading.region.end}")
    return "; ".join([*parts, why])


def _nameless(text: str) -> list[RegionMention]:
    return [
        RegionMention(
            text[a:b], a, b, None, None, "placeholder", (), "mentioned", 0.0, "a placeholder names no region"
        )
        for a, b in placeholders(text)
    ]


def _pointers(
    text: str, named: list[RegionMention], gazetteer: Gazetteer, home: str | None
) -> list[RegionMention]:
    found = []
    before = _Before(named, gazetteer)
    for start, end, who, unit in self_references(text):
        code, confidence, why = _pointed(start, who, unit, before, gazetteer, home)
        name = gazetteer.full_name(code) if code else None
        candidates = (RegionCandidate(code, name or "", 1.0),) if code else ()
        role: RegionRole = "subject" if code and code == home else "mentioned"
        found.append(
            RegionMention(
                text[start:end], start, end, code, name, "pointer", candidates, role, confidence, why
            )
        )
    return found


class _Before:
    """Regions named before a place that moves on through the text, by the kind that their names end in."""

    def __init__(self, named: list[RegionMention], gazetteer: Gazetteer) -> None:
        plain = ((m.end, number, m.code) for number, m in enumerate(named) if m.level in PLAIN_LEVELS)
        self._rest = sorted(((end, number, code) for end, number, code in plain if code), reverse=True)
        self._units: dict[str, tuple[str, ...]] = {}
        self._last: dict[str, tuple[int, str]] = {}
        self._codes: dict[str, set[str]] = {}
        self._gazetteer = gazetteer

    def go_to(self, place: int) -> None:
        """Read on to a place."""
        while self._rest and self._rest[-1][0] <= place:
            _, number, code = self._rest.pop()
            if code not in self._units:
                fits = (unit for unit in PLACE_ENDINGS if matches_unit(code, unit, self._gazetteer))
                self._units[code] = tuple(fits)
            for unit in self._units[code]:
                self._last[unit] = max((number, code), self._last.get(unit, (-1, "")))
                self._codes.setdefault(unit, set()).add(code)

    def last(self, unit: str) -> str | None:
        """The last such region."""
        return self._last[unit][1] if unit in self._last else None

    def only(self, unit: str) -> str | None:
        """The only such region."""
        return self.last(unit) if len(self._codes.get(unit, ())) == 1 else None


def _pointed(
    start: int, who: str, unit: str, named: _Before, gazetteer: Gazetteer, home: str | None
) -> tuple[str | None, float, str]:
    named.go_to(start)
    if who == "该" and (last := named.last(unit)):
        return last, UNSURE_POINTER, "the last such region named before"
    if home:
        own = own_region(home, unit, gazetteer)
        if own:
            return own, 0.9, "the document's own region"
        return None, 0.0, f"the document's region is no {unit} and lies in none"
    if who == "全" and (only := named.only(unit)):
        return only, UNSURE_POINTER, "the only such region named before"
    return None, 0.0, "the document's own region, which is not known"
