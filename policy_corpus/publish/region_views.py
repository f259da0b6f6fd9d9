"""Profiles, types and peers of regions on a terminal."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policy_corpus.analyse.profiles.clusters import Cluster, Clusters
from policy_corpus.analyse.profiles.peers import Peer, Side
from policy_corpus.analyse.profiles.profiles import Profile
from policy_corpus.publish.columns import KIND_WORDS
from policy_corpus.publish.show import plain_table

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

Texts = Mapping[str, Mapping[str, Any]]
QUOTE = 46
"""Characters of a quote in a table; a line of its own is cut where the terminal ends."""
LONG_QUOTE = 120
SURE = 0.9
"""A region that stayed in its type in fewer of the samples than this share is shown with the share."""
SIDES = 3
"""Codes shown on each side; ``--json`` has all."""


def profile_view(profile: Profile, labels: Mapping[str, str], texts: Texts) -> "RenderableType":
    """Codes by falling share; those that the region has none of stand in one line below."""
    from rich.console import Group
    from rich.text import Text

    local = "" if profile.local_sentences is None else f"，其中本地 {profile.local_sentences:,} 句"
    head = f"{profile.documents:,} 篇文档，{profile.sentences:,} 句{local}，{profile.measures:,} 条措施"
    rows = [
        {
            "label": labels.get(cell.code, cell.code),
            "count": cell.count,
            "done": cell.done,
            "planned": cell.planned,
            "share": f"{cell.share:.0%}" if cell.share is not None else "",
            "shrunk": f"{cell.shrunk:.0%} ({cell.low:.0%}–{cell.high:.0%})",
            "documents": cell.documents,
            "evidence": _quote(texts, cell.evidence),
            "id": cell.evidence[0] if cell.evidence else "",
        }
        for cell in sorted(profile.cells, key=lambda c: (-c.count, c.code))
        if cell.count
    ]
    names = [
        ("label", "措施"), ("count", "条数"), ("done", "已做"), ("planned", "计划"), ("documents", "文档"),
        ("share", "占比"), ("shrunk", "校正占比 (90%)"), ("evidence", "证据"), ("id", "编号"),
    ]  # fmt: skip
    absent = [labels.get(cell.code, cell.code) for cell in profile.cells if not cell.count]
    parts: list[RenderableType] = [
        Text(f"{profile.region_name} {profile.region_code}", style="bold"),
        Text(head, style="dim"),
        plain_table(rows, names, {"evidence": QUOTE + 2, "id": 16}),
    ]
    if absent:
        parts.append(Text("已读文档中未见：" + "、".join(absent), style="dim"))
    return Group(*parts)


def clusters_view(found: Clusters, texts: Texts) -> "RenderableType":
    """Types with their regions, what sets them apart, and a quote for each reason."""
    from rich.console import Group

    return Group(*(_cluster(cluster, texts) for cluster in found.clusters))


def peers_view(own: Profile, peers: Sequence[Peer], texts: Texts) -> "RenderableType":
    """Peers with what they share and what they do differently: measures of both, an id and a quote of the peer."""
    from rich.console import Group
    from rich.text import Text

    head = Text(f"{own.region_name} {own.region_code}，{own.measures} 条措施", style="bold")
    head.append("  （数字：本地→对方；引文出自对方）", style="dim not bold")
    return Group(head, *(_peer(peer, texts) for peer in peers))


def _cluster(cluster: Cluster, texts: Texts) -> "RenderableType":
    from rich.console import Group
    from rich.text import Text

    doubt = "" if cluster.is_stable else "（不稳定）"
    kind = KIND_WORDS.get(cluster.main_kind or "", "")
    of_kind = f"，{cluster.main_kind_regions} 个以{kind}为主" if kind else ""
    head = f"  {cluster.cluster_id}  {len(cluster.members)} 个地区{of_kind}，稳定度 {cluster.stability:.2f}{doubt}"
    lines: list[RenderableType] = [Text.assemble("\n", (cluster.label, "bold"), (head, "dim"))]
    for row in cluster.set_apart_by:
        elsewhere = f"其他地区 {row.elsewhere:.0%}，z={row.z:.1f}，{row.regions} 个地区有"
        lines.append(Text(f"  {row.label} 占 {row.share:.0%}（{elsewhere}）"))
        if quote := _quote(texts, row.evidence, LONG_QUOTE):
            lines.append(_one_line(f"    {row.evidence[0]}  “{quote}”"))
    members = sorted(cluster.members, key=lambda m: m.membership >= SURE)
    unsure = [m.region_name + (f"（{m.membership:.2f}）" if m.membership < SURE else "") for m in members]
    exemplars = " ".join(m.region_name for m in cluster.members if m.is_exemplar)
    return Group(*lines, _named("典型", exemplars), _named("地区", " ".join(unsure), "dim"))


def _named(name: str, words: str, style: str = "") -> "RenderableType":
    """A name with words beside it, which wrap between words and stay in their column."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(f"  {name}：", style=style), Text(words, style=style))
    return grid


def _one_line(line: str) -> "Text":
    from rich.text import Text

    return Text(line, style="dim", no_wrap=True, overflow="ellipsis")


def _peer(peer: Peer, texts: Texts) -> "RenderableType":
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    distance = peer.condition_distance
    near = "" if distance is None else f"，条件相差 {distance * 100:.0f} 个百分位"
    head = f" {peer.region_code}  做法相似度 {peer.similarity:.3f}{near}，{peer.measures} 条措施"
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    for _ in range(4):
        table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    for title, sides in (("共有", peer.shared), ("对方独有", peer.only_peer), ("对方更多", peer.more)):
        for side in sides[:SIDES]:
            table.add_row(
                f"  {title}",
                side.label,
                f"{side.own_count}→{side.peer_count}",
                Text(_id(side), style="dim"),
                Text(f"“{_quote(texts, side.peer_evidence, LONG_QUOTE)}”", style="dim", no_wrap=True),
            )
    return Group(Text.assemble(f"\n{peer.rank}. ", (peer.region_name, "bold"), (head, "dim")), table)


def _id(side: Side) -> str:
    return side.peer_evidence[0] if side.peer_evidence else ""


def _quote(texts: Texts, keys: Sequence[str], longest: int = QUOTE) -> str:
    if not keys or keys[0] not in texts:
        return ""
    words = str(texts[keys[0]]["evidence"]).replace("\n", " ")
    return words if len(words) <= longest else words[: longest - 1] + "…"
