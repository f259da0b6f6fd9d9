"""Files that belong to a notice: by the link's ending, by its words, by a download address, by standing under 附件."""

import re
from urllib.parse import unquote

from policy_corpus.collect.crawl.addresses import FILE_ENDINGS
from policy_corpus.collect.crawl.furniture import is_furniture
from policy_corpus.collect.crawl.model import Entry
from policy_corpus.collect.crawl.pages import Node, Page, raw_address, select, words

_ENDS = re.compile(rf"\.(?:{FILE_ENDINGS})\Z", re.IGNORECASE)
_IN_QUERY = re.compile(rf"\.(?:{FILE_ENDINGS})(?:&|\Z)", re.IGNORECASE)
_WORDS_END = re.compile(rf"\.(?:{FILE_ENDINGS})[\s)）\]】(（0-9.kmbKMB]*\Z", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"(?:^|/)(?:download|downfile|filedownload|attach(?:ment)?s?|downloadfile|down)(?:[_\w]{0,20}\.(?:jspx?|aspx?|ashx|do|php|action))?(?=[/?]|\Z)"
    r"|[?&](?:fileid|attachid|attachmentid|filename|attach_?id|fjid|fileguid)=",
    re.IGNORECASE,
)
_PAGE_ENDS = (".html", ".htm", ".shtml", ".xhtml")
_FILE_NAME = 12
"""Characters; in a download folder, a longer last part of the path is a file's id and no section of the site."""
_SAYS = re.compile(r"[\s\[【(（]*附[件表]\s*[\d一二三四五六七八九十]{0,3}\s*[:：.、\s]?")
_PROGRAM = re.compile(r"\.(?:exe|apk|msi|mp[34]|avi|wmv|swf|flv|dmg|css|js|ico)\Z", re.IGNORECASE)
MAX_ATTACHMENTS = 500
"""Attachments of one page; tables of budget files have up to some hundreds."""


def attachments_of(page: Page, selector: str = "") -> tuple[Entry, ...]:
    """Attachments with the words of their links; ``selector`` names the links or what they stand in."""
    if selector:
        links = [a for node in select(selector, page.root) for a in _links_in(node)]
        files = [(link, a) for link in links if (a := page.address(link))]
    else:
        has_list = "附" in page.text
        files = [(link, a) for link in page.links if (a := _file(page, link, has_list))]
    found: dict[str, Entry] = {}
    for link, address in files:
        title = (
            "" if isinstance(link, str) else words(link) or (link.get("title") or link.get("download") or "")
        )
        old = found.get(address)
        if old is None or len(title) > len(old.title or ""):
            found[address] = Entry(address, title or None)
        if len(found) >= MAX_ATTACHMENTS:
            break
    return tuple(found.values())


def _links_in(node: Node) -> list[Node]:
    if isinstance(node, str) or raw_address(node):
        return [node]
    return list(node.iter("a"))


def _file(page: Page, link: Node, has_list: bool) -> str | None:
    """Absolute address of a link that leads to a file of this notice."""
    raw = link.get("href") or ""
    if raw.endswith(_PAGE_ENDS):  # nearly all
        return None
    raw = raw_address(link)
    if not raw or not _looks_like_file(raw, link, has_list):
        return None
    return None if is_furniture(page, link) else page.absolute(raw)


def _looks_like_file(raw: str, link: Node, has_list: bool) -> bool:
    path, _, query = raw.partition("#")[0].strip().partition("?")
    if _ENDS.search(path) or (query and _IN_QUERY.search(unquote(query))):
        return True
    if path.lower().endswith(_PAGE_ENDS) or _PROGRAM.search(path):
        return False
    last = path.rstrip("/").rpartition("/")[2]
    if _DOWNLOAD.search(raw) and (query or len(last) > _FILE_NAME):
        return True
    if not query and "." not in last:
        return False
    text = words(link, 120)
    if _WORDS_END.search(text):
        return True
    return has_list and (bool(_SAYS.match(text)) or _under_heading(link))


def _under_heading(link: Node) -> bool:
    """Whether the words right before a link are 附件："""
    before = link.getprevious()
    text = (
        before.tail if before is not None else (link.getparent().text if link.getparent() is not None else "")
    ) or ""
    if not text.strip() and before is not None and before.tag != "a" and isinstance(before.tag, str):
        text = words(before, 40)
    match = _SAYS.match(text)
    return bool(match) and not text[match.end() :].strip(" ：:　")  # type: ignore[union-attr]
