"""Search: quality on judged sentences beside plain methods, times of the command, and a million sentences.

    python benchmarks/search.py [--shared SHARED] [--corpus DIR] [--encoder NAME …]   quality and cold times
    python benchmarks/search.py --million [--rows N]                        speed and memory at scale

Quality: condensed nDCG@10 and nDCG@10 of ``gold/search`` (unjudged sentences skipped, or worth nothing), with the
standard error over queries (bootstrap) and, for ours, the value with weights chosen without the query that is scored
(leave one out). The corpus is built from seeds, reports-2024 and arts-opinions unless ``--corpus`` names one.
"""

import argparse
import csv
import json
import math
import os
import random
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.table import OURS, Row  # noqa: E402

SHARED = HERE.parent.parent / "shared"
TEXTS = ("gold/seeds/texts", "data/reports-2024", "data/arts-opinions")
DEPTH = 50
LIMIT_MS = 60


# ---- quality ---------------------------------------------------------------------------------------------------


class Judged:
    """Queries and what was judged, scored as ``score_search.py`` does."""

    def __init__(self, shared: Path, rows: Sequence[dict[str, Any]]) -> None:
        sys.path.insert(0, str(shared / "gold"))
        from score_measures import normal, stem

        base = shared / "gold" / "search"
        self.queries = {row["qid"]: row["query"] for row in read(base / "queries.tsv")}
        self.grades: dict[str, list[int]] = defaultdict(list)
        self.match: dict[str, dict[int, list[int]]] = {qid: defaultdict(list) for qid in self.queries}
        forms = [normal(row["text"])[0] for row in rows]
        self.long = [len(row["text"]) > 300 for row in rows]
        by_file: dict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(rows):
            by_file[stem(row["source"])].append(place)
        for row in read(base / "qrels.tsv"):
            number = len(self.grades[row["qid"]])
            self.grades[row["qid"]].append(int(row["grade"]))
            text = normal(row["text"])[0]
            for place in by_file[stem(row["file"])]:
                if forms[place] and (text in forms[place] or forms[place] in text):
                    self.match[row["qid"]][place].append(number)

    def score(self, qid: str, order: Sequence[int]) -> tuple[float, float]:
        """Condensed nDCG@10 and nDCG@10 of one query."""
        used: set[int] = set()
        grades: list[int | None] = []
        for place in order[:DEPTH]:
            found: int | None = None
            for number in self.match[qid].get(int(place), ()):
                own = 0 if number in used or self.long[place] else self.grades[qid][number]
                found = max(found or 0, own)
                used.add(number)
            grades.append(found)
        best = gain(sorted(self.grades[qid], reverse=True))
        if not best:
            return 0.0, 0.0
        return gain([g for g in grades if g is not None]) / best, gain([g or 0 for g in grades]) / best


def gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:10]))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


class BM25:
    """Plain Okapi BM25 (k1 1.2, b .75) over any terms."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, terms in enumerate(texts):
            for term, count in Counter(terms).items():
                self.postings[term].append((place, count))
        sizes = np.array([len(terms) for terms in texts], float)
        self.length = 1.2 * (0.25 + 0.75 * sizes / sizes.mean())

    def __call__(self, terms: Sequence[str]) -> np.ndarray:
        score = np.zeros(len(self.length))
        for term in terms:
            if found := self.postings.get(term):
                places, counts = np.array(found).T
                rarity = math.log(1 + (len(score) - len(found) + 0.5) / (len(found) + 0.5))
                score[places] += rarity * counts * 2.2 / (counts + self.length[places])
        return score


def best(score: np.ndarray) -> list[int]:
    return np.lexsort((np.arange(len(score)), -score))[:DEPTH].tolist()


def fused(*scores: np.ndarray) -> np.ndarray:
    """Reciprocal rank fusion with k = 60 (Cormack et al. 2009) over the first thousand of each."""
    total = np.zeros(len(scores[0]))
    for score in scores:
        order = np.lexsort((np.arange(len(score)), -score))[:1000]
        total[order] += 1 / (60 + np.arange(1, len(order) + 1))
    return total


def quality(shared: Path, folder: Path, encoders: Sequence[str]) -> None:
    from policy_corpus.analyse import ranking
    from policy_corpus.analyse.query import parse_query
    from policy_corpus.corpus import open_corpus
    from policy_corpus.corpus.coding.encoders import fingerprint, load_encoder
    from policy_corpus.corpus.searching.embedding import Vectors
    from policy_corpus.corpus.searching.search import CorpusSearch
    from policy_corpus.publish.search.index import read_samples
    from policy_corpus.resources import load_gazetteer, load_tokenizer
    from policy_corpus.store.passage_index import PassageIndex
    from policy_corpus.store.store import Store

    corpus = open_corpus(folder)
    search = CorpusSearch(corpus)
    search.prepare()
    with Store.open(folder / "tables") as store:
        columns = ["told"]
        rows = [row for batch in PassageIndex(store).scan(columns) for row in batch.to_pylist()]
        told = [json.loads(row["told"]) for row in rows]
        rows = [{"form": row["text"], **row} for row in told]
        judged = Judged(shared, rows)
        tokenizer, asked = load_tokenizer(), judged.queries
        parsed = {
            qid: parse_query(text, tokenizer, corpus.codebook, load_gazetteer())
            for qid, text in asked.items()
        }
        words = BM25([tokenizer.cut(row["form"]) for row in rows])
        pairs = BM25([ranking.index_terms(row["form"]) for row in rows])
        by: dict[str, dict[str, np.ndarray]] = {
            "BM25, words": {qid: words(tokenizer.cut(text)) for qid, text in asked.items()},
            "BM25, character pairs": {qid: pairs(ranking.index_terms(text)) for qid, text in asked.items()},
            "SQLite FTS5 (bm25, character pairs)": sqlite_scores(rows, asked),
        }
        samples = read_samples(store)
        cosines: dict[str, dict[str, np.ndarray]] = {}
        for name in encoders:
            encoder = load_encoder(name)
            matrix = Vectors(store, lambda own=encoder: own, fingerprint(name)).of(
                [row["text"] for row in rows]
            )
            queries = encoder.encode(list(asked.values()), query=True)
            found = matrix.astype(np.float32) @ queries.T
            cosines[name] = {qid: found[:, place].astype(float) for place, qid in enumerate(asked)}
            by[f"vectors, {name}"] = cosines[name]
            plain = {
                qid: fused(by["BM25, words"][qid], by["BM25, character pairs"][qid], cosines[name][qid])
                for qid in asked
            }
            by[f"rank fusion of words, pairs, {name}"] = plain
    print(f"{len(rows):,} sentences, {len(asked)} queries{'':<22}condensed nDCG@10        nDCG@10")
    for name, scores in by.items():
        line(name, [judged.score(qid, best(score)) for qid, score in scores.items()])
    parts = {
        qid: (
            ranking.coverage([r["form"] for r in rows],
                             ranking.query_terms(query.ranked_text), samples.terms),
            coded(rows, [named.code for named in query.codes]),
        )
        for qid, query in parsed.items()
    }  # fmt: skip
    line("ours: characters and pairs alone", [judged.score(q, best(parts[q][0])) for q in asked])
    line("ours: with codes", [judged.score(q, best(parts[q][0] + ranking.CODE * parts[q][1])) for q in asked])
    background = np.array([row["passage_id"] for row in rows]).argsort()[:1000]
    for name in encoders:
        near = {q: ranking.nearness(c, c[background]) for q, c in cosines[name].items()}
        grid = {
            (code, meaning): {
                q: judged.score(q, best(parts[q][0] + code * parts[q][1] + meaning * near[q])) for q in asked
            }
            for code, meaning in product((0.05, 0.1, 0.15, 0.2, 0.3), (0.0, 0.05, 0.1, 0.15, 0.2))
        }
        line(f"ours: all, {name}", list(grid[ranking.CODE, ranking.MEANING].values()))
        held_out = []
        for q in asked:
            chosen = max(
                grid, key=lambda key: sum(value[0] for other, value in grid[key].items() if other != q)
            )
            held_out.append(grid[chosen][q])
        line(f"ours: all, {name}, weights without the query", held_out)
    places = {row["passage_id"]: place for place, row in enumerate(rows)}
    found = [
        judged.score(qid, [places[hit.passage_id] for hit in search.search(text, limit=DEPTH)])
        for qid, text in asked.items()
    ]
    line(f"ours: `search`, {corpus.settings.search.encoder}", found)


def coded(rows: Sequence[dict[str, Any]], wanted: Sequence[str]) -> np.ndarray:
    from policy_corpus.publish.search.searcher import _evidence

    return np.array([_evidence(row, wanted) for row in rows])


def line(name: str, scores: Sequence[tuple[float, float]]) -> None:
    table = np.array(scores)
    drawn = np.random.default_rng(0).integers(0, len(table), (2000, len(table)))
    spread = table[drawn].mean(axis=1).std(axis=0)
    mean = table.mean(axis=0)
    print(f"  {name:<54}{mean[0]:.3f} ± {spread[0]:.3f}     {mean[1]:.3f} ± {spread[1]:.3f}", flush=True)


def rows(shared: Path, folder: Path) -> list[Row]:
    """Quality and warm queries/s of the search as it ships, of SQLite FTS5 and of plain vectors."""
    from policy_corpus.corpus import open_corpus
    from policy_corpus.corpus.coding.encoders import load_encoder
    from policy_corpus.corpus.searching.search import CorpusSearch
    from policy_corpus.store.passage_index import PassageIndex
    from policy_corpus.store.store import Store

    corpus = open_corpus(folder)
    search = CorpusSearch(corpus)
    search.prepare()
    with Store.open(folder / "tables", read_only=True) as store:
        index = PassageIndex(store)
        told = [json.loads(x) for batch in index.scan(["told"]) for x in batch.column("told").to_pylist()]
    sentences = [{"form": row["text"], **row} for row in told]
    judged = Judged(shared, sentences)
    places = {row["passage_id"]: place for place, row in enumerate(sentences)}
    encoder = load_encoder(corpus.settings.search.encoder)
    matrix = np.asarray(encoder.encode([row["text"] for row in sentences]), np.float32)
    base = sqlite_table(sentences)
    ways: dict[str, Callable[[str], Sequence[int]]] = {
        f"{OURS} search": lambda text: [places[hit.passage_id] for hit in search.search(text, limit=DEPTH)],
        "SQLite FTS5 (bm25, character pairs)": lambda text: [
            place for place, _ in sqlite_hits(base, text, DEPTH)
        ],
        "plain vectors (static-zh-256)": lambda text: best(matrix @ encoder.encode([text], query=True)[0])[
            :DEPTH
        ],
    }
    found = []
    for name, way in ways.items():
        orders = {qid: way(text) for qid, text in judged.queries.items()}  # also warms up
        began = time.perf_counter()
        for text in judged.queries.values():
            way(text)
        took = time.perf_counter() - began
        mean = float(np.mean([judged.score(qid, order)[0] for qid, order in orders.items()]))
        task = f"search ({len(sentences):,})"
        found.append(Row(task, name, mean, "condensed nDCG@10", len(orders) / took, "queries"))
    return found


def sqlite_table(rows: Sequence[dict[str, Any]]) -> sqlite3.Connection:
    from policy_corpus.analyse.ranking import index_terms

    base = sqlite3.connect(":memory:")
    base.execute("create virtual table t using fts5(terms, tokenize='unicode61')")
    base.executemany(
        "insert into t(rowid, terms) values (?, ?)",
        ((i, " ".join(index_terms(r["form"]))) for i, r in enumerate(rows)),
    )
    return base


def sqlite_hits(base: sqlite3.Connection, text: str, limit: int) -> list[tuple[int, float]]:
    from policy_corpus.analyse.ranking import index_terms

    wanted = " OR ".join(f'"{term}"' for term in index_terms(text))
    return base.execute(
        "select rowid, bm25(t) from t where t match ? order by 2 limit ?", (wanted, limit)
    ).fetchall()


def sqlite_scores(rows: Sequence[dict[str, Any]], queries: dict[str, str]) -> dict[str, np.ndarray]:
    base = sqlite_table(rows)
    found = {}
    for qid, text in queries.items():
        score = np.zeros(len(rows))
        for place, value in sqlite_hits(base, text, 1000):
            score[place] = -value
        found[qid] = score
    return found


def built(shared: Path, folder: Path) -> Path:
    from policy_corpus.corpus import init_corpus, open_corpus

    init_corpus(folder)
    corpus = open_corpus(folder)
    corpus.add([shared / part for part in TEXTS])
    corpus.build()
    return folder


def cold(folder: Path) -> None:
    """Wall time of the command from a cold process, best of three (other work only adds to it)."""
    command = [sys.executable, "-m", "policy_corpus", "search", str(folder), "教师轮岗", "--json"]
    for name, more in (("words", ["--no-meaning"]), ("words and meaning", [])):
        times = []
        for _ in range(3):
            began = time.perf_counter()
            subprocess.run([*command, *more], check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - began)
        print(f"cold command, {name:<44}{min(times):.1f} s   (load {os.getloadavg()[0]:.1f})")


# ---- scale -----------------------------------------------------------------------------------------------------


def million(shared: Path, count: int, keep: Path | None) -> None:
    """Sentences of about 100 characters, put together from clauses; random vectors around 500 topics."""
    import pyarrow as pa

    from policy_corpus.publish.search.index import _write_samples, stamp
    from policy_corpus.store.passage_index import IndexState, PassageIndex, schema
    from policy_corpus.store.store import Store

    folder = keep or Path(tempfile.mkdtemp(prefix="policy-corpus-million-"))
    with Store.open(folder, create=True) as store:
        index = PassageIndex(store)
        if not index.exists():
            began = time.perf_counter()
            index.create(256)
            for batch in synthetic(shared, count):
                index.replace((), pa.Table.from_pydict(batch, schema(256)))
            entered = time.perf_counter()
            index.finish(count)
            _write_samples(store, index)
            index.write_state(IndexState(2, "", {}, stamp(store)))
            print(
                f"{count:,} rows entered in {entered - began:.0f} s, indexed in {time.perf_counter() - entered:.0f} s"
            )
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"memory while indexing {used:.2f} GB")
    subprocess.run([sys.executable, __file__, "--ask", str(folder), "--shared", str(shared)], check=True)


def synthetic(shared: Path, count: int, size: int = 20_000) -> Any:
    from policy_corpus.analyse.ranking import index_terms

    rng, draws = random.Random(0), np.random.default_rng(0)
    clauses = [
        clause
        for path in sorted((shared / "data" / "reports-2024").glob("*.txt"))
        for clause in re.split("[，。；、\\s]", path.read_text(encoding="utf-8"))
        if 4 <= len(clause) <= 30
    ]
    names = (
        "title",
        "source",
        "part",
        "kind",
        "issuer",
        "published",
        "region_code",
        "region_name",
        "is_copy",
    )
    shown = dict.fromkeys(names, "") | {
        "title_form": "题",
        "number_form": "",
        "ordinal": 0,
        "start": 0,
        "end": 99,
    }
    topics = draws.standard_normal((500, 256))
    for begin in range(0, count, size):
        made = ["，".join(rng.sample(clauses, 7)) + "。" for _ in range(size)]
        vectors = topics[draws.integers(0, 500, size)] + 0.8 * draws.standard_normal((size, 256))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        codes = [[f"code{rng.randrange(20)}"] if rng.random() < 0.15 else [] for _ in made]
        region = [
            f"{rng.randrange(11, 66)}{rng.randrange(1, 15):02d}{rng.randrange(1, 12):02d}" for _ in made
        ]
        ids = [f"{draws.integers(1 << 62):016x}" for _ in made]
        told = [
            json.dumps({**shown, "passage_id": key, "document_id": key, "text": text,
                        "coded": dict.fromkeys(own, 0.9), "named": own, "statuses": ["done"]}, ensure_ascii=False)
            for key, text, own in zip(ids, made, codes, strict=True)
        ]  # fmt: skip
        yield {
            "passage_id": ids,
            "document_id": [f"d{(begin + i) // 40}" for i in range(size)],
            "ordinal": [i % 40 for i in range(size)], "start": [0] * size, "end": [len(t) for t in made],
            "form": made, "terms": [" ".join(index_terms(t)) for t in made], "told": told,
            "title_form": ["题"] * size, "number_form": [""] * size, "issuer": [None] * size, "kind": ["report"] * size,
            "year": [rng.randrange(2000, 2026) for _ in made], "is_copy": [rng.random() < 0.1 for _ in made],
            "region_code": region, "region_name": region, "codes": codes, "named": codes,
            "statuses": [["done"] if c else [] for c in codes], "carried": [[f"{x}:done" for x in c] for c in codes],
            "vector": list(vectors.astype(np.float16)),
        }  # fmt: skip


class Fixed:
    """Gives queries a vector without an encoder: a mean of two topics."""

    name, dimensions = "fixed", 256

    def __init__(self) -> None:
        self.topics = np.random.default_rng(0).standard_normal((500, 256))

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        rng = random.Random(texts[0])
        vector = self.topics[rng.randrange(500)] + self.topics[rng.randrange(500)]
        return (vector / np.linalg.norm(vector))[None].astype(np.float32)


def ask(shared: Path, folder: Path) -> None:
    from policy_corpus.analyse.query import NamedCode, Query
    from policy_corpus.publish.search.searcher import Condition, Searcher
    from policy_corpus.resources import load_tokenizer
    from policy_corpus.store.passage_index import PassageIndex, RowFilter
    from policy_corpus.store.store import Store

    tokenizer = load_tokenizer()
    code = NamedCode("code3", "code3", "")

    def parse(text: str) -> Query:
        return Query(text, text, words=tuple(tokenizer.cut(text)), codes=(code,))

    store = Store.open(folder, read_only=True)
    searcher = Searcher(store, parse, Fixed)
    queries = [row["query"] for row in read(shared / "gold" / "search" / "queries.tsv")]
    region = [Condition("region", RowFilter(regions=("51",)))]
    ways: dict[str, Callable[[str], object]] = {
        "words and meaning": lambda text: searcher.search(text),
        "… in one province": lambda text: searcher.search(text, region),
        "… in one county": lambda text: searcher.search(
            text, [Condition("c", RowFilter(regions=("510105",)))]
        ),
        "… done, since 2015": lambda text: searcher.search(
            text, [Condition("d", RowFilter(status="done", since=2015))]
        ),
        "words, in one province": lambda text: searcher.search(text, region, meaning=False),
    }
    for name, way in ways.items():
        for text in queries[:5]:
            way(text)
        times = []
        for text in queries * 3:
            began = time.perf_counter()
            way(text)
            times.append((time.perf_counter() - began) * 1000)
        print(
            f"{name:<28}median {np.median(times):6.1f} ms   p95 {np.percentile(times, 95):6.1f} ms",
            flush=True,
        )
    index, encoder = PassageIndex(store), Fixed()
    table = store.database.open_table("search")
    for name, where in (("", ""), (" in one province", region[0].rows.sql())):
        shares = []
        for text in queries:
            vector = encoder.encode([text])[0]
            exact = (
                table.search(vector, vector_column_name="vector")
                .distance_type("cosine")
                .bypass_vector_index()
            )
            exact = exact.where(where) if where else exact
            true = (
                exact.limit(50)
                .select(["_distance"])
                .with_row_id(True)
                .to_arrow()
                .column("_rowid")
                .to_pylist()
            )
            shares.append(len(set(true) & set(index.by_vector(vector, where, 50))) / len(true))
        print(f"recall of the nearest 50{name}: {np.mean(shares):.3f}")
    print(
        f"memory of the process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB, load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--corpus", type=Path, help="a corpus built from these texts")
    parser.add_argument("--encoder", nargs="*", default=["static-zh-256", "e5-small-zh"])
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="folder for the synthetic index, kept for the next run")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ask:
        ask(asked.shared, asked.ask)
    elif asked.million:
        million(asked.shared, asked.rows, asked.keep)
    else:
        folder = asked.corpus or built(asked.shared, Path(tempfile.mkdtemp(prefix="policy-corpus-search-")))
        quality(asked.shared, folder, asked.encoder)
        cold(folder)


if __name__ == "__main__":
    main()
