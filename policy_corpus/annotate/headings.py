"""Headings: which lines are titles, and under which titles each line stands.

Chinese official writing numbers its parts 第X章, 第X条, 一、, （一）, 1., (1), ① in this order (GB/T 9704-2012,
7.3.3, names the four middle levels). A heading stands on a line of its own, or opens a paragraph and ends with a
full stop (``（五）建立…制度。各校要…``), or is fused with the text that a careless copy glued to it
(``一、背景随着…``). Short unnumbered lines count where the lines around them agree.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

MAX_HEADING = 50
"""Characters of a numbered heading on its own line; longer lines are sentences that lost their stop."""
MAX_OPENING = 45
"""Characters of a heading that opens a paragraph."""
MAX_CLOSED_HEADING = 30
"""Characters of a heading on its own line that ends with a full stop (coded seeds: all 28 headings are shorter)."""
MIN_BROKEN = 12
"""Characters from which a line without a stop may be one of a paragraph that was cut at a fixed width."""
BROKEN_RATIO = 1.3
"""A following line up to so many times as long continues such a line; paragraphs under a heading are longer."""
MIN_BROKEN_ITEM = 24
"""The same for a numbered line that holds a comma."""
INNERMOST = 9
"""Deepest numbered level."""
MAX_TITLE_LINE = 32
"""Characters of an unnumbered heading."""

_N = "一二三四五六七八九十百零〇"
_NUMBER = re.compile(
    rf"(?P<part>第[{_N}0-9]{{1,4}}(?:部分|编|篇))[\s、，：:]*"
    rf"|(?P<chapter>第[{_N}0-9]{{1,4}}章)\s*"
    rf"|(?P<section>第[{_N}0-9]{{1,4}}节)\s*"
    rf"|(?P<article>第[{_N}0-9]{{1,5}}条)(?=[\s：:])\s*"
    rf"|(?P<one>[{_N}]{{1,3}}[、．.]|第[{_N}]{{1,3}}[，、])\s*"
    rf"|(?P<two>[（(][{_N}]{{1,3}}[）)]、?)\s*"
    r"|(?P<three>[0-9０-９]{1,2}(?:[．、]|[.](?![0-9])|[:：](?=[\u3400-\u9fff]{4})))\s*"
    r"|(?P<four>[（(][0-9０-９]{1,2}[）)]|[0-9]{1,2}[)）]|[①-⑳])\s*"
    r"|(?P<dash>—{1,2}|――|[●■◆★▲])\s*(?=[\u3400-\u9fff“])"
)
_LEVELS = {
    "part": 1, "chapter": 2, "section": 3, "article": 4, "one": 5, "two": 6, "three": 7, "four": 8, "dash": 9,
}  # fmt: skip
_FIRST = re.compile(r"[第（(]?[一1１][章节条部篇编、．.）)，:：]|①")
_SECTION_NAMES = (
    "指导思想|总体要求|总体目标|工作目标|主要目标|目标任务|目标设定|任务目标|目标|背景|基本原则|工作原则|主要任务|重点任务|工作任务|主要措施|"
    "工作措施|具体措施|实施策略|实施措施|保障措施|组织保障|政策保障|工作内容|主要内容|实施内容|实施步骤|实施方法|实施方案|具体实施方案|工作步骤|"
    "预期成果|预期效果|预期目标|工作要求|工作计划|工作安排|组织领导|组织机构|方法步骤|时间安排|监督评估|评估与监督|考核评价|总结|结语|前言"
)
_GLUED_NAME = re.compile(rf"(?:{_SECTION_NAMES})(?=[\u3400-\u9fff0-9（(].{{8}})")
_GLUED_ONSET = re.compile(
    r"[\u3400-\u9fff“”、]{4,24}?(?=一是|随着|为了|为进一步|根据|按照|通过|针对|由于|鼓励|在这个|各地应|各校要|我校|我们)"
)
_STOP = re.compile(r"[。！？：:]")
_END_MARKS = "。！？；，、：:;,!?…"
_BLANK = " \t\u3000\xa0\r\ufeff"
_NOT_TITLE = re.compile(
    r" \| |应该|可以|我们|我校|他们|必须|就是|[：:@]|https?|^[0-9\s\-/年月日.:：]+$|^[（(].*[）)]$|^[^\u3400-\u9fff]*$"
    r"|[\u3000\xa0 ]{2,}|^(?:编辑|作者|记者|来源|附件?|附表)"
)


class Heading(NamedTuple):
    """A heading as it stands in the text; ``level`` 1 is outermost."""

    level: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a body with the headings it stands under.

    ``is_heading`` marks a line that is nothing but a heading. ``opening`` is the heading that the line
    opens with, when more text follows on the line; it stands over the rest of the line and over the next lines.
    """

    start: int
    end: int
    headings: tuple[str, ...]
    is_heading: bool = False
    opening: Heading | None = None


def read_lines(body: str) -> list[Line]:
    """Non-blank lines of a body, each with its heading path, outermost first.

    Parameters
    ----------
    body : str
        Paragraphs joined by line ends.

    Returns
    -------
    list of Line
        In order of the text. A line's own heading is not in its own path.
    """
    spans = _line_spans(body)
    texts = [body[start:end] for start, end in spans]
    stack: list[tuple[float, str]] = []
    lines: list[Line] = []
    for i, (start, end) in enumerate(spans):
        number = _NUMBER.match(texts[i])
        if number is None:
            title = _is_title_line(texts, i, lines)
            level: float = _title_level(texts, i, stack) if title else 99
            if title:
                _pop(stack, level)
            lines.append(Line(start, end, _path(stack), is_heading=title))
            if title:
                stack.append((level, texts[i]))
            continue
        level = _LEVELS[str(number.lastgroup)]
        _pop(stack, level)
        alone = _stands_alone(texts, i, number)
        opening = None if alone else _opening(texts[i], number, start, int(level))
        lines.append(Line(start, end, _path(stack), is_heading=alone, opening=opening))
        if alone:
            stack.append((level, texts[i].rstrip("。")))
        elif opening:
            stack.append((level, opening.text))
    return lines


def _line_spans(body: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for line in body.split("\n"):
        kept = line.strip(_BLANK)
        if kept:
            first = start + line.index(kept[0])
            spans.append((first, first + len(kept)))
        start += len(line) + 1
    return spans


def _pop(stack: list[tuple[float, str]], level: float) -> None:
    while stack and stack[-1][0] >= level:
        stack.pop()


def _path(stack: list[tuple[float, str]]) -> tuple[str, ...]:
    return tuple(text for _, text in stack)


def _stands_alone(texts: list[str], i: int, number: re.Match[str]) -> bool:
    """Whether the numbered line is a heading and nothing else."""
    text = texts[i]
    if len(text) > MAX_HEADING or number.end() == len(text):
        return False
    if number.lastgroup in ("part", "chapter", "section"):
        return True
    if number.lastgroup in ("article", "dash", "four") or _glued(text, number.end()):
        return False
    if text[-1] not in _END_MARKS:
        return len(text) < MIN_BROKEN_ITEM or not ("，" in text or "," in text) or not _is_broken(texts, i)
    return _is_closed_heading(texts, i, number)


def _is_broken(texts: list[str], i: int) -> bool:
    """Whether the line looks like one of a paragraph cut at a fixed width: the next is no longer and no new item."""
    if i + 1 == len(texts):
        return False
    following = texts[i + 1]
    if following.startswith(texts[i]) or _NUMBER.match(following):
        return False
    return len(following) <= BROKEN_RATIO * len(texts[i])


def _is_closed_heading(texts: list[str], i: int, number: re.Match[str]) -> bool:
    """A heading written with a full stop: text of its own follows, and it is no item of a list."""
    text = texts[i]
    stop = _STOP.search(text, number.end())
    if text[-1] != "。" or stop is None or stop.end() != len(text) or len(text) > MAX_CLOSED_HEADING:
        return False
    if i + 1 == len(texts) or (i and _level(texts[i - 1]) == _level(text) and _is_item(texts[i - 1])):
        return False
    following = _level(texts[i + 1])
    return following is None or following > _LEVELS[str(number.lastgroup)]


def _is_item(text: str) -> bool:
    stop = _STOP.search(text)
    return stop is not None and stop.end() == len(text)


def _level(text: str) -> int | None:
    number = _NUMBER.match(text)
    return None if number is None else _LEVELS[str(number.lastgroup)]


def _glued(text: str, start: int) -> re.Match[str] | None:
    """Title of a line whose text was glued to it, else None."""
    return _GLUED_NAME.match(text, start) or _GLUED_ONSET.match(text, start)


def _opening(text: str, number: re.Match[str], offset: int, level: int) -> Heading | None:
    """Heading that opens a longer line: up to its full stop, or the title the text is glued to."""
    if number.lastgroup == "article":
        end = number.end(0) - len(number.group()) + len(number.group().strip())
        return Heading(level, text[:end], offset, offset + end)
    stop = _STOP.search(text, number.end())
    first = stop.start() if stop else len(text)
    glued = _glued(text, number.end())
    if glued and glued.end() < first:
        return Heading(level, text[: glued.end()], offset, offset + glued.end())
    if stop is None or stop.end() == len(text) or first > MAX_OPENING or number.end() == first:
        return None
    return Heading(level, text[:first], offset, offset + first)


def _is_title_line(texts: list[str], i: int, lines: list[Line]) -> bool:
    """An unnumbered short line without a stop between complete paragraphs."""
    text = texts[i]
    if not 2 <= len(text) <= MAX_TITLE_LINE or text[-1] in _END_MARKS or _NOT_TITLE.search(text):
        return False
    if i + 1 == len(texts):
        return False
    if _STOP.search(text) or (len(text) >= MIN_BROKEN and _is_broken(texts, i)):
        return False
    before_complete = i == 0 or lines[i - 1].is_heading or texts[i - 1][-1] in "。！？；：:!?…）)”》."
    after = texts[i + 1]
    return before_complete and (len(after) > len(text) or _NUMBER.match(after) is not None)


def _title_level(texts: list[str], i: int, stack: list[tuple[float, str]]) -> float:
    """Level of an unnumbered title: over the numbering that starts below it, else under everything open."""
    if _FIRST.match(texts[i + 1]):
        below = _level(texts[i + 1])
        return (below or 1) - 0.5
    open_titles = [level for level, _ in stack if level % 1 and level > INNERMOST]
    if open_titles:
        return open_titles[-1]
    return INNERMOST + 0.5
