"""No command lets a page, a file name, a codebook or a gold folder steer the terminal."""

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from policy_corpus.cli.entry import app
from policy_corpus.corpus import open_corpus
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.resources import models_dir, sample_corpus_dir
from tests.hostile.cases import SENTENCE

CLI = Path(__file__).resolve().parents[2] / "policy_corpus" / "cli"
STEERS = "\x1b]0;rm\x07\x1b[31m\u202e\x9b31m"
UNSAFE = set("\x1b\x07\u202e\x9b\r\x08")
PAGE = (
    f"<title>云岭县{STEERS}总结</title><h1>云岭县教育局{STEERS}工作总结</h1>"
    + f"<p>{SENTENCE}{STEERS}</p>" * 3
)
LIST = (
    "<ul>"
    + "".join(
        f'<li><a href="/t{n}.html">云岭县教育局{STEERS}通知第{n}号</a> 2020-01-0{n}' for n in range(1, 9)
    )
    + "</ul>"
)
TABLES = (
    "documents",
    "measures",
    "regions",
    "passages",
    "mentions",
    "issues",
    "captures",
    "clusters",
    "topics",
    "visits",
)
SHOWN = {
    **{f"list {table}": ["list", "{dir}", table] for table in TABLES},
    "show": ["show", "{dir}", "{id}", "--raw"],
    "search": ["search", "{dir}", f"教师{STEERS}送教", "--no-meaning"],
    "search by file": ["search", "{dir}", "--queries", "{queries}", "--no-meaning"],
    "regions": ["regions", "{dir}"],
    "profile": ["profile", "{dir}", "360733"],
    "clusters": ["clusters", "{dir}"],
    "peers": ["peers", "{dir}", "360733"],
    "compare": ["compare", "{dir}", "360733", "510000"],
    "topics": ["topics", "{dir}"],
    "local": ["local", "{dir}"],
    "freq": ["freq", "{dir}"],
    "kwic": ["kwic", "{dir}", "教师"],
    "keyness": ["keyness", "{dir}", "--region", "360733"],
    "collocations": ["collocations", "{dir}", "教师"],
    "dispersion": ["dispersion", "{dir}", "教师"],
    "ngrams": ["ngrams", "{dir}"],
    "terms": ["terms", "{dir}"],
    "coverage": ["coverage", "{dir}"],
    "codebook check": ["codebook", "check", "{dir}"],
    "codebook uncovered": ["codebook", "uncovered", "{dir}"],
    "codebook diff": ["codebook", "diff", "{shipped}", "{codebook}", "{dir}"],
    "evaluate": ["evaluate", "{dir}", "--gold", "{gold}"],
    "doctor": ["doctor", "{dir}"],
    "reproduce": ["reproduce", "{manifest}", "--corpus", "{dir}"],
    "sources check": ["sources", "check", "{dir}"],
    "sources learn": ["sources", "learn", "{list}", "{page}", "--url", "http://a.example.cn/"],
    "add": ["add", "{dir}", "{page}", "{empty}"],
    "export": ["export", "{dir}", "issues", "-o", "{out}"],
}  # fmt: skip
JSON = [name for name, words in SHOWN.items() if words[0] not in ("add", "export", "evaluate") and name not in ("codebook check", "sources learn")]  # fmt: skip
ELSEWHERE = {"init", "build", "crawl", "train", "demo"}
"""Commands that print counts and notes alone (``note`` is tested in ``tests/publish``), or the views of others."""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("terminal")
    corpus, saved = folder / "语料", folder / f"存{STEERS}"
    gold = folder / f"金{STEERS}"
    saved.mkdir()
    gold.mkdir()
    for name in ("huichang-training-2018.html",):
        shutil.copy(sample_corpus_dir() / "pages" / name, saved / f"{STEERS}{name}")
    page = saved / f"a{STEERS}.html"
    page.write_text(PAGE, encoding="utf-8")
    (saved / "list.html").write_text(LIST, encoding="utf-8")
    (saved / f"空{STEERS}.html").touch()
    (gold / "sentences.tsv").write_text(f"sid\ttext\n甲{STEERS}#1.1\t{SENTENCE}\n", encoding="utf-8")
    (gold / "codes.tsv").write_text(
        f"sid\tcodes\tstatus\n甲{STEERS}#1.1\tteacher_rotation\tdone\n", encoding="utf-8"
    )
    (folder / "q.tsv").write_text(f"qid\tquery\n{STEERS}1\t教师{STEERS}\n", encoding="utf-8")
    shipped = (models_dir() / "codebook.toml").read_text(encoding="utf-8")
    steering = '"\\u001b[31m\\u001b]0;rm\\u0007'
    (folder / "c.toml").write_text(
        shipped.replace("labels = [", f'labels = [{steering}标签", ', 3).replace(
            'zh = "', f"zh = {steering}"
        ),
        encoding="utf-8",
    )
    run("init", str(corpus))
    shutil.copy(folder / "c.toml", corpus / "c.toml")
    settings = corpus / "corpus.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('codebook = "shipped"', 'codebook = "c.toml"'),
        encoding="utf-8",
    )
    run("add", str(corpus), str(saved))
    run("build", str(corpus), "--workers", "1")
    run("export", str(corpus), "documents", "-o", str(folder / "d.csv"))
    rows = list(open_corpus(corpus).rows("documents"))
    assert any("\x1b" in row["source"] for row in rows)
    yield {
        "dir": str(corpus), "id": rows[0]["document_id"], "queries": str(folder / "q.tsv"), "gold": str(gold),
        "shipped": str(models_dir() / "codebook.toml"), "codebook": str(folder / "c.toml"), "page": str(page),
        "list": str(saved / "list.html"), "empty": str(saved / f"空{STEERS}.html"), "out": str(folder / "i.csv"),
        "manifest": str(folder / "d.csv.manifest.json"),
    }  # fmt: skip


def run(*words: str) -> None:
    """A command in this process; what it refuses in our words is as good."""
    try:
        app(list(words), standalone_mode=False)
    except PolicyCorpusError as error:
        from policy_corpus.cli.shell import note

        note(str(error))
    except SystemExit:
        pass


@pytest.mark.parametrize("name", [*SHOWN, *(f"{name} --json" for name in JSON)])
def test_a_command_shows_nothing_that_steers(
    name: str, places: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.format(**places) for word in SHOWN[name.removesuffix(" --json")]]
    run(*words, *(["--json"] if name.endswith("--json") else []))
    shown = capsys.readouterr()
    assert shown.out + shown.err or name in ("list clusters --json", "list visits --json")
    assert not UNSAFE & set(shown.out + shown.err)


def test_every_command_is_looked_at() -> None:
    assert {words[0] for words in SHOWN.values()} | ELSEWHERE == set(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", sorted(CLI.glob("*.py")), ids=lambda path: path.name)
def test_a_command_prints_through_the_shell_alone(path: Path) -> None:
    calls = [
        node.func
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    raw = [f for f in calls if getattr(f, "id", getattr(f, "attr", "")) in ("echo", "secho") or getattr(f, "id", "") == "print"]  # fmt: skip
    assert len(raw) == (path.name == "shell.py")
