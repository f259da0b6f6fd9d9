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
from policy_corpus.collect.filters import Sieve
from policy_corpus.collect.found import Found, IdSet, ImportLimits, Unpacked
from policy_corpus.collect.problems import ProblemError, issue_of, make_issue
from policy_corpus.collect.sniff import TEXT, TEXTS
from policy_corpus.collect.verify import judge
from policy_corpus.collect.web_archive import PARTS
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
    sieve: Sieve | None = None,
    on_known: Callable[[str], None] | None = None,
    skip: Iterable[Path] = (),
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[Capture | Issue]:
    """Take in files, folders (with all below them, in order of name), zip and WARC archives.

    Bytes of a capture lie in ``archive`` when it is yielded. A file that cannot come in is yielded as
    an issue; the rest goes on. One file, or one record of a WARC, is in memory at a time. What filters
    and the kind of record keep out is counted, in one note an archive or given path.

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
    sieve : Sieve, optional
        Filters that a page must pass, with the counts of what did not.
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
    seen = IdSet()
    sieve = sieve or Sieve()
    walls = {path.resolve() for path in (archive.folder, *skip)}
    for path in paths:
        for item in _find(path, limits, walls, sieve):
            if isinstance(item, Issue):
                yield item
                continue
            capture_id = Capture.id_of(hashlib.sha256(item.data).hexdigest(), item.source)
            if capture_id in seen or capture_id in known_ids:
                if on_known:
                    on_known(capture_id)
                continue
            outcome = _admit(item, source_of(Path(path)), archive, limits, sieve, clock)
            if isinstance(outcome, Capture):
                seen.add(capture_id)
            if outcome:
                yield outcome
        yield from sieve.notes()


def _admit(
    found: Found,
    given: str,
    archive: CaptureArchive,
    limits: ImportLimits,
    sieve: Sieve,
    clock: Callable[[], datetime],
) -> Capture | Issue | None:
    """A capture, why there is none, or None for what was counted in ``sieve``."""
    try:
        media_type = _judge(found, limits)
    except ProblemError as problem:
        if found.web_archive and (kind := _no_page(problem)):
            sieve.pass_over(found.web_archive, kind)
            return None
        return issue_of(found.source, problem)
    if by := sieve.filters.refuse_text(found.data, media_type, found.charset):
        sieve.drop(found.web_archive or given, by)
        return None
    return archive.write(
        found.data,
        found.source,
        media_type=media_type,
        captured_at=found.captured_at or clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
        url=found.url,
        charset=found.charset,
    )


def _no_page(problem: ProblemError) -> str | None:
    """What the web holds beside pages, too common to be listed one by one; None for lost documents."""
    if problem.reason == "empty":
        return "pages without content"
    if problem.reason == "unknown":
        return "files of a kind that is not read"
    return PARTS if problem.details.get("kind") in ("picture", "sound or film file") else None


def _judge(found: Found, limits: ImportLimits) -> str:
    """Archives were opened on the way, so a zip is a document."""
    name = "text.txt" if found.is_plain else found.source
    media_type = judge(found.data, name, found.media_type, limits.max_file_bytes)
    return TEXT if found.is_plain and media_type in TEXTS else media_type


def source_of(path: Path) -> str:
    """A path as a source: ``/`` between folders, NFC; bytes of a name that are no UTF-8 are read as GB18030."""
    text = path.as_posix()
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = os.fsencode(text).decode("gb18030", "backslashreplace")
    return normalize("NFC", text)


def _find(path: str | Path, limits: ImportLimits, walls: set[Path], sieve: Sieve) -> Iterator[Found | Issue]:
    given = Path(path)
    if _WEB_ADDRESS.match(str(path)):
        yield make_issue(normalize("NFC", str(path)), "web_address")
    elif not os.path.lexists(given):
        yield make_issue(source_of(given), "missing")
    else:
        yield from _visit(given, limits, walls, sieve, frozenset())


def _visit(
    path: Path, limits: ImportLimits, walls: set[Path], sieve: Sieve, above: frozenset[Path]
) -> Iterator[Found | Issue]:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            yield from _folder(path, limits, walls, sieve, above)
        elif stat.S_ISREG(mode):
            with path.open("rb") as file:
                place = Place(source_of(path), 0, Unpacked(limits), sieve)
                yield from open_stream(place, file, os.fstat(file.fileno()).st_size, limits)
        else:
            yield make_issue(source_of(path), "not_a_file")
    except FileNotFoundError:  # a link that leads nowhere, or a file that was removed just now
        yield make_issue(source_of(path), "missing")
    except OSError as error:
        yield make_issue(source_of(path), "unreadable", detail=(error.strerror or "unknown error").lower())


def _folder(
    path: Path, limits: ImportLimits, walls: set[Path], sieve: Sieve, above: frozenset[Path]
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
        yield from _visit(entry, limits, walls, sieve, above | {place})
