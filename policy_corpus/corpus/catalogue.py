"""The rows that people see: each table joined, filtered and in one fixed order.

Order is by source, part and place, never by time of writing, so that the same corpus gives the same
rows whatever was rebuilt. Rows of one table are read in batches of documents; memory is bounded by them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policy_corpus.analyse.summary import region_summary
from policy_corpus.annotate.regions import region_prefix
from policy_corpus.corpus.analysing.filters import Filter, known
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.publish.columns import REGIONS, TABLES, Column
from policy_corpus.records import STATUSES, as_row
from policy_corpus.store.crawl_ledger import LEDGER_FILE, ledger_rows
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
    from policy_corpus.store.store import Store

Row = dict[str, Any]
Filters = Mapping[str, str | None]

SHEET_NAMES = {
    "documents": "文档", "passages": "句子", "measures": "措施", "mentions": "提及", "regions": "地区",
    "issues": "问题", "captures": "原件", "clusters": "地区类型", "visits": "采集记录",
}  # fmt: skip
DOCUMENTS_AT_ONCE = 200
"""Documents whose sentences or measures are in memory together."""
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
        ``region`` (digits: a code or its beginning, sub-regions included; else a part of the name),
        ``code`` and ``status`` (measures only).

    Raises
    ------
    PolicyCorpusError
        Unknown table, code or status; the nearest one is named.
    """
    filters = {key: value for key, value in (filters or {}).items() if value}
    known(table, list(TABLES), "table")
    known(filters.get("code"), labels, "code")
    known(filters.get("status"), STATUSES, "status")
    layout = columns(table, labels)
    return (_exported(row, layout) for row in _READERS[table](store, labels) if _meets(row, filters))


def why_empty(store: "Store", table: str, labels: Mapping[str, str], filters: Filters) -> str:
    """One line that says what left no row: the filter that emptied it, or the empty table."""
    used = {key: value for key, value in filters.items() if value}
    if next(rows(store, table, labels), None) is None:
        return f"no {table} in this corpus yet; next: policy-corpus add, then policy-corpus build"
    for key, value in used.items():
        if next(rows(store, table, labels, {key: value}), None) is None:
            return f"no {table} with --{key} {value}; leave it out, or see: policy-corpus list DIR regions"
    return f"no {table} meet all of " + ", ".join(f"--{key} {value}" for key, value in used.items())


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
    for document in store.records(DOCUMENTS, where, order_by=("source", "part", "document_id")):
        yield as_row(document)


def _passages(store: "Store", _: Mapping[str, str]) -> Iterator[Row]:
    return _by_document(store, PASSAGES)


def _mentions(store: "Store", _: Mapping[str, str]) -> Iterator[Row]:
    return _by_document(store, MENTIONS)


def _measures(store: "Store", labels: Mapping[str, str]) -> Iterator[Row]:
    for row in _by_document(store, MEASURES):
        yield {**row, "code_label": labels.get(row["code"], row["code"])}


def _by_document(store: "Store", table: Table[Any]) -> Iterator[Row]:
    documents = list(_light_documents(store))
    for begin in range(0, len(documents), DOCUMENTS_AT_ONCE):
        part = {d["document_id"]: d for d in documents[begin : begin + DOCUMENTS_AT_ONCE]}
        grouped: dict[str, list[Row]] = {key: [] for key in part}
        for row in _of_documents(store, table, list(part)):
            grouped[row["document_id"]].append(row)
        for document_id, found in grouped.items():
            document = part[document_id]
            for row in sorted(found, key=_place):
                yield {**{key: document[key] for key in LIGHT if key not in row}, **row}


def _of_documents(store: "Store", table: Table[Any], document_ids: Sequence[str]) -> Iterator[Row]:
    for record in store.records(table, {"document_id": document_ids}):
        row = as_row(record)
        if "partners" in row:
            row["partners"] = [{"from": p["givers"], "to": p["receivers"]} for p in row["partners"]]
            row["quantities"] = [{k: v for k, v in q.items() if k not in PLACED} for q in row["quantities"]]
        yield row


def _light_documents(store: "Store") -> Iterator[Row]:
    for batch in store.scan(DOCUMENTS, LIGHT, order_by=("source", "part", "document_id")):
        yield from batch.to_pylist()


def _regions(store: "Store", labels: Mapping[str, str]) -> Iterator[Row]:
    measures = (
        row
        for batch in store.scan(MEASURES, ["document_id", "code", "status"], batch_rows=65536)
        for row in batch.to_pylist()
    )
    yield from region_summary(_light_documents(store), measures, list(labels))


def _issues(store: "Store", _: Mapping[str, str]) -> Iterator[Row]:
    for issue in store.records(ISSUES, order_by=("source", "stage", "issue_id")):
        yield as_row(issue)


def _captures(store: "Store", _: Mapping[str, str]) -> Iterator[Row]:
    for capture in store.records(CAPTURES, order_by=("source", "capture_id")):
        row = as_row(capture)
        origin = row["origin"] or {}
        yield {**row, **{name: origin.get(name) for name in ("source_id", "role", "page")}}


def _visits(store: "Store", _: Mapping[str, str]) -> Iterator[Row]:
    """What the crawler knows of each address; what vanished from its site stands as ``gone``."""
    yield from ledger_rows(store.folder.parent / LEDGER_FILE)


def _clusters(store: "Store", labels: Mapping[str, str]) -> Iterator[Row]:
    from policy_corpus.corpus.analysing.regions import RegionAnalyses, cluster_rows
    from policy_corpus.corpus.analysing.subcorpus import Selector
    from policy_corpus.resources import load_gazetteer

    if store.count(MEASURES):
        regions = RegionAnalyses(Selector(store, load_gazetteer(), labels))
        yield from cluster_rows(regions.clusters(Filter()))


_READERS: dict[str, Callable[["Store", Mapping[str, str]], Iterator[Row]]] = {
    "documents": _documents, "passages": _passages, "measures": _measures, "mentions": _mentions,
    "regions": _regions, "issues": _issues, "captures": _captures, "clusters": _clusters,
    "visits": _visits,
}  # fmt: skip


def _exported(row: Row, layout: Sequence[Column]) -> Row:
    """What people and programs see of a row; maps, signatures and other bytes stay in the store."""
    return {column.name: row[column.name] for column in layout if column.name in row}


def _place(row: Row) -> tuple[Any, ...]:
    return (row["start"], row["end"], row.get("code") or "", str(next(iter(row.values()))))


def _meets(row: Row, filters: Filters) -> bool:
    for key, value in filters.items():
        if key == "region":
            if not _in_region(row, value or ""):
                return False
        elif row.get(key) != value:
            return False
    return True


def _in_region(row: Row, wanted: str) -> bool:
    if not wanted.isdigit():
        return wanted in (row.get("region_name") or "")
    return (row.get("region_code") or "").startswith(region_prefix(wanted))
