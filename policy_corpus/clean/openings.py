"""Signs that a line in mid-page is the title of a document of its own."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from policy_corpus.clean.byline import is_byline
from policy_corpus.clean.dates import find_dates
from policy_corpus.clean.furniture import body_like
from policy_corpus.clean.lines import ENUMERATOR, Line, ends_sentence, letters
from policy_corpus.clean.metadata import is_number_line
from policy_corpus.clean.titles import BODY_NAME, GENRE

MIN_NEWS_TITLE = 6
"""Letters of a title above a source line or a dateline; news titles are short."""
RESTART_REACH = 8
"""Lines below a title in which its numbering begins."""

_SOURCE_WORDS = re.compile(r"作者|来源|记者|发布|稿源|时间")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_DATELINE = re.compile(
    r"^[（(【]?(?:本[报网台刊]讯|[\u4e00-\u9fff]{2,6}[社网报台](?:[\u4e00-\u9fff]{0,8}\d{1,2}月\d{1,2}日)?[讯电]"
    r"|[\u4e00-\u9fff]{2,6}[网报台]消息)"
)
_WHOLE = re.compile(
    r"(?:方案|总结|小结|报告|计划(?:书)?|意见|办法|细则|通知|汇报|规划|讲话|范文|范本|模板)(?:[（(][^（）()]{1,12}[）)])?$"
)
"""Words for a whole paper; 措施, 做法 and 成效 name its sections as well."""
_ATTACHED = re.compile(r"^附\s*+件?\s*+[\d一二三四五六七八九十]{0,3}\s*+[:：.、]?$|^附[:：]$")
_FIRST = re.compile(r"^(?:一[、．.是:：]|第一[、,，]|[（(]一[）)]|1[、．.:：](?!\d))")
_SECOND = re.compile(r"^(?:二[、．.是:：]|第二[、,，]|[（(]二[）)]|2[、．.:：](?!\d))")
_ENTRY = re.compile(r"^\s*(?:\d{1,2}\s*[.．、]|[（(]?[一二三四五六七八九十]{1,3}[）)、])\s*|[\s.…·\d]{1,60}$")


def closed_before(lines: Sequence[Line], place: int, first_text: int) -> bool:
    """Whether a text has ended above a line: by the end of a sentence, a source line, a seal or white space.

    ``first_text`` is the page's first line of running text.
    """
    above = [x.norm for x in lines[max(0, place - 4) : place] if letters(x.norm)][::-1]
    if len(above) >= 2 and is_byline(above[0]):
        return _ends_text(above[1]) or BODY_NAME.search(above[1]) is not None
    if above and _ends_text(above[0]):
        return True
    return lines[place].set_apart and first_text < place


def _ends_text(norm: str) -> bool:
    return ends_sentence(norm) or norm.endswith(("）", ")"))


def is_attached(lines: Sequence[Line], place: int) -> bool:
    """Whether a line is the title of an attachment: 附件1 stands above it."""
    return any(_ATTACHED.match(x.norm) for x in lines[max(0, place - 2) : place])


def has_source_line(lines: Sequence[Line], place: int) -> bool:
    """Whether a line of author, source or time follows (not the date of a seal)."""
    below = lines[place + 1].norm if place + 1 < len(lines) else ""
    if BODY_NAME.search(lines[place].norm) or not is_byline(below):
        return False
    if _SOURCE_WORDS.search(below) or _CLOCK.search(below):
        return True
    dates = find_dates(below)
    return bool(dates) and len(letters(below[: dates[0].start] + below[dates[-1].end :])) >= 2


def is_news_title(lines: Sequence[Line], place: int) -> bool:
    """Whether the lines below open a news text, or the source line of the text before stands above."""
    if len(letters(lines[place].norm)) < MIN_NEWS_TITLE or place + 1 >= len(lines):
        return False
    if has_source_line(lines, place) or _DATELINE.match(lines[place + 1].norm):
        return True
    above = place >= 2 and is_byline(lines[place - 1].norm) and _ends_text(lines[place - 2].norm)
    return above and body_like(lines[place + 1].norm)


def is_notice_title(lines: Sequence[Line], place: int) -> bool:
    """Whether a line is worded as the title of an official paper, or its document number follows."""
    norm = lines[place].norm
    if not GENRE.search(norm):
        return False
    numbered = place + 1 < len(lines) and is_number_line(lines[place + 1].norm)
    return numbered or 0 <= norm.find("关于") <= norm.rfind("的") - len("关于某校某事")


def is_whole_paper(norm: str) -> bool:
    """Whether a title ends in a word for a whole paper, not for a section of one."""
    return _WHOLE.search(norm) is not None


class Numbering:
    """Where sections of a page are counted 一 and 二."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._firsts = [i for i, x in enumerate(lines) if _FIRST.match(x.norm)]
        self._seconds = [i for i, x in enumerate(lines) if _SECOND.match(x.norm)]

    def counts(self, start: int, end: int) -> bool:
        """Whether both stand in a range of lines."""
        return all(
            bisect_left(places, start) < bisect_left(places, end) for places in (self._firsts, self._seconds)
        )


def numbering_restarts(lines: Sequence[Line], place: int, since: int, numbering: Numbering) -> bool:
    """Whether a line stands between sections counted 一、二 (from ``since`` on) and 一、 again."""
    below = [x.norm for x in lines[place + 1 : place + 1 + RESTART_REACH]]
    mark = next((x for x in below if ENUMERATOR.match(x)), "")
    if not _FIRST.match(mark):
        return False
    return numbering.counts(since, place)


def opens_numbering(lines: Sequence[Line], place: int) -> bool:
    """Whether the first section stands right below a line."""
    return place + 1 < len(lines) and _FIRST.match(lines[place + 1].norm) is not None


def listed_titles(lines: Sequence[Line]) -> list[int]:
    """Places of the titles that a contents list at the page's head announces, in their order."""
    head = next((i for i, x in enumerate(lines) if body_like(x.norm)), 0)
    wanted = [letters(_ENTRY.sub("", x.norm)) for x in lines[: max(0, head - 1)]]
    known_titles = frozenset(wanted)
    places: list[int] = []
    for place in range(1, len(lines) - 1):
        norm = lines[place].norm
        own = letters(norm)
        known = len(own) >= MIN_NEWS_TITLE and own in known_titles and not ENUMERATOR.match(norm)
        if known and body_like(lines[place + 1].norm):
            places.append(place)
    first = {words: number for number, words in reversed(list(enumerate(wanted)))}
    order = [first[letters(lines[p].norm)] for p in places]
    return places if len(places) >= 2 and order == sorted(set(order)) else []
