"""Bytes of one page become blocks of text: which reader, which encoding, and the text that places count in."""

from collections.abc import Iterable
from dataclasses import dataclass

from policy_corpus.clean.blocks import Page
from policy_corpus.clean.bounds import bounded
from policy_corpus.clean.decode import decode
from policy_corpus.clean.formats.docx import read_docx
from policy_corpus.clean.formats.html import read_html
from policy_corpus.clean.formats.markdown import read_markdown
from policy_corpus.clean.formats.pdf import read_pdf
from policy_corpus.clean.formats.plain import read_plain
from policy_corpus.clean.formats.sheet import read_sheet
from policy_corpus.records import Issue

STAGE = "clean"
PAGE_JOINER = "\n"
"""What stands between the decoded texts of an article's pages in the text that its places count in."""

SHEETS = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
_OTHER_FILES = frozenset(
    {
        "application/pdf",
        "application/msword",
        "application/vnd.ms-works",
        "application/rtf",
        "application/vnd.oasis.opendocument.text",
    }
)
REMEDIES = {
    "encrypted": "save the file without a password and add it again",
    "old_word": "save the file as .docx and add it again",
    "oversize": "divide the file, or save its lists as separate files, and add them",
    "truncated": "divide the file and add its parts, if the rest of it matters",
    "no_text_layer": "run text recognition (OCR) on the file and add the result",
    "undecodable_bytes": "compare the marked places with the page; save it again where they matter",
    "replacement_in_source": "the page itself holds damaged characters; look for another copy",
    "broken": "open the file, save it again and add the new copy",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One page as it was read; ``text`` is what its blocks' offsets count in, None where there is no such text."""

    page: Page
    text: str | None
    encoding: str = ""
    encoding_from: str = ""
    is_text: bool = False
    """No markup says what is headline and what is frame."""
    problems: tuple[tuple[str, str], ...] = ()
    """Reasons and messages for Issue rows."""


def read_page(data: bytes, media_type: str, charset: str | None = None, url: str | None = None) -> Reading:
    """Read a page by its media type.

    Raises
    ------
    FormatError
        It cannot be read as that.
    """
    kind = _plain(media_type)
    if kind in SHEETS:
        page = bounded(read_sheet(data))
        return Reading(page, None, is_text=True, problems=tuple((p, p) for p in page.problems))
    if _is_file_format(kind):
        page = bounded(read_pdf(data) if kind == "application/pdf" else read_docx(data))
        return Reading(
            page, None, is_text=not _is_markup(kind), problems=tuple((p, p) for p in page.problems)
        )
    is_html = _is_markup(kind)
    decoded = decode(data, http_charset=charset, is_html=is_html)
    reader = read_markdown if "markdown" in kind else read_plain
    page = bounded(read_html(decoded.text, url) if is_html else reader(decoded.text))
    notes = [(p.reason, str(p)) for p in decoded.problems] + [(p, p) for p in page.problems]
    return Reading(
        page,
        decoded.text,
        decoded.encoding,
        decoded.encoding_from,
        is_text=not is_html,
        problems=tuple(notes),
    )


def source_text(data: bytes, *, media_type: str, charset: str | None = None) -> str | None:
    """Decoded text in which source places count; None for formats without one (docx, pdf, tables)."""
    kind = _plain(media_type)
    if _is_file_format(kind):
        return None
    return decode(data, http_charset=charset, is_html=_is_markup(kind)).text


def article_text(texts: Iterable[str | None]) -> str | None:
    """The texts of an article's pages in order, as one: what the places of its document count in."""
    found = [text for text in texts if text is not None]
    return PAGE_JOINER.join(found) if found else None


def problem(source: str, reason: str, message: str) -> Issue:
    """The Issue row for what a reader found wrong with a page."""
    remedy = REMEDIES.get(reason, REMEDIES["broken"])
    severity = "error" if reason == "no_text_layer" else "warning"
    return Issue.make(STAGE, source, reason, message, remedy, severity=severity)  # type: ignore[arg-type]


def _plain(media_type: str) -> str:
    return media_type.split(";")[0].strip().lower()


def _is_file_format(kind: str) -> bool:
    return kind in SHEETS | _OTHER_FILES or "wordprocessing" in kind or kind.endswith("docx")


def _is_markup(kind: str) -> bool:
    return "html" in kind or "xml" in kind
