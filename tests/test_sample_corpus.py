"""The sample corpus is what its README and expected.toml say it is."""

import io
import re
import tomllib
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from policy_corpus.records import KINDS, STATUSES
from tests.shared import GOLD, needs_shared

SAMPLE = Path(__file__).resolve().parents[1] / "corpora" / "sample"
EXPECTED: list[dict[str, Any]] = tomllib.loads((SAMPLE / "expected.toml").read_text(encoding="utf-8"))["page"]
PAGES = {page["source"]: page for page in EXPECTED}
CODES = {
    "pairing", "group_schooling", "rotation", "incentives", "recruitment", "training", "teaching_research",
    "digital_sharing", "layout", "facilities", "funding", "enrolment", "student_support", "evaluation",
    "curriculum", "governance",
}  # fmt: skip
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?|--\d{2}-\d{2}")
PINYIN = re.compile(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\) ?")
TAG = re.compile(r"<[^>]*>")
UNSEEN = re.compile(r"<(script|style)\b.*?</\1>", re.S)
SENTENCE = re.compile(r"[^。！？；\n|]{20,}")
COPIED_LENGTH = 20
"""Shortest run of characters at either end of a sentence that counts as copied."""


def parts() -> list[tuple[str, dict[str, Any]]]:
    return [(source, part) for source, page in PAGES.items() for part in page.get("part", [])]


def measures() -> list[tuple[str, dict[str, Any]]]:
    return [(source, measure) for source, part in parts() for measure in part.get("measure", [])]


def read(source: str) -> bytes:
    archive, _, member = source.partition("!/")
    if not member:
        return (SAMPLE / source).read_bytes()
    with zipfile.ZipFile(SAMPLE / archive, metadata_encoding="gbk") as opened:
        return opened.read(member)


@cache
def page_text(source: str) -> str:
    """The words of a page without tags, pinyin and blanks, in simplified characters."""
    data = read(source)
    if source.endswith(".docx"):
        text = docx_text(data)
    elif source.endswith(".pdf"):
        text = pdf_text(data)
    else:
        text = decode(data)
    text = TAG.sub("", UNSEEN.sub("", text)) if source.endswith(".html") else text
    return simplified(re.sub(r"\s", "", PINYIN.sub("", text)))


def decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030")


@cache
def converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(text: str) -> str:
    return str(converter().convert(text))


def docx_text(data: bytes) -> str:
    from docx import Document

    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def pdf_text(data: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_every_file_is_described_and_every_description_has_its_file() -> None:
    files = {f"pages/{path.name}" for path in (SAMPLE / "pages").iterdir()}
    assert {source.partition("!/")[0] for source in PAGES} == files


def test_the_corpus_is_large_and_wide_enough() -> None:
    regions = {part["region_code"] for _, part in parts() if "region_code" in part}
    assert len(PAGES) >= 40
    assert len(regions) >= 22
    assert len({code[:2] for code in regions}) >= 20


def test_at_least_six_regions_have_several_documents() -> None:
    originals = [part["region_code"] for source, part in parts()
                 if "region_code" in part and "same_as" not in PAGES[source]]  # fmt: skip
    assert len({code for code in originals if originals.count(code) > 1}) >= 6


def test_all_codes_kinds_and_statuses_occur() -> None:
    assert {measure["code"] for _, measure in measures()} == CODES
    assert {part["kind"] for _, part in parts()} == set(KINDS)
    assert {measure["status"] for _, measure in measures()} == set(STATUSES)


@pytest.mark.parametrize(("source", "part"), parts())
def test_a_part_is_well_formed_and_its_title_stands_on_the_page(source: str, part: dict[str, Any]) -> None:
    assert part["kind"] in KINDS
    assert re.fullmatch(r"\d{6}", part.get("region_code", "000000"))
    assert all(DATE.fullmatch(part[key]) for key in ("published", "event_date") if key in part)
    assert simplified(re.sub(r"\s", "", part["title"])) in page_text(source)


@pytest.mark.parametrize(("source", "measure"), measures())
def test_a_measures_quote_stands_on_the_page_with_its_quantities(
    source: str, measure: dict[str, Any]
) -> None:
    text = page_text(source)
    assert measure["quote"] in text
    sentence = text[text.index(measure["quote"]) :].split("。")[0]
    for quantity in measure.get("quantities", []):
        assert quantity["text"] in sentence
    for pair in measure.get("partners", []):
        assert all(name in text for name in [*pair["from"], *pair["to"]])


@pytest.mark.parametrize("source", [source for source, page in PAGES.items() if "same_as" in page])
def test_a_copy_names_a_page_that_is_there_and_no_copy_itself(source: str) -> None:
    assert "same_as" not in PAGES[PAGES[source]["same_as"]]


def test_a_page_gives_documents_or_is_dropped_with_a_reason() -> None:
    assert [source for source, page in PAGES.items() if bool(page.get("part")) == ("dropped" in page)] == []


def test_the_gbk_page_says_gb2312_and_is_not() -> None:
    data = read("pages/kangbashi-gbk-2025.html")
    assert b"charset=gb2312" in data
    assert "喆" in data.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        data.decode("gb2312")
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


def test_a_member_of_the_zip_has_its_name_in_gbk_without_the_flag() -> None:
    with zipfile.ZipFile(SAMPLE / "pages" / "litong-pages.zip") as archive:
        names = [(info.filename, info.flag_bits & 0x800) for info in archive.infolist()]
    assert ("利通区数字底座.html".encode("gbk").decode("cp437"), 0) in names


@pytest.mark.parametrize("path", sorted((SAMPLE / "broken").iterdir()), ids=lambda path: path.name)
def test_broken_files_are_small_and_broken(path: Path) -> None:
    assert path.stat().st_size <= 4096
    assert not zipfile.is_zipfile(path)


def test_no_page_has_an_address_outside_example() -> None:
    texts = [decode(read(source)) for source in PAGES if not source.endswith((".docx", ".pdf"))]
    hosts = {host for text in texts for host in re.findall(r"https?://([\w.-]+)", text)}
    assert {host for host in hosts if not host.endswith(".example")} <= {"www.w3.org", "schema.org"}


def test_the_readme_names_every_page() -> None:
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert [source for source in PAGES if source.removeprefix("pages/") not in readme] == []


@needs_shared
def test_no_sentence_is_copied_from_the_gold_texts() -> None:
    gold = "\n".join(
        re.sub(r"[ \t\u3000]", "", path.read_text(encoding="utf-8"))
        for folder in ("seeds/texts", "reports/texts")
        for path in sorted((GOLD / folder).glob("*.txt"))
    )
    gold += "\n".join((GOLD / "training" / "sentences.tsv").read_text(encoding="utf-8").split("\t"))
    copied = [sentence for source in PAGES for sentence in SENTENCE.findall(page_text(source))
              if sentence[:COPIED_LENGTH] in gold or sentence[-COPIED_LENGTH:] in gold]  # fmt: skip
    assert copied == []
