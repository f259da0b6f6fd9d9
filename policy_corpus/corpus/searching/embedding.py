"""Vectors of texts, computed once: kept in the store by the hash of the text and the fingerprint of the encoder.

Search asks :class:`Vectors` for what it needs; what is not there yet is computed, stored and given back. It may be
stopped at any moment and goes on from there.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policy_corpus.records import content_id
from policy_corpus.store.conditions import Where
from policy_corpus.store.parts import in_parts
from policy_corpus.store.tables import VECTORS, Vector

if TYPE_CHECKING:
    from policy_corpus.annotate.vectors import Encoder
    from policy_corpus.publish.progress import Progress
    from policy_corpus.store.store import Store

TEXTS_AT_ONCE = 2048
"""Texts encoded and entered together: a killed run repeats at most these. Long enough that texts of equal length
meet (those are encoded without padding)."""
ROWS_WHILE_ONE_IS_FOUND = 100
"""Rows that are read through in the time in which one is found by its hash (1 µs and .12 ms, 36,000 vectors)."""
Half = NDArray[np.float16]
HALF = np.dtype("<f2")


class Vectors:
    """Vectors of one encoder in one store.

    Parameters
    ----------
    load
        Gives the encoder; called when a vector must be computed or its length is asked for.
    fingerprint
        Names weights, tokeniser and the way of encoding, see :func:`policy_corpus.corpus.coding.encoders.fingerprint`.
    """

    def __init__(self, store: "Store", load: "Callable[[], Encoder]", fingerprint: str) -> None:
        self._store = store
        self._load = load
        self.fingerprint = fingerprint
        self._known: set[str] | None = None

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._load().dimensions

    def of(self, texts: Sequence[str], progress: "Progress | None" = None) -> Half:
        """Vectors of texts, (n_texts, dimensions), of length 1; the store must be open for writing if any is new."""
        hashes = [text_hash(text) for text in texts]
        found: dict[str, Half] = {}
        for made in self._new(dict(zip(hashes, texts, strict=True)), progress):
            found |= made
        found |= self._read(sorted(set(hashes) - found.keys()))
        return (
            np.stack([found[key] for key in hashes]) if texts else np.zeros((0, self.dimensions), np.float16)
        )

    def missing(self, texts: Sequence[str]) -> int:
        """How many of these texts have no vector yet."""
        return len({text_hash(text) for text in texts} - self.known())

    def known(self) -> set[str]:
        """Hashes of the texts that have a vector."""
        if self._known is None:
            self._known = self._store.keys(VECTORS, "text_hash", {"encoder": self.fingerprint})
        return self._known

    def _new(self, texts: dict[str, str], progress: "Progress | None") -> Iterator[dict[str, Half]]:
        """Vectors by hash of the texts that had none, each part entered."""
        new = sorted((len(text), key, text) for key, text in texts.items() if key not in self.known())
        for begin in range(0, len(new), TEXTS_AT_ONCE):
            part = new[begin : begin + TEXTS_AT_ONCE]
            values = self._load().encode([text for _, _, text in part]).astype(HALF)
            rows = [
                Vector(self.fingerprint, key, row.tobytes())
                for (_, key, _), row in zip(part, values, strict=True)
            ]
            self._store.append(VECTORS, rows)
            self.known().update(key for _, key, _ in part)
            if progress:
                progress.advance(len(part))
            yield dict(zip((key for _, key, _ in part), values, strict=True))

    def _read(self, hashes: Sequence[str]) -> dict[str, Half]:
        found: dict[str, Half] = {}
        for where in self._conditions(hashes):
            for batch in self._store.scan(VECTORS, ["text_hash", "values"], where, batch_rows=8192):
                wanted = batch.filter(pc.is_in(batch.column("text_hash"), pa.array(hashes)))
                keys, values = wanted.column("text_hash").to_pylist(), wanted.column("values").to_pylist()
                found.update((k, np.frombuffer(v, HALF)) for k, v in zip(keys, values, strict=True))
        return found

    def _conditions(self, hashes: Sequence[str]) -> Iterator[Where]:
        """What to ask of the table: everything, where a list of hashes would take longer."""
        if len(hashes) * ROWS_WHILE_ONE_IS_FOUND > len(self.known()):
            yield {"encoder": self.fingerprint}
        else:
            for part in in_parts(hashes):
                yield {"encoder": self.fingerprint, "text_hash": part}

    def make(self, texts: Sequence[str], progress: "Progress | None" = None) -> int:
        """Compute what is not there yet; returns how many were new."""
        return sum(map(len, self._new({text_hash(text): text for text in texts}, progress)))


def text_hash(text: str) -> str:
    """Key of a text: 16 hex digits."""
    return content_id("text", text)
