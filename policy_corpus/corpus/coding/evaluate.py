"""Evaluation against gold folders: out-of-fold decisions, scores by set, and measures as the exports have them."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_corpus.annotate.codebook import Codebook
from policy_corpus.annotate.evaluation import (
    LEVEL,
    ReliabilityBin,
    Scores,
    calibration_error,
    recall_at,
    reliability,
    score,
)
from policy_corpus.annotate.measures import Coder, evidence_of
from policy_corpus.annotate.passages import make_passages
from policy_corpus.annotate.quantities import Evidence, Units, bind_quantities, find_quantities
from policy_corpus.annotate.status import SectionState, StatusRules
from policy_corpus.annotate.vectors import Array, Encoder
from policy_corpus.corpus.coding.gold import GoldSentence, read_gold, read_texts
from policy_corpus.corpus.coding.training import GoldUnits, load, out_of_fold
from policy_corpus.errors import SettingsError
from policy_corpus.records import Document, content_id
from policy_corpus.resources import load_status_rules, load_units

ASKED_PRECISION = 0.95
MADE_BY = "evaluate/1"

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SetResult:
    """What came out for one gold set."""

    name: str
    sentences: int
    documents: int
    scores: Scores
    bins: tuple[ReliabilityBin, ...]
    calibration_error: float
    strict_threshold: float
    strict_recall: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Results by gold set, and the measures behind them in the form of the export."""

    results: tuple[SetResult, ...]
    rows: tuple[dict[str, Any], ...]

    def __str__(self) -> str:
        return "\n\n".join(_table(result) for result in self.results)


def evaluate_folds(
    gold: Sequence[Path],
    codebook: Codebook,
    *,
    folds: int = 5,
    group: str = "document",
    texts: Sequence[Path] = (),
    train_also: Sequence[Path] = (),
    encoder: Encoder | None = None,
    progress: Callable[[int], Any] = lambda k: None,
) -> Evaluation:
    """Refit without each fold and score what was left out, set by set.

    Parameters
    ----------
    gold
        Gold folders to score. Beside others, a folder without ``texts/`` is only trained on.
    group
        ``document`` keeps the sentences of a document in one fold, ``page`` those of a file.
    train_also
        Gold folders that are in training in every fold.

    Raises
    ------
    SettingsError
        When a gold folder is inconsistent or there are fewer documents than folds.
    """
    if group not in ("document", "page"):
        raise SettingsError(f"group {group!r} is not known", None, "use document or page")
    scored = [folder for folder in gold if (folder / "texts").is_dir()] or list(gold)
    also = [folder for folder in [*gold, *train_also] if folder not in scored]
    loaded = load([*scored, *also], codebook, texts, encoder)
    if group == "page":
        loaded = _by_page(loaded)
    names = [folder.name for folder in scored]
    for name in names:
        documents = len(set(_groups(loaded, name)))
        if documents < folds:
            raise SettingsError(
                f"{name} has {documents} documents for {folds} folds", None, "ask for fewer folds"
            )
    probability, decision = out_of_fold(
        loaded, codebook, names, folds, encoder.name if encoder else None, progress
    )
    return _evaluation(loaded, names, scored, codebook, probability, decision, texts)


def evaluate_model(gold: Sequence[Path], coder: Coder, *, texts: Sequence[Path] = ()) -> Evaluation:
    """Score a given classifier. Where it was trained on the same gold, the figures flatter it."""
    loaded = load(gold, coder.codebook, texts, coder.encoder)
    probability = coder.classifier.probabilities_of(loaded.data.seen)
    decision = probability >= coder.classifier.thresholds
    names = [folder.name for folder in gold]
    return _evaluation(loaded, names, gold, coder.codebook, probability, decision, texts)


def write_rows(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Measures as JSON lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _by_page(loaded: GoldUnits) -> GoldUnits:
    groups = tuple(f"{name}:{s.file}" for name, s in zip(loaded.sets, loaded.sentences, strict=True))
    return replace(loaded, data=replace(loaded.data, groups=groups))


def _groups(loaded: GoldUnits, name: str) -> list[str]:
    return [g for g, s in zip(loaded.data.groups, loaded.sets, strict=True) if s == name]


def _evaluation(
    loaded: GoldUnits,
    names: Sequence[str],
    folders: Sequence[Path],
    codebook: Codebook,
    probability: Array,
    decision: Bools,
    texts: Sequence[Path],
) -> Evaluation:
    rows: list[dict[str, Any]] = []
    results = []
    for name, folder in zip(names, folders, strict=True):
        results.append(_result(loaded, name, codebook, probability, decision))
        rows += _rows(loaded, name, folder, codebook, probability, decision, texts)
    return Evaluation(tuple(results), tuple(rows))


def _result(
    loaded: GoldUnits, name: str, codebook: Codebook, probability: Array, decision: Bools
) -> SetResult:
    own = np.array([s == name for s in loaded.sets])
    gold, maybe = loaded.data.gold[own], loaded.data.maybe[own]
    families = [code.id for code in codebook.codes if code.family]
    groups = _groups(loaded, name)
    bins = tuple(reliability(probability[own], gold, maybe))
    threshold, recall = recall_at(ASKED_PRECISION, probability[own], gold, maybe)
    return SetResult(
        name,
        int(own.sum()),
        len(set(groups)),
        score(codebook.ids, gold, maybe, decision[own], groups, families),
        bins,
        calibration_error(bins),
        threshold,
        recall,
    )


def _rows(
    loaded: GoldUnits,
    name: str,
    folder: Path,
    codebook: Codebook,
    probability: Array,
    decision: Bools,
    texts: Sequence[Path],
) -> Iterator[dict[str, Any]]:
    """Measures of one set. Codes of sentences are the classifier's, all else is read as a build reads it."""
    rules, units = load_status_rules(), load_units()
    states = _states(loaded, name, folder, codebook, rules, texts)
    for i, sentence in enumerate(loaded.sentences):
        if loaded.sets[i] == name and decision[i].any():
            found = [(codebook.ids[c], float(probability[i, c])) for c in np.flatnonzero(decision[i])]
            yield from _of_sentence(sentence, loaded, i, found, states.get(sentence.sid), rules, units)


def _of_sentence(
    sentence: GoldSentence,
    loaded: GoldUnits,
    i: int,
    found: Sequence[tuple[str, float]],
    state: SectionState | None,
    rules: StatusRules,
    units: Units,
) -> Iterator[dict[str, Any]]:
    text = loaded.units[i].text
    spans = [evidence_of(text, loaded.data.seen[i], code) for code, _ in found]
    bound = bind_quantities(
        text,
        find_quantities(text, units),
        [Evidence(code, *span) for (code, _), span in zip(found, spans, strict=True)],
        units,
    )
    document = content_id("gold", loaded.sets[i], sentence.file, sentence.part)
    same_length = len(text) == len(sentence.text)
    for (code, confidence), (first, last), quantities in zip(found, spans, bound, strict=True):
        if not same_length:  # a repaired mirror: the clause cannot be placed in the raw sentence
            first, last = 0, len(sentence.text)
        start, end = sentence.start + first, sentence.start + last
        section = state or SectionState("planned", "no text")
        yield {
            "measure_id": content_id("measure", document, code, start, end),
            "document_id": document,
            "source": sentence.file,
            "part": sentence.part or 1,
            "code": code,
            "status": rules.decide(text, section, sentence.kind).status,
            "region_code": None,
            "evidence": sentence.text[first:last],
            "start": start,
            "end": end,
            "source_start": start,
            "source_end": end,
            "quantities": [asdict(quantity) for quantity in quantities],
            "partners": [],
            "confidence": round(confidence, 3),
            "made_by": MADE_BY,
        }


def _states(
    loaded: GoldUnits,
    name: str,
    folder: Path,
    codebook: Codebook,
    rules: StatusRules,
    texts: Sequence[Path],
) -> dict[str, SectionState]:
    """State of the section each gold sentence stands in, document by document."""
    found = read_texts(read_gold(folder, codebook.ids), texts)
    documents: dict[str, list[GoldSentence]] = {}
    for sentence, own in zip(loaded.sentences, loaded.sets, strict=True):
        if own == name and sentence.file in found:
            documents.setdefault(sentence.group, []).append(sentence)
    states = {}
    for sentences in documents.values():
        text = found[sentences[0].file]
        if sentences[0].part:  # one of several documents on a page
            text = text[: sentences[-1].end]
        passages = make_passages(Document("", "", "", 1, "", text, sentences[0].kind))
        if sentences[0].part:
            passages = [p for p in passages if p.end > sentences[0].start]
        read = rules.section_states(passages, sentences[0].kind)
        for sentence in sentences:
            near = [s for p, s in zip(passages, read, strict=True) if p.end > sentence.start]
            states[sentence.sid] = near[0] if near else read[-1]
    return states


def _table(result: SetResult) -> str:
    micro = result.scores.micro
    lines = [
        f"{result.name}: {result.sentences} sentences, {result.documents} documents",
        f"{'code':18s} {'gold':>5s} {'found':>5s} {'P':>6s} {'R':>6s} {'F1':>6s}  F1 {LEVEL:.0%} interval",
    ]
    lines += [
        f"{s.code:18s} {s.gold:5d} {s.predicted:5d} {s.precision:6.3f} {s.recall:6.3f} {s.f1:6.3f}  "
        f"{s.low:.3f}–{s.high:.3f}"
        for s in (*result.scores.codes, micro)
    ]
    lines.append(
        f"micro {micro.f1:.3f}  macro {result.scores.macro:.3f}  families {result.scores.families:.3f}  "
        f"calibration error {result.calibration_error:.3f}"
    )
    lines.append(
        f"at threshold {result.strict_threshold:.2f} precision reaches {ASKED_PRECISION}: "
        f"recall {result.strict_recall:.3f}"
    )
    lines.append("said     pairs   mean said   came true")
    lines += [
        f"{b.low:.1f}–{b.high:.1f} {b.count:6d} {b.confidence:11.3f} {b.share_right:11.3f}"
        for b in result.bins
    ]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Micro F1 of a gold set when so many sentences were in training."""

    name: str
    sentences: int
    f1: float


def learning_curve(
    gold: Sequence[Path],
    codebook: Codebook,
    *,
    shares: Sequence[float] = (0.25, 0.5, 1.0),
    folds: int = 5,
    texts: Sequence[Path] = (),
    train_also: Sequence[Path] = (),
    encoder: Encoder | None = None,
) -> list[CurvePoint]:
    """Micro F1 out of fold with growing shares of the training documents, for each gold set."""
    loaded = load([*gold, *train_also], codebook, texts, encoder)
    names = [folder.name for folder in gold]
    points = []
    for share in shares:
        _, decision = out_of_fold(
            loaded, codebook, names, folds, encoder.name if encoder else None, share=share
        )
        for name in names:
            own = np.array([s == name for s in loaded.sets])
            groups = _groups(loaded, name)
            scores = score(codebook.ids, loaded.data.gold[own], loaded.data.maybe[own], decision[own], groups)
            points.append(CurvePoint(name, round(share * len(loaded.sets)), round(scores.micro.f1, 3)))
    return points


def next_labels(points: Sequence[CurvePoint], labels: int = 50) -> dict[str, float]:
    """Gain in micro F1 that so many further coded sentences promise, by gold set.

    The last two points of a curve are taken as a straight line over the logarithm of the sentences
    (Perlich et al. 2003); less than nothing is promised as nothing.
    """
    gains = {}
    for name in dict.fromkeys(point.name for point in points):
        before, last = [point for point in points if point.name == name][-2:]
        slope = (last.f1 - before.f1) / float(np.log(last.sentences / before.sentences))
        gains[name] = round(max(0.0, slope * float(np.log1p(labels / last.sentences))), 4)
    return gains
