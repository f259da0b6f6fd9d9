"""What reads foreign bytes or words, each as one function: it may refuse with an error of ours, never crash.

The fuzzer (``fuzz/``) and the tests of this folder call the same probes.
"""

import io
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from policy_corpus import resources
from policy_corpus.analyse.profiles.indicators import parse_indicators
from policy_corpus.analyse.query import parse_query
from policy_corpus.annotate.codebook import Codebook
from policy_corpus.annotate.partners import find_partners
from policy_corpus.annotate.passages import make_passages
from policy_corpus.annotate.pipeline import Annotator
from policy_corpus.annotate.quantities import find_quantities, parse_units
from policy_corpus.annotate.regions import find_regions
from policy_corpus.annotate.status import parse_status_rules
from policy_corpus.annotate.tokens import parse_lexicon
from policy_corpus.clean.decode import decode
from policy_corpus.clean.duplicates import signature
from policy_corpus.clean.page import CleanResult, clean_capture
from policy_corpus.cli.search import read_queries
from policy_corpus.collect.archives import Place, open_stream
from policy_corpus.collect.crawl.lists import read_list
from policy_corpus.collect.crawl.model import Fetched, Source
from policy_corpus.collect.crawl.robots import Rules
from policy_corpus.collect.crawl.sources import read_sources
from policy_corpus.collect.filters import Sieve
from policy_corpus.collect.found import ImportLimits, Unpacked
from policy_corpus.config import parse_settings
from policy_corpus.corpus.analysing.filters import Filter
from policy_corpus.corpus.coding.encoders import load_coder
from policy_corpus.corpus.coding.gold import read_gold, read_texts
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.publish.manifest import differences, read_manifest
from policy_corpus.records import Document
from tests.hostile.cases import DOCX, HTML, MARKDOWN, TEXT, XLSX, word_file, workbook
from tests.hostile.seeds import BREAK

SMALL = ImportLimits(max_file_bytes=1_000_000, max_archive_bytes=5_000_000, max_archive_members=1000)
URL = "http://www.example.cn/list/index.html"


@cache
def annotator() -> Annotator:
    """The shipped coder, read once."""
    models = resources.models_dir()
    return Annotator(
        tokenizer=resources.load_tokenizer(),
        gazetteer=resources.load_gazetteer(),
        units=resources.load_units(),
        status_rules=resources.load_status_rules(),
        coder=load_coder(resources.load_codebook(models / "codebook.toml"), models / "classifier"),
    )


def cleaned(data: bytes, media_type: str) -> CleanResult:
    """Documents of a file; where there is none, an issue says why, and every place lies in the source."""
    result = clean_capture(data, capture_id="c", source="s", media_type=media_type, url=URL)
    assert result.documents or result.issues, "neither a document nor an issue"
    for document in result.documents:
        size = len(document.body)
        assert all(made >= 0 and made + length <= size for made, _, length in document.source_map.runs)
        signature(document.body)
    return result


def coded(text: str) -> None:
    """A text through all of coding; evidence and mentions lie where they say."""
    document = Document("d", "c", "s", 1, "云岭县教育局工作总结", text, "report")
    found = annotator().annotate(document)
    assert all(text[m.start : m.end] == m.evidence for m in found.measures)
    assert all(text[m.start : m.end] == m.text for m in found.mentions)
    assert all(text[p.start : p.end] == p.text for p in found.passages)


def _as(media_type: str) -> Callable[[bytes], None]:
    def probe(data: bytes) -> None:
        cleaned(data, media_type)

    return probe


def _words(data: bytes) -> str:
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def _word_xml(data: bytes) -> None:
    cleaned(word_file(data.decode("utf-8", "replace")), DOCX)


def _sheet_xml(data: bytes) -> None:
    cleaned(workbook(data.decode("utf-8", "replace")), XLSX)


def _zipped(data: bytes) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("甲.html", data)
    _archive(made.getvalue())
    _archive(data)


def _archive(data: bytes) -> None:
    sieve = Sieve()
    place = Place("s", 0, Unpacked(SMALL), sieve)
    found = list(open_stream(place, io.BytesIO(data), len(data), SMALL))
    assert found or sieve.passed_over, "neither a file nor an issue"
    assert all(item.source for item in found)


def _warc(data: bytes) -> None:
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.cn/\r\n"
    _archive(head + b"Content-Length: %d\r\n\r\n" % len(data) + data + b"\r\n\r\n")
    _archive(b"WARC/1.0\r\n" + data)


def _list(kind: str) -> Callable[[bytes], None]:
    source = Source("s", (URL,), kind)  # type: ignore[arg-type]

    def probe(data: bytes) -> None:
        read_list(source, Fetched(URL, data))

    return probe


def _robots(data: bytes) -> None:
    rules = Rules(data)
    rules.allows(URL)
    assert rules.delay >= 0


def _refused(read: Callable[[], object]) -> None:
    """Reading may be refused, in words of ours."""
    try:
        read()
    except PolicyCorpusError as error:
        assert error.what


def _shipped(read: Callable[[], object]) -> None:
    """A reader of our own package data says what is wrong with a plain ``ValueError``."""
    try:
        read()
    except ValueError as error:
        assert ".toml" in str(error) or "line" in str(error)


def _settings(data: bytes) -> None:
    try:
        table = tomllib.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return
    _refused(lambda: parse_settings(table, "corpus.toml"))


def _gold(data: bytes) -> None:
    parts = data.split(BREAK) if BREAK in data else [data] * 3
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "texts").mkdir()
        for name, part in zip(
            ("sentences.tsv", "codes.tsv", "docs.tsv", "texts/甲.txt"), parts, strict=False
        ):
            Path(folder, name).write_bytes(part)

        def read() -> None:
            read_texts(read_gold(Path(folder), ["teacher_rotation"]))

        _refused(read)


def _file(read: Callable[[Path], object]) -> Callable[[bytes], None]:
    def probe(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "file.txt")
            path.write_bytes(data)
            _refused(lambda: read(path))

    return probe


def _manifest(path: Path) -> None:
    found = read_manifest(path)
    list(
        differences(
            found, replace(found, inputs={}, versions={"code": {}}, models={}, settings={}, coding={})
        )
    )


def _filters(data: bytes) -> None:
    """Conditions as a person types them, one a line; what is taken names years and ids that are known."""

    def read() -> None:
        wanted = Filter.parse(_words(data).split("\n")).checked({"rotation": "交流轮岗"})
        assert wanted.code in (None, "rotation")
        assert wanted.status in (None, "done", "planned", "advised")
        str(wanted), wanted.conditions()

    _refused(read)


def _query(data: bytes) -> None:
    tool = annotator()
    _refused(lambda: parse_query(_words(data), tool.tokenizer, tool.coder.codebook, tool.gazetteer))


def _regions(data: bytes) -> None:
    text = _words(data)
    assert all(text[m.start : m.end] == m.text for m in find_regions(text, annotator().gazetteer, "610302"))


def _quantities(data: bytes) -> None:
    text = _words(data)
    assert all(text[q.start : q.end] == q.text for q in find_quantities(text, annotator().units))


PROBES: dict[str, Callable[[bytes], None]] = {
    "html": _as(HTML),
    "text": _as(TEXT),
    "markdown": _as(MARKDOWN),
    "docx": _as(DOCX),
    "docx xml": _word_xml,
    "xlsx": _as(XLSX),
    "xlsx xml": _sheet_xml,
    "pdf": _as("application/pdf"),
    "decode": lambda data: decode(data).text.encode("utf-8", "surrogatepass") and None,
    "zip": _zipped,
    "archive": _archive,
    "warc": _warc,
    "list page": _list("list"),
    "feed": _list("feed"),
    "sitemap": _list("sitemap"),
    "json": _list("json"),
    "robots": _robots,
    "corpus.toml": _settings,
    "sources.toml": lambda data: _refused(lambda: read_sources(_words(data))),
    "codebook": lambda data: _refused(lambda: Codebook.parse(_words(data))),
    "units": lambda data: _refused(lambda: parse_units(data)),
    "status rules": lambda data: _shipped(lambda: parse_status_rules(_words(data))),
    "lexicon": lambda data: _shipped(lambda: parse_lexicon(_words(data))),
    "gold": _gold,
    "query": _query,
    "queries file": _file(read_queries),
    "filters": _filters,
    "indicators": lambda data: _refused(lambda: parse_indicators(_words(data))),
    "manifest": _file(_manifest),
    "regions": _regions,
    "quantities": _quantities,
    "partners": lambda data: find_partners(_words(data), annotator().gazetteer.names.__contains__) and None,
    "passages": lambda data: make_passages(Document("d", "c", "s", 1, "", _words(data), "news")) and None,
    "coding": lambda data: coded(_words(data)),
}
