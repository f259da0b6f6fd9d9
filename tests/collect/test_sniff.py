"""What a file is: by its content, then by its name."""

import pytest

from policy_corpus.collect.problems import ProblemError
from policy_corpus.collect.sniff import (
    DOC,
    HTML,
    MARKDOWN,
    ODS,
    ODT,
    PDF,
    RTF,
    TEXT,
    WORKS,
    XLS,
    XLSX,
    container_of,
    ending_of,
    holds_text,
    media_type_of,
)  # fmt: skip
from policy_corpus.collect.verify import ZIP, judge
from tests.collect.samples import OLE, PAGE, docx, packed, pdf
from tests.collect.samples import TEXT as CHINESE
from tests.shared import DATA, GOLD, needs_shared


@needs_shared
def test_saved_pages_are_html_under_any_name() -> None:
    for path in sorted((GOLD / "pages").glob("*.html")):
        for name in (path.name, path.stem + ".txt", "page", "view.aspx?id=3"):
            assert media_type_of(path.read_bytes(), name) == HTML, (path.name, name)


@needs_shared
def test_reports_are_text_with_and_without_an_ending() -> None:
    for path in sorted((DATA / "reports-2024").glob("*.txt")):
        assert {media_type_of(path.read_bytes(), name) for name in (path.name, "report")} == {TEXT}


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (PAGE.encode(), "a.html", HTML),
        (PAGE.encode("gb18030"), "a.txt", HTML),
        (PAGE.encode("utf-16"), "a.htm", HTML),
        (b"\xef\xbb\xbf  <!-- saved from url=(0020)http://x.cn/ -->\r\n<html>", "a", HTML),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>', "a.xhtml", HTML),
        (b"<p>one</p>", "fragment.html", HTML),
        (CHINESE.encode(), "a.txt", TEXT),
        (CHINESE.encode("gb18030"), "a", TEXT),
        (CHINESE.encode("utf-16"), "a.txt", TEXT),
        ((CHINESE * 3 + "一二三").encode("utf-16-le"), "a.txt", TEXT),
        (CHINESE.encode(), "named.html", TEXT),
        (CHINESE.encode(), "a.doc", TEXT),
        ("# 工作总结\n".encode(), "a.md", MARKDOWN),
        ("其中<p><b style='x'>12人</b></p>参加".encode(), "a.txt", TEXT),
        (b"\n%PDF-1.7 ...", "a.txt", PDF),
        (CHINESE.encode() * 5 + b"\x00\x01", "torn.txt", TEXT),
    ],
)
def test_media_type(data: bytes, name: str, media_type: str) -> None:
    assert media_type_of(data, name) == media_type


@pytest.mark.parametrize(
    ("stream", "media_type"), [("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS), ("MatOST", WORKS)]
)
@pytest.mark.parametrize("name", ["a.doc", "a.wps", "a.et", "download.jsp?id=3"])
def test_an_old_office_file_is_known_by_its_streams(stream: str, media_type: str, name: str) -> None:
    assert media_type_of(OLE + stream.encode("utf-16-le"), name) == media_type


def test_rich_text_is_no_plain_text() -> None:
    assert media_type_of(b"{\\rtf1\\ansi", "a.doc") == RTF


@pytest.mark.parametrize(
    ("members", "media_type"),
    [
        ({"xl/workbook.xml": b"<x/>"}, XLSX),
        ({"mimetype": ODT.encode(), "content.xml": b"<x/>"}, ODT),
        ({"mimetype": ODS.encode(), "content.xml": b"<x/>"}, ODS),
        ({"a.txt": b"x"}, ZIP),
    ],
)
def test_a_package_is_known_by_its_members(members: dict[str, bytes], media_type: str) -> None:
    assert judge(packed(members), "download", "application/octet-stream", 1000) == media_type


@pytest.mark.parametrize(
    ("data", "text"),
    [(PAGE.encode("gb18030"), True), (CHINESE.encode("utf-16"), True), (docx(), False), (OLE, False), (pdf(), False),
     (b"\x89PNG\r\n\x1a\n", False), (b"{\\rtf1", False)],
)  # fmt: skip
def test_texts_are_told_from_files(data: bytes, text: bool) -> None:
    assert holds_text(data) == text


def test_a_pdf_is_a_pdf_under_any_name() -> None:
    assert media_type_of(pdf(), "通知.txt") == PDF


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "empty"),
        (b" \r\n\x00\x00", "a.html", "empty"),
        (b"\xef\xbb\xbf\n", "a.txt", "empty"),
        (OLE, "a.doc", "unsupported"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "a.ppt", "unsupported"),
        (OLE, "a.wps", "unsupported"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "encrypted"),
        (b"Rar!\x1a\x07\x00", "a.rar", "unsupported"),
        (b"\x1f\x8b\x08\x00broken", "a.tar.gz", "unsupported"),
        (b"\x89PNG\r\n\x1a\n", "a.html", "unsupported"),
        (b"\xff\xd8\xff\xe0", "scan.jpg", "unsupported"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "a.mht", "unsupported"),
        (b"\x7fELF\x02\x01\x01" + bytes(100), "a", "unknown"),
        (bytes(range(256)) * 4, "a.txt", "unknown"),
        (b"a,b\n1,2\n", "a.csv", "unknown"),
        (b'<?xml version="1.0"?><rss><item/></rss>', "feed", "unknown"),
        (b"body { color: red }", "a.css", "unknown"),
    ],
)
def test_what_is_not_read(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(ProblemError) as problem:
        media_type_of(data, name)
    assert problem.value.reason == reason


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a/b.TXT", "txt"), ("a.b/c", ""), (".hidden", ""), ("http://example.sh/", ""), ("http://x.cn", ""),
        ("http://x.cn/a.js?v=1.2", "js"), ("view.html?id=3", "html"), ("a.zip!/b.md", "md"), ("C# 笔记.md", "md"),
    ],
)  # fmt: skip
def test_ending(name: str, ending: str) -> None:
    assert ending_of(name) == ending


@pytest.mark.parametrize(
    ("head", "container"),
    [(b"PK\x03\x04", "zip"), (b"WARC/1.0\r\n", "warc"), (b"\x1f\x8bxx", None), (b"<html>", None)],
)
def test_container(head: bytes, container: str | None) -> None:
    assert container_of(head) == container
