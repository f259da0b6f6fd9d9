"""What is asked for next: hosts take turns, none is asked more than its pace allows, nothing before its time.

The frontier lies in the ledger; here are only the lanes (a source on a host) with a few addresses read ahead,
so memory does not grow with the number of pages.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from policy_corpus.collect.crawl.ledger import Ledger
from policy_corpus.collect.crawl.model import Source
from policy_corpus.records import Wanted

READ_AHEAD = 64
"""Addresses of a lane held in memory."""
LONGEST_WAIT = 600.0
"""Seconds for which a run waits; what may be asked for later only (night hours, a long Retry-After) is left to the
next run."""
DOWN_AFTER = 25
"""Failures of the network in a row after which a host is left alone for this run; what waits there stays waiting."""
ITEM_ROLES = ("part", "attachment")
"""What belongs to an item that was asked for; it is fetched even when no further item is."""
ALL_ROLES = ("part", "attachment", "item", "list")


@dataclass(slots=True)
class Budget:
    """What a run may still ask for. ``items`` is for each source; None: as many as there are."""

    requests: int
    items: int | None = None
    roles: tuple[str, ...] = ALL_ROLES
    asked: Counter[str] = field(default_factory=Counter)
    asked_items: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Lane:
    source: Source
    host: str
    ahead: deque[Wanted] = field(default_factory=deque)
    wake: float = 0.0
    """When to look into the ledger again; infinity when nothing waits."""


class Frontier:
    """The order of a run.

    Parameters
    ----------
    sources : mapping of str to Source
        Those that this run asks.
    ledger : Ledger
        Where what waits is kept.
    budget : Budget
        What the run may ask for.
    opens : callable
        From a source's hours and the time, when it may next be asked (now, if it may).
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        ledger: Ledger,
        budget: Budget,
        opens: Callable[[str, float], float],
    ) -> None:
        self._sources, self._ledger, self._budget, self._opens = sources, ledger, budget, opens
        self._lanes: deque[_Lane] = deque()
        self._by_name: dict[tuple[str, str], _Lane] = {}
        self._out: dict[int, Wanted] = {}
        self._busy: Counter[str] = Counter()
        self._down: Counter[str] = Counter()
        for source_id, host in ledger.lanes():
            if source_id in sources:
                self._lane(source_id, host)

    @property
    def out(self) -> int:
        """Addresses that are being asked for."""
        return len(self._out)

    def added(self, wanted: Wanted) -> None:
        """Something was put into the ledger that may wait in this lane."""
        lane = self._lane(wanted.source_id, wanted.host)
        lane.wake = min(wanted.not_before, lane.wake)

    def next(self, now: float) -> Wanted | None:
        """The next address to ask for, None when there is none at this moment."""
        for _ in range(len(self._lanes)):
            lane = self._lanes[0]
            self._lanes.rotate(-1)
            wanted = self._from(lane, now)
            if wanted:
                self._count(wanted)
                return wanted
        return None

    def returned(self, wanted: Wanted, reached: bool = True) -> None:
        """An address was answered, or put off; the ledger knows. ``reached``: its host gave an answer."""
        if self._out.pop(wanted.row, None):
            self._busy[wanted.host] -= 1
        self._down[wanted.host] = 0 if reached else self._down[wanted.host] + 1

    def resting(self) -> dict[str, str]:
        """Sources of which something waits that this run does not ask for, and the rule."""
        found = {}
        for lane in self._lanes:
            source = lane.source
            rule = self._rule(source) or ("host_down" if self._is_down(lane) else None)
            if rule is None and source.pace.hours:
                rule = "hours"
            if rule:
                found[source.id] = rule
        return found

    def wakes(self, now: float) -> float | None:
        """When there is something to ask for, apart from what is being asked for; None: not in this run."""
        times = [self._ready(lane, now) for lane in self._lanes if self._asks(lane)]
        soon = min((time for time in times if time <= now + LONGEST_WAIT), default=None)
        return None if soon is None else max(soon, now)

    def _rule(self, source: Source) -> str | None:
        """The rule by which a source is not asked any more in this run, if one holds."""
        budget = self._budget
        if budget.asked.total() >= budget.requests or budget.asked[source.id] >= source.pace.max_requests:
            return "max_requests"
        if budget.items is not None and budget.asked_items[source.id] >= budget.items:
            return "limit"
        return None

    def _from(self, lane: _Lane, now: float) -> Wanted | None:
        roles = self._roles(lane.source)
        if not roles or self._is_down(lane) or self._busy[lane.host] >= lane.source.pace.concurrent:
            return None
        if self._opens(lane.source.pace.hours, now) > now:
            return None
        if not lane.ahead and lane.wake <= now:
            self._read(lane, now)
        while lane.ahead:
            wanted = lane.ahead.popleft()
            if wanted.role in roles and wanted.row not in self._out:
                return wanted
        return None

    def _read(self, lane: _Lane, now: float) -> None:
        roles = self._roles(lane.source)
        rows = self._ledger.waiting(lane.source.id, lane.host, now, READ_AHEAD + len(self._out), roles)
        fresh = [row for row in rows if row.row not in self._out]
        lane.ahead.extend(fresh[:READ_AHEAD])
        if not fresh:
            # What is out still stands in the ledger; its answer wakes the lane.
            later = self._ledger.later(lane.source.id, lane.host, now)
            lane.wake = float("inf") if later is None else later

    def _ready(self, lane: _Lane, now: float) -> float:
        first = now if lane.ahead else lane.wake
        return first if first == float("inf") else self._opens(lane.source.pace.hours, max(first, now))

    def _asks(self, lane: _Lane) -> bool:
        return bool(self._roles(lane.source)) and not self._is_down(lane)

    def _is_down(self, lane: _Lane) -> bool:
        return self._down[lane.host] >= DOWN_AFTER

    def _roles(self, source: Source) -> tuple[str, ...]:
        rule = self._rule(source)
        allowed = () if rule == "max_requests" else ITEM_ROLES if rule == "limit" else ALL_ROLES
        return tuple(role for role in allowed if role in self._budget.roles)

    def _count(self, wanted: Wanted) -> None:
        self._out[wanted.row] = wanted
        self._busy[wanted.host] += 1
        self._budget.asked[wanted.source_id] += 1
        if wanted.role == "item" and not wanted.attempts:
            self._budget.asked_items[wanted.source_id] += 1

    def _lane(self, source_id: str, host: str) -> _Lane:
        lane = self._by_name.get((source_id, host))
        if lane is None:
            lane = self._by_name[source_id, host] = _Lane(self._sources[source_id], host)
            self._lanes.append(lane)
        return lane
