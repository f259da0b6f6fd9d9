"""robots.txt is asked for once for each site, and again after a rest where it could not be read."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from policy_corpus.collect.crawl.robots import MAX_CRAWL_DELAY, REST, RobotsFiles, Rules, UnreachableError

Ask = Callable[[str], Awaitable[tuple[int, bytes]]]


def answering(*answers: tuple[int, bytes]) -> tuple[Ask, list[str]]:
    """A server that gives these answers in turn, and the addresses that it was asked for."""
    asked: list[str] = []

    async def ask(url: str) -> tuple[int, bytes]:
        asked.append(url)
        await asyncio.sleep(0)
        return answers[len(asked) - 1]

    return ask, asked


def test_requests_that_wait_for_the_same_site_ask_once() -> None:
    ask, asked = answering((200, b"User-agent: *\nDisallow: /a"))
    files = RobotsFiles()

    async def both() -> list[Rules | None]:
        return await asyncio.gather(*(files.rules("https://x", ask) for _ in range(5)))

    rules = asyncio.run(both())
    assert asked == ["https://x/robots.txt"]
    assert {rule is rules[0] for rule in rules} == {True}


def test_a_site_whose_rules_cannot_be_read_rests() -> None:
    now = [0.0]
    ask, asked = answering((503, b""), (200, b""))
    files = RobotsFiles(lambda: now[0])

    async def go() -> None:
        for _ in range(3):
            with pytest.raises(UnreachableError):
                await files.rules("https://x", ask)
        now[0] = REST + 1
        assert await files.rules("https://x", ask)

    asyncio.run(go())
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("text", "url", "allowed"),
    [
        ("User-agent: *\nDisallow: /a", "https://x/a/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "https://x/a/b", True),
        ("User-agent: policy-corpus\nDisallow: /\n\nUser-agent: *\nAllow: /", "https://x/", False),
        ("User-agent: Policy-Corpus\nDisallow: /", "https://x/", False),
        ("User-agent: Baiduspider\nDisallow: /", "https://x/", True),
        ("User-agent: *\nDisallow:", "https://x/", True),
        ("User-agent: *\nDisallow: /*.doc$", "https://x/a.docx", True),
        ("\ufeffUser-agent: *\nDisallow: /", "https://x/", False),
        ("<html>404</html>", "https://x/", True),
        ("User-agent: *\nDisallow: /公开/", "https://x/%E5%85%AC%E5%BC%80/1.html", False),
    ],
)
def test_rules(text: str, url: str, allowed: bool) -> None:
    assert Rules(text.encode()).allows(url) is allowed


def test_rules_in_no_known_encoding_are_read_as_far_as_they_go() -> None:
    rules = Rules("User-agent: *\nDisallow: /a # 内部资料\n".encode("gbk"))
    assert not rules.allows("https://x/a")


@pytest.mark.parametrize(
    ("value", "seconds"), [("2", 2.0), ("0.5", 0.5), ("9999", MAX_CRAWL_DELAY), ("soon", 0.0)]
)
def test_the_pause_that_a_site_asks_for(value: str, seconds: float) -> None:
    assert Rules(f"User-agent: *\nCrawl-delay: {value}\n".encode()).delay == seconds
