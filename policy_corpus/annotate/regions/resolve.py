"""Which bearer of a name is meant: context adds to a stated score, shares follow, doubt keeps candidates."""

import math
from bisect import bisect_left

from policy_corpus.annotate.regions.gazetteer import Gazetteer
from policy_corpus.annotate.regions.names import TOWN_WORD
from policy_corpus.annotate.regions.spans import Reading, Span, best_parent

ACCEPT = 0.75
"""Share from which one candidate is taken as the answer (chosen on our own trap set)."""
NEAR = 150
"""Characters within which a named parent speaks for a candidate."""
SCORES = {
    "sister in the list": 3.0,
    "its prefecture is named": 2.5,
    "its province is named": 1.5,
    "a county of its prefecture is named": 1.5,
    "named in full elsewhere": 3.0,
    "home": 3.0,
    "home's prefecture": 2.5,
    "home's province": 1.5,
}
"""Natural-log odds that each kind of context adds (own judgement, checked on the trap set)."""
FAR = 0.6
"""Factor for a parent named further away than NEAR."""
MAX_CANDIDATES = 6


def shares(weights: list[float]) -> list[float]:
    """Weights scaled to sum to 1."""
    total = sum(weights)
    return [w / total for w in weights]


class Resolver:
    """Scores readings with the anchors (names with one reading), the lists and the home of a text."""

    def __init__(self, spans: list[Span], gazetteer: Gazetteer, home: str | None) -> None:
        self.gazetteer, self.home = gazetteer, home
        self.anchors: dict[str, list[int]] = {}
        for span in spans:
            if _certain(span):
                self.anchors.setdefault(span.readings[0].code, []).append(span.start)
        self._rank: dict[str, int] = {}
        self._sisters: dict[str, list[str]] = {}
        for rank, code in enumerate(self.anchors):
            self.anchors[code].sort()
            self._rank[code] = rank
            if gazetteer.level(code) == "county" and (parent := gazetteer.current[code].parent):
                self._sisters.setdefault(parent, []).append(code)
        self.home_line = frozenset(gazetteer.ancestors(home)) if home else frozenset()
        self.group_parent: dict[int, str] = {}
        groups: dict[int, list[Span]] = {}
        for span in spans:
            if not span.rejected:
                groups.setdefault(span.group, []).append(span)
        for number, members in groups.items():
            if len(members) > 1:
                above, votes = best_parent([m for m in members if m.readings], gazetteer)
                if above and (votes > 1 or len([m for m in members if m.readings]) == 1):
                    self.group_parent[number] = above

    def candidates(self, span: Span) -> list[tuple[Reading, float, str]]:
        """Readings with their share and the best reason, most likely first, merged by code."""
        if len(span.codes()) == 1:
            reading = max(span.readings, key=lambda r: r.prior)
            return [(reading, 1.0, self._company(span, reading))]
        scored = []
        for reading in span.readings:
            score, why = self._score(span, reading)
            scored.append((reading, reading.prior * math.exp(score), why))
        merged: dict[str, tuple[Reading, float, str]] = {}
        for reading, weight, why in scored:
            if reading.code in merged:
                first = merged[reading.code]
                keep = reading if weight > first[1] else first[0]
                merged[reading.code] = (keep, max(first[1], weight), why if weight > first[1] else first[2])
            else:
                merged[reading.code] = (reading, weight, why)
        rows = sorted(merged.values(), key=lambda row: (-row[1], row[0].code))
        portions = shares([w for _, w, _ in rows])
        return [(r, share, why) for (r, _, why), share in zip(rows, portions, strict=True)]

    def town_stands(self, span: Span, reading: Reading) -> bool:
        """Whether 陇城镇 is a town and not 就地|城镇: such names need their county in the text or as home."""
        if not TOWN_WORD.search(span.last.text):
            return True
        return reading.code in self.anchors or reading.code in self.home_line

    def _company(self, span: Span, reading: Reading) -> str:
        """What speaks for the only bearer of a name."""
        if len(span.hits) > 1:
            return "named with its parent"
        line = self.gazetteer.ancestors(reading.code)
        if self.group_parent.get(span.group) in line:
            return "sister in the list"
        if self.home_line & set(line):
            return "home"
        if any(code in self.anchors for code in line[1:]):
            return "its prefecture or province is named"
        return "the only bearer of the name"

    def _score(self, span: Span, reading: Reading) -> tuple[float, str]:
        found: dict[str, float] = {}
        parent = self.group_parent.get(span.group)
        if parent and self.gazetteer.within(reading.code, parent):
            deep = self.gazetteer.level(parent) != "province"
            found["sister in the list"] = SCORES["sister in the list"] * (1.0 if deep else 0.6)
        own = set(self.gazetteer.ancestors(reading.code))
        prefecture = self.gazetteer.prefecture(reading.code)
        if reading.code in self.anchors:
            found["named in full elsewhere"] = SCORES["named in full elsewhere"]
        # 东营 is the city or its district: what speaks for the city's counties decides nothing between the two
        shared = any(o.code in own and o.code != reading.code for o in span.readings)
        for code in () if shared else self._related(reading.code, own):
            label = self._relation(code, reading.code, own)
            if label:
                near = _is_near(self.anchors[code], span.start)
                found[label] = max(found.get(label, 0.0), SCORES[label] * (1.0 if near else FAR))
        if self.home:
            label = self._home_relation(reading.code, own, prefecture)
            if label:
                found[label] = SCORES[label]
        if not found:
            return 0.0, "no context"
        best = max(found, key=lambda k: found[k])
        return sum(found.values()), best

    def _related(self, candidate: str, own: set[str]) -> list[str]:
        """Anchors that may speak for a candidate, in the order of the text: what it lies in, and its sisters."""
        sisters = self._sisters.get(self.gazetteer.current[candidate].parent or "", ())
        return sorted({*sisters, *(own & self.anchors.keys())}, key=self._rank.__getitem__)

    def _relation(self, code: str, candidate: str, own: set[str]) -> str | None:
        if code == candidate:
            return None
        level = self.gazetteer.level(code)
        if code in own:
            return "its province is named" if level == "province" else "its prefecture is named"
        if (
            level == "county"
            and self.gazetteer.current[code].parent == self.gazetteer.current[candidate].parent
        ):
            return "a county of its prefecture is named"
        return None

    def _home_relation(self, candidate: str, own: set[str], prefecture: str | None) -> str | None:
        assert self.home is not None
        around_home = self.home_line
        if candidate == self.home or (self.gazetteer.level(self.home) != "province" and self.home in own):
            return "home"
        if candidate in around_home:
            return "home"
        if prefecture and prefecture in around_home:
            return "home's prefecture"
        return "home's province" if own & around_home else None


def _is_near(positions: list[int], place: int) -> bool:
    """Whether one of some sorted positions lies within :data:`NEAR` of a place."""
    at = bisect_left(positions, place - NEAR)
    return at < len(positions) and positions[at] <= place + NEAR


def _certain(span: Span) -> bool:
    if span.rejected or not span.readings:
        return False
    if span.readings[0].township and len(span.hits) == 1:
        return False
    return len(span.codes()) == 1
