"""Names in a text: longest match over the gazetteer, and the words around a name that forbid it."""

import re
from collections.abc import Iterator
from operator import add

from policy_corpus.annotate.regions.gazetteer import Gazetteer, Hit

HAN = re.compile(r"[\u4e00-\u9fff]")
SCHOOL_NOUN = (
    "师范大学|大学|学院|师范|中等专业学校|职业学校|职业技术学校|职业高中|高级中学|初级中学|初中|高中|中学|小学|幼儿园|"
    "学校|附中|附小|师大|职高|职中|党校|党委党校|电大|大附中|实小|实验小学|实验中学|外国语"
)
_STOP = (
    "的在了和与及、为对等把将使让被从向到赴由以于而并或各全每该本我你他其这那些所名个位余多"
    "建办推进加强县市区镇乡州省村里是有"
)
SCHOOL = re.compile(
    rf"[^{_STOP}\W]{{0,8}}?(?:第?[一二三四五六七八九十百0-9]{{1,3}})?(?:中心)?(?:{SCHOOL_NOUN})"
    r"(?!教育|生|阶段|教师|校长|学段|课程|建设|毕业)"
    r"|(?:第?[一二三四五六七八九十0-9]{1,3})[中小幼职](?![国央级心学共小])"
)
"""Right after a place name: the rest of a school's name. No function word may stand between."""
GENERIC_SCHOOLS = re.compile(
    r"^(?:(?:农村|乡村|城乡|城区|城市|市区|高等|民办|公办|普通|优质|薄弱|部分|教育|义务教育|中小|示范|重点|乡镇|偏远|山区|贫困|"
    r"试点|职业|特殊教育|名优|两地|地区|教师|组织|开展|实施|支援|帮扶|对口|结对|新增|投入|共有|现有|率先|选派|援建|启动)+.{0,4}(?:学校|中学|小学|高校|初中|高中|幼儿园|学院|大学)|中小学|中小学校|高中阶段|初中学业|高中学业)"
)
OTHER_NAME = re.compile(
    r"(?:[东西南北中一二三四五]{1,2})?(?:路|街(?!道)|大道|大街|巷(?!道)|胡同|公馆|大厦|广场|宾馆|饭店|酒店|商场|小区|花园|社区|"
    r"银行|证券|集团|公司|股份|药业|酒业|啤酒|机场|火车站|高铁站|汽车站|地铁|高速|铁路|大桥|水库|水电站|电厂|医院|日报|晚报|早报|"
    r"晨报|时报|出版社|电视台|人民出版|卫视|话|方言|菜(?!篮)|烤鸭|火锅|小面|小吃|米线|拉面|烧鸡|火腿|大曲|老窖|保卫战|战役|起义|会议(?!室)|合作组织|长江大桥|长江|奥运|冬奥|亚运|世博|"
    r"实验室|国家公园|灌区|库区|沙地|流域|水利枢纽|水系|矿区|遗址|抽水蓄能|石化|特钢|戏|高铁|地震|"
    r"时间|户口|[^的在了和与及、为对等把将向到赴由于而并各全组建办推进加强县市区教学育名校]{1,3}(?:集团|公司|股份)|共识|宣言|精神|公报|条约|大熊猫|牌|班(?![子级主]))"
)
TRANSPORT = re.compile(
    r"(?:港|江|河|湖|山|岛|海|寺|泉|洞|塔|关|门|站|井|潭|峡|湾|溪|岭|峰|桥)(?![市区县州城门关])"
)
"""After a county's short name: a river, a mountain, a lake."""
SUFFIX_TAIL = {"区": re.compile(r"[域块间位分别]"), "市": re.compile(r"场(?!镇)")}
"""What makes another word of an ending: 区|域, 市|场."""
WORD_TAIL = re.compile(r"[域块间位分别级场聘管校区市县镇乡城]")
COUNTY_TAIL = re.compile(r"[级管校聘域市区镇乡城直以]")
BEFORE_SMALL = re.compile(
    r"(?:[^\u4e00-\u9fff]|[在到赴由与从向往对为给让将于至是及援扶助请习访来去抵离驻]|[年月日时省市州盟地的]|同心|支持|帮助|帮扶|结对|联合|邀请|组织|推荐)$"
)
NOT_BEFORE_HE = re.compile(r"(?:[^\u4e00-\u9fff]|[在到赴由从向往对为给让于至援扶与及])$")
BEFORE_WORD_REGION = re.compile(
    r"(?:[西东]南|东北|西北|中西|[东西]|中心|主|老|新|大|全|各|我|本|该|某|县|镇|乡|个)$"
)
TOWN_WORD = re.compile(r"(?:城镇|村镇|城乡|居乡|化镇|下乡|中心镇|小镇)$")
"""Endings that make a town's name out of two words: 就地|城镇, 示范|村镇."""
HE_LIKE = frozenset("和与同为以")
RISKY = frozenset(
    "和与同为以范成南达安容宁陵高理环新富文礼代应息温单义兴吉古道费康洋佳忠景青威易唐献夏房随开连通金林乾索朗云丰赵曹滑雄寿叶临横广中东西永石全平"
)
"""First characters of two-character counties that often end another word (示范|县, 提高|县)."""
PERSON_TAIL = re.compile(r"(?:同志|先生|女士|老师说|校长说)")


def scan(text: str, gazetteer: Gazetteer) -> Iterator[Hit]:
    """Longest names from left to right. A name that the words around it forbid gives way to a shorter one."""
    names, townships, full = gazetteer.names, gazetteer.township_names, gazetteer.full_names
    free = previous_end = -1
    for position, sizes in enumerate(map(gazetteer.lengths.get, map(add, text, text[1:]))):
        if sizes is None or position < free:
            continue
        for size in sizes:
            name = text[position : position + size]
            if len(name) < size or (name not in names and name not in townships):
                continue
            hit = Hit(position, position + size, name, name in full or name not in names)
            if name not in names and _region_starts_inside(text, hit.end - 1, gazetteer):
                continue
            if allowed(text, hit, gazetteer, position == previous_end):
                hit = _give_back(text, hit, gazetteer)
                yield hit
                free = hit.end
                word = name in gazetteer.strong or name in gazetteer.generic
                previous_end = -1 if word else free
                break


def _region_starts_inside(text: str, position: int, gazetteer: Gazetteer) -> bool:
    """南阳|镇平县: the last character of a town's name begins a county's full name."""
    for size in gazetteer.lengths.get(text[position : position + 2], ()):
        name = text[position : position + size]
        if len(name) == size and size > 2 and name in gazetteer.full_names and name in gazetteer.names:
            return True
    return False


def _give_back(text: str, hit: Hit, gazetteer: Gazetteer) -> Hit:
    """乐山市中区 is 乐山 and 市中区, 青岛市北区 is 青岛 and 市北区: give 市 back where a child needs it."""
    if not hit.text.endswith("市") or len(hit.text) < 3:
        return hit
    child, short = text[hit.end - 1 : hit.end + 2], hit.text[:-1]
    if child not in ("市中区", "市南区", "市北区") or short not in gazetteer.names:
        return hit
    parents = {r.code for r in gazetteer.names[short]}
    if any(r.parent in parents for r in gazetteer.names.get(child, ())):
        return Hit(hit.start, hit.end - 1, short, False)
    return hit


def allowed(text: str, hit: Hit, gazetteer: Gazetteer, after_name: bool) -> bool:
    """Whether the characters around a name let it be a name at all. ``after_name``: a name ends where it starts."""
    before, after = text[max(0, hit.start - 4) : hit.start], text[hit.end : hit.end + 3]
    if any(before.endswith(a) and after.startswith(b) for a, b in gazetteer.no_names.get(hit.text, ())):
        return False
    if hit.text[0] in "万千百亿" and before[-1:].isdigit():
        return False
    if hit.text in gazetteer.township_names and hit.text not in gazetteer.names:
        return not re.match(r"[级域长企]", after)
    if not hit.full:
        return not (len(hit.text) == 2 and after[:1] == "族") and not PERSON_TAIL.match(after)
    if len(hit.text) == 2:
        return _small_allowed(before, after, hit.text, after_name)
    tail = SUFFIX_TAIL.get(hit.text[-1])
    if tail and tail.match(after):
        return False
    bare = hit.text[:-1]
    if hit.text in gazetteer.generic and not after_name:
        return not (WORD_TAIL.match(after) or BEFORE_WORD_REGION.search(before))
    if bare in gazetteer.strong and not after_name:
        return not (re.match(r"[级域区市县镇乡城]", after) or re.search(r"(?:[东西]|东北|西北|各)$", before))
    return True


def _small_allowed(before: str, after: str, name: str, after_name: bool) -> bool:
    """Two-character counties (和县, 范县, 成县): only where a word can begin before them."""
    if (COUNTY_TAIL.match(after) or after[:2] in ("（市", "(市", "（区", "(区")) and not after_name:
        return False
    if after_name or not before:
        return True
    if name[0] not in RISKY:
        return True
    if name[0] in HE_LIKE:
        return bool(NOT_BEFORE_HE.search(before))
    return bool(BEFORE_SMALL.search(before))


def school_after(text: str, end: int) -> int | None:
    """End of the school name that goes on at ``end`` (北京|师范大学), or None."""
    match = SCHOOL.match(text, end)
    if match is None or GENERIC_SCHOOLS.match(text[end : match.end()]):
        return None
    return match.end()


def other_name_after(text: str, end: int) -> int | None:
    """End of a road, firm, paper or station that a place name begins (北京|路), or None."""
    match = OTHER_NAME.match(text, end)
    return match.end() if match else None
