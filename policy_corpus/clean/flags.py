"""What a reader should know about a text before trusting its figures."""

import re
from collections import Counter
from collections.abc import Sequence

from policy_corpus.clean.bounds import MOST_CODED
from policy_corpus.clean.kinds import blanks, is_off_topic, wording
from policy_corpus.clean.lines import Line, letters

THIN = 150
"""Letters below which a document is called thin; shortest whole news of ``gold/pages``: 133 and 214."""
REPEATED_LETTERS = 30
"""Letters of a paragraph whose repetition counts; shorter ones are headings and labels."""
SHUFFLED_SHARE = 0.3
"""Share of clauses that open with a slice of the headline, from which a text is called shuffled."""
SHUFFLED_SLICES = 4
"""Different slices of the headline that open clauses in a shuffled text."""

_CLAUSE = re.compile(r"[，,；;。！？：:\n]+")
_LOST_NUMBER = re.compile(
    r"(?:面积|总面积|占地)(?:为|达|约)?(?:平方公里|平方米|亩)|[共达约有](?:人|所|名|个|万元"
    r"|亿元)[，,。；]|(?:在"
    r"|于)年(?=[^底初内末度均龄级终前后会关轻老、])|(?:投入|投资|资金)(?:约|达|共)?(?:万元|亿元|元)"
    r"|(?:增长|提高|下降|占)%|(?:在校生|人口|教师)(?:共|达)?人[，,。；]|(?:新增|新建|改造)(?:学位"
    r"|学校)?个[，,。；]"
)
_LOST_YEAR = re.compile(r"[\u4e00-\u9fff](?:于|自)(?:年|月|正式)(?=[^底初内末度均龄级终前后会关轻老、])")
_SECTION = re.compile(r"^(?:引言|前言|\d\.\d\s?\S|案例分析|结论|总结与展望|未来展望|核心洞察|常见问题)")
_DATA_CLAIM = re.compile(r"(?:根据|据).{0,24}(?:统计|数据|报告|调查)|数据显示|研究表明")
_ROUND = re.compile(r"\d%")
_PAGE_TWO = re.compile(r"^[（(]?(?:上接|接上页|接第?\d+版)|^第\s*[2-9]\s*页$|上一页\s*1\s+2")
_PAGE_URL = re.compile(r"[_-](?:[2-9]|1\d)\.s?html?$|[?&]page=(?:[2-9]|1\d)\b")


def flags(
    title: str, body: Sequence[Line], dropped: Sequence[str], url: str | None, *, issued: bool
) -> tuple[str, ...]:
    """Flags of a document, sorted.

    Parameters
    ----------
    title
        Its title.
    body
        Its lines.
    dropped
        Furniture of its page, where marks of paging stand.
    url
        Address of the page.
    issued
        Whether a body, a reporter or a source stands behind the text.
    """
    text = wording(body)
    found = {
        "thin": len(letters(text)) < THIN,
        "long_text": sum(len(x.norm) + 1 for x in body) > MOST_CODED + 1,
        "shuffled": is_shuffled(title, text),
        "numbers_lost": len(_LOST_NUMBER.findall(text)) + len(_LOST_YEAR.findall(text)) >= 2,
        "template_blanks": blanks(title + text) >= 2,
        "off_topic": is_off_topic(title, text),
        "page_2": bool(url and _PAGE_URL.search(url))
        or any(_PAGE_TWO.search(t) for t in [*dropped, text[:20]]),
        "repeated_text": _repeats(body),
        "unsupported": not issued and is_unsupported(body),
    }
    return tuple(sorted(name for name, on in found.items() if on))


def _repeats(body: Sequence[Line]) -> bool:
    """Whether a whole paragraph stands twice (a lead as summary and as text, a caption below each picture)."""
    openings = [letters(x.norm, REPEATED_LETTERS) for x in body]
    often = Counter(words for words in openings if len(words) == REPEATED_LETTERS)
    seen: set[str] = set()
    for line, words in zip(body, openings, strict=True):
        if often[words] > 1:
            own = letters(line.norm)
            if own in seen:
                return True
            seen.add(own)
    return False


def is_shuffled(title: str, text: str) -> bool:
    """Whether clauses open with slices of the headline, cut at any place: the mark of spun pages.

    An honest text opens clauses with whole names from its headline, at one or two places of it.
    """
    own = letters(title)
    clauses = [c for c in (letters(c) for c in _CLAUSE.split(text)) if len(c) >= 5]
    if len(own) < 8 or len(clauses) < 6:
        return False
    places: dict[int, int] = {}
    for clause in clauses:
        for size in (3, 2):
            at = own.find(clause[:size])
            if at >= 0:
                places[at] = places.get(at, 0) + 1
                break
    return len(places) >= SHUFFLED_SLICES and sum(places.values()) >= SHUFFLED_SHARE * len(clauses)


def is_unsupported(body: Sequence[Line]) -> bool:
    """Whether a text is an overview with neat figures and nobody behind them (引言, 1.1, 案例分析, 结论)."""
    sections = sum(1 for x in body if len(x.norm) <= 40 and _SECTION.match(x.norm))
    text = wording(body)
    claims = len(_DATA_CLAIM.findall(text))
    return sections >= 3 and (claims >= 1 or len(_ROUND.findall(text)) >= 3)
