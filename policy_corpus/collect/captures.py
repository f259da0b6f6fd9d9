"""The bytes of a corpus as they came in: WARC files that any web-archive tool can read.

One ``resource`` record a capture, compressed on its own, so that a capture is read back by seeking
to its offset. The headers hold all that the table of captures holds; the table can be made again
from the files alone.

A record is complete before its capture is told to anyone. After ``kill -9`` a file may end in a torn
record (cut off when the archive is next opened) or hold records that the table never learned of
(:attr:`CaptureArchive.recovered`), so nothing is lost and nothing is doubled.
"""

import hashlib
import io
import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO
from urllib.parse import quote, unquote

from policy_corpus.errors import CorpusError
from policy_corpus.records import Capture, Origin

CAPTURES = "captures"
"""The folder of a corpus that holds them."""
ROTATE_BYTES = 512_000_000
"""Size at which the next file is begun; archives commonly use 0.5 to 1 GB (IIPC WARC guidelines)."""
READ_BYTES = 1 << 16
"""Bytes read at a time; a record of a page has some 10 KB, and what is read beyond it is read again."""
PACKING_LEVEL = 4
"""zlib's: a page of 20 KB packs 2.5 times as fast as at 9 (warcio's own), 4 % larger."""
GZIP = 31
"""Window bits by which zlib writes and reads a gzip member."""
LONGEST_WORDS = 300
"""Characters kept of what a list page says: readers of WARC refuse headers of more than some 30 KB."""
SOURCE_HEADER = "Policy-Corpus-Source"
URL_HEADER = "Policy-Corpus-URL"
ORIGIN_HEADER = "Policy-Corpus-Origin"
WARC_NAME = re.compile(r"captures-(\d{5,})\.warc\.gz")
# Spaces and controls would be trimmed or end the header; "%" marks what was escaped.
_UNSAFE_IN_HEADER = re.compile(r"[%\s\x00-\x1f\x7f-\x9f]")
_URI_CHARACTERS = "!#$%&'()*+,/:;=?@[]~-._"


class CaptureArchive:
    """The ``captures`` folder, open for adding.

    Parameters
    ----------
    folder : Path
        Made when it is not there.
    last_known : mapping of str to int
        For each WARC file the greatest offset of a capture that the table of captures holds.
    rotate_bytes : int
        Size at which a new file is begun.

    Attributes
    ----------
    recovered : tuple of Capture
        Captures that lie in the files behind ``last_known``: an earlier run was killed before it
        could write them into the table. Put them there first.
    """

    def __init__(
        self, folder: Path, last_known: Mapping[str, int], *, rotate_bytes: int = ROTATE_BYTES
    ) -> None:
        self.folder = folder
        self._rotate_bytes = rotate_bytes
        self._file: BinaryIO | None = None
        self._appendable: Path | None = None
        self._named = set(last_known)
        folder.mkdir(parents=True, exist_ok=True)
        self.recovered = tuple(self._recover(last_known))

    def write(
        self,
        data: bytes,
        source: str,
        *,
        media_type: str,
        captured_at: str,
        url: str | None = None,
        charset: str | None = None,
        origin: Origin | None = None,
    ) -> Capture:
        """Keep some bytes; the capture returned says where.

        Parameters
        ----------
        data : bytes
            The bytes as they came in.
        source : str
            Path or url as it was given, NFC.
        media_type, charset : str
            What the bytes are; ``charset`` only as a server declared it.
        captured_at : str
            UTC, ``2024-05-01T08:30:00Z``.
        origin : Origin
            What the crawl knows of it; imports have none. Its words are kept up to :data:`LONGEST_WORDS`.

        Raises
        ------
        CorpusError
            The disk is full or the folder cannot be written.
        """
        digest = hashlib.sha256(data).hexdigest()
        origin = _within_header(origin) if origin else None
        record = _record_bytes(data, digest, source, media_type, captured_at, url, charset, origin)
        try:
            file = self._open_file()
            offset = file.tell()
            self._append(file, record)
        except OSError as error:
            raise CorpusError(
                f"the capture could not be written: {error.strerror}",
                str(self.folder),
                "free some space or check the rights to the folder, then run the command again",
            ) from error
        return Capture(
            Capture.id_of(digest, source), source, digest, len(data), media_type, captured_at,
            Path(file.name).name, offset, url, charset, origin=origin,
        )  # fmt: skip

    def sync(self) -> None:
        """Make what was written safe against loss of power; call it before a batch goes into the table."""
        if self._file:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file that is being written."""
        if self._file:
            self.sync()
            self._file.close()
            self._file = None

    def __enter__(self) -> "CaptureArchive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _append(self, file: BinaryIO, record: bytes) -> None:
        offset = file.tell()
        try:
            rest = memoryview(record)
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            file.truncate(offset)
            file.seek(offset)
            raise

    def _open_file(self) -> BinaryIO:
        if self._file and self._file.tell() >= self._rotate_bytes:
            self.close()
        if self._file is None:
            path, self._appendable = self._appendable or self._next_path(), None
            self._file = self._begin(path)
        return self._file

    def _begin(self, path: Path) -> BinaryIO:
        file = path.open("ab", buffering=0)  # unbuffered: a record is written or it is not
        file.seek(0, os.SEEK_END)
        if not file.tell():
            self._append(file, _warcinfo(path.name))
        return file

    def _next_path(self) -> Path:
        # A file that was lost is not begun anew: rows that point into it would then read other bytes.
        names = self._named | set(names_in(self.folder))
        numbers = [int(match[1]) for name in names if (match := WARC_NAME.fullmatch(name))]
        return self.folder / f"captures-{max(numbers, default=0) + 1:05d}.warc.gz"

    def _recover(self, last_known: Mapping[str, int]) -> Iterator[Capture]:
        paths = sorted(path for path in self.folder.iterdir() if WARC_NAME.fullmatch(path.name))
        for path in paths:
            known = last_known.get(path.name, -1)
            with path.open("rb") as file:
                file.seek(max(0, known))
                end = known
                for offset, after, record in gzip_members(file):
                    if offset > known:
                        yield from capture_of(record, path.name, offset)
                    end = after
                # A known record that is damaged is never cut off: the table speaks of it.
                torn = (end > known or known < 0) and ends_early(file, max(0, end))
            if torn:
                os.truncate(path, max(0, end))
            # Nothing is written behind bytes that are no record.
            whole = path.stat().st_size == max(0, end)
            self._appendable = path if whole and end < self._rotate_bytes else None


def names_in(folder: Path) -> list[str]:
    """Names of the files in a captures folder; none where a bucket holds nothing under its name yet."""
    try:
        return sorted(path.name for path in folder.iterdir())
    except NotADirectoryError:
        if isinstance(folder, Path):
            raise
        return []


def read_capture(folder: Path, capture: Capture) -> bytes:
    """The bytes of a capture, untouched.

    Raises
    ------
    CorpusError
        The file is missing or damaged, or holds other bytes than the capture names.
    """
    path = folder / capture.warc_file
    # What is read ahead from a bucket; 5 MB otherwise.
    ahead: dict[str, Any] = {} if isinstance(path, Path) else {"block_size": READ_BYTES}
    try:
        with path.open("rb", **ahead) as file:
            file.seek(capture.warc_offset)
            record = _parse(file)
            data: bytes = record.content_stream().read() if record else b""
    except (OSError, zlib.error) as error:
        raise _damaged(path, capture, str(error)) from None
    if hashlib.sha256(data).hexdigest() != capture.sha256:
        raise _damaged(path, capture, "it holds other bytes than were added")
    return data


def _damaged(path: Path, capture: Capture, detail: str) -> CorpusError:
    return CorpusError(
        f"the capture of {capture.source} cannot be read: {detail}",
        str(path),
        "bring the captures folder back from a copy; or move that WARC file away and add the pages again",
    )


def _record_bytes(
    data: bytes,
    digest: str,
    source: str,
    media_type: str,
    captured_at: str,
    url: str | None,
    charset: str | None,
    origin: Origin | None,
) -> bytes:
    from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

    headers = {
        "WARC-Date": captured_at,
        "WARC-Payload-Digest": f"sha256:{digest}",
        "WARC-Block-Digest": f"sha256:{digest}",
        SOURCE_HEADER: _for_header(source),
    }
    if url is not None:
        headers[URL_HEADER] = _for_header(url)
    if origin is not None:
        headers[ORIGIN_HEADER] = _for_header(json.dumps(asdict(origin), separators=(",", ":")))
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    record = writer.create_warc_record(
        target_uri(url or source),
        "resource",
        payload=io.BytesIO(data),
        length=len(data),
        warc_content_type=media_type + (f"; charset={charset}" if charset else ""),
        warc_headers_dict=headers,
    )
    writer.write_record(record)
    packer = zlib.compressobj(PACKING_LEVEL, wbits=GZIP)
    return packer.compress(out.getbuffer()) + packer.flush()


def _warcinfo(name: str) -> bytes:
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    info = {
        "software": "policy-corpus",
        "format": "WARC File Format 1.0",
        "description": f"{SOURCE_HEADER} and {URL_HEADER} hold the origin as given; % and blanks as %XX",
    }
    writer.write_record(writer.create_warcinfo_record(name, info))
    return out.getvalue()


def target_uri(origin: str) -> str:
    """A URI for a path or url: ``file:///`` before a path, characters that URIs do not allow escaped."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", origin):
        return quote(origin, safe=_URI_CHARACTERS)
    return "file:///" + quote(origin.lstrip("/"), safe="/!")


def _for_header(value: str) -> str:
    return _UNSAFE_IN_HEADER.sub(lambda found: quote(found[0]), value)


def gzip_members(file: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """Whole gzip members from the file's position on: (start, end, unpacked bytes)."""
    start = file.tell()
    while True:
        inflater = zlib.decompressobj(wbits=GZIP)
        file.seek(start)
        position, parts = start, []
        while not inflater.eof:
            chunk = file.read(READ_BYTES)
            if not chunk:
                return
            position += len(chunk)
            try:
                parts.append(inflater.decompress(chunk))
            except zlib.error:
                return
        end = position - len(inflater.unused_data)
        yield start, end, b"".join(parts)
        start = end


def ends_early(file: BinaryIO, start: int) -> bool:
    """Whether the file goes on behind ``start`` but stops within a gzip member that is sound so far."""
    inflater = zlib.decompressobj(wbits=GZIP)
    file.seek(start)
    found = False
    try:
        while chunk := file.read(READ_BYTES):
            found = True
            inflater.decompress(chunk)
            if inflater.eof:
                return False
    except zlib.error:
        return False
    return found


def capture_of(record_bytes: bytes, warc_file: str, offset: int) -> Iterator[Capture]:
    """The capture that an unpacked record holds; none for other records and for bytes that are not those named."""
    record = _parse(io.BytesIO(record_bytes))
    headers = record.rec_headers if record else None
    if headers is None or record.rec_type != "resource" or not headers.get_header(SOURCE_HEADER):
        return
    data = record.content_stream().read()
    digest = hashlib.sha256(data).hexdigest()
    if headers.get_header("WARC-Payload-Digest") != f"sha256:{digest}":
        return
    source, url = unquote(headers.get_header(SOURCE_HEADER)), headers.get_header(URL_HEADER)
    origin = headers.get_header(ORIGIN_HEADER)
    media_type, _, charset = headers.get_header("Content-Type").partition("; charset=")
    yield Capture(
        Capture.id_of(digest, source), source, digest, len(data), media_type,
        headers.get_header("WARC-Date"), warc_file, offset, unquote(url) if url else None, charset or None,
        origin=_origin_of(unquote(origin)) if origin else None,
    )  # fmt: skip


def _within_header(origin: Origin) -> Origin:
    words = {name: getattr(origin, name) for name in ("title", "date", "issuer", "region")}
    return replace(origin, **{name: value and value[:LONGEST_WORDS] for name, value in words.items()})


def _origin_of(text: str) -> Origin:
    """What a header says; fields of a later version of this program are left out."""
    known = {field.name for field in fields(Origin)}
    return Origin(**{name: value for name, value in json.loads(text).items() if name in known})


def _parse(file: BinaryIO) -> Any:
    from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
    from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

    try:
        return next(ArchiveIterator(file), None)
    except (ArchiveLoadFailed, AttributeError):  # the latter on a record without type or address
        return None
