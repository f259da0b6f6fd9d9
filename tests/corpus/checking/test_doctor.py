"""Each damage is planted by hand, found, and repaired where that can be done."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from policy_corpus.corpus import open_corpus
from policy_corpus.corpus.checking.doctor import examine, repair
from policy_corpus.corpus.checking.findings import Finding
from policy_corpus.errors import CorpusError
from policy_corpus.records import OffsetMap, Visit, Wanted
from policy_corpus.store.crawl_ledger import CrawlLedger
from policy_corpus.store.lock import WriteLock
from policy_corpus.store.store import Store
from policy_corpus.store.tables import (
    CAPTURES,
    DOCUMENTS,
    ISSUES,
    MEASURES,
    MENTIONS,
    PASSAGES,
    STATES,
    VECTORS,
    State,
)
from tests.corpus.checking.made import change, everything, first, store_of

WARC = "captures/captures-00001.warc.gz"
Plant = Callable[[Path], object]


def told(folder: Path, **how: bool) -> list[str]:
    return [f"{f.check}: {f.what}" for f in examine(folder, **how).findings]


def only(folder: Path) -> Finding:
    (finding,) = examine(folder).findings
    return finding


def same(folder: Path, original: Path) -> bool:
    return everything(folder) == everything(original / "corpus")


def test_a_whole_corpus_has_no_findings(corpus: Path) -> None:
    report = examine(corpus)
    assert report.findings == [] and report.is_healthy
    assert report.facts["captures"] == 9 and report.facts["warc_files"] == 1
    assert report.facts["search_index"] == "fresh"
    assert report.facts["texts_without_vector"] == report.facts["vectors_without_text"] == 0


def test_a_quick_look_at_a_whole_corpus_finds_nothing(corpus: Path) -> None:
    assert told(corpus, quick=True) == []


def test_looking_changes_nothing(corpus: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in corpus.rglob("*") if path.name != "write.lock"}
    examine(corpus)
    after = {path: path.stat().st_mtime_ns for path in corpus.rglob("*") if path.name != "write.lock"}
    assert before.keys() == after.keys()
    assert [path for path in before if path.is_file() and before[path] != after[path]] == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_looked_at(corpus: Path) -> None:
    (corpus / "tables").chmod(0o555)
    assert told(corpus) == []


def test_a_corpus_that_was_only_begun_is_healthy(tmp_path: Path) -> None:
    from policy_corpus.corpus import init_corpus

    init_corpus(tmp_path / "new")
    assert examine(tmp_path / "new").findings == []


def test_a_folder_that_is_no_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no corpus"):
        examine(tmp_path)


def test_a_corpus_that_is_being_written_is_not_judged(corpus: Path) -> None:
    lock = WriteLock(corpus / "tables")
    with pytest.raises(CorpusError, match="another process is writing"):
        examine(corpus)
    lock.release()


def whole_after_build(folder: Path, original: Path) -> bool:
    """Whether a build makes everything again under the same ids."""
    open_corpus(folder).build(workers=1)
    return examine(folder).is_healthy and same(folder, original)


# Settings and files.


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("corpus.toml", "[annotate", "cannot be read as TOML"),
        ("corpus.toml", "[anotate]\n", "unknown setting anotate"),
        (
            "corpus.toml",
            '[annotate]\ncodebook = "mine.toml"\n',
            "codebook.toml that this corpus uses is missing",
        ),
        ("corpus.toml", '[search]\nencoder = "other"\n', "encoder 'other' is not here"),
        ("sources.toml", "[[source]\n", "TOML"),
    ],
)
def test_settings_that_cannot_be_used_are_told_and_left(
    corpus: Path, file: str, text: str, says: str
) -> None:
    (corpus / file).write_text(text, encoding="utf-8")
    report = examine(corpus)
    assert any(says in f.what and f.check == "settings" and not f.is_repairable for f in report.findings)
    assert not report.is_healthy


def test_settings_that_are_gone_are_written_again(corpus: Path) -> None:
    (corpus / "corpus.toml").unlink()
    assert only(corpus).what == "the corpus has no settings"
    assert repair(corpus).is_healthy
    assert (corpus / "corpus.toml").is_file()


@pytest.mark.parametrize("name", ["tables/search.npz.part", ".measures.csv.partial", "tables/search.part"])
def test_unfinished_files_are_taken_away(corpus: Path, name: str) -> None:
    (corpus / name).write_bytes(b"half")
    assert only(corpus).where == name
    assert repair(corpus).is_healthy and not (corpus / name).exists()


def test_a_writer_that_was_killed_is_a_note(corpus: Path) -> None:
    (corpus / "tables/writer.json").write_text('{"pid": 1}', encoding="ascii")
    report = examine(corpus)
    assert [finding.severity for finding in report.findings] == ["note"] and report.is_healthy


# Tables.


@pytest.mark.parametrize("text", ["", "{", "[1]"])
def test_a_damaged_format_file_is_written_again(corpus: Path, original: Path, text: str) -> None:
    (corpus / "tables/store.json").write_text(text, encoding="ascii")
    assert "names the format" in only(corpus).what
    assert repair(corpus).is_healthy
    assert same(corpus, original)


def test_tables_of_another_version_are_not_touched(corpus: Path) -> None:
    (corpus / "tables/store.json").write_text('{"format": 99}', encoding="ascii")
    report = repair(corpus)
    (finding,) = report.findings
    assert "another version: format 99" in finding.what and report.repaired == []
    assert (corpus / "tables/store.json").read_text(encoding="ascii") == '{"format": 99}'


def test_columns_of_another_version_are_told(corpus: Path) -> None:
    import pyarrow as pa

    with store_of(corpus) as store:
        store.database.open_table("issues").add_columns(pa.schema([pa.field("mood", pa.string())]))
    report = repair(corpus)
    assert [f.what for f in report.findings] == ["the table issues has columns of another version: mood"]
    assert report.repaired == []


def test_columns_that_this_version_added_are_added(corpus: Path) -> None:
    with store_of(corpus) as store:
        store.database.open_table("issues").drop_columns(["severity"])
    assert only(corpus).what == "the table issues lacks columns of this version: severity"
    assert repair(corpus).is_healthy


def gone(name: str) -> Plant:
    return lambda folder: shutil.rmtree(folder / f"tables/{name}.lance")


def cut(name: str) -> Plant:
    def plant(folder: Path) -> None:
        for path in (folder / f"tables/{name}.lance/data").iterdir():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return plant


def unnamed(name: str) -> Plant:
    return lambda folder: shutil.rmtree(folder / f"tables/{name}.lance/_versions")


@pytest.mark.parametrize("plant", [gone, cut, unnamed])
@pytest.mark.parametrize("name", ["captures", "documents", "measures", "states", "vectors"])
def test_a_table_that_is_lost_is_told(corpus: Path, name: str, plant: Callable[[str], Plant]) -> None:
    plant(name)(corpus)
    finding = only(corpus)
    assert f"the table {name}" in finding.what and finding.is_repairable


@pytest.mark.parametrize(
    "names", [["measures"], ["states"], ["captures", "documents", "passages", "vectors"]]
)
def test_lost_tables_are_made_anew(corpus: Path, original: Path, names: list[str]) -> None:
    for name in names:
        cut(name)(corpus)
    report = repair(corpus)
    assert {finding.check for finding in report.findings} <= {"currency"}
    assert whole_after_build(corpus, original)


def test_a_lost_table_of_issues_is_made_anew_and_imports_tell_again(corpus: Path) -> None:
    cut("issues")(corpus)
    assert "add the same paths again" in only(corpus).remedy
    repair(corpus)
    assert "rows: 1 pages that count as read" not in told(corpus)


# Captures.


def lay_waste(folder: Path, source: str, *, at: int = 200) -> None:
    """Overwrite bytes in the record of a capture."""
    with Store.open(folder / "tables", read_only=True) as store:
        row = next(c for c in store.records(CAPTURES) if c.source.endswith(source))
    with (folder / WARC).open("r+b") as file:
        file.seek(row.warc_offset + at)
        file.write(b"\x00" * 64)


@pytest.mark.parametrize("source", ["huichang-training-2018.html", "利通区数字底座.html"])
def test_damaged_bytes_are_found_and_healed_from_their_source(
    corpus: Path, original: Path, source: str
) -> None:
    lay_waste(corpus, source)
    found = examine(corpus).findings
    assert [f.check for f in found] == ["captures", "captures"]
    assert "1 captures cannot be read" in found[0].what and found[0].examples[0].endswith(source)
    assert "are no record" in found[1].what and found[1].severity == "note"
    report = repair(corpus)
    assert "1 of 1 captures written anew" in report.repaired[0][1]
    assert whole_after_build(corpus, original)


def test_damaged_bytes_without_their_source_are_told_and_kept(
    corpus: Path, original: Path, tmp_path: Path
) -> None:
    lay_waste(corpus, "thin-tag.html")
    moved = original / "pages" / "thin-tag.html"
    moved.rename(tmp_path / "away.html")
    before = (corpus / WARC).read_bytes()
    try:
        report = repair(corpus)
    finally:
        (tmp_path / "away.html").rename(moved)
    lost = next(f for f in report.findings if f.severity == "error")
    assert not lost.is_repairable and "bring the captures folder back from a copy" in lost.remedy
    assert (corpus / WARC).read_bytes() == before


def test_a_source_that_has_changed_since_heals_nothing(corpus: Path, original: Path) -> None:
    lay_waste(corpus, "thin-tag.html")
    page = original / "pages" / "thin-tag.html"
    kept = page.read_bytes()
    page.write_bytes(kept + b"<!-- other -->")
    try:
        assert [f.is_repairable for f in examine(corpus).findings] == [False, False]
    finally:
        page.write_bytes(kept)


def test_a_quick_look_finds_damaged_bytes_of_a_small_corpus(corpus: Path) -> None:
    lay_waste(corpus, "thin-tag.html")
    assert any("cannot be read" in line for line in told(corpus, quick=True))


def test_a_lost_file_is_found_and_its_pages_taken_in_again(corpus: Path, original: Path) -> None:
    (corpus / WARC).unlink()
    assert "this WARC file is missing, and 9 captures with it" in only(corpus).what
    repair(corpus)
    assert whole_after_build(corpus, original)


def test_captures_that_the_table_lost_are_entered_again(corpus: Path, original: Path) -> None:
    with store_of(corpus) as store:
        store.delete(CAPTURES, {"capture_id": sorted(store.keys(CAPTURES))[2:4]})
    assert "captures: 2 captures lie in the WARC files and are not in the table" in told(corpus)
    repair(corpus)
    assert whole_after_build(corpus, original)


def test_a_place_that_is_wrong_is_corrected(corpus: Path, original: Path) -> None:
    change(corpus, CAPTURES, warc_offset=3)
    assert "lie at another place" in examine(corpus).findings[0].what
    repair(corpus)
    assert whole_after_build(corpus, original)


@pytest.mark.parametrize("values", [{"sha256": "0" * 64}, {"size": 1}, {"media_type": "text/plain; x"}])
def test_a_row_that_says_other_things_than_its_record_is_told(
    corpus: Path, values: dict[str, object]
) -> None:
    change(corpus, CAPTURES, **values)
    assert "say other things than their WARC records" in examine(corpus).findings[0].what


def test_rows_of_captures_are_made_to_say_what_the_records_say(corpus: Path, original: Path) -> None:
    change(corpus, CAPTURES, sha256="0" * 64, size=1, media_type="text/plain; x")
    repair(corpus)
    assert whole_after_build(corpus, original)


def test_a_torn_end_is_cut_off(corpus: Path, original: Path) -> None:
    whole = (corpus / WARC).read_bytes()
    with (corpus / WARC).open("ab") as file:
        file.write(whole[:300])
    assert "ends in 300 bytes of a record" in only(corpus).what
    assert repair(corpus).is_healthy
    assert (corpus / WARC).read_bytes() == whole


# Rows.


@pytest.mark.parametrize(
    ("table", "values", "says"),
    [
        (PASSAGES, {"end": 10**6}, "passages: 1 places outside the text"),
        (PASSAGES, {"start": -1}, "passages: 1 places outside the text"),
        (PASSAGES, {"text": "不在文中"}, "passages: 1 words that do not stand"),
        (PASSAGES, {"ordinal": 999}, "passages: 1 documents with sentences missing or doubled"),
        (MENTIONS, {"end": 10**6}, "mentions: 1 places outside the text"),
        (MENTIONS, {"text": "乌有县"}, "mentions: 1 words that do not stand"),
        (MEASURES, {"evidence": "不在文中"}, "measures: 1 words that do not stand"),
        (MEASURES, {"start": 5, "end": 2}, "measures: 1 places outside the text"),
        (
            MEASURES,
            {"source_start": 10**8, "source_end": 10**8 + 3},
            "whose place in the source is not where",
        ),
        (MEASURES, {"passage_id": "f" * 16}, "whose sentence is not there"),
        (MEASURES, {"part": 77}, "name another page than their document"),
        (MEASURES, {"made_by": "annotate/0:0"}, "rows of another maker"),
    ],
)
def test_a_row_that_cannot_be_right_is_told(
    corpus: Path, table: object, values: dict[str, object], says: str
) -> None:
    row_id = change(corpus, table, **values)  # type: ignore[arg-type]
    finding = next(f for f in examine(corpus).findings if f.check == "rows")
    assert says in finding.what and finding.is_repairable
    assert table is PASSAGES or finding.examples == (row_id,)


def test_rows_that_cannot_be_right_are_made_again(corpus: Path, original: Path) -> None:
    change(corpus, PASSAGES, end=10**6)
    change(corpus, MENTIONS, text="乌有县")
    change(corpus, MEASURES, evidence="不在文中")
    assert len([f for f in examine(corpus).findings if f.check == "rows"]) >= 3
    repair(corpus)
    assert whole_after_build(corpus, original)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"body": "另一篇文字。"}, "passages:"),
        ({"source_map": OffsetMap(((0, 0, 3), (1, 9, 2)))}, "way back to the source cannot be followed"),
        ({"source_map": OffsetMap(((0, 10**8, 3),))}, "point outside the text of their source"),
        ({"simplified": "短"}, "documents: 1 words"),
        ({"capture_id": "f" * 16}, "documents of captures that are not there"),
        ({"same_as": "f" * 16}, "marked as copies of documents that are not there"),
    ],
)
def test_a_document_that_cannot_be_right_is_told(corpus: Path, values: dict[str, object], says: str) -> None:
    change(corpus, DOCUMENTS, **values)
    assert says in " | ".join(told(corpus))


@pytest.mark.parametrize(
    "values",
    [
        {"source_map": OffsetMap(((0, 10**8, 3),)), "simplified": "短", "same_as": "f" * 16},
        {"capture_id": "f" * 16},
    ],
)
def test_a_document_that_cannot_be_right_is_made_again(
    corpus: Path, original: Path, values: dict[str, object]
) -> None:
    with store_of(corpus) as store:
        page = next(iter(store.keys(DOCUMENTS, "capture_id", {"part": 6})))
        for document in list(store.records(DOCUMENTS, {"capture_id": page, "part": [1, 4]})):
            store.upsert(DOCUMENTS, [replace(document, **values)])  # type: ignore[arg-type]
    repair(corpus)
    assert whole_after_build(corpus, original)


@pytest.mark.parametrize("table", [PASSAGES, MENTIONS, MEASURES])
def test_rows_of_documents_that_are_not_there_are_dropped(
    corpus: Path, original: Path, table: object
) -> None:
    row = first(corpus, table)  # type: ignore[arg-type]
    stray = replace(row, **{table.key[0]: "e" * 16, "document_id": "f" * 16})  # type: ignore[attr-defined]
    with store_of(corpus) as store:
        store.append(table, [stray])  # type: ignore[arg-type]
    assert "documents that are not there and have rows" in only(corpus).what
    assert repair(corpus).findings == [] and same(corpus, original)


@pytest.mark.parametrize("part", [1, 3, 6])
def test_documents_that_vanished_from_a_page_of_six_are_made_again(
    corpus: Path, original: Path, part: int
) -> None:
    with store_of(corpus) as store:
        [page] = store.keys(DOCUMENTS, "capture_id", {"part": 6})
        store.delete(DOCUMENTS, {"capture_id": page, "part": part})
    assert "states that vouch for documents that are not there" in " | ".join(told(corpus))
    repair(corpus)
    assert whole_after_build(corpus, original)


@pytest.mark.parametrize("stage", ["clean", "annotate"])
def test_states_of_nothing_are_dropped(corpus: Path, original: Path, stage: str) -> None:
    with store_of(corpus) as store:
        store.append(STATES, [State(stage, "f" * 16, "x/1:2")])
    assert "states that vouch for" in only(corpus).what
    assert repair(corpus).findings == [] and same(corpus, original)


TWICE = [CAPTURES, DOCUMENTS, ISSUES, STATES, VECTORS, PASSAGES, MEASURES]


@pytest.mark.parametrize("table", TWICE)
def test_ids_that_stand_twice_are_told(corpus: Path, table: object) -> None:
    twice(corpus, table)
    assert "1 ids that stand in several rows" in " | ".join(told(corpus))


def test_of_ids_that_stand_twice_one_is_kept(corpus: Path, original: Path) -> None:
    for table in TWICE:
        twice(corpus, table)
    repair(corpus)
    assert whole_after_build(corpus, original)


def twice(folder: Path, table: object) -> None:
    with store_of(folder) as store:
        store.append(table, [next(store.records(table, order_by=table.key))])  # type: ignore[arg-type,attr-defined]


# What is current.


def test_what_the_next_build_would_make_is_told(corpus: Path, tmp_path: Path) -> None:
    page = tmp_path / "new.html"
    page.write_text("<p>某县2023年选派20名教师到农村学校交流轮岗。</p>", encoding="utf-8")
    open_corpus(corpus).add([page])
    finding = only(corpus)
    assert "1 pages are new" in finding.what and finding.severity == "warning"
    assert "policy-corpus build" in finding.remedy and not finding.is_repairable


def test_documents_that_another_codebook_coded_are_told(corpus: Path) -> None:
    text = (corpus / "corpus.toml").read_text(encoding="utf-8")
    text = text.replace("min_confidence = 0.0", "min_confidence = 0.5")
    (corpus / "corpus.toml").write_text(text, encoding="utf-8")
    assert "coded by another version, codebook, model or setting" in only(corpus).what


# Vectors, index, ledger.


def test_a_vector_of_another_length_is_dropped(corpus: Path) -> None:
    with store_of(corpus) as store:
        vector = next(store.records(VECTORS))
        store.append(VECTORS, [replace(vector, text_hash="f" * 16, values=b"\x00\x00")])
    assert "1 vectors are of another length" in only(corpus).what
    assert repair(corpus).findings == []


def test_texts_without_a_vector_and_vectors_without_a_text_are_counted(corpus: Path) -> None:
    with store_of(corpus) as store:
        vector = next(store.records(VECTORS))
        store.upsert(VECTORS, [replace(vector, text_hash="f" * 16)])
        store.delete(VECTORS, {"text_hash": vector.text_hash})
    facts = examine(corpus).facts
    assert (facts["texts_without_vector"], facts["vectors_without_text"]) == (1, 1)


@pytest.mark.parametrize(
    ("file", "content"),
    [("search.json", b"{"), ("search.npz", b"PK"), ("search.npz", None), ("search.lance/_versions", None)],
)
def test_a_damaged_index_is_made_anew(corpus: Path, file: str, content: bytes | None) -> None:
    path = corpus / "tables" / file
    if content is not None:
        path.write_bytes(content)
    elif path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    assert "search index" in only(corpus).what
    report = repair(corpus)
    assert report.findings == [] and report.facts["search_index"] == "fresh"
    assert open_corpus(corpus).search("教师", limit=1).hits


def test_an_index_that_lacks_rows_is_made_anew(corpus: Path) -> None:
    document = first(corpus, DOCUMENTS).document_id
    with store_of(corpus) as store:
        store.database.open_table("search").delete(f"document_id = '{document}'")
    assert "the search index holds" in only(corpus).what
    assert repair(corpus).findings == []


def test_an_index_that_is_behind_or_missing_is_no_damage(corpus: Path) -> None:
    (corpus / "tables/search.json").unlink()
    report = examine(corpus)
    assert report.findings == [] and report.facts["search_index"] == "missing"


DAY = "2024-05-01T08:00:00Z"


def ledger(folder: Path, capture_id: str) -> None:
    url = "https://a.example/1"
    with CrawlLedger.open(folder / "crawl.db") as opened:
        seed = Wanted("s", url, "item", "a.example", url)
        walk = opened.begin("s", DAY, full=True, recheck=False, seeds=[seed])
        visit = Visit("s", url, "item", url, "new", walk.walk, DAY, DAY, capture_id=capture_id)
        opened.settle(next(opened.all_waiting("s")), walk, visits=[visit])


def test_a_ledger_whose_captures_are_there_is_sound(corpus: Path) -> None:
    ledger(corpus, first(corpus, CAPTURES).capture_id)
    assert told(corpus) == []


def test_a_capture_that_only_the_ledger_knows_is_asked_for_again(corpus: Path) -> None:
    ledger(corpus, "f" * 16)
    assert "the ledger says of 1 addresses" in only(corpus).what
    assert repair(corpus).findings == []


def test_a_damaged_ledger_is_told(corpus: Path) -> None:
    ledger(corpus, first(corpus, CAPTURES).capture_id)
    with sqlite3.connect(corpus / "crawl.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    data = bytearray((corpus / "crawl.db").read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    (corpus / "crawl.db").write_bytes(data)
    report = repair(corpus)
    assert [f.check for f in report.findings] == ["ledger"] and report.repaired == []


# The command.


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "policy_corpus", "doctor", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_the_command_tells_repairs_and_ends_with_what_is_left(corpus: Path) -> None:
    change(corpus, MEASURES, evidence="不在文中")
    found = run(corpus, "--json")
    (row,) = map(json.loads, found.stdout.splitlines())
    assert (
        found.returncode == 1 and row["severity"] == "error" and row["repairable"] and row["state"] == "found"
    )
    assert "错误" in run(corpus).stdout
    repaired = run(corpus, "--repair")
    assert repaired.returncode == 1 and "已修" in repaired.stdout and "1 repaired, 1 left" in repaired.stderr
    open_corpus(corpus).build(workers=1)
    healthy = run(corpus)
    assert (healthy.returncode, healthy.stdout) == (0, "")
    assert "nothing is wrong with this corpus" in healthy.stderr and "9 captures" in healthy.stderr


def test_the_command_on_no_corpus_ends_with_2(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 2 and "no corpus" in done.stderr
