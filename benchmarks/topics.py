"""Topics: coherence, diversity, stability and time beside BERTopic and latent Dirichlet allocation.

    python benchmarks/topics.py [--corpus=DIR] [--only=WORD] [--changes=N] [--every=N]

On 100 city reports and 88 arts opinions, whole text, copies out: the same units (stretches of about 50 content words),
the same vocabulary and 20 topics for all. BERTopic gets the shipped static vectors of the same units and is reduced to
20 topics from the number that it finds; LDA is gensim's with ten passes. Stability is the mean matched Jaccard overlap of ten
first words with a first fit (1: the same topics), when the seed, the order of documents, two neighbouring documents or the
drawn documents change, N fits for each (2); with --every=4 every fourth document is read. Coherence is measured on the running words of the documents by the functions of the project;
C_v is compared with gensim's on twenty documents. The second part compares units of other sizes.
"""

import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from threadpoolctl import threadpool_limits

import policy_corpus as pc
from benchmarks.table import Row
from policy_corpus.analyse.learners import non_negative_factors, tf_idf
from policy_corpus.analyse.linguistics.texts import Text, content_filter
from policy_corpus.analyse.topics.coherence import c_v, count_together, diversity, npmi
from policy_corpus.analyse.topics.model import TopicModel
from policy_corpus.analyse.topics.stability import agreement, first_words
from policy_corpus.analyse.topics.units import Unit, cut_units, topic_filter, vocabulary_of
from policy_corpus.annotate.tokens import parse_stop_words
from policy_corpus.corpus.analysing.filters import Filter
from policy_corpus.corpus.analysing.statistics import Analyses
from policy_corpus.resources import DATA as OWN_DATA
from policy_corpus.resources import load_gazetteer, models_dir
from tests.shared import DATA

TOPICS = 20
SEED = 20261122
Tops = list[list[str]]
Fit = Callable[[Sequence[Text], int], Tops]
KEEP = topic_filter(
    content_filter(parse_stop_words((OWN_DATA / "lexicon/stop_words.txt").read_text(encoding="utf-8"))),
    load_gazetteer().names,
)


def read(work: Path, keep: str | None) -> list[Text]:
    folder = Path(keep) if keep else work / "corpus"
    if not (folder / "tables").is_dir():
        pc.init_corpus(folder)
        pc.open_corpus(folder).add([DATA / "reports-2024", DATA / "arts-opinions"])
        pc.open_corpus(folder).build(workers=1)
    return sorted(Analyses(pc.open_corpus(folder)).select(Filter()).texts(), key=lambda t: t.text_id)


class Peers:
    """Each method as a function from texts, in the order given, and a seed to words."""

    def __init__(self, texts: Sequence[Text]) -> None:
        units = cut_units(texts, KEEP)
        self.names = vocabulary_of(units)
        self.columns = {word: place for place, word in enumerate(self.names)}
        self.vectors = self._embedded(texts, units)
        self.found: list[int] = []
        """How many topics BERTopic found by itself, fit by fit."""

    def ours(self, texts: Sequence[Text], seed: int) -> Tops:
        model = TopicModel(TOPICS, random_state=seed).fit(self._weights(cut_units(texts, KEEP)))
        return self._words(first_words(model.components_, 25))

    def one_nmf(self, texts: Sequence[Text], seed: int) -> Tops:
        from sklearn.decomposition import NMF

        with threadpool_limits(limits=1):
            model = NMF(TOPICS, init="random", random_state=seed).fit(self._weights(self._units(texts)))
        return self._words(first_words(model.components_, 25))

    def lda(self, texts: Sequence[Text], seed: int) -> Tops:
        from gensim.corpora import Dictionary
        from gensim.models import LdaModel

        lines = [[w for w in u.words if w in self.columns] for u in self._units(texts)]
        dictionary = Dictionary([self.names])
        counts = [dictionary.doc2bow(line) for line in lines]
        model = LdaModel(counts, TOPICS, id2word=dictionary, passes=10, random_state=seed)
        return [[word for word, _ in model.show_topic(t, 25)] for t in range(TOPICS)]

    def bertopic(self, texts: Sequence[Text], seed: int) -> Tops:
        from bertopic import BERTopic
        from sklearn.feature_extraction.text import CountVectorizer
        from umap import UMAP

        units = self._units(texts)
        lines = [" ".join(u.words) for u in units]
        vectors = np.array([self.vectors[u.text_id.split("#")[0], u.first] for u in units])
        counter = CountVectorizer(
            tokenizer=str.split, token_pattern=None, lowercase=False, vocabulary=self.columns
        )
        reducer = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
        model = BERTopic(
            language="multilingual", umap_model=reducer, vectorizer_model=counter, top_n_words=25
        )
        model.fit(lines, vectors)
        self.found.append(len(model.get_topic_info()) - 1)
        model.reduce_topics(lines, nr_topics=TOPICS + 1)
        return [[w for w, _ in words] for topic, words in sorted(model.get_topics().items()) if topic >= 0]

    def _units(self, texts: Sequence[Text]) -> list[Unit]:
        """Units in the order of the texts, as another program would read them."""
        return [unit for text in texts for unit in cut_units([text], KEEP)]

    def _weights(self, units: Sequence[Unit]) -> Any:
        return tf_idf([u.words for u in units], self.columns)

    def _words(self, rows: Sequence[Sequence[int]]) -> Tops:
        return [[self.names[i] for i in row] for row in rows]

    def _embedded(self, texts: Sequence[Text], units: Sequence[Unit]) -> dict[tuple[str, int], Any]:
        from sentence_transformers import SentenceTransformer

        encoder = SentenceTransformer(str(models_dir() / "static-zh-256"), device="cpu")
        sentences = {text.text_id: text.sentences for text in texts}
        lines = ["".join(w for s in sentences[u.text_id][u.first : u.end] for w in s) for u in units]
        rows = encoder.encode(lines, show_progress_bar=False)
        return {(u.text_id, u.first): row for u, row in zip(units, rows, strict=True)}


def changed(texts: Sequence[Text], times: int) -> dict[str, list[tuple[list[Text], int]]]:
    """What is given to each method: texts in an order, and a seed; 0 is the seed of the first fit."""
    rng = np.random.default_rng(SEED)
    count = len(texts)
    orders = [rng.permutation(count) for _ in range(times)]
    draws = [rng.integers(0, count, count) for _ in range(times)]
    middle = count // 2
    swapped = [*range(middle), middle + 1, middle, *range(middle + 2, count)]
    return {
        "seed": [(list(texts), seed) for seed in range(1, times + 1)],
        "order": [([texts[i] for i in order], 0) for order in orders],
        "two swapped": [([texts[i] for i in swapped], 0)],
        "bootstrap": [([Text(f"{texts[i].text_id}#{n}", texts[i].sentences) for n, i in enumerate(draw)], 0) for draw in draws],
    }  # fmt: skip


def running(texts: Sequence[Text]) -> list[list[str]]:
    return [[w for s in text.sentences for w in s if KEEP(w)] for text in texts]


def compare(texts: Sequence[Text], peers: Peers, times: int, only: str) -> list[Row]:
    lines, variants = running(texts), changed(texts, times)
    rows: list[Row] = []
    units = sum(len(cut_units([text], KEEP)) for text in texts)
    print(f"{'':26}   NPMI    C_v  diversity  {'  '.join(f'{name:>11}' for name in variants)}  seconds a fit")
    for name, fit in methods(peers).items():
        if only not in name:
            continue
        began = time.perf_counter()
        work = time.process_time()
        try:
            first = fit(list(texts), 0)
        except ImportError as missing:
            print(f"{name:26} skipped: {missing}")
            continue
        seconds, cpu = time.perf_counter() - began, time.process_time() - work
        tops = [words[:10] for words in first]
        every = [w for words in tops for w in words]
        near, wide = count_together(lines, every, 10), count_together(lines, every, 110)
        again = {
            change: float(np.mean([agreement(tops, [w[:10] for w in fit(*case)]) for case in cases]))
            for change, cases in variants.items()
        }
        print(
            f"{name:26}  {np.mean([npmi(w, near) for w in tops]):5.3f}  {np.mean([c_v(w, wide) for w in tops]):5.3f}"
            f"  {diversity(first):9.3f}  {'  '.join(f'{value:11.3f}' for value in again.values())}"
            f"  {seconds:.0f} ({cpu:.0f} of processor)",
            flush=True,
        )
        task, speed = f"topics ({units:,} units)", units / cpu
        mean = float(np.mean([c_v(w, wide) for w in tops]))
        rows.append(Row(task, name, float(np.mean(list(again.values()))), "stability", speed, "units"))
        rows.append(Row(task, name, mean, "coherence C_v", None, ""))
        if name.startswith("BERTopic"):
            kinds = ["first fit", *(c for c, cases in variants.items() for _ in cases)]
            print("  topics that BERTopic found by itself: " + ", ".join(
                f"{kind} {count}" for kind, count in zip(kinds, peers.found, strict=True)))  # fmt: skip
    return rows


def methods(peers: Peers) -> dict[str, Fit]:
    return {
        "policy_corpus (NMF, NNDSVD)": peers.ours,
        "one NMF, random start": peers.one_nmf,
        "LDA (gensim, 10 passes)": peers.lda,
        "BERTopic (static vectors)": peers.bertopic,
    }


def unit_sizes(texts: Sequence[Text]) -> None:
    lines = running(texts)
    print("\nwords a unit   units    NPMI    C_v  stability (bootstrap)")
    for size in (1, 25, 50, 100, 10**9):
        units = cut_units(texts, KEEP, size)
        names = vocabulary_of(units)
        if len(names) < 2 * TOPICS:
            continue
        matrix = tf_idf([u.words for u in units], {word: place for place, word in enumerate(names)})
        numbers = np.unique([u.text_id for u in units], return_inverse=True)[1]
        model = TopicModel(TOPICS).fit(matrix)
        tops = [[names[i] for i in row] for row in first_words(model.components_)]
        every = [w for words in tops for w in words]
        near, wide = count_together(lines, every, 10), count_together(lines, every, 110)
        label = "sentence" if size == 1 else "document" if size > 10**6 else str(size)
        print(
            f"{label:>12}  {len(units):6}  {np.mean([npmi(w, near) for w in tops]):6.3f}"
            f"  {np.mean([c_v(w, wide) for w in tops]):5.3f}  {np.mean(model.stability(matrix, numbers)):.3f}",
            flush=True,
        )


def check_c_v(texts: Sequence[Text]) -> None:
    """Ours against gensim's, topic by topic."""
    try:
        from gensim.corpora import Dictionary
        from gensim.models import CoherenceModel
    except ImportError:
        print("C_v against gensim: skipped, gensim is not installed")
        return
    lines = running(texts[:: max(1, len(texts) // 20)])
    units = cut_units(texts, KEEP)
    names = vocabulary_of(units)
    matrix = tf_idf([u.words for u in units], {word: place for place, word in enumerate(names)})
    held = {w for line in lines for w in line}
    tops = [
        [names[i] for i in row if names[i] in held]
        for row in first_words(non_negative_factors(matrix, TOPICS))
    ]
    wide = count_together(lines, [w for words in tops for w in words], 110)
    ours = [c_v(words, wide) for words in tops]
    theirs = CoherenceModel(
        topics=tops, texts=lines, dictionary=Dictionary(lines), coherence="c_v", processes=1
    ).get_coherence_per_topic()
    print(f"\nC_v of {len(tops)} topics on {len(lines)} documents: ours and gensim's differ by at most "
          f"{max(abs(a - b) for a, b in zip(ours, theirs, strict=True)):.1e}")  # fmt: skip


def rows(keep: Path | None = None, times: int = 2) -> list[Row]:
    """Two rows a method: stability over all changes with units/s of one fit, and coherence."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as work:
        texts = read(Path(work), str(keep) if keep else None)
        return compare(texts, Peers(texts), times, "")


def main() -> None:
    warnings.simplefilter("ignore")
    given = dict(a[2:].split("=", 1) for a in sys.argv[1:])
    keep, only, times = given.get("corpus"), given.get("only", ""), int(given.get("changes", 2))
    with tempfile.TemporaryDirectory() as work:
        texts = read(Path(work), keep)[:: int(given.get("every", 1))]
        peers = Peers(texts)
        units = cut_units(texts, KEEP)
        print(f"{len(texts)} documents, {len(units)} units, {len(peers.names)} words, {TOPICS} topics")
        compare(texts, peers, times, only)
        if not only:
            check_c_v(texts)
            unit_sizes(texts)


if __name__ == "__main__":
    main()
