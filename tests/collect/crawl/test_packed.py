"""A packed answer that breaks off is not taken for a whole one."""

import gzip

import pytest

from policy_corpus.collect.crawl.packed import is_whole

TEXT = " ".join(f"云岭县第{n}号" for n in range(3000)).encode()
WHOLE = gzip.compress(TEXT)


@pytest.mark.parametrize(
    ("packed", "size"),
    [
        (WHOLE, len(TEXT)),
        (WHOLE + WHOLE, 2 * len(TEXT)),
        (WHOLE + gzip.compress(b""), len(TEXT)),
        (WHOLE + b"\0" * 20, len(TEXT)),
        (b"", 0),
    ],
    ids=["one member", "two", "an empty one at the end", "padding", "nothing"],
)
def test_whole_answers(packed: bytes, size: int) -> None:
    assert is_whole(packed, size)


@pytest.mark.parametrize("cut", [1, 4, 8, 9, 400, len(WHOLE) - 30])
@pytest.mark.parametrize("before", [b"", WHOLE], ids=["the only member", "the second of two"])
def test_broken_answers(cut: int, before: bytes) -> None:
    assert not is_whole(before + WHOLE[:-cut], 12_345)


def test_a_wrong_sum_is_a_broken_answer() -> None:
    assert not is_whole(WHOLE[:-8] + b"\0\0\0\0" + WHOLE[-4:-1] + b"\xff", len(TEXT))
