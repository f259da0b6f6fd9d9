"""The same text at several places: found by MinHash, verified by exact overlap, grouped without chains."""

import re
import unicodedata
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from policy_corpus.clean.lines import letters
from policy_corpus.clean.names import named_offices, named_places, named_schools
from policy_corpus.clean.script import to_simplified

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHINGLE = 5
"""Characters of a shingle, as in ``data/pairs``."""
SAME_TEXT = 0.8
"""Jaccard overlap of 5-character shingles from which two texts are one document.

On the 88 texts of ``data/arts-opinions`` four pairs of different documents reach it (.84 to .90: cities
that copied their province) and are told apart by issuer and title. Of 128 opinions and reports a copy with
another source line keeps .93 or more, one with a character (平) deleted throughout .90, one without its
middle paragraph .79 (.98 in the median).
"""
PERMUTATIONS = 64
SEED = 1
"""Of the permutations, as datasketch has it; another one makes stored signatures incomparable."""
NUMBER = 4
"""Bytes of a number in a signature."""
BANDS, ROWS = 16, 4
"""A pair that overlaps by .8 becomes a candidate with probability .9998, one that overlaps by .3 with .12."""
ESTIMATE_SLACK = 0.2
"""Three standard errors of a MinHash estimate at .8 with 64 permutations are .15."""
READ = 500_000
"""Characters by which a text is compared; the longest report has 34,000, and a set of shingles takes 100 bytes each."""
_KEPT_IN_MEMORY = 256
_AT_ONCE = 10_000

_GOVERNMENT = re.compile(r"(?:^|[/.])gov\.cn(?:[/:]|$)")


class Entry(Protocol):
    """What is looked at before texts are read; a :class:`~policy_corpus.records.Document` is one."""

    @property
    def document_id(self) -> str:
        """Id."""

    @property
    def title(self) -> str:
        """Title."""

    @property
    def kind(self) -> str:
        """Kind of text."""

    @property
    def source(self) -> str:
        """Where it was found."""

    @property
    def url(self) -> str | None:
        """Address, if it has one."""

    @property
    def issuer(self) -> str | None:
        """Issuing body."""

    @property
    def number(self) -> str | None:
        """Document number 文号."""

    @property
    def published(self) -> str | None:
        """Date of publication as printed."""

    @property
    def signature(self) -> bytes:
        """MinHash, see :func:`signature`."""


def signature(text: str) -> bytes:
    """MinHash of a text's shingles: 64 little-endian 32-bit numbers, empty for a text without letters.

    The numbers are those of datasketch 2's scheme "affine32" (a test holds them together). The library itself
    loads scipy: .7 s of processor time in each worker, a third of what a build cost that cleaned 200 pages.
    """
    import numpy as np

    parts = shingles(text)
    if not parts:
        return b""
    factors, summands = _permutations()
    least = np.full(PERMUTATIONS, 2**32 - 1, dtype=np.uint32)
    for some in _in_lots(parts):
        hashes = np.array([zlib.crc32(part.encode()) for part in some], dtype=np.uint32)
        permuted = _mixed(hashes)[:, None] * factors + summands  # modulo 2 ** 32
        np.minimum(least, permuted.min(axis=0), out=least)
    return least.astype("<u4").tobytes()


@cache
def _permutations() -> "tuple[NDArray[np.uint32], NDArray[np.uint32]]":
    """Factors, which are odd so that none maps two numbers to one, and summands; 64 each."""
    import numpy as np

    random = np.random.RandomState(SEED)
    factors = random.randint(0, 2**31, PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, random.randint(0, 2**32, PERMUTATIONS, dtype=np.uint32)


def _mixed(hashes: "NDArray[np.uint32]") -> "NDArray[np.uint32]":
    """The finalizer of MurmurHash3, which spreads checksums over all bits."""
    import numpy as np

    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


def _in_lots(parts: Iterable[str]) -> Iterator[list[str]]:
    """Shingles in lots: all permutations of all shingles of a 10 MB text at once would take 2 GB."""
    rest = iter(parts)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def shingles(text: str) -> set[str]:
    """Runs of five letters of the normal form: simplified, width folded, marks and spaces left out."""
    plain = letters(unicodedata.normalize("NFKC", to_simplified(text[:READ])))
    return {plain[i : i + SHINGLE] for i in range(len(plain) - SHINGLE + 1)} or ({plain} if plain else set())


def overlap(a: set[str], b: set[str]) -> float:
    """Jaccard overlap of two shingle sets, 0..1."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def group_duplicates(
    entries: Iterable[Entry], get_texts: Callable[[Iterable[str]], Mapping[str, str]]
) -> dict[str, tuple[str, float]]:
    """For each document that repeats another: that one's id and their overlap.

    Entries are taken from the most official and earliest on. Each is compared with documents already kept,
    never with a copy, so a group has no chains: every member was verified against the kept one.

    Parameters
    ----------
    entries
        All documents of a corpus, in any order.
    get_texts
        Texts of the ids it is given; called for candidates alone.
    """
    index = _Index()
    shelf = _Shelf(get_texts)
    same: dict[str, tuple[str, float]] = {}
    for entry in sorted(entries, key=_rank):
        if not entry.signature:
            continue
        candidates = [kept for kept in index.candidates(entry) if not _different(entry, kept)]
        best: tuple[float, str] | None = None
        if candidates:
            own = shelf.shingles(entry.document_id)
            for kept in candidates:
                value = overlap(own, shelf.shingles(kept.document_id))
                if value >= SAME_TEXT and (best is None or value > best[0]):
                    best = value, kept.document_id
        if best is None:
            index.keep(entry)
        else:
            same[entry.document_id] = best[1], round(best[0], 3)
    return same


def _rank(entry: Entry) -> tuple[bool, bool, str, str]:
    """Order of precedence: numbered policy, government host, earliest, then the id."""
    official = _GOVERNMENT.search(entry.url or "") or _GOVERNMENT.search(entry.source)
    numbered = entry.kind == "policy" and entry.number is not None
    return not numbered, official is None, entry.published or "9999", entry.document_id


def _different(a: Entry, b: Entry) -> bool:
    """Whether two texts speak for different bodies, however much they agree in wording."""
    for one, other in ((a.number, b.number), (a.issuer, b.issuer)):
        if one and other and letters(one) != letters(other):
            short, long = sorted((letters(one), letters(other)), key=len)
            if short not in long:
                return True
    ours, theirs = _bodies(a.title), _bodies(b.title)
    return bool(ours and theirs) and not ours & theirs


def _bodies(title: str) -> set[str]:
    plain = to_simplified(title)
    return {*named_places(plain), *named_offices(plain), *named_schools(plain)}


class _Index:
    """Kept documents by the bands of their signatures, cut from the stored bytes as they are.

    datasketch's ``MinHashLSH`` finds the same ones, but wants a ``MinHash`` of each signature: 1.4 ms a document
    at each build, of all documents. This takes an eighth.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[int, bytes], list[Entry]] = {}

    def keep(self, entry: Entry) -> None:
        for band in _bands(entry.signature):
            self._kept.setdefault(band, []).append(entry)

    def candidates(self, entry: Entry) -> list[Entry]:
        found = {
            kept.document_id: kept for band in _bands(entry.signature) for kept in self._kept.get(band, ())
        }
        least = SAME_TEXT - ESTIMATE_SLACK
        return [
            kept for _, kept in sorted(found.items()) if _estimate(entry.signature, kept.signature) >= least
        ]


def _bands(signed: bytes) -> Iterator[tuple[int, bytes]]:
    size = ROWS * NUMBER
    return ((band, signed[band * size : (band + 1) * size]) for band in range(BANDS))


def _estimate(a: bytes, b: bytes) -> float:
    """Jaccard overlap by two signatures: the share of their numbers that agree."""
    import numpy as np

    return int(np.count_nonzero(np.frombuffer(a, "<u4") == np.frombuffer(b, "<u4"))) / PERMUTATIONS


class _Shelf:
    """Shingles of the texts compared last."""

    def __init__(self, get_texts: Callable[[Iterable[str]], Mapping[str, str]]) -> None:
        self._get_texts = get_texts
        self._held: OrderedDict[str, set[str]] = OrderedDict()

    def shingles(self, document_id: str) -> set[str]:
        if document_id not in self._held:
            self._held[document_id] = shingles(self._get_texts([document_id]).get(document_id, ""))
            if len(self._held) > _KEPT_IN_MEMORY:
                self._held.popitem(last=False)
        self._held.move_to_end(document_id)
        return self._held[document_id]
