"""Which passages carry which measures: the codebook's rules and the classifier joined."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

from policy_corpus.annotate.classifier import Classifier
from policy_corpus.annotate.codebook import Codebook
from policy_corpus.annotate.features import Seen, Unit, see, units_of
from policy_corpus.annotate.sentences import split_clauses
from policy_corpus.annotate.vectors import Encoder
from policy_corpus.records import Kind, Passage

SCOPE_SHARE = 0.25
"""A document with fewer sentences in the codebook's scope than this is about other things: there a sentence
out of scope carries no code. Work reports have .09 to .11, pages on education .30 to .92 (`gold/reports`,
`gold/seeds`); none of the 700 coded sentences of work reports in the gold is out of scope."""
LABEL_CONFIDENCE = 0.5
"""Share of sentences with a label that carry its code: .52 on `gold/reports`, .51 on `gold/seeds`."""
_CLAUSE_MARKS = "，,、；;：: \u3000"
_JOINT = re.compile(rf"[{_CLAUSE_MARKS}]*(?:(?:并且|同时|此外)[，,]?|并(?![轨校购列联入]))?")
LONG_SENTENCE = 40
"""Sentences shorter than this, in characters, are one piece of evidence."""


@dataclass(frozen=True, slots=True)
class Coding:
    """A code of a passage. ``start``/``end`` are code points of the passage's text."""

    code: str
    start: int
    end: int
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class Coder:
    """Codes passages; ``encoder`` is needed where the classifier was trained with one.

    A code of the codebook that the classifier was not trained on is found by its labels alone, with
    :data:`LABEL_CONFIDENCE`; a code that the codebook has no more is left out.
    """

    codebook: Codebook
    classifier: Classifier
    encoder: Encoder | None = None

    def code_passages(
        self, passages: Sequence[Passage], kind: Kind, *, threshold: float | None = None
    ) -> list[list[Coding]]:
        """Codes of each passage, in the order of the codebook.

        Parameters
        ----------
        passages
            All passages of one document, in order, so that each has its neighbours.
        kind
            Kind of the document.
        threshold
            One probability for all codes instead of the trained thresholds: higher finds less and errs less.
        """
        units = units_of(passages, kind)
        inside = [self.codebook.in_scope(unit.text) for unit in units]
        if not any(inside):
            return [[] for _ in units]
        if sum(inside) / len(units) >= SCOPE_SHARE:
            return self.code_units(units, threshold=threshold)
        coded = iter(self.code_units(list(compress(units, inside)), threshold=threshold))
        return [next(coded) if within else [] for within in inside]

    def code_units(self, units: Sequence[Unit], *, threshold: float | None = None) -> list[list[Coding]]:
        """The same for units made elsewhere, all of them in scope."""
        seen = see(units, self.codebook, self.encoder if self.classifier.encoder is not None else None)
        probabilities = self.classifier.probabilities_of(seen)
        limits = self._limits(threshold)
        coded = []
        for unit, look, row in zip(units, seen, probabilities, strict=True):
            said = dict(zip(self.classifier.codes, row.tolist(), strict=True))
            labelled = {hit.code for hit in look.hits if not hit.hint}
            likely = {c: said.get(c, LABEL_CONFIDENCE if c in labelled else 0.0) for c in limits}
            found = {c: p for c, p in likely.items() if p >= limits[c]}
            coded.append(self._codings(unit, look, found) if found else [])
        return coded

    def _limits(self, threshold: float | None) -> dict[str, float]:
        """Probability from which each code of the codebook is given."""
        trained = dict(zip(self.classifier.codes, self.classifier.thresholds.tolist(), strict=True))
        if threshold is not None:
            trained = dict.fromkeys(trained, threshold)
        return {
            code: round(trained.get(code, threshold or LABEL_CONFIDENCE), 3) for code in self.codebook.ids
        }

    def _codings(self, unit: Unit, seen: Seen, found: Mapping[str, float]) -> list[Coding]:
        reasons = self.classifier.reasons(seen, [c for c in found if c in self.classifier.codes])
        return [
            Coding(
                code, *evidence_of(unit.text, seen, code), p, _why(unit, seen, code, reasons.get(code, []))
            )
            for code, p in found.items()
        ]


def _why(unit: Unit, seen: Seen, code: str, features: Sequence[str]) -> str:
    """Labels, words and context that speak for a code."""
    hits = [hit for hit in seen.hits if hit.code == code and not hit.hint]
    labels = dict.fromkeys(unit.text[hit.start : hit.end] for hit in hits)
    reasons = [f"labels {'、'.join(labels)}"] if labels else []
    words = [name for name in features if ":" not in name]
    if words:
        reasons.append(f"words {'、'.join(words)}")
    places = ("heading", "sentence before", "sentence after")
    reasons += [place for place, codes in zip(places, seen.around, strict=True) if code in codes]
    return "; ".join(reasons) or "the sentence as a whole"


def evidence_of(text: str, seen: Seen, code: str) -> tuple[int, int]:
    """Where in a sentence a code's evidence stands.

    The run of clauses that holds the code's labels; the whole sentence when it is one clause, when the code
    has no label in it, or when its labels are the only ones.
    """
    own = [hit for hit in seen.hits if hit.code == code and not hit.hint]
    others = any(hit.code != code and not hit.hint for hit in seen.hits)
    if len(text) < LONG_SENTENCE or not own or not others:
        return 0, len(text)
    touched = [
        clause
        for clause in split_clauses(text)
        if any(hit.start < clause.end and clause.start < hit.end for hit in own)
    ]
    return _trimmed(text, touched[0].start, touched[-1].end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Clauses without the comma they end in and the 并 or 同时 that joins them to the clause before."""
    start = _JOINT.match(text, start, end).end()  # type: ignore[union-attr]
    while end > start and text[end - 1] in _CLAUSE_MARKS:
        end -= 1
    return start, end
