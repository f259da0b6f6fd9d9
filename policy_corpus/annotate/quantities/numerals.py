"""Chinese, Arabic and mixed numerals as values in base units: 3.5亿 is 350000000, 两千 is 2000."""

import re

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
MAGNITUDES = SMALL | LARGE
HAN_NUMERAL = "零〇一二三四五六七八九两十百千万亿"

_FOLD = str.maketrans(
    "０１２３４５６７８９．％＋～萬億兩餘個間場節臺畝對雙條項輛課時學級達約點為從調減長張數過萬幾",
    "0123456789.%+~万亿两余个间场节台亩对双条项辆课时学级达约点为从调减长张数过万几",
)


def fold(text: str) -> str:
    """``text`` with full-width digits and traditional number words folded; equally long."""
    return text.translate(_FOLD)


def parse_numeral(text: str) -> float | None:
    """Value of a numeral such as ``12,000``, ``3.5亿``, ``一百二十``, ``九点五``; None when it is none.

    Adjacent digits that stand for an approximate range (``七八``) are no single value: see
    :func:`approximate_range`.
    """
    bare = re.sub(r"[\s,]", "", text)
    match = _ARABIC.fullmatch(bare)
    if match:
        value = float(match[1])
        for sign in match[2]:
            value *= MAGNITUDES[sign]
        return round(value, 6)
    if not bare or bare.strip(HAN_NUMERAL + "点"):
        return None
    whole, _, part = bare.partition("点")
    value = float(_han(whole)) if whole else 0.0
    if part:
        if part.strip("零〇一二三四五六七八九两"):
            return None
        value += float("0." + "".join(str(DIGITS[c]) for c in part))
    return round(value, 6)


def approximate_range(text: str) -> tuple[float, float] | None:
    """Both ends of two neighbouring digits: 一两 → (1, 2), 七八百 → (700, 800), 十七八 → (17, 18)."""
    match = _NEIGHBOURS.fullmatch(text)
    if not match:
        return None
    low, high = DIGITS[match[2]], DIGITS[match[3]]
    if not 1 <= high - low <= 2 or low == 0:
        return None
    base = _han(match[1]) if match[1] else 0
    scale = 1
    for sign in match[4]:
        scale *= MAGNITUDES[sign]
    return float((base + low) * scale), float((base + high) * scale)


def _han(text: str) -> int:
    if not any(c in MAGNITUDES for c in text):
        return int("".join(str(DIGITS[c]) for c in text)) if text else 0
    total = section = digit = 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in SMALL:
            section += (digit or 1) * SMALL[char]
            digit = 0
        elif char == "万":
            total += (section + digit or 1) * LARGE[char]
            section = digit = 0
        else:
            total = (total + section + digit or 1) * LARGE[char]
            section = digit = 0
    return total + section + _tail(text, digit)


def _tail(text: str, digit: int) -> int:
    """A last digit right after a magnitude counts the next smaller one: 一百二 is 120."""
    if digit and len(text) >= 2 and text[-2] in MAGNITUDES and text[-2] != "十":
        return digit * MAGNITUDES[text[-2]] // 10
    return digit


_ARABIC = re.compile(r"(\d+(?:\.\d+)?)([十百千万亿]{0,3})")
_NEIGHBOURS = re.compile(
    r"([一二三四五六七八九]?十)?([一二三四五六七八九两])([一二三四五六七八九两])([十百千万亿]{0,2})"
)
