"""Bytes to text: who decides the encoding, and what is said about bytes that cannot be read."""

import codecs

import pytest

from policy_corpus.clean.decode import decode
from tests.shared import GOLD, needs_shared

TEXT = "云岭县教育局组织骨干教师到农村学校送教，全年共送教一百二十场，覆盖全县所有教学点。"
TRADITIONAL = "雲嶺縣教育局組織骨幹教師到農村學校送教，全年共送教一百二十場，覆蓋全縣所有教學點。"


def page(charset: str, text: str = TEXT) -> str:
    return (
        f'<html><head><meta charset="{charset}"><title>通知</title></head><body><p>{text}</p></body></html>'
    )


@pytest.mark.parametrize(
    ("data", "header", "encoding", "origin"),
    [
        (page("utf-8").encode(), None, "utf-8", "meta"),
        (page("utf-8").encode(), "UTF-8", "utf-8", "header"),
        (page("gb2312").encode("gb18030"), None, "gb18030", "meta"),
        (page("gbk").encode("gb18030"), "GBK", "gb18030", "header"),
        (page("big5", TRADITIONAL).encode("big5"), None, "big5hkscs", "meta"),
        (page("big5-hkscs", TRADITIONAL + "㗎喺").encode("big5hkscs"), None, "big5hkscs", "meta"),
        (codecs.BOM_UTF8 + page("gbk").encode(), "gbk", "utf-8", "bom"),
        (page("x").encode("utf-16"), None, "utf-16-le", "bom"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), None, "utf-16-be", "bom"),
    ],
    ids=[
        "meta",
        "header",
        "gb2312 is gb18030",
        "gbk header",
        "big5",
        "hkscs",
        "bom wins",
        "utf-16 bom",
        "utf-16-be bom",
    ],
)
def test_a_true_declaration_is_believed(data: bytes, header: str | None, encoding: str, origin: str) -> None:
    made = decode(data, http_charset=header)
    assert (made.encoding, made.encoding_from, made.problems) == (encoding, origin, ())
    assert "教育局" in made.text


@pytest.mark.parametrize(
    ("data", "header", "encoding"),
    [
        (page("utf-8").encode("gb18030"), None, "gb18030"),
        (page("gb2312").encode(), None, "utf-8"),
        (page("gbk").encode(), "gb2312", "utf-8"),
        (page("gbk", TRADITIONAL).encode("big5"), None, "big5hkscs"),
        (page("utf-8", TRADITIONAL).encode("big5"), "utf-8", "big5hkscs"),
        (page("big5").encode("gb18030"), None, "gb18030"),
        (page("iso-8859-1").encode("gb18030"), "ISO-8859-1", "gb18030"),
        (page("no-such-charset").encode("gb18030"), "rot13", "gb18030"),
        (page("utf-8").encode("utf-16-le"), None, "utf-16-le"),
        (page("utf-8").encode("utf-16-be"), None, "utf-16-be"),
    ],
    ids=[
        "gbk says utf-8", "utf-8 says gb2312", "utf-8 says gbk twice", "big5 says gbk", "big5 says utf-8",
        "gbk says big5", "latin-1 says nothing", "unknown names", "utf-16-le without mark", "utf-16-be without mark",
    ],
)  # fmt: skip
def test_a_false_declaration_is_overruled_by_the_bytes(
    data: bytes, header: str | None, encoding: str
) -> None:
    made = decode(data, http_charset=header)
    assert (made.encoding, made.encoding_from, made.problems) == (encoding, "content", ())
    assert "教育局" in made.text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
def test_plain_text_without_a_declaration_is_known_by_its_characters(encoding: str) -> None:
    made = decode((TEXT + "\n" + TEXT).encode(encoding), is_html=False)
    assert (made.text, made.encoding, made.encoding_from) == (TEXT + "\n" + TEXT, encoding, "content")


def test_two_gbk_words_that_look_like_utf8_are_read_as_declared() -> None:
    assert decode("联通".encode("gbk"), http_charset="gbk").text == "联通"


def test_undecodable_bytes_are_counted_and_located() -> None:
    data = TEXT.encode("gb18030")[:20] + b"\xff" + TEXT.encode("gb18030")[20:] * 20
    made = decode(data, http_charset="gbk")
    (problem,) = made.problems
    assert (problem.reason, problem.count, problem.first) == ("undecodable_bytes", 1, 10)
    assert made.text[10] == "\ufffd"


def test_a_page_cut_off_in_mid_character_keeps_its_encoding() -> None:
    made = decode(page("utf-8").encode() + "教".encode()[:2])
    assert made.encoding == "utf-8"
    assert [problem.count for problem in made.problems] == [1]


def test_a_replacement_character_of_the_source_is_noted_as_such() -> None:
    made = decode((TEXT + "\ufffd" + TEXT + "\ufffd").encode())
    (problem,) = made.problems
    assert (problem.reason, problem.count, problem.first) == ("replacement_in_source", 2, len(TEXT))


@pytest.mark.parametrize("data", [b"", b"\0", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", bytes(range(256)) * 40])
@pytest.mark.parametrize("charset", [None, "", "utf-7", "unicode_escape", "base64", "utf-32", "gbk"])
def test_nothing_raises_and_no_replacement_is_silent(data: bytes, charset: str | None) -> None:
    made = decode(data, http_charset=charset)
    assert ("\ufffd" in made.text) == bool(made.problems)


@needs_shared
def test_every_saved_page_decodes_without_a_problem() -> None:
    pages = sorted((GOLD / "pages").glob("*.html"))
    assert [path.name for path in pages if decode(path.read_bytes()).problems] == []


@needs_shared
@pytest.mark.parametrize("wrong", ["gbk", "utf-8", "big5", None])
def test_every_saved_page_is_read_the_same_whatever_the_header_says(wrong: str | None) -> None:
    for path in sorted((GOLD / "pages").glob("*.html")):
        data = path.read_bytes()
        assert decode(data, http_charset=wrong).encoding == ("gb18030" if "gbk" in path.name else "utf-8"), (
            path.name
        )
