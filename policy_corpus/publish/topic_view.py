"""Topics on a terminal: one table to scan, then each topic with its phrases and a sentence that shows it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policy_corpus.analyse.topics.find import Topic, Topics
from policy_corpus.publish.show import plain_table

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

Passages = Mapping[tuple[str, int], Mapping[str, Any]]
WORDS = 8
"""Words of a topic on a line; ``--json`` has ten."""
QUOTE = 90
"""Characters of a quote."""
QUOTES = 2


def topics_view(found: Topics, passages: Passages) -> "RenderableType":
    """Label, share, documents, coherence, stability and words; below, what shows each topic."""
    from rich.console import Group

    rows = [
        {
            "number": number,
            "label": topic.label,
            "share": f"{topic.share:.1%}",
            "documents": topic.texts,
            "npmi": f"{topic.npmi:.2f}",
            "c_v": f"{topic.c_v:.2f}",
            "stability": f"{topic.stability:.2f}{'' if topic.is_stable else ' 不稳定'}",
            "words": "、".join(topic.words[:WORDS]),
        }
        for number, topic in enumerate(found.topics, 1)
    ]
    names = [
        ("number", "#"), ("label", "主题"), ("share", "占比"), ("documents", "文档"), ("npmi", "NPMI"),
        ("c_v", "C_v"), ("stability", "稳定度"), ("words", "主题词"),
    ]  # fmt: skip
    table = plain_table(rows, names, {"label": 24, "words": 64})
    return Group(table, *(_shown(n, topic, passages) for n, topic in enumerate(found.topics, 1)))


def _shown(number: int, topic: Topic, passages: Passages) -> "Text":
    from rich.text import Text

    text = Text()
    text.append(f"\n{number}. {topic.label}", style="bold")
    text.append(f"  {topic.code or ''} {topic.topic_id}\n", style="dim")
    if topic.phrases:
        text.append("  常用语：" + "、".join(phrase.text for phrase in topic.phrases) + "\n")
    for place in topic.places[:QUOTES]:
        row = passages[place.text_id, place.sentence]
        text.append(f"  “{_cut(row['text'])}”")
        text.append(f" {row['region_name'] or row['title']} {row['passage_id']}\n", style="dim")
    return text


def _cut(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= QUOTE else line[: QUOTE - 1] + "…"


def curve_line(found: Topics) -> str:
    """Stability by number of topics, the chosen one marked."""
    free = sum(topic.code is None for topic in found.topics)
    points: Sequence[str] = [
        f"{p.topics}: {p.stability:.2f} ({p.stable} stable){' ←' if p.topics == free else ''}"
        for p in found.curve
    ]
    return "; ".join(points)
