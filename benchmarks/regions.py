"""Regions against cpca and JioNLP: ``python benchmarks/regions.py``.

On our trap strings and on all documents of ``arts-opinions`` and ``reports`` of the shared data (skipped
where absent). The peers give one place for a text: on strings that name several they are right with any one
of them, ours must find all, in order. Documents are given without file name: first line as title when it is
short, then the body; the peers read the title and the first 1,000 characters, which served them best.
``pip install cpca jionlp "setuptools<81"`` brings the peers; each is skipped with a message where it is missing.
"""

import csv
import importlib
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from shared import DATA, GOLD  # noqa: E402

from benchmarks.table import Row, show  # noqa: E402
from policy_corpus.annotate.regions import Gazetteer, document_region, find_regions  # noqa: E402

TABLES = ROOT / "policy_corpus" / "data" / "gazetteer"
TRAPS = ROOT / "tests" / "annotate" / "regions" / "traps.tsv"
HEAD = 1000
Peer = Callable[[str], str]


def load() -> Gazetteer:
    names = ("regions.tsv", "townships.tsv", "units.toml", "names.toml")
    return Gazetteer.from_tables(*[(TABLES / name).read_bytes() for name in names])


def cpca_code() -> Peer:
    warnings.simplefilter("ignore")
    cpca = importlib.import_module("cpca")
    return lambda text: str(cpca.transform([text])["adcode"][0] or "none")[:6]


def jionlp_code(gazetteer: Gazetteer) -> Peer:
    jionlp = importlib.import_module("jionlp")

    def code(text: str) -> str:
        place = jionlp.parse_location(text)
        names = [place[k] for k in ("province", "city", "county") if place.get(k)]
        found = "none"
        for name in names:
            fits = [
                r.code for r in gazetteer.names.get(name, [])
                if r.end is None and (found == "none" or gazetteer.within(r.code, found))
            ]  # fmt: skip
            found = fits[0] if fits else found
        return found

    return code


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def documents(list_file: Path, folder: Path) -> list[tuple[str, str, str]]:
    """``(title, body, code)``; the two header lines of the legal database are left out."""
    found = []
    for row in read(list_file):
        lines = (folder / row["file"]).read_text(encoding="utf-8").split("\n")
        lines = [x for x in lines if "法宝引证码" not in x and not x.startswith("原文链接")]
        text = "\n".join(lines).strip()
        first, _, rest = text.partition("\n")
        short = len(first) <= 90 and not first.startswith("各位")
        found.append((first.strip() if short else "", rest if short else text, row["region_code"]))
    return found


def report(label: str, found: list[tuple[str, int, int, float]]) -> list[Row]:
    return [
        Row(f"regions, {label} ({n})", name, right / n, "share right", n / seconds, "texts")
        for name, right, n, seconds in found
    ]


def run_traps(gazetteer: Gazetteer, peers: dict[str, Peer]) -> list[Row]:
    traps = read(TRAPS)
    start = time.perf_counter()
    right = 0
    for row in traps:
        codes = [m.code for m in find_regions(row["text"], gazetteer, row["home"] or None) if m.code]
        right += (" ".join(codes) or "none") == row["expected"]
    rows = [("policy_corpus", right, len(traps), time.perf_counter() - start)]
    for name, peer in peers.items():
        start = time.perf_counter()
        right = sum(peer(row["text"]) in row["expected"].split() for row in traps)
        rows.append((name, right, len(traps), time.perf_counter() - start))
    return report("traps", rows)


def run_documents(
    label: str, docs: list[tuple[str, str, str]], gazetteer: Gazetteer, peers: dict[str, Peer]
) -> list[Row]:
    start = time.perf_counter()
    decisions = [document_region(title=t, body=b, gazetteer=gazetteer) for t, b, _ in docs]
    rows = [
        ("policy_corpus", sum((d.code or "none") == c for d, (_, _, c) in zip(decisions, docs, strict=True)),
         len(docs), time.perf_counter() - start)
    ]  # fmt: skip
    for name, peer in peers.items():
        start = time.perf_counter()
        right = sum(peer((t + "\n" + b)[:HEAD]) == c for t, b, c in docs)
        rows.append((name, right, len(docs), time.perf_counter() - start))
    return report(label, rows)


def rows() -> list[Row]:
    start = time.perf_counter()
    gazetteer = load()
    loaded = time.perf_counter() - start
    find_regions("宝鸡市", gazetteer)
    print(f"gazetteer read in {loaded:.3f} s, index built in {time.perf_counter() - start - loaded:.3f} s")
    peers: dict[str, Peer] = {}
    for name, make in (("cpca", cpca_code), ("jionlp", lambda: jionlp_code(gazetteer))):
        try:
            peers[name] = make()
            peers[name]("北京市")
        except ImportError as error:
            print(f"{name} skipped: {error}; pip install {name}")
    found = run_traps(gazetteer, peers)
    if not GOLD.is_dir():
        print("documents skipped: the shared gold folder is absent")
        return found
    arts = documents(DATA / "arts-opinions-regions.tsv", DATA / "arts-opinions")
    reports = documents(GOLD / "reports" / "docs.tsv", GOLD / "reports" / "texts")
    found += run_documents("arts-opinions", arts, gazetteer, peers)
    return found + run_documents("reports", reports, gazetteer, peers)


if __name__ == "__main__":
    show(rows())
