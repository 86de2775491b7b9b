from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.strokes import (
    Cache,
    Sketch,
    Stroke,
    as_extent,
    as_strokes,
    bounds,
    ink_bounds,
    transformed,
)


def drawn(*lines: list[tuple[float, float]], width: float = 4) -> Sketch:
    sketch = Sketch()
    for first, *others in lines:
        sketch.begin_stroke(*first, width)
        for point in others:
            sketch.extend_stroke(*point)
    return sketch


def points_of(sketch: Sketch) -> list[list[list[float]]]:
    return [stroke.points.tolist() for stroke in sketch.strokes]


def test_strokes_come_from_lists_arrays_and_strokes() -> None:
    strokes = as_strokes([[(1, 2), (3, 4)], np.array([[5, 6]]), Stroke(np.array([[7.0, 8.0]]), 3)])
    assert [s.points.tolist() for s in strokes] == [[[1, 2], [3, 4]], [[5, 6]], [[7, 8]]]
    assert [s.width for s in strokes] == [None, None, 3]
    assert all(s.points.dtype == np.float64 for s in strokes)


def test_strokes_without_points_are_left_out() -> None:
    assert as_strokes([]) == ()
    assert len(as_strokes([[], [(1, 1)], np.zeros((0, 2))])) == 1


@pytest.mark.parametrize(
    ("strokes", "words"),
    [
        ("abc", "sequence of strokes"),
        (7, "sequence of strokes"),
        (None, "sequence of strokes"),
        ([[(1, 2)], [(1, 2, 3)]], "stroke 1"),
        ([[1, 2, 3]], "stroke 0"),
        ([["a", "b"]], "stroke 0"),
        ([[(1, 2), (3,)]], "stroke 0"),
        ([[(0, float("nan"))]], "not finite"),
        ([[(float("inf"), 0)]], "not finite"),
        ([[(0, -2e9)]], "beyond 1e"),
        ([Stroke(np.zeros((1, 2)), -1.0)], "pen width -1"),
        ([Stroke(np.zeros((1, 2)), float("nan"))], "pen width nan"),
    ],
)
def test_other_input_is_refused_by_name(strokes: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        as_strokes(strokes)


@pytest.mark.parametrize(
    "extent",
    [None, 5, (1,), (1, 2, 3), (0, 5), (5, -1), (float("nan"), 1), (float("inf"), 1), "ab"],
)
def test_extent_must_be_two_positive_numbers(extent: object) -> None:
    with pytest.raises(ValueError, match="extent"):
        as_extent(extent)


def test_bounds() -> None:
    assert bounds(as_strokes([[(3, 4)]])) == (3, 4, 0, 0)
    assert bounds(as_strokes([[(3, 4), (-1, 9)], [(5, 2)]])) == (-1, 2, 6, 7)


def test_there_are_no_bounds_without_a_stroke() -> None:
    for found in (bounds, ink_bounds):
        with pytest.raises(ValueError, match="at least one"):
            found(())


def test_the_ink_reaches_as_far_as_the_widest_pen() -> None:
    line, dot = np.array([[3.0, 4.0], [-1.0, 9.0]]), np.array([[5.0, 2.0]])
    assert ink_bounds([Stroke(line), Stroke(dot)]) == (-1, 2, 6, 7)
    assert ink_bounds([Stroke(line, 2.0), Stroke(dot, 4.0), Stroke(dot)]) == (-3, 0, 10, 11)


def test_strokes_are_transformed_about_an_origin() -> None:
    strokes = as_strokes([[(10, 20), (30, 20)], Stroke(np.array([[10.0, 40.0]]), 6.0)])
    large = transformed(strokes, 2.0, origin=(10, 20), to=(100, 200))
    assert [s.points.tolist() for s in large] == [[[100, 200], [140, 200]], [[100, 240]]]
    assert [s.width for s in large] == [None, 12]
    assert [s.width for s in transformed(strokes, 2.0, pen=5.0)] == [5, 5]
    assert [s.points.tolist() for s in strokes] == [[[10, 20], [30, 20]], [[10, 40]]]


def test_each_stroke_may_be_moved_to_a_place_of_its_own_points() -> None:
    """Noise, say, of which each point has its own."""
    strokes = as_strokes([[(0, 0), (1, 1)]])
    (moved,) = transformed(strokes, 10.0, to=np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert moved.points.tolist() == [[1, 2], [13, 14]]


numbers = st.floats(-1e4, 1e4)


@given(
    points=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=9),
    scale=st.floats(0.01, 100),
    origin=st.tuples(numbers, numbers),
    to=st.tuples(numbers, numbers),
    width=st.none() | st.floats(0, 100),
)
@settings(deadline=None, max_examples=60, derandomize=True)
def test_a_transformation_is_undone_by_its_reverse(
    points: list[tuple[float, float]],
    scale: float,
    origin: tuple[float, float],
    to: tuple[float, float],
    width: float | None,
) -> None:
    stroke = Stroke(np.array(points), width)
    there = transformed([stroke], scale, origin=origin, to=to)
    (back,) = transformed(there, 1 / scale, origin=to, to=origin)
    assert back.points == pytest.approx(stroke.points, abs=1e-5)
    assert back.width == (None if width is None else pytest.approx(width))
    assert bounds(there).size == pytest.approx(
        tuple(scale * side for side in bounds([stroke]).size), abs=1e-5
    )


def test_undo_and_redo_go_stroke_by_stroke() -> None:
    sketch = drawn([(0, 0), (9, 0)], [(0, 5), (9, 5)])
    two = points_of(sketch)
    assert sketch.undo()
    assert points_of(sketch) == two[:1]
    assert sketch.undo()
    assert points_of(sketch) == []
    assert not sketch.undo()
    assert sketch.redo()
    assert sketch.redo()
    assert points_of(sketch) == two
    assert not sketch.redo()


def test_a_new_stroke_ends_redo() -> None:
    sketch = drawn([(0, 0)], [(5, 5)])
    sketch.undo()
    sketch.begin_stroke(7, 7, 4)
    assert not sketch.redo()
    assert points_of(sketch) == [[[0, 0]], [[7, 7]]]


def test_clear_is_one_step_of_undo() -> None:
    sketch = drawn([(0, 0)], [(5, 5)])
    sketch.clear()
    assert sketch.strokes == ()
    sketch.clear()
    assert sketch.undo()
    assert len(sketch.strokes) == 2


def test_the_revision_changes_with_the_strokes_and_only_then() -> None:
    sketch = Sketch()
    seen = {sketch.revision}

    def changed() -> bool:
        new = sketch.revision not in seen
        seen.add(sketch.revision)
        return new

    sketch.begin_stroke(0, 0, 4)
    assert changed()
    sketch.extend_stroke(50, 0)
    assert changed()
    sketch.extend_stroke(50, 0)
    assert not changed()
    sketch.begin_erasing()
    sketch.erase((0, 90), (50, 90), 10)
    assert not changed()
    sketch.erase((25, 0), (25, 0), 5)
    assert changed()
    sketch.undo()
    assert changed()


def test_a_sweep_of_the_eraser_that_hits_nothing_is_no_step() -> None:
    sketch = drawn([(0, 0), (50, 0)], [(0, 20), (50, 20)])
    sketch.begin_erasing()
    sketch.erase((0, 200), (50, 200), 5)
    assert sketch.undo()
    assert len(sketch.strokes) == 1


def test_the_eraser_cuts_a_stroke_in_two() -> None:
    sketch = drawn([(0, 0), (100, 0)], width=4)
    sketch.begin_erasing()
    sketch.erase((50, -30), (50, 30), 8)
    left, right = sketch.strokes
    assert left.width == right.width == 4
    # Ink ends where the eraser's edge was: 8 and the pen's half width from the middle.
    assert left.points[:, 0].max() == pytest.approx(40, abs=2)
    assert right.points[:, 0].min() == pytest.approx(60, abs=2)
    assert left.points[:, 0].max() + 2 <= 42
    assert right.points[:, 0].min() - 2 >= 58
    sketch.undo()
    assert points_of(sketch) == [[[0, 0], [100, 0]]]


def test_several_moves_of_the_eraser_are_one_step() -> None:
    sketch = drawn([(0, 0), (100, 0)])
    sketch.begin_erasing()
    for x in range(0, 100, 10):
        sketch.erase((x, 0), (x + 10, 0), 6)
    assert sketch.strokes == ()
    sketch.undo()
    assert len(sketch.strokes) == 1


def test_the_eraser_takes_dots_and_leaves_others_as_they_are() -> None:
    sketch = drawn([(10, 10)], [(200, 200), (300, 300)])
    far = sketch.strokes[1]
    sketch.begin_erasing()
    sketch.erase((5, 10), (15, 10), 3)
    assert sketch.strokes == (far,)
    assert sketch.strokes[0] is far


def test_replace_is_undone_at_once() -> None:
    sketch = drawn([(0, 0)])
    sketch.replace([[(1, 1)], [(2, 2)]])
    assert points_of(sketch) == [[[1, 1]], [[2, 2]]]
    sketch.undo()
    assert points_of(sketch) == [[[0, 0]]]


def test_the_cache_keeps_what_was_asked_for_lately() -> None:
    cache, made = Cache(), list[str]()

    def make(key: str) -> str:
        made.append(key)
        return key

    def ask(key: str) -> str:
        return cache.get_or_make(key, lambda: make(key))

    for wanted in ("ab", "a", "ab", "a", "a", "ab"):
        cache.begin_round()
        assert [ask(key) for key in wanted] == list(wanted)
    assert made == ["a", "b", "b", "b"]
