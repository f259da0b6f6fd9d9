"""What an examination finds, and where it looks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from policy_corpus.collect.captures import CAPTURES
from policy_corpus.config import TABLES
from policy_corpus.publish.progress import Progress

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
EXAMPLES = 5
"""Ids or files named of one finding."""


@dataclass(frozen=True, slots=True)
class Site:
    """The corpus that is looked at. ``quick`` leaves out what reads every byte."""

    folder: Path
    progress: Progress
    quick: bool = False

    @property
    def captures(self) -> Path:
        """Folder of the WARC files."""
        return self.folder / CAPTURES

    @property
    def tables(self) -> Path:
        """Folder of the store."""
        return self.folder / TABLES


Cure: TypeAlias = Callable[[Site], str]
"""Remakes what a finding names; says what it did."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    ``severity``: an ``error`` means that something shown is wrong or lost, a ``warning`` that something is to be
    done; a ``note`` is good to know and makes no corpus unhealthy.
    """

    check: str
    severity: Severity
    what: str
    where: str
    remedy: str
    count: int = 1
    examples: tuple[str, ...] = ()
    cure: Cure | None = field(default=None, compare=False, repr=False)

    @property
    def is_repairable(self) -> bool:
        """Whether ``--repair`` does something about it."""
        return self.cure is not None


@dataclass(slots=True)
class Report:
    """What was found, what was repaired (with what was done), and the counts that were met on the way."""

    findings: list[Finding] = field(default_factory=list)
    repaired: list[tuple[Finding, str]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_healthy(self) -> bool:
        """Whether nothing is left but notes."""
        return all(finding.severity == "note" for finding in self.findings)

    def rows(self) -> list[dict[str, Any]]:
        """What was repaired and what is left, as plain rows, errors first."""
        state = "left" if self.repaired else "found"
        found = [(finding, "repaired", done) for finding, done in self.repaired]
        found += [(finding, state, "") for finding in sorted(self.findings, key=_rank)]
        return [
            {
                "check": finding.check, "severity": finding.severity, "what": finding.what,
                "where": finding.where, "remedy": finding.remedy, "count": finding.count,
                "examples": list(finding.examples), "repairable": finding.is_repairable,
                "state": state, "done": done,
            }
            for finding, state, done in found
        ]  # fmt: skip


def _rank(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity)


def some(values: Sequence[str]) -> tuple[str, ...]:
    """The first few, as examples."""
    return tuple(values[:EXAMPLES])
