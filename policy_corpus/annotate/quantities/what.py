"""What a number counts: the noun phrase beside it, with the verb that leads it."""

import re

from policy_corpus.annotate.quantities.units import Units
from policy_corpus.records import Quantity

_END = re.compile(r"[，,。；;：:！!？?\n|]")
_NOUN_END = re.compile(
    r"[，,。；;：:！!？?、（(\n|“”《\d]|以上|以内|左右|开展|建成投用|建成|投用|投入|获|通过|参加|实现|达|全部|的(?=[^学教])|入选|进入|开工|竣工|为|和(?=\d)|与(?=\d)|以|在|享受|所在|纳入|采取"
)
_TRIM = " 　、，,的了\t“”\"'：:（(）)"
_SHORT_NOUNS = ("班", "校", "县", "人")
_YEAR = re.compile(r"^(?:从|由|自|到|至)?\d{4}年(?:的|底|起|来|以来|前)?")
MAX_WHAT = 24
"""Characters; 98 % of the coded ``what`` of the training sentences are shorter."""


def counted(
    text: str, start: int, end: int, stop: int, previous: Quantity | None, units: Units
) -> str | None:
    """Noun phrase that the number ``text[start:end]`` sizes.

    Parameters
    ----------
    stop
        Where the next quantity starts (or the text ends).
    previous
        The quantity before; its verb leads on in 新建幼儿园24所、中小学校31所.
    """
    floor = previous.end if previous else 0
    left = _clause_before(text, max(floor, start - 60), start)
    right = text[end : min(stop, end + 30)]
    noun = _NOUN_END.split(right.lstrip("的 "), maxsplit=1)[0].strip(_TRIM)
    if len(noun) >= 2 or noun in _SHORT_NOUNS:
        verb = _last_verb(left, units)
        return (verb + noun)[:MAX_WHAT]
    phrase = _strip(left, units)
    if not phrase:
        return previous.what if previous else None
    if previous and previous.what and _joined(text[floor:start]) and not units.pattern["verb"].match(phrase):
        verbs = _leading_verbs(previous.what, units)
        if not phrase.startswith(verbs):
            phrase = verbs + phrase
    while len(phrase) > MAX_WHAT and "、" in phrase:
        phrase = phrase.partition("、")[2]
    return phrase[-MAX_WHAT:]


def _clause_before(text: str, floor: int, start: int) -> str:
    return _END.split(text[floor:start])[-1]


def _joined(between: str) -> bool:
    return between.startswith(("、", "和", "及", "与")) and not _END.search(between)


def _last_verb(left: str, units: Units) -> str:
    """Verb right before the number: 新建 in 新建10所学校."""
    bare = left.rstrip(_TRIM + "约近超过共")
    found = ""
    for match in units.pattern["verb"].finditer(bare):
        if match.end() == len(bare):
            found = match[0]
    return found


def _leading_verbs(phrase: str, units: Units) -> str:
    """Verbs at the head of a phrase, listed with 、: 新建、改扩建."""
    at = 0
    while match := units.pattern["verb"].match(phrase, at):
        at = match.end()
        if phrase[at : at + 1] == "、" and units.pattern["verb"].match(phrase, at + 1):
            at += 1
    return phrase[:at]


def _strip(phrase: str, units: Units) -> str:
    """Cut words that open the clause or lead to the number but name nothing."""
    phrase = _YEAR.sub("", phrase.strip(_TRIM))
    lead = units.pattern["lead"].match(phrase)
    phrase = (phrase[lead.end() :] if lead else phrase).strip(_TRIM)
    while trail := units.pattern["trail"].search(phrase):
        phrase = phrase[: trail.start()].strip(_TRIM)
    return phrase
