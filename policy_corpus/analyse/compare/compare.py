"""Regions side by side, from their documents and measures; the order of the input changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from policy_corpus.analyse.compare.cite import Citer, best_first
from policy_corpus.analyse.compare.model import (
    Apart,
    Cell,
    Comparison,
    Count,
    Event,
    Key,
    Material,
    More,
    Row,
    Score,
    Share,
    Shared,
    Side,
    Text,
    Year,
)
from policy_corpus.analyse.compare.numbers import number_rows
from policy_corpus.analyse.profiles.clusters import MIN_MEASURES, PRIOR_WEIGHT, TELLING
from policy_corpus.analyse.profiles.profiles import log_odds
from policy_corpus.records import Measure, Status

TENDENCY = 1.28
"""Z-score from which a code is named as a tendency (one-sided 10 %); from ``TELLING`` (two-sided 5 %) it is clear."""
MOST = 4
"""Among as many regions or more, what one in four lacks still counts as shared, and who lacks it is named."""
NAMED = 5
"""Codes named as more, and as less, of one region."""
MORE_QUOTES = 2
EVENT_CODES = 3


@dataclass(frozen=True, slots=True)
class Region:
    """A region to compare; ``without`` names those within it that are compared with it and not counted in it."""

    key: Key
    short: str
    without: tuple[str, ...] = ()


def compare(
    regions: Sequence[Region],
    material: Material,
    labels: Mapping[str, str],
    conditions: Mapping[str, str] = MappingProxyType({}),
    is_local: bool = False,
) -> Comparison:
    """The regions side by side, in their order.

    Parameters
    ----------
    regions
        Those without a document are told in ``unread``.
    material
        Documents of these regions and their measures; of others, nothing is counted.
    labels
        Label of each code, in the codebook's order.
    conditions
        What documents and measures were chosen by: the value of each filter that was given.
    is_local
        Whether sentences and measures are those of local text alone.
    """
    read = {text.region for text in material.texts.values()}
    kept = [region for region in regions if region.key in read]
    names = {region.key: region.short for region in kept}
    tally = _Tally(names, material, len(labels))
    sides = tuple(_side(tally, region) for region in kept)
    rows = tuple(_row(tally, sides, code, label) for code, label in labels.items() if tally.by_code[code])
    citer = Citer(material)
    shared = _shared(sides, rows, tally, citer)
    apart = tuple(_apart(place, sides, rows, tally, citer) for place in range(len(sides)))
    rows = tuple(_cited(row, tally, citer) for row in rows)
    numbers = number_rows(names, material, list(labels), citer)
    for row in rows:
        for key in names:
            citer.cite(best_first(tally.by_code[row.code][key]))
    return Comparison(
        sides=sides,
        conditions=dict(conditions),
        labels=dict(labels),
        rows=rows,
        absent=tuple(code for code in labels if not tally.by_code[code]),
        shared=shared,
        apart=apart,
        numbers=numbers,
        years=_years(tally),
        events=_events(tally, labels),
        quotes=citer.quotes(),
        main_quotes=citer.main,
        unread=tuple(region.key for region in regions if region.key not in read),
        is_local=is_local,
    )


class _Tally:
    """Counts by region, code, status and year, with the ids that were counted."""

    def __init__(self, names: Mapping[Key, str], material: Material, codes: int) -> None:
        self.names = names
        self.codes = codes
        self.texts: dict[Key, list[Text]] = {key: [] for key in names}
        for _, text in sorted(material.texts.items()):
            if text.region in names:
                self.texts[text.region].append(text)
        self.measures: dict[Key, list[Measure]] = {key: [] for key in names}
        self.by_code: dict[str, dict[Key, list[Measure]]] = defaultdict(lambda: defaultdict(list))
        self.of_document: dict[str, list[Measure]] = defaultdict(list)
        for _, measure in sorted(material.measures.items()):
            source = material.texts.get(measure.document_id)
            if source is None or source.region not in names:
                continue
            self.measures[source.region].append(measure)
            self.by_code[measure.code][source.region].append(measure)
            self.of_document[measure.document_id].append(measure)
        self._others: dict[tuple[Key, str | None], Count] = {}

    def count(self, key: Key, code: str | None, label: str, status: Status | None = None) -> Count:
        """Measures of a region, of a code and a status if given."""
        found = self.by_code[code][key] if code else self.measures[key]
        ids = tuple(m.measure_id for m in found if status is None or m.status == status)
        return Count(self._name(key, label), len(ids), "measures", (key,), ids, code, status)

    def elsewhere(self, key: Key, code: str | None, label: str) -> Count:
        """Measures of all other regions together."""
        if (key, code) not in self._others:
            others = tuple(other for other in self.names if other != key)
            found = [self.by_code[code][k] if code else self.measures[k] for k in others]
            ids = tuple(m.measure_id for part in found for m in part)
            name = f"{self.names[key]}以外 {label}"
            self._others[key, code] = Count(name, len(ids), "measures", others, ids, code)
        return self._others[key, code]

    def documents(self, key: Key, texts: Sequence[Text], label: str, year: str | None = None) -> Count:
        """Documents of a region."""
        ids = tuple(text.document_id for text in texts)
        return Count(self._name(key, label), len(ids), "documents", (key,), ids, year=year)

    def sentences(self, key: Key) -> Count:
        """Sentences of the documents of a region."""
        texts = self.texts[key]
        ids = tuple(text.document_id for text in texts)
        return Count(self._name(key, "句数"), sum(t.sentences for t in texts), "sentences", (key,), ids)

    def _name(self, key: Key, label: str) -> str:
        return f"{self.names[key]} {label}"


def share_of(part: Count, whole: Count) -> Share | None:
    """A share with its name, None of nothing."""
    return Share(f"{part.name} 占比", part.value / whole.value, part, whole) if whole.value else None


def _side(tally: _Tally, region: Region) -> Side:
    key, texts = region.key, tally.texts[region.key]
    measures = tally.count(key, None, "措施条数")
    years = sorted(text.date[:4] for text in texts if text.date)
    return Side(
        key=key,
        short=region.short,
        documents=tally.documents(key, texts, "文档篇数"),
        sentences=tally.sentences(key),
        measures=measures,
        undated=tally.documents(key, [text for text in texts if not text.date], "无日期文档篇数", ""),
        is_thin=measures.value < MIN_MEASURES,
        first=years[0] if years else None,
        last=years[-1] if years else None,
        without=region.without,
    )


def _row(tally: _Tally, sides: Sequence[Side], code: str, label: str) -> Row:
    return Row(code, label, tuple(_cell(tally, side, code, label) for side in sides))


def _cell(tally: _Tally, side: Side, code: str, label: str) -> Cell:
    count = tally.count(side.key, code, f"{label} 条数")
    held = {m.document_id for m in tally.by_code[code][side.key]}
    ids = tuple(sorted(held))
    return Cell(
        count=count,
        done=tally.count(side.key, code, f"{label} 已做", "done"),
        planned=tally.count(side.key, code, f"{label} 计划", "planned"),
        advised=tally.count(side.key, code, f"{label} 建议", "advised"),
        documents=Count(f"{side.short} {label} 文档篇数", len(ids), "documents", (side.key,), ids, code),
        share=share_of(count, side.measures),
        is_known=bool(count.value) or not side.is_thin,
        quotes=(),
    )


def _cited(row: Row, tally: _Tally, citer: Citer) -> Row:
    """The row with the best quote of each cell."""
    found = (tally.by_code[row.code][cell.count.regions[0]] for cell in row.cells)
    cells = (
        replace(cell, quotes=citer.cite(best_first(own)[:1]))
        for cell, own in zip(row.cells, found, strict=True)
    )
    return replace(row, cells=tuple(cells))


def _shared(sides: Sequence[Side], rows: Sequence[Row], tally: _Tally, citer: Citer) -> tuple[Shared, ...]:
    """What all have, then what most have; the most used first."""
    drafts = []
    for row in rows:
        pairs = list(zip(sides, row.cells, strict=True))
        holders = [(side, cell) for side, cell in pairs if cell.count.value]
        lacking = tuple(side.key for side, cell in pairs if not cell.count.value and cell.is_known)
        allowed = len(sides) // MOST
        if 2 * len(holders) <= len(sides) or len(lacking) > allowed:
            continue
        drafts.append((row, holders, lacking, tuple(s.key for s, cell in pairs if not cell.is_known)))
    drafts.sort(key=lambda d: (len(d[2]), len(d[3]), -min(c.count.value / s.measures.value for s, c in d[1])))
    return tuple(
        Shared(
            row.code,
            row.label,
            tuple(side.key for side, _ in holders),
            lacking,
            unknown,
            tuple(cell.share for _, cell in holders if cell.share is not None),
            citer.cite(m for s, _ in holders for m in best_first(tally.by_code[row.code][s.key])[:1]),
        )
        for row, holders, lacking, unknown in drafts
    )


def scores_of(rows: Sequence[Row], place: int, codes: int) -> list[float]:
    """Z-scores of the rows' codes for one side against all others together.

    Parameters
    ----------
    codes
        Of the codebook; the rows are those that any side has.
    """
    unused = [0] * (codes - len(rows))
    here = [row.cells[place].count.value for row in rows]
    all_of = [sum(cell.count.value for cell in row.cells) for row in rows]
    rest = [whole - own for whole, own in zip(all_of, here, strict=True)]
    scores = log_odds([*here, *unused], [*rest, *unused], PRIOR_WEIGHT)
    return [round(z, 2) for z in scores[: len(rows)]]


def _apart(place: int, sides: Sequence[Side], rows: Sequence[Row], tally: _Tally, citer: Citer) -> Apart:
    side = sides[place]
    rest = [other for n, other in enumerate(sides) if n != place]
    more: list[More] = []
    less: list[More] = []
    if side.measures.value and any(other.measures.value for other in rest):
        found = sorted(
            zip(scores_of(rows, place, tally.codes), rows, strict=True),
            key=lambda pair: (-pair[0], pair[1].code),
        )
        more = [_more(side, row, z, place, tally, citer) for z, row in found if z >= TENDENCY][:NAMED]
        if len(sides) > 2 and not side.is_thin:  # of two, what one does less the other does more
            less = [_more(side, row, z, place, tally, citer) for z, row in reversed(found) if z <= -TENDENCY]
    only = []
    for row in rows:
        others = [cell for n, cell in enumerate(row.cells) if n != place]
        is_found = any(cell.count.value for cell in others)
        if row.cells[place].count.value and not is_found and any(cell.is_known for cell in others):
            only.append(row.code)
    return Apart(side.key, tuple(more), tuple(less[:NAMED]), tuple(only))


def _more(side: Side, row: Row, z: float, place: int, tally: _Tally, citer: Citer) -> More:
    own = row.cells[place].count
    there = share_of(
        tally.elsewhere(side.key, row.code, f"{row.label} 条数"),
        tally.elsewhere(side.key, None, "措施条数"),
    )
    here = share_of(own, side.measures)
    if here is None or there is None:
        raise ValueError("scored without measures")
    return More(
        row.code,
        row.label,
        Score(f"{side.short} {row.label} z 值", z, side.key, row.code, own.ids),
        here,
        there,
        abs(z) >= TELLING,
        citer.cite(best_first(tally.by_code[row.code][side.key])[:MORE_QUOTES]) if z > 0 else (),
    )


def _years(tally: _Tally) -> tuple[Year, ...]:
    found = sorted({text.date[:4] for texts in tally.texts.values() for text in texts if text.date})
    rows = []
    for year in found:
        documents, measures = [], []
        for key, texts in tally.texts.items():
            own = [text for text in texts if text.date and text.date[:4] == year]
            documents.append(tally.documents(key, own, f"{year} 年文档篇数", year))
            ids = tuple(m.measure_id for text in own for m in tally.of_document[text.document_id])
            name = f"{tally.names[key]} {year} 年措施条数"
            measures.append(Count(name, len(ids), "measures", (key,), ids, year=year))
        rows.append(Year(year, tuple(documents), tuple(measures)))
    return tuple(rows)


def _events(tally: _Tally, labels: Mapping[str, str]) -> tuple[Event, ...]:
    """Dated documents, the earliest first."""
    order = {code: place for place, code in enumerate(labels)}
    rows = []
    for place, (key, texts) in enumerate(tally.texts.items()):
        for text in texts:
            if text.date is None:
                continue
            own = tally.of_document[text.document_id]
            codes = Counter(m.code for m in own)
            ranked = sorted(codes, key=lambda code: (-codes[code], order.get(code, len(order))))
            name = f"{tally.names[key]} 《{text.title}》"
            ids = tuple(m.measure_id for m in own)
            event = Event(
                f"{name} 日期", text.date, text.is_event, text.document_id, key, text.title, text.kind,
                Count(f"{name} 措施条数", len(ids), "measures", (key,), ids, document_id=text.document_id),
                tuple(ranked[:EVENT_CODES]),
            )  # fmt: skip
            rows.append(((text.date, place, text.title, text.document_id), event))
    return tuple(event for _, event in sorted(rows, key=lambda row: row[0]))
