"""What a hostile or broken site can do to a crawl: nothing, and each case has its name."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from policy_corpus.collect.crawl.model import Reach, Source
from tests.collect.crawl.asking import Answered, Outcome, ask
from tests.collect.crawl.site import HARD, OPEN, Site
from tests.collect.crawl.site_server import BOMB_MB

MEMORY_MB = 250
BY_STATUS = {"server_error": 500, "not_found": 404, "refused": 403, "wrong_type": 200}
PLAIN = tuple(path for path, reason in HARD.items() if reason not in BY_STATUS)


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Outcome]]:
    """All hard pages asked for in one run, by a source that allows 5 MB and 3 seconds."""
    with Site() as site:
        sources = site.sources("hard", reach=Reach(private=True, max_mb=5))
        paths = [*HARD, "/hard/good.html", "/hard/moved.html"]
        asked = [("hard", site.url + path) for path in paths]
        yield site, ask(tmp_path_factory.mktemp("hard"), sources, asked)


@pytest.mark.parametrize("path", PLAIN)
def test_what_brings_nothing_has_its_reason(hard: tuple[Site, Outcome], path: str) -> None:
    site, outcome = hard
    answer = outcome.answers[site.url + path]
    assert (answer.reason, bool(answer.detail)) == (HARD[path], True)


@pytest.mark.parametrize("path", sorted(set(HARD) - set(PLAIN)))
def test_a_status_is_handed_on(hard: tuple[Site, Outcome], path: str) -> None:
    site, outcome = hard
    assert outcome.answers[site.url + path].status == BY_STATUS[HARD[path]]


def test_the_pages_between_them_come_in(hard: tuple[Site, Outcome]) -> None:
    site, outcome = hard
    assert outcome.answers[site.url + "/hard/good.html"].status == 200
    assert outcome.answers[site.url + "/hard/moved.html"].url == site.url + "/hard/moved-here.html"


def test_a_bomb_is_not_unpacked(hard: tuple[Site, Outcome]) -> None:
    assert BOMB_MB > MEMORY_MB > hard[1].memory_mb


def test_no_other_machine_and_no_other_service_was_asked(hard: tuple[Site, Outcome]) -> None:
    assert hard[0].other_log == []


def test_nothing_that_robots_forbids_was_asked(hard: tuple[Site, Outcome]) -> None:
    assert hard[0].asked("/forbidden/") == []


def test_nothing_is_printed(hard: tuple[Site, Outcome]) -> None:
    assert hard[1].printed == ""


def test_a_drip_is_cut_off_in_time(hard: tuple[Site, Outcome]) -> None:
    site, outcome = hard
    assert outcome.answers[site.url + "/hard/drip.html"].seconds < 15


NAME_SERVER = """
import socket
known = {"portal.example.com": "127.0.0.1", "cloud.example.com": "169.254.169.254", "own.example.com": "127.0.0.1"}
real = socket.gethostbyname
socket.gethostbyname = lambda name: known.get(name) or real(name)
"""


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, Answered]]]:
    """Start pages of four sources; a name server that is not to be trusted."""
    with Site() as site:
        port = site.url.rpartition(":")[2]
        start = {
            "closed": f"{site.url}/jyj/zwgk/",
            "portal": f"http://portal.example.com:{port}/jyj/zwgk/",
            "cloud": "http://cloud.example.com/latest/meta-data/",
            "own": f"http://own.example.com:{port}/jyj/zwgk/",
        }
        sources = [
            Source(name, (url,), reach=OPEN if name == "own" else Reach()) for name, url in start.items()
        ]
        outcome = ask(tmp_path_factory.mktemp("names"), sources, list(start.items()), before=NAME_SERVER)
        yield site, {name: outcome.answers[url] for name, url in start.items()}


def test_a_start_page_in_a_private_network_is_refused(names: tuple[Site, dict[str, Answered]]) -> None:
    assert names[1]["closed"].reason == "private_address"


@pytest.mark.parametrize(("name", "leads_to"), [("portal", "127.0.0.1"), ("cloud", "169.254.169.254")])
def test_a_name_that_leads_into_a_private_network_is_refused_where_it_is_resolved(
    names: tuple[Site, dict[str, Answered]], name: str, leads_to: str
) -> None:
    answer = names[1][name]
    assert (answer.reason, answer.detail) == ("private_address", f"{name}.example.com is {leads_to}")


def test_a_name_of_ones_own_network_is_asked_where_the_source_says_so(
    names: tuple[Site, dict[str, Answered]],
) -> None:
    site, answers = names
    assert answers["own"].status == 200
    assert site.asked() == ["/robots.txt", "/jyj/zwgk/"]  # nothing for the others


@pytest.fixture(scope="module")
def secure(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[dict[str, Site], dict[str, Answered], Outcome]]:
    """Three sites: the system trusts the first, nobody the others; one source takes any certificate."""
    folder = tmp_path_factory.mktemp("secure")
    with Site(tls=True) as trusted, Site(tls=True) as unknown, Site(tls=True) as lax:
        sites = {"trusted": trusted, "unknown": unknown, "lax": lax}
        file = folder / "authority.pem"
        file.write_bytes(trusted.certificate)
        start = {name: site.of("trs")[0].url for name, site in sites.items()}
        sources = [
            Source(name, (url,), reach=replace(OPEN, verify_tls=name != "lax")) for name, url in start.items()
        ]
        env = {**os.environ, "SSL_CERT_FILE": str(file)}
        outcome = ask(folder, sources, list(start.items()), env=env)
        yield sites, {name: outcome.answers[url] for name, url in start.items()}, outcome


Secure = tuple[dict[str, Site], dict[str, Answered], Outcome]


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Secure) -> None:
    sites, answers, _ = secure
    assert answers["unknown"].reason == "tls"
    assert sites["unknown"].log == []


def test_a_certificate_that_the_system_trusts_is_taken(secure: Secure) -> None:
    assert secure[1]["trusted"].status == 200


def test_a_source_can_take_any_certificate_for_itself(secure: Secure) -> None:
    assert secure[1]["lax"].status == 200


def test_certificates_print_nothing(secure: Secure) -> None:
    assert secure[2].printed == ""
