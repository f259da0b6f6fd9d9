"""What ``doctor --repair`` does. Each cure remakes what follows from other things that are there.

Rows that cannot be right are dropped together with the state that vouched for them: the next build then makes them
again under the same ids. The bytes of captures are never changed; a healed capture is written behind the others.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Container, Mapping, Sequence
from pathlib import Path
from typing import Any

from policy_corpus.collect.archive_walk import walk, warc_files
from policy_corpus.collect.captures import CaptureArchive
from policy_corpus.collect.found import ImportLimits
from policy_corpus.collect.importer import import_paths
from policy_corpus.config import write_defaults
from policy_corpus.corpus.building.build import CODED
from policy_corpus.corpus.checking.findings import Site
from policy_corpus.corpus.collecting.intake import last_places
from policy_corpus.records import Capture, Document, Issue
from policy_corpus.store.crawl_ledger import LEDGER_FILE, CrawlLedger
from policy_corpus.store.format import FORMAT_FILE
from policy_corpus.store.parts import in_parts
from policy_corpus.store.passage_index import PassageIndex
from policy_corpus.store.readable import exists, remove_table, why_unreadable
from policy_corpus.store.store import Store
from policy_corpus.store.tables import CAPTURES, DOCUMENTS, STATES, VECTORS, Table

LARGEST_SOURCE = 2_000_000_000
"""Bytes of a file that a damaged capture is looked for in again."""


def remove_file(path: Path, _: Site) -> str:
    """Take away what a process that was killed had not finished."""
    path.unlink(missing_ok=True)
    return f"removed {path.name}"


def write_settings(site: Site) -> str:
    """Write a corpus.toml with the defaults where there is none."""
    written = write_defaults(site.folder)
    return "wrote " + ", ".join(path.name for path in written)


def write_format(site: Site) -> str:
    """Say again which format the tables have: opening them for writing compares every column."""
    (site.tables / FORMAT_FILE).unlink(missing_ok=True)
    _open(site).close()
    return f"compared the columns and wrote {FORMAT_FILE}"


def add_columns(site: Site) -> str:
    """Give tables the columns that this version knows."""
    _open(site).close()
    return "added, without values"


def remake_tables(tables: Sequence[Table[Any]], site: Site) -> str:
    """Put empty tables in the place of those that are gone or cannot be read; captures are entered again.

    All at once: a store with one table that cannot be read cannot be opened for writing.
    """
    broken = [table for table in tables if _is_broken(site, table)]
    for table in broken:
        remove_table(site.tables, table)
    with _open(site) as store:
        if CAPTURES in broken:
            for path in warc_files(site.captures):
                store.upsert(CAPTURES, [piece.capture for piece in walk(path) if piece.capture])
        if {CAPTURES, DOCUMENTS, STATES} & set(broken):
            store.delete(STATES, {"stage": ["clean", "annotate", "duplicates"]})
        elif set(CODED) & set(broken):
            store.delete(STATES, {"stage": "annotate"})
        entered = (
            f", {store.count(CAPTURES):,} captures entered from their WARC files"
            if CAPTURES in broken
            else ""
        )
    return f"made anew{entered}; the next build and the next search fill them"


def _is_broken(site: Site, table: Table[Any]) -> bool:
    if not exists(site.tables, table):
        return True
    return why_unreadable(Store.open(site.tables, read_only=True), table, whole=not site.quick) is not None


def enter_captures(captures: Sequence[Capture], site: Site) -> str:
    """Enter captures as their WARC records describe them."""
    with _open(site) as store:
        for part in in_parts(captures):
            store.upsert(CAPTURES, part)
    return f"entered {len(captures):,} from their WARC files; the next build reads them"


def finish_archive(site: Site) -> str:
    """Cut off a torn record and enter what lies behind the last known one, as the next import would."""
    with _open(site) as store, CaptureArchive(site.captures, last_places(store)) as archive:
        store.upsert(CAPTURES, archive.recovered)
    return "cut off what was not finished; no capture is lost by it"


def heal(damaged: Sequence[Capture], site: Site) -> str:
    """Write captures anew whose source file is still there with the same bytes."""
    wanted = {capture.capture_id: capture for capture in damaged}
    found: list[Capture] = []
    with _open(site) as store, _Copying(site.captures, last_places(store), wanted) as archive:
        limits = ImportLimits(max_file_bytes=LARGEST_SOURCE)
        for path in sorted({outer_path(capture.source) for capture in damaged}):
            items = import_paths([path], archive, _AllBut(wanted), limits)
            found += [item for item in items if not isinstance(item, Issue)]
        archive.sync()
        store.upsert(CAPTURES, found)
    return f"{len(found):,} of {len(damaged):,} captures written anew from their source files"


def drop_rows(table: Table[Any], column: str, values: Sequence[str], site: Site) -> str:
    """Delete rows that belong to nothing."""
    with _open(site) as store:
        count = sum(store.delete(table, {column: part}) for part in in_parts(values))
        if table is DOCUMENTS:
            _forget_copies(store)
    return f"dropped {count:,} rows of {table.name}"


def drop_states(stage: str, keys: Sequence[str], site: Site) -> str:
    """Delete states that vouch for what is not there."""
    with _open(site) as store:
        count = sum(store.delete(STATES, {"stage": stage, "key": part}) for part in in_parts(keys))
    return f"dropped {count:,} states"


def forget_documents(ids: Sequence[str], site: Site) -> str:
    """Drop what documents were coded with; the next build codes them again."""
    with _open(site) as store:
        for part in in_parts(ids):
            store.delete(STATES, {"stage": "annotate", "key": part})
            for table in CODED:
                store.delete(table, {"document_id": part})
    return f"the next build codes {len(ids):,} documents again"


def forget_captures(ids: Sequence[str], site: Site) -> str:
    """Let the next build clean captures again."""
    with _open(site) as store:
        for part in in_parts(ids):
            store.delete(STATES, {"stage": "clean", "key": part})
        _forget_copies(store)
    return f"the next build cleans {len(ids):,} pages again"


def forget_pages_of(documents: Sequence[str], site: Site) -> str:
    """Let the next build clean the pages again that gave documents which are gone.

    A page may have others that are still there. Ids of documents are made of page and part, so they lead back to it.
    """
    lost = set(documents)
    parts: Counter[str] = Counter()
    with _open(site) as store:
        for batch in store.scan(DOCUMENTS, ["capture_id", "part"]):
            for row in batch.to_pylist():
                parts[row["capture_id"]] = max(parts[row["capture_id"]], row["part"])
        pages = [
            capture
            for capture in sorted(store.keys(CAPTURES))
            if lost & {Document.id_of(capture, part + 1) for part in range(parts[capture] + len(lost))}
        ]
    return forget_captures(pages, site) if pages else "no page gave them"


def forget_copies(site: Site) -> str:
    """Let the next build tell copies from originals again."""
    with _open(site) as store:
        _forget_copies(store)
    return "the next build marks copies again"


def keep_one(table: Table[Any], keys: Sequence[tuple[str, ...]], site: Site) -> str:
    """Of rows with the same key keep one."""
    with _open(site) as store:
        for key in keys:
            where = dict(zip(table.key, key, strict=True))
            kept = next(store.records(table, where), None)
            store.delete(table, where)
            store.upsert(table, [kept] if kept is not None else [])
    return f"kept one row of each of {len(keys):,}"


def drop_vectors(encoder: str, hashes: Sequence[str], site: Site) -> str:
    """Drop vectors that cannot be used; the next search computes them again."""
    with _open(site) as store:
        count = sum(store.delete(VECTORS, {"encoder": encoder, "text_hash": p}) for p in in_parts(hashes))
    return f"dropped {count:,} vectors; the next search computes them again"


def remake_index(site: Site) -> str:
    """Make the search index anew from the tables."""
    from policy_corpus.corpus import open_corpus
    from policy_corpus.corpus.searching.search import CorpusSearch

    with _open(site) as store:
        PassageIndex(store).discard()
    count = CorpusSearch(open_corpus(site.folder), site.progress).update()
    return f"made anew: {count:,} sentences"


def forget_lost(site: Site) -> str:
    """Let the next crawl ask again for what the ledger believes to have and the corpus has not."""
    with _open(site) as store:
        kept = store.keys(CAPTURES)
    with CrawlLedger.open(site.folder / LEDGER_FILE) as ledger:
        return f"the next crawl asks for {ledger.forget_lost(kept):,} addresses again"


def outer_path(source: str) -> str:
    """The file that a source names: itself, or the archive that it lies in."""
    return source.partition("!/")[0]


class _AllBut(Container[str]):
    """Every id but some."""

    def __init__(self, ids: Collection[str]) -> None:
        self._ids = ids

    def __contains__(self, one: object) -> bool:
        return one not in self._ids


class _Copying(CaptureArchive):
    """An archive that writes captures again as they were, with their first time of capture and address."""

    def __init__(self, folder: Path, last_known: Mapping[str, int], wanted: Mapping[str, Capture]) -> None:
        super().__init__(folder, last_known)
        self._wanted = wanted

    def write(self, data: bytes, source: str, **facts: Any) -> Capture:
        """Write the bytes with the facts that were known of them."""
        known = self._wanted[Capture.id_of(hashlib.sha256(data).hexdigest(), source)]
        names = ("media_type", "captured_at", "url", "charset", "origin")
        return super().write(data, source, **(facts | {name: getattr(known, name) for name in names}))


def _open(site: Site) -> Store:
    return Store.open(site.tables, create=True)


def _forget_copies(store: Store) -> None:
    store.delete(STATES, {"stage": "duplicates"})
