"""What is made beside the tables: vectors, the search index, the crawler's ledger."""

import zipfile
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from policy_corpus.config import Settings
from policy_corpus.corpus.checking import cures
from policy_corpus.corpus.checking.findings import Finding, Site, some
from policy_corpus.corpus.checking.ids import Ids
from policy_corpus.corpus.searching.embedding import HALF
from policy_corpus.errors import CorpusError, PolicyCorpusError
from policy_corpus.publish.search.index import INDEX_VERSION, read_samples, stamp
from policy_corpus.store.crawl_file import read_only
from policy_corpus.store.crawl_ledger import LEDGER_FILE, ledger_rows
from policy_corpus.store.passage_index import STATE_FILE, IndexState, PassageIndex
from policy_corpus.store.readable import why_rows_unreadable
from policy_corpus.store.store import Store
from policy_corpus.store.tables import CAPTURES, PASSAGES, VECTORS


def check_vectors(
    site: Site, store: Store, settings: Settings, texts: Ids | None, facts: dict[str, Any]
) -> Iterator[Finding]:
    """Vectors of one encoder are equally long and hold numbers.

    Sentences without a vector (``texts`` names all sentences by their hash) and vectors without a sentence are facts:
    a search makes the ones, and the others serve when the sentence comes back.
    """
    sizes: dict[str, int] = {}
    bad: dict[str, list[str]] = {}
    encoder = _encoder(site, settings)
    with_vector: list[str] = []
    for batch in store.scan(VECTORS, batch_rows=4096):
        for row in batch.to_pylist():
            values = np.frombuffer(row["values"] or b"", HALF) if len(row["values"] or b"") % 2 == 0 else None
            size = sizes.setdefault(row["encoder"], 0 if values is None else len(values))
            if values is None or not len(values) or len(values) != size or not np.isfinite(values).all():
                bad.setdefault(row["encoder"], []).append(row["text_hash"])
            elif row["encoder"] == encoder:
                with_vector.append(row["text_hash"])
    for name, hashes in sorted(bad.items()):
        what = f"{len(hashes):,} vectors are of another length than the others or hold no numbers"
        cure = partial(cures.drop_vectors, name, hashes)
        remedy = "drop them; the next search computes them again"
        yield Finding(
            "index", "error", what, f"tables/{VECTORS.name}", remedy, len(hashes), some(hashes), cure
        )
    if texts is not None and encoder:
        vectors = Ids(with_vector)
        known = sum(one in texts for one in with_vector)
        facts |= {"texts_without_vector": len(texts) - known, "vectors_without_text": len(vectors) - known}


def _encoder(site: Site, settings: Settings) -> str | None:
    from policy_corpus.corpus.coding.encoders import fingerprint
    from policy_corpus.corpus.searching.search import NO_ENCODER, encoder_name

    name = encoder_name(site.folder, settings.search.encoder)
    try:
        return None if name == NO_ENCODER else fingerprint(name)
    except PolicyCorpusError:
        return None  # told with the settings


def check_index(site: Site, store: Store, facts: dict[str, Any]) -> Iterator[Finding]:
    """The search index: fresh, stale or missing are facts, for a search makes it; damage is not."""
    index = PassageIndex(store)
    facts["search_index"] = "missing"
    if not index.exists():
        return
    if problem := _damage(site, store, index):
        facts["search_index"] = "damaged"
        remedy = "make it anew; the next search would fail"
        yield Finding("index", "error", problem, f"tables/{STATE_FILE}", remedy, cure=cures.remake_index)
        return
    facts["search_index"] = "fresh" if _is_fresh(site, store) else "stale"


def _damage(site: Site, store: Store, index: PassageIndex) -> str | None:
    state = index.state()
    if state is None:
        return "the state of the search index cannot be read"
    if state.version != INDEX_VERSION:
        return None  # made anew by the next search
    if reason := why_rows_unreadable(lambda: index.scan(["document_id", "vector"]), whole=not site.quick):
        return f"the search index cannot be read: {reason}"
    try:
        read_samples(store)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        return f"the word counts of the search index cannot be read: {error}"
    return None if site.quick else _other_rows(store, index, state)


def _other_rows(store: Store, index: PassageIndex, state: IndexState) -> str | None:
    """Whether the index holds other documents than its state says, or other rows than the tables it was made from."""
    held = {key for batch in index.scan(["document_id"]) for key in batch.column("document_id").to_pylist()}
    if held != state.digests.keys():
        return f"the search index holds {len(held):,} documents and its state names {len(state.digests):,}"
    rows, passages = index.count(), store.count(PASSAGES)
    if state.stamp == stamp(store) and rows != passages:
        return f"the search index holds {rows:,} sentences of {passages:,}"
    return None


def _is_fresh(site: Site, store: Store) -> bool:
    from policy_corpus.corpus import open_corpus
    from policy_corpus.corpus.searching.search import CorpusSearch

    try:
        return CorpusSearch(open_corpus(site.folder)).is_fresh(store)
    except PolicyCorpusError:
        return False  # told with the settings


def check_ledger(site: Site, store: Store | None) -> Iterator[Finding]:
    """The crawler's ledger: sound as a file, and what it says was brought is there."""
    path = site.folder / LEDGER_FILE
    if not path.is_file():
        return
    try:
        database = read_only(path)
    except CorpusError as error:
        yield Finding("ledger", "error", error.what, LEDGER_FILE, error.remedy or "bring it back from a copy")
        return
    problems = [line for (line,) in database.execute("PRAGMA integrity_check(5)") if line != "ok"]
    database.close()
    if problems:
        remedy = "bring it back from a copy; or move it away, and all addresses are asked for anew"
        what = f"the crawler's ledger is damaged: {problems[0]}"
        yield Finding("ledger", "error", what, LEDGER_FILE, remedy, len(problems), some(problems))
        return
    if store is None:
        return
    there = Ids(store.keys(CAPTURES))
    lost = [v["url"] for v in ledger_rows(path) if v["capture_id"] and v["capture_id"] not in there]
    if lost:
        what = (
            f"the ledger says of {len(lost):,} addresses that they came in, and their captures are not here"
        )
        remedy = "let the next crawl ask for them again"
        yield Finding(
            "ledger", "warning", what, LEDGER_FILE, remedy, len(lost), some(lost), cures.forget_lost
        )
