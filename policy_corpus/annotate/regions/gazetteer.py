"""The gazetteer as a value: regions over time, townships, units without a code, and an index of their names."""

import csv
import io
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from policy_corpus.errors import SettingsError

Level = Literal["province", "prefecture", "county", "unit", "township"]
DEPTH: dict[str, int] = {"province": 1, "prefecture": 2, "county": 3, "unit": 3, "township": 4}
REGION_COLUMNS = [
    "code", "name", "short", "level", "parent", "start", "end", "now", "successors", "longitude", "latitude", "pinyin",
]  # fmt: skip
TOWNSHIP_ENDINGS = ("镇", "乡", "街道", "街道办事处", "苏木")
TOWNSHIP_COLUMNS = ["code", "name", "county"]


def region_prefix(code: str) -> str:
    """Digits that the codes of a region and of all it holds begin with."""
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


class Region(NamedTuple):
    """One name of one code in the years it was in force; ``end`` is None for today's regions.

    A unit without a code of its own carries the code of the region it lies in.
    """

    code: str
    name: str
    short: tuple[str, ...]
    level: Level
    parent: str
    start: int
    end: int | None
    now: tuple[str, ...]
    """Today's codes for what it held; several when it was divided."""
    longitude: float | None
    latitude: float | None
    pinyin: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A name of the gazetteer in a text. ``full`` is false for a short name (古蔺, 恩施)."""

    start: int
    end: int
    text: str
    full: bool


def _decode(data: bytes | str) -> str:
    return data.decode("utf-8-sig") if isinstance(data, bytes) else data


def _rows(data: bytes | str, columns: list[str], where: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(_decode(data)), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(reader, [])
    if header != columns:
        raise SettingsError("unexpected columns", f"{where}, line 1", f"expected {', '.join(columns)}")
    for line, row in enumerate(reader, 2):
        if len(row) != len(columns):
            raise SettingsError(f"{len(row)} cells instead of {len(columns)}", f"{where}, line {line}")
        yield row


def _region(row: list[str]) -> Region:
    code, name, short, level, parent, start, end, now, _, longitude, latitude, pinyin = row
    return Region(
        code,
        name,
        tuple(s for s in short.split(";") if s),
        level,  # type: ignore[arg-type]
        parent,
        int(start),
        int(end) if end else None,
        tuple(c for c in now.split(";") if c),
        float(longitude) if longitude else None,
        float(latitude) if latitude else None,
        pinyin,
    )


@dataclass(frozen=True)
class Gazetteer:
    """Regions, units, townships and lists of names that need care. Build it with :meth:`from_tables`."""

    regions: tuple[Region, ...]
    units: tuple[Region, ...]
    townships: tuple[tuple[str, str, str], ...] = field(repr=False)
    """Code, name and today's county code."""
    strong: frozenset[str]
    weak: frozenset[str]
    generic: frozenset[str]
    phrases: tuple[str, ...]
    alias: dict[str, str]

    @classmethod
    def from_tables(
        cls, regions: bytes | str, townships: bytes | str, units: bytes | str, names: bytes | str
    ) -> "Gazetteer":
        """Read the shipped tables: ``regions.tsv``, ``townships.tsv``, ``units.toml``, ``names.toml``.

        Raises
        ------
        SettingsError
            A table has other columns or a broken line, or a TOML file does not parse.
        """
        rows = []
        for line, row in enumerate(_rows(regions, REGION_COLUMNS, "regions.tsv"), 2):
            try:
                rows.append(_region(row))
            except ValueError as error:
                raise SettingsError(f"not a number: {error}", f"regions.tsv, line {line}") from error
        try:
            unit_table = tomllib.loads(_decode(units))
            name_table = tomllib.loads(_decode(names))
        except (ValueError, RecursionError) as error:
            raise SettingsError(f"not TOML: {error}", "units.toml or names.toml") from error
        return cls(
            tuple(rows),
            tuple(_unit(u) for u in unit_table.get("unit", [])),
            tuple((r[0], r[1], r[2]) for r in _rows(townships, TOWNSHIP_COLUMNS, "townships.tsv")),
            frozenset(name_table["strong"].split()),
            frozenset(name_table["weak"].split()),
            frozenset(name_table["generic"].split()),
            tuple(name_table["phrases"].split()),
            dict(name_table["alias"]),
        )

    @cached_property
    def current(self) -> dict[str, Region]:
        """Regions in force by code."""
        return {r.code: r for r in self.regions if r.end is None}

    @cached_property
    def by_code(self) -> dict[str, list[Region]]:
        """All rows of a code, past and present."""
        found: dict[str, list[Region]] = defaultdict(list)
        for region in self.regions:
            found[region.code].append(region)
        return dict(found)

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Codes in force below a code in force, one level down."""
        found: dict[str, list[str]] = defaultdict(list)
        for region in self.current.values():
            if region.parent:
                found[region.parent].append(region.code)
        return {code: tuple(codes) for code, codes in found.items()}

    @cached_property
    def names(self) -> dict[str, list[Region]]:
        """Regions and units by every name: full, short, alias."""
        found: dict[str, list[Region]] = defaultdict(list)
        for region in (*self.regions, *self.units):
            for name in (region.name, *region.short):
                found[name].append(region)
        for name, code in self.alias.items():
            if code in self.current:
                found[name].append(self.current[code])
        return dict(found)

    @cached_property
    def full_names(self) -> frozenset[str]:
        """Names with their ending (市, 县, 州 …), and units."""
        names = {r.name for r in self.regions} | {n for u in self.units for n in (u.name, *u.short)}
        names |= {s for r in self.regions for s in r.short if s[-1] in "州县旗" and len(s) > 2}
        return frozenset(names | set(self.alias))

    @cached_property
    def township_names(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Townships by full name: ``(township code, county code)``."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for code, name, county in self.townships:
            if not name.endswith(TOWNSHIP_ENDINGS):
                continue
            found[name].append((code, county))
            if name.endswith("街道办事处"):
                found[name[:-3]].append((code, county))
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def township_stems(self) -> dict[str, tuple[str, ...]]:
        """Counties by the bare name of a township (坊安街道 → 坊安)."""
        found: dict[str, set[str]] = defaultdict(set)
        for _, name, county in self.townships:
            for ending in ("街道办事处", "街道", "镇", "乡"):
                if name.endswith(ending) and len(name) - len(ending) >= 2:
                    found[name[: -len(ending)]].add(county)
                    break
        return {stem: tuple(sorted(counties)) for stem, counties in found.items()}

    @cached_property
    def lengths(self) -> dict[str, tuple[int, ...]]:
        """Lengths of the names that begin with two given characters, longest first."""
        found: dict[str, set[int]] = defaultdict(set)
        for name in self.names:
            found[name[:2]].add(len(name))
        for name in self.township_names:
            if len(name) >= 3:
                found[name[:2]].add(len(name))
        return {prefix: tuple(sorted(sizes, reverse=True)) for prefix, sizes in found.items()}

    @cached_property
    def no_names(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """By name: what stands before and after it where it is no name (均衡水平: 衡水 after 均, before 平)."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for phrase in self.phrases:
            for start in range(len(phrase)):
                for end in range(start + 2, len(phrase) + 1):
                    if phrase[start:end] in self.names:
                        found[phrase[start:end]].append((phrase[:start], phrase[end:]))
        return {name: tuple(around) for name, around in found.items()}

    @cached_property
    def by_pinyin(self) -> dict[str, tuple[str, ...]]:
        """Codes in force by the spelling of the bare name, as hosts use it (haiyan)."""
        found: dict[str, list[str]] = defaultdict(list)
        for region in self.current.values():
            if region.pinyin:
                found[region.pinyin].append(region.code)
        return {spelling: tuple(codes) for spelling, codes in found.items()}

    @cached_property
    def lineage(self) -> dict[str, tuple[str, ...]]:
        """Each code in force with the codes above it, nearest first."""
        found = {}
        for code in self.current:
            line = [code]
            while (above := self.current[line[-1]].parent) and above in self.current:
                line.append(above)
            found[code] = tuple(line)
        return found

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The code itself and the codes above it, nearest first."""
        return self.lineage[code]

    def within(self, code: str, outer: str) -> bool:
        """Whether ``code`` is ``outer`` or lies in it."""
        return outer in self.lineage[code]

    def prefecture(self, code: str) -> str | None:
        """Prefecture of a code (itself, when it is one); None for provinces and counties ruled directly."""
        return next((c for c in self.lineage[code] if self.current[c].level == "prefecture"), None)

    def level(self, code: str) -> str:
        """Level of a code in force."""
        return self.current[code].level

    def full_name(self, code: str) -> str:
        """Names from the province down: 陕西省宝鸡市渭滨区."""
        names = [self.current[c].name for c in reversed(self.ancestors(code)) if c in self.current]
        return "".join(n for i, n in enumerate(names) if i == 0 or n != names[i - 1])

    def today(self, code: str) -> tuple[str, ...]:
        """Today's codes for any code 1981–2024: itself if in force, else its successors.

        Raises
        ------
        KeyError
            The code was never in force.
        """
        if code in self.current:
            return (code,)
        return max(self.by_code[code], key=lambda r: r.end or 9999).now


def _unit(entry: dict[str, str | list[str]]) -> Region:
    code, aliases = str(entry["code"]), tuple(entry.get("aliases", ()))
    return Region(code, str(entry["name"]), aliases, "unit", code, 0, None, (code,), None, None, "")
