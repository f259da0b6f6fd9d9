"""What the crawl knows of a capture, where its own text says nothing.

Order of precedence for every fact: the text's own statement (box, seal, title, source line), then the
page's markup, then the list page or the words of the link, then the table of the source. What came from
outside the text is flagged (``title_from_link``, ``date_from_list``, ``issuer_from_source``), and the region
that a table names is decided upon by :mod:`policy_corpus.annotate.pipeline`, which reads the text's first.
"""

import re
from dataclasses import replace

from policy_corpus.clean.dates import iso_date
from policy_corpus.clean.lines import han_count, letters
from policy_corpus.clean.sift import FILE_TAIL
from policy_corpus.clean.titles import same_words
from policy_corpus.records import Document, Origin

LEAST_TITLE = 4
"""Han characters of a link that names a text; 附件, 下载 and 全文 have two."""

_NUMBERED = re.compile(
    r"^\s*(?:附\s*+件?\s*+[\d一二三四五六七八九十]{0,3}\s*[:：.．、]|\d{1,2}\s*[.．、])\s*"
)
_LINK_WORDS = re.compile(
    r"附件|点击|下载|查看|全文|原文|此处|这里|文件|阅读|打开|预览|详情|详见|请|见|表格?|word|pdf|excel|版",
    re.IGNORECASE,
)
_CUT = ("..", "…")


def link_title(origin: Origin | None) -> str | None:
    """What the list page or the link calls a text; None for a bare 附件1.doc or a title that was cut short."""
    words = _NUMBERED.sub("", FILE_TAIL.sub("", (origin.title or "").strip())) if origin else ""
    words = FILE_TAIL.sub("", words).strip()
    if words.endswith(_CUT) or han_count(_LINK_WORDS.sub("", words)) < LEAST_TITLE:
        return None
    return words


def with_origin(document: Document, origin: Origin | None) -> Document:
    """A document with its family and with facts that its own text does not state.

    A text that names another source than the body of the table (a reprint) takes neither issuer nor
    region from it, and templates and essays are evidence for no body and no region.
    """
    if origin is None:
        return document
    flags = set(document.flags)
    own = document.kind not in ("template", "essay") and not _reprinted(document, origin)
    published, issuer = document.published, document.issuer
    listed = iso_date(origin.date)
    if published is None and listed is not None:
        published = listed
        flags.add("date_from_list")
    if issuer is None and origin.issuer and own:
        issuer = origin.issuer
        flags.add("issuer_from_source")
    return replace(
        document,
        family=origin.family,
        published=published,
        issuer=issuer,
        source_region=origin.region if own else None,
        flags=tuple(sorted(flags)),
    )


def _reprinted(document: Document, origin: Origin) -> bool:
    unit = document.source_unit
    if not unit or not han_count(unit):
        return False
    return not (origin.issuer and letters(unit) and same_words(unit, origin.issuer))
