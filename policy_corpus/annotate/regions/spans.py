"""Spans of names that belong together: 四川省自贡市大安区 is one span, 渭滨、金台、陈仓 is one list of spans."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from policy_corpus.annotate.regions.gazetteer import DEPTH, Gazetteer, Hit, Region
from policy_corpus.annotate.regions.names import TRANSPORT, other_name_after, scan, school_after

HISTORIC_PRIOR = 0.05
"""Weight of a past bearer of a name that a region of today bears (own judgement)."""
LOWER_PRIOR = 0.12
"""Weight of a county whose short name a prefecture or province shares: 恩施, 黄山, 吉林 (own judgement)."""
JOINER = re.compile(r"[ \u3000·•\-—]{0,2}")
SEPARATOR = re.compile(r"[、/]|和|与|及|以及|、?以及|暨|等?，|,")
WALL_GAP = re.compile(r"[\s|｜/_·\-—]{0,4}")
WALL_SIZE = 8
"""Names in a row with only bars or blanks between them: a wall of links, not a sentence (page traps B2)."""
ZONE = re.compile(
    r"(?:国家级?|省级)?(?:高新技术产业(?:开发|园)区|高新技术开发区|高新技术产业示范区|高新区|经济技术开发区|经济开发区|经开区|开发区|"
    r"工业园区|城乡一体化示范区|旅游度假区|度假区|综合保税区|保税区|化工园区|产业园区|农高区|管理区)(?!域)"
)
LONE_ZONES = (
    "高新区",
    "经开区",
    "开发区",
    "经济开发区",
    "经济技术开发区",
    "高新技术产业开发区",
    "城乡一体化示范区",
)
"""Zones that a list may name without their city: 渭滨、金台、陈仓、高新区."""


@dataclass(slots=True)
class Reading:
    """One thing a name can mean: today's code, how likely before any context, the row it was read from."""

    code: str
    region: Region
    prior: float
    township: str | None = None

    @property
    def old_code(self) -> str | None:
        """The past code, where it differs from today's."""
        return self.region.code if self.region.code != self.code and self.region.level != "unit" else None

    @property
    def depth(self) -> int:
        """1 for a province … 4 for a township."""
        return 4 if self.township else DEPTH[self.region.level]


@dataclass(slots=True)
class Span:
    """Names that stand together as one; ``readings`` are those of the last name that fit the names before it."""

    start: int
    end: int
    hits: list[Hit]
    readings: list[Reading]
    group: int = -1
    zone: str | None = None
    rejected: str | None = None
    kind: str = "region"
    """region, school, other, wall."""
    parents: list[Reading] = field(default_factory=list)

    @property
    def last(self) -> Hit:
        """The name that the readings are of."""
        return self.hits[-1]

    def codes(self) -> set[str]:
        """Today's codes of the readings."""
        return {r.code for r in self.readings}


class Places:
    """Ranges of a text that can be asked for what overlaps them, however many there are."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        found = sorted(ranges)
        self._starts = [start for start, _ in found]
        self._ends = list(accumulate((end for _, end in found), max))

    def overlap(self, start: int, end: int) -> bool:
        """Whether one of them shares a character with ``[start, end)``."""
        before = bisect_left(self._starts, end) - 1
        return before >= 0 and self._ends[before] > start


def readings(name: str, full: bool, gazetteer: Gazetteer) -> list[Reading]:
    """What a name can mean. A past bearer inside one of today's (平凉市, now a district of 平凉市) is left out."""
    rows = gazetteer.names.get(name)
    if rows is None:
        return [
            Reading(county, gazetteer.current[county], 1.0, name)
            for county in dict.fromkeys(c for _, c in gazetteer.township_names[name])
        ]
    in_force = [r for r in rows if r.end is None]
    latest = max((r.end for r in rows if r.end is not None), default=None)
    best: dict[tuple[str, str], Reading] = {}
    highest = min((DEPTH[r.level] for r in in_force), default=0)
    for row in rows:
        if row.end is None:
            prior = LOWER_PRIOR if not full and DEPTH[row.level] > highest else 1.0
        else:
            prior = (HISTORIC_PRIOR if in_force or row.end != latest else 1.0) / len(row.now)
        for code in row.now:
            if row.end is not None and any(
                gazetteer.within(code, r.code) for r in in_force if r.level != "unit"
            ):
                if code not in {r.code for r in in_force}:
                    continue
                prior = HISTORIC_PRIOR
            key = (code, row.code)
            if key not in best or best[key].prior < prior:
                best[key] = Reading(code, row, prior)
    return list(best.values())


def fits(child: Reading, parent: Reading, gazetteer: Gazetteer) -> bool:
    """Whether the child lies in the parent, in its own years or today."""
    if parent.region.level == "unit":
        return child.code != parent.code and child.depth >= 3 and gazetteer.within(child.code, parent.code)
    if child.depth <= parent.depth:
        return False
    if child.township:
        return gazetteer.within(child.code, parent.code)
    if child.region.parent == parent.region.code:
        return True
    if parent.region.level == "province" and child.region.code[:2] == parent.region.code[:2]:
        return True
    return child.code != parent.code and gazetteer.within(child.code, parent.code)


def extend(parents: list[Reading], children: list[Reading], gazetteer: Gazetteer) -> list[Reading]:
    """The children that fit a parent.

    A past region counts fully where no region in force fits, or where it became the one that does and its own
    parent of those years stands before it (莱芜市|钢城区).
    """
    pairs = [(c, p) for c in children for p in parents if fits(c, p, gazetteer)]
    in_force = {c.code: c.prior for c, _ in pairs if c.region.end is None}
    best: dict[int, Reading] = {}
    for child, parent in pairs:
        exact = child.region.parent == parent.region.code
        prior = in_force.get(child.code, HISTORIC_PRIOR if in_force else child.prior)
        prior *= parent.prior * (2.0 if exact else 1.0)
        if id(child) not in best or best[id(child)].prior < prior:
            best[id(child)] = Reading(child.code, child.region, prior, child.township)
    return list(best.values())


def _needs_company(hit: Hit, gazetteer: Gazetteer) -> bool:
    if hit.full:
        return hit.text in gazetteer.generic
    return hit.text in gazetteer.weak or hit.text in gazetteer.strong


def chains(text: str, gazetteer: Gazetteer) -> list[Span]:
    """Join neighbouring names where the later lies in the earlier; add a zone that follows (西安|高新区)."""
    spans: list[Span] = []
    for hit in scan(text, gazetteer):
        found = readings(hit.text, hit.full, gazetteer)
        previous = spans[-1] if spans else None
        if previous is not None and previous.zone is None and _joined(text, previous.end, hit.start):
            inner = extend(previous.readings, found, gazetteer)
            if not inner and len(previous.codes()) == 1 and previous.codes() == {r.code for r in found}:
                previous.end = hit.end
                continue
            if inner and (hit.text not in gazetteer.strong or _strong_may_join(text, hit)):
                previous.parents, previous.readings = previous.readings, inner
                previous.hits.append(hit)
                previous.end = hit.end
                _take_zone(text, previous)
                continue
        span = Span(hit.start, hit.end, [hit], found)
        _take_zone(text, span)
        spans.append(span)
    return spans


def _joined(text: str, end: int, start: int) -> bool:
    return start - end <= 2 and JOINER.fullmatch(text, end, start) is not None


def _strong_may_join(text: str, hit: Hit) -> bool:
    """陕西延长 may be a verb: a word joins its parent only at the end of a phrase (四川南部、…)."""
    return hit.full or not text[hit.end : hit.end + 1] or text[hit.end] in "、，。；:：|（(）)"


def _take_zone(text: str, span: Span) -> None:
    match = ZONE.match(text, span.end)
    if match and span.hits[-1].text not in ("开发区",):
        span.zone = match[0]
        span.end = match.end()


def add_lone_zones(text: str, spans: list[Span]) -> list[Span]:
    """Zones without a city that stand in a list of names: they belong to the list's prefecture."""
    covered = Places((s.start, s.end) for s in spans)
    ends = {s.end for s in spans}
    starts = {s.start for s in spans}
    found = list(spans)
    for match in ZONE.finditer(text):
        if covered.overlap(match.start(), match.end()):
            continue
        beside = (match.start() - 1 in ends and text[match.start() - 1] in "、和与及") or (
            match.end() + 1 in starts and text[match.end()] in "、和与及"
        )
        if beside or match[0] in ("高新区", "经开区"):
            hit = Hit(match.start(), match.end(), match[0], True)
            found.append(Span(match.start(), match.end(), [hit], [], zone=match[0]))
    return sorted(found, key=lambda s: s.start)


def mark_groups(text: str, spans: list[Span]) -> None:
    """Number the spans that one list joins (、和与及)."""
    group = 0
    for i, span in enumerate(spans):
        gap = text[spans[i - 1].end : span.start] if i else ""
        if i and len(gap) <= 3 and SEPARATOR.fullmatch(gap) and gap not in (",", "，"):
            span.group = spans[i - 1].group
        else:
            group += 1
            span.group = group


def mark_walls(text: str, spans: list[Span]) -> None:
    """Reject runs of names without a sentence around them."""
    run: list[Span] = []
    for i, span in enumerate(spans):
        if run and not WALL_GAP.fullmatch(text, run[-1].end, span.start):
            _reject_wall(run)
            run = []
        run.append(span)
        if i == len(spans) - 1:
            _reject_wall(run)


def _reject_wall(run: list[Span]) -> None:
    if len(run) >= WALL_SIZE:
        for span in run:
            span.rejected, span.kind = "in a wall of place names without a sentence", "wall"


def mark_longer_names(text: str, spans: list[Span], gazetteer: Gazetteer) -> None:
    """A short name that begins a school's, firm's or road's name is not the region itself."""
    for span in spans:
        if span.zone or not span.hits or span.rejected:
            continue
        while not span.rejected:
            hit = span.last
            school = school_after(text, hit.end)
            other = None if school else other_name_after(text, hit.end)
            if other is None and not school and not hit.full and span.readings[0].depth == 3:
                match = TRANSPORT.match(text, hit.end)
                other = match.end() if match else None
            if hit.full or (not school and not other):
                break
            if len(span.hits) == 1 and (
                hit.text in gazetteer.strong or (other and hit.text in gazetteer.weak)
            ):
                span.kind, span.rejected = "word", "a plain word here"
                break
            if len(span.hits) > 1 and span.hits[-2].full and span.parents:
                span.hits.pop()
                span.end, span.readings = span.last.end, span.parents
                break
            span.kind = "school" if school else "other"
            span.rejected = "part of the name of a school" if school else "part of a longer name"
            span.end = school or other or span.end
    _drop_swallowed(spans)


def _drop_swallowed(spans: list[Span]) -> None:
    """Names inside a school's name stay as rejected readings of their own (附属海口学校)."""
    end = -1
    for span in spans:
        if span.start < end and not span.rejected:
            span.rejected, span.kind = "part of the name of a school", "school"
        if span.kind in ("school", "other"):
            end = max(end, span.end)


def best_parent(members: Iterable[Span], gazetteer: Gazetteer) -> tuple[str | None, int]:
    """The prefecture (else the province) that most members of a list can lie in, and how many do."""
    votes: Counter[str] = Counter()
    for span in members:
        outer = set()
        for reading in span.readings:
            if reading.prior < HISTORIC_PRIOR * 2 and len(span.readings) > 1:
                continue
            outer |= set(gazetteer.ancestors(reading.code)[1:])
            if gazetteer.current[reading.code].level == "prefecture" and len(span.hits) == 1:
                outer.add(reading.code)
        votes.update(outer)
    if not votes:
        return None, 0
    top = max(votes.values())
    code = min(
        (c for c, n in votes.items() if n == top),
        key=lambda c: (-DEPTH[gazetteer.current[c].level], c),
    )
    return code, top


def mark_lonely_words(
    spans: list[Span], gazetteer: Gazetteer, anchored: set[str], province: str | None = None
) -> None:
    """Words (和平, 长安, 城区) count only after their parent, or in a list with a sister, or with a known home."""
    groups: dict[int, list[Span]] = {}
    for span in spans:
        groups.setdefault(span.group, []).append(span)
    for members in groups.values():
        if not any(_needs_company(m.last, gazetteer) for m in members):
            continue
        code, votes = best_parent([m for m in members if m.readings and not m.rejected], gazetteer)
        plain = any(m.readings and not m.rejected and not _needs_company(m.last, gazetteer) for m in members)
        supported = votes >= 2 and (plain or votes >= 3 or code in anchored)
        for span in members:
            if span.rejected or len(span.hits) > 1 or not _needs_company(span.last, gazetteer):
                continue
            inside = code is not None and any(gazetteer.within(r.code, code) for r in span.readings)
            near = {r.code for r in span.readings if anchored & set(gazetteer.ancestors(r.code))}
            in_province = {r.code for r in span.readings if province and gazetteer.within(r.code, province)}
            known = span.last.full or span.last.text in gazetteer.weak
            at_home = (known and near) or (span.last.full and len(in_province) == 1)
            if not (supported and inside) and not at_home:
                span.rejected, span.kind = "a plain word here", "word"
