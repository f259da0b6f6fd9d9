"""Captures as the cleaner can read them: archives unpacked, old Office files converted, kinds judged by their bytes.

What a crawl keeps is what a server sent, under the type that it declared; an import has judged its files
before. Nothing is kept: the bytes of the archive stay as they came.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from policy_corpus.collect import office
from policy_corpus.collect.archives import Place, open_stream
from policy_corpus.collect.captures import read_capture
from policy_corpus.collect.filters import Sieve
from policy_corpus.collect.found import Found, ImportLimits, Unpacked
from policy_corpus.collect.problems import ProblemError, issue_of
from policy_corpus.collect.sniff import DOCX, FILES, TEXTS, holds_text
from policy_corpus.collect.verify import ZIP, judge
from policy_corpus.errors import CorpusError
from policy_corpus.records import Capture, Issue

LIMITS = ImportLimits(max_file_bytes=200_000_000, max_archive_bytes=2_000_000_000, max_archive_members=2000)
"""For archives that came as one capture; their size was held to the crawl's or import's limit."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be read; ``source`` is the capture's, or ``ARCHIVE!/MEMBER``."""

    source: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What a capture holds."""

    files: tuple[File, ...] = ()
    issues: tuple[Issue, ...] = ()
    archive: bool = False
    error: CorpusError | None = None
    """Why its bytes could not be read at all."""


def kind_of(data: bytes, media_type: str, source: str) -> str:
    """Type of a capture's bytes: as it was judged when it came in, or else by themselves.

    Raises
    ------
    ProblemError
        They are of no kind that is read.
    """
    plain = media_type.partition(";")[0].strip().lower()
    known = plain in FILES or plain == "application/xhtml+xml"
    if known and not (plain in TEXTS or holds_text(data)):
        return plain
    if plain in TEXTS and holds_text(data):
        return plain
    return judge(data, source, plain, LIMITS.max_file_bytes)


def open_captures(folder: Path, captures: Sequence[Capture]) -> dict[str, Opened]:
    """Open captures by their ids; old Office files of all of them are converted in one go."""
    opened = {c.capture_id: _open(folder, c) for c in captures}
    waiting = {
        f"{key} {file.source}": (file.data, file.media_type)
        for key, found in opened.items()
        for file in found.files
        if office.needs_conversion(file.media_type)
    }
    made = office.to_docx(waiting) if waiting else {}
    sources = {c.capture_id: c.source for c in captures}
    return {key: _with_converted(key, found, made, sources[key]) for key, found in opened.items()}


def _open(folder: Path, capture: Capture) -> Opened:
    source = capture.source
    try:
        data = read_capture(folder, capture)
        media_type = kind_of(data, capture.media_type, source)
    except CorpusError as error:
        return Opened(error=error)
    except ProblemError as problem:
        return Opened(issues=(of_capture(issue_of(source, problem), source),))
    if media_type != ZIP:
        return Opened((File(source, data, media_type),))
    files, issues = [], []
    place = Place(source, 0, Unpacked(LIMITS), Sieve())
    for found in open_stream(place, io.BytesIO(data), len(data), LIMITS):
        outcome = _member(found)
        if isinstance(outcome, File):
            files.append(outcome)
        else:
            issues.append(of_capture(outcome, source))
    return Opened(tuple(files), tuple(issues), archive=True)


def _member(found: Found | Issue) -> File | Issue:
    if isinstance(found, Issue):
        return found
    try:
        return File(found.source, found.data, judge(found.data, found.source, None, LIMITS.max_file_bytes))
    except ProblemError as problem:
        return issue_of(found.source, problem)


def of_capture(issue: Issue, source: str) -> Issue:
    """A finding about a capture, or a member of it, as one of a build about the capture."""
    member = issue.source.removeprefix(source).removeprefix("!/")
    place = ": ".join(filter(None, (member, issue.place))) or None
    return Issue.make("clean", source, issue.reason, issue.message, issue.remedy, place, issue.severity)


def _with_converted(key: str, opened: Opened, made: dict[str, bytes], source: str) -> Opened:
    files: list[File] = []
    issues = list(opened.issues)
    for file in opened.files:
        if not office.needs_conversion(file.media_type):
            files.append(file)
        elif (converted := made.get(f"{key} {file.source}")) is not None:
            files.append(File(file.source, converted, DOCX))
        else:
            issues.append(of_capture(office.issue_of(file.source, file.media_type), source))
    return Opened(tuple(files), tuple(issues), opened.archive, opened.error)
