"""Statistics of a corpus on a terminal."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policy_corpus.analyse.linguistics.concordance import Line, Sort, group_name
from policy_corpus.publish.columns import STATUS_WORDS, Row
from policy_corpus.publish.show import plain_table

if TYPE_CHECKING:
    from rich.console import RenderableType

Columns = tuple[tuple[str, str], ...]

# Field and header of the columns of each table.
SHOWN: Mapping[str, Columns] = {
    "frequencies": (
        ("rank", "名次"), ("word", "词"), ("count", "次数"), ("per_million", "每百万词"), ("texts", "篇数"),
        ("text_share", "篇数占比"),
    ),
    "keywords": (
        ("word", "词"), ("count", "次数"), ("reference_count", "参照次数"), ("per_million", "每百万词"),
        ("reference_per_million", "参照每百万词"), ("g2", "G2"), ("p_adjusted", "校正后 p"), ("log_ratio", "对数比"),
        ("percent_diff", "%差异"), ("texts", "篇数"),
    ),
    "collocates": (
        ("word", "搭配词"), ("count", "共现"), ("left", "左"), ("right", "右"), ("texts", "篇数"),
        ("word_count", "总次数"), ("expected", "期望"), ("log_dice", "logDice"), ("mi", "MI"), ("t_score", "t"),
        ("g2", "G2"),
    ),
    "spreads": (
        ("word", "词"), ("count", "次数"), ("parts", "有此词的部分"), ("all_parts", "全部"),
        ("juilland_d", "Juilland D"), ("dp", "Gries DP"), ("dp_norm", "DP 标准化"),
    ),
    "ngrams": (("text", "词串"), ("count", "次数"), ("texts", "篇数")),
    "candidates": (
        ("term", "候选词"), ("pieces", "现切分"), ("count", "次数"), ("texts", "篇数"), ("measured", "措施句中"),
        ("cohesion", "凝固度"), ("freedom", "自由度"),
    ),
    "local": (
        ("region_name", "地区"), ("title", "标题"), ("sentences", "句数"), ("national", "承自国家"),
        ("provincial", "承自省"), ("prefectural", "承自市"), ("shared", "通用"), ("repeated", "重复"),
        ("local", "本地"), ("local_share", "本地占比"), ("main_source_title", "主要来源"), ("document_id", "文档编号"),
    ),
    "origins": (
        ("label", "来历"), ("text", "句子"), ("similarity", "相似度"), ("source_title", "来源"),
        ("source_id", "来源编号"),
    ),
}  # fmt: skip
WIDTHS: Mapping[str, Mapping[str, int]] = {
    "local": {"region_name": 20, "title": 30, "main_source_title": 30, "document_id": 16},
    "origins": {"text": 70, "source_title": 40, "source_id": 16},
}
LABEL_WORDS = {
    "national": "承自国家", "provincial": "承自省", "prefectural": "承自市", "shared": "通用", "repeated": "重复",
    "local": "本地",
}  # fmt: skip
EXACT = ("p_adjusted",)


def table_view(table: str, rows: Sequence[Row]) -> "RenderableType":
    """Rows of a statistic; numbers with as many digits as a person reads."""
    return plain_table([_readable(row) for row in rows], SHOWN[table], dict(WIDTHS.get(table, {})))


def concordance_view(lines: Sequence[Line], sort: Sort) -> "RenderableType":
    """Lines with the node in the middle; a heading for each region, year or status they are sorted by."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1, 0, 0))
    table.add_column("左", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("右", no_wrap=True)
    for name, width in (("地区", 18), ("年", 4), ("状态", 9)):
        table.add_column(name, no_wrap=True, style="dim", max_width=width, overflow="ellipsis")
    table.add_column("文档编号:起–止", no_wrap=True, style="dim", min_width=28)
    group = ""
    for line in lines:
        heading = group_name(line, sort, STATUS_WORDS)
        if heading is not None and heading != group:
            table.add_row(Text(heading, style="bold"))
            group = heading
        table.add_row(
            Text(line.left),
            Text(line.node, style="bold"),
            Text(line.right),
            line.region_name or "",
            line.year or "",
            "、".join(STATUS_WORDS[s] for s in line.statuses),
            f"{line.document_id}:{line.start}–{line.end}",
        )
    return table


def _readable(row: Row) -> dict[str, Any]:
    shown = dict(row)
    for name in EXACT:
        if isinstance(shown.get(name), float):
            shown[name] = f"{shown[name]:.2g}" if shown[name] >= 1e-300 else "<1e-300"
    for name, value in shown.items():
        if isinstance(value, float):
            shown[name] = round(value, 1) if abs(value) >= 100 else round(value, 2)
    if shown.get("label") in LABEL_WORDS:
        shown["label"] = LABEL_WORDS[shown["label"]]
    if "words" in shown and isinstance(shown["words"], tuple):
        shown["pieces"] = "|".join(shown["words"])
    return shown
