"""The visible text of an HTML source with the place of every character in it.

The HTML parser keeps no character offsets. Its text nodes come in source order, though, so one linear
scan of the source into a stream of visible text, and a walk of the nodes through that stream, finds them.
"""

import re
from array import array
from bisect import bisect_right
from html import unescape

_TAG = re.compile(  # possessive throughout: every character is looked at once, also when nothing closes
    r"<(?:/?[a-zA-Z][^\s/>]*+(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?)*+(?:>|\Z)"
    r"|!--|[!?/][^>]*+(?:>|\Z))"
)
_RAW_INITIALS = frozenset("!sSiInNxX")
_RAW = re.compile(r"<(script|style|iframe|noembed|noframes|xmp)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,8}|#[0-9]{1,8}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_AHEAD = 4096
"""Characters that a text node may lie ahead of the last one found (white space and dropped text between)."""


def prepared(text: str) -> str:
    """The source as the parser shall see it: equally long, with plain line ends and no NUL."""
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    return text.replace("\0", " ") if "\0" in text else text


def _behind(source: str, tag: "re.Match[str]") -> int:
    """Where text goes on: behind the tag, the comment, or the script or style that the tag opens."""
    start, end = tag.span()
    if end - start == 4 and tag[0] == "<!--":
        close = source.find("-->", end - 2)
        return close + 3 if close >= 0 else len(source)
    raw = _RAW.match(source, start)
    if not raw:
        return end
    name = raw[1].lower()
    while (close := source.find("</", end)) >= 0:
        if source[close + 2 : close + 2 + len(name)].lower() == name:
            return close
        end = close + 2
    return len(source)


class SourceText:
    """Visible text of a page, in order, with its offsets.

    Parameters
    ----------
    source
        Decoded source text as :func:`prepared` returns it.
    """

    def __init__(self, source: str) -> None:
        self._starts: list[int] = []
        self._places: list[int] = []
        self._fixed: list[bool] = []
        parts: list[str] = []
        self._length = 0
        position = 0
        while position < len(source):
            tag = _TAG.search(source, position)
            end = tag.start() if tag else len(source)
            if end > position:
                self._add(source[position:end], position, parts)
            if tag is None:
                break
            # only a comment or the name of a raw text element begins with one of these
            position = _behind(source, tag) if source[end + 1] in _RAW_INITIALS else tag.end()
        self.text = "".join(parts)
        self._cursor = 0

    def _add(self, piece: str, place: int, parts: list[str]) -> None:
        if "&" not in piece:
            self._run(piece, place, False, parts)
            return
        position = 0
        for reference in _REFERENCE.finditer(piece):
            value = unescape(reference[0])
            if value == reference[0]:
                continue
            if reference.start() > position:
                self._run(piece[position : reference.start()], place + position, False, parts)
            kept = 0
            if not reference[0].endswith(";"):  # "&copy2023": only a prefix is a reference
                while (
                    kept < len(value)
                    and kept < len(reference[0])
                    and value[-1 - kept] == reference[0][-1 - kept]
                ):
                    kept += 1
            self._run(value[: len(value) - kept], place + reference.start(), True, parts)
            position = reference.end() - kept
        if position < len(piece):
            self._run(piece[position:], place + position, False, parts)

    def _run(self, piece: str, place: int, fixed: bool, parts: list[str]) -> None:
        self._starts.append(self._length)
        self._places.append(place)
        self._fixed.append(fixed)
        self._length += len(piece)
        parts.append(piece)

    def find(self, node: str) -> int:
        """Place of the next text node in :attr:`text`, or -1; nodes must be asked for in document order."""
        text, cursor = self.text, self._cursor
        if text.startswith(node, cursor):
            self._cursor = cursor + len(node)
            return cursor
        found = text.find(node, cursor, cursor + len(node) + _AHEAD)
        if found < 0 or (len(node.strip()) < 3 and text[cursor:found].strip()):
            return -1
        self._cursor = found + len(node)
        return found

    def offset(self, place: int) -> int:
        """Code-point offset in the source of the character at ``place`` of :attr:`text`."""
        run = bisect_right(self._starts, place) - 1
        return self._places[run] + (0 if self._fixed[run] else place - self._starts[run])

    def offsets(self, start: int, length: int) -> "array[int]":
        """Offsets of ``length`` characters from ``start`` of :attr:`text` on; -1 for all if ``start`` is -1."""
        if start < 0:
            return array("l", [-1]) * length
        made = array("l")
        run = bisect_right(self._starts, start) - 1
        end = start + length
        while start < end:
            stop = min(end, self._starts[run + 1]) if run + 1 < len(self._starts) else end
            if self._fixed[run]:
                made.extend(array("l", [self._places[run]]) * (stop - start))
            else:
                place = self._places[run] + start - self._starts[run]
                made.extend(range(place, place + stop - start))
            start, run = stop, run + 1
        return made
