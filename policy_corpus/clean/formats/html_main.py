"""Which lines of a page are its main text.

Every line has a weight: its characters where it reads like a sentence, minus its characters where it is
link text, a little less than nothing where it is a short label. The main text is the element whose lines
weigh most in sum, deepest first: the maximum subsequence segmentation of Pasternack and Roth (WWW 2009) on
the tree instead of the token stream. Class names, hidden styles and closing headings (相关阅读, 热门评论) only
change weights while they concern the smaller part of the text, so a wrong one cannot empty a page.

The constants were set on the 21 saved pages of the development set, kept where they also hold on the same pages
without class names, headings or paragraphs, and on the invented layouts of the tests.
"""

import re
from dataclasses import dataclass
from itertools import accumulate

from policy_corpus.clean.formats.html_title import declared_titles, title_lines
from policy_corpus.clean.formats.html_tree import FADED, HIDDEN, Element, Tree
from policy_corpus.clean.formats.html_weigh import (
    LABEL_WEIGHT,
    LINKED,
    LINKS_ONLY,
    SENTENCE_WEIGHT,
    Weighed,
    is_linked_sentence,
    weigh,
)
from policy_corpus.clean.formats.html_words import (
    is_attachment,
    is_chrome_name,
    is_comments_head,
    is_unfold_label,
)

_HAN = re.compile(r"[\u3400-\u9fff]")
_TEXT_TAGS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "li", "blockquote", "body", "html")
)
_CHROME_TAGS = frozenset(("nav", "footer", "aside", "menu", "dialog"))
FEW_SENTENCES = 40.0
"""Weight of all sentences of a page under which it is a page of names and figures."""
ELEMENT_SHARE = 0.8
"""Share of the heaviest run of lines that the heaviest element must hold to be preferred."""
SMALLER_PART = 0.5
"""A class name, style or closing heading that would drop more of the page's sentences than this is not believed."""
TITLE_ABOVE = 0.5
"""Share of the page's sentences that must follow a line for it to be the title above the text."""
BEFORE_TITLE_KEEPS = 0.2
"""Weight left to sentences before the title."""
TAIL_BEGINS = 0.3
"""Share of the page's sentences that must stand before a closing heading; sidebars have such headings too."""
WRAPPERS = 4
"""Elements between a paragraph and the text's element that a page editor puts around each paragraph."""
WRAPPED = 2
"""Paragraphs in wrappers of their own below one element that make it the text's element."""
TALK_BEGINS = 0.1
"""Share of the page's sentences, comments among them, that stand at least before a bare 评论: a byline has that
word, too, and the text may follow."""
CLEAR_HEAD = 4
"""Characters from which a heading of comments is clear by itself (网友评论, 全部评论)."""
TAIL_ENDS = 0.6
"""Share of the chosen element's sentences that must stand before a closing heading to end the text there."""
SHORT_ARTICLE = 80.0
"""Weight of sentences before a heading of comments that makes an article, however many comments follow."""
NAMED_CHROME_WEIGHT = -0.3
"""Weight of sentences in an element whose name says comment, sidebar, related, …"""


@dataclass(slots=True)
class MainText:
    """Numbers of the lines that are main text, and the range of the element they stand in."""

    lines: list[int]
    first: int
    last: int
    weighed: list[Weighed]
    declared: list[str]
    """Titles in the page's head."""
    titles: list[tuple[int, int, str]]
    """Places that repeat one: first line, last line, text."""


def _is_chrome(element: Element) -> bool:
    """Whether tag or names say furniture; on a paragraph or cell a name is more often about its looks."""
    if element.tag in _CHROME_TAGS:
        return True
    return bool(element.names) and element.tag not in _TEXT_TAGS and is_chrome_name(element.names)


@dataclass(slots=True)
class _Sums:
    """Running sums over the lines, so that an element costs the same whatever it holds."""

    mass: list[float]
    chars: list[int]
    linked: list[int]
    sentences: list[int]

    @classmethod
    def of(cls, lines: list[Weighed]) -> "_Sums":
        """Sums of positive weights, characters, link characters and sentences before each line."""
        return cls(
            [0.0, *accumulate(max(0.0, line.weight) for line in lines)],
            [0, *accumulate(line.chars for line in lines)],
            [0, *accumulate(line.linked for line in lines)],
            [0, *accumulate(int(line.weight >= SENTENCE_WEIGHT) for line in lines)],
        )

    def links(self, element: Element) -> bool:
        """Whether the element is mostly link text."""
        first, last = element.first, element.last
        return self.linked[last] - self.linked[first] > LINKED * (self.chars[last] - self.chars[first])


def _drop_hidden(tree: Tree, lines: list[Weighed]) -> None:
    """Leave out hidden elements, unless a script was to show the text.

    Then next to no sentence is visible, or a label offers to unfold the rest (展开全文).
    """
    sums, behind = _Sums.of(lines), 0
    folded = any(is_unfold_label(line.text) for line in lines)
    for element in tree.elements:
        if not element.hidden or element.first < behind or element.first == element.last:
            continue
        mass = sums.mass[element.last] - sums.mass[element.first]
        little_else = sums.mass[-1] - mass < FEW_SENTENCES
        revealed = (little_else or folded) and mass >= FEW_SENTENCES and not sums.links(element)
        if (element.hidden == HIDDEN and revealed) or (element.hidden == FADED and not sums.links(element)):
            continue
        behind = element.last
        for line in lines[element.first : element.last]:
            line.dropped = True
            line.weight = 0.0


def _discount_chrome(tree: Tree, lines: list[Weighed]) -> None:
    """Take the sentences of comments, sidebars and the like for less than nothing."""
    sums, behind, named, taken = _Sums.of(lines), 0, [], 0.0
    for element in tree.elements:
        if element.first < behind or element.first == element.last or not _is_chrome(element):
            continue
        mass = sums.mass[element.last] - sums.mass[element.first]
        if mass > SMALLER_PART * sums.mass[-1]:
            continue
        behind = element.last
        named.append(element)
        taken += mass
    nothing_left = sums.mass[-1] - taken < FEW_SENTENCES <= sums.mass[-1]
    for element in named:
        if (
            nothing_left and element.tag not in _CHROME_TAGS
        ):  # the names are about looks: text-header, border-side
            continue
        for line in lines[element.first : element.last]:
            if line.weight > 0:
                line.weight *= NAMED_CHROME_WEIGHT
            line.furniture = True


def _discount_before_title(lines: list[Weighed], titles: list[tuple[int, int, str]]) -> None:
    """Sentences before the page's title are teasers of a sidebar, if the title stands above most of them."""
    total, before = sum(max(0.0, line.weight) for line in lines), 0.0
    places = {first for first, _, _ in titles if not lines[first].linked}
    cut = 0
    for number, line in enumerate(lines):
        if number in places and total - before >= TITLE_ABOVE * total:
            cut = number
        before += max(0.0, line.weight)
    for line in lines[:cut]:
        if line.weight > 0:
            line.weight *= BEFORE_TITLE_KEEPS


def _discount_tail(tree: Tree, lines: list[Weighed]) -> None:
    """Take sentences behind 相关阅读, 网友评论, … for less than nothing, where they are not in the text's element.

    Sidebars before the text have such headings too, so a fair part of the page's sentences must be before it.
    """
    total = sum(max(0.0, line.weight) for line in lines)
    before, tail, talk = 0.0, False, False
    holders: set[int] = set()
    wrappers: dict[int, int] = {}
    for number, line in enumerate(lines):
        if line.tail_head and not talk:
            if before >= SHORT_ARTICLE and not line.linked and is_comments_head(line.text):
                talk = before >= TALK_BEGINS * total or len(line.text) >= CLEAR_HEAD
            tail = tail or talk or before > TAIL_BEGINS * total
        if line.weight <= 0:
            continue
        holder = _holder(tree, number)
        above = [] if holder in holders else _ancestors(tree, holder)
        if tail and (talk or (above and not any(wrappers.get(element, 0) >= WRAPPED for element in above))):
            line.weight *= NAMED_CHROME_WEIGHT
            continue
        before += line.weight
        if not tail and holder not in holders and line.weight >= SENTENCE_WEIGHT / 2:
            holders.add(holder)
            for element in above:
                wrappers[element] = wrappers.get(element, 0) + 1


def _spare_labels(tree: Tree, lines: list[Weighed]) -> None:
    """A label in the element of sentences (a name in a list below its sentence) weighs nothing, not less."""
    holders = {_holder(tree, n) for n, line in enumerate(lines) if line.weight >= SENTENCE_WEIGHT / 2}
    for number, line in enumerate(lines):
        if (
            line.weight == LABEL_WEIGHT
            and not line.linked
            and not line.furniture
            and _holder(tree, number) in holders
        ):
            line.weight = 0.0


def _ancestors(tree: Tree, element: int) -> list[int]:
    """The elements next above one, nearest first."""
    found: list[int] = []
    while element >= 0 and len(found) < WRAPPERS:
        element = tree.elements[element].parent
        found.append(element)
    return found


def _heaviest(tree: Tree, lines: list[Weighed]) -> tuple[int, int]:
    """Range of the deepest element with the greatest sum of weights, (0, 0) where all are below nothing.

    Where no element holds most of what the heaviest run of lines does (text and links side by side in one
    element), the run is taken.
    """
    sums = [0.0, *accumulate(line.weight for line in lines)]
    best, best_sum = (0, 0), 0.0
    for element in tree.elements:
        mass = sums[element.last] - sums[element.first]
        if mass > 0 and mass >= best_sum - 1e-9:
            best, best_sum = (element.first, element.last), mass
    run, run_sum, lowest = (0, 0), 0.0, 0
    for number in range(len(lines)):
        if sums[number] < sums[lowest]:
            lowest = number
        if sums[number + 1] - sums[lowest] > run_sum:
            run, run_sum = (lowest, number + 1), sums[number + 1] - sums[lowest]
    return run if best_sum < ELEMENT_SHARE * run_sum else best


def _with_labels_below(tree: Tree, lines: list[Weighed], first: int, last: int) -> int:
    """The end of the main text with the names, figures and signature that stand below it in the same element."""
    if last <= first:
        return last
    holder = _holder(tree, last - 1)
    while last < len(lines) and lines[last].weight == 0 and not lines[last].dropped:
        if tree.lines[last].heading or _holder(tree, last) != holder:
            break
        last += 1
    return last


def _same_table(tree: Tree, lines: list[Weighed], first: int) -> bool:
    """Whether the row above belongs to the same table and is data, not links."""
    above = first - 1
    data = tree.lines[above].row and lines[above].weight == 0 and not lines[above].dropped
    return data and _holder(tree, above) == _holder(tree, first)


def _tail_cut(lines: list[Weighed], first: int, last: int) -> int:
    """Where the main text ends: the first closing heading behind most of the sentences."""
    total = sum(max(0.0, line.weight) for line in lines[first:last])
    before = 0.0
    for number in range(first, last):
        line = lines[number]
        if line.tail_head and before >= TAIL_ENDS * total:
            return number
        before += max(0.0, line.weight)
    return last


def main_text(tree: Tree) -> MainText:
    """Choose the lines of the main text."""
    lines = [weigh(line) for line in tree.lines]
    if sum(max(0.0, line.weight) for line in lines) < FEW_SENTENCES:
        lines = [weigh(line, is_linked_sentence(line)) for line in tree.lines]
    _drop_hidden(tree, lines)
    _discount_chrome(tree, lines)
    declared = declared_titles(tree)
    titles = title_lines([None if line.dropped else line.text for line in lines], declared)
    _discount_before_title(lines, titles)
    _spare_labels(tree, lines)
    _discount_tail(tree, lines)
    first, last = _heaviest(tree, lines)
    if sum(max(0.0, line.weight) for line in lines[first:last]) < FEW_SENTENCES:
        kept, first, last = _without_sentences(tree, lines)
        return MainText(kept, first, last, lines, declared, titles)
    last = _with_labels_below(tree, lines, first, last)
    while first and tree.lines[first].row and _same_table(tree, lines, first):
        first -= 1
    end = _tail_cut(lines, first, last)
    kept = _trim(tree, _select(tree, lines, first, end), lines)
    return MainText(kept, first, last, lines, declared, titles)


def _select(tree: Tree, lines: list[Weighed], first: int, last: int) -> list[int]:
    """Lines of the range that are neither furniture, nor links, nor in a part that weighs less than nothing."""
    sums, behind = _Sums.of(lines), first
    bad = bytearray(len(lines))
    for element in tree.elements:
        inside = behind <= element.first and element.last <= last and element.last - element.first >= 2
        if not inside or (element.first, element.last) == (first, last) or not sums.links(element):
            continue
        if sums.sentences[element.first] == sums.sentences[element.last]:
            bad[element.first : element.last] = b"\1" * (element.last - element.first)
            behind = element.last
    kept = []
    for number in range(first, last):
        line = lines[number]
        if line.dropped or line.furniture or bad[number]:
            continue
        if line.linked > LINKS_ONLY * line.chars and not line.marks:
            continue
        kept.append(number)
    return kept


def _trim(tree: Tree, kept: list[int], lines: list[Weighed]) -> list[int]:
    """Drop labels before the first and behind the last line that reads like text.

    Short lines that stand beside them in the same element (a byline, a credit, a signature) stay.
    """
    firm = [position for position, number in enumerate(kept) if _reads_like_text(lines[number])]
    if not firm:
        return kept
    first, last = firm[0], firm[-1]
    while first and _beside(tree, kept[first - 1], kept[first], lines):
        first -= 1
    while last + 1 < len(kept) and _beside(tree, kept[last + 1], kept[last], lines):
        last += 1
    return kept[first : last + 1]


def _reads_like_text(line: Weighed) -> bool:
    return line.weight > 0 or (line.marks > 0 and not line.linked) or is_attachment(line.text)


def _beside(tree: Tree, label: int, text: int, lines: list[Weighed]) -> bool:
    """Whether a label with words in it stands in the same element as a line of text, next to it."""
    if abs(label - text) > 2 or len(_HAN.findall(lines[label].text)) < 2 or lines[label].linked:
        return False
    return _holder(tree, label) == _holder(tree, text)


def _holder(tree: Tree, number: int) -> int:
    """The element that a line's paragraph stands in."""
    element = tree.lines[number].element
    if element >= 0 and tree.elements[element].tag in _TEXT_TAGS:
        return tree.elements[element].parent
    return element


def _without_sentences(tree: Tree, lines: list[Weighed]) -> tuple[list[int], int, int]:
    """A page of names, figures or a single label: the element with the most unlinked characters."""
    for line in lines:
        plain = not (line.dropped or line.furniture or line.linked > LINKED * line.chars)
        line.weight = (
            float(line.chars) if plain and line.chars >= 2 else min(LABEL_WEIGHT, -float(line.linked))
        )
    first, last = _heaviest(tree, lines)
    kept = [number for number in range(first, last) if lines[number].weight > 0]
    return kept, first, last
