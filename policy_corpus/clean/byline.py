"""Lines that speak about the text: source and date lines, and the metadata box of government notices."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from policy_corpus.clean.dates import clock_day, find_dates, first_full, journal_issue, without_dates
from policy_corpus.clean.lines import han_count

LINES_KEPT = 20_000
"""Lines whose answer is remembered: as many as a page may have, for each is asked about several times."""
BYLINE_LENGTH = 110
"""Longest source line seen in ``gold/seeds`` and ``gold/pages`` has 64 characters."""
BOX_LENGTH = 300
"""A box printed on one line holds ten labels with their values."""
BYLINE_REST = 16
"""Characters a source line may hold besides labels, dates and counters: a site's name."""

_LABELS = {
    "published": (
        "发布时间|发布日期|发文时间|发布于|发表于|发表时间|发表日期|公布日期|公开日期"
        "|发稿时间|上传时间|时间|日期"
    ),
    "updated": "更新时间|更新于|更新日期|最后更新|修改时间|更新",
    "written": "成文日期|成文时间|发文日期|签发日期|印发日期|生成日期|制定日期",
    "source_unit": (
        "信息来源|文章来源|稿件来源|新闻来源|文件来源|来源单位|来源于|来源|稿源|供稿单位|供稿|转自"
    ),
    "author": "文章作者|作者|记者|通讯员|撰稿|作者单位|图文|摄影|文字",
    "editor": (
        "责任编辑|编辑|责编|审核|校对|编审|初审|复审|终审|一审|二审|三审|监审|监制"
        "|值班编委|签发|录入|排版|信息员|发布人|发布者"
    ),
    "counter": (
        "浏览次数|浏览量|浏览数|浏览|阅读次数|阅读量|阅读数|阅读|点击次数|点击数|点击量"
        "|点击|访问量|访问次数|围观|人气|评论|查看|回复|字号|字体|背景色|分享到|分享"
        "|打印|收藏|我要投稿|我要纠错"
    ),
    "issuer": "发文机关|发文单位|发布机构|发布单位|制定机关|公开主体|公开责任部门|主办单位",
    "number": "发文字号|文件编号|文号|发文文号|公文字号",
    "box": (
        "索引号|信息索引号|主题分类|信息分类|体裁分类|组配分类|公文种类|主题词|公开形式"
        "|公开方式|公开范围|公开时限|时效性|有效性|效力状态|文件状态|生效日期|实施日期"
        "|失效日期|废止日期|信息名称|文件名称|名称|标题|分类|关键词|内容概述|统一登记号"
        "|有效期"
    ),
}
_KEY_OF = {label: key for key, labels in _LABELS.items() for label in labels.split("|")}
_ALL = sorted(_KEY_OF, key=len, reverse=True)
_LABEL = re.compile(  # most characters begin no label: these are passed over at once
    rf"(?=[本{''.join({label[0] for label in _ALL})}])"
    rf"(?:(?<![\u4e00-\u9fff])(?:本文)?({'|'.join('[ 　]*'.join(label) for label in _ALL)})[ 　]*(?:[:：]"
    rf"|(?=[|｜]))"
    rf"|({'|'.join(_ALL)})[:：]|(发表于|发布于|更新于|来源于)\s)"
)
_KEY_ALONE = re.compile(rf"^[\[【]?({'|'.join('[ 　]*'.join(label) for label in _ALL)})[\]】]?\s*[:：]?$")
_SPEECH = re.compile(r"^[—―–-]{1,2}|(?:会议|大会|全会|会)上|年[^月]{0,3}月[^日]{1,4}日在")
_MARKED = re.compile(r"[:：|｜]|于\s")
_COUNTER = re.compile(
    r"原创|发表于[\u4e00-\u9fff]{2,6}$|(?:围观|浏览|阅读|点击|评论|人气|查看|回复)[:：]?\s{0,9}\d{0,12}\s{0,9}次?"
    r"|\d{1,12}\s{0,9}(?:次|人)(?:浏览|阅读|点击|围观)?"
)
_SET_APART = re.compile(
    r"\d{1,2}:\d{2}|[\s|｜](?:19|20)\d{2}[-/.年]|(?:19|20)\d{2}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?[\s|｜]"
)
_HOST = re.compile(r"https?://\S+|(?:www|m|news)\.[\w.-]+")
_CLUTTER = re.compile(r"[\s|｜/\\()（）\[\]【】<>《》:：,，;；。·•—-]+")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_WEEKDAY = re.compile(r"(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*(?:星期|周)[一二三四五六日天]")
_ASKED = ("？", "?", "！", "!")
"""Ends of a sentence that someone says: 记者：效果怎么样？"""
_BOX_KEYS = {"box", "issuer", "number", "written"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What source lines and boxes say; None where they say nothing."""

    published: str | None = None
    updated: str | None = None
    written: str | None = None
    undated_label: str | None = None
    """A date that stands in a source line without a label."""
    issue: str | None = None
    """Month of a journal's issue."""
    source_unit: str | None = None
    author: str | None = None
    issuer: str | None = None
    number: str | None = None

    def joined(self, other: "Facts") -> "Facts":
        """These facts, completed by the other's."""
        missing = {k: getattr(other, k) for k in self.__slots__ if getattr(self, k) is None}
        return replace(self, **missing)

    def said(self, key: str, value: str) -> "Facts":
        """These facts, completed by the value of a label."""
        if getattr(self, key, "") is not None or (fact := _fact(key, value)) is None:
            return self
        return replace(self, **{key: fact})


def labelled(norm: str) -> list[tuple[str, str]]:
    """Label classes and values of a line: ``来源:四川省教育厅 责任编辑:逯红栋`` → two pairs."""
    if _MARKED.search(norm) is None:
        return []
    marks = [(m.start(), m.end(), m[1] or m[2] or m[3]) for m in _LABEL.finditer(norm)]
    pairs = []
    for number, (_, end, label) in enumerate(marks):
        stop = marks[number + 1][0] if number + 1 < len(marks) else len(norm)
        key = _KEY_OF.get(label) or _KEY_OF[re.sub(r"[ 　]+", "", label)]
        pairs.append((key, norm[end:stop].strip(" \u3000|｜\t[]【】()（）")))
    return pairs


def is_byline(norm: str) -> bool:
    """Whether a line is a source and date line: labels, dates and counters with little else around them."""
    return len(norm) <= BYLINE_LENGTH and not norm.endswith(_ASKED) and _is_byline(norm)


@lru_cache(maxsize=LINES_KEPT)
def _is_byline(norm: str) -> bool:
    keys = {key for key, _ in labelled(norm)}
    dated = any(not f.value.startswith("--") or "-" in norm[f.start : f.end] for f in find_dates(norm))
    if not dated and not keys & {"published", "updated", "source_unit", "author"}:
        return False
    if "。" in norm.rstrip("。】）)") or (norm.endswith("。") and not keys):
        return False
    rest = _rest(norm)
    if not keys and _SPEECH.search(norm):
        return False
    if not keys and rest:  # 2025年1月10日云岭县召开大会 is a title, 远江日报 2025-01-10 is a source line
        return len(rest) <= BYLINE_REST and _SET_APART.search(norm) is not None
    return len(rest) <= BYLINE_REST


def is_edition_line(norm: str) -> bool:
    """Whether a line begins with the day of a newspaper's edition, weekday included."""
    return _WEEKDAY.match(norm) is not None


def is_editor_line(norm: str) -> bool:
    """Whether a line names editors, checkers and counters alone: no source, no date, no author."""
    if len(norm) > BYLINE_LENGTH or not _MARKED.search(norm):
        return False
    pairs = labelled(norm)
    keys = {key for key, _ in pairs}
    return bool(keys & {"editor", "counter"}) and not keys - {"editor", "counter"} and len(_rest(norm)) <= 6


@lru_cache(maxsize=LINES_KEPT)
def is_box_line(norm: str) -> bool:
    """Whether a line is a row of a notice's metadata box."""
    if len(norm) > BOX_LENGTH:
        return False
    keys = [key for key, _ in labelled(norm)]
    head = _LABEL.match(norm)
    in_box = sum(key in _BOX_KEYS for key in keys)
    if in_box >= 2:
        return True
    return bool(in_box and head and len(norm) <= 80)


@lru_cache(maxsize=LINES_KEPT)
def lone_key(norm: str) -> str | None:
    """Class of a label that fills its line (its value stands on the next one), else None."""
    match = _KEY_ALONE.match(norm)
    return _KEY_OF[re.sub(r"[ 　]+", "", match[1])] if match else None


def facts_of(lines: Iterable[str]) -> Facts:
    """Facts of source lines and box rows, the first mention of each."""
    facts = Facts()
    pending: str | None = None
    edition: str | None = None
    for norm in lines:
        if pending:
            facts = facts.said(pending, norm)
            pending = None
            continue
        pending = lone_key(norm)
        pairs = labelled(norm)
        if is_byline(norm):
            facts = facts.joined(Facts(issue=journal_issue(norm)))
        for key, value in pairs:
            facts = facts.said(key, value)
        labelled_date = any(key in {"published", "updated", "written"} and first_full(v) for key, v in pairs)
        # below a title: the day of a speech or of issue, not of publication
        bracketed = norm[:1] in "（(" and not pairs and _CLOCK.search(norm) is None
        if _WEEKDAY.search(norm) and not pairs:  # the day on which a page was opened, or a paper's edition
            edition = edition or (first_full(norm) if _WEEKDAY.match(norm) else None)
            continue
        if not labelled_date and not bracketed and is_byline(norm):
            facts = facts.joined(Facts(undated_label=first_full(norm) or clock_day(norm)))
    return facts.joined(Facts(undated_label=edition)) if facts.published is None else facts


def _fact(key: str, value: str) -> str | None:
    """What the value of a label says; None where it says nothing."""
    if key in {"published", "updated", "written"}:
        return first_full(value)
    if not value:
        return None
    plain = without_dates(value).strip(" \u3000|｜,，;；。")
    plain = re.split(r"\s{2,}|[\t|｜]|\s(?=我要|浏览|字号|点击|分享|打印)", plain)[0].strip()
    if not plain or len(plain) > 60 or plain in {"无", "-", "--", "/"} or not han_count(plain):
        return None
    return plain


def _rest(norm: str) -> str:
    """What a line says besides labels, their values, dates and counters."""
    text = norm
    marks = [(m.start(), m.end()) for m in _LABEL.finditer(text)]
    for number in range(len(marks) - 1, -1, -1):
        start, end = marks[number]
        stop = marks[number + 1][0] if number + 1 < len(marks) else len(text)
        value = text[end:stop]
        short = len(without_dates(value)) <= 30
        text = text[:start] + ("" if short else value) + text[stop:]
    text = _HOST.sub("", text)
    return _CLUTTER.sub("", _COUNTER.sub("", without_dates(text)))
