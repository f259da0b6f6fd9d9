"""The main list of a page without a rule: its richest group of links that stand alike."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from policy_corpus.collect.crawl.furniture import is_furniture
from policy_corpus.collect.crawl.lists.rows import MIN_TITLE, date_in, link_counts, row_of, row_text, title_of
from policy_corpus.collect.crawl.model import Entry
from policy_corpus.collect.crawl.pagers import is_next, number_of
from policy_corpus.collect.crawl.pages import Node, Page, raw_address

Link = tuple[Node, Node, str]
"""Link, row, title."""
MIN_UNDATED = 3
"""Links that a group without dates must have to be a list."""
_TITLE_COUNTED = 40
_DATED_WEIGHT = 4.0
"""A group with dates beats one of the same length of words without: news teasers and link farms carry none."""
_FRAME_WEIGHT = 0.2
"""A group in the page's frame (side, foot) is its main list only where no other is near."""
_LINES = 3
"""Like links in one row from which on it is no row but holds the list."""
_REPEATED = 3
"""Rows in which the same address stands from which on it is a category's and no item's."""
_MORE = re.compile(
    r"[\s\[【(（<]*(?:更多|查看|详[细情]|阅读|返回|more|首\s?页|[上末尾]一?\s?页)", re.IGNORECASE
)
"""Short words in a list without dates that are no item's."""
_INLINE = frozenset(("b", "strong", "font", "span", "em", "i", "u"))


@dataclass(slots=True)
class _Group:
    """Links that stand alike."""

    links: list[Link] = field(default_factory=list)
    weight: int = 0
    short: list[Link] = field(default_factory=list)
    """Links with too few words to tell a list by; once it is told, they are items of it too."""


def main_list(page: Page) -> list[Entry]:
    """Entries of the group of like links with the most words, dates counting for it, the page's frame against."""
    best: list[Entry] = []
    best_group = _Group()
    best_score = 0.0
    for group in sorted(_groups(page), key=lambda g: -g.weight):
        if group.weight * _DATED_WEIGHT <= best_score:
            break
        links = _with_own_rows(group.links, group.links)
        entries = _without_strangers(_entries(page, links), [row for _, row, _ in links])
        dated = _dated(entries)
        if not dated and len(entries) < MIN_UNDATED:
            continue
        score = sum(_weight(e.title or "") for e in entries) * (_DATED_WEIGHT if dated else 1.0)
        score *= _FRAME_WEIGHT if is_furniture(page, group.links[0][0]) else 1.0
        if score > best_score:
            best, best_group, best_score = entries, group, score
    return _with_short(page, best, best_group) if best_group.short else best


def _entries(page: Page, links: list[Link]) -> list[Entry]:
    texts = {row: row_text(row) for row in dict.fromkeys(row for _, row, _ in links)}
    return [
        Entry(page.address(link) or "", title, date_in(row, link, title, texts[row]))
        for link, row, title in links
    ]


def _dated(entries: list[Entry]) -> bool:
    return 2 * sum(e.date is not None for e in entries) >= len(entries) > 0


def _with_short(page: Page, entries: list[Entry], group: _Group) -> list[Entry]:
    """The entries of a list with those of its rows whose titles are short, in the order of the page.

    A row counts that stands in the same element as a row of an entry, holds no title but this and no address of
    another row (a category, 查看), and has a date if the list has.
    """
    known = {entry.url for entry in entries}
    links = _with_own_rows(group.links, group.links)
    kept = [link for link in links if page.address(link[0]) in known]
    lists = {row.getparent() for _, row, _ in kept}
    taken = {row for _, row, _ in links}
    short = [
        link
        for link in _with_own_rows(group.short, group.links)
        if link[1].getparent() in lists and link[1] not in taken
    ]
    rows_of: dict[str | None, set[Node]] = defaultdict(set)
    for link, row, _ in short:
        rows_of[page.address(link)].add(row)
    dated = _dated(entries)
    more: dict[Node, tuple[Node, Entry]] = {}
    """By row, its first link that leads to an address of its own."""
    for (link, row, title), entry in zip(short, _entries(page, short), strict=True):
        own = entry.url and entry.url not in known and len(rows_of[entry.url]) == 1
        if own and (entry.date if dated else not _MORE.match(title)):
            more.setdefault(row, (link, entry))
    places = {link: n for n, link in enumerate(page.links)}
    first: dict[str | None, int] = {}
    for link, _, _ in kept:
        first.setdefault(page.address(link), places[link])
    placed = [(first[entry.url], entry) for entry in entries]
    placed += [(places[link], entry) for link, entry in more.values()]
    return [entry for _, entry in sorted(placed, key=lambda pair: pair[0])]


def _groups(page: Page) -> Sequence[_Group]:
    """Links with words for a title, by how they stand; groups that have none with words enough are left out."""
    counts = link_counts(page)
    found: list[tuple[str, Link]] = []
    short: list[Link] = []
    rows: dict[str, set[Node]] = defaultdict(set)
    """By address, the rows in which it stands; the first link of a row is its title, others a summary."""
    for link in page.links:
        if not (raw := raw_address(link)):
            continue
        title = title_of(link)
        if not title or is_next(title) or number_of(title) is not None:
            continue
        row = row_of(link, counts)
        if len(title) < MIN_TITLE:
            short.append((link, row, title))
            continue
        if row in rows[raw]:
            continue
        found.append((raw, (link, row, title)))
        if len(rows[raw]) < _REPEATED:
            rows[raw].add(row)
    groups: dict[tuple[object, ...], _Group] = defaultdict(_Group)
    for raw, (link, row, title) in found:
        if len(rows[raw]) < _REPEATED:
            group = groups[_standing(link, row)]
            group.links.append((link, row, title))
            group.weight += _weight(title)
    for link, row, title in short:
        if (alike := groups.get(_standing(link, row))) is not None:
            alike.short.append((link, row, title))
    return list(groups.values())


def _weight(title: str) -> int:
    return min(len(title), _TITLE_COUNTED)


def _with_own_rows(links: list[Link], group: list[Link]) -> list[Link]:
    """The links, each its own row where several of the group stand in one: lines in a cell, divided by ``br``."""
    held = Counter(row for _, row, _ in group)
    return [(link, row if held[row] < _LINES else link, title) for link, row, title in links]


def _without_strangers(entries: list[Entry], rows: list[Node]) -> list[Entry]:
    """Entries that lead somewhere; where dates stand beside some, without the lists in which none has one."""
    dated = {row.getparent() for entry, row in zip(entries, rows, strict=True) if entry.date}
    return [
        entry
        for entry, row in zip(entries, rows, strict=True)
        if entry.url and (not dated or row.getparent() in dated)
    ]


def _standing(link: Node, row: Node) -> tuple[object, ...]:
    """How a link stands: tags from it to its row, tag and class of the two elements around."""
    path: list[object] = []
    element = link
    while element is not row and element is not None:
        if element.tag not in _INLINE:
            path.append(element.tag)
        element = element.getparent()
    path.append(row.tag)
    for _ in range(2):
        element = element.getparent() if element is not None else None
        while element is not None and element.tag in _INLINE:
            element = element.getparent()
        if element is None:
            break
        path.append((element.tag, element.get("class"), element.get("id")))
    return tuple(path)
