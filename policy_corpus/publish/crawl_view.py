"""A crawl on a terminal: what each source brought, what failed and why, and how sources did on saved pages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policy_corpus.publish.show import plain_table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from policy_corpus.collect.crawl.check import CheckRow

LEDGER = (
    ("source_id", "来源"), ("seen", "条目"), ("new", "新增"), ("changed", "变更"), ("unchanged", "未变"),
    ("gone", "消失"), ("parts", "分页"), ("files", "附件"), ("failed", "失败"), ("waiting", "待采"),
    ("requests", "请求"), ("megabytes", "MB"), ("note", "说明"),
)  # fmt: skip
CHECKED = (
    ("source_id", "来源"), ("page", "网页"), ("found", "条目"), ("dated", "有日期"), ("shows", "首条 / 标题"),
    ("next", "下一页"), ("files", "附件"), ("problem", "问题"),
)  # fmt: skip
CHECKED_WIDTHS = {"page": 24, "shows": 40, "next": 40, "problem": 70}


def ledger_row(source: Any) -> dict[str, Any]:
    """One source's counts as a plain row."""
    return {
        **{name: getattr(source, name, None) for name, _ in LEDGER if hasattr(source, name)},
        "failed": source.failed.total(),
        "reasons": dict(sorted(source.failed.items())),
        "kept": source.kept,
        "expected": source.expected,
        "below_expectation": source.below_expectation,
        "bytes": source.size,
    }


def ledger_view(rows: Sequence[Mapping[str, Any]]) -> "RenderableType":
    """The ledger of a crawl: a line for each source."""
    return plain_table([_ledger_line(row) for row in rows], LEDGER, {"note": 60})


def _ledger_line(row: Mapping[str, Any]) -> dict[str, Any]:
    notes = [f"{reason} {count}" for reason, count in Counter(row["reasons"]).most_common()]
    if row["below_expectation"]:
        notes.insert(0, f"少于预期：{row['kept']:,} / {row['expected']:,}")
    zero_is_blank = {name: row[name] or "" for name, _ in LEDGER if name in row}
    return {**zero_is_blank, "megabytes": f"{row['bytes'] / 1e6:.1f}", "note": "；".join(notes)}


def planned_view(planned: Sequence[tuple[str, str, str | None, str | None]]) -> "RenderableType":
    """What a crawl would ask for."""
    names = (("source_id", "来源"), ("date", "日期"), ("title", "标题"), ("url", "地址"))
    rows = [
        {"source_id": source, "url": url, "title": title, "date": date}
        for source, url, title, date in planned
    ]
    return plain_table(rows, names, {"title": 44, "date": 12})


def checked_view(rows: Sequence["CheckRow"]) -> "RenderableType":
    """How sources did on saved pages: a line for each page."""
    return plain_table([_checked_line(row) for row in rows], CHECKED, CHECKED_WIDTHS)


def _checked_line(row: "CheckRow") -> dict[str, Any]:
    is_list = row.role == "list"
    return {
        "source_id": row.source_id,
        "page": row.page,
        "found": str(row.entries) if is_list else "",
        "dated": str(row.dated) if is_list else row.date or "",
        "shows": (row.first and (row.first.title or row.first.url)) if is_list else row.title,
        "next": row.next,
        "files": str(row.attachments or ""),
        "problem": "；".join(row.problems) or "无",
    }
