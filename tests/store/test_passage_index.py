"""The search index: conditions on rows as SQL, and vectors that fall into few clusters."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from policy_corpus.store import passage_index
from policy_corpus.store.passage_index import PassageIndex, RowFilter, schema
from policy_corpus.store.store import Store


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


@pytest.mark.parametrize("different", [1, 2, 300])
def test_the_nearest_are_found_however_many_vectors_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, different: int
) -> None:
    monkeypatch.setattr(passage_index, "EXACT_ROWS", 100)
    monkeypatch.setattr(passage_index, "ROWS_A_PARTITION", 1)  # LanceDB fails beyond 256 clusters only
    angles = np.arange(300) % different / different
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float16)
    rows = [
        {"passage_id": f"{n:08x}", "document_id": "d", "terms": "结对", "vector": v}
        for n, v in enumerate(vectors)
    ]
    with Store.open(tmp_path, create=True) as store:
        index = PassageIndex(store)
        index.create(2)
        index.replace((), pa.Table.from_pylist(rows, schema(2)))
        index.finish(len(rows))
        (place,) = index.by_vector(np.array([1, 0], np.float32), "", 1)
        assert index.rows([place], ["vector"]).column(0).to_pylist() == [[1, 0]]
