"""Topics of a stored corpus: rows with passages that can be found again, and refusals in words."""

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

import policy_corpus as pc
from policy_corpus.annotate.passages import make_passages
from policy_corpus.cli.entry import app
from policy_corpus.records import Document
from policy_corpus.resources import load_tokenizer
from policy_corpus.store import tables
from policy_corpus.store.store import Store

SUBJECTS = (
    ("结对", "帮扶", "支援", "传帮带", "城乡", "牵手", "互助", "协作", "联盟", "薄弱学校"),
    ("平台", "同步课堂", "网络", "录播", "信息化", "直播", "专递课堂", "数字化", "宽带", "终端"),
    ("留守儿童", "资助", "助学金", "困难", "关爱", "控辍保学", "残疾", "营养餐", "寄宿", "孤儿"),
)


def document(number: int, sentences: int) -> Document:
    rng = random.Random(number)
    lines = ["、".join(rng.sample(words, 6)) + "。" for words in SUBJECTS for _ in range(sentences)]
    return Document(
        f"d{number:02}", f"c{number}", f"{number}.html", 1, f"第{number}号", "\n".join(lines), "policy"
    )


def corpus(folder: Path, documents: int, sentences: int = 30) -> Path:
    pc.init_corpus(folder)
    with Store.open(folder / "tables", create=True) as store:
        made = [document(n, sentences) for n in range(documents)]
        store.upsert(tables.DOCUMENTS, made)
        store.upsert(tables.PASSAGES, [p for d in made for p in make_passages(d, load_tokenizer())])
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus(tmp_path_factory.mktemp("topics") / "c", 14)


def test_rows_hold_words_figures_and_passages_of_the_store(built: Path) -> None:
    done = CliRunner().invoke(app, ["topics", str(built), "--whole-text", "-k", "3", "--json"])
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0 and len(rows) == 3
    found = pc.open_corpus(built)
    texts = {row["passage_id"]: row["text"] for row in found.rows("passages")}
    for row in rows:
        assert row["label"] and len(row["words"]) == 10 and 0 < row["share"] < 1 and row["stability"] > 0.5
        assert all(texts[p["passage_id"]] == p["text"] for p in row["passages"])
    assert {max(range(3), key=lambda s: len(set(row["words"]) & set(SUBJECTS[s]))) for row in rows} == {
        0,
        1,
        2,
    }


def test_the_table_shows_label_words_and_a_sentence(built: Path) -> None:
    done = CliRunner().invoke(app, ["topics", str(built), "--whole-text", "-k", "3"])
    assert done.exit_code == 0
    assert all(word in done.output for word in ("主题词", "稳定度", "常用语", "diversity", "whole text"))


def test_few_documents_are_refused_in_words(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["topics", str(corpus(tmp_path / "c", 3)), "--whole-text"])
    assert done.exit_code == 0 and "too little text for topics: 3 documents" in done.output


def test_an_empty_selection_names_its_filter(built: Path) -> None:
    done = CliRunner().invoke(app, ["topics", str(built), "--year", "1999"])
    assert done.exit_code == 0 and "--year 1999" in done.output


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["-k", "many"], "-k auto"),
        (["-k", "1"], "-k auto"),
        (["--method", "nfm"], "did you mean nmf?"),
        (["--seeded", "--method", "lda"], "nmf"),
    ],
)
def test_a_wrong_option_says_what_to_write(built: Path, options: list[str], says: str) -> None:
    done = CliRunner().invoke(app, ["topics", str(built), *options])
    assert done.exit_code != 0 and says in str(done.exception)
