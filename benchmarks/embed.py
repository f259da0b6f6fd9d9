"""Passages a second of both shipped encoders, e5 beside plain sentence-transformers in the same process.

    python benchmarks/embed.py [FOLDER_OF_TEXTS] [--passages N] [--threads N]

Both ways take turns on the same passages (sentences of the texts) and the best of the rounds counts, by the clock on
the wall: run it on an idle machine.
"""

import argparse
import os
import random
import time
import warnings
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROUNDS = 2


def passages(folder: Path, count: int) -> list[str]:
    from policy_corpus.annotate.sentences import split_sentences

    found: set[str] = set()
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        found.update(text[start:end] for start, end in split_sentences(text))
    return random.Random(0).sample(sorted(found), min(count, len(found)))


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "folder", type=Path, nargs="?", default=HERE.parent.parent / "shared" / "data" / "reports-2024"
    )
    parser.add_argument("--passages", type=int, default=2048)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    texts = passages(asked.folder, asked.passages)
    if not texts:
        raise SystemExit(f"no texts at {asked.folder}; name a folder of UTF-8 .txt files")
    warnings.simplefilter("ignore")
    import torch
    from sentence_transformers import SentenceTransformer

    from policy_corpus.corpus.coding.encoders import E5, STATIC, load_encoder, unpacked
    from policy_corpus.resources import models_dir

    torch.set_num_threads(asked.threads)
    mean = sum(map(len, texts)) / len(texts)
    print(f"{len(texts)} passages of {mean:.0f} characters on average, {asked.threads} threads")
    static = load_encoder(STATIC)
    best = min(seconds(lambda: static.encode(texts)) for _ in range(ROUNDS))
    print(f"{STATIC:<44}{len(texts) / best:>9,.0f} passages/s")
    plain = SentenceTransformer(str(unpacked(models_dir() / E5)), device="cpu", local_files_only=True).float()
    ours = load_encoder(E5)
    prefixed = [f"passage: {text}" for text in texts]
    ways = {
        "e5-small-zh, plain SentenceTransformer.encode": lambda: plain.encode(
            prefixed, normalize_embeddings=True
        ),
        "e5-small-zh, ours": lambda: ours.encode(texts),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, work in ways.items():
            times[name].append(seconds(work))
    rates = {name: len(texts) / min(found) for name, found in times.items()}
    first = next(iter(rates.values()))
    for name, rate in rates.items():
        print(f"{name:<44}{rate:>9,.1f} passages/s{rate / first:>7.2f} ×")
    theirs, own = plain.encode(prefixed[:256], normalize_embeddings=True), ours.encode(texts[:256])
    print(f"least cosine of ours to theirs {(theirs * own).sum(axis=1).min():.6f}")
    print(f"the same alone as among others: {(own[:8] == ours.encode(texts[:8])).all()}")


if __name__ == "__main__":
    main()
