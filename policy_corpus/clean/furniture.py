"""Which lines of a page are furniture, and why: navigation, share bars, related articles, legal notices, spam.

Rules name classes of phrases, never a site. A line is judged alone first, then in the sequence:
what follows 相关文章 goes until body-like text resumes, what stands above the title or below the text's
end mark goes unless it reads like body.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from policy_corpus.clean.byline import LINES_KEPT, is_box_line, is_byline, is_editor_line, labelled, lone_key
from policy_corpus.clean.formats.html_words import is_page_tool
from policy_corpus.clean.furniture_phrases import (
    COMMENT_BOX,
    END_MARKS,
    LEGAL_HEAD,
    LEGAL_PHRASES,
    LEGAL_SURE,
    NO_TEXT,
    RULES,
    SECTIONS,
    SHOP_LONG,
    STATEMENT,
)
from policy_corpus.clean.lines import Line, ends_sentence, han_count, letters
from policy_corpus.clean.walls import wall

BODY_LENGTH = 30
"""Characters from which a line with sentence marks counts as body-like (shortest lead in the seeds: 38)."""
CONTENTS_LINES = 3
"""Lines from which headings with page numbers are a table of contents."""
RESUME_LENGTH = 60
"""Characters of each of the two paragraphs that end a section of related articles."""

LINKS_IN_A_ROW = 3
"""Lines of a name and a date that make a list of other texts."""

_SHORT = 60
_LONGEST_NOTICE = 200
_DATED_NAME = re.compile(
    r"^[·•\s]{0,9}(?:[^。；]{6,50}?[\s\[(（]{0,9}(?:(?:19|20)\d{2}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])）\s]*+"
    r"|[\[(（]?(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}[\])）]?\s?(?![\d\s])[^。；：:]{6,50})$"
)
_SUMMARY = re.compile(r"^[\[【]?(?:内容|文章)?(?:摘要|提要|导读|核心提示|导语|简介)[\]】]?\s*[:：]\s*")

_SECTION_TAIL = re.compile(r"^(?:全部|更多|换一[换批]|more|[\d()（）条\s]{1,8})$", re.IGNORECASE)
_CONTENTS = re.compile(
    r"^(?:第[一二三四五六七八九十]{1,3}[章节部]|[一二三四五六七八九十]{1,3}、"
    r"|（[一二三四五六七八九十]{1,3}）|\d{1,2}(?:\.\d{1,2}){0,3}[、.]?)"
    r"\s*[\u4e00-\u9fff][^。；，\d]{1,40}?[\s.…·．]*(\d{1,3})$"
)
_NEUTRAL = re.compile(r"^(?:[大中小]|[\d\s.,:：|｜/\\+\-_=*#>＞<•·]{1,16})$")
_ATTACHMENT = re.compile(
    r"^附\s*+件?\s*+[:：\d一二三四五六七八九十（(]|^附\s*[:：]|\.(?:docx?|xlsx?|pdf|wps|et)\b", re.IGNORECASE
)
_CONTENT_TAIL = re.compile(r"(?:[。！？]|[)）】]|日|局|厅|府|室|委|会|部|校|组)$")
_SERIAL = re.compile(r"^\s*(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*$")


def body_like(norm: str) -> bool:
    """Whether a line reads like running text: long enough, with sentence marks."""
    return len(norm) >= BODY_LENGTH and _body_like(norm)


@lru_cache(maxsize=LINES_KEPT)
def _body_like(norm: str) -> bool:
    marks = sum(norm.count(m) for m in "。！？；，,")
    return marks >= 1 and han_count(norm) >= len(norm) * 0.4 and (ends_sentence(norm) or marks >= 2)


@lru_cache(maxsize=LINES_KEPT)
def reason_alone(norm: str, in_table: bool = False) -> str | None:
    """Why a line is furniture judged by itself, or None."""
    size = len(norm)
    if not in_table and (found := wall(norm)):
        return found
    for reason, limit, pattern in RULES:
        if size <= limit and pattern.search(norm) and not _is_text(norm, reason):
            return reason
    if is_editor_line(norm):
        return "editor line"
    if not in_table and not body_like(norm) and is_page_tool(norm):
        return "page tools"
    hits = len(set(LEGAL_PHRASES.findall(norm)))
    if hits >= 3 and hits * 45 >= size and LEGAL_SURE.search(norm):
        return "legal notice"
    if LEGAL_HEAD.match(norm) and (size <= 20 or hits >= 2):
        return "legal notice"
    if size <= _LONGEST_NOTICE and STATEMENT.search(norm):
        return "legal notice"
    if size <= _SHORT and COMMENT_BOX.match(norm):
        return "comments"
    return "document shop" if len(SHOP_LONG.findall(norm)) >= 1 and hits >= 1 else None


def _is_text(norm: str, reason: str) -> bool:
    """Whether a line with such a phrase reads like a sentence of a text and holds no phrase that none has."""
    if reason in {"navigation", "picture name", "neighbouring article", "English notice"}:
        return False
    return body_like(norm) and NO_TEXT.search(norm) is None


def reasons(lines: Sequence[Line], title: int | None) -> list[str | None]:
    """For each line the reason why it is dropped, or None for a line to keep.

    Parameters
    ----------
    lines
        The page, in order.
    title
        Index of the page's title line where one was found.
    """
    found = [reason_alone(x.norm, x.block.role == "table_row") for x in lines]
    if title is not None:
        found[title] = None
    _mark_box(lines, found)
    _mark_contents(lines, found)
    _mark_sections(lines, found, title)
    _mark_head(lines, found, title)
    _mark_tail(lines, found)
    _mark_link_lists(lines, found, title)
    _mark_leads(lines, found, title)
    _mark_neutral(lines, found, title)
    return found


def _mark_box(lines: Sequence[Line], found: list[str | None]) -> None:
    """The metadata box of a government notice; its values are read elsewhere."""
    first = next((i for i, x in enumerate(lines) if found[i] is None and body_like(x.norm)), len(lines))
    place = 0
    while place < first:
        norm = lines[place].norm
        key = lone_key(norm)
        if is_box_line(norm) or key in {"box", "issuer", "number", "written"}:
            found[place] = "metadata box"
            follows = place + 1 < first and len(lines[place + 1].norm) <= _SHORT
            if (
                key
                and follows
                and not lone_key(lines[place + 1].norm)
                and not is_box_line(lines[place + 1].norm)
            ):
                place += 1
                found[place] = "metadata box"
        place += 1


def _mark_contents(lines: Sequence[Line], found: list[str | None]) -> None:
    """A table of contents: three headings or more in a row that end in rising page numbers (1.1 规划背景4)."""
    run: list[int] = []
    last = 0
    for place in range(len(lines) + 1):
        match = _CONTENTS.match(lines[place].norm) if place < len(lines) else None
        page = int(match[1]) if match else -1
        if match and page >= last and lines[place].block.role != "table_row":
            run.append(place)
            last = page
            continue
        if len(run) >= CONTENTS_LINES:
            for i in run:
                found[i] = found[i] or "table of contents"
        run, last = ([place], page) if match else ([], 0)


def _mark_sections(lines: Sequence[Line], found: list[str | None], title: int | None) -> None:
    """What follows a heading such as 相关文章, 为您推荐 or 免责声明, until body-like text resumes."""
    place = 0
    text_seen = False
    while place < len(lines):
        norm = lines[place].norm
        text_seen = text_seen or (found[place] is None and body_like(norm))
        kind = _section(norm) if place != title else None
        if kind is None and text_seen and len(norm) <= _SHORT and END_MARKS.search(norm):
            kind = "below the text", False
        if kind is None:
            place += 1
            continue
        reason, inline = kind
        found[place] = reason
        place += 1
        while place < len(lines) and place != title and not _resumes(lines, found, place, inline):
            found[place] = found[place] or reason
            place += 1


def _section(norm: str) -> tuple[str, bool] | None:
    """Reason of the section a line opens, and whether the line already holds its content."""
    if LEGAL_HEAD.match(norm) and len(norm) <= 24:
        return "legal notice", False
    match = SECTIONS.match(norm)
    if not match:
        return None
    head, rest = match["head"], match["rest"].strip(" :：】]>＞»…")
    marked = match["rest"].lstrip()[:1] in {":", "：", "】", "]", ">", "＞", "»"}
    if rest and not marked and not _SECTION_TAIL.match(rest):
        return None
    if "。" in rest:
        return None
    reason = "comments" if "评论" in head or "留言" in head else "related articles"
    return reason, bool(rest)


def _resumes(lines: Sequence[Line], found: Sequence[str | None], place: int, inline: bool) -> bool:
    """Whether the text goes on here: two whole paragraphs in a row, one behind an inline link."""
    wanted = 1 if inline else 2
    for step in range(wanted):
        at = place + step
        if at >= len(lines) or found[at] is not None:
            return False
        norm = lines[at].norm
        cut_off = norm.endswith(("...", "…", "......"))
        if len(norm) < RESUME_LENGTH or not ends_sentence(norm) or cut_off or norm[:1] in "•·-①②③④⑤":
            return False
    after = lines[place + wanted].norm if place + wanted < len(lines) else ""
    return _SERIAL.match(after) is None


def _mark_head(lines: Sequence[Line], found: list[str | None], title: int | None) -> None:
    """What stands above the title and does not read like body."""
    if not title:
        return
    for place in range(title):
        if found[place] is None and not body_like(lines[place].norm):
            found[place] = "above the title"


def _mark_tail(lines: Sequence[Line], found: list[str | None]) -> None:
    """What stands below the text once furniture or the article's own source line has closed it."""
    body = [i for i, x in enumerate(lines) if found[i] is None and body_like(x.norm)]
    if not body:
        return
    closed = False
    for place in range(body[-1] + 1, len(lines)):
        norm = lines[place].norm
        sentence = ends_sentence(norm) and len(norm) >= 12
        stays = sentence or _ATTACHMENT.search(norm) or is_byline(norm)
        if closed and found[place] is None and not stays:
            found[place] = "below the text"
        if found[place] not in {None, "page number", "picture name"} or (
            found[place] is None and is_byline(norm) and re.search(r"来源|编辑|稿源|供稿|发布", norm)
        ):
            closed = True


def _mark_link_lists(lines: Sequence[Line], found: list[str | None], title: int | None) -> None:
    """Names of other texts with their dates, several in a row above or below the text."""
    body = [i for i, x in enumerate(lines) if found[i] is None and body_like(x.norm)]
    if not body:
        return
    run: list[int] = []
    for place in range(len(lines) + 1):
        outside = place < len(lines) and place != title and not body[0] < place < body[-1]
        if outside and found[place] is None and _is_dated_name(lines[place].norm):
            run.append(place)
            continue
        if len(run) >= LINKS_IN_A_ROW:
            for number in run:
                found[number] = "related articles"
        run = []


def _is_dated_name(norm: str) -> bool:
    return _DATED_NAME.match(norm) is not None and not labelled(norm)


def _mark_leads(lines: Sequence[Line], found: list[str | None], title: int | None) -> None:
    """A summary or cut lead whose words the next lines say again."""
    for place, line in enumerate(lines):
        if found[place] is not None or place == title:
            continue
        if not _SUMMARY.match(line.norm) and not line.norm.endswith(("...", "…")):
            continue
        own = letters(_SUMMARY.sub("", line.norm))
        below = "\n".join(letters(x.norm) for x in lines[place + 1 : place + 4])
        if len(own) >= BODY_LENGTH and own[: len(own) - 2] in below:
            found[place] = "doubled lead"


def _mark_neutral(lines: Sequence[Line], found: list[str | None], title: int | None) -> None:
    """Bare numbers and marks go with the furniture they stand beside (the 0 above 分享至)."""
    for place, line in enumerate(lines):
        if (
            found[place] is None
            and place != title
            and _NEUTRAL.match(line.norm)
            and line.block.role != "table_row"
        ):
            before = found[place - 1] if place else "start"
            after = found[place + 1] if place + 1 < len(lines) else "end"
            if {before, after} - {None, "page number", "picture name"}:
                found[place] = "bare number"
