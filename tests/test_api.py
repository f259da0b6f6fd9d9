"""The public names, and each used once as the manual says."""

import pytest

import policy_corpus as pc
from policy_corpus.resources import sample_corpus_dir

PUBLIC = [
    "Capture",
    "Corpus",
    "CorpusError",
    "Document",
    "Filter",
    "Issue",
    "Measure",
    "Mention",
    "Partners",
    "Passage",
    "PolicyCorpusError",
    "Quantity",
    "SettingsError",
    "clean_page",
    "find_measures",
    "find_partners",
    "find_quantities",
    "find_regions",
    "init_corpus",
    "open_corpus",
    "split_sentences",
    "tokenize",
]

SENTENCE = "我县组建6个教育集团，选派120名教师到农村学校交流轮岗。"


def test_the_public_names_are_these() -> None:
    assert dir(pc) == pc.__all__ == PUBLIC
    assert all(getattr(pc, name) is not None for name in PUBLIC)


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("kangbashi-gbk-2025.html", "康巴什：把最好的房子留给学校"),
        ("luxi-report-2026.docx", "芦溪县“十四五”时期基础教育工作总结"),
        ("suichuan-opinion-2018.pdf", "关于统筹推进县域内城乡义务教育一体化改革发展的实施意见"),
    ],
)
def test_a_page_becomes_documents(page: str, title: str) -> None:
    (document,) = pc.clean_page((sample_corpus_dir() / "pages" / page).read_bytes())
    assert document.title == title


def test_a_text_becomes_measures_with_numbers() -> None:
    measures = {m.code: m for m in pc.find_measures(SENTENCE)}
    assert {"group_schooling", "rotation"} <= set(measures)
    assert all(SENTENCE[m.start : m.end] == m.evidence and m.status == "done" for m in measures.values())


def test_regions_know_their_home() -> None:
    (mention,) = pc.find_regions("我县组建6个教育集团", home="510525")
    assert (mention.code, mention.text) == ("510525", "我县")


def test_quantities_partners_sentences_and_words() -> None:
    assert [(q.value, q.unit) for q in pc.find_quantities(SENTENCE)] == [(6, "个"), (120, "名")]
    (pairing,) = pc.find_partners("渭滨、金台、陈仓、高新区对口支援麟游、千阳、陇县、凤县")
    assert pairing.givers == ("渭滨", "金台", "陈仓", "高新区") and pairing.receivers == (
        "麟游",
        "千阳",
        "陇县",
        "凤县",
    )
    assert len(pc.split_sentences(SENTENCE * 2)) == 2
    assert "交流轮岗" in [token.text for token in pc.tokenize(SENTENCE)]
