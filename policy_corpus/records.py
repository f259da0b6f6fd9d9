"""The records that flow through the rooms, and the ids that name them.

One coordinate system: every ``start``/``end`` is a half-open range of code points in
``Document.body``. ``source_start``/``source_end`` are the same place in the decoded source text.
Records are frozen; a stage that knows more makes a new record with :func:`dataclasses.replace`.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from policy_corpus.offsets import OffsetMap as OffsetMap

Kind = Literal["news", "report", "policy", "template", "essay", "other"]
Status = Literal["done", "planned", "advised"]
Bound = Literal["=", "≈", "≥", "≤"]
QuantityRole = Literal["amount", "before", "after", "change", "share", "rate"]
MentionKind = Literal["region", "quantity", "date", "actor"]
RegionRole = Literal["subject", "donor", "recipient", "compared", "mentioned"]

KINDS: tuple[Kind, ...] = ("news", "report", "policy", "template", "essay", "other")
STATUSES: tuple[Status, ...] = ("done", "planned", "advised")
ID_DIGITS = 16


def content_id(*parts: str | bytes | int | None) -> str:
    """Id of a record: the first 16 hex digits of a SHA-256 over length-prefixed parts.

    ``None`` and the empty string are told apart, so are ``("ab", "c")`` and ``("a", "bc")``.
    """
    digest = hashlib.sha256()
    for part in parts:
        if part is None:
            digest.update(b"-;")
            continue
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()[:ID_DIGITS]


@dataclass(frozen=True, slots=True)
class MadeBy:
    """Who made a derived row: a stage, its version, a digest of the settings and files it read."""

    stage: str
    version: int
    digest: str

    def __str__(self) -> str:
        return f"{self.stage}/{self.version}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Origin:
    """How a crawled capture was come by, and what its source's table and list page say of it.

    ``family`` is the address of the first page of the notice or article it belongs to. ``page`` counts from 1
    within an article of ``pages`` pages. ``title`` and ``date`` are the list page's, or the words of the link.
    """

    source_id: str
    family: str
    role: Literal["page", "attachment"] = "page"
    page: int = 1
    pages: int = 1
    title: str | None = None
    date: str | None = None
    issuer: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """Bytes as they came in, with where and when. The bytes lie in ``warc_file`` at ``warc_offset``."""

    capture_id: str
    source: str
    sha256: str
    size: int
    media_type: str
    captured_at: str
    warc_file: str
    warc_offset: int
    url: str | None = None
    charset: str | None = None
    made_by: str = ""
    origin: Origin | None = None

    @staticmethod
    def id_of(sha256: str, source: str) -> str:
        """The same bytes at two places are two captures."""
        return content_id("capture", sha256, source)


CrawlRole = Literal["list", "item", "part", "attachment"]
VisitState = Literal["new", "changed", "unchanged", "gone", "failed", "excluded"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address that a walk through a source is still to ask for.

    ``family`` is the address of the notice that a part or an attachment belongs to, for items their own.
    ``not_before`` is in seconds since 1970. ``known`` says that the address brought something before.
    """

    source_id: str
    url: str
    role: CrawlRole
    host: str
    family: str
    page: int = 1
    depth: int = 0
    title: str | None = None
    date: str | None = None
    found_on: str | None = None
    known: bool = False
    attempts: int = 0
    not_before: float = 0.0
    row: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of an address of a source: when it was seen, what it brought last. Times are UTC.

    ``says`` holds as JSON what its page said (entries, following pages), for when the server answers that
    nothing has changed.
    """

    source_id: str
    url: str
    role: CrawlRole
    family: str
    state: VisitState
    walk: int
    first_seen: str
    last_seen: str
    last_changed: str | None = None
    page: int = 1
    pages: int = 1
    title: str | None = None
    date: str | None = None
    reason: str | None = None
    detail: str | None = None
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    size: int | None = None
    capture_id: str | None = None
    final_url: str | None = None
    images: int = 0
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk through a source, from its start pages to its last item; it may take several runs.

    ``listed`` says how its list pages ended: ``all`` were read, or it stopped at ``known`` items, or by a rule.
    """

    walk: int
    source_id: str
    started: str
    full: bool
    recheck: bool
    state: Literal["open", "rechecking", "done"] = "open"
    ended: str | None = None
    listed: str | None = None
    list_pages: int = 0
    requests: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class RegionCandidate:
    """One reading of a place name; ``share`` sums to 1 over the candidates of a mention."""

    code: str
    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Document:
    """One text of one page. ``region_*`` are filled by ``annotate``, the rest by ``clean``."""

    document_id: str
    capture_id: str
    source: str
    part: int
    title: str
    body: str
    kind: Kind
    kind_confidence: float = 0.0
    published: str | None = None
    event_date: str | None = None
    issuer: str | None = None
    source_unit: str | None = None
    number: str | None = None
    url: str | None = None
    script: Literal["simplified", "traditional", "mirror"] = "simplified"
    simplified: str | None = None
    """Normal form of ``body``, equally long, when ``script`` is ``traditional``; else None."""
    encoding: str = "utf-8"
    encoding_from: str = ""
    flags: tuple[str, ...] = ()
    """What a reader should know: ``thin``, ``shuffled``, ``numbers_lost``, ``unsupported``, …"""
    same_as: str | None = None
    similarity: float | None = None
    superseded_by: str | None = None
    """The document that the newest capture of the same address gives; then ``same_as`` is set as well."""
    family: str | None = None
    """Address of the notice or article that this text belongs to; a notice and its attachments share it."""
    source_region: str | None = None  # as the table of its source has it; None for a reprint or a template
    region_code: str | None = None
    region_name: str | None = None
    region_confidence: float | None = None
    region_reason: str | None = None
    region_candidates: tuple[RegionCandidate, ...] = ()
    source_map: OffsetMap = field(default_factory=OffsetMap)
    signature: bytes = b""
    """MinHash of the text, by which near duplicates are found."""
    made_by: str = ""

    @staticmethod
    def id_of(capture_id: str, part: int) -> str:
        """Stable while the cleaner improves: the page and the place on it, not the cleaned words."""
        return content_id("document", capture_id, part)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or clause of a document with the headings it stands under, outermost first."""

    passage_id: str
    document_id: str
    ordinal: int
    start: int
    end: int
    text: str
    headings: tuple[str, ...] = ()
    is_heading: bool = False
    words: tuple[str, ...] = ()
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A named thing in a text: a region, a date, an actor. Quantities have a record of their own."""

    mention_id: str
    document_id: str
    kind: MentionKind
    start: int
    end: int
    text: str
    code: str | None = None
    name: str | None = None
    role: RegionRole | None = None
    confidence: float = 0.0
    candidates: tuple[RegionCandidate, ...] = ()
    reason: str | None = None
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that sizes a measure, in base units (3.5亿 is 350000000; 85% is 85 with unit ``%``)."""

    text: str
    value: float
    value_to: float | None = None
    unit: str | None = None
    bound: Bound = "="
    role: QuantityRole = "amount"
    what: str | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Partners:
    """Who helps whom: every giver in ``givers`` with every receiver in ``receivers``."""

    givers: tuple[str, ...]
    receivers: tuple[str, ...]
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """What an authority or a school does, did or plans, with the words that say so."""

    measure_id: str
    document_id: str
    capture_id: str
    source: str
    part: int
    code: str
    status: Status
    evidence: str
    start: int
    end: int
    confidence: float
    source_start: int | None = None
    source_end: int | None = None
    passage_id: str | None = None
    region_code: str | None = None
    region_name: str | None = None
    quantities: tuple[Quantity, ...] = ()
    partners: tuple[Partners, ...] = ()
    specificity: str | None = None
    why: str | None = None
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a person should know: which file, where in it, why, and what to do."""

    issue_id: str
    stage: str
    source: str
    reason: str
    message: str
    remedy: str
    place: str | None = None
    severity: Literal["error", "warning", "note"] = "error"

    @classmethod
    def make(
        cls,
        stage: str,
        source: str,
        reason: str,
        message: str,
        remedy: str,
        place: str | None = None,
        severity: Literal["error", "warning", "note"] = "error",
    ) -> "Issue":
        """An issue with its id: stage, source, reason and place name it."""
        key = content_id("issue", stage, source, reason, place)
        return cls(key, stage, source, reason, message, remedy, place, severity)
