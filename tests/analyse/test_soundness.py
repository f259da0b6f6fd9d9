"""Rows of a document that cannot be right, each kind by itself."""

from typing import Any

import pytest

from policy_corpus.analyse.soundness import document_faults, is_sound
from policy_corpus.records import OffsetMap

BODY = "某县组建6个集团。选派20名教师。"
MAKER = "annotate/1:a"


def document(**values: Any) -> dict[str, Any]:
    row = {
        "document_id": "d", "capture_id": "c", "source": "a.html", "part": 1, "body": BODY, "simplified": None,
        "source_map": OffsetMap(((0, 100, len(BODY)),)),
    }  # fmt: skip
    return row | values


def passage(ordinal: int, start: int, end: int, **values: Any) -> dict[str, Any]:
    row = {"passage_id": f"p{ordinal}", "ordinal": ordinal, "start": start, "end": end}
    return row | {"text": BODY[start:end], "made_by": MAKER} | values


def measure(**values: Any) -> dict[str, Any]:
    row = {
        "measure_id": "m", "passage_id": "p0", "capture_id": "c", "source": "a.html", "part": 1, "evidence": BODY[0:8],
        "start": 0, "end": 8, "source_start": 100, "source_end": 108, "quantities": [], "partners": None,
        "made_by": MAKER,
    }  # fmt: skip
    return row | values


def faults(
    doc: dict[str, Any] | None = None, passages: Any = None, measures: Any = (), made_by: str | None = MAKER
) -> list[tuple[str, str]]:
    rows = {"passages": passages or [passage(0, 0, 9), passage(1, 9, len(BODY))], "measures": list(measures)}
    return [(f.table, f.kind) for f in document_faults(doc or document(), rows, made_by=made_by)]


def test_rows_that_fit_have_no_fault() -> None:
    assert faults(measures=[measure()]) == []


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"end": 99}, "outside"),
        ({"start": -1}, "outside"),
        ({"start": None}, "outside"),
        ({"evidence": "某市"}, "other_words"),
        ({"source_start": 101}, "source"),
        ({"source_start": None, "source_end": None}, "source"),
        ({"passage_id": "p9"}, "no_passage"),
        ({"passage_id": "p1"}, "no_passage"),
        ({"part": 2}, "other_document"),
        ({"made_by": "annotate/0:b"}, "maker"),
        ({"quantities": [{"start": 4, "end": 99}]}, "outside"),
        ({"partners": [{"start": 9, "end": 4}]}, "outside"),
    ],
)
def test_a_measure_that_cannot_be_right(values: dict[str, Any], kind: str) -> None:
    assert ("measures", kind) in faults(measures=[measure(**values)])


@pytest.mark.parametrize(
    "passages",
    [
        [passage(0, 0, 9), passage(2, 9, 17)],
        [passage(0, 0, 9), passage(0, 9, 17)],
        [passage(1, 9, 17)],
    ],
)
def test_sentences_that_are_missing_or_doubled(passages: list[dict[str, Any]]) -> None:
    assert ("passages", "gap") in faults(passages=passages)


def test_a_document_with_text_and_no_sentence_is_a_gap_only_when_it_was_coded() -> None:
    assert [f.kind for f in document_faults(document(), {}, made_by=MAKER)] == ["gap"]
    assert list(document_faults(document(), {}, made_by=None)) == []
    assert list(document_faults(document(body="", source_map=OffsetMap()), {}, made_by=MAKER)) == []


def test_a_normal_form_of_another_length() -> None:
    assert faults(document(simplified="短")) == [("documents", "other_words")]


@pytest.mark.parametrize(
    ("runs", "source_length", "sound"),
    [
        ((), None, True),
        (((0, 5, 4), (4, 20, 6)), 26, True),
        (((0, 5, 4), (4, 20, 6)), 25, False),
        (((0, 5, 4), (3, 20, 6)), None, False),
        (((0, 5, 11),), None, False),
        (((0, -1, 2),), None, False),
        (((0, 5, 0),), None, False),
    ],
)
def test_the_way_back_to_the_source(
    runs: tuple[tuple[int, int, int], ...], source_length: int | None, sound: bool
) -> None:
    assert is_sound(OffsetMap(runs), 10, source_length) is sound
