"""The main list of a page without a rule: its richest group of links that stand alike."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from policy_corpus.collect.crawl.furniture import is_furniture
from policy_corpus.collect.crawl.lists.rows import MIN_TITLE, date_in, link_counts, row_of, row_text, title_of
from policy_corpus.collect.crawl.model import Entry
from policy_corpus.collect.crawl.pagers import is_next, number_of
from policy_corpus.collect.crawl.pages import Node, Page, raw_address

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
_INLINE = frozenset(("b", "strong", "font", "span", "em", "i", "u"))


@dataclass(slots=True)
class _Group:
    """Links that stand alike."""

    links: list[tuple[Node, Node, str]] = field(default_factory=list)
    """Link, row, title."""
    weight: int = 0


def main_list(page: Page) -> list[Entry]:
    """Entries of the group of like links with the most words, dates counting for it, the page's frame against."""
    best: list[Entry] = []
    best_score = 0.0
    for group in sorted(_groups(page), key=lambda g: -g.weight):
        if group.weight * _DATED_WEIGHT <= best_score:
            break
        links = _with_own_rows(group.links)
        texts = {row: row_text(row) for row in dict.fromkeys(row for _, row, _ in links)}
        entries = [
            Entry(page.address(link) or "", title, date_in(row, link, title, texts[row]))
            for link, row, title in links
        ]
        entries = _without_strangers(entries, [row for _, row, _ in links])
        dated = 2 * sum(e.date is not None for e in entries) >= len(entries) > 0
        if not dated and len(entries) < MIN_UNDATED:
            continue
        score = sum(_weight(e.title or "") for e in entries) * (_DATED_WEIGHT if dated else 1.0)
        score *= _FRAME_WEIGHT if is_furniture(page, group.links[0][0]) else 1.0
        if score > best_score:
            best, best_score = entries, score
    return best


def _groups(page: Page) -> Sequence[_Group]:
    """Links with words enough for a title, by how they stand."""
    counts = link_counts(page)
    found: list[tuple[str, Node, Node, str]] = []
    rows: dict[str, set[Node]] = defaultdict(set)
    """By address, the rows in which it stands; the first link of a row is its title, others a summary."""
    for link in page.links:
        if not (raw := raw_address(link)):
            continue
        title = title_of(link)
        if len(title) < MIN_TITLE or is_next(title) or number_of(title) is not None:
            continue
        row = row_of(link, counts)
        if row in rows[raw]:
            continue
        found.append((raw, link, row, title))
        if len(rows[raw]) < _REPEATED:
            rows[raw].add(row)
    groups: dict[tuple[object, ...], _Group] = defaultdict(_Group)
    for raw, link, row, title in found:
        if len(rows[raw]) < _REPEATED:
            group = groups[_standing(link, row)]
            group.links.append((link, row, title))
            group.weight += _weight(title)
    return list(groups.values())


def _weight(title: str) -> int:
    return min(len(title), _TITLE_COUNTED)


def _with_own_rows(links: list[tuple[Node, Node, str]]) -> list[tuple[Node, Node, str]]:
    """The links, each its own row where several like it stand in one: lines in a cell, divided by ``br``."""
    held = Counter(row for _, row, _ in links)
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
