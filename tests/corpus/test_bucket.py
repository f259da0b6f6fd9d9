"""A corpus in a bucket is the corpus in a folder; what a bucket cannot do is said."""

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policy_corpus.collect.object_archive import open_archive
from policy_corpus.corpus import Corpus, init_corpus, open_corpus
from policy_corpus.corpus.checking.doctor import examine
from policy_corpus.errors import CorpusError, PolicyCorpusError
from policy_corpus.places import corpus_place
from policy_corpus.resources import sample_corpus_dir
from policy_corpus.store.lock import LOCK_FILE, lock
from policy_corpus.store.store import Store

TABLES = ("documents", "passages", "mentions", "measures", "regions", "issues", "captures")
PAGES = 12
IS_SLOW = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def bucket(request: pytest.FixtureRequest) -> Iterator[str]:
    """A bucket on loopback; the environment leads LanceDB, s3fs and child processes there."""
    pytest.importorskip("upath")
    s3fs = pytest.importorskip("s3fs")
    moto = pytest.importorskip("moto.server")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_ALLOW_HTTP": "true",
            "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
        }.items():  # fmt: skip
            patch.setenv(name, value)
        s3fs.S3FileSystem(skip_instance_cache=True).mkdir("texts")
        yield "s3://texts"
    server.stop()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for page in sorted((sample_corpus_dir() / "pages").iterdir())[:PAGES]:
        shutil.copy(page, folder)
    return folder


def filled(place: str, pages: Path) -> Corpus:
    init_corpus(corpus_place(place))
    corpus = open_corpus(place)
    corpus.add([pages])
    return corpus


def rows(corpus: Corpus) -> dict[str, list[str]]:
    def told(row: dict[str, Any]) -> str:
        return json.dumps({**row, "captured_at": None, "warc_offset": None}, sort_keys=True, default=str)

    return {table: [told(row) for row in corpus.rows(table)] for table in TABLES}


@pytest.fixture(scope="module")
def built(bucket: str, pages: Path) -> Corpus:
    corpus = filled(f"{bucket}/built", pages)
    corpus.build(workers=1)
    return corpus


class TestInABucket:
    pytestmark = IS_SLOW

    def test_its_tables_are_those_of_a_folder(self, built: Corpus, pages: Path, tmp_path: Path) -> None:
        at_home = filled(str(tmp_path / "corpus"), pages)
        at_home.build(workers=1)
        assert rows(built) == rows(at_home)
        assert rows(built)["measures"]

    def test_what_is_there_is_known(self, built: Corpus, pages: Path) -> None:
        report = built.add([pages])
        assert (report.added, report.known) == (0, PAGES)

    def test_a_built_corpus_is_current(self, built: Corpus) -> None:
        assert built.build(workers=1).summary() == "everything is current"

    def test_search_finds_and_shows_the_raw_place(self, built: Corpus) -> None:
        hits = built.search("教师交流轮岗", limit=3).hits
        assert hits
        document, _ = built.find(hits[0].document_id)
        raw = built.raw_text(document["capture_id"])
        assert raw is None or document["title"]

    def test_an_export_is_a_file_here(self, built: Corpus, tmp_path: Path) -> None:
        out = tmp_path / "measures.csv"
        assert built.export("measures", "csv", out) == len(rows(built)["measures"])
        assert out.is_file()

    def test_a_folder_may_be_copied_into_it_as_it_is(self, bucket: str, pages: Path, tmp_path: Path) -> None:
        at_home = filled(str(tmp_path / "corpus"), pages)
        at_home.build(workers=1)
        corpus_place(f"{bucket}/copied").fs.put(f"{tmp_path}/corpus/", "texts/copied/", recursive=True)  # type: ignore[attr-defined]
        assert rows(open_corpus(f"{bucket}/copied")) == rows(at_home)

    def test_ray_workers_read_it_there(self, bucket: str, built: Corpus, pages: Path) -> None:
        pytest.importorskip("ray.data")
        corpus = filled(f"{bucket}/ray", pages)
        command = [
            sys.executable,
            "-m",
            "policy_corpus",
            "build",
            f"{bucket}/ray",
            "--engine",
            "ray",
            "--workers",
            "2",
        ]
        root = str(Path(__file__).resolve().parents[2])
        done = subprocess.run(
            command, capture_output=True, env={**os.environ, "PYTHONPATH": root}, timeout=300
        )
        assert done.returncode == 0, done.stderr.decode()
        assert rows(corpus) == rows(built)

    def test_captures_that_the_table_never_learned_of_are_found_again(self, bucket: str) -> None:
        folder = corpus_place(f"{bucket}/killed") / "captures"
        archive = open_archive(folder, {})
        kept = archive.write(
            b"<p>one</p>", "a.html", media_type="text/html", captured_at="2024-05-01T08:30:00Z"
        )
        archive.sync()
        lost = archive.write(
            b"<p>two</p>", "b.html", media_type="text/html", captured_at="2024-05-01T08:30:00Z"
        )
        again = open_archive(
            folder, {}
        )  # the process was killed before its table, and before the second file
        assert again.recovered == (kept,)
        assert lost.warc_file != kept.warc_file
        assert open_archive(folder, {kept.warc_file: kept.warc_offset}).recovered == ()

    def test_one_process_writes_it_at_a_time(self, bucket: str) -> None:
        tables = corpus_place(f"{bucket}/locked") / "tables"
        held = lock(tables)
        with pytest.raises(CorpusError, match=f"another process is writing this corpus \\({os.getpid()} on "):
            lock(tables)
        held.release()
        lock(tables).release()

    def test_the_lock_of_a_process_that_was_killed_here_is_taken_over(self, bucket: str) -> None:
        tables = corpus_place(f"{bucket}/orphan") / "tables"
        ended = subprocess.run(
            [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
        )
        held = lock(tables)
        told = json.loads((tables / LOCK_FILE).read_bytes())
        (tables / LOCK_FILE).write_bytes(json.dumps({**told, "pid": int(ended.stdout)}).encode())
        lock(tables).release()
        held.release()

    def test_the_lock_of_another_machine_names_the_object_to_delete(self, bucket: str) -> None:
        tables = corpus_place(f"{bucket}/elsewhere") / "tables"
        (tables / LOCK_FILE).write_bytes(b'{"pid": 1, "host": "node-7"}')
        with pytest.raises(CorpusError, match=r"1 on node-7.*delete this object"):
            lock(tables)

    def test_a_crawl_is_refused_because_of_its_ledger(self, built: Corpus) -> None:
        with pytest.raises(CorpusError, match=r"crawl\.db, SQLite"):
            built.crawl()

    def test_a_check_is_refused(self, built: Corpus) -> None:
        with pytest.raises(CorpusError, match="copy it into a folder"):
            examine(built.folder)

    def test_a_corpus_that_is_not_there_is_told(self, bucket: str) -> None:
        with pytest.raises(CorpusError, match="this folder is no corpus"):
            open_corpus(f"{bucket}/nowhere")

    def test_tables_that_are_not_there_are_told(self, bucket: str) -> None:
        with pytest.raises(CorpusError, match="no tables yet"):
            Store.open(corpus_place(f"{bucket}/nowhere") / "tables", read_only=True)


@pytest.mark.parametrize("given", ["corpora/one", "/srv/one", "C:\\corpora\\one", "file:one"])
def test_other_names_are_folders(given: str) -> None:
    assert corpus_place(given) == Path(given)


def test_stores_of_another_kind_are_refused() -> None:
    with pytest.raises(CorpusError, match="a store of the kind gs"):
        corpus_place("gs://texts/corpus")


def test_without_its_libraries_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(PolicyCorpusError, match=r"pip install 'policy-corpus\[s3\]'"):
        corpus_place("s3://texts/corpus")
