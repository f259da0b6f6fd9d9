"""Captures that others made: WARC files of any size, packed by record, as a whole or not at all.

Read as a stream, one record in memory at a time; what is not wanted is never unpacked into memory.
"""

import codecs
import io
import re
import zlib
from collections.abc import Iterator
from email.message import Message
from functools import lru_cache
from typing import Any, BinaryIO
from unicodedata import normalize
from urllib.parse import unquote

from policy_corpus.collect.captures import SOURCE_HEADER
from policy_corpus.collect.filters import Sieve
from policy_corpus.collect.found import Found, ImportLimits, Unpacked
from policy_corpus.collect.problems import ProblemError, issue_of, make_issue, megabytes
from policy_corpus.collect.verify import in_words
from policy_corpus.records import Issue

KEPT_RECORDS = ("response", "resource", "conversion")
OTHER_RECORDS = {
    "request": "requests and metadata",
    "metadata": "requests and metadata",
    "revisit": "revisits without content",
    "continuation": "continuations of records",
    "unknown": "records of unknown type",
}
"""What is said of records that hold no page; ``warcinfo`` speaks of the archive and is not counted."""
PAGE_PARTS = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript",
              "application/x-javascript", "application/json", "application/font", "application/x-font")  # fmt: skip
"""Declared types of what a page is made of; they are counted, not listed one by one."""
PARTS = "pictures, styles and scripts"
CUT_BY_CRAWLER = "pages that their crawler cut short (taken as they are)"
MOST_DAMAGES = 1000
"""Places at which reading is taken up again; an archive with more is no archive any more."""
ZLIB_ENCODINGS = ("gzip", "x-gzip", "deflate")
_NO_ENCODING = ("", "identity", "none", "utf-8")
_DAMAGE = (OSError, EOFError, ValueError, zlib.error)
_READ_BYTES = 1 << 20
_MARK_BYTES = 1 << 10
"""Bytes behind a place that tell whether a record begins there."""
_LINE_BYTES = 16
_MARKS = {  # how records begin, by the first bytes of an archive
    b"\x1f\x8b": re.compile(rb"\x1f\x8b\x08"),
    b"\x28\xb5": re.compile(rb"\x28\xb5\x2f\xfd"),
    b"WA": re.compile(rb"WARC/[01]\.\d+\r?\n[A-Za-z-]+:"),
}


def from_warc(
    source: str, stream: BinaryIO, limits: ImportLimits, unpacked: Unpacked, sieve: Sieve
) -> Iterator[Found | Issue]:
    """Pages and files of a WARC in its order; what is passed over or filtered is counted in ``sieve``.

    Taken are responses with status 2xx, resources, and conversions (the text of a page, as in Common
    Crawl's wet files). A damaged record is an issue that names its place, and reading goes on behind it.
    """
    records = taken = 0
    told: set[int] = set()
    try:
        for record in _records(stream, told):
            if isinstance(record, ProblemError):
                if records or record.reason == "record_broken":
                    yield issue_of(source, record)
                continue
            records += 1
            kind = str(record.record_type)
            if kind == "warcinfo":
                continue
            taken += 1
            if kind not in KEPT_RECORDS:
                sieve.pass_over(source, OTHER_RECORDS.get(kind, OTHER_RECORDS["unknown"]))
                continue
            found = _page(record, source, limits, sieve)
            if isinstance(found, Issue):
                told.add(record.stream_pos)
            elif found:
                unpacked.add(len(found.data))
            if found:
                yield found
    except ProblemError as problem:  # too large as a whole
        yield issue_of(source, problem)
        return
    if not records:
        yield make_issue(source, "archive_broken", detail="no record in it can be read")
    elif not taken:
        yield make_issue(source, "empty")


def _records(stream: BinaryIO, told: set[int]) -> Iterator[Any]:
    """Records, and a ProblemError for each damage between them that is not ``told`` (by place) already."""
    from fastwarc.warc import ArchiveIterator

    head = stream.read(_MARK_BYTES)
    mark = _MARKS.get(head[:2], _MARKS[b"WA"])
    # FastWARC passes over damage in silence when it takes lines without carriage return.
    lenient = head.startswith((b"\x1f\x8b", b"WARC/")) and b"\r\n" not in _unpacked_head(head)
    start: int | None = 0
    last = 0  # where the record begins that was read last
    damage = ""  # since then
    for _ in range(MOST_DAMAGES):
        stream.seek(start or 0)
        at, error = start or 0, ""
        try:
            for record in ArchiveIterator(stream, parse_http=False, quirks_mode=lenient):
                at = record.stream_pos
                if "WARC-Type" not in record.headers:
                    error = "a record in it lacks its header"
                    break
                if damage and last not in told:
                    detail = f"{damage}, between byte {last} and byte {at}"
                    yield ProblemError("record_broken", detail=detail, place=f"byte {last}")
                last, damage = at, ""
                yield record
        except _DAMAGE as broken:
            error = in_words(broken)
        if not error:
            break
        damage = damage or error
        start = _next_record(stream, at + 1, mark)
        if start is None:
            break
    if damage and last not in told:
        detail = f"{damage}, behind byte {last}"
        yield ProblemError("archive_broken", detail=detail, place=f"byte {last}")


def _next_record(stream: BinaryIO, start: int, mark: re.Pattern[bytes]) -> int | None:
    """Place of the first record that begins at ``start`` or behind it."""
    stream.seek(start)
    place, window = start, stream.read(_READ_BYTES)
    while window:
        more = stream.read(_READ_BYTES)
        text = window + more[:_MARK_BYTES]
        for found in mark.finditer(text):
            at = found.start()
            if at < len(window) and _opens_record(text[at : at + _MARK_BYTES]):
                return place + at
        place, window = place + len(window), more
    return None


def _opens_record(data: bytes) -> bool:
    return not data.startswith(b"\x1f\x8b") or _unpacked_head(data).startswith(b"WARC/")


def _unpacked_head(data: bytes) -> bytes:
    """The first bytes of a record: its version line."""
    if not data.startswith(b"\x1f\x8b"):
        return data[:_LINE_BYTES]
    try:
        return zlib.decompressobj(wbits=31).decompress(data, _LINE_BYTES)
    except zlib.error:
        return b"\r\n"


def _page(record: Any, archive: str, limits: ImportLimits, sieve: Sieve) -> Found | Issue | None:
    """A page, why it cannot be read, or None when it is not wanted (and counted in ``sieve``)."""
    kind = str(record.record_type)
    url = (record.headers.get("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")
    is_web = url.startswith(("http://", "https://"))
    if by := _refused_unread(record, url if is_web else None, sieve):
        sieve.drop(archive, by)
        return None
    source = _source(record, url, archive)
    place = f"byte {record.stream_pos}"
    try:
        if kind == "response" and record.is_http:
            record.parse_http(auto_decode="none", quirks_mode=True)
        if why := _pass_over(record):
            sieve.pass_over(archive, why)
            return None
        data = _content(record, limits.max_file_bytes)
    except ProblemError as problem:
        return make_issue(source, problem.reason, place=place, **problem.details)
    except _DAMAGE as error:
        return make_issue(source, "broken", place=place, kind="web record", detail=in_words(error))
    if record.headers.get("WARC-Truncated"):
        sieve.pass_over(archive, CUT_BY_CRAWLER)
    media_type, charset = _declared(record)
    is_text = kind == "conversion" and media_type in ("text/plain", "")
    return Found(
        source, data, url if is_web else None, media_type or None, "utf-8" if is_text else charset,
        record.headers.get("WARC-Date"), archive, is_text,
    )  # fmt: skip


def _refused_unread(record: Any, url: str | None, sieve: Sieve) -> str | None:
    filters = sieve.filters
    return filters.refuse_address(url) or filters.refuse_language(
        record.headers.get("WARC-Identified-Content-Language")
    )


def _source(record: Any, url: str, archive: str) -> str:
    """The source that another corpus of ours noted, else the address."""
    noted = record.headers.get(SOURCE_HEADER)
    if noted:
        return unquote(noted)
    return normalize("NFC", url) or f"{archive}!/{record.record_id}"


def _pass_over(record: Any) -> str | None:
    if record.http_headers is not None:
        status = record.http_headers.status_code or 0
        if status // 100 != 2:
            return "redirects" if status // 100 == 3 else "pages that were not found or failed"
    return PARTS if _declared(record)[0].startswith(PAGE_PARTS) else None


def _content(record: Any, limit: int) -> bytes:
    """What a record holds, with the packing of the web undone."""
    length = record.content_length
    if length > limit:
        raise ProblemError("oversize", size=megabytes(length), limit=megabytes(limit))
    data: bytes = record.reader.read()
    if len(data) < length:
        raise ProblemError("broken", kind="web record", detail="its end is missing")
    if record.http_headers is not None:
        data = _unpacked(data, record.http_headers, limit)
    if len(data) > limit:
        raise ProblemError("oversize", size=f"more than {megabytes(limit)}", limit=megabytes(limit))
    return data


def _unpacked(data: bytes, headers: Any, limit: int) -> bytes:
    """Undo chunks and content encoding, which many crawlers have undone already and still declare."""
    chunked = "chunked" in (headers.get("Transfer-Encoding") or "").lower()
    encoding = (headers.get("Content-Encoding") or "").strip().lower()
    if not chunked and encoding in _NO_ENCODING:
        return data
    if chunked:
        from warcio.bufferedreaders import ChunkedDataReader  # type: ignore[import-untyped]

        data = ChunkedDataReader(io.BytesIO(data)).read()
    if encoding in ZLIB_ENCODINGS:
        return _inflated(data, encoding, limit)
    return data if encoding in _NO_ENCODING else _unpacked_by_fastwarc(data, encoding, limit)


def _inflated(data: bytes, encoding: str, limit: int) -> bytes:
    """Bytes that do not unpack from the start on were not packed; servers and crawlers say so in error."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS) if encoding == "deflate" else (16 + zlib.MAX_WBITS,):
        inflater = zlib.decompressobj(bits)
        try:
            return inflater.decompress(data, limit + 1)
        except zlib.error:
            continue
    if data.startswith(b"\x1f\x8b"):
        raise ProblemError("broken", kind="web record", detail="its packing is damaged")
    return data


def _unpacked_by_fastwarc(data: bytes, encoding: str, limit: int) -> bytes:
    from fastwarc.stream_io import BrotliReader, ZstdReader

    readers = {"br": BrotliReader, "zstd": ZstdReader}
    try:
        unpacked: bytes = readers[encoding](io.BytesIO(data)).read(limit + 1)
    except (KeyError, *_DAMAGE):
        unpacked = b""
    if not unpacked and data:
        detail = f"its packing ({encoding}) cannot be undone here"
        raise ProblemError("broken", kind="web record", detail=detail)
    return unpacked


def _declared(record: Any) -> tuple[str, str | None]:
    """Media type and charset that the server, or the maker of a record that is no response, declared."""
    headers = record.http_headers if str(record.record_type) == "response" else record.headers
    header = headers.get("Content-Type") if headers is not None else None
    if not header:
        return "", None
    return _content_type(header)


@lru_cache(maxsize=256)
def _content_type(header: str) -> tuple[str, str | None]:
    message = Message()
    message["Content-Type"] = header
    return message.get_content_type(), _known_charset(message.get_content_charset())


def _known_charset(charset: str | None) -> str | None:
    """A charset as declared, when it names one at all (servers send ``charset=`` and ``charset=none``)."""
    if not charset:
        return None
    try:
        codecs.lookup(charset)
    except LookupError:
        return None
    return charset
