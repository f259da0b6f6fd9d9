"""A comparison into files: which endings, nothing half-written, the same bytes each time."""

from pathlib import Path

import pytest

from policy_corpus.errors import PolicyCorpusError
from policy_corpus.publish.compare import files
from policy_corpus.publish.compare.files import ENDINGS, check_format, write_report
from tests.analyse.compare.material import compared
from tests.publish.compare.hostile import hostile


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_comparison_gives_the_same_bytes(tmp_path: Path, ending: str) -> None:
    for name in ("one", "two"):
        write_report(compared(), tmp_path / f"{name}{ending}")
    assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"two{ending}").read_bytes()


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_text_is_too_bad_for_a_file(tmp_path: Path, ending: str) -> None:
    write_report(hostile(), tmp_path / f"bad{ending}")
    assert (tmp_path / f"bad{ending}").stat().st_size > 1000


@pytest.mark.parametrize("name", ["report.pdf", "report", "report.docx.txt"])
def test_another_ending_is_refused_and_the_known_ones_are_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(PolicyCorpusError, match=r"\.docx, \.xlsx, \.html, \.md"):
        check_format(tmp_path / name)


def test_the_case_of_an_ending_does_not_matter(tmp_path: Path) -> None:
    write_report(compared(), tmp_path / "REPORT.MD")
    assert (tmp_path / "REPORT.MD").is_file()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "x.md").mkdir()
    with pytest.raises(PolicyCorpusError, match="folder"):
        check_format(tmp_path / "x.md")


def test_a_disk_that_refuses_leaves_the_old_file_and_no_half_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "report.md"
    out.write_text("old")

    def full(_: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(PolicyCorpusError, match="No space left"):
        files.write_report(compared(), out)
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]
    assert out.read_text() == "old"
