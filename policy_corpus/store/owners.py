"""Which owners have rows: known to the one who writes, so that no table is searched for each batch of new ones."""

import sys
from collections.abc import Callable, Collection, Iterable
from typing import Any

from policy_corpus.store.conditions import Value, Where
from policy_corpus.store.tables import Table


class Owners:
    """Values of ``table.parent`` for which a table has rows, or had; for all others it has none.

    In a first build of 100,000 documents each 128 of them were looked for in six tables: 2 to 3 ms of processor time
    a document, the more the larger the corpus was already.

    Parameters
    ----------
    read
        Gives the values that a table holds; called once for a table, when it is first asked about.
    """

    def __init__(self, read: Callable[[Table[Any]], set[str]]) -> None:
        self._read = read
        self._known: dict[str, set[str]] = {}

    def none_of(self, table: Table[Any], parents: Iterable[str]) -> bool:
        """Whether none of these has rows."""
        if table.name not in self._known:
            self._known[table.name] = set(map(_shared, self._read(table)))
        return self._known[table.name].isdisjoint(parents)

    def add(self, table: Table[Any], records: Iterable[Any]) -> None:
        """Keep in mind whose rows are about to be written."""
        if table.parent and table.name in self._known:
            self._known[table.name].update(_shared(getattr(record, table.parent)) for record in records)

    def narrow(self, table: Table[Any], where: Where | None) -> Where | None:
        """A condition on owners without those known to have no rows; where none is left its list is empty."""
        asked = (where or {}).get(table.parent or "")
        if not where or asked is None or table.name not in self._known:
            return where
        values: Collection[Value] = [asked] if isinstance(asked, str | int | float) else asked
        return {**where, str(table.parent): [value for value in values if value in self._known[table.name]]}


def meets_nothing(where: Where | None) -> bool:
    """Whether a condition asks for one of no values."""
    return any(
        not isinstance(v, str | int | float) and v is not None and not v for v in (where or {}).values()
    )


def _shared(value: str) -> str:
    """The same object for an id that several tables know."""
    return sys.intern(value) if type(value) is str else value
