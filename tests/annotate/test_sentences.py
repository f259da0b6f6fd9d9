"""Where sentences and clauses end."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from policy_corpus.annotate.sentences import split_clauses, split_sentences
from tests.shared import DATA, GOLD, needs_shared


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def clauses(text: str) -> list[str]:
    return [text[start:end] for start, end in split_clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全县组建集团。选派教师！落实了吗？", ["全县组建集团。", "选派教师！", "落实了吗？"]),
        ("甲校牵头；乙校参加；", ["甲校牵头；", "乙校参加；"]),
        ("甲校牵头;乙校参加。", ["甲校牵头;乙校参加。"]),
        ("走上“共富路”。教师满意。", ["走上“共富路”。", "教师满意。"]),
        ("他说:“办好学校。”大家同意。", ["他说:“办好学校。”", "大家同意。"]),
        ("印发《怎么办？怎么看！》读本。再学。", ["印发《怎么办？怎么看！》读本。", "再学。"]),
        ("以“请党放心！”为主题开展活动。", ["以“请党放心！”为主题开展活动。"]),
        ("(完整预览不适用!)。下一条", ["(完整预览不适用!)。", "下一条"]),
        ("一行没有句号\n　　另一行也没有", ["一行没有句号", "另一行也没有"]),
        ("", []),
        (" \n\n　", []),
    ],
)
def test_a_sentence_ends_at_its_stop_with_what_closes_it(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "生均面积12.5平方米，占比3.5%。",
        "1.配齐配足专任教师",
        "2. 城乡学校结成对子",
        "详见 http://jyj.example.cn/a.html?id=1 转载请注明",
        "构建教育新格局...",
        "建设空间……联盟校",
        "努尔.买买提老师到校任教。",
    ],
)
def test_a_dot_that_ends_nothing_cuts_nothing(text: str) -> None:
    assert sentences(text) == [text]


def test_half_width_stops_end_sentences_in_half_width_text() -> None:
    text = "全区成立八个教育集团.各集团统一管理. 年底考核"
    assert sentences(text) == ["全区成立八个教育集团.", "各集团统一管理.", "年底考核"]


def test_doubled_stops_end_one_sentence() -> None:
    assert sentences("分组听课,。学期末完成。。下一步") == ["分组听课,。", "学期末完成。。", "下一步"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("组建教育集团5个，投入专项资金3亿元。", ["组建教育集团5个，", "投入专项资金3亿元。"]),
        ("健全联盟机制；配强骨干教师;共享课程资源。", ["健全联盟机制；", "配强骨干教师;", "共享课程资源。"]),
        ("深化集团化办学，促进教育公平。", ["深化集团化办学，促进教育公平。"]),
        (
            "新建学校3所，市财政投入专项资金2亿元，受益学生4000人。",
            ["新建学校3所，", "市财政投入专项资金2亿元，受益学生4000人。"],
        ),
        ("开展（选派骨干，组织送教，实施跟岗）等活动。", ["开展（选派骨干，组织送教，实施跟岗）等活动。"]),
        ("短；句。", ["短；句。"]),
        ("", [""]),
    ],
)
def test_a_clause_holds_one_run_of_acts(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


def test_clauses_tile_the_sentence() -> None:
    text = "（一）完善机制，实施联盟考核，①组建共同体；②选派教师50名，推动交流，确保落实。"
    assert "".join(clauses(text)) == text


def gold_text(folder: str, name: str) -> str:
    if folder == "training":
        if name.startswith("province-reports"):
            csv.field_size_limit(10**8)
            with (DATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
                return next(csv.DictReader(file))["full_text"]
        return (DATA / f"{name}.txt").read_bytes().decode()
    (path,) = (p for p in (GOLD / folder / "texts").iterdir() if p.name.split(".")[0].startswith(name))
    return path.read_bytes().decode()


def gold_spans(folder: str) -> dict[str, set[tuple[int, int]]]:
    spans = defaultdict(set)
    with Path(GOLD / folder / "sentences.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            spans[row["sid"].split("#")[0]].add((int(row["start"]), int(row["end"])))
    return spans


@needs_shared
@pytest.mark.parametrize(("folder", "floor"), [("seeds", 0.99), ("reports", 0.99), ("training", 0.99)])
def test_cuts_agree_with_the_coded_sentences(folder: str, floor: float) -> None:
    right = found = wanted = 0
    for name, gold in gold_spans(folder).items():
        cuts = {end for _, end in split_sentences(gold_text(folder, name))}
        ends = {end for _, end in gold}
        inside = {cut for cut in cuts if any(start < cut <= end for start, end in gold)}
        right, found, wanted = right + len(inside & ends), found + len(inside), wanted + len(ends)
    assert 2 * right / (found + wanted) >= floor
