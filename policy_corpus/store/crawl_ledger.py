"""The crawler's ledger: one SQLite file that knows every address, and what is still to be asked for.

Every answer is one transaction: what the address brought, what its page led to, and that it is done. After
``kill -9`` an address is either done with all of that, or still waiting. SQLite serves here beside LanceDB
because a crawl writes one small row at a time, a hundred times a second.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, fields, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from policy_corpus.errors import CorpusError
from policy_corpus.records import Visit, Walk, Wanted
from policy_corpus.store.crawl_file import LOCK_SECONDS, connect, prepare, read_only

LEDGER_FILE = "crawl.db"
URLS_AT_ONCE = 500
ROLE_ORDER = {"part": 0, "attachment": 0, "item": 1, "list": 2}
"""What a notice consists of comes first, so that it is whole soonest; lists last, so that few rows wait."""

_WANTED = tuple(f.name for f in fields(Wanted) if f.name != "row")
_VISIT = tuple(f.name for f in fields(Visit))
_WALK = tuple(f.name for f in fields(Walk))


class CrawlLedger:
    """The ledger of one corpus, open for one crawler. Open it with :meth:`open`; it is a context manager."""

    def __init__(self, database: sqlite3.Connection, lock: FileLock | None) -> None:
        self._database = database
        self._lock = lock

    @classmethod
    def open(cls, path: Path, *, scratch: bool = False, wait: float = LOCK_SECONDS) -> "CrawlLedger":
        """Open the ledger, made where there is none.

        Parameters
        ----------
        path : Path
            The file.
        scratch : bool
            Work on a copy in memory; nothing is written.
        wait : float
            Seconds to wait for another crawler.

        Raises
        ------
        CorpusError
            Written by another version, damaged, or another crawler holds it.
        """
        if scratch:
            database = connect(":memory:")
            if path.is_file():
                with read_only(path) as source:
                    source.backup(database)
            prepare(database, path)
            return cls(database, None)
        lock = FileLock(path.with_suffix(".lock"))
        try:
            lock.acquire(timeout=wait)
        except Timeout:
            raise CorpusError(
                "another process is crawling for this corpus", str(path), "wait until it has ended"
            ) from None
        try:
            database = connect(str(path))
            prepare(database, path)
        except BaseException:
            lock.release()
            raise
        return cls(database, lock)

    def close(self) -> None:
        """Close the file and let the next crawler in."""
        self._database.close()
        if self._lock:
            self._lock.release()

    def __enter__(self) -> "CrawlLedger":
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._database as database:
                yield database
        except sqlite3.Error as error:
            raise CorpusError(
                f"the ledger could not be written: {error}",
                LEDGER_FILE,
                "free some space or check the rights to the folder, then crawl again to go on",
            ) from error

    # Walks.

    def begin(
        self, source_id: str, started: str, *, full: bool, recheck: bool, seeds: Iterable[Wanted]
    ) -> Walk:
        """Begin a walk through a source; what an earlier one left waiting is forgotten."""
        with self._transaction() as db:
            db.execute("DELETE FROM frontier WHERE source_id = ?", (source_id,))
            (last,) = db.execute("SELECT COALESCE(MAX(walk), 0) FROM walks").fetchone()
            walk = Walk(last + 1, source_id, started, full, recheck)
            db.execute(_insert("walks", _WALK), astuple(walk))
            self._add(seeds)
        return walk

    def open_walk(self, source_id: str) -> Walk | None:
        """The walk through a source that has not come to its end."""
        return self._walk("source_id = ? AND state != 'done'", source_id)

    def last_walk(self, source_id: str, *listed: str) -> Walk | None:
        """The last walk that came to its end, or the last whose lists ended as one of ``listed``."""
        ended = f" AND listed IN ({_marks(len(listed))})" if listed else ""
        return self._walk(f"source_id = ? AND state = 'done'{ended}", source_id, *listed)

    def _walk(self, condition: str, *values: object) -> Walk | None:
        found = self._database.execute(
            f"SELECT {', '.join(_WALK)} FROM walks WHERE {condition} ORDER BY walk DESC LIMIT 1", values
        ).fetchone()
        return Walk(*found) if found else None

    def save_walk(self, walk: Walk, found: Iterable[Wanted] = ()) -> int:
        """Write how a walk stands; returns how many of ``found`` were new. A walk that is done waits for nothing."""
        with self._transaction() as db:
            added = self._add(found)
            db.execute(_insert("walks", _WALK), astuple(walk))
            if walk.state == "done":
                db.execute("DELETE FROM frontier WHERE source_id = ?", (walk.source_id,))
        return added

    # What waits.

    def lanes(self) -> list[tuple[str, str]]:
        """Source and host of all that waits."""
        return self._database.execute(
            "SELECT DISTINCT source_id, host FROM frontier WHERE done = 0 ORDER BY source_id, host"
        ).fetchall()

    def count_waiting(self, source_id: str, roles: Sequence[str] = ()) -> int:
        """How many addresses of a source wait."""
        condition = f" AND role IN ({_marks(len(roles))})" if roles else ""
        found = self._database.execute(
            f"SELECT COUNT(*) FROM frontier WHERE done = 0 AND source_id = ?{condition}", (source_id, *roles)
        )
        return int(found.fetchone()[0])

    def waiting(
        self, source_id: str, host: str, now: float, count: int, roles: Sequence[str] = tuple(ROLE_ORDER)
    ) -> list[Wanted]:
        """At most ``count`` addresses that may be asked for by now, in the order to ask for them."""
        rows = self._database.execute(
            f"SELECT {', '.join(_WANTED)}, row FROM frontier WHERE done = 0 AND source_id = ? AND host = ?"
            f" AND not_before <= ? AND role IN ({_marks(len(roles))}) ORDER BY rank, row LIMIT ?",
            (source_id, host, now, *roles, count),
        )
        return [_wanted(row) for row in rows]

    def all_waiting(self, source_id: str) -> Iterator[Wanted]:
        """All that waits in a source, in the order in which it was found."""
        rows = self._database.execute(
            f"SELECT {', '.join(_WANTED)}, row FROM frontier WHERE done = 0 AND source_id = ? ORDER BY row",
            (source_id,),
        )
        return map(_wanted, rows)

    def later(self, source_id: str, host: str, now: float) -> float | None:
        """When the first of what must not be asked for yet may be; None when there is nothing of the kind."""
        found = self._database.execute(
            "SELECT MIN(not_before) FROM frontier"
            " WHERE done = 0 AND source_id = ? AND host = ? AND not_before > ?",
            (source_id, host, now),
        ).fetchone()[0]
        return None if found is None else float(found)

    def postpone(self, wanted: Wanted, not_before: float) -> None:
        """Ask again later; the attempt is counted."""
        with self._transaction() as db:
            db.execute(
                "UPDATE frontier SET attempts = attempts + 1, not_before = ? WHERE row = ?",
                (not_before, wanted.row),
            )

    def renew_starts(self, source_id: str) -> None:
        """Let the start pages of an open walk be asked for once more."""
        with self._transaction() as db:
            db.execute(
                "UPDATE frontier SET done = 0, attempts = 0 WHERE source_id = ? AND role = 'list' AND depth = 0",
                (source_id,),
            )

    def settle(
        self,
        done: Wanted,
        walk: Walk,
        visits: Sequence[Visit] = (),
        found: Sequence[Wanted] = (),
        seen: Collection[str] = (),
        now: str = "",
    ) -> int:
        """Enter one answer: what it brought, what it led to, that it is done. One transaction.

        Parameters
        ----------
        visits : sequence of Visit
            The address's own, and others that its page decided.
        found : sequence of Wanted
            Addresses to ask for; those that this walk knows are left out.
        seen : collection of str
            Families that a list page named: all their addresses are seen at ``now``.

        Returns
        -------
        int
            How many of ``found`` were new to the walk.
        """
        with self._transaction() as db:
            for family in seen:
                db.execute(
                    "UPDATE visits SET last_seen = ?, walk = ?, reason = NULLIF(reason, 'unlisted'), state ="
                    " CASE WHEN state IN ('failed', 'gone', 'excluded') THEN state"
                    " ELSE 'unchanged' END WHERE source_id = ? AND family = ? AND walk != ?",
                    (now, walk.walk, walk.source_id, family, walk.walk),
                )
            db.executemany(_insert("visits", _VISIT), map(astuple, visits))
            added = self._add(found)
            db.execute(_insert("walks", _WALK), astuple(walk))
            db.execute("UPDATE frontier SET done = 1 WHERE row = ?", (done.row,))
        return added

    def _add(self, found: Iterable[Wanted]) -> int:
        before = self._database.total_changes
        names = ("rank", *_WANTED)
        self._database.executemany(
            f"INSERT OR IGNORE INTO frontier ({', '.join(names)}) VALUES ({_marks(len(names))})",
            ((ROLE_ORDER[wanted.role], *astuple(wanted)[:-1]) for wanted in found),
        )
        return self._database.total_changes - before

    # What is known.

    def visit(self, source_id: str, url: str) -> Visit | None:
        """What is known of an address."""
        return next(self._visits("source_id = ? AND url = ?", source_id, url), None)

    def family(self, source_id: str, family: str) -> list[Visit]:
        """What is known of a notice with its parts and attachments."""
        return list(self._visits("source_id = ? AND family = ?", source_id, family))

    def known(self, source_id: str, urls: Sequence[str]) -> dict[str, Visit]:
        """What is known of some addresses, by address."""
        found: dict[str, Visit] = {}
        for begin in range(0, len(urls), URLS_AT_ONCE):
            part = urls[begin : begin + URLS_AT_ONCE]
            condition = f"source_id = ? AND url IN ({_marks(len(part))})"
            found |= {visit.url: visit for visit in self._visits(condition, source_id, *part)}
        return found

    def unseen(self, walk: Walk) -> Iterator[Visit]:
        """What this walk has not seen: items that brought something once, and whatever failed."""
        return self._visits(
            "source_id = ? AND walk < ? AND role != 'list'"
            " AND (state = 'failed' OR (role = 'item' AND capture_id IS NOT NULL AND state != 'gone'))",
            walk.source_id,
            walk.walk,
        )

    def visits(self, source_id: str | None = None) -> Iterator[Visit]:
        """All that is known, in a fixed order."""
        return self._visits("? IS NULL OR source_id = ?", source_id, source_id)

    def _visits(self, condition: str, *values: object) -> Iterator[Visit]:
        rows = self._database.execute(
            f"SELECT {', '.join(_VISIT)} FROM visits WHERE {condition} ORDER BY source_id, url", values
        )
        return (Visit(*row) for row in rows)

    def holes(self, source_id: str) -> list[tuple[str, int, list[int]]]:
        """Articles of which a page is missing: address, number of pages, the numbers that are missing.

        A page that came in once and has vanished since is kept, so it is not missing.
        """
        rows = self._database.execute(
            "SELECT family, MAX(pages), GROUP_CONCAT(CASE WHEN capture_id IS NOT NULL THEN page END)"
            " FROM visits WHERE source_id = ? AND role IN ('item', 'part') GROUP BY family HAVING MAX(pages) > 1"
            " ORDER BY family",
            (source_id,),
        )
        found = ((url, pages, {int(n) for n in (had or "").split(",") if n}) for url, pages, had in rows)
        missing = (
            (url, pages, [n for n in range(1, pages + 1) if n not in had]) for url, pages, had in found
        )
        return [hole for hole in missing if hole[2]]

    def counts(self, walk: Walk) -> dict[tuple[str, str, str | None], int]:
        """How many addresses a walk saw, by role, state and reason."""
        rows = self._database.execute(
            "SELECT role, state, reason, COUNT(*) FROM visits WHERE source_id = ? AND walk = ? GROUP BY 1, 2, 3",
            (walk.source_id, walk.walk),
        )
        return {(role, state, reason): count for role, state, reason, count in rows}

    def kept(self, source_id: str) -> int:
        """Items of a source that a capture is there of."""
        found = self._database.execute(
            "SELECT COUNT(*) FROM visits WHERE source_id = ? AND role = 'item' AND capture_id IS NOT NULL",
            (source_id,),
        )
        return int(found.fetchone()[0])

    def captures(self) -> set[str]:
        """Ids of all captures that the ledger knows of."""
        rows = self._database.execute("SELECT capture_id FROM visits WHERE capture_id IS NOT NULL")
        return {capture_id for (capture_id,) in rows}

    def forget_lost(self, captures: Collection[str]) -> int:
        """Forget what was brought where the capture is lost, so that it is asked for again; returns how many."""
        lost = [visit for visit in self._visits("capture_id IS NOT NULL") if visit.capture_id not in captures]
        again = (
            replace(
                v, capture_id=None, sha256=None, etag=None, last_modified=None, state="failed", reason="lost"
            )
            for v in lost
        )
        with self._transaction() as db:
            db.executemany(_insert("visits", _VISIT), map(astuple, again))
        return len(lost)


def ledger_rows(path: Path) -> Iterator[dict[str, Any]]:
    """All visits as plain rows in a fixed order; none where nothing was crawled. Taken while nobody writes."""
    if path.is_file():
        if not isinstance(path, Path):
            raise CorpusError(
                "the ledger of a crawl cannot be read in a bucket: it is an SQLite file",
                str(path),
                "ask the folder that was crawled",
            )
        ledger = CrawlLedger(read_only(path), None)
        yield from (asdict(visit) for visit in ledger.visits())
        ledger.close()


def _insert(table: str, names: Sequence[str]) -> str:
    return f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) VALUES ({_marks(len(names))})"


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _wanted(row: Sequence[Any]) -> Wanted:
    values = dict(zip((*_WANTED, "row"), row, strict=True))
    return Wanted(**values | {"known": bool(values["known"])})
