import pytest

from policy_corpus.annotate.regions import Gazetteer
from policy_corpus.errors import SettingsError

REGIONS_HEADER = "code name short level parent start end now successors longitude latitude pinyin".replace(
    " ", "\t"
)
TOWNSHIPS_HEADER = "code\tname\tcounty"
NAMES = 'strong = ""\nweak = ""\ngeneric = ""\nphrases = ""\n[alias]\n'


@pytest.mark.parametrize(
    ("code", "today"),
    [
        ("610302", ("610302",)),
        ("371203", ("370117",)),
        ("371200", ("370100",)),
        ("450127", ("450181",)),
        ("452122", ("450181",)),
        ("420600", ("420600",)),
        ("132100", ("130400",)),
        ("469003", ("460400",)),
        ("341424", ("340523",)),
        ("341400", ("340181",)),
    ],
)
def test_a_past_code_leads_to_todays(gazetteer: Gazetteer, code: str, today: tuple[str, ...]) -> None:
    assert gazetteer.today(code) == today


def test_every_past_code_leads_to_a_region_in_force(gazetteer: Gazetteer) -> None:
    assert [r for r in gazetteer.regions if not r.now or not set(r.now) <= set(gazetteer.current)] == []


def test_every_township_lies_in_a_region_in_force(gazetteer: Gazetteer) -> None:
    assert {county for _, _, county in gazetteer.townships} <= set(gazetteer.current)


def test_every_unit_lies_in_a_region_in_force(gazetteer: Gazetteer) -> None:
    assert [u.name for u in gazetteer.units if u.code not in gazetteer.current] == []


def test_every_alias_names_a_region_in_force(gazetteer: Gazetteer) -> None:
    assert [n for n, code in gazetteer.alias.items() if code not in gazetteer.current] == []


@pytest.mark.parametrize(
    ("name", "code", "short"),
    [
        ("海南藏族自治州", "632500", ("海南州",)),
        ("恩施土家族苗族自治州", "422800", ("恩施州", "恩施")),
        ("东乡族自治县", "622926", ("东乡县", "东乡")),
        ("双江拉祜族佤族布朗族傣族自治县", "530925", ("双江县", "双江")),
        ("河南蒙古族自治县", "632324", ("河南县",)),
        ("鄂伦春自治旗", "150723", ("鄂伦春旗", "鄂伦春")),
        ("广西壮族自治区", "450000", ("广西",)),
        ("浦东新区", "310115", ("浦东",)),
    ],
)
def test_short_names(gazetteer: Gazetteer, name: str, code: str, short: tuple[str, ...]) -> None:
    region = gazetteer.current[code]
    assert (region.name, region.short) == (name, short)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("610302", "陕西省宝鸡市渭滨区"),
        ("429006", "湖北省天门市"),
        ("110108", "北京市海淀区"),
        ("441900", "广东省东莞市"),
    ],
)
def test_full_name(gazetteer: Gazetteer, code: str, name: str) -> None:
    assert gazetteer.full_name(code) == name


def test_counties_of_a_prefecture(gazetteer: Gazetteer) -> None:
    assert len(gazetteer.children["610300"]) == 12


def test_hosts_are_spelt_without_tones(gazetteer: Gazetteer) -> None:
    assert set(gazetteer.by_pinyin["haiyan"]) == {"330424", "632223"}


@pytest.mark.parametrize(
    ("regions", "townships", "units", "names", "where"),
    [
        ("code\tname\n", TOWNSHIPS_HEADER, "", NAMES, "regions.tsv, line 1"),
        (REGIONS_HEADER + "\n110000\t北京市\n", TOWNSHIPS_HEADER, "", NAMES, "regions.tsv, line 2"),
        (REGIONS_HEADER + "\n" + "\t".join(["1", "a", "", "county", "", "old", *[""] * 6]), TOWNSHIPS_HEADER, "", NAMES, "regions.tsv, line 2"),
        (REGIONS_HEADER, "name\n", "", NAMES, "townships.tsv, line 1"),
        (REGIONS_HEADER, TOWNSHIPS_HEADER, "[[unit", NAMES, "units.toml or names.toml"),
    ],
)  # fmt: skip
def test_a_broken_table_is_named_with_its_line(
    regions: str, townships: str, units: str, names: str, where: str
) -> None:
    with pytest.raises(SettingsError) as error:
        Gazetteer.from_tables(regions, townships, units, names)
    assert error.value.where == where
