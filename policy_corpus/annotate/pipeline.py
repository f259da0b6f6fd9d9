"""One document coded: passages, region, measures with status, quantities and partners."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from policy_corpus.annotate.measures import Coder, Coding
from policy_corpus.annotate.partners import find_partners
from policy_corpus.annotate.passages import in_normal_form, make_passages
from policy_corpus.annotate.quantities import Evidence, Units, bind_quantities, find_quantities
from policy_corpus.annotate.regions import Gazetteer, RegionMention, find_regions
from policy_corpus.annotate.source_region import located
from policy_corpus.annotate.status import SectionState, StatusRules
from policy_corpus.annotate.tokens import Tokenizer
from policy_corpus.clean.bounds import MOST_CODED, MOST_SEARCHED
from policy_corpus.records import Document, Measure, Mention, Partners, Passage, Quantity, content_id

PARTNERED = frozenset({"pairing", "group_schooling"})
"""Codes whose measures join units: only they carry partners."""
OPENING = 12
"""Code points from the start of a sentence within which the name of a sub-region makes it the subject."""
SURE_REGION = 0.9
"""Confidence from which the sub-region that opens a sentence is taken as the place of its practice."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is known of a document: itself with its region, its passages, mentions and measures."""

    document: Document
    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Annotator:
    """Codes documents; built once from the files that coding reads, then used for any number."""

    tokenizer: Tokenizer
    gazetteer: Gazetteer
    units: Units
    status_rules: StatusRules
    coder: Coder

    def annotate(self, document: Document, made_by: str = "") -> Annotation:
        """Code one document. The same document gives the same records.

        Of a text longer than :data:`~policy_corpus.clean.bounds.MOST_CODED` the beginning is coded, to the last
        paragraph that fits, and passages are made of the first
        :data:`~policy_corpus.clean.bounds.MOST_SEARCHED`. The cleaner has flagged it ``long_text``.
        """
        normal = coded_part(document.simplified or document.body)
        placed = self._placed(document, normal)
        passages = make_passages(_searched_part(document), self.tokenizer, made_by)
        found = find_regions(normal, self.gazetteer, placed.region_code)
        read = in_normal_form(document, [p for p in passages if p.end <= len(normal)])
        measures = tuple(self._measures(placed, read, found, made_by))
        mentions = tuple(_mention(document, m, made_by) for m in found)
        return Annotation(placed, tuple(passages), mentions, measures)

    def _placed(self, document: Document, normal: str) -> Document:
        decision = located(document, normal, self.gazetteer)
        return replace(
            document,
            region_code=decision.code,
            region_name=decision.name,
            region_confidence=decision.confidence,
            region_reason=decision.reason,
            region_candidates=decision.candidates,
        )

    def _measures(
        self, document: Document, passages: Sequence[Passage], regions: Sequence[RegionMention], made_by: str
    ) -> Iterator[Measure]:
        states = self.status_rules.section_states(passages, document.kind, document.title, document.published)
        coded = self.coder.code_passages(passages, document.kind)
        for passage, state, codings in zip(passages, states, coded, strict=True):
            if codings:
                region = self._region_of(document, passage, regions)
                yield from self._of_passage(document, passage, state, codings, region, made_by)

    def _of_passage(
        self,
        document: Document,
        passage: Passage,
        state: SectionState,
        codings: Sequence[Coding],
        region: tuple[str | None, str | None],
        made_by: str,
    ) -> Iterator[Measure]:
        evidence = [Evidence(c.code, c.start, c.end) for c in codings]
        numbers = bind_quantities(
            passage.text, find_quantities(passage.text, self.units), evidence, self.units
        )
        joins = any(c.code in PARTNERED for c in codings)
        partners = find_partners(passage.text, self.gazetteer.names.__contains__) if joins else []
        for coding, quantities in zip(codings, numbers, strict=True):
            start, end = passage.start + coding.start, passage.start + coding.end
            words, before = passage.text[coding.start : coding.end], passage.text[: coding.start]
            status = self.status_rules.decide(words, state, document.kind, before=before)
            place = document.source_map.to_source(start, end)
            yield Measure(
                measure_id=content_id("measure", document.document_id, coding.code, start, end),
                document_id=document.document_id,
                capture_id=document.capture_id,
                source=document.source,
                part=document.part,
                code=coding.code,
                status=status.status,
                evidence=document.body[start:end],
                start=start,
                end=end,
                confidence=coding.confidence,
                source_start=place[0] if place else None,
                source_end=place[1] if place else None,
                passage_id=passage.passage_id,
                region_code=region[0],
                region_name=region[1],
                quantities=tuple(_shifted(q, passage.start) for q in quantities),
                partners=tuple(_partners(coding, partners, passage.start)),
                specificity=status.specificity,
                why=f"{coding.why}; {status.status}: {status.reason}",
                made_by=made_by,
            )

    def _region_of(
        self, document: Document, passage: Passage, regions: Sequence[RegionMention]
    ) -> tuple[str | None, str | None]:
        """The document's region, or the sub-region that a told sentence opens with."""
        home = document.region_code
        if home is None or document.kind not in ("news", "report"):
            return home, document.region_name
        inner = home.rstrip("0")
        first = bisect_left(regions, passage.start, key=_start_of)
        for number in range(first, len(regions)):
            mention = regions[number]
            if mention.start >= passage.start + OPENING:
                break
            if (
                mention.code
                and mention.code != home
                and mention.code.startswith(inner)
                and mention.role == "subject"
                and mention.confidence >= SURE_REGION
            ):
                return mention.code, mention.name
        return home, document.region_name


def coded_part(text: str) -> str:
    """As much of a text as is coded: to the last line that ends within :data:`MOST_CODED`, if one does."""
    return text[: _last_end(text, MOST_CODED)]


def _searched_part(document: Document) -> Document:
    """The document with as much of its text as passages are made of."""
    if len(document.body) <= MOST_SEARCHED:
        return document
    end = _last_end(document.body, MOST_SEARCHED)
    normal = document.simplified
    return replace(document, body=document.body[:end], simplified=None if normal is None else normal[:end])


def _last_end(text: str, most: int) -> int:
    """End of the last line that ends within so many characters, if one does in the second half of them."""
    if len(text) <= most:
        return len(text)
    end = text.rfind("\n", most // 2, most)
    return end if end > 0 else most


def _start_of(mention: RegionMention) -> int:
    return mention.start


def _shifted(quantity: Quantity, by: int) -> Quantity:
    return replace(quantity, start=quantity.start + by, end=quantity.end + by)


def _partners(coding: Coding, partners: Sequence[Partners], by: int) -> Iterator[Partners]:
    """Those partners whose words lie in the coding's evidence."""
    if coding.code in PARTNERED:
        for found in partners:
            if found.start < coding.end and found.end > coding.start:
                yield replace(found, start=found.start + by, end=found.end + by)


def _mention(document: Document, found: RegionMention, made_by: str) -> Mention:
    return Mention(
        mention_id=content_id("mention", document.document_id, "region", found.start, found.end),
        document_id=document.document_id,
        kind="region",
        start=found.start,
        end=found.end,
        text=document.body[found.start : found.end],
        code=found.code,
        name=found.name,
        role=found.role,
        confidence=found.confidence,
        candidates=found.candidates,
        reason=found.reason,
        made_by=made_by,
    )
