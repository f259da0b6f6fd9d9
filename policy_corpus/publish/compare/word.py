"""A comparison as a Word file: contents, tables, charts that Word draws itself, and numbered quotes with references.

Charts are DrawingML, not pictures: the reader's own fonts draw their Chinese, as they draw the text, and they can be
edited. No font is needed where the file is made.
"""

import zipfile
from io import BytesIO
from typing import Any

from policy_corpus.analyse.compare.model import Comparison, Quote
from policy_corpus.publish.compare.blocks import (
    Block,
    Bullets,
    Chart,
    Heading,
    Line,
    Paragraph,
    Quotes,
    Report,
    Run,
    Table,
)
from policy_corpus.publish.compare.excel import CREATED, chart_parts
from policy_corpus.publish.compare.report import report_of
from policy_corpus.publish.compare.words import evidence_text, printable, source_text

BODY, TITLES = "宋体", "微软雅黑"
"""Fonts that every Chinese Word has; other programs put theirs in their place."""
LATIN = "Times New Roman"
WIDTH, HEIGHT, MARGIN = 21.0, 29.7, 2.2
"""A4 and its margins in centimetres."""
SMALL, NORMAL = 9.0, 10.5
"""Points: 小五, 五号."""
INK, QUIET, TINT = "1F2328", "656D76", "2F5D8A"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
CONTENT = "application/vnd.openxmlformats-officedocument."
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
CHART_NAMESPACE = "http://schemas.openxmlformats.org/drawingml/2006/chart"
BAR_CM = 0.55


def word_file(comparison: Comparison) -> bytes:
    """The file; the same comparison gives the same bytes."""
    return _Writer(comparison, report_of(comparison)).file()


class _Writer:
    def __init__(self, comparison: Comparison, report: Report) -> None:
        import docx

        self.comparison = comparison
        self.report = report
        self.document = docx.Document()
        self.anchors: dict[str, int] = {}
        self.charts = self.tables = 0
        self.is_wide = any(isinstance(block, Table) and block.is_wide for block in report.blocks)

    def file(self) -> bytes:
        """All blocks, then the package with one fixed date in it."""
        self._set_page()
        self._set_styles()
        self._set_properties()
        self.document.add_paragraph(self.report.title, style="Title")
        if self.report.subtitle:
            self.document.add_paragraph(self.report.subtitle, style="Subtitle")
        self._contents()
        for block in self.report.blocks:
            self._block(block)
        data = BytesIO()
        self.document.save(data)
        return _undated(data)

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                self._runs(
                    self.document.add_paragraph(style="Note" if block.is_note else "Normal"), block.line
                )
            case Bullets():
                for line in block.lines:
                    self._runs(self.document.add_paragraph(style="List Bullet"), line)
            case Table():
                self._table(block)
            case Chart():
                self._chart(block)
            case Quotes():
                for quote in block.quotes:
                    self._quote(quote)

    def _heading(self, block: Heading) -> None:
        paragraph = self.document.add_paragraph(style=f"Heading {block.level}")
        paragraph.paragraph_format.page_break_before = block.on_new_page or None
        self._bookmark(paragraph, block.anchor, block.text)

    def _bookmark(self, paragraph: Any, anchor: str, text: str) -> None:
        """Text that references lead to."""
        number = str(self.anchors.setdefault(anchor, len(self.anchors)))
        start = _element("w:bookmarkStart", {"w:id": number, "w:name": _name(anchor)})
        paragraph._p.append(start)
        paragraph.add_run(text)
        paragraph._p.append(_element("w:bookmarkEnd", {"w:id": number}))

    def _runs(self, paragraph: Any, line: Line, size: float | None = None) -> None:
        from docx.shared import Pt, RGBColor

        for run in line:
            if run.cite is not None:
                self._reference(paragraph, run)
                continue
            made = paragraph.add_run(printable(run.text))
            made.bold = run.tone == "strong" or None
            if run.tone == "quiet":
                made.font.color.rgb = RGBColor.from_string(QUIET)
            if size:
                made.font.size = Pt(size)

    def _reference(self, paragraph: Any, run: Run) -> None:
        """A raised number that leads to its quote."""
        link = _element("w:hyperlink", {"w:anchor": _name(f"q{run.cite}"), "w:history": "1"})
        made = paragraph.add_run(f"[{run.cite}]", style="Reference")
        link.append(made._r)
        paragraph._p.append(link)

    def _table(self, block: Table) -> None:
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm

        self.tables += 1
        self.document.add_paragraph(f"表 {self.tables}  {block.caption}", style="Caption")
        table = self.document.add_table(rows=0, cols=len(block.head))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        room = self._room() / sum(block.widths)
        for place, column in enumerate(table.columns):
            column.width = Cm(block.widths[place] * room)
        head = tuple((Run(name, "strong"),) for name in block.head)
        for number, row in enumerate((head, *block.rows)):
            cells = table.add_row().cells
            _keep_whole(table.rows[-1], is_head=number == 0)
            for place, (cell, line) in enumerate(zip(cells, row, strict=True)):
                cell.width = Cm(block.widths[place] * room)
                paragraph = cell.paragraphs[0]
                paragraph.style = "Cell"
                if place in block.centred:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                self._runs(paragraph, line)
                shade = block.shades[number - 1][place] if block.shades and number else None
                if number == 0:
                    _fill(cell, "EAF0F6")
                elif shade:
                    _fill(cell, _tint(shade))
        self.document.add_paragraph(style="Gap")

    def _room(self) -> float:
        return (HEIGHT if self.is_wide else WIDTH) - 2 * MARGIN

    def _chart(self, block: Chart) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part
        from docx.oxml import parse_xml
        from docx.shared import Cm

        self.charts += 1
        xml, workbook = chart_parts(block)
        data = b'<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData><c:printSettings>'
        xml = xml.replace(b"<c:printSettings>", data, 1)
        package = self.document.part.package
        name = f"chart{self.charts}"
        chart = Part(PackURI(f"/word/charts/{name}.xml"), CONTENT + "drawingml.chart+xml", xml, package)
        sheet = Part(
            PackURI(f"/word/embeddings/{name}.xlsx"), CONTENT + "spreadsheetml.sheet", workbook, package
        )
        chart.relate_to(sheet, RELATION + "package")
        key = self.document.part.relate_to(chart, RELATION + "chart")
        bars = len(block.categories) * (1 if block.is_stacked else len(block.series))
        height = min(max(5.5, BAR_CM * bars + 3), 19 if not self.is_wide else 13) if block.is_lying else 7.5
        width, height = Cm(min(self._room(), 20)), Cm(height)
        paragraph = self.document.add_paragraph(style="Figure")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        words = _attribute(f"{block.caption}：{_values(block)}")
        drawing = (
            '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
            'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
            f'xmlns:r="{RELATION[:-1]}"><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{1000 + self.charts}" name="图 {self.charts}" '
            f'descr="{words}"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{CHART_NAMESPACE}">'
            f'<c:chart xmlns:c="{CHART_NAMESPACE}" r:id="{key}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
        )
        paragraph.add_run()._r.append(parse_xml(drawing))
        self.document.add_paragraph(f"图 {self.charts}  {block.caption}", style="Figure Caption")

    def _quote(self, quote: Quote) -> None:
        paragraph = self.document.add_paragraph(style="Quotation")
        self._bookmark(paragraph, f"q{quote.number}", f"[{quote.number}]")
        paragraph.add_run(f"\t“{evidence_text(quote)}”")
        source = self.document.add_paragraph(style="Source")
        source.add_run(source_text(self.comparison, quote))
        if quote.link:
            key = self.document.part.relate_to(
                printable(quote.link), RELATION + "hyperlink", is_external=True
            )
            link = _element("w:hyperlink", {"r:id": key, "w:history": "1"})
            link.append(source.add_run(printable(quote.address))._r)
            source._p.append(link)
        else:
            source.add_run(printable(quote.address))
        source.add_run(f"  编号 {quote.claims[0].measure_id}")

    def _contents(self) -> None:
        """A field that Word and LibreOffice fill anew, filled already so that it shows on opening.

        Page numbers come with the first update: only the program that breaks the pages knows them.
        """
        self.document.add_paragraph("目录", style="Contents Heading")
        headings = [block for block in self.report.blocks if isinstance(block, Heading)]
        for place, heading in enumerate(headings):
            paragraph = self.document.add_paragraph(style=f"toc {heading.level}")
            if place == 0:
                for kind, text in (("begin", ""), ("", 'TOC \\o "1-2" \\h \\z \\u'), ("separate", "")):
                    paragraph.add_run()._r.append(_field(kind, text))
            link = _element("w:hyperlink", {"w:anchor": _name(heading.anchor), "w:history": "1"})
            link.append(paragraph.add_run(heading.text)._r)
            paragraph._p.append(link)
            if place == len(headings) - 1:
                paragraph.add_run()._r.append(_field("end", ""))

    def _set_page(self) -> None:
        from docx.enum.section import WD_ORIENT
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm

        section = self.document.sections[0]
        wide, high = (HEIGHT, WIDTH) if self.is_wide else (WIDTH, HEIGHT)
        section.orientation = WD_ORIENT.LANDSCAPE if self.is_wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Cm(wide), Cm(high)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "1"), ("end", "")):
            run = foot.add_run("1" if kind == "text" else "")
            if kind != "text":
                run._r.append(_field(kind, text))

    def _set_properties(self) -> None:
        core = self.document.core_properties
        core.title, core.author, core.comments, core.language = self.report.title, "", "", "zh-CN"
        core.created = core.modified = CREATED
        core.last_modified_by = ""
        core.revision = 1

    def _set_styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt

        styles = self.document.styles
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")
        for name, base, size, before, after, left, hanging, colour in STYLES:
            known = name in [style.name for style in styles]
            style = (
                styles[name]
                if known
                else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("toc"))
            )
            if base and not known:
                style.base_style = styles[base]
            is_title = name.startswith(("Title", "Heading", "Contents Heading", "Caption", "Figure Caption"))
            _set_font(style, TITLES if is_title else BODY, size, colour)
            style.font.bold = is_title
            style.font.italic = False
            form = style.paragraph_format
            form.space_before, form.space_after = Pt(before), Pt(after)
            form.line_spacing = 1.0 if name in ("Cell", "Figure", "Gap") else 1.25
            form.left_indent, form.first_line_indent = Cm(left), Cm(-hanging) if hanging else None
            form.keep_with_next = (
                name.startswith(("Heading", "Caption", "Figure", "Quotation")) and name != "Figure Caption"
            )
        styles["Quotation"].paragraph_format.tab_stops.add_tab_stop(Cm(1.2))
        reference = styles.add_style("Reference", WD_STYLE_TYPE.CHARACTER)
        _set_font(reference, BODY, NORMAL, TINT)
        reference.font.superscript = True


# Name, the style it is based on, points, points before and after, left indent and how far the first line hangs out
# of it in centimetres, colour.
STYLES = (
    ("Normal", None, NORMAL, 0, 4, 0, 0, INK),
    ("Title", None, 20, 0, 6, 0, 0, INK),
    ("Subtitle", None, NORMAL, 0, 8, 0, 0, QUIET),
    ("Heading 1", None, 15, 16, 6, 0, 0, TINT),
    ("Heading 2", None, 12, 8, 3, 0, 0, INK),
    ("Caption", None, SMALL, 6, 3, 0, 0, INK),
    ("List Bullet", None, NORMAL, 0, 2, 0.6, 0.6, INK),
    ("Contents Heading", "Normal", 12, 4, 4, 0, 0, INK),
    ("toc 1", "Normal", NORMAL, 0, 2, 0, 0, INK),
    ("toc 2", "Normal", NORMAL, 0, 2, 0.8, 0, INK),
    ("Note", "Normal", SMALL, 2, 6, 0, 0, QUIET),
    ("Cell", "Normal", SMALL, 1, 1, 0, 0, INK),
    ("Gap", "Normal", 4, 0, 0, 0, 0, INK),
    ("Figure", "Normal", NORMAL, 6, 0, 0, 0, INK),
    ("Figure Caption", "Normal", SMALL, 2, 8, 0, 0, INK),
    ("Quotation", "Normal", NORMAL, 4, 0, 1.2, 1.2, INK),
    ("Source", "Normal", SMALL, 0, 4, 1.2, 0, QUIET),
)  # fmt: skip


def _set_font(style: Any, name: str, size: float, colour: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.size, style.font.color.rgb, style.font.name = Pt(size), RGBColor.from_string(colour), LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for place in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{place}"), None)
    fonts.set(qn("w:eastAsia"), name)


def _element(tag: str, attributes: dict[str, str]) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(name), value)
    return made


def _field(kind: str, text: str) -> Any:
    """A part of a field: its beginning, its instruction, what separates it from its result, its end."""
    if kind:
        return _element("w:fldChar", {"w:fldCharType": kind})
    made = _element("w:instrText", {"xml:space": "preserve"})
    made.text = f" {text} "
    return made


def _name(anchor: str) -> str:
    """A bookmark's name: letters, digits and underscores alone."""
    return "_" + anchor.replace("-", "_")


def _fill(cell: Any, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(
        _element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": colour})
    )


def _tint(shade: float) -> str:
    """White to a light blue."""
    return "".join(f"{round(255 - (255 - full) * shade * 0.45):02X}" for full in (68, 119, 170))


def _keep_whole(row: Any, is_head: bool) -> None:
    """A row is not cut by a page's end; the head stands on each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(_element("w:cantSplit", {}))
    if is_head:
        properties.append(_element("w:tblHeader", {}))


def _values(chart: Chart) -> str:
    """The chart in words, for readers who do not see it."""
    shown = "{:.0%}" if chart.is_share else "{:.0f}"
    return "；".join(
        f"{name} "
        + "、".join(f"{c} {shown.format(v)}" for c, v in zip(chart.categories, values, strict=True))
        for name, values in chart.series
    )


def _attribute(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(text, {'"': "&quot;"})


def _undated(data: BytesIO) -> bytes:
    """The package with one fixed date on its parts: python-docx writes the time of writing."""
    made = BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, ZIP_DATE)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return made.getvalue()
