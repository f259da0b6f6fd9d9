"""Files out of zip archives, and out of archives within them."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO
from unicodedata import normalize

from policy_corpus.collect.filters import Sieve
from policy_corpus.collect.found import Found, ImportLimits, Unpacked
from policy_corpus.collect.problems import ProblemError, issue_of, make_issue
from policy_corpus.collect.sniff import container_of, ending_of
from policy_corpus.collect.verify import DAMAGE, in_words, package_type
from policy_corpus.collect.web_archive import from_warc
from policy_corpus.records import Issue

HEAD_BYTES = 512
UTF8_NAME = 0x800
ENCRYPTED = 0x1
FIRST_THREE_BYTE_CHARACTER = "\u0800"
LITTER = frozenset({"Thumbs.db", "desktop.ini"})
"""Left by file managers; with hidden files and Word's ``~$`` lock files they are passed over."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stream was met: its source, how many archives it lies in, what they unpacked to so far."""

    source: str
    depth: int
    unpacked: Unpacked
    sieve: Sieve

    def within(self, source: str) -> "Place":
        """A place in the archive at this place."""
        return replace(self, source=source, depth=self.depth + 1)


def open_stream(place: Place, stream: BinaryIO, size: int, limits: ImportLimits) -> Iterator[Found | Issue]:
    """A file as found, or what an archive holds; ``stream`` must seek. Yields in the archive's order."""
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    container = container_of(head)
    if container == "zip":
        yield from _from_zip(place, stream, size, limits)
    elif container == "warc":
        if place.depth >= limits.max_depth:
            yield make_issue(place.source, "archive_too_deep", depth=place.depth)
        else:
            # A file that is read as a stream may be of any size; what lies in a zip is bound by its limits.
            unpacked = place.unpacked if place.depth else Unpacked(limits.for_stream(size))
            for found in from_warc(place.source, stream, limits, unpacked, place.sieve):
                yield from _open_web_record(place, found, limits)
    else:
        yield _whole(place, stream, size, limits)


def _open_web_record(place: Place, found: Found | Issue, limits: ImportLimits) -> Iterator[Found | Issue]:
    """Attachments of pages: a docx is a zip too, and a zip may hold documents."""
    if isinstance(found, Issue) or container_of(found.data) != "zip":
        yield found
        return
    inner = place.within(found.source)
    for item in _from_zip(inner, io.BytesIO(found.data), len(found.data), limits):
        if isinstance(item, Found):
            yield replace(item, url=found.url, captured_at=found.captured_at)
        else:
            yield item


def _whole(place: Place, stream: BinaryIO, size: int, limits: ImportLimits) -> Found | Issue:
    try:
        limits.check_size(size)
    except ProblemError as problem:
        return issue_of(place.source, problem)
    return Found(place.source, stream.read())


def _from_zip(place: Place, stream: BinaryIO, size: int, limits: ImportLimits) -> Iterator[Found | Issue]:
    try:
        archive = zipfile.ZipFile(stream)
        media_type = package_type(archive)
    except ProblemError as problem:
        yield issue_of(place.source, problem)
    except DAMAGE as error:
        if ending_of(place.source) == "docx":
            yield make_issue(place.source, "broken", kind="Word document", detail=in_words(error))
        else:
            yield make_issue(place.source, "archive_broken", detail=in_words(error))
    else:
        if media_type is None:
            yield from _members(place, archive, limits)
            return
        stream.seek(0)
        found = _whole(place, stream, size, limits)
        yield replace(found, media_type=media_type) if isinstance(found, Found) else found


def _members(place: Place, archive: zipfile.ZipFile, limits: ImportLimits) -> Iterator[Found | Issue]:
    if place.depth >= limits.max_depth:
        yield make_issue(place.source, "archive_too_deep", depth=place.depth)
        return
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    named = sorted((member_name(info), number) for number, info in enumerate(infos))
    named = [(name, number) for name, number in named if not _is_litter(name)]
    if not named:
        yield make_issue(place.source, "empty")
    for name, number in named:
        inner = place.within(f"{place.source}!/{name}")
        try:
            data = _read(archive, infos[number], limits)
        except ProblemError as problem:
            yield issue_of(inner.source, problem)
            continue
        try:
            place.unpacked.add(len(data))
        except ProblemError as problem:
            yield issue_of(place.source, problem)
            return
        yield from open_stream(inner, io.BytesIO(data), len(data), limits)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: ImportLimits) -> bytes:
    if info.flag_bits & ENCRYPTED:
        raise ProblemError("encrypted", kind="archive member")
    limits.check_size(info.file_size)
    if info.file_size > limits.ratio_from_bytes and info.file_size > limits.max_ratio * info.compress_size:
        raise ProblemError("broken", kind="archive member", detail="it claims to unpack to an absurd size")
    try:
        with archive.open(info) as member:
            data = member.read(limits.max_file_bytes + 1)
    except DAMAGE as error:
        raise ProblemError("broken", kind="archive member", detail=in_words(error)) from None
    limits.check_size(len(data))
    return data


def member_name(info: zipfile.ZipInfo) -> str:
    """Name of a member, NFC, with ``/`` between folders.

    Without the UTF-8 flag the standard says code page 437, but Chinese Windows writes GBK and macOS
    UTF-8.
    """
    name = info.orig_filename
    if not info.flag_bits & UTF8_NAME:
        name = _unflagged(name.encode("cp437")) or name
    name = name.partition("\x00")[0].replace("\\", "/")
    return normalize("NFC", name.encode("utf-8", "backslashreplace").decode("utf-8"))


def _unflagged(raw: bytes) -> str | None:
    """Short GBK names such as 通知 are valid UTF-8 too, but then read as Latin, Greek or Hebrew letters."""
    readings: list[str] = []
    for encoding in ("utf-8", "gb18030"):
        try:
            readings.append(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
        if readings[-1].isascii() or max(readings[-1]) >= FIRST_THREE_BYTE_CHARACTER:
            return readings[-1]
    return readings[0] if readings else None


def _is_litter(name: str) -> bool:
    parts = name.split("/")
    hidden = any(part.startswith((".", "~$")) and part.strip(".") for part in parts)
    return hidden or "__MACOSX" in parts or parts[-1] in LITTER
