"""One build of a corpus: what is not current is remade, the rest is left alone.

Rows are entered a batch at a time, the state that vouches for them last. So a build that was killed
has either a whole batch with its state, or rows without one, which the next build makes again under
the same ids.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from policy_corpus.clean.families import SUPERSEDED, fingerprint, unit_key
from policy_corpus.collect.office import program
from policy_corpus.collect.sniff import DOCX, ODS, PDF, TEXTS, XLS, XLSX
from policy_corpus.corpus.building import stages
from policy_corpus.corpus.building.reading import read_documents, read_units
from policy_corpus.engine import local
from policy_corpus.engine.batches import Engine, Failure, together
from policy_corpus.publish.progress import Progress
from policy_corpus.records import Capture, Document, Issue, content_id
from policy_corpus.resources import AnnotateFiles
from policy_corpus.store.parts import in_parts, parts_of_size
from policy_corpus.store.store import Store
from policy_corpus.store.tables import (
    CAPTURES,
    DOCUMENTS,
    ISSUES,
    MEASURES,
    MENTIONS,
    PASSAGES,
    STATES,
    State,
    Table,
)

T = TypeVar("T")
CODED: tuple[Table[Any], ...] = (PASSAGES, MENTIONS, MEASURES)
"""Tables that a document's coding fills."""
PLACED = ("region_code", "region_name", "region_confidence", "region_reason", "region_candidates")
MARKED = ("same_as", "similarity")
"""What later stages enter in a document; the cleaner itself marks those that are superseded."""
NOT_CODED = (*MARKED, "superseded_by", "signature", "made_by")
"""What coding does not read: a document that changed in these alone keeps its coding."""
WHOLE_CORPUS = "corpus"
"""Key of the one state of a stage that looks at all documents at once."""
WITHOUT_CONVERTER = TEXTS | {PDF, DOCX, XLSX, XLS, ODS}
"""Types of captures that never need another program; an archive may hold a file that does."""
COPIES_MADE_BY = f"duplicates/{stages.DUPLICATES_VERSION}"
TEXTS_AT_ONCE = 200
BATCHES_AT_ONCE, ROWS_AT_ONCE, CHARACTERS_AT_ONCE = 8, 4000, 500_000
"""What is entered together, whichever is reached first: with a commit for each batch the writing process took 15.7 s
of processor time for 1,000 short pages, with these 5.7 s. A build that is killed does no more than these again."""
LARGE, MOST_TIMES = 25_000, 8
"""In a corpus of twice as many documents and more that much is entered together as many times over, at most eight
times: each replacement of documents reads the ids of the whole table, and each 256 commits join it anew."""
WITHOUT_TEXT = "pages without a document"
"""Count of pages that were read and gave nothing; the issues table says why of each."""


@dataclass(slots=True)
class BuildReport:
    """What a build did; ``counts`` by kind, ``failures`` are errors that a person should see.

    ``encoder`` names the sentence encoder that the measures were coded with, if any.
    """

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[Issue] = field(default_factory=list)
    encoder: str | None = None

    def summary(self) -> str:
        """One line for a person."""
        done = ", ".join(f"{count:,} {name}" for name, count in self.counts.items() if count)
        coded = f" (encoder: {self.encoder or 'none'})" if self.counts["measures"] else ""
        return done + coded or "everything is current"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build needs to know of its corpus."""

    captures_dir: Path
    files: AnnotateFiles
    min_confidence: float
    workers: int
    batch: int
    engine: Engine = local


@dataclass(frozen=True, slots=True)
class _Entry:
    """What tells copies apart before their texts are read."""

    document_id: str
    title: str
    kind: str
    source: str
    url: str | None
    issuer: str | None
    number: str | None
    published: str | None
    signature: bytes
    same_as: str | None
    similarity: float | None
    superseded_by: str | None


def build(store: Store, plan: Plan, progress: Progress) -> BuildReport:
    """Clean, group duplicates and annotate whatever is not current, in that order."""
    report = BuildReport()
    _clean(store, plan, progress, report)
    _group_duplicates(store, progress, report)
    _annotate(store, plan, progress, report)
    if report.counts:
        store.compact()
    return report


def _clean(store: Store, plan: Plan, progress: Progress, report: BuildReport) -> None:
    made_by = str(stages.clean_made_by())
    stale = stale_units(store, made_by)
    if not stale:
        return
    store.compact()
    pages = sum(map(len, stale))
    workers = _useful_workers(plan, pages)
    progress.stage("clean", pages)
    results = plan.engine.run(
        stages.clean_batch,
        parts_of_size(stale, len, plan.batch),
        workers=workers,
        initializer=stages.start_cleaning,
        initargs=(plan.captures_dir, made_by),
        read=partial(read_units, store.folder),
    )
    times = _times_more(store.count(CAPTURES))
    most, most_characters = plan.batch * BATCHES_AT_ONCE * times, CHARACTERS_AT_ONCE * times

    def enough(held: list[stages.Cleaned]) -> bool:
        characters = sum(len(d.body) for c in held for d in c.documents)
        return _pages(held) >= most or characters >= most_characters

    for result in together(results, enough, lambda part: progress.advance(_pages(part))):
        if isinstance(result, Failure):
            captures = result.item
            remedy = "its bytes are kept; save the page again or as text, and add that"
            report.failures.append(_failed(store, "clean", captures[0].source, result.error, remedy))
            progress.advance(len(captures))
            continue
        _enter_cleaned(store, result, made_by)
        report.counts["pages cleaned"] += _pages(result)
        report.counts["documents"] += sum(len(c.documents) for c in result)
        report.counts[WITHOUT_TEXT] += sum(not c.documents for c in result)
        report.failures += [i for c in result for i in c.issues if i.severity == "error"]


def stale_units(store: Store, made_by: str) -> list[list[str]]:
    """Capture ids of each unit that is not current, in a fixed order.

    A unit is current when each of its captures has a state that names the unit as it is now: another page,
    another version of one, other words of the crawl make it stale as a whole.
    """
    done = {
        row["key"]: row["digest"]
        for batch in store.scan(STATES, ["key", "digest"], {"stage": "clean", "made_by": made_by}, 65536)
        for row in batch.to_pylist()
    }
    units: dict[str, list[tuple[str, str]]] = {}
    for capture in store.records(CAPTURES, batch_rows=10_000):
        units.setdefault(unit_key(capture), []).append((_fingerprint(capture), capture.capture_id))
    stale = []
    for members in units.values():
        digest = _unit_digest(key for key, _ in members)
        if any(done.get(capture_id) != digest for _, capture_id in members):
            stale.append(sorted(capture_id for _, capture_id in members))
    return sorted(stale)


def _fingerprint(capture: Capture) -> str:
    """What is read by way of another program is read again once that is installed."""
    converter = None if capture.media_type in WITHOUT_CONVERTER else str(program() is not None)
    return content_id(fingerprint(capture), converter)


def _unit_digest(fingerprints: Iterable[str]) -> str:
    return content_id("unit", *sorted(fingerprints))


def _failed(
    store: Store, stage: str, source: str, error: str, remedy: str, place: str | None = None
) -> Issue:
    """Enter what went wrong; the item has no state, so the next build tries it again."""
    issue = Issue.make(stage, source, "failed", f"{stage} failed: {error}", remedy, place)
    store.upsert(ISSUES, [issue])
    return issue


def _pages(cleaned: Iterable[stages.Cleaned]) -> int:
    return sum(len(c.captures) for c in cleaned)


def _enter_cleaned(store: Store, cleaned: Sequence[stages.Cleaned], made_by: str) -> None:
    members = [capture for c in cleaned for capture in c.captures]
    captures = [capture.capture_id for capture in members]
    before = {d.document_id: d for d in store.records(DOCUMENTS, {"capture_id": captures})}
    documents = [_as_coded(d, before.get(d.document_id)) for c in cleaned for d in c.documents]
    same = {
        d.document_id for d in documents if d.document_id in before and d.body == before[d.document_id].body
    }
    store.delete(STATES, {"stage": "duplicates", "key": WHOLE_CORPUS})
    as_before = {d.document_id for d in documents if _codes_alike(d, before.get(d.document_id))}
    if others := before.keys() - as_before:
        store.delete(STATES, {"stage": "annotate", "key": others})
    if other := before.keys() - same:
        for table in CODED:
            store.replace_children(table, other, ())
    store.replace_children(DOCUMENTS, captures, documents)
    store.delete(ISSUES, {"stage": "clean", "source": sorted({capture.source for capture in members})})
    store.upsert(ISSUES, [i for c in cleaned for i in c.issues])
    store.upsert(STATES, [state for c in cleaned for state in _states(c, made_by)])


def _as_coded(document: Document, before: Document | None) -> Document:
    """Whoever reads during a build finds a text that stayed the same with its coding, until that is made anew."""
    if before is None or before.body != document.body:
        return document
    current = document.superseded_by is None and before.superseded_by is None
    names = (*PLACED, *MARKED) if current else PLACED
    return replace(document, **{name: getattr(before, name) for name in names})


def _codes_alike(document: Document, before: Document | None) -> bool:
    return before is not None and _coded_part(document) == _coded_part(before)


def _coded_part(document: Document) -> Document:
    flags = tuple(flag for flag in document.flags if flag != SUPERSEDED)
    return replace(document, flags=flags, **dict.fromkeys(NOT_CODED))  # type: ignore[arg-type]


def _states(cleaned: stages.Cleaned, made_by: str) -> Iterator[State]:
    if cleaned.whole:
        digest = _unit_digest(map(_fingerprint, cleaned.captures))
        for capture in cleaned.captures:
            yield State("clean", capture.capture_id, made_by, digest)


def copies_are_current(store: Store) -> bool:
    """Whether the copies were told from their originals since documents last changed."""
    state = store.get(STATES, "duplicates", WHOLE_CORPUS)
    return state is not None and state.made_by == COPIES_MADE_BY


def _group_duplicates(store: Store, progress: Progress, report: BuildReport) -> None:
    from policy_corpus.clean.duplicates import group_duplicates

    if copies_are_current(store):
        return
    entries = [
        _Entry(**row)
        for batch in store.scan(DOCUMENTS, [f.name for f in fields(_Entry)], batch_rows=65536)
        for row in batch.to_pylist()
    ]
    progress.stage("copies", len(entries))

    def texts(ids: Iterable[str]) -> dict[str, str]:
        return {
            row["document_id"]: row["body"]
            for part in in_parts(sorted(ids), TEXTS_AT_ONCE)
            for batch in store.scan(DOCUMENTS, ["document_id", "body"], {"document_id": part})
            for row in batch.to_pylist()
        }

    # What an address gave earlier is no original of anything: it names what the newest text names.
    found = group_duplicates([e for e in entries if e.superseded_by is None], texts)
    before = {e.document_id: (e.same_as, e.similarity) for e in entries}
    marks: dict[str, tuple[str | None, float | None]] = {
        e.document_id: found.get(e.document_id, (None, None))
        if e.superseded_by is None
        else (found.get(e.superseded_by, (e.superseded_by,))[0], e.similarity)
        for e in entries
    }
    changed = sorted(key for key, mark in before.items() if mark != marks[key])
    for ids in in_parts(changed, TEXTS_AT_ONCE):
        documents = [
            replace(d, same_as=marks[d.document_id][0], similarity=marks[d.document_id][1])
            for d in _records(store, DOCUMENTS, ids)
        ]
        store.upsert(DOCUMENTS, documents)
    store.upsert(STATES, [State("duplicates", WHOLE_CORPUS, COPIES_MADE_BY)])
    progress.advance(len(entries))
    report.counts["copies marked"] = len(found)
    report.counts["earlier versions"] = sum(e.superseded_by is not None for e in entries)


def _annotate(store: Store, plan: Plan, progress: Progress, report: BuildReport) -> None:
    made_by = str(stages.annotate_made_by(plan.files, plan.min_confidence))
    stale = stale_documents(store, made_by)
    if not stale:
        return
    store.compact()
    workers = _useful_workers(plan, len(stale))
    progress.stage("annotate", len(stale))
    results = plan.engine.run(
        stages.annotate_batch,
        in_parts(stale, plan.batch),
        workers=workers,
        initializer=stages.start_annotating,
        initargs=(plan.files, plan.min_confidence, made_by),
        read=partial(read_documents, store.folder),
    )
    times = _times_more(store.count(DOCUMENTS))
    most, most_rows = plan.batch * BATCHES_AT_ONCE * times, ROWS_AT_ONCE * times

    def enough(held: list[stages.Annotated]) -> bool:
        return len(held) >= most or sum(map(_rows, held)) >= most_rows

    for result in together(results, enough, lambda part: progress.advance(len(part))):
        if isinstance(result, Failure):
            document = result.item
            remedy = "its text is kept; please report this page"
            place = f"part {document.part}"
            report.failures.append(_failed(store, "annotate", document.source, result.error, remedy, place))
            progress.advance()
            continue
        _enter_annotated(store, result, made_by)
        report.counts["documents coded"] += len(result)
        report.counts["measures"] += sum(len(a.measures) for a in result)


def _times_more(documents: int) -> int:
    return min(max(documents // LARGE, 1), MOST_TIMES)


def stale_documents(store: Store, made_by: str) -> list[str]:
    """Ids of the documents whose coding is not current, in a fixed order."""
    current = store.keys(STATES, "key", {"stage": "annotate", "made_by": made_by})
    return sorted(store.keys(DOCUMENTS) - current)


def _rows(annotated: stages.Annotated) -> int:
    return 1 + len(annotated.passages) + len(annotated.mentions) + len(annotated.measures)


def _enter_annotated(store: Store, annotated: Sequence[stages.Annotated], made_by: str) -> None:
    ids = [a.document.document_id for a in annotated]
    store.replace_children(PASSAGES, ids, [p for a in annotated for p in a.passages])
    store.replace_children(MENTIONS, ids, [m for a in annotated for m in a.mentions])
    store.replace_children(MEASURES, ids, [m for a in annotated for m in a.measures])
    store.upsert(DOCUMENTS, [a.document for a in annotated])
    store.delete(ISSUES, {"stage": "annotate", "source": [a.document.source for a in annotated]})
    store.upsert(STATES, [State("annotate", key, made_by) for key in ids])


def _records(store: Store, table: Table[T], ids: Sequence[str]) -> list[T]:
    return list(store.records(table, {table.key[0]: ids}, order_by=table.key))


def _useful_workers(plan: Plan, items: int) -> int:
    """As many processes as there are cores, or as was asked, but none that would find no batch."""
    return min(plan.workers or plan.engine.cores(), -(-items // plan.batch))
