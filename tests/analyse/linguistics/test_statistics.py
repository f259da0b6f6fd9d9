"""Every statistic against an example that was computed by hand."""

import math
from collections import Counter

import pytest

from policy_corpus.analyse.linguistics.collocation import collocations
from policy_corpus.analyse.linguistics.dispersion import parts_of, spread, spreads
from policy_corpus.analyse.linguistics.frequency import Counts, frequencies
from policy_corpus.analyse.linguistics.keyness import benjamini_hochberg, keywords, log_likelihood, p_of
from policy_corpus.analyse.linguistics.new_terms import candidates, entropy
from policy_corpus.analyse.linguistics.ngrams import ngrams
from policy_corpus.analyse.linguistics.texts import Text, content_filter, find_node


def text(name: str, *sentences: str) -> Text:
    return Text(name, tuple(tuple(s.split()) for s in sentences))


TEXTS = [
    text("a", "组建 教育 集团 ， 教师 交流", "教师 培训"),
    text("b", "教师 交流 5 次"),
]


def test_frequencies_count_words_and_texts_and_share_ranks() -> None:
    counts = Counts.of(TEXTS)
    assert (counts.size, counts.text_count) == (11, 2)  # the comma is no word, the number is
    rows = {row.word: row for row in frequencies(counts)}
    assert [rows[w].rank for w in ("教师", "交流", "培训")] == [1, 2, 3]
    assert rows["组建"].rank == rows["培训"].rank == 3
    assert (rows["教师"].count, rows["教师"].texts, rows["教师"].text_share) == (3, 2, 1.0)
    assert rows["教师"].per_million == pytest.approx(3 / 11 * 1e6)


def test_content_words_leave_out_stop_words_numbers_and_marks() -> None:
    keep = content_filter({"交流"})
    assert [w for w in ["教师", "交流", "5", "，", "二十", "２０２４", "IT"] if keep(w)] == ["教师", "IT"]


def test_log_likelihood_by_hand() -> None:
    # [[10, 90], [5, 195]]: expected 5, 95, 10, 190
    by_hand = 2 * (
        10 * math.log(10 / 5) + 90 * math.log(90 / 95) + 5 * math.log(5 / 10) + 195 * math.log(195 / 190)
    )
    assert log_likelihood(10, 90, 5, 195) == pytest.approx(by_hand)
    assert by_hand == pytest.approx(7.3306, abs=1e-3)
    assert log_likelihood(10, 90, 20, 180) == pytest.approx(0)


def test_p_of_chi_squared() -> None:
    assert p_of(3.841459) == pytest.approx(0.05, abs=1e-6)
    assert p_of(6.634897) == pytest.approx(0.01, abs=1e-6)


def test_benjamini_hochberg_as_r_does_it() -> None:
    # p.adjust(c(.01, .04, .03, .005), "BH") is .02 .04 .04 .02
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert benjamini_hochberg([]) == []


def counts(size: int, **words: int) -> Counts:
    return Counts(Counter({**words, "其余": size - sum(words.values())}), Counter(), size, 1)


def test_keyness_has_direction_effect_and_difference() -> None:
    rows = {r.word: r for r in keywords(counts(100, 集团=10, 走教=6), counts(200, 集团=5, 轮岗=8))}
    assert rows["集团"].g2 == pytest.approx(log_likelihood(10, 90, 5, 195))
    assert rows["集团"].log_ratio == pytest.approx(2.0)  # 10 % against 2.5 %
    assert rows["集团"].percent_diff == pytest.approx(300.0)
    assert rows["轮岗"].g2 < 0 and rows["轮岗"].percent_diff == -100
    assert rows["走教"].percent_diff is None and rows["走教"].log_ratio == pytest.approx(
        math.log2(0.06 / 0.0025)
    )
    assert all(row.p <= row.p_adjusted <= 1 for row in rows.values())


def test_keyness_with_an_empty_side_is_an_error() -> None:
    with pytest.raises(ValueError, match="reference"):
        keywords(counts(10, 集团=1), Counts())


def test_a_node_is_found_however_it_was_cut() -> None:
    assert list(find_node(["组建", "教育", "集团"], "教育集团")) == [(1, 3)]
    assert list(find_node(["教育集团"], "教育集团")) == [(0, 1)]
    assert list(find_node(["教育", "集团化"], "教育集团")) == []


def test_collocations_by_hand() -> None:
    # window 1: 教师 stands 3 times; 交流 follows twice, 集团 and 培训 stand beside it once: reach 4... see S below
    found = collocations(TEXTS, "教师", window=1, min_count=1)
    rows = {r.word: r for r in found.rows}
    assert (found.node_count, found.size) == (3, 11)
    reach = 4  # 集团 _ 交流, _ 培训, _ 交流
    row = rows["交流"]
    assert (row.count, row.left, row.right, row.texts, row.word_count) == (2, 0, 2, 2, 2)
    assert row.expected == pytest.approx(reach * 2 / 11)
    assert row.mi == pytest.approx(math.log2(2 / (8 / 11)))
    assert row.t_score == pytest.approx((2 - 8 / 11) / math.sqrt(2))
    assert row.log_dice == pytest.approx(14 + math.log2(2 * 2 / (3 + 2)))
    assert row.g2 == pytest.approx(log_likelihood(2, 2, 0, 7))


def test_collocates_do_not_cross_a_sentence() -> None:
    found = collocations([text("a", "甲 教师", "乙 丙")], "教师", min_count=1)
    assert [row.word for row in found.rows] == ["甲"]


@pytest.mark.parametrize(
    ("counts", "sizes", "d", "dp"),
    [
        ([5, 5, 5, 5], [100] * 4, 1.0, 0.0),
        ([20, 0, 0, 0], [100] * 4, 0.0, 0.75),
        # rates .04 .02, mean .03, sd .01: D = 1 − (1/3)/√1; DP = (|4/6−1/2| + |2/6−1/2|) / 2
        ([4, 2], [100, 100], 1 - 1 / 3, 1 / 6),
        # sizes 300 and 100: rates .01 .03, mean .02, sd .01; DP = |3/6−3/4|
        ([3, 3], [300, 100], 0.5, 0.25),
    ],
)
def test_dispersion_by_hand(counts: list[int], sizes: list[int], d: float, dp: float) -> None:
    row = spread("词", counts, sizes)
    assert row.juilland_d == pytest.approx(d)
    assert row.dp == pytest.approx(dp)
    assert row.dp_norm == pytest.approx(dp / (1 - min(sizes) / sum(sizes)))


def test_one_part_says_nothing_of_spread() -> None:
    assert spread("词", [3], [10]).juilland_d is None


def test_parts_of_phrases() -> None:
    (row,) = spreads(parts_of(TEXTS, ["教育集团"]))
    assert (row.word, row.count, row.parts, row.all_parts) == ("教育集团", 1, 1, 2)


def test_ngrams_leave_out_pieces_of_longer_ones_and_stop_at_marks() -> None:
    texts = [text(str(i), "建立 联席 会议 制度 ， 落实 责任") for i in range(3)]
    assert [(row.text, row.count, row.texts) for row in ngrams(texts)] == [
        ("建立联席会议制度", 3, 3),
        ("落实责任", 3, 3),
    ]
    assert ("联席会议", 3) in [(row.text, row.count) for row in ngrams(texts, pieces=True)]
    assert all(not row.text.startswith("建立") for row in ngrams(texts, edge_words={"建立"}))


def test_entropy_counts_each_edge_as_a_neighbour_of_its_own() -> None:
    assert entropy(Counter({"甲": 2, "乙": 2})) == pytest.approx(1.0)
    assert entropy(Counter({"": 4})) == pytest.approx(2.0)
    assert entropy(Counter({"甲": 4})) == 0


def test_a_new_term_holds_together_and_stands_among_many_words() -> None:
    fillers = ["推进", "深化", "组建", "健全", "实施", "巩固", "完善", "创建"]
    rest = [text(f"r{i}", " ".join(f"词{i}{j}" for j in range(40))) for i in range(8)]
    texts = rest + [
        text(str(i), f"{a} 教联 体 {b}", f"{b} {a}")
        for i, (a, b) in enumerate(zip(fillers, fillers[1:] + fillers[:1], strict=True))
    ]
    (found,) = candidates(texts, is_known=set().__contains__)
    assert (found.term, found.words, found.count, found.texts) == ("教联体", ("教联", "体"), 8, 8)
    assert found.freedom == pytest.approx(3.0)
    assert candidates(texts, is_known={"教联体"}.__contains__) == []


def test_a_word_that_the_cutter_made_up_is_a_candidate() -> None:
    places = ["推进", "深化", "组建", "健全", "实施", "巩固"]
    texts = [text(str(i), f"{place} 教共体 {places[-i]}") for i, place in enumerate(places)]
    (found,) = candidates(texts, is_known={"教师"}.__contains__)
    assert (found.term, found.words, found.cohesion) == ("教共体", ("教共体",), None)


def test_a_free_pair_of_frequent_words_is_no_term() -> None:
    # 美育|教师 stands 20 times among 40 of each and 10,000 others: 6.97 bits, of 8.98 possible with so many; beside
    # it 县管|校聘, 20 times and nowhere else: 8.98 bits, all there are
    others = ["推进", "深化", "组建", "健全", "实施", "巩固", "完善", "创建", "扩大", "改进"]
    lines = [f"{others[i % 10]} 美育 教师 {others[i // 2]}" for i in range(20)]
    lines += [f"{others[i % 10]} 县管 校聘 {others[i // 2]}" for i in range(20)]
    lines += [f"美育 词甲{i}" for i in range(80)] + [f"词乙{i} 教师" for i in range(80)]
    lines += [f"词丙{i} 词丁{i}" for i in range(4800)]
    found = candidates([text(str(i), line) for i, line in enumerate(lines)], is_known=set().__contains__)
    assert [row.term for row in found] == ["县管校聘"]
