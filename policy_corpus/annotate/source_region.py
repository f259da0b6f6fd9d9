"""The region of a document whose text names none: that for which the table of its source speaks.

Order of precedence: what the text says (title, issuer, seal, names in the body), then the region in the
source's table, then the place that the table's issuing body names. Templates, essays, central documents
and texts with placeholders (某区) have no region, whoever puts them on the web.
"""

from dataclasses import replace

from policy_corpus.annotate.regions import Gazetteer, document_region
from policy_corpus.annotate.regions.document import RegionDecision
from policy_corpus.records import Document, RegionCandidate

ISSUER_FROM_SOURCE = "issuer_from_source"
"""Flag of a document whose issuer is the table's, not the text's."""
SOURCE_TABLE = 0.7
"""Confidence in a region that the table names: below what a title (.85) gives, above names in passing (.5).
Set, not measured: how often a bureau's page without a place name speaks of its own region differs by site."""
OPEN = frozenset(("the text names no region of its own", "the names in the text point to no one region"))
"""Reasons of a decision that leaves room for the table."""


def located(document: Document, normal: str, gazetteer: Gazetteer) -> RegionDecision:
    """The region of a document, its text (in normal form) before its source's table."""
    from_table = ISSUER_FROM_SOURCE in document.flags
    said = _decide(document, normal, gazetteer, None if from_table else document.issuer)
    if said.code is not None or said.reason not in OPEN:
        return said
    code = _code_of(document.source_region, gazetteer) if document.source_region else None
    if code is not None:
        return _by_table(code, said, gazetteer)
    if from_table:
        issued = _decide(document, normal, gazetteer, document.issuer)
        if issued.code is not None:
            confidence = min(SOURCE_TABLE, issued.confidence)
            return replace(issued, confidence=confidence, reason=f"source table: {issued.reason}")
    return said


def _decide(document: Document, normal: str, gazetteer: Gazetteer, issuer: str | None) -> RegionDecision:
    return document_region(
        title=document.title,
        body=normal,
        gazetteer=gazetteer,
        issuer=issuer,
        source=document.source,
        url=document.url,
        kind=document.kind,
        source_unit=document.source_unit,
    )


def _by_table(code: str, said: RegionDecision, gazetteer: Gazetteer) -> RegionDecision:
    """The table's region, unless the text names regions and all of them lie elsewhere."""
    near = [c for c in said.candidates if gazetteer.within(c.code, code) or gazetteer.within(code, c.code)]
    if said.candidates and not near:
        return said
    rest = [replace(c, share=c.share * (1 - SOURCE_TABLE)) for c in said.candidates if c.code != code]
    own = RegionCandidate(code, gazetteer.full_name(code), 1.0 - sum(c.share for c in rest))
    return RegionDecision(code, own.name, SOURCE_TABLE, (own, *rest), "source table")


def _code_of(region: str, gazetteer: Gazetteer) -> str | None:
    """Today's code of six digits or of a name that only one region bears."""
    try:
        codes = gazetteer.today(region) if region.isdigit() else _named(region, gazetteer)
    except KeyError:
        return None
    return codes[0] if len(codes) == 1 and codes[0] in gazetteer.lineage else None


def _named(region: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    full = [c for c in gazetteer.current if gazetteer.full_name(c) == region]
    codes = full or {r.code for r in gazetteer.names.get(region, ()) if r.code in gazetteer.current}
    return tuple(codes)
