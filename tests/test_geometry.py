"""Boxes, and which of them stand in one line."""

from __future__ import annotations

import pytest

from recognizer.geometry import Box, in_lines


def test_digits_of_two_lines_are_told_apart() -> None:
    above = [Box(60.0 * n, 10.0 + 3 * n, 40.0, 50.0) for n in range(4)]
    below = [Box(60.0 * n + 20, 75.0 + 3 * n, 40.0, 50.0) for n in range(4)]
    assert in_lines([*below, *above]) == [[4, 5, 6, 7], [0, 1, 2, 3]]


@pytest.mark.parametrize("slope", [-0.35, 0.35])
def test_a_slanted_line_is_one_line(slope: float) -> None:
    boxes = [Box(60.0 * n, slope * 60 * n, 40.0, 50.0) for n in range(12)]
    assert in_lines(boxes[::-1]) == [list(range(11, -1, -1))]


def test_a_level_stroke_has_no_height_and_stands_on_its_line() -> None:
    assert in_lines([Box(0, 0, 40, 50), Box(60, 25, 40, 0), Box(120, 5, 30, 50)]) == [[0, 1, 2]]
    assert in_lines([]) == []
