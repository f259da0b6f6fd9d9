"""Floors on the saved pages: main text, title and date by the shared scorer, and the same pages with their markup worn off."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_corpus.clean.decode import decode
from policy_corpus.clean.formats.html import read_html
from tests.shared import GOLD, needs_shared

PAGES = GOLD / "pages"
MEAN_FLOOR = 0.97
LEAST_FLOOR = 0.85
RIGHT_FLOOR = 19
"""Of 21 titles and dates: the contract says 90 %."""

Wear = Callable[[str], str]


def as_saved(html: str) -> str:
    return html


def without_names(html: str) -> str:
    return re.sub(r"\s(?:class|id)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", "", html)


def without_headings(html: str) -> str:
    return re.sub(r"<(/?)h[1-6]\b", r"<\1div", html, flags=re.IGNORECASE)


def paragraphs_as_line_breaks(html: str) -> str:
    return re.sub(r"</p>", "<br>", re.sub(r"<p\b[^>]*>", "", html, flags=re.IGNORECASE), flags=re.IGNORECASE)


def boxes_as_divs(html: str) -> str:
    tags = "section|article|aside|footer|header|nav|main|ul|li|dl|dd|dt|table|tr|td|tbody"
    return re.sub(rf"<(/?)(?:{tags})\b", r"<\1div", without_names(html), flags=re.IGNORECASE)


def scored(folder: Path, wear: Wear) -> dict[str, float]:
    exports = folder / "pages.jsonl"
    with exports.open("w", encoding="utf-8") as rows:
        for path in sorted(PAGES.glob("*.html")):
            page = read_html(wear(decode(path.read_bytes()).text))
            body = "\n".join(block.text for block in page.blocks)
            row = {
                "source": path.name,
                "title": page.hints.title,
                "published": page.hints.published,
                "body": body,
            }
            rows.write(json.dumps(row, ensure_ascii=False) + "\n")
    command = [sys.executable, str(GOLD / "score_pages.py"), str(exports), str(PAGES)]
    words = (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1].split()
    )
    return {name: float(words[words.index(name) + 1]) for name in ("F1", "min", "title", "date")}


@needs_shared
@pytest.mark.parametrize(
    "wear",
    [as_saved, without_names, without_headings, paragraphs_as_line_breaks, boxes_as_divs],
    ids=lambda f: f.__name__,
)
def test_main_text_title_and_date_of_saved_pages(wear: Wear, tmp_path: Path) -> None:
    figures = scored(tmp_path, wear)
    assert figures["F1"] >= MEAN_FLOOR
    assert figures["min"] >= LEAST_FLOOR
    assert min(figures["title"], figures["date"]) >= RIGHT_FLOOR


@needs_shared
def test_offsets_of_saved_pages_lead_to_the_same_characters() -> None:
    for path in sorted(PAGES.glob("*.html")):
        text = decode(path.read_bytes()).text
        placed = strange = 0
        for block in read_html(text).blocks:
            for char, offset in zip(block.text, block.offsets, strict=True):
                placed += offset >= 0
                strange += offset >= 0 and text[offset] != char and text[offset] != "&"
        assert placed > 50, path.name
        assert strange <= 0.001 * placed + 2, path.name
