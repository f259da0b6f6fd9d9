"""Local text of a corpus: read from the store, found by ``analyse.reuse``, kept beside the tables.

What is kept is remade when the documents or the code that found it are others than before.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from policy_corpus.analyse.reuse.local_text import Author, Level, Reuse, Sentence, find_reuse
from policy_corpus.publish.progress import Progress, Silent
from policy_corpus.records import content_id
from policy_corpus.resources import code_digest, digest_of
from policy_corpus.store.files import write_whole
from policy_corpus.store.tables import DOCUMENTS, MENTIONS, PASSAGES

if TYPE_CHECKING:
    from policy_corpus.annotate.regions import Gazetteer
    from policy_corpus.store.store import Store

Bars = Callable[[], AbstractContextManager[Progress]]
"""Opens progress for a while, such as :func:`policy_corpus.publish.progress.terminal_progress`."""
FILE = "derived/local_text.parquet"
DOCUMENTS_AT_ONCE = 200
_DIGEST = b"made_from"
_NATIONAL = re.compile(
    r"(?:中共中央|国务院|中央|全国人大|全国政协|国家|中华人民共和国|(?:教育|财政|民政|文化|公安|科技|人力资源|工业和信息化|农业农村)[^省市县区州盟旗局厅委]{0,8}部)"
)
"""Central bodies, at the beginning of an issuer or title without a region."""
_COLUMNS = ["document_id", "title", "issuer", "region_code", "region_name", "published", "made_by"]


def find_local_text(
    store: "Store", gazetteer: "Gazetteer", folder: Path, progress: "Bars | None" = None
) -> list[Reuse]:
    """Where every sentence of a corpus comes from; copies are read too, they repeat what they copy.

    Parameters
    ----------
    folder
        The corpus folder; the result is kept there where it may be written.
    progress
        Opened where the result has to be made: minutes for some hundred documents.
    """
    rows = [
        row
        for batch in store.scan(DOCUMENTS, _COLUMNS, order_by=("document_id",))
        for row in batch.to_pylist()
    ]
    code = (code_digest("analyse/reuse"), digest_of(Path(__file__)))
    made_from = content_id(*code, store.count(PASSAGES), *(v for r in rows for v in r.values()))
    path = folder / FILE
    if (kept := _read(path, made_from)) is not None:
        return kept
    with (progress or (lambda: nullcontext(Silent())))() as bars:
        bars.stage("local text", len(rows))
        found = find_reuse(read_sentences(store, gazetteer, rows), bars.advance)
    _write(path, found, made_from)
    return found


def local_passages(store: "Store", gazetteer: "Gazetteer", folder: Path) -> set[str]:
    """Ids of the sentences that are a document's own."""
    return {row.passage_id for row in find_local_text(store, gazetteer, folder) if row.label == "local"}


def read_sentences(
    store: "Store", gazetteer: "Gazetteer", rows: Sequence[dict[str, Any]]
) -> Iterator[tuple[Author, list[Sentence]]]:
    """Documents with their author and their sentences in order, places marked."""
    for begin in range(0, len(rows), DOCUMENTS_AT_ONCE):
        part = {row["document_id"]: row for row in rows[begin : begin + DOCUMENTS_AT_ONCE]}
        normal = _normal_forms(store, list(part))
        places = _places(store, list(part))
        passages: dict[str, list[dict[str, Any]]] = {key: [] for key in part}
        columns = ["document_id", "passage_id", "ordinal", "start", "end", "text", "is_heading"]
        for batch in store.scan(PASSAGES, columns, {"document_id": list(part)}, batch_rows=8192):
            for row in batch.to_pylist():
                passages[row["document_id"]].append(row)
        for key, found in passages.items():
            found.sort(key=lambda row: row["ordinal"])
            yield (
                author_of(part[key], gazetteer),
                [_sentence(row, normal.get(key), places[key]) for row in found],
            )


def author_of(row: dict[str, Any], gazetteer: "Gazetteer") -> Author:
    """Level, region and date of a document."""
    code, name = row["region_code"], row["region_name"]
    level: Level | None = None
    above: tuple[str, ...] = ()
    if code in gazetteer.current:
        line = gazetteer.ancestors(code)
        names = {c: _region_key(c, gazetteer.full_name(c)) for c in line}
        own = _region_key(code, name)
        above = tuple(key for key in names.values() if key != own)
        depth = gazetteer.level(code)
        level = depth if depth in ("province", "prefecture") else "county"  # type: ignore[assignment]
        if names[code] != own:
            level = "county"
        region: str | None = own
    else:
        region = None
        if _NATIONAL.match(row["issuer"] or "") or _NATIONAL.match(row["title"] or ""):
            level = "nation"
    return Author(row["document_id"], level, region, above, row["published"])


def _region_key(code: str, name: str | None) -> str:
    return f"{code} {name or ''}"


def _sentence(row: dict[str, Any], normal: str | None, places: Sequence[tuple[int, int]]) -> Sentence:
    start, end = row["start"], row["end"]
    text = row["text"] if normal is None else normal[start:end]
    inside = tuple((low - start, high - start) for low, high in places if start <= low and high <= end)
    return Sentence(row["passage_id"], text, inside, row["is_heading"])


def _normal_forms(store: "Store", ids: Sequence[str]) -> dict[str, str]:
    return {
        row["document_id"]: row["simplified"]
        for batch in store.scan(DOCUMENTS, ["document_id", "simplified"], {"document_id": ids})
        for row in batch.to_pylist()
        if row["simplified"] is not None
    }


def _places(store: "Store", ids: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    where = {"document_id": ids, "kind": "region"}
    for batch in store.scan(MENTIONS, ["document_id", "start", "end"], where, batch_rows=8192):
        for row in batch.to_pylist():
            found[row["document_id"]].append((row["start"], row["end"]))
    return found


def _read(path: Path, made_from: str) -> list[Reuse] | None:
    if not path.is_file():
        return None
    try:
        table = pq.read_table(pa.BufferReader(path.read_bytes()))
    except (pa.ArrowInvalid, OSError):  # cut short by a kill, or of another version: it is made again
        return None
    if (table.schema.metadata or {}).get(_DIGEST) != made_from.encode():
        return None
    return [Reuse(**row) for row in table.to_pylist()]


def _write(path: Path, rows: Sequence[Reuse], made_from: str) -> None:
    types = {"letters": pa.int64(), "is_heading": pa.bool_(), "similarity": pa.float64()}
    schema = pa.schema([(f.name, types.get(f.name, pa.string())) for f in fields(Reuse)])
    table = pa.Table.from_pylist([asdict(row) for row in rows], schema)
    try:
        path.parent.mkdir(exist_ok=True)
        packed = pa.BufferOutputStream()
        pq.write_table(table.replace_schema_metadata({_DIGEST: made_from}), packed)
        write_whole(path, packed.getvalue().to_pybytes())
    except PermissionError:
        return  # a corpus that may only be read: found again each time
