"""The commands that collect, as a user runs them, against a portal on loopback."""

import hashlib
import json
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner, Result

from policy_corpus.cli import app
from policy_corpus.collect.crawl.sources import read_sources
from policy_corpus.corpus import init_corpus
from policy_corpus.corpus.collecting.source_draft import draft_source
from tests.collect.crawl.site import Site

TABLE = """
[[source]]
id = "{id}"
start = ["{start}"]
region = "610302"
expect = {expect}
[source.pace]
delay = 0.0
[source.reach]
private = {private}
"""


def corpus(folder: Path, start: str, *, name: str = "news", expect: int = 0, private: str = "true") -> Path:
    init_corpus(folder)
    text = TABLE.format(id=name, start=start, expect=expect, private=private)
    (folder / "sources.toml").write_text(text, encoding="utf-8")
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def rows(result: Result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_crawl_tells_each_source_s_counts_and_the_next_one_finds_nothing_new(
    site: Site, tmp_path: Path
) -> None:
    folder = corpus(tmp_path / "c", site.url + "/gbk/list.asp")
    first, second = run("crawl", folder, "--json"), run("crawl", folder, "--json")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert [(r["seen"], r["new"], r["failed"]) for r in rows(first)] == [(25, 25, 0)]
    assert [r["new"] for r in rows(second)] == [0]
    assert "nothing new" in second.stderr


def test_what_was_crawled_becomes_documents_under_its_address(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", site.url + "/gbk/list.asp")
    run("crawl", folder, "--limit", 2)
    assert run("build", folder, "--workers", 1).exit_code == 0
    documents = rows(run("list", folder, "documents", "--json"))
    assert [d["source"] for d in documents] == [f"{site.url}/gbk/show.asp?id={n}" for n in (300, 301)]


def test_a_dry_run_names_the_items_and_keeps_nothing(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", site.url + "/gbk/list.asp")
    planned = rows(run("crawl", folder, "--dry-run", "--json"))
    assert len(planned) == 25 and planned[0]["url"].endswith("/gbk/show.asp?id=300")
    assert not site.asked("/gbk/show.asp")
    assert not list(folder.glob("captures/*")) and not (folder / "crawl.db").exists()


def test_fewer_items_than_expected_is_a_warning_in_the_ledger(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", site.url + "/gbk/list.asp", expect=100)
    result = run("crawl", folder)
    assert "少于预期" in result.stdout and "25 of 100" in result.stderr


def test_a_private_address_is_refused_unless_its_source_allows_it(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", site.url + "/gbk/list.asp", private="false")
    settings = folder / "sources.toml"
    settings.write_text(
        '[crawl]\ncontact = "a@b.cn"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8"
    )
    result = run("crawl", folder)
    assert result.exit_code == 1 and "private" in result.stderr
    assert site.asked("/gbk") == []


def test_an_unknown_source_names_the_nearest(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", site.url + "/gbk/list.asp")
    with pytest.raises(Exception, match="news"):
        CliRunner().invoke(app, ["crawl", str(folder), "--source", "newz"], catch_exceptions=False)


def test_a_draft_reads_back_as_a_source_that_finds_the_list(site: Site) -> None:
    item = f"{site.url}/jyj/zwgk/202103/t20210303_1001.html"
    draft = draft_source(site.url + "/jyj/zwgk/", item, private=True)
    (source,) = read_sources(draft, "draft")
    assert "ul.news_list" in source.listing.items and source.item.title == "h1"


def test_a_page_that_is_not_there_says_so(site: Site) -> None:
    with pytest.raises(Exception, match="404"):
        draft_source(site.url + "/nothing", private=True)


def test_a_source_without_saved_pages_is_told_where_to_save_them(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", site.url + "/gbk/list.asp")
    result = run("sources", "check", folder)
    assert (
        result.exit_code == 1 and "sources/news/list.html" in run("sources", "check", folder, "--json").stdout
    )


def test_a_selector_that_finds_nothing_on_the_saved_page_is_named(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", site.url + "/gbk/list.asp")
    settings = folder / "sources.toml"
    text = settings.read_text(encoding="utf-8").replace("expect = 0", 'list = "ul.nowhere li"')
    settings.write_text(text, encoding="utf-8")
    saved = folder / "sources" / "news"
    saved.mkdir(parents=True)
    (saved / "list.html").write_bytes(urlopen(site.url + "/gbk/list.asp").read())
    result = run("sources", "check", folder, "--json")
    assert result.exit_code == 1 and "ul.nowhere li" in rows(result)[0]["problems"][0]


def test_a_source_that_brings_nothing_is_a_failure_each_time(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", site.url + "/art/index.html")
    for _ in range(2):
        result = run("crawl", folder)
        assert result.exit_code == 1 and "Nothing was found in this source." in result.stderr


def test_a_page_that_returns_to_its_earlier_text_speaks_with_that_text(site: Site, tmp_path: Path) -> None:
    path = "/gbk/show.asp?id=300"
    first, other = site._pages[path], site._pages["/gbk/show.asp?id=301"]
    folder = corpus(tmp_path / "c", site.url + "/gbk/list.asp")
    for page in (first, other, first):
        site.put(path, page)
        run("crawl", folder, "--recheck")
        time.sleep(1.1)  # captures are told apart by the second
    run("build", folder, "--workers", 1)
    captures = [
        c for c in rows(run("list", folder, "captures", "-n", 0, "--json")) if c["source"].endswith("=300")
    ]
    documents = rows(run("list", folder, "documents", "-n", 0, "--json"))
    current = [d for d in documents if d["source"].endswith("=300") and "superseded" not in d["flags"]]
    assert len(captures) == 2
    mine = {c["capture_id"]: c["sha256"] for c in captures}
    assert [mine[d["capture_id"]] for d in current] == [hashlib.sha256(first.body).hexdigest()]


def test_a_dry_run_needs_no_right_to_write(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", site.url + "/gbk/list.asp")
    run("crawl", folder, "--dry-run")
    assert sorted(path.name for path in folder.iterdir()) == ["corpus.toml", "sources.toml"]


def test_a_page_that_vanished_stays_and_is_marked_in_the_table_of_visits(site: Site, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c", site.url + "/gbk/list.asp")
    run("crawl", folder)
    del site._pages["/gbk/show.asp?id=300"]
    run("crawl", folder, "--recheck")
    gone = [v for v in rows(run("list", folder, "visits", "-n", 0, "--json")) if v["state"] == "gone"]
    assert [(v["url"], v["reason"]) for v in gone] == [(f"{site.url}/gbk/show.asp?id=300", "not_found")]
    assert gone[0]["capture_id"] in {
        c["capture_id"] for c in rows(run("list", folder, "captures", "-n", 0, "--json"))
    }
