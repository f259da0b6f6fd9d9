"""Results of several batches as one."""

import pytest

from policy_corpus.engine.batches import Failure, together

BAD: Failure[int] = Failure(9, "ValueError: nine is bad")


@pytest.mark.parametrize(
    ("results", "joined"),
    [
        ([], []),
        ([[1], [2], [3]], [[1, 2], [3]]),
        ([[1, 2, 3], [4]], [[1, 2, 3], [4]]),
        ([[1], BAD, [2]], [[1], BAD, [2]]),
        ([BAD, [1], [2]], [BAD, [1, 2]]),
    ],
)
def test_results_are_joined_until_they_are_enough_and_failures_keep_their_place(
    results: list[list[int] | Failure[int]], joined: list[list[int] | Failure[int]]
) -> None:
    arrived: list[int] = []
    assert list(together(results, lambda held: len(held) >= 2, arrived.extend)) == joined
    assert arrived == [item for result in results if not isinstance(result, Failure) for item in result]
