"""Title, date and source unit of a page, from its markup and from the lines around the main text."""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from policy_corpus.clean.blocks import PageHints
from policy_corpus.clean.formats.html_main import MainText
from policy_corpus.clean.formats.html_tree import Tree

_TITLE_METAS = ("articletitle", "og:title", "twitter:title", "title")
_SITE_METAS = ("og:site_name", "sitename", "application-name")
_DATE_METAS = (
    "pubdate", "publishdate", "publish_date", "publishtime", "article:published_time", "og:published_time",
    "article:create_at", "weibo: article:create_at", "og:release_date", "release_date", "datepublished",
    "date.issued", "dc.date", "dcterms.created", "publication_date", "apub:time", "createtime",
)  # fmt: skip
_SOURCE_METAS = ("contentsource", "mediaid", "source", "article:author_name")
_DATE = re.compile(
    r"(?<![\d])((?:19[89]|20[0-4])\d)\s*(?:[-/.]|年)\s*(1[0-2]|0?[1-9])\s*(?:[-/.]|月)\s*(3[01]|[12]\d|0?[1-9])(?!\d|\s*[-/.]\s*\d)"
    r"(?:\s*日)?(?:\s*[T\s]?\s*([01]?\d|2[0-3])\s*[:：]\s*[0-5]\d)?"
    r"|(?<!\d)((?:19[89]|20[0-4])\d)(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])(?:[0-5]\d){0,3}(?!\d)"
)
_URL_DATE = re.compile(
    r"(?<!\d)(20[0-4]\d|19[89]\d)[-/_]?(1[0-2]|0[1-9])[-/_]?(3[01]|[12]\d|0[1-9])(?=\D|\d{1,2}/|$)|(?<!\d)(20[0-4]\d)/(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])(?=/)"
)
_PUBLISHED = re.compile(r"(?:发布|发表|发稿|刊发|公开|上传|录入|印发|时间|日期|来源|稿源|出处|作者)")
_UPDATED = re.compile(r"(?:更新|修改|抓取|截至|截止)")
_SOURCE = re.compile(
    r"(?:信息来源|文章来源|内容来源|新闻来源|稿件来源|本文来源|来源单位|发布机构|发布单位|来源于?|稿源|出处)\s*[:：]\s*"
    r"(.{1,60}?)(?=\s{2,}|[|｜丨]|\s*(?:作者|编辑|责任编辑|责编|记者|发布|时间|日期|字号|字体|浏览|点击|阅读|人气|分享|打印|通讯员|审核)|\s*\d{4}\s*[-年/.]|$|[\[【])"
)
_SITE_CUT = re.compile(r"\s*(?:[_|｜丨]|--+|——|\s[-–—]\s|(?<=[^\w])-|-(?=[^-]{2,20}$))\s*")
_TITLE_LONGEST = 120
_BYLINE_REACH = 8
"""Lines before and behind the title, and behind the main text, in which a date or source is looked for."""


def _norm(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def _iso(text: str) -> str | None:
    """First date of a text as ISO, None where there is none."""
    match = _DATE.search(text)
    return _iso_of(match) if match else None


def _iso_of(match: "re.Match[str]") -> str:
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(5, 6, 7)
    return f"{year}-{int(month):02d}-{int(day):02d}"


def find_hints(tree: Tree, found: MainText, url: str | None) -> tuple[PageHints, list[int]]:
    """Hints of a page, and the lines of its main text without title and byline."""
    metas = dict(reversed(tree.metas))
    title_line, title = _find_title(tree, found, metas)
    body = _without_title(found, title, title_line)
    near = list(_near(found, body, title_line))
    published = (
        _printed_date(found, near, strong=True)
        or _meta_date(tree, metas)
        or _printed_date(found, near, strong=False)
        or _url_date(url)
    )
    source = _source(found, near) or next(
        (metas[k].strip() for k in _SOURCE_METAS if metas.get(k, "").strip()), None
    )
    site = next((metas[k].strip() for k in _SITE_METAS if metas.get(k, "").strip()), None)
    return PageHints(title or None, published, source, site, url), body


def _find_title(tree: Tree, found: MainText, metas: dict[str, str]) -> tuple[int | None, str]:
    """The line that repeats the page's own title; else a heading before the text; else the title, cut."""
    declared = [metas[k] for k in _TITLE_METAS if metas.get(k, "").strip()] + [tree.title]
    norms = [n for n in map(_norm, declared) if n]
    start = found.lines[0] if found.lines else len(found.weighed)
    best: tuple[float, int] | None = None
    for number, line in enumerate(found.weighed):
        if not 4 <= line.chars <= _TITLE_LONGEST or line.dropped:
            continue
        norm = _norm(line.text)
        if len(norm) < 4 or not any(norm in n for n in norms):
            continue
        score = float(len(norm)) - (4.0 if line.linked else 0.0)
        score += 6.0 if tree.lines[number].heading == 1 else 3.0 if tree.lines[number].heading else 0.0
        score -= 8.0 if number > start else 0.0
        if any(n.startswith(norm) for n in norms):
            score += 4.0
        if best is None or score > best[0]:
            best = (score, number)
    page_title = _cut_site(declared[0] if declared else "", metas)
    if best is not None:
        text = found.weighed[best[1]].text
        if len(_norm(text)) * 2 >= len(_norm(page_title)) or not page_title:
            return best[1], text
    for number in range(start - 1, -1, -1):
        line = found.weighed[number]
        if tree.lines[number].heading in (1, 2) and 4 <= line.chars <= _TITLE_LONGEST and not line.linked:
            return number, line.text
    return None, page_title


def _cut_site(title: str, metas: dict[str, str]) -> str:
    """A page title without the names of site and channel behind it."""
    title = re.sub(r"\s+", " ", title).strip()
    parts = [part for part in _SITE_CUT.split(title) if part.strip()]
    if len(parts) < 2:
        return title
    longest = max(parts, key=len)
    return (parts[0] if len(parts[0]) >= 8 or len(parts[0]) * 2 >= len(longest) else longest).strip()


def _without_title(found: MainText, title: str, title_line: int | None) -> list[int]:
    """Main text lines behind the title; title and byline lines at its head are left out."""
    norm = _norm(title)
    body = list(found.lines)
    if title_line is not None and body and body[0] <= title_line <= body[-1]:
        head = [n for n in body if n < title_line]
        if sum(found.weighed[n].chars for n in head) < 0.3 * sum(found.weighed[n].chars for n in body):
            body = [n for n in body if n > title_line]
    while body and (_norm(found.weighed[body[0]].text) == norm or _is_byline(found.weighed[body[0]].text)):
        body.pop(0)
    return body


def _is_byline(text: str) -> bool:
    """A short line that holds a date or source and no sentence."""
    if len(text) > 90 or text.endswith(("。", "！", "？")):
        return False
    if _SOURCE.match(text):
        return True
    match = _DATE.search(text)
    return match is not None and len(_norm(text[: match.start()])) <= 12 and "，" not in text


def _near(found: MainText, body: list[int], title_line: int | None) -> Iterator[tuple[int, str]]:
    """Lines around title and main text, nearest to the title first, that are not the text itself."""
    first = body[0] if body else len(found.weighed)
    inside = set(body)
    title = title_line if title_line is not None else first - 1
    numbers = list(range(title, min(first, title + 40)))
    numbers += [n for n in range(first - 1, max(-1, first - 1 - _BYLINE_REACH), -1) if n > title]
    numbers += list(range(title - 1, max(-1, title - 1 - 3), -1))
    if body:
        numbers += range(body[-1] + 1, body[-1] + 1 + _BYLINE_REACH)
    for number in dict.fromkeys(numbers):
        if 0 <= number < len(found.weighed) and number not in inside:
            line = found.weighed[number]
            if not line.dropped and line.chars <= 200 and line.linked <= 0.8 * line.chars:
                yield number, line.text


def _printed_date(found: MainText, near: list[tuple[int, str]], *, strong: bool) -> str | None:
    """A date printed beside the title; a strong one has a time of day or a word for publishing."""
    weak = None
    for _, text in near:
        for match in _DATE.finditer(text):
            before = text[max(0, match.start() - 14) : match.start()]
            if _UPDATED.search(before):
                weak = weak or _iso_of(match)
                continue
            if not strong or match[4] or _PUBLISHED.search(text) or len(_norm(text)) <= 12:
                return _iso_of(match)
    return None if strong else weak


def _meta_date(tree: Tree, metas: dict[str, str]) -> str | None:
    for key in _DATE_METAS:
        if key in metas and (date := _iso(metas[key])):
            return date
    for script in tree.data_scripts:
        if date := _json_date(script):
            return date
    return None


def _json_date(script: str) -> str | None:
    """``datePublished`` (or ``pubDate``) of a JSON-LD script, read without recursion."""
    try:
        queue: list[Any] = [json.loads(script, strict=False)]
    except (ValueError, RecursionError):
        match = re.search(r'"(?:datePublished|pubDate)"\s*:\s*"([^"]{8,40})"', script)
        return _iso(match[1]) if match else None
    while queue:
        value = queue.pop(0)
        if isinstance(value, dict):
            for key in ("datePublished", "pubDate"):
                if isinstance(value.get(key), str) and (date := _iso(value[key])):
                    return date
            queue.extend(value.values())
        elif isinstance(value, list):
            queue.extend(value)
    return None


def _url_date(url: str | None) -> str | None:
    match = _URL_DATE.search(url or "")
    if not match:
        return None
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(4, 5, 6)
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _source(found: MainText, near: list[tuple[int, str]]) -> str | None:
    for _, text in near:
        if match := _SOURCE.search(text):
            return match[1].strip(" :：，,;；　|") or None
    return None
