"""``doctor``: everything that is checked, in the order in which one thing rests on the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policy_corpus.config import SETTINGS_FILE, Settings
from policy_corpus.corpus.checking.captures import check_captures
from policy_corpus.corpus.checking.currency import check_currency, check_sources
from policy_corpus.corpus.checking.findings import Finding, Report, Site
from policy_corpus.corpus.checking.ids import Ids
from policy_corpus.corpus.checking.indexes import check_index, check_ledger, check_vectors
from policy_corpus.corpus.checking.places import (
    format_of,
    leftovers,
    settings_of,
    tables_of,
    writer_left,
)
from policy_corpus.corpus.checking.rows import check_doubles, check_links, check_rows
from policy_corpus.errors import CorpusError
from policy_corpus.publish.progress import Progress, Silent
from policy_corpus.store.lock import WriteLock
from policy_corpus.store.store import Store
from policy_corpus.store.tables import DOCUMENTS, ISSUES, MEASURES, MENTIONS, PASSAGES, VECTORS

ROUNDS = 3
"""A cure may lay bare what another finding hid: a table that can be read again is then looked into."""


def examine(folder: Path, *, quick: bool = False, progress: Progress | None = None) -> Report:
    """Look at everything in a corpus folder and change nothing.

    Parameters
    ----------
    folder
        The corpus folder; its settings need not be readable.
    quick
        Read a sample of the captures and the number of rows, not every byte.

    Raises
    ------
    CorpusError
        The folder is no corpus, or another process is writing it: it would be seen half written. Or the corpus lies
        in a bucket, where nothing can be cut off or replaced in place.
    """
    if not isinstance(folder, Path):
        raise CorpusError(
            "a corpus in a bucket cannot be checked", str(folder), "copy it into a folder and check that"
        )
    site = Site(folder, progress or Silent(), quick)
    if not any((folder / name).exists() for name in (SETTINGS_FILE, site.tables.name, site.captures.name)):
        raise CorpusError(
            "this folder is no corpus", str(folder), f"start one with: policy-corpus init {folder}"
        )
    report = Report()
    with _nobody_writes(site, report):
        report.findings += leftovers(site)
        settings, found = settings_of(site)
        report.findings += found
        report.findings += _of_tables(site, settings, report)
    return report


def repair(folder: Path, *, quick: bool = False, progress: Progress | None = None) -> Report:
    """Examine, remake what can be remade, and examine again; ``findings`` are then those that are left.

    Raises
    ------
    CorpusError
        As :func:`examine`.
    """
    site = Site(folder, progress or Silent(), quick)
    report = examine(folder, quick=quick, progress=progress)
    repaired: list[tuple[Finding, str]] = []
    for _ in range(ROUNDS):
        tried = [finding for finding, _ in repaired]
        curable = [(f, f.cure) for f in report.findings if f.cure is not None and f not in tried]
        if not curable:
            break
        repaired += [(finding, cure(site)) for finding, cure in curable]
        report = examine(folder, quick=quick, progress=progress)
    report.repaired = [(finding, done) for finding, done in repaired if finding not in report.findings]
    return report


def _of_tables(site: Site, settings: Settings | None, report: Report) -> Iterator[Finding]:
    if not site.tables.is_dir():
        yield from check_ledger(site, None)
        return
    damaged = format_of(site)
    yield from damaged
    if damaged:
        yield from check_ledger(site, None)
        return
    with Store.open(site.tables, read_only=True) as store:
        broken = tables_of(site, store)
        yield from broken
        if any(finding.severity == "error" for finding in broken):
            yield from check_ledger(site, None)
            return
        for table in (DOCUMENTS, PASSAGES, MENTIONS, MEASURES, ISSUES, VECTORS):
            report.facts[table.name] = store.count(table)
        yield from check_captures(site, store, report.facts)
        yield from check_doubles(store)
        yield from check_links(store)
        texts = None if site.quick else Ids()
        if texts is not None:
            yield from check_rows(site, store, texts)
        yield from check_sources(site, store)
        if settings is not None:
            yield from check_currency(site, store, settings)
            yield from check_vectors(site, store, settings, texts, report.facts)
            yield from check_index(site, store, report.facts)
        yield from check_ledger(site, store)


@contextmanager
def _nobody_writes(site: Site, report: Report) -> Iterator[None]:
    """Hold the write lock while looking, so that no half-written batch is taken for damage.

    A folder that may not be written is looked at without: nobody here can write it.
    """
    if not site.tables.is_dir():
        yield
        return
    report.findings += writer_left(site)
    try:
        lock = WriteLock(site.tables)
    except PermissionError:
        yield
        return
    try:
        yield
    finally:
        lock.release()
