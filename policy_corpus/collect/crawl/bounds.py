"""Bounds: which addresses a source may ask for. Values in, values out; names are looked up by the resolver only.

A source asks the hosts of its start pages and those that its ``reach`` names. Private networks are closed unless
``reach.private`` opens them, and then for the named hosts and ports alone: a redirect to another machine or another
service within the same network is refused all the same. What a name resolves to is checked where it is resolved
(:mod:`policy_corpus.collect.crawl.fetch`), so that the address that is checked is the one that is connected to.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from policy_corpus.collect.crawl.addresses import MAX_ADDRESS, host_of, hosts_of
from policy_corpus.collect.crawl.model import Source
from policy_corpus.collect.crawl.troubles import Reason

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"http": 80, "https": 443}

# What ``is_global`` of some Python versions lets through (IANA special-purpose registries, 2024).
_CLOSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "240.0.0.0/4", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20",
        "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10",
    )
)  # fmt: skip
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_OWN_SUFFIXES = (
    ".localhost", ".local", ".localdomain", ".internal", ".intranet", ".private", ".corp", ".home", ".lan",
    ".home.arpa",
)  # fmt: skip
_NUMBER = re.compile(r"(?:0x[0-9a-f]{0,16}|[0-9]{1,20})\Z")
_HOST = re.compile(r"[\w.\-]{1,253}\Z")
_BAD = re.compile(r"[\x00-\x20\x7f\\]")


class Refusal(NamedTuple):
    """Why an address is not asked for."""

    reason: Reason
    detail: str


def is_public(address: IPAddress | str) -> bool:
    """Whether an IP address is one of the open internet, and so is an IPv4 address within it.

    Parameters
    ----------
    address
        Also IPv4 in IPv6: mapped (``::ffff:…``), 6to4, NAT64, Teredo.
    """
    ip = ipaddress.ip_address(address) if isinstance(address, str) else address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return is_public(ip.ipv4_mapped)
        if ip.sixtofour and not is_public(ip.sixtofour):
            return False
        if ip in _NAT64:
            return is_public(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    if any(ip in network for network in _CLOSED if network.version == ip.version):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def literal(host: str) -> IPAddress | None:
    """The IP address that a host spells, as a system's resolver reads it; None for a name.

    ``127.1``, ``0177.0.0.1``, ``0x7f000001`` and ``2130706433`` are all 127.0.0.1 (inet_aton), also in full-width
    digits, which become plain ones when a name is made ASCII.

    Raises
    ------
    ValueError
        Nothing but numbers, and yet no address (``256.1.1.1``, ``1.2.3.4.5``).
    """
    host = unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]").rstrip(".").lower()
    if ":" in host:
        return ipaddress.ip_address(host)
    parts = host.split(".")
    if not all(_NUMBER.match(part) for part in parts):
        return None
    numbers = [_number(part) for part in parts]
    *front, last = numbers
    if len(numbers) > 4 or any(number > 255 for number in front) or last >= 256 ** (5 - len(numbers)):
        raise ValueError(f"{host} is no IP address")
    value = sum(number << 8 * (3 - place) for place, number in enumerate(front))
    return ipaddress.IPv4Address(value + last)


def _number(text: str) -> int:
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8) if len(text) > 1 and text[0] == "0" else int(text)


def own_name(host: str) -> bool:
    """Whether a name belongs to the machine or its network: ``localhost``, ``printer``, ``nas.local``."""
    host = unicodedata.normalize("NFKC", host).replace("。", ".").rstrip(".").lower()
    return "." not in host or host.endswith(_OWN_SUFFIXES)


def private_hosts(sources: Iterable[Source]) -> frozenset[str]:
    """Host names, without ports, that may resolve to addresses of a private network."""
    return frozenset(
        _without_port(host) for source in sources if source.reach.private for host in hosts_of(source)
    )


def refusal(source: Source, url: str, redirected: bool = False) -> Refusal | None:
    """Why a source may not ask for an address, or None.

    Parameters
    ----------
    source
        Whose hosts and private places count.
    url
        Absolute.
    redirected
        The server of an admitted address sent us there. Such an address may lie on another host of the same
        registrable domain (``jyj.x.gov.cn`` → ``www.x.gov.cn``): the site itself says where its page is now. A
        link that stands on a page may not; its host must be named in ``reach.hosts``.
    """
    parts = _split(url)
    if isinstance(parts, Refusal):
        return parts
    host = (parts.hostname or "").rstrip(".")
    place = host_of(url)
    named = place in hosts_of(source)
    try:
        ip = literal(host)
    except ValueError as error:
        return Refusal("bad_address", str(error))
    closed = not is_public(ip) if ip else own_name(host)
    if closed:
        return None if source.reach.private and named else Refusal("private_address", place)
    if named or (_default_port(parts) and _admitted_host(source, host, ip is None, redirected)):
        return None
    return Refusal("foreign_host", place)


def _split(url: str) -> SplitResult | Refusal:
    """The parts of an address whose form holds no trick."""
    if len(url) > MAX_ADDRESS:
        return Refusal("bad_address", f"{len(url)} characters long")
    if _BAD.search(url):
        return Refusal("bad_address", "blanks, control characters or backslashes in it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return Refusal("bad_address", str(error))
    if parts.scheme not in PORTS:
        return Refusal("bad_address", f"{parts.scheme or 'no scheme'}: only http and https are asked")
    if "@" in parts.netloc:
        return Refusal("bad_address", "a user name or password in it")
    host = unicodedata.normalize("NFKC", parts.hostname or "")
    if port == 0 or not (_HOST.match(host) or "[" in parts.netloc) or ".." in host:
        return Refusal("bad_address", f"{parts.netloc or 'nothing'} names no host")
    return parts


def _default_port(parts: SplitResult) -> bool:
    return parts.port in (None, PORTS[parts.scheme])


def _admitted_host(source: Source, host: str, is_name: bool, redirected: bool) -> bool:
    """Whether a host counts as named on its scheme's own port."""
    own = {_without_port(other) for other in hosts_of(source) if _usual_port(other)}
    if host in own:
        return True
    if not is_name:
        return False
    twin = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    if twin in own:
        return True
    domain = registrable(host) if redirected else ""
    return bool(domain) and any(registrable(other) == domain for other in own)


def _without_port(place: str) -> str:
    if place.startswith("["):
        return place[1:].partition("]")[0]
    return place if place.count(":") > 1 else place.partition(":")[0]


def _usual_port(place: str) -> bool:
    return place.count(":") != 1 or place.rpartition(":")[2] in ("80", "443")


@lru_cache(maxsize=4096)
def registrable(host: str) -> str:
    """The part of a name that its owner registered (``x.gov.cn``), by the public suffix list; empty for none.

    The list is the one that comes with tldextract; nothing is downloaded.
    """
    domain: str = _extract()(host).top_domain_under_public_suffix
    return domain


@lru_cache(maxsize=1)
def _extract() -> Any:
    from tldextract import TLDExtract

    return TLDExtract(cache_dir=None, suffix_list_urls=())
