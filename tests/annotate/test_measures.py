"""Passages to measures: the shipped codebook and classifier joined, on sentences of our own."""

import pytest

from policy_corpus.annotate.codebook import Codebook
from policy_corpus.annotate.features import Unit, see
from policy_corpus.annotate.measures import Coder, evidence_of
from policy_corpus.annotate.passages import make_passages
from policy_corpus.corpus.coding.encoders import load_coder
from policy_corpus.records import Document, Kind
from policy_corpus.resources import load_codebook, models_dir


@pytest.fixture(scope="module")
def coder() -> Coder:
    return load_coder(load_codebook(models_dir() / "codebook.toml"), models_dir() / "classifier")


def coded(coder: Coder, body: str, kind: Kind = "news") -> list[set[str]]:
    passages = make_passages(Document("d", "c", "s", 1, "标题", body, kind))
    return [{coding.code for coding in codings} for codings in coder.code_passages(passages, kind)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全县四所城区小学与四所乡村小学结对帮扶。", {"pairing"}),
        ("县里组建五个教育集团，覆盖三十所学校。", {"group_schooling"}),
        ("全面推行教师县管校聘，八十名教师交流轮岗。", {"rotation"}),
        ("乡村教师每月享受津贴六百元。", {"incentives"}),
        ("今年公开招聘中小学教师九十名。", {"recruitment"}),
        ("新建小学三所，新增学位四千个。", {"layout"}),
        ("开展同课异构和联片教研活动。", {"teaching_research"}),
        ("通过专递课堂与城区学校同上一节课。", {"digital_sharing"}),
    ],
)
def test_a_plain_measure_gets_its_code(coder: Coder, text: str, expected: set[str]) -> None:
    assert coded(coder, text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "教育公平是社会公平的重要基础。",
        "城乡学校在师资、设施等方面仍有较大差距。",
        "来源：远江日报 责任编辑：某某",
        "学前教育毛入园率达到百分之九十六，义务教育巩固率达到百分之九十九。",
    ],
    ids=["slogan", "problem", "furniture", "targets"],
)
def test_what_is_no_measure_gets_none(coder: Coder, text: str) -> None:
    assert coded(coder, text) == [set()]


def test_in_a_work_report_only_sentences_on_education_are_coded(coder: Coder) -> None:
    body = "改造老旧小区四十个。\n新建公园六座、停车场三处。\n完成道路改造九公里。\n发展数字经济。\n新建小学两所，新增学位三千个。"
    assert coded(coder, body, "report") == [set(), set(), set(), set(), {"layout"}]


def test_a_long_sentence_gives_each_measure_its_own_clauses(coder: Coder) -> None:
    text = (
        "全县投入资金三亿元改造农村中小学校舍二十万平方米，组建城乡教育集团八个，吸纳成员学校四十二所参加。"
    )
    (codings,) = coder.code_passages(make_passages(Document("d", "c", "s", 1, "", text, "news")), "news")
    places = {coding.code: text[coding.start : coding.end] for coding in codings}
    assert places["group_schooling"] == "组建城乡教育集团八个，吸纳成员学校四十二所参加。"
    assert "组建" not in places["facilities"]


def test_evidence_ends_and_begins_with_words_of_its_own(coder: Coder) -> None:
    text = "全县今年改造农村中小学校舍二十万平方米并更新课桌椅两万套，并组建城乡教育集团八个，同时建立教师交流轮岗制度。"
    (codings,) = coder.code_passages(make_passages(Document("d", "c", "s", 1, "", text, "news")), "news")
    places = {coding.code: text[coding.start : coding.end] for coding in codings}
    assert places["facilities"].endswith("两万套")
    assert places["group_schooling"].startswith("组建") and not places["group_schooling"].endswith("，")


def test_evidence_of_a_code_without_label_is_the_sentence(coder: Coder) -> None:
    text = "投入资金三亿元改造农村中小学校舍二十万平方米，组建城乡教育集团八个，吸纳成员学校四十二所参加。"
    (seen,) = see([Unit(text)], coder.codebook)
    assert evidence_of(text, seen, "rotation") == (0, len(text))


def test_each_coding_says_why(coder: Coder) -> None:
    text = "城区学校与乡村学校结对帮扶。"
    ((coding,),) = coder.code_passages(make_passages(Document("d", "c", "s", 1, "", text, "news")), "news")
    assert "结对" in coding.why
    assert 0 < coding.confidence <= 1


def test_a_higher_threshold_finds_no_more(coder: Coder) -> None:
    text = "加强教师队伍建设。鼓励社会力量支持教育。开展校园文化活动。新建小学三所。"
    passages = make_passages(Document("d", "c", "s", 1, "", text, "template"))
    found = [
        sum(len(c) for c in coder.code_passages(passages, "template", threshold=t)) for t in (0.1, 0.5, 0.9)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[2]


def test_an_empty_document_has_no_measures(coder: Coder) -> None:
    assert coder.code_passages([], "other") == []


def test_a_code_of_ones_own_is_found_by_its_labels(coder: Coder) -> None:
    own = """
[[code]]
id = "meals"
zh = "供餐"
en = "Meals"
definition = "学校供餐"
labels = ["中央厨房", "集中供餐"]
examples = ["学校集中供餐。"]
counter_examples = ["饭店。"]
"""
    book = Codebook.parse((models_dir() / "codebook.toml").read_text(encoding="utf-8") + own)
    (codings,) = Coder(book, coder.classifier, coder.encoder).code_units([Unit("全县学校实行集中供餐。")])
    assert [(c.code, c.why) for c in codings if c.code == "meals"] == [("meals", "labels 集中供餐")]
