"""What an import needs of other rooms: decoding and scripts for its filters, ids that are there already."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from policy_corpus.collect.filters import Filters, Sieve
from policy_corpus.collect.found import IdSet
from policy_corpus.errors import CorpusError
from policy_corpus.records import Capture

if TYPE_CHECKING:
    from policy_corpus.collect.captures import CaptureArchive
    from policy_corpus.store.store import Store

HAN = range(0x3400, 0xA000)


def make_sieve(
    urls: Iterable[str],
    language: str | None,
    topics: Sequence[str],
    on_count: Callable[[], None] | None = None,
) -> Sieve:
    """Filters of an import, with what they need loaded only when it is used.

    ``on_count`` is called for each page that a filter keeps out and each record that is no page.

    Raises
    ------
    CorpusError
        A pattern, language or word cannot be used.
    """
    filters = Filters.make(
        urls, language, topics, folding=script_folding() if topics else None, text_of=decoded_text
    )
    return Sieve(filters, on_count)


def read_topics(path: Path) -> list[str]:
    """Words of a file, one a line; ``#`` begins a comment.

    Raises
    ------
    CorpusError
        The file is not there, is no UTF-8, or names no word.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise CorpusError("the topics cannot be read", str(path), "name a text file in UTF-8") from None
    words = [word for line in lines if (word := line.partition("#")[0].strip())]
    if not words:
        raise CorpusError("the file names no topic", str(path), "write one word a line")
    return words


def decoded_text(data: bytes, media_type: str, charset: str | None) -> str | None:
    """Text of a page before cleaning; None for docx and pdf."""
    from policy_corpus.clean.page import source_text

    return source_text(data, media_type=media_type, charset=charset)


def script_folding() -> dict[int, str]:
    """Traditional characters and their simplified forms, one by one."""
    from policy_corpus.clean.script import to_simplified

    characters = "\n".join(map(chr, HAN))  # a line each, so that none is read as part of a word
    simple = to_simplified(characters)
    return {ord(a): b for a, b in zip(characters, simple, strict=True) if a != b}


def kept_ids(store: "Store", folder: Path) -> IdSet:
    """Ids of the captures whose WARC file is there; the others may be added again."""
    from policy_corpus.collect.captures import names_in
    from policy_corpus.store import tables

    files = names_in(folder)
    batches = store.scan(tables.CAPTURES, ["capture_id"], {"warc_file": files}, batch_rows=65536)
    return IdSet(one for batch in batches for one in batch.column("capture_id").to_pylist())


def enter_captures(store: "Store", archive: "CaptureArchive", captures: Sequence[Capture]) -> None:
    """Bytes to disk first, then their rows; what was refused before and came in now is no issue any more."""
    from policy_corpus.store import tables

    archive.sync()
    store.upsert(tables.CAPTURES, captures)
    store.delete(tables.ISSUES, {"stage": "add", "source": [c.source for c in captures]})


def last_places(store: "Store") -> dict[str, int]:
    """The greatest offset in each WARC file that the table of captures knows."""
    from policy_corpus.store import tables

    last: dict[str, int] = {}
    for batch in store.scan(tables.CAPTURES, ["warc_file", "warc_offset"], batch_rows=65536):
        for row in batch.to_pylist():
            last[row["warc_file"]] = max(last.get(row["warc_file"], 0), row["warc_offset"])
    return last
