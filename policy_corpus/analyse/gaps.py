"""Open clauses in clusters, each named by its words: what a codebook misses.

Clauses that share words are one gap: tf-idf vectors of their words, average-linkage clustering by cosine distance.
The number of clusters follows from the texts, nothing is random, and the same corpus gives the same gaps.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from policy_corpus.analyse.learners import agglomerate, tf_idf
from policy_corpus.analyse.uncovered import OpenClause
from policy_corpus.annotate.sentences import ACTS

MAX_COMPARED = 3000
"""Clauses compared each with each (72 MB); the rest, less like measures, join the nearest cluster."""
FARTHEST = 0.85
"""Cosine distance within which clusters are joined (looked at on 100 city reports and 88 opinions on the arts)."""
MIN_CLAUSES = 3
MIN_DOCUMENTS = 2
"""Smaller clusters are wordings of one text, no gap."""
NAME_PARTS = 2
NAME_LENGTH = 12
PHRASE_WORDS = 3
EXEMPLARS = 3
SHOWN_LENGTH = 80
PRIOR = 1.0
"""Weight of the background in names, as a share of its own counts (Monroe et al. 2008)."""

_GENERIC_WORDS = """
项目 工程 行动 改革 中心 试点 计划 发展 建设 体系 机制 区域 突破 特色 全市 全省 全县 全国 全区 省级 市级 国家级 领域
资源 服务 提升 创新 示范 综合 专项 优质 时代 高质量 高水平 一流 自治区 教育 学校 全体 管理 自身 特点 优势
民生实事 人民 群众 持续 现代 整体 质量 全面
"""
GENERIC = frozenset(_GENERIC_WORDS.split())
"""Words that go with any subject: alone they name none and join nothing."""

_VERB = re.compile(
    rf"(?:{ACTS}|引导|做强|做优|优化|提升|提质|争创|申创|重视|增强|满足|推动|促进|发展|强化|巩固)"
)


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A clause that shows what a gap is about."""

    document_id: str
    passage_id: str
    start: int
    end: int
    text: str
    region: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Clauses about one thing that no code covers; ``likeness`` is the mean of its clauses' (log-odds)."""

    name: str
    words: tuple[str, ...]
    clauses: int
    documents: int
    regions: int
    likeness: float
    exemplars: tuple[Exemplar, ...]


def find_gaps(clauses: Sequence[OpenClause]) -> list[Gap]:
    """Gaps, those in most regions and documents first.

    Parameters
    ----------
    clauses
        Open clauses of a corpus, in any order.
    """
    ordered = sorted(clauses, key=lambda c: (-c.likeness, c.document_id, c.start))
    texts = [subject_words(clause) for clause in ordered]
    kept = [i for i, words in enumerate(texts) if words]
    ordered, texts = [ordered[i] for i in kept], [texts[i] for i in kept]
    if len(ordered) < MIN_CLAUSES:
        return []
    vectors = _vectors(texts)
    background = Counter(term for clause in ordered for term in _phrases(clause))
    gaps = []
    for members in _clusters(vectors):
        own = [ordered[i] for i in members]
        if len(own) >= MIN_CLAUSES and len({c.document_id for c in own}) >= MIN_DOCUMENTS:
            centre = np.asarray(vectors[members].mean(axis=0)).ravel()
            closeness = np.asarray(vectors[members] @ centre).ravel()
            gaps.append(_gap(own, closeness, background, len(ordered)))
    return sorted(gaps, key=lambda g: (-g.documents, -g.clauses, g.name))


def subject_words(clause: OpenClause) -> tuple[str, ...]:
    """The words that say what a clause is about: without verbs that open acts of any kind and generic words."""
    return tuple(word for word in clause.words if word not in GENERIC and not _VERB.fullmatch(word))


def _vectors(texts: Sequence[Sequence[str]]) -> Any:
    return tf_idf(texts)


def _clusters(vectors: Any) -> Iterator[list[int]]:
    """Rows of each cluster, in the order of their first row."""
    compared = vectors[:MAX_COMPARED]
    distances = np.clip(1.0 - (compared @ compared.T).toarray(), 0.0, None)
    rows: dict[int, list[int]] = {}
    for row, label in enumerate(agglomerate(distances, FARTHEST)):
        rows.setdefault(label, []).append(row)
    if vectors.shape[0] > MAX_COMPARED:
        _join_rest(vectors, rows)
    yield from rows.values()


def _join_rest(vectors: Any, rows: dict[int, list[int]]) -> None:
    """Give each row that was not compared to the cluster whose centre is nearest, if it is near enough."""
    names = list(rows)
    centres = np.vstack([np.asarray(vectors[rows[name]].mean(axis=0)).ravel() for name in names])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    closeness = vectors[MAX_COMPARED:] @ centres.T
    for offset, near in enumerate(np.asarray(closeness)):
        best = int(near.argmax())
        if 1.0 - near[best] <= FARTHEST:
            rows[names[best]].append(MAX_COMPARED + offset)


def _gap(own: Sequence[OpenClause], closeness: Any, background: Counter[str], total: int) -> Gap:
    words = _name_parts(own, background, total)
    regions = {c.region for c in own if c.region}
    return Gap(
        name="、".join(_as_read(words[:NAME_PARTS], own)),
        words=tuple(words),
        clauses=len(own),
        documents=len({c.document_id for c in own}),
        regions=len(regions),
        likeness=round(sum(c.likeness for c in own) / len(own), 3),
        exemplars=tuple(_exemplars(own, closeness)),
    )


def _exemplars(own: Sequence[OpenClause], closeness: Any) -> Iterator[Exemplar]:
    """The clauses nearest to the centre, each of another document and with other words."""
    seen: set[str] = set()
    order = sorted(range(len(own)), key=lambda i: (-round(float(closeness[i]), 6), own[i].passage_id))
    for i in order:
        clause = own[i]
        bare = "".join(subject_words(clause))
        if clause.document_id in seen or bare in seen:
            continue
        seen.update((clause.document_id, bare))
        yield Exemplar(
            clause.document_id, clause.passage_id, clause.start, clause.end, clause.text, clause.region
        )
        if len(seen) >= 2 * EXEMPLARS:
            return


def _name_parts(own: Sequence[OpenClause], background: Counter[str], total: int) -> list[str]:
    """Phrases that stand in these clauses more than in the others, the most telling first, none inside another."""
    counts = Counter(phrase for clause in own for phrase in _phrases(clause))
    scored = sorted(
        (-_telling(n, len(own), background[phrase], total) * math.sqrt(len(phrase)), phrase)
        for phrase, n in counts.items()
        if n >= 2
    )
    parts: list[str] = []
    for _, phrase in scored:
        if not any(_overlaps(phrase, part) for part in parts):
            parts.append(phrase)
        if len(parts) == 4:
            break
    return parts


def _as_read(words: Sequence[str], own: Sequence[OpenClause]) -> list[str]:
    """Words in the order in which they mostly stand in the clauses."""

    def place(word: str) -> float:
        places = [c.text.index(word) / len(c.text) for c in own if word in c.text]
        return round(sum(places) / len(places), 6)

    return sorted(words, key=lambda word: (place(word), word))


def _telling(inside: int, size: int, everywhere: int, total: int) -> float:
    """Z-score of the log-odds of a phrase in these clauses against the others, with the background as prior."""
    prior = PRIOR * everywhere / total * size + 0.5
    rest, others = everywhere - inside, total - size
    delta = math.log((inside + prior) / (size + 2 * prior - inside)) - math.log(
        (rest + prior) / (others + 2 * prior - rest)
    )
    return delta / math.sqrt(1 / (inside + prior) + 1 / (rest + prior))


def _overlaps(a: str, b: str) -> bool:
    return a in b or b in a or len(set(a) & set(b)) > min(len(a), len(b)) // 2


def _phrases(clause: OpenClause) -> set[str]:
    """Subject words of a clause, and runs of words with one of them that stand together in its text."""
    subjects = set(subject_words(clause))
    found = set(subjects)
    for size in range(2, PHRASE_WORDS + 1):
        for i in range(len(clause.words) - size + 1):
            run = clause.words[i : i + size]
            phrase = "".join(run)
            if len(phrase) <= NAME_LENGTH and phrase in clause.text and not subjects.isdisjoint(run):
                found.add(phrase)
    return found
