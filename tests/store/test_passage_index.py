"""Conditions on rows of the search index, as SQL."""

import pytest

from policy_corpus.store.passage_index import RowFilter


@pytest.mark.parametrize(
    ("wanted", "sql"),
    [
        (RowFilter(), ""),
        (RowFilter(regions=("51",)), "((region_code >= '51' AND region_code < '52'))"),
        (RowFilter(code="pairing"), "array_has_any(codes, ['pairing'])"),
        (RowFilter(code="pairing", status="done"), "array_has_any(carried, ['pairing:done'])"),
        (RowFilter(status="done"), "array_has_any(statuses, ['done'])"),
        (RowFilter(since=2019, copies=False), "year >= 2019 AND is_copy = false"),
        (RowFilter(issuer="o'x"), "contains(issuer, 'o''x')"),
        (RowFilter(without=("a' OR 1=1",)), "NOT contains(form, 'a'' OR 1=1')"),
    ],
)
def test_conditions_are_sql_with_quoted_values(wanted: RowFilter, sql: str) -> None:
    assert wanted.sql() == sql
