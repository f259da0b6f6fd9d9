"""Filters of an import: addresses, language, topic."""

from itertools import product
from pathlib import Path

import pytest

from policy_corpus.collect.filters import Filters, Sieve, UrlPattern, is_chinese, plain, visible_text
from policy_corpus.corpus.collecting.intake import decoded_text, make_sieve, read_topics
from policy_corpus.errors import CorpusError
from tests.shared import GOLD, needs_shared

FOLDING = {ord("師"): "师", ord("輪"): "轮", ord("崗"): "岗"}


@pytest.mark.parametrize(
    ("pattern", "url", "fits"),
    [
        ("*.gov.cn", "http://www.moe.gov.cn/jyb/1.html", True),
        ("*.gov.cn", "https://moe.gov.cn", True),
        ("*.gov.cn", "http://gov.cn/x", True),
        ("*.gov.cn", "http://www.notgov.cn/", False),
        ("*.gov.cn", "http://gov.cn.example.com/", False),
        ("*.gov.cn", "http://example.com/?to=www.gov.cn", False),
        ("*.gov.cn", "http://www.gov.cn:8080/x", True),
        ("*.gov.cn", "http://user@www.gov.cn/x", True),
        ("*.gov.cn", "http://www.gov.cn@example.com/", False),
        ("*.GOV.cn", "HTTP://WWW.GOV.CN/", True),
        ("www.example.cn", "http://www.example.cn/any/where?x=1", True),
        ("www.example.cn", "http://m.www.example.cn/", False),
        ("jyj.*.gov.cn", "http://jyj.yunling.gov.cn/", True),
        ("www.example.cn/zwgk/*", "http://www.example.cn/zwgk/2024/1.html", True),
        ("https://www.example.cn/zwgk/*", "http://www.example.cn/zwgk/1.html", True),
        ("www.example.cn/zwgk/*", "http://www.example.cn/news/zwgk/", False),
        ("*/zwgk/*.html", "http://a.cn/zwgk/1.html", True),
        ("*/zwgk/*.html", "http://a.cn/zwgk/1.html?p=2", False),
        ("*/*notice*", "http://a.cn/x/notices.asp", True),
        ("*/view.asp?id=*", "http://a.cn/view.asp?id=3#top", True),
        ("*/view.asp?id=*", "http://a.cn/viewxasp?id=3", False),
        ("*/*教育*", "http://a.cn/%E6%95%99%E8%82%B2/1", True),
        ("*/%E6%95%99%E8%82%B2/*", "http://a.cn/教育/1", True),
        ("a.cn/", "http://a.cn", True),
        ("*", "http://a.cn/x", True),
        ("*.gov.cn", "urn:x", False),
        ("*.gov.cn", "http://[::1", False),
    ],
)
def test_an_address_pattern(pattern: str, url: str, fits: bool) -> None:
    assert UrlPattern.parse(pattern).matches(url) is fits


@pytest.mark.parametrize("pattern", ["", "  ", "/zwgk/*", "https:///x"])
def test_a_pattern_without_host_is_refused(pattern: str) -> None:
    with pytest.raises(CorpusError, match="names a host"):
        UrlPattern.parse(pattern)


def test_any_of_several_addresses_will_do_and_files_have_none() -> None:
    filters = Filters.make(["*.gov.cn", "*.edu.cn"])
    assert filters.refuse_address("http://x.edu.cn/") is None
    assert filters.refuse_address("http://x.com/") == "by --url"
    assert filters.refuse_address(None) is None


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("县教育局组织骨干教师到农村学校送教。", True),
        ("縣教育局組織骨幹教師到農村學校送教。", True),
        ("首页 Home 登录 Login 县教育局组织骨干教师 teacher training 到农村学校送教 2024", True),
        ("The county sends teachers to schools. 教育", False),
        ("県の教育委員会は先生を学校に送ります。授業を見て話し合います。", False),
        ("교육청은 교사를 학교에 보낸다", False),
        ("Школа сообщает", False),
        ("2024 — 1, 2, 3", False),
        ("", False),
    ],
)
def test_what_is_chinese(text: str, chinese: bool) -> None:
    assert is_chinese(text) is chinese


@needs_shared
def test_saved_pages_are_chinese() -> None:
    filters = Filters.make(language="zh", text_of=decoded_text)
    pages = sorted((GOLD / "pages").glob("*.html"))
    assert pages
    assert [p.name for p in pages if filters.refuse_text(p.read_bytes(), "text/html", None)] == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16"])
def test_language_and_topic_are_told_in_any_encoding(encoding: str) -> None:
    sieve = make_sieve([], "zh", ["教師輪崗"])
    good = f"<html><body><p>{'縣教育局推進教師輪崗工作，組織學習。' * 3}</p></body></html>".encode(encoding)
    other = f"<html><body><p>{'縣教育局推進學校建設工作，組織學習。' * 3}</p></body></html>".encode(encoding)
    assert sieve.filters.refuse_text(good, "text/html", None) is None
    assert sieve.filters.refuse_text(other, "text/html", None) == "by --topic"


@pytest.mark.parametrize(
    ("word", "text"),
    [
        *product(["教师轮岗", "教師輪崗"], ["推进教师轮岗", "推進教師輪崗", "教师\n 轮　岗", "教師(shī)輪崗"]),
        ("rural Education", "Rural  education policy"),
    ],
)  # fmt: skip
def test_a_topic_is_found_in_either_script_and_over_blanks(word: str, text: str) -> None:
    filters = Filters.make(topics=[word], folding=FOLDING, text_of=lambda *_: text)
    assert filters.refuse_text(b"x", "text/plain", None) is None


def test_topics_are_looked_for_in_visible_text_only() -> None:
    markup = (
        "<script>var a='送教';</script><style>.送教{}</style><!-- 送教 --><p title='送教'>教研 &#x6559;</p>"
    )
    assert plain(visible_text(markup), {}) == "教研教"


@pytest.mark.parametrize("opening", ["<script>", "<!--", "<STYLE>", "<a <b"])
def test_what_never_ends_costs_no_time(opening: str) -> None:
    assert visible_text("一" + opening * 100_000)[:1] == "一"


def test_escaped_han_is_chinese_and_plain_ascii_is_not_decoded() -> None:
    asked: list[bytes] = []

    def text_of(data: bytes, *_: object) -> str:
        asked.append(data)
        return data.decode()

    filters = Filters.make(language="zh", text_of=text_of)
    escaped = "".join(f"&#{ord(c)};" for c in "县教育局组织骨干教师").encode()
    assert filters.refuse_text(escaped, "text/html", None) is None
    assert filters.refuse_text(b"plain words", "text/html", None) == "by --language zh"
    assert asked == [escaped]


def test_formats_without_text_come_in_unjudged() -> None:
    filters = make_sieve([], "zh", ["送教"]).filters
    assert filters.refuse_text(b"%PDF-1.7 \xff", "application/pdf", None) is None


@pytest.mark.parametrize(
    ("identified", "refused"), [("zho", False), ("eng,zho", False), ("eng", True), ("jpn,kor", True), (None, False)]
)  # fmt: skip
def test_a_language_that_the_archive_found_decides(identified: str | None, refused: bool) -> None:
    assert bool(Filters.make(language="zh").refuse_language(identified)) is refused


@pytest.mark.parametrize(("language", "topics"), [("de", []), (None, ["送教", " "])])
def test_a_filter_that_says_nothing_is_refused(language: str | None, topics: list[str]) -> None:
    with pytest.raises(CorpusError):
        Filters.make(language=language, topics=topics)


def test_counts_are_told_once_by_place() -> None:
    sieve = Sieve()
    for place in ("a", "a", "b"):
        sieve.drop(place, "by --url")
    sieve.pass_over("a", "redirects")
    notes = {(note.source, note.reason): note.message for note in sieve.notes()}
    assert notes == {
        ("a", "filtered"): "Kept out by filters: 2 by --url.",
        ("b", "filtered"): "Kept out by filters: 1 by --url.",
        ("a", "passed_over"): "Left out on purpose: 1 redirects.",
    }
    assert list(sieve.notes()) == []
    assert (sieve.dropped, sieve.passed_over) == ({"by --url": 3}, {"redirects": 1})


def test_topics_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "topics.txt"
    path.write_text("\ufeff# 主题\n送教\n\n轮岗  # teachers\n", encoding="utf-8")
    assert read_topics(path) == ["送教", "轮岗"]
    path.write_bytes("送教".encode("gbk"))
    with pytest.raises(CorpusError, match="UTF-8"):
        read_topics(path)
    path.write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="no topic"):
        read_topics(path)
