"""One page that strings documents together becomes parts 1..n; one document with headings stays one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from policy_corpus.clean.byline import is_byline
from policy_corpus.clean.lines import ENUMERATOR, Line, ends_sentence, letters
from policy_corpus.clean.titles import GENRE, repeated_below, same_words, title_like

MIN_PIECE = 100
"""Letters a document in a row must have; shorter pieces belong to the one before."""
MIN_NUMBERED_PIECE = 200
"""The same for pieces marked by a number alone (篇二, （二）), which sections may bear too."""
MIN_ANNOUNCED_PIECE = 40
"""The same where the page's title announces how many there are and as many are found."""
MIN_TITLE = 10
"""Letters of a title in mid-page; shorter lines are headings."""

_NUMBERS = {c: i for i, c in enumerate("一二三四五六七八九", 1)}
_PIECE = re.compile(
    r"(?:^|[\u4e00-\u9fff》）)\s:：【])(?:第\s*([一二三四五六七八九十\d]{1,3})\s*篇|(?:篇|范文|之"
    r"|例)\s*([一二三四五六七八九十\d]{1,3})(?!\d)"
    r"|[（(](?:篇)?([一二三四五六七八九十\d]{1,3})[）)]$)"
)
_LISTED = re.compile(r"^(\d{1,2})\s*[.．、]\s*(?=[\u4e00-\u9fff])")
_COLLECTION = re.compile(
    r"汇编|合集|大全|集锦|汇总|精选|[（(]?(?:共|通用|精选|最新)?\s*[\d一二三四五六七八九十]+\s*篇[）)]?"
)
_ANNOUNCED = re.compile(
    r"[（(](?:共|精选|通用|最新|热门|合集|优秀|推荐)*\s*([\d一二三四五六七八九十]{1,3})\s*篇[）)]"
)
_OFFICIAL_TITLE = re.compile(
    r"[\u4e00-\u9fff、]{2,40}(?:政府|办公[室厅]|[厅局委部]|委员会)\s*(?:关于|印发|转发).{4,80}(?:意见"
    r"|通知|办法|方案|规定|函|细则|决定|批复)$"
)
_NUMBER_OR_ADDRESSEE = re.compile(r"[（(]?[\u4e00-\u9fff]{2,14}[〔\[（(](?:19|20)\d\d|各[^。]{2,90}[:：]$")
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
    starts = _announced_starts(lines, page_title)
    starts = starts or _title_starts(lines, page_title) or _numbered_starts(lines, page_title)
    if not starts:
        return [Piece(tuple(lines), page_title)]
    bounds = [0, *starts, len(lines)]
    out = []
    for number, (start, end) in enumerate(pairwise(bounds)):
        part = tuple(lines[start:end])
        if not number and _size(part) < MIN_PIECE:
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


def _size(lines: Sequence[Line]) -> int:
    return sum(len(letters(x.norm)) for x in lines)


def _title_starts(lines: Sequence[Line], page_title: str | None) -> list[int]:
    """Places where a title stands in mid-page.

    Sure: its words open the next line too, or a line of author and source follows. Where two of these
    are found, lines that end in a genre word (方案, 总结, 的思考) open a document as well.
    """
    sure: list[int] = []
    repeated: list[int] = []
    likely: list[int] = []
    for place in range(1, len(lines)):
        norm = lines[place].norm
        if lines[place].block.role in {"table_row", "list_item"} or not title_like(norm):
            continue
        if len(letters(norm)) < MIN_TITLE or norm.count("，") + norm.count(",") > 2:
            continue
        before = lines[place - 1].norm
        genre = GENRE.search(norm) is not None
        if _opens_notice(lines, place):
            sure.append(place)
        elif repeated_below(lines, place):
            if genre or lines[place].block.role != "heading":  # marked-up headings open sections
                (sure if genre else repeated).append(place)
        elif _has_byline(lines, place) and ends_sentence(before) and (genre or place > 3):
            sure.append(place)
        elif genre or (page_title and letters(norm) == letters(page_title)):
            likely.append(place)
    if len(repeated) + len(sure) >= 2:  # a caption may repeat once, titles repeat all along a page
        sure = sorted(sure + repeated)
    if page_title and sure and sure[0] <= 2:  # the page's own title, repeated on the next lines
        sure = [p for p in sure if p > 2 or not same_words(lines[p].norm, page_title)]
    opens = letters("".join(x.norm for x in lines[:2]))
    first = bool(page_title) and letters(page_title or "") in opens[: len(letters(page_title or "")) + 6]
    starts = sorted({*sure, *likely}) if len(sure) + first >= 2 and sure else sure
    return _wide_enough(lines, _not_attached(lines, starts, page_title, set(sure)))


def _opens_notice(lines: Sequence[Line], place: int) -> bool:
    """Whether an official document begins: a body's name with 关于, its number or its addressees below."""
    if not _OFFICIAL_TITLE.match(lines[place].norm):
        return False
    return any(_NUMBER_OR_ADDRESSEE.match(x.norm) for x in lines[place + 1 : place + 5])


def _has_byline(lines: Sequence[Line], place: int) -> bool:
    below = lines[place + 1].norm if place + 1 < len(lines) else ""
    return is_byline(below) and re.search(r"作者|来源|记者|发布|稿源|时间", below) is not None


def _not_attached(
    lines: Sequence[Line], starts: list[int], page_title: str | None, sure: set[int]
) -> list[int]:
    """Starts without the titles of what a notice issues: 关于印发《…方案》的通知 and then the plan."""
    kept: list[int] = []
    for place in starts:
        first = kept[-1] if kept else 0
        title = (page_title or "") if not kept else lines[first].norm
        named = letters(title) + "".join(letters(x.norm) for x in lines[first:place] if "《" in x.norm)
        own = letters(lines[place].norm)
        notice = _NOTICE.search(title) is not None
        forwards = "转发" in title
        other_body = place in sure and not forwards and _opens_notice(lines, place)
        if notice and not other_body and (place not in sure or _overlap(own, named) >= 0.8):
            continue
        if len(sure) < 3 and same_words(lines[place].norm, title):
            continue
        kept.append(place)
    return kept


def _overlap(own: str, named: str) -> float:
    pairs = {own[i : i + 2] for i in range(len(own) - 1)}
    return sum(pair in named for pair in pairs) / max(1, len(pairs))


def _wide_enough(lines: Sequence[Line], starts: list[int], least: int = MIN_PIECE) -> list[int]:
    """Starts whose document is long enough; the rest stay with the document before."""
    kept = []
    for number, place in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(lines)
        if _size(lines[place:end]) >= least:
            kept.append(place)
    if len(kept) == 1 and _size(lines[: kept[0]]) < least:  # the page's only text with its title above it
        return []
    return kept


def _announced_starts(lines: Sequence[Line], page_title: str | None) -> list[int]:
    """Places of the titles on a page that announces how many texts it holds: （精选6篇）.

    The count makes sure: as many lines stand apart from the text, by number (篇二) or by white space.
    """
    match = _ANNOUNCED.search(page_title or "")
    wanted = _number(match[1]) if match else 0
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
    for places in (numbered, apart):
        starts = _wide_enough(lines, places, MIN_ANNOUNCED_PIECE)
        if len(starts) == wanted:
            return starts
    return []


def _numbered_starts(lines: Sequence[Line], page_title: str | None) -> list[int]:
    """Places of 篇一, 第二篇, （三） and, in collections, of 1.区教育局年度总结."""
    for pattern, collection_only in ((_PIECE, False), (_LISTED, True)):
        if collection_only and not (page_title and _COLLECTION.search(page_title)):
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
        starts = _wide_enough(lines, _in_sequence(lines, marks), MIN_NUMBERED_PIECE)
        if len(starts) >= 2 or (starts and starts[0] and _size(lines[: starts[0]]) >= MIN_NUMBERED_PIECE):
            return starts
    return []


def _in_sequence(lines: Sequence[Line], marks: list[tuple[int, int]]) -> list[int]:
    """Places of 1, 2, 3 …, taking for each number the last place before much text follows (not the contents)."""
    wide = [
        (number, place)
        for i, (number, place) in enumerate(marks)
        if _size(lines[place : marks[i + 1][1] if i + 1 < len(marks) else len(lines)]) >= MIN_NUMBERED_PIECE
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
