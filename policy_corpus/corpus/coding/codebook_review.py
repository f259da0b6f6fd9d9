"""A codebook held against a corpus: what it misses, and what an edit would change. Nothing is written."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policy_corpus.annotate.codebook import Codebook
from policy_corpus.annotate.passages import in_normal_form
from policy_corpus.annotate.tokens import parse_stop_words
from policy_corpus.errors import CorpusError, SettingsError
from policy_corpus.records import Document, Passage
from policy_corpus.resources import DATA, load_codebook
from policy_corpus.store.tables import DOCUMENTS, MEASURES, PASSAGES

if TYPE_CHECKING:
    from policy_corpus.analyse.codebook_diff import CodebookDiff
    from policy_corpus.analyse.gaps import Gap
    from policy_corpus.analyse.uncovered import OpenClause, Sentence
    from policy_corpus.store.store import Store

DOCUMENTS_AT_ONCE = 50
"""Documents whose sentences are in memory together."""
MOST_CLAUSES = 20_000
"""Open clauses kept for clustering, those most like measures (about 20 MB)."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """What a codebook misses in a corpus."""

    gaps: tuple["Gap", ...]
    clauses: int
    """Open clauses, in gaps or not."""
    sentences: int
    """Sentences read, headings and copies left out."""

    def rows(self, limit: int = 0) -> Iterator[dict[str, Any]]:
        """One plain row for each gap, the first ``limit`` of them or all."""
        for gap in self.gaps[: limit or None]:
            yield asdict(gap)


def find_uncovered(store: "Store", codebook: Codebook) -> Uncovered:
    """Clauses that look like measures and that no code covers, in clusters.

    Raises
    ------
    CorpusError
        Nothing is coded yet, so nothing tells what a measure looks like.
    """
    from policy_corpus.analyse.gaps import find_gaps
    from policy_corpus.analyse.uncovered import Likeness, TermCounts, open_clauses

    if not store.count(MEASURES):
        raise CorpusError(
            "no measures in this corpus yet, so nothing tells what one looks like",
            str(store.folder),
            "add pages and run: policy-corpus build",
        )
    stop_words = parse_stop_words((DATA / "lexicon" / "stop_words.txt").read_text(encoding="utf-8"))
    counts = TermCounts(stop_words, codebook.scope)
    for sentence in _sentences(store):
        counts.add(sentence)
    likeness = Likeness.learn(counts, codebook.scope)
    clauses: list[OpenClause] = []
    found = 0
    for sentence in _sentences(store):
        opened = list(open_clauses(sentence, codebook, likeness, stop_words))
        found += len(opened)
        clauses += opened
        if len(clauses) > 2 * MOST_CLAUSES:
            clauses = _most_alike(clauses)
    return Uncovered(tuple(find_gaps(_most_alike(clauses))), found, counts.read)


def compare_codebooks(
    store: "Store", old: Path, new: Path, classifier: Path, min_confidence: float = 0.0
) -> "CodebookDiff":
    """What changes between two codebook files in the coding of a corpus; copies are left out.

    Parameters
    ----------
    classifier
        Folder of the classifier. Where it does not know exactly the codes of both codebooks, the labels
        alone are compared.
    min_confidence
        Measures below it are not kept by a build.

    Raises
    ------
    SettingsError
        A codebook is missing, unreadable or inconsistent; line and reason are named.
    """
    from policy_corpus.analyse.codebook_compare import Comparison

    before, after = _readable_codebook(old), _readable_codebook(new)
    coder, retrain = _coder(before, after, classifier)
    comparison = Comparison.of(before, after, coder, min_confidence, retrain)
    if comparison.edits or comparison.scope_changed:
        for part in _coded_documents(store):
            for document, passages in part:
                comparison.add(document, in_normal_form(document, passages))
    return comparison.result()


def _coder(before: Codebook, after: Codebook, folder: Path) -> tuple[Any, str | None]:
    """The coder of the old codebook, or why the classifier cannot say anything."""
    from policy_corpus.annotate.measures import Coder
    from policy_corpus.corpus.coding.encoders import load_encoder, read_classifier

    try:
        classifier = read_classifier(folder)
    except SettingsError as error:
        return None, f"the classifier cannot be used ({error.what})"
    for name, codebook in (("OLD", before), ("NEW", after)):
        odd = sorted(set(classifier.codes) ^ set(codebook.ids))
        if odd:
            known = (
                "has no code"
                if odd[0] in classifier.codes
                else "has a code that the classifier does not know:"
            )
            return None, f"{name} {known} {odd[0]!r}"
    encoder = load_encoder(classifier.encoder) if classifier.encoder else None
    return Coder(before, classifier, encoder), None


def _readable_codebook(path: Path) -> Codebook:
    try:
        return load_codebook(path)
    except FileNotFoundError as error:
        raise SettingsError("no codebook here", str(path), "give the path of a codebook.toml") from error
    except IsADirectoryError as error:
        raise SettingsError("this is a folder", str(path), "give the path of a codebook.toml") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f"not UTF-8 (line {line})", str(path), "save the file as UTF-8") from error
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", str(path), None) from error


def _most_alike(clauses: "list[OpenClause]") -> "list[OpenClause]":
    return sorted(clauses, key=lambda c: (-c.likeness, c.document_id, c.start))[:MOST_CLAUSES]


def _sentences(store: "Store") -> "Iterator[Sentence]":
    """Sentences of all documents but copies, with region and evidence, in a fixed order."""
    from policy_corpus.analyse.uncovered import Sentence

    columns = ["passage_id", "start", "end"]
    for part in _coded_documents(store):
        evidence: dict[str, list[tuple[int, int]]] = {}
        ids = [document.document_id for document, _ in part]
        for batch in store.scan(MEASURES, columns, {"document_id": ids}):
            for row in batch.to_pylist():
                evidence.setdefault(row["passage_id"], []).append((row["start"], row["end"]))
        for document, passages in part:
            for passage in in_normal_form(document, passages):
                spans = sorted(evidence.get(passage.passage_id, ()))
                inside = tuple((start - passage.start, end - passage.start) for start, end in spans)
                yield Sentence(passage, document.region_name, inside)


def _coded_documents(store: "Store") -> Iterator[list[tuple[Document, list[Passage]]]]:
    """Documents that are no copies, in order of their source, with their passages, some at a time."""
    keys = [
        row["document_id"]
        for batch in store.scan(DOCUMENTS, ["document_id"], {"same_as": None}, order_by=("source", "part"))
        for row in batch.to_pylist()
    ]
    for begin in range(0, len(keys), DOCUMENTS_AT_ONCE):
        part = keys[begin : begin + DOCUMENTS_AT_ONCE]
        documents = {d.document_id: d for d in store.records(DOCUMENTS, {"document_id": part})}
        grouped: dict[str, list[Passage]] = {key: [] for key in part}
        for passage in store.records(PASSAGES, {"document_id": part}):
            grouped[passage.document_id].append(passage)
        yield [(documents[key], sorted(grouped[key], key=lambda p: p.ordinal)) for key in part]
