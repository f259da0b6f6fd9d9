"""The two stages of a build as workers run them: captures into documents, documents into measures.

A worker process reads its resources once (:func:`start_cleaning`, :func:`start_annotating`) and then
takes batches. Both functions are deterministic: the same batch gives the same records anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from policy_corpus.records import Capture, Document, Issue, MadeBy, Measure, Mention, Passage, content_id
from policy_corpus.resources import AnnotateFiles, code_digest

if TYPE_CHECKING:
    from policy_corpus.annotate.pipeline import Annotator

CLEAN_VERSION = 1
"""Raised when documents have other fields; what the cleaner does to a page is told by its code's digest."""
ANNOTATE_VERSION = 1
"""Raised when measures have other fields; how they are found is told by the digest of code and files."""
DUPLICATES_VERSION = 1


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What one capture gave."""

    capture: Capture
    documents: tuple[Document, ...]
    issues: tuple[Issue, ...]


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


def clean_batch(captures: Sequence[Capture]) -> list[Cleaned]:
    """Documents of each capture, in order."""
    from policy_corpus.clean.duplicates import signature
    from policy_corpus.clean.page import clean_capture
    from policy_corpus.collect.captures import read_capture

    cleaned = []
    for capture in captures:
        result = clean_capture(
            read_capture(_Worker.captures_dir, capture),
            capture_id=capture.capture_id,
            source=capture.source,
            media_type=capture.media_type,
            charset=capture.charset,
            url=capture.url,
        )
        documents = tuple(
            replace(document, signature=signature(document.body), made_by=_Worker.made_by)
            for document in result.documents
        )
        cleaned.append(Cleaned(capture, documents, result.issues))
    return cleaned


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
