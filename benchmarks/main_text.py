"""Main text of saved pages: quality and pages/s of ours against known extractors, in one run on one core.

usage: python benchmarks/main_text.py [PAGES_DIR] [--rounds N]

Quality is the shared scorer's: F1 over multisets of character 5-shingles, mean and least over the pages. Time is
for bytes to text: ours decodes, extracts, finds title, date and source, and aligns every character with the source;
the others get the bytes with their defaults (those that take text get ours, decoding counted). Peers that are not
installed are named and left out. Exit code 1 if ours is under a floor.
"""

import argparse
import importlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from policy_corpus.clean.decode import decode
from policy_corpus.clean.formats.html import read_html
from tests.shared import GOLD

MEAN_FLOOR, LEAST_FLOOR, SPEED_FLOOR = 0.95, 0.6, 2.0
Extractor = Callable[[bytes], str]


def ours() -> Extractor:
    def extract(data: bytes) -> str:
        page = read_html(decode(data).text)
        return "\n".join(block.text for block in page.blocks)

    return extract


def trafilatura() -> Extractor:
    extract = importlib.import_module("trafilatura").extract
    return lambda data: extract(decode(data).text) or ""


def readability() -> Extractor:
    document = importlib.import_module("readability").Document
    fromstring = importlib.import_module("lxml.html").fromstring

    def extract(data: bytes) -> str:
        tree = fromstring(document(decode(data).text).summary())
        return "\n".join(text for text in tree.itertext() if isinstance(text, str))

    return extract


def gne() -> Extractor:
    extractor = importlib.import_module("gne").GeneralNewsExtractor()
    return lambda data: str(extractor.extract(decode(data).text).get("content", ""))


def resiliparse() -> Extractor:
    plain = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda data: str(plain(decode(data).text, main_content=True))


EXTRACTORS: dict[str, Callable[[], Extractor]] = {
    "policy_corpus": ours,
    "trafilatura": trafilatura,
    "readability-lxml": readability,
    "gne": gne,
    "resiliparse": resiliparse,
}


def score(texts: dict[str, str], pages: Path) -> str:
    """Last line of the shared scorer."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            (Path(folder) / f"{name}.txt").write_text(text, encoding="utf-8")
        command = [sys.executable, str(pages.parent / "score_pages.py"), folder, str(pages)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]


def timed(extract: Extractor, data: dict[str, bytes]) -> float:
    """CPU seconds of one round over the pages (waiting for other work on the machine does not count)."""
    start = time.process_time()
    for page in data.values():
        _safe(extract, page)
    return time.process_time() - start


def _safe(extract: Extractor, page: bytes) -> str:
    """A peer that fails on a page has found no text there."""
    try:
        return extract(page)
    except (ValueError, TypeError, AttributeError, LookupError):
        return ""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="?", type=Path, default=GOLD / "pages")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    if not arguments.pages.is_dir():
        print(f"floor not run: no saved pages in {arguments.pages}")
        return 0
    data = {path.name: path.read_bytes() for path in sorted(arguments.pages.glob("*.html"))}
    extractors: dict[str, Extractor] = {}
    for name, make in EXTRACTORS.items():
        try:
            extractors[name] = make()
        except ImportError:
            print(f"{name:18} not installed, left out")
    results = {
        name: score({page: _safe(extract, text) for page, text in data.items()}, arguments.pages)
        for name, extract in extractors.items()
    }
    times: dict[str, list[float]] = {name: [] for name in extractors}
    for _ in range(arguments.rounds):  # in turn, so that a busy minute of the machine hits all alike
        for name, extract in extractors.items():
            times[name].append(timed(extract, data))
    speeds = {name: len(data) / min(rounds) for name, rounds in times.items()}
    for name, result in results.items():
        ratio = speeds["policy_corpus"] / speeds[name]
        beside = "" if name == "policy_corpus" else f"  ours is {ratio:.1f} x"
        print(f"{name:18} {result.split(' title ')[0]}  {speeds[name]:6.1f} pages/s{beside}")
    line = results["policy_corpus"]
    words = line.split()
    mean, least = float(words[words.index("F1") + 1]), float(words[words.index("min") + 1])
    fast = "trafilatura" not in speeds or speeds["policy_corpus"] >= SPEED_FLOOR * speeds["trafilatura"]
    return 0 if mean >= MEAN_FLOOR and least >= LEAST_FLOOR and fast else 1


if __name__ == "__main__":
    sys.exit(main())
