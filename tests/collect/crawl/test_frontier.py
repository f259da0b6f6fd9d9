"""What is asked for next: hosts take turns, nothing before its time, nothing beyond the budget."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from policy_corpus.collect.crawl.frontier import DOWN_AFTER, LONGEST_WAIT, READ_AHEAD, Budget, Frontier
from policy_corpus.collect.crawl.model import Pace, Source
from policy_corpus.records import Walk, Wanted
from policy_corpus.store.crawl_ledger import CrawlLedger

NOW = 1_700_000_000.0
DAY = "2024-05-01T08:00:00Z"


@pytest.fixture
def ledger(tmp_path: Path):  # type: ignore[no-untyped-def]
    with CrawlLedger.open(tmp_path / "crawl.db") as opened:
        yield opened


def source(name: str, **pace: object) -> Source:
    return Source(name, (f"https://{name}.example/",), pace=replace(Pace(concurrent=100), **pace))  # type: ignore[arg-type]


def items(name: str, count: int, host: str = "", role: str = "item", **more: object) -> list[Wanted]:
    host = host or f"{name}.example"
    return [
        Wanted(name, f"https://{host}/{role}{n}", role, host, f"https://{host}/{n}", **more)
        for n in range(count)
    ]  # type: ignore[arg-type]


def frontier(
    ledger: CrawlLedger, sources: Sequence[Source], rows: Sequence[Wanted], budget: Budget | None = None,
    opens=lambda hours, now: now,  # type: ignore[no-untyped-def]
) -> tuple[Frontier, dict[str, Walk]]:  # fmt: skip
    walks = {
        one.id: ledger.begin(
            one.id, DAY, full=True, recheck=False, seeds=[r for r in rows if r.source_id == one.id]
        )
        for one in sources
    }
    return Frontier({one.id: one for one in sources}, ledger, budget or Budget(10**6), opens), walks


def drain(order: Frontier, count: int = 1000, now: float = NOW) -> list[Wanted]:
    found = []
    while len(found) < count and (wanted := order.next(now)):
        found.append(wanted)
    return found


def test_hosts_take_turns(ledger: CrawlLedger) -> None:
    order, _ = frontier(ledger, [source("a"), source("b")], [*items("a", 50), *items("b", 3)])
    assert [wanted.source_id for wanted in drain(order, 6)] == ["a", "b", "a", "b", "a", "b"]


def test_a_slow_host_does_not_hold_up_the_others(ledger: CrawlLedger) -> None:
    order, _ = frontier(
        ledger, [source("slow", concurrent=1), source("quick")], [*items("slow", 9), *items("quick", 9)]
    )
    assert [wanted.source_id for wanted in drain(order)].count("quick") == 9
    assert order.out == 10


def test_a_host_is_asked_no_more_at_a_time_than_its_pace_allows(ledger: CrawlLedger) -> None:
    order, walks = frontier(ledger, [source("a", concurrent=2)], items("a", 5))
    first, _ = drain(order)
    assert order.next(NOW) is None
    ledger.settle(first, walks["a"])
    order.returned(first)
    assert len(drain(order)) == 1


def test_nothing_is_handed_out_twice(ledger: CrawlLedger) -> None:
    order, walks = frontier(ledger, [source("a")], items("a", READ_AHEAD * 2 + 7))
    found = []
    while wanted := order.next(NOW):
        found.append(wanted.url)
        if len(found) % 3:  # two of three are answered, the others are still out
            ledger.settle(wanted, walks["a"])
            order.returned(wanted)
    assert len(found) == len(set(found)) == READ_AHEAD * 2 + 7


def test_what_is_found_meanwhile_is_handed_out(ledger: CrawlLedger) -> None:
    order, walks = frontier(ledger, [source("a")], items("a", 1))
    (first,) = drain(order)
    more = items("a", 3, host="other.example")
    ledger.settle(first, walks["a"], found=more)
    order.returned(first)
    for wanted in more:
        order.added(wanted)
    assert len(drain(order)) == 3


def test_what_was_put_off_comes_at_its_time(ledger: CrawlLedger) -> None:
    order, _ = frontier(ledger, [source("a")], items("a", 1))
    (first,) = drain(order)
    ledger.postpone(first, NOW + 30)
    order.added(replace(first, not_before=NOW + 30))
    order.returned(first)
    assert (order.next(NOW + 29), order.wakes(NOW)) == (None, NOW + 30)
    assert [wanted.attempts for wanted in drain(order, now=NOW + 30)] == [1]


def test_what_an_earlier_run_put_off_is_waited_for(ledger: CrawlLedger) -> None:
    order, _ = frontier(ledger, [source("a")], items("a", 1, not_before=NOW + 20))
    assert order.next(NOW) is None
    assert order.wakes(NOW) == NOW + 20


def test_a_run_does_not_wait_for_hours(ledger: CrawlLedger) -> None:
    order, _ = frontier(ledger, [source("a")], items("a", 1, not_before=NOW + LONGEST_WAIT + 1))
    assert order.next(NOW) is None
    assert order.wakes(NOW) is None


def test_a_source_is_asked_in_its_hours_only(ledger: CrawlLedger) -> None:
    night = source("night", hours="22:00-06:00")

    def opens(hours: str, now: float) -> float:
        return NOW + 7200 if hours else now

    order, _ = frontier(ledger, [night, source("day")], [*items("night", 2), *items("day", 2)], opens=opens)
    assert [wanted.source_id for wanted in drain(order)] == ["day", "day"]
    assert order.wakes(NOW) is None
    assert order.resting() == {"night": "hours"}
    assert order.wakes(NOW + 7000) == NOW + 7200


@pytest.mark.parametrize(
    ("budget", "handed_out"), [(Budget(5), 5), (Budget(100, items=2), 2), (Budget(100), 8)]
)
def test_a_run_asks_no_more_than_its_budget(ledger: CrawlLedger, budget: Budget, handed_out: int) -> None:
    order, _ = frontier(ledger, [source("a")], items("a", 8), budget)
    assert len(drain(order)) == handed_out
    assert bool(order.resting()) == (handed_out < 8)


def test_the_items_of_a_budget_are_made_whole(ledger: CrawlLedger) -> None:
    rows = [*items("a", 4), *items("a", 2, role="attachment")]
    order, walks = frontier(ledger, [source("a")], rows[:4], Budget(100, items=1))
    (first,) = drain(order)
    ledger.settle(first, walks["a"], found=rows[4:])
    order.returned(first)
    for row in rows[4:]:
        order.added(row)
    assert [wanted.role for wanted in drain(order)] == ["attachment", "attachment"]


def test_a_host_that_gives_no_answer_is_left_alone(ledger: CrawlLedger) -> None:
    order, walks = frontier(
        ledger, [source("dead"), source("alive")], [*items("dead", 60), *items("alive", 60)]
    )
    asked = 0
    while wanted := order.next(NOW):
        asked += wanted.source_id == "dead"
        if wanted.source_id == "alive":
            ledger.settle(wanted, walks["alive"])
        order.returned(wanted, reached=wanted.source_id == "alive")
    assert asked == DOWN_AFTER
    assert order.resting() == {"dead": "host_down"}
    assert ledger.count_waiting("dead") == 60
