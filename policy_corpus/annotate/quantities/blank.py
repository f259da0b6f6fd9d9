"""Numbers that are no quantities: dates, ordinals, titles, document numbers, programme names."""

import re

from policy_corpus.annotate.quantities.units import HAN, Units

BLANK = "\x01"
"""Stands for one character of a place where no quantity may be read; the text keeps its length."""

_N = rf"[{HAN}\d]"
_NO_QUANTITY = re.compile(
    "|".join(
        [
            r"《[^《》]{0,80}》",
            r"[〔\[【（(]\s?(?:19|20)\d{2}\s?[〕\]】）)]?\s?\d{0,5}\s?号?",  # 国发〔2016〕40号, 国发〔201640号
            r"(?<!\d)(?:19|20)\d{2}\s?[-—–~～至到、]{1,2}\s?(?:19|20)?\d{2}(?=\s?(?:学年|年))\s?(?:学年|年)度?",
            r"(?<!\d)(?:19|20)\d{2}\s?[年./-](?:\s?\d{1,2}\s?[月./-])?(?:\s?\d{1,2}(?:日|号|(?!\d)))?",
            r"[一二][九〇零]{1,2}[〇零一二三四五六七八九]{2,3}年",
            r"(?<!\d)\d{1,2}\s?月(?:\s?\d{1,2}\s?[日号])?(?!嫂)|(?<!\d)\d{1,2}\s?[日号](?!子)",
            r"(?<![比\d])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\d)(?!的?比)",
            rf"第\s?{_N}+(?:\s?[、至到—-]\s?第?{_N}+)*",
            rf"首{_N}?[批所个届次家名]",
            rf"(?<![目此之以学提当年会])前\s?{_N}+\s?(?:[名位%‰强列]|(?=大))",
            rf"[{HAN}]个[一二三四五](?=[”\"，,。；;、工活]|$)",  # 三个一, 五个一工程
            r"十[一二三四五六]五(?=[”\"规时期末开以至])",
            r"一[校县人生村区镇乡师园班户课家市事坊队院企季月周][一两双]{1,2}",
            r"(?:[\dA-Za-z一二三四五六七八九十]{1,3}\s?\+\s?)+(?:[\dA-Za-z一二三四五六七八九十]{1,3}|(?=[”\"]))",
            rf"{_N}{{1,3}}(?:\s?[-—–~～至到]\s?{_N}{{1,3}})?\s?(?:周?岁|年级|年制|年一贯|年义务教育|年过渡期)",
            r"\d{3,4}-\d{7,8}|(?<!\d)1\d{10}(?!\d)",
        ]
    )
)
_LIST_NUMBER = re.compile(
    rf"(?:^|(?<=[。；;：:\n]))\s{{0,20}}[（(]?(?:\d{{1,2}}|[{HAN}]{{1,3}})"
    r"(?:[)）、]|[.．](?=\s|\D|\d{4}年|\d{2,}所))|[①-⑳]",
    re.MULTILINE,
)
_QUOTED = re.compile(r"[“\"‘「『]([^“”\"‘’「」『』，,。]{1,12})[”\"’」』]")
_DENOMINATOR = re.compile(rf"每\s?隔?\s?({_N}{{1,6}})")
LONG_QUOTE = 6
"""Up to this many characters a quotation with a number is a name (“三个一”, “117项目”), not a figure."""


def blank(folded: str, units: Units) -> str:
    """``folded`` with every number that can be no quantity blanked; equally long."""
    text = _LIST_NUMBER.sub(_fill, folded)
    text = _QUOTED.sub(_fill_name, text)
    text = _NO_QUANTITY.sub(_fill, text)
    text = units.pattern["names"].sub(_fill, text)
    return _DENOMINATOR.sub(lambda m: "每" + BLANK * (len(m[0]) - 1), text)


def _fill(match: re.Match[str]) -> str:
    return BLANK * len(match[0])


def _fill_name(match: re.Match[str]) -> str:
    """Chinese numerals in a short quotation belong to a name; so do Arabic ones in a very short one."""
    inner = match[1]
    if len(inner) <= LONG_QUOTE or not any(c.isdigit() for c in inner):
        return match[0][0] + BLANK * len(inner) + match[0][-1]
    return match[0]
