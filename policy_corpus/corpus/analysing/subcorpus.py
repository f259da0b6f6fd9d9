"""A part of a corpus by filters, read from the store: which documents and sentences, and why none are left."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from policy_corpus.analyse.linguistics.concordance import Page, Span
from policy_corpus.analyse.linguistics.texts import Text
from policy_corpus.corpus.analysing.filters import EmptySelectionError, Filter, Part, years
from policy_corpus.corpus.analysing.region_names import RegionFinder, Row
from policy_corpus.records import STATUSES
from policy_corpus.store.parts import in_parts
from policy_corpus.store.tables import DOCUMENTS, MEASURES, PASSAGES

if TYPE_CHECKING:
    from policy_corpus.annotate.regions import Gazetteer
    from policy_corpus.store.store import Store

DOCUMENTS_AT_ONCE = 200
"""Documents whose sentences are in memory together."""
LIGHT = ("document_id", "capture_id", "source", "part", "title", "kind", "published", "event_date", "issuer",
         "same_as", "region_code", "region_name")  # fmt: skip


@dataclass
class SubCorpus:
    """Documents that meet a filter, in the order of their sources; ``passages`` is None where all belong."""

    filter: Filter
    store: "Store"
    documents: list[Row]
    passages: set[str] | None = None
    emptied_by: str | None = None
    """Which condition left nothing, and of how many; None while something is left."""
    _families: dict[str, str] = field(default_factory=dict)

    def holds(self, document_id: str, passage_id: str | None = None) -> bool:
        """Whether a document, or a sentence of it, belongs; a document without a sentence that does is out."""
        if self.passages is None or passage_id is None:
            return document_id in self._held
        return document_id in self._held and passage_id in self.passages

    @cached_property
    def _held(self) -> set[str]:
        """Documents of which something belongs."""
        ids = {row["document_id"] for row in self.documents}
        if self.passages is None or not ids:
            return ids
        return {
            row["document_id"]
            for batch in self.store.scan(PASSAGES, ["document_id", "passage_id"], batch_rows=65536)
            for row in batch.to_pylist()
            if row["passage_id"] in self.passages and row["document_id"] in ids
        }

    def texts(self, part: Part = "document") -> Iterator[Text]:
        """Words by document, family, region or year: each part is one text. Few documents are in memory at once."""
        if part == "document":
            for rows in in_parts(self.documents, DOCUMENTS_AT_ONCE):
                sentences = self._sentences(rows)
                for row in rows:
                    yield Text(row["document_id"], tuple(sentences[row["document_id"]]))
            return
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.documents:
            groups[self._part_name(row, part)].append(row)
        for name, rows in groups.items():
            sentences = self._sentences(rows)
            yield Text(name, tuple(words for row in rows for words in sentences[row["document_id"]]))

    def marked_texts(self) -> Iterator[Text]:
        """Documents with the sentences marked that carry a measure."""
        measured = self.store.keys(MEASURES, "passage_id")
        for rows in in_parts(self.documents, DOCUMENTS_AT_ONCE):
            found: dict[str, list[tuple[int, bool, tuple[str, ...]]]] = {
                row["document_id"]: [] for row in rows
            }
            for row in self._passages(list(found), ["document_id", "passage_id", "ordinal", "words"]):
                line = (row["ordinal"], row["passage_id"] in measured, tuple(row["words"]))
                found[row["document_id"]].append(line)
            for key, lines in found.items():
                lines.sort()
                marked = frozenset(place for place, (_, carries, _) in enumerate(lines) if carries)
                yield Text(key, tuple(words for _, _, words in lines), marked)

    def pages(self, holding: str = "") -> Iterator[tuple[Page, list[Span]]]:
        """Documents with the sentences that belong to the sub-corpus and what they carry.

        Parameters
        ----------
        holding
            A string: documents without it are not read further.
        """
        for batch_rows in in_parts(self.documents, DOCUMENTS_AT_ONCE):
            ids = [row["document_id"] for row in batch_rows]
            bodies: dict[str, str] = {}
            for batch in self.store.scan(
                DOCUMENTS, ["document_id", "body", "simplified"], {"document_id": ids}
            ):
                for found in batch.to_pylist():
                    if holding in (body := found["simplified"] or found["body"]):
                        bodies[found["document_id"]] = body
            rows = [row for row in batch_rows if row["document_id"] in bodies]
            ids = list(bodies)
            carried = _carried(self.store, {"document_id": ids})
            spans: dict[str, list[Span]] = {key: [] for key in ids}
            columns = ["document_id", "passage_id", "start", "end", "words"]
            for found in self._passages(ids, columns):
                codes, statuses = carried.get(found["passage_id"], ((), ()))
                spans[found["document_id"]].append(
                    Span(
                        found["passage_id"],
                        found["start"],
                        found["end"],
                        tuple(found["words"]),
                        statuses,
                        codes,
                    )
                )
            for row in rows:
                key = row["document_id"]
                page = Page(
                    key, bodies[key], row["title"], row["region_code"], row["region_name"], year_of(row)
                )
                yield page, sorted(spans[key], key=lambda span: span.start)

    def _sentences(self, rows: Sequence[Row]) -> dict[str, list[tuple[str, ...]]]:
        found: dict[str, list[tuple[int, tuple[str, ...]]]] = {row["document_id"]: [] for row in rows}
        for row in self._passages(list(found), ["document_id", "passage_id", "ordinal", "words"]):
            found[row["document_id"]].append((row["ordinal"], tuple(row["words"])))
        return {key: [words for _, words in sorted(lines)] for key, lines in found.items()}

    def _passages(self, document_ids: Sequence[str], columns: Sequence[str]) -> Iterator[Row]:
        for batch in self.store.scan(PASSAGES, columns, {"document_id": document_ids}, batch_rows=8192):
            for row in batch.to_pylist():
                if self.passages is None or row["passage_id"] in self.passages:
                    yield row

    def _part_name(self, row: Row, part: Part) -> str:
        if part == "region":
            return str(row["region_name"] or "—")
        if part == "year":
            return year_of(row) or "—"
        if not self._families:
            self._families = _families(self.store)
        return self._families[row["document_id"]]


class Selector:
    """Reads sub-corpora of one corpus.

    Parameters
    ----------
    labels
        Chinese label of each code.
    local_passages
        Ids of the local sentences; called only where a filter asks for them.
    """

    def __init__(
        self,
        store: "Store",
        gazetteer: "Gazetteer",
        labels: Mapping[str, str],
        local_passages: Callable[[], Collection[str]] | None = None,
    ) -> None:
        self.store = store
        self.labels = labels
        self.regions = RegionFinder(gazetteer, self.documents)
        self._local_passages = local_passages
        self._rows: list[Row] | None = None

    def anew(self) -> "Selector":
        """A selector that remembers nothing and reads the store again."""
        return Selector(self.store, self.regions.gazetteer, self.labels, self._local_passages)

    def documents(self) -> list[Row]:
        """All documents without their texts, in the order of their sources."""
        if self._rows is None:
            self._rows = [
                row
                for batch in self.store.scan(DOCUMENTS, LIGHT, order_by=("source", "part", "document_id"))
                for row in batch.to_pylist()
            ]
        return self._rows

    def select(self, wanted: Filter) -> SubCorpus:
        """The part of the corpus that meets a filter; it may be empty and then says why.

        Raises
        ------
        PolicyCorpusError
            A region, code, status, kind or year is unknown; the nearest ones are named.
        """
        wanted = wanted.checked(self.labels)
        found = SubCorpus(wanted, self.store, self.documents())
        if not found.documents:
            found.emptied_by = (
                "no documents in this corpus yet; next: policy-corpus add, then policy-corpus build"
            )
            return found
        for name, test in self._document_tests(wanted):
            left = [row for row in found.documents if test(row)]
            if not left and found.documents:
                found.emptied_by = f"none of {len(found.documents):,} documents meets {name}"
            found.documents = left
        if found.documents:
            self._choose_passages(found)
        return found

    def select_some(self, wanted: Filter) -> SubCorpus:
        """As :meth:`select`, for what needs something to work on.

        Raises
        ------
        EmptySelectionError
            Nothing is left; the condition that left nothing is named.
        """
        found = self.select(wanted)
        if found.emptied_by:
            raise EmptySelectionError(
                found.emptied_by, None, "leave it out, or see: policy-corpus list DIR documents"
            )
        return found

    def local_passages(self) -> set[str]:
        """Ids of the local sentences."""
        return set(self._local_passages()) if self._local_passages else set()

    def _document_tests(self, wanted: Filter) -> list[tuple[str, Callable[[Row], bool]]]:
        tests: list[tuple[str, Callable[[Row], bool]]] = []
        if not wanted.copies:
            tests.append(
                ("the condition that copies stay out (see --copies)", lambda r: r["same_as"] is None)
            )
        if wanted.region:
            lies_in = self.regions.test(wanted.region)
            tests.append((f"--region {wanted.region}", lambda r: lies_in(r["region_code"], r["region_name"])))
        if wanted.kind:
            tests.append((f"--kind {wanted.kind}", lambda r: r["kind"] == wanted.kind))
        if wanted.issuer:
            tests.append((f"--issuer {wanted.issuer}", lambda r: str(wanted.issuer) in (r["issuer"] or "")))
        if wanted.year:
            first, last = years(wanted.year)
            tests.append((f"--year {wanted.year}", lambda r: first <= (year_of(r) or "") <= last))
        if wanted.since:
            (since, _) = years(wanted.since)
            tests.append((f"--since {wanted.since}", lambda r: since <= (year_of(r) or "")))
        return tests

    def _choose_passages(self, found: SubCorpus) -> None:
        wanted = found.filter
        if wanted.code or wanted.status:
            found.passages = set(self._carriers(found, wanted.code, wanted.status))
            if not found.passages:
                if wanted.code and wanted.status and any(self._carriers(found, wanted.code, None)):
                    said = f"carries --code {wanted.code} with --status {wanted.status}"
                else:
                    said = f"carries --code {wanted.code}" if wanted.code else f"has --status {wanted.status}"
                found.emptied_by = f"no sentence of {len(found.documents):,} documents {said}"
        if wanted.local and found.emptied_by is None:
            local = self.local_passages()
            found.passages = local if found.passages is None else found.passages & local
            if not self._any_left(found):
                found.emptied_by = "no sentence that is left is local (--local)"
        if found.emptied_by:
            found.documents = []

    def _carriers(self, found: SubCorpus, code: str | None, status: str | None) -> Iterator[str]:
        where = {key: value for key, value in (("code", code), ("status", status)) if value}
        ids = {row["document_id"] for row in found.documents}
        for batch in self.store.scan(MEASURES, ["document_id", "passage_id"], where, batch_rows=65536):
            yield from (row["passage_id"] for row in batch.to_pylist() if row["document_id"] in ids)

    def _any_left(self, found: SubCorpus) -> bool:
        return any(text.sentences for text in found.texts())


def year_of(row: Mapping[str, Any]) -> str | None:
    """Year of the event where it is known, else of publication."""
    for value in (row["event_date"], row["published"]):
        if value and value[:4].isdigit():
            return str(value[:4])
    return None


def _carried(store: "Store", where: Mapping[str, Any]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Codes and statuses of the measures of each sentence."""
    codes: dict[str, Counter[str]] = defaultdict(Counter)
    statuses: dict[str, Counter[str]] = defaultdict(Counter)
    for batch in store.scan(MEASURES, ["passage_id", "code", "status"], where, batch_rows=8192):
        for row in batch.to_pylist():
            codes[row["passage_id"]][row["code"]] += 1
            statuses[row["passage_id"]][row["status"]] += 1
    return {
        key: (tuple(sorted(own)), tuple(s for s in STATUSES if s in statuses[key]))
        for key, own in codes.items()
    }


def _families(store: "Store") -> dict[str, str]:
    """Family of each document: the notice or article that it belongs to; copies join what they repeat."""
    rows = [
        row
        for batch in store.scan(DOCUMENTS, ["document_id", "family", "same_as"], batch_rows=65536)
        for row in batch.to_pylist()
    ]
    own = {row["document_id"]: row["family"] or row["document_id"] for row in rows}
    return {key: own.get(row["same_as"] or key, key) for key, row in zip(own, rows, strict=True)}
