"""A comparison as an Excel workbook: every figure a number, every quote on a sheet; and charts for other files."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from policy_corpus.analyse.compare.model import Comparison
from policy_corpus.publish.compare.blocks import Chart
from policy_corpus.publish.compare.report import report_of
from policy_corpus.publish.compare.sheets import QUOTES, Cell, Cite, Link, Percent, tables
from policy_corpus.publish.compare.words import codes_text, conditions_text, printable, remark_text, title_of
from policy_corpus.publish.export import write_cell

CREATED = datetime(2000, 1, 1)
"""Of every file: what is in it does not depend on when it was written."""
LINKS, LINK_LENGTH = 65_000, 2079
"""Links that a sheet of Excel can hold, and their length (Excel's limits: 65,530 and 2,079)."""
VALUES_SHOWN = b'<c:showVal val="1"/>'
VALUES_ALONE = (
    b'<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
    b'<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)
"""What is not said to be hidden, LibreOffice shows in a text document."""
SIZE = {"width": 900, "height": 380}


def excel_file(comparison: Comparison) -> bytes:
    """The workbook; the same comparison gives the same bytes."""
    data = BytesIO()
    book = _workbook(data, title_of(comparison))
    formats = _formats(book)
    overview = book.add_worksheet("概况")
    for name, head, widths, rows in tables(comparison):
        _fill(book.add_worksheet(name), head, widths, rows(comparison), formats)
    _overview(book, overview, comparison, formats)
    overview.activate()
    book.close()
    return data.getvalue()


def chart_parts(chart: Chart) -> tuple[bytes, bytes]:
    """A chart as DrawingML, as Word and LibreOffice read it too, and the workbook with its values."""
    data = BytesIO()
    book = _workbook(data, chart.caption)
    sheet = book.add_worksheet("数据")
    sheet.insert_chart("H2", _chart(book, sheet, "数据", chart, titled=False))
    book.close()
    with zipfile.ZipFile(data) as parts:
        xml = parts.read("xl/charts/chart1.xml")
    return xml.replace(VALUES_SHOWN, VALUES_ALONE), data.getvalue()


def _workbook(data: BytesIO, title: str) -> Any:
    import xlsxwriter

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(data, options)
    book.set_properties({"title": title, "created": CREATED})
    return book


def _formats(book: Any) -> dict[str, Any]:
    top = {"valign": "top", "text_wrap": True}
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "header": book.add_format(
            {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "valign": "vcenter", "text_wrap": True}
        ),
        "text": book.add_format(top),
        "quoted": book.add_format({**top, "quote_prefix": True}),
        "percent": book.add_format({**top, "num_format": "0%"}),
        "link": book.add_format({"valign": "top", "indent": 1, "font_color": "#2F5D8A", "underline": 1}),
        "note": book.add_format({"font_color": "#656D76", "valign": "top", "text_wrap": True}),
    }


def _fill(
    sheet: Any,
    head: Sequence[str],
    widths: Sequence[int],
    rows: Iterator[Sequence[Cell]],
    formats: dict[str, Any],
) -> None:
    sheet.freeze_panes(1, 2 if head[0] == "编码" else 1)
    sheet.set_row(0, 34 if any("\n" in name for name in head) else 20)
    for place, (name, width) in enumerate(zip(head, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, name, formats["header"])
    count = links = 0
    for count, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if isinstance(value, Link | Cite) and links < LINKS:
                links += _write_link(sheet, count, place, value, formats)
            elif isinstance(value, Percent):
                sheet.write_number(count, place, value, formats["percent"])
            else:
                shown = printable(value) if isinstance(value, str) else value
                write_cell(sheet, count, place, shown, formats["text"], formats["quoted"])
    sheet.autofilter(0, 0, max(count, 1), len(head) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_link(sheet: Any, row: int, column: int, value: Link | Cite, formats: dict[str, Any]) -> bool:
    if isinstance(value, Cite):
        sheet.write_url(row, column, f"internal:'{QUOTES}'!A{value + 1}", formats["link"], f"[{int(value)}]")
        return True
    if len(value) > LINK_LENGTH:
        write_cell(sheet, row, column, str(value), formats["text"], formats["quoted"])
        return False
    sheet.write_url(row, column, printable(value), formats["link"], printable(value))
    return True


def _overview(book: Any, sheet: Any, comparison: Comparison, formats: dict[str, Any]) -> None:
    head = (
        "地区",
        "区划代码",
        "文档",
        "本地句" if comparison.is_local else "句子",
        "措施",
        "首年",
        "末年",
        "说明",
    )
    for place, width in enumerate((30, 10, 8, 8, 8, 8, 8, 50)):
        sheet.set_column(place, place, width)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, title_of(comparison), formats["title"])
    for place, name in enumerate(head):
        sheet.write_string(2, place, name, formats["header"])
    row = 3
    for side in comparison.sides:
        counts = (side.documents.value, side.sentences.value, side.measures.value)
        years = (int(year) if year else None for year in (side.first, side.last))
        values = (side.key[1], side.key[0], *counts, *years, remark_text(side) or None)
        for place, value in enumerate(values):
            write_cell(sheet, row, place, value, formats["text"], formats["quoted"])
        row += 1
    for code, name in ((key[0], key[1]) for key in comparison.unread):
        for place, value in enumerate(
            (name, code, 0, None, None, None, None, "没有文档：一无所知，不等于没有做")
        ):
            write_cell(sheet, row, place, value, formats["text"], formats["quoted"])
        row += 1
    row += 1
    for words in _notes(comparison):
        sheet.merge_range(row, 0, row, len(head) - 1, "", formats["note"])
        write_cell(sheet, row, 0, words, formats["note"], formats["note"])
        sheet.set_row(row, 32 if len(words) > NOTE_LINE else 16)
        row += 1
    for number, chart in enumerate(
        block for block in report_of(comparison).blocks if isinstance(block, Chart)
    ):
        values = book.add_worksheet(f"图{number + 1}数据")
        size = {**SIZE, "height": _height(chart)}
        made = _chart(book, values, f"图{number + 1}数据", chart)
        made.set_size(size)
        sheet.insert_chart(row + 1, 0, made, {"description": chart.caption})
        row += size["height"] // 20 + 2
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


NOTE_LINE = 70
"""Characters of a line across the overview."""


def _notes(comparison: Comparison) -> Iterator[str]:
    if comparison.conditions:
        yield f"筛选条件：{conditions_text(comparison)}"
    yield "“措施”是一句话中的一类做法；占比以本地区措施条数为分母。0：已读文本中未见；—：文本太少，不能说没有。"
    if comparison.absent:
        yield f"各地都未见：{codes_text(comparison, comparison.absent)}"
    yield "每个数字都可以从“引文”表按地区、措施、状态筛选后逐条数出；方括号中的数字是引文编号。"


def _height(chart: Chart) -> int:
    bars = len(chart.categories) * (1 if chart.is_stacked else len(chart.series))
    return max(260, 24 * bars + 110) if chart.is_lying else SIZE["height"]


def _chart(book: Any, sheet: Any, name: str, chart: Chart, titled: bool = True) -> Any:
    """A chart with its values on a sheet."""
    for row, category in enumerate(chart.categories, 1):
        sheet.write_string(row, 0, category)
    kind = {"type": "bar" if chart.is_lying else "column"}
    made = book.add_chart({**kind, "subtype": "stacked"} if chart.is_stacked else kind)
    last = len(chart.categories)
    shown = "0%" if chart.is_share else "#,##0"
    for column, (title, values) in enumerate(chart.series, 1):
        sheet.write_string(0, column, title)
        for row, value in enumerate(values, 1):
            sheet.write_number(row, column, value)
        series = {
            "name": [name, 0, column],
            "categories": [name, 1, 0, last, 0],
            "values": [name, 1, column, last, column],
            "gap": 60,
        }
        if chart.colours:
            series["fill"] = {"color": chart.colours[(column - 1) % len(chart.colours)]}
        if not chart.is_stacked:
            series["data_labels"] = {"value": True, "num_format": f"{shown};;", "font": {"size": 8}}
        made.add_series(series)
    names = (
        {"reverse": True, "crossing": "max", "num_font": {"size": 9}}
        if chart.is_lying
        else {"num_font": {"size": 9}}
    )
    sizes = {"num_format": shown, "major_gridlines": {"visible": True, "line": {"color": "#D8DEE4"}}}
    sizes["num_font"] = {"size": 9}
    # XlsxWriter turns a bar chart's axes with its bars: the categories are then on its y axis.
    made.set_x_axis(sizes if chart.is_lying else names)
    made.set_y_axis(names if chart.is_lying else sizes)
    made.set_title({"name": chart.caption, "name_font": {"size": 12}} if titled else {"none": True})
    made.set_legend({"position": "bottom"} if len(chart.series) > 1 else {"none": True})
    return made
