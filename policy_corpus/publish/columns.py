"""Which columns an exported table has, with their Chinese headers, widths and flat forms."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

Row = Mapping[str, Any]

_SURROGATE = re.compile("[\ud800-\udfff]")
DECIMALS = 3
"""Exported floats are rounded to this; thresholds apply to rounded values."""


@dataclass(frozen=True, slots=True)
class Column:
    """One exported column; ``width`` in characters of a spreadsheet.

    ``flat`` makes one cell of a nested value (csv, xlsx); ``words`` are Chinese words for the values
    (xlsx, the form that people read rather than programs).
    """

    name: str
    label: str
    width: int = 12
    flat: Callable[[Any], str | float | int | None] | None = None
    words: Mapping[str, str] | None = None
    is_count: bool = False


STATUS_WORDS = {"done": "已做", "planned": "计划", "advised": "建议"}
SPECIFICITY_WORDS = {"slogan": "口号", "target": "目标", "rule": "办法", "budget": "经费", "result": "成效"}
ROLE_WORDS = {"page": "网页", "attachment": "附件"}
KIND_WORDS = {
    "news": "新闻", "report": "报告", "policy": "政策", "template": "范文", "essay": "文章", "other": "其他",
}  # fmt: skip


def number_text(value: float) -> str:
    """A number as a person writes it: no trailing ``.0``, no exponent."""
    return f"{value:,.{DECIMALS}f}".rstrip("0").rstrip(".")


def quantity_text(quantity: Row) -> str:
    """``≥32→29 所 初中学校``."""
    bound = "" if quantity["bound"] == "=" else quantity["bound"]
    value = number_text(quantity["value"])
    if quantity.get("value_to") is not None:
        arrow = "→" if quantity["role"] == "change" else "–"
        value += arrow + number_text(quantity["value_to"])
    return " ".join(filter(None, (bound + value, quantity.get("unit"), quantity.get("what"))))


def quantities_text(quantities: list[Row] | None) -> str:
    """All quantities of a measure on one line."""
    return "；".join(quantity_text(q) for q in quantities or [])


def partners_text(partners: list[Row] | None) -> str:
    """``渭滨、金台 → 麟游、千阳``, one pairing after the other."""
    return "；".join("、".join(p["from"]) + " → " + "、".join(p["to"]) for p in partners or [])


def list_text(values: list[Any] | None) -> str:
    """Plain values on one line."""
    return "；".join(str(value) for value in values or [])


def candidates_text(candidates: list[Row] | None) -> str:
    """``鼓楼区 320106 .40；…``."""
    return "；".join(f"{c['name']} {c['code']} {c['share']:.2f}" for c in candidates or [])


def set_apart_text(rows: list[Row] | None) -> str:
    """``结对帮扶 60%（其他 3%）``, one code after the other."""
    return "；".join(f"{r['label']} {r['share']:.0%}（其他 {r['elsewhere']:.0%}）" for r in rows or [])


def passages_text(rows: list[Row] | None) -> str:
    """Sentences with their region or title, one a line."""
    return "\n".join(f"“{r['text']}”（{r['region_name'] or r['title']}）" for r in rows or [])


DOCUMENTS = (
    Column("document_id", "文档编号", 18),
    Column("title", "标题", 44),
    Column("kind", "体裁", 9, words=KIND_WORDS),
    Column("region_code", "区划代码", 9),
    Column("region_name", "地区", 24),
    Column("published", "发布日期", 11),
    Column("event_date", "事件日期", 11),
    Column("issuer", "发文机关", 22),
    Column("source_unit", "来源单位", 22),
    Column("number", "文号", 18),
    Column("same_as", "重复于", 18),
    Column("similarity", "相似度", 8),
    Column("superseded_by", "新版本", 18),
    Column("family", "所属通知", 40),
    Column("kind_confidence", "体裁把握", 8),
    Column("region_confidence", "地区把握", 8),
    Column("region_reason", "地区依据", 30),
    Column("region_candidates", "地区候选", 30, candidates_text),
    Column("flags", "提示", 16, list_text),
    Column("script", "字体", 10),
    Column("encoding", "编码", 9),
    Column("encoding_from", "编码依据", 9),
    Column("source", "来源", 40),
    Column("url", "网址", 40),
    Column("part", "页内序号", 8),
    Column("capture_id", "原件编号", 18),
    Column("body", "正文", 80),
    Column("made_by", "生成者", 20),
)
PASSAGES = (
    Column("passage_id", "句编号", 18),
    Column("document_id", "文档编号", 18),
    Column("ordinal", "句序", 6),
    Column("text", "句子", 80),
    Column("headings", "所在标题", 40, list_text),
    Column("is_heading", "是标题", 7),
    Column("start", "起", 7),
    Column("end", "止", 7),
    Column("made_by", "生成者", 20),
)
MEASURES = (
    Column("region_name", "地区", 24),
    Column("code_label", "措施", 12),
    Column("status", "状态", 9, words=STATUS_WORDS),
    Column("evidence", "原文证据", 80),
    Column("quantities", "数量", 30, quantities_text),
    Column("partners", "结对双方", 30, partners_text),
    Column("confidence", "把握", 7),
    Column("specificity", "具体程度", 9, words=SPECIFICITY_WORDS),
    Column("why", "依据", 30),
    Column("published", "发布日期", 11),
    Column("title", "文档标题", 40),
    Column("kind", "体裁", 9, words=KIND_WORDS),
    Column("same_as", "文档重复于", 18),
    Column("code", "编码", 18),
    Column("region_code", "区划代码", 9),
    Column("source", "来源", 40),
    Column("part", "页内序号", 8),
    Column("start", "起", 7),
    Column("end", "止", 7),
    Column("source_start", "原件起", 8),
    Column("source_end", "原件止", 8),
    Column("measure_id", "措施编号", 18),
    Column("document_id", "文档编号", 18),
    Column("passage_id", "句编号", 18),
    Column("capture_id", "原件编号", 18),
    Column("made_by", "生成者", 20),
)
MENTIONS = (
    Column("mention_id", "提及编号", 18),
    Column("document_id", "文档编号", 18),
    Column("kind", "类型", 9),
    Column("text", "原文", 20),
    Column("code", "区划代码", 9),
    Column("name", "名称", 24),
    Column("role", "角色", 10),
    Column("confidence", "把握", 7),
    Column("candidates", "候选", 30, candidates_text),
    Column("reason", "依据", 30),
    Column("start", "起", 7),
    Column("end", "止", 7),
    Column("made_by", "生成者", 20),
)
ISSUES = (
    Column("severity", "程度", 9),
    Column("stage", "环节", 9),
    Column("source", "文件", 44),
    Column("place", "位置", 16),
    Column("reason", "原因", 18),
    Column("message", "说明", 50),
    Column("remedy", "处理办法", 50),
    Column("issue_id", "编号", 18),
)
CAPTURES = (
    Column("capture_id", "原件编号", 18),
    Column("source", "来源", 44),
    Column("url", "网址", 40),
    Column("media_type", "类型", 16),
    Column("size", "字节", 10),
    Column("sha256", "SHA-256", 30),
    Column("source_id", "采集源", 16),
    Column("role", "角色", 10, words=ROLE_WORDS),
    Column("page", "页", 6),
)
VISIT_WORDS = {
    "new": "新增", "changed": "变更", "unchanged": "未变", "gone": "消失", "failed": "失败", "excluded": "不采",
}  # fmt: skip
CRAWL_ROLE_WORDS = {"list": "列表", "item": "条目", "part": "分页", "attachment": "附件"}
VISITS = (
    Column("source_id", "采集源", 16),
    Column("url", "地址", 50),
    Column("role", "角色", 8, words=CRAWL_ROLE_WORDS),
    Column("state", "状态", 8, words=VISIT_WORDS),
    Column("reason", "原因", 14),
    Column("detail", "说明", 30),
    Column("title", "标题", 44),
    Column("date", "日期", 11),
    Column("page", "页", 6),
    Column("pages", "共几页", 6),
    Column("family", "所属通知", 50),
    Column("capture_id", "原件编号", 18),
)
REGIONS = (
    Column("region_code", "区划代码", 9),
    Column("region_name", "地区", 26),
    Column("documents", "文档", 7),
    Column("copies", "其中重复", 9),
    Column("measures", "措施", 7),
    Column("done", "已做", 7),
    Column("planned", "计划", 7),
    Column("advised", "建议", 7),
)
CLUSTERS = (
    Column("cluster_id", "类型编号", 18),
    Column("label", "类型", 18),
    Column("size", "地区数", 8),
    Column("stability", "稳定度", 8),
    Column("is_stable", "可信", 7),
    Column("without_groups", "无类型时的稳定度", 10),
    Column("main_kind", "主要体裁", 8, words=KIND_WORDS),
    Column("kind_association", "与体裁的相关 (V)", 10),
    Column("set_apart_by", "不同之处", 60, set_apart_text),
    Column("exemplars", "典型地区", 40, list_text),
    Column("regions", "区划代码", 40, list_text),
    Column("region_names", "地区", 60, list_text),
    Column("method", "方法", 9),
)
TOPICS = (
    Column("topic_id", "主题编号", 18),
    Column("label", "主题", 24),
    Column("code", "措施代码", 14),
    Column("share", "占比", 8),
    Column("documents", "文档数", 8),
    Column("words", "主题词", 60, list_text),
    Column("phrases", "常用语", 60, list_text),
    Column("npmi", "一致性 NPMI", 8),
    Column("c_v", "一致性 C_v", 8),
    Column("stability", "稳定度", 8),
    Column("is_stable", "可信", 7),
    Column("diversity", "全部主题的多样性", 8),
    Column("passages", "例句", 80, passages_text),
    Column("method", "方法", 9),
)
TABLES: dict[str, tuple[Column, ...]] = {
    "documents": DOCUMENTS,
    "passages": PASSAGES,
    "measures": MEASURES,
    "mentions": MENTIONS,
    "regions": REGIONS,
    "issues": ISSUES,
    "captures": CAPTURES,
    "clusters": CLUSTERS,
    "topics": TOPICS,
    "visits": VISITS,
}
"""Exported tables. ``measures`` are joined with title, date and kind of their document, so that a row
can be read by itself; counts in ``regions`` leave out copies, which stand in their own column."""


_INTS = ("part", "ordinal", "start", "end", "source_start", "source_end", "size", "page", "pages", "documents",
         "copies", "measures", "done", "planned", "advised")  # fmt: skip
_FLOATS = ("confidence", "similarity", "kind_confidence", "region_confidence", "stability", "without_groups",
           "kind_association", "npmi", "c_v", "diversity", "share")  # fmt: skip
_CANDIDATES = pa.list_(pa.struct({"code": pa.string(), "name": pa.string(), "share": pa.float64()}))
_QUANTITY = pa.struct({
    "text": pa.string(), "value": pa.float64(), "value_to": pa.float64(), "unit": pa.string(), "bound": pa.string(),
    "role": pa.string(), "what": pa.string(),
})  # fmt: skip
_SHOWN_BY = pa.struct({
    "passage_id": pa.string(), "document_id": pa.string(), "text": pa.string(), "start": pa.int64(), "end": pa.int64(),
    "title": pa.string(), "region_name": pa.string(), "source": pa.string(), "share": pa.float64(),
})  # fmt: skip
_SET_APART = pa.struct({
    "code": pa.string(), "label": pa.string(), "z": pa.float64(), "share": pa.float64(), "elsewhere": pa.float64(),
    "regions": pa.int64(), "evidence": pa.list_(pa.string()),
})  # fmt: skip
TYPES: dict[str, pa.DataType] = {
    **dict.fromkeys(_INTS, pa.int64()),
    **dict.fromkeys(_FLOATS, pa.float64()),
    "is_heading": pa.bool_(),
    "is_stable": pa.bool_(),
    **dict.fromkeys(("regions", "region_names", "exemplars", "words", "phrases"), pa.list_(pa.string())),
    "set_apart_by": pa.list_(_SET_APART),
    "passages": pa.list_(_SHOWN_BY),
    "headings": pa.list_(pa.string()),
    "flags": pa.list_(pa.string()),
    "candidates": _CANDIDATES,
    "region_candidates": _CANDIDATES,
    "quantities": pa.list_(_QUANTITY),
    "partners": pa.list_(pa.struct({"from": pa.list_(pa.string()), "to": pa.list_(pa.string())})),
}
"""Parquet types by column name; every other column is text."""


def schema(columns: Sequence[Column]) -> pa.Schema:
    """The Parquet schema of a table."""
    return pa.schema(
        [(c.name, pa.int64() if c.is_count else TYPES.get(c.name, pa.string())) for c in columns]
    )


def rounded(value: Any) -> Any:
    """A value with every float in it rounded to :data:`DECIMALS`, and every string such as a file can hold.

    Half of a surrogate pair (a file name that is no UTF-8) becomes ``\N{REPLACEMENT CHARACTER}``.
    """
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, float):
        value = round(value, DECIMALS)
        return int(value) if value.is_integer() and abs(value) >= 1 else value
    if isinstance(value, Mapping):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(inner) for inner in value]
    return value


def flat(column: Column, row: Row, in_words: bool = False) -> str | float | int | bool | None:
    """The cell of a spreadsheet; ``in_words`` takes Chinese words where the column has them."""
    value = row.get(column.name)
    if in_words and column.words is not None:
        return column.words.get(value, value)  # type: ignore[arg-type]
    if column.flat is not None:
        return column.flat(value) or None
    return value  # type: ignore[no-any-return]
