"""Engines: documents a second of each stage, worker processes of this machine beside a Ray on this machine.

    python benchmarks/engines.py [--size 1000] [--workers 2] [-o results/engines.txt]

The pages are those of ``curves.py``. Both engines build the same pages into corpora of their own, and the exported
measures must be the same. "driver" is what the one process that writes does for a document while the workers' results
lie ready: it is the part that no cluster makes faster. The last lines extrapolate to a million documents, openly: as
many times longer, as many times more workers. The load of the machine is printed: other work on it adds to the times.
"""

import argparse
import hashlib
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from curves import Watch, counties, sentences, write_pages

import policy_corpus as pc
from policy_corpus.corpus.building import build, engines
from policy_corpus.engine import local
from tests.shared import SHARED

SEED = 20261122
MILLION = 1_000_000
NODES = (1, 8, 32)
CORES_A_NODE = 8


class Replay:
    """The local engine, its results kept until all are there; ``seconds`` is what the reader of them takes."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def cores(self) -> int:
        return local.cores()

    def run(self, *given: Any, **settings: Any) -> Iterator[Any]:
        results = list(local.run(*given, **settings))
        began = time.perf_counter()
        yield from results
        self.seconds.append(time.perf_counter() - began)


def filled(folder: Path, pages: Path) -> pc.Corpus:
    pc.init_corpus(folder)
    corpus = pc.open_corpus(folder)
    corpus.add([pages])
    return corpus


def built(corpus: pc.Corpus, engine: str, workers: int) -> tuple[dict[str, float], str]:
    """Seconds of each stage, and a digest of the measures."""
    watch = Watch()
    began = time.perf_counter()
    corpus.build(workers=workers, engine=engine, progress=watch)
    watch.end()
    seconds = {name: stage["seconds"] for name, stage in watch.stages.items()}
    seconds["start, end"] = time.perf_counter() - began - sum(seconds.values())
    out = corpus.folder.parent / f"{engine}.jsonl"
    corpus.export("measures", "jsonl", out)
    return seconds, hashlib.sha256(out.read_bytes()).hexdigest()


def driver(corpus: pc.Corpus, workers: int) -> dict[str, float]:
    """Seconds of the writing process alone."""
    replay = Replay()
    with corpus._writer() as store:
        plan = build.Plan(
            captures_dir=corpus.folder / "captures",
            files=corpus.files,
            min_confidence=0.0,
            workers=workers,
            batch=corpus.settings.build.batch,
            engine=replay,
        )
        watch = Watch()
        build.build(store, plan, watch)
        watch.end()
    return {
        "clean": replay.seconds[0],
        "annotate": replay.seconds[1],
        "copies": watch.stages["copies"]["seconds"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path)
    given = parser.parse_args()
    lines: list[str] = []

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as work:
        pages = Path(work, "pages")
        write_pages(pages, range(given.size), 0, sentences(SHARED), counties(rng))
        say(
            f"{given.size:,} pages, {given.workers} workers, {os.cpu_count()} cores, load at start {os.getloadavg()[0]:.1f}"
        )
        found: dict[str, dict[str, float]] = {}
        digests = set()
        for engine in (engines.LOCAL, engines.RAY):
            found[engine], digest = built(filled(Path(work, engine, "corpus"), pages), engine, given.workers)
            digests.add(digest)
        alone = driver(filled(Path(work, "driver", "corpus"), pages), given.workers)
        say(f"load at end {os.getloadavg()[0]:.1f}")
    if len(digests) != 1:
        sys.exit("the engines gave other measures")
    say(
        f"{'stage':<12}{'local, s':>10}{'docs/s':>9}{'ray, s':>10}{'docs/s':>9}{'driver, s':>11}{'docs/s':>9}"
    )
    for stage in ("clean", "copies", "annotate", "start, end"):
        cells = [found["local"].get(stage, 0.0), found["ray"].get(stage, 0.0), alone.get(stage, 0.0)]
        shown = [f"{s:.1f}" if s else "" for s in cells]
        rates = [f"{given.size / s:,.0f}" if s and stage != "start, end" else "" for s in cells]
        say(f"{stage:<12}{shown[0]:>10}{rates[0]:>9}{shown[1]:>10}{rates[1]:>9}{shown[2]:>11}{rates[2]:>9}")
    scale = MILLION / given.size / 3600
    say("a million documents, extrapolated: hours, work shared out / driver alone")
    for nodes in NODES:
        cores = nodes * CORES_A_NODE
        shared = {
            s: (found["ray"][s] - alone[s]) * given.workers * scale / cores for s in ("clean", "annotate")
        }
        own = {s: alone[s] * scale for s in ("clean", "annotate")}
        whole = sum(max(shared[s], own[s]) for s in shared) + alone["copies"] * scale
        parts = ", ".join(f"{s} {shared[s]:.1f} / {own[s]:.1f}" for s in shared)
        say(
            f"{nodes:>3} × {CORES_A_NODE} cores: {parts}, copies – / {alone['copies'] * scale:.1f}; {whole:.1f} in all"
        )
    if given.output:
        given.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
