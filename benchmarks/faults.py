"""Kills each stage of the line at random moments; afterwards nothing may be lost.

A stage runs as its command, in a process of its own that has its libraries loaded, so that kills meet work and not
imports. It is killed (SIGKILL) at moments spread over the time that an undisturbed run takes: its whole process group
and the parent alone, in turns; the parent alone works with child processes where the stage has any. Then the corpus
must open, the same command must complete, and all exported tables (sorted), all bytes of captures, the vectors and the
search index must equal those of the undisturbed run.

    python benchmarks/faults.py [--moments 30] [--stage import,build,embed,index,crawl,export]
                                [--work FOLDER] [--out benchmarks/results/faults.txt]

Run by hand. A run that is stopped goes on from ``FOLDER/faults.jsonl``.
"""

import argparse
import contextlib
import hashlib
import importlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from policy_corpus.collect.captures import CAPTURES, read_capture
from policy_corpus.config import TABLES
from policy_corpus.corpus import init_corpus, open_corpus
from policy_corpus.publish.export import FORMATS
from policy_corpus.resources import sample_corpus_dir
from policy_corpus.store import tables
from policy_corpus.store.store import Store

ROOT = Path(__file__).resolve().parents[1]
SEED = 6
STAGES = ("import", "build", "embed", "index", "crawl", "export")
LIBRARIES = (
    "lancedb", "warcio", "policy_corpus.cli.entry", "policy_corpus.corpus.building.build",
    "policy_corpus.corpus.searching.search", "policy_corpus.annotate.pipeline", "policy_corpus.clean.page",
    "policy_corpus.collect.importer",
)  # fmt: skip
EXPORTED = (
    "documents", "passages", "measures", "mentions", "regions", "issues", "captures", "clusters", "visits",
)  # fmt: skip
QUERIES = ("教师轮岗", "支教 补助", "集团化办学")
BATCH = "batch = 16", "batch = 1"
"""Smaller units of work than by default, of which eight are entered together: more moments between two of them."""
TEXTS_AT_ONCE = 64
"""Likewise for the vectors that are entered together."""
SOURCES = ("trs", "five", "files", "guarded")
"""Sources of the local portal whose pages all come in."""
SHORTER = 0.7
"""What a moment is shortened by where a run had ended before it."""
ATTEMPTS = 5
ORPHAN_SECONDS = 15.0
"""For processes whose parent was killed to notice it."""


@dataclass
class Trial:
    """One kill and what came after it."""

    stage: str
    number: int
    moment: float
    group: bool
    killed: bool = False
    outlived: bool = False
    opened: str | None = None
    failed: str | None = None
    recovery: float = 0.0
    differences: list[str] = field(default_factory=list)


class Runner:
    """A process that has its libraries loaded and waits for a command."""

    def __init__(self, log: Path) -> None:
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, __file__, "--child"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
                env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
            )  # fmt: skip

    def start(self, command: Sequence[str]) -> None:
        assert self.process.stdin and self.process.stdout
        if self.process.stdout.readline() != "ready\n":
            sys.exit("a process ended while it loaded its libraries; see log.txt")
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def kill(self, *, group: bool) -> bool:
        """Whether it was still running."""
        running = self.process.poll() is None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL) if group else self.process.kill()
        self.close()
        return running

    def outlived(self) -> bool:
        """Whether a process that it started went on without it; such a one is ended."""
        until = time.monotonic() + ORPHAN_SECONDS
        with contextlib.suppress(ProcessLookupError):
            while time.monotonic() < until:
                os.killpg(self.process.pid, 0)
                time.sleep(0.1)
            os.killpg(self.process.pid, signal.SIGKILL)
            return True
        return False

    def close(self) -> None:
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


def child() -> None:
    """What a runner does: load, wait, run one command."""
    for name in LIBRARIES:
        importlib.import_module(name)
    print("ready", flush=True)
    stage, *arguments = json.loads(sys.stdin.readline())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if stage == "embed":
        embed(Path(arguments[0]))
        return
    from policy_corpus.cli import main as command_line

    sys.argv = ["policy-corpus", stage, *arguments]
    command_line()


def embed(folder: Path) -> None:
    """Vectors of all sentences: what search does before it indexes, in smaller steps."""
    from policy_corpus.corpus.coding.encoders import fingerprint, load_encoder
    from policy_corpus.corpus.searching import embedding

    embedding.TEXTS_AT_ONCE = TEXTS_AT_ONCE
    name = open_corpus(folder).settings.search.encoder
    with Store.open(folder / TABLES) as store:
        texts = sorted(store.keys(tables.PASSAGES, "text"))
        embedding.Vectors(store, lambda: load_encoder(name), fingerprint(name)).make(texts)


class Line:
    """The stages with the corpora that they start from.

    Parameters
    ----------
    work
        Folder for the corpora.
    stages
        Those whose corpora are made.
    pages
        What is imported.
    """

    def __init__(self, work: Path, stages: Sequence[str], pages: Sequence[Path]) -> None:
        self.work, self.pages = work, pages
        self.spare: Runner | None = None
        self._site = contextlib.ExitStack()
        empty = self._corpus("empty")
        if "crawl" in stages:
            from tests.collect.crawl.site import Site

            shutil.copytree(empty, work / "crawl", dirs_exist_ok=True)
            text = sources_text(self._site.enter_context(Site()))
            (work / "crawl" / "sources.toml").write_text(text, encoding="utf-8")
        if set(stages) & {"build", "embed", "index", "export"}:
            added = self._corpus("added", lambda folder: open_corpus(folder).add(pages), empty)
            if set(stages) - {"import", "build", "crawl"}:
                self._corpus("built", lambda folder: open_corpus(folder).build(workers=1), added)

    def _corpus(
        self, name: str, make: Callable[[Path], object] | None = None, base: Path | None = None
    ) -> Path:
        folder = self.work / name
        if not (folder / "done").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            if base:
                shutil.copytree(base, folder, ignore=shutil.ignore_patterns("done"))
            else:
                init_corpus(folder)
                path = folder / "corpus.toml"
                path.write_text(path.read_text(encoding="utf-8").replace(*BATCH), encoding="utf-8")
            if make:
                make(folder)
            (folder / "done").touch()
        return folder

    def close(self) -> None:
        if self.spare:
            self.spare.kill(group=True)
        self._site.close()

    def base(self, stage: str) -> Path:
        """The corpus that a stage starts from."""
        return self.work / {"import": "empty", "build": "added", "crawl": "crawl"}.get(stage, "built")

    def command(self, stage: str, folder: Path, *, alone: bool, number: int) -> list[str]:
        match stage:
            case "import":
                return ["add", str(folder), *map(str, self.pages)]
            case "build":
                return ["build", str(folder), "--no-index", "--workers", "2" if alone else "1"]
            case "embed" | "crawl":
                return [stage, str(folder)]
            case "index":
                return ["search", str(folder), QUERIES[0]]
        return ["export", str(folder), "passages", "-o", str(export_of(folder, number))]

    def again(self, stage: str, folder: Path, number: int) -> None:
        """The same command once more, to its end."""
        corpus = open_corpus(folder)
        match stage:
            case "import":
                corpus.add(self.pages)
            case "build":
                corpus.build(workers=1)
            case "embed":
                embed(folder)
            case "index":
                corpus.search(QUERIES[0])
            case "crawl":
                corpus.crawl()
            case "export":
                out = export_of(folder, number)
                corpus.export("passages", out.suffix[1:], out)

    def run(
        self, stage: str, folder: Path, moment: float | None, *, group: bool, number: int
    ) -> tuple[float, Runner]:
        """Run a stage and kill it at the moment (seconds), or let it end; returns how long it ran."""
        shutil.copytree(self.base(stage), folder, ignore=shutil.ignore_patterns("done"))
        runner = self.spare or Runner(self.work / "log.txt")
        self.spare = None
        runner.start(self.command(stage, folder, alone=not group, number=number))
        began = time.perf_counter()
        if moment is None:
            self.spare = None
            runner.close()
            if runner.process.returncode:
                sys.exit(
                    f"the undisturbed run of {stage} ended with {runner.process.returncode}; see log.txt"
                )
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                runner.process.wait(moment)
        return time.perf_counter() - began, runner


def export_of(folder: Path, number: int) -> Path:
    return folder / f"passages.{FORMATS[number % len(FORMATS)]}"


def sources_text(site: Any) -> str:
    """``sources.toml`` of the local portal; asked slowly enough that kills meet it at work."""
    text = '[crawl]\ncontact = "keeper@example.org"\n'
    for source in site.sources(*SOURCES):
        rules = "".join(
            f'{name} = "{value}"\n'
            for name, value in asdict(source.listing).items()
            if isinstance(value, str) and value
        )
        starts = ", ".join(f'"{url}"' for url in source.start)
        text += f'[[source]]\nid = "{source.id}"\nstart = [{starts}]\nkind = "{source.kind}"\n'
        text += f"[source.list]\n{rules}[source.pace]\ndelay = 0.02\nconcurrent = 2\n[source.reach]\nprivate = true\n"
    return text


def contents(stage: str, folder: Path) -> dict[str, str]:
    """Digests of all that a corpus holds, by table: its exported rows, sorted."""
    corpus = open_corpus(folder)
    found: dict[str, str] = {}
    if stage == "export":
        return {path.name: digest([path.read_bytes()]) for path in sorted(folder.glob("*passages.*"))}
    for name in EXPORTED if stage in ("build", "index") else ("captures", "issues", "visits", "documents"):
        out = folder / f"{name}.jsonl"
        corpus.export(name, "jsonl", out)
        data = out.read_bytes()
        # Killed after its last answer, a crawl is done, and the next one finds nothing new.
        if name == "visits":
            data = data.replace(b'"state": "unchanged"', b'"state": "new"')
        found[name] = digest(sorted(data.splitlines()))
    with Store.open(folder / TABLES, read_only=True) as store:
        captures = store.records(tables.CAPTURES, order_by=["capture_id"])
        found["bytes"] = digest(read_capture(folder / CAPTURES, capture) for capture in captures)
        found["vectors"] = digest(sorted(lines(store.scan(tables.VECTORS))))
        if stage == "index":
            from policy_corpus.store.passage_index import PassageIndex, schema

            found["index"] = digest(sorted(lines(PassageIndex(store).scan(schema(1).names))))
            answers = (corpus.search(query).hits for query in QUERIES)
            found["answers"] = digest(repr(hits).encode() for hits in answers)
    return found


def lines(batches: Iterator[Any]) -> Iterator[bytes]:
    for batch in batches:
        yield from (repr(row).encode() for row in batch.to_pylist())


def digest(parts: Any) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()[:16]


def undisturbed(line: Line, stage: str) -> tuple[dict[int, dict[str, str]], dict[bool, float]]:
    """What the stage leaves behind, by kind of its output, and how long it takes alone or with child processes."""
    wanted: dict[int, dict[str, str]] = {}
    took: dict[bool, float] = {}
    kinds = len(FORMATS) if stage == "export" else 1
    for number in range(max(2 if stage == "build" else 1, kinds)):
        folder = line.work / f"undisturbed-{stage}-{number}"
        shutil.rmtree(folder, ignore_errors=True)
        group = number % 2 == 0 or stage != "build"
        took[group], _ = line.run(stage, folder, None, group=group, number=number)
        wanted[number % kinds] = contents(stage, folder)
        shutil.rmtree(folder)
    return wanted, {True: took[True], False: took.get(False, took[True])}


def trial(line: Line, stage: str, number: int, moment: float, wanted: dict[str, str]) -> Trial:
    """One kill, a rerun, and what differs then."""
    done = Trial(stage, number, round(moment, 3), group=number % 2 == 0)
    folder = line.work / f"{stage}-{number}"
    for _ in range(ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        _, runner = line.run(stage, folder, done.moment, group=done.group, number=number)
        done.killed = runner.kill(group=done.group)
        if done.killed:
            break
        done.moment = round(done.moment * SHORTER, 3)
    line.spare = Runner(line.work / "log.txt")  # loads its libraries meanwhile
    try:
        done.opened = opens(stage, folder)
        began = time.perf_counter()
        line.again(stage, folder, number)
        done.recovery = round(time.perf_counter() - began, 2)
        done.outlived = runner.outlived()
        found = contents(stage, folder)
        done.differences = sorted(
            name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
        )
    except Exception as error:  # whatever it is, the table must say so
        done.failed = f"{type(error).__name__}: {error}"
    if done.failed is None and not done.differences:
        shutil.rmtree(folder)
    return done


def opens(stage: str, folder: Path) -> str | None:
    """Why the corpus cannot be read right after the kill; None where it can."""
    corpus = open_corpus(folder)
    if stage == "export":
        out = [path for path in folder.glob("passages.*") if not complete(path)]
        return f"half a file: {out[0].name}" if out else None
    if stage in ("import", "crawl") and not (folder / TABLES / "store.json").is_file():
        return None  # killed before there was anything
    try:
        for name in ("captures", "documents", "measures"):
            for _ in corpus.rows(name):
                pass
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def complete(path: Path) -> bool:
    """Whether an exported file can be read to its end."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return bool(pq.read_table(path).num_rows)
    if path.suffix == ".xlsx":
        import zipfile

        return zipfile.ZipFile(path).testzip() is None
    return path.read_bytes().endswith(b"\n")


def table(trials: Sequence[Trial], stages: Sequence[str]) -> str:
    rows = [
        f"{'stage':8} {'kills':>6} {'group':>6} {'alone':>6} {'unreadable':>11} {'reruns':>7} {'differences':>12}"
        f" {'outlived':>9} {'longest recovery':>17}"
    ]
    for stage in stages:
        of = [t for t in trials if t.stage == stage and t.killed]
        if of:
            rows.append(
                f"{stage:8} {len(of):6} {sum(t.group for t in of):6} {sum(not t.group for t in of):6}"
                f" {sum(t.opened is not None for t in of):11} {sum(t.failed is None for t in of):7}"
                f" {sum(bool(t.differences) for t in of):12} {sum(t.outlived for t in of):9}"
                f" {max(t.recovery for t in of):15.1f} s"
            )
    for t in trials:
        where = f"{t.stage} {t.number} at {t.moment} s ({'group' if t.group else 'alone'})"
        rows += [f"{where}: {what}" for what in (t.opened, t.failed, ", ".join(t.differences)) if what]
    return "\n".join(rows)


def run_stage(line: Line, stage: str, moments: int, known: set[tuple[str, int]]) -> Iterator[Trial]:
    """All trials of a stage that are not known yet."""
    if all((stage, number) in known for number in range(moments)):
        return
    wanted, took = undisturbed(line, stage)
    chance = random.Random(f"{SEED} {stage}")
    shares = [(number + chance.random()) / moments for number in range(moments)]
    chance.shuffle(shares)
    for number, share in enumerate(shares):
        if (stage, number) not in known:
            moment = share * took[number % 2 == 0]
            yield trial(line, stage, number, moment, wanted[number % len(wanted)])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--stage", default=",".join(STAGES))
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "policy-corpus-faults")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--child", action="store_true")
    args = parser.parse_args()
    if args.child:
        child()
        return
    stages = args.stage.split(",")
    args.work.mkdir(parents=True, exist_ok=True)
    kept = args.work / "faults.jsonl"
    trials = [Trial(**json.loads(text)) for text in kept.read_text().splitlines()] if kept.is_file() else []
    line = Line(args.work, stages, [sample_corpus_dir() / "pages"])
    try:
        for stage in stages:
            for done in run_stage(line, stage, args.moments, {(t.stage, t.number) for t in trials}):
                trials.append(done)
                with kept.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps(asdict(done)) + "\n")
                print(f"{stage} {done.number} {done.moment} s, recovery {done.recovery} s", file=sys.stderr)
    finally:
        line.close()
        text = table(trials, stages)
        print(text)
        if args.out:
            args.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
