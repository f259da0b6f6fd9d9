"""Quantities of several regions beside each other: the same thing, counted in the same unit, in the same role."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from policy_corpus.analyse.compare.cite import Citer, best_first
from policy_corpus.analyse.compare.model import Key, Material, Number, NumberCell, NumberRow
from policy_corpus.records import Measure, Quantity, QuantityRole

SHOWN = 3
"""Numbers of one cell that a report for reading shows, and that are cited."""
BESIDE = 30
"""Rows with several regions that a report for reading shows: those with most regions. Tables hold all."""
ALONE = 6
"""Rows that one region alone has, shown of it in a report for reading."""
_BUILT = re.compile(r"[新改扩迁][新改扩迁建、，（）()和及]*建")
_SCOPE = re.compile(
    r"[全该我][国省市县区州旗]|\d{4}年|[今去]年|累计|目前|先后|已经|已|计划|将|共计|共有|共|现有"
)
_ADDED = re.compile(r"(?:新增|增加|新添)了?")
_JOINTS = re.compile(r"[、，,（）()/\s]|以及|和|与|及")

Thing = tuple[str, str | None, QuantityRole]
Stated = tuple[Measure, Quantity]


def thing_of(quantity: Quantity) -> Thing:
    """What is counted, in which unit and role. Wordings of one thing are one thing.

    新增学位, 增加学位 and 全县今年新增学位; 新改扩建 and 新建、改扩建 (新建 alone is another); 中小学和幼儿园 and
    幼儿园、中小学. What is planned is told from what is done by the status, not by its words.
    """
    words = quantity.what or ""
    while (scope := _SCOPE.match(words)) and scope.end() < len(words):
        words = words[scope.end() :]
    verb = ""
    if built := _BUILT.match(words):
        words = words[built.end() :]
        verb = "新改扩建" if "新" in built[0] and ("改" in built[0] or "扩" in built[0]) else built[0]
    elif added := _ADDED.match(words):
        words, verb = words[added.end() :], "新增"
    parts = sorted(filter(None, _JOINTS.split(words)))
    return verb + "、".join(parts), quantity.unit, quantity.role


def is_same(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities say the same of the same thing."""
    return _size(one) == _size(other) and thing_of(one) == thing_of(other)


def number_rows(
    names: Mapping[Key, str], material: Material, codes: Sequence[str], citer: Citer
) -> tuple[NumberRow, ...]:
    """Rows that several regions have before those of one alone, each in the codebook's order.

    Those for reading are marked, come first and are cited first.
    """
    found: dict[Thing, dict[Key, list[Stated]]] = defaultdict(lambda: defaultdict(list))
    for measure in best_first(material.measures.values()):
        text = material.texts.get(measure.document_id)
        if text is not None and text.region in names:
            for quantity in measure.quantities:
                found[thing_of(quantity)][text.region].append((measure, quantity))
    order = {code: place for place, code in enumerate(codes)}
    rows = [_row(names, by_region, order) for by_region in found.values()]
    rows.sort(key=lambda row: (order.get(row.codes[0], len(order)), row.what, row.unit or "", row.role))
    main = _main(rows)
    ordered = sorted(range(len(rows)), key=lambda place: (place not in main, rows[place].regions == 1, place))
    done = []
    for count, place in enumerate(ordered):
        if count == len(main):
            citer.end_main()
        done.append(_cited(rows[place], citer, is_main=place in main))
    if len(ordered) == len(main):
        citer.end_main()
    return tuple(done)


def _main(rows: Sequence[NumberRow]) -> set[int]:
    """Places of the rows for reading: of most regions first, then a few that each region has alone."""
    beside = [place for place, row in enumerate(rows) if row.regions > 1]
    main = set(sorted(beside, key=lambda place: (-rows[place].regions, place))[:BESIDE])
    alone: dict[Key, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.regions == 1:
            alone[next(cell.numbers[0].region for cell in row.cells if cell.numbers)].append(place)
    for places in alone.values():
        main.update(sorted(places, key=lambda place: (rows[place].what == "", place))[:ALONE])
    return main


def _row(
    names: Mapping[Key, str], by_region: Mapping[Key, list[Stated]], order: Mapping[str, int]
) -> NumberRow:
    stated = [pair for pairs in by_region.values() for pair in pairs]
    codes = sorted({m.code for m, _ in stated}, key=lambda code: (order.get(code, len(order)), code))
    wordings = Counter(q.what or "" for _, q in stated)
    what = min(wordings, key=lambda words: (-wordings[words], len(words), words))
    _, first = stated[0]
    cells = tuple(NumberCell(_numbers(names[key], key, by_region.get(key, ())), ()) for key in names)
    return NumberRow(tuple(codes), what, first.unit, first.role, cells)


def _numbers(name: str, key: Key, stated: Sequence[Stated]) -> tuple[Number, ...]:
    """Numbers of a region, equal ones of a status once with all that state them; the best evidence first."""
    sizes: dict[object, list[Stated]] = defaultdict(list)
    for measure, quantity in stated:
        sizes[_size(quantity), measure.status].append((measure, quantity))
    return tuple(
        Number(
            f"{name} {pairs[0][1].what or ''} {pairs[0][1].text}",
            pairs[0][1],
            pairs[0][0].status,
            key,
            tuple(dict.fromkeys(measure.measure_id for measure, _ in pairs)),
        )
        for pairs in sizes.values()
    )


def _cited(row: NumberRow, citer: Citer, is_main: bool) -> NumberRow:
    cells = (
        replace(cell, quotes=tuple(n for one in cell.numbers[:SHOWN] for n in citer.cite_ids(one.ids[:1])))
        for cell in row.cells
    )
    return replace(row, cells=tuple(cells), is_main=is_main)


def _size(quantity: Quantity) -> tuple[float, float | None, str, str]:
    return quantity.value, quantity.value_to, quantity.bound, quantity.role
