"""Where the pen went: four channels beside the ink, zero for pictures."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer import Recognizer, glyph
from recognizer.files import COMPARISON
from recognizer.geometry import Points
from recognizer.ink import Directions, Ink, render_to_fit, render_with_directions
from recognizer.strokes import Stroke
from tests.samples import likeness, pen_digits

DRAWINGS = [[Stroke(line) for line in strokes] for strokes, _ in pen_digits()]
RIGHT, LEFT, DOWN, UP = range(4)


def drawn(*lines: list[tuple[float, float]]) -> tuple[Ink, Directions]:
    strokes = [Stroke(np.array(line, dtype=np.float64), 10.0) for line in lines]
    return render_with_directions(strokes, (500, 500))


def along(strokes: list[Stroke], turn: Points) -> list[Stroke]:
    return [Stroke(stroke.points @ turn.T + (500, 500), 20.0) for stroke in strokes]


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ((100, 0), [255, 0, 0, 0]),
        ((-100, 0), [0, 255, 0, 0]),
        ((0, 100), [0, 0, 255, 0]),
        ((0, -100), [0, 0, 0, 255]),
        ((60, 80), [153, 0, 204, 0]),
        ((-80, -60), [0, 204, 0, 153]),
    ],
)
def test_a_straight_line_goes_one_way(to: tuple[float, float], expected: list[int]) -> None:
    ink, ways = drawn([(200, 200), (200 + to[0], 200 + to[1])])
    assert ways.shape == (*ink.shape, 4)
    assert ways[ink == 255].max(axis=0).tolist() == pytest.approx(expected, abs=1)
    assert ways[ink == 255].min(axis=0).tolist() == pytest.approx(expected, abs=1)


def test_there_is_no_direction_on_paper_and_none_in_a_dot() -> None:
    ink, ways = drawn([(0, 0), (100, 30)])
    assert not ways[ink == 0].any() and (ways.max(axis=2) <= ink).all()
    assert not drawn([(50, 50)])[1].any()


def test_where_lines_cross_both_directions_are_seen() -> None:
    _, ways = drawn([(0, 50), (100, 50)], [(50, 0), (50, 100)])
    middle = tuple(side // 2 for side in ways.shape[:2])
    assert ways[middle].tolist() == [255, 0, 255, 0]


def test_ink_is_the_same_with_directions_and_without() -> None:
    for strokes in DRAWINGS:
        ink, ways = render_with_directions(strokes, (500, 500))
        assert np.array_equal(ink, render_to_fit(strokes, (500, 500)))
        seen, directions = glyph.normalize_with_directions(ink, ways)
        assert np.array_equal(seen, glyph.normalize(ink))
        assert directions.shape == (28, 28, 4) and not directions[seen == 0].max() > 128


def test_mirrored_and_turned_drawings_have_mirrored_and_turned_directions() -> None:
    mirror, turn = np.array([[-1.0, 0], [0, 1]]), np.array([[0.0, -1], [1, 0]])
    for strokes in DRAWINGS:
        plain = render_with_directions(along(strokes, np.eye(2)), (1000, 1000))[1]
        # The picture is a whole number of pixels wide, so all lies up to a pixel elsewhere.
        mirrored = render_with_directions(along(strokes, mirror), (1000, 1000))[1][:, ::-1]
        assert likeness(mirrored[..., [LEFT, RIGHT, DOWN, UP]], plain) > 0.95
        assert likeness(mirrored, plain) < 0.92
        turned = np.rot90(render_with_directions(along(strokes, turn), (1000, 1000))[1])
        assert likeness(turned[..., [DOWN, UP, LEFT, RIGHT]], plain) > 0.95
        assert likeness(turned, plain) < 0.92


def test_drawn_backwards_a_line_goes_the_other_way() -> None:
    for strokes in DRAWINGS:
        backwards = [Stroke(stroke.points[::-1]) for stroke in strokes]
        ways = render_with_directions(strokes, (500, 500))[1].astype(int)
        other = render_with_directions(backwards, (500, 500))[1].astype(int)
        # Points that lie close are thinned out from the start on, so the line differs a little.
        assert np.abs(other[..., [LEFT, RIGHT, UP, DOWN]] - ways).mean() < 6


def test_a_picture_has_none() -> None:
    ink, _ = drawn([(0, 0), (0, 100)])
    assert not glyph.normalize_with_directions(ink, None)[1].any()
    assert Recognizer().classify_image(255 - np.pad(ink, 20)).directions is None


def test_a_network_of_one_channel_looks_at_the_ink_alone() -> None:
    recognizer = Recognizer(COMPARISON / "no_dropout")
    strokes, digit = pen_digits()[0]
    prediction = recognizer.classify_strokes(strokes)
    assert prediction.digit == digit and prediction.directions is None
    directions = np.full((1, 28, 28, 4), 255, dtype=np.uint8)
    plain = recognizer.predict_proba(prediction.glyph[None])
    assert np.array_equal(recognizer.predict_proba(prediction.glyph[None], directions), plain)
