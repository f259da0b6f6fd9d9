import csv
from pathlib import Path

import pytest

from policy_corpus.annotate.regions import Gazetteer, RegionDecision, document_region
from policy_corpus.records import Kind
from tests.shared import DATA, GOLD, needs_shared

FLOOR = 0.97
"""Share of documents without file name that must have their region (measured: 1.0 and .978)."""


def decide(
    gazetteer: Gazetteer, title: str = "", body: str = "", kind: Kind = "other", **more: str
) -> RegionDecision:
    return document_region(title=title, body=body, kind=kind, gazetteer=gazetteer, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "body", "code"),
    [
        ("自贡大安创建优质均衡县", "大安区坚持教育优先发展。", "510304"),
        ("宝鸡城乡教育联盟组建", "渭滨、金台对口支援麟游、千阳。岐山县学校受益。岐山县教师满意。", "610300"),
        ("合肥市教育局转发安徽省教育厅关于美育的通知", "各县区教育局：", "340100"),
        ("呼伦贝尔市人民政府关于转发《内蒙古自治区实施意见》的通知", "", "150700"),
        ("教师交流", "岐山县教育局\n我县教师轮岗。全县学校受益。蔡家坡镇教师。", "610323"),
        ("教师交流", "《钢城区教育局关于教师交流的决定》发布，艾山街道中心小学落实。", "370117"),
        ("山东省莱芜市钢城区教师交流", "", "370117"),
        ("", "我代表天门市人民政府报告工作。", "429006"),
        ("", "2月9日在玉林市第六届人民代表大会第一次会议上", "450900"),
    ],
)
def test_a_title_an_organ_or_the_names_decide(gazetteer: Gazetteer, title: str, body: str, code: str) -> None:
    assert decide(gazetteer, title, body).code == code


@pytest.mark.parametrize(
    ("title", "body", "kind"),
    [
        ("教育部关于教师交流的通知", "各省、自治区、直辖市教育厅：江苏省、浙江省可先行。", "policy"),
        ("实施方案范本", "xx区制定方案。正阳小学落实。", "template"),
        ("城乡教育均衡的思考", "作者：某某，连云港市某小学。教育要均衡。", "essay"),
        ("教师交流方案", "正阳小学与红民小学结对。", "policy"),
        ("均衡发展", "某区推进集团化办学，某市某县配合。", "news"),
    ],
)
def test_central_texts_templates_and_essays_have_no_region(
    gazetteer: Gazetteer, title: str, body: str, kind: Kind
) -> None:
    decision = decide(gazetteer, title, body, kind)
    assert decision.code is None
    assert decision.reason


def test_the_receiver_is_the_subject_though_the_giver_is_named_more(gazetteer: Gazetteer) -> None:
    body = "珠海市对口支援怒江州。珠海市选派教师。珠海市捐资。珠海市教育局赴泸水市支教。怒江州学校受益。泸水市教师受训。"
    assert decide(gazetteer, "珠海市对口帮扶怒江州教育", body).code == "533300"


def test_a_file_name_is_a_hint_that_the_text_overrules(gazetteer: Gazetteer) -> None:
    body = "岐山县教师轮岗。全县学校。我县学校。岐山县蔡家坡镇。眉县、扶风县学习岐山县经验。"
    assert decide(gazetteer, "", body, source="a/西安.txt").code == "610323"
    assert decide(gazetteer, "", "教师轮岗。", source="a/西安.txt").code == "610100"


def test_an_issuer_weighs_most(gazetteer: Gazetteer) -> None:
    assert decide(gazetteer, "教师交流办法", "各学校：", issuer="古蔺县教育和体育局").code == "510525"


def test_a_government_host_that_spells_a_named_region_helps(gazetteer: Gazetteer) -> None:
    decision = decide(gazetteer, "教师交流", "海盐教师轮岗。", url="http://www.haiyan.gov.cn/a.html")
    assert decision.code == "330424"


def test_a_wall_of_names_says_nothing(gazetteer: Gazetteer) -> None:
    wall = "岐山县| 麟游县| 千阳县| 陇县| 凤县| 太白县| 扶风县| 眉县| 渭滨区"
    assert decide(gazetteer, "", "教师轮岗有序推进。\n" + wall).code is None


def test_the_decision_keeps_candidates_and_says_why(gazetteer: Gazetteer) -> None:
    decision = decide(gazetteer, "古蔺县教师轮岗", "与自贡市大安区结对。")
    assert decision.candidates[0].code == "510525"
    assert sum(c.share for c in decision.candidates) == pytest.approx(1)
    assert "title" in decision.reason


def test_confidence_is_lower_where_less_speaks_for_the_region(gazetteer: Gazetteer) -> None:
    titled = decide(gazetteer, "古蔺县教师轮岗", "古蔺县教师轮岗。")
    hinted = decide(gazetteer, "教师轮岗", "教师轮岗。", source="古蔺.txt")
    assert titled.confidence > hinted.confidence


def accuracy(gazetteer: Gazetteer, list_file: Path, folder: Path) -> float:
    with list_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    right = 0
    for row in rows:
        text = (folder / row["file"]).read_text(encoding="utf-8")
        lines = [x for x in text.split("\n") if "法宝引证码" not in x and not x.startswith("原文链接")]
        first, _, rest = "\n".join(lines).strip().partition("\n")
        title = first.strip() if len(first) <= 90 and not first.startswith("各位") else ""
        code = document_region(
            title=title, body=rest if title else first + "\n" + rest, gazetteer=gazetteer
        ).code
        right += (code or "none") == row["region_code"]
    return right / len(rows)


@needs_shared
def test_opinions_have_their_region_from_the_text_alone(gazetteer: Gazetteer) -> None:
    assert accuracy(gazetteer, DATA / "arts-opinions-regions.tsv", DATA / "arts-opinions") >= FLOOR


@needs_shared
def test_reports_have_their_region_from_the_text_alone(gazetteer: Gazetteer) -> None:
    assert accuracy(gazetteer, GOLD / "reports" / "docs.tsv", GOLD / "reports" / "texts") >= FLOOR


with Path(__file__).with_name("documents.tsv").open(encoding="utf-8", newline="") as _file:
    CASES = list(csv.DictReader(_file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("case", CASES, ids=[f"{c['title']}, {c['note']}" for c in CASES])
def test_short_documents(gazetteer: Gazetteer, case: dict[str, str]) -> None:
    body = case["body"].replace("\\n", "\n")
    issuer = case["issuer"] or None
    decision = document_region(
        title=case["title"],
        body=body,
        kind=case["kind"],
        issuer=issuer,
        source=case["source"],
        gazetteer=gazetteer,
    )  # type: ignore[arg-type]
    assert (decision.code or "none") == case["expected"], decision.reason
