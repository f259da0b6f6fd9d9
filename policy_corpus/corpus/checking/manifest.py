"""Gathers what an export was made of: the manifest beside each exported file."""

import hashlib
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policy_corpus.collect.office import program
from policy_corpus.config import Settings
from policy_corpus.publish.manifest import Manifest
from policy_corpus.resources import DATA, AnnotateFiles, code_digest, digest_of
from policy_corpus.store.crawl_ledger import LEDGER_FILE, ledger_rows
from policy_corpus.store.tables import CAPTURES, ISSUES, STATES

if TYPE_CHECKING:
    from policy_corpus.store.store import Store

ROOMS = ("clean", "annotate", "analyse", "publish", "corpus")
"""Rooms whose code shapes what is exported from the same captures."""
LIBRARIES = (
    "beautifulsoup4", "jieba", "lancedb", "lxml", "numpy", "opencc", "pyarrow", "pypdfium2",
    "python-calamine", "python-docx", "rapidfuzz", "rjieba", "scikit-learn", "scipy", "sentence-transformers",
    "spacy", "tokenizers", "torch", "warcio", "xlsxwriter",
)  # fmt: skip
"""Libraries that shape rows or the bytes of files."""
SHAPING_SETTINGS = ("annotate", "search")
"""Sections of corpus.toml that shape results; ``build`` shares the work out, what ``add`` let in are the inputs."""
SUM_BITS = 256


def gather(
    store: "Store",
    folder: Path,
    settings: Settings,
    table: str,
    format_name: str,
    out: Path,
    rows: int,
    filters: Mapping[str, Any],
) -> Manifest:
    """What made the file ``out`` of this corpus.

    Parameters
    ----------
    store, folder, settings
        The corpus.
    table, format_name, out, rows, filters
        The exported table, the file's format, the file, its number of rows, and what chose them.
    """
    with out.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Manifest(
        table=table,
        format=format_name,
        rows=rows,
        sha256=digest,
        inputs=inputs_of(store, folder, table),
        versions=versions(),
        models=models_of(folder, settings),
        settings=settings_of(settings),
        coding=makers_of(store),
        filters={name: value for name, value in filters.items() if _chooses(name, value)},
    )


def inputs_of(store: "Store", folder: Path, table: str) -> dict[str, Any]:
    """Count and digests of what the corpus was given.

    ``digest`` is over all that is known of each capture beside time and place in the archive, ``bytes`` over their
    content alone: the same files under other names have the same ``bytes``. Sums of hashes, so that order is nothing.
    """
    whole, content, count = _Sum(), _Sum(), 0
    columns = ("capture_id", "sha256", "media_type", "charset", "url", "origin")
    for batch in store.scan(CAPTURES, columns, batch_rows=10_000):
        for row in batch.to_pylist():
            whole.add(repr([row[name] for name in columns]))
            content.add(row["sha256"])
            count += 1
    found = {"captures": count, "digest": str(whole), "bytes": str(content)}
    if table == "visits":
        ledger = _Sum(repr(row) for row in ledger_rows(folder / LEDGER_FILE))
        found["visits"] = str(ledger)
    if table == "issues":
        refused = _Sum(i.issue_id + i.message for i in store.records(ISSUES, {"stage": ["add", "crawl"]}))
        found["refused"] = str(refused)
    return found


def versions() -> dict[str, Any]:
    """Of the program, its code room by room, Python, the machine, libraries; and whether old Office files are read."""
    return {
        "policy_corpus": _version("policy-corpus"),
        "code": {room: code_digest(room) for room in ROOMS},
        "python": platform.python_version(),
        "platform": f"{sys.platform}-{platform.machine()}",
        "office_converter": program() is not None,
        "libraries": {name: _version(name) for name in LIBRARIES},
    }


def models_of(folder: Path, settings: Settings) -> dict[str, Any]:
    """Digests of codebook, classifier, encoders and of the words that coding and reading know."""
    from policy_corpus.corpus.coding.encoders import fingerprint, read_classifier
    from policy_corpus.corpus.searching.search import NO_ENCODER, encoder_name

    files = AnnotateFiles.of(folder, settings.annotate)
    encoder = encoder_name(folder, settings.search.encoder)
    own = read_classifier(files.classifier).encoder
    return {
        "codebook": digest_of(files.codebook),
        "classifier": digest_of(files.classifier),
        "classifier_encoder": fingerprint(own) if own else None,
        "encoder": None if encoder == NO_ENCODER else fingerprint(encoder),
        **{path.stem: digest_of(path) for path in sorted(DATA.iterdir()) if path.suffix != ".md"},
    }


def settings_of(settings: Settings) -> dict[str, dict[str, Any]]:
    """The settings that shape results; of a path only the name."""
    return {
        section: {name: _without_path(value) for name, value in asdict(getattr(settings, section)).items()}
        for section in SHAPING_SETTINGS
    }


def makers_of(store: "Store") -> dict[str, int]:
    """How many pages and documents each maker has worked on."""
    counts: dict[str, int] = {}
    for batch in store.scan(STATES, ["made_by"], batch_rows=65536):
        for value in batch.column("made_by").to_pylist():
            counts[value] = counts.get(value, 0) + 1
    return dict(sorted(counts.items()))


def _chooses(name: str, value: Any) -> bool:
    """Whether a filter leaves rows out: exports hold copies unless it is said that they should not."""
    return value is False if name == "copies" else value not in (None, False)


class _Sum:
    """Digest of texts in any order: the sum of their hashes."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._sum = 0
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """Count a text."""
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        self._sum = (self._sum + int.from_bytes(digest, "big")) % (1 << SUM_BITS)

    def __str__(self) -> str:
        return f"{self._sum:064x}"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _without_path(value: Any) -> Any:
    return Path(value).name if isinstance(value, str) and Path(value).is_absolute() else value
