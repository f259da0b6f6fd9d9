"""Captures as WARC files: readable by others, fast to read back, whole after a crash."""

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from policy_corpus.collect.captures import CaptureArchive, read_capture, target_uri
from policy_corpus.errors import CorpusError
from policy_corpus.records import Capture, Origin

AT = "2024-05-01T08:30:00Z"
ODD_SOURCES = [
    "pages/云岭县 第1页.html",
    "/tmp/a b/100%.txt",
    "资料.zip!/子目录/通知.docx",
    " leading and trailing ",
    "line\nbreak\r\nWARC-Type: request",
    "https://example.cn/新闻?id=%E6%96%B0&x=1",
    "'quote\"",
]


def write(archive: CaptureArchive, text: str, source: str = "a.txt") -> Capture:
    return archive.write(text.encode(), source, media_type="text/plain", captured_at=AT)


def test_bytes_come_back_untouched(archive: CaptureArchive) -> None:
    data = bytes(range(256)) * 50 + b"\r\n\r\nWARC/1.0\r\n"
    capture = archive.write(data, "a.bin", media_type="text/html", captured_at=AT)
    assert read_capture(archive.folder, capture) == data


def test_a_capture_knows_its_place(archive: CaptureArchive) -> None:
    first, second = write(archive, "一"), write(archive, "二", "b.txt")
    assert first.capture_id == Capture.id_of(first.sha256, "a.txt")
    assert (first.warc_file, first.size) == ("captures-00001.warc.gz", 3)
    assert 0 < first.warc_offset < second.warc_offset
    assert read_capture(archive.folder, second) == "二".encode()


def test_another_reader_finds_payload_digest_and_origin(archive: CaptureArchive) -> None:
    archive.write(b"<p>\xb0\xa1</p>", "http://example.cn/1", media_type="text/html", captured_at=AT,
                  url="http://example.cn/1", charset="gb2312")  # fmt: skip
    write(archive, "二", "资料/乙 页.txt")
    with (archive.folder / "captures-00001.warc.gz").open("rb") as stream:
        seen = []
        for record in ArchiveIterator(stream, record_types=WarcRecordType.resource, parse_http=False):
            assert record.verify_block_digest()
            headers, data = record.headers, record.reader.read()
            assert headers["WARC-Payload-Digest"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
            seen.append((headers["WARC-Target-URI"], headers["WARC-Date"], headers["Content-Type"], data))
    assert seen == [
        ("http://example.cn/1", AT, "text/html; charset=gb2312", b"<p>\xb0\xa1</p>"),
        ("file:///%E8%B5%84%E6%96%99/%E4%B9%99%20%E9%A1%B5.txt", AT, "text/plain", "二".encode()),
    ]


@pytest.mark.parametrize(
    ("origin", "uri"),
    [
        ("/a/b.txt", "file:///a/b.txt"),
        ("b.txt", "file:///b.txt"),
        ("a.zip!/甲.txt", "file:///a.zip!/%E7%94%B2.txt"),
        ("http://x.cn/a%20b?q=1#2", "http://x.cn/a%20b?q=1#2"),
        ("http://x.cn/新 闻", "http://x.cn/%E6%96%B0%20%E9%97%BB"),
    ],
)
def test_an_origin_becomes_a_uri(origin: str, uri: str) -> None:
    assert target_uri(origin) == uri


@pytest.mark.parametrize("source", ODD_SOURCES)
def test_the_files_alone_give_the_captures_back(tmp_path: Path, source: str) -> None:
    with CaptureArchive(tmp_path, {}) as archive:
        written = archive.write(
            "文".encode(), source, media_type="text/html", captured_at=AT, url=source, charset="gbk"
        )
    assert CaptureArchive(tmp_path, {}).recovered == (written,)


@pytest.mark.parametrize(
    "origin",
    [
        Origin("yunling", "http://example.cn/1.html"),
        Origin(
            "yunling", "http://example.cn/%E6%96%B0?a=1 2", "attachment", 3, 5,
            "附件 1：\r\nWARC-Type: x 100%", "2024-05-01", "云岭县教育局", "云岭县",
        ),
    ],
)  # fmt: skip
def test_the_files_alone_give_the_origin_back(tmp_path: Path, origin: Origin) -> None:
    with CaptureArchive(tmp_path, {}) as archive:
        written = archive.write(
            b"x", "http://example.cn/1", media_type="text/html", captured_at=AT, origin=origin
        )
    (recovered,) = CaptureArchive(tmp_path, {}).recovered
    assert recovered == written
    assert recovered.origin == origin


def test_a_title_without_end_leaves_a_record_that_others_can_read(tmp_path: Path) -> None:
    with CaptureArchive(tmp_path, {}) as archive:
        written = archive.write(
            b"x", "http://example.cn/1", media_type="text/html", captured_at=AT,
            origin=Origin("yunling", "http://example.cn/1", title="云" * 100_000),
        )  # fmt: skip
    with (tmp_path / written.warc_file).open("rb") as stream:
        assert [record.reader.read() for record in ArchiveIterator(stream)][-1] == b"x"
    assert CaptureArchive(tmp_path, {}).recovered == (written,)


def test_what_the_table_does_not_know_is_recovered_and_not_doubled(tmp_path: Path) -> None:
    with CaptureArchive(tmp_path, {}) as archive:
        known, lost = write(archive, "一"), write(archive, "二", "b.txt")
    assert CaptureArchive(tmp_path, {known.warc_file: known.warc_offset}).recovered == (lost,)
    assert CaptureArchive(tmp_path, {lost.warc_file: lost.warc_offset}).recovered == ()


@pytest.mark.parametrize("left", [1, 20, -30, -1])
@pytest.mark.parametrize("table_knows", [True, False])
def test_a_torn_record_is_cut_off_and_the_next_is_readable(
    tmp_path: Path, left: int, table_knows: bool
) -> None:
    with CaptureArchive(tmp_path, {}) as archive:
        first, second = write(archive, "一"), write(archive, "二" * 100, "b.txt")
    path = tmp_path / first.warc_file
    os.truncate(path, second.warc_offset + left if left > 0 else path.stat().st_size + left)
    last_known = {first.warc_file: first.warc_offset} if table_knows else {}
    with CaptureArchive(tmp_path, last_known) as archive:
        assert archive.recovered == (() if table_knows else (first,))
        again = write(archive, "二" * 100, "b.txt")
    assert again == second
    assert read_capture(tmp_path, again) == ("二" * 100).encode()
    assert read_capture(tmp_path, first) == "一".encode()


def test_a_torn_first_record_leaves_a_usable_file(tmp_path: Path) -> None:
    (tmp_path / "captures-00001.warc.gz").write_bytes(b"\x1f\x8b\x08")
    with CaptureArchive(tmp_path, {}) as archive:
        assert read_capture(tmp_path, write(archive, "一")) == "一".encode()


def test_nothing_is_written_behind_foreign_bytes(tmp_path: Path) -> None:
    with CaptureArchive(tmp_path, {}) as archive:
        first = write(archive, "一")
    path = tmp_path / first.warc_file
    spoiled = path.read_bytes() + b"\x00" * 512
    path.write_bytes(spoiled)
    with CaptureArchive(tmp_path, {}) as archive:
        assert archive.recovered == (first,)
        assert write(archive, "二").warc_file == "captures-00002.warc.gz"
    assert path.read_bytes() == spoiled


def test_a_damaged_record_that_the_table_knows_is_not_cut_off(tmp_path: Path) -> None:
    with CaptureArchive(tmp_path, {}) as archive:
        first = write(archive, "一" * 100)
    os.truncate(tmp_path / first.warc_file, first.warc_offset + 100)
    with CaptureArchive(tmp_path, {first.warc_file: first.warc_offset}) as archive:
        assert write(archive, "二").warc_file == "captures-00002.warc.gz"
    with pytest.raises(CorpusError, match=r"a\.txt"):
        read_capture(tmp_path, first)


@pytest.mark.parametrize(("rotate_bytes", "numbers"), [(1, [1, 2, 3]), (1_000_000, [1, 1, 1])])
def test_files_are_changed_by_size_and_appended_to_by_later_runs(
    tmp_path: Path, rotate_bytes: int, numbers: list[int]
) -> None:
    with CaptureArchive(tmp_path, {}, rotate_bytes=rotate_bytes) as archive:
        captures = [write(archive, "1", "1.txt"), write(archive, "2", "2.txt")]
    with CaptureArchive(tmp_path, {}, rotate_bytes=rotate_bytes) as archive:
        captures.append(write(archive, "3", "3.txt"))
    assert [int(capture.warc_file[9:14]) for capture in captures] == numbers
    assert CaptureArchive(tmp_path, {}).recovered == tuple(captures)


def test_a_missing_file_is_named(tmp_path: Path, archive: CaptureArchive) -> None:
    capture = write(archive, "一")
    with pytest.raises(CorpusError, match="captures-00001"):
        read_capture(tmp_path / "elsewhere", capture)


PROGRAM = textwrap.dedent("""
    import sys
    from pathlib import Path
    from policy_corpus.collect.captures import CaptureArchive
    archive = CaptureArchive(Path(sys.argv[1]), {})
    for number in range(100_000):
        c = archive.write(b"x%d" % number * 2000, f"{number}.txt", media_type="text/plain", captured_at="2024-05-01T08:30:00Z")
        print(c.warc_offset, flush=True)
""")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_after_kill_9_every_told_capture_is_there_once(tmp_path: Path) -> None:
    program = subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE)
    assert program.stdout is not None
    with program.stdout as told:
        for _ in range(30):
            told.readline()
        program.send_signal(signal.SIGKILL)
        count = 30 + len([line for line in told.read().split(b"\n") if line])
        program.wait()
    with CaptureArchive(tmp_path, {}) as archive:
        sources = [capture.source for capture in archive.recovered]
        assert sources == [f"{number}.txt" for number in range(len(sources))]
        assert count - 1 <= len(sources)
        later = write(archive, "later")
        assert read_capture(tmp_path, later) == b"later"
        assert read_capture(tmp_path, archive.recovered[-1])
