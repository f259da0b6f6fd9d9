"""A draft of a source's table from one list page and one of its items, saved or fetched."""

import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from policy_corpus.collect.captures import CAPTURES, read_capture
from policy_corpus.collect.crawl.check import address_of
from policy_corpus.collect.crawl.learn import learn
from policy_corpus.collect.crawl.model import CrawlSettings, Fetched, Pace, Reach, Source
from policy_corpus.corpus.collecting.crawl import Job, crawl
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.publish.progress import Silent
from policy_corpus.store import tables
from policy_corpus.store.store import Store

_WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
WARC_BYTES = 10**9


def draft_source(
    list_page: str,
    item_page: str | None = None,
    *,
    url: str | None = None,
    contact: str = "",
    private: bool = False,
) -> str:
    """Propose a table for ``sources.toml``.

    Parameters
    ----------
    list_page, item_page
        Addresses, or paths of saved pages. An address is asked as a crawl asks it: robots.txt, bounds, limits.
    url
        Address of a saved list page that does not tell it itself.
    contact
        Sent with a request, as ``[crawl] contact``.
    private
        Addresses of a private network are allowed.

    Raises
    ------
    PolicyCorpusError
        A page cannot be read or fetched, or shows no list.
    """

    def page(place: str, address: str | None) -> Fetched:
        if _WEB_ADDRESS.match(place):
            return _fetched(place, contact, private)
        return _saved(Path(place), address)

    return learn(page(list_page, url), page(item_page, None) if item_page else None)


def _saved(path: Path, url: str | None) -> Fetched:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PolicyCorpusError(
            f"the page cannot be read: {error.strerror}", str(path), "name a saved page or a web address"
        ) from None
    found = url or address_of(data)
    if not found:
        raise PolicyCorpusError(
            "the saved page does not say which address it has", str(path), "name it with --url"
        )
    return Fetched(found, data)


def _fetched(url: str, contact: str, private: bool) -> Fetched:
    host = urlsplit(url).hostname or "page"
    source = Source(
        re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-"), (url,), "page",
        pace=Pace(max_requests=1, retries=0), reach=Reach(private=private),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="policy-corpus-") as name:
        folder = Path(name)
        job = Job(folder, (source,), CrawlSettings(contact=contact), WARC_BYTES)
        with Store.open(folder / "tables", create=True) as store:
            report = crawl(job, store, Silent())
            captures = list(store.records(tables.CAPTURES))
            if not captures:
                trouble = next(iter(report.issues), None)
                raise PolicyCorpusError(
                    trouble.message if trouble else "nothing came", url, trouble.remedy if trouble else None
                )
            capture = captures[0]
            data = read_capture(folder / CAPTURES, capture)
    return Fetched(capture.url or url, data, capture.media_type, capture.charset)
