"""Tables on a terminal: the few columns a person scans, the rest by ``--json`` or ``export``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from policy_corpus.publish.columns import (
    CRAWL_ROLE_WORDS,
    KIND_WORDS,
    STATUS_WORDS,
    VISIT_WORDS,
    Row,
    list_text,
    partners_text,
    quantities_text,
    set_apart_text,
)
from policy_corpus.publish.show import plain_table, region_bars

if TYPE_CHECKING:
    from rich.console import RenderableType

SOURCE_WIDTH = 40
SCANNED: dict[str, tuple[tuple[str, str, int], ...]] = {
    "documents": (
        ("document_id", "编号", 16), ("kind", "体裁", 6), ("region_name", "地区", 22), ("published", "发布", 10),
        ("title", "标题", 50), ("same_as", "重复于", 16),
    ),
    "measures": (
        ("region_name", "地区", 30), ("code_label", "措施", 10), ("status", "状态", 6), ("confidence", "把握", 6),
        ("evidence", "原文证据", 54), ("numbers", "数量与结对", 30), ("measure_id", "编号", 16),
    ),
    "passages": (("passage_id", "编号", 16), ("ordinal", "句序", 6), ("text", "句子", 100)),
    "mentions": (
        ("text", "原文", 20), ("code", "代码", 6), ("name", "名称", 26), ("role", "角色", 10),
        ("confidence", "把握", 6), ("reason", "依据", 40),
    ),
    "issues": (
        ("source", "文件", 40), ("place", "位置", 12), ("message", "说明", 60), ("remedy", "处理办法", 60),
    ),
    "captures": (("capture_id", "编号", 16), ("media_type", "类型", 12), ("size", "字节", 10), ("source", "来源", 80)),
    "visits": (
        ("source_id", "采集源", 16), ("state", "状态", 6), ("role", "角色", 6), ("date", "日期", 10),
        ("title", "标题", 40), ("url", "地址", 60), ("reason", "原因", 14),
    ),
    "clusters": (
        ("label", "类型", 18), ("size", "地区数", 6), ("stability", "稳定度", 6), ("set_apart", "不同之处", 60),
        ("region_list", "地区", 60), ("cluster_id", "编号", 16),
    ),
    "topics": (
        ("label", "主题", 24), ("share", "占比", 6), ("documents", "文档", 5), ("npmi", "NPMI", 6), ("c_v", "C_v", 6),
        ("stability", "稳定度", 6), ("word_list", "主题词", 60), ("topic_id", "编号", 16),
    ),
}  # fmt: skip
"""Field, header and widest width (characters) of each listed column."""


def listing(table: str, rows: Sequence[Row], labels: dict[str, str]) -> "RenderableType":
    """Rows of a table as a terminal table; regions get bars."""
    if table == "regions":
        return region_bars(rows, list(labels), labels)
    columns = SCANNED[table]
    return plain_table(
        [_readable(row) for row in rows],
        [(field, label) for field, label, _ in columns],
        {field: width for field, _, width in columns},
    )


def _readable(row: Row) -> dict[str, Any]:
    shown = dict(row)
    if "source" in shown:
        shown["source"] = _tail(row["source"])
    if "quantities" in shown:
        numbers = (quantities_text(row["quantities"]), partners_text(row["partners"]))
        shown["numbers"] = "；".join(filter(None, numbers))
    if "status" in shown:
        shown["status"] = STATUS_WORDS.get(row["status"], row["status"])
    if "set_apart_by" in shown:
        shown["set_apart"] = set_apart_text(row["set_apart_by"])
        shown["region_list"] = list_text(row["region_names"])
    if "topic_id" in shown:
        shown["word_list"] = list_text(row["words"])
    if row.get("state") in VISIT_WORDS:
        shown["state"], shown["role"] = VISIT_WORDS[row["state"]], CRAWL_ROLE_WORDS[row["role"]]
    if row.get("kind") in KIND_WORDS:
        shown["kind"] = KIND_WORDS[row["kind"]]
    return shown


def _tail(source: str) -> str:
    """The end of a long source: the file, not the folders."""
    return source if len(source) <= SOURCE_WIDTH else "…" + source[1 - SOURCE_WIDTH :]
