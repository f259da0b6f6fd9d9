"""Which line is the title: of a page, and of each text on it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from policy_corpus.clean.byline import LINES_KEPT, is_box_line, is_byline, lone_key
from policy_corpus.clean.furniture import body_like, reason_alone
from policy_corpus.clean.lines import ENUMERATOR, Line, ends_sentence, goes_on, han_count, letters

GENRE = re.compile(
    r"(?:小结|汇编|选编|合集|大全|集锦|方案|意见|总结|报告|通知|计划|办法|举措|做法|规划|措施|纲要|要点|细则"
    r"|规定|制度|决定|公告|通告|通报|函|批复|汇报|讲话稿?|发言稿?|致辞"
    r"|心得|体会|思考|研究"
    r"|探索|实践|探析|浅析|分析|策略|对策|路径|启示|范文|范本|模板|样本|提纲|材料|案例|经验|论文|调研"
    r"|简报|纪要|倡议书|责任书|承诺书|章程|清单|条例|决议|工作情况|整改情况)"
    r"\d{0,2}(?:[（(][^（）()]{1,12}[）)]|(?:精选|通用|共)?[\d一二三四五六七八九十]{1,3}篇)?(?:\.(?:docx?|pdf|txt|wps))?$"
)
COLLECTION = re.compile(
    r"汇编|选编|选登|合集|大全|集锦|汇总|精选|案例集|[\d一二三四五六七八九十]\s{0,9}篇[）)]?$"
)
"""A title that speaks of several texts."""
_JOINED = re.compile(r"[和及暨与、]")
"""What joins the halves of a title; each half may be a heading: 2021年工作总结和2022年工作打算."""
TITLE_LENGTH = (5, 90)
"""Characters of a title; the longest in ``data/arts-opinions`` has 83."""
_HEAD_LINES = 120
_MIN_SCORE = 1.5
_NO_TITLE = re.compile(
    r"^原标题\s*[:：]|^(?:各(?:位|县|市|区|省|设区|州|盟|地|乡|镇|有关|直属|学校|单位|部门|学区|中小学)"
    r"[^，。]{0,60}(?:代表|委员|领导|同志|来宾|朋友|局|校|委|部门|单位|政府|办事处|园|院|处|室)$|同志们|尊敬的"
    r"|[（(]|[【\[][^】\]]{0,20}[】\]]?$|——|附件|附[:：]"
    r"|(?:19|20)\d{2}年(?:主要)?工作(?:回顾|安排)|https?:|——|摘要|关键词|目录|编者按|图[:：]"
    r"|篇[一二三四五六七八九十]|第[一二三四五六七八九十\d]{1,9}篇)"
    r"|[。；，,、：:;]$|^第[一二三四五六七八九十]+[章节]|号[）)]?$|https?:|www\.|[a-zA-Z0-9-]\."
    r"(?:com|cn|net|org|gov|edu|example|top|vip|cc)\b"
)
_NUMBERED = re.compile(r"\d\s*号")
SITE_TAIL = re.compile(
    r"(?<=[^|｜_]{8})\s{0,9}[|｜_]\s{0,9}[^|｜_]{0,14}(?:网|在线|频道|新闻|门户|网站|论坛|资讯|官网|平台|广告词\S?)$"
)
"""A site's name behind a title."""
_SITE = re.compile(r"(?:网|频道|首页|门户|平台|系统|客户端|论坛|栏目|新闻|动态|公开|导航)$")
BODY_NAME = re.compile(
    r"(?:人民政府|办公室|办公厅|教育局|教育厅|教育部|委员会|教体局|教科体局|教育体育局|教育和体育局"
    r"|国务院|财政局|财政厅|省委|市委|县委|区委)$"
)


def title_like(norm: str) -> bool:
    """Whether a line could be a title: short, no sentence, no list number, not furniture."""
    return TITLE_LENGTH[0] <= len(norm) <= TITLE_LENGTH[1] and _title_like(norm)


@lru_cache(maxsize=LINES_KEPT)
def _title_like(norm: str) -> bool:
    if han_count(norm) < 4:
        return False
    if ENUMERATOR.match(norm) or _NO_TITLE.search(norm) or "。" in norm:
        return False
    tokens = norm.split()
    if len(tokens) >= 3 and max(map(len, tokens)) <= 6:  # a menu
        return False
    if ends_sentence(norm) and not norm.endswith(("！", "？", "!", "?", "”", "…", "）")):
        return False
    return not (is_byline(norm) or is_box_line(norm) or lone_key(norm)) and reason_alone(norm) is None


def same_words(a: str, b: str) -> bool:
    """Whether two wordings agree in letters, or one (of eight letters or more) holds the other."""
    first, second = letters(a), letters(b)
    if not first or not second:
        return False
    short, long = sorted((first, second), key=len)
    return short == long or (len(short) >= 8 and short in long)


def repeated_below(lines: Sequence[Line], place: int, slack: int = 6) -> bool:
    """Whether the text below a line begins with the line's own words (a few stray characters before them)."""
    own = letters(re.sub(r"[（(][^（）()]{1,8}[）)]$", "", lines[place].norm))
    following = letters("".join(x.norm for x in lines[place + 1 : place + 3]))
    return len(own) >= 6 and own in following[: len(own) + slack]


def find_title(lines: Sequence[Line], hint: str | None = None) -> int | None:
    """Index of the page's title line, or None where no line is one.

    Scores place (above a source line or above the text), wording (genre words), repetition (below, or in
    the page's own ``<title>``) and markup (a heading).
    """
    first = next((i for i, x in enumerate(lines) if _opens_text(i, x.norm)), len(lines))
    end = min(first + 1, len(lines), _HEAD_LINES)
    head = "\n".join(letters(x.norm) for x in lines[: end + 2])
    scored = [
        (_score(lines, i, first, head, hint), -i)
        for i in range(end)
        if title_like(lines[i].norm) and not any(goes_on(x.norm) for x in lines[i + 1 : i + 3])
    ]
    if not scored:
        return None
    score, place = max(scored)
    return _last_copy(lines, -place, first) if score >= _MIN_SCORE else None


def _opens_text(place: int, norm: str) -> bool:
    """Whether a line is running text; the first line may be a page's title bar, commas and all."""
    return body_like(norm) and reason_alone(norm) is None and not (place == 0 and title_like(norm))


def _last_copy(lines: Sequence[Line], place: int, first: int) -> int:
    """The title's copy nearest to the text: pages print it in a title bar, a breadcrumb, then as headline."""
    own = lines[place].norm
    found = place
    for i in range(place + 1, first):
        norm = lines[i].norm
        if _NUMBERED.search(norm):  # a document number: the text has begun
            break
        as_long = len(own) * 0.7 <= len(norm) <= len(own) + 6  # shorter ones are headings of a part
        if as_long and same_words(norm, own) and title_like(norm):
            found = i
    return found


def _score(lines: Sequence[Line], place: int, first: int, head: str, hint: str | None) -> float:
    norm = SITE_TAIL.sub("", lines[place].norm)
    own = letters(norm)
    score = min(len(own), 20) / 20
    score += 3 * (lines[place].block.role == "heading") + 2 * bool(GENRE.search(norm))
    if hint and same_words(norm, hint):
        score += 4 * min(1.0, len(own) / max(1, len(letters(hint))) + 0.3)
    below = [x.norm for x in lines[place + 1 : place + 4]]
    for distance, text in enumerate(below):
        if is_byline(text):
            score += 3 - distance * 0.75
            break
    above = [x.norm for x in lines[:place] if own in letters(x.norm) and letters(x.norm) != own]
    part = any(_JOINED.search(x) and title_like(x) for x in above)
    score += 2 * (len(own) >= 6 and head.count(own) >= 2 and not part) + 3 * bool(COLLECTION.search(norm))
    score += 2.5 * repeated_below(lines, place)
    score += 1.5 * (place + 1 == first) + 1.6 * (place == 0 and not _is_kicker(lines, place))
    score -= 3 * bool(_SITE.search(norm) and len(norm) <= 12) + 2 * bool(re.search(r"[|｜>＞_]", norm))
    score -= 2.0 * bool(BODY_NAME.search(norm))
    score -= 1.5 * (len(own) < 8 and not GENRE.search(norm))
    return score


def _is_kicker(lines: Sequence[Line], place: int) -> bool:
    """Whether a line stands above a longer one that the source line follows: the kicker of a headline."""
    below = [x.norm for x in lines[place + 1 : place + 4]]
    if len(below) < 2 or GENRE.search(lines[place].norm):
        return False
    longer = len(below[0]) > len(lines[place].norm) and title_like(below[0])
    return longer and not same_words(below[0], lines[place].norm) and any(map(is_byline, below[1:]))


def whole_title(lines: Sequence[Line], place: int) -> tuple[int, int]:
    """Range of lines that make up a title broken over lines: ``远江市人民政府`` / ``关于…的通知``."""
    start, end = place, place + 1
    norm = lines[place].norm
    if (
        place
        and norm.startswith("关于")
        and BODY_NAME.search(lines[place - 1].norm)
        and len(lines[place - 1].norm) <= 40
    ):
        start -= 1
    elif (
        end < len(lines)
        and BODY_NAME.search(norm)
        and lines[end].norm.startswith("关于")
        and len(lines[end].norm) <= 60
    ):
        end += 1
        norm += lines[end - 1].norm
    if end < len(lines) and not GENRE.search(norm) and len(norm) >= 10:
        below = lines[end].norm
        starts = re.match(r"(?:关于|[\u4e00-\u9fff]{2,20}(?:人民政府|办公室|局|厅|委))", norm)
        new = letters(below) not in letters(norm)
        if starts and new and len(below) <= 30 and GENRE.search(below) and title_like_tail(below):
            end += 1
    return start, end


def title_like_tail(norm: str) -> bool:
    """Whether a line may be the second half of a title."""
    return not ends_sentence(norm) and not ENUMERATOR.match(norm) and not re.search(r"[。，,：:；]", norm)
