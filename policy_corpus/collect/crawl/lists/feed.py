"""RSS 2.0, RDF and Atom."""

from policy_corpus.collect.crawl.addresses import absolute
from policy_corpus.collect.crawl.dates import field_date
from policy_corpus.collect.crawl.model import Entry, Fetched, ListPage, Source
from policy_corpus.collect.crawl.pages import MAX_LINKS, Node, local_name, squeezed, text_of, xml_root

_DATES = ("pubDate", "date", "published", "updated", "issued")


def read_feed(source: Source, page: Fetched) -> ListPage:
    """Entries of a feed; an archived Atom feed names its next part (RFC 5005)."""
    root = xml_root(text_of(page))
    if root is None:
        return ListPage((), problems=("the answer is no XML",))
    entries: list[Entry] = []
    following = None
    for element in root.iter():
        name = local_name(element)
        if name in ("item", "entry") and len(entries) < MAX_LINKS:
            if entry := _entry(element, page.url):
                entries.append(entry)
        elif name == "link" and element.get("rel") == "next":
            following = absolute(page.url, element.get("href") or "")
    problems = () if entries else (f"no item or entry in <{local_name(root)}>",)
    return ListPage(tuple(entries), following, problems)


def _entry(item: Node, base: str) -> Entry | None:
    parts: dict[str, str] = {}
    link = ""
    for child in item:
        name, text = local_name(child), (child.text or "").strip()
        if name == "link" and child.get("rel", "alternate") == "alternate":
            link = link or text or child.get("href") or ""
        elif name == "guid" and child.get("isPermaLink", "true") == "true":
            parts.setdefault("guid", text)
        elif name and text:
            parts.setdefault(name, text)
    address = absolute(base, link or parts.get("guid", ""))
    if not address:
        return None
    date = next((d for name in _DATES if (d := field_date(parts.get(name)))), None)
    return Entry(address, squeezed(parts.get("title", "")) or None, date)
