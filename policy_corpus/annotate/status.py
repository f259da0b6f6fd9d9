"""Done, planned or advised, and how specific.

A report tells the past year first and orders the coming one after it, or the other way round; a plan orders; a
template or an essay advises, unless it tells a practice as fact (codebook, field ``status`` and rules 9 and 17). First
the part of the document is read (:mod:`policy_corpus.annotate.status_sections`), then the words of the sentence or
clause (:mod:`policy_corpus.annotate.status_marks`); here both are weighed. Words stand in
``data/lexicon/status.toml``.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from policy_corpus.annotate.status_marks import MarkReader, deciding, mark_reader, unbuilt
from policy_corpus.annotate.status_sections import (
    SectionReader,
    SectionState,
    past_plan,
    review_year,
    with_leads,
)
from policy_corpus.records import Kind, Passage, Status

__all__ = [
    "SPECIFICITIES",
    "SectionState",
    "Specificity",
    "StatusDecision",
    "StatusRules",
    "parse_status_rules",
]

Specificity = Literal["slogan", "target", "rule", "budget", "result"]
SPECIFICITIES: tuple[Specificity, ...] = ("slogan", "target", "rule", "budget", "result")

FACTUAL_SHARE = 0.6
"""Share of told sentences, among told and advising ones, from which a template or essay counts as a told practice."""
MIN_TOLD = 2
"""Sentences of the more frequent sort that such a text has at least."""
MIN_ADVISING = 3
"""The same for a text of no known kind, before it counts as advice."""

_TABLES = {
    "heading": ("past", "future"),
    "title": ("past", "future"),
    "opening": ("past", "future", "outlook"),
    "sentence": ("past", "future", "order", "advice"),
    "document": ("advised", "told"),
    "specificity": ("result", "rule", "target"),
}
_COUNT = re.compile(
    r"[所名个人位间栋套册校项对批家节场期次亩台米%％门辆座支处片类种倍户成课轮条](?<=[0-9０-９xX×*十百千万亿余多].)(?<!第[0-9十].)"
    r"|[所名间栋套项倍对座台](?<=[二三四五六七八九两].)|平(?<=[0-9０-９xX×*万余多].)方|百分之"
)
"""A number that sizes something; dates, ordinals and 一个 do not."""
_MONEY = re.compile(r"[0-9.,xX×*](?:余|多)?[万亿千百]{0,9}(?:余|多)?元")
_BARE_ADVICE = re.compile(r"[^应对适响反供相效感]应(?![用聘急届邀对试有该])")
"""A bare 应 recommends; compounds of 应 are left out."""

CONFIDENCE: dict[str, float] = {
    "fact": 0.9,
    "plan": 0.89,
    "advice": 0.86,
    "told as fact in a plan": 0.61,
    "told as fact in a text that advises": 0.93,
    "announced in a text that tells facts": 0.93,
    "ordered in a text that tells facts": 0.72,
    "advice in a text that tells a practice": 0.9,
}
"""Share of right decisions by reason at the first run on 165 statements of 134 invented cases, before any rule was made
for them (``SECOND`` and ``THIRD`` in ``tests/annotate/test_status_varied.py``; .87 of all), drawn to that .87 by four
observations more. Those cases look for trouble: on coded reports and policies the share is .99."""


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
    marks: MarkReader

    def section_states(
        self, passages: Sequence[Passage], kind: Kind, title: str = "", published: str | None = None
    ) -> list[SectionState]:
        """State of the part of the document that each passage stands in.

        Parameters
        ----------
        passages : sequence of Passage
            All passages of one document, in order; of a traditional text, those of its simplified form.
        kind : str
            Kind of the document.
        title : str
            Title of the document, for plans and summaries that call themselves so.
        published : str, optional
            ISO date; tells whether a year that the text names is past or to come.

        Returns
        -------
        list of SectionState
            One for each passage.
        """
        base, why = self._base(passages, kind, title)
        year = review_year(passages, self.patterns)
        now = int(published[:4]) if published and published[:4].isdigit() else None
        start = SectionState(base, why, year, now)
        if kind == "policy" or base == "advised":
            return [start] * len(passages)
        reader = SectionReader(self.patterns, start, by_paragraph=kind in ("news", "other", "essay"))
        return with_leads(passages, reader.read_all(passages))

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
        if section.state == "done":
            before = section.lead + before
        status, reason = self._status(before + text, len(before), section, kind)
        return StatusDecision(status, self.specificity(text, status), CONFIDENCE[reason], reason)

    def specificity(self, text: str, status: Status) -> Specificity:
        """How far a measure is spelled out: slogan, target, rule, budget, result (the furthest that holds)."""
        if status == "done" and self._has("specificity.result", text) and _COUNT.search(text):
            return "result"
        if "元" in text and _MONEY.search(text):
            return "budget"
        if self._has("specificity.rule", text) or "《" in text:
            return "rule"
        if self._has("specificity.target", text) or _COUNT.search(text):
            return "target"
        return "slogan"

    def _has(self, table: str, text: str) -> bool:
        return self.patterns[table].search(text) is not None

    def _base(self, passages: Sequence[Passage], kind: Kind, title: str) -> tuple[Status, str]:
        """What a document says by its kind and title, before any of its parts is read."""
        if kind == "policy":
            return "planned", "a binding document orders"
        plans = self._has("title.future", title)
        reviews = self._has("title.past", title)
        if kind in ("template", "essay"):
            if (kind == "template" and reviews and not plans) or self._share_told(passages) >= FACTUAL_SHARE:
                return "done", f"the {kind} tells a practice"
            return "advised", f"a {kind} advises"
        if kind != "news" and plans and not reviews:
            return "planned", "the title names a plan"
        if kind == "other" and self._share_told(passages, MIN_ADVISING) < 1 - FACTUAL_SHARE:
            return "advised", "more advice than facts"
        return "done", f"a {kind} tells facts"

    def _share_told(self, passages: Sequence[Passage], least: int = MIN_TOLD) -> float:
        """Share of told sentences among told and advising ones; 0.5 where too few are told to say."""
        told = advising = 0
        for passage in passages:
            if not passage.is_heading:
                norm = self._has("document.advised", passage.text)
                advising += norm
                told += not norm and self._has("document.told", passage.text)
        return told / (told + advising) if max(told, advising) >= least else 0.5

    def _status(self, sentence: str, start: int, section: SectionState, kind: Kind) -> tuple[Status, str]:
        essay = kind in ("template", "essay")
        if section.state != "done" and not self.marks.may_be_past(sentence):
            if section.state == "advised":
                return "advised", "advice"
            if not essay:
                return "planned", "plan"
        # Plans are posted again years later: there a date of posting makes no year past.
        parts = self.marks.parts(sentence, section.now if section.state == "done" else None)
        part = deciding(parts, sentence, start)
        mark = part.mark if part else None
        if section.state == "advised":
            told = mark == "past" and not self._has("document.advised", sentence[part.start : part.end])  # type: ignore[union-attr]
            return ("done", "told as fact in a text that advises") if told else ("advised", "advice")
        marks = {p.mark for p in parts}
        if essay and (
            marks & {"order", "duty", "advice"} or ("应" in sentence and _BARE_ADVICE.search(sentence))
        ):
            return "advised", "advice in a text that tells a practice"
        if section.state == "planned":
            over = past_plan(sentence, section.review_year)
            if mark == "past" or (over and mark is None):
                return "done", "told as fact in a plan"
            return "planned", "plan"
        if mark == "future" or (part and not part.own and unbuilt(parts, sentence, part.start)):
            return "planned", "announced in a text that tells facts"
        own_rule = kind == "report" or any(p.own and p.mark == "past" and p.start > part.start for p in parts)  # type: ignore[union-attr]
        if mark == "duty" or (mark == "order" and not own_rule):
            return "planned", "ordered in a text that tells facts"
        if mark == "advice" and kind == "other":
            return "advised", "advice in a text that tells a practice"
        return "done", "fact"


def parse_status_rules(text: str, name: str = "status.toml") -> StatusRules:
    """Rules from the TOML text of the status lexicon.

    Raises
    ------
    ValueError
        The text is no TOML, or a list is missing or empty; the message names it.
    """
    try:
        tables: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{name}: {error}") from error
    patterns: dict[str, re.Pattern[str]] = {}
    for table, keys in _TABLES.items():
        for key in keys:
            phrases = tables.get(table, {}).get(key)
            if not phrases or not all(isinstance(phrase, str) and phrase for phrase in phrases):
                raise ValueError(f"{name}: [{table}] {key} must be a list of phrases")
            patterns[f"{table}.{key}"] = _compiled(phrases)
    return StatusRules(patterns, mark_reader(patterns))


def _compiled(phrases: Sequence[str]) -> re.Pattern[str]:
    """One pattern for a list. Each phrase begins with a letter of its own, so that a search fails fast."""
    return re.compile("|".join(_phrase_pattern(phrase) for phrase in phrases))


def _phrase_pattern(phrase: str) -> str:
    words = phrase.removeprefix("^").removesuffix("$")
    pattern = "[^。；;]{0,12}".join(re.escape(part) for part in words.split("…"))
    at_start = f"(?<=^{re.escape(words)})" if phrase.startswith("^") else ""
    return pattern + at_start + ("$" if phrase.endswith("$") else "")
