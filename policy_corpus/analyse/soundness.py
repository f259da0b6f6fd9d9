"""What the rows of one document must hold of each other: places inside texts, words that stand where a row says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from policy_corpus.records import OffsetMap

Row = Mapping[str, Any]
FaultKind = Literal["outside", "other_words", "gap", "no_passage", "source", "map", "other_document", "maker"]
OWN_WORDS = {"passages": "text", "mentions": "text", "measures": "evidence"}
"""The column that repeats what stands in the body at a row's place."""
IDS = {
    "documents": "document_id",
    "passages": "passage_id",
    "mentions": "mention_id",
    "measures": "measure_id",
}
TAKEN_OVER = ("capture_id", "source", "part")
"""What a measure repeats of its document."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that cannot be right.

    ``kind``: its place lies ``outside`` the body; ``other_words`` stand at its place; a sentence is missing
    or doubled (``gap``); a measure's sentence is not there or does not hold it (``no_passage``); its place in the
    ``source`` is not where its document's map leads; the ``map`` itself cannot be followed; it repeats facts of an
    ``other_document``; another ``maker`` than the one that vouches for the document's coding wrote it.
    """

    kind: FaultKind
    table: str
    row_id: str
    document_id: str


def document_faults(
    document: Row,
    rows: Mapping[str, Sequence[Row]],
    *,
    made_by: str | None = None,
    source_length: int | None = None,
) -> Iterator[Fault]:
    """What is wrong with a document and the rows of ``passages``, ``mentions`` and ``measures`` that are its own.

    Parameters
    ----------
    document
        ``document_id, body, simplified, source_map`` (an :class:`OffsetMap`) and :data:`TAKEN_OVER`.
    rows
        Rows of each table, in any order.
    made_by
        Who coded the document as its state has it; None where nothing vouches for the rows.
    source_length
        Code points of the decoded source text, where it was read.
    """
    key = document["document_id"]
    length = len(document["body"])
    if document["simplified"] is not None and len(document["simplified"]) != length:
        yield Fault("other_words", "documents", key, key)
    if not is_sound(document["source_map"], length, source_length):
        yield Fault("map", "documents", key, key)
    for table, words in OWN_WORDS.items():
        for row in rows.get(table, ()):
            if kind := _place_fault(row, document["body"], words) or _maker_fault(row, made_by):
                yield Fault(kind, table, row[IDS[table]], key)
    ordinals = sorted(row["ordinal"] for row in rows.get("passages", ()))
    if ordinals != list(range(len(ordinals))) or (made_by and not ordinals and document["body"].strip()):
        yield Fault("gap", "passages", key, key)
    passages = {row["passage_id"]: row for row in rows.get("passages", ())}
    for row in rows.get("measures", ()):
        if kind := _measure_fault(row, document, passages):
            yield Fault(kind, "measures", row["measure_id"], key)


def is_sound(offsets: OffsetMap, length: int, source_length: int | None = None) -> bool:
    """Whether runs are sorted, do not overlap, and stay inside a text of ``length`` and its source."""
    end = 0
    for made, source, count in offsets.runs:
        if made < end or count <= 0 or source < 0:
            return False
        if source_length is not None and source + count > source_length:
            return False
        end = made + count
    return end <= length


def _is_inside(start: Any, end: Any, length: int) -> bool:
    return isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= length


def _place_fault(row: Row, body: str, words: str) -> FaultKind | None:
    if not _is_inside(row["start"], row["end"], len(body)):
        return "outside"
    return None if body[row["start"] : row["end"]] == row[words] else "other_words"


def _maker_fault(row: Row, made_by: str | None) -> FaultKind | None:
    return "maker" if made_by is not None and row["made_by"] != made_by else None


def _measure_fault(row: Row, document: Row, passages: Mapping[str, Row]) -> FaultKind | None:
    if any(row[name] != document[name] for name in TAKEN_OVER):
        return "other_document"
    length = len(document["body"])
    if not _is_inside(row["start"], row["end"], length):
        return None  # told already
    inner = [*(row["quantities"] or ()), *(row["partners"] or ())]
    if not all(_is_inside(part["start"], part["end"], length) for part in inner):
        return "outside"
    if row["passage_id"] is not None:
        passage = passages.get(row["passage_id"])
        if passage is None or not passage["start"] <= row["start"] <= row["end"] <= passage["end"]:
            return "no_passage"
    said = (row["source_start"], row["source_end"])
    leads = document["source_map"].to_source(row["start"], row["end"]) or (None, None)
    return None if said == leads else "source"
