"""Search as a bureau uses it: what is found, in which order, why, and what an empty answer says."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from policy_corpus.analyse.query import search_form
from policy_corpus.annotate.passages import make_passages
from policy_corpus.corpus import Corpus, init_corpus, open_corpus
from policy_corpus.corpus.analysing.filters import Filter
from policy_corpus.corpus.searching.search import CorpusSearch
from policy_corpus.errors import PolicyCorpusError, SettingsError
from policy_corpus.publish.search import Hit
from policy_corpus.publish.search.hits import TEXT_LIMIT, window
from policy_corpus.records import Document, Measure
from policy_corpus.resources import load_tokenizer
from policy_corpus.store.store import Store
from policy_corpus.store.tables import DOCUMENTS, MEASURES, PASSAGES

LONG = "各校" + "认真学习文件，" * 60 + "组织走教，" + "按时总结经验，" * 20 + "形成报告。"
PAGES = (
    Document(
        "d-gulin", "c1", "gulin.html", 1, "古蔺县教师交流轮岗见成效",
        "全县教师轮岗120人。\n城区学校与村小结对，每学期互访两次。\n2018-2020年新增学位3000个（5G网络全覆盖）。",
        "news", published="2021-05-01", region_code="510525", region_name="四川省泸州市古蔺县",
    ),
    Document(
        "d-policy", "c2", "notice.html", 1, "关于推进教师轮岗的实施意见",
        "根据《关于加强乡村学校建设的通知》（教基〔2023〕5号），制定本意见。\n要开展对口帮扶，以强带弱。\n推行校长教师定期轮岗。",
        "policy", published="2019-03-02", issuer="海州市教育局", number="海教〔2019〕7号", region_code="610300",
        region_name="陕西省宝鸡市",
    ),
    Document(
        "d-copy", "c3", "copy.html", 1, "古蔺县教师交流轮岗见成效", "全县教师轮岗120人。", "news", same_as="d-gulin",
        published="2021-06-01", region_code="510525", region_name="四川省泸州市古蔺县",
    ),
    Document("d-long", "c4", "long.html", 1, "经验材料", LONG, "report", region_code="320100", region_name="江苏省南京市"),
    Document("d-old", "c5", "old.html", 1, "結對幫扶", "兩校結對幫扶，資源共享。", "essay", script="traditional",
             simplified="两校结对帮扶，资源共享。"),
)  # fmt: skip
CODED = (("d-gulin", 0, "rotation", "done"), ("d-gulin", 1, "pairing", "done"), ("d-policy", 2, "rotation", "planned"),
         ("d-copy", 0, "rotation", "done"))  # fmt: skip


def enter(
    folder: Path, pages: Sequence[Document], coded: Sequence[tuple[str, int, str, str]] = CODED
) -> None:
    """What a build would leave in the store."""
    with Store.open(folder / "tables", create=True) as store:
        store.upsert(DOCUMENTS, pages)
        for page in pages:
            passages = make_passages(page, load_tokenizer())
            store.replace_children(PASSAGES, [page.document_id], passages)
            measures = [
                Measure(f"m-{key}-{place}", key, page.capture_id, page.source, 1, code, status, passages[place].text,  # type: ignore[arg-type]
                        passages[place].start, passages[place].end, 0.9, passage_id=passages[place].passage_id)
                for key, place, code, status in coded if key == page.document_id
            ]  # fmt: skip
            store.replace_children(MEASURES, [page.document_id], measures)


def made(folder: Path, pages: Sequence[Document] = PAGES) -> Corpus:
    init_corpus(folder)
    enter(folder, pages)
    return open_corpus(folder)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    yield made(tmp_path_factory.mktemp("corpus"))


def texts(hits: Sequence[Hit]) -> list[str]:
    return [hit.text for hit in hits]


def test_own_words_come_before_words_of_the_code(corpus: Corpus) -> None:
    hits = corpus.search("结对").hits
    assert "结对" in hits[0].text or "結對" in hits[0].text
    found = next(hit for hit in hits if "对口帮扶" in hit.text)
    assert found.rank > 1
    (reason,) = [reason for reason in found.reasons if reason.by == "label"]
    assert reason.what[:2] == ("pairing", "结对帮扶")
    assert "对口帮扶" in reason.what


def test_a_hit_says_why_with_marked_text(corpus: Corpus) -> None:
    hit = corpus.search("教师轮岗").hits[0]
    reasons = {reason.by: reason for reason in hit.reasons}
    assert reasons["code"].what[:2] == ("rotation", "交流轮岗")
    assert reasons["words"].what
    assert [hit.text[start:end] for start, end in hit.marks] == ["教师轮岗"]


def test_text_and_place_of_a_hit_agree(corpus: Corpus) -> None:
    bodies = {page.document_id: page.body for page in PAGES}
    for query in ("走教", "轮岗", "结对帮扶"):
        for hit in corpus.search(query):
            assert bodies[hit.document_id][hit.start : hit.end] == hit.text
            assert len(hit.text) <= TEXT_LIMIT


def test_a_long_sentence_is_shown_where_the_words_stand(corpus: Corpus) -> None:
    hit = corpus.search("走教").hits[0]
    assert "走教" in hit.text
    assert len(LONG) > TEXT_LIMIT
    assert window("短", []) == (0, 1)


def test_every_string_of_one_to_four_characters_is_found(corpus: Corpus) -> None:
    search = CorpusSearch(corpus)
    missed = []
    for page in PAGES[:3]:
        for text in (*page.body.split("\n"), page.title):
            for size in (1, 2, 3, 4):
                for start in range(0, len(text) - size + 1, 3):
                    asked = text[start : start + size]
                    hits = search.search(asked, limit=5).hits
                    form = search_form(asked.strip(' "“”《》'))
                    if not any(form in search_form(hit.text + " " + hit.title) for hit in hits):
                        missed.append(asked)
    assert missed == []


def test_a_string_that_runs_into_the_next_sentence_is_found(tmp_path: Path) -> None:
    page = replace(PAGES[0], body="已经完成。各地要总结。")
    assert texts(made(tmp_path, [page]).search("成。各地").hits)[0] == "已经完成。"


def test_a_quoted_phrase_stands_in_every_hit_or_in_its_title(corpus: Corpus) -> None:
    assert texts(corpus.search("“以强带弱” 轮岗").hits) == ["要开展对口帮扶，以强带弱。"]
    assert {hit.document_id for hit in corpus.search("“教师交流轮岗”")} == {"d-gulin", "d-copy"}


@pytest.mark.parametrize(
    "number", ["教基〔2023〕5号", "教基[2023]5号", "教基（2023）第5号", "根据教基【2023】5号"]
)
def test_a_document_number_is_found_however_it_is_typed(corpus: Corpus, number: str) -> None:
    assert [hit.document_id for hit in corpus.search(number)] == ["d-policy"]


def test_the_number_of_the_document_itself_is_found(corpus: Corpus) -> None:
    assert {hit.document_id for hit in corpus.search("海教〔2019〕7号")} == {"d-policy"}


@pytest.mark.parametrize("number", ["基〔2023〕15号", "厅教基〔2023〕5号", "教基〔2022〕5号"])
def test_another_document_number_is_not_found(corpus: Corpus, number: str) -> None:
    result = corpus.search(number)
    assert not result.hits
    assert "stands nowhere" in str(result.note)


def test_a_title_leads_to_its_document_and_to_those_that_name_it(corpus: Corpus) -> None:
    assert corpus.search("《关于推进教师轮岗的实施意见》").hits[0].document_id == "d-policy"
    assert "乡村学校建设" in corpus.search("《关于加强乡村学校建设的通知》").hits[0].text


def test_minus_words_leave_sentences_out(corpus: Corpus) -> None:
    assert corpus.search("轮岗 -校长").hits
    assert all("校长" not in hit.text for hit in corpus.search("轮岗 -校长"))


def test_traditional_text_and_query_meet(corpus: Corpus) -> None:
    assert "兩校結對幫扶，資源共享。" in texts(corpus.search("结对帮扶").hits)
    assert "兩校結對幫扶，資源共享。" in texts(corpus.search("結對幫扶").hits)


def test_a_region_in_the_query_goes_first_but_shuts_nothing_out(corpus: Corpus) -> None:
    hits = corpus.search("宝鸡市教师轮岗").hits
    assert hits[0].region_code == "610300"
    assert {hit.region_code for hit in hits} > {"610300"}
    assert "region" in [reason.by for reason in hits[0].reasons]


@pytest.mark.parametrize(
    ("wanted", "documents"),
    [
        (Filter(copies=True, region="51"), {"d-gulin", "d-copy"}),
        (Filter(copies=True, region="510500"), {"d-gulin", "d-copy"}),
        (Filter(copies=True, region="四川"), {"d-gulin", "d-copy"}),
        (Filter(copies=True, region="陕西省宝鸡市"), {"d-policy"}),
        (Filter(copies=True, code="rotation"), {"d-gulin", "d-copy", "d-policy"}),
        (Filter(copies=True, code="交流轮岗", status="planned"), {"d-policy"}),
        (Filter(copies=True, status="done"), {"d-gulin", "d-copy"}),
        (Filter(copies=True, since=2021), {"d-gulin", "d-copy"}),
        (Filter(copies=True, year="2018-2020"), {"d-policy"}),
        (Filter(copies=True, year="2021", since=2019), {"d-gulin", "d-copy"}),
        (Filter(copies=True, kind="policy"), {"d-policy"}),
        (Filter(copies=True, kind="政策", status="计划"), {"d-policy"}),
        (Filter(copies=True, issuer="教育局"), {"d-policy"}),
        (Filter(region="51"), {"d-gulin"}),
    ],
)
def test_filters(corpus: Corpus, wanted: Filter, documents: set[str]) -> None:
    assert {hit.document_id for hit in CorpusSearch(corpus).search("教师轮岗", wanted)} == documents


def test_code_and_status_are_of_one_measure(corpus: Corpus) -> None:
    result = corpus.search("轮岗", code="pairing", status="planned")
    assert not result.hits
    assert "--code pairing with --status planned leaves nothing" in str(result.note)


def test_a_code_that_was_replaced_means_todays_regions(tmp_path: Path) -> None:
    page = replace(PAGES[0], region_code="610304", region_name="陕西省宝鸡市陈仓区")
    corpus = made(tmp_path, [page])
    assert corpus.search("轮岗", region="610321").hits
    assert corpus.search("轮岗", region="宝鸡县").hits


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"region": "古林县"}, "古蔺县|nearest"),
        ({"region": "510599"}, "unknown region"),
        ({"code": "rotatoin"}, "rotation"),
        ({"status": "finished"}, "unknown status"),
        ({"kind": "polcy"}, "policy"),
        ({"since": "去年"}, "not a year"),
        ({"since": "2018-2020"}, "give --year 2018-2020"),
        ({"year": "2020-2018"}, "write 2018-2020"),
        ({"local": True}, "leave --local out"),
    ],
)
def test_what_is_unknown_names_the_nearest(corpus: Corpus, wanted: dict[str, str], says: str) -> None:
    with pytest.raises(PolicyCorpusError, match=says):
        corpus.search("轮岗", **wanted)


def test_an_empty_result_says_which_filter_emptied_it(corpus: Corpus) -> None:
    assert "--since 2030 leaves nothing" in str(corpus.search("轮岗", since=2030, region="51").note)
    assert "--issuer 财政局 leaves nothing" in str(corpus.search("轮岗", issuer="财政局").note)
    assert "no hit meets all" in str(corpus.search("轮岗", region="51", kind="policy").note)
    assert "“量子计算”" in str(corpus.search("“量子计算”").note)


def test_words_that_stand_nowhere_give_nothing(corpus: Corpus) -> None:
    assert "no sentence answers" in str(corpus.search("zzzz").note)


def test_the_index_follows_the_tables(tmp_path: Path) -> None:
    corpus = made(tmp_path, PAGES[:1])
    assert not corpus.search("“对口帮扶”").hits
    enter(tmp_path, PAGES[1:2])
    assert corpus.search("“对口帮扶”").hits
    enter(tmp_path, [replace(PAGES[1], body="要开展送教下乡。")], [])
    assert not corpus.search("“对口帮扶”").hits
    assert corpus.search("“送教下乡”").hits
    with Store.open(tmp_path / "tables") as store:
        store.replace_children(PASSAGES, ["d-policy"], ())
        store.replace_children(DOCUMENTS, ["c2"], ())
    assert not open_corpus(tmp_path).search("“送教下乡”").hits


def test_an_index_that_cannot_be_brought_up_to_date_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policy_corpus.corpus.searching.search.LOCK_WAIT", 0.0)
    corpus = made(tmp_path, PAGES[:1])
    said: list[str] = []
    search = CorpusSearch(corpus, note=said.append)
    search.prepare()
    said.clear()
    enter(tmp_path, PAGES[1:2])
    with Store.open(tmp_path / "tables"):
        assert search.search("轮岗").hits
    assert "lacks changes of 1 documents" in said[-1]
    assert search.search("“对口帮扶”").hits


def test_nothing_is_indexed_twice(tmp_path: Path) -> None:
    corpus = made(tmp_path, PAGES[:2])
    said: list[str] = []
    CorpusSearch(corpus, note=said.append).prepare()
    assert "indexing 2 documents" in said[0]
    CorpusSearch(open_corpus(tmp_path), note=said.append).prepare()
    assert len(said) == 1


def test_an_index_of_another_version_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path, PAGES[:1]).search("轮岗")
    monkeypatch.setattr("policy_corpus.publish.search.index.INDEX_VERSION", 99)
    said: list[str] = []
    CorpusSearch(open_corpus(tmp_path), note=said.append).prepare()
    assert "indexing 1 documents" in said[0]


def test_the_same_corpus_gives_the_same_hits_whatever_was_entered_first(
    tmp_path: Path, corpus: Corpus
) -> None:
    other = made(tmp_path, PAGES[::-1])
    for query in ("教师轮岗", "结对", "学校"):
        assert [h.as_row() for h in other.search(query)] == [h.as_row() for h in corpus.search(query)]


def test_an_encoder_that_is_not_here_is_named(tmp_path: Path) -> None:
    corpus = made(tmp_path, PAGES[:1])
    (tmp_path / "corpus.toml").write_text('[search]\nencoder = "my-encoder"', encoding="utf-8")
    with pytest.raises(SettingsError, match="my-encoder"):
        open_corpus(tmp_path).search("轮岗")
    (tmp_path / "corpus.toml").write_text('[search]\nencoder = "none"', encoding="utf-8")
    assert open_corpus(tmp_path).search("轮岗").hits
    assert corpus.search("轮岗", meaning=False).hits


def test_the_command_line_keeps_its_contract(
    corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from typer.testing import CliRunner

    from policy_corpus.cli import app

    queries = tmp_path / "q.tsv"
    queries.write_text("qid\tquery\na1\t教师轮岗\na2\t“以强带弱”\n", encoding="utf-8")
    done = CliRunner().invoke(
        app, ["search", str(corpus.folder), "--queries", str(queries), "-n", "2", "--json"]
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["qid"], row["rank"]) for row in rows] == [("a1", 1), ("a1", 2), ("a2", 1)]
    wanted = "rank document_id passage_id title region_code region_name published text start end codes status source reasons"
    assert set(wanted.split()) < set(rows[0])
    shown = CliRunner().invoke(app, ["search", str(corpus.folder), "教师轮岗", "--done"])
    assert shown.exit_code == 0
    assert "同文还有 1 处" in shown.stdout
    assert "措施 交流轮岗" in shown.stdout


def test_a_sentence_of_many_documents_takes_one_place_on_the_terminal(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from policy_corpus.cli import app

    copies = [
        replace(
            PAGES[2], document_id=f"d-{i}", capture_id=f"x{i}", body=f"全县教师轮岗120人{mark}", same_as=None
        )
        for i, mark in enumerate("。；！，")
    ]
    made(tmp_path, [*PAGES, *copies])
    shown = CliRunner().invoke(app, ["search", str(tmp_path), "教师轮岗", "-n", "2"]).stdout
    assert shown.count("全县教师轮岗120人") == 1 and "推行校长教师定期轮岗" in shown
    assert "同文还有 5 处" in shown
