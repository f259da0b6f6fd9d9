"""Search over a corpus: filters as people give them, the encoder, and an index that is never stale unsaid."""

import os
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policy_corpus.config import TABLES
from policy_corpus.corpus.analysing.filters import EVERYTHING, Filter, years
from policy_corpus.corpus.analysing.region_names import RegionFinder
from policy_corpus.corpus.coding.encoders import fingerprint, load_encoder
from policy_corpus.corpus.searching.embedding import Vectors
from policy_corpus.errors import CorpusError, PolicyCorpusError
from policy_corpus.publish.progress import Progress, Silent
from policy_corpus.publish.search.index import Making, Pending, pending, stamp, update_index
from policy_corpus.publish.search.searcher import Condition, Searcher, SearchResult
from policy_corpus.resources import load_gazetteer, load_tokenizer
from policy_corpus.store.passage_index import PassageIndex, RowFilter
from policy_corpus.store.store import Store
from policy_corpus.store.tables import DOCUMENTS

if TYPE_CHECKING:
    from policy_corpus.analyse.query import Query
    from policy_corpus.annotate.vectors import Encoder
    from policy_corpus.corpus import Corpus

NO_ENCODER = "none"
LOCK_WAIT = 2.0
"""Seconds a search waits for a writer before it goes on with the index as it is, and says so."""


class CorpusSearch:
    """Answers queries to one corpus; keep it to answer many.

    Parameters
    ----------
    note
        Takes what a person should know: that the index is being brought up to date, or that it could not be.
    """

    def __init__(
        self, corpus: "Corpus", progress: Progress | None = None, note: Callable[[str], None] | None = None
    ) -> None:
        self._corpus = corpus
        self._progress = progress or Silent()
        self._note = note or (lambda line: None)
        self._folder = corpus.folder / TABLES
        self._searcher: Searcher | None = None
        self._stamp = ""
        self._lag: str | None = None

    def search(
        self, text: str, wanted: Filter = EVERYTHING, limit: int = 10, *, meaning: bool = True
    ) -> SearchResult:
        """The best sentences for a query; see :meth:`policy_corpus.corpus.Corpus.search`."""
        searcher = self._ready()
        return searcher.search(text, self._conditions(wanted), limit, meaning=meaning)

    def prepare(self) -> None:
        """Bring the index up to date if it is not; :meth:`search` does so by itself."""
        self._ready()

    def update(self) -> int:
        """Bring the index up to date; returns the number of sentences that were indexed."""
        with Store.open(self._folder) as store:
            return self._update(store)

    def is_fresh(self, store: Store) -> bool:
        """Whether the index in a store is in step with its tables, encoder and codebook."""
        state = PassageIndex(store).state()
        if state is None or state.stamp != stamp(store):
            return False
        return state.settings == self._making(store).fingerprint

    def _ready(self) -> Searcher:
        """A searcher over an index that is current; looks at nothing but names of files when nothing changed."""
        store = Store.open(self._folder, read_only=True)
        now = stamp(store)
        if self._searcher is None or now != self._stamp or self._lag:
            self._refresh(store, now)
            self._searcher = Searcher(
                Store.open(self._folder, read_only=True), self._parse, self._encoder_of_index
            )
            self._stamp = stamp(store)
        if self._lag:
            self._note(self._lag)
        return self._searcher

    def _refresh(self, store: Store, now: str) -> None:
        """Bring the index up to date; where another process writes, say how far it lags, once it was looked up."""
        index = PassageIndex(store)
        state = index.state()
        making = self._making(store)
        if state is not None and state.stamp == now and state.settings == making.fingerprint:
            return
        try:
            with Store.open(self._folder, wait=0.0 if self._lag else LOCK_WAIT) as writable:
                self._update(writable)
            self._lag = None
        except CorpusError as error:
            if self._lag:
                return
            todo = pending(store, index, making)
            if todo.whole:
                what = f"there is no search index of this corpus yet, and none can be made: {error.what}"
                raise CorpusError(what, error.where, error.remedy) from error
            if todo:
                count = len(todo.stale) + len(todo.gone)
                self._lag = f"the index lacks changes of {count:,} documents: {error}"

    def _update(self, store: Store) -> int:
        index, making = PassageIndex(store), self._making(store)
        todo: Pending = pending(store, index, making)
        if todo:
            self._note(f"indexing {len(todo.stale):,} documents for search …")
        return update_index(store, index, todo, making, self._progress)

    def _making(self, store: Store) -> Making:
        embedder = (
            None if self._encoder_name == NO_ENCODER else Vectors(store, self._encoder, self._fingerprint)
        )
        return Making(embedder, self._corpus.codebook)

    @cached_property
    def _encoder_name(self) -> str:
        return encoder_name(self._corpus.folder, self._corpus.settings.search.encoder)

    @cached_property
    def _fingerprint(self) -> str:
        return fingerprint(self._encoder_name)

    def _encoder(self) -> "Encoder":
        return self._loaded

    @cached_property
    def _loaded(self) -> "Encoder":
        return load_encoder(self._encoder_name)

    def _encoder_of_index(self) -> "Encoder | None":
        return None if self._encoder_name == NO_ENCODER else self._loaded

    @cached_property
    def _parse(self) -> "Callable[[str], Query]":
        from policy_corpus.analyse.query import parse_query

        return partial(
            parse_query,
            tokenizer=load_tokenizer(),
            codebook=self._corpus.codebook,
            gazetteer=load_gazetteer(),
        )

    def _conditions(self, asked: Filter) -> list[Condition]:
        """Filters as the index understands them.

        Raises
        ------
        PolicyCorpusError
            A region, code, status, kind or year is unknown; the nearest ones are named. Or local text is asked for.
        """
        if asked.local:
            raise PolicyCorpusError("search reads all text, not local text alone", None, "leave --local out")
        wanted = asked.checked(self._corpus.code_labels())
        found = []
        if wanted.region:
            found.append(Condition(f"--region {wanted.region}", self._region(wanted.region)))
        if wanted.code or wanted.status:  # of one and the same measure
            given = ((f"--code {asked.code}", asked.code), (f"--status {asked.status}", asked.status))
            said = " with ".join(words for words, value in given if value)
            found.append(Condition(said, RowFilter(code=wanted.code, status=wanted.status)))
        if wanted.year is not None:
            first, last = map(int, years(wanted.year))
            found.append(Condition(f"--year {wanted.year}", RowFilter(since=first, until=last)))
        if wanted.since is not None:
            found.append(Condition(f"--since {wanted.since}", RowFilter(since=int(years(wanted.since)[0]))))
        if wanted.kind:
            found.append(Condition(f"--kind {wanted.kind}", RowFilter(kind=wanted.kind)))
        if wanted.issuer:
            found.append(Condition(f"--issuer {wanted.issuer}", RowFilter(issuer=wanted.issuer)))
        if not wanted.copies:
            found.append(Condition("--no-copies", RowFilter(copies=False)))
        return found

    def _region(self, region: str) -> RowFilter:
        """Rows of a region: by code or name, of today or once, with its province before it or not."""
        prefixes, unit = RegionFinder(load_gazetteer(), self._documents).prefixes(region)
        return RowFilter(unit=unit) if unit else RowFilter(regions=prefixes)

    def _documents(self) -> list[dict[str, Any]]:
        store = Store.open(self._folder, read_only=True)
        return [
            row
            for batch in store.scan(DOCUMENTS, ["region_code", "region_name"])
            for row in batch.to_pylist()
        ]


def encoder_name(folder: Path, setting: str) -> str:
    """What names the encoder of a corpus: a shipped one, or its own folder with its path."""
    own = folder / setting
    return str(own) if os.sep in setting and own.is_dir() else setting
