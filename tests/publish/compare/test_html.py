"""One HTML file that needs no network and runs no text."""

import hashlib
import json
import re
from importlib.resources import files

import pytest
from bs4 import BeautifulSoup

from policy_corpus.publish.compare.html import html_page
from tests.analyse.compare.material import REGIONS, compared
from tests.publish.compare.hostile import ADDRESS, hostile

ECHARTS = "55974cf42cc160e6cf9099cd3ed8cdedfaa9779919fcee7e2272c85f6ca30e27"


@pytest.fixture(scope="module")
def page() -> BeautifulSoup:
    return BeautifulSoup(html_page(compared(*REGIONS[:2])), "lxml")


@pytest.fixture(scope="module")
def bad() -> BeautifulSoup:
    return BeautifulSoup(html_page(hostile()), "lxml")


def test_the_library_is_the_published_one_with_its_licence() -> None:
    assets = files("policy_corpus.publish.compare") / "assets"
    data = (assets / "echarts.common.min.js").read_bytes()
    assert hashlib.sha256(data).hexdigest() == ECHARTS
    assert "Apache License" in (assets / "echarts.LICENSE").read_text()
    assert b"</script" not in data
    assert b"<!--" not in data


def test_nothing_is_asked_of_the_network(page: BeautifulSoup) -> None:
    assert not page.select("[src], link, iframe, object, embed, form, img")
    policy = page.select_one("meta[http-equiv=Content-Security-Policy]")
    assert policy is not None
    assert "default-src 'none'" in str(policy["content"])
    assert "@import" not in str(page.style)
    assert "url(" not in str(page.style)


def test_references_lead_to_quotes(page: BeautifulSoup) -> None:
    anchors = {str(tag["id"]) for tag in page.select("[id]")}
    links = [str(a["href"]) for a in page.select("a[href^='#']")]
    assert links
    assert all(link[1:] in anchors for link in links)


def test_every_measure_is_quoted_in_the_file(page: BeautifulSoup) -> None:
    numbers = [int(tag["id"][1:]) for tag in page.select("ol.quotes li")]
    assert numbers == list(range(1, len(compared(*REGIONS[:2]).quotes) + 1))


def test_chart_data_are_inside(page: BeautifulSoup) -> None:
    charts = json.loads(page.select_one("#charts").string)
    assert [len(page.select(f".chart[data-chart='{key}']")) for key in charts] == [1] * len(charts)
    assert charts[min(charts, key=int)]["series"][0][1] == [13.0, 11.0]


def test_no_text_becomes_a_tag(bad: BeautifulSoup) -> None:
    assert not bad.select("img, b")
    assert len(bad.select("script")) == 3
    assert bad.title is not None
    assert "alert" not in bad.title.text


def test_no_text_ends_the_data(bad: BeautifulSoup) -> None:
    assert "<" not in bad.select_one("#charts").string


def test_only_web_addresses_are_links(bad: BeautifulSoup) -> None:
    assert {str(a["href"]) for a in bad.select(".source a")} == {ADDRESS}


def test_an_address_that_is_a_script_is_no_link() -> None:
    from dataclasses import replace

    found = compared()
    quotes = tuple(replace(quote, address="javascript:alert(1)") for quote in found.quotes)
    assert b'href="javascript' not in html_page(replace(found, quotes=quotes))


def test_there_is_no_clock_and_no_path_of_the_package_in_it(page: BeautifulSoup) -> None:
    assert not re.search(r"20\d\d-\d\d-\d\dT", str(page.main))
