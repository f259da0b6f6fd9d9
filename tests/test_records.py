from array import array

import pytest

from policy_corpus.offsets import MANY_OFFSETS, OffsetMap
from policy_corpus.records import content_id


def test_an_id_tells_parts_apart() -> None:
    assert content_id("ab", "c") != content_id("a", "bc")
    assert content_id("a", None) != content_id("a", "")
    assert len(content_id("a")) == 16


def test_an_offset_map_leads_back_over_dropped_and_inserted_characters() -> None:
    # made "农村学校" from "農(nóng)村學(xué)校"
    made = OffsetMap.from_offsets([0, 7, 8, 13])
    assert made.runs == ((0, 0, 1), (1, 7, 2), (3, 13, 1))
    assert made.to_source(0, 4) == (0, 14)
    assert made.to_source(1, 3) == (7, 9)
    assert OffsetMap.from_offsets([-1, -1]).to_source(0, 2) is None


@pytest.mark.parametrize(
    "some", [[-1], [5], [-1, 0, 1, -1, -1], [3, 4, 5, 9, 8, 7, -1, 8], [0, 0, 1, 2, -1, 0]], ids=str
)
def test_very_many_offsets_fold_into_the_same_runs(some: list[int]) -> None:
    many = some * MANY_OFFSETS
    assert OffsetMap.from_offsets(array("q", many)) == OffsetMap.from_offsets(many)
