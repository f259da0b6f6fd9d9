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

from benchmarks.table import OURS, Row, show
from policy_corpus.clean.decode import decode
from policy_corpus.clean.formats.html import read_html
from tests.shared import GOLD

MEAN, LEAST = "F1, mean", "F1, worst page"
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
    OURS: ours,
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


def saved_pages(folder: Path = GOLD / "pages") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.html"))}


def rows(data: dict[str, bytes], folder: Path = GOLD / "pages", rounds: int = 5) -> list[Row]:
    """Two rows a tool: mean with pages/s, and the least of the pages."""
    extractors: dict[str, Extractor] = {}
    for name, make in EXTRACTORS.items():
        try:
            extractors[name] = make()
        except ImportError:
            print(f"{name:18} not installed, left out")
    times: dict[str, list[float]] = {name: [] for name in extractors}
    for _ in range(rounds):  # in turn, so that a busy minute of the machine hits all alike
        for name, extract in extractors.items():
            times[name].append(timed(extract, data))
    found: list[Row] = []
    for name, extract in extractors.items():
        words = score({page: _safe(extract, text) for page, text in data.items()}, folder).split()
        mean, least = float(words[words.index("F1") + 1]), float(words[words.index("min") + 1])
        task = f"main text ({len(data)} pages)"
        found.append(Row(task, name, mean, MEAN, len(data) / min(times[name]), "pages"))
        found.append(Row(task, name, least, LEAST, None, ""))
    return found


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
    data = saved_pages(arguments.pages)
    found = rows(data, arguments.pages, arguments.rounds)
    show(found)
    by = {(row.tool, row.measure): row for row in found}
    own = by[OURS, MEAN]
    peer = by.get(("trafilatura", MEAN))
    fast = peer is None or own.speed >= SPEED_FLOOR * peer.speed
    return 0 if own.quality >= MEAN_FLOOR and by[OURS, LEAST].quality >= LEAST_FLOOR and fast else 1


if __name__ == "__main__":
    sys.exit(main())
