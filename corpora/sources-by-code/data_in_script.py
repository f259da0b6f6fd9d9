"""A site that keeps its data in scripts: ``view('77')`` opens an item, ``var files = […]`` holds its attachments.

The scripts are read as text; nothing of them runs.
"""

import json
import re
from dataclasses import replace

from policy_corpus.collect.crawl import items
from policy_corpus.collect.crawl.dates import said_date
from policy_corpus.collect.crawl.model import Entry, Fetched, ItemPage, ListPage, Source
from policy_corpus.collect.crawl.pagers import counted_up
from policy_corpus.collect.crawl.pages import Page, select, words

VIEW = re.compile(r"view\('(\d{1,12})'\)")
FILES = re.compile(r"var files = (\[[^;]{0,20000}\]);")
PARTS = re.compile(r"var parts = (\d{1,3});")


def read_list(source: Source, page: Fetched) -> ListPage:
    """Rows of the list; the address of an item is made of the number that its row hands to ``view``."""
    html = Page(page)
    entries = []
    for row in select("div.row", html.root):
        if match := VIEW.search(row.get("onclick") or ""):
            url = html.absolute(f"detail/{match[1]}.html")
            title = " ".join(words(node) for node in select(".t", row))
            if url:
                entries.append(Entry(url, title or None, said_date(words(row))))
    problems = () if entries else ("no div.row with view('…')",)
    following = counted_up(page.url, source.listing, source.start) if entries else None
    return ListPage(tuple(entries), following, problems)


def read_item(source: Source, page: Fetched) -> ItemPage:
    """What the rules find, with attachments and further pages from the script."""
    html = Page(page)
    found = items.read_item(source, page)
    match = FILES.search(html.text)
    files = json.loads(match[1]) if match else []
    attachments = [Entry(url, f["name"]) for f in files if (url := html.absolute(f"/files/{f['id']}"))]
    parts = PARTS.search(html.text)
    count = int(parts[1]) if parts else 1
    first = re.sub(r"(?:-\d+)?\.html$", "", page.url)
    current = re.search(r"-(\d+)\.html$", page.url)
    begin = int(current[1]) if current else 1
    following = tuple(f"{first}-{n}.html" for n in range(begin + 1, count + 1))
    return replace(found, attachments=tuple(attachments), following=following, pages=count)
