"""A table into a file, and beside it the manifest that says what it was made of."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policy_corpus.config import TABLES
from policy_corpus.corpus import catalogue
from policy_corpus.store.store import Store

if TYPE_CHECKING:
    from policy_corpus.corpus.facade import Corpus

WITH_CODEBOOK = ("measures", "regions")
"""Tables whose columns or values are codes: their workbooks say on a second sheet what the codes mean."""


def export(
    corpus: "Corpus",
    table: str,
    format_name: str,
    out: Path,
    *,
    manifest: bool = True,
    filters: Mapping[str, Any],
) -> int:
    """Write a table to a file; returns the number of rows. See :meth:`policy_corpus.corpus.facade.Corpus.export`."""
    from policy_corpus.corpus.checking.manifest import gather
    from policy_corpus.publish.export import write_table
    from policy_corpus.publish.manifest import manifest_path, write_manifest

    sheets = [catalogue.codebook_sheet(corpus.codebook)] if table in WITH_CODEBOOK else []
    columns = catalogue.columns(table, corpus.code_labels())
    name = catalogue.SHEET_NAMES[table]
    count = write_table(
        corpus.rows(table, **filters), columns, format_name, out, sheet_name=name, extra_sheets=sheets
    )
    if manifest:
        with Store.open(corpus.folder / TABLES, read_only=True) as store:
            made_of = gather(
                store, corpus.folder, corpus.settings, table, format_name, out, count, filters=filters
            )
        write_manifest(made_of, manifest_path(out))
    return count
