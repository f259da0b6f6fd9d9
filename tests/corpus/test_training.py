"""Training and evaluation from gold folders, on the project's own coded sentences."""

from pathlib import Path

import numpy as np
import pytest

from policy_corpus.annotate.features import Unit
from policy_corpus.corpus.coding.encoders import STATIC, load_encoder, read_classifier
from policy_corpus.corpus.coding.evaluate import CurvePoint, evaluate_folds, next_labels, write_rows
from policy_corpus.corpus.coding.training import assign_folds, load, train_model
from policy_corpus.errors import SettingsError
from policy_corpus.resources import load_codebook, models_dir, shipped_root

BOOK = load_codebook(models_dir() / "codebook.toml")
OWN = shipped_root() / "corpora" / "gold-own"


def test_context_comes_from_the_text_beside_the_gold() -> None:
    loaded = load([OWN], BOOK)
    unit = next(u for u in loaded.units if u.text.startswith("机构") or "以校长为组长" in u.text)
    assert unit.headings
    assert "健全机构" in unit.headings[-1]
    assert unit.previous and unit.following
    assert unit.kind == "template"


def test_no_document_is_split_over_folds() -> None:
    loaded = load([OWN], BOOK)
    fold = assign_folds(loaded, ["gold-own"], 5)
    by_group = {}
    for group, k in zip(loaded.data.groups, fold, strict=True):
        assert by_group.setdefault(group, k) == k
    sizes = np.bincount(fold)
    assert len(sizes) == 5
    assert sizes.max() < 1.5 * sizes.min()


def test_a_set_not_asked_for_is_always_in_training() -> None:
    loaded = load([OWN], BOOK)
    assert set(assign_folds(loaded, [], 5)) == {-1}


def gold_of_ones_own(folder: Path) -> Path:
    """Twenty coded sentences about a measure under a name that the shipped gold never uses."""
    folder.mkdir()
    texts = [f"第{i}批学校实行墨香行动，师生每日临帖。" for i in range(10)]
    plain = [f"第{i}次会议在礼堂召开。" for i in range(10)]
    rows = [f"a{i}\t{text}" for i, text in enumerate(texts)] + [f"b{i}\t{t}" for i, t in enumerate(plain)]
    codes = [f"a{i}\tevaluation\tdone" for i in range(10)] + [f"b{i}\t\t" for i in range(10)]
    (folder / "sentences.tsv").write_text("\n".join(["sid\ttext", *rows]) + "\n", encoding="utf-8")
    (folder / "codes.tsv").write_text("\n".join(["sid\tcodes\tstatus", *codes]) + "\n", encoding="utf-8")
    return folder


def test_a_little_gold_corrects_the_shipped_classifier(tmp_path: Path) -> None:
    news = list(train_model([gold_of_ones_own(tmp_path / "mine")], tmp_path / "model"))
    assert any("corrected" in line for line in news)
    text = ["第三批学校实行墨香行动。", "新建小学三所，新增学位四千个。"]
    units, encoder = [Unit(t) for t in text], load_encoder(STATIC)
    before, after = (
        read_classifier(folder).probabilities(units, BOOK, encoder)
        for folder in (models_dir() / "classifier", tmp_path / "model")
    )
    evaluation, layout = BOOK.ids.index("evaluation"), BOOK.ids.index("layout")
    assert after[0, evaluation] > 3 * before[0, evaluation]
    assert after[1, layout] == pytest.approx(before[1, layout], abs=0.05)
    assert "20 coded sentences" in (tmp_path / "model" / "README.md").read_text(encoding="utf-8")


def test_an_inconsistent_gold_folder_changes_nothing(tmp_path: Path) -> None:
    folder = gold_of_ones_own(tmp_path / "mine")
    (folder / "codes.tsv").write_text("sid\tcodes\tstatus\na0\tnonsense\tdone\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"codes.tsv, line 2"):
        list(train_model([folder], tmp_path / "model"))
    assert not (tmp_path / "model").exists()


@pytest.mark.slow
def test_out_of_fold_measures_have_the_form_of_the_export(tmp_path: Path) -> None:
    evaluation = evaluate_folds([OWN], BOOK, folds=3)
    (result,) = evaluation.results
    assert result.scores.micro.f1 > 0.4
    row = evaluation.rows[0]
    text = (OWN / "texts" / f"{row['source']}.txt").read_text(encoding="utf-8")
    assert text[row["start"] : row["end"]] == row["evidence"]
    assert {"measure_id", "code", "status", "quantities", "confidence", "made_by"} <= set(row)
    write_rows(evaluation.rows, tmp_path / "out.jsonl")
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == len(evaluation.rows)
    assert "micro" in str(evaluation)


def test_more_folds_than_documents_are_refused() -> None:
    with pytest.raises(SettingsError, match="documents for 500 folds"):
        evaluate_folds([OWN], BOOK, folds=500)


def test_a_flat_curve_promises_nothing_a_rising_one_something() -> None:
    flat = [CurvePoint("x", 500, 0.8), CurvePoint("x", 1000, 0.8)]
    rising = [CurvePoint("y", 500, 0.7), CurvePoint("y", 1000, 0.8)]
    gains = next_labels(flat + rising)
    assert gains["x"] == 0
    assert 0.005 < gains["y"] < 0.01
