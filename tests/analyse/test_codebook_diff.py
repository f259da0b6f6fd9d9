"""What an edit of the codebook changes, label by label, before anything is rebuilt."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from policy_corpus.analyse.codebook_compare import Comparison, edits_between
from policy_corpus.analyse.codebook_diff import CodebookDiff, Edit
from policy_corpus.annotate.codebook import Codebook
from policy_corpus.annotate.passages import make_passages
from policy_corpus.corpus import init_corpus, open_corpus
from policy_corpus.errors import SettingsError
from policy_corpus.records import Document
from policy_corpus.resources import models_dir

OLD = """
scope = ["学校", "教师", "校园"]
[[code]]
id = "pairing"
zh = "结对帮扶"
en = "Pairing"
definition = "固定的帮扶关系。"
labels = ["结对", "帮扶…学校"]
[[code]]
id = "training"
zh = "培训研修"
en = "Training"
definition = "教师的培训。"
labels = ["培训", "教师培训", "研修"]
negative = ["培训机构"]
"""
TEXTS = {
    "云岭县": "全县学校结对六十组。\n开展教师培训。\n规范校外培训机构。",
    "远江县": "组织校园安全演练。\n干部结对走访。\n县里帮扶三所学校。",
    "青石县": "修建公路。",
}


def document(region: str, text: str) -> Document:
    return Document(
        document_id=f"d{region}", capture_id="", source=f"{region}.txt", part=1, title="", body=text,
        kind="report", region_name=region,
    )  # fmt: skip


def compared(old: str, new: str) -> CodebookDiff:
    comparison = Comparison.of(Codebook.parse(old), Codebook.parse(new), None, 0.0, None)
    for region, text in TEXTS.items():
        made = document(region, text)
        comparison.add(made, make_passages(made))
    return comparison.result()


def gains_and_losses(diff: CodebookDiff) -> dict[str, tuple[int, int]]:
    return {code.code: (code.gained["labels"], code.lost["labels"]) for code in diff.codes}


def test_edits_name_code_role_label_and_direction() -> None:
    new = OLD.replace('"研修"', '"研训"').replace('"培训机构"', '"培训机构", "培训班"')
    assert list(edits_between(Codebook.parse(OLD), Codebook.parse(new))) == [
        Edit("training", "label", "研修", "removed"),
        Edit("training", "label", "研训", "added"),
        Edit("training", "negative", "培训班", "added"),
    ]


@pytest.mark.parametrize(
    ("was", "now", "code", "gained", "lost", "reason"),
    [
        ('"结对", ', "", "pairing", 0, 2, "label '结对' removed"),
        ('"结对", ', '"结对", "校园安全", ', "pairing", 1, 0, "label '校园安全' added"),
        ('negative = ["培训机构"]', "", "training", 1, 0, "negative label '培训机构' removed"),
        ('["培训机构"]', '["培训机构", "开展教师培训"]', "training", 0, 1, "negative label '开展教师培训' added"),
        ('"结对", ', '"结对", "开展教师培训", ', "training", 0, 1, "longer label '开展教师培训' of pairing added"),
    ],
)  # fmt: skip
def test_an_edit_moves_sentences_and_is_named_as_the_reason(
    was: str, now: str, code: str, gained: int, lost: int, reason: str
) -> None:
    diff = compared(OLD, OLD.replace(was, now, 1))
    assert gains_and_losses(diff)[code] == (gained, lost)
    effect = next(c for c in diff.codes if c.code == code)
    (example, *_) = effect.examples if gained else effect.lost_examples
    assert reason in example.reason and example.text[example.start : example.end] in example.text


def test_a_label_inside_another_that_stays_changes_nothing_but_is_counted() -> None:
    diff = compared(OLD, OLD.replace('"教师培训", ', ""))
    (effect,) = diff.edits
    assert (effect.stands_in, effect.gained, effect.lost) == (1, 0, 0)
    assert diff.codes == () and diff.documents == ()


def test_a_gap_in_an_edited_label_reaches_as_far_as_the_codebook_says() -> None:
    diff = compared(OLD, OLD.replace(', "帮扶…学校"', ""))
    assert diff.edits[0].stands_in == 1 and gains_and_losses(diff) == {"pairing": (0, 1)}


def test_documents_and_regions_that_change_are_named_those_that_lose_a_code_altogether_too() -> None:
    diff = compared(OLD, OLD.replace('"结对", ', ""))
    assert [d.region for d in diff.documents] == ["云岭县", "远江县"] and diff.read == 3
    assert diff.regions == ("云岭县", "远江县")
    (pairing,) = diff.codes
    assert pairing.left_documents == {"d云岭县"} and not pairing.new_documents


def test_the_shortcut_over_untouched_sentences_gives_what_matching_everything_gives() -> None:
    new = Codebook.parse(OLD.replace('"结对", ', '"走访", ').replace('"培训机构"', '"教师培训"'))
    old = Codebook.parse(OLD)
    lines = [line for text in TEXTS.values() for line in text.split("\n")]
    moved = sum(len({h.code for h in old.match(line)} ^ {h.code for h in new.match(line)}) for line in lines)
    diff = compared(OLD, OLD.replace('"结对", ', '"走访", ').replace('"培训机构"', '"教师培训"'))
    assert sum(sum(pair) for pair in gains_and_losses(diff).values()) == moved


def test_a_new_code_is_shown_as_such_by_its_labels() -> None:
    new = (
        OLD
        + '[[code]]\nid = "safety"\nzh = "校园安全"\nen = "Safety"\ndefinition = "安全。"\nlabels = ["安全演练"]\n'
    )
    (safety,) = compared(OLD, new).codes
    assert (safety.code, safety.change, safety.gained["labels"]) == ("safety", "added", 1)


def test_the_same_codebook_in_another_order_changes_nothing() -> None:
    parsed = Codebook.parse(OLD)
    turned = Codebook.parse(OLD.replace('"培训", "教师培训", "研修"', '"研修", "教师培训", "培训"'))
    assert list(edits_between(parsed, turned)) == []


def test_rows_are_plain_values() -> None:
    rows = list(compared(OLD, OLD.replace('"结对", ', "")).rows())
    assert json.loads(json.dumps(rows)) == rows
    assert [row["row"] for row in rows] == ["summary", "code", "edit", "document", "document"]


def test_memory_holds_a_few_examples_only() -> None:
    comparison = Comparison.of(
        Codebook.parse(OLD), Codebook.parse(OLD.replace('"结对", ', "")), None, 0.0, None
    )
    base = document("云岭县", "学校结对。")
    for n in range(20):
        made = replace(base, document_id=f"d{n:02}")
        comparison.add(made, make_passages(made))
    (pairing,) = comparison.result().codes
    assert pairing.lost["labels"] == 20 and len(pairing.lost_examples) == 3


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("diff")
    lines = ["云岭县教育工作总结", "我县学校结对帮扶六十组。", "全县培训教师300名。", "组织三次紫荆花演练。"]
    lines += [f"第{n}所乡村学校的教室、食堂和操场已经改造完毕，师生都很满意。" for n in "一二三四五六"]
    text = "\n".join(lines)
    (folder / "云岭县.txt").write_text(text, encoding="utf-8")
    init_corpus(folder / "c")
    made = open_corpus(folder / "c")
    made.add([folder / "云岭县.txt"])
    made.build(workers=1)
    return folder / "c"


@pytest.fixture
def books(tmp_path: Path) -> tuple[Path, Path]:
    """The shipped codebook, and a copy of it to be edited."""
    text = (models_dir() / "codebook.toml").read_text(encoding="utf-8")
    (tmp_path / "new.toml").write_text(text, encoding="utf-8")
    return models_dir() / "codebook.toml", tmp_path / "new.toml"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "policy_corpus", "codebook", "diff", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_equal_codebooks_code_alike(corpus: Path, books: tuple[Path, Path]) -> None:
    diff = open_corpus(corpus).compare_codebooks(*books)
    assert diff.codes == () and "code alike" in diff.summary()[0]


def test_a_code_unknown_to_the_classifier_leaves_labels_and_asks_for_training(
    corpus: Path, books: tuple[Path, Path]
) -> None:
    old, new = books
    entry = '\n[[code]]\nid = "safety"\nzh = "校园安全"\nen = "Safety"\ndefinition = "安全。"\nlabels = ["紫荆花"]\n'
    new.write_text(new.read_text(encoding="utf-8") + entry, encoding="utf-8")
    done = run(old, new, corpus, "--json")
    summary, safety, *_ = (json.loads(line) for line in done.stdout.splitlines())
    assert summary["layer"] == "labels" and "'safety'" in summary["retrain"]
    assert (safety["code"], safety["label_sentences_gained"], safety["measures_gained"]) == (
        "safety",
        1,
        None,
    )
    assert "policy-corpus train" in done.stderr


def test_a_label_edit_is_followed_to_measures_and_writes_nothing(
    corpus: Path, books: tuple[Path, Path]
) -> None:
    old, new = books
    new.write_text(new.read_text(encoding="utf-8").replace('"结对", ', "", 1), encoding="utf-8")
    before = {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()}
    diff = open_corpus(corpus).compare_codebooks(old, new)
    assert diff.layer == "measures" and diff.retrain is None and diff.read == 1
    assert {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('id = "rotation"', "id = rotation", "line"),
        ('zh = "交流轮岗"\n', "", "zh is missing"),
        ('id = "rotation"', 'id = "pairing"', "stands twice"),
        ('labels = [\n  "交流轮岗", ', 'labels = [\n  "轮", ', "does not begin with 2 fixed characters"),
    ],
)
def test_a_codebook_that_cannot_be_used_names_file_and_reason(
    corpus: Path, books: tuple[Path, Path], was: str, now: str, says: str
) -> None:
    old, new = books
    text = new.read_text(encoding="utf-8")
    assert was in text
    new.write_text(text.replace(was, now, 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"new\.toml") as caught:
        open_corpus(corpus).compare_codebooks(old, new)
    assert says in str(caught.value)


def test_an_unusable_codebook_ends_the_command_with_2_and_one_line(
    corpus: Path, books: tuple[Path, Path]
) -> None:
    old, new = books
    new.write_text(new.read_text(encoding="utf-8").replace('id = "rotation"', "id = rotation", 1), "utf-8")
    done = run(old, new, corpus)
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr
    assert "line" in done.stderr and "new.toml" in done.stderr


@pytest.mark.parametrize(
    ("data", "says"), [(None, "no codebook here"), (b"id = '\xff'\n", r"not UTF-8 \(line 1\)"), (b"", "code")]
)
def test_a_file_that_is_no_codebook_is_named(
    corpus: Path, books: tuple[Path, Path], tmp_path: Path, data: bytes | None, says: str
) -> None:
    path = tmp_path / "odd.toml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(SettingsError, match=f"{says}.*odd.toml"):
        open_corpus(corpus).compare_codebooks(books[0], path)
