"""Captures that others made: WARC files, packed or not."""

import codecs
import zlib
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from typing import Any, BinaryIO
from unicodedata import normalize
from urllib.parse import unquote

from policy_corpus.collect.captures import SOURCE_HEADER
from policy_corpus.collect.found import Found, ImportLimits, Unpacked
from policy_corpus.collect.problems import ProblemError, issue_of, make_issue, megabytes
from policy_corpus.collect.verify import in_words
from policy_corpus.records import Issue

KEPT_RECORDS = ("response", "resource")
PAGE_PARTS = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript",
              "application/x-javascript", "application/json", "application/font", "application/x-font")  # fmt: skip
"""Declared types of what a page is made of; they are counted, not listed one by one."""
KNOWN_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")
"""Content encodings that can be undone here."""


def from_warc(
    source: str, stream: BinaryIO, limits: ImportLimits, unpacked: Unpacked
) -> Iterator[Found | Issue]:
    """Pages and files of a WARC, one in memory at a time; what is passed over is counted in a note.

    Responses other than 2xx and parts of pages (pictures, styles, scripts) are passed over.
    """
    passed_over: Counter[str] = Counter()
    records = found = 0
    trouble: Issue | None = None
    try:
        for record in _records(stream):
            records += bool(record.rec_type)
            if record.rec_type not in KEPT_RECORDS:
                continue
            why = _pass_over(record)
            if why:
                passed_over[why] += 1
                continue
            found += 1
            yield _page(record, source, limits, unpacked)
    except ProblemError as problem:  # the archive as a whole is damaged or too large
        trouble = issue_of(source, problem)
    if trouble is None and not records:
        trouble = make_issue(source, "archive_broken", detail="no record in it can be read")
    elif trouble is None and not found and not passed_over:
        trouble = make_issue(source, "empty")
    if trouble:
        yield trouble
    if passed_over:
        counts = ", ".join(f"{count} {why}" for why, count in sorted(passed_over.items()))
        yield make_issue(source, "skipped", detail=counts)


def _records(stream: BinaryIO) -> Iterator[Any]:
    from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
    from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

    iterator = ArchiveIterator(stream)
    while True:
        try:
            record = next(iterator, None)
        except (ArchiveLoadFailed, OSError, EOFError, ValueError, zlib.error) as error:
            raise ProblemError("archive_broken", detail=in_words(error)) from None
        except AttributeError:  # warcio takes it for granted that a record has a type and an address
            raise ProblemError("archive_broken", detail="a record in it lacks its header") from None
        if record is None:
            return
        yield record


def _pass_over(record: Any) -> str | None:
    if record.rec_type == "response" and record.http_headers is not None:
        status = str(record.http_headers.get_statuscode() or "")
        if not status.startswith("2"):
            return "redirects" if status.startswith("3") else "pages that were not found or failed"
    return "pictures, styles and scripts" if _declared(record)[0].startswith(PAGE_PARTS) else None


def _page(record: Any, archive: str, limits: ImportLimits, unpacked: Unpacked) -> Found | Issue:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    source = (
        _origin(record)
        or normalize("NFC", url)
        or f"{archive}!/{record.rec_headers.get_header('WARC-Record-ID')}"
    )
    try:
        data: bytes = record.content_stream().read(limits.max_file_bytes + 1)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        return make_issue(source, "broken", kind="web record", detail=in_words(error))
    unpacked.add(len(data))
    try:
        if len(data) > limits.max_file_bytes:
            limit = megabytes(limits.max_file_bytes)
            raise ProblemError("oversize", size=f"more than {limit}", limit=limit)
        _check_complete(record)
    except ProblemError as problem:
        return issue_of(source, problem)
    media_type, charset = _declared(record)
    date = record.rec_headers.get_header("WARC-Date")
    is_web = url.startswith(("http://", "https://"))
    return Found(source, data, url if is_web else None, media_type or None, charset, date)


def _origin(record: Any) -> str | None:
    """The source that another corpus of ours noted."""
    noted = record.rec_headers.get_header(SOURCE_HEADER)
    return unquote(noted) if noted else None


def _check_complete(record: Any) -> None:
    encoding = record.http_headers.get_header("Content-Encoding", "") if record.http_headers else ""
    if encoding.strip().lower() not in KNOWN_ENCODINGS:
        raise ProblemError(
            "broken", kind="web record", detail=f"its packing ({encoding}) cannot be undone here"
        )
    left = getattr(record.raw_stream, "limit", 0)
    if left and not record.raw_stream.read(1):
        raise ProblemError("broken", kind="web record", detail="its end is missing")


def _declared(record: Any) -> tuple[str, str | None]:
    """Media type and charset that the server, or the maker of a resource record, declared."""
    if record.rec_type == "response":
        header = record.http_headers.get_header("Content-Type") if record.http_headers else None
    else:
        header = record.rec_headers.get_header("Content-Type")
    message = Message()
    message["Content-Type"] = header or ""
    charset = message.get_content_charset()
    return (message.get_content_type() if header else ""), _known_charset(charset)


def _known_charset(charset: str | None) -> str | None:
    """A charset as declared, when it names one at all (servers send ``charset=`` and ``charset=none``)."""
    if not charset:
        return None
    try:
        codecs.lookup(charset)
    except LookupError:
        return None
    return charset
