"""Word and Excel files as those who read them do."""

import zipfile
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from policy_corpus.publish.compare.excel import excel_file
from policy_corpus.publish.compare.word import word_file
from tests.analyse.compare.material import REGIONS, compared
from tests.publish.compare.hostile import hostile


@pytest.fixture(scope="module")
def document() -> Any:
    return docx.Document(BytesIO(word_file(compared(*REGIONS[:2]))))


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(BytesIO(excel_file(compared())))


def rows(book: Any, name: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def test_word_has_headings_and_contents_that_name_them(document: Any) -> None:
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    contents = [p.text for p in document.paragraphs if p.style.name in ("toc 1", "toc 2")]
    assert headings == contents
    assert headings[0] == "一、概况"


def test_the_contents_are_a_field_that_word_can_fill_anew(document: Any) -> None:
    instructions = [tag.text for tag in document.element.iter(qn("w:instrText"))]
    assert instructions == [' TOC \\o "1-2" \\h \\z \\u ']
    kinds = [tag.get(qn("w:fldCharType")) for tag in document.element.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]


def test_every_reference_in_word_has_its_bookmark(document: Any) -> None:
    marks = [tag.get(qn("w:name")) for tag in document.element.iter(qn("w:bookmarkStart"))]
    links = {tag.get(qn("w:anchor")) for tag in document.element.iter(qn("w:hyperlink"))} - {None}
    assert links <= set(marks)
    assert len(marks) == len(set(marks))
    assert any(mark.startswith("_q") for mark in marks)


def test_charts_are_words_own_with_their_data_and_a_description(document: Any) -> None:
    data = word_file(compared(*REGIONS[:2]))
    names = zipfile.ZipFile(BytesIO(data)).namelist()
    charts = [name for name in names if name.startswith("word/charts/chart")]
    assert len(charts) == 3
    assert len([name for name in names if name.startswith("word/embeddings/")]) == 3
    assert not [name for name in names if name.endswith((".png", ".emf"))]
    described = [tag.get("descr") for tag in document.element.iter(qn("wp:docPr"))]
    assert described[0] == "各地区措施条数：已做 东县 13、西县 11；计划 东县 2、西县 0；建议 东县 0、西县 1"


def test_text_in_word_has_chinese_fonts(document: Any) -> None:
    for name in ("Normal", "Heading 1", "Cell", "Quotation"):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in ("宋体", "微软雅黑")


def test_many_regions_lie(document: Any) -> None:
    many = tuple(REGIONS[n % 2].__class__((f"99020{n}", f"甲省{n}县"), f"{n}县") for n in range(5))
    from dataclasses import replace

    from policy_corpus.analyse.compare.compare import compare
    from policy_corpus.analyse.compare.model import Material
    from tests.analyse.compare.material import LABELS, material

    found = material()
    texts = {
        f"d{n}": replace(found.texts["e1"], document_id=f"d{n}", region=r.key) for n, r in enumerate(many)
    }
    measures = {
        f"d{n}-{k}": replace(m, measure_id=f"d{n}-{k}", document_id=f"d{n}")
        for n in range(5)
        for k, m in found.measures.items()
        if m.document_id == "e1"
    }
    wide = docx.Document(BytesIO(word_file(compare(many, Material(texts, measures), LABELS))))
    assert wide.sections[0].page_width > wide.sections[0].page_height
    assert document.sections[0].page_width < document.sections[0].page_height


@pytest.mark.parametrize("made", [word_file, excel_file])
def test_office_files_hold_no_time_of_writing(made: Any) -> None:
    parts = zipfile.ZipFile(BytesIO(made(compared())))
    assert {info.date_time[0] for info in parts.infolist()} == {1980}
    assert b"2000-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_figures_in_excel_are_numbers(book: Any) -> None:
    line = next(row for row in rows(book, "措施对照") if row[1] == "布局调整")
    assert line[2] == 2
    assert line[3] == pytest.approx(2 / 15)


def test_too_little_text_is_a_dash_in_excel(book: Any) -> None:
    line = next(row for row in rows(book, "措施对照") if row[1] == "布局调整")
    assert line[8:] == ["—", None, None]


def test_references_in_excel_lead_to_the_quote(book: Any) -> None:
    cell = next(row for row in book["措施对照"].iter_rows() if row[1].value == "布局调整")[4]
    number = int(cell.value.strip("[]"))
    assert cell.hyperlink.location == f"'引文'!A{number + 1}"
    assert book["引文"][f"A{number + 1}"].value == number


def test_every_figure_of_the_matrix_can_be_counted_on_the_sheet_of_quotes(book: Any) -> None:
    quotes = rows(book, "引文")[1:]
    for label, region, count, *_ in rows(book, "状态明细")[1:]:
        if count != "—":
            assert count == sum(q[1] == region and label in q[2].split("、") for q in quotes)


def test_numbers_have_value_bound_and_unit_of_their_own(book: Any) -> None:
    line = next(row for row in rows(book, "数字明细") if row[3] == 500)
    assert line[2:6] == ["不少于", 500, None, "个"]


def test_no_cell_is_a_formula() -> None:
    found = openpyxl.load_workbook(BytesIO(excel_file(hostile())))
    cells = [cell for sheet in found for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith("=cmd") for cell in cells)


def test_no_sheet_is_empty(book: Any) -> None:
    assert all(sheet.max_row > 1 for sheet in book)
