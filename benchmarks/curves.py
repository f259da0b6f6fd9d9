"""Scale: corpora of 1,000, 10,000 and 100,000 documents, stage by stage.

    python benchmarks/curves.py --size 1000 10000 --keep FOLDER    measure
    python benchmarks/curves.py                                    print table and plot of what was measured

What was measured is not measured again, and a run that was stopped goes on in its FOLDER.

Pages are put together from real sentences of the shared reports, opinions and seeds, about 800 characters each, in
zip files of 1,000 pages. Each size is added, built, indexed and exported in a process of its own; then 1 % of the
pages are changed and built again; up to 10,000 documents a label is added to the codebook as well, which codes anew
without cleaning. Memory is the proportional set of the process with its workers, sampled. Growth is told in processor time (of
the process and its workers), which other work on the machine changes little; rates are by the clock on the wall, with
the load beside them. A rented machine is now faster, now slower by half: every ten seconds the same little loop is
timed, and growth is told in loops as well, that is in processor time as it would be at the same speed throughout.
Figures are kept in ``results/curves.jsonl``.
"""

import argparse
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared"
TEXTS = ("data/reports-2024", "data/arts-opinions", "gold/seeds/texts")
RESULTS = HERE / "results" / "curves.jsonl"
PLOT = HERE / "results" / "curves.svg"
PAGES_A_ZIP = 1000
PARAGRAPHS, SENTENCES = (3, 8), (2, 5)
CHANGED = 0.01
CODEBOOK_UP_TO = 10_000
SAMPLED, TIMED = 0.5, 20
"""Seconds between readings of memory, and readings between two loops."""
STAGES = ("add", "clean", "copies", "annotate", "index", "export", "1 % changed", "codebook")


# ---- pages -----------------------------------------------------------------------------------------------------


def sentences(shared: Path) -> list[str]:
    found = [
        part
        for folder in TEXTS
        for path in sorted((shared / folder).glob("*.txt"))
        for part in re.findall("[^。\\s]{12,120}。", path.read_text(encoding="utf-8"))
    ]
    if not found:
        sys.exit(
            f"no texts in {shared}: name the folder of the shared texts (--shared, or POLICY_CORPUS_SHARED)"
        )
    return sorted(set(found))


def counties(rng: random.Random) -> list[str]:
    lines = (HERE.parent / "policy_corpus/data/gazetteer/regions.tsv").read_text("utf-8").splitlines()[1:]
    names = [line.split("\t")[1] for line in lines]
    return rng.sample([name for name in names if name.endswith(("县", "区", "市")) and len(name) > 2], 2000)


def page(number: int, edition: int, pool: list[str], places: list[str]) -> bytes:
    rng = random.Random(f"{number}")
    place = rng.choice(places)
    body = ["".join(rng.choices(pool, k=rng.randint(*SENTENCES))) for _ in range(rng.randint(*PARAGRAPHS))]
    if edition:
        body.append(f"第{edition}次修订。" + random.Random(f"{number}:{edition}").choice(pool))
    date = f"{rng.randint(2005, 2024)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    title = f"{place}推进义务教育均衡发展情况之{number}"
    paragraphs = "".join(f"<p>{text}</p>" for text in body)
    html = (
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>'
        f"<div>来源：{place}教育局 {date}</div><div>{paragraphs}</div></body></html>"
    )
    return html.encode()


def write_pages(
    folder: Path, numbers: range | list[int], edition: int, pool: list[str], places: list[str]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    by_zip: dict[int, list[int]] = {}
    for number in numbers:
        by_zip.setdefault(number // PAGES_A_ZIP, []).append(number)
    for place, members in by_zip.items():
        with zipfile.ZipFile(folder / f"{place:04d}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
            for number in members:
                out.writestr(f"{number:07d}.html", page(number, edition, pool, places))


# ---- measuring -------------------------------------------------------------------------------------------------


class Watch:
    """Seconds and peak memory of each stage; it is the progress of what runs.

    With a file it goes on from what was measured before the run was stopped, of a stage that was not over as well.
    """

    def __init__(self, kept: Path | None = None) -> None:
        self.stages: dict[str, dict[str, float]] = {}
        if kept and kept.is_file():
            self.stages = json.loads(kept.read_text(encoding="utf-8"))
        self._kept = kept
        self._name = ""
        self._began = self._peak = self._used = 0.0
        self._loops: list[float] = []
        self._keeping = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stage(self, name: str, total: int | None) -> None:
        self.end()
        self._loops = [loop()]
        self._name, self._began, self._peak, self._used = name, time.perf_counter(), 0.0, processor()

    def advance(self, count: int = 1) -> None:
        pass

    def end(self) -> None:
        if self._name:
            self.stages[self._name] = self._so_far(self._name)
        self._name = ""
        self._keep(self.stages)

    def _so_far(self, name: str) -> dict[str, float]:
        own = self.stages.get(name, {"seconds": 0.0, "processor": 0.0, "loops": 0.0, "megabytes": 0.0})
        used, loops = processor() - self._used, self._loops
        return {
            "seconds": own["seconds"] + time.perf_counter() - self._began,
            "processor": own["processor"] + used,
            "loops": own["loops"] + used / (sum(loops) / len(loops)),
            "megabytes": max(own["megabytes"], self._peak, megabytes()),
        }

    def _keep(self, stages: dict[str, dict[str, float]]) -> None:
        if not self._kept:
            return
        with self._keeping:
            partial = self._kept.with_suffix(".part")
            partial.write_text(json.dumps(stages), encoding="utf-8")
            partial.replace(self._kept)

    def _sample(self) -> None:
        for count in itertools.count():
            if self._stop.wait(SAMPLED):
                return
            self._peak = max(self._peak, megabytes())
            if count % TIMED == 0 and (name := self._name):
                self._loops.append(loop())
                self._keep(self.stages | {name: self._so_far(name)})


class Rerun:
    """Figures of a whole rerun: what its stages took and what lies between them."""

    def __init__(self) -> None:
        self.watch = Watch()
        self._began, self._used = time.perf_counter(), processor()

    def figures(self) -> dict[str, float]:
        self.watch.end()
        used, stages = processor() - self._used, self.watch.stages.values()
        return {
            "seconds": time.perf_counter() - self._began,
            "processor": used,
            "loops": used * sum(own["loops"] for own in stages) / sum(own["processor"] for own in stages),
            "megabytes": max(own["megabytes"] for own in stages),
            **{name: own["seconds"] for name, own in self.watch.stages.items()},
        }


def processes() -> list[psutil.Process]:
    own = psutil.Process()
    return [own, *own.children(recursive=True)]


def megabytes() -> float:
    """Proportional set size of this process and its workers: what is shared is counted once."""
    total = 0
    for process in processes():
        with suppress(psutil.Error):  # it has ended since
            total += process.memory_full_info().pss
    return total / 1e6


def processor() -> float:
    """Seconds of processor time of this process and its workers, those that have ended as well."""
    total = 0.0
    for process in processes():
        with suppress(psutil.Error):
            total += sum(process.cpu_times()[:4])  # own and ended children's, user and system
    return total


def loop() -> float:
    """Seconds of processor time that a fixed piece of work takes at this moment."""
    began = time.thread_time()
    sum(number * number % 7 for number in range(300_000))
    return time.thread_time() - began


def disk(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measure(size: int, keep: Path, shared: Path) -> None:
    from policy_corpus.corpus import init_corpus, open_corpus
    from policy_corpus.corpus.searching.search import CorpusSearch

    rng = random.Random(0)
    pool, places = sentences(shared), counties(rng)
    base = keep / str(size)
    pages, folder, kept = base / "pages", base / "corpus", base / "stages.json"
    if not kept.is_file():
        shutil.rmtree(base, ignore_errors=True)
        write_pages(pages, range(size), 0, pool, places)
        init_corpus(folder)
    watch = Watch(kept)

    def corpus() -> Any:
        return open_corpus(folder)

    load = os.getloadavg()[0]
    if "index" not in watch.stages:
        corpus().add([pages], watch)
        corpus().build(progress=watch)
    if "export" not in watch.stages:
        watch.stage("index", size)
        search = CorpusSearch(corpus())
        search.prepare()
    watch.stage("export", size)
    rows = corpus().export("measures", "jsonl", base / "measures.jsonl")
    watch.end()
    on_disk = disk(folder)

    changed = rng.sample(range(size), max(1, int(size * CHANGED)))
    editions = base / "editions"  # one more for each time that this was begun
    with editions.open("a") as file:
        file.write("+")
    write_pages(pages, sorted(changed), editions.stat().st_size, pool, places)
    again = Rerun()
    corpus().add([pages], again.watch)
    report = corpus().build(progress=again.watch)
    watch.stages["1 % changed"] = again.figures()
    counts = {"changed": dict(report.counts)}
    if size <= CODEBOOK_UP_TO:
        edit_codebook(folder)
        again = Rerun()
        report = corpus().build(progress=again.watch)
        assert not report.counts["pages cleaned"], report.counts
        watch.stages["codebook"] = again.figures()
        counts["codebook"] = dict(report.counts)
    result = {"size": size, "stages": watch.stages, "bytes": on_disk, "measures": rows, "load": [load, os.getloadavg()[0]],
              "cores": os.cpu_count(), "counts": counts}  # fmt: skip
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(result, ensure_ascii=False) + "\n")


def edit_codebook(folder: Path) -> None:
    """A copy of the shipped codebook with one more label, chosen in the corpus's settings."""
    from policy_corpus.resources import models_dir

    text = (models_dir() / "codebook.toml").read_text(encoding="utf-8")
    edited, count = re.subn(r"^labels = \[", 'labels = ["跨校走教", ', text, count=1, flags=re.MULTILINE)
    assert count == 1, "the codebook has no labels"
    (folder / "codebook.toml").write_text(edited, encoding="utf-8")
    settings = folder / "corpus.toml"
    lines = settings.read_text(encoding="utf-8")
    settings.write_text(
        re.sub(r"^#?\s*codebook = .*$", 'codebook = "codebook.toml"', lines, flags=re.MULTILINE), "utf-8"
    )


# ---- showing ---------------------------------------------------------------------------------------------------


def measured() -> dict[int, dict[str, Any]]:
    lines = RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.is_file() else []
    return {row["size"]: row for row in sorted(map(json.loads, lines), key=lambda row: row["size"])}


def show() -> None:
    found = measured()
    print(f"{'documents':>10} {'stage':<12}{'seconds':>9}{'processor':>11}{'documents/s':>13}{'peak MB':>9}")
    for size, row in found.items():
        for name in STAGES:
            if own := row["stages"].get(name):
                rate = size / own["seconds"]
                print(
                    f"{size:>10,} {name:<12}{own['seconds']:>9.1f}{own['processor']:>11.1f}{rate:>13,.0f}"
                    f"{own['megabytes']:>9,.0f}"
                )
        print(
            f"{size:>10,} {'whole build':<12}{whole(row):>9.1f}{whole(row, 'processor'):>11.1f}{size / whole(row):>13,.0f}   "
            f"{row['bytes'] / size / 1000:.1f} kB a document on disk, load {row['load'][0]:.1f}–{row['load'][1]:.1f}"
        )
        print(
            f"{'':>10} 1 % changed costs {row['stages']['1 % changed']['processor'] / whole(row, 'processor'):.1%} of "
            f"the full build's processor time, {row['stages']['1 % changed']['loops'] / whole(row, 'loops'):.1%} at the "
            f"same speed, {row['stages']['1 % changed']['seconds'] / whole(row):.1%} of its time"
        )
    for (small, a), (large, b) in zip(found.items(), list(found.items())[1:], strict=False):
        print(
            f"{large:,} / {small:,} documents: {whole(b, 'processor') / whole(a, 'processor'):.1f} × the processor time, "
            f"{whole(b, 'loops') / whole(a, 'loops'):.1f} × at the same speed, {whole(b) / whole(a):.1f} × the time"
        )
    if len(found) > 1:
        plot(found)


def whole(row: dict[str, Any], unit: str = "seconds") -> float:
    return sum(row["stages"][name][unit] for name in ("add", "clean", "copies", "annotate"))


def plot(found: dict[int, dict[str, Any]]) -> None:
    try:
        import matplotlib

        matplotlib.use("svg")
        matplotlib.rcParams.update({"svg.hashsalt": "curves", "font.size": 9})
        from matplotlib import pyplot
    except ImportError:
        print("no plot: pip install matplotlib")
        return
    figure, (times, memory) = pyplot.subplots(1, 2, figsize=(10, 4))
    for axes, key, label in ((times, "seconds", "seconds"), (memory, "megabytes", "peak MB")):
        for name in STAGES:
            points = [
                (size, row["stages"][name][key]) for size, row in found.items() if name in row["stages"]
            ]
            axes.plot(*zip(*points, strict=True), marker="o", label=name)
        axes.set(
            xscale="log", xlabel="documents", ylabel=label, yscale="log" if key == "seconds" else "linear"
        )
        axes.grid(alpha=0.3)
    times.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(PLOT, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, nargs="*", default=[])
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "policy-corpus-curves")
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        return measure(asked.one, asked.keep, asked.shared)
    for size in asked.size:
        if size in measured():
            print(f"{size:,} documents were measured: remove the line from {RESULTS.name} to measure again")
            continue
        command = [
            sys.executable,
            __file__,
            "--one",
            str(size),
            "--keep",
            str(asked.keep),
            "--shared",
            str(asked.shared),
        ]
        subprocess.run(command, check=True)
    return show()


if __name__ == "__main__":
    main()
