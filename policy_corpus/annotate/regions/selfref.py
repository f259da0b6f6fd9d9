"""Words that point to a region without naming it (我县, 全区, 该市) and words for no region at all (某区, XX县)."""

import re
from collections.abc import Iterator

from policy_corpus.annotate.regions.gazetteer import Gazetteer

SELF = re.compile(
    r"(?P<who>我们|我|本|该|全)(?P<unit>自治区|自治州|自治县|省|市|县|区|州|盟|旗)(?![场域分间别块位民委纪徽花树]|级别|长|县级|长期)"
)
NOT_BEFORE = {
    "全": "安健完齐保周万成双十",
    "本": "基根资成样版文日书剧脚课原校",
    "该": "应",
    "我": "自",
    "我们": "",
}
"""Characters that make another word with the pointer: 安全区, 基本市, 应该, 自我."""
PLACEHOLDER = re.compile(
    r"(?:某某?|[xX×Ｘ╳＊*○〇□_＿]{1,4}|(?<![A-Za-z0-9])[A-Z]{1,2})"
    r"(?:自治区|自治州|自治县|[省市县区州旗乡镇]|街道)(?![域块间])"
)
PLACE_ENDINGS = {
    "省": ("省",),
    "市": ("市",),
    "县": ("县",),
    "区": ("区",),
    "州": ("州",),
    "盟": ("盟", "地区"),
    "旗": ("旗",),
    "自治区": ("自治区",),
    "自治州": ("自治州",),
    "自治县": ("自治县",),
}


def self_references(text: str) -> Iterator[tuple[int, int, str, str]]:
    """``(start, end, who, unit)`` of each pointer."""
    for match in SELF.finditer(text):
        before = text[match.start() - 1] if match.start() else ""
        if before and before in NOT_BEFORE[match["who"]]:
            continue
        yield match.start(), match.end(), match["who"], match["unit"]


def placeholders(text: str) -> Iterator[tuple[int, int]]:
    """Places of 某区, xx区, X县, ××市; 某市某区 is one."""
    start = end = -1
    for match in PLACEHOLDER.finditer(text):
        if match.start() == end:
            end = match.end()
            continue
        if end >= 0:
            yield start, end
        start, end = match.span()
    if end >= 0:
        yield start, end


def matches_unit(code: str, unit: str, gazetteer: Gazetteer) -> bool:
    """Whether a region is a 市, 县, 区 … by its name."""
    name = gazetteer.current[code].name
    if unit == "区" and name.endswith("自治区"):
        return True
    if unit == "县" and name.endswith("自治县"):
        return True
    return name.endswith(PLACE_ENDINGS[unit])


def own_region(home: str, unit: str, gazetteer: Gazetteer) -> str | None:
    """The region that 我省, 我市, 我县 … means in a text of ``home``: itself or the nearest one above of that kind."""
    for code in gazetteer.ancestors(home):
        if code in gazetteer.current and matches_unit(code, unit, gazetteer):
            return code
    return None
