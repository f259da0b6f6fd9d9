"""What follows from each answer: bytes are kept, pages read, further addresses found, all in one entry of the ledger.

No network here. The order is the safety: first the bytes go into the archive, then one transaction of the ledger
says what they were and what they led to. A crawl that is killed between the two fetches that page once more and
recognises its bytes.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Protocol

from policy_corpus.collect.crawl import said
from policy_corpus.collect.crawl.addresses import admitted, host_of, on_host
from policy_corpus.collect.crawl.ledger import Ledger
from policy_corpus.collect.crawl.model import Entry, Fetched, ItemPage, ListPage, Source
from policy_corpus.records import Capture, CrawlRole, Origin, Visit, VisitState, Walk, Wanted

FRESH_DAYS = 30
"""An item is asked for again (conditionally) in every run while it is younger: notices are corrected, completed and
withdrawn in their first weeks. A convention, not measured. An item without a date counts from when it was first
seen."""
FULL_WALK_DAYS = 30
"""A walk reads all list pages again when the last that did is older."""


class Archive(Protocol):
    """Where bytes are kept; :class:`~policy_corpus.collect.captures.CaptureArchive` is one."""

    def write(
        self,
        data: bytes,
        source: str,
        *,
        media_type: str,
        captured_at: str,
        url: str | None = None,
        charset: str | None = None,
        origin: Origin | None = None,
    ) -> Capture:
        """Keep some bytes; the capture returned says where."""


@dataclass(frozen=True, slots=True)
class Readers:
    """The adapters that read pages; see :mod:`policy_corpus.collect.crawl.model`."""

    read_list: Callable[[Source, Fetched], ListPage]
    read_item: Callable[[Source, Fetched], ItemPage]


@dataclass(frozen=True, slots=True)
class Plan:
    """How the sources are walked. ``full``: all list pages; ``recheck``: all known items; ``dry``: nothing is kept."""

    full: bool = False
    recheck: bool = False
    dry: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent, after redirects."""

    page: Fetched
    etag: str | None = None
    last_modified: str | None = None
    status: int = 200


@dataclass(slots=True)
class Told:
    """What happened since it was last asked: for progress, and captures for the table."""

    captures: list[Capture] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)


class Walker:
    """Walks through the sources of one run.

    Parameters
    ----------
    sources : mapping of str to Source
    ledger, archive
        Where all is entered.
    readers : Readers
        What reads the pages.
    plan : Plan
    clock : callable
        The time as ``2024-05-01T08:30:00Z``.
    added : callable
        Told of each address that was put into the ledger.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        ledger: Ledger,
        archive: Archive,
        readers: Readers,
        plan: Plan,
        clock: Callable[[], str],
    ) -> None:
        self._sources, self._ledger, self._archive, self._readers = sources, ledger, archive, readers
        self._plan, self._clock = plan, clock
        self._walks: dict[str, Walk] = {}
        self._left: dict[str, int] = {}
        self.told = Told()
        self.on_added: Callable[[Wanted], None] = lambda _: None

    def begin(self) -> None:
        """Go on with the walks that are open, begin the others."""
        for source in self._sources.values():
            walk = self._ledger.open_walk(source.id) or self._new_walk(source)
            self._walks[source.id] = walk
            self._left[source.id] = self._ledger.count_waiting(source.id)
            self._settle_source(source)

    def known(self, wanted: Wanted) -> Visit | None:
        """What an address brought before."""
        return self._ledger.visit(wanted.source_id, wanted.url)

    def answered(self, wanted: Wanted, answer: Answer) -> None:
        """Enter an answer that brought something, or says that nothing has changed (304)."""
        if wanted.role == "list":
            self._list_page(wanted, answer)
        else:
            self._page(wanted, answer)

    def missed(self, wanted: Wanted, reason: str, detail: str | None, status: int | None, gone: bool) -> None:
        """Enter that an address brought nothing."""
        before, now = self.known(wanted), self._clock()
        state: VisitState = "gone" if gone and before and before.capture_id else "failed"
        visit = self._visit(wanted, before, now, state, reason, detail, status)
        walk = self._walks[wanted.source_id]
        if wanted.role == "list" and walk.listed is None:
            walk = replace(walk, listed="failed")
        self._enter(wanted, walk, visit)

    def put_off(self, wanted: Wanted, not_before: float) -> None:
        """Ask again later."""
        self._ledger.postpone(wanted, not_before)
        walk = self._walks[wanted.source_id]
        self._walks[wanted.source_id] = replace(walk, requests=walk.requests + 1)
        self.on_added(replace(wanted, not_before=not_before, attempts=wanted.attempts + 1))

    # Lists.

    def _new_walk(self, source: Source) -> Walk:
        role: CrawlRole = "item" if source.kind == "page" else "list"
        seeds = [
            Wanted(source.id, url, role, host_of(url), url if role == "item" else "") for url in source.start
        ]
        known = self._ledger.known(source.id, [seed.url for seed in seeds])
        seeds = [replace(seed, known=seed.url in known) for seed in seeds]
        last = self._ledger.last_walk(source.id, "all")
        due = last is None or _older(last.started, self._clock(), FULL_WALK_DAYS)
        full = self._plan.full or due
        return self._ledger.begin(
            source.id, self._clock(), full=full, recheck=self._plan.recheck, seeds=seeds
        )

    def _list_page(self, wanted: Wanted, answer: Answer) -> None:
        source, walk, now = self._sources[wanted.source_id], self._walks[wanted.source_id], self._clock()
        before = self.known(wanted)
        if answer.status == 304 and before and before.says:
            page = said.list_page(before.says)
        else:
            page = self._readers.read_list(source, answer.page)
        found, visits, seen, news = self._entries(source, walk, wanted, page.entries, now)
        walk = replace(walk, list_pages=walk.list_pages + 1)
        further, rule = self._further(source, walk, wanted, page, news)
        if rule and walk.listed is None:
            walk = replace(walk, listed=rule)
        problem = "; ".join(page.problems) or None
        visit = self._visit(wanted, before, now, "new" if before is None else "unchanged", None, problem, 200)
        visit = replace(_with_answer(visit, answer, before), says=said.of_list(page))
        self._enter(wanted, walk, visit, [*found, *further], visits, seen, len(answer.page.data))

    def _entries(
        self, source: Source, walk: Walk, wanted: Wanted, entries: Sequence[Entry], now: str
    ) -> tuple[list[Wanted], list[Visit], list[str], int]:
        """Addresses to ask for, visits of what is left out, families that are seen, number that is new or changed."""
        known = self._ledger.known(source.id, [entry.url for entry in entries])
        found: list[Wanted] = []
        left_out: list[Visit] = []
        seen: list[str] = []
        news = 0
        for entry in entries:
            before = known.get(entry.url)
            item = _wanted(source, entry, "item", entry.url, wanted, known=before is not None)
            if not admitted(source, entry.url):
                reason = "excluded" if on_host(source, entry.url) else "foreign_host"
                left_out.append(self._visit(item, before, now, "excluded", reason, None, None))
                continue
            if before is not None and before.walk == walk.walk:
                continue
            fresh = before is None or before.state == "failed" or _tells_otherwise(before, entry)
            news += fresh
            if before is not None and before.role == "item":
                seen.append(entry.url)
                found += self._failed_parts(source, wanted, before)
            if fresh or self._due(walk, before, now):
                found.append(item)
        return found, left_out, seen, news

    def _failed_parts(self, source: Source, wanted: Wanted, item: Visit) -> list[Wanted]:
        """Parts and attachments of a known item that have failed so far."""
        return [
            Wanted(source.id, v.url, v.role, host_of(v.url), v.family, v.page, wanted.depth + 1, v.title, v.date,
                   item.url, known=True)
            for v in self._ledger.family(source.id, item.url)
            if v.state == "failed" and v.url != item.url
        ]  # fmt: skip

    def _further(
        self, source: Source, walk: Walk, wanted: Wanted, page: ListPage, news: int
    ) -> tuple[list[Wanted], str | None]:
        """Further list pages, and the rule that stopped the walk through them."""
        addresses = [url for url in (page.next, *page.lists) if url and on_host(source, url)]
        if not addresses:
            return [], None
        if not walk.full and page.next and page.entries and not news:
            addresses = [url for url in page.lists if on_host(source, url)]
            if not addresses:
                return [], "known"
        # This page is still counted among those that wait.
        if walk.list_pages + self._ledger.count_waiting(source.id, ["list"]) > source.reach.max_list_pages:
            return [], "max_list_pages"
        lists = [
            Wanted(source.id, url, "list", host_of(url), "", wanted.page + 1, wanted.depth + 1,
                   found_on=wanted.url, known=self._ledger.visit(source.id, url) is not None)
            for url in addresses
        ]  # fmt: skip
        return lists, None

    # Items, parts, attachments.

    def _page(self, wanted: Wanted, answer: Answer) -> None:
        source, walk, now = self._sources[wanted.source_id], self._walks[wanted.source_id], self._clock()
        before = self.known(wanted)
        if answer.status == 304 and before is not None:
            says = said.item_page(before.says)
            visit = self._visit(wanted, before, now, "unchanged", self._unlisted(wanted), None, 304)
            found, left_out = self._parts(source, wanted, says, now)
            self._enter(wanted, walk, visit, found, left_out)
            return
        says = ItemPage() if wanted.role == "attachment" else self._readers.read_item(source, answer.page)
        visit = self._keep(source, wanted, answer, says, before, now)
        found, left_out = self._parts(source, wanted, says, now)
        self._enter(wanted, walk, visit, found, left_out, size=len(answer.page.data))

    def _keep(
        self, source: Source, wanted: Wanted, answer: Answer, says: ItemPage, before: Visit | None, now: str
    ) -> Visit:
        title, day = wanted.title or says.title, wanted.date or says.date
        page = answer.page
        visit = replace(
            self._visit(wanted, before, now, "unchanged", self._unlisted(wanted), None, answer.status),
            detail="; ".join(says.problems) or None,
            pages=says.pages, images=says.images, title=title, date=day, says=said.of_item(says),
        )  # fmt: skip
        visit = _with_answer(visit, answer, before)
        if before and before.capture_id and before.sha256 == visit.sha256:
            return visit
        if page.url != wanted.url and visit.sha256:
            twin = self._ledger.same_page(source.id, page.url, visit.sha256, wanted.url)
            if twin:
                return replace(visit, reason="same_page", detail=twin.url, capture_id=twin.capture_id)
        origin = Origin(
            source.id, wanted.family, "attachment" if wanted.role == "attachment" else "page", wanted.page,
            says.pages, title, day, source.issuer, source.region,
        )  # fmt: skip
        capture = self._archive.write(
            page.data, wanted.url, media_type=said.media_type(page), captured_at=now,
            url=page.url, charset=page.charset, origin=origin,
        )  # fmt: skip
        self.told.captures.append(capture)
        state: VisitState = "changed" if before and before.capture_id else "new"
        return replace(visit, state=state, last_changed=now, capture_id=capture.capture_id)

    def _unlisted(self, wanted: Wanted) -> str | None:
        rechecking = self._walks[wanted.source_id].state == "rechecking"
        return "unlisted" if rechecking and wanted.role == "item" and wanted.found_on is None else None

    def _parts(
        self, source: Source, wanted: Wanted, says: ItemPage, now: str
    ) -> tuple[list[Wanted], list[Visit]]:
        """The article's further pages and attachments, and visits of those that are left out."""
        limit = source.reach.max_item_pages
        found = [
            _wanted(
                source, Entry(url, wanted.title, wanted.date), "part", wanted.family, wanted, wanted.page + n
            )
            for n, url in enumerate(says.following, 1)
            if url != wanted.family
        ]
        found += [_wanted(source, e, "attachment", wanted.family, wanted) for e in says.attachments]
        known = self._ledger.known(source.id, [part.url for part in found])
        kept: list[Wanted] = []
        left_out: list[Visit] = []
        for part in found:
            before = known.get(part.url)
            reason = "foreign_host" if not on_host(source, part.url) else None
            if part.role == "part" and part.page > limit:
                reason = "max_item_pages"
            if reason:
                left_out.append(self._visit(part, before, now, "failed", reason, None, None))
            else:
                kept.append(replace(part, known=before is not None))
        return kept, left_out

    # Entering.

    def _visit(
        self, wanted: Wanted, before: Visit | None, now: str, state: VisitState,
        reason: str | None, detail: str | None, status: int | None,
    ) -> Visit:  # fmt: skip
        walk = self._walks[wanted.source_id].walk
        if before is None:
            before = Visit(
                wanted.source_id,
                wanted.url,
                wanted.role,
                wanted.family,
                state,
                walk,
                now,
                now,
                page=wanted.page,
            )
        return replace(
            before, role=wanted.role, family=wanted.family, page=wanted.page, state=state, walk=walk, last_seen=now,
            reason=reason, detail=detail, status=status,
            title=wanted.title or before.title, date=wanted.date or before.date,
        )  # fmt: skip

    def _enter(
        self, done: Wanted, walk: Walk, visit: Visit, found: Sequence[Wanted] = (),
        others: Sequence[Visit] = (), seen: Sequence[str] = (), size: int = 0,
    ) -> None:  # fmt: skip
        source = self._sources[done.source_id]
        walk = replace(walk, requests=walk.requests + 1, size=walk.size + size)
        added = self._ledger.settle(done, walk, [*others, visit], found, seen, visit.last_seen)
        self._walks[source.id] = walk
        self._left[source.id] += added - 1
        for wanted in found:
            self.on_added(wanted)
        if done.role != "list" or visit.state == "failed":
            self.told.states[visit.state] += 1
        self._settle_source(source)

    def _settle_source(self, source: Source) -> None:
        """When nothing waits any more: ask for what was not seen, then end the walk."""
        walk = self._walks[source.id]
        if self._left[source.id] or self._plan.dry:
            return
        if walk.state == "open":
            walk = replace(walk, state="rechecking", listed=walk.listed or "all")
            again = [
                _wanted_again(visit) for visit in self._ledger.unseen(walk) if self._worth_asking(walk, visit)
            ]
            self._walks[source.id] = walk
            self._left[source.id] = self._ledger.save_walk(walk, again)
            for wanted in again:
                self.on_added(wanted)
        if not self._left[source.id]:
            self._walks[source.id] = replace(walk, state="done", ended=self._clock())
            self._ledger.save_walk(self._walks[source.id])

    def _worth_asking(self, walk: Walk, visit: Visit) -> bool:
        """An item that the lists do not name: asked for while young, else once after all lists were read."""
        if self._due(walk, visit, self._clock()):
            return True
        return walk.listed == "all" and visit.reason != "unlisted"

    def _due(self, walk: Walk, visit: Visit | None, now: str) -> bool:
        if visit is None or walk.recheck or visit.state in ("failed", "gone", "excluded"):
            return True
        return not _older(visit.date or visit.first_seen, now, FRESH_DAYS)


def _wanted(
    source: Source,
    entry: Entry,
    role: CrawlRole,
    family: str,
    found_on: Wanted,
    page: int = 1,
    known: bool = False,
) -> Wanted:
    return Wanted(
        source.id, entry.url, role, host_of(entry.url), family, page, found_on.depth + 1, entry.title,
        entry.date, found_on.url, known,
    )  # fmt: skip


def _wanted_again(visit: Visit) -> Wanted:
    return Wanted(
        visit.source_id, visit.url, visit.role, host_of(visit.url), visit.family, visit.page, 0, visit.title,
        visit.date, known=True,
    )  # fmt: skip


def _tells_otherwise(before: Visit, entry: Entry) -> bool:
    """Whether a list says another title or date of an item than before; what it does not say is no difference."""
    return any(
        said and kept and said != kept
        for said, kept in ((entry.title, before.title), (entry.date, before.date))
    )


def _with_answer(visit: Visit, answer: Answer, before: Visit | None) -> Visit:
    data = answer.page.data
    if answer.status == 304 and before is not None:
        return replace(visit, status=304)
    return replace(
        visit, status=answer.status, etag=answer.etag, last_modified=answer.last_modified, size=len(data),
        sha256=said.digest(data), final_url=answer.page.url if answer.page.url != visit.url else None,
    )  # fmt: skip


def _older(time: str, now: str, days: int) -> bool:
    """Whether a date (as much as is known) lies more than ``days`` before now; what cannot be read does not."""
    try:
        return date.fromisoformat(time[:10]) < date.fromisoformat(now[:10]) - timedelta(days=days)
    except ValueError:
        return False
