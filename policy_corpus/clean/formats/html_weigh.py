"""What a line of a page weighs by itself: a sentence its length, link text its length below nothing."""

import re
from dataclasses import dataclass

from policy_corpus.clean.formats.html_tree import Line
from policy_corpus.clean.formats.html_words import is_attachment, is_furniture, is_tail_head

_SENTENCE_MARK = re.compile(r"[，。；！？、…]|[\u3400-\u9fff][,;!?](?=[\s\u3400-\u9fff“]|$)|[a-z][,.] ")
_TEASER = re.compile(r"(?:…|\.\.\.|。。。)(?:\s*[\[【]?(?:详细|全文|更多|阅读全文|查看全文)?[\]】]?)?$")
_STOP = re.compile(r"[。！？；…][”’」』）)]?$")
_SPACE = re.compile(r"\s+")
_STAMP = re.compile(r"[\s\d:：/.年月日\[\]()（）【】|·•-]*")
_POSTED = re.compile(r"^.{0,12}(?:发表|回复|发布)于\s*+[:：]?\s*+(?:19|20)\d{2}\s*[-/年].{0,40}$")
"""Time of a post: the second one on a page stands above an answer."""
LABEL_WEIGHT = -3.0
ATTACHMENT_WEIGHT = 12.0
"""Weight of a list of attachments, which may stand in an element of its own below the text."""
LONG_ROW = 60
"""Characters from which a table row can be text in columns; a shorter one is data and weighs nothing."""
LINKED = 0.5
"""Share of link text from which a line counts as links."""
_MARKS_READ = 2000
"""Characters of a line in which sentence marks are counted."""
LINKS_ONLY = 0.7
"""Share of link text from which a line inside the text is left out."""
SENTENCE_WEIGHT = 40.0
"""Weight from which a line among links is a sentence of the text."""
TEASER_KEEPS = 0.25
"""Weight left to a line that breaks off with dots."""


@dataclass(slots=True)
class Weighed:
    """A line's text and numbers for the choice."""

    text: str
    chars: int
    linked: int
    marks: int
    weight: float = 0.0
    dropped: bool = False
    furniture: bool = False
    tail_head: bool = False


def is_linked_sentence(line: Line) -> bool:
    """Whether a line of link text is a long sentence: a link tag was left open before the text."""
    text = "".join([piece[0] for piece in line.pieces]).strip()
    return len(text) >= SENTENCE_WEIGHT / 2 and bool(_STOP.search(text))


def weigh(line: Line, linked_is_text: bool = False) -> Weighed:
    """Count a line's characters, link characters and sentence marks, and weigh it by itself."""
    text = _SPACE.sub(" ", "".join(piece[0] for piece in line.pieces)).strip()
    chars = len(text)
    linked = 0 if linked_is_text else sum(len(piece[0].strip()) for piece in line.pieces if piece[2])
    plain = text if not linked else "".join(piece[0] for piece in line.pieces if not piece[2])
    if linked and _STAMP.fullmatch(plain):  # a list of links with their dates
        linked = chars
    made = Weighed(text, chars, linked, len(_SENTENCE_MARK.findall(plain[:_MARKS_READ])))
    own = max(0, chars - linked)
    made.tail_head = is_tail_head(text) or bool(_POSTED.match(text))
    made.furniture = made.tail_head or (linked <= LINKS_ONLY * chars and is_furniture(text))
    if made.furniture:
        made.weight = LABEL_WEIGHT
    elif linked > LINKED * chars:
        made.weight = min(LABEL_WEIGHT, -float(linked))
    elif line.row and own < LONG_ROW:
        made.weight = 0.0
    elif is_attachment(text):
        made.weight = ATTACHMENT_WEIGHT
    elif made.marks:
        ends = own >= 60 or _STOP.search(text)
        made.weight = own * (
            0.25 if own < 15 else TEASER_KEEPS if _TEASER.search(text) else 1.0 if ends else 0.5
        )
    elif line.heading:
        made.weight = 0.0
    elif own >= 40:
        made.weight = own * 0.3
    else:
        made.weight = LABEL_WEIGHT
    return made
