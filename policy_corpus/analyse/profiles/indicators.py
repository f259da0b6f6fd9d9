"""Figures of regions from a table: population, schooling, income; and which regions live in like conditions."""

import csv
import io
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from policy_corpus.errors import SettingsError

CODE_NAMES = ("code", "region_code", "adcode", "区划代码", "行政区划代码", "地区代码", "代码")
"""Headers of the column that holds six-digit codes, whatever their case; without one the first column does."""
NUMERIC = 0.5
"""Share of filled cells that must be numbers for a column to be an indicator."""


@dataclass(frozen=True, slots=True)
class Indicators:
    """Indicators by region code; a region may lack some. ``names`` are the columns' headers in order."""

    names: tuple[str, ...]
    values: Mapping[str, Mapping[str, float]]

    def percentiles(self) -> dict[str, dict[str, float]]:
        """Place of each region among all regions, 0..1 (mid-rank): comparable whatever the unit and however skewed."""
        found: dict[str, dict[str, float]] = {code: {} for code in self.values}
        for name in self.names:
            ordered = sorted(row[name] for row in self.values.values() if name in row)
            for code, row in self.values.items():
                if name in row:
                    low, high = bisect_left(ordered, row[name]), bisect_right(ordered, row[name])
                    found[code][name] = (low + high) / 2 / len(ordered)
        return found


def parse_indicators(text: str, where: str = "indicators") -> Indicators:
    """Read a table: UTF-8, comma or tab, a header line; one column of six-digit codes, other columns numbers.

    Columns that hold words (names) are left out. Numbers may have thousands commas or a per cent sign; empty cells,
    ``-`` and ``NA`` are unknown.

    Raises
    ------
    SettingsError
        No codes, no column of numbers, or a code twice; the line is named.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    if not any(lines):
        raise SettingsError("the table is empty", where, "give a header line and one line a region")
    delimiter = "\t" if "\t" in lines[0] else ","
    try:
        rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error as error:
        raise SettingsError(f"no table: {error}", where, "close each quotation mark") from None
    header = [name.strip() for name in rows[0]]
    place = next((i for i, name in enumerate(header) if name.lower() in CODE_NAMES), 0)
    cells: dict[str, list[str]] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        code = row[place].strip() if place < len(row) else ""
        if not (code.isdigit() and len(code) == 6):
            hint = f"a column must hold six-digit codes; its header may be {', '.join(CODE_NAMES[:4])}"
            raise SettingsError(f"no six-digit region code: {code!r}", f"{where}, line {number}", hint)
        if code in cells:
            raise SettingsError(f"{code} stands twice", f"{where}, line {number}", "keep one line a region")
        cells[code] = row
    columns = [
        i for i in range(len(header)) if i != place and _is_numeric([_cell(r, i) for r in cells.values()])
    ]
    if not columns:
        raise SettingsError("no column of numbers", where, "add one beside the codes")
    values: dict[str, dict[str, float]] = {}
    for code, row in cells.items():
        numbers = ((header[i], _number(_cell(row, i))) for i in columns)
        values[code] = {name: value for name, value in numbers if value is not None}
    return Indicators(tuple(header[i] for i in columns), values)


def joined(tables: Sequence[Indicators]) -> Indicators:
    """Several tables as one, by code; of columns with one name the first is kept."""
    names = tuple(dict.fromkeys(name for table in tables for name in table.names))
    codes = sorted({code for table in tables for code in table.values})
    values = {
        code: {
            name: value for table in reversed(tables) for name, value in table.values.get(code, {}).items()
        }
        for code in codes
    }
    return Indicators(names, values)


def with_parents(
    table: Indicators, codes: Collection[str], within: Callable[[str, str], bool]
) -> tuple[Indicators, dict[str, int]]:
    """The table with rows for wanted codes that it lacks: the median of the counties in them, and of how many.

    Parameters
    ----------
    within
        Whether the first code lies in the second.
    """
    values, made = dict(table.values), {}
    for code in sorted(set(codes) - set(table.values)):
        inside = [row for own, row in table.values.items() if within(own, code)]
        if inside:
            made[code] = len(inside)
            names = [name for name in table.names if any(name in row for row in inside)]
            values[code] = {name: median(row[name] for row in inside if name in row) for name in names}
    return Indicators(table.names, values), made


def distances(table: Indicators, code: str, others: Collection[str]) -> dict[str, float]:
    """Root mean square difference of percentiles, 0..1, over the indicators that both have; none shared, none given."""
    places = table.percentiles()
    own = places.get(code, {})
    found = {}
    for other in others:
        shared = [own[name] - places[other][name] for name in own if name in places.get(other, {})]
        if shared and other != code:
            found[other] = math.sqrt(sum(d * d for d in shared) / len(shared))
    return found


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _number(cell: str) -> float | None:
    try:
        value = float(cell.replace(",", "").removesuffix("%"))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _is_numeric(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell and cell not in ("-", "—", "NA", "N/A")]
    return bool(filled) and sum(_number(cell) is not None for cell in filled) > NUMERIC * len(filled)
