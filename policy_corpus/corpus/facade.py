"""A corpus: the one object that joins the rooms.

``corpus.toml`` holds its settings, ``captures/`` the bytes as they came, ``tables/`` the database.
Everything in ``tables/`` but the captures can be made again from ``captures/``.
"""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policy_corpus.collect.captures import CAPTURES
from policy_corpus.config import SETTINGS_FILE, SOURCES_FILE, TABLES, Settings, read_settings, write_defaults
from policy_corpus.corpus import catalogue
from policy_corpus.publish.progress import Progress, Silent
from policy_corpus.records import Capture, Issue
from policy_corpus.resources import SHIPPED, AnnotateFiles, chosen, load_codebook, own_gold_dir

if TYPE_CHECKING:
    import pyarrow as pa

    from policy_corpus.analyse.codebook_diff import CodebookDiff
    from policy_corpus.analyse.coverage import RegionCoverage
    from policy_corpus.annotate.codebook import Codebook
    from policy_corpus.collect.crawl.check import CheckRow
    from policy_corpus.collect.crawl.sources import Sources
    from policy_corpus.corpus.analysing.statistics import Analyses
    from policy_corpus.corpus.building.build import BuildReport
    from policy_corpus.corpus.coding.codebook_review import Uncovered
    from policy_corpus.corpus.coding.evaluate import Evaluation
    from policy_corpus.corpus.collecting.crawl_report import CrawlReport
    from policy_corpus.corpus.searching.search import CorpusSearch
    from policy_corpus.publish.search import SearchResult
    from policy_corpus.store.store import Store

ADD_BATCH = 512
"""Captures that are entered in the table in one go. A killed import finds what it had not entered in its WARC."""


@dataclass(slots=True)
class AddReport:
    """What an import did."""

    added: int = 0
    known: int = 0
    issues: list[Issue] = field(default_factory=list)
    filtered: dict[str, int] = field(default_factory=dict)
    """How many pages each filter kept out."""
    passed_over: dict[str, int] = field(default_factory=dict)
    """How many records of web archives are no pages, by kind."""


def init_corpus(folder: Path) -> list[Path]:
    """Make ``folder`` a corpus; returns the files that were written, none if it is one already."""
    return write_defaults(folder)


def open_corpus(folder: Path | str) -> "Corpus":
    """Open a corpus: a folder, or ``s3://bucket/prefix``.

    Raises
    ------
    CorpusError
        The folder is no corpus. SettingsError when its settings cannot be used.
    """
    from policy_corpus.places import corpus_place

    path = corpus_place(folder)
    return Corpus(path, read_settings(path))


class Corpus:
    """A corpus folder; open it with :func:`open_corpus`."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings

    def add(
        self,
        paths: Sequence[str | Path],
        progress: Progress | None = None,
        *,
        urls: Sequence[str] = (),
        language: str | None = None,
        topics: Sequence[str] = (),
    ) -> AddReport:
        """Import files, folders, archives, as far as their pages pass the filters.

        See :func:`policy_corpus.collect.importer.import_paths` and
        :meth:`policy_corpus.collect.filters.Filters.make`.
        """
        from policy_corpus.collect.found import ImportLimits
        from policy_corpus.collect.importer import import_paths
        from policy_corpus.collect.object_archive import open_archive
        from policy_corpus.corpus.collecting.intake import enter_captures, kept_ids, last_places, make_sieve
        from policy_corpus.store import tables

        progress = progress or Silent()
        sieve = make_sieve(urls, language, topics, on_count=progress.advance)
        progress.stage("add", None)
        settings = self.settings.add
        limits = ImportLimits(
            max_file_bytes=settings.max_file_mb * 10**6, max_archive_bytes=settings.max_unpacked_mb * 10**6
        )
        report = AddReport()
        with (
            self._writer() as store,
            open_archive(
                self.folder / CAPTURES, last_places(store), rotate_bytes=settings.warc_mb * 10**6
            ) as archive,
        ):
            store.upsert(tables.CAPTURES, archive.recovered)
            known = kept_ids(store, self.folder / CAPTURES)
            pending: list[Capture] = []

            def count_known(_: str) -> None:
                report.known += 1
                progress.advance()

            for found in import_paths(
                paths, archive, known, limits, sieve=sieve, on_known=count_known, skip=self._own_paths()
            ):
                progress.advance()
                if isinstance(found, Issue):
                    report.issues.append(found)
                    continue
                pending.append(found)
                report.added += 1
                if len(pending) == ADD_BATCH:
                    enter_captures(store, archive, pending)
                    pending = []
            enter_captures(store, archive, pending)
            store.upsert(tables.ISSUES, report.issues)
        report.filtered, report.passed_over = dict(sieve.dropped), dict(sieve.passed_over)
        return report

    def build(
        self,
        *,
        workers: int | None = None,
        engine: str = "local",
        address: str | None = None,
        progress: Progress | None = None,
    ) -> "BuildReport":
        """Remake what is not current: documents of captures, copies, measures of documents.

        May be stopped at any moment: a batch is entered whole or not at all, and the next build
        goes on from there. ``engine`` and ``address``: see
        :func:`policy_corpus.corpus.building.engines.engine_named`.
        """
        from policy_corpus.corpus.building.build import Plan, build
        from policy_corpus.corpus.building.engines import engine_named
        from policy_corpus.corpus.coding.encoders import read_classifier

        settings = self.settings
        wanted = workers or settings.build.workers
        with engine_named(engine, address, wanted) as engine_here, self._writer() as store:
            plan = Plan(
                captures_dir=self.folder / CAPTURES,
                files=self.files,
                min_confidence=settings.annotate.min_confidence,
                workers=wanted,
                batch=settings.build.batch,
                engine=engine_here,
            )
            report = build(store, plan, progress or Silent())
        if report.counts["measures"]:
            report.encoder = read_classifier(self.files.classifier).encoder
        return report

    def not_built(self) -> str | None:
        """What no build has come to yet, in a line; None where there is nothing."""
        from policy_corpus.corpus.building.standing import not_built

        return not_built(self._reader()) if (self.folder / TABLES).is_dir() else None

    def rows(self, table: str, **filters: Any) -> Iterator[dict[str, Any]]:
        """Rows of an exported table in a fixed order; filters as for :meth:`search`, and ``local``."""
        return catalogue.rows(self._reader(), table, self.code_labels(), filters)

    def table(self, table: str, **filters: Any) -> "pa.Table":
        """The same rows as an Arrow table; ``.to_pandas()`` makes it a data frame."""
        import pyarrow as pa

        from policy_corpus.publish.columns import rounded, schema

        layout = schema(catalogue.columns(table, self.code_labels()))
        rows = [
            {name: rounded(row.get(name)) for name in layout.names} for row in self.rows(table, **filters)
        ]
        return pa.Table.from_pylist(rows, layout)

    def export(
        self, table: str, format_name: str, out: Path, *, manifest: bool = True, **filters: Any
    ) -> int:
        """Write a table to a file, and its ``manifest`` beside it; returns the number of rows.

        Filters as for :meth:`rows`. The manifest, ``FILE.manifest.json``, says what the file was made of, see
        :class:`policy_corpus.publish.manifest.Manifest`.
        """
        from policy_corpus.corpus.exporting import export

        return export(self, table, format_name, out, manifest=manifest, filters=filters)

    def why_empty(self, table: str, **filters: Any) -> str:
        """Say which filter left nothing, or that the table is empty before any filter."""
        return catalogue.why_empty(self._reader(), table, self.code_labels(), filters)

    def find(self, record_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The document that an id (of a document or a measure, or its beginning) means, with its measures.

        Raises
        ------
        PolicyCorpusError
            No record, or several, begin with these digits.
        """
        return catalogue.find(self._reader(), record_id)

    def raw_text(self, capture_id: str) -> str | None:
        """Decoded text of a document's capture, all pages of an article; None for docx, pdf and sheets."""
        from policy_corpus.corpus.building.raw_text import raw_text

        return raw_text(self._reader(), self.folder / CAPTURES, capture_id)

    def search(self, query: str, *, limit: int = 10, meaning: bool = True, **filters: Any) -> "SearchResult":
        """The sentences that answer a query best, each with its reasons; by words alone without ``meaning``.

        Parameters
        ----------
        query
            Words; ``“phrase”``, ``《title》`` and 教基〔2023〕5号 exactly; ``-word`` leaves out.
        filters
            Fields of :class:`policy_corpus.corpus.analysing.filters.Filter` but ``local``: ``region``, ``code``,
            ``status``, ``year``, ``since``, ``kind``, ``issuer``, ``copies`` (True unless given).

        Raises
        ------
        PolicyCorpusError
            Nothing to search for, or an unknown region, code, status or kind; the nearest ones are named.
        """
        from policy_corpus.corpus.analysing.filters import EVERYTHING

        return self._searching.search(query, replace(EVERYTHING, **filters), limit, meaning=meaning)

    @property
    def analyses(self) -> "Analyses":
        """Words, ``regions``, ``topics`` and ``comparisons`` of the corpus as it stands now, over any ``pc.Filter``."""
        from policy_corpus.corpus.analysing.statistics import Analyses

        return Analyses(self)

    @cached_property
    def _searching(self) -> "CorpusSearch":
        from policy_corpus.corpus.searching.search import CorpusSearch

        return CorpusSearch(self)

    @cached_property
    def files(self) -> AnnotateFiles:
        """The files that coding reads, by the settings of this corpus."""
        return AnnotateFiles.of(self.folder, self.settings.annotate)

    @cached_property
    def codebook(self) -> "Codebook":
        """The codebook of this corpus."""
        return load_codebook(chosen(self.folder, self.settings.annotate.codebook, "codebook.toml"))

    def code_labels(self) -> dict[str, str]:
        """Chinese label of each code, in the codebook's order."""
        return {code.id: code.zh for code in self.codebook.codes}

    def evaluate(
        self,
        gold: Sequence[Path],
        *,
        folds: int = 0,
        group: str = "document",
        texts: Sequence[Path] = (),
        train_also: Sequence[Path] = (),
        progress: Progress | None = None,
    ) -> "Evaluation":
        """Score this corpus's codebook and classifier on gold folders.

        With ``folds`` the classifier is refitted without each fold; without, the corpus's own one is
        scored as it is. See :func:`policy_corpus.corpus.coding.evaluate.evaluate_folds`. Our own invented sentences
        are always in training with the shipped codebook, as they are for the shipped classifier.
        """
        from policy_corpus.corpus.coding.encoders import load_coder
        from policy_corpus.corpus.coding.evaluate import evaluate_folds, evaluate_model

        coder = load_coder(self.codebook, self.files.classifier)
        if not folds:
            return evaluate_model(gold, coder, texts=texts)
        progress = progress or Silent()
        progress.stage("folds", folds)
        return evaluate_folds(
            gold,
            self.codebook,
            folds=folds,
            group=group,
            texts=texts,
            train_also=[*train_also, *self._own_gold([*gold, *train_also])],
            encoder=coder.encoder,
            progress=lambda _: progress.advance(),
        )

    def _own_gold(self, given: Sequence[Path]) -> list[Path]:
        own = own_gold_dir()
        fits = self.settings.annotate.codebook == SHIPPED
        return [own] if fits and own.resolve() not in [folder.resolve() for folder in given] else []

    def check_codebook(self) -> list[str]:
        """What a reader of the codebook should mend, one line each."""
        from policy_corpus.annotate.codebook import check

        return [f"{f.severity} {f.code}: {f.message}" for f in check(self.codebook)]

    def uncovered(self) -> "Uncovered":
        """What looks like a measure in this corpus and is covered by no code, in named clusters."""
        from policy_corpus.corpus.coding.codebook_review import find_uncovered

        return find_uncovered(self._reader(), self.codebook)

    def crawl(
        self,
        *,
        source: str | None = None,
        limit: int | None = None,
        dry_run: bool = False,
        full: bool = False,
        recheck: bool = False,
        progress: Progress | None = None,
    ) -> "CrawlReport":
        """Ask the sources of ``sources.toml`` for what is new or changed.

        See ``corpus/collecting/crawl.py``; may be stopped at any moment, the next crawl goes on.
        """
        from policy_corpus.corpus.collecting.crawl import crawl_corpus

        with nullcontext() if dry_run else self._writer() as store:
            return crawl_corpus(
                self.folder, self.settings, store, source=source, limit=limit, dry_run=dry_run,
                full=full, recheck=recheck, progress=progress,
            )  # fmt: skip

    def check_sources(self) -> "list[CheckRow]":
        """Each source tried on the pages saved in ``sources/ID/`` of the corpus."""
        from policy_corpus.collect.crawl.check import check_saved

        return check_saved(self.folder, self.sources)

    def coverage(self, *, within: str | None = None, level: str | None = None) -> "list[RegionCoverage]":
        """Documents by region and year, and the expected regions that have none.

        See :func:`policy_corpus.analyse.coverage.coverage`; regions of the corpus's sources are expected.
        """
        from policy_corpus.analyse.coverage import coverage
        from policy_corpus.resources import load_gazetteer

        speaking: dict[str, list[str]] = {}
        for source in self.sources.sources:
            if source.region:
                speaking.setdefault(source.region, []).append(source.id)
        documents = catalogue.coverage_rows(self._reader())
        return coverage(documents, load_gazetteer(), sources=speaking, within=within, level=level)

    @cached_property
    def sources(self) -> "Sources":
        """What ``sources.toml`` describes; nothing where there is no such file."""
        from policy_corpus.collect.crawl.sources import read_sources_file

        return read_sources_file(self.folder / SOURCES_FILE)

    def compare_codebooks(self, old: Path, new: Path) -> "CodebookDiff":
        """What changes in this corpus from one codebook file to another; nothing is written."""
        from policy_corpus.corpus.coding.codebook_review import compare_codebooks

        settings = self.settings.annotate
        classifier = chosen(self.folder, settings.classifier, "classifier")
        return compare_codebooks(self._reader(), old, new, classifier, settings.min_confidence)

    def _own_paths(self) -> list[Path]:
        """What an import of the corpus's own folder must not take in."""
        names = ("", TABLES, CAPTURES, SETTINGS_FILE, SOURCES_FILE)
        return [*(self.folder / name for name in names), *self.folder.glob("crawl.*")]

    def _writer(self) -> "Store":
        from policy_corpus.store.store import Store

        return Store.open(self.folder / TABLES, create=True)

    def _reader(self) -> "Store":
        from policy_corpus.store.store import Store

        return Store.open(self.folder / TABLES, read_only=True)
