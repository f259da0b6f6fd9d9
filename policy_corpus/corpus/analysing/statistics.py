"""The analyses of a corpus: reads the store, hands values to ``analyse``, gives back values."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from policy_corpus.analyse.linguistics.texts import Keep, content_filter, is_lexical
from policy_corpus.annotate.tokens import parse_stop_words
from policy_corpus.corpus.analysing.filters import EmptySelectionError, Filter, Part
from policy_corpus.corpus.analysing.subcorpus import Selector, SubCorpus
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.resources import DATA, load_gazetteer, load_tokenizer
from policy_corpus.store.tables import MENTIONS, PASSAGES

if TYPE_CHECKING:
    from policy_corpus.analyse.linguistics.collocation import Collocations
    from policy_corpus.analyse.linguistics.concordance import Line, Sort
    from policy_corpus.analyse.linguistics.dispersion import Spread
    from policy_corpus.analyse.linguistics.frequency import Counts, Frequency
    from policy_corpus.analyse.linguistics.keyness import Keyword
    from policy_corpus.analyse.linguistics.new_terms import Candidate
    from policy_corpus.analyse.linguistics.ngrams import Ngram
    from policy_corpus.analyse.reuse.local_text import Reuse
    from policy_corpus.corpus import Corpus
    from policy_corpus.corpus.analysing.compare import Comparisons
    from policy_corpus.corpus.analysing.local_text import Bars
    from policy_corpus.corpus.analysing.regions import RegionAnalyses
    from policy_corpus.corpus.analysing.topics import TopicAnalyses
    from policy_corpus.store.store import Store

MOSTLY = 0.5
"""Share of a word's occurrences that must be names of places for it to count as one."""


class Analyses:
    """Statistics of one corpus over any filter.

    Parameters
    ----------
    corpus
        An open corpus that was built.
    progress
        Opened while local text is looked for, which takes minutes the first time.
    """

    def __init__(self, corpus: "Corpus", progress: "Bars | None" = None) -> None:
        self.corpus = corpus
        self.progress = progress

    def frequencies(
        self, wanted: Filter, part: Part = "document", every_word: bool = False
    ) -> "tuple[Counts, list[Frequency]]":
        """Counts of the sub-corpus and its words by falling frequency; content words unless ``every_word``."""
        from policy_corpus.analyse.linguistics.frequency import Counts, frequencies

        counts = Counts.of(self.select(wanted).texts(part))
        return counts, frequencies(counts, None if every_word else self.is_content)

    def concordance(
        self, node: str, wanted: Filter, window: int, sort: "Sort" = "source", whole_words: bool = False
    ) -> "list[Line]":
        """Every place of a string, sorted."""
        from policy_corpus.analyse.linguistics.concordance import concordance, sort_lines

        node = self._node(node)
        lines = [
            line
            for page, spans in self.select(wanted).pages(holding=node)
            for line in concordance(page, spans, node, window, whole_words)
        ]
        if not lines:
            raise EmptySelectionError(
                f"{node!r} does not stand in {wanted}", None, self._elsewhere(node, wanted)
            )
        return sort_lines(lines, sort)

    def keyness(
        self,
        wanted: Filter,
        against: Filter | None = None,
        every_word: bool = False,
        min_count: int = 5,
        names: bool = False,
    ) -> "tuple[Counts, Counts, list[Keyword]]":
        """Words by keyness; the reference is another sub-corpus, or the rest of the corpus.

        Names of places are left out unless ``names``: every region uses its own most. The rest are the documents that
        are not in the target, their local text alone where the target is local text; a target that is chosen by
        sentences (code, status, or nothing but local) is compared with its documents' other sentences too.
        """
        from policy_corpus.analyse.linguistics.frequency import Counts
        from policy_corpus.analyse.linguistics.keyness import keywords

        target = Counts.of(self.select(wanted).texts())
        if against is None:
            everything = Filter(copies=wanted.copies)
            of_local = wanted.local and replace(wanted, local=False) != everything
            whole = Counts.of(self.select(replace(everything, local=of_local)).texts())
            reference = Counts(
                whole.words - target.words,
                whole.texts - target.texts,
                whole.size - target.size,
                whole.text_count - target.text_count,
            )
            if not reference.size:
                raise PolicyCorpusError(
                    f"nothing is left to compare with: {wanted} is all there is",
                    None,
                    "narrow it with a filter, or name the reference with --against KEY=VALUE",
                )
        else:
            reference = Counts.of(self.select(against).texts())
        keep = is_lexical if every_word else self.is_content
        if not names:
            of_places = self._place_names(target.words + reference.words)
            keep = _both(keep, lambda word: word not in of_places)
        return target, reference, keywords(target, reference, keep, min_count)

    def collocations(
        self, node: str, wanted: Filter, window: int, min_count: int, every_word: bool = False
    ) -> "Collocations":
        """Words near a word or phrase."""
        from policy_corpus.analyse.linguistics.collocation import collocations

        node = self._node(node)
        keep = is_lexical if every_word else self.is_content
        found = collocations(self.select(wanted).texts(), node, window, keep, min_count)
        if not found.node_count:
            raise EmptySelectionError(
                f"{node!r} does not stand as whole words in {wanted}", None, self._elsewhere(node, wanted)
            )
        return found

    def dispersion(
        self, wanted: Filter, words: Sequence[str] = (), part: Part = "document", min_count: int = 10
    ) -> "list[Spread]":
        """Spread of the given words over the parts, or of every content word."""
        from policy_corpus.analyse.linguistics.dispersion import parts_of, spreads

        nodes = [self._node(word) for word in words]
        parts = parts_of(self.select(wanted).texts(part), nodes)
        rows = spreads(parts, None if nodes else self.is_content, 1 if nodes else min_count)
        missing = set(nodes) - {row.word for row in rows}
        if missing:
            word = sorted(missing)[0]
            raise EmptySelectionError(
                f"{word!r} does not stand as whole words in {wanted}", None, self._elsewhere(word, wanted)
            )
        return rows

    def ngrams(
        self, wanted: Filter, low: int, high: int, min_count: int, every_word: bool = False
    ) -> "list[Ngram]":
        """Runs of words; without ``every_word`` none begins or ends with a stop word."""
        from policy_corpus.analyse.linguistics.ngrams import ngrams

        return ngrams(
            self.select(wanted).texts(), low, high, () if every_word else self.stop_words, min_count
        )

    def new_terms(self, wanted: Filter, min_count: int) -> "list[Candidate]":
        """Candidates for the lexicon: no word of the dictionary, the lexicon or the gazetteer."""
        from policy_corpus.analyse.linguistics.new_terms import candidates

        names, tokenizer = load_gazetteer().names, load_tokenizer()

        def is_known(term: str) -> bool:
            return term in names or tokenizer.knows(term)

        return candidates(self.select(wanted).marked_texts(), is_known, self.stop_words, min_count)

    def local_shares(self, wanted: Filter) -> "list[dict[str, Any]]":
        """Documents with their sentences by origin and their ``local_share``, the most local last."""
        from policy_corpus.analyse.reuse.local_text import local_shares

        rows = {row["document_id"]: row for row in self.select(replace(wanted, local=False)).documents}
        titles = {row["document_id"]: row["title"] for row in self.selector.documents()}
        shares = [
            {
                **asdict(share),
                "title": rows[share.document_id]["title"],
                "region_name": rows[share.document_id]["region_name"],
                "main_source_title": titles.get(share.main_source or ""),
            }
            for share in local_shares(self.reuse)
            if share.document_id in rows
        ]
        return sorted(shares, key=lambda s: (s["local_share"] is None, s["local_share"], s["document_id"]))

    def sentence_origins(self, document_id: str) -> "list[dict[str, Any]]":
        """Sentences of one document in order, each with its label and source."""
        document, _ = self.corpus.find(document_id)
        key = document["document_id"]
        texts = {
            row["passage_id"]: (row["ordinal"], row["start"], row["end"], row["text"])
            for batch in self.store.scan(
                PASSAGES, ["passage_id", "ordinal", "start", "end", "text"], {"document_id": key}
            )
            for row in batch.to_pylist()
        }
        titles = {row["document_id"]: row["title"] for row in self.selector.documents()}
        rows = [
            {
                **asdict(row),
                **dict(zip(("ordinal", "start", "end", "text"), texts[row.passage_id], strict=True)),
                "source_title": titles.get(row.source_id or ""),
            }
            for row in self.reuse
            if row.document_id == key
        ]
        return sorted(rows, key=lambda row: int(row["ordinal"]))

    def select(self, wanted: Filter) -> SubCorpus:
        """The sub-corpus of a filter.

        Raises
        ------
        EmptySelectionError
            Nothing is left; the condition that left nothing is named.
        """
        return self.selector.select_some(wanted)

    @cached_property
    def regions(self) -> "RegionAnalyses":
        """Profiles, types and peers of the regions."""
        from policy_corpus.corpus.analysing.regions import RegionAnalyses

        return RegionAnalyses(self.selector)

    @cached_property
    def comparisons(self) -> "Comparisons":
        """Regions side by side."""
        from policy_corpus.corpus.analysing.compare import Comparisons

        return Comparisons(self.selector)

    @cached_property
    def topics(self) -> "TopicAnalyses":
        """What the documents are about."""
        from policy_corpus.corpus.analysing.topics import TopicAnalyses

        return TopicAnalyses(self.selector, self.corpus.codebook)

    @cached_property
    def store(self) -> "Store":
        """The tables, for reading."""
        from policy_corpus.config import TABLES
        from policy_corpus.store.store import Store

        return Store.open(self.corpus.folder / TABLES, read_only=True)

    @cached_property
    def selector(self) -> Selector:
        """Filters of this corpus."""
        return Selector(self.store, load_gazetteer(), self.corpus.code_labels(), self._local_passages)

    @cached_property
    def reuse(self) -> "list[Reuse]":
        """Where every sentence of the corpus comes from."""
        from policy_corpus.corpus.analysing.local_text import find_local_text

        return find_local_text(self.store, load_gazetteer(), self.corpus.folder, self.progress)

    @cached_property
    def stop_words(self) -> frozenset[str]:
        """Words that carry no subject."""
        return parse_stop_words(_data("lexicon/stop_words.txt"))

    @cached_property
    def is_content(self) -> Keep:
        """Whether a word carries a subject."""
        return content_filter(self.stop_words)

    def _place_names(self, words: "Counter[str]") -> set[str]:
        """Words that are for the most part names of places where they stand: 深圳, but not 和平."""
        named = Counter(
            text
            for batch in self.store.scan(MENTIONS, ["text"], {"kind": "region"}, batch_rows=65536)
            for text in batch.column("text").to_pylist()
        )
        return {word for word, count in named.items() if count >= MOSTLY * words[word]}

    def _local_passages(self) -> set[str]:
        return {row.passage_id for row in self.reuse if row.label == "local"}

    def _node(self, text: str) -> str:
        from policy_corpus.clean.script import to_simplified

        node = to_simplified("".join(text.split()))
        if not node:
            raise PolicyCorpusError("no word was given", None, "name a word or phrase, such as 教育集团")
        return node

    def _elsewhere(self, node: str, wanted: Filter) -> str:
        """Whether the filters or the corpus lack the word."""
        if wanted == Filter():
            return "try a shorter string"
        found = any(True for _ in self.select(Filter(copies=True)).pages(holding=node))
        return (
            "it stands in other parts of the corpus: leave a filter out"
            if found
            else "it stands nowhere in this corpus"
        )


def _both(first: Keep, second: Keep) -> Keep:
    return lambda word: first(word) and second(word)


def _data(name: str) -> str:
    return (DATA / name).read_text(encoding="utf-8")
