"""What pages said, as JSON for the ledger: so that an answer of 304 leads on as the page did."""

import hashlib
import json

from policy_corpus.collect.crawl.answers import ending_of
from policy_corpus.collect.crawl.model import Entry, Fetched, ItemPage, ListPage
from policy_corpus.collect.problems import ProblemError
from policy_corpus.collect.verify import judge

PACKAGE_BYTES = 500_000_000
"""Bytes that the text of an office file may unpack to before it is held to be a bomb."""


def of_list(page: ListPage) -> str:
    """A list page as JSON."""
    entries = [(entry.url, entry.title, entry.date) for entry in page.entries]
    return json.dumps([entries, page.next, page.lists], ensure_ascii=False, separators=(",", ":"))


def list_page(says: str) -> ListPage:
    """The list page that :func:`of_list` wrote."""
    entries, following, lists = json.loads(says)
    return ListPage(tuple(Entry(*entry) for entry in entries), following, lists=tuple(lists))


def of_item(page: ItemPage) -> str | None:
    """What an item's page leads to as JSON; None when it leads nowhere."""
    if not page.following and not page.attachments:
        return None
    files = [(entry.url, entry.title, entry.date) for entry in page.attachments]
    return json.dumps([page.following, files, page.pages], ensure_ascii=False, separators=(",", ":"))


def item_page(says: str | None) -> ItemPage:
    """The item's page that :func:`of_item` wrote."""
    if says is None:
        return ItemPage()
    following, files, pages = json.loads(says)
    return ItemPage(
        following=tuple(following), pages=pages, attachments=tuple(Entry(*file) for file in files)
    )


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def media_type(page: Fetched) -> str:
    """What kind of file the bytes are; what is not known here stays as the server declared it."""
    name = page.url.partition("?")[0].rpartition("/")[2]
    try:
        return judge(page.data, name if ending_of(page.url) else "", page.media_type or None, PACKAGE_BYTES)
    except ProblemError:
        return page.media_type or "application/octet-stream"
