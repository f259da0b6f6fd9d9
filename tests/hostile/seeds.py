"""Small well-formed inputs for each probe: the fuzzer and the tests change a few bytes of them."""

import gzip
import io
import json
import zipfile

from tests.hostile.cases import CASES, SENTENCE, word_file, workbook

BREAK = b"\n=====\n"
"""Between the files of a probe that reads several."""


def _zip(method: int, *, name: str = "甲.html", data: str = f"<p>{SENTENCE}</p>") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("附件/", b"")
        archive.writestr(name, data)
    return made.getvalue()


def _record(kind: str, body: bytes, *more: str) -> bytes:
    head = ["WARC/1.0", f"WARC-Type: {kind}", "WARC-Target-URI: http://a.example.cn/t1.html", *more]
    return "\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body + b"\r\n\r\n"


_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gb2312\r\n"
_PAGE = f"<html><title>云岭县工作总结</title><p>{SENTENCE}</p></html>"
_GBK = _PAGE.encode("gb18030")
_CHUNKED = b"%x\r\n%b\r\n0\r\n\r\n" % (len(_GBK), _GBK)
_WARC = [
    _record("response", _ANSWER + b"\r\n" + _GBK, "WARC-Date: 2020-01-01T00:00:00Z", "Content-Type: application/http; msgtype=response"),
    _record("response", _ANSWER + b"Transfer-Encoding: chunked\r\n\r\n" + _CHUNKED, "Content-Type: application/http"),
    _record("response", _ANSWER + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(_GBK), "Content-Type: application/http"),
    _record("resource", _PAGE.encode(), "Content-Type: text/html"),
    _record("revisit", b"", "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"),
    _record("conversion", SENTENCE.encode(), "Content-Type: text/plain"),
    _record("warcinfo", b"software: x\r\n", "Content-Type: application/warc-fields"),
]  # fmt: skip
_CODEBOOK = """
version = "1"
[[code]]
id = "rotation"
zh = "交流轮岗"
definition = "教师在校际间流动"
en = "Rotation"
labels = ["交流轮岗", "轮岗…教师", "结为(对子|帮扶)"]
hints = ["支教"]
negative = ["轮岗执勤"]
"""
_SOURCES = """
contact = "a@example.cn"
[[source]]
id = "a"
start = ["http://a.example.cn/list/"]
kind = "list"
region = "610302"
expect = 12
[source.list]
items = "ul.news li"
title = "a::attr(title)"
next_url = "index_{n}.html"
[source.item]
attachments = "div.attach"
[source.pace]
delay = 1.0
hours = "22:00-06:00"
[source.reach]
include = ['/t\\d+\\.html']
[source.fixes]
"http://a.example.cn:80/" = "http://a.example.cn/"
"""
_SETTINGS = """
name = "样本"
format = 1
[annotate]
codebook = "shipped"
min_confidence = 0.5
[search]
encoder = "none"
"""
_GOLD = BREAK.join(
    s.encode()
    for s in (
        f"sid\tstart\tend\ttext\n甲#1.1\t0\t20\t{SENTENCE}\n甲#2.1\t21\t40\t教师轮岗。",
        "sid\tcodes\tstatus\tquantities\tmaybe\tkeep\tdoc\n甲#1.1\tteacher_rotation\tdone\t120|场|送教\t\tkeep\t1\n甲#2.1\t\t\t\t\tdrop\t2",
        "page\tdoc\tdoc_type\n甲\t1\treport\n甲\t2\tspam",
        SENTENCE,
    )
)
_MANIFEST = {
    "manifest": 1, "table": "documents", "format": "csv", "filters": {"region": "61"}, "rows": 1, "sha256": "0" * 64,
    "inputs": {"captures": 1}, "versions": {"python": "3.11.1"}, "models": {}, "settings": {"annotate": {}}, "coding": {},
}  # fmt: skip
_ZIPS = [
    _zip(method) for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
]

SEEDS: dict[str, list[bytes]] = {
    "docx": [word_file("<w:p><w:r><w:t>云岭县</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>")],
    "docx xml": ["<w:p><w:pPr><w:outlineLvl w:val='0'/></w:pPr><w:r><w:t>云岭县</w:t><w:tab/><w:br/></w:r></w:p><w:tbl><w:tr><w:tc>"
                 "<w:tcPr><w:gridSpan w:val='2'/><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>".encode()],
    "xlsx": [workbook('<row r="1"><c r="A1" t="inlineStr"><is><t>云</t></is></c></row>')],
    "zip": [*_ZIPS, _zip(zipfile.ZIP_DEFLATED, name="a/b.zip", data="PK"), *_ZIPS[2:]],
    "archive": [*_ZIPS, *_WARC, b"".join(_WARC), gzip.compress(_WARC[0])],
    "warc": [*_WARC, b"".join(_WARC), gzip.compress(_WARC[0])],
    "codebook": [_CODEBOOK.encode()],
    "sources.toml": [_SOURCES.encode()],
    "corpus.toml": [_SETTINGS.encode()],
    "lexicon": ["word\tpos\tgroup\tgloss\n轮岗\tv\trotation\tx\n# 注\n走教\tv\trotation\t\n".encode()],
    "gold": [_GOLD],
    "query": ["教师轮岗 -职业 “送教下乡” 《办法》 教基〔2023〕5号 云岭县".encode()],
    "queries file": ["qid\tquery\n1\t教师轮岗\n2\t“送教”\n".encode()],
    "filters": ["region=陕西\ncode=rotation\nstatus=已做\nyear=2018-2020\nsince=2018\nkind=report\nissuer=教育局\ncopies\nlocal=no".encode()],
    "indicators": ["代码,名称,生均经费\n610302,渭滨区,\"12,000\"\n610303,金台区,85%\n".encode()],
    "manifest": [json.dumps(_MANIFEST, ensure_ascii=False).encode()],
}  # fmt: skip


def seeds_of(probe: str) -> list[bytes]:
    """Inputs to begin with; for readers of pages and texts the hostile files, cut short."""
    return SEEDS.get(probe) or [case(200)[0][:4096] for case in CASES.values()]
