"""Search: candidates from the index by words, by codes and by meaning, then one order over all of them."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from policy_corpus.analyse.query import Query
from policy_corpus.analyse.ranking import (
    TITLE,
    coverage,
    index_terms,
    nearness,
    query_terms,
    total,
)
from policy_corpus.annotate.regions import region_prefix
from policy_corpus.publish.search.hits import CLEAR_MEANING, Hit, Scores, make_hit
from policy_corpus.publish.search.index import Samples, matrix, read_samples
from policy_corpus.store.passage_index import PassageIndex, RowFilter

if TYPE_CHECKING:
    from policy_corpus.annotate.vectors import Encoder
    from policy_corpus.store.store import Store

BY_WORDS, BY_CODE, BY_MEANING = 200, 100, 100
"""Candidates of each kind, at least; on ``gold/search`` half as many give the same order of the first fifty."""
CANDIDATES_A_HIT = 3
SEARCHES = 3
"""Kinds of candidates, looked for at the same time."""
EXACT_CANDIDATES = 2000
"""Rows with an exact phrase that are put in order; of more, those that came first in the index."""
LITERAL_CANDIDATES = 100
RANKED = ("form", "coded", "passage_id")
SHOWN = ("document_id", "passage_id", "start", "end", "text", "form", "title_form", "shown")


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits in order of rank; ``note`` says why there is none."""

    query: Query
    hits: tuple[Hit, ...]
    note: str | None = None

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter as the person gave it, for messages, and as the index understands it."""

    said: str
    rows: RowFilter


class Searcher:
    """Search over one index; keep it to answer many queries.

    Parameters
    ----------
    parse
        Reads a query.
    encoder
        Gives what makes the query's vector; None for words alone. Called on the first query that needs it.
    """

    def __init__(
        self,
        store: "Store",
        parse: Callable[[str], Query],
        encoder: "Callable[[], Encoder | None]",
    ) -> None:
        self._store = store
        self._index = PassageIndex(store)
        self._parse = parse
        self._make_encoder = encoder
        self._meaning = True
        self._pool = ThreadPoolExecutor(SEARCHES)

    @cached_property
    def _encoder(self) -> "Encoder | None":
        return self._make_encoder()

    @cached_property
    def _samples(self) -> Samples:
        return read_samples(self._store)

    def search(
        self, text: str, conditions: Sequence[Condition] = (), limit: int = 10, *, meaning: bool = True
    ) -> SearchResult:
        """The best passages for a query; by words and codes alone without ``meaning``.

        Raises
        ------
        PolicyCorpusError
            Nothing is left to search for.
        """
        query = self._parse(text)
        self._meaning = meaning
        hits = self._hits(query, [condition.rows for condition in conditions], limit)
        return SearchResult(query, hits, None if hits else self._why_empty(query, conditions))

    def _hits(self, query: Query, filters: Sequence[RowFilter], limit: int) -> tuple[Hit, ...]:
        where = " AND ".join(filter(None, (f.sql() for f in (*filters, _exact(query)))))
        form = query.ranked_text
        vector = self._vector(form)
        literal: list[int] = []
        places = self._candidates(query, index_terms(form), vector, where, limit)
        rows = self._ranked(query, places) if places else None
        if query.literal and (
            rows is None or not any(query.literal in f.as_py() for f in rows.column("form"))
        ):
            literal = self._literal(query, where)
            places = list(dict.fromkeys([*literal, *places]))
            rows = self._ranked(query, places) if places else None
        if rows is None:
            return ()
        scores = self._scores(query, rows, vector, len(literal))
        order = [i for i in self._order(rows, scores) if self._is_hit(query, rows, scores, i)][:limit]
        shown = self._index.rows([places[i] for i in order], SHOWN).to_pylist() if order else []
        return tuple(
            make_hit(rank, row, query, scores[i])
            for rank, (i, row) in enumerate(zip(order, shown, strict=True), 1)
        )

    def _vector(self, form: str) -> NDArray[np.float32] | None:
        if not self._meaning or self._encoder is None:
            return None
        vector = np.asarray(self._encoder.encode([form], query=True)[0], np.float32)
        return vector if vector.any() else None

    def _candidates(
        self, query: Query, terms: Sequence[str], vector: NDArray[np.float32] | None, where: str, limit: int
    ) -> list[int]:
        """Places of rows that may be hits, each once."""
        if query.is_exact:
            return self._index.by_condition(where, EXACT_CANDIDATES)
        by_words = max(BY_WORDS, CANDIDATES_A_HIT * limit)
        found = [self._pool.submit(self._index.by_terms, terms, where, by_words)]
        if query.codes:
            has = RowFilter(named=tuple(named.code for named in query.codes)).sql()
            both = f"{where} AND {has}" if where else has
            found.append(self._pool.submit(self._index.by_terms, terms, both, max(BY_CODE, limit)))
        if vector is not None:
            found.append(self._pool.submit(self._index.by_vector, vector, where, max(BY_MEANING, limit)))
        return list(dict.fromkeys(place for part in found for place in part.result()))

    def _ranked(self, query: Query, places: Sequence[int]) -> Any:
        """The columns that ordering these rows needs, no more: each costs milliseconds."""
        columns = list(RANKED)
        if self._meaning:
            columns.append("vector")
        if query.regions:
            columns.append("region_code")
        if query.is_exact or query.literal:
            columns += ["title_form", "number_form", "ordinal"]
        return self._index.rows(places, columns)

    def _literal(self, query: Query, where: str) -> list[int]:
        """Places of rows with just the characters of a short query, in a sentence, a title, or from one to the next."""
        stands = RowFilter(exact=((query.literal,),)).sql()
        found = self._index.by_condition(f"{where} AND {stands}" if where else stands, LITERAL_CANDIDATES)
        if not found and not where:
            found = self._index.around(query.text.strip(), LITERAL_CANDIDATES)
        return found

    def _scores(
        self, query: Query, rows: Any, vector: NDArray[np.float32] | None, literal: int
    ) -> list[Scores]:
        """Scores of rows; the first ``literal`` ones have just the characters of a short query."""
        forms = rows.column("form").to_pylist()
        words = coverage(forms, query_terms(query.ranked_text), self._samples.terms)
        wanted = [named.code for named in query.codes]
        code = np.array([_evidence(coded, wanted) for coded in rows.column("coded").to_pylist()])
        region = np.zeros(len(forms))
        if query.regions:
            codes = rows.column("region_code").to_pylist()
            region[:] = [_in_region(query, *place) for place in zip(codes, forms, strict=True)]
        exact = np.zeros(len(forms))
        if query.is_exact or query.literal:
            columns = (rows.column(name).to_pylist() for name in ("title_form", "ordinal"))
            exact[:] = [_exactness(query, *place) for place in zip(forms, *columns, strict=True)]
        exact[:literal] = TITLE
        near: NDArray[np.float64] = np.zeros(len(forms))
        cosines: NDArray[np.float64] = near
        if vector is not None:
            cosines = np.asarray(matrix(rows.column("vector")).astype(np.float32) @ vector, np.float64)
            near = nearness(cosines, np.asarray(self._samples.background @ vector, np.float64))
        summed = total(words, code, near, region, exact)
        return [
            Scores(
                total=float(summed[i]),
                words=float(words[i]),
                code=float(code[i]),
                nearness=float(near[i]),
                cosine=None if vector is None else float(cosines[i]),
                region=bool(region[i]),
                exact=float(exact[i]),
            )
            for i in range(len(forms))
        ]

    def _order(self, rows: Any, scores: Sequence[Scores]) -> list[int]:
        """Best first; equal ones in the order of their ids, so that the same corpus gives the same hits."""
        ids = rows.column("passage_id").to_pylist()
        keys = [(-round(score.total, 6), key) for score, key in zip(scores, ids, strict=True)]
        return sorted(range(len(keys)), key=keys.__getitem__)

    def _is_hit(self, query: Query, rows: Any, scores: Sequence[Scores], i: int) -> bool:
        """Whether anything but chance speaks for a row; document numbers are confirmed letter by letter."""
        if query.numbers:
            texts = [rows.column(name)[i].as_py() for name in ("form", "title_form", "number_form")]
            if not all(any(number.pattern().search(text) for text in texts) for number in query.numbers):
                return False
        score = scores[i]
        return score.exact > 0 or score.words > 0 or score.code > 0 or score.nearness >= CLEAR_MEANING

    def _why_empty(self, query: Query, conditions: Sequence[Condition]) -> str:
        """One line that says what left no hit: the corpus, the query, or the filter that emptied it."""
        if not self._index.count():
            return "no sentences in this corpus yet; next: policy-corpus add, then policy-corpus build"
        if not self._hits(query, (), 1):
            for text in (*query.phrases, *query.titles, *map(str, query.numbers)):
                if not self._hits(_only(query, text), (), 1):
                    return f"“{text}” stands nowhere in this corpus"
            return "no sentence answers this query" + (
                " once its minus words are left out" if query.minus else ""
            )
        for condition in conditions:
            if not self._hits(query, [condition.rows], 1):
                alone = self._index.count(condition.rows)
                rest = (
                    f"{alone:,} sentences meet it, none answers the query"
                    if alone
                    else "no sentence meets it"
                )
                return f"{condition.said} leaves nothing: {rest}; leave it out"
        return "no hit meets all of " + ", ".join(condition.said for condition in conditions)


def _only(query: Query, text: str) -> Query:
    """The query with one of its exact demands alone."""
    return replace(
        query,
        phrases=tuple(phrase for phrase in query.phrases if phrase == text),
        titles=tuple(title for title in query.titles if title == text),
        numbers=tuple(number for number in query.numbers if str(number) == text),
        minus=(),
    )


def _evidence(coded: str, wanted: Sequence[str]) -> float:
    """The greatest confidence that a row has one of the codes; a mere label counts :data:`NAMED`."""
    if not coded or not wanted:
        return 0.0
    confidences = json.loads(coded)
    return max(float(confidences.get(code, 0.0)) for code in wanted)


def _in_region(query: Query, code: str | None, form: str) -> bool:
    """Whether a document lies in a region that the query names, or the sentence names it."""
    return any(
        (code or "").startswith(region_prefix(region.code)) or region.text in form for region in query.regions
    )


def _exactness(query: Query, form: str, title: str, ordinal: int) -> float:
    """What literal demands add: most for the head of the document whose title was asked for."""
    if query.literal:
        return TITLE * (query.literal in form or query.literal in title)
    if query.titles and ordinal == 0 and all(text in title for text in query.titles):
        return 1 + TITLE
    if not query.is_exact:
        return 0.0
    return 1.0 if all(text in form for text in (*query.phrases, *query.titles)) else TITLE


def _exact(query: Query) -> RowFilter:
    """What a query demands literally, as conditions on rows."""
    groups = [(text,) for text in (*query.phrases, *query.titles)] + [n.cores() for n in query.numbers]
    return RowFilter(without=query.minus, exact=tuple(groups))
