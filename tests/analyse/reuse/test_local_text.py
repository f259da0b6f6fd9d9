"""Whose words a sentence is made of."""

import random

import pytest

from policy_corpus.analyse.reuse.local_text import Author, Sentence, find_reuse, local_shares
from policy_corpus.analyse.reuse.masks import masked

NATION = Author("n", "nation", None, (), "2015-09-15")
PROVINCE = Author("p", "province", "610000 陕西省", (), "2016-01-01")
CITY = Author("c", "prefecture", "610300 宝鸡市", ("610000 陕西省",), "2017-01-01")
PEERS = [Author(f"x{i}", "prefecture", f"41010{i} 某市", ("410000 河南省",), "2017-02-01") for i in range(3)]

FROM_NATION = "鼓励和支持各级各类学校配齐配好美育教师，通过多种途径逐步解决农村学校师资短缺问题。"
FROM_PROVINCE = "省教育厅每年安排专项资金200万元，用于补助贫困县学校购置音乐美术器材。"
OWN = "我市依托西府皮影和凤翔泥塑传承人开设工作坊，每周四下午走进乡镇中心小学授课。"
FILL = [
    "组织领导和职责分工由领导小组另行研究确定。", "各学区要在月底前报送年度计划执行情况。",
    "图书馆和少年宫应当向学生免费开放。", "建立家长委员会定期听取意见的办法。", "完善教师荣誉和退出两项制度。",
]  # fmt: skip


def document(author: Author, *texts: str) -> tuple[Author, list[Sentence]]:
    return author, [Sentence(f"{author.document_id}{i}", text) for i, text in enumerate(texts)]


def labels(*documents: tuple[Author, list[Sentence]]) -> dict[str, str]:
    return {row.passage_id: row.label for row in find_reuse(documents)}


def test_sentences_from_above_are_inherited_and_the_rest_is_local() -> None:
    found = labels(
        document(NATION, FROM_NATION, *FILL[:2]),
        document(PROVINCE, FROM_PROVINCE, FILL[2]),
        document(CITY, FROM_NATION, FROM_PROVINCE.replace("省教育厅", "市教育局").replace("200", "50"), OWN),
    )
    assert (found["c0"], found["c1"], found["c2"]) == ("national", "provincial", "local")
    assert found["n0"] == found["p0"] == "local"


def test_an_edited_copy_keeps_its_origin_over_two_steps() -> None:
    middle = "鼓励支持全省各级各类学校配齐配好美育教师，采取多种途径逐步解决农村学校师资短缺问题。"
    rows = {
        r.passage_id: r
        for r in find_reuse(
            [
                document(NATION, FROM_NATION, *FILL),
                document(PROVINCE, middle),
                document(CITY, middle.replace("全省", "全市")),
            ]
        )
    }
    assert rows["c0"].label == "national" and rows["c0"].origin_id == "n"
    assert rows["c0"].source_id == "p"


def test_what_two_other_regions_use_is_a_template_for_all_of_them() -> None:
    found = labels(*(document(peer, OWN, FILL[i]) for i, peer in enumerate(PEERS)))
    assert [found[f"x{i}0"] for i in range(3)] == ["shared"] * 3
    assert [found[f"x{i}1"] for i in range(3)] == ["local"] * 3


def test_what_one_other_region_took_stays_local_where_it_stood_first() -> None:
    found = labels(document(CITY, OWN, FILL[0]), document(PEERS[0], OWN, FILL[1]))
    assert (found["c0"], found["x00"]) == ("local", "shared")


def test_a_document_and_a_region_repeat_themselves() -> None:
    later = Author("c2", "prefecture", CITY.region, CITY.above, "2019-01-01")
    found = labels(document(CITY, OWN, FILL[0], OWN), document(later, OWN))
    assert (found["c0"], found["c2"], found["c20"]) == ("local", "repeated", "repeated")


def test_what_a_superior_wrote_later_was_not_inherited() -> None:
    found = labels(document(Author("n", "nation", None, (), "2020-10-15"), OWN, *FILL), document(CITY, OWN))
    assert found["c0"] == "shared"


@pytest.mark.parametrize("seed", range(3))
def test_order_of_documents_changes_nothing(seed: int) -> None:
    documents = [
        document(NATION, FROM_NATION, *FILL),
        document(PROVINCE, FROM_PROVINCE),
        document(CITY, FROM_NATION, OWN),
    ]
    documents += [document(peer, OWN, FILL[0]) for peer in PEERS]
    expected = find_reuse(documents)
    random.Random(seed).shuffle(documents)
    assert find_reuse(documents) == expected


def test_local_share_is_by_letters_and_leaves_headings_out() -> None:
    heading = Sentence("h", "三、保障措施", is_heading=True)
    rows = find_reuse(
        [
            document(NATION, FROM_NATION, *FILL),
            (CITY, [heading, Sentence("c0", FROM_NATION), Sentence("c1", OWN)]),
        ]
    )
    share = {s.document_id: s for s in local_shares(rows)}["c"]
    letters = len(masked(OWN)) / (len(masked(OWN)) + len(masked(FROM_NATION)))
    assert (share.sentences, share.national, share.local) == (2, 1, 1)
    assert share.local_share == pytest.approx(letters, abs=1e-3)
    assert share.main_source == "n"


def test_a_document_without_sentences_has_no_share() -> None:
    (share,) = local_shares(find_reuse([(CITY, [Sentence("h", "标题", is_heading=True)])]))
    assert share.local_share is None


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        ("2023年，宝鸡市教育局投入3.5亿元。", ((6, 9),), "0年某教育局投入0元"),
        ("省教育厅要指导各县（区）。", (), "域教育局要指导各域域"),
        ("二十所学校", (), "0所学校"),
    ],
)
def test_masks(text: str, places: tuple[tuple[int, int], ...], expected: str) -> None:
    assert masked(text, places) == expected
