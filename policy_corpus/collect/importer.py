"""Files and folders come in: one at a time, each as a capture or as an issue that says why not."""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

from policy_corpus.collect.archives import LITTER, Place, open_stream
from policy_corpus.collect.captures import CaptureArchive
from policy_corpus.collect.found import Found, ImportLimits, Unpacked
from policy_corpus.collect.problems import ProblemError, issue_of, make_issue
from policy_corpus.collect.sniff import DOCX, PDF, container_of, media_type_of
from policy_corpus.collect.verify import check_docx, check_pdf
from policy_corpus.records import Capture, Issue

SAVED_PARTS = ("_files", ".files")
"""Browsers save the pictures and scripts of ``page.html`` into a folder of this ending beside it."""
_WEB_ADDRESS = re.compile(r"(?:https?|ftp):/", re.IGNORECASE)


def utc_now() -> datetime:
    """The time a capture is stamped with."""
    return datetime.now(UTC)


def import_paths(
    paths: Iterable[str | Path],
    archive: CaptureArchive,
    known_ids: Container[str],
    limits: ImportLimits,
    *,
    on_known: Callable[[str], None] | None = None,
    skip: Iterable[Path] = (),
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[Capture | Issue]:
    """Take in files, folders (with all below them, in order of name), zip and WARC archives.

    Bytes of a capture lie in ``archive`` when it is yielded. A file that cannot come in is yielded as
    an issue; the rest goes on. One file is in memory at a time.

    Parameters
    ----------
    paths : iterable of str or Path
        As the user gave them: ``source`` of a capture is this path, or it and the way below it.
    archive : CaptureArchive
        Where bytes go.
    known_ids : container of str
        Ids of captures that are there already; they are not yielded.
    limits : ImportLimits
        Sizes beyond which a file is left out.
    on_known : callable, optional
        Called with the id of each capture that was there already.
    skip : iterable of Path
        Files and folders to pass over when they lie below a given folder (what makes up the corpus, say).
    clock : callable
        Gives the time of capture where a web archive does not.

    Raises
    ------
    CorpusError
        The captures cannot be written.
    """
    seen: set[str] = set()
    walls = {path.resolve() for path in (archive.folder, *skip)}
    for path in paths:
        for item in _find(path, limits, walls):
            if isinstance(item, Issue):
                yield item
                continue
            capture_id = Capture.id_of(hashlib.sha256(item.data).hexdigest(), item.source)
            if capture_id in seen or capture_id in known_ids:
                if on_known:
                    on_known(capture_id)
                continue
            outcome = _admit(item, archive, limits, clock)
            if isinstance(outcome, Capture):
                seen.add(capture_id)
            yield outcome


def _admit(
    found: Found, archive: CaptureArchive, limits: ImportLimits, clock: Callable[[], datetime]
) -> Capture | Issue:
    try:
        media_type = _judge(found, limits)
    except ProblemError as problem:
        return issue_of(found.source, problem)
    return archive.write(
        found.data,
        found.source,
        media_type=media_type,
        captured_at=found.captured_at or clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
        url=found.url,
        charset=found.charset,
    )


def _judge(found: Found, limits: ImportLimits) -> str:
    if container_of(found.data) == "zip":  # archives were opened on the way, so it is a document
        check_docx(found.data, limits.max_file_bytes)
        return DOCX
    media_type = media_type_of(found.data, found.source, found.media_type)
    if media_type == PDF:
        check_pdf(found.data)
    return media_type


def source_of(path: Path) -> str:
    """A path as a source: ``/`` between folders, NFC; bytes of a name that are no UTF-8 are read as GB18030."""
    text = path.as_posix()
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = os.fsencode(text).decode("gb18030", "backslashreplace")
    return normalize("NFC", text)


def _find(path: str | Path, limits: ImportLimits, walls: set[Path]) -> Iterator[Found | Issue]:
    given = Path(path)
    if _WEB_ADDRESS.match(str(path)):
        yield make_issue(normalize("NFC", str(path)), "web_address")
    elif not os.path.lexists(given):
        yield make_issue(source_of(given), "missing")
    else:
        yield from _visit(given, limits, walls, frozenset())


def _visit(
    path: Path, limits: ImportLimits, walls: set[Path], above: frozenset[Path]
) -> Iterator[Found | Issue]:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            yield from _folder(path, limits, walls, above)
        elif stat.S_ISREG(mode):
            with path.open("rb") as file:
                place = Place(source_of(path), 0, Unpacked(limits))
                yield from open_stream(place, file, os.fstat(file.fileno()).st_size, limits)
        else:
            yield make_issue(source_of(path), "not_a_file")
    except FileNotFoundError:  # a link that leads nowhere, or a file that was removed just now
        yield make_issue(source_of(path), "missing")
    except OSError as error:
        yield make_issue(source_of(path), "unreadable", detail=(error.strerror or "unknown error").lower())


def _folder(
    path: Path, limits: ImportLimits, walls: set[Path], above: frozenset[Path]
) -> Iterator[Found | Issue]:
    place = path.resolve()
    if place in above:  # a link that leads back to a folder it lies in
        return
    names = sorted((normalize("NFC", entry.name), entry) for entry in path.iterdir())
    pages = {entry.stem for _, entry in names if entry.suffix.lower() in (".html", ".htm")}
    for name, entry in names:
        if name.startswith((".", "~$")) or name in LITTER or entry.resolve() in walls:
            continue
        if name.endswith(SAVED_PARTS) and entry.is_dir() and re.sub(r"[_.]files$", "", entry.name) in pages:
            yield make_issue(source_of(entry), "skipped", detail="pictures and scripts of a saved page")
            continue
        yield from _visit(entry, limits, walls, above | {place})
