"""What a codebook misses: clauses that look like measures, and the clusters they form."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_corpus.analyse import gaps
from policy_corpus.analyse.gaps import find_gaps
from policy_corpus.analyse.uncovered import (
    Likeness,
    OpenClause,
    Sentence,
    TermCounts,
    open_clauses,
    states_only,
)
from policy_corpus.annotate.codebook import Codebook
from policy_corpus.corpus import init_corpus, open_corpus
from policy_corpus.errors import CorpusError
from policy_corpus.records import Passage
from policy_corpus.resources import DATA, load_tokenizer

CODEBOOK = Codebook.parse(
    """
scope = ["教育", "学校", "学生", "教师", "校园", "幼儿园", "高中"]
[[code]]
id = "layout"
zh = "布局调整"
en = "Layout"
definition = "学校的布局。"
labels = ["新建学校", "新增学位"]
hints = ["学位"]
"""
)
STOP_WORDS = frozenset(["加强", "推进", "实施", "全面", "深入"])
SEEN = [
    "新建学校三所，方便学生就近上学。",
    "新增学位两千个，教师和学生同时到位。",
    "新建学校和幼儿园，校园整洁。",
]
ELSEWHERE = [
    "建设高速公路，发展物流。",
    "完善污水管网。",
    "深入开展主题教育。",
    "扎实推进主题教育。",
    "开展主题教育活动。",
]


def sentence(text: str, *, covered: bool = False, start: int = 0, heading: bool = False) -> Sentence:
    words = tuple(load_tokenizer().cut(text))
    passage = Passage(f"p{text}", "d1", 0, start, start + len(text), text, words=words, is_heading=heading)
    return Sentence(passage, "某县", ((0, len(text)),) if covered else ())


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    counts = TermCounts(STOP_WORDS, CODEBOOK.scope)
    for text in SEEN * 20:
        counts.add(sentence(text, covered=True))
    for text in ELSEWHERE * 60:
        counts.add(sentence(text))
    return Likeness.learn(counts, CODEBOOK.scope)


def opened(likeness: Likeness, *sentences: Sentence) -> list[str]:
    return [c.text for s in sentences for c in open_clauses(s, CODEBOOK, likeness, STOP_WORDS)]


def test_words_beside_measures_speak_for_a_measure_and_rare_words_hardly_count(likeness: Likeness) -> None:
    assert likeness.odds["学生"] > 2 and likeness.odds["高速公路"] < 0
    counts = TermCounts()
    counts.add(sentence("教师和学生。", covered=True))
    for text in ELSEWHERE * 20:
        counts.add(sentence(text))
    assert counts.odds()["学生"] < likeness.odds["学生"]


def test_a_pair_of_words_stands_for_its_words(likeness: Likeness) -> None:
    assert likeness.best(("主题", "教育"))[0] < 0


@pytest.mark.parametrize(
    "text",
    [
        "规范校园食堂管理，保障学生用餐。",
        "组织教师和学生开展防震演练。",
        "支持幼儿园开设托班，教师轮流值守。",
    ],
)
def test_an_act_of_the_field_without_a_label_is_open(likeness: Likeness, text: str) -> None:
    assert opened(likeness, sentence(text))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("新建学校三所，方便学生上学。", "a label stands in it"),
        ("建设高速公路，发展物流。", "no word of the field"),
        ("深入开展主题教育。", "education of cadres"),
        ("推动教育高质量发展。", "a wish"),
        ("办好人民满意的教育。", "a slogan"),
        ("学校数量不足，教师结构失衡。", "a problem"),
        ("幼儿园普惠率达到九成，学生满意度提升。", "a result"),
        ("优质的学生和教师。", "no act"),
    ],
)
def test_what_no_open_clause_is(likeness: Likeness, text: str, why: str) -> None:
    assert opened(likeness, sentence(text)) == [], why


def test_a_heading_is_no_open_clause(likeness: Likeness) -> None:
    assert opened(likeness, sentence("规范校园食堂管理，保障学生用餐。", heading=True)) == []


def test_the_clause_beside_a_measure_is_open_and_keeps_its_place_in_the_body(likeness: Likeness) -> None:
    text = "新建学校三所，方便群众；规范校园食堂管理，保障学生用餐。"
    (found,) = open_clauses(sentence(text, covered=True, start=100), CODEBOOK, likeness, STOP_WORDS)
    assert found.text == text[found.start - 100 : found.end - 100] and "食堂" in found.text


def test_a_sentence_coded_without_a_label_is_covered(likeness: Likeness) -> None:
    assert opened(likeness, sentence("规范校园食堂管理，保障学生用餐。", covered=True)) == []


def test_white_space_does_not_move_words(likeness: Likeness) -> None:
    spaced = opened(likeness, sentence("规范 校园食堂\u3000管理，保障 学生用餐。"))
    assert spaced and "食堂" in spaced[0]


def test_a_clause_says_why_it_looks_like_a_measure(likeness: Likeness) -> None:
    (found,) = open_clauses(sentence("组织教师和学生开展演练。"), CODEBOOK, likeness, STOP_WORDS)
    assert {"教师", "学生"} <= set(found.because) and found.likeness > 0


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("促进学前教育普及普惠、义务教育优质均衡发展，", True),
        ("教育水平整体提升。", True),
        ("以创建示范区为契机，", True),
        ("推进教育、医疗、养老等公共服务均等化。", True),
        ("统筹做好老龄、青少年、档案等工作。", True),
        ("规范民办教育发展。", False),
        ("开展突出问题整治，净化校园周边。", False),
        ("为困难学生提供午餐。", False),
        ("推行校长职级制改革，", False),
        ("实施县域高中提升行动。", False),
    ],
)
def test_slogans_results_and_lists_of_services_state_and_acts_do_not(text: str, only: bool) -> None:
    assert states_only(text) is only


def clause(document: str, text: str, likeness: float = 1.0) -> OpenClause:
    words = tuple(w for w in load_tokenizer().cut(text) if len(w) > 1)
    return OpenClause(
        document, f"p{document}{text}", 0, len(text), text, words, f"县{document}", likeness, ()
    )


def two_topics() -> Iterator[OpenClause]:
    for n in range(5):
        yield clause(f"a{n}", f"规范民办教育机构{'收费' if n % 2 else '招生'}")
        yield clause(f"b{n}", f"强化校园安全{'防护' if n % 2 else '管理'}")


def test_clauses_that_share_words_are_one_gap_named_by_them() -> None:
    found = find_gaps(list(two_topics()))
    names = {gap.name for gap in found}
    assert len(found) == 2 and any("民办教育" in n for n in names) and any("校园" in n for n in names)
    assert {(g.clauses, g.documents, g.regions) for g in found} == {(5, 5, 5)}
    assert all(2 <= len(g.exemplars) <= 3 for g in found)


def test_gaps_do_not_depend_on_the_order_of_clauses() -> None:
    clauses = list(two_topics())
    assert find_gaps(clauses) == find_gaps(clauses[::-1])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_clauses_make_no_gap(count: int) -> None:
    assert find_gaps(list(two_topics())[:count]) == []


def test_wordings_of_one_document_are_no_gap() -> None:
    assert find_gaps([clause("a", "规范民办教育机构收费")] * 5) == []


def test_clauses_that_were_not_compared_join_the_nearest_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "MAX_COMPARED", 6)
    assert {g.clauses for g in find_gaps(list(two_topics()))} == {5}


def test_words_of_no_subject_name_no_gap() -> None:
    assert gaps.subject_words(clause("a", "推进教育改革项目建设")) == ()


PRIVATE = "规范民办学校的教师和学生档案。"
REPORTS = {
    "云岭县": [
        "我县组建6个教育集团，新建学校3所。", "选派120名教师到乡村学校交流轮岗。", "每所学校都为住校学生添置了新床和棉被。",
        "县里为山区学生发放助学金90万元。", "两所中心学校结对帮扶四个教学点。",
    ],
    "远江县": [
        "新增学位2000个，培训教师300名。", "全县推行集团化办学，覆盖三十所学校。", "乡村教师每月享受津贴，学生就近入学。",
        "改造学校食堂十二个，学生吃上热饭。", "督导组按季度评估学校办学质量。",
    ],
    "青石县": [
        "投入3亿元改造校舍，四十所学校受益。", "公开招聘教师50名，补充到学生最多的学校。", "实行划片招生，学生凭户口到学校报名。",
        "组织教师集体备课，学校之间共享课件。", "开通同步课堂，边远学校学生也能听名师讲课。",
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("uncovered")
    for name, lines in REPORTS.items():
        others = [f"{name}{n}月降雨较多，河道水位平稳，公路沿线已经排查。" for n in "一二三四五六七八九十"]
        text = "\n".join([f"{name}工作总结", *lines, PRIVATE, *others])
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    init_corpus(folder / "c")
    made = open_corpus(folder / "c")
    made.add([folder / f"{name}.txt" for name in REPORTS])
    made.build(workers=1)
    return folder / "c"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "policy_corpus", "codebook", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_the_command_prints_gaps_as_json_lines_with_ids_that_show_finds(corpus: Path) -> None:
    done = run("uncovered", corpus, "--json", "-n", "0")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert any("民办" in row["name"] and row["documents"] == 3 for row in rows)
    assert all({"name", "words", "clauses", "documents", "regions", "exemplars"} <= set(row) for row in rows)
    for row in rows:
        for example in row["exemplars"]:
            document, _ = open_corpus(corpus).find(example["document_id"])
            assert document["body"][example["start"] : example["end"]] == example["text"]
    assert "look like measures" in done.stderr


def test_a_corpus_without_measures_says_what_to_do(tmp_path: Path) -> None:
    init_corpus(tmp_path / "c")
    (tmp_path / "a.txt").write_text("今天天气很好。\n" * 5, encoding="utf-8")
    made = open_corpus(tmp_path / "c")
    made.add([tmp_path / "a.txt"])
    with pytest.raises(CorpusError, match="policy-corpus build"):
        made.uncovered()


def test_stop_words_ship_with_the_package() -> None:
    assert (DATA / "lexicon" / "stop_words.txt").is_file()
