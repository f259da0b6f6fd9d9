"""``sources.toml`` is read strictly: what is wrong is named with file, table and remedy."""

import re
from pathlib import Path

import pytest

from policy_corpus.collect.crawl.model import CrawlSettings, ItemRule, ListRule, Pace, Reach, Source
from policy_corpus.collect.crawl.sources import read_sources, read_sources_file
from policy_corpus.config import SOURCES_TOML
from policy_corpus.errors import SettingsError

HEAD = '[[source]]\nid = "a"\nstart = ["https://www.example.org/"]\n'


def test_an_empty_file_names_no_source() -> None:
    assert read_sources("").sources == ()


def test_the_template_names_no_source_until_it_is_filled_in() -> None:
    found = read_sources(SOURCES_TOML)
    assert (found.sources, found.settings) == ((), CrawlSettings())


def filled_template() -> str:
    lines = SOURCES_TOML.splitlines()
    setting = re.compile(r'# (?:\[|[\w"]\S* = )')
    return "\n".join(line.removeprefix("# ") if setting.match(line) else line for line in lines)


def test_the_template_names_every_key_and_all_of_it_can_be_read() -> None:
    short, whole = read_sources(filled_template()).sources
    assert short.listing.items == "ul.news li"
    assert whole.reach.include == (r"/t\d+_\d+\.html",)
    for kind in (CrawlSettings, Source, ListRule, ItemRule, Pace, Reach):
        for name in kind.__dataclass_fields__:
            key = {
                "listing": "source.list",
                "item": "source.item",
                "pace": "source.pace",
                "reach": "source.reach",
                "fixes": "source.fixes",
            }.get(name, f"{name} = ")
            assert f"# {key}" in SOURCES_TOML or f"# [{key}]" in SOURCES_TOML, name


def test_values_of_the_template_are_the_defaults() -> None:
    whole = read_sources(filled_template()).sources[1]
    assert whole.pace == Pace(hours=whole.pace.hours)
    assert whole.reach == Reach(
        hosts=whole.reach.hosts, include=whole.reach.include, exclude=whole.reach.exclude
    )
    assert whole.kind == "list"


def test_all_tables_of_a_source() -> None:
    text = """
[crawl]
contact = "a@example.org"
[[source]]
id = "yunling-gk"
start = "https://www.example.org/gk/"
kind = "json"
region = "610300"
[source.list]
items = "data.list"
[source.item]
title = "h1"
[source.pace]
delay = 2
[source.reach]
hosts = "files.example.org"
[source.fixes]
"http://" = "https://"
":80/" = "/"
"""
    (found,) = read_sources(text)
    assert found == Source(
        "yunling-gk", ("https://www.example.org/gk/",), "json", region="610300", listing=ListRule("data.list"),
        item=ItemRule("h1"), pace=Pace(2), reach=Reach(("files.example.org",)), fixes=(("http://", "https://"), (":80/", "/")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[source]\n", ["cannot be read as TOML", "line 1"]),
        ("[sources]\n", ["unknown setting sources", "did you mean source?"]),
        ("[source]\nid='a'\n", ["list of tables", "[[source]]"]),
        ("[crawl]\ncontakt = 'x'\n", ["[crawl]", "did you mean contact?"]),
        ("[crawl]\nconcurrent = 0\n", ["concurrent must be between 1 and"]),
        ("[[source]]\nid = 'a'\n", ["start is missing"]),
        ("[[source]]\nstart = 'https://x.example/'\n", ["id is missing", "[[source]] 1"]),
        (HEAD + HEAD, ["the id a stands twice"]),
        (HEAD.replace('"a"', '"A b"'), ["lower-case letters"]),
        (HEAD + "strat = 'x'\n", ["unknown setting strat", "did you mean start?", "[[source]] 1 a"]),
        (HEAD + "kind = 'jsno'\n", ["unknown kind jsno", "did you mean json?"]),
        (HEAD + "region = '6103'\n", ["six digits"]),
        (HEAD + "region = 610300\n", ["region must be a text", 'write region = "610300"']),
        (HEAD.replace("start =", "url ="), ["unknown setting url", "did you mean start?"]),
        (HEAD + "name = “县教育局”\n", ["line 4", 'straight quotation marks "']),
        (HEAD + "issuer = ['甲', ‘乙’]\n", ["line 4", 'straight quotation marks "']),
        (HEAD + 'name = "“县教育局”\n', ["line 4", "correct that line"]),
        (HEAD + "expect = true\n", ["expect must be a whole number"]),
        (HEAD + "code = '../x.py'\n", ["no Python file beside"]),
        (HEAD.replace("https://", "file://"), ["no web address", "http://"]),
        (HEAD.replace("https://www.example.org/", "https://"), ["no web address"]),
        (HEAD.replace('["https://www.example.org/"]', "[]"), ["start is empty"]),
        (HEAD + "start2 = 1\n", ["did you mean start?"]),
        (HEAD + "list = 3\n", ["[source.list]", "must be a table"]),
        (HEAD + "list = 'ul..x'\n", ["items = 'ul..x' is no CSS selector", "[source.list]"]),
        (
            HEAD + "[source.list]\nitmes = 'a'\n",
            ["unknown setting itmes", "did you mean items?", "[source.list]"],
        ),
        (HEAD + "[source.item]\ntitle = 'h1['\n", ["is no CSS selector", "[source.item]"]),
        (HEAD + "[source.list]\nnext_url = 'index.html'\n", ["has no {n}"]),
        (HEAD + "[source.pace]\nhours = '22-6'\n", ["hours '22-6' cannot be read", "22:00-06:00"]),
        (HEAD + "[source.pace]\ndelay = 'slow'\n", ["delay must be a number"]),
        (HEAD + "[source.pace]\ndelay = -1\n", ["between 0 and"]),
        (HEAD + "[source.reach]\ninclude = '('\n", ["no regular expression", "single quotes"]),
        (HEAD + "[source.reach]\nhosts = [1]\n", ["a text or a list of texts"]),
        (HEAD + "[source.reach]\nprivate = 'no'\n", ["true or false"]),
        (HEAD + "[source.fixes]\na = 1\n", ["is no replacement"]),
        (HEAD + "listing = 'a'\n", ["unknown setting listing", "did you mean list?"]),
    ],
)
def test_what_is_wrong_is_named(text: str, said: list[str]) -> None:
    with pytest.raises(SettingsError) as error:
        read_sources(text, "corpus/sources.toml")
    assert all(part in str(error.value) for part in ["corpus/sources.toml", *said]), error.value


def test_a_selector_of_json_is_no_css() -> None:
    assert (
        read_sources(HEAD + "kind = 'json'\nlist = 'data.0.list'\n").sources[0].listing.items == "data.0.list"
    )


def test_a_source_is_found_by_its_id_or_the_nearest_is_named() -> None:
    sources = read_sources(HEAD.replace('"a"', '"yunling"'))
    assert sources.get("yunling").id == "yunling"
    with pytest.raises(SettingsError, match="did you mean yunling"):
        sources.get("yunlin")


def test_a_missing_file_names_no_source(tmp_path: Path) -> None:
    assert read_sources_file(tmp_path / "sources.toml").sources == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_is_read_with_or_without_a_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(HEAD + "name = '云岭县教育局'\n", encoding=encoding)
    assert read_sources_file(path).sources[0].name == "云岭县教育局"


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_file_that_is_not_utf_8_is_refused_with_a_remedy(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(HEAD + "name = '云岭县教育局'\n", encoding=encoding)
    with pytest.raises(SettingsError, match=r"is not UTF-8 .*sources\.toml.*save it as UTF-8"):
        read_sources_file(path)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.mkdir()
    with pytest.raises(SettingsError, match=r"is a folder.*sources\.toml"):
        read_sources_file(path)


@pytest.mark.parametrize(
    "line",
    ["delay = nan", "timeout = inf", "timeout = 1e300", "retries = 99999999999999999999", "delay = -1.0",
     'hours = "22:00-22:00"', 'hours = "08:00-24:30"'],
)  # fmt: skip
def test_a_pace_that_makes_no_sense_is_refused(line: str) -> None:
    with pytest.raises(SettingsError, match=line.partition(" ")[0]):
        read_sources(f'[[source]]\nid = "a"\nstart = ["https://www.example.org/"]\n[source.pace]\n{line}\n')
