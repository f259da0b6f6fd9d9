"""Lists without an end are left; long lists never are."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_corpus.collect.crawl.addresses import without_session
from policy_corpus.collect.crawl.traps import (
    BARREN_PAGES,
    EMPTY_PAGES,
    ListWatch,
    grows,
    year_in_path,
    year_in_query,
)

Page = tuple[str, list[str], str, str]  # address, entries, digest, following


def walk(pages: Iterator[Page], pages_said: int | None = None, limit: int = 3000) -> tuple[int, str | None]:
    """Pages read until the watch stopped, and why."""
    watch = ListWatch(2026)
    for number, (address, entries, digest, following) in enumerate(pages, 1):
        why = watch.read(address, entries, digest, following, number, pages_said)
        if why or number == limit:
            return number, why
    return number, None


def pager(entries: Callable[[int], list[str]], digest: Callable[[int], str] = str) -> Iterator[Page]:
    number = 1
    while True:
        yield (
            f"https://x/list_{number}.html",
            entries(number),
            digest(number),
            f"https://x/list_{number + 1}.html",
        )
        number += 1


def test_two_thousand_pages_of_distinct_items_are_read() -> None:
    assert walk(pager(lambda n: [f"https://x/{n}/{i}.html" for i in range(20)]), limit=2000) == (2000, None)


@given(st.lists(st.lists(st.integers(0, 30), max_size=5), min_size=1, max_size=40))
def test_a_page_that_brings_something_new_is_never_a_reason_to_stop(pages: list[list[int]]) -> None:
    watch = ListWatch(2026)
    had: set[int] = set()
    for number, page in enumerate(pages):
        fresh = bool(set(page) - had)
        had |= set(page)
        why = watch.read(f"p{number}", [f"e{i}" for i in page], str(page), f"p{number + 1}", number + 1, 1)
        assert not (fresh and why)


def test_items_pinned_on_every_page_do_not_stop_a_list() -> None:
    assert walk(pager(lambda n: ["pinned-1", "pinned-2", f"item-{n}"]), limit=500) == (500, None)


def test_a_first_page_under_two_addresses_does_not_stop_a_list() -> None:
    def entries(number: int) -> list[str]:
        return [f"item-{max(1, number - 1)}"]

    assert walk(pager(entries, lambda n: str(max(1, n - 1))), limit=50) == (50, None)


def test_a_pager_that_repeats_its_last_page_is_left() -> None:
    number, why = walk(pager(lambda n: [f"item-{min(n, 7)}"], lambda n: f"other advertisement {n}"))
    assert number == 7 + BARREN_PAGES
    assert why == "3 pages in a row brought no new entry"


def test_a_pager_whose_pages_are_the_same_to_the_byte_is_left_sooner() -> None:
    number, why = walk(pager(lambda n: ["item"], lambda n: "same"))
    assert (number, why) == (3, "2 pages in a row are like one before")


def test_pages_beyond_the_stated_number_are_left_when_they_repeat() -> None:
    number, why = walk(pager(lambda n: [f"item-{min(n, 5)}"]), pages_said=5)
    assert (number, why) == (6, "page 6 of 5 repeats what was there")


def test_a_wrong_number_of_pages_loses_nothing() -> None:
    assert walk(pager(lambda n: [f"item-{n}"]), pages_said=1, limit=100) == (100, None)


def test_an_archive_may_be_empty_for_some_months() -> None:
    empty = EMPTY_PAGES - 1
    assert walk(pager(lambda n: [f"item-{n}"] if n % (empty + 1) == 0 else []), limit=200) == (200, None)


def test_an_empty_calendar_is_left() -> None:
    number, why = walk(pager(lambda n: ["first"] if n == 1 else []))
    assert number == 1 + EMPTY_PAGES
    assert why == "12 pages in a row have no entry"


@pytest.mark.parametrize("start", [2026, 1990])
def test_a_calendar_with_something_on_every_day_is_left_where_time_has_not_come(start: int) -> None:
    def calendar() -> Iterator[Page]:
        for month in range(start * 12, 4000 * 12):
            here, there = (f"https://x/cal?year={m // 12}&month={m % 12 + 1}" for m in (month, month + 1))
            yield here, [f"https://x/day/{month}"], str(month), there

    number, why = walk(calendar())
    assert number == (2028 - start) * 12
    assert why == "its next page is of the year 2028"


def test_a_calendar_that_goes_back_ends_where_the_republic_began() -> None:
    def calendar() -> Iterator[Page]:
        for year in range(2026, 0, -1):
            yield f"https://x/?year={year}", [f"e{year}"], str(year), f"https://x/?year={year - 1}"

    assert walk(calendar()) == (2026 - 1948, "its next page is of the year 1948")


def test_a_column_with_a_number_like_a_year_is_read() -> None:
    def column() -> Iterator[Page]:
        for n in range(1, 99):
            yield f"https://x/1608/12/{n}.html", [f"item-{n}"], str(n), f"https://x/1608/12/{n + 1}.html"

    assert walk(column()) == (98, None)


def test_a_session_id_makes_no_new_page_and_no_new_entry() -> None:
    def sessions() -> Iterator[Page]:
        for n in range(99):
            yield (
                f"https://x/l;jsessionid={n:032X}?page=1",
                [f"https://x/i.do;jsessionid={n:032X}"],
                str(n),
                (f"https://x/l;jsessionid={n + 1:032X}?page=1"),
            )

    assert walk(sessions()) == (2, "it leads back to a page that was read")


def test_addresses_that_grow_are_left_at_the_first_page_without_news() -> None:
    def growing() -> Iterator[Page]:
        for n in range(99):
            yield f"https://x/{'a/b/' * n}", ["item"], str(n), f"https://x/{'a/b/' * (n + 1)}"

    assert walk(growing()) == (3, "its addresses repeat themselves")


def test_lists_of_one_source_do_not_count_against_each_other() -> None:
    watch = ListWatch(2026)
    for n in range(30):
        assert watch.read(f"all/{n}", [f"item-{n}"], f"a{n}", f"all/{n + 1}") is None
        assert watch.read(f"notices/{n}", [f"item-{n}"], f"n{n}", f"notices/{n + 1}") is None


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("https://x/a.do;jsessionid=0A1B2C?p=1", "https://x/a.do?p=1"),
        ("https://x/a.do;JSESSIONID=0A1B.node1", "https://x/a.do"),
        ("https://x/a.php?PHPSESSID=abc&id=3", "https://x/a.php?id=3"),
        ("https://x/a.asp?id=3&ASPSESSIONIDQQ=abc", "https://x/a.asp?id=3"),
        ("https://x/a?sid=3", "https://x/a?sid=3"),  # a site's own number, perhaps
        ("https://x/session.html?q=中文", "https://x/session.html?q=中文"),
    ],
)
def test_session_ids_are_taken_out_of_addresses(address: str, plain: str) -> None:
    assert without_session(address) == plain


@pytest.mark.parametrize(
    ("address", "grown"),
    [
        ("https://x/a/b/a/b/a/b/", True),
        ("https://x/a/a/a/", True),
        ("https://x/zw/a/b/c/a/b/c/a/b/c/i.html", True),
        ("https://x/2024/2024/a.html", False),
        ("https://x/jyj/zwgk/zfxxgk/zwgk/", False),
        ("https://x/?p=1&p=2&p=3", True),
        ("https://x/?id=1&id=2", False),
        ("https://x/?" + "&".join(f"k{n}=1" for n in range(30)), True),
        ("https://x/col/col1/index.html?uid=1&pageNum=2", False),
        ("https://[x/", False),
    ],
)
def test_growing_addresses_are_seen(address: str, grown: bool) -> None:
    assert bool(grows(address)) is grown


@pytest.mark.parametrize(
    ("address", "year"),
    [
        ("https://x/?year=2031&month=5", 2031), ("https://x/?date=2031-05-01", 2031), ("https://x/?ym=203105", 2031),
        ("https://x/?date=1714521600", None), ("https://x/?id=2031", None), ("https://x/?page=2099", None),
        ("https://[x/?year=2031", None),
    ],
)  # fmt: skip
def test_the_year_that_an_address_asks_for(address: str, year: int | None) -> None:
    assert year_in_query(address) == year


@pytest.mark.parametrize(
    ("address", "year"),
    [
        ("https://x/cal/2031/05/", 2031),
        ("https://x/2031-05.html", 2031),
        ("https://x/t20240501_1.html", None),
    ],
)
def test_the_year_in_a_path(address: str, year: int | None) -> None:
    assert year_in_path(address) == year
