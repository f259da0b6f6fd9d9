"""The region a document is about: :func:`document_region`."""

import math
from collections import Counter
from dataclasses import dataclass

from policy_corpus.annotate.regions.evidence import Gathered, gather, support
from policy_corpus.annotate.regions.gazetteer import Gazetteer
from policy_corpus.annotate.regions.selfref import matches_unit
from policy_corpus.records import Kind, RegionCandidate

STRONG = 4.0
"""Points of named evidence (title, issuer, signature …) from which the body's counts need not agree."""
CHILD_SHARE = 0.5
"""Part of the names below a region that one child must hold before the body speaks for the child."""
PROVINCE_SHARE = 0.4
"""Part of all names that the leading province must hold."""
MIN_SUPPORT = 3.0
"""Body support below which counts alone decide nothing (three single names, or one named three times)."""
HINT = 2.0
"""Points from which a file name, a host or a school is weighed against the names in the body."""
DOMINANT = 0.45
"""Part of all names that the body's region must hold where nothing else speaks for it …"""
DOMINANT_IN_NATION = 0.75
"""… where it says 我国 and 全国 more often than the region's name …"""
DOMINANT_WITH_POINTER = 0.3
"""… and where the text says 全县, 我市 (both chosen on the city reports, which have .5 and more)."""
LETTER_MIN = 2
"""How often 全县, 我市 … must stand before the kind of the own region counts."""
SHORT_TEXT = 500
"""Characters below which one 全县 is enough."""
LETTER_SHARE = 0.3
"""… and its part of the most frequent kind (chosen on the 100 city reports by file name)."""
CITY_SHARE = 0.4
"""In an autonomous region 全区 is also the region: 全市 this often beside it makes a city's text (same data)."""
LETTERS = ("旗", "县", "自治县", "区", "市", "盟", "州", "自治州", "自治区", "省")
MAX_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class RegionDecision:
    """Today's code of the region whose practice a document reports; None with a reason where there is none."""

    code: str | None
    name: str | None
    confidence: float
    candidates: tuple[RegionCandidate, ...]
    reason: str


def document_region(
    *,
    title: str,
    body: str,
    gazetteer: Gazetteer,
    issuer: str | None = None,
    source: str = "",
    url: str | None = None,
    kind: Kind = "other",
    source_unit: str | None = None,
) -> RegionDecision:
    """Decide where a document belongs.

    Parts of the document add points to regions (:data:`evidence.WEIGHTS`: issuer 8, issuing body in the
    title 7, title 5, signature 5, file name 3 …). Named evidence of :data:`STRONG` points decides; else the
    names in the body do, from province to prefecture to county while one child holds most of them, with the
    kind that the text calls its own (全县, 我市) choosing the level. A template, a general essay and a central
    document have no region.

    Parameters
    ----------
    title, body
        Simplified text.
    source
        Path or address the text came from; its last part may name a region (舟山.txt).
    """
    found = gather(title, body, issuer, source, url, source_unit, gazetteer)
    if found.central and not _has(found, "issuer", "title, issuing body"):
        return RegionDecision(None, None, 0.9, (), "a central body issued it")
    points = found.strong()
    if kind == "template" and not _has(found, "issuer", "title", "title, issuing body"):
        return RegionDecision(None, None, 0.9, (), "a template is evidence for no region")
    if found.placeholders >= max(2.0, 0.3 * sum(found.counts.values())) and not _has(
        found, "issuer", "title", "title, issuing body", "signature"
    ):
        return RegionDecision(None, None, 0.85, (), "placeholders (某区, xx市) stand for the region")
    letter = _own_letter(found, gazetteer)
    path = _descend(found, letter, gazetteer)
    if kind == "essay":
        return _essay(found, points, path, letter, gazetteer)
    named = _named(points, path, gazetteer)
    if named and points[named] >= STRONG:
        named = _refine(named, found, letter, gazetteer)
        agrees = bool(path) and (gazetteer.within(named, path[-1]) or gazetteer.within(path[-1], named))
        return _decision(named, 0.97 if agrees else 0.85, points, found, gazetteer)
    return _weak(found, points, path, letter, named, gazetteer)


def _has(found: Gathered, *labels: str) -> bool:
    return any(e.label in labels and e.points > 0 for e in found.evidence)


def _own_letter(found: Gathered, gazetteer: Gazetteer) -> str | None:
    """The kind of the own region: the lowest that the text calls its own often enough.

    A county's text also says 全市 and 全省 (of ranks, of orders from above); a province's never says 全县 of itself.
    """
    letters = found.letters
    if not letters:
        return None
    enough = LETTER_MIN if found.size > SHORT_TEXT else 1
    least = max(enough, LETTER_SHARE * max(letters.values()))
    letter = next((x for x in LETTERS if letters[x] >= least), None)
    if letter == "区" and _in_autonomous_region(found, gazetteer):
        for other in ("市", "盟", "州"):
            if letters[other] >= max(least, CITY_SHARE * letters["区"]):
                return other
    return letter


def _in_autonomous_region(found: Gathered, gazetteer: Gazetteer) -> bool:
    total = support(found.counts, gazetteer)
    provinces = [c for c in total if gazetteer.level(c) == "province"]
    top = max(provinces, key=lambda c: (total[c], c), default=None)
    return top is not None and gazetteer.current[top].name.endswith("自治区")


def _descend(found: Gathered, letter: str | None, gazetteer: Gazetteer) -> list[str]:
    """Codes from the province down that the names in the body lead to."""
    total = support(found.counts, gazetteer)
    provinces = {c: n for c, n in total.items() if gazetteer.level(c) == "province"}
    if not provinces or max(provinces.values()) < MIN_SUPPORT:
        return []
    named = [c for c, n in found.counts.items() if n >= 1]
    own = {gazetteer.ancestors(c)[-1] for c in named if letter and matches_unit(c, letter, gazetteer)}
    code = max(provinces, key=lambda c: (c in own, provinces[c], c))
    if provinces[code] < PROVINCE_SHARE * sum(provinces.values()):
        return []
    path = [code]
    while child := _child(path[-1], found, total, letter, gazetteer):
        path.append(child)
    return path


def _child(
    code: str, found: Gathered, total: Counter[str], letter: str | None, gazetteer: Gazetteer
) -> str | None:
    children = {c: total[c] for c in gazetteer.children.get(code, ()) if total[c] > 0}
    if not children:
        return None
    if letter in ("省", "自治区") and gazetteer.level(code) == "province":
        return None
    best = max(children, key=lambda c: (children[c], c))
    if letter and matches_unit(code, letter, gazetteer) and not matches_unit(best, letter, gazetteer):
        return None
    if letter and gazetteer.level(best) == "county":
        fitting = {c: n for c, n in children.items() if matches_unit(c, letter, gazetteer)}
        if not fitting:
            return None
        if matches_unit(code, letter, gazetteer) and found.counts[code] >= max(
            found.counts[c] for c in fitting
        ):
            return None
        best = max(fitting, key=lambda c: (fitting[c], c))
        if not matches_unit(code, letter, gazetteer):
            return best if children[best] >= 0.5 * max(children.values()) else None
    own = 2 * math.log2(1 + found.counts[code])
    if children[best] < CHILD_SHARE * sum(children.values()):
        return None
    return best if children[best] > own * (0.8 if gazetteer.level(code) == "province" else 1.0) else None


def _named(points: Counter[str], path: list[str], gazetteer: Gazetteer) -> str | None:
    """The code with most named evidence; a code that the body supports wins a tie, a lower one before a higher."""
    if not points:
        return None
    return max(
        points,
        key=lambda c: (
            points[c] + 0.5 * sum(points[o] for o in points if o != c and gazetteer.within(c, o)),
            c in path,
            c,
        ),
    )


def _refine(code: str, found: Gathered, letter: str | None, gazetteer: Gazetteer) -> str:
    """A title that names the city over a text of 我县: the county in it that the text names most."""
    if letter not in ("县", "区", "旗") or matches_unit(code, letter, gazetteer):
        return code
    if gazetteer.level(code) == "county" or (letter == "区" and gazetteer.level(code) == "province"):
        return code
    inner = {
        c: n for c, n in found.counts.items()
        if c != code and gazetteer.within(c, code) and matches_unit(c, letter, gazetteer)
    }  # fmt: skip
    if not inner or max(inner.values()) < 0.6 * sum(inner.values()) or max(inner.values()) < 2:
        return code
    return max(inner, key=lambda c: inner[c])


def _weak(
    found: Gathered,
    points: Counter[str],
    path: list[str],
    letter: str | None,
    named: str | None,
    gazetteer: Gazetteer,
) -> RegionDecision:
    """No title or issuer names a region: the body's names, with file name, host and school beside them."""
    hint = named if named is not None and points[named] >= HINT else None
    if path:
        code = path[-1]
        if hint and gazetteer.within(hint, code) and _letter_ok(hint, letter, gazetteer):
            return _decision(hint, 0.9, points, found, gazetteer)
        if hint and gazetteer.within(code, hint) and _letter_ok(hint, letter, gazetteer):
            return _decision(hint, 0.85, points, found, gazetteer)
        share = _dominance(code, found, gazetteer)
        least = DOMINANT_IN_NATION if found.nation > found.counts[code] else DOMINANT
        if share >= least or (letter and share >= DOMINANT_WITH_POINTER):
            return _decision(code, round((0.5 if letter else 0.3) + 0.4 * share, 3), points, found, gazetteer)
    if hint:
        return _decision(hint, min(0.7, 0.35 + 0.1 * points[hint]), points, found, gazetteer)
    if named and points[named] >= 1.0 and _dominance(named, found, gazetteer) >= DOMINANT:
        return _decision(named, 0.5, points, found, gazetteer)
    slogans = [e.code for e in found.evidence if e.label == "slogan"]
    if slogans and not found.counts:
        return _decision(slogans[0], 0.45, points, found, gazetteer)
    reason = (
        "the names in the text point to no one region"
        if found.counts
        else "the text names no region of its own"
    )
    return RegionDecision(None, None, 0.6, _leaders(found, gazetteer), reason)


def _leaders(found: Gathered, gazetteer: Gazetteer) -> tuple[RegionCandidate, ...]:
    top = found.counts.most_common(MAX_CANDIDATES)
    total = sum(n for _, n in top)
    return tuple(RegionCandidate(c, gazetteer.full_name(c), n / total) for c, n in top if total)


def _letter_ok(code: str, letter: str | None, gazetteer: Gazetteer) -> bool:
    return letter is None or matches_unit(code, letter, gazetteer)


def _dominance(code: str, found: Gathered, gazetteer: Gazetteer) -> float:
    """Part of the names that lie in a region; names of what it lies in speak neither for nor against it."""
    inside = sum(n for c, n in found.counts.items() if gazetteer.within(c, code))
    outside = sum(
        n for c, n in found.counts.items() if not gazetteer.within(c, code) and not gazetteer.within(code, c)
    )
    return inside / (inside + outside) if inside else 0.0


def _essay(
    found: Gathered, points: Counter[str], path: list[str], letter: str | None, gazetteer: Gazetteer
) -> RegionDecision:
    """A general essay has no region; one that tells of its own region (标题, 我县, a slogan) has that."""
    strong = Counter(
        {
            e.code: e.points
            for e in found.evidence
            if e.label in ("title", "title, issuing body", "issuer", "case")
        }
    )
    if strong:
        code = max(strong, key=lambda c: strong[c])
        return _decision(code, 0.75, points, found, gazetteer)
    if path and letter and _dominance(path[-1], found, gazetteer) >= 0.6:
        return _decision(path[-1], 0.6, points, found, gazetteer)
    slogans = [e.code for e in found.evidence if e.label == "slogan"]
    if slogans and not path:
        return _decision(slogans[0], 0.45, points, found, gazetteer)
    return RegionDecision(None, None, 0.8, (), "a general essay is evidence for no region")


def _decision(
    code: str, confidence: float, points: Counter[str], found: Gathered, gazetteer: Gazetteer
) -> RegionDecision:
    weights: Counter[str] = Counter({c: p for c, p in points.items() if p > 0})
    for c, n in found.counts.most_common(MAX_CANDIDATES):
        weights[c] += math.log2(1 + n)  # type: ignore[assignment]
    others = [(c, w) for c, w in weights.most_common(MAX_CANDIDATES) if c != code and c in gazetteer.current]
    rest = sum(w for _, w in others)
    candidates = [RegionCandidate(code, gazetteer.full_name(code), confidence if others else 1.0)]
    candidates += [RegionCandidate(c, gazetteer.full_name(c), (1 - confidence) * w / rest) for c, w in others]
    labels = sorted({e.label for e in found.evidence if e.points > 0 and gazetteer.within(e.code, code)})
    counted = found.counts[code]
    reason = ", ".join(labels + ([f"named {counted:.0f} times in the text"] if counted >= 1 else []))
    return RegionDecision(
        code, gazetteer.full_name(code), confidence, tuple(candidates), reason or "names in the text"
    )
