"""Who helps whom: the named partners of a pairing, givers → receivers.

Direction follows the wording: A对口支援B, B由A托管, B接受A帮扶, A选派教师到B支教. Where the wording
has none (A与B结对) the order of the text is kept: the unit named first stands among the givers.
An entry needs a named unit on both sides; classes (城区学校与农村学校) and half-deleted names give none.
"""

import re
from collections.abc import Callable

from policy_corpus.records import Partners

IsPlace = Callable[[str], bool]

# A text without one of these words has no partners; most sentences end here.
_TRIGGER = re.compile(
    "结对|对口|帮扶|支援|援助|援建|联盟|共同体|手拉手|牵手|托管|领办|代管|帮带|结成|结为|缔结|姊妹|互助|共建|协作|支教|组团|集团|携手|"
    "合作办学|挂钩|联谊|[区县市校学园中小][帮带](?!动|领|头)|联合体|委托|跟岗|核心校|龙头|牵头"
)
_CLAUSE = re.compile(r"[^，,；;。！!？?：:（）()\n|【】\[\]《》“”\"]+")

_SUFFIX = (
    r"(?:中学|小学|高中|初中|学校|幼儿园|中心校|中心园|附中|附小|附幼|大学|学院|教学点|完小|书院|分校|校区|[一二三四五六七八九十\d][中小幼](?!学|儿|心)|职教中心"
    r"|教育局|教体局|教育和体育局|教育体育局|教育厅|教委|教育集团|集团|学区|教育园区"
    r"|自治[区州县旗]|[省市区县旗州盟镇乡]|街道|兵团|第[一二三四五六七八九十]+师)"
)
_ENDS_HERE = re.compile(rf"{_SUFFIX}$")
_REGION_END = re.compile(r"[省市区县旗州盟]$")
_ENDS = re.compile(_SUFFIX)
_SELF = re.compile(r"(?:我|本|该)(?:省|市|区|县|旗|州|镇|乡|校|园|局)")
_GENERIC = re.compile(
    "城区|城镇|城市|城乡|农村|乡村|乡镇|镇乡|村镇|县城|市区|城里|乡下|山区|牧区|边远|偏远|边疆|贫困|薄弱|优质|优秀|中心|强|弱|重点|普通|高级|初级|完全|九年一贯制|义务教育|公办|民办|名优|名|省级|市级|县级|区级|"
    "校级|示范|骨干|龙头|核心|牵头|领航|成员|结对|对口|帮扶|受援|支援|援助|支教|受扶|托管|联盟|集团|盟|兄弟|周边|相关|有关|部分|其他|其它|各级各类|各地|各|每个|每所|每|所有|全|多|不同|"
    "东部|西部|中部|东西部|发达|欠发达|先进|落后|国内外|国内|省内|省外|市内|市外|县内|县域|区域|校际|地区|外|内|本土|当地|两地|双方|教育|中小|中|小|幼儿|高校|高等|高水平|知名|一流|[一二三四五六七八九十百几数两\\d]+|所|个|家|对|若干|"
    "的|之间|对于|学校|学|校|园|某|[xX×*]+|县|区|市|乡|镇|省|州|级|直属|直|属|片|民族|老区|革命|高中|初中|中学|小学|幼儿园|大学|学院|产业|职教|学区|区县|县区|院校|高职|中职|生源|规模|寄宿制|合作|协作"
)
# What may stand before a name without belonging to it; 从江, 将乐, 和平 and the like stay whole.
_BEFORE_NAME = re.compile(
    r"组织|安排|推动|推进|指导|确定|明确|采取|实行|建立|实施|通过|包括|形成|例如|比如|其中|促成|支持|引导|鼓励|选择|遴选|继续|深入|落实|深化|积极|加强|今年|去年|近年来|目前|已经|分别|依次|开展|启动|协调|动员|组建|发挥|"
    r"依托|利用|先后|主动|所属|下属|辖区内?|成立|打造|构建|主要是|即|如(?!皋|东)|由|让|把|以(?!勒)|的|了|在|是|将(?!乐)|从(?!江|化)|使|为|对(?!口)|向|同|跟|并|又|还|也|再|\d年|年内|\d月|\d日|期间|等|后|随着|根据|按照|实现|"
    r"做好|抓好|强化|扩大|积极推|全面|持续|选派|派出|抽调|帮扶|支援|结对|与|和(?!平|县|田|顺|林|静|硕|政|布)"
)
_AFTER_NAME = re.compile(
    r"\d{1,9}[所个对名家]|[一二三四五六七八九十百几数两多]{1,9}[所名]|开展|进行|实施|建设|发展|提升|工作|教育(?!局|集团|厅|和体育局|体育局|园区)|的|等|协作|组成|结成|结为|组建|建立|形成|签订|签署|结对|对口|帮扶|支援|托管|支教|跟岗|任教|挂职|学习|管理|办学|联盟|共同|之间|两[校地县区市]|实行|达成|缔结|牵手|手拉手|共建|合作|"
    r"交流|送教|作为|为|成为|是|在|已|都|均|就|并|成员|一起|一校|双方|完成|选派|派出|深入|分校建|不断|全面"
)
_AND = r"和(?!平|县|田|顺|林|静|硕|政|布|龙)"
"""The word and, not the first character of 和平, 和县, 和田, …"""
_LIST = re.compile(r"、|以及|(?<=[区县市州旗校学园中小])及|" + _AND)
_ORDERED = re.compile(r"分别|依次|一一|逐一|各自")
_COUNTED = re.compile(
    r"(?:\d{1,9}|[一二三四五六七八九十百几数两多]{1,9})(?:所|个|家)[^、]{0,60}$|(?:\d{1,9}|[两三四五六七八九十])[省市区县旗州]$"
)
_NUMBERED = re.compile(r"[省市区县州旗镇乡]?(?:第?[一二三四五六七八九十]{1,9}|\d{1,9})[中小幼]")
MAX_CLAUSE = 400
"""Characters; longer runs without a comma are no clauses (the longest of the coded sentences has 105)."""
MAX_NAME = 22
"""Characters; the longest school name with its county in the coded seeds has 17."""
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
MAX_ELIDED = 4
"""Characters of a place name without suffix (渭滨, 呼和浩特)."""

_ADVERBS = re.compile(
    rf"(?:{_ORDERED.pattern}|已经|已|将|要|先后|每年|每学期|累计|共|定期|主动|积极|还|也|都|均|再次|双方|等(?:地|校|区县|县区|学校)?|\s){{1,12}}$"
)
_KIND = re.compile(
    r"^(?:城区|农村|市区|乡村|山区|优质|薄弱|核心|龙头|受援|支援|牵头|成员|结对|中心)(?:学校|校)?的?"
)
"""城区龙泉小学: the kind of school stands before its name; not cut where nothing else is left (城郊小学)."""

_HOW = (
    r"(?:分别|依次|各自|一一|继续|全面|长期|结对|对口|定点|组团式?|“组团式”|一对一|精准|挂钩|牵手|负责"
    r"|共同|联合|整体|全方位|协作(?=帮扶|支援)){0,4}"
)
_HELP = (
    r"(?:支援|帮扶|援助|帮带|托管|领办|代管|接管|援建|帮建|(?<=对口)(?:协作|支持|帮助|合作)"
    r"|(?<=结对)(?:支持|帮助)|(?<=定点)(?:支持|帮助))"
)
_AFTER_UNIT = r"(?<=[区县市州校学园中小])"
_ACTIVE = re.compile(
    rf"{_HOW}{_HELP}(?:了|着)?|派往|派驻|{_AFTER_UNIT}帮(?!扶|助|带)|{_AFTER_UNIT}带(?!动|领|头)"
    rf"|{_AFTER_UNIT}(?:牵手|结对(?!子|学校|校|关系))"
)
_PASSIVE = re.compile(
    rf"(?P<by>由|被|接受|受|获得?|得到|委托|交由)(?P<agent>[^由被]{{2,60}}?)(?:来|进行|实施|开展)?{_HOW}{_HELP}|委托(?P<run>.{{2,40}}?)(?:管理|办学)"
)
_TOWARD = re.compile(
    rf"(?:对(?!口)|为|向|给)(?P<to>.{{2,60}}?)(?:进行|实行|实施|开展|给予|提供|予以)?(?:了)?{_HOW}(?:{_HELP}|结对)"
)
_SENT = re.compile(
    r"(?:选派|派出|派遣|抽调|派|组织|遴选|安排)[^、]{0,24}?(?P<where>到|赴|前往|进驻|入驻|去)(?P<to>.{2,40}?)(?P<act>支教|任教|送教|跟岗|学习|研修|挂职|帮扶|支援|交流|走教|轮岗|驻校)"
)
_LEARNS = ("跟岗", "学习", "研修", "挂职")
_MUTUAL = re.compile(
    r"结对|结成|结为|缔结|结盟|联合体|校际联盟|学校联盟|教育联盟|办学联盟|发展联盟|联盟校|共同体|手拉手|牵手|携手|姊妹|互助|帮扶|支援|对口|协作关系|协作体|教育协作|协作协议|挂钩|合作办学|"
    r"联谊|联合办学|教育集团|同步课堂"
)
_TO = (
    r"与(?!会)|(?<![共协不相合陪会等])同(?!步|心|仁|江|德|安|课|时|类|样)|跟(?!岗)|[—－–→↔]+"
    r"|(?<=[学校园中小县区市])-(?=[\u4e00-\u9fff])"
)
_WITH = re.compile(f"{_TO}|{_AND}")
_SIGN = re.compile(r"\s?(?:[+＋—－–→↔]+|(?<=[学校园中小县区市])-(?=[\u4e00-\u9fff]))\s?")
_SOON = re.compile(r"结对|结成|结为|缔结|手拉手|牵手|姊妹|校际|互助")
_PAIR = re.compile(rf"{_TO}|{_HOW}{_HELP}|{_AFTER_UNIT}(?:帮|带|对|援)(?!口|动|领|头)|结对")
_HEAD = re.compile(
    r"(?:以|由)(?P<from>[^以由，,；;。]{2,40}?)(?:为|作为|担任)?(?:龙头|核心|牵头|领航|领衔|盟主|总校)(?:校|学校|单位)?[，,]?(?:联合|带动|吸纳|辐射|携手|带领|与|组织)"
    r"(?P<to>[^，,；;。]{2,80})"
)
_ROLES = re.compile(
    r"(?:支援|帮扶|援助|牵头|领办)(?:方|校|学校|地|县区|单位|县|区)(?:为|是|有|包括|:|：)?(?P<from>[^，,；;。]{2,80})[，,；;]\s?"
    r"(?:受援|受扶|被帮扶|成员|受助|对口)(?:方|校|学校|地|县区|单位|县|区)(?:为|是|有|包括|:|：)?(?P<to>[^，,；;。]{2,80})"
)


def find_partners(text: str, is_place: IsPlace | None = None) -> list[Partners]:
    """Named givers and receivers of the pairings that ``text`` tells.

    Parameters
    ----------
    text
        A sentence or clause in simplified characters.
    is_place
        Whether a word without suffix (渭滨) names a place. Without it such a word counts only in a
        list, or opposite a list, with a member that has its suffix (高新区).

    Returns
    -------
    list of Partners
        In order of text; offsets into ``text``. Single pairs where the text orders them (分别, 依次,
        a list of pairs), else one entry with both sets. Names stand as written.
    """
    if not _TRIGGER.search(text):
        return []
    found: list[Partners] = []
    for pattern in (_ROLES, _HEAD):
        for match in pattern.finditer(text):
            found += _entries(match["from"], match["to"], match.start(), match.end(), is_place)
    taken = [(p.start, p.end) for p in found]
    for clause in _CLAUSE.finditer(text):
        if len(clause[0]) <= MAX_CLAUSE and not any(
            start < clause.end() and clause.start() < end for start, end in taken
        ):
            found += _clause_partners(clause[0], clause.start(), text, is_place)
    return sorted(found, key=lambda p: p.start)


def _clause_partners(clause: str, at: int, text: str, is_place: IsPlace | None) -> list[Partners]:
    pairs = _pair_list(clause, at, is_place)
    if pairs:
        return pairs
    for givers, receivers in _readings(clause, text):
        found = _entries(givers, receivers, at, at + len(clause), is_place, bool(_ORDERED.search(clause)))
        if found:
            return found
    return []


def _readings(clause: str, text: str) -> list[tuple[str, str]]:
    """Possible (givers, receivers) slots of a clause, the most telling wording first."""
    out: list[tuple[str, str]] = []
    if m := _PASSIVE.search(clause):
        agent = m["agent"] or m["run"]
        out += [(agent, clause[: m.start()]), (agent, clause[m.end() :].removeprefix("的"))]
    if m := _SENT.search(clause):
        sides = (clause[: m.start()], m["to"])
        out.append(sides if m["act"] not in _LEARNS else (sides[1], sides[0]))
    if m := _TOWARD.search(clause):
        out.append((clause[: m.start()], m["to"]))
    out += [(clause[: m.start()], clause[m.end() :]) for m in _ACTIVE.finditer(clause)]
    if _MUTUAL.search(clause):
        last = [m.end() for m in _MUTUAL.finditer(clause)][-1]
        joins = [
            m
            for m in _WITH.finditer(clause)
            if m.end() < last and (m[0] != "和" or _SOON.search(clause, m.end()))
        ]
        out += [(clause[: m.start()], clause[m.end() :]) for m in joins]
    elif _MUTUAL.search(text):
        out += [(clause[: m.start()], clause[m.end() :]) for m in _SIGN.finditer(clause)]
    return out


def _pair_list(clause: str, at: int, is_place: IsPlace | None) -> list[Partners]:
    """A与B、C与D、…: two or more items that are pairs themselves."""
    items = list(re.finditer(r"[^、]+", clause))
    if len(items) < 2:
        return []
    pairs: list[Partners] = []
    for item in items:
        pair = _one_pair(item[0], is_place)
        if pair:
            pairs.append(Partners(*pair, at + item.start(), at + item.end()))
    return pairs if len(pairs) >= 2 and len(pairs) >= len(items) - 1 else []


def _one_pair(item: str, is_place: IsPlace | None) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    for match in _PAIR.finditer(item):
        giver, receiver = _left_name(item[: match.start()]), _right_name(item[match.end() :])
        if giver and receiver and _is_named(giver, is_place) and _is_named(receiver, is_place):
            return (giver,), (receiver,)
    return None


def _entries(
    givers: str, receivers: str, start: int, end: int, is_place: IsPlace | None, ordered: bool = False
) -> list[Partners]:
    """Both slots read as lists of names; no entry unless both have one."""
    left, right = _left_list(givers), _right_list(receivers)
    sure = any(_REGION_END.search(n) and not _is_class(n) for n in (*left, *right))
    one, other = _named(left, is_place, sure), _named(right, is_place, sure)
    if not one or not other:
        return []
    if ordered and len(one) == len(other) > 1:
        return [Partners((a,), (b,), start, end) for a, b in zip(one, other, strict=True)]
    return [Partners(one, other, start, end)]


def _left_list(slot: str) -> list[str]:
    """Names of a list that ends where ``slot`` ends; the first may have other words before it."""
    slot = _ADVERBS.sub("", slot)
    if slot.endswith(("和", "、", "及", "与")):  # 做好对口支援…和帮扶…: two acts, no giver between them
        return []
    return [name for part in _LIST.split(slot) if (name := _left_name(part))]


def _right_list(slot: str) -> list[str]:
    """Names of a list that starts where ``slot`` starts; what follows the last one is cut off."""
    names: list[str] = []
    for part in _LIST.split(slot):
        name = _right_name(part)
        if not name:
            break
        names.append(name)
        if len(name) < len(part.strip()):
            break
    return names


def _left_name(part: str) -> str:
    part = _ADVERBS.sub("", part)
    part = _COUNTED.sub("", part).strip(" 　“”\"'")
    start = max((m.end() for m in _BEFORE_NAME.finditer(part) if m.end() < len(part)), default=0)
    name = _own(part[start:].strip(" 　“”\"'"))
    return name if 1 < len(name) <= MAX_NAME else ""


def _right_name(part: str) -> str:
    part = part.strip(" 　“”\"'")
    part = re.sub(rf"^(?:了|到|至|以及|及|与|{_AND})", "", part)
    stop = _AFTER_NAME.search(part)
    part = part[: stop.start()] if stop else part
    ends = [m.end() for m in _ENDS.finditer(part)]
    name = _own(part[: ends[-1]] if ends else part)
    return name if 1 < len(name) <= MAX_NAME else ""


def _own(name: str) -> str:
    rest = _KIND.sub("", name)
    return rest if rest != name and _has_suffix(rest) else name


def _has_suffix(name: str) -> bool:
    return bool(_SELF.fullmatch(name)) or (bool(_ENDS_HERE.search(name)) and not _is_class(name))


def _is_class(name: str) -> bool:
    """城区学校, 薄弱校, 中心小学, 某县: nothing of its own is left when the general words are taken out."""
    if _SELF.fullmatch(name) or _NUMBERED.fullmatch(name):
        return False
    return not _GENERIC.sub("", name).strip()


def _is_named(name: str, is_place: IsPlace | None) -> bool:
    return _has_suffix(name) or (is_place is not None and _is_elided(name) and _known(name, is_place))


def _is_elided(name: str) -> bool:
    return bool(_HAN_NAME.fullmatch(name)) and not _is_class(name)


def _known(name: str, is_place: IsPlace) -> bool:
    """A place, or a place in a place (天津和平)."""
    return is_place(name) or any(
        is_place(name[:i]) and is_place(name[i:]) for i in (2, 3) if i < len(name) - 1
    )


def _named(names: list[str], is_place: IsPlace | None, sure: bool) -> tuple[str, ...]:
    """The names that stand; an elided one (渭滨) needs a suffixed name in the entry, or the gazetteer."""
    kept: list[str] = []
    for name in names:
        elided = _is_elided(name) and (_known(name, is_place) if is_place else sure and len(names) > 1)
        if elided or _has_suffix(name):
            kept.append(name)
    return tuple(dict.fromkeys(kept))
