"""WARC files as others lay them out: Common Crawl, other writers, damage, filters, any size."""

import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from fastwarc.stream_io import ZstdWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from warcio.warcwriter import WARCWriter

from policy_corpus.collect.captures import CaptureArchive, read_capture
from policy_corpus.collect.filters import Sieve
from policy_corpus.collect.found import Found, IdSet, ImportLimits, Unpacked
from policy_corpus.collect.importer import import_paths
from policy_corpus.collect.sniff import HTML
from policy_corpus.collect.sniff import TEXT as PLAIN
from policy_corpus.collect.web_archive import from_warc
from policy_corpus.corpus.collecting.intake import make_sieve
from policy_corpus.records import Capture, Issue
from tests.collect.conftest import Add
from tests.collect.samples import PAGE, TEXT

HTTP = "application/http; msgtype=response"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
FOREIGN = b"<html><head><title>x</title></head><body><p>teachers and pupils</p></body></html>"


def record(
    kind: str, url: str, block: bytes, content_type: str = HTTP, *lines: str, version: str = "1.0"
) -> bytes:
    headers = [
        f"WARC/{version}", f"WARC-Type: {kind}", "WARC-Date: 2024-05-01T08:30:00Z",
        "WARC-Record-ID: <urn:uuid:12345678-0000-4000-8000-000000000000>", f"WARC-Target-URI: {url}",
        f"Content-Type: {content_type}", f"Content-Length: {len(block)}", *lines,
    ]  # fmt: skip
    return "\r\n".join(headers).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def page(number: int, text: str = "") -> bytes:
    return record("response", f"http://x.cn/{number}", OK + PAGE.encode() + text.encode())


def zstd(data: bytes) -> bytes:
    out = io.BytesIO()
    writer = ZstdWriter(out)
    writer.write(data)
    writer.close()
    return out.getvalue()


def by_record(*records: bytes) -> bytes:
    return b"".join(map(gzip.compress, records))


def found_in(
    data: bytes, sieve: Sieve | None = None, limits: ImportLimits | None = None
) -> list[Found | Issue]:
    limits = limits or ImportLimits()
    return list(from_warc("a.warc", io.BytesIO(data), limits, Unpacked(limits), sieve or Sieve()))


def numbers(items: list[Found | Issue]) -> list[str]:
    return [item.source.removeprefix("http://x.cn/") for item in items if isinstance(item, Found)]


def issues(items: list[Found | Issue]) -> list[Issue]:
    return [item for item in items if isinstance(item, Issue)]


# ---- layouts


@pytest.mark.parametrize(
    "packed",
    [by_record, lambda *r: gzip.compress(b"".join(r)), lambda *r: b"".join(r), lambda *r: b"".join(map(zstd, r))],
    ids=["gzip by record", "gzip as a whole", "plain", "zstd by record"],
)  # fmt: skip
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_every_packing_is_read(inbox: Path, add: Add, packed: Callable[..., bytes], version: str) -> None:
    pages = [record("response", f"http://x.cn/{n}", OK + PAGE.encode(), version=version) for n in range(3)]
    (inbox / "a.warc").write_bytes(packed(*pages))
    items = add("a.warc")
    assert [(one.source, one.media_type) for one in items if isinstance(one, Capture)] == [
        (f"http://x.cn/{n}", HTML) for n in range(3)
    ]


def test_common_crawl_records_beside_pages_are_counted() -> None:
    sieve = Sieve()
    items = found_in(
        by_record(
            record("warcinfo", "", b"software: x\r\n", "application/warc-fields"),
            record(
                "request", "http://x.cn/1", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"
            ),
            page(1),
            record("metadata", "http://x.cn/1", b"fetchTimeMs: 1\r\n", "application/warc-fields"),
            record("revisit", "http://x.cn/1", OK),
            record("continuation", "http://x.cn/1", b"x"),
            record("surprise", "http://x.cn/1", b"x"),
            record("response", "http://x.cn/2", b"HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n"),
            record("response", "http://x.cn/3", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"),
        ),
        sieve,
    )
    assert numbers(items) == ["1"]
    assert sieve.passed_over == {
        "requests and metadata": 2, "revisits without content": 1, "continuations of records": 1,
        "records of unknown type": 1, "redirects": 1, "pictures, styles and scripts": 1,
    }  # fmt: skip


def test_text_records_are_texts_whatever_they_look_like(inbox: Path, add: Add) -> None:
    text = "<title>  县教育局送教 <p> <br> <td>\n" + TEXT
    (inbox / "a.warc.wet.gz").write_bytes(
        by_record(record("conversion", "http://x.cn/a.html", text.encode(), "text/plain"))
    )
    (capture,) = add("a.warc.wet.gz")
    assert isinstance(capture, Capture)
    assert (capture.media_type, capture.charset, capture.url) == (PLAIN, "utf-8", "http://x.cn/a.html")


@pytest.mark.parametrize("brackets", [True, False])
def test_an_address_in_angle_brackets_is_an_address(brackets: bool) -> None:
    url = "<http://x.cn/1>" if brackets else "http://x.cn/1"
    (found,) = found_in(record("response", url, OK + PAGE.encode()))
    assert isinstance(found, Found)
    assert (found.source, found.url) == ("http://x.cn/1", "http://x.cn/1")


# ---- what servers and crawlers say of packing


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("X-Crawler-Content-Encoding: gzip\r\nX-Crawler-Transfer-Encoding: chunked\r\n", PAGE.encode()),
        ("Content-Encoding: gzip\r\n", PAGE.encode()),
        ("Content-Encoding: GZIP\r\n", gzip.compress(PAGE.encode())),
        ("Content-Encoding: deflate\r\n", zlib.compress(PAGE.encode())),
        ("Content-Encoding: deflate\r\n", zlib.compress(PAGE.encode())[2:-4]),
        ("Content-Encoding: zstd\r\n", zstd(PAGE.encode())),
        ("Transfer-Encoding: chunked\r\n", PAGE.encode()),
        ("Transfer-Encoding: chunked\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE.encode()), PAGE.encode())),
    ],
    ids=["crawl's own header", "left over", "gzip", "deflate", "bare deflate", "zstd", "chunks left over", "chunks"],
)  # fmt: skip
def test_packing_is_undone_where_there_is_any(headers: str, body: bytes) -> None:
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}\r\n".encode() + body
    (found,) = found_in(record("response", "http://x.cn/1", block))
    assert isinstance(found, Found)
    assert found.data == PAGE.encode()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_page_that_unpacks_without_end_is_oversize(chunked: bool) -> None:
    body = gzip.compress(bytes(2_000_000))
    headers = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    if chunked:
        headers, body = (
            headers + b"Transfer-Encoding: chunked\r\n",
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body),
        )
    data = by_record(record("response", "http://x.cn/0", headers + b"\r\n" + body), page(1))
    big, small = found_in(data, limits=ImportLimits(max_file_bytes=1_000_000))
    assert isinstance(big, Issue)
    assert (big.reason, big.source) == ("oversize", "http://x.cn/0")
    assert isinstance(small, Found)


def test_lines_that_end_without_carriage_return_are_read() -> None:
    block = OK.replace(b"\r\n", b"\n") + PAGE.encode()
    (found,) = found_in(record("response", "http://x.cn/1", block))
    assert isinstance(found, Found)
    assert (found.data, found.charset) == (PAGE.encode(), "utf-8")


def test_a_page_that_its_crawler_cut_short_is_taken_and_counted() -> None:
    sieve = Sieve()
    (found,) = found_in(
        record("response", "http://x.cn/1", OK + PAGE.encode()[:80], HTTP, "WARC-Truncated: length"), sieve
    )
    assert isinstance(found, Found)
    assert sieve.passed_over == {"pages that their crawler cut short (taken as they are)": 1}


def test_what_is_no_document_is_counted_and_a_lost_document_is_named(inbox: Path, add: Add) -> None:
    plain = b"HTTP/1.1 200 OK\r\n\r\n"
    (inbox / "a.warc").write_bytes(
        b"".join(
            record("response", f"http://x.cn/{n}", plain + body)
            for n, body in enumerate(
                [
                    b"",
                    b"\xff\xd8\xff\xe0picture",
                    bytes(range(256)) * 4,
                    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
                ]
            )
        )
    )
    lost, note = add("a.warc")
    assert isinstance(lost, Issue)
    assert isinstance(note, Issue)
    assert (lost.source, lost.reason, note.severity) == ("http://x.cn/3", "unsupported", "note")
    assert note.message == (
        "Left out on purpose: 1 files of a kind that is not read, 1 pages without content, "
        "1 pictures, styles and scripts."
    )


# ---- damage


@pytest.mark.parametrize("packed", [by_record, lambda *r: b"".join(map(zstd, r))], ids=["gzip", "zstd"])
@pytest.mark.parametrize("spoil", [b"", b"\x00" * 30, b"\x1f\x8b\x08" * 9])
def test_a_damaged_record_is_one_issue_with_its_place_and_the_rest_comes_in(
    packed: Callable[..., bytes], spoil: bytes
) -> None:
    parts = [packed(page(n)) for n in range(5)]
    at = sum(map(len, parts[:2]))
    parts[2] = parts[2][: len(parts[2]) // 2] + spoil
    items = found_in(b"".join(parts))
    assert numbers(items) in (["0", "1", "3", "4"], ["0", "1", "2", "3", "4"])
    (issue,) = issues(items)
    assert issue.reason in ("record_broken", "broken")
    if issue.reason == "record_broken":
        assert f"between byte {len(parts[0])} and byte {at + len(parts[2])}" in issue.message
    else:
        assert (issue.source, issue.place) == ("http://x.cn/2", f"byte {at}")


@pytest.mark.parametrize("between", [b"\x00" * 100, b"garbage\r\n\r\n", b"WARC/1.0 is a format\r\n"])
def test_foreign_bytes_between_plain_records_cost_no_page(between: bytes) -> None:
    items = found_in(page(0) + page(1) + between + page(2) + page(3))
    assert numbers(items) == ["0", "1", "2", "3"]
    assert {issue.reason for issue in issues(items)} <= {"record_broken"}


def test_a_damaged_first_record_does_not_cost_the_others() -> None:
    parts = [gzip.compress(page(n)) for n in range(3)]
    items = found_in(parts[0][:-9] + b"\x00" * 9 + parts[1] + parts[2])
    assert numbers(items) == ["1", "2"]
    assert len(issues(items)) == 1


def test_an_archive_packed_as_a_whole_keeps_what_came_before_damage() -> None:
    import random

    texts = [random.Random(n).randbytes(40_000).hex() for n in range(4)]
    data = gzip.compress(b"".join(page(n, text) for n, text in enumerate(texts)))
    items = found_in(data[: len(data) * 5 // 8])
    assert numbers(items) == ["0", "1"]
    assert [issue.source for issue in issues(items)] == ["http://x.cn/2"]


@pytest.mark.parametrize("packed", [gzip.compress, bytes])
def test_header_lines_may_end_without_carriage_return(packed: Callable[[bytes], bytes]) -> None:
    head, block = page(0).split(b"\r\n\r\n", 1)
    bare = head.replace(b"\r\n", b"\n") + b"\n\n" + block
    assert numbers(found_in(packed(bare) + packed(bare))) == ["0", "0"]


def test_damage_without_end_ends() -> None:
    items = found_in(by_record(page(0)) + b"\x1f\x8b\x08" * 200_000 + by_record(page(1)))
    assert numbers(items) == ["0", "1"]
    assert len(issues(items)) == 1


# ---- filters


def test_pages_that_a_filter_keeps_out_are_counted_by_archive(inbox: Path, archive: CaptureArchive) -> None:
    foreign = record("response", "http://www.x.gov.cn/en", OK + FOREIGN)
    other = record("response", "http://www.x.gov.cn/2", OK + PAGE.replace("送教", "建设").encode())
    good = record("response", "http://www.x.gov.cn/1", OK + PAGE.encode())
    (inbox / "a.warc.gz").write_bytes(by_record(page(1), page(2), foreign, other, good))
    (inbox / "b.warc.gz").write_bytes(by_record(page(3)))
    sieve = make_sieve(["*.gov.cn"], "zh", ["送教"])
    capture, *notes = import_paths(["a.warc.gz", "b.warc.gz"], archive, set(), ImportLimits(), sieve=sieve)
    assert isinstance(capture, Capture)
    assert capture.source == "http://www.x.gov.cn/1"
    assert [(note.source, note.severity, note.message) for note in notes if isinstance(note, Issue)] == [
        ("a.warc.gz", "note", "Kept out by filters: 1 by --language zh, 1 by --topic, 2 by --url."),
        ("b.warc.gz", "note", "Kept out by filters: 1 by --url."),
    ]
    assert sieve.dropped == {"by --url": 3, "by --language zh": 1, "by --topic": 1}


def test_files_are_judged_by_their_text_and_counted_under_the_given_path(
    inbox: Path, archive: CaptureArchive
) -> None:
    (inbox / "in").mkdir()
    (inbox / "in/a.html").write_bytes(PAGE.encode("gb18030"))
    (inbox / "in/b.txt").write_text("teachers and pupils", encoding="utf-8")
    sieve = make_sieve(["*.gov.cn"], "zh", [])
    capture, note = import_paths(["in"], archive, set(), ImportLimits(), sieve=sieve)
    assert isinstance(capture, Capture)
    assert isinstance(note, Issue)
    assert (capture.source, note.source) == ("in/a.html", "in")
    assert note.message == "Kept out by filters: 1 by --language zh."


def test_a_language_noted_in_the_archive_spares_the_reading(inbox: Path) -> None:
    sieve = make_sieve([], "zh", [])
    text = TEXT.encode()
    lines = [("eng", "1"), ("zho,eng", "2")]
    items = found_in(
        by_record(
            *(
                record(
                    "conversion",
                    f"http://x.cn/{n}",
                    text,
                    "text/plain",
                    f"WARC-Identified-Content-Language: {noted}",
                )
                for noted, n in lines
            )
        ),
        sieve,
    )
    assert numbers(items) == ["2"]


# ---- size


def test_an_archive_may_unpack_to_more_than_a_zip_may(inbox: Path, add: Add) -> None:
    (inbox / "a.warc.gz").write_bytes(by_record(*(page(n, "校" * 300) for n in range(30))))
    items = add("a.warc.gz", max_archive_bytes=2000, max_archive_members=3)
    assert len(items) == 30


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    import tracemalloc

    one = b"".join(gzip.compress(page(n, "校" * 20_000)) for n in range(20))
    peaks = []
    for times in (1, 20):
        path = tmp_path / "a.warc.gz"
        path.write_bytes(one * times)
        limits = ImportLimits()
        tracemalloc.start()
        with path.open("rb") as stream:
            assert sum(1 for _ in from_warc("a", stream, limits, Unpacked(limits), Sieve())) == 20 * times
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2


def test_ids_take_little_room_and_are_found() -> None:
    ids = [Capture.id_of(str(n), "x") for n in range(70_000)]
    known = IdSet(ids)
    assert all(one in known for one in ids[::100])
    assert Capture.id_of("none", "x") not in known


# ---- peers


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_what_warcio_writes_is_read(version: str) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("a", {"software": "x"}))
    body = PAGE.encode()
    writer.write_record(
        writer.create_warc_record(
            "http://x.cn/1",
            "resource",
            payload=io.BytesIO(body),
            length=len(body),
            warc_content_type="text/html",
        )
    )
    (found,) = found_in(out.getvalue())
    assert isinstance(found, Found)
    assert (found.source, found.data, found.media_type) == ("http://x.cn/1", body, "text/html")


@pytest.mark.parametrize("packed", [True, False])
def test_what_fastwarc_writes_is_read(packed: bool) -> None:
    from fastwarc.stream_io import GzipWriter

    out = io.BytesIO()
    stream = GzipWriter(out) if packed else out
    made = WarcRecord()
    made.init_headers(record_type=WarcRecordType.response)
    made.headers["WARC-Target-URI"] = "http://x.cn/1"
    made.is_http = True
    made.set_bytes_content(OK + PAGE.encode())
    made.write(stream, checksum_data=True)
    if packed:
        stream.close()
        out = io.BytesIO(out.getvalue()) if not out.closed else out
    (found,) = found_in(out.getvalue())
    assert isinstance(found, Found)
    assert (found.source, found.data, found.charset) == ("http://x.cn/1", PAGE.encode(), "utf-8")


def test_what_comes_in_is_what_fastwarc_reads_from_both_archives(
    inbox: Path, add: Add, archive: CaptureArchive
) -> None:
    (inbox / "a.warc.gz").write_bytes(by_record(*(page(n) for n in range(4))))
    items = [item for item in add("a.warc.gz") if isinstance(item, Capture)]
    ours = archive.folder / items[0].warc_file
    with ours.open("rb") as written, (inbox / "a.warc.gz").open("rb") as given:
        copied = [r.reader.read() for r in ArchiveIterator(written, record_types=WarcRecordType.resource)]
        assert copied == [r.reader.read() for r in ArchiveIterator(given, parse_http=True)]
    assert copied == [read_capture(archive.folder, one) for one in items]
