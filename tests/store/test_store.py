"""The store: one atomic commit a write, one writer, rows by conditions, versions that agree."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lancedb
import pyarrow as pa
import pytest

import policy_corpus.store.store as store_module
from policy_corpus.errors import CorpusError
from policy_corpus.records import Document, Issue, Passage
from policy_corpus.store import conditions
from policy_corpus.store.format import FORMAT
from policy_corpus.store.store import Store
from policy_corpus.store.tables import DOCUMENTS, ISSUES, PASSAGES, STATES, State

NASTY = [
    "it's",
    "''",
    "a\\'b",
    'say "x"',
    "'; DROP TABLE documents; --",
    "第1页\n",
    "100%_",
    "路径\\文.html",
    "",
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "tables", create=True) as opened:
        yield opened


def document(name: str, source: str = "a.html", part: int = 1, same_as: str | None = None) -> Document:
    return Document(name, f"c-{name}", source, part, "标题", "正文", "news", same_as=same_as)


def passages(parent: str, count: int, text: str = "组织骨干教师送教。") -> list[Passage]:
    return [
        Passage(f"{parent}-{n}", parent, n, n, n + 1, text, ("一、",), False, ("组织",)) for n in range(count)
    ]


# ---- writing


def test_the_same_row_twice_is_one_row(store: Store) -> None:
    assert store.upsert(DOCUMENTS, [document("d1"), document("d2")]) == 2
    store.upsert(DOCUMENTS, [document("d2", "new.html"), document("d3")])
    assert store.keys(DOCUMENTS) == {"d1", "d2", "d3"}
    assert store.count(DOCUMENTS) == 3
    assert store.get(DOCUMENTS, "d2") == document("d2", "new.html")


def test_of_two_records_with_one_key_the_later_is_kept(store: Store) -> None:
    assert store.upsert(DOCUMENTS, [document("d1", "old"), document("d1", "new")]) == 1
    assert [one.source for one in store.records(DOCUMENTS)] == ["new"]


def test_nothing_to_write_is_nothing(store: Store) -> None:
    assert store.upsert(DOCUMENTS, []) == 0
    assert store.replace_children(PASSAGES, [], []) == 0


def test_children_of_a_document_are_replaced_as_a_whole(store: Store) -> None:
    store.replace_children(PASSAGES, ["d1", "d2"], passages("d1", 3) + passages("d2", 2))
    store.replace_children(PASSAGES, ["d1"], passages("d1", 2, "新。"))
    assert [(one.passage_id, one.text) for one in store.records(PASSAGES, order_by=["passage_id"])] == [
        ("d1-0", "新。"), ("d1-1", "新。"), ("d2-0", "组织骨干教师送教。"), ("d2-1", "组织骨干教师送教。"),
    ]  # fmt: skip
    store.replace_children(PASSAGES, ["d1", "d9"], [])
    assert store.keys(PASSAGES, "document_id") == {"d2"}


def test_children_of_a_parent_that_was_not_named_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="d2"):
        store.replace_children(PASSAGES, ["d1"], passages("d2", 1))


def test_a_state_has_two_keys(store: Store) -> None:
    store.upsert(STATES, [State("clean", "c1", "v1"), State("annotate", "c1", "v1")])
    store.upsert(STATES, [State("clean", "c1", "v2", "digest")])
    assert store.get(STATES, "clean", "c1") == State("clean", "c1", "v2", "digest")
    assert store.get(STATES, "annotate", "c1") == State("annotate", "c1", "v1")


def test_rows_are_deleted_by_condition(store: Store) -> None:
    store.upsert(DOCUMENTS, [document(f"d{n}", part=n % 2) for n in range(6)])
    assert store.delete(DOCUMENTS, {"part": 1, "document_id": ["d1", "d2", "d3"]}) == 2
    assert store.keys(DOCUMENTS) == {"d0", "d2", "d4", "d5"}
    with pytest.raises(ValueError, match="condition"):
        store.delete(DOCUMENTS, {})


def test_very_many_values_are_deleted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "VALUES_PER_DELETE", 3)
    store.upsert(DOCUMENTS, [document(f"d{n}") for n in range(10)])
    assert store.delete(DOCUMENTS, {"document_id": {f"d{n}" for n in range(8)}}) == 8


def test_thousands_of_passages_are_replaced_again_and_again(store: Store) -> None:
    rows = [row for n in range(100) for row in passages(f"d{n}", 30, "组织骨干教师到农村学校送教。" * 8)]
    parents = [f"d{n}" for n in range(100)]
    for _ in range(3):
        store.replace_children(PASSAGES, parents, rows)
    assert store.count(PASSAGES) == 3000


# ---- reading


@pytest.mark.parametrize("source", NASTY)
def test_a_condition_takes_any_text_literally(store: Store, source: str) -> None:
    store.upsert(DOCUMENTS, [document("d1", source), document("d2", "other")])
    assert [one.document_id for one in store.records(DOCUMENTS, {"source": source})] == ["d1"]
    assert store.count(DOCUMENTS, {"source": [source, "x"]}) == 1
    store.upsert(STATES, [State("clean", source, "m")])
    assert store.get(STATES, "clean", source) == State("clean", source, "m")
    assert store.delete(DOCUMENTS, {"source": source}) == 1


def test_conditions(store: Store) -> None:
    store.upsert(DOCUMENTS, [document("d1"), document("d2", same_as="d1", part=2)])
    assert store.count(DOCUMENTS, {"same_as": None}) == 1
    assert store.count(DOCUMENTS, {"part": 2}) == 1
    assert store.count(DOCUMENTS, {"part": [1, 2], "kind": "news"}) == 2
    assert store.count(DOCUMENTS, {"document_id": []}) == 0
    with pytest.raises(ValueError, match="not a column"):
        store.count(DOCUMENTS, {"1=1 OR part": 3})


def test_rows_come_in_batches_with_the_columns_asked_for(store: Store) -> None:
    store.replace_children(PASSAGES, ["d1"], passages("d1", 25))
    batches = list(store.scan(PASSAGES, ["text", "ordinal"], batch_rows=10))
    assert all(batch.schema.names == ["text", "ordinal"] and batch.num_rows <= 10 for batch in batches)
    assert sum(batch.num_rows for batch in batches) == 25


def test_sorted_rows_do_not_depend_on_the_order_of_writing(store: Store) -> None:
    store.upsert(DOCUMENTS, [document("d3", "b"), document("d1", "b", 2), document("d2", "a")])
    store.upsert(DOCUMENTS, [document("d3", "b")])
    batches = list(store.scan(DOCUMENTS, ["document_id"], order_by=["source", "part"], batch_rows=2))
    assert [name for batch in batches for name in batch.column(0).to_pylist()] == ["d2", "d3", "d1"]
    assert batches[0].schema.names == ["document_id"]


def test_unknown_values_come_last_and_equal_keys_lose_no_row(store: Store) -> None:
    store.upsert(DOCUMENTS, [document(f"d{n}", same_as=None if n % 2 else "d0") for n in range(9)])
    found = [one.same_as for one in store.records(DOCUMENTS, order_by=["same_as"], batch_rows=2)]
    assert found == ["d0"] * 5 + [None] * 4


def test_sorted_rows_meet_the_conditions(store: Store) -> None:
    store.replace_children(PASSAGES, ["d1", "d2"], [*passages("d2", 30), *passages("d1", 30)])
    found = store.records(PASSAGES, {"document_id": "d2"}, order_by=["ordinal"], batch_rows=7)
    assert [one.ordinal for one in found] == list(range(30))


@pytest.mark.parametrize("order_by", [(), ("document_id", "ordinal")])
def test_reading_goes_on_undisturbed_while_rows_are_replaced(store: Store, order_by: tuple[str, ...]) -> None:
    store.replace_children(PASSAGES, ["d1"], passages("d1", 300, "旧。"))
    reading = store.records(PASSAGES, order_by=order_by, batch_rows=10)
    first = next(reading)
    store.replace_children(PASSAGES, ["d1"], passages("d1", 5, "新。"))
    store.compact()
    assert {first.text, *(one.text for one in reading)} == {"旧。"}


def test_what_is_not_there_is_none(store: Store) -> None:
    assert store.get(DOCUMENTS, "d1") is None
    assert list(store.records(DOCUMENTS)) == []
    assert store.keys(ISSUES) == set()


# ---- one writer, many readers


def test_a_second_writer_is_told_who_holds_the_corpus(store: Store) -> None:
    program = (
        "import sys; from pathlib import Path; from policy_corpus.store.store import Store\n"
        "try: Store.open(Path(sys.argv[1]))\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(store.folder)], capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("CorpusError another process is writing this corpus")
    assert f"(process {os.getpid()})" in told.stdout


def test_a_reader_needs_no_lock_and_cannot_write(store: Store) -> None:
    store.upsert(DOCUMENTS, [document("d1")])
    with Store.open(store.folder, read_only=True) as reader:
        assert reader.count(DOCUMENTS) == 1
        with pytest.raises(CorpusError, match="not open for writing"):
            reader.upsert(DOCUMENTS, [document("d2")])
        with pytest.raises(CorpusError, match="not open for writing"):
            reader.delete(DOCUMENTS, {"part": 1})


def test_the_lock_is_free_after_closing(tmp_path: Path) -> None:
    for _ in range(2):
        with Store.open(tmp_path / "tables", create=True):
            pass


def test_a_store_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    for read_only in (False, True):
        with pytest.raises(CorpusError, match="no tables yet"):
            Store.open(tmp_path / "none", read_only=read_only)
    assert not (tmp_path / "none").exists()


# ---- versions


@pytest.mark.parametrize("text", ['{"format": 99}', "[]", "not json"])
def test_a_store_of_another_version_is_refused_unchanged(tmp_path: Path, text: str) -> None:
    with Store.open(tmp_path, create=True):
        pass
    (tmp_path / "store.json").write_text(text, encoding="ascii")
    for read_only in (False, True):
        with pytest.raises(CorpusError, match="another version"):
            Store.open(tmp_path, read_only=read_only)
    assert (tmp_path / "store.json").read_text(encoding="ascii") == text


def test_a_field_that_is_new_since_gets_its_column(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        store.upsert(DOCUMENTS, [document("d1")])
    lancedb.connect(tmp_path).open_table("documents").drop_columns(["region_reason", "flags"])
    with Store.open(tmp_path, read_only=True) as reader:
        assert reader.get(DOCUMENTS, "d1") == document("d1")
    with Store.open(tmp_path) as store:
        assert store.get(DOCUMENTS, "d1") == document("d1")
        store.upsert(DOCUMENTS, [document("d2")])
        assert store.count(DOCUMENTS) == 2


def test_a_column_that_is_not_known_here_is_refused(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True):
        pass
    lancedb.connect(tmp_path).open_table("documents").add_columns(pa.schema([("future", pa.string())]))
    with pytest.raises(CorpusError, match=r"documents\.future"):
        Store.open(tmp_path)


def test_a_store_cut_short_while_it_was_made_is_finished(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True):
        pass
    (tmp_path / "store.json").unlink()
    lancedb.connect(tmp_path).drop_table("issues")
    with Store.open(tmp_path, create=True) as store:
        assert store.count(ISSUES) == 0
    assert json.loads((tmp_path / "store.json").read_text(encoding="ascii"))["format"] == FORMAT


# ---- upkeep and crashes


def test_many_small_commits_are_joined_by_themselves(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "COMMITS_BEFORE_COMPACTION", 5)
    for number in range(12):
        store.upsert(ISSUES, [Issue.make("add", f"{number}.txt", "empty", "m", "r")])
    assert store.count(ISSUES) == 12
    statistics: Any = lancedb.connect(store.folder).open_table("issues").stats()
    assert statistics["fragment_stats"]["num_fragments"] <= 4


def test_compaction_keeps_every_row(store: Store) -> None:
    for number in range(4):
        store.replace_children(PASSAGES, ["d1"], passages("d1", 5, f"{number}。"))
    store.compact()
    assert {one.text for one in store.records(PASSAGES)} == {"3。"}
    assert store.count(PASSAGES) == 5


@pytest.mark.parametrize(("changed", "fragments"), [(1, 2), (30, 1)])
def test_only_a_table_that_changed_much_is_written_again(store: Store, changed: int, fragments: int) -> None:
    names = [f"d{number}" for number in range(100)]
    store.replace_children(PASSAGES, names, [row for name in names for row in passages(name, 3)])
    store.compact()
    again = names[:changed]
    store.replace_children(PASSAGES, again, [row for name in again for row in passages(name, 3, "新。")])
    store.compact()
    statistics: Any = lancedb.connect(store.folder).open_table("passages").stats()
    assert statistics["fragment_stats"]["num_fragments"] == fragments
    assert store.count(PASSAGES) == 300


PROGRAM = textwrap.dedent("""
    import sys
    from pathlib import Path
    from tests.store.test_store import passages
    from policy_corpus.store.store import Store
    from policy_corpus.store.tables import PASSAGES, STATES, State
    with Store.open(Path(sys.argv[1]), create=True) as store:
        for number in range(100000):
            parents = [f"d{number % 20}", f"e{number}"]
            rows = [row for parent in parents for row in passages(parent, 50, str(number))]
            store.replace_children(PASSAGES, parents, rows)
            store.upsert(STATES, [State("annotate", parent, str(number)) for parent in parents])
            print(number, flush=True)
""")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("after", [3, 27])
def test_after_kill_9_batches_are_whole_and_what_was_told_is_there(tmp_path: Path, after: int) -> None:
    root = Path(__file__).resolve().parents[2]
    writer = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert writer.stdout is not None
    with writer.stdout as told:
        for _ in range(after):
            told.readline()
        writer.send_signal(signal.SIGKILL)
        last = after - 1 + len(told.read().split())
        writer.wait()
    with Store.open(tmp_path) as store:
        assert store.count(PASSAGES, {"text": str(last)}) == 100
        assert store.get(STATES, "annotate", f"e{last}") == State("annotate", f"e{last}", str(last))
        counts: dict[tuple[str, str], int] = {}
        for one in store.records(PASSAGES):
            counts[one.document_id, one.text] = counts.get((one.document_id, one.text), 0) + 1
        assert set(counts.values()) == {50}, "whole batches only"
        assert len({parent for parent, _ in counts}) == len(counts), "each document has rows of one batch"
