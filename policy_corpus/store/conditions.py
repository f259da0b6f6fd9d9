"""Conditions on rows, in LanceDB's SQL."""

from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

VALUES_PER_DELETE = 5000

Value: TypeAlias = str | int | float | bool
Where: TypeAlias = Mapping[str, Value | Collection[Value] | None]
"""Conditions that must all hold: column = value, column in values, column is unknown (``None``)."""


def condition(where: Where) -> str:
    """SQL of all conditions; values are literals, a quote is doubled, nothing else is special."""
    return " AND ".join(_one_condition(name, value) for name, value in where.items())


def _one_condition(name: str, value: Value | Collection[Value] | None) -> str:
    if not name.isidentifier():
        raise ValueError(f"not a column: {name!r}")
    if value is None:
        return f"{name} IS NULL"
    if isinstance(value, str | int | float):
        return f"{name} = {literal(value)}"
    if not value:
        return "false"
    return f"{name} IN ({', '.join(literal(one) for one in value)})"


def literal(value: Value) -> str:
    """A value in LanceDB's SQL; a quote is doubled, nothing else is special."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value).lower() if isinstance(value, bool) else repr(value)


def in_parts(where: Where) -> Iterator[Where]:
    """Split a condition on very many values into several."""
    for name, value in where.items():
        if not isinstance(value, str) and isinstance(value, Collection) and len(value) > VALUES_PER_DELETE:
            values = list(value)
            for start in range(0, len(values), VALUES_PER_DELETE):
                yield from in_parts({**where, name: values[start : start + VALUES_PER_DELETE]})
            return
    yield where
