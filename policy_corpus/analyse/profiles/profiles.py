"""Region × measure: counts with their denominators, and shares that thin regions do not distort.

A share of 1 in 2 measures is no finding. The measures of a region are taken as draws from its own mix, and the mixes
of the regions as draws from a Dirichlet distribution around the mix of the corpus; its concentration is the one under
which the counts are most likely (empirical Bayes; Casella 1985, "An introduction to empirical Bayes data analysis";
Minka 2000, "Estimating a Dirichlet distribution"). A region of few measures then stands near the corpus, one of many by
itself.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from policy_corpus.records import STATUSES

INTERVAL = 0.9
"""Probability that the true share lies between ``low`` and ``high``, given the prior."""
CONCENTRATIONS = tuple(10 ** (step / 12) for step in range(37))
"""Measures that the prior counts for, 1 to 1000 in equal steps of the logarithm; the likeliest is taken."""
EVIDENCE = 3
HALF = 0.5
"""Added to each code's count in the corpus, so that a code that nobody has yet has a share above 0 (Jeffreys)."""


@dataclass(frozen=True, slots=True)
class RegionText:
    """What was read of a region, copies left out."""

    region_code: str
    region_name: str
    documents: int
    sentences: int
    local_sentences: int | None = None
    """None where local text was not looked for."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One measure of a region; ``is_local`` tells whether its sentence is the region's own, None: not looked for."""

    region_code: str
    region_name: str
    document_id: str
    measure_id: str
    code: str
    status: str
    confidence: float
    is_local: bool | None = None
    kind: str | None = None
    """Of its document."""
    is_statement: bool = True
    """Whether it reads as a sentence, see :func:`policy_corpus.analyse.quoting.is_statement`."""
    has_numbers: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One code in one region.

    ``count`` 0 says that documents were read and none has it; where no document was read there is no profile. ``share``
    is of the region's measures, None where it has none at all; ``shrunk``, ``low`` and ``high`` are the posterior.
    """

    code: str
    count: int
    done: int
    planned: int
    advised: int
    local: int | None
    documents: int
    share: float | None
    shrunk: float
    low: float
    high: float
    evidence: tuple[str, ...]
    """Ids of its measures: local ones first, then sentences (not headings), done, with numbers, the surest."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A region's measures against what was read of it."""

    region_code: str
    region_name: str
    documents: int
    sentences: int
    local_sentences: int | None
    measures: int
    cells: tuple[Cell, ...]
    main_kind: str | None = None
    """Kind of the documents that most of its measures stand in."""

    @property
    def key(self) -> tuple[str, str]:
        """Code and name: units without a code of their own share their parent's code."""
        return self.region_code, self.region_name

    @property
    def counts(self) -> list[int]:
        """Measures by code, in the order of the cells."""
        return [cell.count for cell in self.cells]


@dataclass(frozen=True, slots=True)
class Prior:
    """Mix of the corpus, shape (codes,), and how many measures it counts for."""

    mix: tuple[float, ...]
    concentration: float

    @classmethod
    def fit(cls, counts: "np.ndarray[Any, Any]") -> "Prior":
        """The likeliest concentration for counts of shape (regions, codes)."""
        totals = counts.sum(axis=0) + HALF
        mix = totals / totals.sum()
        best = max(CONCENTRATIONS, key=lambda size: (round(_likelihood(counts, mix, size), 6), -size))
        return cls(tuple(float(share) for share in mix), best)

    def shrunk(self, counts: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
        """Posterior mean shares, same shape as ``counts``."""
        alpha = counts + self.concentration * np.asarray(self.mix)
        return np.asarray(alpha / alpha.sum(axis=-1, keepdims=True))

    def interval(self, counts: "np.ndarray[Any, Any]") -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
        """Bounds of the central :data:`INTERVAL` of each share: the marginals of a Dirichlet are Beta."""
        from scipy.special import betaincinv

        alpha = counts + self.concentration * np.asarray(self.mix)
        rest = alpha.sum(axis=-1, keepdims=True) - alpha
        tail = (1 - INTERVAL) / 2
        return betaincinv(alpha, rest, tail), betaincinv(alpha, rest, 1 - tail)


def _likelihood(counts: "np.ndarray[Any, Any]", mix: "np.ndarray[Any, Any]", size: float) -> float:
    """Log marginal likelihood of the counts under a Dirichlet-multinomial, without the constant."""
    from scipy.special import gammaln

    alpha = size * mix
    n = counts.sum(axis=1)
    rows = gammaln(size) - gammaln(n + size) + (gammaln(counts + alpha) - gammaln(alpha)).sum(axis=1)
    return float(rows.sum())


def region_profiles(
    texts: Iterable[RegionText], evidence: Iterable[Evidence], codes: Sequence[str]
) -> list[Profile]:
    """One profile a region that was read, by code and name; the order of the input changes nothing.

    Parameters
    ----------
    evidence
        Measures of these regions; those of other regions are left out.
    codes
        Codes of the codebook, in its order.
    """
    regions = sorted(texts, key=lambda t: (t.region_code, t.region_name))
    if not regions:
        return []
    grouped: dict[tuple[str, str], dict[str, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
    for item in evidence:
        grouped[item.region_code, item.region_name][item.code].append(item)
    keys = [(t.region_code, t.region_name) for t in regions]
    counts = np.array([[len(grouped[key][code]) for code in codes] for key in keys], dtype=float)
    prior = Prior.fit(counts)
    shrunk, (low, high) = prior.shrunk(counts), prior.interval(counts)
    return [
        Profile(
            text.region_code,
            text.region_name,
            text.documents,
            text.sentences,
            text.local_sentences,
            int(counts[row].sum()),
            tuple(
                _cell(
                    code,
                    grouped[key][code],
                    int(counts[row].sum()),
                    (shrunk[row, i], low[row, i], high[row, i]),
                )
                for i, code in enumerate(codes)
            ),
            _main_kind(item.kind for own in grouped[key].values() for item in own),
        )
        for row, (key, text) in enumerate(zip(keys, regions, strict=True))
    ]


def _main_kind(kinds: Iterable[str | None]) -> str | None:
    counts = Counter(kind for kind in kinds if kind)
    return min(counts, key=lambda kind: (-counts[kind], kind)) if counts else None


def _cell(code: str, own: Sequence[Evidence], measures: int, posterior: tuple[float, float, float]) -> Cell:
    status: Mapping[str, int] = Counter(item.status for item in own)
    known = [item.is_local for item in own if item.is_local is not None]
    ranked = sorted(
        own,
        key=lambda e: (
            not e.is_local,
            not e.is_statement,
            STATUSES.index(e.status),  # type: ignore[arg-type]
            not e.has_numbers,
            -e.confidence,
            e.measure_id,
        ),
    )
    return Cell(
        code=code,
        count=len(own),
        done=status.get("done", 0),
        planned=status.get("planned", 0),
        advised=status.get("advised", 0),
        local=sum(known) if known or not own else None,
        documents=len({item.document_id for item in own}),
        share=len(own) / measures if measures else None,
        shrunk=float(posterior[0]),
        low=float(posterior[1]),
        high=float(posterior[2]),
        evidence=tuple(item.measure_id for item in ranked[:EVIDENCE]),
    )


def root_shares(profiles: Sequence[Profile]) -> "np.ndarray[Any, Any]":
    """Square roots of the shrunk shares, shape (regions, codes): rows of length 1, Euclid's distance is Hellinger's."""
    return np.asarray(np.sqrt([[cell.shrunk for cell in profile.cells] for profile in profiles]))


def log_odds(here: Sequence[float], elsewhere: Sequence[float], weight: float) -> list[float]:
    """Z-scores of the log-odds of each code here against elsewhere, with an informative Dirichlet prior.

    The prior is the mix of both together, counted as ``weight`` measures (Monroe, Colaresi & Quinn 2008,
    "Fightin' Words", equations 16 and 22).
    """
    total = [a + b for a, b in zip(here, elsewhere, strict=True)]
    alpha = [weight * (n + HALF) / (sum(total) + HALF * len(total)) for n in total]
    n_here, n_else, a0 = sum(here), sum(elsewhere), sum(alpha)
    scores = []
    for a, b, prior in zip(here, elsewhere, alpha, strict=True):
        delta = math.log((a + prior) / (n_here + a0 - a - prior)) - math.log(
            (b + prior) / (n_else + a0 - b - prior)
        )
        scores.append(delta / math.sqrt(1 / (a + prior) + 1 / (b + prior)))
    return scores
