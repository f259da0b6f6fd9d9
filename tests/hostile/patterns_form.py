"""What the form of a regular expression says about its time, without running it.

A pattern is read as an automaton with a state for each of its characters (Glushkov's). Its time doubles with each
character where some word leads from a state to itself in two ways. It grows with the square of a text where some word
leads from a loop into itself, from it into a later loop and from that into itself, and what follows may fail; the scan
of ``search`` is such a first loop. After Weber and Seidl, "On the degree of ambiguity of finite automata", Theoretical
Computer Science 88 (1991). References back and what stands around a place are taken to hold.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from re import _compiler, _parser  # type: ignore[attr-defined]
from re import _constants as op  # type: ignore[attr-defined]
from typing import Any, NamedTuple

ENDLESS = 100
"""A repeat of more than this is taken for one without end."""
OFTEN = 8
"""A repeat of several parts more often than this is long enough to hang where it can be read in two ways."""
_USUAL = "az AZ09_-.,:/\t\n\r\u3000云七，。（《“😀~"
_START = "\x02"
"""Stands for what is before a text."""
_ALL = -1
_CHARACTER = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)
_REPEAT = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_States = tuple[tuple[int, int], ...]
"""States, each with the characters that may follow (or begin) there."""


class _Part(NamedTuple):
    """States a part begins and ends with, those of the ends that nothing can take back; what an empty match means."""

    first: tuple[int, ...] = ()
    last: _States = ()
    sure: tuple[int, ...] = ()
    empty: bool = True
    empty_sure: bool = True
    leaves: int = _ALL
    """Characters that may follow an empty match."""


class Form:
    """The automaton of a pattern; ``hang`` tells repeats of several parts from 9 times on for loops."""

    def __init__(self, pattern: re.Pattern[Any], *, hang: bool = False) -> None:
        text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
        self.flags = pattern.flags & (re.I | re.M | re.S | re.X | re.A)
        self.tree, self.many = _parser.parse(text, self.flags), OFTEN if hang else ENDLESS
        self.chars = "".join({*_USUAL, _START, *_literals(self.tree)})
        self.sets: list[int] = []
        self.edges: dict[tuple[int, int], int] = {}
        self.twice: set[tuple[int, int]] = set()
        self._turning: set[int] = set()
        self._known: dict[str, int] = {}
        whole = self._sequence(self.tree, head=True, inside=False)
        self.first, self.sure = whole.first, set(whole.sure)
        self.next: list[list[int]] = [[] for _ in self.sets]
        for start, end in self.edges:
            self.next[start].append(end)
        self.reach = {state: self._reached(state) for state in self._turning}
        self.loops = {frozenset(b for b in self.reach[a] if a in self.reach.get(b, ())) for a in self.reach}
        self.loops -= {frozenset()}

    # ---- building

    def _join(self, ends: _States, starts: tuple[int, ...]) -> None:
        for (end, allowed), start in product(ends, starts):
            chars = self.sets[start] & allowed
            if chars & self.edges.get((end, start), 0):
                self.twice.add((end, start))
            if chars:
                self.edges[end, start] = chars | self.edges.get((end, start), 0)

    def _sequence(self, nodes: Iterable[Any], *, head: bool, inside: bool) -> _Part:
        whole = _Part()
        for node in nodes:
            part = self._part(node, head=head and not whole.last, inside=inside)
            self._join(whole.last, part.first)
            behind = tuple((end, allowed & part.leaves) for end, allowed in whole.last)
            whole = _Part(
                whole.first + part.first if whole.empty else whole.first,
                part.last + behind if part.empty else part.last,
                part.sure + whole.sure if part.empty and part.empty_sure else part.sure,
                whole.empty and part.empty,
                whole.empty_sure and part.empty_sure,
                whole.leaves & part.leaves,
            )
        return whole

    def _part(self, node: Any, *, head: bool, inside: bool) -> _Part:
        kind, value = node
        if kind in _CHARACTER:
            return self._state(self._matched(node))
        if kind in (op.SUBPATTERN, op.ATOMIC_GROUP):
            return self._sequence(value[3] if kind is op.SUBPATTERN else value, head=head, inside=inside)
        if kind is op.BRANCH:
            ways = [self._sequence(way, head=head, inside=inside) for way in value[1]]
            first, last, sure = (sum((way[n] for way in ways), ()) for n in range(3))
            empty_sure = all(way.empty_sure for way in ways if way.empty)
            return _Part(first, last, sure, any(way.empty for way in ways), empty_sure)  # type: ignore[arg-type]
        if kind in _REPEAT:
            return self._repeat(*value, kept=kind is op.POSSESSIVE_REPEAT, head=head, inside=inside)
        if kind is op.AT and head and value in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
            line = self._matched((op.LITERAL, 10)) if self.flags & re.M and value is op.AT_BEGINNING else 0
            return self._state(line | self._matched((op.LITERAL, ord(_START))))
        if kind in (op.ASSERT, op.ASSERT_NOT):
            return self._around(kind is op.ASSERT, value[0] < 0, list(value[1]), head=head)
        return _Part(empty_sure=False)

    def _repeat(self, low: int, high: int, body: Any, *, kept: bool, head: bool, inside: bool) -> _Part:
        if 1 < low == high <= 4:
            return self._sequence([*body] * low, head=head, inside=inside)
        one = len(body) == 1 and body[0][0] in _CHARACTER
        loop = high > (1 if inside and low != high else ENDLESS if one else self.many)
        before = len(self.sets)
        part = self._sequence(body, head=head, inside=inside or loop)
        if loop:
            self._join(part.last, part.first)
            self._turning.update(range(before, len(self.sets)))
        if kept and one and high > ENDLESS:  # what it could have taken cannot follow
            part = part._replace(
                last=tuple((end, ~self.sets[end]) for end, _ in part.last), leaves=~self.sets[part.first[0]]
            )
        return part._replace(empty=part.empty or low == 0, empty_sure=part.empty_sure or low == 0)

    def _around(self, wanted: bool, behind: bool, body: list[Any], *, head: bool) -> _Part:
        """One character before a match counts as its first; what is looked at ahead is read and never enough."""
        if behind and head and len(body) == 1 and body[0][0] in _CHARACTER:
            found = self._matched(body[0])
            return self._state(found if wanted else (1 << len(self.chars)) - 1 & ~found)
        return _Part(() if behind else self._sequence(body, head=False, inside=False).first, empty_sure=False)

    def _state(self, chars: int) -> _Part:
        self.sets.append(chars)
        place = len(self.sets) - 1
        return _Part((place,), ((place, _ALL),), (place,), empty=False)

    def _matched(self, node: Any) -> int:
        """Characters that a node takes, as bits."""
        if node[0] is op.LITERAL and not self.flags & re.I:
            return 1 << self.chars.index(chr(node[1]))
        key = str(node)
        if key not in self._known:
            one = _compiler.compile(_parser.SubPattern(self.tree.state, [node]), self.flags)
            chars = sum(1 << match.start() for match in one.finditer(self.chars))
            self._known[key] = chars & ~(1 << self.chars.index(_START))
        return self._known[key]

    # ---- judging

    def _reached(self, state: int) -> set[int]:
        seen: set[int] = set()
        wave = [state]
        while wave:
            new = [end for end in self.next[wave.pop()] if end not in seen]
            seen.update(new)
            wave += new
        return seen

    def doubles(self) -> bool:
        """Whether some word leads from a state to itself in two ways."""
        return any(
            any(start in loop and end in loop for start, end in self.twice)
            or self._leads(
                [(a, a) for a in loop],
                (loop, loop),
                lambda old, new: bool(new[0] == new[1] and old[0] != old[1]),
            )
            for loop in self.loops
        )  # fmt: skip

    def squares(self, *, scanned: bool) -> bool:
        """Whether some word leads from a loop into itself, into a later one that may fail, and from that into itself."""
        every = set(range(len(self.sets)))
        later = [loop for loop in self.loops if not loop & self.sure]
        for loop in later:
            entry = [(a, b) for a in self.first for b in loop if self.sets[a] & self.sets[b]]
            if scanned and (
                any(a == b for a, b in entry) or self._leads(entry, (every, loop), lambda _, n: n[0] == n[1])
            ):
                return True
        return any(
            self._leads([(a, a, b)], (one, every, loop), lambda _, new, a=a, b=b: new == (a, b, b))
            for loop in later
            for one in self.loops - {loop}
            if any(loop & self.reach[a] for a in one)
            for a in one
            for b in loop
        )  # fmt: skip

    def _leads(self, wave: list[Any], within: tuple[Any, ...], found: Callable[[Any, Any], bool]) -> bool:
        """Whether states that read the same characters side by side come to where ``found`` holds."""
        seen = set(wave)
        while wave:
            old = wave.pop()
            for new in product(
                *([b for b in self.next[a] if b in w] for a, w in zip(old, within, strict=True))
            ):
                shared = _ALL
                for step in zip(old, new, strict=True):
                    shared &= self.edges[step]
                if shared and found(old, new):
                    return True
                if shared and new not in seen:
                    seen.add(new)
                    wave.append(new)
        return False


def _literals(nodes: Any) -> Iterator[str]:
    """Characters that a pattern names, and those at the ends of its ranges."""
    if len(nodes) == 2 and nodes[0] in (op.LITERAL, op.NOT_LITERAL):
        yield chr(nodes[1])
    elif len(nodes) == 2 and nodes[0] is op.RANGE:
        yield from (chr(nodes[1][0]), chr(nodes[1][1]), chr(sum(nodes[1]) // 2))
    else:
        for inner in nodes:
            if isinstance(inner, (list, tuple, _parser.SubPattern)):
                yield from _literals(inner)
