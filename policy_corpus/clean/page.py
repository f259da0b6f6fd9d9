"""A capture becomes documents: decode, read, repair, drop furniture, split, describe."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from policy_corpus.clean.article import join_pages, missing_pages, page_numbers
from policy_corpus.clean.blocks import FormatError
from policy_corpus.clean.bounds import MOST_CODED, MOST_SEARCHED
from policy_corpus.clean.byline import Facts, is_byline
from policy_corpus.clean.flags import flags
from policy_corpus.clean.kinds import guess_kind
from policy_corpus.clean.lines import Line, han_count, letters
from policy_corpus.clean.metadata import (
    document_number,
    event_date,
    facts,
    issuer,
    published,
    seal,
    source_unit,
)
from policy_corpus.clean.origin import link_title, with_origin
from policy_corpus.clean.paragraphs import paragraphs
from policy_corpus.clean.reading import (
    REMEDIES,
    STAGE,
    Reading,
    article_text,
    problem,
    read_page,
    source_text,
)
from policy_corpus.clean.sift import FILE_TAIL, SOURCE_LINE, Sifted
from policy_corpus.clean.split import Piece, lead_lines, pieces
from policy_corpus.clean.titles import whole_title
from policy_corpus.records import Document, Issue, Kind, OffsetMap, Origin

__all__ = [
    "CleanResult",
    "RawPage",
    "article_text",
    "clean_article",
    "clean_capture",
    "clean_page",
    "source_text",
]

LEAST_LETTERS = 40
"""Letters below which a page holds no document, a title with a few keywords (tag pages have 10 to 30), unless
it bears a document number or says a whole sentence."""
_SENTENCE = re.compile(r"[^。！？!?\n]{15}[。！？!?]")

_KIND_WITHOUT_EVENT = frozenset({"policy", "template", "essay"})
_SOURCE_WORD = re.compile(r"来源|发布|稿源|供稿|转自")


@dataclass(frozen=True, slots=True)
class CleanResult:
    """Documents of one capture, what a person should know, and what was dropped with the reason."""

    documents: tuple[Document, ...]
    issues: tuple[Issue, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RawPage:
    """The bytes of one capture with what is known of them; see :func:`clean_capture`."""

    data: bytes
    capture_id: str
    source: str
    media_type: str
    charset: str | None = None
    url: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a page came from and how it was read."""

    raw: RawPage
    encoding: str
    encoding_from: str
    is_text: bool
    mapped: bool
    """Whether there is a decoded text that places count in."""


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
    origin: Origin | None = None,
) -> CleanResult:
    """Clean one capture.

    Parameters
    ----------
    data
        The bytes as they came in.
    capture_id, source
        Id and origin of the capture.
    media_type
        ``text/html``, ``text/plain``, ``text/markdown``, ``application/pdf``, the Word or an Excel type.
    charset
        Declared by the server, if it was.
    url
        Address of the page; only its paging mark is read.
    origin
        What the crawl knows of it: used where the text itself says nothing, see
        :func:`policy_corpus.clean.origin.with_origin`.

    Returns
    -------
    CleanResult
        Parts 1..n in the order of the page; no part for a page without text of its own.
    """
    return clean_article([RawPage(data, capture_id, source, media_type, charset, url, origin)])


def clean_article(pages: Sequence[RawPage], total: int = 1) -> CleanResult:
    """Clean the pages of one article together; they give what one page gives.

    Parameters
    ----------
    pages
        In order, at least one. The first lends its id, source, address and facts. Pages are joined as
        :mod:`policy_corpus.clean.article` says; the text that places count in is
        :func:`~policy_corpus.clean.reading.article_text` of their decoded texts.
    total
        How many pages the article has. Those that are not there are named by an Issue and the
        documents are flagged ``incomplete``.
    """
    issues: list[Issue] = []
    read: list[tuple[RawPage, Reading]] = []
    for raw in pages:
        try:
            reading = read_page(raw.data, raw.media_type, raw.charset, raw.url)
        except FormatError as error:
            remedy = REMEDIES.get(error.reason, REMEDIES["broken"])
            issues.append(Issue.make(STAGE, raw.source, error.reason, str(error), remedy))
            continue
        issues += [problem(raw.source, reason, message) for reason, message in reading.problems]
        read.append((raw, reading))
    missing = missing_pages([raw.origin.page if raw.origin else 1 for raw, _ in read], total)
    if missing and total > 1:
        issues.append(_incomplete(pages[0].source, missing, total))
    if not read:
        return CleanResult((), tuple(issues))
    result = _joined(pages[0], [reading for _, reading in read])
    if missing and total > 1:
        marked = (replace(d, flags=tuple(sorted({*d.flags, "incomplete"}))) for d in result.documents)
        result = replace(result, documents=tuple(marked))
    return replace(result, issues=(*issues, *result.issues))


def _incomplete(source: str, missing: Sequence[int], total: int) -> Issue:
    which = page_numbers(missing, total)
    return Issue.make(
        STAGE, source, "missing_page", f"{which} could not be had; the text goes on without it",
        "crawl the source again, or save the page and add it", which, "warning",
    )  # fmt: skip


def _joined(lead: RawPage, readings: Sequence[Reading]) -> CleanResult:
    article = join_pages(readings, link_title(lead.origin) if _is_page(lead.origin) else None)
    first = readings[0]
    where = _Source(lead, first.encoding, first.encoding_from, first.is_text, article.text is not None)
    return _documents(article.sifted, where)


def _is_page(origin: Origin | None) -> bool:
    return origin is not None and origin.role == "page"


def _documents(sifted: Sifted, where: _Source) -> CleanResult:
    parts = pieces(sifted.kept, sifted.title or None)
    lead = lead_lines(sifted.kept, parts) if sifted.kept else []
    late = {id(x) for x in sifted.late}
    dropped = (
        *sifted.dropped,
        *((x.text, "title of the collection") for x in lead),
        *((x.text, SOURCE_LINE) for x in sifted.late),
    )
    made: list[Document] = []
    for piece in parts:
        said = sifted.said if len(parts) == 1 else _said_of(piece, sifted, where)
        piece = replace(piece, lines=tuple(x for x in piece.lines if id(x) not in late))
        document = _document(piece, len(made) + 1, said, where, sifted.script, [t for t, _ in dropped])
        if document is not None:
            made.append(with_origin(document, where.raw.origin))
    issues = [_too_long(document) for document in made if "long_text" in document.flags]
    if not made:
        issues.append(_nothing_left(where.raw.source, sifted))
    return CleanResult(tuple(made), tuple(issues), dropped)


def _said_of(piece: Piece, sifted: Sifted, where: _Source) -> Facts:
    """What one of several texts says of its source and date, in its first and last lines."""
    own = [x for x in piece.lines[-2:] if _SOURCE_WORD.search(x.norm)]
    said = facts([x.norm for x in (*piece.lines[:6], *own) if is_byline(x.norm)], None)
    first = not piece.opens_with_title and not where.is_text
    return sifted.head.joined(said) if first else said


def _document(
    piece: Piece, part: int, said: Facts, where: _Source, script: str, dropped: list[str]
) -> Document | None:
    raw = where.raw
    lines = list(piece.lines)
    title = piece.title or ""
    if piece.opens_with_title:
        _, end = whole_title(lines, 0)
        title, lines = title + "".join(x.text for x in lines[1:end]), lines[end:]
    body = paragraphs(lines, title)
    text = "\n".join(x.text for x in body)
    listed = link_title(raw.origin) if body and not title else None
    title = title or listed or (_fallback_title(raw.source, body) if body else "")
    unit, date = seal(body)
    number = document_number(title, body, said)
    if len(letters(text, LEAST_LETTERS)) < LEAST_LETTERS and not _is_whole(text, number, raw.origin):
        return None
    guess = guess_kind(title, body, said, number, date if unit else None)
    made_by = issuer(title, body, said, unit)
    issued = bool(number or unit or said.source_unit or said.author or re.search(r"记者|通讯员", text))
    return Document(
        document_id=Document.id_of(raw.capture_id, part),
        capture_id=raw.capture_id,
        source=raw.source,
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
        url=raw.url,
        script=script,  # type: ignore[arg-type]
        simplified="\n".join(x.norm for x in body) if script == "traditional" else None,
        encoding=where.encoding,
        encoding_from=where.encoding_from,
        flags=flags(title, body, dropped, raw.url, issued=issued) + (("title_from_link",) if listed else ()),
        source_map=_source_map(body) if where.mapped else OffsetMap(),
    )


def _is_whole(text: str, number: str | None, origin: Origin | None) -> bool:
    """Whether a short text is one all the same: a sentence, a numbered act, a notice that points to its annex."""
    annexed = _is_page(origin) and "附件" in text
    return bool(text and (number or annexed or _SENTENCE.search(text)))


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
    name = FILE_TAIL.sub("", name)
    if han_count(name) >= 2:
        return name
    opening = next((x for x in body if not is_byline(x.norm)), body[0])
    first = re.split(r"[。！？；，,:：]", opening.text)[0]
    return first[:40]


def _too_long(document: Document) -> Issue:
    size = len(document.body)
    searched = f"the first {MOST_SEARCHED:,}" if size > MOST_SEARCHED else "the rest"
    return Issue.make(
        STAGE,
        document.source,
        "long_text",
        f"a text of {size:,} characters; the first {MOST_CODED:,} are coded, {searched} can be searched",
        "divide the file and add its parts, if measures of the rest matter",
        f"part {document.part}",
        "warning",
    )


def _nothing_left(source: str, sifted: Sifted) -> Issue:
    shown = sifted.title or sifted.shown
    return Issue.make(
        STAGE,
        source,
        "thin_page",
        f"no text of its own on this page{f' beside its title “{shown}”' if shown else ''}",
        "nothing to do; add the page that holds the text, if there is one",
        severity="note",
    )
