"""Sub-corpora of a stored corpus: filters, what empties them, and the analyses over them."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

import policy_corpus as pc
from policy_corpus.annotate.passages import make_passages
from policy_corpus.corpus.analysing.filters import EmptySelectionError, Filter
from policy_corpus.corpus.analysing.region_names import RegionFinder
from policy_corpus.corpus.analysing.regions import RegionAnalyses
from policy_corpus.corpus.analysing.statistics import Analyses
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.records import Document, Measure, Mention
from policy_corpus.resources import load_gazetteer, load_tokenizer
from policy_corpus.store import tables
from policy_corpus.store.store import Store

NATIONAL = "鼓励和支持各级各类学校配齐配好美育教师，逐步解决农村学校师资短缺问题。"
BAOJI = "宝鸡市组建6个教育集团，选派骨干教师到山区学校走教。\n" + NATIONAL
SUINING = "遂宁市教育集团实行一体化管理，城区教师定期交流轮岗。\n" + NATIONAL

NOTICE = "http://x.gov.cn/notice"


def document(name: str, body: str, region: tuple[str, str] | None, year: str, **more: object) -> Document:
    made = Document(
        name, f"capture-{name}", f"{name}.html", 1, f"{name}的标题", body, "policy", published=f"{year}-03-01"
    )
    made = replace(made, region_code=region and region[0], region_name=region and region[1])
    return replace(made, **more)  # type: ignore[arg-type]


DOCUMENTS = [
    document("a-nation", NATIONAL, None, "2015", issuer="国务院办公厅"),
    document("b-baoji", BAOJI, ("610300", "陕西省宝鸡市"), "2017", issuer="宝鸡市人民政府办公室"),
    document("c-baoji-copy", BAOJI, ("610300", "陕西省宝鸡市"), "2017", same_as="b-baoji"),
    document("d-suining", SUINING, ("510900", "四川省遂宁市"), "2018", kind="report", family=NOTICE),
    document(
        "e-suining-2", "遂宁市新建小学三所。", ("510900", "四川省遂宁市"), "2019", kind="news", family=NOTICE
    ),
]


@pytest.fixture(scope="module")
def analyses(tmp_path_factory: pytest.TempPathFactory) -> Analyses:
    folder = tmp_path_factory.mktemp("analyses") / "corpus"
    pc.init_corpus(folder)
    with Store.open(folder / "tables", create=True) as store:
        store.upsert(tables.DOCUMENTS, DOCUMENTS)
        passages = [p for d in DOCUMENTS for p in make_passages(d, load_tokenizer())]
        store.upsert(tables.PASSAGES, passages)
        store.upsert(
            tables.MEASURES,
            [
                Measure(
                    f"{code}-{p.passage_id}",
                    p.document_id,
                    "",
                    "",
                    1,
                    code,
                    "done",
                    p.text,
                    p.start,
                    p.end,
                    0.9,
                    passage_id=p.passage_id,
                )
                for p in passages
                for code, word in (("group_schooling", "教育集团"), ("rotation", "走教"))
                if word in p.text
            ],
        )
        store.upsert(
            tables.MENTIONS,
            [
                Mention(f"m-{d.document_id}", d.document_id, "region", at, at + 3, name)
                for d in DOCUMENTS
                for name in ("宝鸡市", "遂宁市")
                if (at := d.body.find(name)) >= 0
            ],
        )
    return Analyses(pc.open_corpus(folder))


def found(analyses: Analyses, **conditions: object) -> list[str]:
    return [row["document_id"] for row in analyses.select(Filter(**conditions)).documents]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("conditions", "documents"),
    [
        ({}, ["a-nation", "b-baoji", "d-suining", "e-suining-2"]),
        ({"copies": True}, ["a-nation", "b-baoji", "c-baoji-copy", "d-suining", "e-suining-2"]),
        ({"region": "61"}, ["b-baoji"]),
        ({"region": "陕西"}, ["b-baoji"]),
        ({"region": "遂宁市"}, ["d-suining", "e-suining-2"]),
        ({"year": "2017-2018"}, ["b-baoji", "d-suining"]),
        ({"kind": "report"}, ["d-suining"]),
        ({"issuer": "国务院"}, ["a-nation"]),
        ({"region": "51", "year": "2019"}, ["e-suining-2"]),
    ],
)
def test_conditions_choose_documents(
    analyses: Analyses, conditions: dict[str, object], documents: list[str]
) -> None:
    assert found(analyses, **conditions) == documents


def test_codes_and_local_text_choose_sentences(analyses: Analyses) -> None:
    counts, _ = analyses.frequencies(Filter(code="rotation"))
    assert counts.words["走教"] == 1 and counts.words["美育"] == 0
    counts, _ = analyses.frequencies(Filter(local=True, region="61"))
    assert counts.words["走教"] == 1 and counts.words["美育"] == 0
    assert analyses.frequencies(Filter(region="61"))[0].words["美育"] == 1


def test_a_family_counts_once(analyses: Analyses) -> None:
    _, rows = analyses.frequencies(Filter(region="51"), "family")
    assert {row.word: row.texts for row in rows}["遂宁市"] == 1
    _, rows = analyses.frequencies(Filter(region="51"), "document")
    assert {row.word: row.texts for row in rows}["遂宁市"] == 2


@pytest.mark.parametrize(
    ("conditions", "says"),
    [
        ({"kind": "essay"}, "none of 4 documents meets --kind essay"),
        ({"region": "61", "year": "2018"}, "none of 1 documents meets --year 2018"),
        ({"code": "pairing"}, "no sentence of 4 documents carries --code pairing"),
        ({"code": "rotation", "status": "planned"}, "carries --code rotation with --status planned"),
        ({"region": "北京市"}, "none of 4 documents meets --region 北京市"),
    ],
)
def test_what_emptied_a_selection_is_named(
    analyses: Analyses, conditions: dict[str, object], says: str
) -> None:
    with pytest.raises(EmptySelectionError) as error:
        found(analyses, **conditions)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("conditions", "says"),
    [
        ({"region": "宝鸡县市"}, "宝鸡市 610300"),
        ({"region": "610399"}, "610300 陕西省宝鸡市"),
        ({"region": "鼓楼区"}, "320106"),
        ({"code": "rotations"}, "did you mean rotation"),
        ({"code": "轮岗"}, "did you mean rotation"),
        ({"status": "finished"}, "known are done, planned, advised"),
        ({"year": "二零"}, "2018 or 2018-2020"),
    ],
)
def test_what_is_unknown_names_the_nearest(
    analyses: Analyses, conditions: dict[str, object], says: str
) -> None:
    with pytest.raises(PolicyCorpusError) as error:
        found(analyses, **conditions)
    assert says in str(error.value) and not isinstance(error.value, EmptySelectionError)


@pytest.mark.parametrize(
    ("conditions", "says"),
    [(["regon=61"], "did you mean region"), (["region="], "not a filter"), (["色"], "not a filter")],
)
def test_a_reference_is_read_from_conditions(conditions: list[str], says: str) -> None:
    with pytest.raises(PolicyCorpusError) as error:
        Filter.parse(conditions)
    assert says in str(error.value)
    assert Filter.parse(["region=61", "copies"]) == Filter(region="61", copies=True)


def test_a_place_in_a_concordance_can_be_opened(analyses: Analyses) -> None:
    lines = analyses.concordance("教育集团", Filter(), window=4)
    bodies = {d.document_id: d.body for d in DOCUMENTS}
    assert [line.document_id for line in lines] == ["b-baoji", "d-suining"]
    assert all(bodies[line.document_id][line.start : line.end] == "教育集团" for line in lines)
    assert lines[0].codes == ("group_schooling", "rotation") and lines[0].statuses == ("done",)


def test_a_word_that_stands_elsewhere_or_nowhere(analyses: Analyses) -> None:
    with pytest.raises(EmptySelectionError, match="other parts"):
        analyses.concordance("走教", Filter(region="51"), 4)
    with pytest.raises(EmptySelectionError, match="nowhere"):
        analyses.concordance("火星", Filter(region="51"), 4)


def test_keyness_against_the_rest(analyses: Analyses) -> None:
    target, rest, rows = analyses.keyness(Filter(region="61"), min_count=1)
    whole, _ = analyses.frequencies(Filter())
    assert target.size + rest.size == whole.size
    assert next(row for row in rows if row.word == "走教").g2 > 0
    with pytest.raises(PolicyCorpusError, match="nothing is left to compare with"):
        analyses.keyness(Filter())


def test_local_text_is_compared_with_local_text_and_all_of_it_with_the_rest(analyses: Analyses) -> None:
    local, _ = analyses.frequencies(Filter(local=True))
    target, rest, _ = analyses.keyness(Filter(region="61", local=True), min_count=1)
    assert target.size + rest.size == local.size
    target, rest, _ = analyses.keyness(Filter(local=True), min_count=1)
    assert target.size + rest.size == analyses.frequencies(Filter())[0].size


def test_local_shares_are_kept_beside_the_tables(analyses: Analyses) -> None:
    shares = {row["document_id"]: row for row in analyses.local_shares(Filter())}
    assert shares["b-baoji"]["national"] == 1 and shares["b-baoji"]["main_source_title"] == "a-nation的标题"
    assert 0 < shares["b-baoji"]["local_share"] < 1
    kept = Path(analyses.corpus.folder) / "derived" / "local_text.parquet"
    written = kept.stat().st_mtime_ns
    assert Analyses(analyses.corpus).reuse == analyses.reuse
    assert kept.stat().st_mtime_ns == written


def test_local_text_tells_how_far_it_is_where_it_has_to_be_made(analyses: Analyses) -> None:
    told: list[str | int | None] = []

    class Told:
        def stage(self, name: str, total: int | None) -> None:
            told.extend([name, total])

        def advance(self, count: int = 1) -> None:
            told.append(count)

    kept = Path(analyses.corpus.folder) / "derived" / "local_text.parquet"
    kept.unlink(missing_ok=True)
    assert Analyses(analyses.corpus, lambda: nullcontext(Told())).reuse
    documents = len(analyses.selector.documents())
    assert told == ["local text", documents, *[1] * documents]
    assert Analyses(analyses.corpus, lambda: nullcontext(Told())).reuse
    assert len(told) == documents + 2


def test_a_damaged_file_of_local_text_is_made_again(analyses: Analyses) -> None:
    kept = Path(analyses.corpus.folder) / "derived" / "local_text.parquet"
    expected = analyses.reuse
    kept.write_bytes(b"PAR1 cut short")
    assert Analyses(analyses.corpus).reuse == expected


def test_a_profile_holds_its_sub_regions_and_nothing_is_said_of_the_unread(analyses: Analyses) -> None:
    regions = RegionAnalyses(analyses.selector)
    own = regions.profile("四川省", Filter())
    assert (own.region_code, own.documents, own.measures) == ("510000", 2, 1)
    assert {cell.code: cell.count for cell in own.cells}["rotation"] == 0
    with pytest.raises(EmptySelectionError, match="nothing is known"):
        regions.profile("北京市", Filter())


def test_few_regions_give_no_types_and_say_why(analyses: Analyses) -> None:
    result = RegionAnalyses(analyses.selector).clusters(Filter())
    assert result.clusters == ()
    assert {r.region_name for r in result.refused} == {"陕西省宝鸡市", "四川省遂宁市"}


@pytest.mark.parametrize(
    ("region", "expected"),
    [("610321", {"b-page"}), ("宝鸡县", {"b-page"}), ("陕西省宝鸡市", {"b-page"}), ("51", set())],
)
def test_a_region_is_found_by_what_it_was_once_called(region: str, expected: set[str]) -> None:
    gazetteer = load_gazetteer()
    rows = [{"region_code": "610304", "region_name": "陕西省宝鸡市陈仓区", "document_id": "b-page"}]
    inside = RegionFinder(gazetteer, lambda: rows).test(region)
    assert {row["document_id"] for row in rows if inside(row["region_code"], row["region_name"])} == expected


@pytest.mark.parametrize(
    ("table", "filters", "expected"),
    [
        ("documents", {"region": "陕西"}, {"b-baoji", "c-baoji-copy"}),
        ("documents", {"region": "610000", "copies": False}, {"b-baoji"}),
        ("documents", {"code": "交流轮岗"}, {"b-baoji", "c-baoji-copy"}),
        ("documents", {"since": 2018, "kind": "news"}, {"e-suining-2"}),
        ("passages", {"code": "group_schooling", "region": "51"}, {"d-suining"}),
        ("measures", {"region": "遂宁市", "status": "done"}, {"d-suining"}),
        ("measures", {"code": "rotation", "copies": False}, {"b-baoji"}),
    ],
)
def test_lists_take_the_filters_of_the_analyses(
    analyses: Analyses, table: str, filters: dict[str, object], expected: set[str]
) -> None:
    assert {row["document_id"] for row in analyses.corpus.rows(table, **filters)} == expected


def test_regions_are_counted_within_the_filter(analyses: Analyses) -> None:
    (row,) = analyses.corpus.rows("regions", code="rotation", copies=False)
    assert (row["region_name"], row["measures"], row["group_schooling"]) == ("陕西省宝鸡市", 1, 0)


def test_an_empty_list_says_which_filter_emptied_it(analyses: Analyses) -> None:
    assert "meets --kind essay" in analyses.corpus.why_empty("documents", region="51", kind="essay")
    with pytest.raises(PolicyCorpusError, match="宝鸡市 610300"):
        analyses.corpus.rows("documents", region="宝鸡县市")
    with pytest.raises(PolicyCorpusError, match="leave the filters out"):
        analyses.corpus.rows("captures", region="51")


def test_names_of_places_are_no_keywords_unless_asked_for(analyses: Analyses) -> None:
    _, _, rows = analyses.keyness(Filter(region="51"), min_count=1)
    assert not {"遂宁市", "宝鸡市"} & {row.word for row in rows}
    assert {"交流轮岗", "一体化"} & {row.word for row in rows}
    _, _, rows = analyses.keyness(Filter(region="51"), min_count=1, names=True)
    assert "遂宁市" in {row.word for row in rows}


def test_a_region_that_was_divided_names_what_became_of_it() -> None:
    finder = RegionFinder(load_gazetteer(), list)
    with pytest.raises(PolicyCorpusError, match=r"was divided.*610304 陕西省宝鸡市陈仓区"):
        finder.find("宝鸡县")
    assert finder.find("陕西省宝鸡市") == ("610300", None)


def test_near_codes_lie_in_the_same_province() -> None:
    rows = [{"region_code": "610304", "region_name": "陕西省宝鸡市陈仓区"}]
    with pytest.raises(PolicyCorpusError, match="nearest: 610304 陕西省宝鸡市陈仓区"):
        RegionFinder(load_gazetteer(), lambda: rows).find("610399")
    with pytest.raises(PolicyCorpusError, match="list DIR regions"):
        RegionFinder(load_gazetteer(), lambda: rows).find("99")
