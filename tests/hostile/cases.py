"""Hostile files by name, each made to a wanted size: what a page, a text, a Word file or a workbook may do to us.

The generators are shared by the tests (small sizes, growth) and by ``benchmarks/hostile.py`` (10 MB each).
"""

import io
import itertools
import random
import zipfile
from collections.abc import Callable

HTML, TEXT, MARKDOWN = "text/html", "text/plain", "text/markdown"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SENTENCE = "云岭县教育局组织骨干教师到农村学校送教，全年共送教一百二十场，投入3亿元，覆盖全县所有教学点。"
PLACES = "云岭县、宝鸡市、渭滨区、陕西省、四川省自贡市大安区、鼓楼区、全县、我县、某区、西宁果洛中学、"
_HAN = "教育学校师生县市区政府均衡发展农村城乡结对帮扶集团办轮岗投入新建改造培训支持推进加强落实完善建立"

Case = Callable[[int], tuple[bytes, str]]
"""Makes a file of about so many bytes, and its media type."""


def repeated(unit: str, media_type: str = TEXT, before: str = "", after: str = "") -> Case:
    """A file that says one thing over and over."""

    def make(size: int) -> tuple[bytes, str]:
        count = max(1, (size - len((before + after).encode())) // len(unit.encode("utf-8", "surrogatepass")))
        return (before + unit * count + after).encode("utf-8", "surrogatepass"), media_type

    return make


def nested(opening: str, closing: str = "", depth: int = 10_000, media_type: str = HTML) -> Case:
    """Elements within elements, ``depth`` deep at least, as deep as the size allows."""

    def make(size: int) -> tuple[bytes, str]:
        count = max(1, min(max(depth, 1), size // len(opening + closing)))
        return (opening * count + SENTENCE + closing * count).encode(), media_type

    return make


def random_han(size: int) -> tuple[bytes, str]:
    """Characters of our field in no order, without a mark."""
    draw = random.Random(1)
    return "".join(draw.choices(_HAN, k=size // 3)).encode(), TEXT


def random_marks(size: int) -> tuple[bytes, str]:
    """Characters, marks, digits and brackets in no order."""
    draw = random.Random(2)
    return "".join(draw.choices(_HAN + "，。；、：“”‘’（）《》0123456789%\n ", k=size // 3)).encode(), TEXT


def random_bytes(size: int) -> tuple[bytes, str]:
    """Bytes that mean nothing."""
    return random.Random(3).randbytes(size), TEXT


def distinct_lines(size: int) -> tuple[bytes, str]:
    """Short lines, no two of them the same."""
    lines = (f"第{n}所学校新建{n % 97}间教室，投入{n}万元" for n in itertools.count(1))
    return _taken(lines, size), TEXT


def distinct_numbers(size: int) -> tuple[bytes, str]:
    """One line of numbers, each between words: what was put between two digits is looked at as spam."""
    draw = random.Random(4)
    parts = (f"{n % 10}" + "".join(draw.choices(_HAN, k=5)) for n in itertools.count(1))
    return _taken(parts, size, ""), TEXT


def distinct_places(size: int) -> tuple[bytes, str]:
    """One line of schools and places, no two the same."""
    parts = (f"云岭县第{n}小学与宝鸡市渭滨区第{n}小学结对，" for n in itertools.count(1))
    return _taken(parts, size, ""), TEXT


def _taken(parts: "itertools.chain[str] | object", size: int, joiner: str = "\n") -> bytes:
    out, made = [], 0
    for part in parts:  # type: ignore[attr-defined]
        out.append(part)
        made += len(part.encode()) + len(joiner)
        if made >= size:
            break
    return joiner.join(out).encode()


_DOCX_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_DOCX_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BILLION_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a0 "云岭县教育局">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
"""A document type of 800 bytes whose entity ``&a9;`` is 6,000,000,000 characters."""
OUTSIDE_ENTITY = '<!DOCTYPE r [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>'


def word_file(body: str, doctype: str = "") -> bytes:
    """A Word file with this XML between ``w:body`` tags."""
    document = f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    return packed(
        {"[Content_Types].xml": _DOCX_TYPES, "_rels/.rels": _DOCX_RELS, "word/document.xml": document}
    )


def packed(members: dict[str, str | bytes]) -> bytes:
    """A zip with these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return made.getvalue()


def word(unit: str, cost: int, before: str = "", after: str = "", doctype: str = "") -> Case:
    """A Word file that holds one thing over and over; ``size`` counts unpacked characters times ``cost``."""

    def make(size: int) -> tuple[bytes, str]:
        count = max(1, size * cost // max(1, len(unit)))
        return word_file(before + unit * count + after, doctype), DOCX

    return make


def word_nested(size: int) -> tuple[bytes, str]:
    """Tables in the cells of tables."""
    depth = min(10_000, size // 60)
    return word_file("<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth), DOCX


_SHEET_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(rows: str, doctype: str = "") -> bytes:
    """A workbook of one sheet with this XML between ``sheetData`` tags."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    rels = 'Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    return packed(
        {
            "[Content_Types].xml": _SHEET_TYPES,
            "_rels/.rels": f'{head}<{rels}><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'{head}<workbook xmlns="{_S}" xmlns:r="{_OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'{head}<{rels}><Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'{head}{doctype}<worksheet xmlns="{_S}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )  # fmt: skip


def cell(place: str, text: str) -> str:
    """A cell with its text inside."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet_of_cells(size: int) -> tuple[bytes, str]:
    """Rows of ten cells, twenty bytes of text each."""
    rows = (
        f'<row r="{n}">' + "".join(cell(f"{column}{n}", f"云岭县{n}") for column in "ABCDEFGHIJ") + "</row>"
        for n in range(1, max(2, size // 500))
    )
    return workbook("".join(rows)), XLSX


def sheet_of_long_cells(size: int) -> tuple[bytes, str]:
    """A few cells with very long texts."""
    return workbook(
        "".join(f'<row r="{n}">{cell(f"A{n}", SENTENCE * (size // 600))}</row>' for n in range(1, 5))
    ), XLSX


def pdf_of_pages(size: int) -> tuple[bytes, str]:
    """Empty pages, as many as fit."""
    count = max(1, size // 100)
    kids = " ".join(f"{n + 3} 0 R" for n in range(count))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {count}/Kids[{kids}]>>".encode()]
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * count
    out = [b"%PDF-1.4\n"]
    places, at = [], len(out[0])
    for number, body in enumerate(objects, 1):
        places.append(at)
        out.append(b"%d 0 obj%sendobj\n" % (number, body))
        at += len(out[-1])
    out.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out += [b"%010d 00000 n \n" % place for place in places]
    out.append(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, at))
    return b"".join(out), "application/pdf"


_P = "<p>云岭县</p>"
CASES: dict[str, Case] = {
    # one text without end
    "one line of sentences": repeated(SENTENCE),
    "sentences without a stop": repeated(SENTENCE.replace("。", "，")),
    "random characters, no mark": random_han,
    "random characters and marks": random_marks,
    "random bytes": random_bytes,
    "one character": repeated("教"),
    "one digit": repeated("9"),
    "one letter": repeated("a"),
    "blanks": repeated(" "),
    "blanks then a word": repeated(" ", after=SENTENCE),
    "ideographic blanks": repeated("\u3000"),
    "line ends": repeated("\n", after=SENTENCE),
    "carriage returns": repeated("\r", after=SENTENCE),
    "NULs": repeated("\0", after=SENTENCE),
    "control characters": repeated("\x01\x02\x1b\x7f\x85", after=SENTENCE),
    "marks of direction": repeated("\u202e\u2066云\u200f岭\u202c", after=SENTENCE),
    "joiners": repeated("\u200d\u200b\ufeff", after=SENTENCE),
    "combining marks": repeated("\u0301\u0489", before="云"),
    "lone surrogates in bytes": repeated("\ud800", after=SENTENCE),
    "emoji": repeated("😀"),
    "headings": repeated("一、"),
    "headings on lines": repeated("一、总体要求\n"),
    "brackets of titles": repeated("《"),
    "titles": repeated("《云岭县》"),
    "opening quotes": repeated("“"),
    "round brackets": repeated("（"),
    "square brackets": repeated("〔2018"),
    "pinyin in brackets": repeated("均（zh"),
    "mirror": repeated("均衡（héng）發(fā)展，學?！"),
    "list of items": repeated("加强领导、", before="要"),
    "listed acts": repeated("新建学校5所，"),
    "commas": repeated("，"),
    "enumeration commas": repeated("、"),
    "semicolons": repeated("；"),
    "full stops": repeated("。"),
    "ASCII dots": repeated("."),
    "question marks": repeated("?"),
    "exclamations in quotes": repeated("“好！”的"),
    "hyphens": repeated("-"),
    "underscores": repeated("_"),
    "equals signs": repeated("="),
    "asterisks": repeated("*"),
    "template blanks": repeated("xx区"),
    "numbers": repeated("3.5亿元、"),
    "Han numerals": repeated("一二三四五六七八九十百千万亿"),
    "one Han numeral": repeated("十"),
    "thousands": repeated("9,999,"),
    "ranges": repeated("1-2-3~4至5"),
    "percentages": repeated("85%、"),
    "dates": repeated("2020年1月1日"),
    "dates in ISO form": repeated("2020-01-01 "),
    "years": repeated("2018年"),
    "distinct numbers": distinct_numbers,
    "places": repeated(PLACES),
    "one place": repeated("云岭县"),
    "real places without marks": repeated("陕西省宝鸡市渭滨区"),
    "distinct places": distinct_places,
    "pointers": repeated("我县全市该区"),
    "placeholders": repeated("某区某县某市"),
    "schools": repeated("第一小学"),
    "labels": repeated("来源：作者：编辑："),
    "government words": repeated("人民政府办公室教育局"),
    "pairs of schools": repeated("一中与二中、三小和四小结对，"),
    "tiny paragraphs": repeated("云岭县教育\n"),
    "paragraphs of one character": repeated("云\n"),
    "distinct lines": distinct_lines,
    "lines broken in mid-sentence": repeated("云岭县教育局，组织骨干教师到农村学校送教\n"),
    "paragraphs": repeated(SENTENCE * 3 + "\n"),
    "bylines": repeated("来源：云岭日报 2020-01-01 10:00\n"),
    "contents": repeated("一、总体要求....1\n"),
    "table rows in text": repeated("甲 | 乙 | 丙\n"),
    "seals": repeated("云岭县教育局\n2020年1月1日\n"),
    "articles": repeated("第一条 学校要加强\n"),
    "titles of papers": repeated("云岭县均衡发展实施方案\n" + SENTENCE * 2 + "\n"),
    "numbered papers": repeated("范文篇一\n" + SENTENCE * 8 + "\n"),
    "traditional script": repeated("教師學校發展，"),
    "entities in text": repeated("&amp;"),
    "tags in text": repeated("<a <b"),
    "closed tags in text": repeated("<br>"),
    "comments in text": repeated("<!--"),
    # web pages
    "nested tables": nested("<table><tr><td>", "</td></tr></table>"),
    "nested tables, to the end": nested("<table><tr><td>", depth=1_000_000),
    "nested divisions": nested("<div>", "</div>", 1_000_000),
    "unclosed fonts": nested("<font>", depth=2_000_000),
    "links": repeated("<a href=x>链接</a>", HTML, after=SENTENCE),
    "links on lines": repeated("<li><a href=x>链接</a>", HTML, after=f"<p>{SENTENCE}"),
    "tiny paragraphs of a page": repeated(_P, HTML),
    "empty paragraphs": repeated("<p>", HTML, after=SENTENCE),
    "sentences of a page": repeated(f"<p>{SENTENCE}</p>", HTML),
    "one paragraph of a page": repeated(SENTENCE, HTML, "<p>", "</p>"),
    "table cells": repeated("<td>甲</td>", HTML, "<table><tr>", "</tr></table>"),
    "table rows": repeated("<tr><td>甲</td><td>5所</td></tr>", HTML, "<table>", "</table>"),
    "huge attribute": repeated("x", HTML, '<div class="', f'">{SENTENCE}</div>'),
    "huge style": repeated("height:1;", HTML, '<div style="', f'">{SENTENCE}</div>'),
    "huge address": repeated("a.doc?", HTML, '<a href="', f'">{SENTENCE}</a>'),
    "many attributes": repeated(" a=b", HTML, "<div", f">{SENTENCE}</div>"),
    "distinct styles": lambda size: (
        ("".join(f'<i style="left:-{n}px">甲</i>' for n in range(max(1, size // 36))) + SENTENCE).encode(), HTML,
    ),
    "unclosed tags": repeated("<a ", HTML, after=SENTENCE),
    "unclosed quotes": repeated('<a x="', HTML, after=SENTENCE),
    "unclosed comments": repeated("<!--", HTML, after=SENTENCE),
    "unclosed scripts": repeated("<script>", HTML, after=SENTENCE),
    "script text": repeated("var a='2020-01-01';", HTML, "<script>", f"</script>{SENTENCE}"),
    "style rules": repeated(".a{display:none}", HTML, "<style>", f"</style>{SENTENCE}"),
    "references": repeated("&lt;", HTML),
    "number references": repeated("&#20113;", HTML),
    "half references": repeated("&#x", HTML),
    "unknown references": repeated("&zzz;", HTML),
    "deep JSON": repeated("[", HTML, '<script type="application/ld+json">', f"</script><p>{SENTENCE}"),
    "deep JSON objects": repeated('{"a":', HTML, '<script type="application/ld+json">', f"</script><p>{SENTENCE}"),
    "long digits in JSON": repeated(
        "9", HTML, '<script type="application/ld+json">{"datePublished":', f"}}</script><p>{SENTENCE}"
    ),
    "huge title": repeated("云", HTML, "<title>", f"</title><p>{SENTENCE}"),
    "many meta tags": repeated('<meta name=author content="云岭县">', HTML, after=SENTENCE),
    "preformatted": repeated("云岭县\n", HTML, "<pre>", "</pre>"),
    "select options": repeated("<option>甲", HTML, "<select>", f"</select><p>{SENTENCE}"),
    "text areas": repeated("<textarea>甲", HTML, after=SENTENCE),
    "iframes": repeated("<iframe src=x></iframe>", HTML, after=SENTENCE),
    "entities of a page": lambda size: ((BILLION_LAUGHS + "<p>&a9;" + SENTENCE).encode(), HTML),
    # markdown
    "markdown links": repeated("[", MARKDOWN),
    "markdown emphasis": repeated("**a", MARKDOWN),
    "markdown stars": repeated("*", MARKDOWN),
    "markdown code": repeated("`", MARKDOWN),
    "markdown bars": repeated("|", MARKDOWN),
    "markdown table": repeated("| 甲 | 乙 |\n", MARKDOWN),
    "markdown front matter": repeated("a: b\n", MARKDOWN, "---\n"),
    "markdown pictures": repeated("![](", MARKDOWN),
    "markdown quotes": repeated(">", MARKDOWN),
    "markdown heading": repeated(" ", MARKDOWN, "# ", "x"),
    "markdown rule": repeated(" ", MARKDOWN, "", "-x"),
    "markdown field": repeated(" ", MARKDOWN, "---\ntitle: ", "x\n---\n"),
    "markdown paragraph": repeated("云岭县教育\n", MARKDOWN),
    # Word files, workbooks, PDF
    "word: one paragraph": word(f"<w:r><w:t>{SENTENCE}</w:t></w:r>", 1, "<w:p>", "</w:p>"),
    "word: tiny paragraphs": word("<w:p><w:r><w:t>云岭县</w:t></w:r></w:p>", 1),
    "word: wide row": word("<w:tc><w:p/></w:tc>", 1, "<w:tbl><w:tr>", "</w:tr></w:tbl>"),
    "word: long table": word("<w:tr><w:tc><w:p><w:r><w:t>云岭县</w:t></w:r></w:p></w:tc></w:tr>", 1, "<w:tbl>", "</w:tbl>"),
    "word: wide span": word(
        '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr><w:p/></w:tc></w:tr>', 1, "<w:tbl>", "</w:tbl>"
    ),
    "word: nested tables": word_nested,
    "word: zip bomb": word(" ", 15, "<w:p><w:r><w:t>", "</w:t></w:r></w:p>"),
    "word: bomb of paragraphs": word("<w:p/>", 15),
    "word: entities": lambda size: (word_file("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", BILLION_LAUGHS), DOCX),
    "sheet: cells": sheet_of_cells,
    "sheet: packed cells": lambda size: sheet_of_cells(size * 7),  # 8 times unpacks to more than is read
    "sheet: long cells": sheet_of_long_cells,
    "sheet: entities": lambda size: (workbook(f'<row r="1">{cell("A1", "&a9;")}</row>', BILLION_LAUGHS), XLSX),
    "sheet: far corners": lambda size: (
        workbook(f'<row r="1">{cell("A1", "甲")}</row><row r="1048576">{cell("XFD1048576", "乙")}</row>'), XLSX,
    ),
    "sheet: far corners unsaid": lambda size: (
        workbook('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r=\'XFD1048576\'><v>1</v></c></row>'), XLSX,
    ),
    "sheet: zip bomb": lambda size: (workbook(" " * (size * 15)), XLSX),
    "pdf: pages": pdf_of_pages,
}  # fmt: skip
