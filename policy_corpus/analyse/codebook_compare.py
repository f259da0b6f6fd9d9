"""Two codebooks held against documents, one after the other; see :mod:`policy_corpus.analyse.codebook_diff`."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from policy_corpus.analyse.codebook_diff import (
    Change,
    CodebookDiff,
    CodeEffect,
    DocumentEffect,
    Edit,
    EditEffect,
    Example,
    Layer,
    Role,
)
from policy_corpus.annotate.codebook import GAP, Code, Codebook, LabelHit, expand, fold
from policy_corpus.annotate.measures import Coder
from policy_corpus.records import Document, Passage

EXAMPLES = 3
"""Sentences kept to show an edit or a code, for each direction."""
_ROLES: tuple[tuple[Role, str], ...] = (("label", "labels"), ("hint", "hints"), ("negative", "negative"))


@dataclass(slots=True)
class Comparison:
    """Gathers the changes document by document; only counts and a few examples stay in memory."""

    old: Codebook
    new: Codebook
    coders: tuple[Coder, Coder] | None
    min_confidence: float
    retrain: str | None
    edits: tuple[Edit, ...]
    _effects: dict[Edit, EditEffect] = field(default_factory=dict)
    _codes: dict[str, CodeEffect] = field(default_factory=dict)
    _documents: list[DocumentEffect] = field(default_factory=list)
    _patterns: list[tuple[Edit, re.Pattern[str]]] = field(default_factory=list)
    _any: re.Pattern[str] | None = None
    _read: int = 0

    @classmethod
    def of(
        cls, old: Codebook, new: Codebook, coder: Coder | None, min_confidence: float, retrain: str | None
    ) -> "Comparison":
        """A comparison of two codebooks; ``coder`` codes with the old one, None leaves measures out."""
        edits = tuple(edits_between(old, new))
        coders = (replace(coder, codebook=old), replace(coder, codebook=new)) if coder else None
        made = cls(old, new, coders, min_confidence, retrain, edits)
        made._effects = {edit: EditEffect(edit) for edit in edits}
        made._patterns = [(edit, _pattern(edit.label)) for edit in edits]
        beginnings = sorted({form.split("…")[0] for edit in edits for form in expand(fold(edit.label))})
        made._any = re.compile("|".join(map(re.escape, beginnings))) if beginnings else None
        for code in (*old.codes, *new.codes):
            change: Change | None = "removed" if code.id not in new.ids else None
            change = "added" if code.id not in old.ids else change
            made._codes[code.id] = CodeEffect(code.id, code.zh, change)
        return made

    @property
    def layer(self) -> Layer:
        """What counts of documents and regions are about."""
        return "measures" if self.coders else "labels"

    @property
    def scope_changed(self) -> bool:
        """Whether the words of the field are others; order does not matter."""
        return set(self.old.scope) != set(self.new.scope)

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Compare one document.

        Parameters
        ----------
        passages
            All its passages in order, in simplified script.
        """
        self._read += 1
        if not any(self._may_change(passage) for passage in passages):
            return
        sets: dict[Layer, list[tuple[set[str], set[str]]]] = {"labels": []}
        reasons = []
        for passage in passages:
            before, after, why = self._labels(passage, document.region_name)
            sets["labels"].append((before, after))
            reasons.append(why)
        if self.coders:
            sets["measures"] = self._measures(document, passages)
        for layer, pairs in sets.items():
            for (before, after), passage, why in zip(pairs, passages, reasons, strict=True):
                self._count(layer, before, after, passage, document, why)
        self._close(document, sets[self.layer])

    def result(self) -> CodebookDiff:
        """What was found: codes and edits that change nothing are left out of ``codes`` only."""
        changed = [
            c for c in self._codes.values() if c.change or c.gained.total() or c.lost.total() or c.documents
        ]
        return CodebookDiff(
            layer=self.layer,
            edits=tuple(self._effects.values()),
            codes=tuple(changed),
            documents=tuple(sorted(self._documents, key=lambda d: (-_moved(d), d.source, d.document_id))),
            read=self._read,
            scope_added=tuple(word for word in self.new.scope if word not in self.old.scope),
            scope_removed=tuple(word for word in self.old.scope if word not in self.new.scope),
            retrain=self.retrain,
        )

    def _may_change(self, passage: Passage) -> bool:
        text = fold(passage.text)
        if self._any and (self._any.search(text) or any(self._any.search(fold(h)) for h in passage.headings)):
            return True
        return self.scope_changed and self.old.in_scope(passage.text) != self.new.in_scope(passage.text)

    def _labels(self, passage: Passage, region: str | None) -> tuple[set[str], set[str], dict[str, Example]]:
        """Codes by labels before and after, and for each code that comes or goes the reason."""
        text = fold(passage.text)
        standing = [edit for edit, pattern in self._patterns if pattern.search(text)]
        for edit in standing:
            self._effects[edit].stands_in += 1
        before, after = self.old.match(passage.text), self.new.match(passage.text)
        codes = {hit.code for hit in before}, {hit.code for hit in after}
        why: dict[str, Example] = {}
        for code in sorted(codes[0] ^ codes[1]):
            comes = code in codes[1]
            hit = next(hit for hit in (after if comes else before) if hit.code == code)
            cause = _cause(hit, comes, standing)
            why[code] = Example(
                passage.document_id,
                passage.passage_id,
                region,
                passage.text,
                _reason(hit, comes, cause),
                hit.start,
                hit.end,
            )
            if cause:
                effect = self._effects[cause]
                effect.gained += comes
                effect.lost += not comes
                _keep(effect.examples, why[code])
        return *codes, why

    def _measures(self, document: Document, passages: Sequence[Passage]) -> list[tuple[set[str], set[str]]]:
        assert self.coders is not None
        old, new = (
            [
                {c.code for c in codings if round(c.confidence, 3) >= self.min_confidence}
                for codings in coder.code_passages(passages, document.kind)
            ]
            for coder in self.coders
        )
        return list(zip(old, new, strict=True))

    def _count(
        self,
        layer: Layer,
        before: set[str],
        after: set[str],
        passage: Passage,
        document: Document,
        why: dict[str, Example],
    ) -> None:
        for code in sorted(before ^ after):
            effect = self._codes[code]
            comes = code in after
            (effect.gained if comes else effect.lost)[layer] += 1
            if layer == self.layer:
                effect.documents.add(document.document_id)
                effect.regions.update([document.region_name] if document.region_name else [])
                kept = effect.examples if comes else effect.lost_examples
                _keep(kept, why.get(code) or _weighed_otherwise(passage, document.region_name))

    def _close(self, document: Document, pairs: Sequence[tuple[set[str], set[str]]]) -> None:
        gained = Counter(code for before, after in pairs for code in sorted(after - before))
        lost = Counter(code for before, after in pairs for code in sorted(before - after))
        had = set().union(*(before for before, _ in pairs))
        has = set().union(*(after for _, after in pairs))
        for code in has - had:
            self._codes[code].new_documents.add(document.document_id)
        for code in had - has:
            self._codes[code].left_documents.add(document.document_id)
        if gained or lost:
            self._documents.append(
                DocumentEffect(
                    document.document_id,
                    document.title,
                    document.source,
                    document.region_name,
                    dict(sorted(gained.items())),
                    dict(sorted(lost.items())),
                )
            )


def edits_between(old: Codebook, new: Codebook) -> Iterator[Edit]:
    """Labels, hints and negatives that stand in one codebook only, removed ones first within a code."""
    before, after = {c.id: c for c in old.codes}, {c.id: c for c in new.codes}
    for code_id in dict.fromkeys((*old.ids, *new.ids)):
        for role, name in _ROLES:
            was, now = _entries(before.get(code_id), name), _entries(after.get(code_id), name)
            yield from (Edit(code_id, role, label, "removed") for label in was if label not in now)
            yield from (Edit(code_id, role, label, "added") for label in now if label not in was)


def _entries(code: Code | None, name: str) -> dict[str, None]:
    return dict.fromkeys(getattr(code, name)) if code else {}


def _pattern(label: str) -> re.Pattern[str]:
    """Where the fixed parts of a label stand; the gap is as wide as the codebook's."""
    gap = f"[^。！!？?；;\n]{{0,{GAP}}}?"
    return re.compile("|".join(gap.join(map(re.escape, form.split("…"))) for form in expand(fold(label))))


def _cause(hit: LabelHit, comes: bool, standing: Sequence[Edit]) -> Edit | None:
    """The edit that makes a hit come or go: its own label, a negative of its code, or a label of another code."""
    own = [e for e in standing if e.code == hit.code and e.role == "label" and e.label == hit.label]
    denied = [e for e in standing if e.code == hit.code and e.role == "negative"]
    denied = [e for e in denied if e.change == ("removed" if comes else "added")]
    covered = [
        e
        for e in standing
        if e.code != hit.code and e.role == "label" and e.change == ("removed" if comes else "added")
    ]
    return next(iter((*own, *denied, *covered)), None)


def _reason(hit: LabelHit, comes: bool, edit: Edit | None) -> str:
    if edit is None:
        return f"label {hit.label!r} {'found' if comes else 'not found any more'}"
    if edit.role == "negative":
        return f"label {hit.label!r}: negative label {edit.label!r} {edit.change}"
    if edit.code != hit.code:
        return f"label {hit.label!r}: longer label {edit.label!r} of {edit.code} {edit.change}"
    return f"label {edit.label!r} {edit.change}"


def _weighed_otherwise(passage: Passage, region: str | None) -> Example:
    reason = "the classifier weighs the sentence and its neighbours otherwise"
    return Example(passage.document_id, passage.passage_id, region, passage.text, reason)


def _keep(examples: list[Example], example: Example) -> None:
    """Keep the first few, each of another document."""
    if len(examples) < EXAMPLES and example.document_id not in {e.document_id for e in examples}:
        examples.append(example)


def _moved(document: DocumentEffect) -> int:
    return sum(document.gained.values()) + sum(document.lost.values())
