"""Build the shipped gazetteer: ``python tools/build_gazetteer.py REGIONS_DIR [-o OUT_DIR]``.

REGIONS_DIR holds ``areacodes-1981-2024.csv`` (github yescallop/areacodes, CC0), ``townships.csv``
(github modood/Administrative-divisions-of-China, WTFPL) and ``lonlat.csv`` (github
DQinYuan/chinese_province_city_area_mapper, MIT). OUT_DIR gets ``regions.tsv`` and ``townships.tsv``;
their columns are described in the README beside them. The pinyin column needs ``pypinyin`` (MIT).
"""

import argparse
import csv
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parents[1] / "policy_corpus" / "data" / "gazetteer"
LEVELS = {"省级": "province", "地级": "prefecture", "县级": "county"}
PEOPLES = [
    "蒙古族",
    "回族",
    "藏族",
    "维吾尔族",
    "维吾尔",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克族",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "高山族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜族",
    "柯尔克孜",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "锡伯",
    "阿昌族",
    "普米族",
    "塔吉克族",
    "塔吉克",
    "怒族",
    "哈萨克",
    "蒙古",
    "鄂温克族",
    "德昂族",
    "保安族",
    "裕固族",
    "独龙族",
    "鄂伦春族",
    "各族",
]
AUTONOMOUS = re.compile(rf"^(?P<stem>.{{2,6}}?)(?:{'|'.join(PEOPLES)})+自治(?P<kind>[州县旗区])$")
PEOPLE_ONLY = re.compile(r"^(?P<stem>.{2,4}?)族?自治(?P<kind>[县旗])$")
PLAIN = re.compile(
    r"^(?P<stem>.{2,}?)(?:特别行政区|自治区|自治旗|行政区|省|市|地区|盟|县|新区|林区|特区|矿区|区|旗)$"
)
MIN_CHILD_SHARE = 0.5
"""An abolished prefecture without a successor becomes the one that took this share of its counties."""


@dataclass
class Row:
    """One name of one code over the years it was in force."""

    code: str
    province: str
    prefecture: str
    name: str
    level: str
    start: int
    end: int | None
    raw: str
    parent: str = ""
    now: tuple[str, ...] = ()
    short: tuple[str, ...] = field(default=())


def read_rows(path: Path) -> list[Row]:
    """Rows of the code list, in file order."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Row(
                r["代码"], r["一级行政区"], r["二级行政区"], r["名称"], LEVELS[r["级别"]], int(r["启用时间"]),
                int(r["变更/弃用时间"]) if r["变更/弃用时间"] else None, r["新代码"],
            )
            for r in csv.DictReader(file)
        ]  # fmt: skip


def short_names(name: str, level: str, provinces: set[str]) -> tuple[str, ...]:
    """Names in use without the full ending: 恩施州 and 恩施, 古蔺, 内蒙古. A short name is two characters or more.

    A prefecture or county whose bare name is a province's (海南藏族自治州, 河南蒙古族自治县) keeps its ending.
    """
    names: list[str] = []
    if match := AUTONOMOUS.match(name) or PEOPLE_ONLY.match(name):
        stem = match["stem"]
        if match["kind"] != "区":
            names.append(stem + match["kind"])
        names.append(stem)
    elif match := PLAIN.match(name):
        names.append(match["stem"])
    if level != "province":
        names = [n for n in names if n not in provinces]
    return tuple(n for n in names if n != name)


class Chains:
    """Follows successors to the codes in force today."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.by_code: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self.by_code[row.code].append(row)

    def successors(self, row: Row) -> list[Row]:
        """Rows that took over a row when it ended; partial transfers (code with a year) are left out."""
        assert row.end is not None
        codes = [c for c in row.raw.split(";") if c and "[" not in c]
        if not codes:
            codes = [row.code]
        found = []
        for code in codes:
            later = [r for r in self.by_code[code] if r is not row and (r.end is None or r.end > row.end)]
            later += [
                r for r in self.by_code[code]
                if r is not row and r.end == row.end and r.start == row.end and r not in later
            ]  # fmt: skip
            if later:
                found.append(min(later, key=lambda r: (r.start > row.end, abs(r.start - row.end))))
        return found

    def today(self, row: Row, seen: frozenset[int] = frozenset()) -> tuple[str, ...]:
        """Codes in force that hold what the row held."""
        if row.end is None:
            return (row.code,)
        codes: list[str] = []
        for later in self.successors(row):
            if id(later) not in seen:
                codes += [c for c in self.today(later, seen | {id(row)}) if c not in codes]
        return tuple(codes)


def keep_namesakes(rows: list[Row]) -> None:
    """Of several successors, one with the same bare name is the region itself, the others took a part of it.

    A prefecture that was divided beyond recognition stands for the county of its name (万县市, 巢湖市).
    """
    bare = {r.code: own_name(r) for r in rows if r.end is None}
    for row in rows:
        same = tuple(c for c in row.now if bare.get(c) == own_name(row))
        if len(row.now) > 1 and same:
            row.now = same
    settled = {
        (r.code[:2], own_name(r)): r.now
        for r in rows
        if r.level == "county" and len(r.now) == 1 and not r.now[0].endswith("00")
    }
    for row in rows:
        if row.level == "prefecture" and row.end is not None and row.now[0].endswith("0000"):
            row.now = settled.get((row.code[:2], own_name(row)), row.now)


def own_name(row: Row) -> str:
    """Name without its ending, where there is one."""
    return row.short[-1] if row.short else row.name


def parent_codes(rows: list[Row]) -> None:
    """Set each row's parent: the prefecture of that name in those years, else the province."""
    provinces = {r.name: r.code for r in rows if r.level == "province"}
    prefectures: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.level == "prefecture":
            prefectures[row.province, row.name].append(row)
    for row in rows:
        if row.level == "province":
            continue
        home = provinces.get(row.province, row.code[:2] + "0000")
        row.parent = home
        if row.level == "county":
            same = prefectures.get((row.province, row.prefecture), [])
            overlap = [p for p in same if p.start <= (row.end or 9999) and row.start <= (p.end or 9999)]
            if overlap:
                row.parent = max(overlap, key=lambda p: (p.code[:4] == row.code[:4], p.end or 9999)).code


def close_open_chains(rows: list[Row]) -> None:
    """A prefecture that ended without a successor: where most of its counties went, else its province."""
    current = {r.code: r for r in rows if r.end is None}
    for row in rows:
        if row.now or row.level != "prefecture":
            continue
        homes = Counter(
            current[c].parent
            for child in rows
            if child.level == "county" and child.parent == row.code and (child.end or 9999) >= (row.end or 0)
            for c in child.now[:1]
            if c in current and current[c].level == "county"
        )
        top = homes.most_common(1)
        enough = top and top[0][1] >= MIN_CHILD_SHARE * sum(homes.values())
        row.now = (top[0][0],) if enough else (row.code[:2] + "0000",)
    for row in rows:
        row.now = row.now or ((row.parent,) if row.parent in current else (row.code[:2] + "0000",))


def read_places(path: Path) -> dict[str, tuple[str, str]]:
    """Longitude and latitude by six-digit code, as printed."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {r["adcode"][:6]: (r["longitude"], r["latitude"]) for r in csv.DictReader(file)}


def place_of(row: Row, places: dict[str, tuple[str, str]], old: dict[str, list[str]]) -> tuple[str, str]:
    """Coordinates of a code, or of one of the codes that became it."""
    for code in [row.code, *(old.get(row.code, []) if row.end is None else [])]:
        if code in places:
            return places[code]
    return ("", "")


def township_county(area: str, rows: list[Row], current: set[str]) -> str:
    """Today's code for a township's county code; statistical zone codes (130171) become their prefecture."""
    if area in current:
        return area
    past = [r for r in rows if r.code == area]
    if past and len(past[-1].now) == 1:
        return past[-1].now[0]
    return next(c for c in (area[:4] + "00", area[:2] + "0000") if c in current)


def pinyin_of(name: str) -> str:
    """Host-name spelling, without tones: 海盐 → haiyan."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(name, errors="ignore")).replace("ü", "v").lower()


def write_regions(rows: list[Row], places: dict[str, tuple[str, str]], out: Path) -> None:
    """One line per code, name and span of years."""
    old: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.end is not None and len(row.now) == 1:
            old[row.now[0]].append(row.code)
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(
            [
                "code",
                "name",
                "short",
                "level",
                "parent",
                "start",
                "end",
                "now",
                "successors",
                "longitude",
                "latitude",
                "pinyin",
            ]
        )
        for row in sorted(rows, key=lambda r: (r.code, r.start, r.end or 9999)):
            longitude, latitude = place_of(row, places, old)
            writer.writerow(
                [row.code, row.name, ";".join(row.short), row.level, row.parent, row.start, row.end or "",
                 ";".join(row.now), row.raw, longitude, latitude, pinyin_of(own_name(row)) if row.end is None else ""]
            )  # fmt: skip


def write_townships(path: Path, rows: list[Row], out: Path) -> int:
    """Townships with today's county code; returns how many had an outdated one."""
    current = {r.code for r in rows if r.end is None}
    moved = set()
    with (
        path.open(encoding="utf-8-sig", newline="") as file,
        out.open("w", encoding="utf-8", newline="") as to,
    ):
        writer = csv.writer(to, delimiter="\t", lineterminator="\n")
        writer.writerow(["code", "name", "county"])
        for r in csv.DictReader(file):
            county = township_county(r["areaCode"], rows, current)
            if county != r["areaCode"]:
                moved.add(r["areaCode"])
            writer.writerow([r["code"], r["name"], county])
    return len(moved)


def main() -> None:
    """Read the three lists, write the two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("regions_dir", type=Path)
    parser.add_argument("-o", "--out", type=Path, default=HERE)
    args = parser.parse_args()
    rows = read_rows(args.regions_dir / "areacodes-1981-2024.csv")
    parent_codes(rows)
    chains = Chains(rows)
    provinces = {s for r in rows if r.level == "province" for s in short_names(r.name, r.level, set())}
    for row in rows:
        row.short = short_names(row.name, row.level, provinces)
        row.now = chains.today(row)
    close_open_chains(rows)
    keep_namesakes(rows)
    write_regions(rows, read_places(args.regions_dir / "lonlat.csv"), args.out / "regions.tsv")
    moved = write_townships(args.regions_dir / "townships.csv", rows, args.out / "townships.tsv")
    print(
        f"{len(rows)} rows, {sum(r.end is None for r in rows)} in force; {moved} outdated county codes mapped on"
    )


if __name__ == "__main__":
    main()
