"""Issuer, document number, source and dates of one text, read from its lines and its page's hints."""

import re
from collections.abc import Sequence

from policy_corpus.clean.blocks import PageHints
from policy_corpus.clean.bounds import LONGEST_LINE
from policy_corpus.clean.byline import Facts, facts_of, is_byline
from policy_corpus.clean.dates import find_dates, first_full, iso_date
from policy_corpus.clean.lines import Line, han_count

HEAD = 14
"""Lines from the top in which a document bears its own number; further down it cites others."""
LEAD = 4
"""Body paragraphs in which the event of a news text is dated."""

CITED = 120
"""Characters before a date in which a cited title may open; titles have up to 90."""
_CITED = re.compile(r"(?:根据|按照|《[^《》]*|截至|截止|印发|〔)\s{0,20}\Z")

_ORGAN = (
    r"(?:人民政府|人民政府办公[室厅]|政府办公[室厅]|办公[室厅]|教育[局厅部]|教育委员会|教体局|教育体育局"
    r"|教育和体育局|教科[体文]?局|教育科技[和]?体育局|教委|委员会|国务院"
    r"|教育督导委员会|教育工作领导小组|领导小组"
    r"|中心校|中心学校|小学|中学|学校|学院|大学|幼儿园|[省市县区州]委|财政[局厅部]|人社局"
    r"|人力资源和社会保障[局厅部]|管理委员会|管委会|教育督导室|[局厅部委办院校])"
)
_NUMBER = re.compile(
    r"([\u4e00-\u9fff]{1,14}(?:[（(][\u4e00-\u9fff]{1,6}[）)])?)\s*[〔\[（(【﹝［]\s*((?:19"
    r"|20)\d{2})\s*+(?:年)?\s*+[〕\]）)】﹞］]?\s*+第?\s*+(\d{1,4})\s*号"
)
_BARE_NUMBER = re.compile(
    r"^[（(]?([\u4e00-\u9fff]{1,8}(?:发|函|字|办|规|文|教|政|通|令|督)[\u4e00-\u9fff]{0,3})\s*((?:19"
    r"|20)\d{2})\s*+[〕\]]?\s*+(\d{1,3})\s*号?[）)]?$"
)
_NUMBER_LINE = re.compile(r"^[（(【\[]?[\u4e00-\u9fff〔〕\[\]（）()【】﹝﹞［］\s\d]{5,36}号?[）)】\]]?$")
_SEAL_UNIT = re.compile(rf"^[\u4e00-\u9fff、·\s（）()]{{2,60}}{_ORGAN}[\s)）]*$")
_SEAL_LINE = re.compile(
    rf"^(?P<unit>[\u4e00-\u9fff、·\s（）()]{{2,50}}{_ORGAN})?[\s　]*"
    r"[（(]?(?P<date>[\d一二三四五六七八九十〇零○OＯ年月日./\s-]{6,22})[）)]?$"
)
_TITLE_ISSUER = re.compile(
    rf"^(?P<unit>[\u4e00-\u9fff、\s]{{2,44}}?{_ORGAN})\s*(?:等.{{1,8}}部门)?(?:关于|转发|印发)"
)
_SPEAKER = re.compile(r"我(?:谨|受?)?代表([\u4e00-\u9fff]{0,12}人民政府)")
_TAIL_SOURCE = re.compile(
    r"[（(]\s*(?:来源|供稿|据|摘自|稿源|信息来源)\s*+[:：]?\s*+([^（）()]{2,30})[）)]\s*$"
)


def facts(norms: Sequence[str], hints: PageHints | None) -> Facts:
    """Facts of the source lines and boxes among the given lines, completed by the page's markup."""
    found = facts_of(norms)
    if hints is None:
        return found
    return found.joined(Facts(source_unit=hints.source_unit, published=iso_date(hints.published)))


def document_number(title: str, lines: Sequence[Line], said: Facts) -> str | None:
    """文号 in the form 远政发〔2018〕2号, from the box, the title's end or a line of its own near the top."""
    if said.number and (number := _read_number(said.number)):
        return number
    for text in [title[-40:], *(x.norm for x in lines[:HEAD])]:
        own_line = _NUMBER_LINE.match(text.strip()) is not None
        if own_line and (number := _read_number(text)):
            return number
        match = re.search(r"[（(]([^（）()]{4,30}号)[）)]$", text)
        if (
            match
            and len(text) <= 100
            and not re.search(r"[。；]", text)
            and "《" not in text
            and (number := _read_number(match[1]))
        ):
            return number
    return None


def is_number_line(norm: str) -> bool:
    """Whether a line holds a document number and nothing else."""
    return _NUMBER_LINE.match(norm.strip()) is not None and _read_number(norm) is not None


def _read_number(text: str) -> str | None:
    text = text.strip(" \u3000（()【】")
    match = _NUMBER.search(text) or _BARE_NUMBER.match(text)
    if not match:
        return None
    return f"{match[1].strip()}〔{match[2]}〕{int(match[3])}号"


def seal(lines: Sequence[Line]) -> tuple[str | None, str | None]:
    """Issuing body and date of the seal: a body's name and a date, on two lines or on one.

    A notice that issues a plan is sealed in mid-text; the first seal counts.
    """
    for place, line in enumerate(lines):
        norm = line.norm
        if len(norm) > 80:
            continue
        match = _SEAL_LINE.match(norm)
        date = _seal_date(match["date"]) if match else None
        if not match or date is None:
            continue
        if match["unit"]:
            return _squeezed(match["unit"]), date
        before = lines[place - 1].norm if place else ""
        if _SEAL_UNIT.match(before) and len(before) <= 60:
            return _squeezed(before), date
        if place >= len(lines) - 3 or (place <= 3 and norm[:1] in "（("):
            return None, date
    return None, None


def _seal_date(text: str) -> str | None:
    if (value := first_full(text)) is not None:
        return value if len(value) == 10 else None
    match = re.match(r"^((?:19|20)\d{2})\s?(1[0-2]|[1-9])\s?(3[01]|[12]\d|[1-9])$", text.strip())
    if match and len(match[0].replace(" ", "")) == 6 and " " not in match[0]:
        return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if len(match[2]) == 1 else None
    return None


def issuer(title: str, lines: Sequence[Line], said: Facts, sealed: str | None) -> str | None:
    """Body that issued the text: from the box, the seal, the title or the speaker's words."""
    match = _TITLE_ISSUER.match(title)
    speaker = next((m[1] for x in lines[:12] if (m := _SPEAKER.search(x.norm))), None)
    first = match["unit"].strip() if match else None
    several = (
        first is not None and re.search(r"等.{1,8}部门", title) is not None
    )  # the seal ends with the last
    named = said.issuer or (first if several else None) or sealed or first
    if named:
        return named
    return speaker if speaker and len(speaker) > 5 else None


def source_unit(lines: Sequence[Line], said: Facts) -> str | None:
    """Where the text says it comes from."""
    if said.source_unit:
        return said.source_unit
    if unit := signed_above(lines):
        return unit
    for line in reversed(lines[-4:]):
        if match := _TAIL_SOURCE.search(line.norm):
            return match[1].strip()
    return None


def signed_above(lines: Sequence[Line]) -> str | None:
    """Body whose name alone opens the text, as reports of bureaus and schools are signed."""
    first = lines[0].norm if lines else ""
    return _squeezed(first) if len(first) <= 30 and _SEAL_UNIT.match(first) else None


def published(said: Facts, sealed: str | None) -> str | None:
    """Date of publication as printed: its label, a source line, the journal's issue, then the seal.

    ``sealed`` is None where the date below a title is that of a speech.
    """
    return said.published or said.undated_label or said.updated or said.issue or sealed or said.written


def event_date(lines: Sequence[Line]) -> str | None:
    """First date of the text's opening paragraphs, with a year only where one is printed."""
    seen = 0
    for line in lines:
        if is_byline(line.norm):
            continue
        for date in find_dates(line.norm[:LONGEST_LINE]):
            if not _CITED.search(line.norm, max(0, date.start - CITED), date.start):
                return date.value
        seen += han_count(line.norm) >= 30
        if seen >= LEAD:
            return None
    return None


def _squeezed(text: str) -> str:
    """A name without the spaces that set it apart (远 江 市 教 育 局); several bodies stay apart."""
    parts = text.split()
    if all(len(p) == 1 for p in parts):
        return "".join(parts)
    return " ".join(parts)
