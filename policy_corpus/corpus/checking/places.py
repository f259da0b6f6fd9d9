"""Settings, files and tables: is everything there, can it be read, was it written by this version."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from policy_corpus.config import SETTINGS_FILE, SOURCES_FILE, Settings, read_settings
from policy_corpus.corpus.checking import cures
from policy_corpus.corpus.checking.findings import Finding, Site
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.store.format import FORMAT, FORMAT_FILE
from policy_corpus.store.lock import WRITER_FILE
from policy_corpus.store.readable import columns_of, exists, why_unreadable
from policy_corpus.store.store import Store
from policy_corpus.store.tables import ALL_TABLES, CAPTURES, ISSUES, TABLES, Table

PARTIALS = (".*.partial", "*.part", ".*.part")
"""What writers call a file that is not finished; it bears its name only when it is whole."""


def settings_of(site: Site) -> tuple[Settings | None, list[Finding]]:
    """The settings, and what is wrong with them and the files that they name."""
    path = site.folder / SETTINGS_FILE
    if not path.is_file():
        what, remedy = "the corpus has no settings", "write the defaults, then set what was set before"
        return None, [Finding("settings", "error", what, SETTINGS_FILE, remedy, cure=cures.write_settings)]
    try:
        settings = read_settings(site.folder)
    except PolicyCorpusError as error:
        return None, [_of_error("settings", error, SETTINGS_FILE)]
    return settings, [*_named_files(site, settings), *_sources(site)]


def _named_files(site: Site, settings: Settings) -> Iterator[Finding]:
    """Codebook, classifier and encoder must be there and readable, or no build and no search can start."""
    from policy_corpus.corpus.coding.encoders import fingerprint, read_classifier
    from policy_corpus.corpus.searching.search import NO_ENCODER, encoder_name
    from policy_corpus.resources import AnnotateFiles, load_codebook

    try:
        files = AnnotateFiles.of(site.folder, settings.annotate)
        load_codebook(files.codebook)
        read_classifier(files.classifier)
        name = encoder_name(site.folder, settings.search.encoder)
        if name != NO_ENCODER:
            fingerprint(name)
    except PolicyCorpusError as error:
        yield _of_error("settings", error, SETTINGS_FILE)


def _sources(site: Site) -> Iterator[Finding]:
    from policy_corpus.collect.crawl.sources import read_sources_file

    try:
        read_sources_file(site.folder / SOURCES_FILE)
    except PolicyCorpusError as error:
        yield _of_error("settings", error, SOURCES_FILE)


def _of_error(check: str, error: PolicyCorpusError, where: str) -> Finding:
    return Finding(check, "error", error.what, error.where or where, error.remedy or "correct that file")


def leftovers(site: Site) -> Iterator[Finding]:
    """Files that a killed process left; looked at while nobody writes."""
    found = [
        path
        for folder in (site.folder, site.tables, site.captures)
        for pattern in PARTIALS
        for path in sorted(folder.glob(pattern))
        if path.is_file()
    ]
    for path in sorted(set(found)):
        where, remedy = str(path.relative_to(site.folder)), "take it away; nothing reads it"
        cure = partial(cures.remove_file, path)
        yield Finding(
            "leftovers", "warning", "an unfinished file of a killed process", where, remedy, cure=cure
        )


def writer_left(site: Site) -> Iterator[Finding]:
    """The note of a writer that ended without taking it away."""
    path = site.tables / WRITER_FILE
    if path.is_file():
        remedy = "nothing; the next command that writes takes it away"
        what = "the last process that wrote was killed"
        yield Finding("leftovers", "note", what, f"{site.tables.name}/{WRITER_FILE}", remedy)


def format_of(site: Site) -> list[Finding]:
    """Whether the tables say that they were written in this version's format."""
    path = site.tables / FORMAT_FILE
    where = f"{site.tables.name}/{FORMAT_FILE}"
    try:
        written = json.loads(path.read_text(encoding="utf-8")).get("format")
    except (OSError, ValueError, AttributeError):
        what, remedy = "the file that names the format of the tables is missing or damaged", "write it again"
        return [Finding("tables", "error", what, where, remedy, cure=cures.write_format)]
    if written == FORMAT:
        return []
    what = f"the tables were written by another version: format {written}, this version reads {FORMAT}"
    remedy = "use that version; or move the tables folder away, then doctor --repair and build"
    return [Finding("tables", "error", what, where, remedy)]


def tables_of(site: Site, store: Store) -> list[Finding]:
    """Tables that are missing, unreadable, or of another version."""
    site.progress.stage("tables", len(ALL_TABLES))
    broken: dict[str, str] = {}
    found: list[Finding] = []
    for table in ALL_TABLES:
        site.progress.advance()
        if not exists(site.tables, table):
            broken[table.name] = "is missing"
        elif reason := why_unreadable(store, table, whole=not site.quick):
            broken[table.name] = f"cannot be read: {reason}"
        else:
            found += _other_columns(site, store, table)
    cure = partial(cures.remake_tables, [TABLES[name] for name in broken])
    return found + [
        Finding("tables", "error", f"the table {name} {reason}", _place(site, name), _remedy(name), cure=cure)
        for name, reason in broken.items()
    ]


def _other_columns(site: Site, store: Store, table: Table[Any]) -> Iterator[Finding]:
    lacking, unknown = columns_of(store, table)
    where = _place(site, table.name)
    if unknown:
        what = f"the table {table.name} has columns of another version: {', '.join(sorted(unknown))}"
        yield Finding("tables", "error", what, where, "use the version that wrote it")
    elif lacking:
        what = f"the table {table.name} lacks columns of this version: {', '.join(sorted(lacking))}"
        yield Finding("tables", "warning", what, where, "the next build adds them", cure=cures.add_columns)


def _place(site: Site, name: str) -> str:
    return f"{site.tables.name}/{name}.lance"


def _remedy(name: str) -> str:
    if name == ISSUES.name:
        return "make it anew, empty; add the same paths again to be told what was refused"
    if name == CAPTURES.name:
        return "make it anew from the WARC files"
    return "make it anew, empty; then policy-corpus build"
