"""Lists in HTML: by the source's selectors, or by the general rule that a page's main list is its richest group."""

from policy_corpus.collect.crawl.dates import said_date
from policy_corpus.collect.crawl.lists.main_list import main_list
from policy_corpus.collect.crawl.lists.rows import MIN_TITLE, date_in, link_in, row_of, title_of
from policy_corpus.collect.crawl.model import Entry, Fetched, ListPage, Source
from policy_corpus.collect.crawl.pagers import next_list
from policy_corpus.collect.crawl.pages import MAX_LINKS, Node, Page, cut_off, select, words


def read_html_list(source: Source, fetched: Fetched) -> ListPage:
    """Entries of an HTML list page."""
    page = list_html(fetched)
    rule = source.listing
    problems = cut_off(fetched)
    if rule.items:
        rows = select(rule.items, page.root)
        if len(rows) > MAX_LINKS:
            problems.append(f"{len(rows)} items; only the first {MAX_LINKS} are read")
            rows = rows[:MAX_LINKS]
        if not rows:
            problems.append(f"list items = {rule.items!r} finds nothing")
        entries = [entry for row in rows if (entry := _entry(page, source, row))]
        if rows and not entries:
            problems.append(f"list link = {rule.link or 'a'!r} finds no address in {len(rows)} items")
        problems += _unfound(source, rows)
    else:
        entries = main_list(page)
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
    link = _first(rule.link, row) if rule.link else link_in(row)
    address = page.address(link) if link is not None else None
    if not address:
        return None
    title = words(found) if rule.title and (found := _first(rule.title, row)) is not None else title_of(link)
    if rule.date:
        found = _first(rule.date, row)
        date = said_date(words(found)) if found is not None else None
    else:
        date = date_in(_around(row), link, title)
    return Entry(address, title or None, date)


def _around(row: Node) -> Node:
    """The row to look for a date in: where the items are the links themselves, what they stand in."""
    return row if isinstance(row, str) or row.tag != "a" else row_of(row)


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


def _distinct(entries: list[Entry]) -> tuple[Entry, ...]:
    """Each address once, at its first place; the first words that may be a title, and any date."""
    kept: dict[str, Entry] = {}
    for entry in entries:
        if (old := kept.get(entry.url)) is not None:
            short = len(old.title or "") < MIN_TITLE
            title = max(old.title or "", entry.title or "", key=len) if short else old.title
            entry = Entry(entry.url, title or None, old.date or entry.date)
        kept[entry.url] = entry
    return tuple(kept.values())
