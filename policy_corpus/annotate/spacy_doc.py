"""A spaCy Doc on our own words: for matchers, pipes and displaCy. The only door to spaCy.

No model is downloaded and spaCy's own Chinese tokenisers are not used: the vocabulary is blank, the words are ours.
Where a record begins or ends inside a word, the word is parted there, so that every span has the record's exact
characters (``span.start_char``, ``span.end_char``).
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from policy_corpus.records import Measure, Mention

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

GROUPS = ("measures", "regions", "quantities")
"""Span groups of a Doc made here. Labels: measure code; region code or ``unresolved``; quantity role."""

Borders = list[tuple[str, int, int, str, str]]


def make_doc(
    text: str,
    words: Sequence[str],
    measures: Iterable[Measure] = (),
    mentions: Iterable[Mention] = (),
    offset: int = 0,
) -> "Doc":
    """Doc of a passage or body with span groups ``measures``, ``regions`` and ``quantities``.

    Parameters
    ----------
    text : str
        The passage (or body); ``doc.text`` is equal to it.
    words : sequence of str
        Its words in order, without white space, as :class:`policy_corpus.annotate.tokens.Tokenizer` cuts them. For a
        traditional text these may be the words of its simplified form: only their lengths count.
    measures, mentions : iterable of records
        Records of the document; those outside the text are left out.
    offset : int
        Place of ``text`` in ``Document.body``, where the records count from.

    Raises
    ------
    ValueError
        The words are not those of the text.
    """
    from spacy.tokens import Doc, Span

    borders = _borders(measures, mentions, offset, len(text))
    parts, spaces = _parts(text, words, {place for _, start, end, _, _ in borders for place in (start, end)})
    doc = Doc(_vocab(), words=parts, spaces=spaces)
    groups: dict[str, list[Span]] = {group: [] for group in GROUPS}
    for group, start, end, label, key in borders:
        span = doc.char_span(start, end, label=label, span_id=key, alignment_mode="expand")
        if span is not None:
            groups[group].append(span)
    for group, spans in groups.items():
        doc.spans[group] = spans
    return doc


@cache
def _vocab() -> "Vocab":
    import spacy

    return spacy.blank("zh").vocab


def _borders(measures: Iterable[Measure], mentions: Iterable[Mention], offset: int, length: int) -> Borders:
    borders: Borders = []
    for measure in measures:
        borders.append(("measures", measure.start, measure.end, measure.code, measure.measure_id))
        borders += [("quantities", q.start, q.end, q.role, measure.measure_id) for q in measure.quantities]
    for mention in mentions:
        if mention.kind == "region":
            label = mention.code or "unresolved"
            borders.append(("regions", mention.start, mention.end, label, mention.mention_id))
        elif mention.kind == "quantity":
            borders.append(
                ("quantities", mention.start, mention.end, mention.role or "amount", mention.mention_id)
            )
    shifted = [(group, start - offset, end - offset, label, key) for group, start, end, label, key in borders]
    return sorted({b for b in shifted if 0 <= b[1] < b[2] <= length}, key=lambda b: (b[1], b[2], b[0], b[3]))


def _parts(text: str, words: Sequence[str], cuts: set[int]) -> tuple[list[str], list[bool]]:
    """Words parted at the cuts, with white space as spaCy keeps it: one blank as a flag, more as a word."""
    parts: list[str] = []
    spaces: list[bool] = []
    position = 0
    for word in [*words, ""]:
        position = (
            _gap(text, position, parts, spaces) if word else _gap(text, position, parts, spaces, to_end=True)
        )
        end = position + len(word)
        if end > len(text) or any(character.isspace() for character in text[position:end]):
            raise ValueError(f"the word {word!r} does not stand at character {position} of the text")
        places = [position, *sorted(c for c in cuts if position < c < end), end] if word else []
        for start, stop in pairwise(places):
            parts.append(text[start:stop])
            spaces.append(False)
        position = end
    return parts, spaces


def _gap(text: str, start: int, parts: list[str], spaces: list[bool], to_end: bool = False) -> int:
    end = start
    while end < len(text) and text[end].isspace():
        end += 1
    if to_end and end < len(text):
        raise ValueError(f"no word for the text from character {end}")
    if text[start:end] == " " and parts:
        spaces[-1] = True
    elif end > start:
        parts.append(text[start:end])
        spaces.append(False)
    return end
