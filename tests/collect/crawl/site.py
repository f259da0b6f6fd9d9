"""A portal of invented pages that the tests start on loopback, and what a crawl must find in it.

``python -m tests.collect.crawl.site [MANY]`` runs it by hand and prints its address; ``MANY`` is the number of
items of the list /many/.
"""

import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qs, urljoin, urlsplit

from policy_corpus.collect.crawl.model import ItemRule, ListRule, Pace, Reach, Source
from tests.collect.crawl import site_pages as pages
from tests.collect.crawl import site_text as text
from tests.collect.crawl.site_pages import Page
from tests.collect.crawl.site_server import Asked, Server
from tests.collect.crawl.site_text import Article, article
from tests.collect.crawl.site_tls import self_signed

QUICK = Pace(delay=0.0, concurrent=8, timeout=3.0, retries=3)
OPEN = Reach(private=True)
FIVE, GAP, GAP_MISSING = 5, 4, 3
MANY_PER_PAGE = 100
ROBOTS = "User-agent: *\nDisallow: /forbidden/\nDisallow: /*.bak$\n"

HARD: dict[str, str] = {
    "/hard/always-500.html": "server_error",
    "/hard/reset.html": "connection",
    "/hard/drip.html": "too_slow",
    "/hard/silence.html": "too_slow",
    "/hard/cut-short.html": "connection",
    "/hard/bomb.html": "too_large",
    "/hard/broken-gzip.html": "broken",
    "/hard/big.html": "too_large",
    "/hard/big-unsaid.html": "too_large",
    "/hard/loop-a.html": "redirect_loop",
    "/hard/loop-self.html": "redirect_loop",
    "/hard/to-private.html": "private_address",
    "/hard/to-metadata.html": "private_address",
    "/hard/to-octal.html": "private_address",
    "/hard/to-other.html": "private_address",
    "/hard/to-foreign.html": "foreign_host",
    "/hard/to-file.html": "bad_address",
    "/hard/to-user.html": "bad_address",
    "/hard/to-forbidden.html": "robots",
    "/hard/gone.html": "not_found",
    "/hard/refused.html": "refused",
    "/hard/film.html": "wrong_type",
    "/hard/film.mp4": "wrong_type",
}
"""Pages that bring nothing, and why. The reasons are those of ``policy_corpus.collect.crawl.fetch``."""


@dataclass(frozen=True)
class Planted:
    """One answer that a crawl must keep: the words stand in its text. ``family`` is the notice's first page."""

    source: str
    url: str
    words: tuple[str, ...]
    family: str
    role: Literal["page", "attachment"] = "page"
    page: int = 1
    readable: bool = True
    """False where no library reads the words (.doc, .wps without LibreOffice)."""


class Site:
    """The site while it runs; a context manager.

    Parameters
    ----------
    many
        Items of the list /many/, for benchmarks.
    robots, robots_status
        The text of robots.txt, and the status that it comes with.
    tls
        Serve https with a certificate that is in no store (:attr:`certificate`).
    """

    def __init__(
        self, many: int = 0, robots: str = ROBOTS, tls: bool = False, robots_status: int = 200
    ) -> None:
        context, self.certificate = self_signed() if tls else (None, b"")
        self._server = Server(self._find, context)
        self._other = Server(lambda path: Page(pages.html("内网", "<p>内网首页</p>")))
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self.other_url = f"http://127.0.0.1:{self._other.server_address[1]}"
        """Another service of the same machine, which no source names."""
        self.many = many
        self.robots = Page(robots.encode(), "text/plain", robots_status, etag=False, modified="")
        self.planted: list[Planted] = []
        self.failing: dict[str, str] = {self.url + path: reason for path, reason in HARD.items()}
        self.new: tuple[Planted, ...] = ()
        self.changed: tuple[Planted, ...] = ()
        self.vanished: tuple[Planted, ...] = ()
        """What :meth:`change` added, wrote anew, took away."""
        self._pages: dict[str, Page] = {}
        self._sources: dict[str, Source] = {}
        self._next = 1
        for plant in (self._trs, self._table, self._open, self._articles, self._files, self._news, self._hard,
                      self._guarded, self._feeds, self._traps):  # fmt: skip
            plant()

    def __enter__(self) -> "Site":
        self._server.thread.start()
        self._other.thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._server.stop()
        self._other.stop()

    @property
    def log(self) -> list[Asked]:
        """All requests so far, in order."""
        return self._server.log

    @property
    def other_log(self) -> list[Asked]:
        """Requests to the other service: there must be none."""
        return self._other.log

    def asked(self, start: str = "") -> list[str]:
        """Paths that were asked for, those that begin with ``start``."""
        return [asked.path for asked in self.log if asked.path.startswith(start)]

    def sources(self, *ids: str, pace: Pace = QUICK, reach: Reach = OPEN) -> tuple[Source, ...]:
        """Tables of the named sources, of all where none is named."""
        chosen = [self._sources[name] for name in ids] if ids else list(self._sources.values())
        return tuple(replace(source, pace=pace, reach=reach) for source in chosen)

    def put(self, path: str, page: Page) -> str:
        """Serve one more page; gives its address."""
        self._pages[path] = page
        return self.url + path

    def of(self, *ids: str) -> list[Planted]:
        """What is planted for these sources."""
        return [planted for planted in self.planted if planted.source in ids]

    # Planting.

    def _article(self) -> Article:
        self._next += 1
        return article(self._next)

    def _source(
        self, name: str, start: str, listing: ListRule | None = None, item: ItemRule | None = None,
        kind: Literal["list", "json", "feed", "sitemap", "page"] = "list",
    ) -> None:  # fmt: skip
        rule = ListRule(items="ul.list li", link="a") if listing is None and kind == "list" else listing
        self._sources[name] = Source(
            id=name, start=(self.url + start,), kind=kind, listing=rule or ListRule(), item=item or ItemRule()
        )

    def _plant(self, source: str, path: str, page: Page, *words: str, family: str = "", number: int = 1,
               role: Literal["page", "attachment"] = "page", readable: bool = True) -> Planted:  # fmt: skip
        self._pages[path] = page
        url = self.url + path
        planted = Planted(source, url, words, self.url + family if family else url, role, number, readable)
        self.planted.append(planted)
        return planted

    def _trs(self) -> None:
        count, size = 22, 8
        items = []
        for number in range(count):
            item = self._article()
            day = item.date.replace("-", "")
            link = f"./{day[:6]}/t{day}_{1001 + number}.html"
            self._plant("trs", f"/jyj/zwgk/{link[2:]}", pages.trs_item(item), item.word)
            items.append((link, item))
        total = -(-count // size)
        for page in range(total):
            listed = pages.trs_list(items[page * size : (page + 1) * size], page, total)
            self._pages[f"/jyj/zwgk/index{f'_{page}' if page else ''}.html"] = listed
        self._pages["/jyj/zwgk/"] = self._pages["/jyj/zwgk/index.html"]
        rule = ListRule("ul.news_list li", link="a", title="a", date="span", next_url="index_{n}.html")
        self._source("trs", "/jyj/zwgk/", rule, ItemRule(title="h1", date="div.info"))

    def _table(self) -> None:
        count, size = 25, 10
        items = []
        for number in range(count):
            item = self._article()
            link = f"show.asp?id={300 + number}"
            self._plant("table", f"/gbk/{link}", pages.table_item(item), item.word)
            items.append((link, item))
        total = -(-count // size)
        for page in range(1, total + 1):
            listed = pages.table_list(items[(page - 1) * size : page * size], page, total)
            self._pages[f"/gbk/list.asp?page={page}"] = listed
        self._pages["/gbk/list.asp"] = self._pages["/gbk/list.asp?page=1"]
        rule = ListRule(
            "table.list tr", link="a", title="a", date="td:last-child", next='a:contains("下一页")'
        )
        self._source("table", "/gbk/list.asp", rule, ItemRule(title="td.bt"))

    def _open(self) -> None:
        count, size = 23, 10
        items = []
        for number in range(count):
            item = self._article()
            link = f"/open/art/{item.date.replace('-', '')}{number:03}.html"
            self._plant("open", link, pages.open_item(item, number), item.word)
            items.append((link, item))
        for page in range(1, -(-count // size) + 2):
            listed = pages.open_list(items[(page - 1) * size : page * size], page, count)
            self._pages[f"/open/api/list?pageNo={page}&pageSize={size}"] = listed
        self._pages["/open/index.html"] = pages.open_shell()
        following = f"/open/api/list?pageNo={{n}}&pageSize={size}"
        rule = ListRule(
            "data.list", link="url", title="title", date="publishTime", next_url=following, next_from=2
        )
        self._source("open", f"/open/api/list?pageNo=1&pageSize={size}", rule, kind="json")

    def _articles(self) -> None:
        """An article of five pages, one whose third page of four is missing."""
        links = []
        for name, count, missing in (("five", FIVE, 0), ("gap", GAP, GAP_MISSING)):
            whole = self._article()
            first = f"/art/{name}/content.html"
            for number in range(1, count + 1):
                part = self._article()
                path = first if number == 1 else f"/art/{name}/content_{number}.html"
                if number != missing:
                    page = pages.article_page(whole, number, count, part.paragraphs[0])
                    self._plant(name, path, page, part.word, family=first, number=number)
            links.append((f"{name}/content.html", whole.title))
            self._source(name, first, kind="page")
        self._pages["/art/index.html"] = pages.plain_list(links)

    def _files(self) -> None:
        """Notices with attachments; one whose own page says nothing."""
        links: list[tuple[str, str]] = []
        for kind in ("pdf", "docx", "xlsx", "zip", "doc", "wps", "only"):
            item, inside = self._article(), self._article()
            words = "\n".join((inside.title, *inside.paragraphs))
            name = "pdf" if kind == "only" else kind
            data, media = text.attachment(name, words, inside.word)
            path, file = f"/files/{kind}.html", f"/files/P0{len(links)}2024.{name}"
            label = f"实施方案（{kind}）.{name}"
            body = ["现将有关方案印发给你们，请认真执行。详见附件。"] if kind == "only" else None
            page = pages.trs_item(item, [(file.rsplit("/", 1)[1], label)], body=body)
            self._plant("files", path, page, item.word)
            self._plant("files", file, Page(data, media, etag=False), inside.word, family=path,
                        role="attachment", readable=kind not in ("doc", "wps"))  # fmt: skip
            links.append((path, item.title))
        self._pages["/files/index.html"] = pages.plain_list(links)
        self._source("files", "/files/index.html")

    def _news(self) -> None:
        """A list that :meth:`change` changes."""
        self._items: list[tuple[str, Article]] = []
        for number in range(9):
            item = self._article()
            self._plant("news", f"/news/{100 + number}.html", pages.trs_item(item), item.word)
            self._items.append((f"{100 + number}.html", item))
        self._pages["/news/"] = pages.trs_list(self._items, 0, 1)
        self._source("news", "/news/", ListRule("ul.news_list li", link="a", title="a", date="span"))

    def change(self) -> None:
        """Two new items on top, the second of the old ones written anew, the fourth taken away."""
        known = {planted.url: planted for planted in self.of("news")}
        gone, again = self._items[3][0], self._items[1][0]
        self.vanished = (known[f"{self.url}/news/{gone}"],)
        del self._pages[f"/news/{gone}"], self._items[3]
        written = self._article()
        before = known[f"{self.url}/news/{again}"]
        self.planted = [old for old in self.planted if old not in (before, *self.vanished)]
        item = self._items[1][1]
        page = pages.trs_item(item, body=(*item.paragraphs, *written.paragraphs))
        self.changed = (self._plant("news", f"/news/{again}", page, item.word, written.word),)
        fresh = []
        for number in (201, 202):
            item = self._article()
            fresh.append(self._plant("news", f"/news/{number}.html", pages.trs_item(item), item.word))
            self._items.insert(0, (f"{number}.html", item))
        self.new = tuple(fresh)
        self._pages["/news/"] = pages.trs_list(self._items, 0, 1)

    def _hard(self) -> None:
        """Pages that fail, and three between them that come in all the same."""
        good = self._article()
        self._plant("hard", "/hard/good.html", pages.trs_item(good), good.word)
        late = self._article()
        self._plant("hard", "/hard/busy-twice.html", pages.trs_item(late), late.word)
        moved = self._article()
        self._plant("hard", "/hard/moved.html", pages.redirect("/hard/moved-here.html", 301), moved.word)
        self._pages["/hard/moved-here.html"] = pages.trs_item(moved)
        port = urlsplit(self.other_url).port
        for path, to in {
            "loop-a": "/hard/loop-b.html", "loop-b": "/hard/loop-a.html", "loop-self": "/hard/loop-self.html",
            "to-private": "http://10.0.0.1/", "to-metadata": "http://169.254.169.254/latest/meta-data/",
            "to-octal": f"http://0177.0.0.1:{port}/", "to-other": f"{self.other_url}/intranet.html",
            "to-foreign": "http://example.invalid/", "to-file": "file:///etc/passwd",
            "to-user": f"http://user:word@127.0.0.1:{self._server.server_address[1]}/hard/good.html",
            "to-forbidden": "/forbidden/redirected.html",
        }.items():  # fmt: skip
            self._pages[f"/hard/{path}.html"] = pages.redirect(to)
        film = b"\x00\x00\x00\x18ftypmp42" + bytes(5000)
        self._pages["/hard/film.html"] = Page(film, "text/html")
        self._pages["/hard/film.mp4"] = Page(film, "video/mp4")
        refused = pages.html("403", "<h1>拒绝访问</h1>")
        self._pages["/hard/refused.html"] = Page(refused, status=403, etag=False)
        soft = pages.html("提示信息", "<div class='tip'>您访问的页面不存在或已被删除！3秒后返回首页</div>")
        self._pages["/hard/soft-404.html"] = Page(soft, etag=False, modified="")
        links = [(path, f"难题 {path}") for path in HARD]
        links += [(f"/hard/{name}.html", name) for name in ("good", "busy-twice", "moved", "soft-404")]
        self._pages["/hard/index.html"] = pages.plain_list(links)
        self._source("hard", "/hard/index.html")

    def _guarded(self) -> None:
        """A list with items that robots.txt keeps to itself."""
        item, secret = self._article(), self._article()
        self._plant("guarded", "/public/ok.html", pages.trs_item(item), item.word)
        for path in ("/forbidden/secret.html", "/forbidden/redirected.html", "/public/list.bak"):
            self._pages[path] = pages.trs_item(secret)
        links = [
            ("/public/ok.html", "公开"),
            ("/forbidden/secret.html", "内部"),
            ("/public/list.bak", "备份"),
        ]
        self._pages["/public/index.html"] = pages.plain_list(links)
        self._source("guarded", "/public/index.html")

    def _feeds(self) -> None:
        for name, path, write in (("feed", "/feed/rss.xml", pages.feed),
                                  ("sitemap", "/sitemap/sitemap.xml", pages.sitemap)):  # fmt: skip
            items = []
            for number in range(5):
                item = self._article()
                link = f"/{name}/{number}.html"
                self._plant(name, link, pages.trs_item(item), item.word)
                items.append((link, item))
            self._pages[path] = write(self.url, items)
            self._source(name, path, kind="feed" if name == "feed" else "sitemap")

    def _traps(self) -> None:
        """Lists without an end; each has three items that must be found all the same."""
        self._trapped: dict[str, list[tuple[str, str]]] = {}
        for name, start in (("calendar", "/calendar/?year=2024&month=3"), ("endless", "/endless/list?page=1"),
                            ("beyond", "/beyond/list?page=1"), ("grow", "/grow/"),
                            ("session", "/session/list;jsessionid=0A1B2C3D4E5F60718293A4B5C6D7E8F9?page=1")):  # fmt: skip
            for number in range(3):
                item = self._article()
                path = f"/{name}/item/{number}.html"
                self._plant(name, path, pages.trs_item(item), item.word)
                self._trapped.setdefault(name, []).append((path, item.title))
            self._source(name, start, ListRule("ul.list li", link="a", next="a.next"))

    # Answering.

    def _find(self, path: str) -> Page | None:
        known = self._pages.get(path)
        if known:
            return known
        if path == "/robots.txt":
            return self.robots
        name = path[1:].partition("/")[0]
        if name == "many":
            return self._many_page(path)
        if name in ("calendar", "endless", "beyond", "grow", "session"):
            return self._trap_page(name, path)
        return None

    def _trap_page(self, name: str, path: str) -> Page | None:
        if "/item/" in path:
            return None
        query = {key: int(values[0]) for key, values in parse_qs(urlsplit(path).query).items()}
        items = self._trapped[name]
        page = query.get("page", 1)
        if name == "calendar":
            year, month = query["year"], query["month"]
            items = items if (year, month) == (2024, 3) else []
            to = f"?year={year + month // 12}&month={month % 12 + 1}"
            return pages.plain_list(items, f"<h3>{year}年{month}月</h3><a class='next' href='{to}'>下月</a>")
        if name == "beyond":  # says one page, and its next links lead on; each has another text
            more = f"<p>共1页，当前第{page}页</p><a class='next' href='list?page={page + 1}'>下一页</a>"
            return pages.plain_list(items, more)
        if name == "grow":
            return pages.plain_list(items, "<a class='next' href='a/b/'>下一页</a>")
        if name == "session":  # the same page under a new session at every request
            mark = f"{self._server.hits.total():032X}"
            return pages.plain_list(items, f"<a class='next' href='list;jsessionid={mark}?page=1'>下一页</a>")
        return pages.plain_list(items, f"<a class='next' href='list?page={page + 1}'>下一页</a>")

    def _many_page(self, path: str) -> Page | None:
        """``/many/list?page=1…`` and ``/many/item/N.html``: made when asked for."""
        item = re.fullmatch(r"/many/item/(\d+)\.html", path)
        if item:
            return pages.trs_item(article(1_000 + int(item[1]) % 100_000))
        query = parse_qs(urlsplit(path).query)
        if urlsplit(path).path != "/many/list" or not self.many:
            return None
        page = int(query.get("page", ["1"])[0])
        numbers = range((page - 1) * MANY_PER_PAGE, min(page * MANY_PER_PAGE, self.many))
        links = [(f"/many/item/{number}.html", f"第{number}条") for number in numbers]
        more = (
            f"<a class='next' href='list?page={page + 1}'>下一页</a>"
            if page * MANY_PER_PAGE < self.many
            else ""
        )
        return pages.plain_list(links, more)

    def many_source(self, pace: Pace = QUICK) -> Source:
        """The source of the list /many/."""
        rule = ListRule("ul.list li", link="a", next="a.next")
        reach = replace(OPEN, max_list_pages=100_000)
        return Source("many", (urljoin(self.url, "/many/list?page=1"),), listing=rule, pace=pace, reach=reach)


def running(many: int = 0) -> Iterator[str]:
    """The address of a site that runs until the iterator is closed."""
    with Site(many) as site:
        yield site.url


if __name__ == "__main__":
    for address in running(int(sys.argv[1]) if len(sys.argv) > 1 else 0):
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        threading.Event().wait()
