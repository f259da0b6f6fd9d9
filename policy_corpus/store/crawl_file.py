"""The file of the crawler's ledger: its tables, its version, and how it is opened."""

import sqlite3
from dataclasses import fields
from pathlib import Path
from typing import Any

from policy_corpus.errors import CorpusError
from policy_corpus.records import Visit, Walk, Wanted

FORMAT = 1
"""Raised when the tables change in a way that an older or newer version cannot read."""
LOCK_SECONDS = 10.0
"""A crawler whose parent was killed ends by itself within a second or two."""


def _columns(record: type) -> str:
    kinds: dict[Any, str] = {int: "INTEGER", int | None: "INTEGER", float: "REAL", bool: "INTEGER"}
    return ", ".join(f"{f.name} {kinds.get(f.type, 'TEXT')}" for f in fields(record) if f.name != "row")


_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS walks ({_columns(Walk).replace("walk INTEGER", "walk INTEGER PRIMARY KEY", 1)});
CREATE TABLE IF NOT EXISTS visits ({_columns(Visit)}, PRIMARY KEY (source_id, url)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS visits_family ON visits (source_id, family);
CREATE TABLE IF NOT EXISTS frontier
    (row INTEGER PRIMARY KEY, rank INTEGER, done INTEGER DEFAULT 0, {_columns(Wanted)}, UNIQUE (source_id, url));
CREATE INDEX IF NOT EXISTS frontier_waiting ON frontier (source_id, host, rank, row) WHERE done = 0;
"""


def read_only(path: Path) -> sqlite3.Connection:
    """The file for reading; a crawler may write it meanwhile."""
    try:
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        _check(database, path)
    except sqlite3.DatabaseError as error:
        raise _damaged(path, error) from None
    return database


def connect(name: str) -> sqlite3.Connection:
    """A connection to a file, or to memory."""
    return sqlite3.connect(name, timeout=LOCK_SECONDS)


def prepare(database: sqlite3.Connection, path: Path) -> None:
    """Check whose tables these are; make those that are not there. ``path`` is for messages."""
    try:
        _check(database, path)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.executescript(_SCHEMA)
        database.execute(f"PRAGMA user_version = {FORMAT}")
        database.commit()
    except sqlite3.DatabaseError as error:
        database.close()
        raise _damaged(path, error) from None


def _check(database: sqlite3.Connection, path: Path) -> None:
    (written,) = database.execute("PRAGMA user_version").fetchone()
    (tables,) = database.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    if tables and written != FORMAT:
        database.close()
        raise CorpusError(
            f"the ledger was written by another version: its format is {written}, this one reads {FORMAT}",
            str(path),
            "use that version; or move the file away, and all addresses are asked for anew",
        )


def _damaged(path: Path, error: sqlite3.DatabaseError) -> CorpusError:
    if isinstance(error, sqlite3.OperationalError):  # what is around the file, not what is in it
        return CorpusError(
            f"the ledger cannot be used: {error}",
            str(path),
            "free some space or check the rights to the folder, then crawl again to go on",
        )
    return CorpusError(
        f"the ledger cannot be used: {error}",
        str(path),
        "bring it back from a copy; or move the file away, and all addresses are asked for anew",
    )
