"""Topics: planted subjects are found, and come again whatever the order, the seed or the start."""

import math
import random
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from policy_corpus.analyse.linguistics.texts import Text, content_filter
from policy_corpus.analyse.topics.choose import Point, best_number
from policy_corpus.analyse.topics.coherence import c_v, count_together, diversity, npmi
from policy_corpus.analyse.topics.find import MIN_TEXTS, Seed, TooLittleTextError, Topics, find_topics
from policy_corpus.analyse.topics.labels import Phrase, choose_labels, topic_phrases
from policy_corpus.analyse.topics.model import TopicModel
from policy_corpus.analyse.topics.stability import agreement, first_words, overlaps
from policy_corpus.analyse.topics.units import cut_units, topic_filter, vocabulary_of

SUBJECTS = {
    "结对": [
        "结对",
        "帮扶",
        "对口",
        "支援",
        "传帮带",
        "城乡",
        "薄弱",
        "牵手",
        "互助",
        "受援",
        "名校",
        "协作",
    ],
    "数字": [
        "平台",
        "同步",
        "课堂",
        "网络",
        "资源",
        "录播",
        "信息化",
        "直播",
        "专递",
        "终端",
        "宽带",
        "数字化",
    ],
    "资助": [
        "留守",
        "儿童",
        "资助",
        "困难",
        "助学金",
        "贫困",
        "关爱",
        "控辍",
        "保学",
        "残疾",
        "营养",
        "寄宿",
    ],
}
COMMON = ["学校", "教师", "学生", "全县", "各校"]
KEEP = topic_filter(content_filter(("的", "和")), ("云岭县",))


WIDE = {name: [word + end for word in words for end in "甲乙丙"] for name, words in SUBJECTS.items()}


def planted(texts: int = 30, seed: int = 0, subjects: Mapping[str, Sequence[str]] = SUBJECTS) -> list[Text]:
    """Documents that turn to each of three subjects, nine sentences a subject."""
    rng = random.Random(seed)
    found = []
    for number in range(texts):
        sentences = []
        for words in subjects.values():
            sentences += [(*rng.sample(words, 7), rng.choice(COMMON), "。") for _ in range(18)]
        found.append(Text(f"d{number:02}", tuple(sentences)))
    return found


@pytest.fixture(scope="module")
def found() -> Topics:
    return find_topics(planted(), KEEP, 3)


def test_each_planted_subject_is_a_topic(found: Topics) -> None:
    own = [set(topic.words[:10]) for topic in found.topics]
    for words in SUBJECTS.values():
        assert max(len(topic & set(words)) for topic in own) >= 9


def test_planted_topics_are_stable_and_coherent(found: Topics) -> None:
    assert found.is_finding and all(topic.is_stable for topic in found.topics)
    assert found.npmi > 0.2 and found.c_v > 0.5


def test_shares_sum_to_one(found: Topics) -> None:
    assert sum(topic.share for topic in found.topics) == pytest.approx(1, abs=0.001)


def test_the_order_of_documents_changes_nothing(found: Topics) -> None:
    texts = planted()
    random.Random(3).shuffle(texts)
    assert find_topics(texts, KEEP, 3) == found


def test_two_documents_swapped_change_nothing(found: Topics) -> None:
    texts = planted()
    texts[4], texts[5] = texts[5], texts[4]
    assert find_topics(texts, KEEP, 3) == found


@pytest.mark.parametrize("seed", [1, 2])
def test_another_seed_gives_the_same_topics(found: Topics, seed: int) -> None:
    other = find_topics(planted(), KEEP, 3, random_state=seed)
    assert agreement([t.words[:10] for t in found.topics], [t.words[:10] for t in other.topics]) > 0.8


def test_passages_show_their_topic(found: Topics) -> None:
    texts = {text.text_id: text for text in planted()}
    for topic in found.topics:
        assert topic.places
        for place in topic.places:
            assert len(set(texts[place.text_id].sentences[place.sentence]) & set(topic.words[:12])) >= 6


def test_passages_come_from_different_documents(found: Topics) -> None:
    for topic in found.topics:
        ids = [place.text_id for place in topic.places]
        assert len(set(ids)) == len(ids)


def test_lda_finds_them_too() -> None:
    own = [set(t.words[:10]) for t in find_topics(planted(), KEEP, 3, "lda").topics]
    assert all(max(len(topic & set(words)) for topic in own) >= 8 for words in SUBJECTS.values())


def test_the_curve_finds_about_as_many_topics_as_were_planted() -> None:
    topics = find_topics(planted(subjects=WIDE), KEEP)
    assert 3 <= len(topics.topics) <= 4 and topics.curve


def test_a_seeded_topic_has_the_label_of_its_code_and_its_words() -> None:
    seeds = [Seed("pairing", "结对帮扶", ("结对", "帮扶", "对口", "传帮带"))]
    topics = find_topics(planted(), KEEP, 2, seeds=seeds)
    first = topics.topics[0]
    assert (first.code, first.label) == ("pairing", "结对帮扶") and {"结对", "帮扶"} <= set(first.words[:12])
    assert len(topics.topics) == 3 and not topics.unseeded


def test_a_code_that_hardly_stands_in_the_text_seeds_nothing_and_is_named() -> None:
    seeds = [Seed("recruitment", "补充招聘", ("特岗", "公开招聘"))]
    topics = find_topics(planted(), KEEP, 3, seeds=seeds)
    assert topics.unseeded == ("recruitment",) and len(topics.topics) == 3


@pytest.mark.parametrize("texts", [0, 1, MIN_TEXTS - 1])
def test_few_documents_are_refused_in_words(texts: int) -> None:
    with pytest.raises(TooLittleTextError, match=f"{texts} documents"):
        find_topics(planted(texts), KEEP)


def test_short_documents_are_refused_in_words() -> None:
    texts = [Text(f"d{n}", (("结对", "帮扶", "对口", "支援"),)) for n in range(20)]
    with pytest.raises(TooLittleTextError, match="stretches"):
        find_topics(texts, KEEP)


@pytest.mark.parametrize("word", ["云岭县", "的", "2018", "校", "，"])
def test_place_names_numbers_and_single_characters_carry_no_topic(word: str) -> None:
    assert not KEEP(word)


def test_units_are_of_about_equal_length_and_keep_their_sentences() -> None:
    text = Text("d", tuple(("结对", "帮扶", "。") for _ in range(11)))
    units = cut_units([text], KEEP, 8)
    assert [(u.first, u.end) for u in units] == [(0, 4), (4, 8), (8, 11)]


def test_a_short_rest_joins_the_unit_before() -> None:
    text = Text("d", tuple(("结对", "帮扶") for _ in range(9)))
    assert [(u.first, u.end) for u in cut_units([text], KEEP, 8)] == [(0, 4), (4, 9)]


def test_words_of_one_document_are_no_vocabulary() -> None:
    texts = [
        Text(f"d{n}", tuple(("结对", "帮扶", "甲校" if n == 0 else "各校") for _ in range(9)))
        for n in range(8)
    ]
    assert "甲校" not in vocabulary_of(cut_units(texts, KEEP, 6))


def test_npmi_by_hand() -> None:
    """Windows {a b} {a b} {a c} {c}: p(a) = 3/4, p(b) = 1/2, p(ab) = 1/2, so NPMI = ln(4/3) / ln 2."""
    texts = [["a", "b"], ["a", "b"], ["a", "c"], ["c"]]
    together = count_together(texts, ["a", "b"], 10)
    assert npmi(["a", "b"], together) == pytest.approx(math.log(4 / 3) / math.log(2), abs=1e-9)


def test_words_that_never_meet_have_npmi_minus_one() -> None:
    together = count_together([["a"], ["b"]], ["a", "b"], 10)
    assert npmi(["a", "b"], together) == pytest.approx(-1, abs=0.06)


def test_windows_move_by_one_word() -> None:
    """a b c in windows of two: {a b} {b c}."""
    together = count_together([["a", "b", "c"]], ["a", "b", "c"], 2)
    assert together.shares.tolist() == [[0.5, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 0.5]]


def test_c_v_by_hand() -> None:
    """Vectors of a and b are (1, x) and (x, 1) with x = NPMI(a, b): cosine with their sum is (1 + x) / √(2 (1 + x²))."""
    together = count_together([["a", "b"], ["a", "b"], ["a", "c"], ["c"]], ["a", "b"], 110)
    x = math.log(4 / 3) / math.log(2)
    assert c_v(["a", "b"], together) == pytest.approx((1 + x) / math.sqrt(2 * (1 + x * x)), abs=1e-9)


def test_diversity_by_hand() -> None:
    assert diversity([["a", "b"], ["b", "c"]]) == 0.75


def test_matched_overlap_by_hand() -> None:
    """ab against {ab, cd} in another order: 1 and 1/3 (c e of c d e)."""
    assert overlaps([["a", "b"], ["c", "d"]], [["c", "e"], ["b", "a"]]) == [1, pytest.approx(1 / 3)]


def test_topics_without_a_match_count_against_agreement() -> None:
    assert agreement([["a"]], [["a"], ["b"]]) == 0.5


def test_of_equal_weights_the_first_column_comes_first() -> None:
    assert first_words(np.array([[0.0, 2.0, 2.0, 1.0]]), 3) == [[1, 2, 3]]


def test_many_stable_topics_win_over_few_very_stable_ones() -> None:
    curve = [Point(4, 0.8, 4), Point(12, 0.7, 12), Point(20, 0.63, 13)]
    assert best_number(curve) == 12


def test_where_no_number_is_stable_few_topics_are_taken() -> None:
    assert best_number([Point(4, 0.5, 2), Point(12, 0.45, 4)]) == 4


def test_seeds_are_for_nmf_alone() -> None:
    with pytest.raises(ValueError, match="nmf"):
        TopicModel(3, "lda", seeds=[[0, 1]])


def test_a_label_is_a_whole_phrase_of_the_page() -> None:
    """课外活动相互 always goes on with 结合 and is no phrase."""
    sentence = ("课外活动", "相互", "结合")
    lines = [(0, f"d{n}", sentence) for n in range(6)] + [
        (0, f"d{n}", ("丰富", "课外活动")) for n in range(6)
    ]
    lines += [(1, f"d{n}", ("教师", "交流轮岗")) for n in range(6)]
    phrases = topic_phrases(lines, [{"课外活动": 1.0}, {"交流轮岗": 1.0}], lambda w: w != "结合")
    assert "课外活动相互" not in [p.text for p in phrases[0]]
    assert phrases[1][0].text == "教师交流轮岗"


def test_labels_differ() -> None:
    phrases = [[Phrase("课堂教学", 9, 5)], [Phrase("课堂教学", 8, 5), Phrase("名师工作室", 7, 4)]]
    assert choose_labels(phrases, [["课堂"], ["名师"]]) == ["课堂教学", "名师工作室"]
