"""Rows of the ledger made from what pages said and servers answered. Values in, values out."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from policy_corpus.collect.crawl.addresses import host_of
from policy_corpus.collect.crawl.model import Entry, Fetched, Source
from policy_corpus.collect.crawl.said import digest
from policy_corpus.records import CrawlRole, Visit, VisitState, Walk, Wanted

FRESH_DAYS = 30
"""An item is asked for again (conditionally) in every run while it is younger: notices are corrected, completed and
withdrawn in their first weeks. A convention, not measured. An item without a date counts from when it was first
seen."""
FRONT_ITEMS = 30
"""So many entries at the head of a list are asked for again (conditionally) in every run, however old they are: what
a site puts first it also mends. A convention, not measured; portals show 10 to 25 entries on a page."""
FULL_WALK_DAYS = 30
"""A walk reads all list pages again when the last that did is older."""
LASTING = frozenset(
    {"not_found", "soft_404", "robots", "foreign_host", "private_address", "bad_address", "refused", "method",
     "wrong_type", "too_large", "login", "redirect_loop"}
)  # fmt: skip
"""Failures that another try soon does not mend; a full walk tries them all the same."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent, after redirects."""

    page: Fetched
    etag: str | None = None
    last_modified: str | None = None
    status: int = 200


def wanted_of(
    entry: Entry, role: CrawlRole, found_on: Wanted, family: str, page: int = 1, known: bool = False
) -> Wanted:
    """An address that a page named."""
    return Wanted(
        found_on.source_id, entry.url, role, host_of(entry.url), family, page, found_on.depth + 1, entry.title,
        entry.date, found_on.url, known,
    )  # fmt: skip


def wanted_again(visit: Visit, found_on: str | None = None) -> Wanted:
    """A known address, to be asked for again."""
    return Wanted(
        visit.source_id, visit.url, visit.role, host_of(visit.url), visit.family, visit.page, 0, visit.title,
        visit.date, found_on, known=True,
    )  # fmt: skip


def start_of(source: Source, known: bool, url: str) -> Wanted:
    """A start page: a list, or an item where the start pages are the items."""
    if source.kind == "page":
        return Wanted(source.id, url, "item", host_of(url), url, known=known)
    return Wanted(source.id, url, "list", host_of(url), "", known=known)


def visited(
    wanted: Wanted, before: Visit | None, walk: int, now: str, state: VisitState, reason: str | None = None,
    detail: str | None = None, status: int | None = None,
) -> Visit:  # fmt: skip
    """What is known of an address after it was dealt with in a walk; what was known before and still holds stays."""
    if before is None:
        before = Visit(wanted.source_id, wanted.url, wanted.role, wanted.family, state, walk, now, now)
    return replace(
        before, role=wanted.role, family=wanted.family, page=wanted.page, state=state, walk=walk, last_seen=now,
        reason=reason, detail=detail, status=status,
        title=wanted.title or before.title, date=wanted.date or before.date,
    )  # fmt: skip


def with_answer(visit: Visit, answer: Answer) -> Visit:
    """A visit with what the server said of the page; of one that has not changed (304) that is nothing new."""
    if answer.status == 304:
        return replace(visit, status=304)
    page = answer.page
    return replace(
        visit, status=answer.status, etag=answer.etag, last_modified=answer.last_modified, size=len(page.data),
        sha256=digest(page.data), final_url=page.url if page.url != visit.url else None,
    )  # fmt: skip


def tells_otherwise(before: Visit, entry: Entry) -> bool:
    """Whether a list says another title or date of an item than before; what it does not say is no difference."""
    pairs = ((entry.title, before.title), (entry.date, before.date))
    return any(told and kept and told != kept for told, kept in pairs)


def is_due(walk: Walk, visit: Visit, now: str) -> bool:
    """Whether a known item is asked for again though no list tells otherwise of it."""
    if walk.recheck or visit.state in ("failed", "gone", "excluded"):
        return True
    return not older(visit.date or visit.first_seen, now, FRESH_DAYS)


def worth_asking(walk: Walk, visit: Visit, now: str) -> bool:
    """Whether to ask for what this walk has not seen.

    What failed is asked for again when that may pass; what came in, while it is young; and when all lists were read
    and none names it any more, once, to see whether it is gone.
    """
    if visit.state == "failed":
        return walk.full or walk.recheck or visit.reason not in LASTING
    return is_due(walk, visit, now) or (walk.listed == "all" and visit.reason != "unlisted")


def older(time: str, now: str, days: int) -> bool:
    """Whether a date (as much as is known) lies more than ``days`` before now; what cannot be read does not."""
    try:
        return date.fromisoformat(time[:10]) < date.fromisoformat(now[:10]) - timedelta(days=days)
    except ValueError:
        return False
