"""Why something did not come in, in words for the person who added it."""

from typing import Any, Literal, NamedTuple

from policy_corpus.records import Issue

Reason = Literal[
    "missing", "web_address", "unreadable", "not_a_file", "empty", "broken", "encrypted", "oversize",
    "unsupported", "unknown", "archive_broken", "archive_too_large", "archive_too_deep", "record_broken", "skipped",
    "passed_over", "filtered",
]  # fmt: skip
Severity = Literal["error", "warning", "note"]


class _Words(NamedTuple):
    message: str
    remedy: str
    severity: Severity = "error"


# Messages name what they need in braces; make_issue fills them in.
WORDS: dict[Reason, _Words] = {
    "missing": _Words(
        "There is no file or folder at this path.",
        "Check the spelling; put quotes round a path with spaces.",
    ),
    "web_address": _Words(
        "This is a web address, not a file.",
        "Save the page and add the saved file, or list the address in sources.toml and crawl it.",
    ),
    "unreadable": _Words(
        "It could not be opened: {detail}.",
        "Ask its owner for the right to read it, close the program that holds it, or copy it elsewhere.",
    ),
    "not_a_file": _Words("It is neither a file nor a folder.", "Leave it out."),
    "empty": _Words("There is nothing in the file.", "Save or download it again, or leave it out."),
    "broken": _Words(
        "The {kind} is damaged: {detail}.",
        "Open it in its own program and save it again, or download it again.",
    ),
    "encrypted": _Words(
        "The {kind} is protected by a password.",
        "Open it with the password, save it without one, and add it again.",
    ),
    "oversize": _Words(
        "It has {size} MB; files over {limit} MB are not taken in.",
        "Raise the size limit in corpus.toml, or divide the file.",
    ),
    "unsupported": _Words("It is a {kind}, which is not read.", "{remedy}"),
    "unknown": _Words(
        "It is no kind of file that is read here ({detail}).",
        "Only html, txt, md, docx, doc, wps, rtf, odt, xlsx, xls, et, pdf, zip and WARC are read; save it as one.",
    ),
    "archive_broken": _Words(
        "The archive is damaged: {detail}. What came before the damage was taken in.",
        "Download or make the archive again, or unpack what can be unpacked and add the folder.",
    ),
    "archive_too_large": _Words(
        "The archive unpacks to more than {detail}, so the rest of it was left out.",
        "If you trust it, raise the archive limits in corpus.toml, or unpack it and add the folder.",
    ),
    "archive_too_deep": _Words(
        "It is an archive within {depth} other archives and was not opened.",
        "Unpack the outer archive and add the folder.",
    ),
    "record_broken": _Words(
        "The archive is damaged in a record: {detail}. It was left out; what comes after it was taken in.",
        "Download the archive again if the record matters; its other records need not be added again.",
    ),
    "skipped": _Words("Left out on purpose: {detail}.", "Nothing to do.", "note"),
    "passed_over": _Words("Left out on purpose: {detail}.", "Nothing to do; they are no pages.", "note"),
    "filtered": _Words(
        "Kept out by filters: {detail}.", "To take them in, add it again with wider filters or none.", "note"
    ),
}


class ProblemError(Exception):
    """A file that cannot come in; becomes an :class:`Issue` where its source is known."""

    def __init__(self, reason: Reason, **details: Any) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.details = details


def make_issue(source: str, reason: Reason, *, place: str | None = None, **details: Any) -> Issue:
    """An ``add`` issue about one source (and a place in it), with the words of its reason."""
    words = WORDS[reason]
    return Issue.make(
        "add",
        source,
        reason,
        words.message.format(**details),
        words.remedy.format(**details),
        place,
        severity=words.severity,
    )


def issue_of(source: str, problem: ProblemError) -> Issue:
    """The issue that a problem becomes."""
    return make_issue(source, problem.reason, **problem.details)


def megabytes(size: int) -> str:
    """A size in bytes as megabytes with one decimal: ``12.5``."""
    return f"{size / 1_000_000:.1f}"
