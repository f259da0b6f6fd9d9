"""Regular expressions take linear time: ours by their form and by trial, those of ``sources.toml`` by their form."""

import itertools
import re

import pytest

from policy_corpus.collect.crawl.expressions import slow_part
from policy_corpus.collect.crawl.sources import read_sources
from policy_corpus.errors import SettingsError
from tests.hostile.patterns import is_scanned, package_patterns, samples, seconds
from tests.hostile.patterns_form import Form

UNITS = ["云", " ", "\u3000", "9", "十", "a", "-", "_", "？", "“", "《", "（", "〔", "<", "&", "1.", "一、", "，", "。", "2018年", "大 ", "a\n", "1,"]  # fmt: skip
SHORT, LONG = 40, 1500
SLOW = 0.05
"""Seconds in which a search of a short text must end; linear work takes a thousandth."""
GROWTH = 3.2
"""How much longer a text of twice the length may take: 2 where time is linear, 4 where it is quadratic."""
SURE = 0.1
"""Seconds from which growth once seen is no noise."""
STEPS = 4
"""Seconds at which growth can be told from noise come after so many doublings at most."""
BOUND_BY_CALLER = {
    "_PAGE_TOOL", "_FURNITURE", "_TAIL_HEAD", "_COMMENTS_HEAD", "_CHROME_NAME",  # lines of up to 320 characters
    "_SITE_CUT",  # titles of up to 500
    "_ADVERBS", "_ACTIVE", "_TOWARD", "_PAIR", "_COUNTED", "_PASSIVE", "_HEAD", "_SENT",  # clauses of up to 400
    "_BUILT",  # parts of a sentence
    "RULES",  # lines of up to 600 characters, a limit for each rule
    "_TABLE_RULE",  # matched at the start of a line alone, which is linear
}  # fmt: skip
"""Patterns that are quadratic on texts longer than their callers ever hand in."""

BOUNDED = {
    "annotate.quantities.blank._NO_QUANTITY": "a passage, 1,000 characters; 1+1+1 ends where a last number is left",
    "annotate.regions.evidence.QUOTED": "a title, 500 characters; 200 behind each 《",
    "clean.decode._META": "the first 16,384 bytes of a page; 400 within a tag",
    "clean.formats.docx._SPAN": "200 bytes within a tag",
    "clean.formats.html_tree._AWAY_STYLE": "200 characters behind each height of a style",
    "clean.formats.html_words._TAIL_HEAD": "a line of 40 characters",
    "clean.formats.html_words._COMMENTS_HEAD": "a line of 40 characters",
    "clean.formats.html_words._PAGE_TOOL": "a line of 320 characters",
    "clean.formats.html_words._FURNITURE": "a line of 320 characters",
    "clean.furniture.RULES": "a line of 40 to 220 characters, a limit for each rule",
    "collect.crawl.answers._PASSWORD": "300 bytes within a tag",
    "collect.crawl.check._CANONICAL": "400 characters within a tag",
    "collect.crawl.lists.rows._TITLE_LINE": "the first 1,000 characters of an attribute",
    "collect.crawl.pages._META_CHARSET": "the first 16,384 bytes of a page; 400 within a tag",
}  # fmt: skip
"""Patterns of our package that are quadratic by their form, and what bounds the text they get."""


def test_every_pattern_is_linear_by_its_form_or_its_text_is_bounded() -> None:
    hanging, slow = set(), set()
    for name, pattern in package_patterns().items():
        short = name.removeprefix("policy_corpus.").split("[")[0]
        if not (form := Form(pattern, hang=True)).loops:
            continue
        if form.doubles():
            hanging.add(short)
        form = Form(pattern)
        if form.squares(scanned=False) or (form.squares(scanned=True) and is_scanned(name)):
            slow.add(short)
    assert hanging == set()
    assert slow == set(BOUNDED)


HANGING = [r"(a+)+$", r"(\d+,?)+x", r"((?:a|b+)c*)*x", r"(?:a|ab|b)*x", r"(?:\s*\d*)+x", r"(?:a{1,5}){1,9}b"]
QUADRATIC = [r"\s+$", r".*.*x", r"\s*,?\s*x", r"(?m)^\s*x", r"a(?=.*b)", r"(?:\w+/)*x", r"[a-z]+\.cn"]
QUICK = [
    r"《[^《》]*》",
    r"\d+(?:\.\d+)?",
    r"^\s*x",
    r"(?<!\d)\d+x",
    r"(?:(?<!\s)\s++)?[|]\s*",
    r"x\s*+,?\s*+y",
    r"(?m)^[ ]*x",
]


@pytest.mark.parametrize("expression", HANGING)
def test_a_word_read_in_two_ways_is_seen(expression: str) -> None:
    assert Form(re.compile(expression), hang=True).doubles()


@pytest.mark.parametrize("expression", QUADRATIC)
def test_a_quadratic_form_is_seen(expression: str) -> None:
    assert Form(re.compile(expression)).squares(scanned=True)
    assert not Form(re.compile(expression), hang=True).doubles()


@pytest.mark.parametrize("expression", QUICK)
def test_a_linear_form_is_taken(expression: str) -> None:
    assert not Form(re.compile(expression)).squares(scanned=True)


def attacks(pattern: "re.Pattern[str]", most: int) -> list[str]:
    own = samples(pattern)
    return list(dict.fromkeys([*UNITS, *own, *(a + b for a, b in itertools.permutations(own[:most], 2))]))


@pytest.mark.heavy
def test_no_pattern_hangs_on_a_short_text() -> None:
    found = [
        (name, unit)
        for name, pattern in package_patterns().items()
        for unit in attacks(pattern, 6)
        if seconds(pattern, unit * (SHORT // len(unit)) + "~") > SLOW
        and seconds(pattern, unit * (SHORT // len(unit)) + "~") > SLOW
    ]
    assert found == []


@pytest.mark.heavy
def test_time_grows_with_the_length_of_the_text() -> None:
    found = {
        name: unit
        for name, pattern in package_patterns().items()
        if name.rpartition(".")[2].split("[")[0] not in BOUND_BY_CALLER
        for unit in attacks(pattern, 4)
        if _grows_too_fast(pattern, unit, is_scanned(name))
    }
    assert found == {}


def _grows_too_fast(pattern: "re.Pattern[str]", unit: str, scanned: bool) -> bool:
    count = LONG // len(unit)
    for _ in range(STEPS):
        short = min(seconds(pattern, unit * count, scanned) for _ in range(2))
        if short < 0.002:
            return False
        twice = min(seconds(pattern, unit * count * 2, scanned) for _ in range(2))
        if twice < GROWTH * short:
            return False
        if twice > SURE:
            return True
        count *= 2
    return True


REFUSED = [r"(a+)+$", r"(?:\w+/)*x", r".*.*x", r"(.|x)*y", r"(\d+,?)+", r"((?:a|b+)c*)*"]
TAKEN = [r"/t\d+_\d+\.html", r"/(?:\d+/){2}x", r"/art/\d{4}/\d{1,2}/.*\.html", r"^https?://[^/]+/(?:jyj|tzgg)/", r"(?:[a-z]+-)?\d+"]  # fmt: skip


@pytest.mark.parametrize("expression", REFUSED)
def test_an_expression_that_may_take_for_ever_is_refused_with_its_place(expression: str) -> None:
    text = f"[[source]]\nid = 'a'\nstart = ['http://a.cn/']\n[source.reach]\ninclude = ['{expression}']\n"
    with pytest.raises(SettingsError, match=r"include .* regular expression") as error:
        read_sources(text)
    assert "such as" in str(error.value)


@pytest.mark.parametrize("expression", TAKEN)
def test_usual_expressions_are_taken(expression: str) -> None:
    assert slow_part(expression) is None
