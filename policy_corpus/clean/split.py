"""One page that strings documents together becomes parts 1..n; one document with headings stays one."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from policy_corpus.clean.furniture import body_like
from policy_corpus.clean.lines import ENUMERATOR, Line, ends_sentence, letters
from policy_corpus.clean.openings import (
    MIN_NEWS_TITLE,
    Numbering,
    closed_before,
    is_attached,
    is_news_title,
    is_notice_title,
    is_whole_paper,
    listed_titles,
    numbering_restarts,
    opens_numbering,
)
from policy_corpus.clean.titles import COLLECTION, GENRE, repeated_below, same_words, title_like

MIN_PIECE = 100
"""Letters a document in a row must have; shorter pieces belong to the one before."""
MIN_NUMBERED_PIECE = 200
"""The same for pieces marked by a number alone (篇二, （二）), which sections may bear too."""
MIN_ANNOUNCED_PIECE = 40
"""The same where the page's title announces how many there are and as many are found."""
MIN_REPEATED = 8
"""Letters of a title that the text below it repeats."""
MIN_TITLE = 10
"""Letters of a title in mid-page; shorter lines are headings."""

QUOTED = 20_000
"""Letters of the lines above a title that are held against it, those next to it."""
_HEAD = 4
"""Lines at the page's head among which the first text's title may stand."""
_NUMBERS = {c: i for i, c in enumerate("一二三四五六七八九", 1)}
_PIECE = re.compile(
    r"(?:^|[\u4e00-\u9fff》）)\s:：【])(?:第\s*([一二三四五六七八九十\d]{1,3})\s*篇|(?:篇|范文|之"
    r"|例)\s*([一二三四五六七八九十\d]{1,3})(?!\d)"
    r"|[（(](?:篇)?([一二三四五六七八九十\d]{1,3})[）)]$)"
)
_LISTED = re.compile(r"^(\d{1,2})\s*[.．、]\s*(?=[\u4e00-\u9fff])")
_ANNOUNCED = re.compile(
    r"[（(](?:共|精选|通用|最新|热门|合集|优秀|推荐)*\s*([\d一二三四五六七八九十]{1,3})\s*篇[）)]"
    r"|([\d一二三四五六七八九十]{1,3})篇$"
)
_BULLETIN = re.compile(r"简报|专刊|第\s*\d+\s*期")
_OFFICIAL_TITLE = re.compile(
    r"[\u4e00-\u9fff、]{2,40}(?:政府|办公[室厅]|[厅局委部]|委员会)\s*(?:关于|印发|转发).{4,80}(?:意见"
    r"|通知|办法|方案|规定|函|细则|决定|批复)$"
)
_NUMBER_OR_ADDRESSEE = re.compile(r"[（(]?[\u4e00-\u9fff]{2,14}[〔\[（(](?:19|20)\d\d|各[^。]{2,90}[:：]$")
_NAME = re.compile(r"[院局厅馆社区县市镇乡村州省部室]$|(?:中心|公司|集团|学院|大学|[小中]学|委员会|协会)$")
_NOTICE = re.compile(r"印发|转发|通知|下发|公布")


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of one document; ``opens_with_title`` says that its title is still among them."""

    lines: tuple[Line, ...]
    title: str | None
    opens_with_title: bool = False


def pieces(lines: Sequence[Line], page_title: str | None) -> list[Piece]:
    """Documents of a page, in order.

    Parameters
    ----------
    lines
        Kept lines, title line included.
    page_title
        The page's title; the first piece bears it unless it consists of nothing else.
    """
    starts = _announced_starts(lines, page_title) or _listed_starts(lines, page_title)
    starts = starts or _title_starts(lines, page_title) or _numbered_starts(lines, page_title)
    if not starts:
        return [Piece(tuple(lines), page_title)]
    bounds = [0, *starts, len(lines)]
    out = []
    for number, (start, end) in enumerate(pairwise(bounds)):
        part = tuple(lines[start:end])
        if not number and (not _holds(part, MIN_PIECE) or not any(body_like(x.norm) for x in part)):
            continue
        title = _piece_title(part[0].text, page_title) if number else page_title
        out.append(Piece(part, title, number > 0))
    return out


def lead_lines(lines: Sequence[Line], found: Sequence[Piece]) -> list[Line]:
    """Lines before the first piece: the title of a collection."""
    first = found[0].lines[0]
    return list(lines[: next(i for i, x in enumerate(lines) if x is first)])


def _piece_title(text: str, page_title: str | None) -> str:
    bare = re.sub(
        r"^[\W_]*(?:第?[一二三四五六七八九十\d]{1,3}篇|篇[一二三四五六七八九十\d]{1,3}"
        r"|\d{1,2}[.．、])[\s:：】]*",
        "",
        text,
    )
    if len(letters(bare)) < 4 and page_title:
        return f"{page_title} {text}"
    return bare or text


def _holds(lines: Iterable[Line], least: int) -> bool:
    """Whether some lines have so many letters together."""
    for line in lines:
        least -= len(letters(line.norm, max(1, least)))
        if least <= 0:
            return True
    return least <= 0


def _title_starts(lines: Sequence[Line], page_title: str | None) -> list[int]:
    """Places where a title stands in mid-page.

    Sure: its words open the next line too, or the numbering of sections begins again below it. Where two of
    these are found, lines that end in a genre word (方案, 总结, 的思考) open a document as well. Marked: a source
    line, a dateline or a document number follows, or it is worded as the title of an official paper.
    """
    sure: list[int] = []
    repeated: list[int] = []
    likely: list[int] = []
    counted: list[int] = []
    restarted: list[int] = []
    marked: list[int] = []
    first_text = next((i for i, x in enumerate(lines) if body_like(x.norm)), len(lines))
    numbering = Numbering(lines)
    for place in range(1, len(lines)):
        norm = lines[place].norm
        if lines[place].block.role in {"table_row", "list_item"} or not title_like(norm):
            continue
        if len(letters(norm)) < MIN_NEWS_TITLE or norm.count("，") + norm.count(",") > 2:
            continue
        genre = GENRE.search(norm) is not None
        if _opens_notice(lines, place):
            sure.append(place)
            continue
        closed = closed_before(lines, place, first_text) and not is_attached(lines, place)
        if closed and is_news_title(lines, place) and place > 1:
            (sure if genre else marked).append(place)
        elif len(letters(norm)) < MIN_REPEATED:
            continue
        elif repeated_below(lines, place):
            short_name = len(letters(norm)) < MIN_TITLE and _NAME.search(norm)
            section = lines[place].block.role == "heading" or short_name
            if genre or not section:  # marked-up headings and names of bodies open sections
                (sure if genre else repeated).append(place)
        elif closed and is_notice_title(lines, place):
            marked.append(place)
        elif closed and numbering_restarts(
            lines, place, max(_last(sure), _last(repeated), _last(counted)), numbering
        ):
            if not _is_half(norm, page_title):
                (counted if is_whole_paper(norm) else restarted).append(place)
        elif closed and not genre and opens_numbering(lines, place):
            restarted.append(place)
        elif len(letters(norm)) < MIN_TITLE:
            continue
        elif genre or (page_title and letters(norm) == letters(page_title)):
            likely.append(place)
    if len(counted) >= 2 or sure:
        sure = sorted(sure + counted)
    if len(repeated) + len(sure) >= 3:  # a page of many texts: what begins a numbering opens one, too
        repeated = sorted(repeated + restarted)
    if len(repeated) + len(sure) >= 2:  # a caption may repeat once, titles repeat all along a page
        sure = sorted(sure + repeated)
    if page_title and sure and sure[0] <= 2:  # the page's own title, repeated on the next lines
        sure = [p for p in sure if p > 2 or not same_words(lines[p].norm, page_title)]
    opens = letters("".join(x.norm for x in lines[:2]))
    first = bool(page_title) and letters(page_title or "") in opens[: len(letters(page_title or "")) + 6]
    starts = {*sure, *likely} if len(sure) + first >= 2 and sure else {*sure}
    starts |= {*marked}
    if starts:
        starts |= {*_first_title(lines, min(starts), page_title)}
    kept = _not_attached(lines, sorted(starts), page_title, {*sure, *marked}, counted)
    return _wide_enough(lines, kept, short=frozenset(marked))


def _last(places: Sequence[int]) -> int:
    return places[-1] if places else 0


def _opens_notice(lines: Sequence[Line], place: int) -> bool:
    """Whether an official document begins: a body's name with 关于, its number or its addressees below."""
    if not _OFFICIAL_TITLE.match(lines[place].norm):
        return False
    return any(_NUMBER_OR_ADDRESSEE.match(x.norm) for x in lines[place + 1 : place + 5])


def _first_title(lines: Sequence[Line], end: int, page_title: str | None) -> list[int]:
    """Place of the first text's own title on a page of several, where another title stands above it."""
    for place in range(min(_HEAD, end)):
        norm = lines[place].norm
        if body_like(norm):
            break
        other = title_like(norm) and not (page_title and same_words(norm, page_title))
        if other and (is_news_title(lines, place) or repeated_below(lines, place)):
            return [place]
    return []


def _is_half(norm: str, page_title: str | None) -> bool:
    """Whether a line names one half of what the page's title joins: 2021年工作总结和2022年工作打算."""
    own, title = letters(norm), letters(page_title or "")
    joined = re.search(r"和|及|暨|与", page_title or "") is not None
    return joined and len(own) < len(title) and _overlap(own, title) >= 0.8


def _not_attached(
    lines: Sequence[Line], starts: list[int], page_title: str | None, sure: set[int], counted: Collection[int]
) -> list[int]:
    """Starts without the titles of what a notice issues: 关于印发《…方案》的通知 and then the plan."""
    kept: list[int] = []
    read, quoted = 0, ""
    for place in starts:
        first = kept[-1] if kept else 0
        title = (page_title or "") if not kept else lines[first].norm
        if read < first:
            read, quoted = first, ""
        quoted += "".join(letters(x.norm) for x in lines[read:place] if "《" in x.norm)
        quoted, read = quoted[-QUOTED:], place
        named = letters(title) + quoted
        own = letters(lines[place].norm)
        notice = _NOTICE.search(title) is not None
        forwards = "转发" in title
        other_body = place in sure and not forwards and _opens_notice(lines, place)
        if notice and not other_body and (place not in sure or _overlap(own, named) >= 0.8):
            continue
        if notice and place in counted:  # a notice may issue several plans
            continue
        if len(sure) < 3 and same_words(lines[place].norm, title):
            continue
        kept.append(place)
    return kept


def _overlap(own: str, named: str) -> float:
    pairs = {own[i : i + 2] for i in range(len(own) - 1)}
    return sum(pair in named for pair in pairs) / max(1, len(pairs))


def _wide_enough(
    lines: Sequence[Line], starts: list[int], least: int = MIN_PIECE, short: frozenset[int] = frozenset()
) -> list[int]:
    """Starts whose document is long enough; the rest stay with the document before.

    ``short`` are starts known by what follows them: their documents may be as short as announced ones.
    """
    kept = []
    for number, place in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(lines)
        brief = place in short and _holds(lines[place + 1 : end], MIN_ANNOUNCED_PIECE)
        if brief or _holds(lines[place:end], least):
            kept.append(place)
    if len(kept) == 1 and not _holds(lines[: kept[0]], least):  # the page's only text with its title above it
        return []
    return kept


def _listed_starts(lines: Sequence[Line], page_title: str | None) -> list[int]:
    """Places of the titles in the contents list of a collection or bulletin."""
    places = listed_titles(lines)
    head = " ".join([page_title or "", *(x.norm for x in lines[:4])])
    if (COLLECTION.search(head) or _BULLETIN.search(head)) or all(
        GENRE.search(lines[p].norm) for p in places
    ):
        return _wide_enough(lines, places)
    return []


def _announced_starts(lines: Sequence[Line], page_title: str | None) -> list[int]:
    """Places of the titles on a page that announces how many texts it holds: （精选6篇）.

    The count makes sure: as many lines stand apart from the text, by number (篇二) or by white space.
    """
    match = _ANNOUNCED.search(page_title or "")
    wanted = _number(match[1] or match[2]) if match else 0
    if wanted < 2:
        return []
    numbered = [
        i
        for i, x in enumerate(lines)
        if _PIECE.search(x.norm) and len(x.norm) <= 60 and not ENUMERATOR.match(x.norm)
    ]
    apart = [
        i
        for i, x in enumerate(lines)
        if x.set_apart
        and not x.indented
        and title_like(x.norm)
        and (i + 1 == len(lines) or lines[i + 1].set_apart)
        and not (i and title_like(lines[i - 1].norm) and not lines[i - 1].indented)
    ]
    genre = [i for i, x in enumerate(lines) if title_like(x.norm) and GENRE.search(x.norm)]
    opened = [
        i
        for i, x in enumerate(lines)
        if title_like(x.norm) and (not i or ends_sentence(lines[i - 1].norm)) and i + 1 < len(lines)
    ]
    for places in (numbered, apart, genre, opened):
        starts = _wide_enough(lines, places, MIN_ANNOUNCED_PIECE)
        if len(starts) == wanted:
            return starts
    return []


def _numbered_starts(lines: Sequence[Line], page_title: str | None) -> list[int]:
    """Places of 篇一, 第二篇, （三） and, in collections, of 1.区教育局年度总结."""
    for pattern, collection_only in ((_PIECE, False), (_LISTED, True)):
        if collection_only and not (page_title and COLLECTION.search(page_title)):
            continue
        marks: list[tuple[int, int]] = []
        for place, line in enumerate(lines):
            norm = line.norm
            match = (
                pattern.search(norm)
                if len(norm) <= 60 and not ends_sentence(norm) and "。" not in norm
                else None
            )
            if match is None or (ENUMERATOR.match(norm) and not collection_only):
                continue
            if collection_only and not GENRE.search(norm):
                continue
            if not collection_only and match[3] and not GENRE.search(norm):
                continue
            marks.append((_number(next(g for g in match.groups() if g)), place))
        least = MIN_PIECE if COLLECTION.search(page_title or "") else MIN_NUMBERED_PIECE
        starts = _wide_enough(lines, _in_sequence(lines, marks, least), least)
        if len(starts) >= 2 or (starts and starts[0] and _holds(lines[: starts[0]], least)):
            return starts
    return []


def _in_sequence(lines: Sequence[Line], marks: list[tuple[int, int]], least: int) -> list[int]:
    """Places of 1, 2, 3 …, taking for each number the last place before much text follows (not the contents)."""
    wide = [
        (number, place)
        for i, (number, place) in enumerate(marks)
        if _holds(lines[place : marks[i + 1][1] if i + 1 < len(marks) else len(lines)], least)
    ]
    wanted = wide[0][0] if wide and wide[0][0] <= 2 else 1
    out = []
    for number, place in wide:
        if number == wanted:
            out.append(place)
            wanted += 1
    return out


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _NUMBERS.get(text, 0)
    return _NUMBERS.get(tens, 1) * 10 + _NUMBERS.get(ones, 0)
