"""Done, planned or advised."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_corpus.annotate.passages import make_passages
from policy_corpus.annotate.status import StatusRules, parse_status_rules
from policy_corpus.records import Document, Kind
from tests.shared import DATA, GOLD, needs_shared

TOML = (Path(__file__).parents[2] / "policy_corpus/data/lexicon/status.toml").read_text(encoding="utf-8")
RULES: StatusRules = parse_status_rules(TOML)


def statuses(body: str, kind: Kind, title: str = "") -> list[str]:
    """Status of each passage that is no heading."""
    passages = make_passages(Document("d", "c", "s", 1, title, body, kind))
    states = RULES.section_states(passages, kind, title)
    pairs = zip(passages, states, strict=True)
    return [RULES.decide(p.text, state, kind).status for p, state in pairs if not p.is_heading]


@pytest.mark.parametrize(
    ("kind", "text", "status"),
    [
        ("policy", "各县区要组建教育集团。", "planned"),
        ("policy", "鼓励学校与名校合作办学，可聘请兼职教师。", "planned"),
        ("policy", "2016年起，全市中小学已全面实行自评工作。", "done"),
        ("news", "去年，县教育局组建了五个教育集团。", "done"),
        ("news", "今年，该县将新建学校3所。", "planned"),
        ("news", "该县将教师交流纳入学校考核。", "done"),
        ("news", "目前，联盟已经全面组建，将通过示范带动乡村学校。", "done"),
        ("news", "局长强调，各校要主动开展联片教研。", "planned"),
        ("news", "四部门印发《共同体建设意见》，提出要推进教共体建设。", "done"),
        ("report", "我校与云岭一小结对，互派教师12名。", "done"),
        ("template", "学校应当建立结对帮扶机制。", "advised"),
        ("template", "中心小学将加强教师培训。", "advised"),
        ("essay", "政府应加大对乡村学校的投入。", "advised"),
        ("other", "学校选派骨干教师到村小支教。", "done"),
    ],
)
def test_the_kind_of_document_and_the_words_decide(kind: Kind, text: str, status: str) -> None:
    assert statuses(text, kind) == [status]


REPORT = """各位代表：
{past}
新建学校3所，新增学位900个。
{future}
新建学校5所，新增学位1500个。"""


@pytest.mark.parametrize(
    ("past", "future"),
    [
        ("一、2023年工作回顾", "二、2024年工作安排"),
        ("2023年工作回顾", "2024年重点工作"),
        ("一、过去一年工作", "二、下一步打算"),
        ("一、“十三五”时期发展成就", "二、“十四五”时期主要目标任务"),
        ("过去一年，我们迎难而上。", "今年工作的总体要求是：稳中求进。"),
        ("一年来，主要做了以下工作。", "今年，重点抓好以下工作。"),
        ("2023年是极不平凡的一年。", "2024年是关键之年。"),
        ("2023年，我们攻坚克难。", "新的一年，任务更重。"),
    ],
)
def test_a_report_tells_the_past_part_and_plans_the_coming_part(past: str, future: str) -> None:
    body = REPORT.format(past=past, future=future)
    found = statuses(body, "report")
    sentences = [
        p.text for p in make_passages(Document("d", "c", "s", 1, "", body, "report")) if not p.is_heading
    ]
    assert found[sentences.index("新建学校3所，新增学位900个。")] == "done"
    assert found[sentences.index("新建学校5所，新增学位1500个。")] == "planned"


def test_the_coming_part_may_stand_first() -> None:
    body = "一、2024年重点任务\n新建学校5所。\n二、2023年工作回顾\n新建学校3所。"
    assert statuses(body, "report") == ["planned", "done"]


def test_a_slogan_inside_the_coming_part_does_not_turn_it_back() -> None:
    body = "一、2023年工作回顾\n新建学校3所。\n二、2024年目标任务\n（一）全力推动改革，在取得的成果上展现新作为\n新建学校5所。"
    assert statuses(body, "report") == ["done", "planned"]


def test_last_years_figure_inside_the_coming_part_is_done() -> None:
    body = "一、2024年工作安排\n截至目前，全县已建成教育集团12个。\n再组建教育集团3个。"
    assert statuses(body, "report") == ["done", "planned"]


def test_a_promise_after_the_problems_does_not_open_the_coming_part_while_the_review_goes_on() -> None:
    body = "一、2023年工作回顾\n我们将直面问题。\n一年来，我们组建集团。\n选派教师50名。\n二、2024年工作安排\n新建学校5所。"
    assert statuses(body, "report")[-2:] == ["done", "planned"]


def test_an_outlook_in_news_holds_for_its_paragraph() -> None:
    body = "该县组建集团5个。\n下一步，该县扩大集团规模。增加骨干教师交流。\n云岭一小开设社团20个。"
    assert statuses(body, "news") == ["done", "planned", "planned", "done"]


@pytest.mark.parametrize("title", ["云岭一小2024年工作计划", "云岭县教育均衡发展实施方案"])
def test_a_report_that_calls_itself_a_plan_plans(title: str) -> None:
    assert statuses("开展同课异构活动，每学期四次。", "report", title) == ["planned"]


def test_a_template_that_tells_a_practice_as_fact_is_done() -> None:
    body = (
        "xx区大力推行集团化办学。\n近年来，xx区组建了x个教育集团。\n目前，各集团已统一管理。\n"
        "总校为分校配备了专用教室。\n各集团定期组织教师参加培训。"
    )
    assert set(statuses(body, "template")) == {"done"}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("将新建学校5所，新增学位300个。", ["planned", "planned"]),
        ("已投入专项资金3亿元，将新建学校5所。", ["done", "planned"]),
        ("组建教育集团5个，选派教师60名。", ["done", "done"]),
    ],
)
def test_a_clause_without_a_word_of_its_own_goes_with_the_last_before_it(
    sentence: str, expected: list[str]
) -> None:
    (passage,) = make_passages(Document("d", "c", "s", 1, "", sentence, "news"))
    (state,) = RULES.section_states([passage], "news")
    cut = sentence.index("，") + 1
    clauses = [("", sentence[:cut]), (sentence[:cut], sentence[cut:])]
    assert [RULES.decide(clause, state, "news", before).status for before, clause in clauses] == expected


@pytest.mark.parametrize(
    ("text", "status", "specificity"),
    [
        ("办好人民满意的教育。", "planned", "slogan"),
        ("力争年底大班额基本消除。", "planned", "target"),
        ("推行县管校聘制度。", "planned", "rule"),
        ("投入专项资金3亿元。", "planned", "budget"),
        ("建成标准化学校12所。", "done", "result"),
        ("建成标准化学校12所。", "planned", "target"),
        ("选派教师40名。", "done", "result"),
        ("教育投入达到36.5亿元。", "done", "budget"),
        ("投资1.2亿余元。", "planned", "budget"),
        ("扩建学校x所。", "done", "result"),
        ("改善乡镇学校办学条件。", "planned", "slogan"),
        ("8月26日，举行结对仪式。", "done", "slogan"),
        ("用“351”模式上课。", "done", "slogan"),
        ("组建一个教育集团。", "done", "slogan"),
        ("评优评先向村小倾斜。", "planned", "rule"),
    ],
)
def test_the_ladder_from_slogan_to_result(text: str, status: str, specificity: str) -> None:
    assert RULES.specificity(text, status) == specificity  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("[heading", "status.toml"),
        ("[heading]\npast = []", r"\[heading\] past must be a list of phrases"),
        ("[heading]\npast = [1]", r"\[heading\] past must be a list of phrases"),
    ],
)
def test_a_broken_lexicon_names_the_list(broken: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_status_rules(broken)


def table(folder: str, name: str) -> list[dict[str, str]]:
    with (GOLD / folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def coded(folder: str) -> Iterator[tuple[Document, dict[tuple[int, int], str]]]:
    """Documents whose coded sentences lie in whole files, with the status of the sentences that carry a code."""
    status = {r["sid"]: r["status"] for r in table(folder, "codes.tsv") if r["codes"]}
    places: dict[str, dict[tuple[int, int], str]] = {}
    for row in table(folder, "sentences.tsv"):
        if row["sid"] in status:
            place = (int(row["start"]), int(row["end"]))
            places.setdefault(row["sid"].split("#")[0], {})[place] = status[row["sid"]]
    for name, gold in places.items():
        path = GOLD / "reports" / "texts" / f"{name}.txt" if folder == "reports" else DATA / f"{name}.txt"
        if path.is_file():
            kind: Kind = "policy" if name.startswith("art") else "report"
            yield Document("d", "c", "s", 1, path.stem, path.read_bytes().decode(), kind), gold


def coded_pages() -> Iterator[tuple[Document, dict[tuple[int, int], str]]]:
    """Documents of the coded pages: their kept sentences, a line for each line of the page."""
    codes = {r["sid"]: r for r in table("seeds", "codes.tsv")}
    sentences = table("seeds", "sentences.tsv")
    for meta in table("seeds", "docs.tsv"):
        body, gold, line = "", {}, ""
        for row in sentences:
            page, _, place = row["sid"].partition("#")
            code = codes[row["sid"]]
            if page != meta["page"] or code["keep"] == "drop" or (code["doc"] or "1") != meta["doc"]:
                continue
            body += "\n" if body and place.split(".")[0] != line else ""
            line = place.split(".")[0]
            if code["codes"]:
                gold[len(body), len(body) + len(row["text"])] = code["status"]
            body += row["text"]
        yield Document("d", "c", "s", 1, meta["title"], body, meta["doc_type"]), gold  # type: ignore[arg-type]


LEAST_RIGHT = {"reports": 0.99, "training": 0.99, "seeds": 0.98}


@needs_shared
@pytest.mark.parametrize("folder", LEAST_RIGHT)
def test_status_agrees_with_the_coders(folder: str) -> None:
    right: Counter[bool] = Counter()
    for document, gold in coded_pages() if folder == "seeds" else coded(folder):
        passages = make_passages(document)
        states = RULES.section_states(passages, document.kind, document.title)
        for passage, state in zip(passages, states, strict=True):
            wanted = gold.get((passage.start, passage.end))
            if wanted:
                right[RULES.decide(passage.text, state, document.kind).status == wanted] += 1
    assert right.total() > 150
    assert right[True] / right.total() >= LEAST_RIGHT[folder], right
