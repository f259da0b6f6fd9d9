"""From bytes to documents: ids, maps, formats, and the coded pages of the shared gold."""

import importlib
import json
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

from policy_corpus.clean.page import clean_capture, clean_page, source_text
from policy_corpus.records import Document
from tests.clean.pages import BODY, LEAD, TITLE, only, story
from tests.shared import DATA, GOLD, needs_shared

FLOORS = {"text_f1": 0.97, "split_f1": 0.95, "kind": 0.85, "published": 1.0}


def test_the_body_leads_back_to_the_source_character_by_character() -> None:
    page = story("首页 > 教育 > 正文", "上一篇：某某")
    document = only(page)
    for start in range(0, len(document.body), 7):
        place = document.source_map.to_source(start, start + 1)
        if document.body[start] != "\n":
            assert place is not None
            assert page[place[0] : place[1]] == document.body[start]


def test_a_mirror_leads_back_to_its_raw_characters() -> None:
    page = "云嶺縣推進(jìn)均衡發(fā)展\n\n云嶺縣教育局組織(zhī)骨干教師到農(nóng)村學(xué)校送教，優(yōu)質(zhì)課程向鄉(xiāng)村開放，學(xué)生受益匪淺，家長(zhǎng)們紛紛點贊。\n"
    document = only(page)
    assert document.script == "mirror"
    assert document.title == "云岭县推进均衡发展"
    start = document.body.index("农村学校")
    place = document.source_map.to_source(start, start + 4)
    assert place is not None
    assert page[place[0] : place[1]] == "農(nóng)村學(xué)校"


def test_ids_come_from_the_capture_and_the_part() -> None:
    assert only(story()).document_id == Document.id_of("c", 1)


def test_a_gbk_page_is_read_and_says_how() -> None:
    result = clean_capture(story().encode("gb18030"), capture_id="c", source="a.txt", media_type="text/plain")
    assert result.documents[0].body.startswith(LEAD[:10])
    assert result.documents[0].encoding == "gb18030"


def test_an_html_page_goes_through_the_same_skill() -> None:
    paragraphs = "".join(f"<p>{p}</p>" for p in BODY.split("\n\n"))
    page = (
        f"<html><head><title>{TITLE} - 云岭在线</title></head><body><div>首页 &gt; 教育 &gt; 正文</div><h1>{TITLE}</h1>"
        f"<div>2023-09-08 10:00 来源：云岭日报</div><div>{paragraphs}<p>责任编辑：张三</p><p>分享到： 微博 QQ空间</p></div></body></html>"
    )
    document = clean_page(page.encode()).documents[0]
    assert document.title == TITLE
    assert document.published == "2023-09-08"
    assert document.body == BODY.replace("\n\n", "\n")


def test_a_broken_file_is_an_issue_with_a_remedy() -> None:
    result = clean_capture(
        b"PK\x03\x04broken",
        capture_id="c",
        source="a.docx",
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    )
    assert result.documents == ()
    assert result.issues[0].remedy


def test_an_empty_page_is_a_note() -> None:
    assert clean_page(b"").issues[0].reason == "thin_page"


def test_source_text_is_what_places_count_in() -> None:
    assert source_text("云岭".encode("gb18030"), media_type="text/plain", charset="gb2312") == "云岭"
    assert source_text(b"%PDF", media_type="application/pdf") is None


def shared_documents(folder: Path, suffix: str = ".txt") -> list[Document]:
    made: list[Document] = []
    for path in sorted(folder.glob(f"*{suffix}")):
        media_type = "text/html" if suffix == ".html" else "text/plain"
        made += clean_capture(
            path.read_bytes(), capture_id=path.name, source=path.name, media_type=media_type
        ).documents
    return made


def figures(script: str, documents: list[Document], gold: Path, folder: Path) -> str:
    rows = []
    for document in documents:
        row = asdict(document)
        del row["source_map"], row["signature"]
        rows.append(json.dumps(row, ensure_ascii=False))
    export = folder / "documents.jsonl"
    export.write_text("\n".join(rows), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(GOLD / script), str(export), str(gold)],
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.strip().splitlines()[-1]


@needs_shared
def test_floors_on_the_coded_pages(tmp_path: Path) -> None:
    line = figures(
        "score_documents.py", shared_documents(GOLD / "seeds" / "texts"), GOLD / "seeds", tmp_path
    ).split()
    got = {name: float(line[line.index(name) + 1]) for name in FLOORS}
    assert all(got[name] >= floor for name, floor in FLOORS.items()), got


@needs_shared
def test_floors_on_the_saved_pages(tmp_path: Path) -> None:
    line = figures(
        "score_pages.py", shared_documents(GOLD / "pages", ".html"), GOLD / "pages", tmp_path
    ).split()
    assert float(line[line.index("F1") + 1]) >= 0.95
    assert float(line[line.index("min") + 1]) >= 0.6
    for name in ("title", "date"):
        place = line.index(name)
        assert int(line[place + 1]) >= 0.9 * int(line[place + 3])


@needs_shared
def test_the_visible_lines_of_saved_pages_are_cleaned_as_text_too(tmp_path: Path) -> None:
    documents: list[Document] = []
    for path in sorted((GOLD / "pages").glob("*.lines")):
        text = "\n".join(line.split("\t", 1)[1] for line in path.read_text(encoding="utf-8").splitlines())
        name = path.name.removesuffix(".lines")
        documents += clean_capture(
            text.encode(), capture_id=name, source=name, media_type="text/plain"
        ).documents
    line = figures("score_pages.py", documents, GOLD / "pages", tmp_path).split()
    assert float(line[line.index("F1") + 1]) >= 0.93
    assert float(line[line.index("R") + 1]) >= 0.99


@needs_shared
@pytest.mark.parametrize(("folder", "kind"), [("arts-opinions", "policy"), ("reports-2024", "report")])
def test_real_documents_are_whole_and_of_their_kind(folder: str, kind: str) -> None:
    documents = shared_documents(DATA / folder)
    assert len(documents) == len(list((DATA / folder).glob("*.txt")))
    assert Counter(d.kind for d in documents)[kind] >= 0.97 * len(documents)


@needs_shared
def test_opinions_bear_their_number_issuer_and_date() -> None:
    documents = shared_documents(DATA / "arts-opinions")
    assert sum(d.number is not None for d in documents) >= 80
    assert sum(d.issuer is not None for d in documents) >= 86
    assert sum(d.published is not None for d in documents) >= 84


def test_the_heavy_libraries_wait_until_they_are_used() -> None:
    code = "import sys, policy_corpus.clean.page, policy_corpus.clean.duplicates; print({'opencc', 'numpy'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
    assert importlib.util.find_spec("opencc") is not None


def test_a_signature_loads_no_scipy() -> None:
    code = "import sys; from policy_corpus.clean.duplicates import signature; print(len(signature('云岭县教育局')), 'scipy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["256", "False"]


def test_one_whole_sentence_beside_a_title_is_a_document_marked_thin() -> None:
    page = "云岭县选派教师下乡\n今年云岭县选派300名骨干教师到32所农村学校支教。\n".encode()
    (document,) = clean_page(page).documents
    assert "300名" in document.body and "thin" in document.flags


def test_characters_that_show_nothing_come_neither_into_the_title_nor_into_the_text() -> None:
    title = "云岭&#1;县集团办学\uffff进展"
    text = "今年以来，云岭县&#1;组建了6个教育集团，\x7f覆盖全部城区学校，农村学校也陆续\ufffe加入，教师随之交流轮岗。"
    page = (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>".encode()
    )
    (document,) = clean_page(page).documents
    assert (document.title + document.body).replace("\n", "").isprintable()
