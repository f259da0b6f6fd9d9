"""Regular expressions take linear time: ours by trial on hostile texts, those of ``sources.toml`` by their form."""

import itertools
import re

import pytest

from policy_corpus.collect.crawl.expressions import slow_part
from policy_corpus.collect.crawl.sources import read_sources
from policy_corpus.errors import SettingsError
from tests.hostile.patterns import package_patterns, samples, seconds

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
        if _grows_too_fast(pattern, unit)
    }
    assert found == {}


def _grows_too_fast(pattern: "re.Pattern[str]", unit: str) -> bool:
    count = LONG // len(unit)
    for _ in range(STEPS):
        short = min(seconds(pattern, unit * count) for _ in range(2))
        if short < 0.002:
            return False
        twice = min(seconds(pattern, unit * count * 2) for _ in range(2))
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
