"""Whether a page that came with status 200 is what was asked for. Pure rules over bytes and visible text."""

import re
from typing import Literal, NamedTuple
from urllib.parse import unquote

from policy_corpus.collect.crawl.addresses import FILE_ENDINGS
from policy_corpus.collect.crawl.model import Fetched
from policy_corpus.collect.crawl.troubles import WORDS as TROUBLE_WORDS
from policy_corpus.records import CrawlRole, Issue, Wanted

MESSAGE_CHARACTERS = 200
"""Visible characters up to which a page may be nothing but a message. Not chosen on a collection: a message has a
sentence or two, a notice with its frame seldom less than this; a message within a full frame is not seen."""
MESSAGE_BYTES = 30_000
"""Size up to which a page may be nothing but a message."""
HEAD_BYTES = 65_536

_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|script|div|table|p)[\s>]", re.IGNORECASE
)
_NOTHING_HERE = re.compile(
    r"(?:页面|网页|内容|文章|信息|文件|地址|链接|页)[^。！!,，]{0,12}(?:不存在|找不到|未找到|没有找到|已被?删除|已经?下线|已失效)"
    r"|(?:找不到|未找到|没有找到)[^。！!,，]{0,12}(?:页面|网页|内容|文章|信息|文件)"
    r"|\b(?:404|page|file)\b[^<>]{0,10}\bnot found\b",
    re.IGNORECASE,
)
_PASSWORD = re.compile(rb"<input\b[^>]{0,300}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
_PAGE_ENDINGS = ("", "htm", "html", "shtml", "jsp", "jspx", "asp", "aspx", "php", "do", "action", "jhtml")
_NAMED_FILE = re.compile(rf"\.({FILE_ENDINGS})(?!\.?[a-z0-9])", re.IGNORECASE)
_FILE_MAGIC = (b"%PDF-", b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"{\\rtf", b"Rar!", b"7z\xbc\xaf")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Severity = Literal["error", "warning", "note"]


class _Words(NamedTuple):
    message: str
    remedy: str
    severity: Severity = "warning"


WORDS: dict[str, _Words] = {
    "empty": _Words("The answer is empty.", "Crawl again later.", "error"),
    "soft_404": _Words(
        "The page only says that there is nothing here.", "Nothing to do, unless many are listed.", "note"
    ),
    "login": _Words(
        "The page asks to log in.", "Leave such addresses out with exclude in [source.reach].", "error"
    ),
    "max_item_pages": _Words(
        "The article has more pages than are followed: {detail}.", "Raise max_item_pages in [source.reach]."
    ),
    "missing_pages": _Words(
        "Of this article {detail}.", "The pages that came in are kept; crawl again later.", "error"
    ),
    "vanished": _Words(
        "What was there before has vanished from the site: {detail}.",
        "The earlier text is kept; see on the site whether the article was shortened.",
    ),
    "unfinished": _Words(
        "The walk through this source has not come to its end: {detail}.", "Crawl again to go on.", "note"
    ),
    "unlocked": _Words(
        "A safeguard is switched off in the source's table: {detail}.",
        "Nothing to do if it is meant.",
        "note",
    ),
    "max_list_pages": _Words(
        "The walk through the list pages stopped by rule: {detail}.",
        "Raise max_list_pages in [source.reach].",
    ),
    "lost": _Words("The captured bytes were lost.", "They are asked for again in the next crawl."),
    "no_items": _Words(
        "Nothing was found in this source.",
        "See whether its start pages and selectors fit: policy-corpus sources learn, sources check.",
        "error",
    ),
    "below_expectation": _Words(
        "Fewer items than the source's table expects: {detail}.",
        "See whether the list's selectors still fit: policy-corpus sources check.",
    ),
    "problem": _Words("Not all of the page could be read: {detail}.", "Check the selectors of its source."),
    "source_code": _Words(
        "The source's own code failed: {detail}.", "Correct it; try it with: sources check.", "error"
    ),
    "program_error": _Words(
        "The program failed on this page: {detail}.", "Its address is known; please report it.", "error"
    ),
}
"""Why an address brought nothing, beside the troubles of fetching: message, remedy, severity (as there)."""


class Doubt(NamedTuple):
    """Why a page is not what was asked for."""

    reason: str
    detail: str | None = None


def doubt(role: CrawlRole, page: Fetched, shown: str, wanted: Wanted | None = None) -> Doubt | None:
    """Why an answer with status 200 is not worth keeping, or None.

    Parameters
    ----------
    role : str
        What was asked for. Of list pages nothing is doubted but that they are there.
    page : Fetched
        The answer.
    shown : str
        Its visible text, at least ``MESSAGE_CHARACTERS`` + 1 characters of it; empty where it is no short page.
    wanted : Wanted, optional
        What was asked for: the words of its link and its address may name a type of file.
    """
    head = page.data[:HEAD_BYTES]
    if not head.strip():
        return Doubt("empty")
    if role == "list" or head.startswith(_FILE_MAGIC):
        return None
    if b"\x00" in head[:4096] and not head.startswith(_UTF16):
        return Doubt("wrong_type", page.media_type or "binary data")
    if not _MARKUP.search(head):
        return None
    message = _message(head, shown)
    if role == "attachment":
        if _PASSWORD.search(head):
            return Doubt("login")
        kind = _file_type(page.url, wanted)
        if kind:
            also = f", which says: {shown[:60]}" if message else ""
            return Doubt("wrong_type", f"a web page instead of {kind}{also}")
    return Doubt(message) if message else None


def _file_type(answered: str, wanted: Wanted | None) -> str | None:
    """Type of file that an attachment's addresses or the words of its link name; None for a page or none."""
    addresses = [answered, wanted.url] if wanted else [answered]
    for address in addresses:
        ending = ending_of(address)
        if ending not in _PAGE_ENDINGS:
            return ending
    queries = [unquote(address.partition("?")[2]) for address in addresses]
    for words in (wanted.title or "" if wanted else "", *queries):
        named = _NAMED_FILE.search(words)
        if named:
            return named[1].lower()
    return None


def _message(head: bytes, shown: str) -> str | None:
    if not shown or len(shown) > MESSAGE_CHARACTERS:
        return None
    if _PASSWORD.search(head):
        return "login"
    return "soft_404" if _NOTHING_HERE.search(shown) else None


def ending_of(address: str) -> str:
    """Ending of the file that an address names, lower case; empty if it has none."""
    name = address.partition("?")[0].partition("#")[0].rpartition("/")[2]
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return ending if ending.isalnum() and len(ending) <= 6 else ""


RESTS = {
    "max_requests": "this run asked as often as it may (max_requests in [source.pace] and [crawl])",
    "host_down": "the host gave no answer many times in a row",
    "hours": "they wait for the hours of this source",
}
"""Why a run leaves addresses waiting."""


def make_issue(address: str, reason: str, detail: str | None, source_id: str) -> Issue:
    """The issue that a reason becomes; ``place`` is the source's id."""
    words = WORDS.get(reason) or TROUBLE_WORDS.get(reason) or TROUBLE_WORDS["failed"]  # type: ignore[call-overload]
    message = words.message.format(detail=detail or reason)
    return Issue.make("crawl", address, reason, message, words.remedy, source_id, words.severity)
