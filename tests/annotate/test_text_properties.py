"""What holds for any text: nothing lost, nothing doubled, places exact."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from policy_corpus.annotate.headings import read_lines
from policy_corpus.annotate.passages import make_passages
from policy_corpus.annotate.sentences import split_clauses, split_sentences
from policy_corpus.annotate.tokens import Tokenizer
from policy_corpus.records import Document

PIECES = st.sampled_from(
    [
        *"一二（）()《》“”。！？；;，,.…、：1023 \n　a%①—第章条将已要了",
        "学校",
        "县管校聘",
        "教育集团",
        "化办学",
        "（一）",
        "2024年",
        "\u200b",
        "𠮷",
    ]
)
TEXTS = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=60)
TOKENIZER = Tokenizer(["县管校聘", "教育集团", "集团化办学", "教联体"])


def dense(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_sentences_follow_each_other_and_leave_only_blanks_out(text: str) -> None:
    spans = split_sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(text[start:end].strip() and "\n" not in text[start:end] for start, end in spans)
    kept = "".join(text[start:end] for start, end in spans)
    assert dense(kept).replace("\u200b", "").replace("\ufeff", "") == dense(text).replace(
        "\u200b", ""
    ).replace("\ufeff", "")


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_clauses_tile_any_text(text: str) -> None:
    assert "".join(text[start:end] for start, end in split_clauses(text)) == text


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_words_stand_where_they_say(text: str) -> None:
    tokens = TOKENIZER.tokenize(text)
    assert all(text[t.start : t.end] == t.text for t in tokens)
    assert "".join(t.text for t in tokens) == dense(text)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_every_passage_quotes_its_body_and_has_a_line(body: str) -> None:
    passages = make_passages(Document("d", "c", "s", 1, "", body, "news"), TOKENIZER)
    assert all(body[p.start : p.end] == p.text for p in passages)
    assert all(line.start < line.end for line in read_lines(body))
