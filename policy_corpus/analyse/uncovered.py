"""Clauses that look like measures and are covered by no code of the codebook.

What a measure looks like is learned from the corpus itself: words and word pairs that stand in sentences with a
measure more often than in others, whatever the code (log-odds, each word's share of such sentences shrunk to the
corpus' own). Sentences without a measure that may be open count on neither side, else the words of a gap would
speak against it the more often it stands (learning from positive and unlabelled examples). A clause is open where
no label and no evidence of a measure touches it. It looks like a measure where it holds a verb of action and a
stretch of words that speak for a measure and for the field.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from policy_corpus.annotate.codebook import Codebook
from policy_corpus.annotate.sentences import ACTS, Span, split_clauses
from policy_corpus.records import Passage

WINDOW = 4
"""Words in a row whose mean decides. A verb with its object has two to four; the mean over whole clauses lost
强化校园安全管理，严厉打击暴力犯罪 (trial on 100 city reports)."""
PRIOR = 10.0
"""Sentences of the corpus' usual mix that are added to those of each word, so that one seen once or twice hardly
counts: without it names that stand once beside a measure led the list."""
PAIR_SEEN = 3
"""A pair of words seen in so many sentences stands for its words: 主题教育 is not 教育."""
MAX_TERMS = 400_000
"""Terms counted at once (about 60 MB); beyond it those seen once are forgotten."""
FIELD_ODDS = 1.0
"""Log-odds from which a word speaks for the field where the codebook names no scope words."""
MIN_LIKENESS = 0.15
"""Mean log-odds from which a clause looks like a measure. With one of six codes hidden at a time, its labels and its
measures, 131 of the 205 sentences that carry it alone come back in 100 city reports, among 330 to 410 clauses (at
0.3: 126 among 305 to 380)."""
MIN_WORDS = 2

_ACT = re.compile(
    rf"{ACTS}|巩固|推动|提升|提高|保障|免除|接收|提供|关心|关爱|整治|治理|探索|引入|开放|延长|减轻|缓解|解决|推行|打击|接种|配送"
)
_STATED = re.compile(
    r"问题(?![^，,；;。]{0,4}整治)|困难(?!学生|家庭|群[众体]|儿童)|不足|差距|短板|难以|缺乏|匮乏|落后|制约|失衡|压力"
    r"|占比|覆盖率|入园率|巩固率|毛入学率|普惠率|录取|本科上线|一本上线|达线|达标率|获评|荣获|获奖|入选|被评为|位居|位列|领跑|第一方阵"
    r"|排名|满意度|成效显著|新成效|阶段性成效|全国推介"
)
"""Words of problems and of results: such clauses state, they do not act (codebook, rules 8 and 16)."""
_GENERAL = (
    "城乡|县域|区域|全[省市县区]|学前|义务|基础|中等|普通|高中|职业|高等|教育|教学|事业|公平|优质|优先|内涵式?|整体|全面|健康|协调|创新"
    "|高质量|高水平|均衡|普及|普惠|多样化?|多元|特色化?|现代化?|发展|质量|水平|能力|供给|持续|不断|稳步|[、和与的]"
)
_SLOGAN = re.compile(
    r"习近平|总书记|为指导|党的二十大|精神文明|满意的?教育|教育强[国省市州县区]"
    r"|(?:推进|推动|促进|提高|提升|加快|实现|坚持|发展|支持|加强|巩固|打造|建设)"
    rf"(?:{_GENERAL}){{0,12}}"
    r"(?:发展|质量|水平|普及普惠|优质均衡|一体化|现代化|提质扩优|扩优提质|步伐|事业|供给|高地)[，,；;。：:]*$"
    rf"|^(?:{_GENERAL}){{1,12}}(?:提升|提高|扩大|改善|优化|深化|推进)[，,；;。：:]*$"
)
"""A wish without a thing that is done (rule 16): 推动教育高质量发展."""
_FRAME = re.compile(
    r"\s{0,20}(?:围绕|借助|立足|着眼|按照|根据|依据|针对|坚持以|以[^，,]{2,30}为(?:契机|目标|导向|抓手|重点|载体|核心|基础|牵引|统领)[，,]*$)"
)
"""Clauses that only say by what light or for what end something is done."""
_NOT_OF_SCHOOL = re.compile(
    r"(?:警示|主题|国防|党性|党纪|纪律|干部|廉[政洁]|普法|法治宣传|宣传|团结进步|理想信念)教育|等(?:各项|领域)?(?:工作|事业)"
)
"""Education of cadres and of the public (rule 18), and lists of offices that each did their work."""
_SERVICES = re.compile(
    r"(?:医疗|卫生|文化|就业|养老|交通|社保|住房|科技)[、和与]?教育|教育[、和与]?(?:医疗|卫生|文化|就业|养老|社保|住房|科技)"
    r"|(?:家庭|社区|机关|单位|村镇|企业|医院|园区)、[^，,。、]{0,4}(?:学校|校园|校区)"
    r"|(?:学校|校园|校区)、[^，,。、]{0,4}(?:家庭|社区|机关|单位|村镇|企业|医院)"
)
"""Education named in a list of public services only (rule 18), schools in a list of all kinds of places."""
_VALUE = re.compile(
    r"(?:培养|培育|增强|引导|激发|陶冶|树立|养成|锤炼|促进)[^，,；;。]{0,24}"
    r"(?:情操|情感|情趣|情怀|审美观|人格|责任感|使命感|意识|自信|品格|格调|趣味|理想|修养|素养|价值观|想象力|之美|接班人|成长|全面发展)[，,；;。：:]*$"
)
"""What pupils shall become: a value that measures serve."""
_NOT_FIELD = re.compile(r"大学|研究生|留学生|博士|硕士")
"""Words of universities, some of which hold a word of the scope (学生 in 大学生)."""
_DIGIT = re.compile(r"[0-9０-９]")
_WORDLIKE = re.compile(r"[\u3400-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is read here: its passage in simplified script, its region, where its measures stand.

    ``evidence`` holds ranges of code points of the passage's text.
    """

    passage: Passage
    region: str | None = None
    evidence: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class OpenClause:
    """A clause without a measure that looks like one. ``start``/``end`` are code points of the body."""

    document_id: str
    passage_id: str
    start: int
    end: int
    text: str
    words: tuple[str, ...]
    region: str | None
    likeness: float
    """Mean log-odds of the stretch that speaks most for a measure."""
    because: tuple[str, ...]
    """The words of that stretch."""


@dataclass(slots=True)
class TermCounts:
    """In how many sentences with and without a measure each word and each pair of words stands."""

    stop_words: Collection[str] = frozenset()
    scope: tuple[str, ...] = ()
    """Words of the field; without them every sentence without a measure counts on the other side."""
    covered: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)
    sentences: Counter[bool] = field(default_factory=Counter)
    read: int = 0

    def add(self, sentence: Sentence) -> None:
        """Count one sentence; headings are left out, and so are sentences that may turn out to be open."""
        if sentence.passage.is_heading:
            return
        self.read += 1
        if not sentence.evidence and self.scope and may_be_open(sentence.passage.text, self.scope):
            return
        words = [word for word in sentence.passage.words if is_content(word, self.stop_words)]
        self.sentences[bool(sentence.evidence)] += 1
        counts = self.covered if sentence.evidence else self.other
        counts.update({*words, *(a + b for a, b in pairwise(words))})
        if len(counts) > MAX_TERMS:
            for term in [term for term, seen in counts.items() if seen == 1]:
                del counts[term]

    def odds(self) -> dict[str, float]:
        """Log-odds of each term: above 0 speaks for a measure. Pairs seen too seldom are left out."""
        base = (self.sentences[True] + 1) / (self.sentences.total() + 2)
        odds = {}
        for term in self.covered.keys() | self.other.keys():
            share = (self.covered[term] + PRIOR * base) / (self.seen(term) + PRIOR)
            odds[term] = _logit(share) - _logit(base)
        return odds

    def seen(self, term: str) -> int:
        """Sentences in which a term stands."""
        return self.covered[term] + self.other[term]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a stretch of words looks like a measure of the field; made once from the counts."""

    odds: Mapping[str, float]
    pairs: Collection[str]
    scope: tuple[str, ...]

    @classmethod
    def learn(cls, counts: TermCounts, scope: Sequence[str]) -> "Likeness":
        """From the counts of a corpus; ``scope`` are the codebook's words of the field."""
        odds = counts.odds()
        return cls(odds, {term for term in odds if counts.seen(term) >= PAIR_SEEN}, tuple(scope))

    def best(self, words: Sequence[str]) -> tuple[float, tuple[str, ...]]:
        """Highest mean log-odds of a window with a word of the field, and that window."""
        weights = self._weights(words)
        best: tuple[float, tuple[str, ...]] = (-math.inf, ())
        size = min(WINDOW, len(words))
        for begin in range(len(words) - size + 1):
            window = tuple(words[begin : begin + size])
            mean = sum(weights[begin : begin + size]) / size
            if mean > best[0] and any(self.of_field(word) for word in window):
                best = mean, window
        return best

    def of_field(self, word: str) -> bool:
        """Whether a word belongs to the field: by the codebook's scope, else as learned."""
        if self.scope:
            return any(part in word for part in self.scope) and not _NOT_FIELD.search(word)
        return self.odds.get(word, 0.0) >= FIELD_ODDS

    def _weights(self, words: Sequence[str]) -> list[float]:
        """Each word's log-odds, or those of the known pairs it stands in."""
        weights = []
        for i, word in enumerate(words):
            around = [words[j] + words[j + 1] for j in (i - 1, i) if j >= 0 and j + 1 < len(words)]
            known = [self.odds[pair] for pair in around if pair in self.pairs]
            alone = self.odds.get(word, 0.0)
            weights.append(min([alone, *known]) if known else alone)
        return weights


def may_be_open(text: str, scope: Sequence[str]) -> bool:
    """Whether a sentence without a measure holds a clause of the field with an act in it."""
    return any(word in text for word in scope) and any(
        any(word in part for word in scope) and _ACT.search(part) and not states_only(part)
        for part in (text[c.start : c.end] for c in split_clauses(text))
    )


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def is_content(word: str, stop_words: Collection[str]) -> bool:
    """Whether a word carries a subject: two Chinese characters at least, and no stop word."""
    return word not in stop_words and _WORDLIKE.fullmatch(word) is not None


def open_clauses(
    sentence: Sentence, codebook: Codebook, likeness: Likeness, stop_words: Collection[str]
) -> Iterator[OpenClause]:
    """Clauses of a sentence that look like measures and that no measure and no label of the codebook touches.

    A sentence coded by the classifier alone, without a label, is covered as a whole; so is a clause with a label
    that the classifier held for no measure, because its words are known to the codebook.
    """
    passage = sentence.passage
    if passage.is_heading or not codebook.in_scope(passage.text):
        return
    hits = codebook.match(passage.text, hints=bool(sentence.evidence))
    labels = [(hit.start, hit.end) for hit in hits]
    if sentence.evidence and all(hit.hint for hit in hits):
        return
    partial = [span for span in sentence.evidence if span != (0, len(passage.text))]
    for clause in split_clauses(passage.text):
        text = passage.text[clause.start : clause.end]
        if any(clause.start < end and start < clause.end for start, end in [*labels, *partial]):
            continue
        if not _ACT.search(text) or states_only(text):
            continue
        words = _words_in(passage, clause, stop_words)
        if len(words) < MIN_WORDS:
            continue
        score, because = likeness.best(words)
        if score >= MIN_LIKENESS:
            yield OpenClause(
                document_id=passage.document_id,
                passage_id=passage.passage_id,
                start=passage.start + clause.start,
                end=passage.start + clause.end,
                text=text,
                words=words,
                region=sentence.region,
                likeness=round(score, 3),
                because=because,
            )


def states_only(text: str) -> bool:
    """Whether a clause names a problem, a result or a wish, and no act."""
    if _FRAME.match(text) or any(p.search(text) for p in (_STATED, _SERVICES, _VALUE, _NOT_OF_SCHOOL)):
        return True
    return _SLOGAN.search(text) is not None and not _DIGIT.search(text) and "《" not in text


def _words_in(passage: Passage, clause: Span, stop_words: Collection[str]) -> tuple[str, ...]:
    """Content words of a clause. Words hold no white space, so their places follow from their lengths."""
    words, at = [], 0
    for word in passage.words:
        while at < len(passage.text) and passage.text[at].isspace():
            at += 1
        if clause.start <= at and at + len(word) <= clause.end and is_content(word, stop_words):
            words.append(word)
        at += len(word)
    return tuple(words)
