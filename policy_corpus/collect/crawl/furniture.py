"""The frame of a page: head, foot, navigation, side, recommendations; by tags and names, not by words."""

import re

from policy_corpus.collect.crawl.pages import Node, Page

_FURNITURE_TAGS = frozenset(("nav", "header", "footer", "aside"))
_FURNITURE = re.compile(
    r"(?<![a-z])(?:foot(?:er)?|head(?:er)?|nav(?:bar|igation)?|menu|side(?:bar)?|top(?:bar|nav)?|copyright|bottom|relate[ds]?|recommend|tuijian|share|links?)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_CONTENT_TAGS = frozenset(("body", "html", "article", "main"))
_CLIMB = 40


def is_furniture(page: Page, element: Node) -> bool:
    """Whether an element stands in the head, foot, navigation or side of the page, by tags and names."""
    judged = page.furniture
    path: list[Node] = []
    verdict = False
    for _ in range(_CLIMB):
        element = element.getparent()
        if element is None or element.tag in _CONTENT_TAGS:
            break
        if (known := judged.get(element)) is not None:
            verdict = known
            break
        path.append(element)
        if element.tag in _FURNITURE_TAGS or _named_furniture(element):
            verdict = True
            break
    judged.update(dict.fromkeys(path, verdict))
    return verdict


def _named_furniture(element: Node) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and bool(_FURNITURE.search(names[:200]))
