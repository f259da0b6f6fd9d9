"""What a person asks for: conditions on documents and sentences, as values."""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from policy_corpus.errors import PolicyCorpusError

Part = Literal["document", "family", "region", "year"]
PARTS: tuple[Part, ...] = ("document", "family", "region", "year")
_YEARS = re.compile(r"(\d{4})(?:\s*[-–:至]\s*(\d{4}))?")


class EmptySelectionError(PolicyCorpusError):
    """Nothing meets the filters; the message names the one that left nothing. No failure of a command."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What belongs to a sub-corpus; every condition that is given must hold.

    ``region`` is a code (or its first two or four digits) or a name, with its sub-regions; ``code`` and ``status``
    choose sentences that carry such a measure; ``year`` is ``2018`` or ``2018-2020`` (of the event where it is known,
    else of publication); ``issuer`` a part of the name. Copies are left out unless ``copies``; ``local`` takes local
    sentences alone.
    """

    region: str | None = None
    code: str | None = None
    status: str | None = None
    year: str | None = None
    kind: str | None = None
    issuer: str | None = None
    copies: bool = False
    local: bool = False

    @classmethod
    def parse(cls, conditions: Sequence[str]) -> "Filter":
        """A filter from ``key=value`` texts: ``["region=610000", "kind=policy"]``.

        Raises
        ------
        PolicyCorpusError
            A key is unknown or has no value.
        """
        values: dict[str, Any] = {}
        names = [f.name for f in fields(cls)]
        for condition in conditions:
            key, sign, value = condition.partition("=")
            if key not in names or not (value or (key in ("copies", "local") and not sign)):
                near = difflib.get_close_matches(key, names, n=1)
                hint = f"did you mean {near[0]}=…?" if near else f"known are {', '.join(names)}"
                raise PolicyCorpusError(f"not a filter: {condition!r}", None, hint)
            values[key] = (
                value if key not in ("copies", "local") else value.lower() not in ("no", "false", "0")
            )
        return cls(**values)

    def __str__(self) -> str:
        given = [(f.name, getattr(self, f.name)) for f in fields(self)]
        return " ".join(f"--{k}" if v is True else f"--{k} {v}" for k, v in given if v) or "the whole corpus"


def known(value: str | None, names: Collection[str], what: str) -> None:
    """Refuse a name that is unknown, and name the nearest one.

    Raises
    ------
    PolicyCorpusError
        With the nearest name, or all of them.
    """
    if value is None or value in names:
        return
    labels = names if isinstance(names, Mapping) else dict.fromkeys(names, "")
    near = difflib.get_close_matches(value, labels, n=1) or [k for k, zh in labels.items() if value in zh]
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(labels)}"
    raise PolicyCorpusError(f"unknown {what} {value!r}", None, hint)


def years(text: str) -> tuple[str, str]:
    """First and last year of ``2018`` or ``2018-2020``."""
    match = _YEARS.fullmatch(text.strip())
    if match is None:
        raise PolicyCorpusError(f"not a year: {text!r}", None, "write 2018 or 2018-2020")
    return match[1], match[2] or match[1]
