"""Long lists in parts."""

import pytest

from policy_corpus.store.parts import in_parts, parts_of_size


@pytest.mark.parametrize(
    ("count", "parts"),
    [(0, []), (2, [[0, 1]]), (4, [[0, 1], [2, 3]]), (5, [[0, 1], [2, 3], [4]])],
)
def test_a_part_has_at_most_so_many_values(count: int, parts: list[list[int]]) -> None:
    assert list(map(list, in_parts(range(count), 2))) == parts


@pytest.mark.parametrize(
    ("sizes", "parts"),
    [
        ({}, []),
        ({"a": 3, "b": 7, "c": 1}, [["a", "b"], ["c"]]),
        ({"a": 1, "large": 99, "b": 1}, [["a"], ["large"], ["b"]]),
        ({"large": 99}, [["large"]]),
        ({"empty": 0, "a": 10, "also empty": 0}, [["empty", "a", "also empty"]]),
    ],
)
def test_a_part_has_at_most_a_size_unless_one_value_alone_is_larger(
    sizes: dict[str, int], parts: list[list[str]]
) -> None:
    assert list(parts_of_size(sizes, sizes.__getitem__, 10)) == parts
