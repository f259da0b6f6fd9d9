"""An item's page: its title and date, the article's other pages, attachments, pictures."""

import re

from policy_corpus.collect.crawl.addresses import fixed
from policy_corpus.collect.crawl.attachments import attachments_of
from policy_corpus.collect.crawl.dates import field_date, said_date
from policy_corpus.collect.crawl.furniture import is_furniture
from policy_corpus.collect.crawl.model import Entry, Fetched, ItemPage, Source
from policy_corpus.collect.crawl.pagers import (
    is_next,
    is_next_sign,
    label_of,
    number_of,
    script_pager,
    stated_pages,
)
from policy_corpus.collect.crawl.pages import Node, Page, cut_off, is_html, select, squeezed, words
from policy_corpus.collect.crawl.siblings import MAX_PAGES, is_enlarged, own_number, page_in_address

_REST = re.compile(
    r"[\s\[【(（<]*(?:点击)?(?:余下|剩余|全文|查看|阅读|展开|继续|显示|在本页)(?:余下|剩余|全文|阅读|查看|内容|浏览)+[\s\]】)）>…]*\Z"
)
_BACK = re.compile(r"[\s\[【(（<]*(?:上一?页|前一?页|首页|尾页|末页|第一页|最后一?页|返回)")
_TITLE_NAMES = ("articletitle", "og:title", "title_article")
_DATE_NAMES = (
    "pubdate",
    "publishdate",
    "article:published_time",
    "publish_date",
    "date",
    "publishtime",
    "og:release_date",
)
_SAID_DATE = re.compile(r"(?:时间|日期)\s*+[:：]?\s*+(?:<[^<>]{0,120}>\s*+|&nbsp;\s*+){0,4}([^<>]{8,40})")
_SITE_PART = re.compile(r"(?:(?<!\s)\s++)?(?:[_|]|(?<=\s)-{1,60}\s|--|—{1,2})\s{0,9}[^_|—]{0,60}\Z")
_ICON = re.compile(
    r"icon|logo|qrcode|ewm|erweima|weixin|wechat|share|blank|spacer|loading|button|btn|arrow|/dot|banner|(?<![a-z])(?:ico|bg|nav)[_\-./]"
    r"|/fileTypeImages/",
    re.IGNORECASE,
)
_SMALL = 60
"""Pixels; a smaller picture is an icon."""


def read_item(source: Source, page: Fetched) -> ItemPage:
    """What an item's page says of itself; an answer that is no HTML page says nothing."""
    if not is_html(page):
        return ItemPage()
    html = Page(page)
    rule = source.item
    problems = cut_off(page)
    title = _by_rule(html, rule.title, "title", problems) if rule.title else _title(html)
    if rule.date:
        text = _by_rule(html, rule.date, "date", problems)
        date = said_date(text) or field_date(text)
        if text and not date:
            problems.append(f"item date = {rule.date!r} finds {text[:40]!r}, which is no date")
    else:
        date = _date(html)
    following, pages = _by_next_rule(html, rule.next) if rule.next else article_pages(html)
    attached = attachments_of(html, rule.attachments)
    if source.fixes:
        following = tuple(fixed(source, address) for address in following)
        attached = tuple(Entry(fixed(source, e.url), e.title, e.date) for e in attached)
    return ItemPage(title or None, date, following, pages, attached, _pictures(html), tuple(problems))


def _by_rule(page: Page, selector: str, name: str, problems: list[str]) -> str:
    found = select(selector, page.root)
    if not found:
        problems.append(f"item {name} = {selector!r} finds nothing")
    elif not (text := words(found[0]) or _content(found[0])):
        problems.append(f"item {name} = {selector!r} finds an empty element")
    else:
        return text
    return ""


def _content(node: Node) -> str:
    return "" if isinstance(node, str) else squeezed(node.get("content") or "")


def _title(page: Page) -> str:
    for name in _TITLE_NAMES:
        if text := squeezed(page.metas.get(name, "")):
            return text
    heads = [text for h in page.root.iter("h1") if (text := words(h))]
    if len(heads) == 1:
        return heads[0]
    whole = next((words(t) for t in page.root.iter("title")), "")
    cut = _SITE_PART.sub("", whole)
    return cut if len(cut) >= 4 else whole


def _date(page: Page) -> str | None:
    for name in _DATE_NAMES:
        if date := field_date(page.metas.get(name)):
            return date
    for match in _SAID_DATE.finditer(page.text):
        if (date := said_date(match[1])) and not date.startswith("--"):
            return date
    return None


def _by_next_rule(page: Page, selector: str) -> tuple[tuple[str, ...], int]:
    """Pages that the source's own selector names: a next link, or the links of a pager."""
    own = page.fetched.url
    numbered: dict[int, str] = {}
    others: list[str] = []
    for node in select(selector, page.root):
        label = "" if isinstance(node, str) else label_of(node)
        address = page.address(node)
        if (number := number_of(label)) is not None and 0 < number <= MAX_PAGES:
            numbered.setdefault(number, address or own)
        elif address and address != own and not _BACK.match(label):
            others.append(address)
    if not numbered:
        following = tuple(dict.fromkeys(others))[:MAX_PAGES]
        return following, max(1 + len(following), article_pages(page)[1])
    mine = own_number(own, [*numbered.values(), *others])
    current = next((n for n, a in numbered.items() if a == own), 0) or (
        _current(mine, numbered, own) if mine is not None else _gap(numbered)
    )
    following = _in_order(numbered, others, current, own)
    return following, max(*numbered, article_pages(page)[1], current + len(following))


def _gap(numbered: dict[int, str]) -> int:
    """The number that a pager leaves without a link: the present page's."""
    low = 1 if min(numbered) <= 2 else min(numbered)
    return next(n for n in range(low, max(numbered) + 2) if n not in numbered)


def article_pages(page: Page) -> tuple[tuple[str, ...], int]:
    """Addresses of the article's pages after this one, in order and without a gap, and how many pages it has.

    A link counts when its words are a page number, 下一页 or 余下全文 **and** its address is this page's with
    a page number added or changed. Pages beyond a gap (1 2 3 … 12) are named by the pages before them.
    """
    own = page.fetched.url
    if pager := script_pager(page.text):
        files = {i: page.absolute(pager.file(i)) for i in range(min(pager.count, MAX_PAGES))}
        if pager.count > 1 and _is_own(own, [a for a in files.values() if a]):
            return tuple(a for i, a in files.items() if a and i > pager.current), pager.count
        if pager.count > 1:
            return (), 1  # the pager of a list that this page shows
    numbered, following, lines = _sibling_links(page)
    if not numbered and not following:
        return (), 1
    mine = own_number(own, [*numbered.values(), *following])
    if mine is not None:
        following = [a for a in following if (n := page_in_address(own, a)) is None or n > mine]
    current = _current(mine, numbered, own)
    stated = max((n for line in lines if (n := stated_pages(line)) and n <= MAX_PAGES), default=1)
    ordered = _in_order(numbered, following, current, own)
    return ordered, max([*numbered, stated, current + len(ordered)])


def _in_order(numbered: dict[int, str], following: list[str], current: int, own: str) -> tuple[str, ...]:
    """The pages after the present one up to the first that is not named; 下一页 names the next."""
    pages = dict(numbered)
    if following:
        pages.setdefault(current + 1, following[0])
    found: list[str] = []
    for number in range(current + 1, current + len(pages) + 1):
        if (address := pages.get(number)) is None:
            break
        if address != own and address not in found:
            found.append(address)
    return tuple(found)


def _is_own(own: str, files: list[str]) -> bool:
    return any(file == own or page_in_address(own, file) is not None for file in files[:3])


def _sibling_links(page: Page) -> tuple[dict[int, str], list[str], list[str]]:
    """Links that are pages of this article: by number, by 下一页 (and 余下全文), and the text of their lines."""
    own = page.fetched.url
    numbered: dict[int, str] = {}
    following: list[str] = []
    lines: dict[Node, str] = {}
    signs: list[str] = []
    for link in page.links:
        label = label_of(link)
        if not label:
            continue
        number = number_of(label)
        forward, sign, rest = is_next(label), is_next_sign(label), bool(_REST.match(label))
        if number is None and not (forward or sign or rest):
            continue
        address = page.address(link)
        if not address or address == own or (number is not None and not 0 < number <= MAX_PAGES):
            continue
        counted = page_in_address(own, address)
        if counted is None and not (rest and is_enlarged(own, address)):
            continue
        if number is not None:
            if counted not in (number, number - 1, 0):
                continue
            numbered.setdefault(number, address)
        elif sign:
            signs.append(address)
        else:
            following.append(address)
        _remember_line(link, lines)
    if numbered:
        following += signs
    return numbered, list(dict.fromkeys(following)), list(lines.values())


def _remember_line(link: Node, lines: dict[Node, str]) -> None:
    element = link
    for _ in range(3):
        element = element.getparent()
        if element is None or element.tag in ("body", "html") or element in lines:
            return
        if len(lines) < 12:
            lines[element] = words(element, 200)


def _current(mine: int | None, numbered: dict[int, str], own: str) -> int:
    """Number of this page: by its address and the difference between the others' labels and addresses."""
    if mine is None:
        return 1
    shifts = {label - counted for label, a in numbered.items() if (counted := page_in_address(own, a))}
    return mine + (1 if shifts == {1} else 0)


def _pictures(page: Page) -> int:
    """Pictures of the content: no icons, none in head, foot and navigation."""
    count = 0
    for image in page.root.iter("img"):
        address = image.get("src") or image.get("data-src") or ""
        if not address or _ICON.search(address[-200:]):
            continue
        sizes = [
            v for name in ("width", "height") if (v := (image.get(name) or "").removesuffix("px")).isdigit()
        ]
        if any(int(size) < _SMALL for size in sizes) or is_furniture(page, image):
            continue
        count += 1
    return count
