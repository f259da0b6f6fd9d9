"""What kind of text it is."""

import pytest

from tests.clean.pages import BODY, TITLE, only
from tests.clean.test_metadata import RULES, notice

REPORT = (
    "一年来，我校以办好每一个孩子为目标，扎实推进城乡结对工作。我校与云岭县白水小学、清河小学结成共同体，互派教师12人次，开展联合教研20次，"
    "教师教学能力明显提升。存在的问题是音乐、美术教师仍然不足。下一步，我校将继续深化教研共同体建设，争取更多支持。"
)
TEMPLATE = "20xx年，xx区坚持教育优先发展，扩建学校x所，新增学位xxxx个，大班额全面消除。全区组建教育集团x个，交流教师xx人，人均补贴xxx元，xx局获评先进。"
NAMELESS = (
    "为了促进小学教育的均衡发展，特制定本实施方案，旨在确保每个孩子都能获得优质的教育资源。一、目标。各地区应加强师资建设，减少差距。"
    "二、措施。政府应加大投入，建立跨校交流机制，完善评价体系，推动教育公平。希望各方能够共同努力。"
)
ESSAY = (
    "教育均衡，如何从口号走向现实？笔者认为，首先要承认差距，其次要舍得投入。政府应当把新增经费更多用于乡村，学校应该打开校门、共享课程。"
    "综上所述，均衡不是削峰填谷，而是让每一所学校都有自己的高度。此外，还要让教师安心从教，这是一切改革的关键所在。"
)
OFF_TOPIC = (
    "9月7日，云岭县西瓜节开幕。今年全县种植西瓜3万亩，预计总产量9万吨，产值2亿元。来自各地的客商参观了示范基地，现场签下订单5000吨，"
    "合作社还展示了新品种和冷链设备，游客可以在田间采摘，品尝当地小吃，晚上还有文艺演出和焰火。"
)


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("news", f"{TITLE}\n\n来源：云岭日报 2023-09-08\n\n{BODY}"),
        ("report", f"云岭县白水中学城乡结对工作总结\n\n{REPORT}"),
        ("report", f"城乡结对工作汇报\n\n云岭县教育局\n\n{REPORT}"),
        ("policy", notice()),
        ("policy", f"远江市教育局关于印发远江市教师交流办法的通知\n\n远教〔2019〕7号\n\n各县（市、区）教育局：\n\n{RULES}"),
        ("policy", f"云岭县白水小学2023年城乡结对工作方案\n\n为落实县教育局要求，我校制定本方案。{RULES}"),
        ("template", f"xx区义务教育均衡发展工作总结\n\n{TEMPLATE}"),
        ("template", f"小学均衡发展实施方案范文\n\n{NAMELESS}"),
        ("template", f"小学教育均衡发展实施方案\n\n{NAMELESS}"),
        ("template", f"某区集团化办学工作汇报\n\n某区推行集团化办学，全区x余所学校组成x个集团。{TEMPLATE}"),
        ("essay", f"义务教育如何走向均衡\n\n{ESSAY}"),
        ("essay", f"城乡教育均衡发展的思考\n作者：张三\n来源：《乡村教育》2018年第9期\n\n摘要：本文讨论均衡发展。\n关键词：均衡；教师\n{ESSAY}"),
        ("other", f"云岭县西瓜节开幕\n\n{OFF_TOPIC}"),
    ],
)  # fmt: skip
def test_kinds(kind: str, page: str) -> None:
    document = only(page)
    assert document.kind == kind
    assert 0 < document.kind_confidence <= 1
