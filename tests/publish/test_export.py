"""Exports: what a spreadsheet, a script and a database see."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from policy_corpus.errors import PolicyCorpusError
from policy_corpus.publish.columns import (
    ISSUES,
    MEASURES,
    TABLES,
    number_text,
    partners_text,
    quantity_text,
    rounded,
)
from policy_corpus.publish.export import CELL_LIMIT, FORMATS, write_table

QUANTITY = {
    "text": "从32所调整为29所",
    "value": 32.0,
    "value_to": 29.0,
    "unit": "所",
    "bound": "=",
    "role": "change",
    "what": "初中",
}
MEASURE: dict[str, Any] = {
    "region_name": "云岭县", "code": "layout", "code_label": "布局调整", "status": "done", "evidence": "=初中从32所调整为29所", "quantities": [QUANTITY],
    "partners": [{"from": ["甲校", "乙校"], "to": ["丙校"]}], "confidence": 0.91234, "source": "a.html", "part": 1,
    "start": 3, "end": 20, "measure_id": "m1", "document_id": "d1",
}  # fmt: skip


def write(tmp_path: Path, format_name: str, rows: list[dict[str, Any]]) -> Path:
    out = tmp_path / f"measures.{format_name}"
    assert write_table(rows, MEASURES, format_name, out) == len(rows)
    return out


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (QUANTITY, "32→29 所 初中"),
        ({**QUANTITY, "value": 5.0, "value_to": 8.0, "role": "amount", "what": None}, "5–8 所"),
        ({**QUANTITY, "value": 350_000_000.0, "value_to": None, "unit": "元", "bound": "≥", "role": "amount"}, "≥350,000,000 元 初中"),
        ({**QUANTITY, "value": 12.5, "value_to": None, "unit": "%", "role": "share", "what": None}, "12.5 %"),
    ],
)  # fmt: skip
def test_a_quantity_reads_as_a_person_writes_it(quantity: dict[str, Any], text: str) -> None:
    assert quantity_text(quantity) == text


def test_partners_read_from_giver_to_receiver() -> None:
    assert partners_text(MEASURE["partners"]) == "甲校、乙校 → 丙校"


@pytest.mark.parametrize(("value", "text"), [(1200.0, "1,200"), (0.5, "0.5"), (3.14159, "3.142"), (0.0, "0")])
def test_a_number_has_no_trailing_zeros(value: float, text: str) -> None:
    assert number_text(value) == text


def test_floats_are_rounded_to_three_decimals_wherever_they_stand() -> None:
    assert rounded({"a": [0.12345, {"b": 2.00001}]}) == {"a": [0.123, {"b": 2}]}


def test_jsonl_keeps_nested_values_and_the_contract_names(tmp_path: Path) -> None:
    row = json.loads(write(tmp_path, "jsonl", [MEASURE]).read_text(encoding="utf-8"))
    assert row["confidence"] == 0.912
    assert row["partners"] == [{"from": ["甲校", "乙校"], "to": ["丙校"]}]
    assert row["quantities"][0]["value_to"] == 29
    assert list(row) == [c.name for c in MEASURES]


def test_csv_opens_in_excel_and_runs_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "csv", [MEASURE])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert row["evidence"] == "'=初中从32所调整为29所"
    assert row["quantities"] == "32→29 所 初中"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_xlsx_cells_stay_text(tmp_path: Path, start: str) -> None:
    path = write(tmp_path, "xlsx", [{**MEASURE, "evidence": start + "1+1"}])
    sheet = openpyxl.load_workbook(path)["数据"]
    cell = sheet.cell(2, [c.name for c in MEASURES].index("evidence") + 1)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (start + "1+1", "s", True)


def test_xlsx_is_ready_to_read(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write(tmp_path, "xlsx", [MEASURE]))["数据"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{openpyxl.utils.get_column_letter(len(MEASURES))}2"
    assert [c.value for c in sheet[1]][:3] == ["地区", "措施", "状态"]
    assert [c.value for c in sheet[2]][:3] == ["云岭县", "布局调整", "已做"]
    assert sheet.column_dimensions["D"].width == pytest.approx(80, abs=1)


def test_a_cell_that_is_too_long_says_so(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write(tmp_path, "xlsx", [{**MEASURE, "evidence": "校" * 40_000}]))["数据"]
    value = sheet["D2"].value
    assert len(value) == CELL_LIMIT and value.endswith("全文见 jsonl〕")


def test_parquet_has_typed_columns_even_without_rows(tmp_path: Path) -> None:
    assert pq.read_table(write(tmp_path, "parquet", [])).schema.field("start").type == "int64"
    table = pq.read_table(write(tmp_path, "parquet", [MEASURE])).to_pylist()
    assert table[0]["partners"] == [{"from": ["甲校", "乙校"], "to": ["丙校"]}]


def test_an_unknown_format_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(PolicyCorpusError, match="jsonl, csv, xlsx, parquet"):
        write_table([], ISSUES, "xls", tmp_path / "x.xls")


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_broken_run_leaves_no_half_file(tmp_path: Path, format_name: str) -> None:
    def rows() -> Any:
        yield MEASURE
        raise RuntimeError("lost")

    with pytest.raises(RuntimeError):
        write_table(rows(), MEASURES, format_name, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_every_column_has_a_chinese_header() -> None:
    for columns in TABLES.values():
        assert all(
            any("\u4e00" <= c <= "\u9fff" for c in column.label) or column.label == "SHA-256"
            for column in columns
        )
