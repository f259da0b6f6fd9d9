"""What a query asks for."""

import pytest

from policy_corpus.analyse.query import Query, parse_query, search_form
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.resources import load_codebook, load_gazetteer, load_tokenizer, models_dir


def read(text: str) -> Query:
    return parse_query(
        text, load_tokenizer(), load_codebook(models_dir() / "codebook.toml"), load_gazetteer()
    )


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("教基〔2023〕5号", "教基(2023)5号"),
        ("教基［2023］5号", "教基(2023)5号"),
        ("「双减」", '"双减"'),
        ("ＡＢＣ１２", "abc12"),
        ("結對幫扶", "结对帮扶"),
        ("İ教育", "i教育"),
    ],
)
def test_the_search_form_is_as_long_as_the_text(typed: str, form: str) -> None:
    made = search_form(typed)
    assert len(made) == len(typed)
    if "İ" not in typed:
        assert made == form


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("“以强带弱” 学校", "phrases", ("以强带弱",)),
        ('"以强带弱" “城乡 联盟”', "phrases", ("以强带弱", "城乡 联盟")),
        ("《关于加强学校美育工作的意见》", "titles", ("关于加强学校美育工作的意见",)),
        ("教师轮岗 -美育", "minus", ("美育",)),
        ("教师轮岗 －美育 -“乡村 教师”", "minus", ("美育", "乡村 教师")),
        ("教师轮岗 -《某意见》", "minus", ("某意见",)),
        ("2018-2020 学位", "minus", ()),
        ("“没有结尾的引号 轮岗", "free", "没有结尾的引号 轮岗"),
    ],
)
def test_signs_are_read(typed: str, field: str, value: object) -> None:
    assert getattr(read(typed), field) == value


@pytest.mark.parametrize(
    "typed",
    [
        "教基〔2023〕5号",
        "教基[2023]5号",
        "教基（2023）5号",
        "教基【2023】第5号",
        "教基 〔2023〕 5 号",
        "根据教基〔2023〕5号",
    ],
)
def test_a_document_number_is_one_however_it_is_typed(typed: str) -> None:
    (number,) = read(typed).numbers
    assert str(number) == "教基〔2023〕5号"
    assert number.pattern().search(search_form("按《通知》（教基〔2023〕5号）要求"))
    assert number.pattern().search(search_form("教基〔2023〕第5号"))
    assert not number.pattern().search(search_form("教基〔2023〕15号"))


@pytest.mark.parametrize(
    ("typed", "code"),
    [("结对", "pairing"), ("pairing", "pairing"), ("教师轮岗", "rotation"), ("校长轮岗", "rotation")],
)
def test_a_query_names_codes_by_label_name_or_id(typed: str, code: str) -> None:
    named = {named.code: named for named in read(typed).codes}
    assert code in named
    assert code != "pairing" or "对口帮扶" in named[code].synonyms


def test_a_region_is_no_word_of_the_order_when_others_are_left() -> None:
    query = read("古蔺县教师轮岗")
    assert [region.code for region in query.regions] == ["510525"]
    assert query.ranked_text == "教师轮岗"
    assert read("古蔺县").ranked_text == "古蔺县"


@pytest.mark.parametrize("typed", ["-20", "，", "“", "《意", "()", '说"好'])
def test_a_short_query_of_signs_is_taken_as_it_stands(typed: str) -> None:
    assert read(typed).literal == search_form(typed)


@pytest.mark.parametrize("typed", ["", "   ", "-不要这个词", "“”  《》"])
def test_nothing_to_search_for_is_an_error(typed: str) -> None:
    with pytest.raises(PolicyCorpusError, match="nothing to search for"):
        read(typed)
