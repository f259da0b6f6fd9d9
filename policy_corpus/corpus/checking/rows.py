"""Rows: each belongs to something that is there, stands once, and points into the text it speaks of.

Tables are read side by side in the order of their documents, so that memory holds one document's rows and the ids.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from policy_corpus.analyse.soundness import IDS, Fault, document_faults
from policy_corpus.corpus.building.build import CODED
from policy_corpus.corpus.checking import cures
from policy_corpus.corpus.checking.findings import Cure, Finding, Severity, Site, some
from policy_corpus.corpus.checking.ids import Ids
from policy_corpus.corpus.searching.embedding import text_hash
from policy_corpus.store.store import Store
from policy_corpus.store.tables import (
    CAPTURES,
    DOCUMENTS,
    ISSUES,
    MEASURES,
    MENTIONS,
    PASSAGES,
    STATES,
    VECTORS,
    Table,
    decode_runs,
)

Row = dict[str, Any]
WIDE = 65536
BY_DOCUMENT = "document_id"
PLACED = ("document_id", "start", "end", "made_by")
COLUMNS: dict[str, tuple[str, ...]] = {
    PASSAGES.name: ("passage_id", "ordinal", "text", *PLACED),
    MENTIONS.name: ("mention_id", "text", *PLACED),
    MEASURES.name: (
        "measure_id", "passage_id", "capture_id", "source", "part", "evidence", "source_start", "source_end",
        "quantities", "partners", *PLACED,
    ),
}  # fmt: skip
OF_DOCUMENT = ("document_id", "capture_id", "source", "part", "body", "simplified", "source_map")
TABLES_BY_NAME: dict[str, Table[Any]] = {table.name: table for table in CODED}
FAULTS = {
    "outside": "places outside the text of their document",
    "other_words": "words that do not stand at the place they name",
    "gap": "documents with sentences missing or doubled",
    "no_passage": "measures whose sentence is not there or does not hold them",
    "source": "measures whose place in the source is not where their document leads",
    "map": "documents whose way back to the source cannot be followed",
    "other_document": "measures that name another page than their document",
    "maker": "rows of another maker than the one their document's state names",
}


def check_links(store: Store) -> Iterator[Finding]:
    """What belongs to nothing: documents without capture, marks and states without what they speak of."""
    captures = Ids(store.keys(CAPTURES))
    documents = Ids(store.keys(DOCUMENTS))
    stray: list[str] = []
    unnamed: list[str] = []
    with_text = Ids()
    for row in _rows(store, DOCUMENTS, ("document_id", "capture_id", "same_as", "superseded_by")):
        if row["capture_id"] not in captures:
            stray.append(row["document_id"])
        with_text.add(row["capture_id"])
        if any(row[name] and row[name] not in documents for name in ("same_as", "superseded_by")):
            unnamed.append(row["document_id"])
    yield from _many(
        stray, "error", "documents of captures that are not there", DOCUMENTS,
        "drop them and clean their pages again with the next build", partial(_drop_documents, sorted(stray)),
    )  # fmt: skip
    yield from _many(
        unnamed, "error", "documents that are marked as copies of documents that are not there", DOCUMENTS,
        "tell copies again with the next build", cures.forget_copies,
    )  # fmt: skip
    yield from _states(store, captures, documents)
    yield from _without_outcome(store, with_text)


def _drop_documents(ids: Sequence[str], site: Site) -> str:
    cures.forget_documents(ids, site)
    cures.forget_pages_of(ids, site)
    return cures.drop_rows(DOCUMENTS, BY_DOCUMENT, ids, site)


def _drop_idle(stage: str, keys: Sequence[str], site: Site) -> str:
    """A coded document that is gone comes again with its page."""
    if stage == "annotate":
        cures.forget_pages_of(keys, site)
    return cures.drop_states(stage, keys, site)


def _states(store: Store, captures: Ids, documents: Ids) -> Iterator[Finding]:
    owners = {"clean": captures, "annotate": documents}
    idle: dict[str, list[str]] = defaultdict(list)
    for row in _rows(store, STATES, ("stage", "key")):
        if row["stage"] in owners and row["key"] not in owners[row["stage"]]:
            idle[row["stage"]].append(row["key"])
    for stage, keys in sorted(idle.items()):
        of = "captures" if stage == "clean" else "documents"
        yield from _many(
            keys, "error", f"states that vouch for {of} that are not there", STATES, "drop them",
            partial(_drop_idle, stage, sorted(keys)),
        )  # fmt: skip


def _without_outcome(store: Store, with_text: Ids) -> Iterator[Finding]:
    """A page that was read gave a document, or an issue that says why not; later pages give theirs to the first."""
    done = Ids(row["key"] for row in _rows(store, STATES, ("stage", "key"), {"stage": "clean"}))
    told = Ids(store.keys(ISSUES, "source", {"stage": "clean"}))
    lost = [
        row["capture_id"]
        for row in _rows(store, CAPTURES, ("capture_id", "source", "origin"))
        if row["capture_id"] in done
        and row["capture_id"] not in with_text
        and row["source"] not in told
        and not _is_later_page(row["origin"])
    ]
    yield from _many(
        lost, "error", "pages that count as read and have neither a document nor an issue", CAPTURES,
        "clean them again with the next build", partial(cures.forget_captures, sorted(lost)),
    )  # fmt: skip


def _is_later_page(origin: Mapping[str, Any] | None) -> bool:
    return origin is not None and origin["role"] == "page" and (origin["page"] or 1) > 1


def check_rows(site: Site, store: Store, texts: Ids) -> Iterator[Finding]:
    """Walk through all documents with their rows: places, words, sentences, makers, orphans.

    ``texts`` is filled with the hashes of all sentences, under which their vectors are kept.
    """
    site.progress.stage("documents", store.count(DOCUMENTS))
    faults: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    orphans: dict[str, set[str]] = defaultdict(set)
    doubled: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key, group in _by_document(store):
        documents = group.get(DOCUMENTS.name, [])
        for name in COLUMNS:
            doubled[name] += _doubled_keys(TABLES_BY_NAME[name], group.get(name, ()))
            if name in group and not documents:
                orphans[name].add(key)
        if not documents:
            continue
        site.progress.advance()
        made_by = next((row["made_by"] for row in group.get(STATES.name, ())), None)
        rows = {name: group.get(name, []) for name in COLUMNS} if made_by else {}
        for passage in group.get(PASSAGES.name, ()):
            texts.add(text_hash(_simplified(passage, documents[0]["simplified"])))
        document = documents[0] | {"source_map": decode_runs(documents[0]["source_map"] or b"")}
        for fault in document_faults(document, rows, made_by=made_by):
            faults[fault.table, fault.kind].append(fault)
    yield from _orphans(orphans)
    yield from _faults(faults)
    yield from _doubled(doubled)


def _simplified(passage: Row, simplified: str | None) -> str:
    return str(passage["text"] if simplified is None else simplified[passage["start"] : passage["end"]])


def _by_document(store: Store) -> Iterator[tuple[str, dict[str, list[Row]]]]:
    """Rows of all tables together, document by document."""
    streams = [
        _keyed(store, DOCUMENTS, OF_DOCUMENT, BY_DOCUMENT),
        _keyed(store, STATES, ("stage", "key", "made_by"), "key", {"stage": "annotate"}),
        *(_keyed(store, TABLES_BY_NAME[name], columns, BY_DOCUMENT) for name, columns in COLUMNS.items()),
    ]
    for key, group in groupby(merge(*streams, key=itemgetter(0)), key=itemgetter(0)):
        together: dict[str, list[Row]] = defaultdict(list)
        for _, name, row in group:
            together[name].append(row)
        yield key, together


def _keyed(
    store: Store, table: Table[Any], columns: Sequence[str], key: str, where: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, str, Row]]:
    for batch in store.scan(table, columns, where, order_by=(key,)):
        for row in batch.to_pylist():
            yield str(row[key]), table.name, row


def _orphans(orphans: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    for name, keys in sorted(orphans.items()):
        table = TABLES_BY_NAME[name]
        yield from _many(
            sorted(keys), "error", f"documents that are not there and have rows in {name}", table,
            "drop these rows", partial(cures.drop_rows, table, BY_DOCUMENT, sorted(keys)),
        )  # fmt: skip


def _faults(faults: Mapping[tuple[str, str], Sequence[Fault]]) -> Iterator[Finding]:
    for (name, kind), found in sorted(faults.items()):
        documents = sorted({fault.document_id for fault in found})
        # What stands in the document itself is the cleaner's, so its page is cleaned again.
        if name == DOCUMENTS.name:
            cure: Cure = partial(_clean_again, documents)
            remedy = "clean their pages again with the next build"
        else:
            cure = partial(cures.forget_documents, documents)
            remedy = "code their documents again with the next build"
        yield Finding(
            "rows", "error", f"{name}: {len(found):,} {FAULTS[kind]}", f"tables/{name}", remedy, len(found),
            some([fault.row_id for fault in found]), cure,
        )  # fmt: skip


def _clean_again(documents: Sequence[str], site: Site) -> str:
    with Store.open(site.tables, read_only=True) as store:
        captures = store.keys(DOCUMENTS, "capture_id", {"document_id": documents})
    return cures.forget_captures(sorted(captures), site)


def check_doubles(store: Store) -> Iterator[Finding]:
    """Rows with one key in the tables that have no document."""
    doubled: dict[str, list[tuple[str, ...]]] = {}
    for table in (CAPTURES, DOCUMENTS, ISSUES, STATES, VECTORS):
        rows = _rows(store, table, table.key, order_by=table.key)
        keys = (tuple(row[name] for name in table.key) for row in rows)
        doubled[table.name] = [key for key, group in groupby(keys) if sum(1 for _ in group) > 1]
    yield from _doubled(doubled)


def _doubled_keys(table: Table[Any], rows: Iterable[Row]) -> list[tuple[str, ...]]:
    counts = Counter(row[IDS[table.name]] for row in rows)
    return [(key,) for key, count in counts.items() if count > 1]


def _doubled(doubled: Mapping[str, Sequence[tuple[str, ...]]]) -> Iterator[Finding]:
    for name, keys in sorted(doubled.items()):
        table = next(t for t in (*CODED, CAPTURES, DOCUMENTS, ISSUES, STATES, VECTORS) if t.name == name)
        yield from _many(
            ["/".join(key) for key in keys], "error", "ids that stand in several rows", table,
            "keep one row of each", partial(cures.keep_one, table, keys),
        )  # fmt: skip


def _many(
    ids: Sequence[str], severity: Severity, what: str, table: Table[Any], remedy: str, cure: Cure
) -> Iterator[Finding]:
    if ids:
        where = f"tables/{table.name}"
        yield Finding("rows", severity, f"{len(ids):,} {what}", where, remedy, len(ids), some(ids), cure)


def _rows(
    store: Store,
    table: Table[Any],
    columns: Sequence[str],
    where: Mapping[str, Any] | None = None,
    order_by: Sequence[str] = (),
) -> Iterator[Row]:
    size = WIDE if not order_by else 10_000
    for batch in store.scan(table, list(columns), where, size, order_by):
        yield from batch.to_pylist()
