"""Whoever writes knows which owners have rows: nothing is looked for in vain, nothing is missed."""

from pathlib import Path
from typing import Any

import pytest

from policy_corpus.records import Passage
from policy_corpus.store.owners import Owners, meets_nothing
from policy_corpus.store.store import Store
from policy_corpus.store.tables import PASSAGES, STATES, VECTORS, State, Table, Vector


def passages(document: str, count: int, text: str = "送教。") -> list[Passage]:
    return [Passage(f"{document}-{number}", document, number, 0, 3, text) for number in range(count)]


def texts(store: Store, document: str) -> list[str]:
    return sorted(row.text for row in store.records(PASSAGES, {"document_id": document}))


def states(store: Store) -> list[State]:
    return sorted(store.records(STATES), key=lambda state: (state.stage, state.key))


@pytest.mark.parametrize("opened_again", [False, True])
def test_rows_of_a_known_owner_are_replaced(tmp_path: Path, opened_again: bool) -> None:
    store = Store.open(tmp_path, create=True)
    store.replace_children(PASSAGES, ["d1", "d2"], [*passages("d1", 2), *passages("d2", 1)])
    if opened_again:
        store.close()
        store = Store.open(tmp_path)
    store.replace_children(PASSAGES, ["d3"], passages("d3", 1))
    store.replace_children(PASSAGES, ["d1", "d4"], passages("d1", 1, "结对。"))
    assert [texts(store, name) for name in ("d1", "d2", "d3", "d4")] == [
        ["结对。"],
        ["送教。"],
        ["送教。"],
        [],
    ]
    store.close()


@pytest.mark.parametrize("opened_again", [False, True])
def test_a_state_of_a_known_key_is_replaced(tmp_path: Path, opened_again: bool) -> None:
    store = Store.open(tmp_path, create=True)
    store.upsert(STATES, [State("clean", "c1", "old")])
    if opened_again:
        store.close()
        store = Store.open(tmp_path)
    store.upsert(STATES, [State("clean", "c2", "new")])
    store.upsert(STATES, [State("clean", "c1", "new"), State("annotate", "c1", "new")])
    found = [State("annotate", "c1", "new"), State("clean", "c1", "new"), State("clean", "c2", "new")]
    assert states(store) == found
    assert store.delete(STATES, {"stage": "clean", "key": ["c1", "c9"]}) == 1
    assert store.delete(STATES, {"stage": "clean", "key": ["c9"]}) == 0
    assert states(store) == [found[0], found[2]]
    store.close()


def test_one_who_reads_sees_what_another_wrote_since(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        store.replace_children(PASSAGES, ["d1"], passages("d1", 1))
        reader = Store.open(tmp_path, read_only=True)
        assert texts(reader, "d2") == []
        store.replace_children(PASSAGES, ["d2"], passages("d2", 1))
        assert texts(Store.open(tmp_path, read_only=True), "d2") == ["送教。"]


def test_a_table_is_read_once_and_what_is_written_is_kept_in_mind() -> None:
    read = []

    def parents(table: Table[Any]) -> set[str]:
        read.append(table.name)
        return {"d1"}

    owners = Owners(parents)
    assert owners.narrow(PASSAGES, {"document_id": ["d1", "d2"]}) == {"document_id": ["d1", "d2"]}
    assert not owners.none_of(PASSAGES, ["d1", "d2"])
    assert owners.none_of(PASSAGES, ["d2", "d3"])
    owners.add(PASSAGES, passages("d2", 2))
    assert not owners.none_of(PASSAGES, ["d2"])
    owners.add(VECTORS, [Vector("f", "ab", b"")])  # nobody owns these
    assert read == ["passages"]


@pytest.mark.parametrize(
    ("where", "narrowed", "nothing"),
    [
        (None, None, False),
        ({"ordinal": 1}, {"ordinal": 1}, False),
        ({"document_id": None}, {"document_id": None}, False),
        ({"document_id": "d1", "ordinal": 1}, {"document_id": ["d1"], "ordinal": 1}, False),
        ({"document_id": ("d1", "d2", "d3")}, {"document_id": ["d1", "d2"]}, False),
        ({"document_id": "d3"}, {"document_id": []}, True),
        ({"document_id": ["d1"], "passage_id": []}, {"document_id": ["d1"], "passage_id": []}, True),
    ],
)
def test_a_condition_asks_for_owners_that_have_rows(where: Any, narrowed: Any, nothing: bool) -> None:
    owners = Owners(lambda table: {"d1", "d2"})
    owners.none_of(PASSAGES, [])
    assert owners.narrow(PASSAGES, where) == narrowed
    assert meets_nothing(narrowed) is nothing


def test_what_nobody_owns_is_not_searched_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(tmp_path, create=True) as store:
        monkeypatch.setattr("policy_corpus.store.store.condition", pytest.fail)
        store.replace_children(PASSAGES, ["d1"], passages("d1", 1))
        store.upsert(STATES, [State("clean", "c1", "m")])
        assert store.delete(PASSAGES, {"document_id": ["d2"]}) == 0
        assert not list(store.records(PASSAGES, {"document_id": ["d2"]}))
