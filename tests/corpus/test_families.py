"""Captures that belong together: pages of an article, a notice with its attachments, an address at several times."""

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from policy_corpus.collect import office
from policy_corpus.collect.captures import CaptureArchive
from policy_corpus.collect.sniff import DOCX, HTML
from policy_corpus.corpus import Corpus, init_corpus, open_corpus
from policy_corpus.records import Capture, Origin
from policy_corpus.store.store import Store
from policy_corpus.store.tables import CAPTURES, DOCUMENTS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES = ("documents", "passages", "mentions", "measures", "issues", "regions")
SITE = "http://edu.example.cn/"
TITLE = "云岭县教育局关于推进城乡学校结对帮扶工作的通知"
FIRST = "各中小学：为促进城乡义务教育均衡发展，县城5所小学与12所乡村小学签订帮扶协议，明确双方在管理、教研和师资上的责任。"
CUT_A = (
    "城区学校每学期选派骨干教师到乡村学校任教，乡村学校教师到城区学校跟岗学习，时间不少于一个学期，往返交通费"
)
CUT_B = "由县财政承担。各学校要把结对工作列入年度计划，县教育局每学期末组织一次督导，结果与评优评先挂钩。"
THIRD = (
    "二、加强经费保障。县财政每年安排专项资金200万元，用于结对学校的教研活动、教师培训和设备更新，专款专用。"
)
LAST = "三、严格考核评价。县教育局将结对帮扶工作纳入学校年度目标考核，考核不合格的学校不得参加当年评优。"
OTHER = "县教育局今年在乡镇新建3所寄宿制学校，改造12所薄弱学校，新增学位1500个，并为农村教师发放每月600元生活补助。"

Made = tuple[str, bytes, str, Origin | None]


@dataclass
class Bench:
    """A corpus into which captures are put as a crawl puts them."""

    folder: Path
    runs: int = 0

    def take(self, *made: Made) -> list[Capture]:
        """One crawl; each is a day later than the one before."""
        self.runs += 1
        at = f"2026-05-{self.runs:02d}T08:00:00Z"
        with (
            Store.open(self.folder / "tables", create=True) as store,
            CaptureArchive(self.folder / "captures", {}) as archive,
        ):
            captures = [
                archive.write(
                    data, source, media_type=media_type, captured_at=at, url=source if "//" in source else None,
                    origin=origin,
                )
                for source, data, media_type, origin in made
            ]  # fmt: skip
            store.upsert(CAPTURES, captures)
        return captures

    @property
    def corpus(self) -> Corpus:
        return open_corpus(self.folder)

    def build(self) -> "Bench":
        self.corpus.build(workers=1)
        return self

    def documents(self) -> list[dict[str, Any]]:
        return list(self.corpus.rows("documents"))

    def issues(self) -> list[tuple[str, str | None]]:
        return [(i["reason"], i["place"]) for i in self.corpus.rows("issues")]

    def everything(self) -> dict[str, list[str]]:
        return {t: [json.dumps(row, sort_keys=True) for row in self.corpus.rows(t)] for t in TABLES}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return new_bench(tmp_path / "corpus")


def new_bench(folder: Path) -> Bench:
    folder.mkdir()
    init_corpus(folder)
    return Bench(folder)


def html(paragraphs: Iterable[str], *, title: str = TITLE, frame: str = "", pager: str = "") -> bytes:
    text = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{frame}"
        f"<div class='content'>{text}</div><div>{pager}</div></body></html>"
    ).encode()


def page(number: int, paragraphs: Sequence[str], of: int = 3, *, address: str = "t1") -> Made:
    tail = "" if number == 1 else f"_{number - 1}"
    pager = f"<a>上一页</a> {' '.join(map(str, range(1, of + 1)))} <a>下一页</a> <a>尾页</a>"
    frame = "<div>发布时间：2026-04-20 来源：云岭县教育局 浏览次数：15</div>"
    data = html(paragraphs, frame=frame, pager=pager)
    family = f"{SITE}{address}.html"
    return f"{SITE}{address}{tail}.html", data, HTML, Origin("yunling", family, page=number, pages=of)


PAGES = (page(1, [FIRST, CUT_A]), page(2, [CUT_B, THIRD]), page(3, [LAST]))
ONE_PAGE = (f"{SITE}t2.html", html([FIRST, THIRD]), HTML, Origin("yunling", f"{SITE}t2.html"))


def later(made: Made, *paragraphs: str, title: str = TITLE) -> Made:
    source, _, media_type, origin = made
    return source, html(paragraphs, title=title), media_type, origin


def test_pages_of_an_article_are_one_document_in_order(bench: Bench) -> None:
    bench.take(PAGES[2], PAGES[0], PAGES[1])
    (document,) = bench.build().documents()
    assert document["title"] == TITLE
    assert document["body"].split("\n") == [FIRST, CUT_A + CUT_B, THIRD, LAST]
    assert (document["published"], document["part"]) == ("2026-04-20", 1)
    assert document["source"] == document["family"] == f"{SITE}t1.html"
    assert bench.issues() == []


def test_a_quote_of_any_page_opens_at_its_place(bench: Bench) -> None:
    bench.take(*PAGES)
    bench.build()
    (document,) = list(Store.open(bench.folder / "tables", read_only=True).records(DOCUMENTS))
    raw = bench.corpus.raw_text(document.capture_id)
    assert raw is not None
    for quote in ("县城5所小学", "往返交通费由县财政承担", "专项资金200万元", "不得参加当年评优"):
        start = document.body.index(quote)
        place = document.source_map.to_source(start, start + len(quote))
        assert place is not None
        found = raw[place[0] : place[1]]
        assert found[0] == quote[0]
        assert found[-1] == quote[-1]
        assert found == quote or quote.startswith("往返")  # that one lies on two pages


@pytest.mark.parametrize(
    ("taken", "place"),
    [((0, 2), "page 2 of 3"), ((1, 2), "page 1 of 3"), ((2,), "pages 1-2 of 3"), ((0,), "pages 2-3 of 3")],
)
def test_a_page_that_is_missing_is_named(bench: Bench, taken: Sequence[int], place: str) -> None:
    bench.take(*(PAGES[number] for number in taken))
    (document,) = bench.build().documents()
    assert "incomplete" in document["flags"]
    assert bench.issues() == [("missing_page", place)]


def test_a_page_that_comes_later_completes_the_article(bench: Bench, tmp_path: Path) -> None:
    bench.take(PAGES[1], PAGES[2])
    bench.build().take(PAGES[0])
    bench.build()
    whole = new_bench(tmp_path / "whole")
    whole.take(PAGES[1], PAGES[2])
    whole.take(PAGES[0])
    assert bench.everything() == whole.build().everything()
    assert len(bench.documents()) == 1
    assert bench.issues() == []


def test_when_one_page_changes_the_article_is_made_again(bench: Bench) -> None:
    bench.take(*PAGES)
    (before,) = bench.build().documents()
    bench.take(page(3, [OTHER]))
    (after,) = bench.build().documents()
    assert after["document_id"] == before["document_id"]
    assert after["body"].split("\n")[-1] == OTHER
    assert bench.corpus.build(workers=1).summary() == "everything is current"


def test_an_article_that_became_shorter_loses_its_old_pages(bench: Bench) -> None:
    bench.take(*PAGES)
    bench.build().take(page(1, [FIRST], 2), page(2, [OTHER], 2))
    new, old = sorted(bench.build().documents(), key=lambda d: d["superseded_by"] or "")
    assert new["body"].split("\n") == [FIRST, OTHER]
    assert old["body"].split("\n")[-1] == LAST
    assert old["same_as"] == old["superseded_by"] == new["document_id"]
    assert "superseded" in old["flags"]


def test_pages_that_name_only_the_next_one_are_all_joined(bench: Bench) -> None:
    chain = [page(n, [text], of) for n, text, of in ((1, FIRST, 2), (2, THIRD, 3), (3, LAST, 3))]
    bench.take(*chain)
    bench.build().take(page(1, [FIRST + OTHER], 2))
    bodies = [d["body"].split("\n") for d in bench.build().documents() if not d["same_as"]]
    assert bodies == [[FIRST + OTHER, THIRD, LAST]]


def test_the_newest_capture_of_an_address_speaks(bench: Bench) -> None:
    (first,) = bench.take(ONE_PAGE)
    bench.build()
    (second,) = bench.take(later(ONE_PAGE, FIRST, OTHER))
    documents = {d["capture_id"]: d for d in bench.build().documents()}
    old, new = documents[first.capture_id], documents[second.capture_id]
    assert new["same_as"] is None
    assert "superseded" not in new["flags"]
    assert (old["same_as"], old["superseded_by"]) == (new["document_id"], new["document_id"])
    assert 0 < old["similarity"] < 1
    assert OTHER in new["body"]
    assert THIRD in old["body"]


def test_an_earlier_text_is_not_coded_again(bench: Bench) -> None:
    """What it became is told in its row alone; its measures and their ids stay."""
    (first,) = bench.take(ONE_PAGE)
    bench.build().take(later(ONE_PAGE, FIRST, OTHER))
    report = bench.corpus.build(workers=1)
    assert (report.counts["pages cleaned"], report.counts["documents coded"]) == (2, 1)
    placed = {d["capture_id"]: d["region_reason"] for d in bench.documents()}
    fresh = new_bench(bench.folder.parent / "fresh")
    fresh.take(ONE_PAGE)
    fresh.take(later(ONE_PAGE, FIRST, OTHER))
    assert fresh.build().everything() == bench.everything()
    assert placed[first.capture_id]


def test_a_page_that_was_changed_back_speaks_again(bench: Bench) -> None:
    bench.take(ONE_PAGE)
    bench.build().take(later(ONE_PAGE, FIRST, OTHER))
    bench.build().take(ONE_PAGE)
    (speaking,) = [d for d in bench.build().documents() if d["same_as"] is None]
    assert THIRD in speaking["body"]


def test_a_page_that_became_empty_leaves_the_word_to_the_earlier_one(bench: Bench) -> None:
    bench.take(ONE_PAGE)
    bench.build().take((ONE_PAGE[0], b"<html><body><p>404</p></body></html>", HTML, ONE_PAGE[3]))
    (document,) = bench.build().documents()
    assert document["same_as"] is None
    assert bench.issues() == [("thin_page", None)]


def test_a_copy_of_the_newest_text_is_the_original_of_the_earlier_too(bench: Bench) -> None:
    """``same_as`` always names a document that is counted: a notice on two addresses, one of them changed."""
    bench.take(ONE_PAGE, (f"{SITE}copy.html", ONE_PAGE[1], HTML, None))
    bench.build().take(later(ONE_PAGE, FIRST, THIRD + "特此通知。"))
    documents = bench.build().documents()
    counted = [d["document_id"] for d in documents if d["same_as"] is None]
    assert len(documents) == 3
    assert len(counted) == 1
    assert {d["same_as"] for d in documents if d["same_as"]} == set(counted)


@pytest.mark.slow
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_builds_between_crawls_change_nothing(tmp_path: Path, order: tuple[int, ...]) -> None:
    """Three states of a page, of an article and of an attachment, entered in any order of the table."""
    steps: list[list[Made]] = [
        [*PAGES, ONE_PAGE],
        [later(ONE_PAGE, FIRST, OTHER), page(2, [CUT_B, OTHER])],
        [later(ONE_PAGE, OTHER), page(1, [FIRST + OTHER, CUT_A])],
    ]
    often, once = new_bench(tmp_path / "often"), new_bench(tmp_path / "once")
    for number in order:
        for one in (often, once):
            one.runs = number
            one.take(*steps[number])
        often.build()
    assert often.everything() == once.build().everything()
    counted = [d for d in once.documents() if d["same_as"] is None]
    assert len(counted) == 2


def test_only_issues_of_the_newest_state_are_told(bench: Bench) -> None:
    broken = (f"{SITE}a.docx", b"PK\x03\x04broken", DOCX, None)
    bench.take(broken)
    assert [reason for reason, _ in bench.build().issues()] == ["broken"]
    bench.take((f"{SITE}a.docx", word([FIRST, THIRD]), DOCX, None))
    assert bench.build().issues() == []


def test_a_notice_and_its_attachment_are_one_family(bench: Bench) -> None:
    notice = f"{SITE}n.html"
    origin = Origin(
        "yunling", notice, "attachment", title="附件1：城乡学校结对帮扶名单和安排.docx", date="2026-04-18"
    )
    bench.take(
        (
            notice,
            html(["详见附件"]),
            HTML,
            Origin("yunling", notice),
        ),
        (f"{SITE}files/123.docx", word([CUT_A + CUT_B, OTHER]), DOCX, origin),
    )
    body, thin = sorted(bench.build().documents(), key=lambda d: -len(d["body"]))
    assert body["family"] == thin["family"] == notice
    assert body["title"] == "城乡学校结对帮扶名单和安排"
    assert body["published"] == "2026-04-18"
    assert "date_from_list" in body["flags"]
    assert "thin" in thin["flags"]
    captures = {c["source"]: (c["source_id"], c["role"], c["page"]) for c in bench.corpus.rows("captures")}
    assert captures == {
        notice: ("yunling", "page", 1),
        f"{SITE}files/123.docx": ("yunling", "attachment", 1),
    }


@pytest.mark.parametrize(
    ("paragraphs", "code", "reason", "issuer"),
    [
        ([OTHER.replace("县教育局", "教育局")], "330421", "source table", "嘉善县教育局"),
        (["湖州市安吉县教育局今年安排200万元，用于安吉县12所乡村学校的教师培训和设备更新。"], "330523", None, "嘉善县教育局"),
    ],
)  # fmt: skip
def test_the_text_says_where_it_belongs_before_the_source_does(
    bench: Bench, paragraphs: list[str], code: str, reason: str | None, issuer: str
) -> None:
    address = f"{SITE}news.html"
    origin = Origin("js", address, issuer="嘉善县教育局", region="330421")
    bench.take((address, html(paragraphs, title="教育局多措并举改善办学条件"), HTML, origin))
    (document,) = bench.build().documents()
    assert (document["region_code"], document["issuer"]) == (code, issuer)
    assert (document["region_reason"] == "source table") == (reason is not None)


def test_a_template_takes_no_region_from_its_source(bench: Bench) -> None:
    address = f"{SITE}t.html"
    origin = Origin("js", address, issuer="嘉善县教育局", region="330421")
    text = ["某某学校20xx年教育工作总结范文：本学期，我校在xx局的领导下，认真开展xx活动，取得了xx成绩，现将工作总结如下。", OTHER.replace("县", "xx县")]  # fmt: skip
    bench.take((address, html(text, title="学校教育工作总结范文"), HTML, origin))
    (document,) = bench.build().documents()
    assert (document["kind"], document["region_code"], document["issuer"]) == ("template", None, None)


def test_a_workbook_keeps_its_rows(bench: Bench) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "结对名单"
    rows: list[list[Any]] = [
        ["云岭县城乡学校结对帮扶安排表"], [], ["帮扶学校", None, "受援学校", "教师人数"],
        ["云岭县第一小学", None, "石门乡中心小学", 12], ["云岭县实验中学", None, "青山镇初级中学", 8.5],
        ["合计", None, None, 20.5],
    ]  # fmt: skip
    for row in rows:
        sheet.append(row)
    book.create_sheet("空表")
    data = io.BytesIO()
    book.save(data)
    bench.take((f"{SITE}list.xlsx", data.getvalue(), XLSX, None))
    (document,) = bench.build().documents()
    assert document["title"] == "云岭县城乡学校结对帮扶安排表"
    assert document["body"].split("\n")[-4:] == [
        "帮扶学校 | 受援学校 | 教师人数",
        "云岭县第一小学 | 石门乡中心小学 | 12",
        "云岭县实验中学 | 青山镇初级中学 | 8.5",
        "合计 |  | 20.5",
    ]


def test_an_archive_is_opened_and_its_files_are_parts_of_the_family(bench: Bench) -> None:
    notice = f"{SITE}n.html"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("方案/城乡结对实施方案.docx", word([CUT_A + CUT_B, THIRD]))
        archive.writestr("说明.txt", f"{OTHER}\n{LAST}")
        archive.writestr("图.png", b"\x89PNG\r\n\x1a\n")
    attachment = Origin("yunling", notice, "attachment", title="附件下载")
    bench.take((f"{SITE}f.jsp?id=3", packed.getvalue(), "application/octet-stream", attachment))
    found = {d["source"]: (d["part"], d["family"], d["title"]) for d in bench.build().documents()}
    assert found == {
        f"{SITE}f.jsp?id=3!/方案/城乡结对实施方案.docx": (1, notice, "城乡结对实施方案"),
        f"{SITE}f.jsp?id=3!/说明.txt": (2, notice, "说明"),
    }
    assert bench.issues() == [("unsupported", "图.png")]


@pytest.mark.parametrize("declared", ["application/octet-stream", "text/html", "application/x-download"])
def test_what_a_server_declares_is_not_believed(bench: Bench, declared: str) -> None:
    bench.take((f"{SITE}down?id=1", word([FIRST, THIRD]), declared, None))
    (document,) = bench.build().documents()
    assert document["body"].split("\n") == [FIRST, THIRD]
    assert bench.corpus.raw_text(document["capture_id"]) is None


@pytest.mark.parametrize("data", [b"Rar!\x1a\x07\x00" + bytes(500), b"\xff\xd8\xff\xe0" + bytes(500)])
def test_what_cannot_be_read_is_an_issue_and_no_garbled_text(bench: Bench, data: bytes) -> None:
    bench.take((f"{SITE}down?id=1", data, "application/octet-stream", None))
    assert bench.build().documents() == []
    assert bench.issues() == [("unsupported", None)]


def word(paragraphs: Sequence[str]) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def soffice(data: bytes, ending: str, target: str, folder: Path) -> bytes:
    (folder / f"given.{ending}").write_bytes(data)
    command = [shutil.which("soffice") or "", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
               "--convert-to", target, "--outdir", str(folder / "made"), str(folder / f"given.{ending}")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "made" / f"given.{target}").read_bytes()


needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("doc", "application/msword"),
        ("rtf", "application/rtf"),
        ("odt", "application/vnd.oasis.opendocument.text"),
    ],
)
def test_old_word_files_are_read(bench: Bench, tmp_path: Path, ending: str, media_type: str) -> None:
    data = soffice(word([TITLE, FIRST, CUT_A + CUT_B]), "docx", ending, tmp_path)
    spoiled = (f"{SITE}b.{ending}", data[:40] + bytes(2000), media_type, None)
    bench.take((f"{SITE}a.{ending}", data, media_type, None), spoiled)
    (document,) = bench.build().documents()
    assert document["title"] == TITLE
    assert document["body"].split("\n")[-1] == CUT_A + CUT_B
    assert [reason for reason, _ in bench.issues()] == ["not_converted"]


@pytest.mark.slow
@needs_office
def test_an_old_workbook_is_read(bench: Bench, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["学校", "教师"], ["石门乡中心小学", 12], ["青山镇初级中学", 30], ["云岭县民族实验寄宿制学校", 45],
                ["云岭县特殊教育学校", 9]):  # fmt: skip
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    old = soffice(data.getvalue(), "xlsx", "xls", tmp_path)
    bench.take((f"{SITE}教师名单.xls", old, "application/vnd.ms-excel", None))
    (document,) = bench.build().documents()
    assert "石门乡中心小学 | 12\n青山镇初级中学 | 30" in document["body"]


def test_without_libreoffice_an_issue_says_so_until_it_is_there(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Callable[[], str | None]] = [lambda: None]
    for module in ("policy_corpus.collect.office", "policy_corpus.corpus.building.build"):
        monkeypatch.setattr(f"{module}.program", lambda: found[0]())
    bench.take((f"{SITE}a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", None))
    assert bench.build().issues() == [("no_converter", None)]
    assert bench.corpus.build(workers=1).summary() == "everything is current"
    found[0] = lambda: "soffice"
    monkeypatch.setattr(office, "_run", lambda files, *_: dict.fromkeys(files, word([FIRST, THIRD])))
    (document,) = bench.build().documents()
    assert THIRD in document["body"]
    assert bench.issues() == []


def test_one_damaged_page_does_not_take_the_others_along(bench: Bench) -> None:
    first, *_ = bench.take(ONE_PAGE)
    bench.take(later(ONE_PAGE, FIRST, OTHER))
    with Store.open(bench.folder / "tables") as store:
        store.upsert(CAPTURES, [replace(first, warc_offset=first.warc_offset + 3)])
    (document,) = bench.build().documents()
    assert OTHER in document["body"]
    assert [reason for reason, _ in bench.issues()] == ["failed"]
