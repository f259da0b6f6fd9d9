"""List pages: one file for each kind of list that a source may have."""

from policy_corpus.collect.crawl.addresses import fixed
from policy_corpus.collect.crawl.lists.feed import read_feed
from policy_corpus.collect.crawl.lists.html import read_html_list
from policy_corpus.collect.crawl.lists.json_list import read_json_list
from policy_corpus.collect.crawl.lists.sitemap import read_sitemap
from policy_corpus.collect.crawl.model import Entry, Fetched, ListPage, Source

__all__ = ["read_list"]


def read_list(source: Source, page: Fetched) -> ListPage:
    """What a list page says: its entries, the next list page, what its rules did not find.

    Entries are not yet held against the source's reach; see :func:`~policy_corpus.collect.crawl.addresses.admitted`.
    """
    match source.kind:
        case "json":
            found = read_json_list(source, page)
        case "feed":
            found = read_feed(source, page)
        case "sitemap":
            found = read_sitemap(source, page)
        case "page":
            found = ListPage((Entry(page.url),))
        case _:
            found = read_html_list(source, page)
    return _with_fixes(source, found) if source.fixes else found


def _with_fixes(source: Source, page: ListPage) -> ListPage:
    return ListPage(
        tuple(Entry(fixed(source, e.url), e.title, e.date) for e in page.entries),
        fixed(source, page.next) if page.next else None,
        page.problems,
        tuple(fixed(source, address) for address in page.lists),
        page.pages,
    )
