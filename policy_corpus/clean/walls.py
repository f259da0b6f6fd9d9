"""Walls: rows of search terms, place names or link texts that hold no sentence."""

import re

WALL_PARTS = 6
"""Parts from which a row of terms is a wall; menus and spam rows seen have 8 to 60."""
SPAM_PARTS = 3
"""Parts from which a row of search terms is one."""
PLACE_PARTS = 8
"""Place names in a row, parted by bars, that no sentence of a report has."""

_BAR = re.compile(r"(?:(?<!\s)\s++)?[|｜_]\s*")
_COMMA = re.compile(r"\s++(?:[,，、]\s*)?|[,，、]\s*")
_PLACE = re.compile(r"^[\u4e00-\u9fff]{1,8}(?:省|市|县|区|州|旗|盟|镇|乡)?$")
_PLACE_NAME = re.compile(r"[\u4e00-\u9fff]{1,6}(?:省|市|县|区|州|旗)$")
_DATE_ITEM = re.compile(r"(?:19|20)\d{2}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?(?:[,，]\s*\d+)?$")
_FIGURE = re.compile(r"\d")
_SPAM = re.compile(
    r"在线(?:观看|视频|播放)|免费(?:观看|视频|看)|高清|无码|成人|久久|精品|国产|一区|二区|三区|棋牌|彩票"
    r"|娱乐|投注|博彩|体育平台|网址|官网|app下载|广告词",
    re.IGNORECASE,
)


def wall(norm: str) -> str | None:
    """``spam wall``, ``place-name wall`` or ``menu`` when a line is one, else None."""
    if "。" in norm:
        return None
    parts = [p for p in _BAR.split(norm) if p]
    barred = len(parts) >= WALL_PARTS
    if len(parts) < SPAM_PARTS:
        parts = [p for p in _COMMA.split(norm) if p]
    if len(parts) < 2 or len(norm) < 8:
        return None
    if barred and sum(1 for p in parts if _DATE_ITEM.match(p)) >= len(parts) * 0.8:
        return "archive index"
    places = [p for p in norm.split() if _PLACE_NAME.match(p)]
    if len(places) >= PLACE_PARTS and len(places) >= 0.7 * len(norm.split()):
        return "place-name wall"
    spam = sum(1 for p in parts if _SPAM.search(p)) if _SPAM.search(norm) else 0
    if spam >= 2 and spam * 3 >= len(parts):
        return "spam wall"
    if not barred:
        return None
    if (
        len(parts) >= PLACE_PARTS
        and sum(1 for p in parts if _PLACE.match(p)) >= len(parts) * 0.9
        and not _FIGURE.search(norm)
    ):
        return "place-name wall"
    short = sum(1 for p in parts if len(p) <= 14 and not _FIGURE.search(p))
    return "menu" if short >= len(parts) * 0.9 and not re.search(r"[。；！？，,：:]", norm) else None
