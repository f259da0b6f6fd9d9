"""Manners: who asks, how fast, at which hours, and how long to wait after a no. No clock is read here."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from urllib.parse import urlsplit

from policy_corpus.collect.crawl.addresses import hosts_of
from policy_corpus.collect.crawl.model import CrawlSettings, Pace, Source
from policy_corpus.errors import SettingsError

TOKEN = "policy-corpus"
"""The name that robots.txt may speak to."""
CHINA = timezone(timedelta(hours=8), "UTC+8")
"""The sources' local time; China has one, without summer time since 1991."""
FIRST_WAIT = 5.0
"""Seconds after the first failure; each further one doubles it."""
LONGEST_WAIT = 900.0
"""Seconds; no own wait is longer."""
LONGEST_ASKED = 86_400.0
"""Seconds; a longer Retry-After counts as this."""
SPREAD = 0.25
"""Share by which waits differ from address to address, so that they do not all come back at once."""

_HOURS = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–~]\s*([01]?\d|2[0-4]):([0-5]\d)\Z")
_SECONDS = re.compile(r"[0-9]{1,9}\Z")
_DAY = 86_400


def user_agent(crawl: CrawlSettings, sources: Sequence[Source]) -> str:
    """How the crawler names itself: ``policy-corpus/0.1.0 (+mailto:keeper@example.org)``.

    Raises
    ------
    SettingsError
        There is no contact, or none that can be sent. Sources of one's own network (``reach.private``) need none.
    """
    name, contact = f"{TOKEN}/{version('policy-corpus')}", crawl.contact.strip()
    if not contact and all(source.reach.private for source in sources):
        return name
    where, example = "sources.toml [crawl]", 'write contact = "you@your-office.example", or a page about you'
    if not contact:
        raise SettingsError("a crawl needs a contact that a site's keeper can turn to", where, example)
    page = contact.startswith(("http://", "https://"))
    if not (page or "@" in contact) or not contact.isascii() or not contact.isprintable():
        raise SettingsError(f"contact is no mail address and no web page: {contact!r}", where, example)
    if set(contact) & set(" ()<>\\"):
        raise SettingsError(f"contact holds blanks or brackets: {contact!r}", where, example)
    return f"{name} (+{contact if page or contact.startswith('mailto:') else f'mailto:{contact}'})"


def paces(sources: Sequence[Source]) -> dict[str, Pace]:
    """The pace of each host, by its name without port: of several sources on one host, the slower counts."""
    found: dict[str, Pace] = {}
    for source in sources:
        for place in hosts_of(source):
            host = urlsplit(f"//{place}").hostname or place
            known = found.get(host, source.pace)
            found[host] = replace(
                known,
                delay=max(known.delay, source.pace.delay),
                concurrent=min(known.concurrent, source.pace.concurrent),
            )
    return found


def unlocked(sources: Sequence[Source]) -> list[tuple[Source, str]]:
    """Which sources switch off ``robots`` or ``verify_tls``: the log of a run says so."""
    found = [(source, "robots") for source in sources if not source.reach.robots]
    return found + [(source, "verify_tls") for source in sources if not source.reach.verify_tls]


def conditional(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Headers that ask for a page only if it is another than before (RFC 9110, 13.1)."""
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in asked.items() if value and value.isprintable() and value.isascii()}


def seconds_until_open(hours: str, now: datetime) -> float:
    """How long until a source may be asked, 0 if it may be now.

    Parameters
    ----------
    hours
        ``22:00-06:00`` in the source's local time, the end not included; it may pass midnight. Empty, or the same
        time twice: always.
    now
        With a time zone, or without one in the source's local time.

    Raises
    ------
    ValueError
        ``hours`` is no span of hours.
    """
    if not hours.strip():
        return 0.0
    match = _HOURS.match(hours.strip())
    if not match:
        raise ValueError(f"no span of hours: {hours!r}")
    first, first_minute, last, last_minute = (int(group) for group in match.groups())
    start, end = (first * 60 + first_minute) * 60 % _DAY, (last * 60 + last_minute) * 60 % _DAY
    local = now.astimezone(CHINA) if now.tzinfo else now
    second = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
    inside = start <= second < end if start < end else second >= start or second < end
    return 0.0 if inside or start == end else (start - second) % _DAY


def back_off(attempt: int, asked: float | None = None, address: str = "") -> float:
    """Seconds to wait before an address is asked again.

    Parameters
    ----------
    attempt
        Failures so far, from 1.
    asked
        Seconds that the server wants us to wait; never less.
    address
        Spreads the waits: the same address always waits as long.

    Notes
    -----
    Exponential back-off with jitter (AWS Architecture Blog, 2015, "Exponential Backoff And Jitter"), the jitter
    taken from the address instead of chance, so that a run can be repeated.
    """
    wait = min(FIRST_WAIT * 2.0 ** max(0, min(attempt, 30) - 1), LONGEST_WAIT)
    share = int.from_bytes(hashlib.sha256(address.encode("utf-8", "surrogatepass")).digest()[:4]) / 2**32
    wait *= 1 + SPREAD * share
    return max(wait, min(asked, LONGEST_ASKED)) if asked is not None else wait


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks to wait (RFC 9110, 10.2.3); None if it cannot be read.

    Parameters
    ----------
    value
        Seconds, or a date.
    now
        With a time zone.
    """
    value = value.strip()
    if _SECONDS.match(value):
        return min(float(value), LONGEST_ASKED)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    if not date.tzinfo:
        date = date.replace(tzinfo=UTC)
    return min(max(0.0, (date - now).total_seconds()), LONGEST_ASKED)
