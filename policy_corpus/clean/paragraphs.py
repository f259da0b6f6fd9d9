"""Hard-wrapped lines become paragraphs again."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from policy_corpus.clean.blocks import Block
from policy_corpus.clean.bounds import one_of
from policy_corpus.clean.byline import is_byline
from policy_corpus.clean.lines import ENUMERATOR, Line, ends_sentence, goes_on, letters

FULL_LINES = 3
"""Lines of one width, broken in mid-sentence, from which a text counts as hard-wrapped."""
WIDTH_SLACK = 3
"""Characters by which a wrapped line may fall short of the full width (marks hang over, Latin words)."""

_OPEN_END = tuple("，,、")
_CLOSED_END = tuple("。！？!?；;：:”’）)】》…")
_CREDIT = re.compile(r"(?:(?:记者|通讯员|图|文)[^。，]{0,16}摄|供图)$")
LONGEST_CREDIT = 20
"""Characters of the words that name a photographer at a line's end."""
_LATIN = re.compile(r"[A-Za-z]")
_BLANK = Line(Block(" ", [-1]), " ")
_REMAINDER = re.compile(r"[\u4e00-\u9fff]{1,3}[。，；]")
_ATTACHED = re.compile(r"^(?:附件|附[:：]|（?联系人|抄送|主题词)")


def paragraphs(lines: Sequence[Line], title: str) -> list[Line]:
    """Lines with those joined that a fixed line width broke in mid-sentence.

    Parameters
    ----------
    lines
        Body of one document.
    title
        Its title: a body line that repeats it in two halves is joined too.
    """
    width = _wrap_width(lines)
    broken = sum(_mid_sentence(a, b) for a, b in pairwise(lines))
    out: list[list[Line]] = []
    for number, line in enumerate(lines):
        inner = number + 1 < len(lines) and _is_inner(lines, number)
        if out and (inner or _follows_inner(lines, number) or _goes_on(out[-1], line, width, broken, title)):
            out[-1].append(line)
        else:
            out.append([line])
    return [_merged(group) for group in out]


def _is_inner(lines: Sequence[Line], number: int) -> bool:
    """Whether a line is the text of a link inside a sentence: open above, and a mark goes on below."""
    above, below = lines[number - 1], lines[number + 1]
    roles = {above.block.role, lines[number].block.role, below.block.role}
    return number > 0 and roles == {"paragraph"} and goes_on(below.norm) and not _is_closed(above.norm)


def _follows_inner(lines: Sequence[Line], number: int) -> bool:
    roles = {lines[number - 1].block.role, lines[number].block.role}
    return number > 0 and roles == {"paragraph"} and goes_on(lines[number].norm)


def _merged(group: list[Line]) -> Line:
    if len(group) == 1:
        return group[0]
    apart: list[Line] = [group[0]]
    for above, below in pairwise(group):
        if _LATIN.match(above.text[-1:]) and _LATIN.match(below.text):
            apart.append(_BLANK)
        apart.append(below)
    return Line(one_of([x.block for x in apart]), "".join(x.norm for x in apart))


def _is_closed(norm: str) -> bool:
    """Whether a line ends with a mark that ends a sentence, or with the name of a photographer."""
    return norm.endswith(_CLOSED_END) or _CREDIT.search(norm, max(0, len(norm) - LONGEST_CREDIT)) is not None


def _goes_on(group: list[Line], line: Line, width: int | None, broken: int, title: str) -> bool:
    last = group[-1]
    a, b = last.norm, line.norm
    if {last.block.role, line.block.role} != {"paragraph"} or ENUMERATOR.match(b) or _is_closed(a):
        return False
    if is_byline(b) or is_byline(a) or _ATTACHED.match(b):
        return False
    if len(group) == 1 and title and _is_title(a, b, title):
        return True
    if a.endswith(_OPEN_END):
        return len(a) >= 10
    if width and (abs(len(a) - width) <= WIDTH_SLACK or _REMAINDER.match(b)):
        return True
    return _mid_sentence(last, line) and (broken >= 2 or "。" in a or bool(re.match(r"\d{1,2}[.．、]", a)))


def _is_title(above: str, below: str, title: str) -> bool:
    own = letters(title)
    first = letters(above, len(own) + 1)
    return own.startswith(first) and first + letters(below, len(own) + 1) == own


def _mid_sentence(last: Line, line: Line) -> bool:
    """Whether a sentence seems to run over from one line to the next."""
    a, b = last.norm, line.norm
    if len(a) < 18 or _is_closed(a) or not re.search(r"[，,。、]", a) or ENUMERATOR.match(b):
        return False
    return re.search(r"[，,。；]", b) is not None and len(b) <= len(a) + 30


def _wrap_width(lines: Sequence[Line]) -> int | None:
    """Width at which a text was wrapped, or None."""
    open_lines = [
        len(x.norm)
        for x in lines
        if not ends_sentence(x.norm) and x.block.role == "paragraph" and len(x.norm) >= 18
    ]
    if len(open_lines) < FULL_LINES:
        return None
    lengths = Counter(open_lines)
    width = max(lengths, key=lambda w: (lengths[w - 1] + lengths[w] + lengths[w + 1], w))
    full = sum(abs(width - v) <= WIDTH_SLACK for v in open_lines)
    longer = sum(len(x.norm) > width + WIDTH_SLACK for x in lines)
    return width if full >= max(FULL_LINES, len(lines) // 5) and longer * 5 <= full else None
