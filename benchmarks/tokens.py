"""Speed of our words against plain jieba, in one run on the same text.

    python benchmarks/tokens.py [FOLDER_OF_TEXTS]

Prints megabytes a second (UTF-8) of plain jieba, of our tokeniser on both engines with the policy lexicon, the ratios
to plain jieba, and the milliseconds for the passages, words and status of 3,000 characters.
"""

import logging
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from policy_corpus.annotate.passages import make_passages
from policy_corpus.annotate.status import StatusRules
from policy_corpus.annotate.tokens import Tokenizer
from policy_corpus.records import Document
from policy_corpus.resources import DATA, load_status_rules, load_tokenizer

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.table import OURS, Row, show  # noqa: E402

DOCUMENT = 3000
"""Code points that the time of a document is stated for."""
ROUNDS = 3
"""The best of so many rounds counts, in processor time: other work on the machine only adds to it."""


def texts(arguments: Sequence[str]) -> list[str]:
    folder = Path(arguments[0]) if arguments else HERE.parent.parent / "shared" / "data" / "reports-2024"
    if not folder.is_dir():
        sys.exit(f"no texts at {folder}; name a folder of UTF-8 .txt files")
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))[:20]]


def seconds(work: Callable[[str], object], pages: Sequence[str]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for page in pages:
            work(page)
        best = min(best, time.process_time() - began)
    return best


def whole_line(tokenizer: Tokenizer, rules: StatusRules) -> Callable[[str], object]:
    def work(body: str) -> None:
        passages = make_passages(Document("d", "c", "s", 1, "", body, "report"), tokenizer)
        states = rules.section_states(passages, "report")
        for passage, state in zip(passages, states, strict=True):
            rules.decide(passage.text, state, "report")

    return work


def rows(arguments: Sequence[str] = ()) -> list[Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba asks for pkg_resources
        import jieba
    jieba.setLogLevel(logging.WARNING)
    pages = texts(arguments)
    megabytes = sum(len(page.encode()) for page in pages) / 1e6
    lexicon = [
        line.split("\t")[0] for line in (DATA / "lexicon" / "policy_words.tsv").read_text("utf-8").split("\n")
    ]
    cutters: dict[str, Callable[[str], object]] = {}
    for engine in ("rjieba", "jieba"):
        try:
            cutters[f"{OURS} on {engine}"] = Tokenizer(lexicon[1:], engine=engine).cut
        except ImportError:
            print(f"{engine} is not installed")
    cutters["plain jieba"] = jieba.lcut
    return [
        Row(f"words ({megabytes:.2f} MB)", name, None, "", megabytes / seconds(cut, pages), "MB")
        for name, cut in cutters.items()
    ]


def main() -> None:
    show(rows(sys.argv[1:]))
    pages = texts(sys.argv[1:])
    characters = sum(map(len, pages))
    line = seconds(whole_line(load_tokenizer(), load_status_rules()), pages)
    print(
        f"sentences, headings, words and status: {line / characters * DOCUMENT * 1000:.1f} ms for {DOCUMENT} characters"
    )


if __name__ == "__main__":
    main()
