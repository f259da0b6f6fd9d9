"""Planted copies: are edited copies of national and provincial sentences told from local ones, and how fast?

    python benchmarks/reuse.py            # F1 by share of edits, on both sets of hosts
    python benchmarks/reuse.py --scale    # time for 90,000 sentences

Sources are sentences of the central and provincial texts of ``arts-opinions``. Each host, a prefecture's or county's
document, receives edited copies of sources that stand above it: 0 to 50 % of the words, or of the characters, are replaced by
others of the corpus, left out, or have another put behind them. Negatives are the hosts' own sentences that share no
run of six characters (numbers, places and punctuation apart) with any other sentence; the rest of a host, which copies for real, is left out
of the score, but stands in the corpus. Hosts are (a) the other arts opinions, on the same subject, and (b) city reports.
A plant counts as found when it is labelled inherited, shared or repeated, and as traced when its origin is the
document it came from or one that has the same sentence.
"""

import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import policy_corpus as pc
from policy_corpus.analyse.reuse.local_text import Author, Sentence, find_reuse
from policy_corpus.analyse.reuse.masks import masked
from policy_corpus.corpus.analysing.local_text import _COLUMNS, read_sentences
from policy_corpus.resources import load_gazetteer, load_tokenizer
from policy_corpus.store.tables import DOCUMENTS
from tests.shared import DATA

RATES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
PLANTS_PER_HOST = 6
MIN_LETTERS = 12
CLEAN_RUN = 6
SEED = 20261122
Corpus = list[tuple[Author, list[Sentence]]]


def read(folders: list[str], work: Path, keep: str | None) -> Corpus:
    folder = Path(keep) if keep else work / "corpus"
    if not (folder / "tables").is_dir():
        pc.init_corpus(folder)
        pc.open_corpus(folder).add([DATA / name for name in folders])
        pc.open_corpus(folder).build(workers=1)
    store = pc.open_corpus(folder)._reader()
    rows = [
        r
        for b in store.scan(DOCUMENTS, [*_COLUMNS, "source", "same_as"], order_by=("source",))
        for r in b.to_pylist()
    ]
    return list(read_sentences(store, load_gazetteer(), [r for r in rows if r["same_as"] is None]))


def edited(text: str, rate: float, unit: str, pool: list[str], rng: random.Random) -> str:
    units = load_tokenizer().cut(text) if unit == "words" else [c for c in text if not c.isspace()]
    budget = rate * sum(map(len, units))
    order = list(range(len(units)))
    rng.shuffle(order)
    out, done = [[u] for u in units], 0
    for i in order:
        if done >= budget:
            break
        how = rng.choice(("replace", "replace", "drop", "add"))
        out[i] = {"replace": [rng.choice(pool)], "drop": [], "add": [units[i], rng.choice(pool)]}[how]
        done += len(units[i])
    return "".join(u for part in out for u in part)


def clean_sentences(corpus: Corpus) -> set[str]:
    owners: dict[str, set[str]] = defaultdict(set)
    texts = [(a, s, masked(s.text, s.places)) for a, sentences in corpus for s in sentences]
    for _, s, text in texts:
        for i in range(len(text) - CLEAN_RUN + 1):
            owners[text[i : i + CLEAN_RUN]].add(s.passage_id)
    return {
        s.passage_id
        for _, s, text in texts
        if len(text) >= MIN_LETTERS and not s.is_heading
        and all(len(owners[text[i : i + CLEAN_RUN]]) == 1 for i in range(len(text) - CLEAN_RUN + 1))
    }  # fmt: skip


def plant(
    corpus: Corpus, hosts: set[str], unit: str, rng: random.Random
) -> tuple[Corpus, dict[str, tuple[float, str]]]:
    """The corpus with plants, and of each plant its share of edits and the masked sentence it was made from."""
    above = {a.document_id: (a, [s for s in ss if not s.is_heading and len(masked(s.text, s.places)) >= MIN_LETTERS])
             for a, ss in corpus if a.level in ("nation", "province")}  # fmt: skip
    pool = [
        w
        for _, ss in corpus
        for s in ss
        for w in (load_tokenizer().cut(s.text) if unit == "words" else s.text)
        if w.isalnum()
    ]
    planted, made = [], {}
    for author, sentences in corpus:
        own = list(sentences)
        sources = [
            (a, ss) for a, ss in above.values() if ss and (a.level == "nation" or a.region in author.above)
        ]
        if author.document_id in hosts and sources:
            for n in range(PLANTS_PER_HOST):
                _, from_sentences = rng.choice(sources)
                sentence, rate = rng.choice(from_sentences), RATES[n % len(RATES)]
                key = f"plant-{author.document_id}-{n}"
                own.insert(
                    rng.randrange(len(own) + 1), Sentence(key, edited(sentence.text, rate, unit, pool, rng))
                )
                made[key] = (rate, masked(sentence.text, sentence.places))
        planted.append((author, own))
    return planted, made


def score(corpus: Corpus, hosts: set[str], unit: str) -> None:
    rng = random.Random(SEED)
    clean = clean_sentences(corpus)
    with_plants, made = plant(corpus, hosts, unit, rng)
    began = time.perf_counter()
    rows = {row.passage_id: row for row in find_reuse(with_plants)}
    seconds = time.perf_counter() - began
    negatives = [
        s.passage_id for a, ss in corpus if a.document_id in hosts for s in ss if s.passage_id in clean
    ]
    false = sum(rows[key].label != "local" for key in negatives)
    texts: dict[str, set[str]] = defaultdict(set)
    for author, sentences in corpus:
        for s in sentences:
            texts[masked(s.text, s.places)].add(author.document_id)
    found: Counter[float] = Counter()
    traced: Counter[float] = Counter()
    all_: Counter[float] = Counter()
    for key, (rate, origin) in made.items():
        all_[rate] += 1
        found[rate] += rows[key].label != "local"
        traced[rate] += rows[key].origin_id in texts[origin] or rows[key].source_id in texts[origin]
    print(
        f"  edits of {unit}: {len(made)} plants, {len(negatives)} local sentences, {false} of them taken for copies, {len(rows):,} sentences in {seconds:.1f} s"
    )
    for rate in RATES:
        precision = found[rate] / (found[rate] + false * all_[rate] / len(made)) if found[rate] else 0.0
        recall = found[rate] / all_[rate]
        print(
            f"    {rate:4.0%}  recall {recall:.3f}  F1 {2 * precision * recall / (precision + recall):.3f}  traced {traced[rate] / all_[rate]:.3f}"
        )
    hit = sum(found.values())
    precision, recall = hit / (hit + false), hit / len(made)
    print(
        f"    all   precision {precision:.3f}  recall {recall:.3f}  F1 {2 * precision * recall / (precision + recall):.3f}  traced {sum(traced.values()) / len(made):.3f}"
    )


def scale(corpus: Corpus, wanted: int) -> None:
    """Time on copies of the corpus under other names, each sentence of a copy edited by 0 to 50 %."""
    rng = random.Random(SEED)
    pool = [w for _, ss in corpus for s in ss for w in load_tokenizer().cut(s.text) if w.isalnum()]
    grown: Corpus = []
    for copy in range(1000):
        for author, sentences in corpus:
            names = [
                Sentence(
                    f"{copy}-{s.passage_id}",
                    edited(s.text, rng.choice(RATES) if copy else 0, "words", pool, rng),
                )
                for s in sentences
            ]
            grown.append(
                (
                    Author(
                        f"{copy}-{author.document_id}",
                        author.level,
                        f"{copy} {author.region}",
                        author.above,
                        author.date,
                    ),
                    names,
                )
            )
        if sum(len(ss) for _, ss in grown) >= wanted:
            break
    count = sum(len(ss) for _, ss in grown)
    began, worked = time.perf_counter(), time.process_time()
    rows = find_reuse(grown)
    seconds, work = time.perf_counter() - began, time.process_time() - worked
    print(
        f"{count:,} sentences, {sum(r.label == 'local' for r in rows):,} local: "
        f"{seconds:.0f} s, {work:.0f} s of one core, {count / work:,.0f}/s"
    )


def main() -> None:
    keep = next((a.split("=", 1)[1] for a in sys.argv if a.startswith("--corpus=")), None)
    with tempfile.TemporaryDirectory() as work:
        corpus = read(["reports-2024", "arts-opinions"], Path(work), keep)
        if "--scale" in sys.argv:
            for wanted in (90_000,):
                scale(corpus, wanted)
            return
        low = {a.document_id for a, _ in corpus if a.level in ("prefecture", "county")}
        store = pc.open_corpus(keep or Path(work) / "corpus")._reader()
        kinds = {
            r["document_id"]: r["kind"]
            for b in store.scan(DOCUMENTS, ["document_id", "kind"])
            for r in b.to_pylist()
        }
        arts, reports = {d for d in low if kinds[d] == "policy"}, {d for d in low if kinds[d] == "report"}
        arts_only = [pair for pair in corpus if kinds[pair[0].document_id] == "policy"]
        for name, hosts in (("arts opinions", arts), ("city reports", reports)):
            print(f"hosts: {len(hosts)} {name}")
            for unit in ("words", "characters"):
                score(arts_only if hosts is arts else corpus, hosts, unit)


if __name__ == "__main__":
    main()
