"""Scrapy's settings for a run: what is on, what is off, how fast, how much. Scrapy itself is not needed here."""

from collections.abc import Sequence
from typing import Any

from policy_corpus.collect.crawl.manners import TOKEN, paces, user_agent
from policy_corpus.collect.crawl.model import CrawlSettings, Pace, Source

HERE = "policy_corpus.collect.crawl.fetch."
MAX_DELAY = 60.0
"""Seconds to which a slow server can stretch the pause between requests."""
DNS_SECONDS = 20.0
JITTER = 0.2
"""Share by which a pause varies; it is stretched by as much first, so that it never falls below the set delay."""
UNKNOWN_HOST_PACE = Pace()


def settings_for(
    crawl: CrawlSettings, sources: Sequence[Source], log_file: str | None = None
) -> dict[str, Any]:
    """Scrapy's settings for one run.

    Parameters
    ----------
    crawl
        What holds for all sources.
    sources
        Those that are asked in this run.
    log_file
        Where warnings of Scrapy and Twisted go; without one they are dropped. Nothing goes to stderr.

    Raises
    ------
    SettingsError
        There is no contact, or none that can be sent. Sources of one's own network (``reach.private``) need none.
    """
    usual = UNKNOWN_HOST_PACE
    return {
        "USER_AGENT": user_agent(crawl, sources),
        "ROBOTSTXT_USER_AGENT": TOKEN,
        "ROBOTSTXT_OBEY": True,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
        },
        # Pace.
        "CONCURRENT_REQUESTS": crawl.concurrent,
        "CONCURRENT_REQUESTS_PER_DOMAIN": usual.concurrent,
        "DOWNLOAD_DELAY": usual.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "DOWNLOAD_SLOTS": {host: slot_of(pace) for host, pace in paces(sources).items()},
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": usual.delay,
        "AUTOTHROTTLE_MAX_DELAY": MAX_DELAY,
        # Limits. Each request carries those of its source.
        "DOWNLOAD_TIMEOUT": usual.timeout,
        "DOWNLOAD_MAXSIZE": max((source.reach.max_mb for source in sources), default=50) * 1_000_000,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DNS_TIMEOUT": DNS_SECONDS,
        # Who is asked.
        "TWISTED_DNS_RESOLVER": HERE + "Resolver",
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": {
            "http": HERE + "Handler", "https": HERE + "Handler", "ftp": None, "s3": None, "file": None, "data": None,
        },
        "DOWNLOADER_MIDDLEWARES": {
            HERE + "Guard": 20,
            HERE + "Robots": 100,
            HERE + "Redirects": 580,
            HERE + "Unpacking": 590,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        },
        "EXTENSIONS": {HERE + "Throttle": 0, "scrapy.extensions.throttle.AutoThrottle": None},
        "CRAWL_SOURCES": tuple(sources),
        # What is not used.
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "RETRY_ENABLED": False,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "STATS_DUMP": False,
        "LOGSTATS_INTERVAL": 0,
        "LOG_LEVEL": "WARNING",
        "LOG_ENABLED": log_file is not None,
        "LOG_FILE": log_file,
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    }  # fmt: skip


def slot_of(pace: Pace) -> dict[str, float]:
    """Scrapy's settings for a host asked at this pace."""
    jitter = JITTER if pace.delay else 0.0
    return {"concurrency": pace.concurrent, "delay": pace.delay / (1 - JITTER), "jitter": jitter}
