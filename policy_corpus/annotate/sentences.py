"""Sentences and clauses by rule.

A line of a body is a paragraph; a sentence never crosses it. The conventions are those of the project's
coded sentences: ``。！？；`` end a sentence together with the closing quotes and brackets behind them, a
half-width ``;`` and commas of either width do not, dots of decimals, list numbers, addresses and ellipses
do not, titles in ``《》`` and quoted exclamations are never cut. :func:`split_clauses` goes below the
sentence: at every semicolon, at list numbers inside the sentence and before a parallel act.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

MIN_CLAUSE = 6
"""A clause of fewer characters stays with its neighbour: shorter ones name no act (trial on coded reports)."""
MIN_DOT_SENTENCE = 6
"""A half-width full stop this near to the sentence's start is a list number or an initial."""

MAX_SENTENCE = 1000
"""Characters of a sentence; what runs on is cut at a comma or blank. The longest seen in ``data`` and ``gold`` has
741 and is no sentence but a table; coded ones have at most 468."""

_CLOSERS = "”’\"'）)】〕］\\]」』》〉"
_STOP = re.compile(rf"(?:[。！？；!?]+|\.+)(?:[{_CLOSERS}]+(?:[。！？；]+[{_CLOSERS}]*)?)?")
_FULL_STOPS = frozenset("。！？；")
_TITLE = re.compile(r"《[^《》\n]{0,80}》")
_HAN_END = re.compile(r"[\u3400-\u9fff）)”\"%》]")
_EXCLAIM_IN_QUOTE = re.compile(r"[“‘「『][^“”‘’「」『』。；\n]{1,30}[！？!?]+[”’」』]")
_SPACE = " \t\u3000\xa0\r\ufeff\u200b"
_CLAUSE_STOP = re.compile(
    r"[；;]+[”’\"）)]*|(?=[①-⑳])|(?<=[，,；;。：:])(?=[(（][0-9一二三四五六七八九十]{1,2}[)）])"
)
_COMMA = re.compile(r"[，,]+")
_PAUSE = re.compile(r"[，,、：:\s|]")
_ADVERBS = (
    "并且|并|同时|还要|还|也|将|要|已经|已|拟|正|全面|大力|积极|深入|进一步|持续|继续|累计|共|先后|统筹|率先|成功|全力|扎实|稳步|加快|"
    "重点|着力|不断|逐步|切实|依法|严格|科学|合理|广泛|探索|创新|高标准|高质量|新"
)
ACTS = (
    "建立|共建|支持|引导|鼓励|健全|完善|组建|成立|设立|制定|出台|印发|实施|实行|推行|推进|推广|开展|开设|开发|开办|举办|举行|组织|加强|加大|强化|优化|深化|"
    "投入|投资|安排|落实|拨付|筹集|新建|新增|改建|扩建|改扩建|改造|建设|建成|打造|创建|构建|配备|配齐|配置|增加|新改扩建|迁建|撤并|整合|"
    "选派|选聘|招聘|招录|引进|培训|培养|培育|派出|互派|轮岗|支教|帮扶|结对|对口|资助|减免|发放|补助|补贴|奖励|评选|表彰|聘请|聘用|"
    "评估|监测|督导|考核|纳入|扩大|扩充|补充|购置|捐赠|搭建|普及|规范|统一|签订|签约|共享|开通|启动|编制|修订|遴选|认定|办好|做好|抓好|抓"
)
"""Verbs that open an act, as alternatives of a regular expression."""
_OPENS_ACT = re.compile(rf"\s{{0,20}}(?:(?:{_ADVERBS}){{0,3}})(?:{ACTS})")
_SUBJECT_ACT = re.compile(
    r"\s{0,20}[\u3400-\u9fff]{2,10}?(?:投入|投资|选派|选聘|组建|成立|设立|出台|印发|新建|建成|新增|招聘|招录|引进|发放|培训|派出|补助)"
)
_BRACKETED = re.compile(r"[（(《“][^（(《“）)》”\n]{0,80}[）)》”]")
_HAS_ACT = re.compile(ACTS)


class Span(NamedTuple):
    """Half-open range of code points."""

    start: int
    end: int


def split_sentences(text: str) -> list[Span]:
    """Sentences of a body, in order, without the white space around them.

    Parameters
    ----------
    text : str
        Paragraphs joined by line ends.

    Returns
    -------
    list of Span
        Half-open code-point ranges of ``text``; blank lines give none.
    """
    spans: list[Span] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        _cut_line(text, start, end, spans)
        start = end + 1
    return spans


def _cut_line(text: str, start: int, end: int, spans: list[Span]) -> None:
    protected = sorted(_protected(text, start, end))
    highs = list(accumulate((high for _, high in protected), max))
    half_width_style = text.find("。", start, end) < 0
    begin = start
    for match in _STOP.finditer(text, start, end):
        places = (match.end(), match.start() + 1)
        if _ends_sentence(text, begin, end, match, half_width_style) and not any(
            _is_within(place, protected, highs) for place in places
        ):
            _append(text, begin, match.end(), spans)
            begin = match.end()
    _append(text, begin, end, spans)


def _is_within(place: int, spans: Sequence[tuple[int, int]], highs: Sequence[int]) -> bool:
    """Whether a place lies inside one of some sorted spans; ``highs`` are their ends, the highest so far."""
    before = bisect_left(spans, (place, place)) - 1
    return before >= 0 and highs[before] > place


def _protected(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Ranges that hold stops which end no sentence: titles, and short exclamations in mid-sentence."""
    if text.find("《", start, end) >= 0:
        yield from (m.span() for m in _TITLE.finditer(text, start, end))
    for match in _EXCLAIM_IN_QUOTE.finditer(text, start, end):
        after = text[match.end() : match.end() + 1]
        if match.end() < end and ("\u3400" <= after <= "\u9fff" or after in "，,、："):
            yield match.start(), match.end() + 1


def _ends_sentence(text: str, begin: int, end: int, match: re.Match[str], half_width_style: bool) -> bool:
    stops = match.group()
    if any(c in _FULL_STOPS for c in stops):
        return True
    following = text[match.end() : match.end() + 1] if match.end() < end else ""
    if "!" in stops or "?" in stops:
        return not (following.isascii() and following.isalnum()) and following not in ("=", "&", "/")
    if len(stops.rstrip(_CLOSERS)) > 1 or match.start() - begin < MIN_DOT_SENTENCE:
        return False
    if not _HAN_END.match(text, match.start() - 1):
        return False
    if not following or following in _SPACE:
        return True
    return half_width_style and "\u3400" <= following <= "\u9fff"


def _is_blank(character: str) -> bool:
    return character in _SPACE or character.isspace()


def _append(text: str, start: int, end: int, spans: list[Span]) -> None:
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    while end - start > MAX_SENTENCE:
        cut = _last_pause(text, start + MAX_SENTENCE // 2, start + MAX_SENTENCE)
        spans.append(Span(start, cut))
        start = cut
        while start < end and _is_blank(text[start]):
            start += 1
    if start < end:
        spans.append(Span(start, end))


def _last_pause(text: str, start: int, end: int) -> int:
    """End of the last comma or blank of a stretch; the stretch's end where it has none."""
    pauses = [m.end() for m in _PAUSE.finditer(text, start, end)]
    return pauses[-1] if pauses else end


def split_clauses(sentence: str) -> list[Span]:
    """Clauses of one sentence: each with at most one run of acts.

    Cuts at semicolons of either width and before list numbers; then before a comma part that opens an act
    of its own (``组建教育集团5个，投入3亿元``), when what stands before it holds an act already. A part that
    only names purpose or result (``促进…``, ``提升…``) stays with the act it belongs to. Clauses tile
    the sentence: nothing is left out.

    Parameters
    ----------
    sentence : str
        One sentence as :func:`split_sentences` cuts it.

    Returns
    -------
    list of Span
        Half-open ranges of ``sentence``; the sentence itself when nothing is to cut.
    """
    stops = [m.end() for m in _CLAUSE_STOP.finditer(sentence)]
    cuts = set(stops)
    protected = [m.span() for m in _BRACKETED.finditer(sentence)]
    highs = [high for _, high in protected]
    begin = 0
    for comma in _COMMA.finditer(sentence):
        passed = bisect_right(stops, comma.start())
        begin = max(begin, stops[passed - 1] if passed else 0)
        if (
            _OPENS_ACT.match(sentence, comma.end()) or _SUBJECT_ACT.match(sentence, comma.end())
        ) and _HAS_ACT.search(sentence, begin, comma.start()):
            cuts.add(comma.end())
            begin = comma.end()
    return _tile(len(sentence), sorted(c for c in cuts if not _is_within(c, protected, highs)))


def _tile(length: int, cuts: list[int]) -> list[Span]:
    clauses: list[Span] = []
    start = 0
    for cut in [*cuts, length]:
        if cut - start >= MIN_CLAUSE or (cut == length and not clauses):
            clauses.append(Span(start, cut))
            start = cut
    if start < length:
        clauses[-1] = Span(clauses[-1].start, length)
    return clauses
