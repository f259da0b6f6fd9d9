"""Spoiled characters made good where that is certain: pinyin in brackets, lost bytes, doubled marks, noise.

Every repair removes characters or rewrites them one for one, so each character keeps its place.
"""

import re
from array import array
from collections.abc import Iterable, Sequence
from functools import cache

from policy_corpus.clean.blocks import Block
from policy_corpus.clean.bounds import bounded_blocks
from policy_corpus.clean.formats.html_source import unescape
from policy_corpus.clean.lines import HAN, Line, cut, han_count, trimmed, without
from policy_corpus.clean.script import is_traditional, to_simplified

MIRROR_BRACKETS = 3
"""Pinyin brackets from which a page counts as a mirror; glosses in honest texts come singly."""
MIRROR_DENSITY = 1 / 300
"""Pinyin brackets per Han character of a mirror; spoiled pages seen have 1/4 to 1/40."""
SPAM_REPEATS = 3
"""Times a foreign phrase must stand inside words before it is taken out."""
SPAM_READ = 50_000
"""Characters of a page in which such phrases are looked for: they stand all over it."""
MOST_SPAM = 20
"""Phrases that are taken out of one page at most."""

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_SYLLABLE = (
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    rf"(?:[aeiouüvɡ{_TONED}]{{1,3}})(?:ng|nɡ|n|r)?|m|n|ng|ńg|ňg|ǹg)"
)
_PINYIN = re.compile(rf"(?<=[\u3400-\u9fff])[(（]{_SYLLABLE}[)）](?: (?=[\u3400-\u9fff，。、；：”“]))?")
_INVISIBLE = re.compile(
    r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2066-\u2069\ufffe\uffff]+"
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,5});")
_TAG = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9]{0,10}(?:\s[^<>]{0,300})?/?|!--[^<>]{0,300}--)>")
_PRINT_MARK = re.compile(r"<[正副]>")  # journal databases set it before an abstract
_BLOCK_TAG = re.compile(r"<(?:/p|/div|/li|br\s?/?|/h\d|/tr)>", re.IGNORECASE)
_TAG_REST = re.compile(r"(?:^/?p>|\"(?:\s[a-z-]{2,12}=\"[^\"<>]{0,40}\"){1,6}\s?/?>)")
_SERVER = re.compile(
    r"(?:\[?SSI\s*)?ļʱ\S{0,20}|\[an error occurred while processing (?:this|the) directive\]"
    r"|SSI\s?文件(?:时|處理|处理)\S{0,12}"
)
_QUESTION_INDENT = re.compile(r"^\?{2,}\s*(?=[\u3400-\u9fff“《（0-9])")
_JAMMER_TOKEN = r"[!-~]{1,3}"
LONGEST_JAMMER = 250
"""Characters of the longest jammer: forty tokens of three characters with three blanks each, and one more."""
_JAMMER_HEAD = re.compile(rf"^(?:{_JAMMER_TOKEN}\s{{1,3}}){{3,40}}(?:{_JAMMER_TOKEN})?(?=$|[\u3400-\u9fff])")
_JAMMER_TAIL = re.compile(
    rf"(?<=[。！？”\u3400-\u9fff])\s?(?:{_JAMMER_TOKEN}\s{{1,3}}){{3,40}}(?:{_JAMMER_TOKEN})?$"
)
_SYMBOL = re.compile(r"[!-&(-+<-@\[-`{-~'\"]")
_DOUBLED = re.compile(  # each alternative looks back at the mark, so that only marks are looked at
    r"[，,、；;：。](?:(?<=[，,])(?=[，,])|(?<=、)(?=、)|(?<=；)(?=；)|(?<=;)(?=;)|(?<=：)(?=：)"
    r"|(?<=[，,、；])(?=[。！？；])|(?<=。)(?=。)|(?<=。[，,、])(?=[\u3400-\u9fff]))"
)
_SPACED = re.compile(
    r"[ \u00a0](?:(?<=\d.)(?=[年月日时分号所名个人万亿元公平米亩余多处套间位项%％])"
    r"|(?<=[年月日约近共达第].)(?=\d)|(?<=[年月日] )(?=[上下中]午|晚|凌晨)|(?<=\d\d\. )(?=\d))"
)
_SPLIT_NUMBER = re.compile(
    r"(?<=\d)([^\d\s，。；、,.;:：%年月日时分万亿千百十多余至到第个所名人元—–~～/\-]{3,12})(?=\d)"
)
_MARKS = "！，：；？（）"
RUN_LENGTH = 24
"""Characters of a wrongly paired run, the lost one and the ASCII character at its end included."""
_WRONG_RUN = re.compile(rf"\?[^\x00-\x7f]{{0,{RUN_LENGTH - 2}}}[\x00-\x7f]")
_LOST = re.compile(r"\?(?=[！-｠、-】\u3400-\u9fff])")


def repaired(blocks: Sequence[Block], mirror: bool | None = None) -> tuple[tuple[Line, ...], str]:
    """Readable lines and the script they came in: ``simplified``, ``traditional`` or ``mirror``.

    A mirror's text comes out simplified; honest traditional text keeps its script and has the
    simplified wording in ``Line.norm``.
    """
    tidy = bounded_blocks([part for block in blocks for part in _without_markup(block)])
    whole = "\n".join(block.text for block in tidy)
    mirror = is_mirror(whole) if mirror is None else mirror
    spam = _spam_phrases(whole)
    traditional = not mirror and is_traditional(whole)
    lines = []
    for block in tidy:
        made = _repaired_block(block, mirror, spam)
        if not made.text:
            continue
        norm = to_simplified(made.text) if mirror or traditional else made.text
        lines.append(Line(Block(norm, made.offsets, made.role) if mirror else made, norm))
    return tuple(lines), "mirror" if mirror else "traditional" if traditional else "simplified"


def visible(text: str) -> str:
    """A text without characters that show nothing and break tables: controls, marks of direction, joiners."""
    return _INVISIBLE.sub("", text)


def is_mirror(text: str) -> bool:
    """Whether a text is one of the spam mirrors that put pinyin in brackets behind characters."""
    found = len(_PINYIN.findall(text))
    if found < MIRROR_BRACKETS:
        return False
    return found >= MIRROR_DENSITY * han_count(text)


def _repaired_block(block: Block, mirror: bool, spam: Iterable[str]) -> Block:
    block = without(block, _spans(_INVISIBLE, block.text))
    if mirror:
        block = without(block, _spans(_PINYIN, block.text))
        block = _realigned(block)
    for phrase in spam:
        block = without(block, _spans(re.compile(re.escape(phrase)), block.text))
    text = block.text
    if "ļ" in text or "SSI" in text or "directive]" in text:
        block = without(block, _spans(_SERVER, text))
    block = _without_jammer(trimmed(block))
    if block.text.startswith("?"):
        block = without(block, _spans(_QUESTION_INDENT, block.text))
    block = without(block, _spans(_DOUBLED, block.text))
    block = trimmed(without(block, _spans(_SPACED, block.text)))
    return cut(block, 0, 0) if block.text in {"?", "？", "??"} else block


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [m.span() for m in pattern.finditer(text)]


def _without_markup(block: Block) -> list[Block]:
    """Entities read, tags that stand in the text taken out, paragraphs inside them set apart."""
    if "&" in block.text:
        block = _unescaped(block)
    if "<" not in block.text and '">' not in block.text and "p>" not in block.text:
        return [block]
    pieces, last = [], 0
    for match in _BLOCK_TAG.finditer(block.text):
        if match.start() > last:
            pieces.append(cut(block, last, match.start()))
        last = match.end()
    pieces.append(cut(block, last, len(block.text)))
    out = []
    for piece in pieces:
        if "<" in piece.text:
            piece = without(piece, _spans(_TAG, piece.text))
            piece = without(piece, _spans(_PRINT_MARK, piece.text))
        if ">" in piece.text:
            piece = without(piece, _spans(_TAG_REST, piece.text))
        piece = trimmed(piece)
        if piece.text:
            out.append(piece)
    return out


def _unescaped(block: Block) -> Block:
    chars: list[str] = []
    offsets = array("q")
    last = 0
    for match in _ENTITY.finditer(block.text):
        plain = unescape(match.group())
        if len(plain) != 1:
            continue
        chars.append(block.text[last : match.start()] + plain)
        offsets.extend(block.offsets[last : match.start()])
        offsets.append(block.offsets[match.start()])
        last = match.end()
    if not last:
        return block
    return Block("".join(chars) + block.text[last:], offsets + array("q", block.offsets[last:]), block.role)


def _without_jammer(block: Block) -> Block:
    """Random ASCII that forums put between paragraphs against copying."""
    for pattern in (_JAMMER_HEAD, _JAMMER_TAIL):
        start = 0 if pattern is _JAMMER_HEAD else max(0, len(block.text) - LONGEST_JAMMER)
        match = pattern.search(block.text, start)
        if match and _is_jammer(match.group()):
            block = trimmed(without(block, [match.span()]))
    return block


def _is_jammer(text: str) -> bool:
    has_letter = any("a" <= c.lower() <= "z" for c in text)
    return has_letter and any(c.isdigit() for c in text) and len(_SYMBOL.findall(text)) >= 2


def _spam_phrases(text: str) -> list[str]:
    """Phrases dropped into the middle of words: they split numbers, and joining the rest gives known words."""
    text = text[:SPAM_READ]
    found: list[str] = []
    for phrase in dict.fromkeys(m.group(1) for m in _SPLIT_NUMBER.finditer(text)):
        if text.count(phrase) < SPAM_REPEATS or len(found) == MOST_SPAM:
            continue
        places = [m.start() for m in re.finditer(re.escape(phrase), text)]
        rest = text.replace(phrase, "")
        known = 0
        for removed, place in enumerate(places):
            at = place - removed * len(phrase)
            pair = rest[max(0, at - 1) : at + 1]
            known += len(pair) == 2 and (pair.isdigit() or rest.count(pair) >= 2)
        if known * 2 >= len(places):
            found.append(phrase)
    return found


def _realigned(block: Block) -> Block:
    """Two-byte text that lost one byte, read again from the right byte on.

    The mirrors' converter writes ``?`` for a lead byte and pairs every following byte wrongly
    (``學?！睘辇堫^`` for ``學校”為龍頭``) up to a byte that is ASCII. The lost character is 校 behind 学 and a
    full stop elsewhere when its second byte is that of both (A3), else it stays a ``?``.
    """
    if "?" not in block.text:
        return block
    text, offsets = block.text, block.offsets
    ahead: list[str] = []  # what was read behind the place, last character first: it grows at its end
    places = array("q")
    last = len(text)
    for match in reversed(list(_LOST.finditer(text))):
        start = match.start()
        ahead += reversed(text[start:last])
        places.extend(reversed(offsets[start:last]))
        last = start
        made = _read_again("".join(reversed(ahead[-RUN_LENGTH:])), text[start - 1 : start])
        if made is None:
            continue
        size, plain = made
        own = places[-size:][::-1]
        own = own[: len(plain)] + own[-1:] * (len(plain) - size)
        ahead[-size:] = reversed(plain)
        places[-size:] = own[::-1]
    return Block(
        text[:last] + "".join(reversed(ahead)), array("q", offsets[:last]) + places[::-1], block.role
    )


def _read_again(text: str, before: str) -> tuple[int, str] | None:
    """Length of the wrongly paired run that begins with the ``?`` of ``text`` and its true wording."""
    match = _WRONG_RUN.match(text)
    if match is None:
        return None
    try:
        raw = match[0][1:].encode("gbk")
        if len(raw) < 4 or len(raw) % 2 == 0:
            return None
        tail = raw[1:].decode("gbk")
    except UnicodeError:
        return None
    wrong = text[1] in _MARKS or not _is_plain(match[0][1:-1])
    if not wrong or not _is_plain(tail):
        return None
    lost = "?"
    if raw[0] == 0xA3:
        lost = "校" if before in {"学", "學"} else "。"
    return match.end(), lost + tail


def _is_plain(text: str) -> bool:
    """Whether every character is a mark or one of the 3,755 most used (GB 2312, level 1)."""
    rare = set(to_simplified(text)) - _common_characters()
    return not any(HAN.match(char) or char.isalpha() for char in rare)


@cache
def _common_characters() -> frozenset[str]:
    """Level 1 of GB 2312: rows 16 to 55 (two-byte codes B0A1 to D7F9)."""
    rows = (bytes((lead, trail)) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    return frozenset("".join(row.decode("gb2312", "ignore") for row in rows))
