"""Gold folders: the documented TSV format, read whole or refused with file, line and reason."""

from pathlib import Path

import pytest

from policy_corpus.corpus.coding.gold import read_gold, read_texts
from policy_corpus.errors import SettingsError
from tests.shared import GOLD, needs_shared

CODES = ("pairing", "rotation")
SENTENCES = "sid\tstart\tend\ttext\npage#L0.0\t0\t5\t两校结对。\npage#L0.1\t5\t9\t天气好。\n"
CODED = "sid\tkeep\tdoc\tcodes\tstatus\tquantities\npage#L0.0\tkeep\t1\tpairing\tdone\t\npage#L0.1\tdrop\t\t\t\t\n"
DOCS = "page\tdoc\tdoc_type\npage\t1\tnews\n"


def folder(tmp_path: Path, sentences: str = SENTENCES, codes: str = CODED, docs: str | None = DOCS) -> Path:
    (tmp_path / "sentences.tsv").write_text(sentences, encoding="utf-8")
    (tmp_path / "codes.tsv").write_text(codes, encoding="utf-8")
    if docs:
        (tmp_path / "docs.tsv").write_text(docs, encoding="utf-8")
    return tmp_path


def test_a_gold_folder_is_read(tmp_path: Path) -> None:
    first, second = read_gold(folder(tmp_path), CODES).sentences
    assert (first.text, first.codes, first.status, first.kind) == (
        "两校结对。",
        frozenset({"pairing"}),
        "done",
        "news",
    )
    assert (first.file, first.group, first.keep) == ("page", "page#1", True)
    assert not second.keep


def test_sentences_and_codes_alone_are_enough(tmp_path: Path) -> None:
    gold = read_gold(
        folder(tmp_path, "sid\ttext\na\t两校结对。\n", "sid\tcodes\tstatus\na\tpairing\tdone\n", None), CODES
    )
    assert [(s.codes, s.kind, s.keep) for s in gold.sentences] == [(frozenset({"pairing"}), "other", True)]


def test_texts_beside_the_gold_are_found(tmp_path: Path) -> None:
    gold = read_gold(folder(tmp_path), CODES)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "page.txt").write_text("两校结对。天气好。", encoding="utf-8")
    assert read_texts(gold) == {"page": "两校结对。天气好。"}


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("codes", ("pairing", "paring"), r"code 'paring' is not in the codebook .*codes.tsv, line 2"),
        ("codes", ("\tdone", "\t"), r"has no status .*codes.tsv, line 2"),
        ("codes", ("\tdone", "\tmaybe"), r"status 'maybe' is not known .*line 2"),
        ("codes", ("page#L0.1\t", "page#L0.0\t"), r"coded twice .*codes.tsv, line 3"),
        (
            "codes",
            ("page#L0.1\t", "page#L9.9\t"),
            r"page#L0.1 has no line in codes.tsv .*sentences.tsv, line 3",
        ),
        ("codes", ("status", "state"), r"column 'status' is missing .*line 1"),
        ("codes", ("\tdone\t", "\tdone"), r"5 cells where the header has 6 .*line 2"),
        ("sentences", ("0\t5", "0\tfive"), r"'five' is not a whole number .*sentences.tsv, line 2"),
        ("sentences", ("5\t9", "9\t5"), r"end 5 lies before start 9 .*line 3"),
        ("sentences", ("天气好。", ""), r"text is empty .*line 3"),
        ("sentences", ("page#L0.1", "page#L0.0"), r"stands twice .*line 3"),
        ("docs", ("news", "novel"), r"doc_type 'novel' is not known .*docs.tsv, line 2"),
    ],
)
def test_an_inconsistent_file_is_refused_with_line_and_reason(
    tmp_path: Path, file: str, change: tuple[str, str], said: str
) -> None:
    texts = {"sentences": SENTENCES, "codes": CODED, "docs": DOCS}
    texts[file] = texts[file].replace(*change, 1)
    with pytest.raises(SettingsError, match=said):
        read_gold(folder(tmp_path, **texts), CODES)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"file is missing .*sentences.tsv"):
        read_gold(tmp_path, CODES)


def test_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "sentences.tsv").write_bytes(SENTENCES.encode("gb18030"))
    with pytest.raises(SettingsError, match=r"not UTF-8 .*sentences.tsv, line 2"):
        read_gold(tmp_path, CODES)


@needs_shared
@pytest.mark.parametrize("name", ["seeds", "reports", "training"])
def test_the_shared_gold_is_consistent(name: str) -> None:
    from policy_corpus.annotate.codebook import Codebook
    from policy_corpus.resources import models_dir

    codes = Codebook.parse((models_dir() / "codebook.toml").read_text(encoding="utf-8")).ids
    assert len(read_gold(GOLD / name, codes).sentences) > 600
