"""Hits on a terminal: rank, place, the sentence with its marks, and why it is there."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from policy_corpus.publish.columns import STATUS_WORDS, number_text
from policy_corpus.publish.search.hits import Hit, Reason
from policy_corpus.publish.search.searcher import SearchResult

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_WHY = {
    "words": "词", "phrase": "原文", "title": "标题", "number": "文号", "meaning": "语义", "code": "措施",
    "label": "用语", "region": "地区",
}  # fmt: skip

ALIKE = 4
"""Hits looked up for each that is shown: policy texts copy each other, and sentences that stand in several documents
would crowd out the others."""
PLACES = 6
"""Places named of those that have the same sentence."""


def result_view(
    result: SearchResult, labels: Mapping[str, str], limit: int | None = None
) -> "RenderableType":
    """Hits one below the other; sentences of the same letters are shown once, the places of the others below.

    Parameters
    ----------
    limit
        Sentences shown at most; a sentence that stands in ten documents is one.
    """
    from rich.console import Group

    parts: list[RenderableType] = []
    for number, alike in enumerate(list(_grouped(result))[:limit], 1):
        parts += [_head(number, alike[0]), _marked(alike[0]), _tail(alike, labels), ""]
    return Group(*parts[:-1])


def _grouped(result: SearchResult) -> Iterator[list[Hit]]:
    groups: dict[str, list[Hit]] = {}
    for hit in result.hits:
        letters = "".join(filter(str.isalnum, hit.text))
        groups.setdefault(letters or hit.text, []).append(hit)
    return iter(groups.values())


def _head(number: int, hit: Hit) -> "Text":
    from rich.text import Text

    line = Text(f"{number:>3}  ", style="dim")
    line.append(hit.region_name or "—", style="cyan")
    line.append(f"  {hit.title}", style="bold")
    if hit.published:
        line.append(f"  {hit.published}", style="dim")
    if hit.is_copy:
        line.append("  重复", style="dim yellow")
    line.append(f"  {hit.passage_id}", style="dim")
    return line


def _marked(hit: Hit) -> "Text":
    from rich.text import Text

    text = Text("     ")
    body = Text(hit.text.replace("\n", " "))
    for start, end in hit.marks:
        body.stylize("bold yellow", start, end)
    text.append_text(body)
    return text


def _tail(alike: list[Hit], labels: Mapping[str, str]) -> "Text":
    from rich.text import Text

    hit = alike[0]
    coded = "、".join(labels.get(code, code) for code in hit.codes)
    status = "、".join(STATUS_WORDS[status] for status in hit.status)
    line = Text("     ", style="dim")
    line.append("；".join(map(reason_text, hit.reasons)))
    if coded:
        line.append(f"  [{coded} {status}]")
    line.append(f"  {hit.source}")
    if others := alike[1:]:
        places = list(dict.fromkeys(other.region_name or other.title for other in others))
        more = f" 等 {len(places)} 地" if len(places) > PLACES else ""
        line.append(f"\n     同文还有 {len(others)} 处：{'、'.join(places[:PLACES])}{more}")
    return line


def reason_text(reason: Reason) -> str:
    """``词 教师轮岗 .58``, ``措施 交流轮岗（轮岗、支教）``."""
    words = "、".join(reason.what)
    if reason.by in ("code", "label"):  # id, name, words of the code
        _, name, *said = reason.what
        words = name + (f"（{'、'.join(said)}）" if said else "")
    value = "" if reason.value is None else number_text(round(reason.value, 2))
    return " ".join(filter(None, (_WHY[reason.by], words, value)))
