"""Exported tables open again whatever the cells hold, and no cell is run."""

import csv
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from openpyxl.utils.escape import unescape

from policy_corpus.publish.columns import DOCUMENTS, ISSUES, MENTIONS, Column
from policy_corpus.publish.export import CELL_LIMIT, CUT, FORMATS, FORMULA_STARTS, write_table

CELLS = {
    "formula": '=HYPERLINK("http://a.cn","云")',
    "command": "=cmd|'/c calc'!A1",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(1)",
    "tab": "\t=1+1",
    "carriage return": "\r=1+1",
    "line end": "\n=1+1",
    "full width": "＝1+1",
    "array formula": "{=1+1}",
    "address": "http://a.cn/" + "x" * 3000,
    "script": "</script><img src=x onerror=alert(1)>",
    "XML": "]]><!-- &a; <x/> -->",
    "escaped character": "_x0041_",
    "control characters": "云\x01\x02\x0b\x1b[31m岭\x7f\x9b",
    "no characters": "云\ufffe\uffff岭",
    "turned direction": "云\u202egnp.\u2066exe",
    "half a pair": "云\ud800岭",
    "beyond the plane": "😀𠀀",
    "quotes": 'a"b\'c,d;e\n"',
    "long": "云" * 40_000,
    "long formula": "=" + "1+" * 20_000,
    "long beyond the plane": "😀" * 20_000,
    "blank": " ",
    "empty": "",
}
_PLAIN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def _expected(text: str) -> str:
    return text.replace("\ud800", "\ufffd")


def _written(tmp_path: Path, format_name: str, text: str, columns: tuple[Column, ...] = DOCUMENTS) -> Path:
    row: dict[str, Any] = {c.name: None for c in columns}
    row |= {"title": text, "body": text, "source": text, "url": text, "flags": [text], "document_id": "d"}
    row |= {"message": text, "remedy": text, "text": text}
    out = tmp_path / f"out.{format_name}"
    assert write_table([row], columns, format_name, out) == 1
    return out


@pytest.mark.parametrize("text", CELLS.values(), ids=CELLS)
def test_json_lines_open_with_the_same_words(tmp_path: Path, text: str) -> None:
    lines = _written(tmp_path, "jsonl", text).read_bytes().decode().split("\n")
    assert json.loads(lines[0])["body"] == _expected(text)
    assert lines[1:] == [""]


@pytest.mark.parametrize("text", CELLS.values(), ids=CELLS)
def test_parquet_opens_with_the_same_words(tmp_path: Path, text: str) -> None:
    (row,) = pq.read_table(_written(tmp_path, "parquet", text)).to_pylist()
    assert (row["body"], row["flags"]) == (_expected(text), [_expected(text)])


@pytest.mark.parametrize("text", CELLS.values(), ids=CELLS)
def test_csv_opens_and_no_cell_begins_like_a_formula(tmp_path: Path, text: str) -> None:
    with _written(tmp_path, "csv", text).open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["body"].removeprefix("'") == _expected(text)
    assert not any(cell.startswith(FORMULA_STARTS) for cell in row.values())


@pytest.mark.parametrize("text", CELLS.values(), ids=CELLS)
def test_a_workbook_opens_and_holds_no_formula_and_no_link(tmp_path: Path, text: str) -> None:
    path = _written(tmp_path, "xlsx", text)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    cell = sheet[2][titles.index("正文")]
    assert cell.data_type != "f"
    assert cell.hyperlink is None
    found = unescape(cell.value or "")
    wanted = _PLAIN.sub("", _expected(text)).replace("\r", "\n")
    assert found == wanted if len(wanted) < CELL_LIMIT / 2 else found.endswith(CUT)
    assert len(found.encode("utf-16-le")) <= 2 * CELL_LIMIT
    with zipfile.ZipFile(path) as package:
        assert not any(
            "External" in package.read(name).decode() for name in package.namelist() if name.endswith(".rels")
        )


@pytest.mark.parametrize("columns", [MENTIONS, ISSUES], ids=["mentions", "issues"])
@pytest.mark.parametrize("format_name", FORMATS)
def test_all_cells_at_once_in_other_tables(
    tmp_path: Path, format_name: str, columns: tuple[Column, ...]
) -> None:
    assert _written(tmp_path, format_name, "".join(CELLS.values()), columns).stat().st_size > 0
