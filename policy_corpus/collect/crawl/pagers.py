"""What stands below a list or an article: 上一页 1 2 3 下一页, 共5页, and the scripts that write such lines.

The scripts are read as text for their numbers; they never run.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from policy_corpus.collect.crawl.model import ListRule
from policy_corpus.collect.crawl.pages import Node, Page, raw_address, select, words

PAGE_PARAMETERS = (
    "page", "pageno", "pageindex", "pagenum", "pagenumber", "currentpage", "curpage", "currpage", "curr", "current",
    "p", "pn", "paged", "pageid", "page_no", "page_num", "page_index", "nowpage", "topage", "pagecurrent",
)  # fmt: skip
"""Names of the query parameter that counts pages, in lower case."""
MAX_PAGE_NUMBER = 20_000

_NEXT = re.compile(
    r"[\s\[【(（<«‹]*(?:下一?页|后一?页|下一頁|next(?:\s?page)?)[\s\]】)）>»›→]*\Z", re.IGNORECASE
)
_NEXT_SIGN = re.compile(r"(?:>{1,2}|›|→|＞)\Z")
_NUMBER = re.compile(r"[\s\[【(（第]*(\d{1,5})[\s\]】)）页]*\Z")
_LABEL_READ = 24
"""Characters of a link's words within which a pager's label lies; longer words are no label."""

_TRS = re.compile(r"(?<!function )\bcreatePage(?:HTML)?\s*\(([^()]{3,200})\)", re.IGNORECASE)
"""TRS WCM and its kin: ``createPageHTML(50, 0, "index", "html")``: pages, present page from 0, name, ending; with an
element's id in front the present page counts from 1."""
_TRS_COUNT = re.compile(r"\bcountPage\s*=\s*(\d{1,5})")
_TRS_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d{1,5})")
_ARGUMENT = re.compile(r"""(?:(?<!\s)\s++)?(?:["']([^"']{0,100})["']|(\d{1,9}))\s*(?:,|\Z)""")
_STATED = (
    re.compile(r"第\s*\d{1,5}\s*+页?\s*+[/,，、|]?\s*+(?:总)?共\s*(\d{1,5})\s*页"),
    re.compile(r"(?:共|总页数[:：]?|总共)\s*(\d{1,5})\s*页"),
    re.compile(r"(?<![\d/.-])\d{1,5}\s*/\s*(\d{1,5})\s*页?(?![\d/.-])"),
)
_SCRIPT_TOTAL = re.compile(
    r"\b(?:total_?pages?|page_?count|pages?_?total|allpages?|totalPageCount)\b[\"']?\s*[:=]\s*[\"']?(\d{1,5})\b",
    re.IGNORECASE,
)
_SCRIPT_PARAMETER = re.compile(r"[?&]([A-Za-z_]{1,20})=[\"']?\s*\+")
_CALLED = re.compile(r"\b\w{2,30}\(\s*[\"']?(\d{1,5})[\"']?\s*\)")


@dataclass(frozen=True, slots=True)
class ScriptPager:
    """Numbers that a page hands to its pager script: pages, present page from 0, name and ending of the file."""

    count: int
    current: int
    name: str
    ending: str

    def file(self, index: int) -> str:
        """Name of the page ``index``, from 0."""
        return f"{self.name}.{self.ending}" if index == 0 else f"{self.name}_{index}.{self.ending}"


@dataclass(frozen=True, slots=True)
class OneBased(ScriptPager):
    """The same where the second page's file is ``_2``."""

    def file(self, index: int) -> str:
        """Name of the page ``index``, from 0."""
        return f"{self.name}.{self.ending}" if index == 0 else f"{self.name}_{index + 1}.{self.ending}"


def script_pager(text: str) -> ScriptPager | None:
    """The call of a portal's pager script, if the page holds one."""
    for match in _TRS.finditer(text) if "reatePage" in text else ():
        arguments = [(m[1], m[2]) for m in _ARGUMENT.finditer(match[1])]
        numbers = [int(n) for _, n in arguments if n]
        names = [s for s, n in arguments if not n]
        if len(numbers) < 2 or len(names) < 2:
            continue
        name, ending = names[-2:]
        if not re.fullmatch(r"[\w.%-]{1,100}", name) or not re.fullmatch(r"\w{2,6}", ending):
            continue
        one_based = bool(arguments[0][0])
        kind = OneBased if one_based else ScriptPager
        return kind(min(numbers[0], MAX_PAGE_NUMBER), max(0, numbers[1] - one_based), name, ending)
    if "countPage" not in text:
        return None
    if (count := _TRS_COUNT.search(text)) and (current := _TRS_CURRENT.search(text)) and '"index"' in text:
        return ScriptPager(int(count[1]), int(current[1]), "index", "html")
    return None


def label_of(element: Node) -> str:
    """Words of a link if they are short enough for a pager's label; of a picture, its ``alt``; else its ``title``."""
    text = element.text or ""
    if len(text) > 200:
        return ""
    text = words(element, _LABEL_READ + 1) if len(element) or text else ""
    if not text:
        text = next((i.get("alt") or "" for i in element.iter("img")), "") or element.get("title") or ""
    return text if len(text) <= _LABEL_READ else ""


def is_next(label: str) -> bool:
    """Whether a link's words are 下一页 or one of its kin; 下一篇 is none."""
    return bool(_NEXT.match(label))


def is_next_sign(label: str) -> bool:
    """Whether a link shows a mere ``>``, which counts only beside page numbers."""
    return bool(_NEXT_SIGN.match(label))


def number_of(label: str) -> int | None:
    """The page number that a link shows."""
    match = _NUMBER.match(label)
    return int(match[1]) if match else None


def stated_pages(text: str) -> int | None:
    """The number of pages that a pager's line states (共5页, 第1页/共5页, 1/5页)."""
    for pattern in _STATED:
        if match := pattern.search(text):
            return int(match[1])
    return None


def next_list(page: Page, rule: ListRule, start: tuple[str, ...]) -> tuple[str | None, int | None]:
    """Address of the next list page, and how many list pages there are where the page states it."""
    pager = script_pager(page.text)
    count = pager.count if pager else _stated_count(page)
    if rule.next:
        found = (page.address(node) for node in select(rule.next, page.root))
        return _other(page, next((address for address in found if address), None)), count
    if rule.next_url:
        return counted_up(page.fetched.url, rule, start, count), count
    if pager:
        following = pager.current + 1
        return (
            _other(page, page.absolute(pager.file(following))) if following < pager.count else None
        ), count
    return _other(page, _by_links(page, count)), count


def counted_up(address: str, rule: ListRule, start: tuple[str, ...], count: int | None = None) -> str | None:
    """The address after this one by the pattern ``next_url``; None behind the last of ``count`` pages."""
    from policy_corpus.collect.crawl.addresses import absolute

    for origin in start:
        if (pattern := absolute(origin, rule.next_url.replace("{n}", "\ue000"))) is None:
            continue
        before, _, after = pattern.replace("%EE%80%80", "\ue000").partition("\ue000")
        middle = address[len(before) : len(address) - len(after)]
        if address.startswith(before) and address.endswith(after) and middle.isdigit() and len(middle) < 6:
            n = int(middle) + 1
        elif address == origin or len(start) == 1:
            n = rule.next_from
        else:
            continue
        if count is not None and n - rule.next_from + 2 > count:
            return None
        return f"{before}{n}{after}"
    return None


def _other(page: Page, address: str | None) -> str | None:
    return None if address == page.fetched.url else address


def _by_links(page: Page, count: int | None) -> str | None:
    """The next page by links, options of a select, or a counting parameter of this page's address."""
    numbered: dict[int, Node] = {}
    marked: list[Node] = []
    signs: list[Node] = []
    for link in page.links:
        label = label_of(link)
        if not label:
            continue
        if is_next(label) or (link.get("rel") or "").lower() == "next":
            marked.append(link)
        elif is_next_sign(label):
            signs.append(link)
        elif (n := number_of(label)) is not None:
            numbered.setdefault(n, link)
    for link in marked:
        if found := page.address(link):
            return found
    for link in signs:
        if (
            numbered
            and any(number_of(label_of(s)) is not None for s in _beside(link))
            and (found := page.address(link))
        ):
            return found
    current = current_number(page.fetched.url) or 1
    if (
        (link := numbered.get(current + 1)) is not None
        and 1 in numbered | {current: None}
        and (found := page.address(link))
    ):
        return found
    return _by_option(page, current) or _by_call(page, current, count, [*marked, *numbered.values()])


def _beside(link: Node) -> list[Node]:
    parent = link.getparent()
    up = (
        parent
        if parent is not None and len(parent) > 1
        else (parent.getparent() if parent is not None else None)
    )
    return list(up.iter("a"))[:30] if up is not None else []


def _by_option(page: Page, current: int) -> str | None:
    for select_ in page.root.iter("select"):
        for option in list(select_.iter("option"))[: current + 50]:
            value = option.get("value") or ""
            if number_of(words(option, _LABEL_READ)) == current + 1 and re.search(r"[./?=]", value):
                return page.absolute(value)
    return None


def _by_call(page: Page, current: int, count: int | None, links: list[Node]) -> str | None:
    """A link such as ``javascript:goPage(2)``: the address counts in a parameter that it or a script names."""
    if not count and not any(_calls(link, current + 1) for link in links):
        return None
    if count and current >= count:
        return None
    address = page.fetched.url
    if counted := with_number(address, current + 1):
        return counted
    for match in _SCRIPT_PARAMETER.finditer(page.text):
        if match[1].lower() in PAGE_PARAMETERS:
            return f"{address}{'&' if '?' in address else '?'}{match[1]}={current + 1}"
    return None


def _calls(link: Node, number: int) -> bool:
    if raw_address(link):
        return False
    script = (link.get("href") or "") + (link.get("onclick") or "")
    return any(int(m[1]) == number for m in _CALLED.finditer(script[:300]))


def _stated_count(page: Page) -> int | None:
    if match := _SCRIPT_TOTAL.search(page.text):
        return int(match[1])
    for link in page.links:
        if is_next(label_of(link)) and (parent := link.getparent()) is not None:
            for element in (parent, parent.getparent()):
                if element is not None and (found := stated_pages(words(element, 200))):
                    return found
    return None


def current_number(address: str) -> int | None:
    """The page number in a list's address by its counting parameter."""
    for name, value in parse_qsl(urlsplit(address).query):
        if name.lower() in PAGE_PARAMETERS and value.isdigit() and len(value) < 6:
            return int(value)
    return None


def with_number(address: str, number: int) -> str | None:
    """The address with its counting parameter set to ``number``; None if it has none."""
    parts = urlsplit(address)
    pairs = parts.query.split("&")  # the others stay as they are, in whatever encoding their site writes them
    for i, pair in enumerate(pairs):
        name, _, value = pair.partition("=")
        if name.lower() in PAGE_PARAMETERS and value.isdigit():
            pairs[i] = f"{name}={number}"
            return urlunsplit(parts._replace(query="&".join(pairs)))
    return None
