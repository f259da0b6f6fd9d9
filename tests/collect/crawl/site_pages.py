"""The pages of the test site: how portals lay out lists and articles."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from tests.collect.crawl.site_text import Article

MODIFIED = "Mon, 11 Mar 2024 08:30:00 GMT"


@dataclass(frozen=True)
class Page:
    """One answer. ``etag`` and ``modified`` offer the page for conditional requests."""

    body: bytes
    media: str = "text/html; charset=utf-8"
    status: int = 200
    etag: bool = True
    modified: str = MODIFIED
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"' if self.etag else ""


def html(title: str, body: str, charset: str = "utf-8", said: str | None = None) -> bytes:
    """A page in ``charset`` that says it is in ``said``."""
    text = (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="{said or charset}"><title>{title}</title></head>'
        f"<body>\n{body}\n</body></html>\n"
    )
    return text.encode(charset)


def redirect(to: str, status: int = 302) -> Page:
    return Page(b"", status=status, etag=False, modified="", headers=(("Location", to),))


# Layout 1: a TRS portal. Lists are index.html, index_1.html, …; a script writes the pager.


def trs_list(items: Sequence[tuple[str, Article]], page: int, pages: int) -> Page:
    rows = "\n".join(
        f'<li><a href="{link}" target="_blank" title="{item.title}">{item.title[:18]}…</a>'
        f"<span>{item.date}</span></li>"
        for link, item in items
    )
    body = f"""<div class="crumbs"><a href="/">首页</a> &gt; <a href="./">政务公开</a></div>
<ul class="news_list">
{rows}
</ul>
<div class="page"><script>createPageHTML({pages}, {page}, "index", "html");</script></div>
<div class="footer"><a href="/about.html">关于我们</a></div>"""
    return Page(html("政务公开_云岭县教育局", body))


def trs_item(
    item: Article,
    attachments: Sequence[tuple[str, str]] = (),
    pager: str = "",
    body: Sequence[str] | None = None,
) -> Page:
    paragraphs = "\n".join(f"<p>　　{text}</p>" for text in (item.paragraphs if body is None else body))
    files = "".join(f'<p>附件：<a href="{link}">{name}</a></p>' for link, name in attachments)
    text = f"""<div class="crumbs"><a href="/">首页</a> &gt; <a href="../">政务公开</a></div>
<div class="article"><h1>{item.title}</h1>
<div class="info">来源：云岭县教育局　发布时间：{item.date}　浏览次数：<script>hits(1)</script></div>
<div class="TRS_Editor">
{paragraphs}
{files}
</div>{pager}</div>
<div class="share">【打印】【关闭】</div>"""
    return Page(html(f"{item.title}_云岭县教育局", text))


# Layout 2: an old portal in GBK that says gb2312; a table with 下一页; no headers for conditional requests.


def table_list(items: Sequence[tuple[str, Article]], page: int, pages: int) -> Page:
    rows = "\n".join(
        f'<tr><td>·</td><td><a href="{link}">{item.title}</a></td><td align="right">[{item.date}]</td></tr>'
        for link, item in items
    )
    following = f'<a href="list.asp?page={page + 1}">下一页</a>' if page < pages else "下一页"
    before = f'<a href="list.asp?page={page - 1}">上一页</a>' if page > 1 else "上一页"
    body = f"""<table width="980" class="top"><tr><td><a href="/">网站首页</a></td></tr></table>
<table width="720" class="list">
{rows}
</table>
<div class="pager">第{page}页/共{pages}页 <a href="list.asp?page=1">首页</a> {before} {following}
<a href="list.asp?page={pages}">尾页</a></div>"""
    return Page(html("工作动态", body, "gbk", "gb2312"), media="text/html", etag=False, modified="")


def table_item(item: Article) -> Page:
    text = "<br>\n<br>\n".join(f"　　{text}" for text in item.paragraphs)
    body = f"""<table width="720"><tr><td class="bt" align="center"><b>{item.title}</b></td></tr>
<tr><td align="center">发布日期：{item.date}　作者：办公室　点击：87次</td></tr>
<tr><td class="nr">{text}</td></tr></table>"""
    return Page(html(item.title, body, "gbk", "gb2312"), media="text/html", etag=False, modified="")


# Layout 3: a 信息公开 page that is only a script, and the JSON interface behind it.


def open_shell() -> Page:
    body = '<div id="app">正在加载…</div><script src="/open/app.js"></script>'
    return Page(html("政府信息公开目录", body))


def open_list(items: Sequence[tuple[str, Article]], page: int, total: int) -> Page:
    rows = [
        {"id": link.rsplit("/", 1)[1].removesuffix(".html"), "title": item.title, "url": link,
         "publishTime": f"{item.date} 09:00:00", "indexNo": f"YL{number:04}"}
        for number, (link, item) in enumerate(items)
    ]  # fmt: skip
    answer = {"code": 200, "msg": "成功", "data": {"total": total, "pageNo": page, "list": rows}}
    data = json.dumps(answer, ensure_ascii=False).encode()
    return Page(data, media="application/json;charset=UTF-8", etag=False, modified="")


def open_item(item: Article, number: int) -> Page:
    rows = "".join(
        f"<tr><th>{name}</th><td>{value}</td></tr>"
        for name, value in (
            ("索引号", f"YL{number:04}"),
            ("发布机构", "云岭县教育局"),
            ("发文日期", item.date),
        )
    )
    text = "\n".join(f"<p>{text}</p>" for text in item.paragraphs)
    body = f'<table class="gk">{rows}</table><h2 class="tt">{item.title}</h2><div id="zoom">{text}</div>'
    return Page(html(f"{item.title}-信息公开", body))


# An article on several pages: content.html, content_2.html, …


def article_page(item: Article, page: int, pages: int, text: str) -> Page:
    def name(number: int) -> str:
        return "content.html" if number == 1 else f"content_{number}.html"

    links = " ".join(
        f"<span>{number}</span>" if number == page else f'<a href="{name(number)}">{number}</a>'
        for number in range(1, pages + 1)
    )
    before = f'<a href="{name(page - 1)}">上一页</a>' if page > 1 else ""
    following = f'<a href="{name(page + 1)}">下一页</a>' if page < pages else ""
    pager = f'<div class="pages">{before} {links} {following}</div>'
    return trs_item(item, pager=pager, body=[text])


# Feeds.


def feed(base: str, items: Sequence[tuple[str, Article]]) -> Page:
    rows = "".join(
        f"<item><title>{item.title}</title><link>{urljoin(base, link)}</link>"
        f"<pubDate>{item.date}T09:00:00+08:00</pubDate></item>"
        for link, item in items
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>通知</title>{rows}</channel></rss>'
    return Page(text.encode(), media="application/rss+xml; charset=utf-8")


def sitemap(base: str, items: Sequence[tuple[str, Article]]) -> Page:
    rows = "".join(
        f"<url><loc>{urljoin(base, link)}</loc><lastmod>{item.date}</lastmod></url>" for link, item in items
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    text = f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
    return Page(text.encode(), media="application/xml")


def plain_list(items: Sequence[tuple[str, str]], pager: str = "", title: str = "列表") -> Page:
    """A short list without dates: ``(address, words of the link)``."""
    rows = "\n".join(f'<li><a href="{link}">{words}</a></li>' for link, words in items)
    return Page(html(title, f'<ul class="list">\n{rows}\n</ul>\n{pager}'))
