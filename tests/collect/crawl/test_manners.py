"""Who asks, how fast, at which hours, and how long to wait after a no."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from policy_corpus.collect.crawl.manners import (
    FIRST_WAIT,
    LONGEST_ASKED,
    LONGEST_WAIT,
    SPREAD,
    back_off,
    conditional,
    paces,
    retry_after,
    seconds_until_open,
    unlocked,
    user_agent,
)
from policy_corpus.collect.crawl.model import CrawlSettings, Pace, Reach, Source
from policy_corpus.errors import SettingsError

OPEN = Source("a", ("https://www.example.org/",))
OWN = Source("b", ("http://10.0.0.5/",), reach=Reach(private=True))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2024-05-01T{text}")


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        ("", "12:00:00", 0),
        ("22:00-06:00", "23:30:00", 0),
        ("22:00-06:00", "05:59:59", 0),
        ("22:00-06:00", "06:00:00", 16 * 3600),
        ("22:00-06:00", "21:59:30", 30),
        ("08:00-18:00", "07:00:00", 3600),
        ("08:00-18:00", "18:00:00", 14 * 3600),
        ("18:00-24:00", "23:59:59", 0),
        ("00:00-24:00", "12:00:00", 0),
        ("8:00 - 9:30", "09:29:59", 0),
    ],
)
def test_a_source_is_asked_in_its_hours_only(hours: str, now: str, opens: float) -> None:
    assert seconds_until_open(hours, at(now)) == opens


def test_hours_are_those_of_china() -> None:
    assert seconds_until_open("22:00-06:00", at("15:00:00").replace(tzinfo=UTC)) == 0  # 23:00 there
    assert seconds_until_open("22:00-06:00", at("23:00:00").replace(tzinfo=UTC)) > 0  # 07:00 there


@pytest.mark.parametrize("hours", ["night", "22-6", "22:00", "25:00-06:00"])
def test_hours_that_are_none_are_told(hours: str) -> None:
    with pytest.raises(ValueError, match="no span of hours"):
        seconds_until_open(hours, at("12:00:00"))


def test_waits_double_up_to_a_limit() -> None:
    waits = [back_off(attempt) for attempt in range(1, 20)]
    assert all(
        FIRST_WAIT * 2**n <= wait <= FIRST_WAIT * 2**n * (1 + SPREAD) for n, wait in enumerate(waits[:7])
    )
    assert waits == sorted(waits)
    assert max(waits) <= LONGEST_WAIT * (1 + SPREAD)


def test_an_address_always_waits_as_long_and_another_one_otherwise() -> None:
    waits = {back_off(3, None, f"https://x/{n}.html") for n in range(50)}
    assert back_off(3, None, "https://x/1.html") in waits
    assert len(waits) == 50


def test_a_server_that_asks_to_wait_longer_is_heard() -> None:
    assert back_off(1, 300.0, "https://x/") == 300.0
    assert back_off(6, 1.0, "https://x/") > 100
    assert back_off(1, 1e9) == LONGEST_ASKED


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Wed, 01 May 2024 00:10:00 GMT", 600.0),
        ("Wed, 01 May 2024 08:10:00 +0800", 600.0),
        ("Tue, 30 Apr 2024 00:00:00 GMT", 0.0),
        ("999999999", LONGEST_ASKED),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("", None),
        ("１２", None),
    ],
)
def test_retry_after_is_read(value: str, seconds: float | None) -> None:
    assert retry_after(value, datetime(2024, 5, 1, tzinfo=UTC)) == seconds


def test_a_retry_date_is_counted_from_now() -> None:
    now = datetime(2024, 5, 1, tzinfo=UTC)
    wait = retry_after("Wed, 01 May 2024 00:10:00 GMT", now + timedelta(minutes=9))
    assert wait == 60.0


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("keeper@example.org", "(+mailto:keeper@example.org)"),
        ("mailto:keeper@example.org", "(+mailto:keeper@example.org)"),
        ("https://example.org/crawl", "(+https://example.org/crawl)"),
    ],
)
def test_the_crawler_names_itself_and_its_contact(contact: str, said: str) -> None:
    agent = user_agent(CrawlSettings(contact=contact), [OPEN])
    assert agent.startswith("policy-corpus/")
    assert agent.endswith(said)


def test_a_crawl_without_contact_does_not_start() -> None:
    with pytest.raises(SettingsError, match="needs a contact"):
        user_agent(CrawlSettings(), [OPEN, OWN])


def test_ones_own_network_needs_no_contact() -> None:
    assert "+" not in user_agent(CrawlSettings(), [OWN])


@pytest.mark.parametrize(
    "contact", ["教育局", "somebody", "a@b.org\r\nX-Evil: 1", "a@b.org (me)", "http://中.cn"]
)
def test_a_contact_that_cannot_be_sent_is_told(contact: str) -> None:
    with pytest.raises(SettingsError, match="contact"):
        user_agent(CrawlSettings(contact=contact), [OPEN])


def test_two_sources_on_one_host_go_at_the_slower_pace() -> None:
    slow = replace(OPEN, id="slow", pace=Pace(delay=4.0, concurrent=1))
    quick = replace(OPEN, id="quick", pace=Pace(delay=0.5, concurrent=4))
    assert paces([quick, slow])["www.example.org"] == replace(quick.pace, delay=4.0, concurrent=1)


def test_paces_are_by_host_without_port() -> None:
    source = Source("c", ("http://x.example.org:8080/",), reach=Reach(hosts=("files.example.org",)))
    assert set(paces([source])) == {"x.example.org", "files.example.org"}


@pytest.mark.parametrize(
    ("etag", "modified", "headers"),
    [
        ('"a1"', None, {"If-None-Match": '"a1"'}),
        (None, "Mon, 11 Mar 2024 08:30:00 GMT", {"If-Modified-Since": "Mon, 11 Mar 2024 08:30:00 GMT"}),
        (None, None, {}),
        ('"a"\r\nX: 1', "", {}),
        ('"中"', None, {}),
    ],
)
def test_pages_are_asked_for_conditionally(
    etag: str | None, modified: str | None, headers: dict[str, str]
) -> None:
    assert conditional(etag, modified) == headers


def test_what_a_source_switches_off_is_known() -> None:
    lax = Source("lax", OPEN.start, reach=Reach(robots=False, verify_tls=False))
    assert unlocked([OPEN, lax]) == [(lax, "robots"), (lax, "verify_tls")]
