"""How a passage answers a query, as one number: pure arithmetic over a few hundred candidates.

The score is the share of the query's characters and character pairs that a passage covers (BM25, as a part of what
it could be at most), plus what speaks for it beside its words: a coded measure of the kind the query names, nearness
of meaning, the region the query names. Weights and BM25's constants were chosen on ``gold/search`` (27 queries over
seeds, ``reports-2024`` and ``arts-opinions``) so that each lies on a plateau; ``benchmarks/search.py`` prints what
each part adds, with a leave-one-query-out choice beside it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

K1 = 0.9
B = 0.4
"""Saturation and length of BM25 (Robertson & Zaragoza 2009); Anserini's defaults for short texts."""
SINGLE = 0.5
"""Weight of a single character beside a pair."""
CODE = 0.15
"""Weight of a coded measure, times its confidence."""
NAMED = 0.1
"""What a label of the code without a coded measure is worth beside one of confidence 1: enough to be found where no
own word stands, not enough to push past one that has them."""
MEANING = 0.1
"""Weight of nearness of meaning, see :func:`nearness`."""
SPREADS = 6.0
"""The best passage lies 5.4 (e5) and 5.6 (static) standard deviations above the mean, on average over the queries."""
REGION = 0.3
"""Weight of lying in the region that the query names (own judgement: who names a place wants it)."""
TITLE = 0.5
"""Weight of the title of the document for an exact phrase or title (own judgement)."""

KEY_BITS = 21
"""Bits of a code point."""
OWNER_BITS = 16
"""Bits of the number of a text."""

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:[.-][a-z0-9]+)*|[^\s\w]")


def index_terms(form: str) -> list[str]:
    """Terms that a text is found by: pairs of Han characters, lone ones, words and numbers of other scripts.

    Parameters
    ----------
    form
        Text in search form.
    """
    terms: list[str] = []
    for run in _RUN.findall(form):
        if run[0] < "\u3400" or len(run) == 1:
            terms.append(run)
        else:
            terms += [run[place : place + 2] for place in range(len(run) - 1)]
    return terms


def query_terms(form: str) -> dict[str, float]:
    """Terms of a query with their weights: pairs, single characters, other words; a repeated one counts more."""
    weights: Counter[str] = Counter()
    for run in _RUN.findall(form):
        if run[0] < "\u3400":
            if run[0].isalnum():
                weights[run] += 1
            continue
        for character in run:
            weights[character] += SINGLE  # type: ignore[assignment]
        for place in range(len(run) - 1):
            weights[run[place : place + 2]] += 1
    return dict(weights)


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """In how many of ``texts`` passages a term stands, and their mean length.

    Terms of up to two characters are kept as numbers (see :func:`_key`), sorted, (n_terms,); longer ones are words
    and numbers of other scripts, taken to be as rare as a term that stands in one passage.
    """

    texts: int
    mean_size: float
    keys: NDArray[np.int64]
    counts: NDArray[np.int32]

    @classmethod
    def of(cls, forms: Sequence[str]) -> "TermStatistics":
        """Count the characters and pairs of up to 65,536 texts in search form."""
        joined = "\n".join(forms)
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)
        texts = np.cumsum(codes == ord("\n"))
        pairs = (codes[:-1] << KEY_BITS) + codes[1:]
        inner = codes != ord("\n")
        both = inner[:-1] & inner[1:]
        owned = np.concatenate([(codes << OWNER_BITS) + texts, (pairs << OWNER_BITS) + texts[:-1]])
        owned = np.sort(owned[np.concatenate([inner, both])])
        keys = owned[_changes(owned)] >> OWNER_BITS
        starts = np.flatnonzero(_changes(keys))
        counts = np.diff(np.append(starts, len(keys))).astype(np.int32)
        sizes = [len(form) for form in forms]
        return cls(len(forms), float(np.mean(sizes)) if sizes else 0.0, keys[starts], counts)

    def rarity(self, term: str) -> float:
        """Inverse document frequency (Robertson), never negative."""
        count = 1
        if len(term) <= 2:
            key = _key(term)
            place = int(np.searchsorted(self.keys, key))
            found = place < len(self.keys) and self.keys[place] == key
            count = int(self.counts[place]) if found else 0
        return float(np.log1p(max(0.0, self.texts - count + 0.5) / (count + 0.5)))


def _changes(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each of the sorted values is the first of its kind."""
    return np.append(True, values[1:] != values[:-1]) if len(values) else np.zeros(0, bool)


def _key(term: str) -> int:
    return ord(term) if len(term) == 1 else (ord(term[0]) << KEY_BITS) + ord(term[1])


def coverage(forms: Sequence[str], terms: Mapping[str, float], statistics: TermStatistics) -> Array:
    """BM25 of texts, (n_texts,), as a share of what a text that says nothing but the query could reach: 0 to 1."""
    sizes = np.fromiter(map(len, forms), float, len(forms))
    length = K1 * (1 - B + B * sizes / max(statistics.mean_size, 1.0))
    score = np.zeros(len(forms))
    most = 0.0
    for term, weight in terms.items():
        value = weight * statistics.rarity(term) * (K1 + 1)
        most += value
        counts = np.fromiter((form.count(term) for form in forms), float, len(forms))
        score += value * counts / (counts + length)
    return score / most if most else score


def nearness(cosines: Array, background: Array) -> Array:
    """Cosines to a query in steps of :data:`SPREADS` standard deviations above those of unrelated texts: 0 to 1.

    Parameters
    ----------
    background
        Cosines of the query to a sample of the corpus; they make encoders with other ranges of cosines comparable
        (e5 gives unrelated texts .83, the static one .05).
    """
    if not len(background) or not (spread := float(background.std())):
        return np.zeros(len(cosines))
    return np.asarray(np.clip((cosines - background.mean()) / (SPREADS * spread), 0.0, 1.0), np.float64)


def total(words: Array, code: Array, near: Array, region: Array, exact: Array) -> Array:
    """The score that hits are ordered by, (n_texts,).

    Parameters
    ----------
    words
        :func:`coverage`.
    code
        Confidence of a coded measure of the kind the query names, :data:`NAMED` for a mere label, else 0.
    near
        :func:`nearness`.
    region
        Whether the document lies in the region the query names, or the passage names it.
    exact
        1 where an exact phrase stands in the passage, :data:`TITLE` where it stands in the title of the document.
    """
    return words + CODE * code + MEANING * near + REGION * region + exact
