"""Types and peers on a terminal: lines keep to its width, ids stay whole, sure members carry no number."""

import pytest
from rich.cells import cell_len
from rich.console import Console

from policy_corpus.analyse.profiles.clusters import Cluster, Clusters, Member, Refused, SetApart
from policy_corpus.analyse.profiles.peers import Peer, Side
from policy_corpus.analyse.profiles.profiles import Profile
from policy_corpus.cli.regions import said_of_types
from policy_corpus.corpus.analysing.filters import Filter
from policy_corpus.publish.region_views import clusters_view, peers_view

ID = "0070177354a0b1b3"
TEXTS = {ID: {"evidence": "全县组建6个教育集团，选派120名教师到农村学校任教，" * 8}}
MEMBERS = tuple(
    Member(f"{110000 + i}", f"某省某某自治州第{i}县", 20, 0.71 if i == 1 else 1.0, i == 0) for i in range(40)
)
APART = SetApart("rotation", "交流轮岗", 9.9, 0.35, 0.19, 40, (ID,))
TYPES = tuple(
    Cluster(f"e4cba3f553053f2{n}", label, tuple(m.region_code for m in MEMBERS), 0.93, True, (APART,), MEMBERS, kind, 38)
    for n, (label, kind) in enumerate([("交流轮岗型", "policy"), ("布局扩容型", "report")])
)  # fmt: skip
REFUSED = tuple(Refused(f"{230000 + i}", f"市{i}", 5, "5 measures, fewer than 10") for i in range(54))


def types(association: float | None = 0.9) -> Clusters:
    return Clusters(TYPES, REFUSED, "ward", 0.93, 0.4, association)


def lines(view: object, width: int) -> list[str]:
    console = Console(width=width, highlight=False)
    with console.capture() as capture:
        console.print(view)
    return capture.get().splitlines()


@pytest.mark.parametrize("width", [80, 120, 150])
def test_a_quote_is_one_line_with_its_id_first(width: int) -> None:
    shown = lines(clusters_view(types(), TEXTS), width)
    assert all(cell_len(line) <= width for line in shown)
    quotes = [line for line in shown if ID in line]
    assert len(quotes) == 2 and all(line.strip().startswith(ID) and "…" in line for line in quotes)
    assert not any(line.startswith("全县") or "任教”" in line for line in shown)


def test_membership_is_shown_where_it_is_in_doubt() -> None:
    shown = "\n".join(lines(clusters_view(types(), TEXTS), 120))
    assert "第1县（0.71）" in shown and "1.00" not in shown


@pytest.mark.parametrize("width", [80, 120, 150])
def test_each_side_of_a_peer_is_one_line(width: int) -> None:
    side = Side("rotation", "交流轮岗", 4, 2, 0.2, 0.1, (), (ID,))
    peer = Peer(1, "340600", "安徽省淮北市", 1, 9, 0.963, None, (side,), (side,), (), (side,))
    own = Profile("440300", "广东省深圳市", 1, 50, None, 19, ())
    shown = [line for line in lines(peers_view(own, [peer], TEXTS), width) if "交流轮岗" in line]
    assert [line.split()[0] for line in shown] == ["共有", "对方独有", "对方更多"]
    assert all("4→2" in line and ID in line and cell_len(line) <= width for line in shown)


def test_types_that_follow_the_kind_of_document_are_said_to_with_the_cure() -> None:
    assert any("--kind report" in line for line in said_of_types(types(0.9), Filter(), 10))
    assert not any("--kind report" in line for line in said_of_types(types(0.2), Filter(), 10))


def test_who_was_refused_is_counted_named_and_listed_by_a_command() -> None:
    (line,) = [line for line in said_of_types(types(), Filter(), 10) if "fewer than 10" in line]
    assert line.startswith("54 regions") and "市0、市1、市2" in line and "clusters DIR --refused" in line


def test_too_few_regions_name_the_filter() -> None:
    (line,) = said_of_types(Clusters((), REFUSED, None, None, None), Filter(since="2025"), 10)
    assert line.startswith("--since 2025") and "54 regions" in line and "leave a filter out" in line
