"""Which addresses a source may ask for."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_corpus.collect.crawl.bounds import (
    is_public,
    literal,
    own_name,
    private_hosts,
    refusal,
    registrable,
)
from policy_corpus.collect.crawl.model import Reach, Source

PORTAL = Source(
    "p",
    ("https://jyj.yunling.gov.cn/zwgk/",),
    reach=Reach(hosts=("files.example.com", "old.example.com:8080")),
)
INTRANET = Source("i", ("http://10.1.2.3:8000/news/", "http://oa.local/"), reach=Reach(private=True))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "100.127.255.255", "0.0.0.0", "0.1.2.3", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1",
        "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "100::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::1", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_addresses_of_no_public_network_are_closed(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "202.108.22.5", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2400:3200::1", "::ffff:8.8.8.8",
     "64:ff9b::808:808", "2002:808:808::1"],
)  # fmt: skip
def test_addresses_of_the_internet_are_open(address: str) -> None:
    assert is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_within_ipv6_is_as_open_as_itself(number: int) -> None:
    plain = ipaddress.IPv4Address(number)
    for wrapped in (f"::ffff:{plain}", str(ipaddress.IPv6Address((0x64FF9B << 96) + number))):
        assert is_public(wrapped) == is_public(plain)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.1", "0x7F000001", "2130706433", "017700000001",
     "127.0.0.1.", "１２７.０.０.１", "127。0。0。1", "①②⑦.0.0.1"],
)  # fmt: skip
def test_spellings_of_the_loopback_address_are_seen(host: str) -> None:
    assert literal(host) == ipaddress.ip_address("127.0.0.1")


@given(st.integers(0, 2**32 - 1))
def test_numbers_are_the_addresses_that_they_spell(number: int) -> None:
    address = ipaddress.IPv4Address(number)
    assert (
        literal(str(number))
        == literal(hex(number))
        == literal(f"0{number:o}")
        == literal(str(address))
        == address
    )


@pytest.mark.parametrize("host", ["www.example.com", "1.cn", "0x7g.com", "12345.gov.cn", "a1.2.3.4"])
def test_names_are_no_addresses(host: str) -> None:
    assert literal(host) is None


@pytest.mark.parametrize("host", ["256.1.1.1", "1.2.3.4.5", "4294967296", "1.2.3.256", "08.1.1.1"])
def test_numbers_that_are_no_address_are_errors(host: str) -> None:
    with pytest.raises(ValueError):  # int() and ours
        literal(host)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "printer", "nas.local", "x.localhost", "a.internal", "ｌocalhost"]
)
def test_names_of_ones_own_network_are_seen(host: str) -> None:
    assert own_name(host)


@pytest.mark.parametrize(
    "url",
    [
        "https://jyj.yunling.gov.cn/zwgk/index_1.html",
        "http://jyj.yunling.gov.cn/",
        "https://jyj.yunling.gov.cn:443/",
        "https://www.jyj.yunling.gov.cn/",
        "https://files.example.com/a.pdf",
        "http://old.example.com:8080/a.pdf",
        "https://jyj.yunling.gov.cn/%E4%B8%AD.html?a=b@c",
    ],
)
def test_a_source_asks_its_own_hosts(url: str) -> None:
    assert refusal(PORTAL, url) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://www.yunling.gov.cn/", "foreign_host"),
        ("https://mp.weixin.qq.com/s/1", "foreign_host"),
        ("https://jyj.yunling.gov.cn:8443/", "foreign_host"),
        ("http://old.example.com:9090/", "foreign_host"),
        ("https://jyj.yunling.gov.cn.evil.example/", "foreign_host"),
        ("http://8.8.8.8/", "foreign_host"),
        ("http://10.0.0.1/", "private_address"),
        ("http://169.254.169.254/latest/meta-data/", "private_address"),
        ("http://[::1]/", "private_address"),
        ("http://[::ffff:10.0.0.1]/", "private_address"),
        ("http://2130706433/", "private_address"),
        ("http://0x7f.1/", "private_address"),
        ("http://localhost/", "private_address"),
        ("http://metadata.internal/", "private_address"),
        ("http://intranet/", "private_address"),
        ("file:///etc/passwd", "bad_address"),
        ("ftp://jyj.yunling.gov.cn/", "bad_address"),
        ("data:text/html,x", "bad_address"),
        ("//jyj.yunling.gov.cn/", "bad_address"),
        ("https://jyj.yunling.gov.cn@10.0.0.1/", "bad_address"),
        ("https://u:p@jyj.yunling.gov.cn/", "bad_address"),
        ("https://jyj.yunling.gov.cn\\@10.0.0.1/", "bad_address"),
        ("https://jyj.yunling.gov.cn\r\nHost: x/", "bad_address"),
        ("https://jyj.yunling.gov.cn:0/", "bad_address"),
        ("https://jyj.yunling.gov.cn:99999/", "bad_address"),
        ("https://256.1.1.1/", "bad_address"),
        ("https://%31%30.0.0.1/", "bad_address"),
        ("https:///a", "bad_address"),
        ("https://jyj.yunling.gov.cn/" + "a" * 2000, "bad_address"),
    ],
)
def test_and_no_others(url: str, reason: str) -> None:
    refused = refusal(PORTAL, url)
    assert refused
    assert refused.reason == reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://www.yunling.gov.cn/jyj/", None),
        ("https://yunling.gov.cn/", None),
        ("https://files2.example.com/", None),
        ("https://www.baishan.gov.cn/", "foreign_host"),
        ("https://evil-yunling.gov.cn/", "foreign_host"),
        ("https://www.yunling.gov.cn:8080/", "foreign_host"),
        ("http://127.0.0.1/", "private_address"),
        ("http://8.8.8.8/", "foreign_host"),
    ],
)
def test_a_redirect_may_lead_to_the_same_owners_other_hosts(url: str, reason: str | None) -> None:
    refused = refusal(PORTAL, url, redirected=True)
    assert (refused.reason if refused else None) == reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://10.1.2.3:8000/news/1.html", None),
        ("http://oa.local/a.html", None),
        ("http://10.1.2.3/", "private_address"),
        ("http://10.1.2.3:22/", "private_address"),
        ("http://10.1.2.4:8000/", "private_address"),
        ("http://012.1.2.3:8000/", "private_address"),
        ("http://127.0.0.1:8000/", "private_address"),
        ("http://169.254.169.254/", "private_address"),
        ("http://db.local/", "private_address"),
    ],
)
@pytest.mark.parametrize("redirected", [False, True])
def test_a_source_in_a_private_network_asks_its_named_hosts_alone(
    url: str, reason: str | None, redirected: bool
) -> None:
    refused = refusal(INTRANET, url, redirected)
    assert (refused.reason if refused else None) == reason


def test_a_start_page_in_a_private_network_must_be_allowed() -> None:
    source = Source("x", ("http://192.168.0.10/",))
    refused = refusal(source, source.start[0])
    assert refused
    assert refused.reason == "private_address"


def test_names_that_may_resolve_to_private_addresses_are_those_of_private_sources() -> None:
    assert private_hosts([PORTAL, INTRANET]) == {"10.1.2.3", "oa.local"}


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("jyj.yunling.gov.cn", "yunling.gov.cn"),
        ("www.x.com.cn", "x.com.cn"),
        ("gov.cn", ""),
        ("x.edu.cn", "x.edu.cn"),
    ],
)
def test_the_registered_part_of_a_name(host: str, domain: str) -> None:
    assert registrable(host) == domain
