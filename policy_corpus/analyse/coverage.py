"""Coverage of a corpus: which regions and years have how many documents, and where nothing was found."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policy_corpus.annotate.regions import Gazetteer
from policy_corpus.errors import PolicyCorpusError

Row = Mapping[str, Any]
LEVELS = ("province", "prefecture", "county")
NO_REGION = "无地区"
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class RegionCoverage:
    """Documents of one region, copies left out.

    ``years`` counts them by year of publication (else of the event told), ``undated`` those of no known year;
    ``gaps`` are years without any between the first and the last; ``sources`` the crawl's sources that speak
    for the region. A region that was expected and has no document stands with 0.
    """

    region_code: str | None
    region_name: str
    documents: int
    copies: int
    years: tuple[tuple[int, int], ...]
    undated: int
    gaps: tuple[int, ...]
    sources: tuple[str, ...]


def coverage(
    documents: Iterable[Row],
    gazetteer: Gazetteer,
    *,
    sources: Mapping[str, Sequence[str]] | None = None,
    within: str | None = None,
    level: str | None = None,
) -> list[RegionCoverage]:
    """Count documents by region and year.

    Parameters
    ----------
    documents
        Rows with ``region_code, region_name, published, event_date, same_as``.
    gazetteer
        Regions in force.
    sources
        Region code to the ids of the sources that speak for it; such a region is expected.
    within
        Code of a region: only what lies in it, and each region of ``level`` in it is expected.
    level
        ``province``, ``prefecture`` or ``county``: smaller regions count for the one they lie in. Left out,
        regions stand as the documents name them (with ``within``: the level below it).

    Returns
    -------
    list of RegionCoverage
        By code; documents of no region last, unless ``within`` is given.

    Raises
    ------
    PolicyCorpusError
        ``within`` is no code of a region in force, or ``level`` none of :data:`LEVELS`.
    """
    if level is not None and level not in LEVELS:
        raise PolicyCorpusError(f"unknown level {level!r}", None, f"known are {', '.join(LEVELS)}")
    names: dict[str, str] = {}
    if within is not None:
        within = _in_force(within, gazetteer)
        level = level or _level_below(within, gazetteer)
        names.update({code: gazetteer.full_name(code) for code in _expected(within, level, gazetteer)})
    speaking: dict[str, set[str]] = defaultdict(set)
    for code, ids in (sources or {}).items():
        home = _at_level(code, level, gazetteer)
        if _lies_in(home, within, gazetteer):
            names.setdefault(home, gazetteer.full_name(home) if home in gazetteer.current else home)
            speaking[home].update(ids)
    kept: dict[str | None, Counter[int | None]] = defaultdict(Counter)
    copies: Counter[str | None] = Counter()
    for row in documents:
        place = _at_level(row["region_code"], level, gazetteer) if row["region_code"] else None
        if within is not None and (place is None or not _lies_in(place, within, gazetteer)):
            continue
        if place is not None:
            known = gazetteer.full_name(place) if place in gazetteer.current else row["region_name"] or place
            names.setdefault(place, known)
        if row["same_as"] is not None:
            copies[place] += 1
        else:
            kept[place][_year(row)] += 1
    found = [_row(code, names[code], kept[code], copies[code], speaking[code]) for code in sorted(names)]
    if None in kept or None in copies:
        found.append(_row(None, NO_REGION, kept[None], copies[None], set()))
    return found


def _row(
    code: str | None, name: str, kept: Counter[int | None], copies: int, sources: set[str]
) -> RegionCoverage:
    years = sorted((year, count) for year, count in kept.items() if year is not None)
    spanned = range(years[0][0], years[-1][0]) if years else ()
    have = {year for year, _ in years}
    gaps = tuple(year for year in spanned if year not in have)
    return RegionCoverage(
        code, name, kept.total(), copies, tuple(years), kept[None], gaps, tuple(sorted(sources))
    )


def _year(row: Row) -> int | None:
    for date in (row["published"], row["event_date"]):
        if date and (match := _YEAR.match(date)):
            return int(match[0])
    return None


def _in_force(code: str, gazetteer: Gazetteer) -> str:
    padded = code.ljust(6, "0")
    if padded in gazetteer.current:
        return padded
    try:
        now = gazetteer.today(padded)
    except KeyError:
        now = ()
    hint = (
        f"its code is now {' or '.join(now)}" if now else "a code has six digits: 510500; 51 and 5105 do too"
    )
    raise PolicyCorpusError(f"{code!r} is no code of a region in force", None, hint)


def _level_below(code: str, gazetteer: Gazetteer) -> str:
    below = gazetteer.children.get(code, ())
    return gazetteer.level(below[0]) if below else gazetteer.level(code)


def _expected(within: str, level: str, gazetteer: Gazetteer) -> list[str]:
    return [
        code
        for code in gazetteer.current
        if gazetteer.level(code) == level and gazetteer.within(code, within)
    ]


def _at_level(code: str, level: str | None, gazetteer: Gazetteer) -> str:
    """The region of ``level`` that ``code`` lies in; ``code`` itself where it is larger or not in force."""
    if level is None or code not in gazetteer.current:
        return code
    return next((c for c in gazetteer.ancestors(code) if gazetteer.level(c) == level), code)


def _lies_in(code: str, within: str | None, gazetteer: Gazetteer) -> bool:
    return within is None or (code in gazetteer.current and gazetteer.within(code, within))
