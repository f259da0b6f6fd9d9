"""Word, PDF, Markdown and plain text: blocks in document order, and a reason where a file cannot be read."""

import io
from collections.abc import Sequence

import docx
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from policy_corpus.clean.blocks import FormatError, Page
from policy_corpus.clean.formats.docx import read_docx
from policy_corpus.clean.formats.markdown import LONGEST_MARKED, MOST_CELLS, MOST_LINES, read_markdown
from policy_corpus.clean.formats.pdf import read_pdf
from policy_corpus.clean.formats.plain import read_plain
from tests.hostile.cases import word_file
from tests.shared import DATA, needs_shared

LONG = "云岭县教育局组织骨干教师到农村学校送教，全年共送教一百二十场，覆盖全县所有乡镇中心学校和教学点，受益学生超过三万人。"
OTHER = "该县还投入资金三亿二千万元，新建学校五所，改扩建教学点十二个，新增学位四千八百个，城乡学校之间的差距进一步缩小。"


def blocks(page: Page) -> list[tuple[str, str]]:
    return [(block.role, block.text) for block in page.blocks]


def word(*, title: str = "") -> docx.document.Document:
    document = docx.Document()
    document.core_properties.title = title
    return document


def saved(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_word_file_keeps_the_order_of_paragraphs_lists_and_tables() -> None:
    document = word()
    document.add_heading("一、总体要求", level=1)
    document.add_paragraph("第一段。\n第二行。")
    document.add_paragraph("一项", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["县", "学校", "云岭县", "32所"], strict=True):
        cell.text = text
    document.add_paragraph("最后一段。")
    assert blocks(read_docx(saved(document))) == [
        ("heading", "一、总体要求"),
        ("paragraph", "第一段。"),
        ("paragraph", "第二行。"),
        ("list_item", "一项"),
        ("table_row", "县 | 学校"),
        ("table_row", "云岭县 | 32所"),
        ("paragraph", "最后一段。"),
    ]


def test_a_merged_cell_stands_once() -> None:
    document = word()
    table = document.add_table(rows=1, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "合计"
    table.cell(0, 2).text = "32"
    assert blocks(read_docx(saved(document))) == [("table_row", "合计 | 32")]


def test_a_table_within_a_cell_is_read_in_its_place() -> None:
    document = docx.Document()
    outer = document.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "云岭县"
    inner = outer.cell(0, 1).add_table(rows=1, cols=2)
    for cell, text in zip(inner.rows[0].cells, ["学校", "32所"], strict=True):
        cell.text = text
    assert blocks(read_docx(saved(document))) == [("table_row", "云岭县 | 学校 32所")]


@pytest.mark.parametrize(
    "wrapped",
    [
        "<w:smartTag><w:r><w:t>甲</w:t></w:r></w:smartTag>",
        "<w:smartTag><w:smartTag><w:r><w:t>甲</w:t></w:r></w:smartTag></w:smartTag>",
        "<w:ins><w:r><w:t>甲</w:t></w:r></w:ins><w:del><w:r><w:delText>丙</w:delText></w:r></w:del>",
        "<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>甲</w:t></w:r></w:sdtContent></w:sdt>",
        "<w:hyperlink><w:r><w:t>甲</w:t></w:r></w:hyperlink>",
        "<w:fldSimple><w:r><w:t>甲</w:t></w:r></w:fldSimple>",
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>甲</w:t></w:r>",
        "<w:r><w:ruby><w:rt><w:r><w:t>jiǎ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>甲</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        '<w:r><w:t>甲</w:t><w:br w:type="page"/></w:r>',
    ],
    ids=[
        "smart tag",
        "nested",
        "inserted",
        "content control",
        "link",
        "field",
        "field code",
        "pinyin",
        "break",
    ],
)
def test_word_text_is_read_whatever_it_is_wrapped_in(wrapped: str) -> None:
    page = read_docx(word_file(f"<w:p><w:r><w:t>云岭</w:t></w:r>{wrapped}<w:r><w:t>乙</w:t></w:r></w:p>"))
    assert blocks(page) == [("paragraph", "云岭甲乙")]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("", [("paragraph", "一、总体要求")]),
        (
            '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>',
            [],
        ),
    ],
    ids=["content control", "table of contents"],
)
def test_word_content_control_is_text_unless_it_is_the_contents(
    properties: str, expected: list[tuple[str, str]]
) -> None:
    inside = "<w:p><w:r><w:t>一、总体要求</w:t></w:r></w:p>"
    page = read_docx(
        word_file(
            f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"
            "<w:p><w:r><w:t>末</w:t></w:r></w:p>"
        )
    )
    assert blocks(page) == [*expected, ("paragraph", "末")]


def test_word_rows_and_cells_in_content_controls_are_rows_and_cells() -> None:
    cell = "<w:tc><w:p><w:r><w:t>32所</w:t></w:r></w:p></w:tc>"
    wrapped = f"<w:sdt><w:sdtContent>{cell}</w:sdtContent></w:sdt>"
    row = f"<w:sdt><w:sdtContent><w:tr>{cell}{wrapped}</w:tr></w:sdtContent></w:sdt>"
    assert blocks(read_docx(word_file(f"<w:tbl>{row}</w:tbl>"))) == [("table_row", "32所 | 32所")]


@pytest.mark.parametrize(
    ("property_title", "styled", "expected"),
    [
        ("云岭县实施方案", None, "云岭县实施方案"),
        ("云岭县实施方案", "工作总结", "工作总结"),
        ("Word Document", None, None),
        ("", None, None),
    ],
)
def test_the_title_is_the_styled_one_else_the_property(
    property_title: str, styled: str | None, expected: str
) -> None:
    document = word(title=property_title)
    if styled:
        document.add_heading(styled, level=0)
    document.add_paragraph("正文。")
    assert read_docx(saved(document)).hints.title == expected


def test_word_blocks_have_no_place_in_a_source_text() -> None:
    document = word()
    document.add_paragraph("正文。")
    assert list(read_docx(saved(document)).blocks[0].offsets) == [-1, -1, -1]


@needs_shared
def test_real_word_reports_are_read_whole() -> None:
    for path in sorted((DATA / "reports-2024-docx").glob("*.docx")):
        page = read_docx(path.read_bytes())
        assert sum(len(block.text) for block in page.blocks) > 10_000, path.name


def pdf(
    pages: Sequence[Sequence[str]], head: str = "", password: str | None = None, text: bool = True
) -> bytes:
    """Pages of lines; a line with an ideographic space is indented."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, encrypt=StandardEncryption(password) if password else None)
    for number, lines in enumerate(pages, 1):
        sheet.setFont("STSong-Light", 12)
        if text:
            sheet.drawString(200, 810, head)
            for row, line in enumerate(lines):
                sheet.drawString(84 if line.startswith("　") else 60, 780 - 20 * row, line.strip())
            sheet.drawString(290, 30, f"— {number} —")
        else:
            sheet.rect(100, 100, 50, 50)
        sheet.showPage()
    sheet.save()
    return stream.getvalue()


def wrapped(paragraph: str, width: int = 30) -> list[str]:
    paragraph = "　" + paragraph
    return [paragraph[at : at + width] for at in range(0, len(paragraph), width)]


def test_hard_wrapped_pdf_lines_are_joined_without_a_space() -> None:
    lines = ["关于送教下乡情况的报告", *wrapped(LONG), "一、结对帮扶", *wrapped(OTHER)]
    page = read_pdf(pdf([lines]))
    assert [block.text for block in page.blocks] == ["关于送教下乡情况的报告", LONG, "一、结对帮扶", OTHER]
    assert page.problems == ()


def test_page_numbers_and_running_heads_are_left_out_and_sentences_go_on_over_pages() -> None:
    lines = wrapped(LONG * 3)
    pages = [lines[:2], lines[2:4], lines[4:]]
    assert [block.text for block in read_pdf(pdf(pages, head="云岭县教育局文件")).blocks] == [LONG * 3]


def test_a_pdf_of_pictures_says_that_it_has_no_text() -> None:
    assert read_pdf(pdf([[], []], text=False)) == Page(
        (), read_pdf(pdf([[]], text=False)).hints, ("no_text_layer",)
    )


@pytest.mark.parametrize(
    ("read", "data", "reason"),
    [
        (read_pdf, pdf([["正文"]], password="geheim"), "encrypted"),
        (read_pdf, b"", "broken"),
        (read_pdf, b"%PDF-1.7 and nothing more", "broken"),
        (read_pdf, pdf([["正文"]])[:300], "broken"),
        (read_docx, b"", "broken"),
        (read_docx, b"PK\x03\x04 and nothing more", "broken"),
        (read_docx, b"<html>no archive</html>", "broken"),
        (read_docx, saved(word())[:2000], "broken"),
        (read_docx, bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old_word"),
        (
            read_docx,
            bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
    ],
)
def test_a_file_that_cannot_be_read_names_the_reason(read: object, data: bytes, reason: str) -> None:
    with pytest.raises(FormatError) as raised:
        read(data)  # type: ignore[operator]
    assert raised.value.reason == reason


def test_markdown_headings_lists_tables_and_links() -> None:
    text = (
        "# 云岭县送教情况\n\n第一段**重点**见[通知](http://a.cn/b)。\n第二行。\n\n## 做法\n\n- 一项\n2. 二项\n\n"
        "| 县 | 学校 |\n|---|:--:|\n| 云岭 | 32 |\n\n> 引文\n\n---\n\n![图](a.png)尾声 \\*不是重点\\*\n"
    )
    page = read_markdown(text)
    assert page.hints.title == "云岭县送教情况"
    assert blocks(page) == [
        ("paragraph", "第一段重点见通知。第二行。"),
        ("heading", "做法"),
        ("list_item", "一项"),
        ("list_item", "二项"),
        ("table_row", "县 | 学校"),
        ("table_row", "云岭 | 32"),
        ("paragraph", "引文"),
        ("paragraph", "尾声 *不是重点*"),
    ]
    for block in page.blocks:
        for char, offset in zip(block.text, block.offsets, strict=True):
            assert offset < 0 or text[offset] == char


def test_markdown_front_matter_gives_title_and_date() -> None:
    page = read_markdown("---\ntitle: '送教'\ndate: 2021-03-05\nsource: 云岭日报\n---\n正文。\n")
    assert (page.hints.title, page.hints.published, page.hints.source_unit) == (
        "送教",
        "2021-03-05",
        "云岭日报",
    )
    assert blocks(page) == [("paragraph", "正文。")]


def test_markdown_keeps_censoring_stars_and_underscores_inside_words() -> None:
    assert blocks(read_markdown("落实党 ** 中央部署，见 a_b_c 。")) == [
        ("paragraph", "落实党 ** 中央部署，见 a_b_c 。")
    ]


@pytest.mark.parametrize(("bars", "role"), [(MOST_CELLS, "table_row"), (MOST_CELLS + 1, "paragraph")])
def test_a_markdown_row_is_no_wider_than_a_sheet(bars: int, role: str) -> None:
    (block,) = read_markdown("|县" * (bars - 1) + "|").blocks
    assert block.role == role
    assert block.text.count("县") == bars - 1


@pytest.mark.parametrize(("length", "kept"), [(LONGEST_MARKED, False), (LONGEST_MARKED + 1, True)])
def test_marks_of_a_paragraph_that_no_person_wrote_are_left_in_it(length: int, kept: bool) -> None:
    (block,) = read_markdown("**县**" + "县" * (length - 5)).blocks
    assert ("**" in block.text) is kept


def test_a_markdown_of_more_lines_than_people_write_is_read_as_it_stands() -> None:
    assert "# 县" in read_markdown("# 县\n" * (MOST_LINES + 1)).blocks[0].text


def test_plain_text_has_one_block_a_line_with_its_place() -> None:
    text = "\ufeff标题\r\n\r\n　　第一段。  \n\x0c第二段。"
    page = read_plain(text)
    assert [block.text for block in page.blocks] == ["标题", "第一段。", "第二段。"]
    assert all(text[o] == c for block in page.blocks for c, o in zip(block.text, block.offsets, strict=True))


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "*" * 50_000, "|" * 50_000, "> " * 50_000, "`" * 50_001, "![](" * 20_000]
)
def test_hostile_markdown_is_read_without_an_error(text: str) -> None:
    assert isinstance(read_markdown(text), Page)
