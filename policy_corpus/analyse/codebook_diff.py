"""What an edit of the codebook changes in a corpus, before anything is rebuilt.

Two layers. *Labels*: in which sentences a code's labels stand before and after, and which edit is the reason.
*Measures*: what the classifier makes of it, where it knows the codes of both codebooks. A sentence in which no
edited label stands matches both codebooks alike, so only documents with such a sentence are looked at.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Role: TypeAlias = Literal["label", "hint", "negative"]
Layer: TypeAlias = Literal["labels", "measures"]
Change: TypeAlias = Literal["added", "removed"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A label, hint or negative label of a code that stands in one codebook only."""

    code: str
    role: Role
    label: str
    change: Change


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that is coded otherwise; ``reason`` names the edit or what it sets in motion."""

    document_id: str
    passage_id: str
    region: str | None
    text: str
    reason: str
    start: int = 0
    end: int = 0
    """Where the label stands in ``text``; 0, 0 where no label is the reason."""


@dataclass(slots=True)
class EditEffect:
    """What one edit does: sentences whose labels of its code, or of another, come or go by it."""

    edit: Edit
    stands_in: int = 0
    """Sentences in which its words stand."""
    gained: int = 0
    lost: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(slots=True)
class CodeEffect:
    """What happens to one code, by layer: sentences that gain or lose it, documents, regions."""

    code: str
    zh: str
    change: Change | None = None
    """Whether the code itself stands in one codebook only."""
    gained: Counter[Layer] = field(default_factory=Counter)
    lost: Counter[Layer] = field(default_factory=Counter)
    documents: set[str] = field(default_factory=set)
    """Documents in which the sentences with this code are others than before."""
    regions: set[str] = field(default_factory=set)
    new_documents: set[str] = field(default_factory=set)
    """Documents that had no sentence with this code before."""
    left_documents: set[str] = field(default_factory=set)
    """Documents that have none any more."""
    examples: list[Example] = field(default_factory=list)
    lost_examples: list[Example] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DocumentEffect:
    """A document whose coding changes: codes gained and lost with the number of sentences."""

    document_id: str
    title: str
    source: str
    region: str | None
    gained: dict[str, int]
    lost: dict[str, int]


@dataclass(frozen=True, slots=True)
class CodebookDiff:
    """All that changes. ``layer`` says what documents, regions and counts are about."""

    layer: Layer
    edits: tuple[EditEffect, ...]
    codes: tuple[CodeEffect, ...]
    documents: tuple[DocumentEffect, ...]
    read: int
    """Documents of the corpus that were compared, copies left out."""
    scope_added: tuple[str, ...]
    scope_removed: tuple[str, ...]
    retrain: str | None
    """Why the classifier must be trained again before a build, or None."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of the regions with a document that changes."""
        return tuple(sorted({d.region for d in self.documents if d.region}))

    def summary(self) -> list[str]:
        """What changes, in lines for a person."""
        if not self.edits and not self.scope_added and not self.scope_removed:
            return ["the two codebooks code alike: no label, hint, negative or scope word differs"]
        scope = len(self.scope_added) + len(self.scope_removed)
        what = "measures" if self.layer == "measures" else "sentences with a label"
        gained = sum(code.gained[self.layer] for code in self.codes)
        lost = sum(code.lost[self.layer] for code in self.codes)
        lines = [
            f"{len(self.edits)} labels and {scope} scope words differ; {what}: +{gained:,} −{lost:,} in "
            f"{len(self.documents):,} of {self.read:,} documents, {len(self.regions):,} regions (copies left out)"
        ]
        if self.retrain:
            lines.append(
                f"{self.retrain}; only labels are compared. Before a build with it, run policy-corpus train"
            )
        else:
            lines.append("measures are those of the present classifier; training it again may move more")
        return lines

    def rows(self) -> Iterator[dict[str, Any]]:
        """Plain rows: one ``summary``, then one for each ``code``, ``edit`` and ``document`` that changes."""
        yield {
            "row": "summary", "layer": self.layer, "documents_read": self.read,
            "documents": len(self.documents), "regions": list(self.regions), "edits": len(self.edits),
            "scope_added": list(self.scope_added), "scope_removed": list(self.scope_removed),
            "retrain": self.retrain,
        }  # fmt: skip
        for code in self.codes:
            yield _code_row(code, self.layer)
        for effect in self.edits:
            edit = effect.edit
            yield {
                "row": "edit", "code": edit.code, "role": edit.role, "label": edit.label, "change": edit.change,
                "stands_in": effect.stands_in, "gained": effect.gained, "lost": effect.lost,
                "examples": [_example_row(e) for e in effect.examples],
            }  # fmt: skip
        for document in self.documents:
            yield {
                "row": "document", "document_id": document.document_id, "title": document.title,
                "source": document.source, "region": document.region, "gained": document.gained,
                "lost": document.lost,
            }  # fmt: skip


def _code_row(code: CodeEffect, layer: Layer) -> dict[str, Any]:
    measured = layer == "measures"
    return {
        "row": "code", "code": code.code, "code_label": code.zh, "change": code.change,
        "label_sentences_gained": code.gained["labels"], "label_sentences_lost": code.lost["labels"],
        "measures_gained": code.gained["measures"] if measured else None,
        "measures_lost": code.lost["measures"] if measured else None,
        "documents": sorted(code.documents), "new_documents": sorted(code.new_documents),
        "left_documents": sorted(code.left_documents), "regions": sorted(code.regions),
        "gained_examples": [_example_row(e) for e in code.examples],
        "lost_examples": [_example_row(e) for e in code.lost_examples],
    }  # fmt: skip


def _example_row(example: Example) -> dict[str, Any]:
    return {
        "document_id": example.document_id, "passage_id": example.passage_id, "region": example.region,
        "text": example.text, "reason": example.reason, "start": example.start, "end": example.end,
    }  # fmt: skip
