"""The same text at several places: our grouping beside plain datasketch, in one run.

    python benchmarks/duplicates.py

Documents are the 100 reports and 88 opinions of the shared data. Each third one gets copies as reposts make them: another
source line, a character left out throughout, the middle paragraph left out, traditional characters. A pair of a copy and
its original (or of two copies of one) is right; every other pair is wrong: among the opinions are cities that copied
their province word for word and are documents of their own. Time covers texts to pairs, signatures included.
"""

import sys
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.table import OURS, Row, show
from policy_corpus.clean.duplicates import SAME_TEXT, SHINGLE, group_duplicates, signature
from policy_corpus.clean.page import clean_capture
from policy_corpus.records import Document
from tests.shared import DATA

Pairs = set[frozenset[str]]


def documents() -> tuple[list[Document], Pairs]:
    """Documents with the copies among them, and the pairs that are the same text."""
    from opencc import OpenCC

    traditional = OpenCC("s2t")
    edits: tuple[Callable[[str], str], ...] = (
        lambda text: "来源：本网综合 2024-03-01\n" + text,
        lambda text: text.replace("平", ""),
        lambda text: "\n".join(p for i, p in enumerate(text.split("\n")) if i != text.count("\n") // 2),
        traditional.convert,
    )
    found: list[Document] = []
    same: Pairs = set()
    for folder in ("reports-2024", "arts-opinions"):
        for number, path in enumerate(sorted((DATA / folder).glob("*.txt"))):
            text = path.read_text(encoding="utf-8")
            group = [text, *(edit(text) for edit in edits)] if number % 3 == 0 else [text]
            made = [d for i, one in enumerate(group) for d in cleaned(one, f"{folder}/{path.stem}-{i}.txt")]
            found += made
            same |= {frozenset((a.document_id, b.document_id)) for a, b in combinations(made, 2)}
    return found, same


def cleaned(text: str, source: str) -> list[Document]:
    result = clean_capture(text.encode(), capture_id=source, source=source, media_type="text/plain")
    return [document for document in result.documents if document.part == 1]


def ours(found: list[Document]) -> Pairs:
    from dataclasses import replace

    texts = {d.document_id: d.body for d in found}
    signed = [replace(d, signature=signature(d.body)) for d in found]
    groups: dict[str, set[str]] = {}
    for key, (kept, _) in group_duplicates(signed, lambda ids: {i: texts[i] for i in ids}).items():
        groups.setdefault(kept, {kept}).add(key)
    return {frozenset(pair) for group in groups.values() for pair in combinations(sorted(group), 2)}


def plain_datasketch(found: list[Document]) -> Pairs:
    """Character shingles of the same length, 128 permutations and the threshold, as its manual has it."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=SAME_TEXT, num_perm=128)
    pairs: Pairs = set()
    for document in found:
        made = MinHash(num_perm=128)
        body = document.body
        made.update_batch([body[i : i + SHINGLE].encode() for i in range(len(body) - SHINGLE + 1)])
        pairs |= {frozenset((document.document_id, other)) for other in index.query(made)}
        index.insert(document.document_id, made)
    return pairs


def f1(found: Pairs, same: Pairs) -> float:
    right = len(found & same)
    return 2 * right / (len(found) + len(same))


def rows() -> list[Row]:
    found, same = documents()
    result = []
    for name, work in ((OURS, ours), ("datasketch MinHashLSH", plain_datasketch)):
        times = []
        for _ in range(2):
            began = time.process_time()
            pairs = work(found)
            times.append(time.process_time() - began)
        task = f"copies ({len(found)} documents)"
        result.append(Row(task, name, f1(pairs, same), "F1 of pairs", len(found) / min(times), "documents"))
    return result


if __name__ == "__main__":
    show(rows())
