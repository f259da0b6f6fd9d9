"""Hostile and broken HTML: nothing raises, nothing recurses, the time grows with the length alone."""

import time

import pytest

from policy_corpus.clean.formats import html_tree
from policy_corpus.clean.formats.html import read_html
from policy_corpus.clean.formats.html_tree import MOST_LINES

TEXT = "云岭县教育局组织骨干教师到农村学校送教，全年共送教一百二十场，覆盖全县所有教学点。"
SECONDS = 10.0
"""Far above what linear work takes here (under one second each), far below what quadratic work would."""

HOSTILE = {
    "ten thousand nested divs": "<div>" * 10_000 + TEXT + "</div>" * 10_000,
    "a hundred thousand unclosed fonts": "<font>" * 100_000 + TEXT,
    "nested hidden elements over many lines": '<div style="display:none">' * 10_000 + "<p>x</p>" * 10_000,
    "nested comment classes over many lines": '<div class="comment">' * 10_000 + f"{TEXT}<br>" * 1000,
    "text among many links in a deep element": "<div>" * 2000 + "<a href=x>链接</a><br>" * 5000 + TEXT,
    "very many links": '<a href="x">链接</a>' * 50_000,
    "one very long line": TEXT * 25_000,
    "very many table rows": "<table>" + "<tr><td>甲<td>乙" * 10_000,
    "nested tables": "<table><tr><td>" * 5000 + TEXT,
    "nested lists": "<ul><li>" * 20_000 + TEXT,
    "unclosed comments": "<!--" * 200_000,
    "only angle brackets": "<" * 300_000,
    "tags that never close": "<a " * 300_000,
    "quotes that never close": '<a x="' * 200_000,
    "ampersands": "&" * 500_000,
    "half character references": "&#x" * 300_000,
    "scripts that never close": "<script>" * 100_000,
    "a style sheet of braces": "<style>" + "a{" * 500_000,
    "a title of a megabyte": f"<title>{'云' * 1_000_000}</title>" + "<p>云岭县云岭县</p>" * 5000,
    "deep JSON-LD": '<script type="application/ld+json">' + "[" * 100_000 + f"</script><p>{TEXT}",
    "very many dates": "<p>" + "2020-01-01 " * 50_000 + f"</p><p>{TEXT}",
    "very many blanks": f"<p>{' ' * 2_000_000}</p>{TEXT}",
    "commas only": "，" * 500_000,
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_takes_linear_time(html: str) -> None:
    start = time.process_time()
    read_html(html, "http://example.cn/2020/01/02/")
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 10_000 + f"<p>{TEXT}</p>",
        "<div>" * 2000 + "<a href=x>链接</a><br>" * 5000 + TEXT,
        f"\0\0<p>{TEXT}",
        f"<?xml version='1.0' encoding='gb2312'?><html><p>{TEXT}</p></html>",
        f"<p>{TEXT}",
        f"{TEXT}",
        f"</div></table></p>{TEXT}</body></html></html>",
        f"<body><form><table><p>{TEXT}</table>",
    ],
    ids=["deep", "among links", "nul", "xml declaration", "open tag", "no tag", "stray ends", "misplaced"],
)
def test_the_text_of_a_broken_page_is_found(html: str) -> None:
    assert [block.text for block in read_html(html).blocks] == [TEXT]


@pytest.mark.parametrize(
    "html", ["", " ", "\n", "\ufeff", "<html></html>", "<", "&", "\ud800", "<!--", "<script>"]
)
def test_a_page_without_text_has_no_blocks(html: str) -> None:
    assert read_html(html).blocks == ()


@pytest.mark.parametrize(
    ("html", "text", "offsets"),
    [
        ("<p>甲乙，丙丁。</p>", "甲乙，丙丁。", [3, 4, 5, 6, 7, 8]),
        ("<p>甲&nbsp;乙&amp;丙，</p>", "甲 乙&丙，", [3, 4, 10, 11, 16, 17]),
        ("<p>甲<b>乙</b>\r\n丙，</p>", "甲乙丙，", [3, 7, 14, 15]),
        ("<p>a\r\nb,甲。</p>", "a b,甲。", [3, 4, 6, 7, 8, 9]),
        ("<!-- 甲 --><script>甲</script><p title='>甲'>甲，乙。</p>", "甲，乙。", [42, 43, 44, 45]),
        ("<p>&#20113;&#x5cad;，&ldquo;县&rdquo;</p>", "云岭，“县”", [3, 11, 19, 20, 27, 28]),
    ],
    ids=[
        "plain",
        "references",
        "inline tag and line end",
        "latin line end",
        "what is not text",
        "numbers and names",
    ],
)
def test_offsets_are_places_in_the_source(html: str, text: str, offsets: list[int]) -> None:
    (block,) = read_html(html).blocks
    assert (block.text, list(block.offsets)) == (text, offsets)


@pytest.mark.parametrize("bound", ["MOST_ELEMENTS", "MOST_TEXTS"])
@pytest.mark.parametrize(("most", "reasons"), [(10, ("truncated",)), (30, ())])
def test_what_lies_behind_more_than_is_read_is_told(
    bound: str, most: int, reasons: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html_tree, bound, most)
    page = read_html(f"<p>{TEXT}</p>" + "<p>&lt;</p>" * 20 + "<p>末段。</p>")
    assert page.problems == reasons
    assert page.blocks[0].text == TEXT


def test_a_preformatted_text_of_very_many_lines_keeps_them_all() -> None:
    page = read_html("<pre>" + f"{TEXT}\n" * (MOST_LINES + 1) + "</pre>")
    assert "".join(block.text for block in page.blocks).count(TEXT) == MOST_LINES + 1
