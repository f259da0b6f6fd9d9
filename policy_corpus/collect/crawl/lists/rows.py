"""One row of a list: which element it is, what its link says, its date."""

import re
from collections import defaultdict
from itertools import islice

from policy_corpus.collect.crawl.dates import said_date
from policy_corpus.collect.crawl.pages import Node, Page, raw_address, squeezed, words

MIN_TITLE = 6
"""Characters of a link's words from which on it may be an item's title: 栏目, 更多 and names of offices are shorter."""
_CLIMB = 6
_ROWS = frozenset(("li", "tr", "dl", "dd", "article"))
_ROW_READ = 600
_SHORT_ROW = 40
"""Characters beside the title up to which a row holds no summary."""
_DATE_LENGTH = 24
_ELEMENTS_READ = 60
_TITLE_LINE = re.compile(
    r"(?:标题|文章标题|名称|题名)\s*[:：]\s*([^\r\n]{1,300}?)\s*(?:[\r\n]|发布|作者|时间|日期|\Z)"
)
_TAIL_DATE = re.compile(r"(?:(?<!\s)\s++)?[\[(（]?(?:(?:19|20)\d\d[-/.年])\d{1,2}[-/.月]\d{1,2}日?[\])）]?\Z")


def link_in(row: Node) -> Node | None:
    """The item itself if it leads somewhere, else its link with the longest words."""
    if isinstance(row, str) or raw_address(row):
        return row
    links = [a for a in row.iter("a") if raw_address(a)]
    longest = max(links, key=lambda a: len(title_of(a)), default=None)
    if longest is None:
        return None
    same = [a for a in links if raw_address(a) == raw_address(longest)]
    return next((a for a in same if len(title_of(a)) >= MIN_TITLE), longest)


def title_of(link: Node) -> str:
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


def _without_date(text: str) -> str:
    """Words of a link that encloses its date too."""
    rest = _TAIL_DATE.sub("", text)
    return rest if len(rest) >= MIN_TITLE else text


def row_text(row: Node) -> str:
    """Text of a row; of a link without a row, with what stands beside it on its line."""
    if row.tag != "a":
        return words(row, _ROW_READ)
    before = row.getprevious()
    lead = (
        before.tail if before is not None else row.getparent().text if row.getparent() is not None else ""
    ) or ""
    tail = squeezed(row.tail or "")
    return (
        f"{words(row, _ROW_READ)} {tail}"
        if said_date(tail)
        else f"{squeezed(lead[-60:])} {words(row, _ROW_READ)}"
    )


def date_in(row: Node, link: Node, title: str, text: str | None = None) -> str | None:
    """A row's date: outside its title, else in the link's ``title``, its own words, a script that writes it."""
    if isinstance(row, str):
        return None
    if text is None:
        text = row_text(row)
    rest = text.replace(title, " ", 1) if title else text
    outside = rest.replace(words(link), " ", 1)
    return (
        (_date_alone(row) if len(outside) > _SHORT_ROW else None)
        or said_date(outside)
        or said_date(link.get("title"))
        or said_date(rest if rest != text else "")
        or next((found for s in islice(row.iter("script"), 3) if (found := said_date(s.text))), None)
    )


def _date_alone(row: Node) -> str | None:
    """The date of an element that holds little else; a summary beside it may name other days."""
    for element in islice(row.iter(), 1, _ELEMENTS_READ):
        if element.tag == "a" or not isinstance(element.tag, str):
            continue
        text = words(element, _DATE_LENGTH + 1)
        if len(text) <= _DATE_LENGTH and (found := said_date(text)):
            return found
    return None


def link_counts(page: Page) -> dict[Node, int]:
    """How many links an element holds, for the elements up to a few steps above each link.

    Links that follow each other to the same address (picture, title, summary) count once.
    """
    counts: dict[Node, int] = defaultdict(int)
    before = None
    for link in page.links:
        href = link.get("href")
        if href is not None and href == before:
            continue
        before = href
        element = link.getparent()
        for _ in range(_CLIMB):
            if element is None:
                break
            counts[element] += 1
            element = element.getparent()
    return counts


def row_of(link: Node, counts: dict[Node, int] | None = None) -> Node:
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
        alone = counts[element] if counts is not None else len(list(islice(element.iter("a"), 2)))
        if alone == 1:
            row = element
    return row
