"""Which parts of a sentence tell what was done, and which what is to come.

A sentence is read part by part, as commas cut it. A part that tells of the future (``今年拟再建5所``) or of the past
(``去年新建学校4所``) carries its mark on to the parts behind it, until one says otherwise: an opening (``会议要求，``)
so holds for what it opens. The parts that name an act decide, the first of them first: in ``签订协议，到2024年结束``
the term says nothing of the signing. Terms of office, titles and names of programmes are no marks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from policy_corpus.annotate.sentences import ACTS

Mark = Literal["past", "future", "order", "duty", "advice"]

_QUOTED = re.compile(
    r"(?<=《)[^《》]{1,60}(?=》)|(?<=“)(?!我)[^“”，。；]{1,20}(?=”)|(?<=[（(])[^（）()]{1,40}(?=[）)])"
)
_PROGRAMME = re.compile(
    r"(?:行动|招生|特岗|国培|优师|教师|人才|培养|培训|支持|提升|发展|攻坚|帮扶|招募|专项|年度|教学|工作|学习|省培|银龄|英才)计划(?!(?:于|将|再))"
    r"|计划(?:生育|外|内|数|总数|书|性|生)|(?:有|按|本|该|此|这一|大|作为)计划(?!将|于)|(?:列入|纳入|完成|根据|依据|按照)[^，。；]{0,8}计划(?!将|于)"
    r"|(?:通过|实施|落实|执行|推进|依托|制定|制订|列入|纳入|启动)[^，。；]{0,14}计划"
)
"""计划 as a noun: the name of a programme or the thing that is kept, not the verb."""
_RANGE = re.compile(
    r"(?:从|自)[^，。；]{1,14}[到至][^，。；]{0,4}(?:19|20)[0-9]{2}年[0-9]{0,2}月?[0-9]{0,2}日?底?"
    r"|[到至](?:19|20)[0-9]{2}年[0-9]{0,2}月?[0-9]{0,2}日?底?(?:止|结束|为止|期满|届满|到期)"
    r"|(?:19|20)[0-9]{2}年?[0-9]{0,2}月?[-—－~至到](?:19|20)[0-9]{2}年?"
)
_PERIOD = re.compile(r"期(?<!分期)(?:限|间)?(?:为|从|自|到|至|将于|将在|共|满)[^，。；]{0,16}")
_STAY = re.compile(r"(?:将在|在)[^，。；]{0,12}(?:任教|支教|工作|挂职|服务)[^，。；]{0,8}[年月]")
"""How long something runs that is under way."""
_PLANNED_THING = re.compile(
    r"(?:计划|拟|预计|预算)[^，。；]{1,20}的(?=[^，。；]{2,20}(?:开工|启用|投入使用|竣工|落成|动工|封顶))"
)
_WILL = re.compile(
    r"(?<![即必势干名])将(?:(?:全额|足额|如期|正式|一律|分批|视情|视|还|也|集中|大幅|适当|适时|尽快|直接|优先|免费|另|首次|进一步|继续|持续|全面|全力|大力|积极|不断|着力|深入|加快|努力|充分|陆续|逐步|定期|重点|"
    r"坚持|聚焦|围绕|根据|依托|探索|按照|按|以|通过|于|对|把|为|从|会|由|与|采取|采用|会同|率先|再|每|达到|形成|成为|投用|"
    r"开工|完工|竣工|迎来|享受|惠及|消除|推出|启用|招生|招收|容纳|提供|使|让|可|更|同步|始终|认真|切实|高度|是|有(?=[0-9一二三四五六七八九十百千更近超])|"
    r"在(?!编|职|岗|校|读|园|建)|严格|统筹|强力|高标准|高质量|扎实|稳步|主动|分|用(?=[0-9一二三两四五]))"
    rf"|(?:{ACTS}|配足|设置|覆盖|开放|负责|转向|选|建|设|向|派|送|联合|共同|创新|突出|深度|延长|解决|吸引)"
    r"(?![^。；;，,]{0,25}(?:挂钩|纳入|作为|列入|计入|转化|融入|改造成|打造成|用于|并入|派往|派到|送到|改为|建成|安排到|投向|结成|结对))"
    r"(?!(?:评估|监测|督导|考核|补贴|奖励|帮扶)?[^。；;]{0,25}(?:挂钩|纳入|列入|计入)))"
)
"""将 before an act, an adverb or a preposition tells of the future; before an object (将…纳入…) it only moves it."""
_PLAN = re.compile(
    r"规划(?:新建|建设|改建|扩建|投资|增加|布局建)(?![^，]{0,10}的)|"
    rf"(?:(?<=[年月市县区校局省们还也并团府门])|^)计划(?=(?:{ACTS}|实现|完成|达到|覆盖)(?![^，]{{0,3}}(?:以来|后|中|情况)))|计划(?=(?!实现|完成|实施以来|实施后|实施中)(?:{ACTS})|[再将把用从到在于对为每年两三四五六七八九十0-9今明后通分逐改修拿选招重首]|投放|在|引入|购)"
)
_DEADLINE = re.compile(
    r"(?:[0-9]月|[0-9]日|月底|年底|年内|年末|学期|开学|假期)(?:之)?前(?!往|后|来|期|面|两|三|几|的|，)[^，。；]{0,16}"
    r"(?:完成|建成|实现|投入|消除|到位|达到|全部|覆盖|启用)"
    r"|(?<!去)年内(?!新建的|[^，。；]{0,12}已|共|先后)|(?:未来|今后)[0-9一二两三四五十]+(?:到[0-9一二两三四五十]+)?年"
    r"|(?:用|通过|利用)[0-9一二三四五]+(?:[至到-][0-9一二三四五]+)?年(?:左右)?(?:的)?时间"
)
_SAYS = re.compile(
    r"(?:方案|意见|办法|通知|文件|规划|纲要|细则|条例|规定|决定|要点|会议|会上|公告|》|提案|座谈会|推进会|调度会)"
    r"(?:还|也|则|中|同时|特别|进一步|指出并|对此){0,2}(?:提出|明确|要求|规定|强调|指出|议定|决定|确定|部署|提到)[，,：:]?"
    r"|^(?:并|还|同时|明确|进一步|特别){0,2}(?:提出|要求|强调|议定)(?!了|的)"
    r"|^(?!.{0,20}(?:落实|按|根据|依据|对照|达到|符合|围绕|贯彻))[^，]{0,30}(?<![”》的等述部级作准体家新高])(?:强调|要求|指出|提出|决定|议定|商定|承诺)[，,：:]$"
    r"|(?:要求|强调|提出)[^，。；]{0,14}[^重主需必次首只纲摘]要(?![求素点])"
)
"""What a document, a meeting or a head says is ordered, unless it tells facts."""
_SAYING = re.compile(r"商定|承诺|提出|明确|要求|规定|强调|指出|议定|决定|确定|部署|提到")
_ACCORDING = re.compile(
    r"^(?:根据|按照|依照)[^，。；]{0,16}(?:方案|规划|办法|意见|通知|》|规定)[^，。；要求精神]{0,4}[，,]$"
)
_MUST = re.compile(
    r"(?:^|[，,;；：:])[^，,;；：:。]{1,20}?[^重主需必次首不只就纲提概摘天周月]要(?![求素点闻害么是的道件领因会强约]|紧(?![盯扣抓跟密]))"
    r"|^要(?![求素点闻害么是的道件领因会强约]|紧(?![盯扣抓跟密]))"
)
"""Somebody named before 要 has to do it; compounds of 要 are left out."""
_FINISHED = re.compile(
    r"了(?<![为除罢得受]了)(?<!^了)(?![解望如然不无却])|被(?![动子褥迫])|[建办组招搭装换开][起上](?!来|学|级|课)"
)
_DONE_ASPECT = re.compile(r"已|曾|(?<![为除])了(?![解望如])")
_ATTRIBUTE = re.compile(r"[^，,；;。]{0,14}(?:的|基础上|之后)")
_OF_OTHERS = re.compile(r"^(?:凡|对|为|给|向|由|将|把|从|在|让|使|经|到|如|与)")
_TOPIC = re.compile(r"的(?:学校|教师|老师|校长|学生|单位|地区|[县区乡镇]|集团|人员|个人|儿童|家庭)?[，,]$")
_IF = re.compile(r"如果|只有|才能|一旦|假如|倘若|若")
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?<![0-9][0-9]{4})(?=年)")
_TO_YEAR = re.compile(
    r"[到至](?<!截.)(?<!截止.)((?:19|20)[0-9]{2})年(?!的)|((?:19|20)[0-9]{2})年(?:底)?(?:之)?前"
)
_PART = re.compile(r"[^，,；;：:。]*[，,；;：:。]?")
_ACT = re.compile(
    rf"{ACTS}|选派|交流|任教|送教|招|聘|派|建|办|设|拨|购|修|发放|改|签|补|提高|扩|带动|享受|享有|均|安装|添|送|授课|上课|合作|学习"
)
_FRAME = re.compile(
    r"^(?:为|随着|由于|针对|围绕|面对|鉴于)(?!期)|^在[^，,]{1,24}(?:前|后|时|下|中|上|际|同时)[，,]$|(?:之前|以后|之后|之际|的同时|以来|基础上)[，,]$"
)
"""A part that only frames the next one: purpose, occasion, time."""


_ONCE_BUILT = re.compile(
    r"(?:建成|投用|落成|竣工|完工|投入使用)(?:之|以)?后[，,]?(?:将|可|预计|能|会|就|每年可)"
)


class Part(NamedTuple):
    """A part of a sentence between commas, with the mark that holds there."""

    start: int
    end: int
    mark: Mark | None
    own: bool
    """Whether the mark stands in the part itself."""


@dataclass(frozen=True, slots=True)
class MarkReader:
    """Reads the marks of a sentence by word lists and by the grammar of 将, 计划, 要, 了 and dates."""

    past: re.Pattern[str]
    future: re.Pattern[str]
    order: re.Pattern[str]
    advice: re.Pattern[str]
    past_trigger: re.Pattern[str]
    trigger: re.Pattern[str]
    """What any mark has at least: most sentences have none, and need not be read part by part."""

    def may_be_past(self, sentence: str) -> bool:
        """Whether anything in a sentence could tell the past: where a plan is the rule, most need no more reading."""
        return self.past_trigger.search(sentence) is not None

    def parts(self, sentence: str, now: int | None) -> list[Part]:
        """Parts of a sentence in order.

        Parameters
        ----------
        sentence : str
            One sentence.
        now : int, optional
            Year in which it was written; dates before it are past, dates behind it to come.
        """
        text = _masked(sentence)
        if not self.trigger.search(text):
            return [Part(0, len(text), None, False)]
        conditional = _IF.search(text) is not None
        spans = [m.span() for m in _PART.finditer(text) if m.end() > m.start()]
        own = [self.mark(text[start:end], now, conditional=conditional) for start, end in spans]
        if not any(own):
            return [Part(0, len(text), None, False)]
        parts: list[Part] = []
        held: Mark | None = None
        for (start, end), mark in zip(spans, own, strict=True):
            held = mark or held
            parts.append(Part(start, end, held, mark is not None))
        return parts

    def mark(self, part: str, now: int | None, *, conditional: bool = False) -> Mark | None:
        """Mark of one part: a finished act outweighs a plan named before it."""
        if not self.trigger.search(part):
            return None
        finished = None if conditional else self._finished(part)
        future = self._future(part, now)
        if future is not None:
            return "past" if _DONE_ASPECT.search(part, future) and finished is not None else "future"
        if self.advice.search(part):
            return "advice"
        if finished is not None:
            return "past"
        if (_SAYING.search(part) and _SAYS.search(part)) or self.order.search(part):
            return "order"
        if "要" in part and _MUST.search(part):
            return "duty"
        if part[0] in "根按依" and _ACCORDING.search(part):
            return "future"
        return "past" if now is not None and _past_year(part, now) else None

    def _future(self, part: str, now: int | None) -> int | None:
        found = []
        if "将" in part:
            found.append(_WILL.search(part))
        if "计划" in part or "规划" in part:
            found.append(_PLAN.search(part))
        if "前" in part or "年" in part or "时间" in part:
            found += [_DEADLINE.search(part), _coming_year(part, now)]
        found.append(self.future.search(part))
        return max((m.start() for m in found if m), default=None)

    def _finished(self, part: str) -> int | None:
        """Where the part tells a finished or running act, other than as the attribute of a noun."""
        for match in self.past.finditer(part):
            if not _ATTRIBUTE.match(part, match.end()) or (match.start() == 0 and match.group() != "已"):
                return match.start()
        for match in _FINISHED.finditer(part):
            if not (_ATTRIBUTE.match(part, match.end()) and (_OF_OTHERS.match(part) or _TOPIC.search(part))):
                return match.start()
        return None


def _acts(part: str) -> bool:
    return _ACT.search(part) is not None and not _FRAME.search(part)


def _is_past(year: int, now: int | None) -> bool:
    return now is not None and year < now


def _coming_year(part: str, now: int | None) -> re.Match[str] | None:
    """Where the part names a year to come; ``到2027年`` is one unless it is known to be over."""
    dated = _TO_YEAR.search(part)
    if dated and not _is_past(int(dated.group(1) or dated.group(2)), now):
        return dated
    return next((y for y in _YEAR.finditer(part) if now is not None and int(y.group()) > now), None)


def _past_year(part: str, now: int) -> bool:
    """Whether the part names a year that is over, and none that is not."""
    years = [int(y) for y in _YEAR.findall(part)]
    return bool(years) and max(years) < now


def _masked(sentence: str) -> str:
    """The sentence with titles, names of programmes, terms and such blotted out, as long as before."""
    text = sentence
    if "《" in text or "“" in text or "（" in text or "(" in text:
        text = _QUOTED.sub(_blot, text)
    if "计划" in text:
        text = _PROGRAMME.sub(_blot, _PLANNED_THING.sub(_blot, text))
    elif "拟" in text or "预" in text:
        text = _PLANNED_THING.sub(_blot, text)
    if "年" in text:
        text = _STAY.sub(_blot, _RANGE.sub(_blot, text))
    return _PERIOD.sub(_blot, text) if "期" in text else text


def _blot(match: re.Match[str]) -> str:
    return "□" * len(match.group())


_PAST_TRIGGERS = r"了|被|起(?<=[建办组招搭装换开].)|上(?<=[建办组招搭装换开].)|五(?<=“十.五)”|五(?<=“十五)”"
_TRIGGERS = (
    "将|要|前(?<=[0-9月日底期内].)|年(?<=[0-9].)|年内|未来|今后|时间|计划|规划|提出|规定|强调|指出|议定|决定|明确|商定|承诺"
    "|根据|按照|依照"
)
"""Each begins with a letter of its own, as those of the lists do: a search then fails fast."""


def deciding(parts: Sequence[Part], sentence: str, start: int) -> Part | None:
    """The part from ``start`` on whose mark holds: the first that names an act, else the last with a mark."""
    here = [part for part in parts if part.end > start]
    if not any(part.mark for part in here):
        return here[0] if here else None
    acting = next((part for part in here if _acts(sentence[part.start : part.end])), None)
    return acting or next((part for part in reversed(here) if part.own), here[0] if here else None)


def unbuilt(parts: Sequence[Part], sentence: str, start: int) -> bool:
    """Whether a part from ``start`` on speaks of the time after completion, so that the thing is still to be built."""
    return "后" in sentence and any(
        _ONCE_BUILT.search(sentence, part.start, part.end) for part in parts if part.end > start
    )


def mark_reader(patterns: Mapping[str, re.Pattern[str]]) -> MarkReader:
    """Reader from the compiled lists ``sentence.past``, ``.future``, ``.order`` and ``.advice``."""
    lists = [patterns[f"sentence.{name}"] for name in ("past", "future", "order", "advice")]
    anywhere = [re.sub(r"\(\?<=\^[^)]*\)", "", words.pattern) for words in lists]
    past = re.compile("|".join([anywhere[0], _PAST_TRIGGERS]))
    trigger = re.compile("|".join([*anywhere, _PAST_TRIGGERS, _TRIGGERS]))
    return MarkReader(
        past=lists[0], future=lists[1], order=lists[2], advice=lists[3], past_trigger=past, trigger=trigger
    )
