"""The codebook: what a label matches, which rules drop a hit, what `codebook check` says."""

import pytest

from policy_corpus.annotate.codebook import GAP, Codebook, check, expand
from policy_corpus.errors import SettingsError
from policy_corpus.resources import models_dir

SHIPPED = Codebook.parse((models_dir() / "codebook.toml").read_text(encoding="utf-8"))

SMALL = """
[[code]]
id = "pairing"
zh = "结对"
en = "Pairing"
definition = "帮扶"
labels = ["结对", "对口支援", "结对帮扶", "组建…联盟", "结为(对子|姊妹)"]
negative = ["结对帮扶贫困户", "产业联盟"]
examples = ["两校结对。"]
counter_examples = ["结对帮扶贫困户。"]

[[code]]
id = "funding"
zh = "经费"
en = "Funding"
definition = "钱"
labels = ["基金", "投入…元"]
examples = ["设立基金。"]
counter_examples = ["没有。"]

[[code]]
id = "incentives"
zh = "激励"
en = "Incentives"
definition = "奖励"
labels = ["奖励基金"]
examples = ["设立奖励基金。"]
counter_examples = ["没有。"]
"""


def found(text: str, codebook: Codebook | None = None) -> list[tuple[str, str]]:
    book = codebook or Codebook.parse(SMALL)
    return [(hit.code, text[hit.start : hit.end]) for hit in book.match(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("两校结对。", [("pairing", "结对")]),
        ("两校结对帮扶。", [("pairing", "结对帮扶")]),
        ("组建四个城乡联盟", [("pairing", "组建四个城乡联盟")]),
        ("结为姊妹", [("pairing", "结为姊妹")]),
        ("投入３亿元", [("funding", "投入３亿元")]),
    ],
)
def test_the_longest_label_is_found_with_its_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "结对帮扶贫困户八十户",
        "组建新能源产业联盟",
        "组建工作专班。各县联盟",
        "组建" + "很" * (GAP + 1) + "联盟",
    ],
    ids=["longer negative", "negative on a part", "gap over a sentence end", "gap too long"],
)
def test_what_only_looks_like_a_label_is_dropped(text: str) -> None:
    assert found(text) == []


def test_a_label_inside_a_longer_one_of_another_code_is_dropped() -> None:
    assert found("设立奖励基金") == [("incentives", "奖励基金")]


def test_a_negative_elsewhere_in_the_sentence_drops_nothing() -> None:
    assert found("结对帮扶贫困户，两校结对") == [("pairing", "结对")]


def test_alternatives_are_written_out() -> None:
    assert expand("结为(对子|姊妹)学校") == ["结为对子学校", "结为姊妹学校"]


@pytest.mark.parametrize("code", SHIPPED.codes, ids=lambda code: code.id)
def test_examples_of_the_shipped_codebook_hold(code) -> None:  # type: ignore[no-untyped-def]
    for text in code.examples:
        assert code.id in {hit.code for hit in SHIPPED.match(text)}, text
    for text in code.counter_examples:
        assert code.id not in {hit.code for hit in SHIPPED.match(text)}, text


def test_the_shipped_codebook_has_nothing_to_mend() -> None:
    assert len(SHIPPED.codes) == 16
    assert check(SHIPPED) == []


def test_a_sentence_of_another_field_is_out_of_scope() -> None:
    assert SHIPPED.in_scope("新建小学三所。")
    assert not SHIPPED.in_scope("新建公园三座，改造小区二十个。")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("labels = [", "labels = "), "not valid TOML"),
        (('id = "funding"', 'id = "pairing"'), "stands twice"),
        (('zh = "经费"', ""), "zh is missing"),
        (('id = "funding"', 'id = "Fund 1"'), "not an identifier"),
        (('labels = ["奖励基金"]', "labels = []"), "no labels"),
        (('"基金"', '"钱"'), "does not begin with 2 fixed characters"),
        (('"投入…元"', '"投入……元"'), "empty part"),
        (('definition = "钱"', 'definition = "钱"\nlable = ["x"]'), "unknown field 'lable'"),
        (('"投入…元"', "3"), "not a list of texts"),
    ],
)
def test_a_broken_codebook_is_refused_with_place_and_reason(change: tuple[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        Codebook.parse(SMALL.replace(*change), "mine.toml")
    assert "mine.toml" in str(refused.value)


def test_an_error_in_a_code_names_its_line() -> None:
    with pytest.raises(SettingsError, match="line 13, code funding"):
        Codebook.parse(SMALL.replace('zh = "经费"', ""), "mine.toml")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"奖励基金"', '"奖励基金", "结对"'), "'结对' stands in 'pairing' too"),
        (('"产业联盟"', '"结对"'), "is a label and a negative label"),
        (('"产业联盟"', '"城市公园"'), "drops nothing"),
        (('"产业联盟"', '"某联盟"'), "is dead"),
        (('examples = ["设立基金。"]', ""), "no examples"),
        (("设立基金。", "没有这些字。"), "no label found in the example"),
        (('counter_examples = ["结对帮扶贫困户。"]', 'counter_examples = ["两校结对。"]'), "counter-example"),
        (('"结对", "对口', '"结对", "结对", "对口'), "stands twice"),
    ],
)
def test_check_finds_what_a_reader_should_mend(change: tuple[str, str], said: str) -> None:
    findings = check(Codebook.parse(SMALL.replace(*change)))
    assert any(said in finding.message for finding in findings), findings
