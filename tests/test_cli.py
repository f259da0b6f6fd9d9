"""The command line: exit codes, streams, errors that help."""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from policy_corpus.resources import sample_corpus_dir

PAGE = sample_corpus_dir() / "pages" / "huichang-training-2018.html"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "policy_corpus", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "语料"
    assert run("init", folder).returncode == 0
    assert run("add", folder, PAGE).returncode == 0
    done = run("build", folder, "--workers", "1")
    assert done.returncode == 0 and "(encoder: static-zh-256)" in done.stderr
    return folder


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    heavy = "pyarrow numpy lancedb torch sklearn spacy pandas opencc lxml rich.console"
    code = f"import sys, policy_corpus.cli; print([m for m in '{heavy}'.split() if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
    text = run("--help").stdout
    for verb in ("init", "add", "build", "list", "show", "export", "train", "evaluate", "demo", "codebook"):
        assert verb in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("list", "{none}", "measures"), "policy-corpus init"),
        (("build", "{none}"), "policy-corpus init"),
        (("list", "{built}", "mesures"), "did you mean measures?"),
        (("list", "{built}", "measures", "--code", "pairings"), "did you mean pairing?"),
        (("list", "{built}", "measures", "--status", "finished"), "known are done, planned, advised"),
        (("show", "{built}", "zzzz"), "policy-corpus list"),
        (("export", "{built}", "measures", "-o", "{none}/a.xls"), "jsonl, csv, xlsx, parquet"),
        (("export", "{built}", "measures", "--format", "csv", "-o", "{built}"), "check the path"),
        (("init", "{built}/corpus.toml"), "check the path"),
    ],
)
def test_an_error_says_what_to_do_next_and_ends_with_2(
    built: Path, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    done = run(*(a.format(none=tmp_path / "none", built=built) for a in arguments))
    assert done.returncode == 2, done.stderr
    assert says in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_file_that_cannot_come_in_ends_with_1_and_the_rest_goes_on(tmp_path: Path) -> None:
    run("init", tmp_path / "c")
    empty = tmp_path / "empty.html"
    empty.touch()
    done = run("add", tmp_path / "c", empty, PAGE, tmp_path / "missing.html")
    assert done.returncode == 1
    assert "1 added" in done.stderr and "empty.html" in done.stderr and "missing.html" in done.stderr


def test_what_is_left_out_on_purpose_is_no_failure(tmp_path: Path) -> None:
    run("init", tmp_path / "c")
    saved = tmp_path / "saved"
    (saved / "page_files").mkdir(parents=True)
    (saved / "page.html").write_bytes(PAGE.read_bytes())
    done = run("add", tmp_path / "c", saved)
    assert (done.returncode, "1 added, 0 known already, 0 refused" in done.stderr) == (0, True)
    assert "page_files" in done.stderr


def test_a_web_address_is_named_as_it_was_given(tmp_path: Path) -> None:
    run("init", tmp_path / "c")
    assert "https://example.org/a" in run("add", tmp_path / "c", "https://example.org/a").stderr


@pytest.mark.parametrize(
    "table", ["documents", "measures", "passages", "mentions", "regions", "issues", "captures"]
)
def test_every_table_is_listed_as_json_with_the_fields_of_its_export(
    built: Path, tmp_path: Path, table: str
) -> None:
    run("export", built, table, "-o", tmp_path / "rows.jsonl")
    assert run("list", built, table, "--json", "-n", "0").stdout == (tmp_path / "rows.jsonl").read_text(
        "utf-8"
    )


def test_one_document_as_json_carries_its_measures(built: Path) -> None:
    listed = json.loads(run("list", built, "documents", "--json", "-n", "1").stdout)
    shown = json.loads(run("show", built, listed["document_id"], "--json").stdout)
    assert listed == {key: shown[key] for key in listed} and shown["measures"]


def test_data_goes_to_stdout_as_json_lines(built: Path) -> None:
    done = run("list", built, "measures", "--json", "-n", "0")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows and {"code", "status", "evidence", "source_start", "partners", "made_by"} <= set(rows[0])


def test_an_empty_answer_names_the_filter_that_emptied_it(built: Path) -> None:
    done = run("list", built, "measures", "--region", "11")
    assert done.returncode == 0 and "meets --region 11" in done.stderr


def test_a_word_to_leave_out_is_no_option(built: Path) -> None:
    done = run("search", built, "-教师 轮岗", "--json", "-n", "50")
    assert done.returncode == 0, done.stderr
    assert not any("教师" in json.loads(line)["text"] for line in done.stdout.splitlines())


def test_an_unknown_option_of_search_is_still_refused(built: Path) -> None:
    assert "No such option" in run("search", built, "--regoin", "轮岗").stderr


def test_a_table_without_regions_names_only_the_filter_that_was_given(built: Path) -> None:
    assert ": --region 610300 →" in run("list", built, "issues", "--region", "610300").stderr


def test_show_marks_measures_and_opens_the_raw_place(built: Path) -> None:
    measure = json.loads(run("list", built, "measures", "--json", "-n", "1").stdout)
    done = run("show", built, measure["measure_id"], "--raw")
    assert measure["evidence"][:10] in done.stdout.replace("\n", "")
    assert f"原件 {measure['source_start']}–{measure['source_end']}" in done.stdout


def test_the_measures_workbook_explains_its_codes(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "措施.xlsx"
    assert run("export", built, "measures", "-o", out).returncode == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["措施", "编码手册"]
    assert {row[0].value for row in book["编码手册"].iter_rows(min_row=2)} >= {"pairing", "governance"}


def test_the_codebook_that_ships_has_nothing_to_mend(built: Path) -> None:
    assert run("codebook", "check", built).returncode == 0
