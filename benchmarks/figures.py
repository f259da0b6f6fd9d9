"""All figures of the line in one table, against the floors that the project holds itself to.

    python benchmarks/figures.py [SHARED_FOLDER]

Builds corpora from the shared gold in a temporary folder with the default settings, exports them and
runs the shared scorers on the exports, as any outside check would. Speed and memory are measured on the
100 reports with GNU time's own accounting. Needs the shared folder; takes some minutes.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent.parent / "shared"
GOLD, DATA = SHARED / "gold", SHARED / "data"
COMMAND = [sys.executable, "-m", "policy_corpus"]
FLOORS = {
    "reports": {"micro": 0.85, "macro": 0.0, "four": 0.0, "status": 0.90, "quantity": 0.85},
    "seeds": {"micro": 0.68, "macro": 0.0, "four": 0.0, "status": 0.0, "quantity": 0.0},
}
"""Floors by gold set and figure of its scorer; 0 prints the figure without a floor."""
SPEED_CHARACTERS = 3000
"""Length of the document that speed is stated for."""


@dataclass(frozen=True)
class Figure:
    name: str
    measured: float
    floor: float
    most: bool = False

    @property
    def held(self) -> bool:
        return self.measured <= self.floor if self.most else self.measured >= self.floor


def run(*arguments: str | Path, check: bool = True) -> str:
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    if check and done.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, arguments))}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def corpus(folder: Path, *paths: Path) -> tuple[float, float]:
    """Build a corpus of the paths; returns seconds and peak megabytes (children of the build included)."""
    run(*COMMAND, "init", folder)
    run(*COMMAND, "add", folder, *paths)
    began = time.perf_counter()
    watched = subprocess.Popen([*COMMAND, "build", str(folder)], stderr=subprocess.DEVNULL)
    peak = 0.0
    while watched.poll() is None:
        peak = max(peak, tree_megabytes(watched.pid))
        time.sleep(0.1)
    return time.perf_counter() - began, peak


def tree_megabytes(pid: int) -> float:
    """Proportional set size of a process and its children, from /proc."""
    total = 0.0
    for child in [pid, *children(pid)]:
        try:
            text = Path(f"/proc/{child}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        total += sum(float(n) for n in re.findall(r"^Pss:\s+(\d+)", text, re.M)) / 1024
    return total


def children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        direct = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return found
    for child in map(int, direct):
        found += [child, *children(child)]
    return found


def export(folder: Path, table: str) -> Path:
    out = folder / f"{table}.jsonl"
    run(*COMMAND, "export", folder, table, "-o", out)
    return out


def score(script: str, *arguments: str | Path) -> dict[str, float]:
    """The figures in a scorer's last line, by name."""
    last = run(sys.executable, GOLD / script, *arguments).strip().splitlines()[-1]
    return {
        name: float(value)
        for name, value in re.findall(r"(\S+) (-?\d+\.?\d*)(?=\s|$)", last.replace(",", ""))
    } | {f"{name} of": int(a) / int(b) for name, a, b in re.findall(r"(\w+)\)?:? (\d+) of (\d+)", last)}


def seeds(folder: Path) -> list[Figure]:
    corpus(folder, GOLD / "seeds" / "texts")
    got = score("score_documents.py", export(folder, "documents"), GOLD / "seeds")
    return [
        Figure("seeds: text F1", got["text_f1"], 0.97),
        Figure("seeds: split F1", got["split_f1"], 0.95),
        Figure("seeds: region", got["region"], 0.96),
        Figure("seeds: kind", got["kind"], 0.85),
        Figure("seeds: printed dates found", got["date of"], 1.0),
    ]


def pages(folder: Path) -> list[Figure]:
    corpus(folder, *sorted((GOLD / "pages").glob("*.html")))
    got = score("score_pages.py", export(folder, "documents"), GOLD / "pages")
    return [
        Figure("saved pages: main text F1", got["F1"], 0.95),
        Figure("saved pages: worst page", got["min"], 0.6),
        Figure("saved pages: title", got["title of"], 0.9),
        Figure("saved pages: date", got["date of"], 0.9),
    ]


def regions(folder: Path) -> list[Figure]:
    corpus(folder / "a", GOLD / "reports" / "texts")
    corpus(folder / "b", DATA / "arts-opinions")
    a = score("score_regions.py", export(folder / "a", "documents"), GOLD / "reports" / "docs.tsv")
    b = score("score_regions.py", export(folder / "b", "documents"), DATA / "arts-opinions-regions.tsv")
    return [
        Figure("region: coded reports", a["region"], 0.95),
        Figure("region: arts opinions", b["region"], 0.95),
    ]


def measures(folder: Path) -> list[Figure]:
    """Out of fold: each document is coded by a model that never saw it."""
    run(*COMMAND, "init", folder)
    out = folder / "out-of-fold.jsonl"
    gold = [part for name in FLOORS for part in ("--gold", GOLD / name)]
    run(*COMMAND, "evaluate", folder, *gold, "--train-also", GOLD / "training", "--folds", "5", "-o", out)
    figures = []
    for name, floors in FLOORS.items():
        base = GOLD / name
        got = score("score_measures.py", out, base / "sentences.tsv", base / "codes.tsv", base / "texts")
        figures += [Figure(f"{name}, out of fold: {key}", got[key], floor) for key, floor in floors.items()]
    return figures


def speed(folder: Path) -> list[Figure]:
    texts = sorted((DATA / "reports-2024").glob("*.txt"))
    characters = sum(len(t.read_text(encoding="utf-8", errors="replace")) for t in texts)
    seconds, peak = corpus(folder, DATA / "reports-2024")
    return [
        Figure("whole line: documents of 3,000 characters/s", characters / SPEED_CHARACTERS / seconds, 20),
        Figure("whole line: peak memory of 100 reports, MB", peak, 1500, most=True),
    ]


def table(figures: Sequence[Figure]) -> str:
    lines = [f"{'figure':46} {'measured':>9} {'floor':>8}"]
    for figure in figures:
        mark = "" if figure.held else "  MISSED"
        lines.append(
            f"{figure.name:46} {figure.measured:9.3f} {'≤' if figure.most else '≥'}{figure.floor:7.2f}{mark}"
        )
    return "\n".join(lines)


def main() -> None:
    if not GOLD.is_dir():
        sys.exit(f"the shared gold is absent: {GOLD}")
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        figures = [f for part in (seeds, pages, regions, measures, speed) for f in part(base / part.__name__)]
    print(table(figures))
    sys.exit(0 if all(f.held for f in figures) else 1)


if __name__ == "__main__":
    main()
