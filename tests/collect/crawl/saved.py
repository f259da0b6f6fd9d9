"""Invented pages of portals, and sources that read them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from policy_corpus.collect.crawl.model import Fetched, ItemRule, ListRule, Source, SourceKind

PAGES = Path(__file__).resolve().parent / "pages"
LIST_URL = "https://www.example.org/jyj/tzgg/"
ITEM_URL = "https://www.example.org/jyj/tzgg/202405/t20240513_1402.html"


def saved(name: str, url: str = LIST_URL, encoding: str = "utf-8", **header: Any) -> Fetched:
    return Fetched(url, (PAGES / name).read_text(encoding="utf-8").encode(encoding), **header)


def html(body: str, url: str = LIST_URL) -> Fetched:
    return Fetched(
        url, f"<html><head><meta charset=utf-8></head><body>{body}</body></html>".encode(), "text/html"
    )


def source(
    kind: SourceKind = "list", start: str = LIST_URL, item: ItemRule | None = None, **rule: Any
) -> Source:
    made = Source("example", (start,), kind, listing=ListRule(**rule))
    return replace(made, item=item) if item else made
