"""Regions of a stored corpus side by side: who is counted where, and that nothing untraced is written."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import policy_corpus as pc
from policy_corpus.analyse.compare.model import Comparison
from policy_corpus.annotate.passages import make_passages
from policy_corpus.cli import app
from policy_corpus.corpus.analysing.compare import Comparisons, UntracedError
from policy_corpus.corpus.analysing.filters import Filter
from policy_corpus.corpus.analysing.statistics import Analyses
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.records import Document, Measure
from policy_corpus.resources import load_tokenizer
from policy_corpus.store import tables
from policy_corpus.store.store import Store

BODIES = {
    "baoji": ("610300", "陕西省宝鸡市", "2021", "宝鸡市组建6个教育集团。\n选派骨干教师到山区走教。\n"),
    "linyou": ("610329", "陕西省宝鸡市麟游县", "2022", "麟游县教师走教。\n"),
    "shaanxi": ("610000", "陕西省", "2020", "全省推行走教。\n"),
    "suining": ("510900", "四川省遂宁市", "2022", "遂宁市有3个教育集团。\n"),
    "copy": ("510900", "四川省遂宁市", "2022", "遂宁市有3个教育集团。\n"),
    "nowhere": (None, None, "2022", "某县教育集团。\n"),
}


def stored(folder: Path) -> Path:
    pc.init_corpus(folder)
    documents = [
        Document(
            name, f"c-{name}", f"pages/{name}.html", 1, f"{name}的标题", body, "news", published=f"{year}-03-01",
            region_code=code, region_name=place, same_as="suining" if name == "copy" else None,
        )
        for name, (code, place, year, body) in BODIES.items()
    ]  # fmt: skip
    passages = [p for d in documents for p in make_passages(d, load_tokenizer())]
    measures = [
        Measure(
            f"{code}-{p.passage_id}", p.document_id, "", "", 1, code, "done", p.text, p.start, p.end, 0.9,
            passage_id=p.passage_id,
        )
        for p in passages
        for code, word in (("group_schooling", "教育集团"), ("rotation", "走教"))
        if word in p.text
    ]  # fmt: skip
    with Store.open(folder / "tables", create=True) as store:
        store.upsert(tables.DOCUMENTS, documents)
        store.upsert(tables.PASSAGES, passages)
        store.upsert(tables.MEASURES, measures)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored(tmp_path_factory.mktemp("compare") / "corpus")


@pytest.fixture(scope="module")
def comparisons(folder: Path) -> Comparisons:
    return Comparisons(Analyses(pc.open_corpus(folder)).selector)


def counted(found: Comparison) -> dict[str, tuple[int, ...]]:
    return {side.short: side.documents.ids for side in found.sides}  # type: ignore[misc]


def test_a_region_has_its_sub_regions_in_it(comparisons: Comparisons) -> None:
    assert counted(comparisons.compare(["宝鸡市", "遂宁市"], Filter())) == {
        "宝鸡市": ("baoji", "linyou"),
        "遂宁市": ("suining",),
    }


def test_a_region_within_another_is_counted_by_itself_alone(comparisons: Comparisons) -> None:
    found = comparisons.compare(["陕西省", "宝鸡市", "麟游县"], Filter())
    assert counted(found) == {"陕西省": ("shaanxi",), "宝鸡市": ("baoji",), "麟游县": ("linyou",)}
    assert [side.without for side in found.sides] == [("宝鸡市", "麟游县"), ("麟游县",), ()]


def test_copies_count_only_when_asked_for(comparisons: Comparisons) -> None:
    found = comparisons.compare(["宝鸡市", "遂宁市"], Filter(copies=True))
    assert counted(found)["遂宁市"] == ("copy", "suining")


@pytest.mark.parametrize(
    ("wanted", "measures"),
    [(Filter(code="rotation"), [2, 0]), (Filter(year="2022"), [1, 1]), (Filter(status="done"), [3, 1])],
)
def test_filters_choose_what_is_counted(
    comparisons: Comparisons, wanted: Filter, measures: list[int]
) -> None:
    found = comparisons.compare(["宝鸡市", "遂宁市"], wanted)
    assert [side.measures.value for side in found.sides] == measures
    assert found.conditions == {name: str(value) for name, value in asdict(wanted).items() if value}


def test_a_code_may_be_given_by_its_chinese_name(comparisons: Comparisons) -> None:
    found = comparisons.compare(["宝鸡市", "遂宁市"], Filter(code="交流轮岗"))
    assert [side.measures.value for side in found.sides] == [2, 0]
    comparisons.check(found, ["宝鸡市", "遂宁市"], Filter(code="交流轮岗"))


def test_names_and_codes_mean_the_same(comparisons: Comparisons) -> None:
    one = comparisons.compare(["宝鸡市", "遂宁市"], Filter())
    assert one == comparisons.compare(["6103", "510900"], Filter())


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["宝鸡市"], "two regions at least"),
        (["宝鸡市", "610300"], "are one region: 陕西省宝鸡市 610300"),
        (["宝鸡市", "遂宁巿"], "nearest: 遂宁市 510900"),
        (["宝鸡市", "鼓楼区"], "names several regions"),
        (["宝鸡市", "渭南市"], "no document of 陕西省渭南市 610500"),
    ],
)
def test_what_cannot_be_compared_is_told(comparisons: Comparisons, names: list[str], said: str) -> None:
    with pytest.raises(PolicyCorpusError, match=said):
        comparisons.compare(names, Filter())


def test_a_region_without_documents_beside_two_with_some_is_unread(comparisons: Comparisons) -> None:
    found = comparisons.compare(["宝鸡市", "遂宁市", "渭南市"], Filter())
    assert found.unread == (("610500", "陕西省渭南市"),)


Tamper = Callable[[Comparison], Comparison]


def more_measures(found: Comparison) -> Comparison:
    side = found.sides[0]
    return replace(found, sides=(replace(side, measures=replace(side.measures, value=99)), *found.sides[1:]))


def other_words(found: Comparison) -> Comparison:
    return replace(
        found, quotes=(replace(found.quotes[0], evidence="宝鸡市组建60个教育集团。"), *found.quotes[1:])
    )


def foreign_id(found: Comparison) -> Comparison:
    row = next(row for row in found.rows if row.code == "group_schooling")
    count = replace(row.cells[0].count, ids=(found.rows[-1].cells[0].count.ids[0],))
    cells = (replace(row.cells[0], count=count), *row.cells[1:])
    return replace(found, rows=tuple(replace(row, cells=cells) if r is row else r for r in found.rows))


TAMPERS = [
    (more_measures, "宝鸡市 措施条数"),
    (other_words, "引文 1"),
    (foreign_id, "宝鸡市 集团化办学 条数"),
]


@pytest.fixture
def tampered(monkeypatch: pytest.MonkeyPatch) -> Callable[[Tamper], None]:
    honest = Comparisons.compare

    def use(tamper: Tamper) -> None:
        def compare(self: Comparisons, names: Sequence[str], wanted: Filter) -> Any:
            return tamper(honest(self, names, wanted))

        monkeypatch.setattr(Comparisons, "compare", compare)

    return use


@pytest.mark.parametrize(("tamper", "name"), TAMPERS)
def test_a_figure_that_cannot_be_traced_stops_the_export(
    comparisons: Comparisons, tmp_path: Path, tampered: Callable[[Tamper], None], tamper: Tamper, name: str
) -> None:
    tampered(tamper)
    with pytest.raises(UntracedError, match=name):
        comparisons.write(["宝鸡市", "遂宁市"], Filter(), tmp_path / "report.docx")
    assert list(tmp_path.iterdir()) == []


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["compare", *map(str, arguments)])


def test_the_command_ends_with_1_and_names_the_figure(
    folder: Path, tmp_path: Path, tampered: Callable[[Tamper], None]
) -> None:
    tampered(more_measures)
    result = run(folder, "宝鸡市", "遂宁市", "-o", tmp_path / "report.xlsx")
    assert result.exit_code == 1
    assert "宝鸡市 措施条数" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_changed_in_the_store_since_is_noticed(tmp_path: Path) -> None:
    folder = stored(tmp_path / "corpus")
    comparisons = Comparisons(Analyses(pc.open_corpus(folder)).selector)
    found = comparisons.compare(["宝鸡市", "遂宁市"], Filter())
    with Store.open(folder / "tables") as store:
        store.delete(tables.MEASURES, {"document_id": "linyou"})
    with pytest.raises(UntracedError, match="宝鸡市 措施条数"):
        Comparisons(Analyses(pc.open_corpus(folder)).selector).check(found, ["宝鸡市", "遂宁市"], Filter())


@pytest.mark.parametrize("ending", ["docx", "xlsx", "html", "md"])
def test_the_command_writes_a_report(folder: Path, tmp_path: Path, ending: str) -> None:
    result = run(folder, "宝鸡市", "遂宁市", "渭南市", "-o", tmp_path / f"report.{ending}")
    assert result.exit_code == 0, result.output
    assert (tmp_path / f"report.{ending}").is_file()
    assert "陕西省渭南市 610500" in result.stderr
    assert "every figure recounted" in result.stderr


def test_the_command_shows_a_table(folder: Path) -> None:
    result = run(folder, "宝鸡市", "遂宁市")
    assert result.exit_code == 0
    assert "宝鸡市、遂宁市措施对照" in result.stdout


def test_the_command_gives_the_whole_comparison_to_machines(folder: Path) -> None:
    import json

    found = json.loads(run(folder, "宝鸡市", "遂宁市", "--json").stdout)
    cell = next(row for row in found["rows"] if row["code"] == "rotation")["cells"][0]
    assert cell["count"]["value"] == len(cell["count"]["ids"]) == 2
    assert {claim["measure_id"] for quote in found["quotes"] for claim in quote["claims"]} >= set(
        cell["count"]["ids"]
    )


def test_another_ending_is_refused_before_anything_is_read(folder: Path, tmp_path: Path) -> None:
    result = run(folder, "宝鸡市", "遂宁市", "-o", tmp_path / "report.pdf")
    assert isinstance(result.exception, PolicyCorpusError)
    assert ".docx, .xlsx, .html, .md" in str(result.exception)
