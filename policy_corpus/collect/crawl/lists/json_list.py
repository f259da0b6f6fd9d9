"""JSON interfaces behind 信息公开 pages: a dotted path to the list, fields for link, title and date."""

import json
import re
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, urlsplit

from policy_corpus.collect.crawl.addresses import absolute
from policy_corpus.collect.crawl.dates import field_date
from policy_corpus.collect.crawl.model import Entry, Fetched, ListPage, Source
from policy_corpus.collect.crawl.pagers import counted_up, current_number, with_number
from policy_corpus.collect.crawl.pages import MAX_LINKS, MAX_PAGE_BYTES, text_of

MAX_DEPTH = 60
"""Levels of brackets; deeper answers are made to exhaust the parser."""
_LINKS = (
    "url",
    "link",
    "href",
    "docpuburl",
    "linkurl",
    "puburl",
    "detailurl",
    "docurl",
    "urls",
    "weburl",
    "path",
)
_TITLES = ("title", "doctitle", "name", "subject", "headline", "infotitle", "articletitle", "showtitle")
_DATES = (
    "pubdate", "publishdate", "docreltime", "publishtime", "pubtime", "releasetime", "releasedate", "date", "time",
    "displaytime", "crtime", "createtime", "createdate", "infodate", "pubdatestr", "savedate",
)  # fmt: skip
_USUAL = {"link": _LINKS, "title": _TITLES, "date": _DATES}
_TOTALS = (
    "total",
    "totalcount",
    "totalrecords",
    "totalrows",
    "recordcount",
    "totalnum",
    "records",
    "totalelements",
)
_PAGES = ("pages", "pagecount", "totalpage", "totalpages", "pagetotal", "pagenum_total")
_SIZES = ("size", "pagesize", "rows", "limit", "perpage", "per_page", "page_size", "num", "pageline")
_FIELD = re.compile(r"\{([\w.]+)\}")
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_JSONP = re.compile(r"[\s;/*]*[\w$.]{1,100}\s*\(")


def read_json_list(source: Source, page: Fetched) -> ListPage:
    """Entries of a JSON answer, JSONP too; the next page until ``total`` is reached or a page is empty."""
    text = text_of(page, MAX_PAGE_BYTES)
    data, problem = parse_json(text)
    if problem:
        return ListPage((), problems=(problem,))
    rule = source.listing
    rows = _at(data, rule.items) if rule.items else longest_list(data)[1]
    if not isinstance(rows, list):
        return ListPage((), problems=(f"list items = {rule.items!r} leads to no list; {_known(data)}",))
    problems = [f"{len(rows)} items; only the first {MAX_LINKS} are read"] if len(rows) > MAX_LINKS else []
    entries = [
        e for row in rows[:MAX_LINKS] if isinstance(row, dict) and (e := _entry(source, page.url, row))
    ]
    if rows and not entries:
        what = f"link_url = {rule.link_url!r}" if rule.link_url else f"link = {rule.link!r}"
        problems.append(f"list {what} finds no address in {len(rows)} items; {_known(rows[0])}")
    for name in ("title", "date"):
        field = getattr(rule, name)
        if field and rows and not any(_at(row, field) is not None for row in rows):
            problems.append(f"list {name} = {field!r} finds nothing in {len(rows)} items; {_known(rows[0])}")
    total = _number(_at(data, rule.total)) if rule.total else _named(data, _TOTALS)
    if rule.total and total is None:
        problems.append(f"list total = {rule.total!r} leads to no number; {_known(data)}")
    following, pages = _next(source, page.url, len(rows), total, _named(data, _PAGES))
    return ListPage(tuple(dict.fromkeys(entries)), following, tuple(problems), (), pages)


def parse_json(text: str) -> tuple[Any, str]:
    """The value of a JSON or JSONP text, and what is wrong with it."""
    text = text.strip().lstrip("\ufeff")
    if match := _JSONP.match(text):
        text = text[match.end() : text.rfind(")")]
    if _depth(text) > MAX_DEPTH:
        return None, f"the answer is nested more than {MAX_DEPTH} levels deep"
    try:
        return json.loads(text, strict=False), ""
    except ValueError as error:
        return None, f"the answer is no JSON: {error}"


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in re.finditer(r"[\[{]+|[\]}]+", text):
        depth += len(match[0]) if match[0][0] in "[{" else -len(match[0])
        deepest = max(deepest, depth)
    return deepest


def _at(data: Any, path: str) -> Any:
    """The value at a dotted path; numbers pick from lists."""
    for key in path.split(".") if path else ():
        if isinstance(data, dict):
            data = data.get(key)
        elif isinstance(data, list) and key.isdigit() and int(key) < len(data):
            data = data[int(key)]
        else:
            return None
    return data


def longest_list(data: Any) -> tuple[str, list[Any] | None]:
    """The longest list of objects within three levels, and the dotted path to it; the answer itself may be it."""
    path, best = "", None
    level: list[tuple[str, Any]] = [("", data)]
    for _ in range(4):
        below: list[tuple[str, Any]] = []
        for at, value in level:
            if isinstance(value, list):
                if (not value or isinstance(value[0], dict)) and (best is None or len(value) > len(best)):
                    path, best = at, value
            elif isinstance(value, dict):
                below += [(f"{at}.{key}" if at else str(key), v) for key, v in value.items()]
        level = below
    return path, best


def usual_field(row: dict[str, Any], what: Literal["link", "title", "date"]) -> str | None:
    """The field of an item whose name is a usual one for its link, title or date, and which is filled."""
    by_name = {
        str(key).lower().replace("_", ""): str(key) for key, value in row.items() if value not in (None, "")
    }
    return next((by_name[name] for name in _USUAL[what] if name in by_name), None)


def _entry(source: Source, base: str, row: dict[str, Any]) -> Entry | None:
    rule = source.listing
    if rule.link_url:
        values = {name: _at(row, name) for name in _FIELD.findall(rule.link_url)}
        if any(not isinstance(v, (str, int)) or v == "" for v in values.values()):
            return None
        link: Any = _FIELD.sub(lambda m: quote(str(values[m[1]]), safe="/-_.~"), rule.link_url)
    else:
        link = _field(row, rule.link, "link")
    address = absolute(base, link) if isinstance(link, str) else None
    if not address:
        return None
    title = _field(row, rule.title, "title")
    title = " ".join(_MARKUP.sub("", title).split()) if isinstance(title, str) else None
    return Entry(address, title or None, field_date(_field(row, rule.date, "date")))


def _field(row: dict[str, Any], path: str, what: Literal["link", "title", "date"]) -> Any:
    return _at(row, path) if path else row.get(usual_field(row, what) or "")


def _named(data: Any, names: tuple[str, ...]) -> int | None:
    """A number under one of these names, on the way to the list."""
    level = [data]
    for _ in range(3):
        objects = [value for value in level if isinstance(value, dict)]
        for value in objects:
            lower = {key.lower(): v for key, v in value.items()}
            for name in names:
                if (number := _number(lower.get(name))) is not None:
                    return number
        level = [v for value in objects for v in value.values()]
    return None


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int) or (isinstance(value, str) and value.isdigit() and len(value) < 10):
        return int(value)
    return None


def _next(
    source: Source, address: str, rows: int, total: int | None, pages: int | None
) -> tuple[str | None, int | None]:
    """Address of the next answer: the counting parameter set one higher, or ``next_url``."""
    rule = source.listing
    if not rows:
        return None, pages
    parameters = {name.lower(): value for name, value in parse_qsl(urlsplit(address).query)}
    size = next((int(v) for n in _SIZES if (v := parameters.get(n, "")).isdigit() and int(v)), None) or rows
    if pages is None and total is not None:
        pages = -(-total // max(size, 1))
    if rule.next_url:
        return counted_up(address, rule, source.start, pages), pages
    current = current_number(address)
    if current is None:
        return None, pages
    first = next((n for start in source.start if (n := current_number(start)) is not None), 1)
    if pages is not None and current - min(first, 1) + 1 >= pages:
        return None, pages
    return with_number(address, current + 1), pages


def _known(value: Any) -> str:
    if isinstance(value, dict):
        return "there are " + ", ".join(sorted(map(str, value))[:20])
    return f"there is {'a list' if isinstance(value, list) else 'a single value'}"
