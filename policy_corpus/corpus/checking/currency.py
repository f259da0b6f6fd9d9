"""What the next build would remake, and whether places still lie inside the source texts."""

from collections.abc import Iterator
from itertools import islice

from policy_corpus.analyse.soundness import is_sound
from policy_corpus.config import Settings
from policy_corpus.corpus.building.build import copies_are_current, stale_documents, stale_units
from policy_corpus.corpus.building.raw_text import raw_text
from policy_corpus.corpus.building.stages import annotate_made_by, clean_made_by
from policy_corpus.corpus.checking import cures
from policy_corpus.corpus.checking.findings import Finding, Site, some
from policy_corpus.errors import CorpusError, PolicyCorpusError
from policy_corpus.resources import AnnotateFiles
from policy_corpus.store.store import Store
from policy_corpus.store.tables import CAPTURES, DOCUMENTS, decode_runs

SOURCES_READ = 50
"""Documents whose source text is decoded again; those with the smallest ids, which are hashes."""
QUICK_SOURCES = 5


def check_currency(site: Site, store: Store, settings: Settings) -> Iterator[Finding]:
    """Pages and documents that are new, or were made by another version, with other settings or files."""
    remedy = f"policy-corpus build {site.folder}"
    units = stale_units(store, str(clean_made_by()))
    pages = [capture_id for unit in units for capture_id in unit]
    if pages:
        what = f"{len(pages):,} pages are new or were cleaned by another version: the next build cleans them"
        yield Finding("currency", "warning", what, f"tables/{CAPTURES.name}", remedy, len(pages), some(pages))
    elif not copies_are_current(store) and store.count(DOCUMENTS):
        what = "copies have not been told from originals since documents changed: the next build does"
        yield Finding("currency", "warning", what, f"tables/{DOCUMENTS.name}", remedy)
    try:
        files = AnnotateFiles.of(site.folder, settings.annotate)
    except PolicyCorpusError:
        return  # told with the settings
    ids = stale_documents(store, str(annotate_made_by(files, settings.annotate.min_confidence)))
    if ids:
        what = f"{len(ids):,} documents are new or were coded by another version, codebook, model or setting"
        yield Finding("currency", "warning", what, f"tables/{DOCUMENTS.name}", remedy, len(ids), some(ids))


def check_sources(site: Site, store: Store) -> Iterator[Finding]:
    """Decode the source of a few documents again: their places must lie inside it."""
    wanted = QUICK_SOURCES if site.quick else SOURCES_READ
    outside: dict[str, str] = {}
    columns = ("document_id", "capture_id", "body", "source_map")
    rows = (
        row
        for batch in store.scan(DOCUMENTS, columns, order_by=("document_id",), batch_rows=100)
        for row in batch.to_pylist()
        if row["source_map"]
    )
    for row in islice(rows, wanted):
        try:
            text = raw_text(store, site.captures, row["capture_id"])
        except CorpusError:
            continue  # told with the captures
        runs = decode_runs(row["source_map"])
        if not is_sound(runs, len(row["body"]), len(text or "")):
            outside[row["document_id"]] = row["capture_id"]
    if outside:
        what = f"{len(outside):,} of {wanted} documents point outside the text of their source"
        remedy = "policy-corpus doctor --repair, then policy-corpus build"
        ids = sorted(set(outside.values()))
        yield Finding(
            "currency", "error", what, f"tables/{DOCUMENTS.name}", remedy, len(outside), some(list(outside)),
            lambda at: cures.forget_captures(ids, at),
        )  # fmt: skip
