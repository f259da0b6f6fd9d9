"""``reproduce``: can an exported file be made again from this corpus, and if not, what is not as it was."""

import hashlib
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from policy_corpus.config import SETTINGS_FILE, TABLES
from policy_corpus.corpus import Corpus, catalogue
from policy_corpus.corpus.building.build import stale_documents, stale_units
from policy_corpus.corpus.building.stages import annotate_made_by, clean_made_by
from policy_corpus.errors import CorpusError
from policy_corpus.publish.manifest import (
    Difference,
    Manifest,
    differences,
    exported_path,
    manifest_path,
    read_manifest,
)
from policy_corpus.publish.row_changes import RowChanges, row_changes
from policy_corpus.store.store import Store


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What came of making an export again.

    ``now`` is what a manifest written today says. ``old_file`` tells of the exported file beside the manifest:
    ``same`` as the manifest says, ``changed`` since, or ``absent``; ``changes`` compares its rows with those of today.
    ``stale`` counts the pages and documents that the next build would make anew.
    """

    before: Manifest
    now: Manifest
    differences: tuple[Difference, ...]
    old_file: str
    stale: int
    changes: RowChanges | None = None

    @property
    def is_same_content(self) -> bool:
        """Whether today's export has the same bytes."""
        return self.before.sha256 == self.now.sha256

    @property
    def is_identical(self) -> bool:
        """Whether nothing differs: neither what it is made of, nor the content, nor the file that lies there."""
        return self.is_same_content and not self.differences and self.old_file != "changed"

    def rows(self) -> list[dict[str, Any]]:
        """One row that says what came of it, then one for each difference and each changed row that is shown."""
        summary = {
            "identical": self.is_identical, "same_content": self.is_same_content, "old_file": self.old_file,
            "table": self.before.table, "rows_before": self.before.rows, "rows_now": self.now.rows,
            "stale": self.stale,
        }  # fmt: skip
        counts = {}
        shown: list[dict[str, Any]] = [asdict(one) for one in self.differences]
        if self.changes:
            counts = {name: getattr(self.changes, name) for name in ("added", "gone", "changed", "same")}
            shown += [asdict(one) for one in self.changes.examples]
        return [summary | counts, *shown]


def reproduce(manifest: Path, corpus: Corpus) -> Reproduction:
    """Export the manifest's table anew to a temporary file and compare all there is to compare.

    Raises
    ------
    PolicyCorpusError
        The manifest cannot be read, or this version has no such table or format.
    """
    before = read_manifest(manifest)
    old = exported_path(manifest)
    with tempfile.TemporaryDirectory(prefix="policy-corpus-") as folder:
        out = Path(folder) / f"again.{before.format}"
        corpus.export(before.table, before.format, out, **before.filters)
        now = read_manifest(manifest_path(out))
        old_file = "absent"
        if old is not None and old.is_file():
            old_file = "same" if _sha256(old) == before.sha256 else "changed"
        changes = None
        if old is not None and old_file != "absent" and _sha256(old) != now.sha256:
            columns = catalogue.columns(before.table, corpus.code_labels())
            changes = row_changes(old, out, before.table, before.format, columns)
    found = tuple(differences(before, now))
    return Reproduction(before, now, found, old_file, _stale(corpus), changes)


def corpus_of(manifest: Path, named: Path | None) -> Path:
    """The corpus that was named, or the nearest one around the manifest, or the one we are in.

    Raises
    ------
    CorpusError
        There is none.
    """
    if named is not None:
        return named
    for folder in (*manifest.resolve().parents, Path.cwd()):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise CorpusError(
        "no corpus to compare with", str(manifest), "name it: policy-corpus reproduce MANIFEST --corpus DIR"
    )


def _stale(corpus: Corpus) -> int:
    """Pages and documents that the next build would make anew: the tables then are not what this version makes."""
    made_by = str(annotate_made_by(corpus.files, corpus.settings.annotate.min_confidence))
    with Store.open(corpus.folder / TABLES, read_only=True) as store:
        pages = sum(map(len, stale_units(store, str(clean_made_by()))))
        return pages + len(stale_documents(store, made_by))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
