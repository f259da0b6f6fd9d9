"""Regions as people name them: by code, by its first digits, by name; and the nearest ones where there is none."""

import difflib
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from policy_corpus.annotate.regions import find_regions, region_prefix
from policy_corpus.errors import PolicyCorpusError

if TYPE_CHECKING:
    from policy_corpus.annotate.regions import Gazetteer

Row = dict[str, Any]
NEAR_NAMES = 3
_SHORT_CODE = re.compile(r"\d{2}(?:\d{2}){0,2}")


class RegionFinder:
    """Finds the region that a person means.

    Parameters
    ----------
    documents
        Gives the documents of the corpus (``region_code``, ``region_name``): of several regions with one name those
        that stand there are meant, and near names are looked for there first.
    """

    def __init__(self, gazetteer: "Gazetteer", documents: Callable[[], Sequence[Row]]) -> None:
        self.gazetteer = gazetteer
        self._documents = documents

    def test(self, region: str) -> Callable[[str | None, str | None], bool]:
        """A test whether a code and full name of a document lie in a region.

        Raises
        ------
        PolicyCorpusError
            No such region, or several of this name.
        """
        prefixes, unit = self.prefixes(region)
        if unit is not None:
            return lambda _, full_name: unit in (full_name or "")
        return lambda own, _: own is not None and own.startswith(prefixes)

    def prefixes(self, region: str) -> tuple[tuple[str, ...], str | None]:
        """Digits that today's codes within a region begin with, several where a former region was divided.

        The second value is the name of a unit without a code of its own.

        Raises
        ------
        PolicyCorpusError
            No such region, or several of this name.
        """
        gazetteer = self.gazetteer
        code = region.strip().ljust(6, "0")
        if code.isdigit() and code in gazetteer.by_code:
            return tuple(map(region_prefix, gazetteer.today(code))), None
        if former := self._former(region):
            return tuple(sorted(map(region_prefix, former))), None
        code, unit = self.find(region)
        return (region_prefix(code),), unit

    def find(self, region: str) -> tuple[str, str | None]:
        """Code of a region, and its name if it is a unit without a code of its own."""
        from policy_corpus.clean.script import to_simplified

        region = to_simplified(region.strip())
        if region.isdigit():
            code = region.ljust(6, "0")
            if _SHORT_CODE.fullmatch(region) and code in self.gazetteer.by_code:
                return self.gazetteer.today(code)[0], None
            raise unknown_region(region, self._near_codes(code))
        if former := self._former(region):
            if len(former) == 1:
                return former.pop(), None
            named = "，".join(self._say(code) for code in sorted(former)[:6])
            raise PolicyCorpusError(f"{region!r} was divided", None, f"give the code: {named}")
        if region not in self.gazetteer.names:  # with its province before it
            whole = find_regions(region, self.gazetteer)
            if len(whole) == 1 and whole[0].text == region and whole[0].code:
                region = whole[0].code
                return self.gazetteer.today(region)[0], None
        matches = {(r.code, r.name if r.level == "unit" else None) for r in self._named(region)}
        if len(matches) == 1:
            return matches.pop()
        if matches:
            here = {m for m in matches if any(self._stands(row, *m) for row in self._documents())}
            if len(here) == 1:
                return here.pop()
            named = "，".join(self._say(code) for code, _ in sorted(here or matches, key=str)[:6])
            raise PolicyCorpusError(f"{region!r} names several regions", None, f"give the code: {named}")
        raise unknown_region(region, self._near_names(region))

    def _former(self, name: str) -> set[str]:
        """Today's codes of what only was once called so."""
        called = self.gazetteer.names.get(name, [])
        if any(one.end is None for one in called):
            return set()
        return {now for one in called for now in one.now}

    def _named(self, name: str) -> list[Any]:
        found = [r for r in self.gazetteer.names.get(name, ()) if r.end is None]
        if not found:
            codes = {row["region_code"] for row in self._documents() if row["region_name"] == name}
            found = [self.gazetteer.current[code] for code in codes if code in self.gazetteer.current]
        return found

    def _stands(self, row: Row, code: str, unit: str | None) -> bool:
        return unit in (row["region_name"] or "") if unit else row["region_code"] == code

    def _say(self, code: str) -> str:
        return f"{code} {self.gazetteer.full_name(code) if code in self.gazetteer.current else ''}".strip()

    def _near_codes(self, code: str) -> list[str]:
        """Codes of the corpus in the same prefecture, else in the same province; others are like by chance."""
        present = sorted({row["region_code"] for row in self._documents() if row["region_code"]})
        for digits in (4, 2):
            inside = [one for one in present if one.startswith(code[:digits])]
            if near := difflib.get_close_matches(code, inside, n=NEAR_NAMES, cutoff=0.0):
                return [self._say(one) for one in near]
        return []

    def _near_names(self, name: str) -> list[str]:
        """Names of the corpus first, then of the gazetteer, most like the one given."""
        bare: dict[str, str] = {}
        for row in self._documents():
            code = row["region_code"]
            if code in self.gazetteer.current:
                bare.setdefault(self.gazetteer.current[code].name, code)
        near = difflib.get_close_matches(name, list(bare), n=NEAR_NAMES, cutoff=0.4)
        shown = [f"{one} {bare[one]}" for one in near]
        everywhere = difflib.get_close_matches(name, list(self.gazetteer.names), n=NEAR_NAMES, cutoff=0.6)
        shown += [f"{one} {self.gazetteer.names[one][0].code}" for one in everywhere if one not in near]
        return shown[:NEAR_NAMES]


def unknown_region(region: str, near: Sequence[str]) -> PolicyCorpusError:
    """The error for a region that nothing is known of."""
    hint = "nearest: " + "，".join(near) if near else "see: policy-corpus list DIR regions"
    return PolicyCorpusError(f"unknown region {region!r}", None, hint)
