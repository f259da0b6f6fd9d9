"""The two stages of a build as workers run them: captures into documents, documents into measures.

A worker process reads its resources once (:func:`start_cleaning`, :func:`start_annotating`) and then
takes batches. Both functions are deterministic: the same batch gives the same records anywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from policy_corpus.errors import CorpusError
from policy_corpus.records import Capture, Document, Issue, MadeBy, Measure, Mention, Passage, content_id
from policy_corpus.resources import AnnotateFiles, code_digest

if TYPE_CHECKING:
    from policy_corpus.annotate.pipeline import Annotator
    from policy_corpus.clean.families import Version
    from policy_corpus.clean.page import CleanResult

CLEAN_VERSION = 2
"""Raised when documents have other fields; what the cleaner does to a page is told by its code's digest."""
ANNOTATE_VERSION = 1
"""Raised when measures have other fields; how they are found is told by the digest of code and files."""
DUPLICATES_VERSION = 1


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What the captures of one unit gave: an address at all times, or the pages of an article."""

    captures: tuple[Capture, ...]
    documents: tuple[Document, ...]
    issues: tuple[Issue, ...]
    whole: bool = True
    """Whether all of them could be read; a unit that could not is tried again by the next build."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """What one document gave; ``document`` is the same one with its region."""

    document: Document
    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...]
    measures: tuple[Measure, ...]


def clean_made_by() -> MadeBy:
    """Who makes documents: the cleaner reads no settings and no files, so its code says it all."""
    return MadeBy("clean", CLEAN_VERSION, code_digest("clean"))


def annotate_made_by(files: AnnotateFiles, min_confidence: float) -> MadeBy:
    """Who makes measures: other code, codebook, model, lexicon, gazetteer or threshold is another maker."""
    parts = (code_digest("annotate"), files.digest(), repr(min_confidence))
    return MadeBy("annotate", ANNOTATE_VERSION, content_id("annotate", *parts))


class _Worker:
    """What this process has read."""

    captures_dir: Path
    annotator: "Annotator"
    made_by: str
    min_confidence: float


def start_cleaning(captures_dir: Path) -> None:
    """Make this process ready for :func:`clean_batch`."""
    _Worker.captures_dir = captures_dir
    _Worker.made_by = str(clean_made_by())


def clean_batch(units: Sequence[Sequence[Capture]]) -> list[Cleaned]:
    """Documents of each unit of captures, in order; see :mod:`policy_corpus.clean.families`."""
    from policy_corpus.collect.captures import read_capture
    from policy_corpus.collect.office import needs_conversion, to_docx

    office = {
        c.capture_id: (read_capture(_Worker.captures_dir, c), c.media_type)
        for captures in units
        for c in captures
        if needs_conversion(c.media_type)
    }
    converted = to_docx(office)
    return [_clean_unit(tuple(captures), converted) for captures in units]


def _clean_unit(captures: tuple[Capture, ...], converted: Mapping[str, bytes]) -> Cleaned:
    from policy_corpus.clean.families import marked, versions

    results: list[tuple[Document, ...]] = []
    issues: list[Issue] = []
    whole, has_text = True, False
    for version in versions(captures):
        try:
            result = _clean_version(version, converted)
        except CorpusError as error:
            if len(captures) == 1:
                raise
            issues.append(_unreadable(version.lead, error))
            results.append(())
            whole = False
            continue
        if not has_text:  # what was wrong with an earlier state is of no concern once a later one can be read
            issues += result.issues
        results.append(result.documents)
        has_text = has_text or bool(result.documents)
    return Cleaned(captures, tuple(d for found in marked(results) for d in found), tuple(issues), whole)


def _clean_version(version: "Version", converted: Mapping[str, bytes]) -> "CleanResult":
    from policy_corpus.clean.duplicates import signature
    from policy_corpus.clean.page import CleanResult, RawPage, clean_article
    from policy_corpus.collect.captures import read_capture
    from policy_corpus.collect.office import issue_of, needs_conversion
    from policy_corpus.collect.sniff import DOCX

    pages: list[RawPage] = []
    issues: list[Issue] = []
    for c in version.pages:
        if needs_conversion(c.media_type):
            data, media_type = converted.get(c.capture_id), DOCX
        else:
            data, media_type = read_capture(_Worker.captures_dir, c), c.media_type
        if data is None:
            issues.append(issue_of(c.source, c.media_type))
        else:
            pages.append(RawPage(data, c.capture_id, c.source, media_type, c.charset, c.url, c.origin))
    if not pages:
        return CleanResult((), tuple(issues))
    result = clean_article(pages, version.total)
    documents = (
        replace(document, signature=signature(document.body), made_by=_Worker.made_by)
        for document in result.documents
    )
    return replace(result, documents=tuple(documents), issues=(*issues, *result.issues))


def _unreadable(capture: Capture, error: CorpusError) -> Issue:
    return Issue.make(
        "clean", capture.source, "failed", f"clean failed: {error}", error.remedy or "add the page again",
        capture.capture_id,
    )  # fmt: skip


def start_annotating(files: AnnotateFiles, min_confidence: float) -> None:
    """Make this process ready for :func:`annotate_batch`."""
    from policy_corpus.resources import load_annotator

    _Worker.annotator = load_annotator(files)
    _Worker.made_by = str(annotate_made_by(files, min_confidence))
    _Worker.min_confidence = min_confidence


def annotate_batch(documents: Sequence[Document]) -> list[Annotated]:
    """Passages, mentions and measures of each document, in order."""
    annotated = []
    for document in documents:
        found = _Worker.annotator.annotate(document, _Worker.made_by)
        kept = tuple(m for m in found.measures if round(m.confidence, 3) >= _Worker.min_confidence)
        annotated.append(Annotated(found.document, found.passages, found.mentions, kept))
    return annotated
