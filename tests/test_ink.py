import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from recognizer.geometry import Points, distance_to_segment
from recognizer.ink import RENDERED_PX, render, render_to_fit, smooth
from recognizer.strokes import Stroke, as_strokes
from tests.samples import pen_digits

FINE = 8


def supersampled(lines: list[tuple[Points, float]], size: tuple[int, int]) -> NDArray[np.float64]:
    """Share of each pixel that round pens cover, counted on a grid of FINE × FINE points."""
    width, height = size
    x, y = np.meshgrid(
        (np.arange(width * FINE) + 0.5) / FINE, (np.arange(height * FINE) + 0.5) / FINE
    )
    places = np.column_stack([x.ravel(), y.ravel()])
    covered = np.zeros(len(places), dtype=bool)
    for points, pen in lines:
        ends = points[1:] if len(points) > 1 else points
        for start, end in zip(points, ends, strict=False):
            covered |= distance_to_segment(places, start, end) <= pen / 2
    shares: NDArray[np.float64] = covered.reshape(height, FINE, width, FINE).mean(axis=(1, 3))
    return shares


@pytest.mark.parametrize("pen", [1.0, 2.0, 5.5, 12.0])
@pytest.mark.parametrize(
    "line",
    [
        [(4, 5.3), (33.2, 5.3)],
        [(6.1, 4), (29.5, 26.7)],
        [(20.25, 15.75)],
        [(5, 25), (12, 5)],
    ],
)
def test_grey_is_the_share_that_the_pen_covers(line: list[tuple[float, float]], pen: float) -> None:
    points = np.array(line)
    grey = render([Stroke(points, pen)], (40, 32)) / 255
    truth = supersampled([(points, pen)], (40, 32))
    # The distance to the line stands for the area: exact along the axes, nearly so aslant.
    assert np.abs(grey - truth).max() <= 0.2
    if pen > 1 or len(line) > 1:
        assert grey.sum() == pytest.approx(truth.sum(), rel=0.06)


@given(seed=st.integers(0, 2**32 - 1), pen=st.floats(0.5, 40), step=st.floats(0.5, 80))
@settings(deadline=None, max_examples=60, derandomize=True)
def test_a_line_is_as_dark_as_the_darkest_of_its_pieces(seed: int, pen: float, step: float) -> None:
    """All pieces of a line are drawn at once, as if they were drawn one by one."""
    walk = np.cumsum(np.random.default_rng(seed).normal(0, step, (30, 2)), axis=0) + 40
    ends = smooth(walk)
    pieces = [render([Stroke(ends[i : i + 2], pen)], (90, 70)) for i in range(len(ends) - 1)]
    assert np.array_equal(render([Stroke(walk, pen)], (90, 70)), np.max(pieces, axis=0))


def test_pens_thinner_than_a_pixel_are_drawn_a_pixel_wide() -> None:
    points = np.array([[3.0, 5.5], [15, 5.5]])
    thin, one = (render([Stroke(points, pen)], (20, 11)) for pen in (0.2, 1.0))
    assert np.array_equal(thin, one)
    assert one.max() == 255


def test_nothing_is_drawn_without_strokes_and_far_outside() -> None:
    assert not render([], (9, 7)).any()
    assert render([], (9, 7)).shape == (7, 9)
    assert not render(as_strokes([[(500, 500), (600, 500)], [(-1e9, -1e9)]]), (9, 7)).any()


def test_ink_that_reaches_in_from_outside_is_drawn() -> None:
    outside = Stroke(np.array([[-3.0, 5.0], [-3.0, 6.0]]), 10.0)
    assert render([outside], (10, 10))[5, 0] == 255


@given(
    left=st.integers(0, 70),
    top=st.integers(0, 60),
    width=st.integers(1, 40),
    height=st.integers(1, 40),
    number=st.integers(0, 19),
    pen=st.floats(0.5, 25),
)
@settings(deadline=None, max_examples=40, derandomize=True)
def test_a_dirty_rectangle_equals_the_crop_of_the_whole(
    left: int, top: int, width: int, height: int, number: int, pen: float
) -> None:
    strokes = [Stroke(line / 5, pen) for line in pen_digits()[number][0]]
    whole = render(strokes, (110, 100))
    part = render(strokes, (width, height), origin=(left, top))
    crop = whole[top : top + height, left : left + width]
    inside = part[: crop.shape[0], : crop.shape[1]]
    # Another origin rounds in other places, by one grey at most.
    assert np.abs(inside.astype(int) - crop).max(initial=0) <= 1


def test_the_curve_passes_through_its_points_and_keeps_near_them() -> None:
    angles = np.linspace(0, 2 * np.pi, 13)
    circle = np.column_stack([np.cos(angles), np.sin(angles)]) * 100
    curve = smooth(circle)
    assert all(np.hypot(*(curve - point).T).min() < 1e-9 for point in circle)
    # A polygon of twelve corners is 3.4 short of the circle halfway between two of them.
    radii = np.hypot(*curve[4:-4].T)
    assert 98.5 < radii.min() <= radii.max() < 101


@pytest.mark.parametrize("points", [[(5, 5)] * 4, [(0, 0), (0, 0), (9, 9), (9, 9)], [(3, 3)]])
def test_points_that_repeat_do_no_harm(points: list[tuple[float, float]]) -> None:
    assert np.isfinite(smooth(np.array(points, dtype=np.float64))).all()
    assert render_to_fit(as_strokes([points]), (500, 500)).any()


@pytest.mark.parametrize("scale", [1e-3, 0.1, 1.0, 40.0, 1e5])
def test_what_is_read_depends_neither_on_size_nor_on_place(scale: float) -> None:
    for drawing, _ in pen_digits()[::3]:
        usual = render_to_fit(as_strokes(drawing), (500, 500))
        moved = [line * scale + scale * 77 for line in drawing]
        other = render_to_fit(as_strokes(moved), (500 * scale, 500 * scale))
        assert other.shape == usual.shape
        assert np.abs(other.astype(int) - usual).max() <= 2


def test_the_longest_side_is_as_long_as_it_is_read() -> None:
    for drawing, _ in pen_digits():
        ink = render_to_fit(as_strokes(drawing), (500, 500)) > 127
        sides = ink.any(axis=0).sum(), ink.any(axis=1).sum()
        assert RENDERED_PX <= max(sides) <= RENDERED_PX * 1.2


def test_an_empty_drawing_is_blank() -> None:
    assert not render_to_fit((), (500, 500)).any()


@pytest.mark.parametrize("pen", [None, 0.0, 1.0, 12.0])
def test_a_dot_stays_a_dot_and_never_fills_the_picture(pen: float | None) -> None:
    for points in ([[250.0, 250.0]], [[250.0, 250.0], [250.5, 250.5]]):
        ink = render_to_fit([Stroke(np.array(points), pen)], (500, 500))
        assert 0 < (ink > 127).sum() < 0.06 * RENDERED_PX * RENDERED_PX


def test_a_small_drawing_of_a_fine_pen_is_shown_as_a_large_one() -> None:
    for drawing, _ in pen_digits():
        large = render_to_fit([Stroke(line, 12.0) for line in drawing], (500, 500))
        small = render_to_fit([Stroke(line / 100, 0.12) for line in drawing], (500, 500))
        assert small.shape == large.shape
        assert np.abs(small.astype(int) - large).max() <= 8
