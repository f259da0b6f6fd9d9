"""What a codebook misses, and what an edit of it changes, on a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from policy_corpus.analyse.codebook_diff import CodebookDiff, CodeEffect, EditEffect, Example
from policy_corpus.analyse.gaps import Gap
from policy_corpus.publish.show import plain_table

if TYPE_CHECKING:
    from rich.console import RenderableType

EXEMPLARS = 2
EDITS, DOCUMENTS = 20, 20
"""Rows shown of these tables; ``--json`` has all."""
ROLE_WORDS = {"label": "用语", "hint": "提示词", "negative": "排除语"}
CHANGE_WORDS = {"added": "新增", "removed": "删去"}


def gaps_view(gaps: Sequence[Gap]) -> "RenderableType":
    """Gaps by row: name, counts, and below each its exemplars with region and id."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("手册未涵盖的做法", max_width=28)
    for name in ("分句", "文档", "地区"):
        table.add_column(name, justify="right")
    table.add_column("例句")
    table.add_column("文档编号", no_wrap=True, style="dim")
    for gap in gaps:
        shown = gap.exemplars[:EXEMPLARS]
        lines = [f"{e.region or '—'}：{e.text}" for e in shown]
        table.add_row(
            Text(gap.name, style="bold"),
            str(gap.clauses),
            str(gap.documents),
            str(gap.regions),
            Text("\n".join(_cut(line) for line in lines)),
            "\n".join(e.document_id for e in shown),
        )
    return table


def diff_view(diff: CodebookDiff) -> "RenderableType":
    """Codes, edits and documents that change; what is not shown is counted."""
    from rich.console import Group
    from rich.rule import Rule

    parts: list[RenderableType] = []
    if diff.codes:
        parts += [Rule("编码", style="dim"), _codes(diff)]
    if diff.edits:
        effects = sorted(diff.edits, key=lambda e: -(e.gained + e.lost))
        parts += [Rule(_shown("用语改动", len(effects), EDITS), style="dim"), _edits(effects[:EDITS])]
    if diff.documents:
        parts += [Rule(_shown("文档", len(diff.documents), DOCUMENTS), style="dim"), _documents(diff)]
    return Group(*parts)


def _codes(diff: CodebookDiff) -> "RenderableType":
    from rich.table import Table
    from rich.text import Text

    measured = diff.layer == "measures"
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("编码", no_wrap=True)
    for name in ("用语句数", *(["措施"] if measured else []), "文档", "新有", "不再有", "地区"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("例句与原因")
    for code in diff.codes:
        note = f" ({CHANGE_WORDS[code.change]})" if code.change else ""
        table.add_row(
            f"{code.zh}{note}\n{code.code}",
            _plus_minus(code, "labels"),
            *([_plus_minus(code, "measures")] if measured else []),
            str(len(code.documents)),
            str(len(code.new_documents)),
            str(len(code.left_documents)),
            str(len(code.regions)),
            Text("\n".join(_examples(code))),
        )
    return table


def _plus_minus(code: CodeEffect, layer: str) -> str:
    gained, lost = (code.gained["labels"], code.lost["labels"])
    if layer == "measures":
        gained, lost = (code.gained["measures"], code.lost["measures"])
    return " ".join(filter(None, (f"+{gained}" if gained else "", f"−{lost}" if lost else ""))) or "0"


def _examples(code: CodeEffect) -> list[str]:
    found: list[tuple[str, Example]] = [("+", e) for e in code.examples[:1]]
    found += [("−", e) for e in code.lost_examples[:1]]
    return [
        line for sign, e in found for line in (_cut(f"{sign} {e.region or '—'}：{e.text}"), f"  {e.reason}")
    ]


def _edits(effects: Sequence[EditEffect]) -> "RenderableType":
    rows = [
        {
            "change": CHANGE_WORDS[effect.edit.change],
            "role": ROLE_WORDS[effect.edit.role],
            "label": effect.edit.label,
            "code": effect.edit.code,
            "stands": effect.stands_in,
            "gained": effect.gained,
            "lost": effect.lost,
            "example": _around(effect.examples[0]) if effect.examples else "",
        }
        for effect in effects
    ]
    names = [
        ("change", "改动"), ("role", "种类"), ("label", "词语"), ("code", "编码"), ("stands", "出现句数"),
        ("gained", "增加"), ("lost", "减少"), ("example", "例句"),
    ]  # fmt: skip
    return plain_table(rows, names, {"label": 20, "example": 60})


def _documents(diff: CodebookDiff) -> "RenderableType":
    rows = [
        {
            "id": document.document_id,
            "region": document.region,
            "title": document.title,
            "gained": "、".join(f"{code} +{n}" for code, n in document.gained.items()),
            "lost": "、".join(f"{code} −{n}" for code, n in document.lost.items()),
        }
        for document in diff.documents[:DOCUMENTS]
    ]
    names = [("id", "编号"), ("region", "地区"), ("title", "标题"), ("gained", "增加"), ("lost", "减少")]
    return plain_table(rows, names, {"region": 22, "title": 36, "gained": 36, "lost": 36})


def _shown(what: str, count: int, most: int) -> str:
    return f"{what} {count}" + (f"，列前 {most}" if count > most else "")


def _cut(line: str, width: int = 64) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def _around(example: Example, width: int = 42) -> str:
    """The words of a sentence around its label."""
    low = max(0, min(example.start - width // 3, len(example.text) - width))
    shown = example.text[low : low + width].replace("\n", " ")
    return ("…" if low else "") + shown + ("…" if low + width < len(example.text) else "")
