"""A capture becomes documents: decode, read, repair, drop furniture, split, describe."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from policy_corpus.clean.blocks import Block, FormatError, Page, PageHints
from policy_corpus.clean.byline import Facts, is_byline, is_edition_line
from policy_corpus.clean.decode import decode
from policy_corpus.clean.flags import flags
from policy_corpus.clean.formats.docx import read_docx
from policy_corpus.clean.formats.html import read_html
from policy_corpus.clean.formats.markdown import read_markdown
from policy_corpus.clean.formats.pdf import read_pdf
from policy_corpus.clean.formats.plain import read_plain
from policy_corpus.clean.furniture import body_like, reasons
from policy_corpus.clean.kinds import guess_kind
from policy_corpus.clean.lines import Line, han_count, letters, with_layout
from policy_corpus.clean.metadata import (
    document_number,
    event_date,
    facts,
    issuer,
    published,
    seal,
    source_unit,
)
from policy_corpus.clean.paragraphs import paragraphs
from policy_corpus.clean.repair import repaired, visible
from policy_corpus.clean.split import Piece, lead_lines, pieces
from policy_corpus.clean.titles import SITE_TAIL, find_title, same_words, whole_title
from policy_corpus.records import Document, Issue, Kind, OffsetMap

STAGE = "clean"
VERSION = 1
LEAST_LETTERS = 40
"""Letters below which a page holds no document, a title with a few keywords (tag pages have 10 to 30), unless
it bears a document number or says a whole sentence."""
_SENTENCE = re.compile(r"[^。！？!?\n]{15,}[。！？!?]")

_KIND_WITHOUT_EVENT = frozenset({"policy", "template", "essay"})
_SPEAKING_FOR_OTHERS = {"related articles", "comments", "below the text", "legal notice"}
_SOURCE_WORD = re.compile(r"来源|发布|稿源|供稿|转自")
_FILE_TAIL = re.compile(
    r"(?:[（(](?:FBM|CLI)[-\w.]+[）)])?\.(?:txt|html?|docx?|pdf|md|shtml)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class CleanResult:
    """Documents of one capture, what a person should know, and what was dropped with the reason."""

    documents: tuple[Document, ...]
    issues: tuple[Issue, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a page came from and how it was read."""

    capture_id: str
    source: str
    url: str | None
    encoding: str
    encoding_from: str
    is_text: bool


def clean_page(data: bytes, url: str | None = None) -> CleanResult:
    """Documents of a page given as bytes: docx, pdf or HTML where the first bytes say so, else plain text."""
    head = data[:2000].lower()
    is_html = any(tag in head for tag in (b"<html", b"<!doctype", b"<body", b"<div"))
    media_type = "text/html" if is_html else "text/plain"
    if head.startswith(b"pk\x03\x04"):
        media_type = "docx"
    elif head.startswith(b"%pdf"):
        media_type = "application/pdf"
    return clean_capture(data, capture_id="", source=url or "", media_type=media_type, url=url)


def clean_capture(
    data: bytes,
    *,
    capture_id: str,
    source: str,
    media_type: str,
    charset: str | None = None,
    url: str | None = None,
) -> CleanResult:
    """Clean one capture.

    Parameters
    ----------
    data
        The bytes as they came in.
    capture_id, source
        Id and origin of the capture.
    media_type
        ``text/html``, ``text/plain``, ``text/markdown``, ``application/pdf`` or the Word type.
    charset
        Declared by the server, if it was.
    url
        Address of the page; only its paging mark is read.

    Returns
    -------
    CleanResult
        Parts 1..n in the order of the page; no part for a page without text of its own.
    """
    try:
        page, text, encoding, origin, notes = _read(data, media_type, charset, url)
    except FormatError as error:
        issue = Issue.make(
            STAGE, source, error.reason, str(error), _REMEDIES.get(error.reason, _REMEDIES["broken"])
        )
        return CleanResult((), (issue,))
    where = _Source(capture_id, source, url, encoding, origin, not _is_markup(media_type))
    issues = [_problem(source, reason, message) for reason, message in notes]
    result = _documents(page, where, text)
    return replace(result, issues=(*issues, *result.issues))


_REMEDIES = {
    "encrypted": "save the file without a password and add it again",
    "old_word": "save the file as .docx and add it again",
    "no_text_layer": "run text recognition (OCR) on the file and add the result",
    "undecodable_bytes": "compare the marked places with the page; save it again where they matter",
    "replacement_in_source": "the page itself holds damaged characters; look for another copy",
    "broken": "open the file, save it again and add the new copy",
}


def _read(
    data: bytes, media_type: str, charset: str | None, url: str | None
) -> tuple[Page, str | None, str, str, list[tuple[str, str]]]:
    """Page, decoded text its offsets count in (None: there is none), encoding, what decided it, problems."""
    kind = media_type.split(";")[0].strip().lower()
    if _is_file_format(kind):
        page = read_pdf(data) if kind == "application/pdf" else read_docx(data)
        return page, None, "", "", [(p, p) for p in page.problems]
    is_html = _is_markup(kind)
    decoded = decode(data, http_charset=charset, is_html=is_html)
    reader = read_markdown if "markdown" in kind else read_plain
    page = read_html(decoded.text, url) if is_html else reader(decoded.text)
    notes = [(p.reason, str(p)) for p in decoded.problems] + [(p, p) for p in page.problems]
    return page, decoded.text, decoded.encoding, decoded.encoding_from, notes


def source_text(data: bytes, *, media_type: str, charset: str | None = None) -> str | None:
    """Decoded text in which source places count; None for formats without one (docx, pdf)."""
    kind = media_type.split(";")[0].strip().lower()
    if _is_file_format(kind):
        return None
    return decode(data, http_charset=charset, is_html=_is_markup(kind)).text


def _is_file_format(kind: str) -> bool:
    return (
        kind in {"application/pdf", "application/msword"} or "wordprocessing" in kind or kind.endswith("docx")
    )


def _is_markup(kind: str) -> bool:
    return "html" in kind or "xml" in kind


def _problem(source: str, reason: str, message: str) -> Issue:
    remedy = _REMEDIES.get(reason, _REMEDIES["broken"])
    return Issue.make(
        STAGE, source, reason, message, remedy, severity="error" if reason == "no_text_layer" else "warning"
    )


def _documents(page: Page, where: _Source, text: str | None) -> CleanResult:
    lines, script = repaired(page.blocks)
    if text is not None and where.is_text:
        lines = with_layout(lines, text)
    hints = _repaired_hints(page.hints, script)
    place = find_title(lines, hints.title)
    if (
        not where.is_text
        and hints.title
        and (place is None or not same_words(lines[place].norm, hints.title))
    ):
        place = None
    sifted = _sift(lines, place, hints, where)
    parts = pieces(sifted.kept, sifted.title or None)
    lead = lead_lines(sifted.kept, parts) if sifted.kept else []
    dropped = (
        *sifted.dropped,
        *((x.text, "title of the collection") for x in lead),
        *((x.text, "source line, kept as metadata") for x in sifted.late),
    )
    made: list[Document] = []
    for piece in parts:
        said = sifted.said if len(parts) == 1 else _said_of(piece, sifted, where)
        late = {id(x) for x in sifted.late}
        piece = replace(piece, lines=tuple(x for x in piece.lines if id(x) not in late))
        document = _document(
            piece, len(made) + 1, said, where, script, text is not None, [t for t, _ in dropped]
        )
        if document is not None:
            made.append(document)
    issues = () if made else (_nothing_left(where, sifted.title, lines),)
    return CleanResult(tuple(made), issues, dropped)


@dataclass(frozen=True, slots=True)
class _Sifted:
    """What a page's lines are: its title, what to keep, what to drop and why, what is said of source and date."""

    title: str
    kept: tuple[Line, ...]
    dropped: tuple[tuple[str, str], ...]
    said: Facts
    head: Facts
    """The part of ``said`` that stands in the markup and above the text."""
    late: tuple[Line, ...]
    """Source lines below the first text of a marked-up page: they part its texts and are in no body."""


def _said_of(piece: Piece, sifted: _Sifted, where: _Source) -> Facts:
    """What one of several texts says of its source and date, in its first and last lines."""
    own = [x for x in piece.lines[-2:] if _SOURCE_WORD.search(x.norm)]
    said = facts([x.norm for x in (*piece.lines[:6], *own) if is_byline(x.norm)], None)
    first = not piece.opens_with_title and not where.is_text
    return sifted.head.joined(said) if first else said


def _sift(lines: Sequence[Line], place: int | None, hints: PageHints, where: _Source) -> _Sifted:
    why = reasons(lines, place)
    first_body = next((i for i, x in enumerate(lines) if why[i] is None and body_like(x.norm)), len(lines))
    title, of_title = _title_of(lines, place, None if where.is_text else hints.title)
    title = _FILE_TAIL.sub("", title or hints.title or "")
    kept, dropped, late = [], [], []
    for i, line in enumerate(lines):
        reason = why[i]
        if i in of_title:
            continue
        if reason is None and of_title and i < first_body and letters(line.norm) == letters(title):
            reason = "repeated title"
        if reason is None and not where.is_text and _is_furniture_byline(line, i, first_body):
            if i > first_body:
                late.append(line)
            else:
                reason = "source line, kept as metadata"
        if reason is None:
            kept.append(line)
        else:
            dropped.append((line.text, reason))
    head = [x.norm for i, x in enumerate(lines) if i < first_body and _speaks(x, why[i])]
    tail = [
        x.norm for i, x in enumerate(lines) if i >= first_body and _speaks(x, why[i]) and is_byline(x.norm)
    ]
    said = facts([*head, *hints.around], hints)
    joined = said.joined(facts(tail, None))
    return _Sifted(title, tuple(kept), tuple(dropped), joined, said, tuple(late))


def _speaks(line: Line, why: str | None) -> bool:
    """Whether a line may give source, date or issuer: kept, or dropped as what carries them."""
    if is_edition_line(line.norm):
        return True
    return why in {None, "metadata box"} or (is_byline(line.norm) and why not in _SPEAKING_FOR_OTHERS)


def _title_of(lines: Sequence[Line], place: int | None, hint: str | None) -> tuple[str, frozenset[int]]:
    """Title and the lines that hold it."""
    if place is None:
        return hint or "", frozenset()
    start, end = whole_title(lines, place)
    title = "".join(x.text for x in lines[start:end])
    title = SITE_TAIL.sub("", title)
    if hint and letters(hint) in letters(title):  # the line holds more: a breadcrumb, a label
        title = hint
    return title, frozenset(range(start, end))


def _repaired_hints(hints: PageHints, script: str) -> PageHints:
    def plain(text: str | None) -> str | None:
        if not text or script != "mirror":
            return visible(text) if text else text
        lines, _ = repaired([Block(text, range(len(text)))], mirror=True)
        return lines[0].text if lines else None

    around = tuple(filter(None, map(plain, hints.around)))
    return replace(hints, title=plain(hints.title), source_unit=plain(hints.source_unit), around=around)


def _is_furniture_byline(line: Line, place: int, first_body: int) -> bool:
    """Source lines of a marked-up page stand above or below its text; a seal's date does not."""
    if not is_byline(line.norm):
        return False
    labels = re.search(r"来源|发布|更新|时间|日期|编辑|浏览", line.norm) is not None
    return place < first_body or (labels and place > first_body)


def _document(
    piece: Piece, part: int, said: Facts, where: _Source, script: str, mapped: bool, dropped: list[str]
) -> Document | None:
    lines = list(piece.lines)
    title = piece.title or ""
    if piece.opens_with_title:
        _, end = whole_title(lines, 0)
        title, lines = title + "".join(x.text for x in lines[1:end]), lines[end:]
    body = paragraphs(lines, title)
    text = "\n".join(x.text for x in body)
    title = title or (_fallback_title(where.source, body) if body else "")
    unit, date = seal(body)
    number = document_number(title, body, said)
    if len(letters(text)) < LEAST_LETTERS and not (text and (number or _SENTENCE.search(text))):
        return None
    guess = guess_kind(title, body, said, number, date if unit else None)
    made_by = issuer(title, body, said, unit)
    issued = bool(number or unit or said.source_unit or said.author or re.search(r"记者|通讯员", text))
    return Document(
        document_id=Document.id_of(where.capture_id, part),
        capture_id=where.capture_id,
        source=where.source,
        part=part,
        title=title,
        body=text,
        kind=guess.kind,
        kind_confidence=guess.confidence,
        published=published(said, date if unit or guess.kind == "policy" else None),
        event_date=_event(guess.kind, body),
        issuer=made_by,
        source_unit=source_unit(body, said),
        number=number,
        url=where.url,
        script=script,  # type: ignore[arg-type]
        simplified="\n".join(x.norm for x in body) if script == "traditional" else None,
        encoding=where.encoding,
        encoding_from=where.encoding_from,
        flags=flags(title, body, dropped, where.url, issued=issued),
        source_map=_source_map(body) if mapped else OffsetMap(),
    )


def _event(kind: Kind, body: Sequence[Line]) -> str | None:
    return None if kind in _KIND_WITHOUT_EVENT else event_date(body)


def _source_map(body: Sequence[Line]) -> OffsetMap:
    """Runs from the body to the source; a line that came through unchanged is one run."""
    runs: list[tuple[int, int, int]] = []
    start = 0
    for line in body:
        offsets = line.block.offsets
        if isinstance(offsets, range) and offsets.step == 1:
            runs.append((start, offsets.start, len(offsets)))
        else:
            runs.extend(
                (start + made, place, size) for made, place, size in OffsetMap.from_offsets(offsets).runs
            )
        start += len(line.text) + 1
    return OffsetMap(tuple(runs))


def _fallback_title(source: str, body: Sequence[Line]) -> str:
    """The file's name where it is a wording, else the text's first words."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]|!/", source)[-1])
    name = _FILE_TAIL.sub("", name)
    if han_count(name) >= 2:
        return name
    opening = next((x for x in body if not is_byline(x.norm)), body[0])
    first = re.split(r"[。！？；，,:：]", opening.text)[0]
    return first[:40]


def _nothing_left(where: _Source, title: str, lines: Sequence[Line]) -> Issue:
    shown = title or (lines[0].text[:40] if lines else "")
    return Issue.make(
        STAGE,
        where.source,
        "thin_page",
        f"no text of its own on this page{f' beside its title “{shown}”' if shown else ''}",
        "nothing to do; add the page that holds the text, if there is one",
        severity="note",
    )
