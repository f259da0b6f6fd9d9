"""How an address is asked for, seen from the server."""

import gzip
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import certifi
import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from policy_corpus.collect.crawl.answers import make_issue
from policy_corpus.collect.crawl.fetch import RefusedError, settings_for, trouble_of
from policy_corpus.collect.crawl.model import CrawlSettings, Pace, Source
from policy_corpus.collect.crawl.tls import Certificates
from policy_corpus.collect.crawl.troubles import WORDS, Reason, of_status
from tests.collect.crawl.asking import Answered, Outcome, ask
from tests.collect.crawl.site import OPEN, Site
from tests.collect.crawl.site_pages import MODIFIED, Page, html, redirect

REFRESH = '<html><head><meta http-equiv="refresh" content="{};url={}"></head><body>{}</body></html>'
ODD = ("http://[broken/", "https://", "http://exa mple/", "javascript:go()", "http://x:99999/")
PACKED = {
    "gzip": gzip.compress,
    "br": brotli.compress,
    "gzip, gzip": lambda data: gzip.compress(gzip.compress(data)),
}
UNPACKED = html("压缩", "<p>云岭县</p>")


@dataclass(frozen=True)
class Run:
    """A site, what was asked of it, what came."""

    site: Site
    outcome: Outcome

    def __getitem__(self, path: str) -> Answered:
        return self.outcome.answers[self.site.url + path]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One run over one site, in a place whose proxy settings are wrong."""
    with Site() as site:
        paths = [planted.url.removeprefix(site.url) for planted in site.of("trs")]
        paths += ["/public/ok.html", "/forbidden/secret.html", "/public/list.bak", "/news/100.html", "/hop/0"]
        for name, pack in PACKED.items():
            packed = Page(pack(UNPACKED), headers=(("Content-Encoding", name),))
            paths.append(site.put(f"/packed/{name.replace(', ', '-')}", packed).removeprefix(site.url))
        for name, page in {
            "at-once": REFRESH.format(0, "/hard/good.html", ""),
            "shown": REFRESH.format(3, "/hard/good.html", "页面不存在"),
            "private": REFRESH.format(0, "http://10.0.0.1/", ""),
        }.items():
            paths.append(site.put(f"/refresh/{name}", Page(page.encode())).removeprefix(site.url))
        for number in range(30):
            site.put(f"/hop/{number}", redirect(f"/hop/{number + 1}"))
        for number, location in enumerate(ODD):
            paths.append(site.put(f"/odd/{number}", redirect(location)).removeprefix(site.url))
        addresses: list[tuple[str | None, str]] = [("trs", site.url + path) for path in paths]
        addresses += [(None, site.url + "/hard/good.html"), (None, "http://example.com/")]
        headers = {f"{site.url}/news/100.html": {"If-Modified-Since": MODIFIED}}
        env = {**os.environ, "http_proxy": site.other_url, "HTTP_PROXY": site.other_url, "no_proxy": ""}
        yield Run(site, ask(tmp_path_factory.mktemp("run"), site.sources("trs"), addresses, headers, env))


def test_each_request_names_the_crawler_and_carries_nothing_else(run: Run) -> None:
    for asked in run.site.log:
        assert asked.headers["User-Agent"].endswith("(+mailto:keeper@example.org)")
        assert asked.headers["Accept-Language"].startswith("zh-CN")
        assert not {"Cookie", "Referer"} & set(asked.headers)


def test_robots_txt_is_asked_for_first_and_once(run: Run) -> None:
    assert run.site.log[0].path == "/robots.txt"
    assert len(run.site.asked("/robots.txt")) == 1


def test_what_robots_txt_forbids_is_not_asked_for(run: Run) -> None:
    paths = ("/public/ok.html", "/forbidden/secret.html", "/public/list.bak")
    assert [run[path].reason for path in paths] == ["", "robots", "robots"]
    assert run.site.asked("/forbidden/") == []
    assert run.site.asked("/public/") == ["/public/ok.html"]


def test_an_unchanged_page_is_not_sent_again(run: Run) -> None:
    assert (run["/news/100.html"].status, run["/news/100.html"].size) == (304, 0)


@pytest.mark.parametrize("name", ["gzip", "br", "gzip-gzip"])
def test_packed_answers_are_unpacked(run: Run, name: str) -> None:
    assert run[f"/packed/{name}"].text == UNPACKED.decode()


def test_a_page_that_only_leads_on_is_followed(run: Run) -> None:
    assert run["/refresh/at-once"].url.endswith("/hard/good.html")


def test_a_page_that_shows_something_before_it_leads_on_is_not(run: Run) -> None:
    assert run["/refresh/shown"].url.endswith("/refresh/shown")


def test_a_page_does_not_lead_into_a_private_network(run: Run) -> None:
    assert run["/refresh/private"].reason == "private_address"


def test_redirects_have_an_end_also_when_none_comes_twice(run: Run) -> None:
    assert run["/hop/0"].reason == "redirect_loop"
    assert len(run.site.asked("/hop/")) == 11


@pytest.mark.parametrize("number", range(len(ODD)))
def test_a_redirect_to_no_address_has_its_reason(run: Run, number: int) -> None:
    assert run[f"/odd/{number}"].reason in ("bad_address", "foreign_host", "private_address", "not_found")


def test_a_proxy_of_the_environment_is_not_used(run: Run) -> None:
    assert run.site.other_log == []


def test_a_request_without_a_source_finds_it_by_its_host(run: Run) -> None:
    assert run["/hard/good.html"].status == 200
    assert run.outcome.answers["http://example.com/"].reason == "foreign_host"


def test_nothing_is_printed(run: Run) -> None:
    assert run.outcome.printed == ""


def test_without_a_pause_a_site_is_asked_at_once(run: Run) -> None:
    assert run.site.log[-1].at - run.site.log[0].at < 20


CLOSED, ABSENT = (500, 503, 429), (404, 403, 410)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Run]]:
    """One run over sites that differ in their robots.txt."""
    with ExitStack() as stack:
        running = {str(status): Site(robots_status=status) for status in (*CLOSED, *ABSENT)}
        running |= {"unasked": Site(), "elsewhere": Site()}
        for site in running.values():
            stack.enter_context(site)
        running["elsewhere"].put(
            "/rules.txt", Page(b"User-agent: policy-corpus\nDisallow: /jyj/", "text/plain")
        )
        running["elsewhere"].robots = redirect("/rules.txt")
        sources = [
            replace(site.sources("trs")[0], id=name, reach=replace(OPEN, robots=name != "unasked"))
            for name, site in running.items()
        ]
        addresses = [(name, planted.url) for name, site in running.items() for planted in site.of("trs")[:3]]
        outcome = ask(tmp_path_factory.mktemp("sites"), sources, addresses)
        yield {name: Run(site, outcome) for name, site in running.items()}


def reasons(run: Run) -> set[str]:
    return {run.outcome.answers[planted.url].reason for planted in run.site.of("trs")[:3]}


@pytest.mark.parametrize("status", ABSENT)
def test_a_site_without_robots_txt_is_open(sites: dict[str, Run], status: int) -> None:
    assert reasons(sites[str(status)]) == {""}


@pytest.mark.parametrize("status", CLOSED)
def test_a_site_whose_robots_txt_fails_is_closed(sites: dict[str, Run], status: int) -> None:
    assert reasons(sites[str(status)]) == {"robots_unreachable"}
    assert sites[str(status)].site.asked() == ["/robots.txt"]


def test_robots_txt_may_lie_elsewhere_on_the_site(sites: dict[str, Run]) -> None:
    assert reasons(sites["elsewhere"]) == {"robots"}


def test_a_source_may_go_without_robots_txt(sites: dict[str, Run]) -> None:
    assert reasons(sites["unasked"]) == {""}
    assert sites["unasked"].site.asked("/robots.txt") == []


def gaps(site: Site) -> list[float]:
    """Seconds between one request and the next."""
    return [later.at - earlier.at for earlier, later in pairwise(site.log)]


def test_the_pause_between_requests_is_kept(site: Site, tmp_path: Path) -> None:
    addresses = [("trs", planted.url) for planted in site.of("trs")[:5]]
    ask(tmp_path, site.sources("trs", pace=Pace(delay=0.2, concurrent=4)), addresses)
    assert len(site.log) == 6
    assert sum(gaps(site)) >= 3 * 0.2  # of five pauses; a busy machine notes the first request late


def test_a_crawl_delay_is_kept(tmp_path: Path) -> None:
    with Site(robots="User-agent: *\nCrawl-delay: 0.4\n") as site:
        ask(tmp_path, site.sources("trs"), [("trs", planted.url) for planted in site.of("trs")[:4]])
    assert len(site.log) == 5
    assert sum(gaps(site)[1:]) >= 2 * 0.4  # of three


SOURCE = Source("a", ("https://a.example.org/",), pace=Pace(delay=2.0, concurrent=3))
CRAWL = CrawlSettings(contact="keeper@example.org")


@pytest.mark.parametrize(
    "name",
    ["TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED", "HTTPCACHE_ENABLED", "REFERER_ENABLED",
     "RETRY_ENABLED", "HTTPPROXY_ENABLED", "LOG_ENABLED"],
)  # fmt: skip
def test_what_is_not_used_is_off(name: str) -> None:
    assert settings_for(CRAWL, [SOURCE])[name] is False


def test_a_pause_varies_upwards_only() -> None:
    slot = settings_for(CRAWL, [SOURCE])["DOWNLOAD_SLOTS"]["a.example.org"]
    assert slot["concurrency"] == 3
    assert slot["delay"] * (1 - slot["jitter"]) == pytest.approx(2.0)


def test_only_pages_of_the_web_have_a_handler() -> None:
    handlers = settings_for(CRAWL, [SOURCE])["DOWNLOAD_HANDLERS"]
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RefusedError("robots", "x"), "robots"),
        (DownloadTimeoutError("Getting x took longer than 3.0 seconds."), "too_slow"),
        (CannotResolveHostError("no results"), "unknown_host"),
        (ConnectionResetError(), "connection"),
        (HttpError(Response("https://x/", status=404, request=Request("https://x/"))), "not_found"),
        (KeyError("x"), "failed"),
    ],
)
def test_an_error_has_a_reason(error: Exception, reason: Reason) -> None:
    assert trouble_of(error) == trouble_of(Failure(error))  # type: ignore[no-untyped-call]
    assert trouble_of(error).reason == reason
    assert trouble_of(error).detail


@pytest.mark.parametrize(
    ("status", "reason", "passes"),
    [(404, "not_found", False), (410, "not_found", False), (403, "refused", False), (412, "refused", False),
     (429, "busy", True), (503, "busy", True), (500, "server_error", True), (504, "too_slow", True),
     (302, "bad_address", False), (400, "failed", False)],
)  # fmt: skip
def test_a_status_has_a_reason(status: int, reason: Reason, passes: bool) -> None:
    trouble = of_status(status)
    assert trouble
    assert (trouble.reason, trouble.passes) == (reason, passes)


@pytest.mark.parametrize("status", [200, 206, 304])
def test_an_answer_is_no_trouble(status: int) -> None:
    assert of_status(status) is None


@pytest.mark.parametrize("reason", WORDS)
def test_each_reason_has_words_and_a_remedy(reason: Reason) -> None:
    issue = make_issue("https://x/", reason, "HTTP 404", "source-id")
    assert issue.stage == "crawl"
    assert issue.message.endswith(".")
    assert issue.remedy.endswith(".")
    assert "{" not in issue.message


def test_authorities_can_come_from_a_file() -> None:
    assert Certificates(frozenset(), None, certifi.where()).creatorForNetloc(b"example.org", 443)
