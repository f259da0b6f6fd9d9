"""What a text is: news, report, policy, template, essay or other, from its form and its wording."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from policy_corpus.clean.byline import Facts
from policy_corpus.clean.lines import Line
from policy_corpus.clean.metadata import signed_above
from policy_corpus.clean.names import named_offices, named_places, named_schools
from policy_corpus.records import Kind

EDUCATION_WORDS = 1.0
"""Education words per 1,000 characters below which a text is off topic.

Work reports of ``data/reports-2024`` have 3 to 12, ``data/noise`` 0 to 3.
"""
EDUCATION_HITS = 8
"""Education words that make any text one about education too (a work report has a paragraph of them)."""
_OPENING = 600
READ = 100_000
"""Characters of a text whose wording is looked at; the longest report has 34,000."""

_EDUCATION = re.compile(
    r"教育|学校|教师|学生|办学|课程|学位|幼儿园|小学|中学|校长|教学|师资|招生|校园|初中|高中|教研|支教"
    r"|班级|入学|育人|老师|家长"
)
_BLANK = re.compile(
    r"(?<![A-Za-zＡ-Ｚ])(?:[xXｘＸ×*＊]{1,4}|某|\*{1,3})(?:省|市|县|区|镇|乡|校|局|小学|中学|学校|村"
    r"|街道|年|月|所|名|人|个|万|亿|余|集团"
    r"|单位)|(?:19|20)\d?[xX×]{1,2}年|\*\*\*|_{3,}"
)
_MODEL_TITLE = re.compile(
    r"范文|范本|模板|样本|样板|通用|精选|[（(][共精选通用]*\s*[\d一二三四五六七八九十]+\s*篇[）)]"
    r"|篇[一二三四五六七八九十\d]$|策划方案|某|[xX×]{1,3}(?:区"
    r"|县|市|校)"
)
_POLICY_TITLE = re.compile(
    r"(?:方案|意见|通知|办法|细则|规定|规划|计划|纲要|要点|决定|条例|制度|通告|公告|批复|函|措施|清单"
    r"|章程|通报|公示|名单|分配表|一览表"
    r"|《[^》]{4,60}》)(?:[（(][^）)]{1,12}[）)])?$|关于印发|关于转发|印发《"
)
_NATIONAL = re.compile(r"中共中央|国务院|教育部|财政部|全国人大|人力资源社会保障部")
_EVENT_TITLE = re.compile(r"召开|举行|举办|签约|启动|揭牌|获评|入选|调研|观摩|走进|赴|亮相|开班|开学")
_DATELINE = re.compile(r"(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}日|近日|日前|(?:本报|新华社|本网)")
_RECENT = re.compile(r"\d{1,2}月\d{1,2}日|近日|日前|今年|近年来|去年")
_PAIR = re.compile(r"两校")
_PLAN = re.compile(r"方案|计划|规划|细则|总结")
_ORDER = re.compile(
    r"现印发给你们|印发给你们|请(?:认真|结合实际|遵照|按照).{0,12}(?:贯彻|执行|落实|组织)|遵照执行"
    r"|经.{0,14}(?:研究)?同意|特此通知|现(?:就"
    r"|将).{4,80}(?:如下|通知|意见)|制定(?:本|以下)(?:实施)?(?:意见|方案|办法|细则|规划)|提出(?:如下"
    r"|以下)(?:实施)?意见|本(?:办法|意见|规定|细则)自"
)
_ADDRESSEE = re.compile(
    r"^各(?:县|市|区|州|乡|镇|省|自治|设区|有关|直属|部门|学区|中心|中小学|学校|街道|地)[^。]{2,90}[:：]$"
)
_REPORT = re.compile(
    r"各位(?:代表|委员|主任)|我(?:谨|受)?代表.{0,14}(?:政府|行署|委员会|学校).{0,12}(?:报告|汇报)"
    r"|作工作报告|向大会(?:报告|作)|予以?审议|政府工作报告"
    r"|现将.{2,30}(?:汇报|报告|总结)如下|工作(?:总结|汇报)如下"
)
_OWN = re.compile(r"我(?:们)?(?:校|县|市|区|局|乡|镇|州|省|园)|我们学校|我集团")
_SUMMARY = re.compile(
    r"[一五三]年来|过去(?:的)?一年|工作回顾|下一步工作|存在的?(?:困难和)?(?:问题|不足)|(?:主要|具体)做法"
    r"|工作(?:成效|亮点|打算)"
)
_DONE = re.compile(r"已|了|取得|完成|实现|建成|投入|开展|形成|成立|获|荣获|达到|增长")
_NEWS = re.compile(
    r"消息[（(：]|日电|快讯|联播|记者|通讯员|本报讯|新华社|讯[）)]|电[）)]|近日|日前|据了解|据介绍|据悉"
    r"|采访|(?:局长|校长|书记|主任|县长|市长|教师|老师"
    r"|家长)[\u4e00-\u9fff]{2,4}(?:说|介绍|表示|强调|告诉)|会议(?:要求|强调|指出|宣布|认为|议定|传达)"
    r"|图为|摄$|报道"
)
_PAPER = re.compile(
    r"关键词|摘\s?要|参考文献|中图分类号|文献标识码|文章编号|作者单位|基金项目|课题(?:组|编号|研究)"
    r"|先生认为|学者|综上所述|本文"
)
_OPINION = re.compile(
    r"政府(?:应|应该|应当|可以|要)|应(?:该|当)|至关重要|说实话|我觉得|我认为|笔者|个人认为|首先|其次"
    r"|再者|此外|总之|不可忽视|作为教育人|势在必行|关键所在|毋庸置疑"
)
_ESSAY_TITLE = re.compile(
    r"如何|浅谈|浅析|浅议|试论|刍议|略论|之我见|思考|研究|探索|探析|实践|策略|对策|路径|启示|心得|体会"
    r"|分析|关键|论|为什么|新举措|随笔|感悟|例谈|举措 "
)
_REPORT_TITLE = re.compile(
    r"总结|小结|汇报|工作报告|自查|情况报告|述职|经验(?:材料|介绍|交流)?|做法|工作情况|典型材料|自评"
    r"|公报|成效|年报"
)
_ADVICE = re.compile(
    r"各地区?应|应(?:采取|加强|建立|加大)|我们(?:提出|将|的目标)|本(?:实施)?方案|特制定本|旨在"
    r"|希望(?:能够|各方)"
)
_SPAM = re.compile(r"投注|博彩|彩票|棋牌|娱乐城|赌场|成人|无码|优惠|加盟|包邮")


@dataclass(frozen=True, slots=True)
class KindGuess:
    """A kind and the share of its score among all kinds, 0..1."""

    kind: Kind
    confidence: float


@dataclass(frozen=True, slots=True)
class _Signs:
    """What the scores look at, gathered once."""

    title: str
    text: str
    opening: str
    issued: bool
    """Whether it bears a document number or a seal."""
    number: bool
    sealed: bool
    addressed: bool
    signed: bool
    subtitle: str
    dated: bool
    sourced: bool
    authored: bool
    named: bool
    placed: bool
    blanks: int
    own: float
    """Words such as 我校 and 我县 per 1,000 characters."""
    policy_title: bool
    report_title: bool
    report_words: int
    dateline: bool


def guess_kind(
    title: str, lines: Sequence[Line], said: Facts, number: str | None, sealed: str | None
) -> KindGuess:
    """Kind of a text.

    Scores add up over signs of form (number, seal, addressees, source line), wording of the title and
    density of words in the text; confidence is the softmax share of the winner.
    """
    signs = _signs(title, lines, said, number, sealed)
    spam = len(_SPAM.findall(signs.text)) > 3
    scores: dict[Kind, float] = {
        "template": _template(signs),
        "policy": _policy(signs),
        "report": _report(signs),
        "news": _news(signs),
        "essay": _essay(signs),
        "other": 0.6 + 4 * is_off_topic(title, signs.text) + 2 * spam + (len(signs.text) < 80),
    }
    best = max(scores, key=lambda k: scores[k])
    total = sum(math.exp(v) for v in scores.values())
    return KindGuess(best, round(math.exp(scores[best]) / total, 3))


def _signs(title: str, lines: Sequence[Line], said: Facts, number: str | None, sealed: str | None) -> _Signs:
    text = wording(lines)
    first = lines[0].norm if lines else ""
    dateline = _DATELINE.match(first) is not None
    return _Signs(
        title=title,
        text=text,
        opening="".join(x.norm for x in lines[:4])[:200],
        issued=bool(number or sealed),
        number=bool(number),
        sealed=bool(sealed),
        addressed=any(_ADDRESSEE.match(x.norm) for x in lines[:12]),
        signed=signed_above(lines) is not None,
        subtitle=first if first.startswith(("—", "―", "--")) else "",
        dated=bool(said.published or said.updated or said.undated_label),
        sourced=bool(said.source_unit),
        authored=bool(said.author),
        named=_is_named(title, text),
        placed=bool(named_places(title)),
        blanks=blanks(title + text),
        own=_per_thousand(_OWN, text) + (0.0 if dateline else _per_thousand(_PAIR, text)),
        policy_title=_POLICY_TITLE.search(title) is not None,
        report_title=_REPORT_TITLE.search(title) is not None,
        report_words=len(_REPORT.findall(title + text[:3000])),
        dateline=dateline,
    )


def wording(lines: Sequence[Line]) -> str:
    """The text of some lines, as far as its wording is looked at."""
    taken, size = [], 0
    for line in lines:
        taken.append(line.norm)
        size += len(line.norm) + 1
        if size > READ:
            break
    return "\n".join(taken)[:READ]


def is_off_topic(title: str, text: str) -> bool:
    """Whether a text has clearly nothing to do with education."""
    hits = len(_EDUCATION.findall(title)) * 3 + len(_EDUCATION.findall(text))
    return hits < 2 or (hits < EDUCATION_HITS and hits * 1000 < EDUCATION_WORDS * len(text))


def blanks(text: str) -> int:
    """Number of template blanks: xx区, ××县, 某校, 20xx年."""
    return len(_BLANK.findall(text))


def _per_thousand(pattern: re.Pattern[str], text: str) -> float:
    return len(pattern.findall(text)) * 1000 / max(300, len(text))


def _is_named(title: str, text: str) -> bool:
    """Whether the text stands for a body with a name of its own."""
    if _NATIONAL.search(title) or named_places(title) or named_offices(title) or named_schools(title):
        return True
    schools = len(named_schools(text))
    if _OWN.search(text) and (schools or named_offices(text)):
        return True
    return len(named_places(text[:_OPENING])) >= 2 or len(named_places(text)) >= 4 or schools >= 4


def _template(signs: _Signs) -> float:
    score = 3.0 * bool(_MODEL_TITLE.search(signs.title)) + min(8.0, 1.2 * signs.blanks)
    if signs.issued:
        return score - 2
    plan = signs.policy_title or signs.report_title or _PLAN.search(signs.title)
    if plan and not signs.named:
        score += 3.0 + min(1.0, 0.5 * len(_ADVICE.findall(signs.text)))
    return score


def _policy(signs: _Signs) -> float:
    score = 3.0 * signs.number + 2.0 * signs.sealed + 1.5 * min(2, len(_ORDER.findall(signs.text)))
    score += 2.0 * signs.addressed
    if signs.policy_title:
        score += 3.5 if signs.named else 1.0
    elif not signs.issued:
        score -= 2
    return score - 1.5 * (signs.report_words >= 2) - 0.8 * min(3, signs.blanks)


def _report(signs: _Signs) -> float:
    score = 2.5 * signs.report_title + min(6.0, 2.5 * signs.report_words)
    score += 4.0 * signs.signed + 3.5 * bool(_REPORT_TITLE.search(signs.subtitle))
    score += min(3.0, signs.own * 1.2) + min(2.0, 0.5 * len(_SUMMARY.findall(signs.title + signs.text)))
    score -= 2.0 * signs.policy_title + 2.0 * signs.dateline
    if signs.named and signs.own:
        score += 1.0 + 1.0 * (_per_thousand(_DONE, signs.text) > 5)
    return score - (0.0 if signs.named or score > 4 else 2.0)


def _news(signs: _Signs) -> float:
    score = 1.5 * signs.dated + 1.0 * signs.sourced + min(3.0, _per_thousand(_NEWS, signs.text) * 0.9)
    score += 1.0 * bool(_RECENT.search(signs.opening)) + 1.0 * signs.dateline
    score += (
        (1.0 if signs.named else -1.5) + 0.8 * signs.placed + 1.2 * bool(_EVENT_TITLE.search(signs.title))
    )
    score -= 1.5 * signs.policy_title + 1.0 * signs.report_title
    return score - min(2.5, signs.own) - 0.8 * min(3, signs.blanks) - 2.5 * (signs.report_words > 0)


def _essay(signs: _Signs) -> float:
    score = 1.5 * bool(_ESSAY_TITLE.search(signs.title)) + min(3.0, 1.0 * len(_PAPER.findall(signs.text)))
    score += min(3.0, _per_thousand(_OPINION, signs.text) * 0.6) + 0.5 * signs.authored
    return score - 2.0 * signs.policy_title + 0.5 * (not signs.named)
