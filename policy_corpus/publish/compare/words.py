"""Figures, dates and sources in Chinese, the same in every format."""

import re

from policy_corpus.analyse.compare.model import Comparison, Key, Number, NumberRow, Quote, Share, Side
from policy_corpus.publish.columns import KIND_WORDS, STATUS_WORDS, number_text
from policy_corpus.records import Quantity

WAN, YI = 10_000, 100_000_000
FROM_WAN = 1_000_000
"""Below, figures are easier to compare digit by digit: 9,800 and 12,000 rather than 1.2 万."""
NOT_FOUND, NOT_KNOWN = "0", "—"
FEW = 3
"""Regions that a line can name one by one."""
CONDITIONS = {
    "code": "措施 {}", "status": "状态 {}", "year": "年份 {}", "since": "{} 年起", "kind": "体裁 {}",
    "issuer": "发文机关含“{}”", "copies": "重复文档计入", "local": "只数本地文本",
}  # fmt: skip
ROLE_WORDS = {"before": "此前", "after": "此后", "change": "变化", "share": "占比"}


_UNPRINTABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")


def printable(text: str) -> str:
    """Text without the characters that XML, and so Word and Excel, cannot hold (XML 1.0, section 2.2)."""
    return _UNPRINTABLE.sub("", text)


def size_text(quantity: Quantity) -> str:
    """``≥2,000 个``, ``32→29 所``, ``3.5 亿元``, ``85%``; the bound as the text has it."""
    bound = "" if quantity.bound == "=" else quantity.bound
    scale, word = _scale(quantity)
    value = number_text(quantity.value / scale)
    if quantity.value_to is not None:
        value += ("→" if quantity.role == "change" else "–") + number_text(quantity.value_to / scale)
    unit = word + (quantity.unit or "")
    return f"{bound}{value}" + (unit if unit.startswith(("%", "‰")) else f" {unit}" if unit else "")


def stated_text(number: Number) -> str:
    """``2,173 名（计划）``; what is done is not marked."""
    mark = "" if number.status == "done" else f"（{STATUS_WORDS[number.status]}）"
    return size_text(number.quantity) + mark


def _scale(quantity: Quantity) -> tuple[int, str]:
    sizes = [abs(v) for v in (quantity.value, quantity.value_to) if v is not None]
    if min(sizes) >= YI:
        return YI, "亿"
    return (WAN, "万") if min(sizes) >= FROM_WAN else (1, "")


def share_text(share: Share | None) -> str:
    """``13%``; of nothing, nothing."""
    return "" if share is None else percent(share.value)


def percent(value: float) -> str:
    """Without decimals; what is not quite 0 is never written as 0."""
    return "<1%" if 0 < value < 0.005 else f"{value:.0%}"


def what_text(row: NumberRow) -> str:
    """What is counted, with its role where that is not plain."""
    role = ROLE_WORDS.get(row.role)
    return (row.what or "（原文未写明对象）") + (f"（{role}）" if role and role not in row.what else "")


def codes_text(comparison: Comparison, codes: tuple[str, ...]) -> str:
    """Labels of codes."""
    return "、".join(comparison.label(code) for code in codes)


def names_text(comparison: Comparison, keys: tuple[Key, ...]) -> str:
    """Names of regions of the comparison."""
    return "、".join(comparison.short(key) for key in keys)


def claims_text(comparison: Comparison, quote: Quote) -> str:
    """``交流轮岗（已做）、激励保障（计划）``."""
    return "、".join(f"{comparison.label(c.code)}（{STATUS_WORDS[c.status]}）" for c in quote.claims)


def place_text(quote: Quote) -> str:
    """Where the words stand, counted as people count: from 1, the last character in it."""
    part = f"页内第 {quote.part} 篇，" if quote.part > 1 else ""
    raw = (
        "" if quote.source_start is None else f"（原件第 {quote.source_start + 1:,}–{quote.source_end:,} 字）"
    )
    return f"{part}正文第 {quote.start + 1:,}–{quote.end:,} 字{raw}"


def title_text(title: str) -> str:
    """``《……》``, or that there is none; a title that has its own marks keeps them alone."""
    title = printable(title.strip())
    if not title:
        return "（无题）"
    return title if title.startswith("《") and title.endswith("》") else f"《{title}》"


def source_text(comparison: Comparison, quote: Quote) -> str:
    """What a quote is cited for, and where it stands; its address comes after it."""
    said = f"{comparison.short(quote.region)} · {claims_text(comparison, quote)}"
    return f"{said}。{title_text(quote.title)}，{date_text(quote.date)}，{place_text(quote)}。"


def date_text(date: str | None) -> str:
    """A date, or that there is none."""
    return date or "日期不详"


def evidence_text(quote: Quote) -> str:
    """The words on one line."""
    return printable(quote.evidence.replace("\n", " ").strip())


def conditions_text(comparison: Comparison) -> str:
    """``年份 2022；只数本地文本``, empty where nothing was left out."""
    words = {"code": comparison.labels, "status": STATUS_WORDS, "kind": KIND_WORDS}
    said = []
    for name, value in comparison.conditions.items():
        shown = words.get(name, {}).get(value, value)
        said.append(CONDITIONS[name].format(shown) if name in CONDITIONS else f"{name} {value}")
    return "；".join(said)


def years_text(side: Side) -> str:
    """First and last year of a region's documents."""
    if side.first is None:
        return "不详"
    return side.first if side.first == side.last else f"{side.first}–{side.last}"


def remark_text(side: Side) -> str:
    """What a reader must know of a region's figures."""
    thin = "文本太少，未见的不能当作没有" if side.is_thin else ""
    without = f"不含{'、'.join(side.without)}（另列）" if side.without else ""
    return "；".join(filter(None, (thin, without)))


def title_of(comparison: Comparison) -> str:
    """``宝鸡市、西安市教育措施对照``; many regions are not all named."""
    names = [side.short for side in comparison.sides]
    whole = "、".join(names) if len(names) <= FEW else f"{names[0]}等 {len(names)} 地"
    return f"{whole}措施对照"


def number_names(numbers: tuple[Number, ...], shown: int) -> str:
    """How many numbers of a cell are not shown."""
    return f" 等 {len(numbers)} 个" if len(numbers) > shown else ""
