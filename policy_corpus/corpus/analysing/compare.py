"""Regions of a corpus side by side: reads the store, hands values to ``analyse.compare``, recounts before export."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policy_corpus.analyse.compare.compare import Region, compare
from policy_corpus.analyse.compare.model import Comparison, Key, Material, Text
from policy_corpus.analyse.compare.trace import untraced
from policy_corpus.corpus.analysing.filters import Filter
from policy_corpus.corpus.analysing.regions import RegionAnalyses
from policy_corpus.corpus.analysing.subcorpus import year_of
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.publish.compare.files import check_format, write_report
from policy_corpus.records import Measure
from policy_corpus.store.parts import in_parts
from policy_corpus.store.tables import DOCUMENTS, MEASURES, PASSAGES

if TYPE_CHECKING:
    from policy_corpus.corpus.analysing.subcorpus import Selector

Row = dict[str, Any]
Inside = Callable[[str | None, str | None], bool]
COLUMNS = ["document_id", "source", "url", "part", "title", "kind", "published", "event_date"]
AT_ONCE = 200
"""Documents whose sentences and measures are asked for together."""
NAMED = 3
"""Untraced figures that an error names."""


class UntracedError(PolicyCorpusError):
    """A figure of a comparison does not follow from the store; nothing was written."""


class Comparisons:
    """Comparisons of regions of one corpus.

    Parameters
    ----------
    selector
        Of the corpus; its labels name the codes, in the codebook's order.
    """

    def __init__(self, selector: "Selector") -> None:
        self.selector = selector
        self.store = selector.store

    def compare(self, names: Sequence[str], wanted: Filter) -> Comparison:
        """Regions side by side in the order given, each with its sub-regions.

        What lies in several of them is counted in the narrowest alone.

        Raises
        ------
        PolicyCorpusError
            Fewer than two regions, one twice, an unknown one (the nearest are named), one of several of its name, or
            fewer than two of which anything was read.
        """
        regions = self._regions(names)
        wanted = self._checked(wanted)
        found = compare(
            list(regions),
            self._material(regions, wanted),
            self.selector.labels,
            {name: str(value) for name, value in asdict(wanted).items() if value},
            wanted.local,
        )
        if len(found.sides) < 2:
            unread = "，".join(f"{name} {code}" for code, name in found.unread)
            raise PolicyCorpusError(
                f"nothing to compare: no document of {unread} in {wanted}",
                None,
                "see which regions there are: policy-corpus regions DIR",
            )
        return found

    def check(self, comparison: Comparison, names: Sequence[str], wanted: Filter) -> None:
        """Recount every figure of a comparison from the store, read anew.

        Raises
        ------
        UntracedError
            A figure does not follow from the store; it is named.
        """
        quoted = {quote.document_id for quote in comparison.quotes}
        anew = Comparisons(self.selector.anew())
        material = anew._material(anew._regions(names), self._checked(wanted), quoted)
        if wrong := untraced(comparison, material):
            more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
            raise UntracedError(
                f"figures that the corpus does not give: {'; '.join(wrong[:NAMED])}{more}",
                None,
                "nothing was written; if a build is running, compare again when it is done",
            )

    def write(self, names: Sequence[str], wanted: Filter, out: Path) -> Comparison:
        """A report as docx, xlsx, html or md, by the ending of the file, with every figure recounted.

        Raises
        ------
        UntracedError
            A figure does not follow from the store. PolicyCorpusError: as :meth:`compare`, or an unknown ending.
        """
        check_format(out)
        comparison = self.compare(names, wanted)
        self.check(comparison, names, wanted)
        write_report(comparison, out)
        return comparison

    def _checked(self, wanted: Filter) -> Filter:
        return replace(wanted, region=None).checked(self.selector.labels)

    def _regions(self, names: Sequence[str]) -> dict[Region, Inside]:
        """The regions with a test of what lies in them."""
        if len(names) < 2:
            raise PolicyCorpusError("two regions at least are compared", None, "name them by code or name")
        finder, regions = self.selector.regions, RegionAnalyses(self.selector)
        asked: dict[Key, str] = {}
        for name in names:
            key = regions.key(name)
            if key in asked:
                raise PolicyCorpusError(
                    f"{asked[key]!r} and {name!r} are one region: {key[1]} {key[0]}", None, "name another"
                )
            asked[key] = name
        shorts = {key: self._short(name) for key, name in asked.items()}
        often = Counter(shorts.values())
        tests = {key: finder.test(name) for key, name in asked.items()}
        return {
            Region(
                key,
                shorts[key] if often[shorts[key]] == 1 else key[1],
                tuple(shorts[other] for other in asked if other != key and tests[key](*other)),
            ): tests[key]
            for key in asked
        }

    def _short(self, name: str) -> str:
        """Its own name, without the regions that it lies in."""
        code, unit = self.selector.regions.find(name)
        return unit or self.selector.regions.gazetteer.current[code].name

    def _material(
        self, regions: Mapping[Region, Inside], wanted: Filter, bodies: Collection[str] = ()
    ) -> Material:
        """Documents of the regions with their measures; bodies of those that are named."""
        tests = {region.key: test for region, test in regions.items()}
        depth = {key: sum(test(*key) for test in tests.values()) for key in tests}
        places: dict[str, Key] = {}
        for row in self.selector.select_some(wanted).documents:
            inside = [key for key, test in tests.items() if test(row["region_code"], row["region_name"])]
            if inside:
                places[row["document_id"]] = max(inside, key=lambda key: depth[key])
        local = self.selector.local_passages() if wanted.local else None
        sentences = self._sentences(places, local)
        texts = {
            row["document_id"]: _text(row, places[row["document_id"]], sentences[row["document_id"]])
            for row in self._documents(places, bodies)
        }
        return Material(texts, {m.measure_id: m for m in self._measures(places, wanted, local)})

    def _documents(self, ids: Collection[str], bodies: Collection[str]) -> Iterator[Row]:
        found = {key: "" for key in ids if key in bodies}
        for part in in_parts(sorted(found), AT_ONCE):
            for batch in self.store.scan(DOCUMENTS, ["document_id", "body"], {"document_id": part}):
                found |= {row["document_id"]: row["body"] for row in batch.to_pylist()}
        for part in in_parts(sorted(ids), AT_ONCE):
            for batch in self.store.scan(DOCUMENTS, COLUMNS, {"document_id": part}):
                for row in batch.to_pylist():
                    yield {**row, "body": found.get(row["document_id"])}

    def _sentences(self, ids: Collection[str], local: Collection[str] | None) -> Counter[str]:
        """Sentences of each document, headings left out; local ones alone if asked."""
        counts: Counter[str] = Counter()
        columns = ["document_id", "passage_id", "is_heading"]
        for part in in_parts(sorted(ids), AT_ONCE):
            for batch in self.store.scan(PASSAGES, columns, {"document_id": part}, batch_rows=65536):
                for row in batch.to_pylist():
                    is_counted = local is None or row["passage_id"] in local
                    counts[row["document_id"]] += is_counted and not row["is_heading"]
        return counts

    def _measures(
        self, ids: Collection[str], wanted: Filter, local: Collection[str] | None
    ) -> Iterator[Measure]:
        where = {key: value for key, value in (("code", wanted.code), ("status", wanted.status)) if value}
        for part in in_parts(sorted(ids), AT_ONCE):
            for measure in self.store.records(MEASURES, {"document_id": part, **where}):
                if local is None or measure.passage_id in local:
                    yield measure


def _text(row: Row, region: Key, sentences: int) -> Text:
    """A document; its date is that of the event where its year is known, else of publication."""
    event = row["event_date"] if year_of({**row, "published": None}) else None
    published = row["published"] if year_of({**row, "event_date": None}) else None
    return Text(
        document_id=row["document_id"],
        region=region,
        title=row["title"],
        kind=row["kind"],
        date=event or published,
        is_event=event is not None,
        address=row["url"] or row["source"],
        part=row["part"],
        sentences=sentences,
        body=row["body"],
    )
