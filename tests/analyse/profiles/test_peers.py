"""Peers by practice and by conditions; tables of indicators."""

import pytest

from policy_corpus.analyse.profiles.indicators import distances, joined, parse_indicators, with_parents
from policy_corpus.analyse.profiles.peers import nearest
from policy_corpus.analyse.profiles.profiles import Evidence, Profile, RegionText, region_profiles
from policy_corpus.errors import SettingsError

CODES = ["pairing", "group_schooling", "rotation"]
LABELS = {"pairing": "结对帮扶", "group_schooling": "集团化办学", "rotation": "交流轮岗"}
COUNTS = {
    "100000": (8, 0, 2),
    "100001": (7, 0, 3),
    "100002": (0, 9, 1),
    "100003": (5, 3, 2),
    "100004": (1, 0, 0),
}


def rows() -> dict[str, Profile]:
    found = region_profiles(
        [RegionText(code, f"区{code}", 1, 100) for code in COUNTS],
        [
            Evidence(code, f"区{code}", "d", f"{code}-{m}-{i}", CODES[m], "done", 0.9)
            for code, counts in COUNTS.items() for m, n in enumerate(counts) for i in range(n)
        ],
        CODES,
    )  # fmt: skip
    return {p.region_code: p for p in found}


def test_the_nearest_in_practice_come_first_and_thin_ones_not_at_all() -> None:
    found = nearest(list(rows().values()), rows()["100000"], LABELS)
    assert [peer.region_code for peer in found] == ["100001", "100003", "100002"]
    assert [peer.rank for peer in found] == [1, 2, 3]
    assert found[0].similarity > found[1].similarity > found[2].similarity


def test_what_is_shared_and_what_differs_has_evidence() -> None:
    peer = nearest(list(rows().values()), rows()["100000"], LABELS)[1]
    assert [side.code for side in peer.shared] == ["pairing", "rotation"]
    (lacking,) = peer.only_peer
    assert (lacking.code, lacking.own_count, lacking.peer_count) == ("group_schooling", 0, 3)
    assert lacking.peer_evidence == ("100003-1-0", "100003-1-1", "100003-1-2") and lacking.own_evidence == ()


def test_among_like_conditions_those_that_do_differently_come_first() -> None:
    conditions = {"100001": 0.1, "100002": 0.2, "100003": 0.9}
    found = nearest(list(rows().values()), rows()["100000"], LABELS, conditions, limit=1)
    assert [(peer.region_code, peer.condition_distance) for peer in found] == [("100002", 0.2)]


TABLE = 'CODE,NAME,POPU,URB\n110101,东城区,"708,829",100%\n110102,西城区,1106214,98%\n110105,朝阳区,3452460,\n110106,丰台区,2019764,90%\n'


def test_a_table_is_read_by_its_codes_and_numbers() -> None:
    table = parse_indicators("\ufeff" + TABLE)
    assert table.names == ("POPU", "URB")
    assert table.values["110101"] == {"POPU": 708829, "URB": 100}
    assert "URB" not in table.values["110105"]  # unknown is not zero


def test_percentiles_do_not_depend_on_units() -> None:
    places = parse_indicators(TABLE).percentiles()
    assert places["110101"]["POPU"] == pytest.approx(0.125)
    assert places["110105"]["POPU"] == pytest.approx(0.875)
    found = distances(parse_indicators(TABLE), "110101", ["110102", "110105", "999999"])
    assert found["110105"] == pytest.approx(0.75)  # by population alone: its share of towns is unknown
    assert set(found) == {"110102", "110105"}


def test_a_prefecture_that_the_table_lacks_is_the_median_of_its_counties() -> None:
    table, made = with_parents(
        parse_indicators(TABLE), ["110100", "120000"], lambda code, outer: code[:4] == outer[:4]
    )
    assert made == {"110100": 4}
    assert table.values["110100"] == {"POPU": (1106214 + 2019764) / 2, "URB": 98}


def test_tables_are_joined_by_code() -> None:
    more = parse_indicators("区划代码\t人均GDP\n110101\t300000\n110199\t5\n")
    table = joined([parse_indicators(TABLE), more])
    assert table.names == ("POPU", "URB", "人均GDP")
    assert table.values["110101"]["人均GDP"] == 300000 and table.values["110199"] == {"人均GDP": 5}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("name,x\n东城区,3\n", "line 2"),
        ("code,name\n110101,东城区\n", "no column of numbers"),
        ("code,x\n110101,3\n110101,4\n", "stands twice (t.csv, line 3)"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_says_why(text: str, says: str) -> None:
    with pytest.raises(SettingsError) as error:
        parse_indicators(text, "t.csv")
    assert says in str(error.value)
