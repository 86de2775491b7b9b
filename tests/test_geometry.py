"""Boxes, planes on planes, and which boxes stand in one line."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.geometry import Box, View, distance_to_segment, in_lines, spaces, union

calm = settings(deadline=None, max_examples=60, derandomize=True)
places = st.integers(-1000, 1000).map(float)
sides = st.integers(0, 500).map(float)
boxes = st.builds(Box, places, places, sides, sides)


def test_a_box_tells_its_edges_its_size_and_its_middle() -> None:
    box = Box(2, 3, 10, 4)
    assert (box.right, box.bottom) == (12, 7)
    assert box.corner == (2, 3)
    assert box.size == (10, 4)
    assert box.side == 10
    assert Box(0, 0, 3, 8).side == 8
    assert box.middle == (7, 5)
    assert tuple(box) == (2, 3, 10, 4)


def test_a_box_is_made_from_edges_and_around_points() -> None:
    assert Box.between(2, 3, 12, 7) == Box(2, 3, 10, 4)
    assert Box.around(np.array([[5.0, 9.0], [2.0, 11.0], [4.0, 3.0]])) == (2, 3, 3, 8)
    around_one = Box.around(np.array([[5.0, 9.0]]))
    assert around_one == (5, 9, 0, 0)
    assert all(type(side) is float for side in around_one)


@given(points=st.lists(st.tuples(places, places), min_size=1, max_size=9))
@calm
def test_the_box_around_points_is_the_smallest_that_holds_them(
    points: list[tuple[float, float]],
) -> None:
    box = Box.around(np.array(points))
    assert all(box.holds(Box(x, y, 0, 0)) for x, y in points)
    assert {box.x, box.right} <= {x for x, _ in points}
    assert {box.y, box.bottom} <= {y for _, y in points}


@given(box=boxes, right=places, down=places, by=sides)
@calm
def test_moved_and_grown_boxes(box: Box, right: float, down: float, by: float) -> None:
    moved, grown = box.moved(right, down), box.grown(by)
    assert moved.size == box.size
    assert moved.corner == (box.x + right, box.y + down)
    assert moved.moved(-right, -down) == box
    assert grown.holds(box)
    assert grown.middle == pytest.approx(box.middle)
    assert grown.size == (box.width + 2 * by, box.height + 2 * by)
    assert grown.grown(-by) == box


def test_a_box_holds_what_lies_inside_its_edges_included() -> None:
    box = Box(0, 0, 10, 20)
    assert box.holds(box)
    assert box.holds(Box(0, 0, 10, 0))
    assert box.holds(Box(9, 19, 1, 1))
    for other in (Box(-1, 0, 5, 5), Box(0, -1, 5, 5), Box(8, 0, 3, 5), Box(0, 18, 5, 3)):
        assert not box.holds(other)


@given(some=st.lists(boxes, min_size=1, max_size=6))
@calm
def test_the_union_is_the_smallest_box_that_holds_all(some: list[Box]) -> None:
    whole = union(some)
    assert all(whole.holds(box) for box in some)
    assert whole.x == min(box.x for box in some)
    assert whole.bottom == max(box.bottom for box in some)
    assert union(iter(some)) == whole
    assert union([whole, *some]) == whole


def test_there_is_no_union_of_nothing() -> None:
    with pytest.raises(ValueError, match="at least one"):
        union([])


@given(
    scale=st.floats(0.01, 100), left=places, top=places, box=boxes, place=st.tuples(places, places)
)
@calm
def test_a_view_leads_to_the_other_plane_and_back(
    scale: float, left: float, top: float, box: Box, place: tuple[float, float]
) -> None:
    view = View(scale, left, top)
    assert view.outwards((0, 0)) == (left, top)
    assert view.inwards(view.outwards(place)) == pytest.approx(place, abs=1e-6)
    outer = view.box_outwards(box)
    assert outer.corner == view.outwards(box.corner)
    assert outer.size == pytest.approx((box.width * scale, box.height * scale))
    assert view.box_inwards(outer) == pytest.approx(box, abs=1e-6)


@given(seed=st.integers(0, 2**32 - 1), counts=st.lists(st.integers(1, 8), min_size=1, max_size=4))
@calm
def test_lines_hold_every_box_once_and_are_found_in_any_order(seed: int, counts: list[int]) -> None:
    rng = np.random.default_rng(seed)
    lines = [
        [Box(60 * n, 100 * row + rng.uniform(0, 20), 40, 50 + rng.uniform(0, 10)) for n in range(k)]
        for row, k in enumerate(counts)
    ]
    ordered = [box for line in lines for box in line]
    shuffled = [ordered[n] for n in rng.permutation(len(ordered))]
    assert [[shuffled[n] for n in line] for line in in_lines(shuffled)] == lines


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


def test_what_is_low_stands_on_the_line_that_is_next_to_it() -> None:
    digits = [Box(0, 0, 40, 50), Box(100, 0, 40, 50), Box(0, 90, 40, 50), Box(100, 90, 40, 50)]
    minus, comma = Box(50, 24, 40, 0), Box(85, 52, 4, 12)
    assert in_lines([*digits, minus, comma], [4, 5]) == [[0, 4, 5, 1], [2, 3]]
    assert in_lines([minus, comma], [0, 1]) == [[0], [1]]
    assert in_lines([minus, comma, digits[0]], [0, 1]) == [[2, 0, 1]]


def test_distance_to_segment() -> None:
    points = np.array([[0.0, 3], [5, 4], [14, 3], [-3, -4]])
    distances = distance_to_segment(points, np.array([0.0, 0]), np.array([10.0, 0]))
    assert distances.tolist() == [3, 4, 5, 5]
    same = distance_to_segment(points, np.array([0.0, 0]), np.array([0.0, 0]))
    assert same.tolist() == pytest.approx(np.hypot(*points.T).tolist())


def line_of(gaps: list[float], width: float = 60) -> list[Box]:
    lefts = [0.0, *accumulate(width + gap for gap in gaps)]
    return [Box(left, 0, width, 100) for left in lefts]


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [
        ([20, 20, 90, 20, 20], [False, False, True, False, False]),
        ([20, 80, 20], [False, True, False]),
        ([70, 70, 70, 70], [False] * 4),  # written wide
        ([90, 90, 260, 90], [False, False, True, False]),  # in boxes, one of them empty
        ([-8, -8, 55, -8], [False, False, True, False]),  # touching
        ([20, 35, 15, 40], [False] * 4),  # uneven
        ([90], [False]),  # two characters alone
        ([260], [True]),
        ([], []),
    ],
)
def test_a_gap_that_is_much_wider_than_the_others_is_a_space(
    gaps: list[float], expected: list[bool]
) -> None:
    assert spaces(line_of(gaps)) == expected
