"""Captures: every row has its bytes, and every record of the WARC files has its row.

Rows sorted by place and the pieces of the files are walked side by side, so that memory holds one record, the ids of
the table, and what is wrong.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from heapq import merge
from itertools import chain, groupby
from pathlib import Path
from typing import TypeAlias

from policy_corpus.collect.archive_walk import Piece, walk, warc_files
from policy_corpus.collect.captures import read_capture
from policy_corpus.corpus.checking import cures
from policy_corpus.corpus.checking.findings import EXAMPLES, Finding, Site, some
from policy_corpus.corpus.checking.ids import Ids
from policy_corpus.errors import CorpusError
from policy_corpus.records import Capture
from policy_corpus.store.parts import in_parts
from policy_corpus.store.store import Store
from policy_corpus.store.tables import CAPTURES

QUICK_CAPTURES = 100
"""Captures that a quick check reads; evenly spread over the files, the last one among them."""
PLACE_ORDER = ("warc_file", "warc_offset")
Place: TypeAlias = tuple[str, int]


@dataclass(slots=True)
class _Met:
    """What the walk met that does not fit."""

    astray: list[Capture] = field(default_factory=list)
    """Rows whose bytes are not at their place."""
    altered: list[Capture] = field(default_factory=list)
    """As the record has them; the row says other things."""
    loose: dict[str, Capture] = field(default_factory=dict)
    """Records that no row points to, by id."""
    damaged: list[Piece] = field(default_factory=list)
    torn: list[Piece] = field(default_factory=list)


def check_captures(site: Site, store: Store, facts: dict[str, object]) -> Iterator[Finding]:
    """Compare the table of captures with the WARC files."""
    files = warc_files(site.captures)
    facts["captures"] = store.count(CAPTURES)
    facts["warc_files"] = len(files)
    facts["warc_bytes"] = sum(path.stat().st_size for path in files)
    site.progress.stage("captures", int(str(facts["captures"])))
    missing = _missing(store, {path.name for path in files})
    yield from _missing_files(site, store, missing)
    rows = (row for row in store.records(CAPTURES, order_by=PLACE_ORDER) if row.warc_file not in missing)
    met = _Met()
    if site.quick:
        _sample(site, rows, int(str(facts["captures"])), met)
    else:
        _walk(site, rows, files, met)
    yield from _told(site, store, met, missing.keys())


def _missing(store: Store, there: set[str]) -> dict[str, list[str]]:
    """WARC files that rows name and that are not there, with the ids of these rows."""
    lost: dict[str, list[str]] = defaultdict(list)
    for batch in store.scan(CAPTURES, ["capture_id", "warc_file"], batch_rows=65536):
        for row in batch.to_pylist():
            if row["warc_file"] not in there:
                lost[row["warc_file"]].append(row["capture_id"])
    return lost


def _missing_files(site: Site, store: Store, missing: Mapping[str, list[str]]) -> Iterator[Finding]:
    for name, ids in sorted(missing.items()):
        gone = [c for part in in_parts(ids) for c in store.records(CAPTURES, {"capture_id": part})]
        what = f"this WARC file is missing, and {len(ids):,} captures with it"
        yield _lost(gone, what, f"{site.captures.name}/{name}")


def _sample(site: Site, rows: Iterable[Capture], count: int, met: _Met) -> None:
    step = max(1, count // QUICK_CAPTURES)
    for number, row in enumerate(rows, 1):
        site.progress.advance()
        if number % step and number != count:
            continue
        try:
            read_capture(site.captures, row)
        except CorpusError:
            met.astray.append(row)


def _walk(site: Site, rows: Iterable[Capture], files: Sequence[Path], met: _Met) -> None:
    pieces = chain.from_iterable(map(walk, files))
    claims = (((row.warc_file, row.warc_offset), row) for row in rows)
    found = (((piece.warc_file, piece.start), piece) for piece in pieces)
    both: Iterator[tuple[Place, Capture | Piece]] = merge(claims, found, key=lambda pair: pair[0])
    for _, group in groupby(both, key=lambda pair: pair[0]):
        here = [one for _, one in group]
        piece = next((one for one in here if isinstance(one, Piece)), None)
        claiming = [one for one in here if isinstance(one, Capture)]
        _compare(piece, claiming, met)
        site.progress.advance(len(claiming))


def _compare(piece: Piece | None, rows: Sequence[Capture], met: _Met) -> None:
    record = piece.capture if piece else None
    fitting = [row for row in rows if record is not None and row.capture_id == record.capture_id]
    met.astray += [row for row in rows if row not in fitting]
    if record is not None and not fitting:
        met.loose.setdefault(record.capture_id, record)
    for row in fitting:
        if record is not None and replace(row, made_by="") != replace(record, made_by=""):
            met.altered.append(record)
    if piece is not None and piece.kind != "record":
        (met.torn if piece.kind == "torn" else met.damaged).append(piece)


def _told(site: Site, store: Store, met: _Met, missing: Collection[str]) -> Iterator[Finding]:
    folder = site.captures.name
    elsewhere = [met.loose.pop(row.capture_id) for row in met.astray if row.capture_id in met.loose]
    found = {capture.capture_id for capture in elsewhere}
    if elsewhere:
        what = f"{len(elsewhere):,} captures lie at another place of the WARC files than their rows say"
        cure = partial(cures.enter_captures, elsewhere)
        remedy = "enter the places where they lie"
        yield Finding("captures", "error", what, folder, remedy, len(elsewhere), _sources(elsewhere), cure)
    by_file: dict[str, list[Capture]] = defaultdict(list)
    for row in met.astray:
        if row.capture_id not in found:
            by_file[row.warc_file].append(row)
    for name, rows in sorted(by_file.items()):
        what = f"{len(rows):,} captures cannot be read: their bytes are damaged or are others"
        yield _lost(rows, what, f"{folder}/{name}")
    if met.altered:
        what = f"the rows of {len(met.altered):,} captures say other things than their WARC records"
        cure = partial(cures.enter_captures, met.altered)
        remedy = "enter them as the records have them; then policy-corpus build"
        yield Finding(
            "captures", "error", what, folder, remedy, len(met.altered), _sources(met.altered), cure
        )
    yield from _unclaimed(site, store, met, missing)


def _unclaimed(site: Site, store: Store, met: _Met, missing: Collection[str]) -> Iterator[Finding]:
    """Records without a row, and stretches of the files that are no record."""
    folder = site.captures.name
    ids = Ids(store.keys(CAPTURES)) if met.loose else Ids(())
    # Where a file is lost, a record elsewhere is a second copy: it takes the lost one's place.
    lost = store.keys(CAPTURES, where={"warc_file": sorted(missing)}) if missing and met.loose else set()
    loose = [record for key, record in met.loose.items() if key not in ids or key in lost]
    if loose:
        what = f"{len(loose):,} captures lie in the WARC files and are not in the table"
        cure = partial(cures.enter_captures, loose)
        remedy = "enter them; then policy-corpus build"
        yield Finding("captures", "error", what, folder, remedy, len(loose), _sources(loose), cure)
    for piece in met.torn:
        what = f"the file ends in {piece.end - piece.start:,} bytes of a record: a writer was killed"
        where, remedy = (
            f"{folder}/{piece.warc_file}",
            "cut them off, as the next import does; nothing is lost",
        )
        yield Finding("captures", "warning", what, where, remedy, cure=cures.finish_archive)
    for piece in met.damaged:
        what = f"bytes {piece.start:,} to {piece.end:,} of this file are no record"
        remedy = "nothing, where all captures can be read; else bring the file back from a copy"
        yield Finding("captures", "note", what, f"{folder}/{piece.warc_file}", remedy)


def _lost(rows: Sequence[Capture], what: str, where: str) -> Finding:
    """Captures without their bytes; a cure where files hold them still."""
    healable = [row for row in rows if _source_is_there(row)]
    remedy = "bring the captures folder back from a copy"
    if healable:
        remedy += f"; or repair: {len(healable):,} source files are still there, with the same bytes"
    elif all(row.origin is None for row in rows):
        remedy += "; or run doctor --repair where the source files can be found under their names"
    cure = partial(cures.heal, healable) if healable else None
    return Finding("captures", "error", what, where, remedy, len(rows), _sources(rows), cure)


def _source_is_there(row: Capture) -> bool:
    path = Path(cures.outer_path(row.source))
    if not path.is_file() or not os.access(path, os.R_OK):
        return False
    if path.as_posix() != row.source:
        return True  # a member of an archive: looked for when it is healed
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == row.sha256


def _sources(captures: Sequence[Capture]) -> tuple[str, ...]:
    return some([capture.source for capture in captures[:EXAMPLES]])
