"""Quantities of a sentence: what is one, its value, unit, bound, role, what it counts. Texts are invented."""

import time

import pytest

from policy_corpus.annotate.quantities import Units, find_quantities, parse_units
from policy_corpus.errors import SettingsError
from policy_corpus.records import Quantity
from policy_corpus.resources import DATA


@pytest.fixture(scope="module")
def units() -> Units:
    return parse_units((DATA / "units.toml").read_bytes())


def one(text: str, units: Units) -> Quantity:
    (quantity,) = find_quantities(text, units)
    return quantity


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("下派教师两千名", 2000, "名"),
        ("新建学校一百二十所", 120, "所"),
        ("投入资金3.5亿元", 350_000_000, "元"),
        ("投入三亿五千万元", 350_000_000, "元"),
        ("投入2.8个亿元", 280_000_000, "元"),
        ("投入1.2万亿元", 1_200_000_000_000, "元"),
        ("培训教师12,000人次", 12000, "人次"),
        ("招聘教师１２名", 12, "名"),
        ("改造校舍4．6万平方米", 46000, "平方米"),
        ("改造校舍三千方米", 3000, "平方米"),
        ("建功能室210间", 210, "间"),
        ("新增学位1.34万 个", 13400, "个"),
        ("距县城 40 公里", 40, "公里"),
        ("得分提高92. 5个百分点", 92.5, "个百分点"),
        ("覆盖面达到84.3％", 84.3, "%"),
        ("占百分之十", 10, "%"),
        ("四分之三的教师", 75, "%"),
        ("占3/4", 75, "%"),
        ("三成以上教师", 30, "%"),
        ("下降千分之五", 5, "‰"),
        ("16万儿童享受免费教育", 160_000, "名"),
        ("組建教育集團8個", 8, "个"),
        ("1.10所学校得到改造", 10, "所"),
        ("2. 新建5所小学", 5, "所"),
        ("在百所小学实施", 100, "所"),
        ("建成4个1+1县区联盟", 4, "个"),
    ],
)
def test_value_in_base_units(text: str, value: float, unit: str, units: Units) -> None:
    quantity = one(text, units)
    assert (quantity.value, quantity.value_to, quantity.unit) == (value, None, unit)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("学校20所", "="),
        ("十余所学校", "≈"),
        ("30多亿元", "≈"),
        ("1.6万余个学位", "≈"),
        ("近2万个学位", "≈"),
        ("约20名教师", "≈"),
        ("教师20名左右", "≈"),
        ("12000+名教师", "≥"),
        ("8所以上", "≥"),
        ("每班不少于2名", "≥"),
        ("课时不低于9%", "≥"),
        ("学位超过3万个", "≥"),
        ("学位突破3万个", "≥"),
        ("上百所学校", "≥"),
        ("至少配备1名教师", "≥"),
        ("每班不超过45人", "≤"),
        ("班额控制在45人以内", "≤"),
        ("不足50人的学校", "≤"),
    ],
)
def test_bound(text: str, bound: str, units: Units) -> None:
    assert one(text, units).bound == bound


@pytest.mark.parametrize(
    ("text", "value", "value_to", "role"),
    [
        ("包含5至8所学校", 5, 8, "amount"),
        ("辐射2—5所弱校", 2, 5, "amount"),
        ("五到八所", 5, 8, "amount"),
        ("开设1项-2项课程", 1, 2, "amount"),
        ("培养一两项爱好", 1, 2, "amount"),
        ("新增学位5000～8000个", 5000, 8000, "amount"),
        ("补助5—8万元", 50000, 80000, "amount"),
        ("占10%-15%", 10, 15, "share"),
        ("补助三到五千元", 3000, 5000, "amount"),
        ("补助2千—3万元", 2000, 30000, "amount"),
        ("补助5000─8000元", 5000, 8000, "amount"),
        ("学校从32所调整优化为29所", 32, 29, "change"),
        ("标准从380元提高至1000元", 380, 1000, "change"),
        ("由2020年的380元提高到2023年的1000元", 380, 1000, "change"),
        ("由原来的32所，调整为29所", 32, 29, "change"),
        ("学校32所→29所", 32, 29, "change"),
        ("师生比1:13.5", 1, 13.5, "share"),
    ],
)
def test_ranges_and_changes_are_one_quantity(
    text: str, value: float, value_to: float, role: str, units: Units
) -> None:
    quantity = one(text, units)
    assert (quantity.value, quantity.value_to, quantity.role) == (value, value_to, role)


@pytest.mark.parametrize(
    ("text", "unit", "role"),
    [
        ("每年举办1次艺术节", "次/年", "rate"),
        ("每三年举办一届展演", "次/3年", "rate"),
        ("每两年一次的测评", "次/2年", "rate"),
        ("每校每年至少开展2次", "次/年", "rate"),
        ("每学期送课不少于两节", "节/学期", "rate"),
        ("学校每学年以课程、活动为重点，开展一次自评", "次/学年", "rate"),
        ("不少于4节/周", "节/周", "rate"),
        ("生均公用经费650元", "元/生", "rate"),
        ("每生每年补助1000元", "元/生·年", "rate"),
        ("结对学校增至166对", "对", "after"),
        ("原有学校32所", "所", "before"),
        ("经费增长3.6%", "%", "change"),
        ("经费增长2.5倍", "倍", "change"),
        ("体育活动每天不少于2个小时", "小时/天", "rate"),
        ("提高3个百分点", "个百分点", "change"),
        ("占经费的3%", "%", "share"),
        ("新增学位300个", "个", "amount"),
    ],
)
def test_role_and_unit(text: str, unit: str, role: str, units: Units) -> None:
    quantity = one(text, units)
    assert (quantity.unit, quantity.role) == (unit, role)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("新建10所学校", "新建学校"),
        ("新增基础教育学位1.6万个", "新增基础教育学位"),
        ("今年共招录教师1250名", "招录教师"),
        ("到2025年，组建教育集团47个", "组建教育集团"),
        ("至少配备1名专职教师", "配备专职教师"),
        ("培育1000个具有鲜明特色的学校艺术团", "培育学校艺术团"),
        ("建设9所“未来教育”试点学校", "建设“未来教育”试点学校"),
        ("通过公招、直签等方式补充教师211人", "补充教师"),
        ("开展教学比赛，每学年一次", "开展教学比赛"),
        ("实施60个新（改扩）建学校项目", "实施新（改扩）建学校项目"),
    ],
)
def test_what_is_counted(text: str, what: str, units: Units) -> None:
    assert one(text, units).what == what


def test_an_elided_noun_comes_from_the_number_before(units: Units) -> None:
    found = find_quantities("建设省级实践基地4个，市级10个", units)
    assert [q.what for q in found] == ["建设省级实践基地", "建设市级实践基地"]
    found = find_quantities("新增姊妹学校49对、增长14.5%", units)
    assert [q.what for q in found] == ["新增姊妹学校", "新增姊妹学校增长"]


def test_a_unit_at_the_end_of_a_list_counts_for_all(units: Units) -> None:
    found = find_quantities("三所学校分别投入120、80、50万元", units)
    assert [(q.value, q.unit) for q in found[1:]] == [(1_200_000, "元"), (800_000, "元"), (500_000, "元")]


def test_the_verb_of_a_list_leads_on(units: Units) -> None:
    found = find_quantities("新建、改扩建公办幼儿园24所、中小学校31所", units)
    assert [q.what for q in found] == ["新建、改扩建公办幼儿园", "新建、改扩建中小学校"]


@pytest.mark.parametrize(
    "text",
    [
        "2023年9月1日上午9:30召开大会",
        "2016—2020年为第一阶段，二〇二〇年底完成",
        "按照国发〔2016〕40号和国发〔201640号文件",
        "远教函202011号，远政发 20182",
        "《乡村教师支持计划（2015-2020年）》",
        "第三批学校、首批名单，全省第9所",
        "一、总体要求 （二）主要任务 3.提高质量 ④",
        "推行“1+X”集团、“2＋1”项目，9+3免费教育",
        "实施2.0行动、1530工程、985高校、5G网络",
        "打造“三个一”，做到三个一，落实两个只增不减",
        "十四五期间巩固双减成果",
        "实现一村一幼、一校一品、一人一案，推进一体化",
        "一批学校、一系列活动、一定比例、统一管理、一所好学校",
        "三个方面、四个层面、两个阶段、5个维度",
        "小学三至六年级、九年一贯制、6—12岁儿童、一级学校",
        "三年行动计划、近三年、5年过渡期、15年免费教育",
        "数百所学校、几十名教师、若干个、多所",
        "xx区扩建学校x所、添学位xxxx个，20xx年，培训**名",
        "人口公里,于年接受复查,在校生共人",
        "电话0871-65123456，手机13800138000，12345热线",
        "排名前10名、前1%",
        "实施“百名校长、千名教师”计划",
        "百校共建、千家万户、千方百计",
        "组织高三名师讲座，实现两个100",
        "三门峡市、九台区、五家渠市、七台河市",
        "挂职两个学期、培训三个月、5个工作日",
        "分三个档次、两种类型",
        "三位一体、市第二中学、二十七中、21中",
    ],
)
def test_no_quantity(text: str, units: Units) -> None:
    assert [q.text for q in find_quantities(text, units)] == []


def test_offsets_are_places_in_the_given_text(units: Units) -> None:
    text = "　投入資金３０多億元，整合農村教學點１３個。"
    found = find_quantities(text, units)
    assert [text[q.start : q.end] for q in found] == ["３０多億元", "１３個"]
    assert all(q.text == text[q.start : q.end] for q in found)


@pytest.mark.parametrize("piece", ["12所、", "从5所", "一二三千百万", "《12所", "1,1,", "每每年一"])
def test_time_grows_with_the_length_of_the_text(piece: str, units: Units) -> None:
    start = time.perf_counter()
    find_quantities(piece * 3000, units)
    assert time.perf_counter() - start < 5  # seconds; measured below 0.5, a quadratic pattern took minutes


def test_a_list_that_is_no_list_is_named() -> None:
    with pytest.raises(SettingsError, match="count"):
        parse_units(b'[units]\ncount = "x"\n')


def test_no_toml_is_named() -> None:
    with pytest.raises(SettingsError, match="line 1"):
        parse_units(b"[units\n")


def test_an_edited_unit_is_found() -> None:
    data = (DATA / "units.toml").read_text(encoding="utf-8").replace('"所", "个"', '"所", "个", "盒"', 1)
    assert find_quantities("粉笔12盒", parse_units(data.encode()))[0].unit == "盒"
