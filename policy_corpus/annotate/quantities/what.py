"""What a number counts: the noun phrase beside it, with the verb that leads it."""

import re

from policy_corpus.annotate.quantities.units import Units
from policy_corpus.records import Quantity

MAX_WHAT = 24
"""Characters; 98 % of the coded ``what`` of the training sentences are shorter."""
LOOK_LEFT = 60
LOOK_RIGHT = 40

_END = re.compile(r"[，,。；;：:！!？?\n|]")
_NOUN_END = re.compile(
    r"、(?![^（()）]{0,6}[）)])|《|[（(](?![^（）()]{1,8}[）)][\u4e00-\u9fff])|\d(?![+\d])|以上|以内|左右|开展|建成投用|建成|投用|投入|获|通过|参加|实现|达|全部|入选|被|进入|开工|竣工|为(?!民)|以|在(?!线|校|园|职)|享受"
    r"|所在|纳入|采取|进行|不等|分配|用于|和(?=\d)|与(?=\d)"
)
_TRIM = " 　、，,的了\t“”\"'：:（(）)\x01"
_SHORT_NOUNS = ("班", "校", "县", "人")
_MODIFIER = re.compile(r"(?:具有|富有|拥有|各具|有|尚未|能|可|符合|达到|高|丰富|鲜明|专门|独立)")
_BOUNDARY_NOUNS = ("下限", "上限", "比例", "标准", "要求", "水平", "目标", "部分")
_OPENING = re.compile(
    r"^(?:[（(]?\d{1,2}[)）、.．])?(?:(?:从|由|自|到|至)?\d{4}年(?:的|底前|底|起|来|以来|前)?)?"
)
_AND_SO_ON = re.compile(r"(?<![初高中平同对相])等(?!级|次|分)")
_BY_MEANS = ("通过", "采取", "按照", "围绕", "为", "在", "依托", "利用")
_MEANS = re.compile(r"(?:多种?)?(?:渠道|方式|途径|形式|措施|举措|办法)")
_EMPTY_VERBS = ("开展", "举办", "组织", "实施", "进行", "召开", "安排", "新增", "新建", "增加")
_LEVEL = re.compile(r"(?:国家|[省市县区校州盟])级")


def counted(
    text: str, start: int, end: int, stop: int, previous: Quantity | None, units: Units
) -> str | None:
    """Noun phrase that the number ``text[start:end]`` sizes, at most ``MAX_WHAT`` characters.

    Parameters
    ----------
    stop
        Where the next quantity starts (or the text ends).
    previous
        The quantity before; its verb leads on in 新建幼儿园24所、中小学校31所.
    """
    floor = previous.end if previous else 0
    left = _END.split(text[max(floor, start - LOOK_LEFT) : start])[-1]
    noun = _noun_after(text[end : min(stop, end + LOOK_RIGHT)])
    if noun:
        return (_last_verb(left, units) + noun)[:MAX_WHAT]
    phrase = _phrase_before(left, units)
    if phrase and previous and previous.what:
        phrase = _carried(phrase, previous.what, text[floor:start], units)
    if not phrase:
        phrase = previous.what if previous and previous.what else _clause_before(text[:start], units)
    return _paired(_short(phrase)) or None


def _noun_after(right: str) -> str:
    """Noun in 10所学校…; empty where the number stands behind its noun (学校10所，)."""
    if right[:1] in ("）", ")"):
        return ""
    clause = _END.split(right.lstrip("的 "), maxsplit=1)[0]
    parts = _NOUN_END.split(clause, maxsplit=2)
    noun = parts[0].strip(" “”")
    if len(noun) == 1 and len(parts) > 1 and clause[1:2] == "、":  # 100所省、市艺术特色学校
        noun = f"{noun}、{parts[1]}"
    head, _, tail = noun.rpartition("的")
    if head and len(tail) >= 2 and (_MODIFIER.match(head) or len(head) > MAX_WHAT // 2):
        noun = tail
    elif head:
        noun = head
    elif _MODIFIER.match(noun) and "的" in clause:
        noun = _NOUN_END.split(clause.rpartition("的")[2])[0]
    noun = noun.strip(_TRIM).rstrip("和与及")
    noun = _paired(noun)
    if noun in _BOUNDARY_NOUNS or (len(noun) < 2 and noun not in _SHORT_NOUNS):
        return ""
    return noun


def _last_verb(left: str, units: Units) -> str:
    """Verb right before the number: 新建 in 新建10所学校."""
    bare = left.rstrip(_TRIM + "约近超过共")
    found = ""
    for match in units.pattern["verb"].finditer(bare):
        if match.end() == len(bare):
            found = match[0]
    return found


def _phrase_before(left: str, units: Units) -> str:
    """Cut words that open the clause or lead to the number but name nothing."""
    phrase = _OPENING.sub("", left.strip(_TRIM))
    lead = units.pattern["lead"].match(phrase)
    phrase = (phrase[lead.end() :] if lead else phrase).strip(_TRIM)
    if per := units.pattern["per"].match(phrase):
        phrase = phrase[per.end() :].strip(_TRIM) if per["time"] else phrase
    while trail := units.pattern["trail"].search(phrase):
        phrase = phrase[: trail.start()].strip(_TRIM)
    rest = _AND_SO_ON.split(phrase)[-1].strip(_TRIM)
    phrase = rest if len(rest) >= 2 else phrase
    verbs = list(units.pattern["verb"].finditer(phrase))
    if verbs and (phrase.startswith(_BY_MEANS) or _MEANS.match(phrase)) and verbs[-1].end() < len(phrase):
        phrase = phrase[verbs[-1].start() :]
    return "" if phrase in _EMPTY_VERBS else phrase


def _carried(phrase: str, before: str, between: str, units: Units) -> str:
    """Complete an elided phrase from the number before: its noun, its verb, or what grew."""
    if units.pattern["grows"].fullmatch(phrase):
        return before + phrase
    level = _LEVEL.fullmatch(phrase)
    if level and (seen := _LEVEL.search(before)):
        return before[: seen.start()] + phrase + before[seen.end() :]
    joined = between.startswith(("、", "和", "及", "与")) and not _END.search(between)
    if joined and not units.pattern["verb"].match(phrase):
        verbs = _leading_verbs(before, units)
        return phrase if phrase.startswith(verbs) else verbs + phrase
    return phrase


def _leading_verbs(phrase: str, units: Units) -> str:
    """Verbs at the head of a phrase, listed with 、: 新建、改扩建."""
    at = 0
    while match := units.pattern["verb"].match(phrase, at):
        at = match.end()
        if phrase[at : at + 1] == "、" and units.pattern["verb"].match(phrase, at + 1):
            at += 1
    return phrase[:at]


def _clause_before(left: str, units: Units) -> str:
    """The clause before the number's own: 开展教学比赛，每学年一次."""
    clauses = _END.split(left[-2 * LOOK_LEFT :])
    return _phrase_before(clauses[-2], units) if len(clauses) > 1 else ""


def _paired(phrase: str) -> str:
    """Give back the bracket or quotation mark that trimming took from an end."""
    for left, right in ("（）", "“”"):
        missing = phrase.count(left) - phrase.count(right)
        phrase = left * -missing + phrase + right * missing
    return phrase


def _short(phrase: str) -> str:
    while len(phrase) > MAX_WHAT and "、" in phrase:
        phrase = phrase.partition("、")[2]
    return phrase[-MAX_WHAT:]
