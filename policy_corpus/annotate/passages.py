"""Passages: the sentences of a document with their headings and words."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from policy_corpus.annotate.headings import Line, read_lines
from policy_corpus.annotate.sentences import split_sentences
from policy_corpus.annotate.tokens import Tokenizer
from policy_corpus.records import Document, Passage, content_id


def make_passages(document: Document, tokenizer: Tokenizer | None = None, made_by: str = "") -> list[Passage]:
    """Sentences of ``document.body`` in order.

    Parameters
    ----------
    document : Document
        ``body`` is cut; words come from ``simplified`` where the script is traditional.
    tokenizer : Tokenizer, optional
        Without one, ``words`` stay empty.
    made_by : str
        Stage, version and digest to note on each passage.

    Returns
    -------
    list of Passage
        ``body[p.start:p.end] == p.text``; ordinals count from 0. A sentence that opens its paragraph as a heading
        stands under the outer headings only, the rest of the paragraph under this heading too.
    """
    body = document.body
    normal = document.simplified if document.simplified is not None else body
    if len(normal) != len(body):
        raise ValueError("the simplified normal form must be as long as the body")
    lines = read_lines(body)
    starts = [line.start for line in lines]
    passages: list[Passage] = []
    for ordinal, (start, end) in enumerate(split_sentences(body)):
        line = lines[bisect_right(starts, start) - 1]
        words = tuple(tokenizer.cut(normal[start:end])) if tokenizer else ()
        passages.append(
            Passage(
                passage_id=content_id("passage", document.document_id, start, end),
                document_id=document.document_id,
                ordinal=ordinal,
                start=start,
                end=end,
                text=body[start:end],
                headings=_headings_at(line, start),
                is_heading=line.is_heading,
                words=words,
                made_by=made_by,
            )
        )
    return passages


def _headings_at(line: Line, start: int) -> tuple[str, ...]:
    if line.opening is not None and start >= line.opening.end:
        return (*line.headings, line.opening.text)
    return line.headings


def in_normal_form(document: Document, passages: Sequence[Passage]) -> Sequence[Passage]:
    """The passages with simplified text, for rules that read words; offsets stay, so answers fit the body too."""
    normal = document.simplified
    if normal is None:
        return passages
    return [replace(p, text=normal[p.start : p.end]) for p in passages]
