"""Vectors are computed once for each text and encoder."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from policy_corpus.annotate.vectors import Array
from policy_corpus.corpus.searching import embedding
from policy_corpus.corpus.searching.embedding import Vectors
from policy_corpus.store.store import Store


class Counting:
    """An encoder that says what it was asked for, and can be stopped."""

    name, dimensions = "counting", 3

    def __init__(self, stop_after: int | None = None) -> None:
        self.asked: list[str] = []
        self.stop_after = stop_after

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Array:
        if self.stop_after is not None and len(self.asked) >= self.stop_after:
            raise KeyboardInterrupt
        self.asked += texts
        return np.array([[len(text), 0.5, -1] for text in texts], np.float32)


TEXTS = ["一句话。", "两句话。", "一句话。", "结对。"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path, create=True)


def test_texts_that_stand_twice_are_encoded_once(store: Store) -> None:
    encoder = Counting()
    assert Vectors(store, lambda: encoder, "f").make(TEXTS) == 3
    assert sorted(encoder.asked) == ["一句话。", "两句话。", "结对。"]


def test_what_is_kept_is_not_computed_again_and_comes_in_order(store: Store) -> None:
    Vectors(store, Counting, "f").make(TEXTS)
    encoder = Counting()
    again = Vectors(store, lambda: encoder, "f")
    assert again.make(TEXTS) == 0
    assert again.of(["结对。", "新的", "结对。"])[:, 0].tolist() == [3, 2, 3]
    assert encoder.asked == ["新的"]


@pytest.mark.parametrize("rows_while_one_is_found", [0, 100], ids=["looked up", "read through"])
def test_kept_vectors_are_found_by_their_texts(
    store: Store, monkeypatch: pytest.MonkeyPatch, rows_while_one_is_found: int
) -> None:
    Vectors(store, Counting, "g").make(["一句话。"])
    Vectors(store, Counting, "f").make(TEXTS)
    monkeypatch.setattr(embedding, "ROWS_WHILE_ONE_IS_FOUND", rows_while_one_is_found)
    encoder = Counting()
    assert Vectors(store, lambda: encoder, "f").of(["结对。", "两句话。"])[:, 0].tolist() == [3, 4]
    assert not encoder.asked


def test_another_fingerprint_has_vectors_of_its_own(store: Store) -> None:
    Vectors(store, Counting, "f").make(TEXTS)
    assert Vectors(store, Counting, "g").missing(["结对。", "一句话。"]) == 2


def test_a_run_that_was_stopped_goes_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "TEXTS_AT_ONCE", 1)
    first = Counting(stop_after=2)
    with pytest.raises(KeyboardInterrupt):
        Vectors(store, lambda: first, "h").make(TEXTS)
    second = Counting()
    assert Vectors(store, lambda: second, "h").make(TEXTS) == 1
    assert len(first.asked) + len(second.asked) == 3
