"""A table proposed from one answer of a JSON interface: the paths that its usual names lead to."""

from collections.abc import Callable

from policy_corpus.collect.crawl.lists.json_list import longest_list, parse_json, usual_field
from policy_corpus.collect.crawl.model import Fetched, ListPage
from policy_corpus.collect.crawl.pages import text_of

Line = Callable[[str, str, str, float], str]
"""Writes one proposal: key, value, what it finds, agreement."""


def is_json(page: Fetched) -> bool:
    """Whether an answer is JSON or JSONP."""
    if page.data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return False
    return not parse_json(text_of(page))[1]


def json_lines(page: Fetched, listed: ListPage, line: Line) -> list[str]:
    """The ``[source.list]`` of an interface; ``listed`` is what the general rule finds in the answer."""
    path, rows = longest_list(parse_json(text_of(page))[0])
    objects = [row for row in rows or [] if isinstance(row, dict)]
    found = ["", "[source.list]"]
    if path:
        found.append(line("items", path, f"{len(listed.entries)} of {len(rows or [])} items", 1.0))
    for what in ("link", "title", "date"):
        names = [name for row in objects if (name := usual_field(row, what))]  # type: ignore[arg-type]
        if names:
            name = max(sorted(set(names)), key=names.count)
            share = names.count(name) / len(objects)
            found.append(line(what, name, f"{names.count(name)} of {len(objects)} items", share))
        else:
            fields = ", ".join(sorted(str(key) for key in objects[0])[:20]) if objects else ""
            found.append(f"# {what}: 字段名不常见，请从中选取: choose one of {fields}")
    if listed.next:
        pages = f"，共 {listed.pages} 页 (of {listed.pages})" if listed.pages else ""
        found.append(f"# next: 通用规则可找到下一页，无需设置: the general rule finds {listed.next}{pages}")
    else:
        found.append(
            "# next: 地址中没有页码参数；在 start 中写上，如 ?pageNo=1: put the page's number into start"
        )
    return found
