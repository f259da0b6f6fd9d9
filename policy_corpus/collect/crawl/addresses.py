"""Addresses: made absolute, admitted or not, corrected, counted up."""

import re
from functools import lru_cache
from urllib.parse import quote_from_bytes, urljoin, urlsplit, urlunsplit

from policy_corpus.collect.crawl.model import Source

MAX_ADDRESS = 2000
"""Characters; longer addresses are refused by many servers and proxies, and hold no page."""
FILE_ENDINGS = r"pdf|docx?|xlsx?|pptx?|zip|rar|7z|wps|ofd|et|dps|rtf|csv|ceb"
"""Endings of files that notices bring, for use in a regular expression."""

_BLANKS = re.compile(r"[\t\r\n]+")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_OPENED = re.compile(
    r"""(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\s*\(|\bopen\s*\(|\bhref\s*=)\s*["']([^"'\s]{1,1000})["']""",
    re.IGNORECASE,
)

_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sessionid|sid)=[^/?#;]*", re.IGNORECASE)
_SESSION_NAME = re.compile(
    r"(?:jsessionid|phpsessid|aspsessionid\w*|session_?id|sess_?id|cfid|cftoken)\Z", re.I
)


def absolute(base: str, href: str, encoding: str = "utf-8") -> str | None:
    """Absolute http(s) address of ``href`` on the page ``base``; None if it leads to no page.

    Fragments and session ids are left off. The query is written in the page's ``encoding``.
    """
    href = _BLANKS.sub("", href.strip())
    if not href or href[0] == "#" or len(href) > MAX_ADDRESS:
        return None
    scheme = href[:11].lower()
    if scheme.startswith(("javascript:", "mailto:", "tel:", "data:", "about:", "file:", "ftp:")):
        return None
    try:
        href = _query_in(href, encoding)
        address = urljoin(base, href.replace("\\", "/")).partition("#")[0]
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
    except ValueError:  # a host or port that is none
        return None
    return without_session(address)


def _query_in(href: str, encoding: str) -> str:
    """An address with what is not ASCII in its query as bytes of the page's encoding, as browsers ask for it.

    The path is UTF-8 always (WHATWG URL standard, section 4.4); what is percent-encoded stays as it is.
    """
    encoding = "gbk" if encoding == "gb18030" else encoding  # what nearly all pages of the family declare
    path, mark, query = href.partition("?")
    if query.isascii() or encoding.startswith("utf"):
        return href
    return (
        path
        + mark
        + _NON_ASCII.sub(lambda m: quote_from_bytes(m[0].encode(encoding, "xmlcharrefreplace"), ""), query)
    )


def without_session(address: str) -> str:
    """An address without the session id that some servers write into it (``;jsessionid=…``, ``?PHPSESSID=…``)."""
    if ";" in address:
        address = _SESSION_PATH.sub("", address)
    if "sess" not in address.lower() and "cfid" not in address.lower():
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    pairs = parts.query.split("&")  # as they are: what a site encoded in GBK must stay so
    kept = [pair for pair in pairs if not _SESSION_NAME.match(pair.partition("=")[0])]
    return address if len(kept) == len(pairs) else urlunsplit(parts._replace(query="&".join(kept)))


def address_in_script(script: str) -> str | None:
    """What ``location.href='…'`` or ``window.open('…')`` would open."""
    match = _OPENED.search(script[:MAX_ADDRESS])
    return match[1] if match else None


def host_of(address: str) -> str:
    """Host of an address with its port if it names one, lower case; empty if there is none."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
        return f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return ""


@lru_cache(maxsize=1024)
def hosts_of(source: Source) -> frozenset[str]:
    """Hosts of the start pages and those that the source's reach names."""
    return frozenset({host_of(start) for start in source.start} | {h.lower() for h in source.reach.hosts}) - {
        ""
    }


def on_host(source: Source, address: str) -> bool:
    """Whether an address lies on one of the source's hosts. A port counts where either side names one."""
    if not address.startswith(("http://", "https://")) or len(address) > MAX_ADDRESS:
        return False
    return host_of(address) in hosts_of(source)


@lru_cache(maxsize=4096)
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def admitted(source: Source, address: str) -> bool:
    """Whether an item's address is within the source's reach: its host, ``include`` and ``exclude``."""
    if not on_host(source, address):
        return False
    reach = source.reach
    if reach.include and not any(_pattern(p).search(address) for p in reach.include):
        return False
    return not excluded(source, address)


def excluded(source: Source, address: str) -> bool:
    """Whether the source leaves an address out, be it an item's, a further page's or an attachment's."""
    return any(_pattern(p).search(address) for p in source.reach.exclude)


def fixed(source: Source, address: str) -> str:
    """An address with the source's literal replacements made, in order."""
    for wrong, right in source.fixes:
        address = address.replace(wrong, right)
    return address
