"""What the crawler needs of its ledger; the store's :class:`CrawlLedger` is one."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

from policy_corpus.records import Visit, Walk, Wanted


class Ledger(Protocol):
    """Every address of a corpus's sources, and what waits to be asked for."""

    def begin(
        self, source_id: str, started: str, *, full: bool, recheck: bool, seeds: Iterable[Wanted]
    ) -> Walk:
        """Begin a walk through a source."""

    def open_walk(self, source_id: str) -> Walk | None:
        """The walk through a source that has not come to its end."""

    def last_walk(self, source_id: str, *listed: str) -> Walk | None:
        """The last walk that came to its end, or the last whose lists ended as one of ``listed``."""

    def save_walk(self, walk: Walk, found: Iterable[Wanted] = ()) -> int:
        """Write how a walk stands; returns how many of ``found`` were new."""

    def lanes(self) -> list[tuple[str, str]]:
        """Source and host of all that waits."""

    def count_waiting(self, source_id: str, roles: Sequence[str] = ()) -> int:
        """How many addresses of a source wait."""

    def waiting(
        self, source_id: str, host: str, now: float, count: int, roles: Sequence[str] = ...
    ) -> list[Wanted]:
        """At most ``count`` addresses that may be asked for by now, in the order to ask for them."""

    def later(self, source_id: str, host: str, now: float) -> float | None:
        """When the first of what must not be asked for yet may be; None when there is nothing of the kind."""

    def postpone(self, wanted: Wanted, not_before: float) -> None:
        """Ask again later; the attempt is counted."""

    def renew_starts(self, source_id: str) -> None:
        """Let the start pages of an open walk be asked for once more."""

    def settle(
        self,
        done: Wanted,
        walk: Walk,
        visits: Sequence[Visit] = (),
        found: Sequence[Wanted] = (),
        seen: Collection[str] = (),
        now: str = "",
    ) -> int:
        """Enter one answer in one transaction; returns how many of ``found`` were new to the walk."""

    def visit(self, source_id: str, url: str) -> Visit | None:
        """What is known of an address."""

    def family(self, source_id: str, family: str) -> list[Visit]:
        """What is known of a notice with its parts and attachments."""

    def known(self, source_id: str, urls: Sequence[str]) -> dict[str, Visit]:
        """What is known of some addresses, by address."""

    def unseen(self, walk: Walk) -> Iterator[Visit]:
        """What this walk has not seen: items that brought something once, and whatever failed."""
