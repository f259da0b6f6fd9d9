"""Files, folders, zip and WARC: what comes in, under which origin, and what is said of the rest."""

import io
import os
import socket
import sys
import unicodedata
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from policy_corpus.collect.captures import CaptureArchive, read_capture
from policy_corpus.collect.found import ImportLimits
from policy_corpus.collect.importer import import_paths
from policy_corpus.collect.sniff import DOCX, HTML, MARKDOWN, PDF
from policy_corpus.collect.sniff import TEXT as PLAIN
from policy_corpus.records import Capture, Issue
from tests.collect import samples
from tests.collect.conftest import Add
from tests.collect.samples import PAGE, TEXT
from tests.shared import DATA, needs_shared

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def captures(items: list[Capture | Issue]) -> list[Capture]:
    assert all(isinstance(item, Capture) for item in items), items
    return [item for item in items if isinstance(item, Capture)]


def sources(items: list[Capture | Issue]) -> list[str]:
    return [capture.source for capture in captures(items)]


def the_issue(items: list[Capture | Issue]) -> Issue:
    (item,) = items
    assert isinstance(item, Issue)
    assert item.stage == "add"
    return item


@needs_shared
def test_real_word_files_come_in_whole(add: Add, archive: CaptureArchive) -> None:
    folder = DATA / "reports-2024-docx"
    found = captures(add(folder))
    assert len(found) == len(list(folder.glob("*.docx")))
    assert {capture.media_type for capture in found} == {DOCX}
    assert all(read_capture(archive.folder, one) == Path(one.source).read_bytes() for one in found)


# ---- files and folders


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("页.html", PAGE.encode("gb18030"), HTML),
        ("文.txt", TEXT.encode(), PLAIN),
        ("记.md", b"# x", MARKDOWN),
        ("告.docx", samples.docx(), DOCX),
        ("告", samples.docx(), DOCX),
        ("令.pdf", samples.pdf(), PDF),
        ("令.doc", samples.pdf(), PDF),
    ],
)
def test_a_file_comes_in_with_its_kind(
    inbox: Path, add: Add, archive: CaptureArchive, name: str, data: bytes, media_type: str
) -> None:
    (inbox / name).write_bytes(data)
    (capture,) = captures(add(name))
    assert (capture.source, capture.media_type, capture.url) == (name, media_type, None)
    assert capture.captured_at == "2024-05-01T08:30:00Z"
    assert read_capture(archive.folder, capture) == data


def test_a_folder_comes_in_by_name_with_all_below_it(inbox: Path, add: Add) -> None:
    for name in ("b.txt", "a/2.txt", "a/1.txt", "乙/深/x.txt"):
        (inbox / "given" / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / "given" / name).write_text(name, encoding="utf-8")
    expected = ["given/a/1.txt", "given/a/2.txt", "given/b.txt", "given/乙/深/x.txt"]
    assert sources(add("given/")) == expected


def test_a_source_is_as_given_and_composed(inbox: Path, add: Add) -> None:
    name = unicodedata.normalize("NFD", "é 100%.txt")
    (inbox / name).write_text("x", encoding="utf-8")
    assert sources(add(name)) == ["é 100%.txt"]
    assert sources(add(inbox / name)) == [f"{inbox}/é 100%.txt"]


@POSIX
def test_a_name_in_gbk_bytes_is_read(inbox: Path, add: Add) -> None:
    try:
        Path(os.fsdecode("送教通知.txt".encode("gbk"))).write_text("x", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert sources(add(".")) == ["送教通知.txt"]


def test_adding_twice_adds_nothing(inbox: Path, add: Add) -> None:
    (inbox / "a.txt").write_text("甲", encoding="utf-8")
    (inbox / "z.zip").write_bytes(samples.packed({"b.txt": b"x"}))
    first = captures(add("a.txt", "z.zip", "a.txt"))
    assert len(first) == 2, "nor does naming a file twice"
    assert add(".", "z.zip", known=frozenset(one.capture_id for one in first)) == []


def test_what_was_there_already_is_counted_on_request(inbox: Path, archive: CaptureArchive) -> None:
    (inbox / "a.txt").write_text("甲", encoding="utf-8")
    again: list[str] = []
    items = list(import_paths(["a.txt", "a.txt"], archive, set(), ImportLimits(), on_known=again.append))
    assert again == [capture.capture_id for capture in captures(items)]


def test_the_same_bytes_at_two_places_are_two_captures(inbox: Path, add: Add) -> None:
    for name in ("a.txt", "b.txt"):
        (inbox / name).write_text("甲", encoding="utf-8")
    one, two = captures(add("."))
    assert one.sha256 == two.sha256
    assert one.capture_id != two.capture_id


def test_changed_bytes_at_the_same_place_are_a_new_capture(inbox: Path, add: Add) -> None:
    (inbox / "a.txt").write_text("甲", encoding="utf-8")
    (old,) = captures(add("a.txt"))
    (inbox / "a.txt").write_text("乙", encoding="utf-8")
    (new,) = captures(add("a.txt", known=frozenset({old.capture_id})))
    assert (new.source, new.capture_id != old.capture_id) == (old.source, True)


def test_litter_of_file_managers_and_the_corpus_itself_are_passed_over(inbox: Path) -> None:
    for name in (
        ".DS_Store",
        "Thumbs.db",
        "~$告.docx",
        ".git/x.txt",
        "corpus/captures/old.txt",
        "corpus/tables/t.txt",
    ):
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_text("x", encoding="utf-8")
    (inbox / "a.txt").write_text("x", encoding="utf-8")
    (inbox / "corpus.toml").write_text("x", encoding="utf-8")
    skip = [inbox / "corpus/tables", inbox / "corpus.toml"]
    with CaptureArchive(inbox / "corpus/captures", {}) as archive:
        items = list(import_paths(["."], archive, set(), ImportLimits(), skip=skip))
    assert sources(items) == ["a.txt"]


def test_the_pictures_of_a_saved_page_are_one_note(inbox: Path, add: Add) -> None:
    (inbox / "页.html").write_text(PAGE, encoding="utf-8")
    (inbox / "页_files").mkdir()
    (inbox / "页_files/a.js").write_text("var x", encoding="utf-8")
    capture, note = add(".")
    assert isinstance(capture, Capture)
    assert the_issue([note]).reason == "skipped"
    assert the_issue([note]).severity == "note"


@POSIX
def test_a_link_in_a_circle_ends(inbox: Path, add: Add) -> None:
    (inbox / "a").mkdir()
    (inbox / "a/x.txt").write_text("x", encoding="utf-8")
    (inbox / "a/again").symlink_to(inbox / "a")
    assert sources(add("a")) == ["a/x.txt"]


# ---- what cannot come in


@pytest.mark.parametrize(
    ("name", "data", "reason", "words"),
    [
        ("a.txt", b"", "empty", "nothing in the file"),
        ("a.docx", b"", "empty", "nothing in the file"),
        ("a.pdf", b"%PDF-1.4 cut off", "broken", "pdf is damaged"),
        ("a.pdf", samples.pdf()[:-600], "broken", "pdf is damaged"),
        ("a.pdf", samples.pdf("secret"), "encrypted", "protected by a password"),
        ("a.docx", samples.docx()[:-300], "broken", "Word document is damaged"),
        ("a.docx", samples.OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", "password"),
        ("a.doc", samples.OLE, "unsupported", "old Office or WPS"),
        ("a.pptx", samples.packed({"ppt/presentation.xml": b"<x/>"}), "unsupported", "PowerPoint"),
        (
            "a.odp",
            samples.packed({"mimetype": b"application/x", "content.xml": b"<x/>"}),
            "unsupported",
            "OpenDocument",
        ),
        ("a.ofd", samples.packed({"OFD.xml": b"<x/>"}), "unsupported", "OFD"),
        ("a.zip", samples.packed({"a": b"x"})[:-30], "archive_broken", "archive is damaged"),
        ("a.zip", samples.packed({}), "empty", "nothing in the file"),
        ("a.exe", b"MZ\x90\x00\x03" + bytes(200), "unknown", "binary data"),
        ("a.warc", b"WARC/1.0\r\nbroken", "archive_broken", "archive is damaged"),
    ],
)
def test_a_bad_file_is_named_with_reason_and_remedy(
    inbox: Path, add: Add, name: str, data: bytes, reason: str, words: str
) -> None:
    (inbox / name).write_bytes(data)
    (inbox / "good.txt").write_text("x", encoding="utf-8")
    bad, good = add(name, "good.txt")
    issue = the_issue([bad])
    assert (issue.source, issue.reason, issue.severity) == (name, reason, "error")
    assert words in issue.message
    assert issue.remedy
    assert isinstance(good, Capture), "the rest goes on"


@pytest.mark.parametrize("name", ["nowhere.txt", "no/where", "https://example.cn/a", "http://x"])
def test_a_path_that_leads_nowhere(inbox: Path, add: Add, name: str) -> None:
    issue = the_issue(add(name))
    assert (issue.source, issue.reason) == (name, "web_address" if "://" in name else "missing")


@POSIX
def test_links_to_nothing_sockets_and_locked_files(inbox: Path, add: Add) -> None:
    (inbox / "1-link.txt").symlink_to("gone.txt")
    os.mkfifo(inbox / "2-pipe")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind("3-socket")
        reasons = {item.source: item.reason for item in add(".") if isinstance(item, Issue)}
    assert reasons == {"1-link.txt": "missing", "2-pipe": "not_a_file", "3-socket": "not_a_file"}


@POSIX
@pytest.mark.parametrize("name", ["a.txt", "folder"])
def test_what_may_not_be_read(inbox: Path, add: Add, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (inbox / "folder").mkdir()
    (inbox / "a.txt").write_text("x", encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:  # chmod does not stop the superuser
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "iterdir", refuse)
    issue = the_issue(add(name))
    assert issue.reason == "unreadable"
    assert "permission denied" in issue.message


def test_a_file_over_the_limit_is_not_read(inbox: Path, add: Add) -> None:
    (inbox / "a.txt").write_bytes(b"x" * 2_000_001)
    issue = the_issue(add("a.txt", max_file_bytes=2_000_000))
    assert (issue.reason, issue.message.startswith("It has 2.0 MB")) == ("oversize", True)
    assert "corpus.toml" in issue.remedy


def test_an_issue_has_the_same_id_on_every_run(inbox: Path, add: Add) -> None:
    assert the_issue(add("gone")) == the_issue(add("gone"))


# ---- zip


def test_members_of_a_zip_carry_the_archive_in_their_source(
    inbox: Path, add: Add, archive: CaptureArchive
) -> None:
    inner = samples.packed({"深.txt": b"deep"})
    (inbox / "包.zip").write_bytes(
        samples.packed(
            {"b.html": PAGE.encode(), "子/a.txt": b"x", "c.zip": inner, "d.docx": samples.docx(), "e/": b""}
        )
    )
    found = captures(add("包.zip"))
    assert [capture.source for capture in found] == [
        "包.zip!/b.html", "包.zip!/c.zip!/深.txt", "包.zip!/d.docx", "包.zip!/子/a.txt",
    ]  # fmt: skip
    assert read_capture(archive.folder, found[1]) == b"deep"


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize(
    "name",
    [
        "资料/关于送教下乡的通知.txt",
        "通知.txt",  # its GBK bytes happen to be valid UTF-8
        "plain.txt",
    ],
)
def test_a_member_name_without_the_utf8_flag_is_read(inbox: Path, add: Add, name: str, encoding: str) -> None:
    (inbox / "a.zip").write_bytes(samples.packed_with_raw_name(name.encode(encoding), b"x"))
    assert sources(add("a.zip")) == [f"a.zip!/{name}"]


def test_a_windows_path_in_a_zip_gets_slashes(inbox: Path, add: Add) -> None:
    (inbox / "a.zip").write_bytes(samples.packed_with_raw_name("资料\\一.txt".encode("gbk"), b"x"))
    assert sources(add("a.zip")) == ["a.zip!/资料/一.txt"]


def test_a_locked_member_is_named_and_litter_is_not(inbox: Path, add: Add) -> None:
    (inbox / "a.zip").write_bytes(samples.encrypted_zip("密.txt"))
    (inbox / "b.zip").write_bytes(
        samples.packed({"__MACOSX/._a.txt": b"x", ".git/b.txt": b"x", "a.txt": b"x", ".DS_Store": b"x"})
    )
    locked, good = add("a.zip", "b.zip")
    assert (the_issue([locked]).source, the_issue([locked]).reason) == ("a.zip!/密.txt", "encrypted")
    assert isinstance(good, Capture)
    assert good.source == "b.zip!/a.txt"


def test_a_damaged_member_does_not_cost_its_neighbours(inbox: Path, add: Add) -> None:
    data = bytearray(samples.packed({"a.txt": b"aaaa", "b.txt": b"bbbb"}, zipfile.ZIP_STORED))
    data[data.index(b"aaaa")] = 0x7A
    (inbox / "a.zip").write_bytes(bytes(data))
    bad, good = add("a.zip")
    assert (the_issue([bad]).source, the_issue([bad]).reason) == ("a.zip!/a.txt", "broken")
    assert isinstance(good, Capture)


def test_a_member_that_unpacks_absurdly_is_refused_unread(inbox: Path, add: Add) -> None:
    (inbox / "a.zip").write_bytes(samples.packed({"bomb.txt": bytes(2_000_000), "good.txt": b"x"}))
    bad, good = add("a.zip", ratio_from_bytes=1_000_000)
    assert "absurd" in the_issue([bad]).message
    assert isinstance(good, Capture)


def test_a_zip_stops_at_its_limits(inbox: Path, add: Add) -> None:
    members = {f"{number}.txt": b"%d" % number * 500 for number in range(9)}
    (inbox / "a.zip").write_bytes(samples.packed({"in.zip": samples.packed(members)}))
    *got, last = add("a.zip", max_archive_bytes=3000)
    assert len(captures(got)) in range(1, 6)
    assert the_issue([last]).reason == "archive_too_large"
    *got, last = add("a.zip", max_archive_members=4)
    assert the_issue([last]).reason == "archive_too_large"


def test_archives_within_archives_end(inbox: Path, add: Add) -> None:
    data = b"x"
    for _ in range(6):
        data = samples.packed({"z.zip" if data[:2] == b"PK" else "x.txt": data})
    (inbox / "z.zip").write_bytes(data)
    assert the_issue(add("z.zip")).reason == "archive_too_deep"


def test_a_docx_that_unpacks_to_too_much_is_refused(inbox: Path, add: Add) -> None:
    (inbox / "a.docx").write_bytes(samples.packed({"word/document.xml": bytes(3_000_000)}))
    assert the_issue(add("a.docx", max_file_bytes=1_000_000)).reason == "oversize"


# ---- WARC


def warc(*pages: tuple[str, str, str, bytes], gzip: bool = True) -> bytes:
    """Records of (url, status, header lines, body)."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzip)
    for url, status, headers, body in pages:
        lines = [tuple(line.split(": ", 1)) for line in headers.split("\n") if line]
        writer.write_record(
            writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=StatusAndHeaders(status, lines, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": "2019-03-02T01:02:03Z"},
            )
        )
    return out.getvalue()


@pytest.mark.parametrize(("name", "gzip"), [("a.warc.gz", True), ("a.warc", False), ("named.zip", True)])
def test_a_page_of_a_warc_keeps_url_charset_and_date(
    inbox: Path, add: Add, archive: CaptureArchive, name: str, gzip: bool
) -> None:
    body = PAGE.encode("gb18030") * 200
    url = "http://example.cn/新闻/1.shtml"
    (inbox / name).write_bytes(
        warc((url, "200 OK", "Content-Type: text/html; charset=GB2312", body), gzip=gzip)
    )
    (capture,) = captures(add(name))
    assert (capture.source, capture.url, capture.charset) == (url, url, "gb2312")
    assert (capture.media_type, capture.captured_at) == (HTML, "2019-03-02T01:02:03Z")
    assert read_capture(archive.folder, capture) == body


def test_packing_of_the_web_is_undone(inbox: Path, add: Add, archive: CaptureArchive) -> None:
    import gzip

    body = gzip.compress(PAGE.encode())
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    headers = "Content-Type: text/html\nContent-Encoding: gzip\nTransfer-Encoding: chunked"
    (inbox / "a.warc.gz").write_bytes(warc(("http://x.cn/", "200 OK", headers, chunked)))
    (capture,) = captures(add("a.warc.gz"))
    assert read_capture(archive.folder, capture) == PAGE.encode()


def test_packing_that_cannot_be_undone_is_named(inbox: Path, add: Add) -> None:
    headers = "Content-Type: text/html\nContent-Encoding: zstd"
    (inbox / "a.warc.gz").write_bytes(warc(("http://x.cn/", "200 OK", headers, b"\x28\xb5\x2f\xfd")))
    assert "zstd" in the_issue(add("a.warc.gz")).message


def test_what_a_warc_holds_beside_pages_is_counted_in_one_note(inbox: Path, add: Add) -> None:
    page = ("http://x.cn/", "200 OK", "Content-Type: text/html", PAGE.encode())
    (inbox / "a.warc.gz").write_bytes(
        warc(
            page,
            ("http://x.cn/old", "302 Found", "Location: /", b""),
            ("http://x.cn/gone", "404 Not Found", "Content-Type: text/html", PAGE.encode()),
            ("http://x.cn/a.png", "200 OK", "Content-Type: image/png", b"\x89PNG"),
            ("http://x.cn/b.png", "200 OK", "Content-Type: image/png", b"\x89PNG"),
        )
    )
    capture, note = add("a.warc.gz")
    assert isinstance(capture, Capture)
    assert the_issue([note]).message == (
        "Left out on purpose: 1 pages that were not found or failed, 2 pictures, styles and scripts, 1 redirects."
    )


def test_a_warc_that_ends_too_soon_keeps_what_came_before(inbox: Path, add: Add) -> None:
    page = ("http://x.cn/1", "200 OK", "Content-Type: text/html", PAGE.encode())
    cut = ("http://x.cn/2", "200 OK", "Content-Type: text/html", os.urandom(20_000).hex().encode())
    (inbox / "a.warc.gz").write_bytes(warc(page, cut)[:-5000])
    first, second = add("a.warc.gz")
    assert isinstance(first, Capture)
    assert (the_issue([second]).source, the_issue([second]).reason) == ("http://x.cn/2", "broken")


@pytest.mark.parametrize("declared", ["application/msword", "application/octet-stream", "text/html"])
def test_attachments_of_pages_are_opened(inbox: Path, add: Add, declared: str) -> None:
    kind = f"Content-Type: {declared}"
    (inbox / "a.warc.gz").write_bytes(
        warc(
            ("http://x.cn/a?id=1", "200 OK", kind, samples.docx()),
            ("http://x.cn/b.zip", "200 OK", kind, samples.packed({"附件1.docx": samples.docx()})),
            ("http://x.cn/c", "200 OK", kind, samples.pdf()),
        )
    )
    assert [(one.source, one.url, one.media_type) for one in captures(add("a.warc.gz"))] == [
        ("http://x.cn/a?id=1", "http://x.cn/a?id=1", DOCX),
        ("http://x.cn/b.zip!/附件1.docx", "http://x.cn/b.zip", DOCX),
        ("http://x.cn/c", "http://x.cn/c", PDF),
    ]


def test_an_oversize_page_of_a_warc_is_named(inbox: Path, add: Add) -> None:
    big = ("http://x.cn/1", "200 OK", "Content-Type: text/html", b"x" * 5000)
    good = ("http://x.cn/2", "200 OK", "Content-Type: text/html", PAGE.encode())
    (inbox / "a.warc.gz").write_bytes(warc(big, good))
    issue, capture = add("a.warc.gz", max_file_bytes=1000)
    assert the_issue([issue]).reason == "oversize"
    assert isinstance(capture, Capture)


def test_the_captures_of_another_corpus_keep_their_origin(inbox: Path, add: Add) -> None:
    with CaptureArchive(inbox / "other", {}) as other:
        other.write(b"x", "资料/甲 乙.txt", media_type="text/plain", captured_at="2020-01-01T00:00:00Z")
    (capture,) = captures(add("other"))
    assert (capture.source, capture.url) == ("资料/甲 乙.txt", None)
    assert capture.captured_at == "2020-01-01T00:00:00Z"


# ---- anything at all


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", samples.docx()),
        ("a.pdf", samples.pdf()),
        ("a.zip", samples.packed({"一.txt": b"x" * 500, "b.html": PAGE.encode(), "c.zip": samples.packed({"d": b"x"})})),
        ("a.warc.gz", warc(*[(f"http://x.cn/{n}", "200 OK", "Content-Type: text/html", PAGE.encode()) for n in range(3)])),
        ("a.warc", warc(("http://x.cn/", "200 OK", "Content-Type: text/html", PAGE.encode()), gzip=False)),
        ("a.html", PAGE.encode("gb18030")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_file_cut_anywhere_or_spoiled_is_answered_and_stops_nothing(
    inbox: Path, add: Add, name: str, data: bytes
) -> None:
    parts = [data[: len(data) * n // 40] for n in range(40)]
    spoiled = [
        data[:at] + b"\xff\x00\x80" + data[at + 3 :] for at in range(0, len(data), max(1, len(data) // 40))
    ]
    for number, part in enumerate(parts + spoiled):
        folder = inbox / str(number)
        folder.mkdir()
        (folder / name).write_bytes(part)
        assert add(f"{number}/{name}"), "a capture or an issue, never silence"


@given(
    start=st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7\n", b"WARC/1.0\r\n", b"\x1f\x8b\x08", samples.OLE[:8], b"<html>"]),
    rest=st.binary(max_size=300),
    name=st.sampled_from(["a.txt", "a.docx", "a.zip", "a.pdf", "a.html", "a"]),
)  # fmt: skip
def test_any_bytes_are_answered(start: bytes, rest: bytes, name: str) -> None:
    with TemporaryDirectory() as folder, CaptureArchive(Path(folder) / "captures", {}) as archive:
        path = Path(folder) / name
        path.write_bytes(start + rest)
        assert list(import_paths([path], archive, set(), ImportLimits()))
