"""What kind of file some bytes are: by what they hold first, by their name second.

Names lie: pages are saved as .txt, texts as .doc, downloads come without an ending. Magic numbers
decide for binary formats; for text the name (or the server's content type) decides only between
kinds that the content leaves open.
"""

import re
import zlib
from typing import Literal
from urllib.parse import urlsplit

from policy_corpus.collect.problems import ProblemError

HTML = "text/html"
TEXT = "text/plain"
MARKDOWN = "text/markdown"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC, XLS, RTF, WORKS = (
    "application/msword",
    "application/vnd.ms-excel",
    "application/rtf",
    "application/vnd.ms-works",
)
ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"
TEXTS = frozenset((HTML, TEXT, MARKDOWN))
FILES = frozenset((PDF, DOCX, XLSX, DOC, XLS, RTF, WORKS, ODT, ODS))
"""Types that are read by their format, none of which holds its text as plain bytes."""

HEAD_BYTES = 65536
"""How much of a text is looked at; the longest preamble of comments and scripts before <html> in the
21 saved pages of the shared gold has 300 bytes."""
PDF_HEAD_BYTES = 1024
"""Readers accept a PDF header within the first 1,024 bytes (ISO 32000-1, annex H, note 13)."""
CONTROL_SHARE = 0.01
"""Text has no control characters; spoiled text has a few, binary data about 10 % of its bytes."""
USUAL_SHARE = 0.9
"""Chinese read in the wrong byte order falls over all planes: about a third is usual then."""

_OFFICE = "Open it in Word or WPS, save it as docx or pdf, and add that file."
_SLIDES = "Open it in PowerPoint or WPS, save it as pdf, and add that file."
_ARCHIVE = "Unpack it and add the folder, or pack it as zip."
_IMAGE = "If it shows a text, run text recognition (OCR) on it and add the text or a searchable pdf."
_MAGIC: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"Rar!\x1a\x07", "RAR archive", _ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", "7z archive", _ARCHIVE),
    (0, b"\x1f\x8b", "gzip archive", _ARCHIVE),
    (0, b"BZh", "bzip2 archive", _ARCHIVE),
    (0, b"\xfd7zXZ\x00", "xz archive", _ARCHIVE),
    (257, b"ustar", "tar archive", _ARCHIVE),
    (0, b"\x89PNG\r\n", "picture", _IMAGE),
    (0, b"\xff\xd8\xff", "picture", _IMAGE),
    (0, b"GIF8", "picture", _IMAGE),
    (0, b"II*\x00", "picture", _IMAGE),
    (0, b"MM\x00*", "picture", _IMAGE),
    (8, b"WEBP", "picture", _IMAGE),
    (0, b"OggS", "sound or film file", "Add a transcript instead."),
    (0, b"ID3", "sound or film file", "Add a transcript instead."),
    (4, b"ftyp", "sound or film file", "Add a transcript instead."),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What files of the old Office begin with, and new ones that a password protects."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""What the protected ones hold."""
_RTF = b"{\\rtf"
# Names of streams tell what an old Office or WPS file is; Kingsoft's wps and et have Word's and Excel's.
_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS), ("MatOST", WORKS))
_NOT_TEXTS = {  # text files that are no documents; by ending, since nothing else tells them apart
    "css": "style sheet", "js": "script", "json": "data file", "jsonl": "data file", "csv": "table",
    "tsv": "table", "xml": "data file", "toml": "settings file", "yaml": "settings file",
    "yml": "settings file", "ini": "settings file", "py": "script", "svg": "picture", "map": "data file",
    "sql": "data file", "log": "log file", "bat": "script", "sh": "script", "eml": "e-mail",
}  # fmt: skip
_SAVE_PAGE = 'Open it in a browser, choose "Save as… webpage, HTML only", and add that file.'

_STARTS_AS_PAGE = re.compile(rb"(?:<!doctype\s+html|<html|<head|<body|<meta\s|<title)", re.IGNORECASE)
_PAGE_TAG = re.compile(rb"<(?:html|head|body|title|meta)[\s>]", re.IGNORECASE)
_ANY_TAG = re.compile(
    rb"</?(?:p|br|div|span|table|td|a|h[1-6]|li|ul|ol|section|article|font|strong|b)[\s/>]", re.I
)
_USUAL = re.compile(r"[\t\n\r -~\u2010-\u2026\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_COMMENT = re.compile(rb"\s*(?:<!--.*?-->|<\?xml[^>]*\?>)", re.DOTALL)
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27}) + b"\x7f"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x84\x31\x95\x33")


def container_of(head: bytes) -> Literal["zip", "warc"] | None:
    """Whether the first bytes of a file open a zip (docx included) or a WARC; zstd is taken for a packed WARC."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "zip"
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return "warc"
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 16)
        except zlib.error:
            return None
    return "warc" if head.startswith(b"WARC/") else None


def ending_of(name: str) -> str:
    """The ending of a file name or url in lower case, without the dot; ``html`` of ``view.html?id=3``."""
    path = urlsplit(name).path if name.startswith(("http://", "https://")) else name
    last = path.rsplit("/", 1)[-1]
    stem, dot, ending = last.rpartition(".")
    return ending.partition("?")[0].lower() if dot and stem else ""


def media_type_of(data: bytes, name: str, declared: str | None = None) -> str:
    """Media type of a file that is no zip: a text, a pdf, an old Office or WPS file.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        Its name; only the ending matters.
    declared : str, optional
        The media type a server gave, without parameters.

    Raises
    ------
    ProblemError
        Empty, unsupported, encrypted (Office) or of unknown kind.
    """
    head = data[:HEAD_BYTES]
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf") and not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise ProblemError("empty")
    if b"%PDF-" in data[:PDF_HEAD_BYTES] and not _ANY_TAG.search(data[:PDF_HEAD_BYTES]):
        return PDF
    if head.startswith(_RTF):
        return RTF
    if head.startswith(OLE):
        return _ole_type(data)
    _refuse_binary(head)
    return _text_type(head, ending_of(name), declared)


def holds_text(data: bytes) -> bool:
    """Whether bytes are a text in some encoding rather than a file of another kind."""
    head = data[:HEAD_BYTES]
    known = (OLE, _RTF, b"%PDF-", *(magic for offset, magic, _, _ in _MAGIC if not offset))
    return container_of(head) is None and not head.startswith(known) and _is_text(head)


def _ole_type(data: bytes) -> str:
    if ENCRYPTED in data:
        raise ProblemError("encrypted", kind="Office document")
    for stream, media_type in _STREAMS:
        if stream.encode("utf-16-le") in data:
            return media_type
    slides = "PowerPoint Document".encode("utf-16-le") in data
    kind = "PowerPoint file" if slides else "document of old Office or WPS without a text"
    raise ProblemError("unsupported", kind=kind, remedy=_SLIDES if slides else _OFFICE)


def _refuse_binary(head: bytes) -> None:
    for offset, magic, kind, remedy in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            raise ProblemError("unsupported", kind=kind, remedy=remedy)
    if not _is_text(head):
        raise ProblemError("unknown", detail="binary data")


def _is_text(head: bytes) -> bool:
    if head.startswith(_BOMS):
        return True
    if _is_utf16(head):
        return True
    controls = len(head) - len(head.translate(None, _CONTROL))
    return controls <= len(head) * CONTROL_SHARE


def _is_utf16(head: bytes) -> bool:
    """UTF-16 without a mark: read that way, nearly all of it is ASCII or Chinese."""
    if b"\x00" not in head:
        return False
    even = head[: len(head) // 2 * 2]
    texts = (even.decode(codec, "replace") for codec in ("utf-16-le", "utf-16-be"))
    return any(len(_USUAL.findall(text)) > USUAL_SHARE * len(text) for text in texts)


def _text_type(head: bytes, ending: str, declared: str | None) -> str:
    text = head.replace(b"\x00", b"") if _is_utf16(head) or head.startswith(_BOMS[1:3]) else head
    start = _after_comments(text.removeprefix(_BOMS[0]))
    if start.startswith((b"MIME-Version:", b"From: <Saved by")):
        raise ProblemError("unsupported", kind="web archive (mht)", remedy=_SAVE_PAGE)
    if _STARTS_AS_PAGE.match(start):
        return HTML
    if ending in ("md", "markdown"):
        return MARKDOWN
    if ending in ("txt", "text"):
        return HTML if len(_PAGE_TAG.findall(text)) >= 2 else TEXT
    if ending in _NOT_TEXTS:
        raise ProblemError("unknown", detail=f"a {_NOT_TEXTS[ending]}")
    if text.lstrip().startswith(b"<?xml") and not _PAGE_TAG.search(text):
        raise ProblemError("unknown", detail="a data file")
    tags = len(_ANY_TAG.findall(text))
    expects_page = ending in ("html", "htm", "shtml", "xhtml") or declared in (HTML, "application/xhtml+xml")
    if tags >= (1 if expects_page else 3) or _PAGE_TAG.search(text):
        return HTML
    return TEXT


def _after_comments(text: bytes) -> bytes:
    position = 0
    while found := _COMMENT.match(text, position):
        position = found.end()
    return text[position:].lstrip()
