"""Where the text of an HTML page stands in its source.

The parser reports texts, scripts and comments in source order, but without places. Each is looked for from
the end of the one before; between two of them there are only tags, so the search is short, and what it finds
inside a tag (an attribute that repeats the text) is passed over.
"""

import html
import re
from functools import lru_cache

_REFERENCE = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,8}|#[0-9]{1,8}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_TAGS = re.compile(r"(?:<[^<>]*+>)*+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NEAR = 4096
"""Characters in which the next text is looked for first."""
_FAR = 20
"""Lengths of the page that searches beyond that may cost in all (a picture inside an attribute may be longer)."""
_REFERENCE_LONGEST = 2
"""Characters that a character reference can stand for."""


def prepared(text: str) -> str:
    """The source as the parser shall see it: equally long, with plain line ends, no NUL and no lone surrogate."""
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", " ")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub(" ", text)
    return text


unescape = lru_cache(maxsize=1024)(html.unescape)
"""Character references read; a page uses few different ones."""


class SourceText:
    """The source of a page, and how far it has been read.

    Parameters
    ----------
    source
        Decoded source text as :func:`prepared` returns it.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._cursor = 0
        self._far = _FAR * len(source)

    def find(self, text: str) -> int:
        """Offset of the next text that the parser reports, -1 if it is not in the source."""
        source, cursor = self.source, self._cursor
        if source.startswith(text, cursor):
            self._cursor = cursor + len(text)
            return cursor
        if text.isspace() and text != "\xa0":
            return -1
        is_short = len(text) <= _REFERENCE_LONGEST
        if is_short and source.startswith("&", cursor) and self._pass_reference(text, cursor):
            return cursor
        behind = _TAGS.match(source, cursor, cursor + _NEAR)
        place = behind.end() if behind else cursor
        if text[0] not in "<&" and source.startswith(text, place):
            self._cursor = place + len(text)
            return place
        if is_short:
            return self._find_short(text)
        end = cursor + len(text) + _NEAR
        found = self._outside_tags(text, end)
        if found < 0 and end < len(source) and self._far > 0:
            found = self._outside_tags(text, len(source))
            self._far -= (found if found >= 0 else len(source)) - cursor
        if found >= 0:
            self._cursor = found + len(text)
        return found

    def pass_comment(self, text: str) -> None:
        """Go on behind a comment."""
        found = self.source.find("<!--", self._cursor, self._cursor + _NEAR)
        if found >= 0 and self.source.startswith(text, found + 4):
            self._cursor = found + 4 + len(text)

    def offsets(self, text: str, place: int) -> range | list[int]:
        """Offsets of a text that was found at ``place``; those of a character reference are all the same."""
        if place < 0 or (len(text) <= _REFERENCE_LONGEST and self.source[place] == "&"):
            return [place] * len(text)
        return range(place, place + len(text))

    def _find_short(self, text: str) -> int:
        """A character or two further on: as they are or as a character reference, whichever comes first."""
        end = self._cursor + _NEAR
        found = self._outside_tags(text, end)
        place = self._outside_tags("&", found if found >= 0 else end)
        if place >= 0 and self._pass_reference(text, place):
            return place
        if found >= 0:
            self._cursor = found + len(text)
        return found

    def _pass_reference(self, text: str, place: int) -> bool:
        """Go on behind the character reference at a place, if it stands for the text."""
        reference = _REFERENCE.match(self.source, place)
        if reference is None or not unescape(reference[0]).startswith(text):
            return False
        whole = reference[0].endswith(";")  # without it, letters behind may be text
        self._cursor = reference.end() if whole else place + 2
        return True

    def _outside_tags(self, text: str, end: int) -> int:
        """First place of a text before ``end`` that is not inside a tag."""
        source, start = self.source, self._cursor
        while (found := source.find(text, start, end)) >= 0:
            opened = source.rfind("<", start, found)
            if opened < 0 or source.find(">", opened, found) >= 0:
                return found
            closed = source.find(">", found, end)
            if closed < 0:
                return -1
            start = closed + 1
        return -1
