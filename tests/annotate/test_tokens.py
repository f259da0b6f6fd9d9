"""Words, their places, and the policy lexicon."""

from pathlib import Path

import pytest

from policy_corpus.annotate.tokens import Tokenizer, parse_lexicon, parse_stop_words
from tests.shared import DATA, GOLD, needs_shared

LEXICON = Path(__file__).parents[2] / "policy_corpus" / "data" / "lexicon"
WORDS = [row.word for row in parse_lexicon((LEXICON / "policy_words.tsv").read_text(encoding="utf-8"))]


@pytest.fixture(scope="module", params=["rjieba", "jieba"])
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    if request.param == "rjieba":
        pytest.importorskip("rjieba")
    return Tokenizer(WORDS, engine=request.param)


@pytest.mark.parametrize(
    "word", ["集团化办学", "县管校聘", "教联体", "课后服务", "交流轮岗", "结对帮扶", "名师工作室"]
)
def test_words_of_the_lexicon_stay_whole(tokenizer: Tokenizer, word: str) -> None:
    assert word in tokenizer.cut(f"全县推进{word}改革。")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("学校和县管校聘", ["学校", "和", "县管校聘"]),
        ("教育集团化办学", ["教育", "集团化办学"]),
        ("在教联体内", ["在", "教联体", "内"]),
        ("投入2,300.5万元(GDP)", ["投入", "2,300.5", "万元", "(", "GDP", ")"]),
        ("2023-09-06 占25%", ["2023", "-", "09", "-", "06", "占", "25", "%"]),
        ("", []),
        (" \u3000\n", []),
    ],
)
def test_words_as_they_should_be(tokenizer: Tokenizer, text: str, expected: list[str]) -> None:
    assert tokenizer.cut(text) == expected


def test_a_short_word_is_not_found_across_borders(tokenizer: Tokenizer) -> None:
    assert "教育局" not in tokenizer.cut("开创教育局面")


def test_places_are_exact(tokenizer: Tokenizer) -> None:
    text = "　　县教联体 新增学位360个，\n其中小学 120个。𠮷校"
    tokens = tokenizer.tokenize(text)
    assert all(text[t.start : t.end] == t.text for t in tokens)
    assert "".join(t.text for t in tokens) == "".join(text.split())


@needs_shared
def test_both_engines_cut_real_text_alike() -> None:
    pytest.importorskip("rjieba")
    fast, plain = Tokenizer(WORDS, engine="rjieba"), Tokenizer(WORDS, engine="jieba")
    paths = [
        *sorted((DATA / "reports-2024").glob("*.txt"))[:6],
        *sorted((GOLD / "seeds" / "texts").iterdir()),
    ]
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if fast.cut(line) != plain.cut(line)] == []


def test_jieba_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Tokenizer(engine="jieba").cut("全县推进改革")
    assert capsys.readouterr() == ("", "")


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(ValueError, match="pkuseg"):
        Tokenizer(engine="pkuseg")


def test_the_lexicon_is_large_enough_and_glossed() -> None:
    rows = parse_lexicon((LEXICON / "policy_words.tsv").read_text(encoding="utf-8"))
    assert 300 <= len(rows) <= 600
    assert all(row.gloss for row in rows)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("word\tpos\tgroup\tgloss\n走教\tv\n", "line 2"),
        (
            "word\tpos\tgroup\tgloss\n走教\tv\trotation\tx\n走教\tv\trotation\tx\n",
            "line 3: 走教 stands twice",
        ),
    ],
)
def test_a_broken_lexicon_names_its_line(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_lexicon(text)


def test_stop_words_hold_function_words_and_no_measures() -> None:
    stop_words = parse_stop_words((LEXICON / "stop_words.txt").read_text(encoding="utf-8"))
    assert {"的", "和", "进一步"} <= stop_words
    assert not stop_words & set(WORDS)


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_words_of_the_hmm_are_not_known(engine: str) -> None:
    tokenizer = Tokenizer(["教联体"], engine)
    assert tokenizer.cut("教联体") == ["教联体"]
    assert tokenizer.knows("教联体") and tokenizer.knows("教师")
    assert not tokenizer.knows("联合体化") and not tokenizer.knows("走校教")
