"""A corpus over its life: captures that were lost, pages that give nothing."""

import shutil
from pathlib import Path

import pytest

from policy_corpus.corpus import Corpus, init_corpus, open_corpus

TEXT = (
    "临江县教师交流\n临江县教育局去年组织120名教师到乡镇学校任教两年，覆盖全县18所学校。\n"
    "县财政安排交通补助每人每月300元，乡镇学校提供周转宿舍，任教经历作为评聘高级职称的必要条件。\n"
    "全县分为四个学区，学区内统一教研、统一考核，优质学校与薄弱学校结成对子，定期送教下乡。\n"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    init_corpus(tmp_path / "c")
    for name in ("first", "second"):
        (tmp_path / f"{name}.txt").write_text(TEXT + name, encoding="utf-8")
    return open_corpus(tmp_path / "c")


def test_pages_whose_capture_was_lost_come_in_again_and_can_be_built(corpus: Corpus, tmp_path: Path) -> None:
    pages = [tmp_path / "first.txt", tmp_path / "second.txt"]
    corpus.add(pages)
    shutil.rmtree(tmp_path / "c" / "captures")
    report = corpus.add(pages)
    assert (report.added, report.known) == (2, 0)
    assert not corpus.build(workers=1).failures
    assert [row["source"] for row in corpus.rows("documents")] == sorted(map(str, pages))
    assert corpus.add(pages).known == 2


def test_a_lost_file_of_captures_is_not_begun_anew_by_another_page(corpus: Corpus, tmp_path: Path) -> None:
    corpus.add([tmp_path / "first.txt"])
    lost = tmp_path / "c" / "captures" / "captures-00001.warc.gz"
    lost.unlink()
    corpus.add([tmp_path / "second.txt"])
    assert not lost.exists()
    failed = corpus.build(workers=1).failures
    assert [issue.source for issue in failed] == [str(tmp_path / "first.txt")]


def test_a_build_counts_the_pages_that_gave_no_document(corpus: Corpus, tmp_path: Path) -> None:
    menu = tmp_path / "menu.html"
    menu.write_text("<html><body><a href='/'>首页</a> <a href='/b'>返回</a></body></html>", encoding="utf-8")
    corpus.add([tmp_path / "first.txt", menu])
    report = corpus.build(workers=1)
    assert "1 pages without a document" in report.summary()


def test_pages_that_lie_in_the_corpus_folder_come_in_and_its_own_files_do_not(
    corpus: Corpus, tmp_path: Path
) -> None:
    (tmp_path / "c" / "pages").mkdir()
    shutil.move(tmp_path / "first.txt", tmp_path / "c" / "pages" / "first.txt")
    report = corpus.add([tmp_path / "c"])
    assert (report.added, report.issues) == (1, [])
