"""Ours beside the general tools, all in one run: quality, speed and the ratio of speeds.

    python benchmarks/peers.py [--shared SHARED] [--corpus DIR] [--only TASK …]

Main text against trafilatura, readability, GNE and resiliparse; words against plain jieba; copies against datasketch;
regions against cpca and JioNLP; topics against BERTopic and gensim; search against SQLite FTS5 and plain vectors. Peers that are
not installed are named and left out: see README.md for how to install them. ``--corpus`` is one built from these texts,
else it is built first. The table is kept in ``results/peers.txt``.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import duplicates, main_text, regions, search, tokens, topics
from benchmarks.table import Row, show


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=search.SHARED)
    parser.add_argument("--corpus", type=Path, help="a corpus built from the texts of benchmarks/search.py")
    parser.add_argument("--only", nargs="*", help="main_text, words, copies, regions, topics, search")
    asked = parser.parse_args()
    if not asked.shared.is_dir():
        sys.exit(f"no shared texts at {asked.shared}: name their folder with --shared")
    with tempfile.TemporaryDirectory() as work:

        def corpus() -> Path:
            return asked.corpus or search.built(asked.shared, Path(work) / "corpus")

        tasks: dict[str, Callable[[], list[Row]]] = {
            "main_text": lambda: main_text.rows(main_text.saved_pages()),
            "words": tokens.rows,
            "copies": duplicates.rows,
            "regions": regions.rows,
            "topics": topics.rows,
            "search": lambda: search.rows(asked.shared, corpus()),
        }
        found = [
            row for name, rows in tasks.items() if not asked.only or name in asked.only for row in rows()
        ]
    show(found)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
