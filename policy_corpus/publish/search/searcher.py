"""Search: candidates from the index by words, by codes and by meaning, then one order over all of them."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from policy_corpus.analyse.query import Query
from policy_corpus.analyse.ranking import (
    NAMED,
    TITLE,
    coverage,
    index_terms,
    nearness,
    query_terms,
    total,
)
from policy_corpus.annotate.regions import region_prefix
from policy_corpus.publish.search.hits import CLEAR_MEANING, Hit, Row, Scores, make_hit
from policy_corpus.publish.search.index import Samples, matrix, read_samples
from policy_corpus.store.passage_index import PassageIndex, RowFilter

if TYPE_CHECKING:
    from policy_corpus.annotate.vectors import Encoder
    from policy_corpus.store.store import Store

BY_WORDS, BY_CODE, BY_MEANING = 100, 50, 50
"""Candidates of each kind, at least; twice as many give the same order of the first fifty on ``gold/search``."""
CANDIDATES_A_HIT = 3
SEARCHES = 3
"""Kinds of candidates, looked for at the same time."""
EXACT_CANDIDATES = 2000
"""Rows with an exact phrase that are put in order; of more, those that came first in the index."""
LITERAL_CANDIDATES = 100


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
        rows, cosines = self._read(places, vector)
        if query.literal and not any(query.literal in row["form"] for row in rows):
            literal = self._literal(query, where)
            rows, cosines = self._read(list(dict.fromkeys([*literal, *places])), vector)
        scores = self._scores(query, rows, cosines, vector, len(literal))
        order = [i for i in _order(rows, scores) if _is_hit(query, rows[i], scores[i])][:limit]
        return tuple(make_hit(rank, rows[i], query, scores[i]) for rank, i in enumerate(order, 1))

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

    def _read(
        self, places: Sequence[int], vector: NDArray[np.float32] | None
    ) -> tuple[list[Row], NDArray[np.float64]]:
        """What the index tells of these rows, and their cosines to the query (0 without meaning)."""
        if not places:
            return [], np.zeros(0)
        found = self._index.rows(places, ["told"] if vector is None else ["told", "vector"])
        rows: list[Row] = [
            {"form": row["text"], **row} for row in map(json.loads, found.column("told").to_pylist())
        ]
        if vector is None:
            return rows, np.zeros(len(rows))
        return rows, np.asarray(matrix(found.column("vector")).astype(np.float32) @ vector, np.float64)

    def _literal(self, query: Query, where: str) -> list[int]:
        """Places of rows with just the characters of a short query, in a sentence, a title, or from one to the next."""
        stands = RowFilter(exact=((query.literal,),)).sql()
        found = self._index.by_condition(f"{where} AND {stands}" if where else stands, LITERAL_CANDIDATES)
        if not found and not where:
            found = self._index.around(query.text.strip(), LITERAL_CANDIDATES)
        return found

    def _scores(
        self,
        query: Query,
        rows: Sequence[Row],
        cosines: NDArray[np.float64],
        vector: NDArray[np.float32] | None,
        literal: int,
    ) -> list[Scores]:
        """Scores of rows; the first ``literal`` ones have just the characters of a short query."""
        if not rows:
            return []
        forms = [row["form"] for row in rows]
        words = coverage(forms, query_terms(query.ranked_text), self._samples.terms)
        wanted = [named.code for named in query.codes]
        code = np.array([_evidence(row, wanted) for row in rows])
        region = np.array([_in_region(query, row["region_code"], row["form"]) for row in rows], np.float64)
        exact = np.array([_exactness(query, row) for row in rows])
        exact[:literal] = TITLE
        near: NDArray[np.float64] = np.zeros(len(rows))
        if vector is not None:
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
            for i in range(len(rows))
        ]

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


def _order(rows: Sequence[Row], scores: Sequence[Scores]) -> list[int]:
    """Best first; equal ones in the order of their ids, so that the same corpus gives the same hits."""
    keys = [(-round(score.total, 6), row["passage_id"]) for score, row in zip(scores, rows, strict=True)]
    return sorted(range(len(keys)), key=keys.__getitem__)


def _is_hit(query: Query, row: Row, score: Scores) -> bool:
    """Whether anything but chance speaks for a row; document numbers are confirmed letter by letter."""
    texts = [row[name] for name in ("form", "title_form", "number_form")]
    if not all(any(number.pattern().search(text) for text in texts) for number in query.numbers):
        return False
    return score.exact > 0 or score.words > 0 or score.code > 0 or score.nearness >= CLEAR_MEANING


def _only(query: Query, text: str) -> Query:
    """The query with one of its exact demands alone."""
    return replace(
        query,
        phrases=tuple(phrase for phrase in query.phrases if phrase == text),
        titles=tuple(title for title in query.titles if title == text),
        numbers=tuple(number for number in query.numbers if str(number) == text),
        minus=(),
    )


def _evidence(row: Row, wanted: Sequence[str]) -> float:
    """The greatest confidence that a row has one of the codes; a mere label counts :data:`NAMED`."""
    return max(
        (row["coded"].get(code, NAMED if code in row["named"] else 0.0) for code in wanted), default=0.0
    )


def _in_region(query: Query, code: str | None, form: str) -> bool:
    """Whether a document lies in a region that the query names, or the sentence names it."""
    return any(
        (code or "").startswith(region_prefix(region.code)) or region.text in form for region in query.regions
    )


def _exactness(query: Query, row: Row) -> float:
    """What literal demands add: most for the head of the document whose title was asked for."""
    form, title, ordinal = row["form"], row["title_form"], row["ordinal"]
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
