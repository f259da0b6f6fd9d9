"""The rows that people see: each table joined, filtered and in one fixed order.

Order is by source, part and place, never by time of writing, so that the same corpus gives the same
rows whatever was rebuilt. Rows of one table are read in batches of documents; memory is bounded by them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from policy_corpus.analyse.summary import region_summary
from policy_corpus.corpus.analysing.filters import EVERYTHING, Filter, known
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.publish.columns import REGIONS, TABLES, Column
from policy_corpus.store.crawl_ledger import LEDGER_FILE, ledger_rows
from policy_corpus.store.parts import parts_of_size
from policy_corpus.store.tables import (
    CAPTURES,
    DOCUMENTS,
    ISSUES,
    MEASURES,
    MENTIONS,
    PASSAGES,
    Table,
)

if TYPE_CHECKING:
    from policy_corpus.annotate.codebook import Codebook
    from policy_corpus.corpus.analysing.subcorpus import Selector, SubCorpus
    from policy_corpus.store.store import Store

Row = dict[str, Any]
Filters = Mapping[str, Any]

SHEET_NAMES = {
    "documents": "文档", "passages": "句子", "measures": "措施", "mentions": "提及", "regions": "地区",
    "issues": "问题", "captures": "原件", "clusters": "地区类型", "topics": "主题", "visits": "采集记录",
}  # fmt: skip
FILTERED = ("documents", "passages", "measures", "mentions", "regions", "clusters", "topics")
"""Tables whose rows belong to documents of a region, kind or year."""
ROWS_AT_ONCE = 20_000
"""Rows of whole documents that are in memory together (measures: about 120 MB). They lie all over a table: to look up
1 % of it takes nearly as long as 5 %."""
LIGHT = (
    "document_id",
    "source",
    "part",
    "title",
    "kind",
    "published",
    "same_as",
    "region_code",
    "region_name",
)
PLACED = ("document_id", "start", "end")


def columns(table: str, labels: Mapping[str, str]) -> tuple[Column, ...]:
    """Columns of a table; ``regions`` has one more for each code of the codebook."""
    if table == "regions":
        return REGIONS + tuple(Column(code, label, 10, is_count=True) for code, label in labels.items())
    known(table, list(TABLES), "table")
    return TABLES[table]


def rows(
    store: "Store", table: str, labels: Mapping[str, str], filters: Filters | None = None
) -> Iterator[Row]:
    """Rows of a table, with the fields of its columns.

    Parameters
    ----------
    filters
        Fields of :class:`policy_corpus.corpus.analysing.filters.Filter`; documents that repeat another one are in
        unless ``copies`` says no. With ``code`` or ``status`` measures are those that have it, sentences those that
        carry such a measure, documents those that hold one.

    Raises
    ------
    PolicyCorpusError
        The table, a region, code, status, kind or year is unknown; the nearest one is named. Or the table has nothing
        that filters could choose by.
    """
    known(table, list(TABLES), "table")
    wanted = _filter(filters)
    layout = columns(table, labels)
    if not wanted.conditions():
        return (_exported(row, layout) for row in _READERS[table](store, labels))
    if table not in FILTERED:
        raise PolicyCorpusError(
            f"{table} belong to no region, code or year: {_given(wanted)}", None, "leave the filters out"
        )
    chosen = _selector(store, labels).select(wanted)
    if table == "clusters":
        found = _clusters(store, labels, chosen.filter)
    elif table == "topics":
        found = _topics(store, labels, chosen.filter)
    elif table == "regions":
        found = _regions(store, labels, chosen)
    else:
        found = (row for row in _READERS[table](store, labels) if _belongs(table, row, chosen))
    return (_exported(row, layout) for row in found)


def why_empty(store: "Store", table: str, labels: Mapping[str, str], filters: Filters) -> str:
    """One line that says what left no row: the filter that emptied it, or the empty table."""
    if next(rows(store, table, labels), None) is None:
        return f"no {table} in this corpus yet; next: policy-corpus add, then policy-corpus build"
    wanted = _filter(filters)
    found = _selector(store, labels).select(wanted)
    return f"{found.emptied_by or f'no {table} meet {wanted}'}; leave it out"


def _filter(filters: Filters | None) -> Filter:
    return replace(EVERYTHING, **{key: value for key, value in (filters or {}).items() if value is not None})


def _given(wanted: Filter) -> str:
    """The filters that a person gave; that copies are in is how every table begins."""
    return str(replace(wanted, copies=False)) if wanted.copies else "--no-copies"


def _selector(store: "Store", labels: Mapping[str, str]) -> "Selector":
    from policy_corpus.corpus.analysing.local_text import local_passages
    from policy_corpus.corpus.analysing.subcorpus import Selector
    from policy_corpus.resources import load_gazetteer

    gazetteer = load_gazetteer()
    return Selector(store, gazetteer, labels, lambda: local_passages(store, gazetteer, store.folder.parent))


def _belongs(table: str, row: Row, chosen: "SubCorpus") -> bool:
    """Whether a row is of the sub-corpus: by its sentence, else by its document."""
    wanted = chosen.filter
    if table == "measures" and not (
        wanted.code in (None, row["code"]) and wanted.status in (None, row["status"])
    ):
        return False
    if table in ("measures", "passages"):
        return chosen.holds(row["document_id"], row["passage_id"])
    return chosen.holds(row["document_id"])


def find(store: "Store", record_id: str) -> tuple[Row, list[Row]]:
    """The document meant by an id of a document or measure, or its beginning, and its measures in order."""
    hits = {key for key in store.keys(DOCUMENTS) if key.startswith(record_id)}
    if not hits:
        for batch in store.scan(MEASURES, ["measure_id", "document_id"], batch_rows=65536):
            hits.update(r["document_id"] for r in batch.to_pylist() if r["measure_id"].startswith(record_id))
    if len(hits) != 1 or not record_id:
        found = f"{len(hits)} records begin" if hits and record_id else "no document or measure begins"
        raise PolicyCorpusError(
            f"{found} with {record_id!r}", None, "see ids with: policy-corpus list DIR documents"
        )
    document_id = hits.pop()
    document = next(_documents(store, {}, {"document_id": document_id}))
    measures = sorted(_of_documents(store, MEASURES, [document_id]), key=_place)
    return _exported(document, TABLES["documents"]), [_exported(m, TABLES["measures"]) for m in measures]


def coverage_rows(store: "Store") -> Iterator[Row]:
    """What coverage counts of each document."""
    names = ("region_code", "region_name", "published", "event_date", "same_as")
    for batch in store.scan(DOCUMENTS, names):
        yield from batch.to_pylist()


def codebook_sheet(codebook: "Codebook") -> tuple[str, Sequence[str], Sequence[Sequence[str]], Sequence[int]]:
    """The codebook as a sheet beside the data, so that a reader of the file knows what a code means."""
    lines = [
        (code.id, code.zh, code.en, code.definition, "、".join(code.labels), "\n".join(code.examples))
        for code in codebook.codes
    ]
    return "编码手册", ("编码", "名称", "英文", "定义", "用语", "例句"), lines, (18, 12, 18, 60, 60, 60)


def _documents(store: "Store", _: Mapping[str, str], where: Mapping[str, str] | None = None) -> Iterator[Row]:
    return store.rows(DOCUMENTS, where, order_by=("source", "part", "document_id"))


def _passages(store: "Store", _: Mapping[str, str]) -> Iterator[Row]:
    return _by_document(store, PASSAGES)


def _mentions(store: "Store", _: Mapping[str, str]) -> Iterator[Row]:
    return _by_document(store, MENTIONS)


def _measures(store: "Store", labels: Mapping[str, str]) -> Iterator[Row]:
    for row in _by_document(store, MEASURES):
        yield {**row, "code_label": labels.get(row["code"], row["code"])}


def _by_document(store: "Store", table: Table[Any]) -> Iterator[Row]:
    documents = {row["document_id"]: row for row in _light_documents(store)}
    sizes: Counter[str] = Counter()
    for batch in store.scan(table, ["document_id"], batch_rows=65536):
        sizes.update(batch.column("document_id").to_pylist())
    for part in parts_of_size(filter(sizes.__contains__, documents), sizes.__getitem__, ROWS_AT_ONCE):
        grouped: dict[str, list[Row]] = {key: [] for key in part}
        for row in _of_documents(store, table, part):
            grouped[row["document_id"]].append(row)
        for document_id, found in grouped.items():
            document = documents[document_id]
            for row in sorted(found, key=_place):
                yield {**{key: document[key] for key in LIGHT if key not in row}, **row}


def _of_documents(store: "Store", table: Table[Any], document_ids: Sequence[str]) -> Iterator[Row]:
    for row in store.rows(table, {"document_id": document_ids}):
        if "partners" in row:
            row["partners"] = [{"from": p["givers"], "to": p["receivers"]} for p in row["partners"]]
            row["quantities"] = [{k: v for k, v in q.items() if k not in PLACED} for q in row["quantities"]]
        yield row


def _light_documents(store: "Store") -> Iterator[Row]:
    for batch in store.scan(DOCUMENTS, LIGHT, order_by=("source", "part", "document_id")):
        yield from batch.to_pylist()


def _regions(store: "Store", labels: Mapping[str, str], chosen: "SubCorpus | None" = None) -> Iterator[Row]:
    measures = (
        row
        for batch in store.scan(MEASURES, ["document_id", "passage_id", "code", "status"], batch_rows=65536)
        for row in batch.to_pylist()
        if chosen is None or _belongs("measures", row, chosen)
    )
    documents = (row for row in _light_documents(store) if chosen is None or chosen.holds(row["document_id"]))
    yield from region_summary(documents, measures, list(labels))


def _issues(store: "Store", _: Mapping[str, str]) -> Iterator[Row]:
    return store.rows(ISSUES, order_by=("source", "stage", "issue_id"))


def _captures(store: "Store", _: Mapping[str, str]) -> Iterator[Row]:
    for row in store.rows(CAPTURES, order_by=("source", "capture_id")):
        origin = row["origin"] or {}
        yield {**row, **{name: origin.get(name) for name in ("source_id", "role", "page")}}


def _visits(store: "Store", _: Mapping[str, str]) -> Iterator[Row]:
    """What the crawler knows of each address; what vanished from its site stands as ``gone``."""
    yield from ledger_rows(store.folder.parent / LEDGER_FILE)


def _clusters(store: "Store", labels: Mapping[str, str], wanted: Filter = EVERYTHING) -> Iterator[Row]:
    from policy_corpus.corpus.analysing.regions import RegionAnalyses, cluster_rows

    if store.count(MEASURES):
        yield from cluster_rows(
            RegionAnalyses(_selector(store, labels)).clusters(replace(wanted, copies=False))
        )


def _topics(store: "Store", labels: Mapping[str, str], wanted: Filter = EVERYTHING) -> Iterator[Row]:
    """Free topics of local text without copies, as the command ``topics`` finds them."""
    from dataclasses import replace

    from policy_corpus.corpus.analysing.topics import TopicAnalyses, topic_rows

    if store.count(PASSAGES):
        part = replace(wanted, local=True, copies=False)
        yield from topic_rows(TopicAnalyses(_selector(store, labels)).topics(part))


_READERS: dict[str, Callable[["Store", Mapping[str, str]], Iterator[Row]]] = {
    "documents": _documents, "passages": _passages, "measures": _measures, "mentions": _mentions,
    "regions": _regions, "issues": _issues, "captures": _captures, "clusters": _clusters,
    "visits": _visits, "topics": _topics,
}  # fmt: skip


def _exported(row: Row, layout: Sequence[Column]) -> Row:
    """What people and programs see of a row; maps, signatures and other bytes stay in the store."""
    return {column.name: row[column.name] for column in layout if column.name in row}


def _place(row: Row) -> tuple[Any, ...]:
    return (row["start"], row["end"], row.get("code") or "", str(next(iter(row.values()))))
