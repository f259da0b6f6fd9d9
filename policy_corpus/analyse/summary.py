"""Counts by region: how many documents and measures, of which code and status."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policy_corpus.records import STATUSES

Row = Mapping[str, Any]


def region_summary(
    documents: Iterable[Row], measures: Iterable[Row], codes: Sequence[str]
) -> list[dict[str, Any]]:
    """One row a region: documents, copies among them, measures by status and by code.

    Documents marked ``same_as`` count under ``copies`` only, and their measures are left out: the
    same practice told twice is one practice. Documents without a region form no row.

    Parameters
    ----------
    documents
        Rows with ``document_id, region_code, region_name, same_as``.
    measures
        Rows with ``document_id, code, status``.
    codes
        Codes of the codebook; each becomes a column.

    Returns
    -------
    list of dict
        Sorted by region code, then by name (units without a code of their own share their parent's).
    """
    region_of: dict[str, tuple[str, str]] = {}
    kept: Counter[tuple[str, str]] = Counter()
    copies: Counter[tuple[str, str]] = Counter()
    for document in documents:
        if document["region_code"] is None:
            continue
        region = (document["region_code"], document["region_name"])
        if document["same_as"] is None:
            kept[region] += 1
            region_of[document["document_id"]] = region
        else:
            copies[region] += 1
    by_status: Counter[tuple[tuple[str, str], str]] = Counter()
    by_code: Counter[tuple[tuple[str, str], str]] = Counter()
    for measure in measures:
        found = region_of.get(measure["document_id"])
        if found is not None:
            by_status[found, measure["status"]] += 1
            by_code[found, measure["code"]] += 1
    return [
        {
            "region_code": region[0],
            "region_name": region[1],
            "documents": kept[region],
            "copies": copies[region],
            "measures": sum(by_status[region, status] for status in STATUSES),
            **{status: by_status[region, status] for status in STATUSES},
            **{code: by_code[region, code] for code in codes},
        }
        for region in sorted(set(kept) | set(copies))
    ]
