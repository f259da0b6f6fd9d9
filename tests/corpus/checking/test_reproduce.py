"""An export can be made again from what its manifest names, and what differs is said."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policy_corpus.corpus import init_corpus, open_corpus
from policy_corpus.corpus.checking.reproduce import Reproduction, reproduce
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.publish.manifest import read_manifest
from policy_corpus.resources import sample_corpus_dir
from policy_corpus.store.tables import MEASURES
from tests.corpus.checking.made import change, store_of

FORMATS = ["jsonl", "csv", "xlsx", "parquet"]


def exported(corpus: Path, name: str = "measures.jsonl", table: str = "measures") -> Path:
    out = corpus.parent / name
    open_corpus(corpus).export(table, out.suffix.lstrip("."), out)
    return out.with_name(name + ".manifest.json")


def again(corpus: Path, manifest: Path) -> Reproduction:
    return reproduce(manifest, open_corpus(corpus))


def edited(manifest: Path, area: str, **values: Any) -> None:
    said = json.loads(manifest.read_text(encoding="utf-8"))
    said[area] |= values
    manifest.write_text(json.dumps(said), encoding="utf-8")


@pytest.mark.parametrize("ending", FORMATS)
def test_an_export_of_the_same_corpus_is_the_same_in_all(corpus: Path, ending: str) -> None:
    manifest = exported(corpus, f"measures.{ending}")
    result = again(corpus, manifest)
    assert result.is_identical and result.differences == () and result.old_file == "same"


@pytest.mark.parametrize("ending", FORMATS)
def test_the_bytes_of_an_export_do_not_depend_on_the_time(corpus: Path, ending: str) -> None:
    one = read_manifest(exported(corpus, f"one.{ending}"))
    time.sleep(1.1)
    assert read_manifest(exported(corpus, f"two.{ending}")) == one


def test_a_manifest_names_no_time_and_no_path(corpus: Path) -> None:
    text = exported(corpus).read_text(encoding="utf-8")
    assert str(corpus.parent) not in text and "/" not in text.replace("annotate/1:", "").replace(
        "clean/2:", ""
    ).replace("duplicates/1", "")
    assert time.strftime("%Y-%m") not in text


def test_an_export_without_a_manifest_writes_none(corpus: Path) -> None:
    open_corpus(corpus).export("regions", "csv", corpus.parent / "a.csv", manifest=False)
    assert not (corpus.parent / "a.csv.manifest.json").exists()


def test_filters_of_an_export_are_kept_in_its_manifest(corpus: Path) -> None:
    out = corpus.parent / "done.csv"
    count = open_corpus(corpus).export("measures", "csv", out, status="done")
    manifest = out.with_name("done.csv.manifest.json")
    assert read_manifest(manifest).filters == {"status": "done"} and count
    assert again(corpus, manifest).is_identical


def test_other_inputs_are_said(corpus: Path, tmp_path: Path) -> None:
    manifest = exported(corpus)
    page = tmp_path / "new.txt"
    page.write_text("某县组建6个教育集团，选派120名教师到农村学校交流轮岗。", encoding="utf-8")
    more = open_corpus(corpus)
    more.add([page])
    result = again(corpus, manifest)
    assert {d.name for d in result.differences if d.area == "inputs"} == {"captures", "bytes", "digest"}
    assert result.stale == 1 and not result.is_identical
    more.build(workers=1)
    changes = again(corpus, manifest).changes
    assert changes is not None and changes.added and not changes.gone and not changes.changed


def test_the_same_bytes_under_other_names_are_told_apart_from_other_bytes(
    original: Path, tmp_path: Path
) -> None:
    shutil.copytree(original / "pages", tmp_path / "elsewhere")
    init_corpus(tmp_path / "other")
    other = open_corpus(tmp_path / "other")
    other.add([tmp_path / "elsewhere"])
    result = again(tmp_path / "other", exported(original / "corpus"))
    assert {d.name for d in result.differences if d.area == "inputs"} == {"digest"}


@pytest.mark.parametrize(
    ("area", "values", "name"),
    [
        ("versions", {"python": "3.9.1"}, "python"),
        ("versions", {"libraries": {}}, "libraries jieba"),
        ("models", {"codebook": "0"}, "codebook"),
        ("settings", {"search": {"encoder": "none"}}, "search encoder"),
        ("coding", {"annotate/0:0": 3}, "annotate/0:0"),
    ],
)
def test_what_differs_is_named_though_the_export_is_the_same(
    corpus: Path, area: str, values: dict[str, Any], name: str
) -> None:
    manifest = exported(corpus)
    edited(manifest, area, **values)
    result = again(corpus, manifest)
    assert (area, name) in [(d.area, d.name) for d in result.differences]
    assert result.is_same_content and not result.is_identical


@pytest.mark.parametrize("ending", FORMATS)
def test_rows_that_changed_are_shown_with_their_columns(corpus: Path, ending: str) -> None:
    manifest = exported(corpus, f"measures.{ending}")
    row_id = change(corpus, MEASURES, confidence=0.123)
    changes = again(corpus, manifest).changes
    assert changes is not None
    assert (changes.added, changes.gone, changes.changed) == (0, 0, 1)
    (example,) = changes.examples
    assert example.kind == "changed" and example.key == row_id and list(example.values) == ["confidence"]
    assert example.values["confidence"][1] == "0.123"


def test_rows_that_came_and_went_are_counted(corpus: Path) -> None:
    manifest = exported(corpus)
    with store_of(corpus) as store:
        record = next(store.records(MEASURES))
        store.delete(MEASURES, {"measure_id": record.measure_id})
        store.append(MEASURES, [replace(record, measure_id="f" * 16)])
    changes = again(corpus, manifest).changes
    assert changes is not None and (changes.added, changes.gone, changes.changed) == (1, 1, 0)
    assert [(e.kind, e.key) for e in changes.examples] == [("added", "f" * 16), ("gone", record.measure_id)]


def test_a_file_that_was_edited_is_not_taken_for_the_export(corpus: Path) -> None:
    manifest = exported(corpus, "measures.csv")
    out = corpus.parent / "measures.csv"
    out.write_text(out.read_text(encoding="utf-8-sig").replace("done", "DONE", 1), encoding="utf-8-sig")
    result = again(corpus, manifest)
    assert result.is_same_content and result.old_file == "changed" and not result.is_identical
    assert result.changes is not None and result.changes.changed == 1


def test_without_the_old_file_digests_are_compared(corpus: Path) -> None:
    manifest = exported(corpus)
    (corpus.parent / "measures.jsonl").unlink()
    assert again(corpus, manifest).is_identical


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"manifest": 1}', '{"manifest": 9, "table": "measures"}'])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv.manifest.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyCorpusError, match="manifest"):
        read_manifest(path)


# Same in, same out.


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@pytest.mark.slow
def test_workers_and_the_order_of_adding_change_nothing(tmp_path: Path) -> None:
    pages = sorted(path.name for path in (sample_corpus_dir() / "pages").iterdir())
    shutil.copytree(sample_corpus_dir() / "pages", tmp_path / "pages")
    manifests = {}
    with inside(tmp_path):
        for name, workers, order in (("one", 1, pages), ("two", 2, pages[::-1])):
            init_corpus(Path(name))
            corpus = open_corpus(name)
            for page in order:
                corpus.add([Path("pages") / page])
            corpus.build(workers=workers)
            for table in ("documents", "measures", "regions", "clusters", "issues"):
                for ending in FORMATS:
                    out = Path(name) / f"{table}.{ending}"
                    corpus.export(table, ending, out)
                    manifests[name, table, ending] = read_manifest(out.with_name(out.name + ".manifest.json"))
    for (name, table, ending), manifest in manifests.items():
        assert manifest == manifests["one", table, ending], (name, table, ending)


# The command.


def run(*arguments: object, at: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "policy_corpus", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=at)


def test_the_command_says_what_came_of_it(corpus: Path) -> None:
    out = corpus / "措施.csv"
    assert run("export", corpus, "measures", "-o", out).returncode == 0
    manifest = corpus / "措施.csv.manifest.json"
    same = run("reproduce", manifest)
    assert same.returncode == 0 and "byte for byte" in same.stderr and "相同" in same.stdout
    change(corpus, MEASURES, confidence=0.123)
    other = run("reproduce", manifest, "--corpus", corpus)
    assert (
        other.returncode == 1
        and "0 rows added, 0 gone, 1 changed" in other.stderr
        and "0.123" in other.stdout
    )
    summary, *_ = map(json.loads, run("reproduce", manifest, "--json").stdout.splitlines())
    assert summary["identical"] is False and summary["changed"] == 1


def test_the_command_without_a_corpus_or_manifest_ends_with_2(corpus: Path, tmp_path: Path) -> None:
    manifest = exported(corpus)
    done = run("reproduce", manifest, at=tmp_path)
    assert done.returncode == 2 and "--corpus DIR" in done.stderr
    done = run("reproduce", tmp_path / "none.manifest.json", "--corpus", corpus)
    assert done.returncode == 2 and "cannot be read" in done.stderr and "Traceback" not in done.stderr


def test_no_manifest_is_written_where_none_is_wanted(corpus: Path) -> None:
    assert run("export", corpus, "regions", "-o", corpus / "r.csv", "--no-manifest").returncode == 0
    assert not (corpus / "r.csv.manifest.json").exists()
