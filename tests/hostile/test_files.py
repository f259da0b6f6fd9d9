"""Hostile files through cleaning and coding: an outcome each, in time that grows with the length alone."""

import io
import resource
import subprocess
import sys
import time
import zipfile

import pytest

from policy_corpus.annotate.codebook import Codebook
from policy_corpus.clean.blocks import Block, Page
from policy_corpus.clean.bounds import LONGEST_LINE, MOST_CODED, MOST_LINES, bounded
from policy_corpus.clean.formats.sheet_extent import PIECE
from policy_corpus.clean.page import clean_capture
from policy_corpus.collect.sniff import OLE
from policy_corpus.errors import SettingsError
from policy_corpus.records import Document
from tests.hostile.cases import CASES, DOCX, HTML, SENTENCE, TEXT, XLSX, cell, word_file, workbook
from tests.hostile.probes import annotator, cleaned

SMALL = 30_000
SECONDS = 6.0
"""Far above what linear work takes for 30 kB (0.3 s), far below what quadratic work took (minutes)."""
LARGE, LARGE_SECONDS, LARGE_MB = 10_000_000, 10.0, 1000
SLOWEST = [
    "one line of sentences", "sentences without a stop", "one character", "one digit", "headings", "brackets of titles",
    "list of items", "numbers", "places", "tiny paragraphs", "links", "tiny paragraphs of a page", "nested tables",
]  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_hostile_file_has_an_outcome_in_time(case) -> None:
    data, media_type = case(SMALL)
    annotator()
    start = time.process_time()
    for document in cleaned(data, media_type).documents:
        annotator().annotate(document)
    assert time.process_time() - start < SECONDS


_ONE = """
import resource, sys, time
from tests.hostile.cases import CASES, SENTENCE, TEXT
from tests.hostile.probes import annotator, cleaned
for document in cleaned(SENTENCE.encode(), TEXT).documents:
    annotator().annotate(document)
data, media_type = CASES[sys.argv[1]](int(sys.argv[2]))
start = time.process_time()
for document in cleaned(data, media_type).documents:
    annotator().annotate(document)
print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""


@pytest.mark.heavy
@pytest.mark.parametrize("name", SLOWEST)
def test_ten_megabytes_take_ten_seconds_and_a_gigabyte_at_most(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ONE, name, str(LARGE)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    seconds, megabytes = map(float, done.stdout.split())
    assert (seconds < LARGE_SECONDS, megabytes < LARGE_MB) == (True, True), done.stdout


# ---- nothing is lost


def test_a_line_without_end_is_cut_behind_its_sentences() -> None:
    text = SENTENCE * 2000
    lines = [b.text for b in bounded(Page((Block(text, range(len(text))),))).blocks]
    assert "".join(lines) == text
    assert max(map(len, lines)) <= LONGEST_LINE
    assert all(line.endswith("。") for line in lines)


def test_very_many_lines_are_joined_and_keep_their_places() -> None:
    text = "云岭县\n" * (MOST_LINES * 3)
    blocks = [Block("云岭县", range(i * 4, i * 4 + 3)) for i in range(MOST_LINES * 3)]
    found = bounded(Page(tuple(blocks))).blocks
    assert len(found) <= MOST_LINES
    assert "".join(b.text.replace(" ", "") for b in found) == text.replace("\n", "")
    assert all(
        text[place] == char
        for b in found[:50]
        for char, place in zip(b.text, b.offsets, strict=True)
        if place >= 0
    )


def test_a_page_that_people_wrote_is_left_as_it_is() -> None:
    page = Page((Block(SENTENCE, range(len(SENTENCE))),) * 100)
    assert bounded(page) is page


def test_a_text_too_long_to_code_whole_is_kept_whole_and_named() -> None:
    result = cleaned((SENTENCE * 6000 + "\n").encode(), TEXT)
    (document,) = result.documents
    assert "long_text" in document.flags
    assert [issue.reason for issue in result.issues] == ["long_text"]
    assert document.body.replace("\n", "") == SENTENCE * 6000
    found = annotator().annotate(document)
    assert found.passages[-1].end == len(document.body)
    assert 0 < max(m.end for m in found.measures) <= MOST_CODED


def test_a_sentence_without_end_is_cut_at_commas() -> None:
    document = Document("d", "c", "s", 1, "题", SENTENCE.replace("。", "，") * 100, "report")
    passages = annotator().annotate(document).passages
    assert max(len(p.text) for p in passages) <= 1000
    assert "".join(p.text for p in passages) == document.body
    assert all(p.text.endswith("，") for p in passages)


# ---- files that claim to be larger than they are

FAR = {
    "two corners": f'<row r="1">{cell("A1", "甲")}</row><row r="1048576">{cell("XFD1048576", "乙")}</row>',
    "single quotes": "<row r='1'><c r='A1'><v>1</v></c></row><row r='9'><c r='XFD1048576'><v>1</v></c></row>",
    "small letters": '<row r="1"><c r="A1"><v>1</v></c></row><row><c r="xfd1048576"><v>1</v></c></row>',
    "blanks": '<row r="1"><c r="A1"><v>1</v></c></row><row><c r = "XFD1048576"><v>1</v></c></row>',
    "no places": '<row r="1">' + "<c><v>1</v></c>" * 16_384 + "</row>" + "<row/>" * 20_000 + "<row><c><v>1</v></c></row>",
    "a row far down": '<row r="1"><c r="A1"><v>1</v></c></row><row r="99999999"><c><v>1</v></c></row>',
}  # fmt: skip


@pytest.mark.parametrize("piece", [PIECE, 50])
@pytest.mark.parametrize("rows", FAR.values(), ids=FAR)
def test_a_sheet_with_far_corners_is_refused_before_room_is_made_for_it(
    rows: str, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policy_corpus.clean.formats.sheet_extent.PIECE", piece)
    (issue,) = cleaned(workbook(rows), XLSX).issues
    assert issue.reason == "oversize"


FAR_WORKBOOK = workbook(FAR["two corners"])
PACKED = io.BytesIO()
with zipfile.ZipFile(PACKED, "w") as empty:
    empty.comment = b"A second directory, empty: who reads from the end finds no part at all."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (FAR_WORKBOOK.replace(b"sheet1.xml", b"sheet1.dat"), "oversize"),
        (OLE + bytes(504) + FAR_WORKBOOK, "broken"),
        (FAR_WORKBOOK + PACKED.getvalue(), "broken"),
    ],
    ids=["a part of another name", "behind the beginning of an xls", "two directories"],
)
def test_a_far_corner_is_found_where_only_the_reader_would_see_it(data: bytes, reason: str) -> None:
    """It asks for 500 GB: the process is ended by that, no error can be caught."""
    (issue,) = cleaned(data, XLSX).issues
    assert issue.reason == reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>',
            "broken",
        ),
        ("<w:p/>" * 2_000_000, "oversize"),
    ],
    ids=["wide span", "paragraphs"],
)
def test_a_word_file_that_would_grow_is_refused(body: str, reason: str) -> None:
    (issue,) = clean_capture(word_file(body), capture_id="c", source="s", media_type=DOCX).issues
    assert issue.reason == reason


_MERGED = "<w:tc><w:tcPr><w:vMerge{}/></w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"


def test_a_cell_merged_over_many_rows_stands_in_each_and_costs_linear_time() -> None:
    own = "<w:tc><w:p><w:r><w:t>第{}小学</w:t></w:r></w:p></w:tc>"
    rows = [
        _MERGED.format("" if n else ' w:val="restart"', "" if n else "云岭县") + own.format(n)
        for n in range(1500)
    ]
    start = time.process_time()
    (document,) = cleaned(
        word_file(f"<w:tbl><w:tr>{'</w:tr><w:tr>'.join(rows)}</w:tr></w:tbl>"), DOCX
    ).documents
    assert time.process_time() - start < SECONDS
    assert document.body.endswith("云岭县 | 第1499小学")


def test_a_merge_that_begins_nowhere_is_a_cell_of_its_own() -> None:
    body = f"<w:tbl><w:tr>{_MERGED.format('', SENTENCE)}</w:tr></w:tbl>"
    (document,) = cleaned(word_file(body), DOCX).documents
    assert document.body == SENTENCE


@pytest.mark.parametrize("sign", ["(甲|乙)", "（甲|乙）", "(甲｜乙)"])
def test_a_label_of_countless_alternatives_is_refused_before_they_are_written_out(sign: str) -> None:
    with pytest.raises(SettingsError, match="more than 64 alternatives"):
        Codebook.parse(
            f'[[code]]\nid = "a"\nzh = "甲"\nen = "A"\ndefinition = "x"\nlabels = ["轮岗{sign * 40}"]\n'
        )


def test_a_line_of_praise_and_digits_does_not_hang() -> None:
    start = time.process_time()
    cleaned(f"<p>{SENTENCE}</p><p>支持{'1' * 60}x</p>".encode(), HTML)
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("case", ["word: entities", "sheet: entities", "entities of a page"])
def test_entities_are_not_blown_up(case: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    data, media_type = CASES[case](1000)
    cleaned(data, media_type)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


@pytest.mark.parametrize("words", ["大 ", "[大] ", "返回首页 | ", "打印/", "大中小"])
def test_a_row_of_share_words_does_not_hang(words: str) -> None:
    start = time.process_time()
    cleaned(f"<p>{SENTENCE}</p><p>{words * 30}x</p>".encode(), HTML)
    assert time.process_time() - start < SECONDS
