"""Partners of a pairing: who helps whom, as the wording says it. Names are invented."""

import csv

import pytest

from policy_corpus.annotate.partners import find_partners
from tests.shared import GOLD, needs_shared

Pairs = list[tuple[str, str]]


def pairs(text: str, places: str = "") -> Pairs:
    """Entries as (givers, receivers), names joined by one space."""
    known = set(places.split())
    found = find_partners(text, (lambda name: name in known) if places else None)
    return [(" ".join(p.givers), " ".join(p.receivers)) for p in found]


@pytest.mark.parametrize(
    ("text", "givers", "receivers"),
    [
        ("东山区对口支援西河县", "东山区", "西河县"),
        ("2023年,东山区继续对口帮扶西河县、南岭县。", "东山区", "西河县 南岭县"),
        ("(东山、北川、高新区对口支援西河、南岭、石门县)", "东山 北川 高新区", "西河 南岭 石门县"),
        ("浙江省远江市上城区教育局与云岭县教育局结对", "浙江省远江市上城区教育局", "云岭县教育局"),
        ("西河县接受远江市对口帮扶", "远江市", "西河县"),
        ("西河中学由东山中学托管", "东山中学", "西河中学"),
        ("西河小学被东山教育集团领办", "东山教育集团", "西河小学"),
        ("由远江一中领办云岭二中", "远江一中", "云岭二中"),
        ("云岭二中委托远江一中管理", "远江一中", "云岭二中"),
        ("云岭县一中、二中和三中由远江市第一中学托管", "远江市第一中学", "云岭县一中 二中 三中"),
        ("远江市实验小学对云岭县中心小学进行结对帮扶", "远江市实验小学", "云岭县中心小学"),
        ("远江师范大学对口支持云岭县", "远江师范大学", "云岭县"),
        ("远江一中选派6名教师到云岭二中支教", "远江一中", "云岭二中"),
        ("云岭二中选派6名教师赴远江一中跟岗学习", "远江一中", "云岭二中"),
        ("以远江一中为龙头，联合云岭二中、石门中学组建教育集团", "远江一中", "云岭二中 石门中学"),
        ("以县一中为核心校，带动云岭二中、石门中学等5所学校协同发展", "县一中", "云岭二中 石门中学"),
        ("支援方为东山区、北川区，受援方为西河县、南岭县", "东山区 北川区", "西河县 南岭县"),
        ("东山中学牵手西河中学", "东山中学", "西河中学"),
        ("2012年我校与三马路小学结对", "我校", "三马路小学"),
        ("将乐县一中与从江县二中结成姊妹学校", "将乐县一中", "从江县二中"),
        ("和平区对口支援和县、和田市", "和平区", "和县 和田市"),
        ("组织东山区8所优质学校与云岭县8所薄弱学校结对", "东山区", "云岭县"),
        ("成立“云岭一中+石门二中”帮扶联盟", "云岭一中", "石门二中"),
        ("远江一中与云岭二中、石门三中结成教育联盟", "远江一中", "云岭二中 石门三中"),
        ("推动远江市东山区与云岭县签订对口帮扶协议", "远江市东山区", "云岭县"),
        ("和平区、河西区和南开区与河东区、红桥区组建教育共同体", "和平区 河西区 南开区", "河东区 红桥区"),
        ("接受远江市福田区教育局组团式帮扶的云岭市和平县", "远江市福田区教育局", "云岭市和平县"),
        ("城区龙泉小学和农村石桥小学手拉手", "龙泉小学", "石桥小学"),
        ("三小托管八里庄小学", "三小", "八里庄小学"),
        ("杭山市余山区25所学校与柯山区25所学校结对，每年互派教师50名", "杭山市余山区", "柯山区"),
        ("远江教育集团托管云岭县第三小学", "远江教育集团", "云岭县第三小学"),
    ],
)
def test_one_entry_with_both_sets(text: str, givers: str, receivers: str) -> None:
    assert pairs(text) == [(givers, receivers)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("东山区、北川区分别对口支援西河县、南岭县", "东山区>西河县 北川区>南岭县"),
        ("东山区、北川区、城中区依次帮扶西河县、南岭县、石门县", "东山区>西河县 北川区>南岭县 城中区>石门县"),
        ("东山市长宁区、杨浦区分别与云岭州金平县、绿水县结对", "东山市长宁区>云岭州金平县 杨浦区>绿水县"),
        ("建立了东山中学与西河中学、北川小学与南岭小学的校际联盟", "东山中学>西河中学 北川小学>南岭小学"),
        ("东山中学帮西河中学、北川小学帮南岭小学", "东山中学>西河中学 北川小学>南岭小学"),
        ("育才中学带南山中学、实验小学带城北小学结对共进", "育才中学>南山中学 实验小学>城北小学"),
        ("将第一小学、第三小学分别与城郊小学、河东小学组成联合体", "第一小学>城郊小学 第三小学>河东小学"),
        ("远江一中—云岭二中、远江三中—石门中学结成手拉手学校", "远江一中>云岭二中 远江三中>石门中学"),
        ("云岭一中帮扶石门二中，远江三中帮扶南岭四中", "云岭一中>石门二中 远江三中>南岭四中"),
        ("东山市对口支援铜山市；北川市对口帮扶云岭州", "东山市>铜山市 北川市>云岭州"),
    ],
)
def test_single_pairs_where_the_text_orders_them(text: str, expected: str) -> None:
    assert [">".join(pair) for pair in pairs(text)] == expected.split()


def test_one_giver_named_apart_keeps_its_set() -> None:
    assert pairs("东山区分别与西河县、南岭县结对") == [("东山区", "西河县 南岭县")]


@pytest.mark.parametrize(
    "text",
    [
        "城区学校与农村学校结对帮扶",
        "推动城区优质学校对口支援乡村薄弱学校",
        "城区学校帮农村学校、强校帮弱校",
        "每所城区学校至少结对帮扶1所乡村学校",
        "每所试点高校对口支持服务1-2所农村中小学校",
        "538所中小学与外地学校结对办学",
        "受援学校由支援学校派出教师支教",
        "东部省份组团式帮扶西部县中",
        "实现普通高中和市外优质高中结对全覆盖",
        "某区与某县结对帮扶",
        "xx中学与xx小学结成手拉手学校",
        "开展“一对一”结对帮扶、师徒结对和送教下乡",
        "采取联片教研、送教下乡、同课异构、师徒结对等方式",
        "深化教育集团和学区制改革，推进共同体建设",
        "新建东山中学和西河小学",
        "东山中学与西河中学相距三公里",
        "鼓励师范大学等高校组团式帮扶县中",
        "做好对口支援西河县和协作帮扶南岭县工作",
    ],
)
def test_classes_and_plain_neighbours_are_no_partners(text: str) -> None:
    assert pairs(text) == []


def test_a_half_deleted_name_does_not_take_the_next_noun() -> None:
    assert pairs("区里的与中小学签约共建,派出导师12名") == []
    assert pairs("与云岭县结对帮扶") == []


def test_names_without_suffix_need_the_gazetteer_or_a_suffixed_member() -> None:
    assert pairs("东山、北川对口支援西河、南岭") == []
    assert pairs("东山、北川对口支援西河、南岭", places="东山 北川 西河 南岭") == [("东山 北川", "西河 南岭")]


def test_a_place_in_a_place_is_a_place() -> None:
    text = "天津和平、河西对口帮扶河东、红桥"
    assert pairs(text, places="天津 和平 河西 河东 红桥") == [("天津和平 河西", "河东 红桥")]


def test_a_run_without_commas_is_no_clause() -> None:
    assert pairs("东山中学与西河中学结对" * 60) == []


def test_offsets_hold_the_clause() -> None:
    text = "今年起，东山区对口支援西河县，成效明显。"
    (entry,) = find_partners(text)
    assert text[entry.start : entry.end] == "东山区对口支援西河县"


@needs_shared
def test_the_county_links_of_the_seeds() -> None:
    found = [p for text in coded_seeds("pairing") for p in find_partners(text)]
    both = [p for p in found if len(p.givers) == 4]
    assert [(len(p.givers), p.receivers[-1]) for p in both] == [(4, "凤县")]
    schools = [p for p in found if p.givers[0].startswith("宝鸡")]
    assert len(schools) >= 3
    assert all(len(p.givers) == len(p.receivers) == 1 for p in schools)


def coded_seeds(code: str) -> list[str]:
    folder = GOLD / "seeds"
    with (folder / "codes.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        wanted = {r["sid"] for r in rows if code in (r["codes"] or "").split(",")}
    with (folder / "sentences.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [r["text"] for r in rows if r["sid"] in wanted]
