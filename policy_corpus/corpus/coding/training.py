"""Training and evaluation from gold folders: reads files, fits, predicts out of fold, writes rows."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_corpus.annotate.classifier import Classifier
from policy_corpus.annotate.classifier_adapt import adapt
from policy_corpus.annotate.classifier_fit import Labelled, fit, fold_of
from policy_corpus.annotate.codebook import Codebook
from policy_corpus.annotate.features import Unit, see
from policy_corpus.annotate.passages import make_passages
from policy_corpus.annotate.vectors import Array, Encoder
from policy_corpus.clean.script import to_simplified
from policy_corpus.corpus.coding.encoders import (
    CLASSIFIER_FILE,
    STATIC,
    load_encoder,
    read_classifier,
    save_classifier,
)
from policy_corpus.corpus.coding.gold import GoldSentence, GoldSet, read_gold, read_texts
from policy_corpus.records import Document, Passage
from policy_corpus.resources import models_dir, own_gold_dir

_PINYIN = re.compile(r"(?<=[㐀-鿿])[(（][a-zA-Zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿɡ]{1,7}[)）]")
DEFAULT_ENCODER = STATIC
"""Adds .02 to .03 of micro F1 on `gold/seeds`, nothing on `gold/reports`; needs no torch."""
SHARES = 100
NEW_MODEL = 1000
"""Gold sentences from which a model of its own is made: 250 sentences of `gold/seeds` alone reach .62 to .72 on
its other documents, the shipped model corrected by them .79 to .81."""
CARD = """\
# Classifier of measures

Linear models over character n-grams, codebook labels, shape of the sentence and static sentence vectors, joined
by a second linear level that also weighs clauses, heading and neighbours; {codes} codes, {features} features.
Predicts with numpy; the file holds arrays and JSON, no code.

Trained on coded sentences (texts not included):

{gold}
{more}
- Origin: made by `policy-corpus train --gold DIR… -o MODEL` with the shipped codebook and `static-zh-256`.
- Licence: MIT, as the project. Gold texts are public documents; see the project's README.
- Scores: `benchmarks/results/measures.tsv`, out of fold by document, with the calibration beside it. Other
  assignments of documents to folds move micro F1 by .01: the gold sets hold 293 and 438 coded measures.
- Limits: work reports and opinions are well covered; essays, templates and personal accounts less. Languages
  other than Chinese are not.
"""
KIND_WEIGHT = {"news": 2.0, "template": 2.0, "essay": 2.0}
"""Kinds that are rare in the gold beside work reports and opinions count more."""


@dataclass(frozen=True, slots=True)
class GoldUnits:
    """Gold sentences with what the classifier sees of them."""

    sentences: tuple[GoldSentence, ...]
    sets: tuple[str, ...]
    units: tuple[Unit, ...]
    data: Labelled


def load(
    folders: Sequence[Path], codebook: Codebook, texts: Sequence[Path] = (), encoder: Encoder | None = None
) -> GoldUnits:
    """Read gold folders and look at their kept sentences, with context where the text is found."""
    sentences: list[GoldSentence] = []
    sets: list[str] = []
    units: list[Unit] = []
    for folder in folders:
        gold = read_gold(folder, codebook.ids)
        kept = [s for s in gold.sentences if s.keep]
        sentences += kept
        sets += [gold.name] * len(kept)
        units += gold_units(gold, kept, texts)
    place = codebook.ids
    data = Labelled(
        seen=tuple(see(units, codebook, encoder)),
        groups=tuple(f"{name}:{s.group}" for name, s in zip(sets, sentences, strict=True)),
        gold=np.array([[code in s.codes for code in place] for s in sentences], bool),
        maybe=np.array([[code in s.maybe for code in place] for s in sentences], bool),
        weight=np.array([KIND_WEIGHT.get(s.kind, 1.0) for s in sentences], np.float32),
    )
    return GoldUnits(tuple(sentences), tuple(sets), tuple(units), data)


def gold_units(gold: GoldSet, sentences: Sequence[GoldSentence], texts: Sequence[Path]) -> list[Unit]:
    """Units of gold sentences: neighbours and headings from the text where there is one."""
    found = read_texts(gold, texts)
    passages = {name: _passages(text) for name, text in found.items()}
    units = []
    for sentence in sentences:
        text = found.get(sentence.file)
        here = text is not None and text[sentence.start : sentence.end] == sentence.text
        units.append(_unit(sentence, text or "", passages[sentence.file]) if here else _bare(sentence))
    return units


def _normal(text: str) -> str:
    return to_simplified(_PINYIN.sub("", text))


def _passages(text: str) -> list[Passage]:
    return make_passages(Document("", "", "", 1, "", text, "other"))


def _bare(sentence: GoldSentence) -> Unit:
    return Unit(_normal(sentence.text), kind=sentence.kind)


def _unit(sentence: GoldSentence, text: str, passages: Sequence[Passage]) -> Unit:
    """The unit of a gold sentence: the passages that end before it and begin after it are its neighbours."""
    starts = [p.start for p in passages]
    after = bisect_right(starts, sentence.end - 1)
    before = bisect_right([p.end for p in passages], sentence.start) - 1
    own = passages[min(before + 1, len(passages) - 1)]
    line = text.rfind("\n", 0, sentence.start) + 1, (text + "\n").index("\n", sentence.end)
    return Unit(
        _normal(sentence.text),
        _normal(passages[before].text) if before >= 0 else "",
        _normal(passages[after].text) if after < len(passages) else "",
        tuple(_normal(h) for h in own.headings),
        sentence.kind,
        not text[line[0] : sentence.start].strip() and not text[sentence.end : line[1]].strip(),
        own.is_heading,
    )


def train_model(gold: Sequence[Path], out: Path, texts: Sequence[Path] = ()) -> Iterator[str]:
    """Train with the shipped codebook and write the model and its card to the folder ``out``; yields news.

    Gold of fewer than :data:`NEW_MODEL` sentences corrects the shipped classifier; more makes a new one, from
    it and our own invented sentences (:func:`policy_corpus.resources.own_gold_dir`).
    """
    codebook = Codebook.parse((models_dir() / "codebook.toml").read_text(encoding="utf-8"), "codebook.toml")
    shipped = models_dir() / "classifier"
    encoder = load_encoder(DEFAULT_ENCODER)
    loaded = load(gold, codebook, texts, encoder)
    if len(loaded.sentences) >= NEW_MODEL and own_gold_dir() not in [folder.resolve() for folder in gold]:
        loaded = load([*gold, own_gold_dir()], codebook, texts, encoder)
    counts = {name: loaded.sets.count(name) for name in dict.fromkeys(loaded.sets)}
    yield from (f"{name}: {count} sentences" for name, count in counts.items())
    if len(loaded.sentences) < NEW_MODEL:
        model = adapt(read_classifier(shipped), loaded.data)
        yield f"fewer than {NEW_MODEL} sentences: the shipped classifier is corrected by them"
    else:
        model = fit(loaded.data, codebook.ids, encoder.name, {"gold": counts})
    save_classifier(model, out)
    (out / "README.md").write_text(card(model), encoding="utf-8")
    yield f"{len(model.vocabulary)} features, {len(model.codes)} codes → {out / CLASSIFIER_FILE}"


def card(model: Classifier) -> str:
    """The card of a classifier: what it is, what it was trained on, how to make it again."""
    gold = "\n".join(f"- `{name}`: {count} sentences" for name, count in model.meta["gold"].items())
    adapted = model.meta.get("adapted")
    more = f"\nCorrected afterwards by {adapted} coded sentences of the user's own.\n" if adapted else ""
    return CARD.format(codes=len(model.codes), features=len(model.vocabulary), gold=gold, more=more)


def out_of_fold(
    loaded: GoldUnits,
    codebook: Codebook,
    test: Sequence[str],
    folds: int,
    encoder: str | None = None,
    progress: Callable[[int], Any] = lambda k: None,
    share: float = 1.0,
) -> tuple[Array, NDArray[np.bool_]]:
    """Probabilities and decisions for the sentences of the sets ``test``, refitted without each fold.

    Documents of other sets are always in training. Folds are filled by document, largest first.
    ``share`` trains on so much of the documents only, chosen by the hash of their names.
    """
    fold = assign_folds(loaded, test, folds)
    taken = np.array([fold_of(f"share {group}", SHARES) < share * SHARES for group in loaded.data.groups])
    shape = loaded.data.gold.shape
    probability, decision = np.zeros(shape, np.float32), np.zeros(shape, bool)
    for k in range(folds):
        outside = np.flatnonzero(fold == k)
        inside = np.flatnonzero((fold != k) & taken)
        model = fit(loaded.data.take(inside), codebook.ids, encoder)
        probability[outside] = model.probabilities_of(loaded.data.take(outside).seen)
        decision[outside] = probability[outside] >= model.thresholds
        progress(k + 1)
    return probability, decision


def assign_folds(loaded: GoldUnits, test: Sequence[str], folds: int) -> NDArray[np.intp]:
    """Fold of each sentence, -1 where it is always in training; sizes are levelled set by set."""
    fold = np.full(len(loaded.sets), -1)
    for name in test:
        sizes = [0] * folds
        groups = [g for g, s in zip(loaded.data.groups, loaded.sets, strict=True) if s == name]
        order = sorted(dict.fromkeys(groups), key=lambda g: (-groups.count(g), g))
        for group in order:
            k = sizes.index(min(sizes))
            sizes[k] += groups.count(group)
            fold[[i for i, g in enumerate(loaded.data.groups) if g == group]] = k
    return fold
