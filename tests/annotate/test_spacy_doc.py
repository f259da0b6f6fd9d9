"""A spaCy Doc on our own words."""

import pytest

from policy_corpus.annotate.spacy_doc import make_doc
from policy_corpus.annotate.tokens import Tokenizer
from policy_corpus.records import Measure, Mention, Quantity

TEXT = "云岭县 投入3.5亿元，\n　新建学校12所 。"
AT = 100
MEASURE = Measure(
    "m1", "d", "c", "s", 1, "funding", "done", "投入3.5亿元", AT + 4, AT + 11, 0.9,
    quantities=(Quantity("3.5亿", 3.5e8, start=AT + 6, end=AT + 10),),
)  # fmt: skip
REGION = Mention("r1", "d", "region", AT, AT + 3, "云岭县", code="530999")


@pytest.fixture(scope="module")
def words() -> list[str]:
    return Tokenizer(["新建学校"]).cut(TEXT)


def test_the_text_is_kept_to_the_character(words: list[str]) -> None:
    assert make_doc(TEXT, words).text == TEXT


def test_words_are_ours(words: list[str]) -> None:
    assert [t.text for t in make_doc(TEXT, words) if not t.is_space] == words


@pytest.mark.parametrize(
    ("group", "text", "label", "place"),
    [
        ("measures", "投入3.5亿元", "funding", (4, 11)),
        ("quantities", "3.5亿", "amount", (6, 10)),
        ("regions", "云岭县", "530999", (0, 3)),
    ],
)
def test_spans_have_the_exact_characters_of_their_records(
    words: list[str], group: str, text: str, label: str, place: tuple[int, int]
) -> None:
    doc = make_doc(TEXT, words, [MEASURE], [REGION], offset=AT)
    (span,) = doc.spans[group]
    assert (span.text, span.label_, (span.start_char, span.end_char)) == (text, label, place)


def test_records_outside_the_text_are_left_out(words: list[str]) -> None:
    doc = make_doc(TEXT, words, [MEASURE], [REGION], offset=0)
    assert len(doc.spans["measures"]) == 0


def test_words_of_another_text_are_refused() -> None:
    with pytest.raises(ValueError, match="no word for the text"):
        make_doc(TEXT, ["云岭县"])
