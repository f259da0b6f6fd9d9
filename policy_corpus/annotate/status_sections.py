"""The parts of a report: which tells the past, and which the time to come.

A report tells the past year first and orders the coming one after it, or the other way round. Headings and the
sentences that open a part say so, by their words (``data/lexicon/status.toml``) or by the year that they name.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from policy_corpus.records import Passage, Status

MAX_TURN = 30
"""Characters of a heading that opens a part of a report; longer ones are slogans that use the same words."""
MAX_NESTED_TURN = 14
"""The same, for a heading inside a part."""
FIRST_YEAR_OF_SIXTH_PLAN = 1981
"""From here on the national five-year plans follow each other without a gap."""
MAX_LEAD = 200
"""Characters of a long sentence before a passage that are read with it."""
ANY_DEPTH = 99

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=年(?!\s*[0-9]))")
_YEAR_IS = re.compile(
    r"^(?:各位代表[！!：:，,])?((?:19|20)[0-9]{2})年(?:[，,]?是|[^，。]{0,12}(?:总体要求|主要目标|预期目标|重点))"
)
_BY_YEAR = re.compile(r"^到(20[0-9]{2})年")
_YEAR_OPENS = re.compile(r"^((?:19|20)[0-9]{2})年(?:[，,]|，?[我全市])")
_YEAR_OF_WORK = re.compile(r"((?:19|20)[0-9]{2})年(?:度)?(?:的)?(?:主要|重点|各项)?工作")
_NUMERALS = ("", *"一二三四五六七八九十", *(f"十{n}" for n in "一二三四五六七八九"), "二十")
_FIVE_YEARS = re.compile(r"“(十[一二三四五六七八九]?|[六七八九]|二十)五”(?:时期|以来|期间|发展|规划)")
_UP_TO_COMMA = re.compile(r"[^，。,；]{0,30}")
_NUMBERING = re.compile(r"^[（(]?[第]?[一二三四五六七八九十0-9]{1,3}(?:[、．.）)]|部分|章|，)\s*")

_NO_PROMISE = re.compile(
    r"我们要求|我们将[^，。；]{1,20}(?:纳入|作为|列入|用于|改造成|打造成|并入|派到|派往)"
)


class SectionState(NamedTuple):
    """What the place of a passage says of it: ``state`` holds unless the sentence itself says otherwise."""

    state: Status
    reason: str
    review_year: int | None = None
    """Year whose work the document tells as past, where it names one."""
    now: int | None = None
    """Year in which the document was written, where it is known."""
    lead: str = ""
    """What stands before the passage up to the full stop, where semicolons cut a sentence into passages."""


def review_year(passages: Sequence[Passage], patterns: Mapping[str, re.Pattern[str]]) -> int | None:
    """Year under review.

    The first that a heading of the past names, else the earlier where headings name the work of two years, else the
    first that a sentence begins with.
    """
    headings = [passage.text for passage in passages if passage.is_heading]
    for text in headings:
        year = _YEAR.search(text)
        if year and patterns["heading.past"].search(text):
            return int(year.group())
    work = [int(m.group(1)) for text in headings if (m := _YEAR_OF_WORK.search(text))]
    if len(set(work)) > 1:
        return min(work)
    for passage in passages:
        opening = _YEAR_IS.match(passage.text) or _YEAR_OPENS.match(passage.text)
        if opening:
            return int(opening.group(1))
    return None


def past_plan(text: str, year: int | None) -> bool | None:
    """Whether the five-year plan that the text names is over in the year; None where none is named or it runs."""
    plan = _FIVE_YEARS.search(text)
    if plan is None or year is None:
        return None
    first = FIRST_YEAR_OF_SIXTH_PLAN + 5 * (_NUMERALS.index(plan.group(1)) - 6)
    if first > year:
        return False
    return True if first + 4 <= year else None


def with_leads(passages: Sequence[Passage], states: Sequence[SectionState]) -> list[SectionState]:
    """The states, each with what a semicolon cut off: in ``将新建学校5所；改造校舍3栋`` both are planned."""
    led: list[SectionState] = []
    lead = ""
    for i, (passage, state) in enumerate(zip(passages, states, strict=True)):
        joined = (
            i > 0 and passages[i - 1].text.endswith(("；", ";")) and passage.start <= passages[i - 1].end + 1
        )
        adjacent = joined and passage.headings == passages[i - 1].headings
        lead = (lead + passages[i - 1].text)[-MAX_LEAD:] if adjacent else ""
        led.append(state._replace(lead=lead) if lead else state)
    return led


class SectionReader:
    """Walks a report and keeps the state of the part it is in."""

    def __init__(
        self, patterns: Mapping[str, re.Pattern[str]], start: SectionState, by_paragraph: bool
    ) -> None:
        self.patterns = patterns
        self.start = self.state = self.part = start
        self.year = start.review_year
        self.depth = ANY_DEPTH
        self.by_paragraph = by_paragraph
        """In news an outlook (``下一步，…``) holds for its paragraph, in a report for all that follows."""
        self.end = 0

    def read_all(self, passages: Sequence[Passage]) -> list[SectionState]:
        """State of each passage, in order."""
        named = [self._heading(p) if p.is_heading else self._opening(p.text) for p in passages]
        following: list[Status | None] = [None] * (len(named) + 1)
        for i in range(len(named) - 1, -1, -1):
            following[i] = named[i] or following[i + 1]
        last_future = max((i for i, status in enumerate(named) if status == "planned"), default=-1)
        states: list[SectionState] = []
        for i, passage in enumerate(passages):
            status = named[i]
            if status is None and self._looks_ahead(passage.text):
                back_to_past = following[i + 1] == "done" and i < last_future
                status = None if back_to_past else "planned"
            states.append(self._step(passage, status))
        return states

    def _looks_ahead(self, text: str) -> bool:
        """Whether a sentence promises; in ``我们要求…`` and ``我们将…用于…`` the same words do not."""
        return self.patterns["opening.outlook"].search(text) is not None and not _NO_PROMISE.match(text)

    def _step(self, passage: Passage, status: Status | None) -> SectionState:
        if self.by_paragraph and passage.start > self.end:
            self.state = self.part = self.start if passage.is_heading else self.part
        self.end = passage.end
        if passage.is_heading and status and len(passage.headings) > self.depth:
            status = status if len(_NUMBERING.sub("", passage.text)) <= MAX_NESTED_TURN else None
        if status:
            self.state = self.start._replace(state=status, reason=f"after {passage.text[:MAX_TURN]}")
            if passage.is_heading:
                self.depth = len(passage.headings)
                self.part = self.state
        return self.state

    def _heading(self, passage: Passage) -> Status | None:
        text = _NUMBERING.sub("", passage.text)
        return self._named(text) if len(text) <= MAX_TURN else None

    def _opening(self, text: str) -> Status | None:
        if self.patterns["opening.past"].search(text):
            return "done"
        if self.patterns["opening.future"].search(text):
            return "planned"
        year_is = _YEAR_IS.match(text) or _BY_YEAR.match(text)
        if year_is and self._is_later(int(year_is.group(1))):
            return "planned"
        start = _UP_TO_COMMA.match(text).group()  # type: ignore[union-attr]
        year = _YEAR.match(start)
        if not year and not _NUMBERING.match(start):
            return self._of_plan(start)
        status = self._named(_NUMBERING.sub("", start))
        return None if status == "planned" and year and not self._is_later(int(year.group())) else status

    def _is_later(self, year: int) -> bool:
        return self.year is not None and year > self.year

    def _named(self, heading: str) -> Status | None:
        """State that a heading names, by its words or by its year; the title of the report names none."""
        if heading.rstrip("。").endswith("报告"):
            return None
        if self.patterns["heading.past"].search(heading):
            return "done"
        years = [int(year) for year in _YEAR.findall(heading)]
        if self.patterns["heading.future"].search(heading) or (years and self._is_later(min(years))):
            return "planned"
        return self._of_plan(heading)

    def _of_plan(self, text: str) -> Status | None:
        """State by a five-year plan that is over, or still to come, in the year under review."""
        over = past_plan(text, self.year)
        return None if over is None else "done" if over else "planned"
