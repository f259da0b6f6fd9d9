"""Who gives and who receives: donor, recipient and compared regions, read from the words around a name."""

import re

from policy_corpus.records import RegionRole

AID = (
    r"(?:对口(?:支援|帮扶|协作|援助|支教|合作|帮扶支援)|结对帮扶|组团式?(?:帮扶|支援|援助)|帮扶|援建|援助|支援|援藏|援疆|援青|"
    r"支教|情系|心系|情牵|牵手|东西部协作|托管帮扶|手拉手帮扶|定点帮扶|送教到?)"
)
GIVES = re.compile(rf"^(?![与和同由受]|接受|[两三]地|[两三][省市州县区])[^，,。！？；;：:\n与]{{0,18}}?{AID}")
"""After a name: the region acts (渭滨区对口支援…, 上海市选派教师赴…支教)."""
SENDS = re.compile(
    r"^[^，,。！？；;：:\n]{0,16}?(?:选派|派出|派|组织|捐赠|捐资|投入|援派)[^，,。！？；;\n]{0,22}?(?:赴|到|向|给|往|支援|援)"
)
PEOPLE = r"(?:教师|老师|校长|名师|专家|医生|干部|团队|同行|学校|教育人才)"
AT_ONCE = re.compile(
    rf"^(?:市|省|区|县)?的?(?:{PEOPLE})?(?:共|先后|累计|每年|又|还)?(?:选派|派|捐赠|捐资|援派|援助|援建|出资|寄来|带来|送来|传来|捐来)"
)
"""Right after a name: it sends people or things (广州选派教师20名, 中山的老师带来教案)."""
CAME = re.compile(rf"^来的{PEOPLE}")
TEACHERS_IN = re.compile(
    rf"^(?:市|省|区|县)?的?(?:支教)?{PEOPLE}(?!.{{0,20}}(?:跟岗|学习|培训|考察|观摩))[^，,。！？；;：:\n]{{0,12}}?(?:在|到|赴|走进|来到|情系|扎根|奔赴)"
)
TEACHERS_FROM = re.compile(
    rf"{PEOPLE}[^，,。！？；;：:\n]{{0,6}}(?:走进|来到|扎根)\Z|{PEOPLE}[^，,。！？；;：:\n]{{0,2}}[在到]\Z"
)
TOWARDS = re.compile(r"(?:向|给|为)\Z")
HANDS_OVER = re.compile(r"^(?:投入|捐|援|提供|输送|选派|派|赠)")
RECEIVED = re.compile(
    rf"(?:{AID}|赴|前往|奔赴|援派到|派往|援助|捐赠给|捐给|送往|送到)(?:了|的|到|给|向|地区|我省|我市|的是)?[^，,。！？；;：:\n的和]{{0,4}}\Z"
)
"""Before a name: the region is acted upon."""
PASSIVE_BEFORE = re.compile(
    r"(?:由|来自|受|接受|得到|获得|获|争取|在|引进|依托|感谢)[^，,。！？；;\n]{0,8}\Z"
)
PASSIVE_AFTER = re.compile(
    rf"^[^，,。！？；;\n]{{0,14}}?(?:{AID}|的?支持下|的?帮助下|的?援助下|倾力|倾情|派出的|选派的|支教|援派)"
)
DONOR_NOUN = re.compile(
    r"^[^，,。！？；;\n]{0,6}?(?:援[藏疆青宁川黔滇甘蒙陇鄂赣桂贵]|支教(?:老师|教师|团|队)|帮扶(?:团队|工作组|工作队|单位|城市|学校)|工作队|对口帮扶城市)"
)
PARTNER_BEFORE = re.compile(rf"(?:{AID})(?:单位|城市|地区|省份|方)[^，,。！？；;\n]{{0,3}}\Z")
COMPARED_BEFORE = re.compile(
    r"(?:与|同|比|和|相较于|较|学习|借鉴|参照|对标|考察|赴|到)[^，,。！？；;\n]{0,8}\Z"
)
COMPARED_AFTER = re.compile(
    r"^[^，,。！？；;\n]{0,8}?(?:相比|比较|等地?[^，,。；\n]{0,4}(?:经验|做法|模式)|(?:的)?(?:先进|成功|好|典型)?(?:经验|做法|模式)|考察|学习|参观|取经|观摩|跟岗|差距|跟班)"
)
WINDOW = 40


def role_of(text: str, start: int, end: int, group_start: int, group_end: int) -> RegionRole:
    """Role of the name at ``[start, end)`` that stands in the list ``[group_start, group_end)``.

    ``mentioned`` when no wording gives a role.
    """
    before = text[max(0, group_start - WINDOW) : group_start]
    after = text[group_end : group_end + WINDOW]
    if PASSIVE_BEFORE.search(before) and PASSIVE_AFTER.match(after) and not COMPARED_AFTER.match(after):
        return "donor"
    if DONOR_NOUN.match(after) or PARTNER_BEFORE.search(before):
        return "donor"
    if COMPARED_BEFORE.search(before) and COMPARED_AFTER.match(after):
        return "compared"
    if re.match(r"[^，,。；\n]{0,2}相比", after):
        return "compared"
    if TOWARDS.search(before) and HANDS_OVER.match(after):
        return "recipient"
    if RECEIVED.search(before) or TEACHERS_FROM.search(before):
        return "recipient"
    if "与" in text[group_start:group_end]:
        return "mentioned"
    if any(pattern.match(after) for pattern in (GIVES, SENDS, AT_ONCE, CAME, TEACHERS_IN)):
        return "donor"
    return "mentioned"
