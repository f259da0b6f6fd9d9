"""Figures of the measure coder: out of fold on the shared gold, baselines, learning curve, speed.

    python benchmarks/measures.py [SHARED_FOLDER] [--curve]

Prints the tables of `policy-corpus evaluate --folds 5` for reports and seeds with the shipped settings and
writes `benchmarks/results/measures.tsv` and `measures-reliability.tsv`, so that a drop shows in a diff.
`--curve` adds the learning curve: what the next 50 coded sentences would buy. Takes some minutes.
"""

import csv
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from policy_corpus.annotate.classifier import Classifier
from policy_corpus.annotate.codebook import Codebook
from policy_corpus.annotate.evaluation import score
from policy_corpus.annotate.measures import Coder
from policy_corpus.annotate.passages import make_passages
from policy_corpus.corpus.coding.encoders import STATIC, load_coder, load_encoder
from policy_corpus.corpus.coding.evaluate import Evaluation, evaluate_folds, learning_curve, next_labels
from policy_corpus.corpus.coding.training import load
from policy_corpus.records import Document
from policy_corpus.resources import load_codebook, models_dir

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
SHARED = Path(arguments[0]) if arguments else HERE.parent.parent / "shared"
GOLD, DATA = SHARED / "gold", SHARED / "data"
TEXTS = [DATA, DATA / "reports-2024", DATA / "arts-opinions"]
OWN = HERE.parent / "corpora" / "gold-own"
SETS = [GOLD / "reports", GOLD / "seeds"]


def write(name: str, header: list[str], rows: list[list[object]]) -> None:
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def keep(evaluation: Evaluation) -> None:
    scores: list[list[object]] = []
    bins: list[list[object]] = []
    for result in evaluation.results:
        scores += [
            [result.name, s.code, s.gold, s.predicted, s.right, round(s.precision, 3), round(s.recall, 3),
             round(s.f1, 3), s.low, s.high]
            for s in (*result.scores.codes, result.scores.micro)
        ]  # fmt: skip
        scores.append([result.name, "macro", *[""] * 5, round(result.scores.macro, 3), "", ""])
        scores.append([result.name, "families", *[""] * 5, round(result.scores.families, 3), "", ""])
        bins += [
            [result.name, b.low, b.high, b.count, round(b.confidence, 3), round(b.share_right, 3)]
            for b in result.bins
        ]
        bins.append([result.name, "error", "", "", "", round(result.calibration_error, 3)])
    columns = ["set", "code", "gold", "found", "right", "precision", "recall", "f1", "low", "high"]
    write("measures.tsv", columns, scores)
    write("measures-reliability.tsv", ["set", "from", "to", "pairs", "mean_said", "came_true"], bins)


def labels_alone(codebook: Codebook) -> None:
    """The codebook without the classifier: a code where one of its labels stands."""
    loaded = load(SETS, codebook, TEXTS)
    found = np.array(
        [
            [any(h.code == c and not h.hint for h in unit.hits) for c in codebook.ids]
            for unit in loaded.data.seen
        ]
    )
    for name in ("reports", "seeds"):
        own = np.array([s == name for s in loaded.sets])
        groups = [g for g, use in zip(loaded.data.groups, own, strict=True) if use]
        micro = score(codebook.ids, loaded.data.gold[own], loaded.data.maybe[own], found[own], groups).micro
        print(f"labels alone, {name}: micro {micro.f1:.3f} (P {micro.precision:.3f} R {micro.recall:.3f})")


def speed(codebook: Codebook) -> None:
    """Sentences a second of processor time, with and without the vectors."""
    coder = load_coder(codebook, models_dir() / "classifier")
    body = "\n".join(
        p.read_text(encoding="utf-8") for p in sorted((GOLD / "reports" / "texts").glob("art-*"))[:4]
    )
    passages = make_passages(Document("", "", "", 1, "", body, "policy"))
    bare = Coder(codebook, without_vectors(coder.classifier))
    for name, one in (("without vectors", bare), (f"with {STATIC}", coder)):
        one.code_passages(passages[:20], "policy")
        began = time.process_time()
        one.code_passages(passages, "policy")
        seconds = time.process_time() - began
        print(
            f"{name}: {len(passages) / seconds:.0f} sentences/s, {3e6 * seconds / len(body):.1f} ms per 3,000 characters"
        )


def without_vectors(model: Classifier) -> Classifier:
    return replace(model, encoder=None, vector_weights=model.vector_weights[:0])


def main() -> None:
    codebook = load_codebook(models_dir() / "codebook.toml")
    encoder = load_encoder(STATIC)
    also = [GOLD / "training", *([OWN] if OWN.is_dir() else [])]
    labels_alone(codebook)
    speed(codebook)
    evaluation = evaluate_folds(SETS, codebook, train_also=also, texts=TEXTS, encoder=encoder)
    print(evaluation)
    keep(evaluation)
    if "--curve" in sys.argv:
        points = learning_curve(SETS, codebook, train_also=also, texts=TEXTS, encoder=encoder)
        write(
            "measures-curve.tsv",
            ["set", "sentences", "micro_f1"],
            [[p.name, p.sentences, p.f1] for p in points],
        )
        for point in points:
            print(f"{point.name}: {point.sentences} sentences in gold, micro {point.f1:.3f}")
        print("the next 50 sentences promise", next_labels(points))


if __name__ == "__main__":
    main()
