"""The test site is what the tests believe it to be."""

import gzip
import http.client
import io
import re
import socket
import time
from urllib.parse import urljoin, urlsplit

import pypdfium2
import pytest

from policy_corpus.collect.crawl.model import Source
from tests.collect.crawl.site import HARD, Site
from tests.collect.crawl.site_server import BOMB_MB

Answer = tuple[int, bytes, dict[str, str]]


def ask(site: Site, path: str, **headers: str) -> Answer:
    place = urlsplit(site.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=5)
    try:
        connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        connection.close()


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def test_every_planted_page_is_served_with_its_words(site: Site) -> None:
    for planted in site.planted:
        if planted.role == "attachment" or planted.url.endswith(("moved.html", "busy-twice.html")):
            continue
        status, data, headers = ask(site, path_of(planted.url))
        text = data.decode("utf-8" if "utf-8" in headers["Content-Type"] else "gbk")
        assert status == 200
        assert all(word in text for word in planted.words), planted


def test_planted_words_are_unlike_each_other(site: Site) -> None:
    words = [word for planted in site.planted for word in planted.words]
    assert len(words) == len(set(words)) > 90


@pytest.mark.parametrize(("name", "pages"), [("trs", 3), ("table", 3)])
def test_a_list_names_all_its_items(site: Site, name: str, pages: int) -> None:
    (source,) = site.sources(name)
    following = ["index_1.html", "index_2.html"] if name == "trs" else ["list.asp?page=2", "list.asp?page=3"]
    found = []
    for address in (source.start[0], *(urljoin(source.start[0], link) for link in following)):
        _, data, _ = ask(site, path_of(address))
        text = data.decode("utf-8" if name == "trs" else "gbk")
        links = re.findall(r'href="([^"]*(?:/t\d+_\d+\.html|show\.asp[^"]*))"', text)
        found += [urljoin(address, link) for link in links]
    assert found == [planted.url for planted in site.of(name)]


def test_an_unchanged_page_is_304_for_its_tag_and_for_its_date(site: Site) -> None:
    path = path_of(site.of("trs")[0].url)
    _, _, headers = ask(site, path)
    assert ask(site, path, If_None_Match=headers["ETag"])[:2] == (304, b"")
    assert ask(site, path, If_Modified_Since=headers["Last-Modified"])[0] == 304
    assert ask(site, path, If_None_Match='"other"')[0] == 200
    assert [asked.conditional for asked in site.log] == [False, True, True, True]


def test_the_changed_list_has_new_changed_and_vanished_items(site: Site) -> None:
    before = site.of("news")
    tag = ask(site, "/news/101.html")[2]["ETag"]
    site.change()
    assert ask(site, "/news/101.html", If_None_Match=tag)[0] == 200
    assert ask(site, path_of(site.vanished[0].url))[0] == 404
    listed = ask(site, "/news/")[1].decode()
    assert all(path_of(planted.url).rsplit("/", 1)[1] in listed for planted in site.new)
    assert len(site.of("news")) == len(before) + 1


def test_busy_twice_is_good_the_third_time(site: Site) -> None:
    assert [ask(site, "/hard/busy-twice.html")[0] for _ in range(3)] == [503, 503, 200]


def test_a_reset_is_a_reset(site: Site) -> None:
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        ask(site, "/hard/reset.html")


def test_the_bomb_is_small_on_the_wire(site: Site) -> None:
    _, data, headers = ask(site, "/hard/bomb.html")
    assert headers["Content-Encoding"] == "gzip"
    assert len(data) < BOMB_MB * 2_000
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as unpacked:
        size = sum(len(block) for block in iter(lambda: unpacked.read(1_000_000), b""))
    assert size > BOMB_MB * 1_000_000


def test_a_drip_never_waits_long(site: Site) -> None:
    place = urlsplit(site.url)
    with socket.create_connection((place.hostname, place.port), timeout=2) as connection:
        connection.sendall(b"GET /hard/drip.html HTTP/1.1\r\nHost: x\r\n\r\n")
        began = time.monotonic()
        received = 0
        while time.monotonic() - began < 0.7:
            received += len(connection.recv(100))
    assert received > 0


def test_the_pdf_can_be_read(site: Site) -> None:
    (planted,) = (p for p in site.of("files") if p.url.endswith("P002024.pdf"))
    document = pypdfium2.PdfDocument(ask(site, path_of(planted.url))[1])
    page = document[0]
    words = page.get_textpage().get_text_bounded()
    document.close()
    assert planted.words[0] in words


@pytest.mark.parametrize("name", ["calendar", "endless", "beyond", "grow", "session"])
def test_a_trap_leads_on_and_on(site: Site, name: str) -> None:
    (source,) = site.sources(name)
    address = source.start[0]
    seen = set()
    for _ in range(20):
        seen.add(address)
        data = ask(site, path_of(address))[1].decode()
        (link,) = re.findall(r"class='next' href='([^']+)'", data)
        address = urljoin(address, link)
    assert len(seen) == 20


def test_hard_pages_are_listed(site: Site) -> None:
    listed = ask(site, "/hard/index.html")[1].decode()
    assert all(path in listed for path in HARD)


def test_sources_are_tables_of_the_model(site: Site) -> None:
    assert all(
        isinstance(source, Source) and source.start[0].startswith(site.url) for source in site.sources()
    )


def test_many_items_are_made_when_asked_for() -> None:
    with Site(many=250) as site:
        last = ask(site, "/many/list?page=3")[1].decode()
        assert "/many/item/249.html" in last
        assert "下一页" not in last
        assert ask(site, "/many/item/249.html")[0] == 200
