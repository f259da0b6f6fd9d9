"""What follows from each answer: bytes are kept, pages read, further addresses found, all in one entry of the ledger.

No network here. The order is the safety: first the bytes go into the archive, then one transaction of the ledger
says what they were and what they led to. A crawl that is killed between the two fetches that page once more and
recognises its bytes.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from policy_corpus.collect.captures import CaptureArchive
from policy_corpus.collect.crawl import said
from policy_corpus.collect.crawl.addresses import admitted, excluded, host_of, on_host
from policy_corpus.collect.crawl.code import CodeError, Readers
from policy_corpus.collect.crawl.ledger import Ledger
from policy_corpus.collect.crawl.model import Entry, ItemPage, ListPage, Source
from policy_corpus.collect.crawl.traps import ListWatch
from policy_corpus.collect.crawl.visits import (
    FRONT_ITEMS,
    FULL_WALK_DAYS,
    Answer,
    is_due,
    older,
    start_of,
    tells_otherwise,
    visited,
    wanted_again,
    wanted_of,
    with_answer,
    worth_asking,
)
from policy_corpus.records import Capture, Origin, Visit, VisitState, Walk, Wanted

RENEWED_DAYS = 1
"""A walk that goes on after more days asks for its start pages once more: what is new stands there."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the sources are walked. ``full``: all list pages; ``recheck``: all known items; ``dry``: nothing is kept."""

    full: bool = False
    recheck: bool = False
    dry: bool = False


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
        Where all is entered; a dry run has no archive.
    readers : mapping of str to Readers
        What reads the pages of each source.
    plan : Plan
    clock : callable
        The time as ``2024-05-01T08:30:00Z``.
    orphans : mapping of str to str
        Ids of captures that the ledger does not name, and when each was taken: earlier states of an address, or what
        a run kept that was killed before the ledger knew.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        ledger: Ledger,
        archive: CaptureArchive | None,
        readers: Mapping[str, Readers],
        plan: Plan,
        clock: Callable[[], str],
        orphans: Mapping[str, str] | None = None,
    ) -> None:
        self._sources, self._ledger, self._archive, self._readers = sources, ledger, archive, readers
        self._plan, self._clock, self._orphans = plan, clock, orphans or {}
        self._walks: dict[str, Walk] = {}
        self._left: dict[str, int] = {}
        self._watches = {source_id: ListWatch(int(clock()[:4])) for source_id in sources}
        self.told = Told()
        self.on_added: Callable[[Wanted], None] = lambda _: None
        """Called with each address that was put into the ledger."""

    def begin(self) -> None:
        """Go on with the walks that are open, begin the others."""
        for source in self._sources.values():
            walk = self._ledger.open_walk(source.id)
            if walk and walk.state == "open" and older(walk.started, self._clock(), RENEWED_DAYS):
                self._ledger.renew_starts(source.id)
            self._walks[source.id] = walk or self._new_walk(source)
            self._left[source.id] = self._ledger.count_waiting(source.id)
            self._settle_source(source)

    def known(self, wanted: Wanted) -> Visit | None:
        """What an address brought before."""
        return self._ledger.visit(wanted.source_id, wanted.url)

    def answered(self, wanted: Wanted, answer: Answer) -> None:
        """Enter an answer that brought something, or says that nothing has changed (304)."""
        try:
            if wanted.role == "list":
                self._list_page(wanted, answer)
            else:
                self._page(wanted, answer)
        except CodeError as error:
            self.missed(wanted, "source_code", f"{error.what} ({error.where})", answer.status)

    def missed(self, wanted: Wanted, reason: str, detail: str | None, status: int | None) -> None:
        """Enter that an address brought nothing; what is not there and was once is gone."""
        before = self.known(wanted)
        gone = reason in ("not_found", "soft_404") and before is not None and before.capture_id is not None
        walk = self._walks[wanted.source_id]
        visit = visited(
            wanted, before, walk.walk, self._clock(), "gone" if gone else "failed", reason, detail, status
        )
        if wanted.role == "list" and walk.listed is None:
            walk = replace(walk, listed="failed")
        self._enter(wanted, walk, visit)

    def put_off(self, wanted: Wanted, not_before: float) -> None:
        """Ask again later."""
        self._ledger.postpone(wanted, not_before)
        walk = self._walks[wanted.source_id]
        self._walks[wanted.source_id] = replace(walk, requests=walk.requests + 1)
        self.on_added(replace(wanted, not_before=not_before, attempts=wanted.attempts + 1))

    def _new_walk(self, source: Source) -> Walk:
        known = self._ledger.known(source.id, source.start)
        last = self._ledger.last_walk(source.id, "all", "endless_list")
        due = last is None or older(last.started, self._clock(), FULL_WALK_DAYS)
        return self._ledger.begin(
            source.id, self._clock(), full=self._plan.full or due, recheck=self._plan.recheck,
            seeds=[start_of(source, url in known, url) for url in source.start],
        )  # fmt: skip

    # Lists.

    def _list_page(self, wanted: Wanted, answer: Answer) -> None:
        source, walk, now = self._sources[wanted.source_id], self._walks[wanted.source_id], self._clock()
        before = self.known(wanted)
        if answer.status == 304 and before and before.says:
            page = said.list_page(before.says)
        else:
            page = self._readers[source.id].read_list(source, answer.page)
        walk = replace(walk, list_pages=walk.list_pages + 1)
        found, left_out, seen, news = self._entries(source, walk, wanted, page.entries, now)
        visit = visited(wanted, before, walk.walk, now, "unchanged" if before else "new")
        visit = replace(with_answer(visit, answer), says=said.of_list(page))
        if page.problems:
            visit = replace(visit, reason="problem", detail="; ".join(page.problems))
        rule = self._stopped(source, walk, wanted, page, visit.sha256 or "", news)
        if rule:
            walk = replace(walk, listed=walk.listed or rule[0])
            visit = replace(visit, reason=rule[0], detail=rule[1]) if rule[1] else visit
        further = self._further(source, wanted, page, stopped=rule is not None)
        self._enter(wanted, walk, visit, [*found, *further], left_out, seen, len(answer.page.data))

    def _entries(
        self, source: Source, walk: Walk, wanted: Wanted, entries: Sequence[Entry], now: str
    ) -> tuple[list[Wanted], list[Visit], list[str], int]:
        """Addresses to ask for, visits of what is left out, families that are seen, number that is new or changed."""
        known = self._ledger.known(source.id, [entry.url for entry in entries])
        found: list[Wanted] = []
        left_out: list[Visit] = []
        seen: list[str] = []
        news = 0
        for place, entry in enumerate(entries):
            before = known.get(entry.url)
            item = wanted_of(entry, "item", wanted, entry.url, known=before is not None)
            if not admitted(source, entry.url):
                reason = "excluded" if on_host(source, entry.url) else "foreign_host"
                left_out.append(visited(item, before, walk.walk, now, "excluded", reason))
                continue
            if before is not None and before.walk == walk.walk:
                continue
            fresh = before is None or before.state == "failed" or tells_otherwise(before, entry)
            news += fresh and (before is None or before.state != "failed")
            if before is not None and before.role == "item":
                seen.append(entry.url)
                found += self._failed_parts(source, before)
            front = wanted.page == 1 and place < FRONT_ITEMS
            if fresh or front or before is None or is_due(walk, before, now):
                found.append(item)
        return found, left_out, seen, news

    def _failed_parts(self, source: Source, item: Visit) -> list[Wanted]:
        """Parts and attachments of a known item that have failed so far."""
        family = self._ledger.family(source.id, item.url)
        failed = [v for v in family if v.state == "failed" and v.url != item.url]
        return [wanted_again(v, item.url) for v in failed if not excluded(source, v.url)]

    def _stopped(
        self, source: Source, walk: Walk, wanted: Wanted, page: ListPage, digest: str, news: int
    ) -> tuple[str, str | None] | None:
        """The rule by which the list is not followed to its next page, if there is one: reason and detail."""
        if not page.next or not on_host(source, page.next):
            return None
        if not walk.full and page.entries and not news:
            return "known", None
        # This page is still counted among those that wait.
        lists = walk.list_pages + self._ledger.count_waiting(source.id, ["list"]) - 1
        if lists >= source.reach.max_list_pages:
            return "max_list_pages", f"{lists:,} list pages"
        entries = [entry.url for entry in page.entries]
        watch = self._watches[source.id]
        endless = watch.read(wanted.url, entries, digest, page.next, wanted.page, page.pages)
        return ("endless_list", endless) if endless else None

    def _further(self, source: Source, wanted: Wanted, page: ListPage, stopped: bool) -> list[Wanted]:
        following = [page.next] if page.next and not stopped else []
        addresses = [url for url in (*following, *page.lists) if on_host(source, url)]
        known = self._ledger.known(source.id, addresses)
        return [
            Wanted(source.id, url, "list", host_of(url), "", wanted.page + (url == page.next), wanted.depth + 1,
                   found_on=wanted.url, known=url in known)
            for url in addresses
        ]  # fmt: skip

    # Items, parts, attachments.

    def _page(self, wanted: Wanted, answer: Answer) -> None:
        source, walk, now = self._sources[wanted.source_id], self._walks[wanted.source_id], self._clock()
        before = self.known(wanted)
        again = walk.state == "rechecking" and wanted.found_on is None
        unlisted = again and walk.listed == "all" and wanted.role == "item"
        visit = visited(wanted, before, walk.walk, now, "unchanged", "unlisted" if unlisted else None)
        visit = with_answer(visit, answer)
        if answer.status == 304 and before is not None:
            says = said.item_page(before.says)
        else:
            attached = wanted.role == "attachment"
            says = ItemPage() if attached else self._readers[source.id].read_item(source, answer.page)
            visit = self._keep(source, wanted, answer, says, _of_item(visit, wanted, says), before)
        found, left_out = self._parts(source, wanted, says, now)
        self._enter(wanted, walk, visit, found, left_out, size=len(answer.page.data))

    def _keep(
        self,
        source: Source,
        wanted: Wanted,
        answer: Answer,
        says: ItemPage,
        visit: Visit,
        before: Visit | None,
    ) -> Visit:
        """Keep the bytes, unless they are those of before, or of the address that this one leads to."""
        if before and before.capture_id and before.sha256 == visit.sha256:
            return visit
        page = answer.page
        twin = self._ledger.visit(source.id, page.url) if page.url != wanted.url else None
        if twin and twin.capture_id and twin.sha256 == visit.sha256:
            return replace(visit, reason="same_page", detail=twin.url, capture_id=twin.capture_id)
        state: VisitState = "changed" if before and before.capture_id else "new"
        key = Capture.id_of(visit.sha256 or "", wanted.url)
        taken = self._orphans.get(key)
        if taken and (before is None or taken > (before.last_changed or "")):
            return replace(visit, state=state, last_changed=visit.last_seen, capture_id=key)
        role = "attachment" if wanted.role == "attachment" else "page"
        origin = Origin(
            source.id, wanted.family, role, wanted.page, says.pages, visit.title, visit.date,  # type: ignore[arg-type]
            source.issuer, source.region,
        )  # fmt: skip
        assert self._archive is not None, "a dry run asks for list pages only"
        capture = self._archive.write(
            page.data, wanted.url, media_type=said.media_type(page), captured_at=visit.last_seen,
            url=page.url, charset=page.charset, origin=origin,
        )  # fmt: skip
        self.told.captures.append(capture)
        return replace(visit, state=state, last_changed=visit.last_seen, capture_id=key)

    def _parts(
        self, source: Source, wanted: Wanted, says: ItemPage, now: str
    ) -> tuple[list[Wanted], list[Visit]]:
        """The article's further pages and attachments, and visits of those that are left out."""
        found = [
            wanted_of(Entry(url, wanted.title, wanted.date), "part", wanted, wanted.family, wanted.page + n)
            for n, url in enumerate(says.following, 1)
            if url != wanted.family
        ]
        found += [wanted_of(entry, "attachment", wanted, wanted.family) for entry in says.attachments]
        known = self._ledger.known(source.id, [part.url for part in found])
        walk, limit = self._walks[source.id].walk, source.reach.max_item_pages
        kept: list[Wanted] = []
        left_out: list[Visit] = []
        for part in found:
            before = known.get(part.url)
            if not on_host(source, part.url):
                left_out.append(
                    visited(part, before, walk, now, "excluded", "foreign_host", host_of(part.url))
                )
            elif excluded(
                source, part.url
            ):  # ``include`` says what an item's address looks like; a file's is other
                left_out.append(visited(part, before, walk, now, "excluded", "excluded"))
            elif part.role == "part" and part.page > limit:
                detail = f"page {part.page} of at least {says.pages}"
                left_out.append(visited(part, before, walk, now, "excluded", "max_item_pages", detail))
            else:
                kept.append(replace(part, known=before is not None))
        return kept, left_out

    # Entering.

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
            now = self._clock()
            again = [wanted_again(v) for v in self._ledger.unseen(walk) if worth_asking(walk, v, now)]
            self._walks[source.id] = walk
            self._left[source.id] = self._ledger.save_walk(walk, again)
            for wanted in again:
                self.on_added(wanted)
        if not self._left[source.id]:
            self._walks[source.id] = replace(walk, state="done", ended=self._clock())
            self._ledger.save_walk(self._walks[source.id])


def _of_item(visit: Visit, wanted: Wanted, says: ItemPage) -> Visit:
    """The visit with what an item's page says of itself; the list's title and date go before its own."""
    visit = replace(
        visit, pages=says.pages, images=says.images, says=said.of_item(says),
        title=wanted.title or says.title, date=wanted.date or says.date,
    )  # fmt: skip
    return replace(visit, reason="problem", detail="; ".join(says.problems)) if says.problems else visit
