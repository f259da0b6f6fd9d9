"""Quotes in the order in which a report first needs them."""

from collections.abc import Iterable, Sequence

from policy_corpus.analyse.compare.model import Claim, Material, Quote
from policy_corpus.analyse.quoting import is_statement
from policy_corpus.records import STATUSES, Measure

LONG = 160
"""Characters from which a quote is taken only where there is no shorter one (a third of a page's width in a table)."""


def best_first(measures: Iterable[Measure]) -> list[Measure]:
    """Measures by what their words are worth as evidence: sentences, no slogans, done, with numbers, short, sure."""
    return sorted(
        measures,
        key=lambda m: (
            not is_statement(m.evidence),
            m.specificity == "slogan",
            STATUSES.index(m.status),
            not m.quantities,
            len(m.evidence) > LONG,
            -m.confidence,
            m.measure_id,
        ),
    )


class Citer:
    """Numbers the measures that are cited; the same words of one document have one number."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._cited: dict[tuple[str, int, int], list[Measure]] = {}
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.main = 0
        """Quotes that a report for reading needs; those after it belong to lists that only tables hold whole."""

    def cite(self, measures: Iterable[Measure]) -> tuple[int, ...]:
        """Numbers of their quotes, each once."""
        return tuple(dict.fromkeys(self._number(measure) for measure in measures))

    def cite_ids(self, ids: Sequence[str]) -> tuple[int, ...]:
        """As :meth:`cite`, of measures by their ids."""
        return self.cite(self._material.measures[key] for key in ids)

    def end_main(self) -> None:
        """What is cited from here on stands in tables alone."""
        self.main = len(self._cited)

    def quotes(self) -> tuple[Quote, ...]:
        """All quotes by number."""
        return tuple(self._quote(self._numbers[place], cited) for place, cited in self._cited.items())

    def _number(self, measure: Measure) -> int:
        place = (measure.document_id, measure.start, measure.end)
        cited = self._cited.setdefault(place, [])
        if measure not in cited:
            cited.append(measure)
        return self._numbers.setdefault(place, len(self._cited))

    def _quote(self, number: int, cited: Sequence[Measure]) -> Quote:
        measure = cited[0]
        text = self._material.texts[measure.document_id]
        return Quote(
            number=number,
            claims=tuple(Claim(one.measure_id, one.code, one.status) for one in cited),
            document_id=measure.document_id,
            region=text.region,
            evidence=measure.evidence,
            title=text.title,
            date=text.date,
            address=text.address,
            part=text.part,
            start=measure.start,
            end=measure.end,
            source_start=measure.source_start,
            source_end=measure.source_end,
        )
