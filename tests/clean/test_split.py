"""Pages of several documents are taken apart; one document with headings stays whole."""

import pytest

from tests.clean.pages import BODY, LEAD, SECOND, THIRD, TITLE, clean, only

PLAN = (
    "为促进城乡小学教育均衡发展，特制定本方案。一、目标。确保每所学校都有足够的师资，缩小校际差距，促进教育公平，让每个孩子享有优质教育。"
    "二、措施。加强师资培训，定期评估学校质量，完善跨校交流机制，推动优质课程共享，改善乡村学校办学条件，建立考核与奖励制度。"
)
ESSAY = (
    "教育均衡是社会公平的重要基础。当前，城乡学校在师资、设施和课程上仍有差距，如何缩小差距，是摆在每一位教育工作者面前的课题。"
    "首先，要加大投入，改善乡村学校条件；其次，要完善教师流动机制，使优秀教师愿意去、留得住；此外，还要借助网络把优质课堂送到乡村。"
)


def titles(text: str) -> list[str]:
    return [d.title for d in clean(text).documents]


def test_titles_that_open_the_next_line_too_begin_documents() -> None:
    page = f"小学均衡发展实施方案\n小学均衡发展实施方案{PLAN}\n城乡教育均衡发展的思考\n城乡教育均衡发展的思考{ESSAY}\n"
    assert titles(page) == ["小学均衡发展实施方案", "城乡教育均衡发展的思考"]


def test_a_stray_number_or_word_before_the_repeated_title_does_not_matter() -> None:
    page = (
        f"乡村学校教研联动方案\n22乡村学校教研联动方案{PLAN}\n城乡学校结对工作总结\n文档城乡学校结对工作总结{ESSAY}\n"
        f"区域教育协同发展计划\n区域教育协同发展计划{PLAN}"
    )
    assert len(titles(page)) == 3


def test_in_a_row_of_documents_a_genre_word_is_enough() -> None:
    page = (
        f"小学均衡发展实施方案\n小学均衡发展实施方案{PLAN}\n教师交流轮岗工作计划\n教师交流轮岗工作计划{PLAN}\n"
        f"城乡教育融合的探索与实践\n【理论探讨】{ESSAY}\n"
    )
    assert titles(page)[-1] == "城乡教育融合的探索与实践"


def test_a_title_with_author_and_source_begins_a_document() -> None:
    page = f"{TITLE}\n来源：云岭日报 2023-09-08\n{BODY}\n\n远江市推进集团化办学\n来源：远江晚报 2022-05-01\n{ESSAY}\n"
    documents = clean(page).documents
    assert [d.title for d in documents] == [TITLE, "远江市推进集团化办学"]
    assert [d.published for d in documents] == ["2023-09-08", "2022-05-01"]
    assert [d.source_unit for d in documents] == ["云岭日报", "远江晚报"]


@pytest.mark.parametrize("mark", ["篇一", "第{}篇", "（{}）"])
def test_numbered_pieces_come_apart(mark: str) -> None:
    numbers = "一二三"
    if mark == "篇一":
        heads = [f"学校工作总结 篇{n}" for n in numbers]
    elif mark == "第{}篇":
        heads = [f"第{n}篇：学校工作总结" for n in numbers]
    else:
        heads = [f"学校年度工作总结（{n}）" for n in numbers]
    page = "学校工作总结范文\n" + "\n".join(f"{head}\n{PLAN}{ESSAY}" for head in heads)
    assert len(titles(page)) == 3


def test_an_announced_number_of_short_texts_is_enough() -> None:
    short = "本学期我们与结对学校开展教研活动六次，互派教师八名，师生反响很好，下学期继续坚持并扩大范围。"
    page = "结对工作小结（共3篇）\n\n" + "\n\n".join(f"篇{n}：某校小结\n\n{short}" for n in "一二三")
    assert len(titles(page)) == 3


@pytest.mark.parametrize(
    "headings",
    [
        ["一、强化要素保障", "二、深化改革创新", "三、落实五育并举"],
        ["强化要素保障，夯实优质均衡根基", "深化改革创新，激发教育发展活力", "落实五育并举，提升育人质量"],
        ["（一）指导思想", "（二）总体目标", "（三）保障措施"],
        ["教育篇", "师资篇", "保障篇"],
        ["主要做法", "取得成效", "下一步打算"],
        ["城乡结对的主要做法", "教师交流的工作举措", "今后几年的发展规划"],
    ],
)
def test_one_document_with_headings_stays_whole(headings: list[str]) -> None:
    page = f"{TITLE}\n\n" + "\n\n".join(
        f"{h}\n\n{t}{PLAN}" for h, t in zip(headings, (LEAD, SECOND, THIRD), strict=True)
    )
    assert len(titles(page)) == 1


def test_a_notice_and_the_plan_it_issues_are_one_document() -> None:
    page = (
        "远江市人民政府办公室关于印发远江市义务教育均衡发展实施方案的通知\n\n远政办发〔2018〕2号\n\n各县（市、区）人民政府：\n\n"
        "　　《远江市义务教育均衡发展实施方案》已经市政府同意，现印发给你们，请认真贯彻执行。\n\n远江市人民政府办公室\n\n2018年3月22日\n\n"
        f"远江市义务教育均衡发展实施方案\n\n　　{PLAN}{ESSAY}\n"
    )
    document = only(page)
    assert document.title.startswith("远江市人民政府办公室关于印发")
    assert "远江市义务教育均衡发展实施方案\n" in document.body


def test_official_documents_in_a_row_come_apart() -> None:
    names = ["远江市", "青岭县", "石桥县"]
    page = "\n".join(
        f"{n}人民政府办公室关于推进义务教育均衡发展的通知\n（{n[0]}政办发〔2018〕2号）\n各乡镇人民政府，各部门：\n{PLAN}\n{ESSAY}\n"
        f"{n}人民政府办公室\n2018年3月22日"
        for n in names
    )
    documents = clean(page).documents
    assert [d.issuer for d in documents] == [f"{n}人民政府办公室" for n in names]
    assert [d.number for d in documents] == [f"{n[0]}政办发〔2018〕2号" for n in names]


def test_a_caption_that_repeats_itself_opens_no_document() -> None:
    page = (
        f"{TITLE}\n\n{LEAD}\n\n云岭县实验小学的孩子们在上课\n云岭县实验小学的孩子们在上课\n\n{SECOND}{PLAN}\n"
    )
    assert len(titles(page)) == 1


def test_parts_are_numbered_and_lead_to_their_place_in_the_source() -> None:
    page = f"小学均衡发展实施方案\n小学均衡发展实施方案{PLAN}\n城乡教育均衡发展的思考\n城乡教育均衡发展的思考{ESSAY}\n"
    for number, document in enumerate(clean(page).documents, 1):
        assert document.part == number
        place = document.source_map.to_source(0, len(document.body))
        assert place is not None
        assert page[place[0] : place[1]] == document.body


def test_hard_wrapped_lines_become_paragraphs() -> None:
    text = PLAN + ESSAY
    wrapped = "\n".join(text[i : i + 30] for i in range(0, len(text), 30))
    document = only(f"小学均衡发展工作安排\n\n{wrapped}\n")
    assert document.body.count("\n") <= 3
    assert "缩小校际差距，促进教育公平" in document.body


def test_headings_and_list_items_are_not_joined() -> None:
    page = f"{TITLE}\n\n强化要素保障，夯实优质均衡根基\n\n{LEAD}\n\n1. 建立联席会议制度\n2. 完善考核办法\n3. 落实专项经费\n"
    lines = only(page).body.split("\n")
    assert "强化要素保障，夯实优质均衡根基" in lines
    assert "2. 完善考核办法" in lines
