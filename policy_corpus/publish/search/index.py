"""Keeps the search index in step with the tables: documents whose rows, measures or marks changed are indexed anew."""

import hashlib
import io
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policy_corpus.analyse.query import search_form
from policy_corpus.analyse.ranking import TermStatistics, index_terms
from policy_corpus.records import content_id
from policy_corpus.store.files import write_whole
from policy_corpus.store.parts import parts_of_size
from policy_corpus.store.passage_index import IndexState, PassageIndex, schema
from policy_corpus.store.tables import DOCUMENTS, MEASURES, PASSAGES

if TYPE_CHECKING:
    from policy_corpus.annotate.codebook import Codebook
    from policy_corpus.publish.progress import Progress
    from policy_corpus.store.store import Store

INDEX_VERSION = 3
"""Raised when rows of the index hold something else."""
PASSAGES_AT_ONCE = 20_000
"""Passages of the documents that are looked up together. Each look-up reads the column of ids of whole tables: among
2 million passages 0.1 s, as long as 2,000 passages take. Rows of 20,000 hold about 70 MB."""
SAMPLE = 50_000
"""Passages that term statistics are counted in: all of a small corpus, of a large one those with the smallest ids,
which are hashes. At 50,000 a term that stands in 1 % of the passages is counted with a standard error of 4 %."""
BACKGROUND = 1000
"""Passages whose cosines tell what unrelated means; the mean is then good to a thirtieth of the spread."""
TOLD = ("title", "source", "part", "kind", "issuer", "number", "published", "event_date", "region_code", "region_name",
        "script")  # fmt: skip
"""What a row of the index depends on of its document."""
SHOWN = ("title", "source", "part", "kind", "issuer", "published", "region_code", "region_name")
"""What a hit shows of its document."""


class Embedder(Protocol):
    """Vectors of texts, kept in the store."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Names the encoder."""
        ...

    def of(self, texts: Sequence[str], progress: "Progress | None" = None) -> NDArray[np.float16]:
        """Vectors of texts, (n_texts, dimensions)."""
        ...


@dataclass(frozen=True, slots=True)
class Making:
    """What rows of the index are made with: an encoder, if any, and a codebook whose labels are looked for."""

    embedder: Embedder | None
    codebook: "Codebook"

    @property
    def fingerprint(self) -> str:
        """Another one makes the whole index anew; vectors of texts are kept, so that this is quick."""
        labels = [
            part for code in self.codebook.codes for part in (code.id, *code.labels, "", *code.negative)
        ]
        return content_id(
            "search", INDEX_VERSION, self.embedder.fingerprint if self.embedder else None, *labels
        )

    @property
    def dimensions(self) -> int:
        """Length of a vector; 1 where there are none."""
        return self.embedder.dimensions if self.embedder else 1


@dataclass(frozen=True, slots=True)
class Pending:
    """What the index lacks: documents that are new or changed, and documents that are gone."""

    stale: tuple[str, ...]
    gone: tuple[str, ...]
    digests: Mapping[str, str]
    sizes: Mapping[str, int]
    """Passages of each document."""
    whole: bool
    """Whether the index must be made from the start."""

    def __bool__(self) -> bool:
        return bool(self.stale or self.gone or self.whole)


@dataclass(frozen=True, slots=True)
class Samples:
    """What ranking knows of the corpus as a whole."""

    terms: TermStatistics
    background: NDArray[np.float32]
    """Vectors of a sample of passages, (n, dimensions)."""


def stamp(store: "Store") -> str:
    """Names of the newest versions of the tables that the index is made from; cheap, no table is opened."""
    parts = []
    for table in (DOCUMENTS, PASSAGES, MEASURES):
        folder = store.folder / f"{table.name}.lance" / "_versions"
        names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
        parts.append(f"{table.name}:{names[0]}:{names[-1]}" if names else table.name)
    return content_id(*parts)


def pending(store: "Store", index: PassageIndex, making: Making) -> Pending:
    """Compare what was indexed with what the tables hold."""
    state = index.state()
    digests, sizes = _digests(store)
    whole = state is None or state.version != INDEX_VERSION or state.settings != making.fingerprint
    before = {} if whole or state is None else state.digests
    stale = tuple(sorted(key for key, digest in digests.items() if before.get(key) != digest))
    return Pending(stale, tuple(sorted(before.keys() - digests.keys())), digests, sizes, whole)


def update_index(
    store: "Store", index: PassageIndex, todo: Pending, making: Making, progress: "Progress"
) -> int:
    """Do what is pending; returns the number of passages indexed.

    The state vouches for no row that is being changed, and for all of them at the end: an update that was cut short
    is simply done again.
    """
    seen = stamp(store)
    if todo.whole:
        index.create(making.dimensions)
    elif todo:  # an update that is cut short must not leave a state that speaks for other rows
        touched = {*todo.stale, *todo.gone}
        left = {key: digest for key, digest in todo.digests.items() if key not in touched}
        index.write_state(IndexState(INDEX_VERSION, making.fingerprint, left, ""))
    progress.stage("index", len(todo.stale))
    index.replace(todo.gone, schema(1).empty_table())
    fresh = 0
    for ids in parts_of_size(todo.stale, todo.sizes.__getitem__, PASSAGES_AT_ONCE):
        rows = _rows(store, ids, making)
        index.replace(() if todo.whole else ids, rows)
        fresh += rows.num_rows
        progress.advance(len(ids))
    index.finish(fresh)
    _write_samples(store, index)
    index.write_state(IndexState(INDEX_VERSION, making.fingerprint, dict(todo.digests), seen))
    return fresh


def read_samples(store: "Store") -> Samples:
    """The statistics written with the index."""
    with (store.folder / "search.npz").open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        terms = TermStatistics(
            int(arrays["texts"]), float(arrays["mean_size"]), arrays["keys"], arrays["counts"]
        )
        return Samples(terms, arrays["background"].astype(np.float32))


def _write_samples(store: "Store", index: PassageIndex) -> None:
    share = SAMPLE / max(1, index.count())
    where = "" if share >= 1 else f"passage_id < '{int(share * 16**8):08x}'"
    forms: list[str] = []
    vectors: list[tuple[str, NDArray[np.float16]]] = []
    for batch in index.scan(["passage_id", "form", "vector"], where):
        forms += batch.column("form").to_pylist()
        values = matrix(batch.column("vector"))
        vectors += zip(batch.column("passage_id").to_pylist(), values, strict=True)
        vectors = sorted(vectors, key=lambda pair: pair[0])[:BACKGROUND]
    terms = TermStatistics.of(sorted(forms))
    packed = io.BytesIO()
    np.savez(
        packed,
        texts=terms.texts, mean_size=terms.mean_size, keys=terms.keys, counts=terms.counts,
        background=np.stack([v for _, v in vectors]) if vectors else np.zeros((0, 1), np.float16),
    )  # fmt: skip
    write_whole(store.folder / "search.npz", packed.getvalue())


def matrix(column: "pa.Array | pa.ChunkedArray") -> NDArray[np.float16]:
    """Vectors of a column, (n_rows, dimensions); a row without one is zero."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    width = array.type.list_size
    if array.null_count:
        flat = np.zeros((len(array), width), np.float16)
        present = array.is_valid().to_numpy(zero_copy_only=False)
        if present.any():
            flat[present] = array.drop_null().flatten().to_numpy(zero_copy_only=False).reshape(-1, width)
        return flat
    return np.asarray(array.flatten().to_numpy(zero_copy_only=False)).reshape(-1, width)


def _rows(store: "Store", ids: Sequence[str], making: Making) -> pa.Table:
    """Rows of the index for some documents."""
    where = {"document_id": ids}
    columns = ["document_id", "simplified", "same_as", *TOLD]
    documents = {row["document_id"]: row for row in _all(store, DOCUMENTS, columns, where)}
    measures: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _all(store, MEASURES, ["passage_id", "code", "status", "confidence"], where):
        measures[row["passage_id"]].append(row)
    columns = ["passage_id", "document_id", "ordinal", "start", "end", "text"]
    passages = _all(store, PASSAGES, columns, where)
    passages.sort(key=lambda row: (row["document_id"], row["ordinal"]))
    plain = [_simplified(row, documents[row["document_id"]]) for row in passages]
    told = {key: _told(document) for key, document in documents.items()}
    rows = [
        _row(passage, text, told[passage["document_id"]], measures[passage["passage_id"]],
             {hit.code for hit in making.codebook.match(text)})
        for passage, text in zip(passages, plain, strict=True)
    ]  # fmt: skip
    layout = schema(making.dimensions)
    table = pa.Table.from_pylist(rows, layout.remove(layout.get_field_index("vector")))
    if making.embedder is None:
        return table.append_column(layout.field("vector"), pa.nulls(len(rows), layout.field("vector").type))
    values = pa.array(making.embedder.of(plain).ravel(), pa.float16())
    return table.append_column(
        layout.field("vector"), pa.FixedSizeListArray.from_arrays(values, making.dimensions)
    )


def _simplified(passage: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    normal = document["simplified"]
    return str(passage["text"] if normal is None else normal[passage["start"] : passage["end"]])


def _row(
    passage: Mapping[str, Any],
    simplified: str,
    told: Mapping[str, Any],
    measures: Sequence[Mapping[str, Any]],
    named: set[str],
) -> dict[str, Any]:
    form = search_form(passage["text"], simplified)
    best: dict[str, float] = {}
    for row in measures:
        best[row["code"]] = max(best.get(row["code"], 0.0), round(row["confidence"], 4))
    codes = sorted(best, key=lambda code: (-best[code], code))
    statuses = sorted({row["status"] for row in measures})
    confidences = {code: best[code] for code in codes}
    ranked = {
        **passage,
        **({} if form == passage["text"] else {"form": form}),
        **{name: told[name] for name in (*SHOWN, "title_form", "number_form", "is_copy")},
        "coded": confidences,
        "named": sorted(named),
        "statuses": statuses,
    }
    return {
        **{name: passage[name] for name in ("passage_id", "document_id", "ordinal", "start", "end")},
        **told,
        "form": form,
        "terms": " ".join(index_terms(form)),
        "codes": codes,
        "named": sorted(named | set(codes)),
        "statuses": statuses,
        "carried": sorted({f"{row['code']}:{row['status']}" for row in measures}),
        "told": json.dumps(ranked, ensure_ascii=False),
    }


def _told(document: Mapping[str, Any]) -> dict[str, Any]:
    dates = (document["event_date"], document["published"])
    year = next((int(date[:4]) for date in dates if date and date[:4].isdigit()), None)
    return {
        **{name: document[name] for name in SHOWN},
        "title_form": search_form(document["title"]),
        "number_form": search_form(document["number"] or ""),
        "year": year,
        "is_copy": document["same_as"] is not None,
    }


def _digests(store: "Store") -> tuple[dict[str, str], Counter[str]]:
    """Digest of all that is indexed of each document that has passages, and how many it has."""
    sums: dict[str, int] = defaultdict(int)
    sizes: Counter[str] = Counter()
    for batch in store.scan(PASSAGES, ["document_id", "start", "text"], batch_rows=8192):
        columns = [batch.column(name).to_pylist() for name in ("document_id", "start", "text")]
        sizes.update(columns[0])
        for key, start, text in zip(*columns, strict=True):
            sums[key] += _number(f"{start}:{text}")
    for batch in store.scan(
        MEASURES, ["document_id", "passage_id", "code", "status", "confidence"], batch_rows=8192
    ):
        for row in batch.to_pylist():
            sums[row["document_id"]] += _number(repr(sorted(row.items())))
    told: dict[str, str] = {}
    for batch in store.scan(DOCUMENTS, ["document_id", "same_as", *TOLD], batch_rows=8192):
        for row in batch.to_pylist():
            if (key := row["document_id"]) in sums:
                told[key] = content_id(sums[key], *(row[name] for name in ("same_as", *TOLD)))
    return told, sizes


def _number(text: str) -> int:
    """Order of rows does not matter: their numbers are added."""
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )


def _all(
    store: "Store", table: Any, columns: Sequence[str], where: Mapping[str, Any]
) -> list[dict[str, Any]]:
    return [row for batch in store.scan(table, columns, where, batch_rows=8192) for row in batch.to_pylist()]
