"""Every byte of a WARC file is told: captures, other records, damage, a torn end."""

from itertools import pairwise
from pathlib import Path

import pytest

from policy_corpus.collect.archive_walk import Piece, walk, warc_files
from policy_corpus.collect.captures import CaptureArchive

TEXTS = [f"第{n}页：选派{n}名教师。".encode() * 40 for n in range(5)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with CaptureArchive(tmp_path / "captures", {}) as archive:
        for n, text in enumerate(TEXTS):
            archive.write(text, f"{n}.txt", media_type="text/plain", captured_at="2024-05-01T00:00:00Z")
    (path,) = warc_files(tmp_path / "captures")
    return path


def pieces(path: Path) -> list[Piece]:
    found = list(walk(path))
    assert found[0].start == 0 and found[-1].end == path.stat().st_size
    assert all(a.end == b.start for a, b in pairwise(found))
    return found


def kinds(path: Path) -> str:
    return " ".join(piece.capture.source if piece.capture else piece.kind for piece in pieces(path))


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def test_a_whole_file_is_its_description_and_its_captures(path: Path) -> None:
    assert kinds(path) == "record 0.txt 1.txt 2.txt 3.txt 4.txt"


def test_behind_damage_it_goes_on_at_the_next_record(path: Path) -> None:
    start = pieces(path)[2].start
    overwrite(path, start + 30, b"\x00" * 20)
    assert kinds(path) == "record 0.txt damaged 2.txt 3.txt 4.txt"


def test_damage_over_the_beginning_of_a_record_is_one_stretch(path: Path) -> None:
    start = pieces(path)[3].start
    overwrite(path, start - 10, b"\x00" * 30)
    assert kinds(path) == "record 0.txt damaged 3.txt 4.txt"


def test_a_file_that_ends_within_a_record_is_torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])
    assert kinds(path) == "record 0.txt 1.txt 2.txt 3.txt torn"


@pytest.mark.parametrize("tail", [b"\x00" * 50, b"\x1f\x8b\x08nothing packed"])
def test_a_tail_that_is_no_record_is_damage(path: Path, tail: bytes) -> None:
    with path.open("ab") as file:
        file.write(tail)
    assert kinds(path).endswith("4.txt damaged")


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert warc_files(tmp_path / "none") == []
