"""Single steps of the line as functions: a text or a page in, records out, with the shipped files.

For a corpus of many pages use :func:`policy_corpus.open_corpus`; it does the same in batches and keeps
what it found.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from policy_corpus.config import AnnotateSettings
from policy_corpus.records import Document, Kind, Measure, Partners, Quantity
from policy_corpus.resources import (
    AnnotateFiles,
    load_annotator,
    load_gazetteer,
    load_tokenizer,
    load_units,
)

if TYPE_CHECKING:
    from policy_corpus.annotate.regions import RegionMention
    from policy_corpus.annotate.sentences import Span
    from policy_corpus.annotate.tokens import Token


def clean_page(data: bytes, url: str | None = None) -> tuple[Document, ...]:
    """Documents of a page: main text, title, dates, kind; several where the page strings them together.

    Parameters
    ----------
    data
        The bytes of an html, txt, md, docx or pdf file.
    url
        Address of the page, where known.
    """
    from policy_corpus.clean.page import clean_page

    return clean_page(data, url).documents


def find_regions(text: str, home: str | None = None) -> "list[RegionMention]":
    """Regions named in a text, with code or candidates, role and reason.

    Parameters
    ----------
    home
        Six-digit code of the region the text is about; 我县 and 全区 mean it.
    """
    from policy_corpus.annotate.regions import find_regions

    return find_regions(text, load_gazetteer(), home)


def find_measures(
    text: str, codebook: Path | str | None = None, *, kind: Kind = "report", title: str = ""
) -> list[Measure]:
    """Coded measures of a text, with evidence, status, quantities and partners.

    Parameters
    ----------
    text
        One document: paragraphs on lines of their own.
    codebook
        A codebook of yours; the shipped one by default.
    kind
        What the text is: the status of a measure depends on it.
    """
    settings = AnnotateSettings(codebook=str(Path(codebook).resolve())) if codebook else AnnotateSettings()
    annotator = load_annotator(AnnotateFiles.of(Path(), settings))
    document = Document(
        document_id=Document.id_of(text, 1),
        capture_id="",
        source="",
        part=1,
        title=title,
        body=text,
        kind=kind,
    )
    return list(annotator.annotate(document).measures)


def find_quantities(text: str) -> list[Quantity]:
    """Numbers that count something, in base units, with bound and role; dates and ordinals are none."""
    from policy_corpus.annotate.quantities import find_quantities

    return find_quantities(text, load_units())


def find_partners(text: str) -> list[Partners]:
    """Who helps whom in a text: named givers and receivers."""
    from policy_corpus.annotate.partners import find_partners

    return find_partners(text, load_gazetteer().names.__contains__)


def split_sentences(text: str) -> "list[Span]":
    """Half-open ranges of the sentences of a text."""
    from policy_corpus.annotate.sentences import split_sentences

    return split_sentences(text)


def tokenize(text: str) -> "list[Token]":
    """Words of a text with their places; terms of the policy lexicon stay whole."""
    return load_tokenizer().tokenize(text)
