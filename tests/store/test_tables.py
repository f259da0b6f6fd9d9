"""Records to rows and back, column by column."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_corpus.records import (
    Capture,
    Document,
    Issue,
    Measure,
    Mention,
    OffsetMap,
    Partners,
    Passage,
    Quantity,
    RegionCandidate,
)
from policy_corpus.store.tables import (
    ALL_TABLES,
    CAPTURES,
    DOCUMENTS,
    ISSUES,
    MEASURES,
    MENTIONS,
    PASSAGES,
    STATES,
    State,
    Table,
    decode_runs,
    encode_runs,
    from_rows,
    plain_rows,
    schema_of,
    to_table,
)

PLACES = (RegionCandidate("610322", "凤翔区", 0.7), RegionCandidate("370117", "钢城区", 0.3))
FULL: list[tuple[Table[Any], Any]] = [
    (CAPTURES, Capture("c1", "资料/a'b.html", "ff", 3, "text/html", "2024-05-01T08:30:00Z", "w", 9, "http://x", "gbk", "m")),
    (DOCUMENTS, Document(
        "d1", "c1", "a.html", 2, "标题", "正文\n二", "news", 0.5, published="2018-09", event_date="--06-28",
        issuer="云岭县教育局", number="远政发〔2018〕2号", script="mirror", simplified="正文", encoding="gb18030",
        flags=("thin", "shuffled"), same_as="d0", similarity=0.91, region_code="610322", region_reason="issuer",
        region_candidates=PLACES, source_map=OffsetMap(((0, 5, 3), (4, 9, 1))), signature=b"\x00\xff",
        made_by="clean/1:ab",
    )),
    (PASSAGES, Passage("p1", "d1", 3, 10, 20, "组织送教。", ("一、做法", "(一)送教"), True, ("组织", "送教"), "m")),
    (MENTIONS, Mention("n1", "d1", "region", 1, 3, "凤翔", "610322", "凤翔区", "donor", 0.9, PLACES, "suffix", "m")),
    (MEASURES, Measure(
        "m1", "d1", "c1", "a.html", 2, "C01", "done", "投入3.5亿", 1, 6, 0.77, 11, 16, "p1", "610322", "凤翔区",
        (Quantity("3.5亿", 350000000.0, None, "元", "≈", "amount", "投入", 3, 6), Quantity("32所", 32.0, 29.0, "所")),
        (Partners(("渭滨", "金台"), ("麟游",), 1, 9),), "budget", "rule", "m",
    )),
    (ISSUES, Issue.make("add", "a.pdf", "encrypted", "locked", "unlock", "p. 1", "warning")),
    (STATES, State("clean", "c1", "clean/1:ab", "ff")),
]  # fmt: skip
BARE: list[tuple[Table[Any], Any]] = [
    (CAPTURES, Capture("c1", "a", "ff", 0, "text/plain", "t", "w", 0)),
    (DOCUMENTS, Document("d1", "c1", "a", 1, "", "", "other")),
    (PASSAGES, Passage("p1", "d1", 0, 0, 0, "")),
    (MEASURES, Measure("m1", "d1", "c1", "a", 1, "C01", "done", "", 0, 0, 0.0)),
    (STATES, State("clean", "c1", "m")),
]


@pytest.mark.parametrize(("table", "record"), FULL + BARE, ids=lambda value: getattr(value, "name", ""))
def test_a_record_comes_back_as_it_was(table: Table[Any], record: Any) -> None:
    rows = to_table(table, [record, record])
    assert list(from_rows(table, rows)) == [record, record]
    assert [type(getattr(record, f.name)) for f in fields(record)] == [
        type(getattr(next(from_rows(table, rows)), f.name)) for f in fields(record)
    ]


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_a_table_has_a_column_for_every_field_in_order(table: Table[Any]) -> None:
    assert schema_of(table).names == [item.name for item in fields(table.record)]
    assert set(table.key) <= set(schema_of(table).names)
    assert table.parent is None or table.parent in schema_of(table).names


def test_an_empty_list_of_records_is_a_table_without_rows() -> None:
    assert to_table(MEASURES, []).num_rows == 0


def test_a_column_that_is_not_there_yet_takes_the_default() -> None:
    document = FULL[1][1]
    rows = to_table(DOCUMENTS, [document]).drop_columns(["region_reason", "flags"])
    assert list(from_rows(DOCUMENTS, rows)) == [replace(document, region_reason=None, flags=())]


def test_a_column_added_later_holds_nothing_and_takes_the_default() -> None:
    passage = FULL[2][1]
    rows = to_table(PASSAGES, [passage])
    rows = rows.set_column(rows.schema.names.index("words"), "words", pa.nulls(1, pa.list_(pa.string())))
    assert list(from_rows(PASSAGES, rows)) == [replace(passage, words=())]


def test_a_column_without_default_must_be_there() -> None:
    rows = to_table(PASSAGES, [FULL[2][1]]).drop_columns(["text"])
    with pytest.raises(KeyError, match=r"passages\.text"):
        list(from_rows(PASSAGES, rows))


@pytest.mark.parametrize(("table", "record"), FULL + BARE, ids=lambda value: getattr(value, "name", ""))
def test_plain_rows_say_what_the_record_says(table: Table[Any], record: Any) -> None:
    assert list(plain_rows(table, to_table(table, [record]))) == [plain(record)]


def plain(value: Any) -> Any:
    if isinstance(value, OffsetMap):
        return encode_runs(value)
    if is_dataclass(value):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    return [plain(one) for one in value] if isinstance(value, tuple) else value


def test_plain_rows_take_the_default_of_what_is_not_there_yet() -> None:
    rows = to_table(PASSAGES, [FULL[2][1]])
    whole = next(plain_rows(PASSAGES, rows))
    nothing = rows.set_column(rows.schema.names.index("words"), "words", pa.nulls(1, pa.list_(pa.string())))
    assert list(plain_rows(PASSAGES, rows.drop_columns(["words"]))) == [{**whole, "words": []}]
    assert list(plain_rows(PASSAGES, nothing)) == [{**whole, "words": []}]


@given(st.lists(st.integers(-1, 60), max_size=80))
def test_runs_keep_every_offset(offsets: list[int]) -> None:
    made = OffsetMap.from_offsets(offsets)
    assert decode_runs(encode_runs(made)) == made
