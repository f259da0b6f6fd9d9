"""Profiles, types and peers of the regions of a corpus: reads the store, hands values to ``analyse``."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pyarrow.compute import list_value_length  # type: ignore[import-untyped]

from policy_corpus.analyse.profiles.clusters import MIN_MEASURES, Clusters, cluster_regions
from policy_corpus.analyse.profiles.indicators import (
    Indicators,
    distances,
    joined,
    parse_indicators,
    with_parents,
)
from policy_corpus.analyse.profiles.peers import Peer, nearest
from policy_corpus.analyse.profiles.profiles import Evidence, Profile, RegionText, region_profiles
from policy_corpus.analyse.quoting import is_statement
from policy_corpus.corpus.analysing.filters import EmptySelectionError, Filter
from policy_corpus.corpus.analysing.subcorpus import Selector, SubCorpus
from policy_corpus.errors import SettingsError
from policy_corpus.resources import load_gazetteer
from policy_corpus.store.tables import MEASURES, PASSAGES

Row = dict[str, Any]
Key = tuple[str, str]


class RegionAnalyses:
    """What the regions of a corpus do.

    Parameters
    ----------
    selector
        Of the corpus; its labels name the codes, in the codebook's order.
    """

    def __init__(self, selector: Selector) -> None:
        self.selector = selector
        self.store = selector.store
        self.labels = selector.labels

    def profiles(self, wanted: Filter, whole: str | None = None) -> list[Profile]:
        """A profile of each region with documents in the sub-corpus, each by itself.

        Parameters
        ----------
        whole
            A region whose sub-regions are counted as part of it.
        """
        found = self.selector.select_some(replace(wanted, local=False))
        join = self._joiner(whole)
        places = {
            row["document_id"]: join(row["region_code"], row["region_name"])
            for row in found.documents
            if row["region_code"] is not None
        }
        if not places:
            raise EmptySelectionError(
                f"none of {len(found.documents):,} documents has a region",
                None,
                "see: policy-corpus list DIR documents",
            )
        local = self.selector.local_passages() if wanted.local else None
        texts = list(self._texts(places, local))
        return region_profiles(texts, self._evidence(found, places, local), list(self.labels))

    def profile(self, region: str, wanted: Filter) -> Profile:
        """The profile of one region, its sub-regions in it.

        Raises
        ------
        PolicyCorpusError
            No such region; the nearest ones are named. EmptySelectionError where nothing was read of it: then nothing
            is known, which is not the same as no measures.
        """
        own = self.key(region)
        for profile in self.profiles(wanted, whole=region):
            if profile.key == own:
                return profile
        raise EmptySelectionError(
            f"no document of {own[1]} {own[0]} in {wanted}: nothing is known of it (not: it does nothing)",
            None,
            "see which regions there are: policy-corpus regions DIR",
        )

    def clusters(self, wanted: Filter, min_measures: int = MIN_MEASURES) -> Clusters:
        """Types of regions by approach."""
        return cluster_regions(self.profiles(wanted), self.labels, min_measures)

    def peers(
        self, region: str, wanted: Filter, tables: Sequence[Path] = (), limit: int = 5
    ) -> tuple[Profile, list[Peer], dict[str, int]]:
        """The region's profile, its peers, and of how many counties rows are the median that the tables lack.

        Without tables, peers are nearest in practice; with tables, nearest in conditions.
        """
        own = self.profile(region, wanted)
        inside = self.selector.regions.test(region)
        everywhere = replace(wanted, region=None)
        others = [p for p in self.profiles(everywhere) if not inside(p.region_code, p.region_name)]
        if not tables:
            return own, nearest(others, own, self.labels, limit=limit), {}
        gazetteer = load_gazetteer()

        def within(code: str, outer: str) -> bool:
            return code in gazetteer.current and outer in gazetteer.current and gazetteer.within(code, outer)

        codes = {own.region_code, *(p.region_code for p in others)}
        table, made = with_parents(joined([_read_table(path) for path in tables]), codes, within)
        if own.region_code not in table.values:
            raise SettingsError(
                f"the tables have no row for {own.region_name} {own.region_code}, nor for counties in it",
                ", ".join(map(str, tables)),
                "add one, or leave --indicators out to compare by practice alone",
            )
        conditions = distances(table, own.region_code, {p.region_code for p in others})
        return own, nearest(others, own, self.labels, conditions, limit), made

    def evidence_texts(self, measure_ids: Collection[str]) -> dict[str, Row]:
        """Evidence, status and document of measures by their ids."""
        columns = ["measure_id", "document_id", "evidence", "status", "start", "end"]
        return {
            row["measure_id"]: row
            for batch in self.store.scan(MEASURES, columns, {"measure_id": list(measure_ids)})
            for row in batch.to_pylist()
        }

    def key(self, region: str) -> Key:
        """Code and full name of a region as a person names it.

        Raises
        ------
        PolicyCorpusError
            No such region, or several of this name.
        """
        code, unit = self.selector.regions.find(region)
        if unit is None:
            return code, load_gazetteer().full_name(code)
        names = {
            row["region_name"] for row in self.selector.documents() if unit in (row["region_name"] or "")
        }
        return code, min(names, key=len) if names else unit

    def _joiner(self, whole: str | None) -> Callable[[str, str], Key]:
        if whole is None:
            return lambda code, name: (code, name)
        key, inside = self.key(whole), self.selector.regions.test(whole)
        return lambda code, name: key if inside(code, name) else (code, name)

    def _texts(self, places: Mapping[str, Key], local: Collection[str] | None) -> Iterator[RegionText]:
        documents: Counter[Key] = Counter(places.values())
        sentences: Counter[Key] = Counter()
        own: Counter[Key] = Counter()
        columns = ["document_id", "passage_id", "is_heading"]
        for batch in self.store.scan(PASSAGES, columns, batch_rows=65536):
            for row in batch.to_pylist():
                if row["document_id"] in places and not row["is_heading"]:
                    sentences[places[row["document_id"]]] += 1
                    own[places[row["document_id"]]] += local is not None and row["passage_id"] in local
        for key, count in documents.items():
            yield RegionText(*key, count, sentences[key], None if local is None else own[key])

    def _evidence(
        self, found: SubCorpus, places: Mapping[str, Key], local: Collection[str] | None
    ) -> Iterator[Evidence]:
        """Measures of the documents; with local text, those of local sentences alone."""
        wanted = found.filter
        where = {key: value for key, value in (("code", wanted.code), ("status", wanted.status)) if value}
        kinds = {row["document_id"]: row["kind"] for row in found.documents}
        columns = ["measure_id", "document_id", "passage_id", "code", "status", "confidence"]
        shown = [*columns, "evidence", "quantities"]
        for batch in self.store.scan(MEASURES, shown, where, batch_rows=8192):
            numbered = list_value_length(batch.column("quantities")).to_pylist()
            statements = [is_statement(text) for text in batch.column("evidence").to_pylist()]
            rows = batch.select(columns).to_pylist()
            for row, numbers, statement in zip(rows, numbered, statements, strict=True):
                place = places.get(row["document_id"])
                if place is None or (local is not None and row["passage_id"] not in local):
                    continue
                yield Evidence(
                    *place,
                    row["document_id"],
                    row["measure_id"],
                    row["code"],
                    row["status"],
                    row["confidence"],
                    None if local is None else True,
                    kinds[row["document_id"]],
                    statement,
                    bool(numbers),
                )


def _read_table(path: Path) -> Indicators:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f"not UTF-8 (line {line})", str(path), "save the table as UTF-8") from error
    return parse_indicators(text, str(path))


def cluster_rows(found: Clusters) -> Iterator[Row]:
    """Rows of the table ``clusters``, plain values, the largest type first."""
    for cluster in found.clusters:
        yield {
            **asdict(cluster),
            "size": len(cluster.members),
            "region_names": [member.region_name for member in cluster.members],
            "exemplars": [member.region_name for member in cluster.members if member.is_exemplar],
            "method": found.method,
            "without_groups": found.without_groups,
            "kind_association": found.kind_association,
            "follows_kind": found.follows_kind,
        }
