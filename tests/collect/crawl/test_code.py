"""Sources read by a Python file of their own: two worked examples, and errors told by file and line."""

from pathlib import Path

import pytest

from policy_corpus.collect.crawl.check import check_saved
from policy_corpus.collect.crawl.code import CodeError, Readers, readers_of
from policy_corpus.collect.crawl.items import read_item
from policy_corpus.collect.crawl.lists import read_list
from policy_corpus.collect.crawl.model import Entry, Fetched, Source
from policy_corpus.collect.crawl.sources import read_sources
from policy_corpus.errors import SettingsError

EXAMPLES = Path(__file__).resolve().parents[3] / "corpora" / "sources-by-code"
URL = "https://www.example.org/"
LIST_CODE = "from policy_corpus.collect.crawl.model import ListPage\n\n\ndef read_list(source, page):\n    "


def examples() -> dict[str, Source]:
    return {s.id: s for s in read_sources((EXAMPLES / "sources.toml").read_text(encoding="utf-8"))}


def test_the_examples_pass_their_check() -> None:
    rows = check_saved(EXAMPLES, examples().values())
    assert [(r.source_id, r.role, r.problems) for r in rows] == [
        ("html-in-json", "list", ()),
        ("html-in-json", "item", ()),
        ("data-in-script", "list", ()),
        ("data-in-script", "item", ()),
    ]


def test_a_list_of_html_within_json() -> None:
    source = examples()["html-in-json"]
    data = (EXAMPLES / "sources/html-in-json/list.json").read_bytes()
    found = readers_of(source, EXAMPLES).read_list(source, Fetched(source.start[0], data))
    assert len(found.entries) == 3
    assert found.entries[0] == Entry(
        "https://gk.example.org/art/801.html", "云岭县义务教育薄弱环节改善项目进展", "2024-05-20"
    )
    assert (found.next, found.pages) == ("https://gk.example.org/api/list?channel=12&pageNo=2", 7)
    last = source.start[0].replace("pageNo=1", "pageNo=7")
    assert readers_of(source, EXAMPLES).read_list(source, Fetched(last, data)).next is None


def test_items_whose_data_stands_in_a_script() -> None:
    source = examples()["data-in-script"]
    readers = readers_of(source, EXAMPLES)
    listed = readers.read_list(
        source, Fetched(source.start[0], (EXAMPLES / "sources/data-in-script/list.html").read_bytes())
    )
    assert listed.entries[0] == Entry(
        "https://jyj.example.net/detail/77.html", "石桥市中小学教师轮岗交流名单", "2024-03-18"
    )
    assert listed.next == "https://jyj.example.net/list_2.html"
    found = readers.read_item(
        source, Fetched(listed.entries[0].url, (EXAMPLES / "sources/data-in-script/item.html").read_bytes())
    )
    assert found.following == (
        "https://jyj.example.net/detail/77-2.html",
        "https://jyj.example.net/detail/77-3.html",
    )
    assert [e.title for e in found.attachments] == ["轮岗名单.xls", "说明.wps"]
    assert (found.pages, found.date) == (3, "2024-03-18")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda p: p.name)
def test_an_example_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


def test_a_source_without_code_is_read_by_the_rules(tmp_path: Path) -> None:
    assert readers_of(Source("x", (URL,)), tmp_path) == Readers(read_list, read_item)


def test_what_the_code_leaves_out_the_rules_read(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(LIST_CODE + "return ListPage(())\n", encoding="utf-8")
    readers = readers_of(Source("x", (URL,), code="own.py"), tmp_path)
    assert readers.read_item is read_item
    assert readers.read_list is not read_list


def test_loading_code_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(LIST_CODE + "return ListPage(())\n", encoding="utf-8")
    readers_of(Source("x", (URL,), code="own.py"), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["own.py"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, ["the code file is missing", "own.py"]),
        ("x = 1\n", ["neither read_list nor read_item"]),
        ("x = 1\ndef read_list(:\n", ["SyntaxError", "own.py, line 2"]),
        ("import nothing_of_that_name\n", ["ModuleNotFoundError", "own.py, line 1"]),
        ("x = 1\n\nraise SystemExit(3)\n", ["SystemExit", "own.py, line 3"]),
    ],
)
def test_code_that_cannot_be_loaded_is_told(tmp_path: Path, text: str | None, said: list[str]) -> None:
    if text is not None:
        (tmp_path / "own.py").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        readers_of(Source("x", (URL,), code="own.py"), tmp_path)
    assert all(part in str(error.value) for part in said), error.value


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return {}['data']", ["KeyError: 'data'", "own.py, line 5", URL, "source x"]),
        ("return None", ["returned NoneType, not ListPage"]),
        ("raise SystemExit", ["SystemExit", "own.py, line 5"]),
    ],
)
def test_code_that_fails_on_a_page_is_told(tmp_path: Path, body: str, said: list[str]) -> None:
    (tmp_path / "own.py").write_text(LIST_CODE + body + "\n", encoding="utf-8")
    source = Source("x", (URL,), code="own.py")
    with pytest.raises(CodeError) as error:
        readers_of(source, tmp_path).read_list(source, Fetched(URL, b""))
    assert all(part in str(error.value) for part in said), error.value
