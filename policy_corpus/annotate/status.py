"""Done, planned or advised, and how specific.

A report tells the past year first and orders the coming one after it, or the other way round; a plan orders; a
template or an essay advises, unless it tells a practice as fact (codebook, field ``status`` and rules 9 and 17). The
words that show it stand in ``data/lexicon/status.toml``; here stands how they are weighed: first the part of the
document (:meth:`StatusRules.section_states`), then the words of the sentence or clause (:meth:`StatusRules.decide`).
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from policy_corpus.annotate.sentences import ACTS
from policy_corpus.records import Kind, Passage, Status

Specificity = Literal["slogan", "target", "rule", "budget", "result"]
SPECIFICITIES: tuple[Specificity, ...] = ("slogan", "target", "rule", "budget", "result")

FACTUAL_SHARE = 0.6
"""Share of told sentences, among told and advising ones, from which a template or essay counts as a told practice."""
MAX_TURN = 30
"""Characters of a heading that opens a part of a report; longer ones are slogans that use the same words."""
MAX_NESTED_TURN = 14
"""The same, for a heading inside a part."""
FIRST_YEAR_OF_SIXTH_PLAN = 1981
"""From here on the national five-year plans follow each other without a gap."""
ANY_DEPTH = 99
MIN_TOLD = 3
"""Sentences of the more frequent sort that such a text has at least."""

_TABLES = {
    "heading": ("past", "future"),
    "title": ("past", "future"),
    "opening": ("past", "future", "outlook"),
    "sentence": ("done", "finished", "planned", "ordered", "advised", "told"),
    "specificity": ("result", "budget", "rule", "target"),
}
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=年(?!\s*[0-9]))")
_YEAR_IS = re.compile(
    r"^(?:各位代表[！!：:，,])?((?:19|20)[0-9]{2})年(?:[，,]?是|[^，。]{0,12}(?:总体要求|主要目标|预期目标|重点))"
)
_BY_YEAR = re.compile(r"^到(20[0-9]{2})年")
_YEAR_OPENS = re.compile(r"^((?:19|20)[0-9]{2})年(?:[，,]|，?[我全市])")
_NUMERALS = ("", *"一二三四五六七八九十", *(f"十{n}" for n in "一二三四五六七八九"), "二十")
_FIVE_YEARS = re.compile(r"“(十[一二三四五六七八九]?|[六七八九]|二十)五”(?:时期|以来|期间|发展|规划)")
_UP_TO_COMMA = re.compile(r"[^，。,；]{0,30}")
_NUMBERING = re.compile(r"^[（(]?[第]?[一二三四五六七八九十0-9]{1,3}(?:[、．.）)]|部分|章|，)\s*")
_NUMBER = re.compile(r"[0-9０-９]|[一二三四五六七八九十百千万两]+(?:所|名|个|项|亿|人次|人)")
_MONEY = re.compile(r"[0-9.,]+(?:余|多)?[万亿千百]*元")
_MODIFIER = re.compile(r"[^，,；;。]{0,14}的")
_WILL = re.compile(
    rf"(?<![即必势])将(?!考核|评估|监测|培训|督导|补贴|奖励|帮扶)(?:{ACTS})(?![^。；;]{{0,25}}(?:挂钩|纳入|作为|列入|计入|转化|融入|改造成|打造成))"
)
"""将 before an act tells of the future; before an object (将…纳入…) it only moves the object."""
_CLAUSE_BORDER = re.compile(r"(?<=[，,；;：:])")
_MUST = re.compile(
    r"(?:^|[，,;；：:])[^，,;；：:。]{1,20}?[^重主需必次首不只就纲提概摘]要(?![求素点闻紧害么是的道件领因会强约])"
)
"""Somebody named before 要 has to do it; compounds of 要 are left out."""
_FINISHED = re.compile(r"[\u3400-\u9fff](?<![为除])了(?![解望])")


CONFIDENCE: dict[str, float] = {
    "fact": 0.97,
    "plan": 0.97,
    "advice": 0.97,
    "told as fact in a plan": 0.67,
    "told as fact in a text that advises": 0.67,
    "announced in a text that tells facts": 0.75,
    "ordered in a text that tells facts": 0.8,
    "advice in a text that tells a practice": 0.67,
}
"""Share of right decisions by reason: (right + 1) / (all + 2) over 1,741 coded sentences of the project's gold (seeds,
reports, training), held to .97 because the rules were written with these at hand."""


class SectionState(NamedTuple):
    """What the place of a passage says of it: ``state`` holds unless the sentence itself says otherwise."""

    state: Status
    reason: str
    review_year: int | None = None
    """Year whose work the document tells as past, where it names one."""


@dataclass(frozen=True, slots=True)
class StatusDecision:
    """Status of a measure with its reason; ``confidence`` is a share of right decisions, 0..1."""

    status: Status
    specificity: Specificity
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class StatusRules:
    """The word lists, compiled. Build it with :func:`parse_status_rules`."""

    patterns: Mapping[str, re.Pattern[str]]

    def section_states(self, passages: Sequence[Passage], kind: Kind, title: str = "") -> list[SectionState]:
        """State of the part of the document that each passage stands in.

        Parameters
        ----------
        passages : sequence of Passage
            All passages of one document, in order; of a traditional text, those of its simplified form.
        kind : str
            Kind of the document.
        title : str
            Title of the document, for plans and summaries that call themselves so.

        Returns
        -------
        list of SectionState
            One for each passage.
        """
        base, why = self._base(passages, kind, title)
        if kind in ("policy", "template", "essay"):
            return [SectionState(base, why)] * len(passages)
        start = SectionState(base, why, self._review_year(passages))
        reader = _SectionReader(self, start, by_paragraph=kind == "news")
        return reader.read_all(passages)

    def decide(self, text: str, section: SectionState, kind: Kind, before: str = "") -> StatusDecision:
        """Status and specificity of a sentence or clause.

        Parameters
        ----------
        text : str
            The sentence, or the clause that carries the measure (simplified script).
        section : SectionState
            From :meth:`section_states`.
        kind : str
            Kind of the document.
        before : str
            What stands before the clause in its sentence. A clause without a word of its own goes with the last that
            stands there: in ``将新建学校5所，新增学位300个`` both are planned.
        """
        if before and not self._says(text):
            status, reason = self._carried(text, before, section, kind)
        else:
            status, reason = self._status(text, section, kind)
        return StatusDecision(status, self.specificity(text, status), CONFIDENCE[reason], reason)

    def _says(self, text: str) -> bool:
        """Whether the words of a clause say something of its status."""
        tables = ("sentence.planned", "sentence.ordered", "sentence.finished")
        return any(self._has(t, text) for t in tables) or any(
            p.search(text) for p in (_WILL, _MUST, _FINISHED)
        )

    def _carried(self, text: str, before: str, section: SectionState, kind: Kind) -> tuple[Status, str]:
        if section.state != "done":
            return self._status(before + text, section, kind)
        parts = [part for part in _CLAUSE_BORDER.split(before) if part]
        for part in reversed(parts):
            if self._says(part):
                return self._status(part, section, kind)
        return self._status(text, section, kind)

    def specificity(self, text: str, status: Status) -> Specificity:
        """How far a measure is spelled out: slogan, target, rule, budget, result (the furthest that holds)."""
        number = _NUMBER.search(text) is not None
        if status == "done" and number and self._has("specificity.result", text):
            return "result"
        if _MONEY.search(text) or (number and self._has("specificity.budget", text)):
            return "budget"
        if self._has("specificity.rule", text) or "《" in text:
            return "rule"
        if number or self._has("specificity.target", text):
            return "target"
        return "slogan"

    def _has(self, table: str, text: str) -> bool:
        return self.patterns[table].search(text) is not None

    def _base(self, passages: Sequence[Passage], kind: Kind, title: str) -> tuple[Status, str]:
        """What a document says by its kind and title, before any of its parts is read."""
        if kind == "policy":
            return "planned", "a binding document orders"
        if kind in ("template", "essay"):
            if self._share_told(passages) >= FACTUAL_SHARE:
                return "done", f"the {kind} tells a practice"
            return "advised", f"a {kind} advises"
        if kind != "news" and self._has("title.future", title) and not self._has("title.past", title):
            return "planned", "the title names a plan"
        if kind == "other" and self._share_told(passages) < 1 - FACTUAL_SHARE:
            return "advised", "more advice than facts"
        return "done", f"a {kind} tells facts"

    def _share_told(self, passages: Sequence[Passage]) -> float:
        """Share of told sentences among told and advising ones; 0.5 where too few are told to say."""
        told = advising = 0
        for passage in passages:
            if not passage.is_heading:
                norm = self._has("sentence.advised", passage.text)
                advising += norm
                told += not norm and self._has("sentence.told", passage.text)
        return told / (told + advising) if max(told, advising) >= MIN_TOLD else 0.5

    def _review_year(self, passages: Sequence[Passage]) -> int | None:
        """First year that a heading or opening of the past names, else the first year a sentence begins with."""
        for passage in passages:
            year = _YEAR.search(passage.text)
            if year and passage.is_heading and self._has("heading.past", passage.text):
                return int(year.group())
        for passage in passages:
            year = _YEAR_IS.match(passage.text) or _YEAR_OPENS.match(passage.text)
            if year:
                return int(year.group(1))
        return None

    def _status(self, text: str, section: SectionState, kind: Kind) -> tuple[Status, str]:
        if section.state == "advised":
            return self._in_advice(text)
        if section.state == "planned":
            return self._in_plan(text, kind)
        return self._in_told(text, kind)

    def _in_advice(self, text: str) -> tuple[Status, str]:
        if self._told_as("sentence.finished", text) and not self._has("sentence.advised", text):
            return "done", "told as fact in a text that advises"
        return "advised", "advice"

    def _in_plan(self, text: str, kind: Kind) -> tuple[Status, str]:
        if self._has("sentence.planned", text) or self._has("sentence.ordered", text):
            return "planned", "plan"
        if self._told_as("sentence.finished", text) or (kind != "policy" and _FINISHED.search(text)):
            return "done", "told as fact in a plan"
        return "planned", "plan"

    def _in_told(self, text: str, kind: Kind) -> tuple[Status, str]:
        future = self.patterns["sentence.planned"].search(text) or _WILL.search(text)
        if future and not self._told_as("sentence.done", text[: future.start()]):
            return "planned", "announced in a text that tells facts"
        if (self._has("sentence.ordered", text) or _MUST.search(text)) and not self._told_as(
            "sentence.done", text
        ):
            if kind in ("template", "essay"):
                return "advised", "advice in a text that tells a practice"
            return "planned", "ordered in a text that tells facts"
        return "done", "fact"

    def _told_as(self, table: str, text: str) -> bool:
        """Whether words of the table tell the sentence as fact, other than in a clause that modifies a noun."""
        if table == "sentence.done" and _FINISHED.search(text):
            return True
        return any(not _MODIFIER.match(text, match.end()) for match in self.patterns[table].finditer(text))


class _SectionReader:
    """Walks a report and keeps the state of the part it is in."""

    def __init__(self, rules: StatusRules, start: SectionState, by_paragraph: bool) -> None:
        self.rules = rules
        self.state = self.part = start
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
            if status is None and self.rules._has("opening.outlook", passage.text):
                back_to_past = following[i + 1] == "done" and i < last_future
                status = None if back_to_past else "planned"
            states.append(self._step(passage, status))
        return states

    def _step(self, passage: Passage, status: Status | None) -> SectionState:
        if self.by_paragraph and passage.start > self.end:
            self.state = self.part
        self.end = passage.end
        if passage.is_heading and status and len(passage.headings) > self.depth:
            status = status if len(_NUMBERING.sub("", passage.text)) <= MAX_NESTED_TURN else None
        if status:
            self.state = SectionState(status, f"after {passage.text[:MAX_TURN]}", self.year)
            if passage.is_heading:
                self.depth = len(passage.headings)
                self.part = self.state
        return self.state

    def _heading(self, passage: Passage) -> Status | None:
        text = _NUMBERING.sub("", passage.text)
        return self._named(text) if len(text) <= MAX_TURN else None

    def _opening(self, text: str) -> Status | None:
        if self.rules._has("opening.past", text):
            return "done"
        if self.rules._has("opening.future", text):
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
        if self.rules._has("heading.past", heading):
            return "done"
        years = [int(year) for year in _YEAR.findall(heading)]
        if self.rules._has("heading.future", heading) or (years and self._is_later(min(years))):
            return "planned"
        return self._of_plan(heading)

    def _of_plan(self, text: str) -> Status | None:
        """State by a five-year plan that is over, or still to come, in the year under review."""
        plan = _FIVE_YEARS.search(text)
        if plan is None or self.year is None:
            return None
        first = FIRST_YEAR_OF_SIXTH_PLAN + 5 * (_NUMERALS.index(plan.group(1)) - 6)
        if self._is_later(first):
            return "planned"
        return "done" if first + 4 <= self.year else None


def parse_status_rules(text: str, name: str = "status.toml") -> StatusRules:
    """Rules from the TOML text of the status lexicon.

    Raises
    ------
    ValueError
        The text is no TOML, or a list is missing or empty; the message names it.
    """
    try:
        tables: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: {error}") from error
    patterns: dict[str, re.Pattern[str]] = {}
    for table, keys in _TABLES.items():
        for key in keys:
            phrases = tables.get(table, {}).get(key)
            if not phrases or not all(isinstance(phrase, str) and phrase for phrase in phrases):
                raise ValueError(f"{name}: [{table}] {key} must be a list of phrases")
            patterns[f"{table}.{key}"] = _compiled(phrases)
    return StatusRules(patterns)


def _compiled(phrases: Sequence[str]) -> re.Pattern[str]:
    """One pattern for a list; phrases bound to the start share one anchor, so that a search fails fast."""
    anchored = "|".join(_phrase_pattern(phrase[1:]) for phrase in phrases if phrase.startswith("^"))
    free = "|".join(_phrase_pattern(phrase) for phrase in phrases if not phrase.startswith("^"))
    return re.compile("|".join(part for part in (f"^(?:{anchored})" if anchored else "", free) if part))


def _phrase_pattern(phrase: str) -> str:
    return "[^。；;]{0,12}".join(re.escape(part) for part in phrase.split("…"))
