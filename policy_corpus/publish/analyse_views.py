"""Statistics of a corpus on a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policy_corpus.analyse.linguistics.concordance import Line, Sort, group_name
from policy_corpus.publish.columns import STATUS_WORDS, Row
from policy_corpus.publish.show import plain_table

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.text import Text

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
        ("local", "本地"), ("local_share", "本地占比"), ("main_source_title", "最多同于"), ("document_id", "文档编号"),
    ),
    "origins": (
        ("label", "来历"), ("text", "句子"), ("similarity", "相似度"), ("source_title", "来源"),
        ("source_id", "来源编号"),
    ),
    "refused": (("region_name", "地区"), ("region_code", "代码"), ("measures", "措施"), ("reason", "原因")),
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
LEAST_CONTEXT = 16
"""Cells on either side of a node below which a line says nothing: eight characters."""
PLACE_CELLS = 32
"""Cells of region, year and status: the longest full names of prefectures have 30."""


def table_view(table: str, rows: Sequence[Row]) -> "RenderableType":
    """Rows of a statistic; numbers with as many digits as a person reads."""
    return plain_table([_readable(row) for row in rows], SHOWN[table], dict(WIDTHS.get(table, {})))


def concordance_view(lines: Sequence[Line], sort: Sort) -> "RenderableType":
    """Lines with the node in the middle; a heading for each region, year or status they are sorted by."""
    return Concordance(tuple(lines), sort)


@dataclass(frozen=True, slots=True)
class Concordance:
    """Lines that fit the terminal: contexts are cut at their far ends, the node and its place never are.

    The place goes below its line where a terminal is too narrow for both.
    """

    lines: tuple[Line, ...]
    sort: Sort

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "Iterator[Text]":
        """Headings and lines in order."""
        from rich.cells import cell_len
        from rich.text import Text

        places = [_place(line, self.sort) for line in self.lines]
        ids = [f"{line.document_id}:{line.start}–{line.end}" for line in self.lines]
        node = max((cell_len(line.node) for line in self.lines), default=0)
        place, number = (max(map(cell_len, column), default=0) for column in (places, ids))
        place = min(place, PLACE_CELLS)
        contexts = max([cell_len(side) for line in self.lines for side in (line.left, line.right)], default=0)
        free = options.max_width - node - place - number - 2 * 2 - 2
        below = free < 2 * LEAST_CONTEXT
        side = min(contexts, max(1, (free + number * below) // 2))
        group = ""
        for line, where, key in zip(self.lines, places, ids, strict=True):
            heading = group_name(line, self.sort, STATUS_WORDS)
            if heading is not None and heading != group:
                yield Text(heading, style="bold")
                group = heading
            row = Text(no_wrap=True, overflow="crop")
            row.append(fit(line.left, side, keep_end=True) + " ")
            row.append(line.node + " " * (node - cell_len(line.node)), style="bold")
            row.append(" " + fit(line.right, side) + "  ")
            row.append(fit(where, place) + "  ", style="dim")
            if not below:
                row.append(key, style="dim")
            yield row
            if below:
                yield Text(" " * side + " " + key, style="dim", no_wrap=True, overflow="crop")


def fit(text: str, cells: int, *, keep_end: bool = False) -> str:
    """A text of just so many terminal cells (a Han character has two): cut with a mark, or filled with blanks.

    With ``keep_end`` it is cut and filled at its beginning.
    """
    from rich.cells import cell_len, set_cell_size

    length = cell_len(text)
    if length <= cells:
        blanks = " " * (cells - length)
        return blanks + text if keep_end else text + blanks
    if not keep_end:
        return set_cell_size(set_cell_size(text, cells - 1).rstrip() + "…", cells)
    kept = 0
    while cell_len(text[len(text) - kept - 1 :]) < cells:
        kept += 1
    return fit("…" + text[len(text) - kept :], cells, keep_end=True) if kept else " " * (cells - 1) + "…"


def _place(line: Line, sort: Sort) -> str:
    """Region, year and status of a line, but for what it is sorted by and stands in a heading."""
    status = "、".join(STATUS_WORDS[s] for s in line.statuses)
    parts = {"region": line.region_name or "", "year": line.year or "", "status": status}
    return " ".join(value for name, value in parts.items() if value and name != sort)


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
