"""Topics of a corpus: reads the store, hands words to ``analyse.topics``, gives back topics with their passages."""

import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from policy_corpus.analyse.linguistics.texts import Keep, Text, content_filter
from policy_corpus.analyse.topics.find import Seed, TooLittleTextError, Topics, find_topics
from policy_corpus.analyse.topics.model import Method
from policy_corpus.analyse.topics.units import topic_filter
from policy_corpus.annotate.codebook import Codebook, expand
from policy_corpus.annotate.tokens import parse_stop_words
from policy_corpus.corpus.analysing.filters import EmptySelectionError, Filter
from policy_corpus.corpus.analysing.subcorpus import Selector, SubCorpus
from policy_corpus.resources import DATA, load_gazetteer
from policy_corpus.store.tables import PASSAGES

if TYPE_CHECKING:
    from policy_corpus.annotate.codebook import Code

Row = dict[str, Any]
MOST_SENTENCES = 200_000
"""Sentences read (about 1 GB of words); of a larger corpus evenly spaced documents, which is said."""


@dataclass(frozen=True, slots=True)
class CorpusTopics:
    """Topics, and the sentences that show them by their place."""

    found: Topics
    passages: Mapping[tuple[str, int], Row]
    read: int
    """Documents read, of ``documents``."""
    documents: int


class TopicAnalyses:
    """What the documents of a corpus are about.

    Parameters
    ----------
    selector
        Of the corpus.
    codebook
        Of the corpus; topics of codes need it.
    """

    def __init__(self, selector: Selector, codebook: Codebook | None = None) -> None:
        self.selector = selector
        self.codebook = codebook

    def topics(
        self, wanted: Filter, number: int | None = None, method: Method = "nmf", seeded: bool = False
    ) -> CorpusTopics:
        """Topics of a sub-corpus.

        Parameters
        ----------
        number
            Free topics; by default as many as come again.
        seeded
            One topic for each code as well; then only sentences of the codebook's field are read.

        Raises
        ------
        EmptySelectionError
            Nothing is left, or too little for topics; it says what.
        """
        part = self.selector.select_some(wanted)
        rows = part.documents[:: max(1, math.ceil(self._sentences() / MOST_SENTENCES))]
        places: dict[tuple[str, int], str] = {}
        field = self.codebook if seeded else None
        texts = list(self._texts(part, [row["document_id"] for row in rows], field, places))
        seeds = [_seed(code.id, code.zh, code.labels) for code in self._codes() if seeded]
        try:
            found = find_topics(texts, self._keep(), number, method, seeds)
        except TooLittleTextError as error:
            hint = (
                "take the whole text with --whole-text, or fewer filters"
                if wanted.local
                else "use fewer filters"
            )
            raise EmptySelectionError(f"too little text for topics: {error}", None, hint) from error
        shown = {(p.text_id, p.sentence) for topic in found.topics for p in topic.places}
        return CorpusTopics(
            found, self._passages({place: places[place] for place in shown}), len(texts), len(part.documents)
        )

    def _codes(self) -> "tuple[Code, ...]":
        return self.codebook.codes if self.codebook else ()

    def _sentences(self) -> int:
        return self.selector.store.count(PASSAGES)

    def _keep(self) -> Keep:
        stop_words = parse_stop_words((DATA / "lexicon/stop_words.txt").read_text(encoding="utf-8"))
        return topic_filter(content_filter(stop_words), load_gazetteer().names)

    def _texts(
        self, part: SubCorpus, ids: list[str], field: Codebook | None, places: dict[tuple[str, int], str]
    ) -> Iterator[Text]:
        columns = ["document_id", "passage_id", "ordinal", "words", *(["text"] if field else [])]
        lines: dict[str, list[tuple[int, str, tuple[str, ...]]]] = defaultdict(list)
        for batch in self.selector.store.scan(PASSAGES, columns, {"document_id": ids}, batch_rows=8192):
            for row in batch.to_pylist():
                key = row["document_id"]
                if not part.holds(key, row["passage_id"]):
                    continue
                if field and not field.in_scope(row["text"]):
                    continue
                words = tuple(map(sys.intern, row["words"]))
                lines[key].append((row["ordinal"], row["passage_id"], words))
        for key, own in lines.items():
            own.sort()
            places.update({(key, place): line[1] for place, line in enumerate(own)})
            yield Text(key, tuple(line[2] for line in own))

    def _passages(self, wanted: Mapping[tuple[str, int], str]) -> dict[tuple[str, int], Row]:
        columns = ["passage_id", "document_id", "text", "start", "end"]
        rows = {
            row["passage_id"]: row
            for batch in self.selector.store.scan(PASSAGES, columns, {"passage_id": sorted(wanted.values())})
            for row in batch.to_pylist()
        }
        documents = {row["document_id"]: row for row in self.selector.documents()}
        return {
            place: {
                **rows[key],
                **{name: documents[place[0]][name] for name in ("title", "region_name", "source")},
            }
            for place, key in wanted.items()
        }


def topic_rows(topics: CorpusTopics) -> Iterator[Row]:
    """Rows of the table ``topics``, plain values: seeded ones first, then by falling share."""
    found = topics.found
    for topic in found.topics:
        yield {
            **asdict(topic),
            "words": list(topic.words[:10]),
            "weights": list(topic.weights[:10]),
            "phrases": [phrase.text for phrase in topic.phrases],
            "documents": topic.texts,
            "passages": [{**topics.passages[p.text_id, p.sentence], "share": p.share} for p in topic.places],
            "method": found.method,
            "diversity": found.diversity,
        }


def _seed(code: str, label: str, labels: tuple[str, ...]) -> Seed:
    """Labels with a gap are no words."""
    words = {written for one in labels for written in expand(one) if "…" not in written}
    return Seed(code, label, tuple(sorted(words)))
