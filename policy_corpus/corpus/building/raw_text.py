"""The text in which the places of a capture's documents count, read from the archive again."""

from pathlib import Path
from typing import TYPE_CHECKING

from policy_corpus.errors import CorpusError
from policy_corpus.records import Capture
from policy_corpus.store.tables import CAPTURES

if TYPE_CHECKING:
    from policy_corpus.store.store import Store


def raw_text(store: "Store", folder: Path, capture_id: str) -> str | None:
    """Decoded source text of a capture, with that of the article's later pages behind it.

    Parameters
    ----------
    store, folder
        The tables and the folder of captures.
    capture_id
        As a document names it: that of the article's first page.

    Returns
    -------
    str or None
        None for formats without such a text (docx, pdf, workbooks).

    Raises
    ------
    CorpusError
        No such capture, or its bytes cannot be read.
    """
    from policy_corpus.clean.families import pages_of
    from policy_corpus.clean.page import article_text

    capture = store.get(CAPTURES, capture_id)
    if capture is None:
        raise CorpusError("no such capture", capture_id)
    return article_text(_text(folder, page) for page in pages_of(capture, _family(store, capture)))


def _text(folder: Path, capture: Capture) -> str | None:
    from policy_corpus.clean.page import source_text
    from policy_corpus.collect.captures import read_capture
    from policy_corpus.collect.problems import ProblemError
    from policy_corpus.collect.verify import ZIP
    from policy_corpus.corpus.building.opening import kind_of

    data = read_capture(folder, capture)
    try:
        kind = kind_of(data, capture.media_type, capture.source)
    except ProblemError:
        return None
    return None if kind == ZIP else source_text(data, media_type=kind, charset=capture.charset)


def _family(store: "Store", capture: Capture) -> list[Capture]:
    """Captures of the same article, if a crawl says that there may be others."""
    from policy_corpus.clean.families import unit_key

    if capture.origin is None or capture.origin.role != "page":
        return [capture]
    family = capture.origin.family
    ids = [
        row["capture_id"]
        for batch in store.scan(CAPTURES, ["capture_id", "source", "origin"], batch_rows=10_000)
        for row in batch.to_pylist()
        if family in (row["source"], (row["origin"] or {}).get("family"))
    ]
    return [c for c in store.records(CAPTURES, {"capture_id": ids}) if unit_key(c) == family]
