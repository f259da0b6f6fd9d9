"""Profiles, types and peers of regions on a terminal."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policy_corpus.analyse.profiles.clusters import Cluster, Clusters
from policy_corpus.analyse.profiles.peers import Peer, Side
from policy_corpus.analyse.profiles.profiles import Profile
from policy_corpus.publish.show import plain_table

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

Texts = Mapping[str, Mapping[str, Any]]
QUOTE = 46
"""Characters of a quote on a line."""
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
    """Peers with what they share and what they do differently, each with a quote and its id."""
    from rich.console import Group
    from rich.text import Text

    head = Text(f"{own.region_name} {own.region_code}，{own.measures} 条措施", style="bold")
    return Group(head, *(_peer(peer, texts) for peer in peers))


def _cluster(cluster: Cluster, texts: Texts) -> "Text":
    from rich.text import Text

    text = Text()
    doubt = "" if cluster.is_stable else "（不稳定）"
    head = f"  {len(cluster.members)} 个地区，稳定度 {cluster.stability:.2f}{doubt}  {cluster.cluster_id}\n"
    text.append(f"\n{cluster.label}", style="bold")
    text.append(head, style="dim")
    for row in cluster.set_apart_by:
        text.append(
            f"  {row.label} 占 {row.share:.0%}（其他地区 {row.elsewhere:.0%}，z={row.z:.1f}，{row.regions} 个地区有）\n"
        )
        for key in row.evidence[:1]:
            text.append(f"    “{_quote(texts, (key,))}” {key}\n", style="dim")
    exemplars = [m.region_name for m in cluster.members if m.is_exemplar]
    text.append("  典型：" + "、".join(exemplars) + "\n")
    members = sorted(cluster.members, key=lambda m: -m.membership)
    text.append(
        "  地区：" + "、".join(f"{m.region_name} {m.membership:.2f}" for m in members) + "\n", style="dim"
    )
    return text


def _peer(peer: Peer, texts: Texts) -> "Text":
    from rich.text import Text

    text = Text()
    near = (
        "" if peer.condition_distance is None else f"，条件相差 {peer.condition_distance * 100:.0f} 个百分位"
    )
    text.append(f"\n{peer.rank}. {peer.region_name}", style="bold")
    text.append(
        f" {peer.region_code}  做法相似度 {peer.similarity:.3f}{near}，{peer.measures} 条措施\n", style="dim"
    )
    for title, sides in (
        ("共有", peer.shared),
        ("对方有而本地未见", peer.only_peer),
        ("对方明显更多", peer.more),
    ):
        for side in sides[:SIDES]:
            text.append(f"  {title}  {side.label} 本地 {side.own_count} / 对方 {side.peer_count}")
            text.append(f"  “{_quote(texts, side.peer_evidence)}” {_id(side)}\n", style="dim")
    return text


def _id(side: Side) -> str:
    return side.peer_evidence[0] if side.peer_evidence else ""


def _quote(texts: Texts, keys: Sequence[str]) -> str:
    if not keys or keys[0] not in texts:
        return ""
    words = str(texts[keys[0]]["evidence"]).replace("\n", " ")
    return words if len(words) <= QUOTE else words[: QUOTE - 1] + "…"
