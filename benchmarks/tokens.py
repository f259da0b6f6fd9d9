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


def main() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba asks for pkg_resources
        import jieba
    jieba.setLogLevel(logging.WARNING)
    pages = texts(sys.argv[1:])
    megabytes = sum(len(page.encode()) for page in pages) / 1e6
    characters = sum(map(len, pages))
    lexicon = [
        line.split("\t")[0] for line in (DATA / "lexicon" / "policy_words.tsv").read_text("utf-8").split("\n")
    ]
    cutters: dict[str, Callable[[str], object]] = {"plain jieba": jieba.lcut}
    for engine in ("rjieba", "jieba"):
        try:
            cutters[f"ours on {engine}"] = Tokenizer(lexicon[1:], engine=engine).cut
        except ImportError:
            print(f"{engine} is not installed")
    rates = {name: megabytes / seconds(cut, pages) for name, cut in cutters.items()}
    print(f"{len(pages)} texts, {megabytes:.2f} MB\n{'cutter':<16}{'MB/s':>8}{'ratio':>8}")
    for name, rate in rates.items():
        print(f"{name:<16}{rate:>8.2f}{rate / rates['plain jieba']:>8.2f}")
    line = seconds(whole_line(load_tokenizer(), load_status_rules()), pages)
    print(
        f"sentences, headings, words and status: {line / characters * DOCUMENT * 1000:.1f} ms for {DOCUMENT} characters"
    )


if __name__ == "__main__":
    main()
