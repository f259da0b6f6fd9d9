"""Title, date and source unit of a page, from its markup and from the lines around the main text."""

import json
import re
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from policy_corpus.clean.blocks import PageHints
from policy_corpus.clean.formats.html_main import MainText
from policy_corpus.clean.formats.html_title import cut_site, norm
from policy_corpus.clean.formats.html_tree import Tree
from policy_corpus.clean.formats.html_words import plain_key

_SITE_METAS = ("og:site_name", "sitename", "application-name")
_DATE_METAS = (
    "pubdate", "publishdate", "publish_date", "publishtime", "publish_time", "article:published_time",
    "og:published_time", "article:create_at", "weibo:article:create_at", "weibo: article:create_at",
    "og:release_date", "bytedance:published_time", "release_date", "datepublished", "date.issued", "dc.date",
    "dcterms.created", "publication_date", "apub:time", "createtime",
)  # fmt: skip
_SOURCE_METAS = ("contentsource", "mediaid", "source")
_DATE = re.compile(
    r"(?<!\d)((?:19[89]|20[0-4])\d)\s*(?:[-/.]|年)\s*(1[0-2]|0?[1-9])\s*(?:[-/.]|月)\s*(3[01]|[12]\d|0?[1-9])(?:\s*+日)?"
    r"(?:\s*+T?\s*+([01]?\d|2[0-3])\s*[:：]\s*[0-5]\d(?:[:：][0-5]\d)?|(?![-/.]?\d))"
    r"|(?<!\d)((?:19[89]|20[0-4])\d)(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])(?:[0-5]\d){0,3}(?!\d)"
)
_URL_DATE = re.compile(
    r"(?<!\d)(20[0-4]\d|199\d)[-/_]?(1[0-2]|0[1-9])[-/_]?(3[01]|[12]\d|0[1-9])(?!\d)"
    r"|(?<!\d)(20[0-4]\d|199\d)[-/_](1[0-2]|0?[1-9])[-/_](3[01]|[12]\d|0?[1-9])(?!\d)"
)
_SCRIPT_TIME = re.compile(
    r"""(?:[Pp]ub(?:lish)?_?(?:[Dd]ate|[Tt]ime)|[Rr]elease_?(?:[Dd]ate|[Tt]ime)|[Cc]reate_?[Tt]ime|\bct)["']?"""
    r"""\s*[:=]\s*["'](\d[\d :./T年月日-]{7,24})"""
)
_SCRIPT_READ = 100_000
_SCRIPT_DATE = re.compile(r'"(?:datePublished|pubDate|upDate)"\s*:\s*"([^"]{8,40})"')
_PUBLISHED = re.compile(r"(?:发布|发表|发稿|刊发|公开|上传|录入|印发|时间|日期|来源|稿源|出处|作者)")
_PUBLISHED_LABEL = re.compile(r"(?:发布|发表|发稿|发文|公开|刊发|上传)(?:时间|日期|于)?[\s:：|]*$")
_NOT_PUBLISHED = re.compile(r"更新|修改|抓取|截至|截止|今天|成文|废止|失效|活动时间|有效")
_SOURCE = re.compile(
    r"(?:(?:信息|文章|内容|新闻|稿件|本文)?来源(?:单位)?于?|发布机构|发布单位|稿源|出处)\s*[:：]\s*"
    r"(\S.{0,59}?)(?=\s{2,}|[|｜丨\[【]|\s*(?:作者|编辑|责任编辑|责编|记者|发布|时间|日期|字号|字体|浏览|点击|阅读|人气|分享"
    r"|打印|通讯员|审核)|\s*\d{4}\s*[-年/.]|$)"
)
_BEHIND_DATE = re.compile(
    r"\s*(?:$|[\s|｜丨【\[(（,]|来源|稿源|作者|编辑|浏览|点击|阅读|字|分享|打印|星期|周|责|人气|发布|出处)"
)
_SUMMARY = re.compile(r"^[\[【]?(?:内容)?(?:摘要|提要|导读|核心提示|导语|简介)[\]】]?\s*[:：]?\s*")
_SITE_ONLY = re.compile(
    r"^.{0,16}(?:网|网站|门户|政府|局|委员会|委|平台|频道|中心|详情|详细|正文|内容|新闻|公告|文章|公众号)页?$"
)
"""A page title that names the site or the kind of page, not the text."""
_PAGE_KIND = re.compile(r"^(?:打印|查看|阅读|浏览)?(?:文章|本文|新闻|内容|信息|页面|预览|打印)$")
_DAY_OF_ISSUE = re.compile(r"(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*星期[一二三四五六日天]")
"""Date line of a newspaper's edition, links to other pages beside it."""
_LABELLED = re.compile(r"^\W*\S{2,8}\s*[:：]")
_TITLE_SHORTEST = 8
_TITLE_LONGEST = 120
_BOX_REACH = 25
"""Lines before the title in which a metadata box may stand."""
_BYLINE_REACH = 12
"""Lines between title and text, and behind the text, that may be bylines."""
_DIGITS = re.compile(r"[\d/.:\s-]{1,10}")
_STAMP_LONGEST = 14
"""Letters and digits of a line that is a date, perhaps with time or weekday, and nothing else."""
_LINE_READ = 300
"""Characters of a line that are compared with title and lead."""
_HEAD_LINES = 6
"""Lines at the head of the text that may repeat title, byline or lead."""
_BEFORE_TITLE = 3
_CHINA = timedelta(hours=8)


@dataclass(slots=True)
class _Around:
    """Lines that are not the text, by where they stand."""

    below_title: list[str]
    above_title: list[str]
    below_text: list[str]
    beyond: list[str]
    """Lines below the text behind a heading of comments or other texts."""
    box: list[str]


def _iso_of(match: "re.Match[str]") -> str:
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(5, 6, 7)
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _iso(text: str) -> str | None:
    """First date of a text as ISO, None where there is none."""
    match = _DATE.search(text)
    return _iso_of(match) if match else None


def find_hints(tree: Tree, found: MainText, url: str | None) -> tuple[PageHints, list[int]]:
    """Hints of a page, and the numbers of its main text lines without title, byline and doubled summary."""
    metas = dict(reversed(tree.metas))
    title_line, title = _find_title(tree, found)
    body = _without_head(found, title, title_line)
    around = _around(found, body, title_line)
    published = (
        _printed(around.below_title, strong=True)
        or _declared_date(tree, metas)
        or _time_element(tree, body, title_line)
        or _printed(around.below_title, strong=False)
        or _labelled(around)
        or _printed(around.above_title, strong=True)
        or _url_date(url)
    )
    source = _source(around) or _first(metas, _SOURCE_METAS)
    lines = tuple(around.box + around.above_title + around.below_title + around.below_text)
    return PageHints(title or None, published, source, _first(metas, _SITE_METAS), url, lines), body


def _first(metas: dict[str, str], keys: tuple[str, ...]) -> str | None:
    return next((metas[key].strip() for key in keys if metas.get(key, "").strip()), None)


def _find_title(tree: Tree, found: MainText) -> tuple[int | None, str]:
    """The line that repeats the page's own title; else a heading before the text; else the title, cut."""
    start = found.lines[0] if found.lines else len(found.weighed)
    best: tuple[float, int, str] | None = None
    for first, last, text in found.titles:
        heading = tree.lines[first].heading
        score = float(len(norm(text))) + (6.0 if heading == 1 else 3.0 if heading else 0.0)
        score -= (4.0 if found.weighed[first].linked else 0.0) + (8.0 if first > start else 0.0)
        if best is None or score >= best[0]:
            best = (score, last, text)
    if best is not None:
        return best[1], best[2]
    page_title = cut_site(found.declared)
    for number in range(start - 1, -1, -1):
        line = found.weighed[number]
        is_heading = tree.lines[number].heading in (1, 2) and 4 <= line.chars <= _TITLE_LONGEST
        if is_heading and not line.linked and not line.furniture and not line.dropped:
            same = bool(page_title) and norm(page_title) in norm(line.text)  # a label before the title: 原创
            return number, page_title if same else line.text
    if _SITE_ONLY.search(page_title) or _PAGE_KIND.search(page_title):
        for number in found.lines[:_HEAD_LINES]:
            line = found.weighed[number]
            if tree.lines[number].heading in (1, 2) and _TITLE_SHORTEST <= line.chars <= _TITLE_LONGEST:
                return number, line.text
    if not page_title or _SITE_ONLY.search(page_title):
        guessed = _guessed_title(found, start)
        if guessed is not None:
            return guessed, found.weighed[guessed].text
    return None, page_title


def _guessed_title(found: MainText, start: int) -> int | None:
    """The nearest line above the text that is no link, label or byline, on a page whose head names no title."""
    for number in range(start - 1, max(-1, start - 1 - _BYLINE_REACH), -1):
        line = found.weighed[number]
        apart = line.linked or line.furniture or line.dropped
        if apart or not _TITLE_SHORTEST <= line.chars <= _TITLE_LONGEST:
            continue
        if not _is_byline(line.text) and not _LABELLED.match(line.text):
            return number
    return None


def _without_head(found: MainText, title: str, title_line: int | None) -> list[int]:
    """Main text lines behind the title, without the lines at their head that repeat title, byline or lead."""
    body = list(found.lines)
    if title_line is not None and body and body[0] <= title_line < body[-1]:
        head = sum(found.weighed[n].chars for n in body if n < title_line)
        if head < 0.3 * sum(found.weighed[n].chars for n in body):
            body = [n for n in body if n > title_line]
    wanted = norm(title)
    position, doubled = 0, False
    while position < min(len(body), _HEAD_LINES):
        text = found.weighed[body[position]].text[:_LINE_READ]
        more = position < len(body) - 1
        head = norm(text) == wanted or (more and (_repeats_title(norm(text), wanted) or _is_byline(text)))
        if not head:
            if doubled or not _is_doubled(found, body[position:]):
                break
            doubled = True
        position += 1
    body = body[position:]
    late = [n for n in body[:_HEAD_LINES] if n != body[0] and _is_stamp(found.weighed[n].text[:_LINE_READ])]
    body = [n for n in body if n not in late]
    while len(body) > 1 and _is_index(norm(found.weighed[body[-1]].text[:_LINE_READ]), wanted):
        body.pop()
    return body


def _is_stamp(text: str) -> bool:
    """A line that is a date with its time of day and nothing else: a byline below a summary."""
    match = _DATE.search(text)
    return match is not None and bool(match[4]) and len(norm(text[:_LINE_READ])) <= _STAMP_LONGEST


def _is_index(line: str, title: str) -> bool:
    """A line below the text that names the page's title again among a few other words."""
    return len(title) >= 8 and title in line and len(line) <= len(title) + 60


def _repeats_title(line: str, title: str) -> bool:
    """The title, or its part (broken over two lines), or the title with a short label."""
    if not title or not line:
        return False
    return (
        line == title or (len(line) >= 6 and line in title) or (title in line and len(line) <= len(title) + 6)
    )


def _is_byline(text: str) -> bool:
    """A short line that holds a date or source and no sentence."""
    text = plain_key(text)
    if len(text) > 90 or text.endswith(("。", "！", "？", "；", "，")):
        return False
    if _SOURCE.match(text):
        return True
    match = _DATE.search(text)
    if match is None or len(norm(text[: match.start()])) > 14 or "，" in text:
        return False
    return bool(_BEHIND_DATE.match(text, match.end()))


def _is_doubled(found: MainText, body: list[int]) -> bool:
    """A lead or summary box whose words the next lines say again."""
    first = found.weighed[body[0]].text[:_LINE_READ]
    lead = norm(_SUMMARY.sub("", first))
    if len(lead) < 20:
        return False
    following = "".join(norm(found.weighed[n].text[:_LINE_READ]) for n in body[1:6])
    return following.startswith(lead) or (bool(_SUMMARY.match(first)) and lead[:40] in following)


def _around(found: MainText, body: list[int], title_line: int | None) -> _Around:
    """Lines beside title and text, nearest first, up to a heading of other texts."""
    weighed = found.weighed
    first = body[0] if body else len(weighed)
    last = body[-1] if body else -1
    title = title_line if title_line is not None and title_line < first else None
    start = title if title is not None else max(0, first - 1 - _BYLINE_REACH)

    def texts(numbers: range, without: Collection[int] = ()) -> list[str]:
        lines = (weighed[n] for n in numbers if 0 <= n < len(weighed) and n not in without)
        return [
            key
            for w in lines
            if not w.dropped
            and w.chars <= 200
            and (key := plain_key(w.text))
            and (w.linked <= 0.5 * w.chars or _SOURCE.match(key) or _DAY_OF_ISSUE.match(key))
        ]

    below_title = texts(range(start, min(first, start + (40 if body else 4))))
    below_title += texts(range(first, body[_HEAD_LINES] if len(body) > _HEAD_LINES else first), set(body))
    below_title = _joined_numbers(below_title)
    if title is None:
        below_title.reverse()
    stop = min(len(weighed), last + 1 + _BYLINE_REACH) if body else 0
    end = next((n for n in range(last + 1, stop) if weighed[n].tail_head), stop)
    above = texts(range(start - _BEFORE_TITLE, start))[::-1]
    box = texts(range(start - _BOX_REACH, start - _BEFORE_TITLE))
    return _Around(below_title, above, texts(range(last + 1, end)), texts(range(end, stop)), box)


def _joined_numbers(texts: list[str]) -> list[str]:
    """Lines of digits alone as one: a date that is set over several lines (2021, 03/, 05, 10:22)."""
    made: list[str] = []
    run: list[str] = []
    for text in [*texts, ""]:
        if _DIGITS.fullmatch(text):
            run.append(text.strip("/-. "))
            continue
        if len(run) >= 2:
            made.append("/".join(run[:3]) + " " + " ".join(run[3:]))
        else:
            made.extend(run)
        run = []
        if text:
            made.append(text)
    return made


def _printed(texts: list[str], *, strong: bool) -> str | None:
    """A date beside the title, never one of an update; a strong one has a label, a time of day, or stands alone."""
    for text in texts:
        for match in _DATE.finditer(text):
            if _NOT_PUBLISHED.search(text[max(0, match.start() - 14) : match.start()]):
                continue
            if not strong or match[4] or _PUBLISHED.search(text) or len(norm(text)) <= _STAMP_LONGEST:
                return _iso_of(match)
    return None


def _labelled(around: _Around) -> str | None:
    """A date with a word for publishing below the text or in a metadata box; a lone time stamp below the text."""
    for text in around.below_text + around.box + around.beyond:
        for match in _DATE.finditer(text):
            if _PUBLISHED_LABEL.search(text[max(0, match.start() - 14) : match.start()]):
                return _iso_of(match)
    stamps = (_DATE.search(text) for text in around.below_text if len(norm(text)) <= 18)
    return next((_iso_of(match) for match in stamps if match and match[4]), None)


def _declared_date(tree: Tree, metas: dict[str, str]) -> str | None:
    """Date in a meta element, a JSON-LD script, or the script variable of a page that prints its date late."""
    for key in _DATE_METAS:
        if key in metas and (date := _stamp(metas[key])):
            return date
    for script in tree.data_scripts:
        if date := _json_date(script):
            return date
    return next((date for value in _script_times(tree) if (date := _stamp(value))), None)


def _script_times(tree: Tree) -> Iterator[str]:
    for script in tree.scripts:
        if match := _SCRIPT_TIME.search(script[:_SCRIPT_READ]):
            yield match[1]


def _stamp(value: str) -> str | None:
    """An ISO or Chinese date, or seconds since 1970 in Chinese time."""
    value = value.strip()
    if re.fullmatch(r"1[0-9]{9}(?:000|\d{3})?", value):
        moment = datetime.fromtimestamp(int(value[:10]), UTC) + _CHINA
        return moment.date().isoformat()
    return _iso(value)


def _json_date(script: str) -> str | None:
    """``datePublished`` or ``pubDate`` of a JSON-LD script, read without recursion."""
    try:
        queue: deque[Any] = deque([json.loads(script, strict=False)])
    except (ValueError, RecursionError):
        match = _SCRIPT_DATE.search(script)
        return _stamp(match[1]) if match else None
    while queue:
        value = queue.popleft()
        if isinstance(value, dict):
            for key in ("datePublished", "pubDate"):
                if isinstance(value.get(key), str) and (date := _stamp(value[key])):
                    return date
            queue.extend(value.values())
        elif isinstance(value, list):
            queue.extend(value)
    return None


def _time_element(tree: Tree, body: list[int], title_line: int | None) -> str | None:
    """``datetime`` of a time element between the title and the text's first lines."""
    first = body[0] if body else len(tree.lines)
    start = title_line if title_line is not None and title_line <= first else max(0, first - _BYLINE_REACH)
    return next(
        (date for line, value in tree.times if start <= line <= first and (date := _iso(value))), None
    )


def _url_date(url: str | None) -> str | None:
    match = _URL_DATE.search(url or "")
    if not match:
        return None
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(4, 5, 6)
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _source(around: _Around) -> str | None:
    for text in around.below_title + around.above_title + around.below_text + around.box + around.beyond:
        if match := _SOURCE.search(text):
            return match[1].strip(" :：，,;；\u3000|") or None
    return None
