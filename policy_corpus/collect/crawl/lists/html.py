"""Lists in HTML: by the source's selectors, or by the general rule that a page's main list is its richest group."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice

from policy_corpus.collect.crawl.dates import said_date
from policy_corpus.collect.crawl.model import Entry, Fetched, ListPage, Source
from policy_corpus.collect.crawl.pagers import is_next, next_list, number_of
from policy_corpus.collect.crawl.pages import MAX_LINKS, Node, Page, raw_address, select, squeezed, words

MIN_TITLE = 6
"""Characters of a link's words from which on it may be an item's title: 栏目, 更多 and names of offices are shorter."""
MIN_UNDATED = 3
"""Links that a group without dates must have to be a list."""
_TITLE_COUNTED = 40
_DATED_WEIGHT = 4.0
"""A group with dates beats one of the same length of words without: news teasers and link farms carry none."""
_CLIMB = 6
_ROWS = frozenset(("li", "tr", "dl", "dd", "article"))
_ROW_READ = 600
_TITLE_LINE = re.compile(
    r"(?:标题|文章标题|名称|题名)\s*[:：]\s*([^\r\n]{1,300}?)\s*(?:[\r\n]|发布|作者|时间|日期|\Z)"
)


def read_html_list(source: Source, fetched: Fetched) -> ListPage:
    """Entries of an HTML list page."""
    page = list_html(fetched)
    rule = source.listing
    problems: list[str] = []
    if rule.items:
        rows = select(rule.items, page.root)[:MAX_LINKS]
        if not rows:
            problems.append(f"list items = {rule.items!r} finds nothing")
        entries = [entry for row in rows if (entry := _entry(page, source, row))]
        if rows and not entries:
            problems.append(f"list link = {rule.link or 'a'!r} finds no address in {len(rows)} items")
        problems += _unfound(source, rows)
    else:
        entries = _main_list(page)
        if not entries:
            problems.append("no list of links found: name it in [source.list] items")
    following, pages = next_list(page, rule, source.start)
    if rule.next_url and not entries:
        following = None  # counted beyond the last page
    return ListPage(_distinct(entries), following, tuple(problems), (), pages)


def list_html(fetched: Fetched) -> Page:
    """The page, with the records that it keeps as data for its pager script set out as a list."""
    page = Page(fetched)
    return Page(fetched, _records_as_html(page.text)) if "<datastore>" in page.text else page


def _records_as_html(text: str) -> str:
    """Lists that a page carries as XML records for its pager script (大汉 JCMS), as plain HTML behind the page."""
    records = "".join(_character_data(part) for part in text.split("<record>")[1:])
    following = _character_data(text.partition("<nextgroup>")[2]) if "<nextgroup>" in text else ""
    following = following.replace("</a>", "下一页</a>") if "下一页" not in following else following
    return f"{text.partition('<datastore>')[0]}</script><ul class='records'>{records}</ul><p>{following}</p>"


def _character_data(text: str) -> str:
    start = text.find("<![CDATA[", 0, 50)
    return text[start + 9 : text.find("]]>", start)] if start >= 0 and "]]>" in text else ""


def _entry(page: Page, source: Source, row: Node) -> Entry | None:
    rule = source.listing
    link = _first(rule.link, row) if rule.link else _link_in(row)
    address = page.address(link) if link is not None else None
    if not address:
        return None
    title = words(found) if rule.title and (found := _first(rule.title, row)) is not None else _title(link)
    if rule.date:
        found = _first(rule.date, row)
        date = said_date(words(found)) if found is not None else None
    else:
        date = _date_in(_around(row), link, title)
    return Entry(address, title or None, date)


def _around(row: Node) -> Node:
    """The row to look for a date in: where the items are the links themselves, what they stand in."""
    return row if isinstance(row, str) or row.tag != "a" else _row_of(row, None)


def _first(selector: str, row: Node) -> Node | None:
    found = select(selector, row)
    return found[0] if found else None


def _unfound(source: Source, rows: list[Node]) -> list[str]:
    """Selectors that find nothing in any of the items."""
    problems = []
    for name in ("link", "title", "date"):
        selector = getattr(source.listing, name)
        if selector and rows and not any(select(selector, row) for row in rows):
            problems.append(f"list {name} = {selector!r} finds nothing in {len(rows)} items")
    return problems + _undated(source.listing.date, rows)


def _undated(selector: str, rows: list[Node]) -> list[str]:
    """Words that the selector of the date finds and that are no date."""
    said = [words(found) for row in rows if selector and (found := _first(selector, row)) is not None]
    wrong = [text for text in said if text and not said_date(text)]
    if not wrong:
        return []
    return [
        f"list date = {selector!r} finds {wrong[0][:40]!r}, which is no date, in {len(wrong)} of {len(rows)} items"
    ]


def _link_in(row: Node) -> Node | None:
    """The item itself if it leads somewhere, else its link with the longest words."""
    if isinstance(row, str) or raw_address(row):
        return row
    links = [a for a in row.iter("a") if raw_address(a)]
    return max(links, key=lambda a: len(_title(a)), default=None)


def _title(link: Node) -> str:
    """What a link says of its item: its words, unless its ``title`` gives them uncut."""
    if isinstance(link, str):
        return ""
    shown = words(link).strip("·•●■>》-— ")
    hint = (link.get("title") or "")[:1000]
    if match := _TITLE_LINE.search(hint):
        hint = match[1]
    hint = squeezed(hint)
    cut = shown.rstrip(".…")
    if hint and len(hint) >= len(cut) and hint.startswith(cut):  # an empty ``shown`` too
        return hint[:500]
    if not shown:
        return squeezed(next((i.get("alt") or "" for i in link.iter("img")), ""))
    return _without_date(shown)


_TAIL_DATE = re.compile(r"\s*[\[(（]?(?:(?:19|20)\d\d[-/.年])\d{1,2}[-/.月]\d{1,2}日?[\])）]?\Z")


def _without_date(text: str) -> str:
    """Words of a link that encloses its date too."""
    rest = _TAIL_DATE.sub("", text)
    return rest if len(rest) >= MIN_TITLE else text


def _date_in(row: Node, link: Node, title: str, text: str | None = None) -> str | None:
    """A row's date: outside its title, else in the link's ``title``, else in the words of the link itself."""
    if isinstance(row, str):
        return None
    if text is None:
        text = words(row, _ROW_READ)
    rest = text.replace(title, " ", 1) if title else text
    shown = words(link)
    outside = rest.replace(shown, " ", 1)
    return (
        said_date(outside) or said_date(link.get("title")) or said_date(rest if rest != text else "") or None
    )


@dataclass(slots=True)
class _Group:
    """Links that stand alike."""

    links: list[tuple[Node, Node, str]] = field(default_factory=list)
    """Link, row, title."""
    weight: int = 0


def _main_list(page: Page) -> list[Entry]:
    """Entries of the group of like links with the most words, dates counting for it."""
    groups: dict[tuple[object, ...], _Group] = defaultdict(_Group)
    shared = _link_counts(page)
    for link in page.links:
        if not raw_address(link):
            continue
        title = _title(link)
        if len(title) < MIN_TITLE or is_next(title) or number_of(title) is not None:
            continue
        row = _row_of(link, shared)
        group = groups[_standing(link, row)]
        group.links.append((link, row, title))
        group.weight += min(len(title), _TITLE_COUNTED)
    best: list[Entry] = []
    best_score = 0.0
    for group in sorted(groups.values(), key=lambda g: -g.weight):
        if group.weight * _DATED_WEIGHT <= best_score:
            break
        texts = {row: "" for _, row, _ in group.links}
        for row in texts:
            texts[row] = words(row, _ROW_READ)
        entries = [
            Entry(page.address(link) or "", title, _date_in(row, link, title, texts[row]))
            for link, row, title in group.links
        ]
        entries = _without_strangers(entries, [row for _, row, _ in group.links])
        dated = 2 * sum(e.date is not None for e in entries) >= len(entries) > 0
        if not dated and len(entries) < MIN_UNDATED:
            continue
        score = group.weight * (_DATED_WEIGHT if dated else 1.0)
        if score > best_score:
            best, best_score = entries, score
    return best


def _without_strangers(entries: list[Entry], rows: list[Node]) -> list[Entry]:
    """Entries that lead somewhere; where dates stand beside some, without the lists in which none has one."""
    dated = {row.getparent() for entry, row in zip(entries, rows, strict=True) if entry.date}
    return [
        entry
        for entry, row in zip(entries, rows, strict=True)
        if entry.url and (not dated or row.getparent() in dated)
    ]


def _link_counts(page: Page) -> dict[Node, int]:
    """How many links an element holds, for the elements up to a few steps above each link."""
    counts: dict[Node, int] = defaultdict(int)
    for link in page.links:
        element = link.getparent()
        for _ in range(_CLIMB):
            if element is None:
                break
            counts[element] += 1
            element = element.getparent()
    return counts


def _row_of(link: Node, counts: dict[Node, int] | None) -> Node:
    """The row that a link stands in: ``li``, ``tr`` and their kin, else the largest element with no other link.

    ``counts`` are the links in each element; without them they are counted here.
    """
    row = element = link
    for _ in range(_CLIMB):
        element = element.getparent()
        if element is None or element.tag in ("body", "html"):
            break
        if element.tag in _ROWS:
            return element
        if (counts[element] if counts is not None else len(list(islice(element.iter("a"), 2)))) == 1:
            row = element
    return row


def _standing(link: Node, row: Node) -> tuple[object, ...]:
    """How a link stands: tags from it to its row, tag and class of the two elements around."""
    path: list[object] = []
    element = link
    while element is not row and element is not None:
        path.append(element.tag)
        element = element.getparent()
    path.append(row.tag)
    for _ in range(2):
        element = element.getparent() if element is not None else None
        if element is None:
            break
        path.append((element.tag, element.get("class"), element.get("id")))
    return tuple(path)


def _distinct(entries: list[Entry]) -> tuple[Entry, ...]:
    """Each address once, at its first place; of several links to it the longest words and any date."""
    kept: dict[str, Entry] = {}
    for entry in entries:
        if (old := kept.get(entry.url)) is not None:
            title = max(old.title or "", entry.title or "", key=len) or None
            entry = Entry(entry.url, title, old.date or entry.date)
        kept[entry.url] = entry
    return tuple(kept.values())
