"""Selectors proposed from one list page and one example item: the one door to BeautifulSoup.

The general rules say what the entries, the title, the date are; a selector is proposed for each and tried on the
page. What the general rules find by themselves on every page (the next page, mostly) needs no line.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from policy_corpus.collect.crawl.dates import said_date
from policy_corpus.collect.crawl.items import read_item
from policy_corpus.collect.crawl.learn_json import is_json, json_lines
from policy_corpus.collect.crawl.lists import read_list
from policy_corpus.collect.crawl.lists.html import list_html
from policy_corpus.collect.crawl.model import Fetched, ItemPage, ListPage, Source, SourceKind
from policy_corpus.collect.crawl.pagers import is_next
from policy_corpus.collect.crawl.pages import squeezed, text_of
from policy_corpus.collect.crawl.sources import read_sources
from policy_corpus.errors import SettingsError

_NAME = re.compile(r"[A-Za-z][\w-]{0,60}\Z")
"""Classes and ids that can stand in a selector as they are."""
_COUNTED = re.compile(r"\d{3,}|[0-9a-f]{8,}")
"""Names made by a program (``post-2213``, ``css-1a2b3c4d``) differ from page to page."""
_PASSING = frozenset(
    ("odd", "even", "first", "last", "active", "current", "on", "hover", "cur", "selected", "bg", "line")
)
_ROWS = frozenset(("li", "tr", "dl", "dd", "article"))
_CLIMB = 6
_TRIED = 60
"""Selectors that are tried on the page."""
_ADVICE: dict[str, str] = {
    "list": 'name another list page; if a script loads its list, look for the interface and learn that (kind = "json")',
    "json": 'make an item\'s address of its fields: link_url = "https://host/art/{id}.html"',
}
_SURE, _LIKELY = 0.95, 0.6
"""Shares of agreement from which on a proposal is called sure or likely."""


def learn(list_page: Fetched, item_page: Fetched | None = None) -> str:
    """A table for ``sources.toml`` proposed from a list page and, if given, one of its items.

    Each line says in a comment what it finds on the pages and how sure that is. The text can be read by
    :func:`~policy_corpus.collect.crawl.sources.read_sources` and finds the same entries again.

    Raises
    ------
    SettingsError
        The list page shows no list.
    """
    kind: SourceKind = "json" if is_json(list_page) else "list"
    listed = read_list(Source("learnt", (list_page.url,), kind), list_page)
    if not listed.entries:
        raise SettingsError(
            f"no list of links is found on this page: {'; '.join(listed.problems) or 'it is empty'}", list_page.url,
            _ADVICE[kind],
        )  # fmt: skip
    lines = _head(list_page.url, listed, kind)
    if kind == "json":
        lines += json_lines(list_page, listed, _line)
    else:
        lines += _list_lines(BeautifulSoup(list_html(list_page).text, "lxml"), list_page, listed)
    if item_page is not None:
        lines += _item_lines(BeautifulSoup(text_of(item_page), "lxml"), item_page, listed)
    text = "\n".join(lines) + "\n"
    read_sources(text, "the proposed table")
    return text


def _head(url: str, listed: ListPage, kind: SourceKind) -> list[str]:
    dated = sum(e.date is not None for e in listed.entries)
    first, last = listed.entries[0], listed.entries[-1]
    return [
        f"# {len(listed.entries)} 个条目，{dated} 个有日期: entries found, and how many have a date",
        f"# 第一条 first: {_comment(first.title)} {first.date or '?'} {_comment(first.url)}",
        f"# 末一条 last:  {_comment(last.title)} {last.date or '?'} {_comment(last.url)}",
        "[[source]]",
        f"id = {_quoted(_id_of(url))}",
        f"start = [{_quoted(url)}]",
        *(['kind = "json"'] if kind == "json" else []),
        '# issuer = "…"                     # 发文机关',
        '# region = "610300"                # 六位区划代码',
    ]


def _id_of(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    path = re.sub(r"(?:index|default|list)?(?:\.\w{2,5})?\Z", "", parts.path.lower())
    return re.sub(r"[^a-z0-9]+", "-", f"{host}-{path}".lower()).strip("-")[:60].rstrip("-") or "source"


def _list_lines(soup: BeautifulSoup, page: Fetched, listed: ListPage) -> list[str]:
    wanted = [entry.url for entry in listed.entries]
    links = _links_to(soup, page, wanted)
    best: tuple[float, int, str] | None = None
    for selector in _row_selectors(links):
        found = [e.url for e in read_list(_source(page.url, selector), page).entries]
        both = len(set(found) & set(wanted))
        agreement = both / len(set(found) | set(wanted)) if found else 0.0
        score = (agreement, -len(selector), selector)
        if best is None or score > best:
            best = score
        if agreement == 1.0:
            break
    if best is None or best[0] < _LIKELY:
        return ["", "# 未得出选择器，由通用规则找条目: no selector fits; the general rule finds the entries"]
    agreement, _, selector = best
    found_again = read_list(_source(page.url, selector), page)
    lines = [
        "",
        "[source.list]",
        _line("items", selector, f"{len(found_again.entries)} of {len(wanted)} entries", agreement),
    ]
    lines += _date_line(soup, page, selector, listed)
    return lines + _next_lines(soup, page, listed)


def _source(url: str, items: str, **rule: str) -> Source:
    table = "\n".join(f"{key} = {_quoted(value)}" for key, value in {"items": items, **rule}.items())
    return read_sources(f'[[source]]\nid = "learnt"\nstart = {_quoted(url)}\n[source.list]\n{table}').sources[
        0
    ]


def _links_to(soup: BeautifulSoup, page: Fetched, wanted: Iterable[str]) -> list[Tag]:
    """For each entry the link with the longest words that leads to it."""
    html = list_html(page)
    best: dict[str, Tag] = {}
    targets = set(wanted)
    for link in soup.find_all("a"):
        address = html.absolute(_attribute(link, "href"))
        if address in targets:
            old = best.get(address)
            if old is None or len(link.get_text()) > len(old.get_text()):
                best[address] = link
    return list(best.values())


def _row_selectors(links: Sequence[Tag]) -> list[str]:
    """Selectors of the rows that links stand in, the most telling first."""
    if not links:
        return []
    rows_first: list[str] = []
    others: list[str] = []
    paths = [[link, *list(link.parents)[:_CLIMB]] for link in links]
    for depth in range(min(len(path) for path in paths)):
        tags = Counter(path[depth].name for path in paths)
        tag, count = tags.most_common(1)[0]
        if count < len(links) * _LIKELY or tag in ("body", "html", "[document]"):
            break
        rows = {id(path[depth]): path[depth] for path in paths if path[depth].name == tag}
        if len(rows) < count * _LIKELY and depth:
            break  # one element around several entries: the list itself
        own = _own_names(list(rows.values()))
        found = rows_first if tag in _ROWS else others
        for around in _surroundings([path[depth + 1 :] for path in paths]):
            found += [f"{around}{tag}{name}" for name in own]
        if len(links) > 1:
            found += [f"{tag}{name}" for name in own if name]
    return list(dict.fromkeys(rows_first + others))[:_TRIED]


def _own_names(rows: Sequence[Tag]) -> list[str]:
    """Classes that all rows have, as selectors; and none."""
    shared = set.intersection(*(set(_classes(row)) for row in rows)) if rows else set()
    return [*(f".{name}" for name in sorted(shared)), ""]


def _surroundings(paths: Sequence[Sequence[Tag]]) -> list[str]:
    """Elements around the rows that have an id or class, nearest first, as the beginning of a selector."""
    found: list[str] = []
    for depth in range(min((len(path) for path in paths), default=0)):
        elements = {id(path[depth]): path[depth] for path in paths}
        if len(elements) > max(1, len(paths) // 3):
            continue
        element = next(iter(elements.values()))
        direct = " > " if depth == 0 else " "
        if (
            (name := _attribute(element, "id"))
            and _NAME.match(name)
            and not _COUNTED.search(name)
            and len(elements) == 1
        ):
            found.append(f"#{name}{direct}")
        shared = set.intersection(*(set(_classes(e)) for e in elements.values()))
        found += [f"{element.name}.{c}{direct}" for c in sorted(shared)]
        if depth == 0 and (outer := _plain_path(path[depth] for path in paths)):
            found.append(outer)
    return found


def _plain_path(elements: Iterable[Tag]) -> str:
    """An element with no name of its own, by its width or like, which old tables are told apart by."""
    for element in elements:
        for key in ("width", "bgcolor", "align"):
            if (value := _attribute(element, key)) and re.fullmatch(r"[\w%#]{1,20}", value):
                return f"{element.name}[{key}='{value}'] "
        return ""
    return ""


def _classes(element: Tag) -> list[str]:
    names = _attribute(element, "class").split()
    return [n for n in names if _NAME.match(n) and not _COUNTED.search(n) and n.lower() not in _PASSING]


def _attribute(element: Tag, name: str) -> str:
    value = element.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def _date_line(soup: BeautifulSoup, page: Fetched, items: str, listed: ListPage) -> list[str]:
    """The element of a row whose words are its date."""
    wanted = {e.url: e.date for e in listed.entries if e.date}
    if not wanted:
        return ["# date: 条目旁没有日期: no dates beside the entries"]
    names: Counter[str] = Counter()
    for row in soup.select(items):
        around = row if row.name != "a" else row.parent or row
        for element in around.find_all(True):
            text = squeezed(element.get_text())
            if 4 <= len(text) <= 30 and said_date(text) and not element.find("a") and element.name != "a":
                names.update({f"{element.name}{n}" for n in ["", *(f".{c}" for c in _classes(element))]})
    for selector, _ in sorted(names.items(), key=lambda kv: (-kv[1], "." not in kv[0], kv[0])):
        found = read_list(_source(page.url, items, date=selector), page)
        right = sum(wanted.get(e.url) == e.date for e in found.entries if e.url in wanted)
        if right >= _SURE * len(wanted):
            return [_line("date", selector, f"{right} of {len(wanted)} dates", right / len(wanted))]
    return [
        f"# date: 通用规则得 {len(wanted)} 个日期，无需选择器: the general rule reads {len(wanted)} dates"
    ]


def _next_lines(soup: BeautifulSoup, page: Fetched, listed: ListPage) -> list[str]:
    pages = f"，共 {listed.pages} 页 (of {listed.pages})" if listed.pages else ""
    if listed.next:
        return [
            f"# next: 通用规则可找到下一页，无需选择器: the general rule finds {_comment(listed.next)}{pages}"
        ]
    words = next(
        (squeezed(a.get_text()) for a in soup.find_all("a") if is_next(squeezed(a.get_text())[:24])), ""
    )
    if words:
        return [
            f"# next: 有“{words}”链接但看不出地址；打开第二页，照它的地址写 next_url: {words} leads nowhere;",
            '# open the second page and write its address with {n}: next_url = "index_{n}.html"',
        ]
    return ["# next: 未见下一页: no next page is seen"]


def _item_lines(soup: BeautifulSoup, page: Fetched, listed: ListPage) -> list[str]:
    found = read_item(Source("learnt", (page.url,)), page)
    entry = next((e for e in listed.entries if e.url == page.url), None)
    titles = [t for t in ((entry.title if entry else None), found.title) if t]
    dates = [d for d in (found.date, entry.date if entry else None) if d and not d.startswith("--")]
    lines = ["", "[source.item]"]
    lines += _title_line(soup, page, titles)
    lines += _item_date_line(soup, page, dates)
    lines += _attachment_lines(soup, page, found)
    if found.pages > 1:
        lines.append(
            f"# next: 通用规则可找到文章其余各页，共 {found.pages} 页: the general rule finds the other pages"
        )
    return lines


def _title_line(soup: BeautifulSoup, page: Fetched, titles: Sequence[str]) -> list[str]:
    for element in soup.find_all(["h1", "h2", "h3", "div", "p", "td", "span", "strong"]):
        text = squeezed(element.get_text())
        if 4 <= len(text) <= 300 and any(_alike(text, title) for title in titles):
            for selector in _element_selectors(element):
                again = _try(soup, selector)
                if again and again[0] is element:
                    sure = 1.0 if len(again) == 1 else 0.8
                    return [_line("title", selector, _comment(text[:40]), sure)]
    return ["# title: 由通用规则找，未得出选择器: no selector fits; the general rule looks"]


def _alike(text: str, title: str) -> bool:
    bare, wanted = re.sub(r"\s", "", text), re.sub(r"\s", "", title).rstrip(".…")
    return bare == wanted or (len(wanted) >= 8 and bare.startswith(wanted) and len(bare) <= 2 * len(wanted))


def _item_date_line(soup: BeautifulSoup, page: Fetched, dates: Sequence[str]) -> list[str]:
    if dates:
        elements = [
            e
            for e in soup.find_all(["span", "p", "div", "td", "li", "em", "i", "time"])
            if _says(e, dates[0])
        ]
        for element in sorted(elements, key=lambda e: len(e.get_text())):
            for selector in _element_selectors(element):
                again = _try(soup, selector)
                if again and again[0] is element:
                    return [_line("date", selector, dates[0], 1.0 if len(again) == 1 else 0.8)]
    return ["# date: 由通用规则找，未得出选择器: no selector fits; the general rule looks"]


def _says(element: Tag, date: str) -> bool:
    text = squeezed(element.get_text())
    return 6 <= len(text) <= 200 and said_date(text) == date


def _attachment_lines(soup: BeautifulSoup, page: Fetched, found: ItemPage) -> list[str]:
    if not found.attachments:
        return ["# attachments: 本页没有附件: none on this page; the general rule looks"]
    return [
        f"# attachments: 通用规则可找到 {len(found.attachments)} 个，无需选择器: the general rule finds them, such as",
        f"#   {_comment(found.attachments[0].title)} {_comment(found.attachments[0].url)}",
    ]


def _element_selectors(element: Tag) -> list[str]:
    """Selectors of one element, the shortest first: by id, by class, by tag, within a named element around it."""
    own = [f"{element.name}.{c}" for c in _classes(element)]
    if (name := _attribute(element, "id")) and _NAME.match(name) and not _COUNTED.search(name):
        own.insert(0, f"#{name}")
    if element.name in ("h1", "time"):
        own.insert(0, element.name)
    around = []
    for parent in list(element.parents)[:_CLIMB]:
        if (name := _attribute(parent, "id")) and _NAME.match(name) and not _COUNTED.search(name):
            around.append(f"#{name}")
        around += [f"{parent.name}.{c}" for c in _classes(parent)]
    return [*own, *(f"{a} {element.name}" for a in around)]


def _try(soup: BeautifulSoup, selector: str) -> list[Tag]:
    return list(soup.select(selector, limit=5))


def _line(key: str, value: str, finds: str, agreement: float) -> str:
    sure = (
        "sure 可靠" if agreement >= _SURE else "likely 大致可靠" if agreement >= _LIKELY else "doubtful 存疑"
    )
    return f"{key} = {_quoted(value)}".ljust(36) + f"# {sure}: {finds}"


def _quoted(text: str) -> str:
    """A TOML string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'


def _comment(text: str | None) -> str:
    """A text that can stand in a TOML comment."""
    return "".join(c for c in squeezed(text or "?") if c.isprintable())[:120]
