"""The title of a page: what its head declares, and the line of the page that repeats it."""

import re
import unicodedata
from collections.abc import Sequence

from policy_corpus.clean.formats.html_tree import Tree

_TITLE_METAS = ("articletitle", "og:title", "twitter:title", "title")
_SITE_CUT = re.compile(r"\s{0,20}(?:[_|｜丨]|--+|—+|\s[-–]\s|(?<=[^\w\s])-|-(?=[^-]{2,20}$))\s*")
_TITLE_LONGEST = 120
_TITLE_KEPT = 500


def norm(text: str) -> str:
    """Letters, digits and Han characters alone, in compatible forms."""
    return "".join([c for c in unicodedata.normalize("NFKC", text) if c.isalnum()])


def declared_titles(tree: Tree) -> list[str]:
    """Titles in the page's head, the most exact kind first."""
    metas = dict(reversed(tree.metas))
    found = [metas.get(key, "") for key in _TITLE_METAS] + [tree.title]
    return [title[:_TITLE_KEPT] for title in found if title.strip()]


def cut_site(titles: Sequence[str]) -> str:
    """The first declared title without the names of site and channel behind it."""
    title = re.sub(r"\s+", " ", titles[0]).strip() if titles else ""
    parts = [part for part in _SITE_CUT.split(title) if part.strip()]
    if len(parts) < 2:
        return title
    longest = max(parts, key=len)
    return (parts[0] if len(parts[0]) >= 8 or len(parts[0]) * 2 >= len(longest) else longest).strip()


def title_lines(texts: Sequence[str | None], titles: Sequence[str]) -> list[tuple[int, int, str]]:
    """First line, last line and text of every place that repeats a declared title, or most of it.

    ``texts`` are the page's lines in order, None for those that cannot be a title. A title may be broken
    over lines.
    """
    norms, raw = [n for n in map(norm, titles) if n], "\n".join(titles)
    least = max(4, len(norm(cut_site(titles))) // 2)
    found: list[tuple[int, int, str]] = []
    last = -1
    for number, text in enumerate(texts):
        if number <= last or text is None or not 4 <= len(text) <= _TITLE_LONGEST:
            continue
        if text[1:3] not in raw and text[-3:-1] not in raw:  # spares most lines the normal form
            continue
        key = norm(text)
        if len(key) < 4 or not any(key in n for n in norms):
            continue
        last = number
        while last + 1 < len(texts) and (following := texts[last + 1]) and (more := norm(following)):
            if len(following) > _TITLE_LONGEST or not any(key + more in n for n in norms):
                break
            last, text, key = last + 1, text + following, key + more
        if len(key) >= least:
            found.append((number, last, text))
    return found
