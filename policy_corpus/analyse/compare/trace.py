"""Recounts a comparison: each figure by what it says it counts, in material read anew, and by the ids it carries."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from policy_corpus.analyse.compare.compare import scores_of
from policy_corpus.analyse.compare.model import (
    Comparison,
    Count,
    Event,
    Figure,
    Key,
    Material,
    Number,
    Quote,
    Score,
    Share,
    Text,
    figures,
)
from policy_corpus.analyse.compare.numbers import is_same
from policy_corpus.records import Measure

CLOSE = 1e-9
"""Of a share: it is one division, so that only rounding may differ."""


def untraced(comparison: Comparison, material: Material) -> list[str]:
    """Names of the figures that do not follow from the material; empty where all is well.

    Parameters
    ----------
    material
        All documents and measures of the compared regions under the comparison's conditions, read anew, with the
        bodies of the quoted documents.
    """
    tracer = _Tracer(comparison, material)
    wrong = [figure.name for figure in figures(comparison) if not tracer.holds(figure)]
    return list(dict.fromkeys([*wrong, *_wrongly_cited(comparison)]))


class _Tracer:
    def __init__(self, comparison: Comparison, material: Material) -> None:
        self.material = material
        self.texts: dict[Key, list[Text]] = defaultdict(list)
        for text in material.texts.values():
            self.texts[text.region].append(text)
        self.measures: dict[tuple[Key, str | None], list[Measure]] = defaultdict(list)
        self.of_document: dict[str, list[Measure]] = defaultdict(list)
        for measure in material.measures.values():
            if (source := material.texts.get(measure.document_id)) is not None:
                self.measures[source.region, None].append(measure)
                self.measures[source.region, measure.code].append(measure)
                self.of_document[measure.document_id].append(measure)
        self.scores = {
            (side.key, row.code): z
            for place, side in enumerate(comparison.sides)
            for row, z in zip(
                comparison.rows, scores_of(comparison.rows, place, len(comparison.labels)), strict=True
            )
        }

    def holds(self, figure: Figure) -> bool:
        """Whether a figure is what the material gives."""
        match figure:
            case Count():
                return self._is_counted(figure)
            case Share(value=value, part=part, whole=whole):
                return whole.value > 0 and abs(value - part.value / whole.value) < CLOSE
            case Score(region=region, code=code):
                own = {m.measure_id for m in self.measures[region, code]}
                return set(figure.ids) == own and self.scores.get((region, code)) == figure.value
            case Number():
                return self._is_stated(figure)
            case Quote():
                return self._is_quoted(figure)
            case Event():
                return self._is_dated(figure)

    def _is_counted(self, count: Count) -> bool:
        """As many as said, and the ids are theirs, each once."""
        if count.of == "measures":
            found = self._measures(count)
            value = len(found)
        else:
            texts = self._texts(count)
            found = {text.document_id for text in texts}
            value = sum(t.sentences for t in texts) if count.of == "sentences" else len(texts)
        return value == count.value and len(count.ids) == len(found) and set(count.ids) == found

    def _measures(self, count: Count) -> set[str]:
        if count.document_id is not None:
            own = self.of_document[count.document_id]
        else:
            own = [m for region in count.regions for m in self.measures[region, count.code]]
        return {
            m.measure_id
            for m in own
            if m.status == (count.status or m.status)
            and count.year in (None, _year(self.material.texts[m.document_id]))
        }

    def _texts(self, count: Count) -> list[Text]:
        own = [text for region in count.regions for text in self.texts[region]]
        if count.code is not None:
            held = {m.document_id for region in count.regions for m in self.measures[region, count.code]}
            own = [text for text in own if text.document_id in held]
        return [text for text in own if count.year in (None, _year(text))]

    def _is_stated(self, number: Number) -> bool:
        """Every measure that is said to state the number does."""
        for key in number.ids:
            measure = self.material.measures.get(key)
            text = self.material.texts.get(measure.document_id) if measure else None
            if measure is None or text is None or text.region != number.region:
                return False
            if measure.status != number.status:
                return False
            if not any(is_same(quantity, number.quantity) for quantity in measure.quantities):
                return False
        return bool(number.ids)

    def _is_quoted(self, quote: Quote) -> bool:
        """The words stand in the document at their place, its measures say so, and the source is the document's."""
        text = self.material.texts.get(quote.document_id)
        if text is None or text.body is None or text.body[quote.start : quote.end] != quote.evidence:
            return False
        source = (quote.region, quote.title, quote.date, quote.address, quote.part)
        if source != (text.region, text.title, text.date, text.address, text.part):
            return False
        for claim in quote.claims:
            own = self.material.measures.get(claim.measure_id)
            if own is None or (own.code, own.status) != (claim.code, claim.status):
                return False
            place = (quote.document_id, quote.start, quote.end, quote.source_start, quote.source_end)
            if place != (own.document_id, own.start, own.end, own.source_start, own.source_end):
                return False
        return bool(quote.claims)

    def _is_dated(self, event: Event) -> bool:
        text = self.material.texts.get(event.document_id)
        said = (event.region, event.date, event.is_event, event.title, event.kind)
        return text is not None and said == (text.region, text.date, text.is_event, text.title, text.kind)


def _year(text: Text) -> str:
    return (text.date or "")[:4]


def _wrongly_cited(comparison: Comparison) -> Iterator[str]:
    """Figures without a quote, with one that is not there, or with one of another region or code."""
    numbers = {quote.number: quote for quote in comparison.quotes}

    def is_of(number: int, region: Key, codes: Sequence[str]) -> bool:
        quote = numbers.get(number)
        return quote is not None and quote.region == region and any(c.code in codes for c in quote.claims)

    claimed = {claim.measure_id for quote in comparison.quotes for claim in quote.claims}
    for side in comparison.sides:
        if not claimed.issuperset(side.measures.ids):
            yield side.measures.name
    for row in comparison.rows:
        for side, cell in zip(comparison.sides, row.cells, strict=True):
            if bool(cell.count.value) != bool(cell.quotes):
                yield cell.count.name
            yield from (cell.count.name for n in cell.quotes if not is_of(n, side.key, [row.code]))
    for part in comparison.shared:
        if len(part.quotes) != len(part.holders):
            yield part.label
        pairs = zip(part.quotes, part.holders, strict=False)
        yield from (part.label for n, region in pairs if not is_of(n, region, [part.code]))
    for apart in comparison.apart:
        for more in apart.more:
            yield from (more.score.name for n in more.quotes if not is_of(n, apart.region, [more.code]))
    for line in comparison.numbers:
        for side, box in zip(comparison.sides, line.cells, strict=True):
            if bool(box.numbers) != bool(box.quotes):
                yield f"{side.short} {line.what}"
            yield from (f"{side.short} {line.what}" for n in box.quotes if not is_of(n, side.key, line.codes))
