"""What a person asks for: conditions on documents and sentences, as values."""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from policy_corpus.errors import PolicyCorpusError

Part = Literal["document", "family", "region", "year"]
PARTS: tuple[Part, ...] = ("document", "family", "region", "year")
SWITCHES = ("copies", "local")
_YEARS = re.compile(r"(\d{4})年?(?:\s*[-–—:~～至到]\s*(\d{4})年?)?")


class EmptySelectionError(PolicyCorpusError):
    """Nothing meets the filters; the message names the one that left nothing. No failure of a command."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What belongs to a sub-corpus, to a list or to the answers of a search; every condition that is given must hold.

    ``region`` is a code (or its first two or four digits, or one that is no longer in force) or a name, with its
    sub-regions; ``code`` (an id or Chinese name of the codebook) and ``status`` choose sentences that carry such a
    measure; ``year`` is ``2018`` or ``2018-2020`` and ``since`` the first of many (of the event where it is known, else
    of publication); ``issuer`` a part of the name. Copies are left out unless ``copies``; ``local`` takes local
    sentences alone.
    """

    region: str | None = None
    code: str | None = None
    status: str | None = None
    year: str | int | None = None
    since: str | int | None = None
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
            if key not in names or not (value or (key in SWITCHES and not sign)):
                near = difflib.get_close_matches(key, names, n=1)
                hint = f"did you mean {near[0]}=…?" if near else f"known are {', '.join(names)}"
                raise PolicyCorpusError(f"not a filter: {condition!r}", None, hint)
            values[key] = value if key not in SWITCHES else value.lower() not in ("no", "false", "0")
        return cls(**values)

    def checked(self, labels: Mapping[str, str]) -> "Filter":
        """The same filter with ids for Chinese names of code, status and kind; names that are unknown are refused.

        Parameters
        ----------
        labels
            Chinese name of each code.

        Raises
        ------
        PolicyCorpusError
            A code, status, kind or year is unknown; the nearest one is named.
        """
        from policy_corpus.publish.columns import KIND_WORDS, STATUS_WORDS

        code = _id(self.code, labels, "code")
        status = _id(self.status, STATUS_WORDS, "status")
        kind = _id(self.kind, KIND_WORDS, "kind")
        if self.year is not None:
            years(self.year)
        if self.since is not None and len(set(years(self.since))) > 1:
            raise PolicyCorpusError(
                f"--since {self.since} is more than one year", None, f"give --year {self.since}"
            )
        return replace(self, code=code, status=status, kind=kind)

    def conditions(self) -> dict[str, Any]:
        """The fields that leave anything out, by name; no copies is such a condition, copies are none."""
        return {
            f.name: v for f in fields(self) if (v := getattr(self, f.name)) != getattr(EVERYTHING, f.name)
        }

    def __str__(self) -> str:
        given = [(f.name, getattr(self, f.name)) for f in fields(self)]
        return " ".join(f"--{k}" if v is True else f"--{k} {v}" for k, v in given if v) or "the whole corpus"


EVERYTHING = Filter(copies=True)
"""What is listed and searched where no filter is given: a sentence that was copied stands at each of its places."""


def _id(value: str | None, words: Mapping[str, str], what: str) -> str | None:
    """The id that a person names, by itself or by its Chinese word."""
    found = {zh: key for key, zh in words.items()}.get(value or "", value)
    known(found, words, what)
    return found


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


def years(text: str | int) -> tuple[str, str]:
    """First and last year of ``2018`` or ``2018-2020``.

    Raises
    ------
    PolicyCorpusError
        It is neither, or the last year comes before the first.
    """
    match = _YEARS.fullmatch(str(text).strip())
    if match is None:
        raise PolicyCorpusError(f"not a year: {str(text)!r}", None, "write 2018 or 2018-2020")
    first, last = match[1], match[2] or match[1]
    if first > last:
        raise PolicyCorpusError(f"{text} runs backwards", None, f"write {last}-{first}")
    return first, last
