"""The two stages of a build as workers run them: captures into documents, documents into measures.

A worker process reads its resources once (:func:`start_cleaning`, :func:`start_annotating`) and then
takes batches. Both functions are deterministic: the same batch gives the same records anywhere.
"""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from policy_corpus.errors import CorpusError
from policy_corpus.records import (
    Capture,
    Document,
    Issue,
    MadeBy,
    Measure,
    Mention,
    OffsetMap,
    Passage,
    content_id,
)
from policy_corpus.resources import AnnotateFiles, code_digest

if TYPE_CHECKING:
    from policy_corpus.annotate.pipeline import Annotator
    from policy_corpus.clean.families import Version
    from policy_corpus.clean.page import CleanResult
    from policy_corpus.corpus.building.opening import Opened

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
    # Beside its own code the room reads how much of a long text is coded.
    parts = (code_digest("annotate"), code_digest("clean/bounds.py"), files.digest(), repr(min_confidence))
    return MadeBy("annotate", ANNOTATE_VERSION, content_id("annotate", *parts))


class _Worker:
    """What this process has read."""

    captures_dir: Path
    annotator: "Annotator"
    made_by: str
    min_confidence: float


def start_cleaning(captures_dir: Path, made_by: str) -> None:
    """Make this process ready for :func:`clean_batch`.

    Raises
    ------
    CorpusError
        This machine would make other documents than the one that keeps the books.
    """
    _Worker.captures_dir = captures_dir
    _Worker.made_by = _agreed(str(clean_made_by()), made_by)


def _agreed(here: str, wanted: str) -> str:
    if here != wanted:
        raise CorpusError(
            f"this machine has another version of policy-corpus or of its models: {here}, not {wanted}",
            platform.node(),
            "install the same version on each node of the cluster",
        )
    return here


def clean_batch(units: Sequence[Sequence[Capture]]) -> list[Cleaned]:
    """Documents of each unit of captures, in order; see :mod:`policy_corpus.clean.families`."""
    from policy_corpus.corpus.building.opening import open_captures

    opened = open_captures(_Worker.captures_dir, [c for captures in units for c in captures])
    return [_clean_unit(tuple(captures), opened) for captures in units]


def _clean_unit(captures: tuple[Capture, ...], opened: Mapping[str, "Opened"]) -> Cleaned:
    from policy_corpus.clean.families import marked, versions

    results: list[tuple[Document, ...]] = []
    issues: list[Issue] = []
    whole, has_text = True, False
    for version in versions(captures):
        try:
            result = _clean_version(version, opened)
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


def _clean_version(version: "Version", opened: Mapping[str, "Opened"]) -> "CleanResult":
    from policy_corpus.clean.duplicates import signature
    from policy_corpus.clean.page import CleanResult, RawPage, clean_article
    from policy_corpus.corpus.building.opening import of_capture

    pages: list[RawPage] = []
    members: list[RawPage] = []
    issues: list[Issue] = []
    for c in version.pages:
        found = opened[c.capture_id]
        if found.error:
            raise found.error
        issues += found.issues
        for file in found.files:
            origin = replace(c.origin, title=None) if c.origin and found.archive else c.origin
            raw = RawPage(file.data, c.capture_id, file.source, file.media_type, c.charset, c.url, origin)
            (members if found.archive else pages).append(raw)
    documents: list[Document] = []
    if pages:
        result = clean_article(pages, version.total)
        documents += result.documents
        issues += result.issues
    for (
        member
    ) in members:  # they are parts of one capture, which has no text that their places could count in
        result = clean_article([member])
        issues += (of_capture(issue, version.lead.source) for issue in result.issues)
        documents += (
            _as_part(document, len(documents) + n) for n, document in enumerate(result.documents, 1)
        )
    signed = (replace(d, signature=signature(d.body), made_by=_Worker.made_by) for d in documents)
    return CleanResult(tuple(signed), tuple(issues))


def _as_part(document: Document, part: int) -> Document:
    key = Document.id_of(document.capture_id, part)
    return replace(document, part=part, document_id=key, source_map=OffsetMap())


def _unreadable(capture: Capture, error: CorpusError) -> Issue:
    return Issue.make(
        "clean", capture.source, "failed", f"clean failed: {error}", error.remedy or "add the page again",
        capture.capture_id,
    )  # fmt: skip


def start_annotating(files: AnnotateFiles, min_confidence: float, made_by: str) -> None:
    """Make this process ready for :func:`annotate_batch`.

    Raises
    ------
    CorpusError
        This machine would make other measures than the one that keeps the books.
    """
    from policy_corpus.resources import load_annotator

    _Worker.made_by = _agreed(str(annotate_made_by(files, min_confidence)), made_by)
    _Worker.annotator = load_annotator(files)
    _Worker.min_confidence = min_confidence


def annotate_batch(documents: Sequence[Document]) -> list[Annotated]:
    """Passages, mentions and measures of each document, in order."""
    annotated = []
    for document in documents:
        found = _Worker.annotator.annotate(document, _Worker.made_by)
        kept = tuple(m for m in found.measures if round(m.confidence, 3) >= _Worker.min_confidence)
        annotated.append(Annotated(found.document, found.passages, found.mentions, kept))
    return annotated
