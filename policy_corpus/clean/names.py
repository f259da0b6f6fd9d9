"""Named bodies against general words: 正阳小学 and 海盐县 against 农村小学 and 贫困县. No list of places."""

import re

_BODY = re.compile(
    r"人民政府|教育局|教体局|教委|小学|中学|幼儿园|教育集团|联小|完小|中心校|街道|县|市|区|州|镇|乡|省"
)
_GENERAL_WORDS = (
    "城乡 农村 乡村 城市 中心 各级 民办 公办 薄弱 优质 试点 示范 结对 联动 双方 受援 "
    "支援 帮扶 成员 牵头 核心 领航 乡镇 城区 山区 地区 普通 完全 一贯 全体 所有 所在 "
    "其他 部分 当地 我们 教学 中小 联盟 多所 一所 每所 几所 各个 特殊 义务 寄宿 偏远 "
    "贫困 所属 直属 辖区 片区 校区 社区 园区 学区 灾区 重点 附近 名校 初级 高级 规模 "
    "城镇 现代 素质 兄弟 友好 新建 原有 周边 对口 落后 先进 受导 优秀 班级 我国 区域 "
    "均衡 达标 脱贫 发达 强县 大县 一个 这些 那些 某些 许多 不少 不同 基层 边远 弱势 "
    "弱校 强校 一般 相关 有关 合作 协作 参与 项目 特色 联合 集团 本校 他校 外校 两所 "
    "三所 县城 县域 共同 推进 促进 加强 发展 建设 教育 管理 文明 卫生 创新 改革 之间 "
    "分校 总校 组织 每个 整个 各类 各所 全国 国家 传统 水平 质量 方案 计划 意见 实验 "
    "提升 提高 推动 实现 完善 调整 确保 面对 强化 增强 引领 解决 实行 关注 关心 支持 "
    "优化 规范 办好 改善 扩大 巩固 致力 涉及 围绕 落实 根据 评估 避免 选择 帮助 指导 "
    "成立 开展 深化 更多 规划 就读 保障 突出 构建 形成 带动 服务 面向 走进 深入 联系 "
    "考察 参观 创建 打造 利用 依托 针对 按照 结合 通过 作为 成为 属于 学生 教师 老师 "
    "家长 孩子 儿童 校长 我省 我市 我县 我区 全省 全市 全县 全区 各省 各市 各县 各区 "
    "本省 本市 本县 本区 外省 外市 跨省 省市 市县 县区 区县 先行 开发"
)
_GENERAL = frozenset(_GENERAL_WORDS.split())
_PARTICLES = (
    "的是了和在与对为由从以及有着过到于等将把被让使给向往或并而且就都也还又再每各全我本该某其此"
    "这那哪几多些个所名位间家校省市县区镇乡办生师小中大、"
)
_BEFORE = {
    "区": "地社学片校园山城辖特小景灾老牧市县各全我本该郊库厂分战林矿新疫某省跨x*X×禁误盲专功行落绕时",
    "市": "城都门超股上全我各县省本该地某*xX×入夜早菜闹黑楼车和与绕",
    "县": "全我各本该市州某区郡贫*xX×衡范点标强大设和与",
    "省": "全我各本该某节反外跨*xX×和与",
    "州": "全我各本该某和与",
    "镇": "城乡各集村全我本该某小重心*xX×和与",
    "乡": "城下家故返水老各我本某思还回进入同离*xX×和与",
}
_SHORT_COUNTY = re.compile(
    r"(?:(?<=^)|(?<=[\n省市州，。、（(]))[\u4e00-\u9fff]县(?=[\u4e00-\u9fff])(?![域级城镇校村际])"
)
_AFTER = re.compile(r"[域级城镇校村际区市县属管里内外人长]")


def named_places(text: str) -> list[str]:
    """Names of areas as far as their form tells (海盐县, 钢城区), in order, with repetitions."""
    return [name for name, kind in _names(text) if kind in _BEFORE or kind == "街道"]


def named_schools(text: str) -> list[str]:
    """Names of schools as far as their form tells (正阳小学), in order, with repetitions."""
    return [
        name
        for name, kind in _names(text)
        if kind in {"小学", "中学", "幼儿园", "联小", "完小", "中心校", "教育集团"}
    ]


def named_offices(text: str) -> list[str]:
    """Names of governments and school offices (远江市教育局), in order, with repetitions."""
    return [name for name, kind in _names(text) if kind in {"人民政府", "教育局", "教体局", "教委"}]


def _names(text: str) -> list[tuple[str, str]]:
    found = [(m[0], "县") for m in _SHORT_COUNTY.finditer(text) if m[0][0] not in _BEFORE["县"] + _PARTICLES]
    for match in _BODY.finditer(text):
        before = text[max(0, match.start() - 2) : match.start()]
        kind = match.group()
        if not re.fullmatch(r"[\u4e00-\u9fff]{2}", before):
            continue
        if kind in {"人民政府", "教育局", "教体局", "教委"}:
            area = before[1] in "省市县区州旗盟" and before[0] not in "各全我本该某xX级"
            if area or (before not in _GENERAL and before[1] not in _PARTICLES):
                found.append((before + kind, kind))
            continue
        if before in _GENERAL or before[1] in _PARTICLES:
            continue
        if kind in _BEFORE and (
            before[1] in _BEFORE[kind] or _AFTER.match(text[match.end() : match.end() + 1])
        ):
            continue
        found.append((before + kind, kind))
    return found
