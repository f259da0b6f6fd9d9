"""The classifier: fitted on a few made sentences, saved, read, explained; the shipped one on plain cases."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from policy_corpus.annotate.classifier import Classifier
from policy_corpus.annotate.classifier_fit import Labelled, choose_thresholds, fit, fold_of, label_odds
from policy_corpus.annotate.codebook import Codebook
from policy_corpus.annotate.features import Unit, see
from policy_corpus.corpus.coding.encoders import STATIC, load_encoder, read_classifier, save_classifier
from policy_corpus.errors import SettingsError
from policy_corpus.resources import models_dir

BOOK = Codebook.parse((models_dir() / "codebook.toml").read_text(encoding="utf-8"))
PAIRING = ["两校结对互助。", "城乡学校结对帮扶。", "教师师徒结对。", "对口支援乡村学校。"]
LAYOUT = ["新建小学三所。", "新增学位两千个。", "撤并教学点五个。", "迁建第二中学。"]
NOTHING = ["会议在县城召开。", "各位代表审议。", "意义十分重大。", "作者单位不详。"]


def labelled() -> Labelled:
    texts = (PAIRING + LAYOUT + NOTHING) * 5
    groups = tuple(f"d{i // 12}-{i % 3}" for i in range(len(texts)))
    gold = np.zeros((len(texts), len(BOOK.ids)), bool)
    for i, text in enumerate(texts):
        gold[i, BOOK.ids.index("pairing")] = text in PAIRING
        gold[i, BOOK.ids.index("layout")] = text in LAYOUT
    seen = tuple(see([Unit(text) for text in texts], BOOK))
    return Labelled(seen, groups, gold, np.zeros_like(gold), np.ones(len(texts), np.float32))


@pytest.fixture(scope="module")
def small() -> Classifier:
    return fit(labelled(), BOOK.ids)


@pytest.mark.parametrize(
    ("text", "code"), [("三所学校结对。", "pairing"), ("新建小学一所，新增学位三百个。", "layout")]
)
def test_a_fitted_classifier_finds_what_it_was_shown(small: Classifier, text: str, code: str) -> None:
    shown, other = small.probabilities([Unit(text), Unit("会议在学校召开。")], BOOK)
    column = small.codes.index(code)
    assert shown.argmax() == column
    assert shown[column] > 0.3 > other[column]


def test_fitting_twice_gives_the_same_weights(small: Classifier) -> None:
    again = fit(labelled(), BOOK.ids).to_arrays()
    for name, array in small.to_arrays().items():
        assert np.array_equal(array, again[name]), name


def test_a_saved_classifier_predicts_the_same(small: Classifier, tmp_path: Path) -> None:
    save_classifier(small, tmp_path)
    units = [Unit(text) for text in PAIRING + LAYOUT + NOTHING]
    read = read_classifier(tmp_path)
    assert np.array_equal(read.probabilities(units, BOOK), small.probabilities(units, BOOK))
    assert [p.name for p in tmp_path.iterdir()] == ["classifier.npz"]


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "classifier.npz").write_bytes(b"PK\x03\x04 not a model")
    with pytest.raises(SettingsError, match="not a classifier"):
        read_classifier(tmp_path)


def test_a_missing_classifier_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="policy-corpus train"):
        read_classifier(tmp_path)


def test_no_sentences_no_probabilities(small: Classifier) -> None:
    assert small.probabilities([], BOOK).shape == (0, 16)


def test_reasons_name_the_words(small: Classifier) -> None:
    (seen,) = see([Unit("城乡学校结对。")], BOOK)
    assert any("结对" in name for name in small.reasons(seen, ["pairing"], most=5)["pairing"])


def test_the_value_of_a_label_is_smoothed() -> None:
    odds = label_odds({"a": 9, "b": 0}, {"a": 9, "b": 0})
    assert odds == {"a": pytest.approx(np.log(10), abs=1e-3), "b": 0.0}


def test_a_document_stays_in_its_fold_whatever_else_comes() -> None:
    assert fold_of("reports:a#1", 5) == fold_of("reports:a#1", 5)
    assert {fold_of(f"d{i}", 4) for i in range(50)} == {0, 1, 2, 3}


def test_thin_gold_draws_the_threshold_to_the_common_one() -> None:
    """Of two codes one has its best threshold at .4 and most of the gold, the other one at .5."""
    probability = np.array([[0.45, 0.0]] * 300 + [[0.35, 0.0]] * 100 + [[0.0, 0.55]] * 3 + [[0.0, 0.45]] * 9)
    gold = np.array([[True, False]] * 300 + [[False] * 2] * 100 + [[False, True]] * 3 + [[False] * 2] * 9)
    common, thin = choose_thresholds(probability.astype(np.float32), gold, np.zeros_like(gold))
    assert 0.35 < common <= 0.45
    assert common < thin < common + 0.01


def context() -> Sequence[Unit]:
    heading, text = "结对帮扶", "学校之间互相往来；开展活动。"
    return [
        Unit(text),
        Unit(text, headings=(heading,)),
        Unit(text, previous="两校结对互助。", following="意义重大。"),
    ]


def test_the_first_level_hears_the_heading_and_the_neighbours(small: Classifier) -> None:
    column = small.codes.index("pairing")
    first = small.first_level(see(context(), BOOK))
    bare, below, between = first.above[:, column]
    assert below > bare == between
    bare, below, between = first.beside[:, column]
    assert between > bare == below
    assert np.ptp(first.logits, axis=0).max() == 0


def test_the_strongest_clause_speaks_for_its_code(small: Classifier) -> None:
    text = "会议在县城召开，各位代表审议，意义十分重大；城乡学校结对帮扶。"
    first = small.first_level(see([Unit(text), Unit("城乡学校结对帮扶。")], BOOK))
    column = small.codes.index("pairing")
    assert first.clauses[0, column] > 0
    assert first.clauses[1, column] == 0


def test_clauses_and_neighbours_have_vectors_of_their_own() -> None:
    units = [Unit("新建小学三所；组建教育集团五个。", previous="两校结对互助。")]
    (seen,) = see(units, BOOK, load_encoder(STATIC))
    assert seen.before is not None and seen.above is None
    parts = [seen, seen.before, *seen.clauses]
    assert len(seen.clauses) == 2
    assert len({part.vector.tobytes() for part in parts if part.vector is not None}) == 4


@pytest.mark.parametrize(
    ("heading", "framed"),
    [
        ("二、工作目标", True),
        ("（一）确立总体目标", True),
        ("五、结语", True),
        ("三、存在的问题", True),
        ("（三）解决教师短缺问题", False),
        ("二、工作总结", False),
        ("三、目标任务与主要措施", False),
        ("一、结对帮扶", False),
        ("", False),
    ],
)
def test_sections_that_name_no_acts_are_known_by_their_heading(heading: str, framed: bool) -> None:
    (seen,) = see([Unit("加强教师队伍建设。", headings=(heading,) if heading else ())], BOOK)
    assert seen.framed is framed


def test_a_list_of_attachments_names_no_acts() -> None:
    (seen,) = see([Unit("四、附件：1.学校布局调整方案2.教师培训计划")], BOOK)
    assert seen.framed
