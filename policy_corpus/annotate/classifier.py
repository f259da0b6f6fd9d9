"""The classifier of sentences: prediction with numpy from arrays, no code in the weights.

Two levels. The first is one linear model a code over character n-grams (tf-idf), codebook labels, the shape of
the sentence and, where an encoder is used, its vector. The second is one linear model for all codes together:
it weighs the first level's logit against what the codebook's labels are worth (smoothed log-odds of each label
in the gold), what the first level says of the strongest clause, of the heading and of the neighbours, the labels
in these, and what the nearest coded sentences say. Sharing it over codes lets the codes with few examples profit
from the others (stacked generalisation, Wolpert 1992).
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from policy_corpus.annotate.codebook import Codebook
from policy_corpus.annotate.features import Seen, Unit, see
from policy_corpus.annotate.vectors import Array, Encoder
from policy_corpus.errors import SettingsError

FORMAT = 5
FLOATS = ("value", "weights", "bias", "vector_weights", "memory", "memory_codes", "stack", "thresholds")
GRAM_SCALE = 4.0
SHAPE_SCALE = 0.5
VECTOR_SCALE = 3.0
"""Scales of the feature groups beside codebook hits at 1: chosen in cross-validation on `gold/reports`."""
NEIGHBOURS = 8
SHARPNESS = 20.0
"""Coded sentences that are asked, and how fast their say falls with distance: weight = exp(20 · (cosine − 1)).
They add .01 of micro F1 on `gold/reports`, where opinions copy from each other, .005 on `gold/seeds`."""
PRIOR_SAY = 0.05
"""Weight of the code's share in the gold beside the neighbours'."""
CLOSE = 0.9
"""Cosine from which a sentence is nearly the same as a coded one."""
TURNED = ("problem", "result", "outside", "framed")
"""Marks of a sentence that speak against every code."""
NOTHING = -6.0
"""Logit of every code where no heading or neighbour is."""
NO_LABEL = -4.0
"""Log-odds of a code of which no label stands in the sentence."""
HEADING = 30
"""A numbered sentence shorter than this, in characters, may be a heading."""
AT_ONCE = 4096
"""Units that are held against the coded sentences at once; the longest report has 1,000."""
DECIMALS = 3
"""Exports round to three decimals and thresholds apply to rounded values."""


class FirstLevel(NamedTuple):
    """What the first level says, each (n_units, n_codes)."""

    logits: Array
    clauses: Array
    """How far the logit of the strongest clause lies above that of the sentence."""
    above: Array
    """Probability of the last heading."""
    beside: Array
    """Sum of the probabilities of both neighbours."""

    def take(self, rows: Any) -> "FirstLevel":
        """The part with these rows."""
        return FirstLevel(*(part[rows] for part in self))


@dataclass(frozen=True, slots=True)
class Classifier:
    """Weights and what belongs to them.

    ``vocabulary`` maps a feature to its row, ``value`` holds what a feature counts (n_features,),
    ``weights`` is (n_features, n_codes), ``vector_weights`` (dimensions, n_codes; no rows without encoder),
    ``memory`` (n_coded, dimensions) are the vectors of the coded sentences, ``memory_codes`` (n_coded, n_codes)
    their codes; both are empty without encoder. ``bias`` (n_codes,),
    ``stack`` the second level's weights, ``thresholds`` (n_codes,) on the probability.
    """

    codes: tuple[str, ...]
    vocabulary: Mapping[str, int]
    value: Array
    weights: Array
    bias: Array
    vector_weights: Array
    label_odds: Mapping[str, float]
    stack: Array
    thresholds: Array
    memory: Array = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    memory_codes: Array = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    encoder: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    def logits(self, seen: Sequence[Seen]) -> Array:
        """First level: (n_units, n_codes)."""
        return self.first_level(seen).logits

    def first_level(self, seen: Sequence[Seen]) -> FirstLevel:
        """What the first level says of units, of their clauses and of what stands around them."""
        memory: dict[tuple[str, frozenset[str]], Array] = {}

        def logit(unit: Seen) -> Array:
            key = unit.text, unit.shape
            if key not in memory:
                memory[key] = self._logit(unit)
            return memory[key]

        nothing = np.full(len(self.codes), NOTHING, np.float32)
        logits, clauses = (np.zeros((len(seen), len(self.codes)), np.float32) for _ in range(2))
        around = np.zeros((3, len(seen), len(self.codes)), np.float32)
        for row, unit in enumerate(seen):
            logits[row] = logit(unit)
            if unit.clauses:
                clauses[row] = np.max([logit(clause) for clause in unit.clauses], axis=0) - logits[row]
            for place, other in enumerate((unit.above, unit.before, unit.after)):
                around[place, row] = nothing if other is None else logit(other)
        above, before, after = sigmoid(around)
        return FirstLevel(logits, clauses, above, before + after)

    def _logit(self, unit: Seen) -> Array:
        columns, values = self._sparse(unit)
        out = values @ self.weights[columns] + self.bias
        if len(self.vector_weights):
            if unit.vector is None:
                raise ValueError(f"this classifier needs the vectors of {self.encoder}")
            out += VECTOR_SCALE * unit.vector @ self.vector_weights
        return np.asarray(out, np.float32)

    def _sparse(self, unit: Seen) -> tuple[NDArray[np.intp], Array]:
        columns, values = sparse_row(unit, self.vocabulary, self.value)
        return np.asarray(columns, np.intp), np.asarray(values, np.float32)

    def probabilities(
        self, units: Sequence[Unit], codebook: Codebook, encoder: Encoder | None = None
    ) -> Array:
        """Calibrated probability of each code, (n_units, n_codes), rounded to three decimals."""
        return self.probabilities_of(see(units, codebook, encoder))

    def probabilities_of(self, seen: Sequence[Seen]) -> Array:
        """The same for units whose features are known."""
        if not seen:
            return np.zeros((0, len(self.codes)), np.float32)
        near = None
        vectors = vectors_of(seen)
        if vectors is not None and len(self.memory):
            near = self._near(vectors)
        evidence = second_level(seen, self.codes, self.first_level(seen), self.label_odds, near)
        return np.asarray(np.round(sigmoid(evidence @ self.stack), DECIMALS), np.float32)

    def _near(self, vectors: Array) -> tuple[Array, Array]:
        """What the nearest coded sentences say, some units at a time: all their cosines take 10 kB a unit."""
        lots = [
            neighbours(vectors[start : start + AT_ONCE] @ self.memory.T, self.memory_codes)
            for start in range(0, len(vectors), AT_ONCE)
        ]
        return np.concatenate([odds for odds, _ in lots]), np.concatenate([cosine for _, cosine in lots])

    def reasons(self, unit: Seen, codes: Sequence[str], most: int = 3) -> dict[str, list[str]]:
        """The features of a unit that speak most for each of some codes, strongest first."""
        columns, values = self._sparse(unit)
        best = {}
        for code in codes:
            shares = values * self.weights[columns, self.codes.index(code)]
            top = np.argsort(-shares, kind="stable")[:most]
            best[code] = [int(columns[i]) for i in top if shares[i] > 0]
        wanted = {column for chosen in best.values() for column in chosen}
        every = (*unit.grams, *unit.marks, *unit.shape)
        names = {column: name for name in every if (column := self.vocabulary.get(name, -1)) in wanted}
        return {code: [names[column] for column in chosen] for code, chosen in best.items()}

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Arrays for ``numpy.savez``; text as UTF-8 bytes, weights as half floats."""
        order = sorted(self.vocabulary, key=lambda name: self.vocabulary[name])
        head = {
            "format": FORMAT,
            "codes": list(self.codes),
            "encoder": self.encoder,
            "label_odds": dict(sorted(self.label_odds.items())),
            "meta": dict(self.meta),
        }
        return {
            "head": _bytes(json.dumps(head, ensure_ascii=False, sort_keys=True)),
            "vocabulary": _bytes("\n".join(order)),
            "value": self.value.astype(np.float16),
            "weights": self.weights.astype(np.float16),
            "bias": self.bias,
            "vector_weights": self.vector_weights.astype(np.float16),
            "memory": self.memory.astype(np.float16),
            "memory_codes": self.memory_codes.astype(np.uint8),
            "stack": self.stack,
            "thresholds": self.thresholds,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], where: str = "classifier.npz") -> "Classifier":
        """Read what :meth:`to_arrays` wrote.

        Raises
        ------
        SettingsError
            When a part is missing or of another format.
        """
        try:
            head = json.loads(bytes(arrays["head"]).decode("utf-8"))
            names = bytes(arrays["vocabulary"]).decode("utf-8").split("\n")
            if head["format"] != FORMAT:
                raise SettingsError(
                    f"format {head['format']} is not {FORMAT}", where, "train the model again"
                )
            floats = {key: arrays[key].astype(np.float32) for key in FLOATS}
        except (KeyError, ValueError) as error:
            raise SettingsError(f"not a classifier: {error}", where, "train the model again") from error
        return cls(
            codes=tuple(head["codes"]),
            vocabulary={name: row for row, name in enumerate(names)},
            label_odds=head["label_odds"],
            encoder=head["encoder"],
            meta=head["meta"],
            **floats,
        )


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8"), np.uint8)


def vectors_of(seen: Sequence[Seen]) -> Array | None:
    """Vectors of units, (n_units, dimensions); None without encoder."""
    vectors = [unit.vector for unit in seen if unit.vector is not None]
    return np.stack(vectors) if vectors else None


def sparse_row(unit: Seen, vocabulary: Mapping[str, int], value: Array) -> tuple[list[int], list[float]]:
    """Columns and values of a unit: n-grams tf-idf of length :data:`GRAM_SCALE`, the rest as they count.

    Columns stand in their order within each group: sums of floats depend on it.
    """
    columns = _columns(unit.grams, vocabulary)
    weights = value[columns].tolist()
    length = math.sqrt(math.fsum(w * w for w in weights)) or 1.0
    values = [GRAM_SCALE * w / length for w in weights]
    for names, scale in ((unit.marks, 1.0), (unit.shape, SHAPE_SCALE)):
        found = _columns(names, vocabulary)
        columns += found
        values += [scale] * len(found)
    return columns, values


def _columns(names: frozenset[str], vocabulary: Mapping[str, int]) -> list[int]:
    known = set(map(vocabulary.get, names))
    known.discard(None)
    return sorted(known)  # type: ignore[arg-type]


def neighbours(similarity: Array, codes: Array) -> tuple[Array, Array]:
    """What the coded sentences nearest to each unit say.

    Parameters
    ----------
    similarity
        Cosines of units and coded sentences, (n_units, n_coded).
    codes
        Codes of the coded sentences, (n_coded, n_codes).

    Returns
    -------
    tuple of arrays
        Log-odds of each code, (n_units, n_codes), and the largest cosine, (n_units, 1).
    """
    k = min(NEIGHBOURS, similarity.shape[1])
    nearest = np.argpartition(-similarity, k - 1, axis=1)[:, :k]
    cosine = np.take_along_axis(similarity, nearest, axis=1)
    weight = np.exp(SHARPNESS * (cosine - 1))
    say = np.einsum("uk,ukc->uc", weight, codes[nearest]) + PRIOR_SAY * codes.mean(axis=0)
    share = say / (weight.sum(axis=1, keepdims=True) + PRIOR_SAY)
    odds = np.log(share + 0.01) - np.log(1.01 - share)
    return np.asarray(odds, np.float32), np.asarray(cosine.max(axis=1, keepdims=True), np.float32)


def second_level(
    seen: Sequence[Seen],
    codes: Sequence[str],
    first: FirstLevel,
    odds: Mapping[str, float],
    near: tuple[Array, Array] | None = None,
) -> Array:
    """Evidence on each code of each unit, (n_units, n_codes, n_evidence)."""
    counts = _counts(seen, codes, odds)
    labels, hits, hints = counts[:3]
    logits = first.logits
    shape = logits.shape
    heading = _column([unit.heading for unit in seen], shape)
    numbered = _column([unit.numbered and unit.length < HEADING for unit in seen], shape)
    open_end = _column([not unit.ended and unit.length < HEADING for unit in seen], shape)
    turned = [_column([getattr(u, name) for u in seen], shape) for name in TURNED]
    length = _column([math.log(max(1, unit.length)) for unit in seen], shape)
    strongest = np.broadcast_to(logits.max(axis=1, keepdims=True), shape)
    labelled = np.broadcast_to((hits > 0).sum(axis=1, keepdims=True), shape)
    evidence = [
        logits,
        np.maximum(logits, NO_LABEL) ** 2,
        labels,
        np.minimum(hits, 2),
        hits > 0,
        np.minimum(hints, 2),
        *counts[3:],
        first.clauses,
        first.above,
        first.beside,
        heading,
        numbered,
        open_end,
        *turned,
        length,
        strongest,
        labelled,
    ]
    if near is None:
        near = np.zeros(shape, np.float32), np.zeros((shape[0], 1), np.float32)
    said, closest = near[0], np.broadcast_to(near[1], shape)
    close = closest > CLOSE
    evidence += [said, said * closest, said * close, logits * close]
    own = np.broadcast_to(np.eye(len(codes), dtype=np.float32), (*shape, len(codes)))
    return np.concatenate([np.stack(evidence, axis=-1).astype(np.float32), own], axis=-1)


def _column(values: Sequence[float], shape: tuple[int, ...]) -> Array:
    return np.broadcast_to(np.asarray(values, np.float32)[:, None], shape)


def _counts(seen: Sequence[Seen], codes: Sequence[str], odds: Mapping[str, float]) -> list[Array]:
    """Label odds, labels, hints, and codes of headings and neighbours: six of (n_units, n_codes)."""
    place = {code: column for column, code in enumerate(codes)}
    labels = np.full((len(seen), len(codes)), NO_LABEL, np.float32)
    hits, hints, *around = (np.zeros(labels.shape, np.float32) for _ in range(5))
    for row, unit in enumerate(seen):
        for hit in unit.hits:
            column = place.get(hit.code)
            if column is None:  # a code that a user added after training
                continue
            (hints if hit.hint else hits)[row, column] += 1
            labels[row, column] = max(labels[row, column], odds.get(f"{hit.code}:{hit.label}", 0.0))
        for found, marked in zip(unit.around, around, strict=True):
            for code in found & place.keys():
                marked[row, place[code]] = 1
    return [labels, hits, hints, *around]


def sigmoid(x: Array) -> Array:
    """Logistic function without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)), np.float32)
