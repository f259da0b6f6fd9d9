"""What ``doctor`` found and what ``reproduce`` compared, on a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policy_corpus.publish.columns import Row
from policy_corpus.publish.manifest import AREAS, Difference
from policy_corpus.publish.row_changes import EXAMPLES, RowChange, RowChanges
from policy_corpus.publish.show import plain_table

if TYPE_CHECKING:
    from rich.console import RenderableType

SEVERITY_WORDS = {"error": "错误", "warning": "待办", "note": "提示"}
CHECK_WORDS = {
    "settings": "设置", "leftovers": "残留", "tables": "表格", "captures": "原件", "rows": "数据行",
    "currency": "时效", "index": "索引", "ledger": "采集账本",
}  # fmt: skip
STATE_WORDS = {"found": "", "repairable": "可修", "repaired": "已修", "left": "未修"}
FOUND = (
    ("severity", "程度"), ("check", "检查"), ("what", "问题"), ("where", "位置"), ("remedy", "处理办法"),
    ("state", "修复"),
)  # fmt: skip
FOUND_WIDTHS = {"severity": 6, "check": 8, "what": 70, "where": 34, "remedy": 60, "state": 6}
INDEX_WORDS = {
    "fresh": "search index current", "stale": "search index behind (the next search brings it up to date)",
    "missing": "no search index yet (the first search makes it)", "damaged": "search index damaged",
}  # fmt: skip
COUNTED = ("documents", "passages", "mentions", "measures", "issues")
LONGEST_VALUE = 40


def findings_view(rows: Sequence[Row]) -> "RenderableType":
    """One line for each finding, errors first; ids of what is meant stand in ``--json``."""
    return plain_table([_finding_line(row) for row in rows], FOUND, FOUND_WIDTHS)


def _finding_line(row: Row) -> dict[str, Any]:
    state = "repairable" if row["state"] == "found" and row["repairable"] else row["state"]
    return {
        **row,
        "severity": SEVERITY_WORDS[row["severity"]],
        "check": CHECK_WORDS[row["check"]],
        "remedy": row["done"] or row["remedy"],
        "state": STATE_WORDS[state],
    }


def facts_line(facts: Mapping[str, Any]) -> str:
    """What was looked at, in one line: captures, rows, vectors, the index."""
    if not facts:
        return "no tables could be looked into"
    parts = [
        f"{facts['captures']:,} captures ({facts['warc_bytes'] / 1e6:,.1f} MB in {facts['warc_files']} WARC files)",
        *(f"{facts[name]:,} {name}" for name in COUNTED),
    ]
    vectors = f"{facts['vectors']:,} vectors"
    told = ("texts_without_vector", "texts without one"), ("vectors_without_text", "of no text today")
    details = [f"{facts[name]:,} {words}" for name, words in told if facts.get(name)]
    parts.append(vectors + (f" ({', '.join(details)})" if details else ""))
    if "search_index" in facts:
        parts.append(INDEX_WORDS[facts["search_index"]])
    return ", ".join(parts)


def areas_view(found: Sequence[Difference]) -> "RenderableType":
    """One line for each area: the same, or what differs."""
    names = (("area", "项目"), ("result", "结果"), ("name", "差异"), ("before", "当时"), ("now", "现在"))
    rows: list[dict[str, Any]] = []
    for area, words in AREAS.items():
        if area == "export":
            continue
        unlike = [one for one in found if one.area == area]
        rows.append({"area": words, "result": "不同" if unlike else "相同"})
        if unlike:
            rows[-1] |= _difference_line(unlike[0])
            rows += [{"area": "", "result": ""} | _difference_line(one) for one in unlike[1:]]
    return plain_table(rows, names, {"area": 12, "result": 6, "name": 30, "before": 34, "now": 34})


def _difference_line(one: Difference) -> dict[str, str]:
    return {"name": one.name, "before": _short(one.before), "now": _short(one.now)}


def in_words(found: Sequence[Difference], *, captures: tuple[int, int]) -> list[str]:
    """What differs, a sentence for each area.

    Parameters
    ----------
    captures
        Number of captures then and now.
    """
    lines = []
    names: dict[str, list[str]] = {}
    for one in found:
        names.setdefault(one.area, []).append(one.name)
    if inputs := names.get("inputs"):
        if "bytes" in inputs:
            before, now = captures
            lines.append(
                f"other inputs: {before:,} captures then, {now:,} now, and their bytes are not the same"
            )
        elif "digest" in inputs:
            lines.append("the same bytes under other names or addresses: ids and sources of rows differ")
        else:
            lines.append(f"other inputs beside the captures: {', '.join(inputs)}")
    if unlike := names.get("versions"):
        lines.append(f"other versions: {_listed(unlike)}")
    if unlike := names.get("models"):
        lines.append(f"other models or word lists: {_listed(unlike)}")
    if unlike := names.get("settings"):
        lines.append(f"other settings: {_listed(unlike)}")
    if names.get("coding"):
        lines.append("the tables were built by other versions, or from another number of pages")
    return lines


def changes_view(changes: RowChanges) -> "RenderableType":
    """The first rows of each kind of change."""
    words = {"added": "新增", "gone": "消失", "changed": "改变"}
    names = (("kind", "变化"), ("key", "编号"), ("column", "列"), ("before", "当时"), ("now", "现在"))
    rows = [line | {"kind": words[one.kind]} for one in changes.examples for line in _change_lines(one)]
    return plain_table(rows, names, {"kind": 6, "key": 40, "column": 16, "before": 50, "now": 50})


def _change_lines(one: RowChange) -> Iterable[dict[str, str]]:
    if not one.values:
        return [{"key": one.key, "column": "", "before": "", "now": ""}]
    return [
        {"key": one.key, "column": name, "before": _around(before, now), "now": _around(now, before)}
        for name, (before, now) in list(one.values.items())[:EXAMPLES]
    ]


def changes_line(changes: RowChanges) -> str:
    """How many rows came, went and changed."""
    parts = [
        f"{changes.added:,} rows added", f"{changes.gone:,} gone", f"{changes.changed:,} changed",
        f"{changes.same:,} the same",
    ]  # fmt: skip
    for columns, words in ((changes.columns_added, "new"), (changes.columns_gone, "missing")):
        if columns:
            parts.append(f"{words} columns: {', '.join(columns)}")
    return ", ".join(parts)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:EXAMPLES])
    return shown if len(names) <= EXAMPLES else f"{shown} and {len(names) - EXAMPLES} more"


def _short(value: Any) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _around(text: str | None, other: str | None) -> str:
    """A long value from a little before the place where it differs from the other."""
    if text is None:
        return "–"
    start = next((i for i, (a, b) in enumerate(zip(text, other or "", strict=False)) if a != b), 0)
    low = max(0, start - LONGEST_VALUE // 4) if len(text) > LONGEST_VALUE else 0
    return ("…" if low else "") + text[low:]
