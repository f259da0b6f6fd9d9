"""What came of a crawl: counts by source and the issues that a person should see, from the ledger."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from policy_corpus.clean.article import page_numbers
from policy_corpus.collect.crawl.answers import RESTS, make_issue
from policy_corpus.collect.crawl.manners import unlocked
from policy_corpus.collect.crawl.model import Source
from policy_corpus.records import Issue, Visit, Walk
from policy_corpus.store import tables
from policy_corpus.store.crawl_ledger import CrawlLedger

if TYPE_CHECKING:
    from policy_corpus.store.store import Store

STAGE = "crawl"
TOLD = ("problem", "endless_list", "max_list_pages")
"""Reasons of pages that came in, which a person should see all the same."""
BELONGING = ("part", "attachment")
"""Roles of what an article consists of beside its first page."""


@dataclass(slots=True)
class SourceReport:
    """What a crawl found in one source, counted over its walk (several runs where it was cut short).

    ``seen`` to ``gone`` count items, ``gone`` their further pages and attachments too; ``parts`` and ``files`` are
    those of them that are new or changed. ``failed`` counts all addresses by reason.
    """

    source_id: str
    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    parts: int = 0
    files: int = 0
    left_out: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    size: int = 0
    waiting: int = 0
    listed: str | None = None
    kept: int = 0
    expected: int = 0

    @property
    def below_expectation(self) -> bool:
        """Whether the source has fewer items than its table expects, after a walk that came to its end."""
        return not self.waiting and self.kept < self.expected


@dataclass(slots=True)
class CrawlReport:
    """What a crawl did, by source; ``issues`` are all that a person should see of these sources.

    ``planned`` is filled by a dry run: what would be asked for, as ``(source id, address, title, date)``.
    """

    sources: list[SourceReport] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    captured: int = 0
    stopped: bool = False
    resting: dict[str, str] = field(default_factory=dict)
    planned: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)


def conclude(
    sources: Sequence[Source], path: Path, store: "Store", report: CrawlReport, *, limited: bool = False
) -> None:
    """Fill a report from the ledger at ``path``, and make its issues those that the table holds of these sources.

    Parameters
    ----------
    limited : bool
        The run was to ask for a few items only, so what is left is no issue.
    """
    with CrawlLedger.open(path) as ledger:
        for source in sources:
            row, issues = _of_source(
                source, ledger, None if report.stopped else report.resting.get(source.id), limited
            )
            report.sources.append(row)
            report.issues += issues
    for source in sources:
        store.delete(tables.ISSUES, {"stage": STAGE, "place": source.id})
    store.upsert(tables.ISSUES, report.issues)


def _of_source(
    source: Source, ledger: CrawlLedger, rule: str | None, limited: bool
) -> tuple[SourceReport, list[Issue]]:
    walk = ledger.open_walk(source.id) or ledger.last_walk(source.id)
    row = SourceReport(source.id, expected=source.expect, kept=ledger.kept(source.id))
    if walk is None:
        return row, []
    row.requests, row.size, row.listed = walk.requests, walk.size, walk.listed
    row.waiting = ledger.count_waiting(source.id)
    for (role, state, reason), count in ledger.counts(walk).items():
        _count(row, role, state, reason, count)
    issues = [_issue_of(visit) for visit in ledger.visits(source.id) if _speaks(visit, walk)]
    for url, pages, missing in ledger.holes(source.id):
        detail = f"{page_numbers(missing, pages)} {'is' if len(missing) == 1 else 'are'} missing"
        issues.append(make_issue(url, "missing_pages", detail, source.id))
    return row, issues + _rules(source, row, rule, limited)


def _count(row: SourceReport, role: str, state: str, reason: str | None, count: int) -> None:
    if state == "failed":
        row.failed[reason or "failed"] += count
    if state == "excluded":
        row.left_out += count
    elif role == "item":
        row.seen += count
        if state in ("new", "changed", "unchanged", "gone"):
            setattr(row, state, getattr(row, state) + count)
    elif state == "gone" and role in BELONGING:
        row.gone += count
    elif state in ("new", "changed") and role != "list":
        name = "parts" if role == "part" else "files"
        setattr(row, name, getattr(row, name) + count)


def _speaks(visit: Visit, walk: Walk) -> bool:
    """Whether a person should see it: what failed or lost a part, and what was said of a page in the last walk."""
    if visit.role in BELONGING and visit.state == "gone":
        return True
    left_out = visit.state == "excluded" and visit.role in BELONGING and visit.reason != "excluded"
    return visit.state == "failed" or (visit.walk == walk.walk and (left_out or visit.reason in TOLD))


def _issue_of(visit: Visit) -> Issue:
    if visit.state == "gone":
        name = f"page {visit.page}" if visit.role == "part" else f"an attachment ({visit.title or visit.url})"
        return make_issue(visit.url, "vanished", f"{name} of {visit.family}", visit.source_id)
    return make_issue(visit.url, visit.reason or "failed", visit.detail, visit.source_id)


def _rules(source: Source, row: SourceReport, rule: str | None, limited: bool) -> list[Issue]:
    """Issues about the source as a whole."""
    found = []
    start = source.start[0]
    if row.waiting and not limited:
        why = f", {RESTS[rule]}" if rule in RESTS else ""
        found.append(make_issue(start, "unfinished", f"{row.waiting:,} addresses wait{why}", source.id))
    off = [name for _, name in unlocked([source])]
    if off:
        found.append(make_issue(start, "unlocked", ", ".join(f"{name} = false" for name in off), source.id))
    if not row.kept and not row.waiting:
        found.append(make_issue(start, "no_items", None, source.id))
    elif row.below_expectation:
        found.append(make_issue(start, "below_expectation", f"{row.kept:,} of {row.expected:,}", source.id))
    return found
