"""An interface whose JSON holds the list as HTML: ``{"data": {"html": "<li>…", "pageCount": 7}}``.

The fragment is read by the rules as if it were a page; only the way to the next answer is this site's own.
"""

import json

from policy_corpus.collect.crawl.lists.html import read_html_list
from policy_corpus.collect.crawl.model import Fetched, ListPage, Source
from policy_corpus.collect.crawl.pagers import current_number, with_number


def read_list(source: Source, page: Fetched) -> ListPage:
    """Entries of the fragment; the next answer until ``pageCount`` is reached."""
    data = json.loads(page.data)["data"]
    found = read_html_list(source, Fetched(page.url, data["html"].encode("utf-8"), "text/html", "utf-8"))
    pages = int(data["pageCount"])
    current = current_number(page.url) or 1
    following = with_number(page.url, current + 1) if current < pages else None
    return ListPage(found.entries, following, found.problems, pages=pages)
