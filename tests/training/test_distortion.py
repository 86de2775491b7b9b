"""Glyphs vary as they are told to, and the pen's directions with them."""

from typing import Any

import cv2
import keras
import numpy as np
import pytest
from keras import ops
from numpy.typing import NDArray

from recognizer.ink import _rendered
from recognizer.strokes import Stroke
from recognizer.training.distortion import (
    Distortion,
    affine_variations,
    full_variations,
    no_variations,
)
from tests.samples import mnist
from tests.training.made import with_ways

Floats = NDArray[np.float32]
MIDDLE = 13.5
HOOK = np.array([[6.0, 7.0], [20.0, 7.0], [20.0, 10.0], [12.0, 16.0], [11.0, 22.0]])
"""A 7 in 28 × 28 whose pen goes in many directions."""


def varied(glyphs: Floats, **how: Any) -> Floats:
    """What the layer makes of glyphs (n, 28, 28, channels) if this is not left as it is."""
    inputs = {"glyphs": glyphs} | no_variations(len(glyphs)) | how
    return np.asarray(ops.convert_to_numpy(Distortion(1)(inputs)))


def digits(n: int) -> Floats:
    """Digits of MNIST with made directions, (n, 28, 28, 5) in 0..1."""
    return (with_ways(mnist()[0][:n]) / 255).astype(np.float32)


def turn(degrees: float) -> NDArray[np.float64]:
    """How (x, y) turn, y downwards: clockwise."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cos, -sin], [sin, cos]])


def moved_by(matrix: NDArray[np.float64], shift: tuple[float, float] = (0, 0)) -> Floats:
    """The layer's matrix: where pixels come from if the glyph is moved so."""
    back = np.linalg.inv(matrix)
    return np.column_stack([back, -back @ shift])[None].astype(np.float32)


def rendered(points: NDArray[np.float64]) -> Floats:
    """A line as a glyph with its directions, (1, 28, 28, 5)."""
    drawn = _rendered([Stroke(points, 2.5)], (28, 28), (0, 0), planes=5)
    return np.asarray(drawn.transpose(1, 2, 0)[None] / np.float32(255))


def test_without_variation_glyphs_stay_as_they_are() -> None:
    glyphs = digits(6)
    np.testing.assert_allclose(varied(glyphs), glyphs, atol=1e-6)
    np.testing.assert_allclose(varied(glyphs[..., :1]), glyphs[..., :1], atol=1e-6)


@pytest.mark.parametrize("degrees", [-25.0, 10.0, 90.0])
@pytest.mark.parametrize("shift", [(0.0, 0.0), (2.3, -1.6)])
def test_ink_is_turned_and_moved_as_opencv_does(degrees: float, shift: tuple[float, float]) -> None:
    glyphs = digits(5)[..., :1]
    found = varied(glyphs, matrix=np.repeat(moved_by(turn(degrees), shift), 5, axis=0))
    matrix = turn(degrees)
    about = np.column_stack([matrix, (MIDDLE, MIDDLE) - matrix @ (MIDDLE, MIDDLE) + shift])
    for own, glyph in zip(found[..., 0], glyphs[..., 0], strict=True):
        # OpenCV's places are rounded to a 32nd of a pixel.
        expected = cv2.warpAffine(glyph, about, (28, 28), flags=cv2.INTER_LINEAR)
        np.testing.assert_allclose(own, expected, atol=0.06)
        assert np.abs(own - expected).mean() < 0.004


@pytest.mark.parametrize(
    "matrix",
    [turn(20), turn(-35), turn(90), turn(150), np.array([[1, -0.4], [0, 1]])],
    ids=["right", "left", "quarter", "over", "slanted"],
)
def test_directions_turn_with_the_stroke(matrix: NDArray[np.float64]) -> None:
    """The glyph that the layer turns is like that of the stroke that is turned before."""
    found = varied(rendered(HOOK), matrix=moved_by(matrix))[0]
    expected = rendered((HOOK - 14) @ matrix.T + 14)[0]
    wrong = rendered((HOOK - 14) @ np.linalg.inv(matrix).T + 14)[0]
    assert likeness(found, expected) > 0.95
    for channel in range(1, 5):
        mean = np.abs(found[..., channel] - expected[..., channel]).mean()
        assert mean < 0.025, channel
    assert likeness(found, wrong) < 0.93


def likeness(a: Floats, b: Floats) -> float:
    x, y = a[..., 1:].ravel(), b[..., 1:].ravel()
    return float(x @ y / np.sqrt((x @ x) * (y @ y)))


def test_a_quarter_turn_makes_right_down_and_down_left() -> None:
    right = np.zeros((1, 28, 28, 5), np.float32)
    right[0, 13:15, 8:20, :2] = 1
    found = varied(right, matrix=moved_by(turn(90)))[0]
    ways = found[..., 1:].max(axis=(0, 1))
    np.testing.assert_allclose(ways, [0, 0, 1, 0], atol=1e-5)
    again = varied(found[None], matrix=moved_by(turn(90)))[0]
    np.testing.assert_allclose(again[..., 1:].max(axis=(0, 1)), [0, 1, 0, 0], atol=1e-5)


def test_where_lines_cross_both_ways_stay() -> None:
    both = np.zeros((1, 28, 28, 5), np.float32)
    both[0, 8:20, 8:20, 1:3] = 0.7
    found = varied(both, matrix=moved_by(turn(12)))[0, 14, 14]
    np.testing.assert_allclose(found[1:], [0.7, 0.7, 0, 0], atol=1e-5)


def test_noise_and_gain_are_in_the_ink_alone() -> None:
    glyphs = digits(3)
    noisy = varied(glyphs, pen=np.tile(np.array([0, 0, 1, 0.1], np.float32), (3, 1)))
    np.testing.assert_allclose(noisy[..., 1:], glyphs[..., 1:], atol=1e-6)
    inside = (glyphs[..., 0] > 0.4) & (glyphs[..., 0] < 0.6)
    assert 0.05 < np.std((noisy - glyphs)[..., 0][inside]) < 0.2
    pale = varied(glyphs, pen=np.tile(np.array([0, 0, 0.5, 0], np.float32), (3, 1)))
    np.testing.assert_allclose(pale[..., 0], glyphs[..., 0] / 2, atol=1e-6)
    np.testing.assert_allclose(pale[..., 1:], glyphs[..., 1:], atol=1e-6)


def test_noise_differs_and_repeats_with_the_layer_s_seed() -> None:
    glyphs, pen = digits(2), np.tile(np.array([0, 0, 1, 0.1], np.float32), (2, 1))
    inputs = {"glyphs": glyphs} | no_variations(2) | {"pen": pen}
    layer = Distortion(5)
    first, second = (ops.convert_to_numpy(layer(inputs)) for _ in range(2))
    assert not np.array_equal(first, second)
    layer.seed_generator.state.assign(Distortion(5).seed_generator.state)
    np.testing.assert_array_equal(first, ops.convert_to_numpy(layer(inputs)))


def test_a_pen_can_be_thicker_thinner_and_blurred() -> None:
    glyphs = digits(8)
    ink = glyphs[..., 0].sum(axis=(1, 2))
    more, less, blurred = (
        varied(glyphs, pen=np.tile(np.array(pen, np.float32), (8, 1)))
        for pen in ([1, 0, 1, 0], [-0.5, 0, 1, 0], [0, 0.9, 1, 0])
    )
    assert (more[..., 0].sum(axis=(1, 2)) > 1.2 * ink).all()
    assert (less[..., 0].sum(axis=(1, 2)) < 0.95 * ink).all()
    np.testing.assert_allclose(blurred[..., 0].sum(axis=(1, 2)), ink, rtol=0.01)
    steps = [np.abs(np.diff(images[..., 0], axis=2)).sum() for images in (glyphs, blurred)]
    assert steps[1] < 0.9 * steps[0]


def test_bending_moves_ink_without_folding_it() -> None:
    glyphs = digits(4)
    bend = np.zeros((4, 2, 5, 5), np.float32)
    np.testing.assert_allclose(varied(glyphs, bend=bend), glyphs, atol=1e-6)
    # All control points alike move the whole glyph: what was two pixels to the right comes here.
    bend[:, 0] = 2
    np.testing.assert_allclose(varied(glyphs, bend=bend)[:, :, :-2], glyphs[:, :, 2:], atol=1e-4)


def test_full_variations_keep_shape_and_range_and_move_little() -> None:
    rng = np.random.default_rng(4)
    images = np.zeros((50, 28, 28, 5), dtype=np.float32)
    images[:, 6:22, 12:15] = 1
    out = varied(images, **full_variations(50, rng))
    assert out.shape == images.shape
    assert out.dtype == np.float32
    assert out.min() >= 0
    assert out.max() <= 1
    down, right = np.mgrid[:28, :28]
    for image in out[..., 0]:
        assert abs((image * down).sum() / image.sum() - 13.5) < 4
        assert abs((image * right).sum() / image.sum() - 13) < 4
    assert not np.allclose(out[0], out[1])


def test_without_strength_full_variations_are_none() -> None:
    how = full_variations(9, np.random.default_rng(1), 0.0)
    for name, values in no_variations(9).items():
        np.testing.assert_allclose(how[name], values, atol=1e-7)


def test_turning_moving_and_zooming_keeps_the_digit_and_its_range() -> None:
    images = np.zeros((40, 28, 28, 1), dtype=np.float32)
    images[:, 8:20, 12:16] = 1
    out = varied(images, **affine_variations(40, np.random.default_rng(1)))
    assert out.dtype == np.float32
    assert (out.min(), out.max()) == (0, pytest.approx(1, abs=1e-5))
    assert not np.allclose(out[0], out[1])
    np.testing.assert_allclose(out.sum(axis=(1, 2, 3)), 48, rtol=0.3)


def test_the_layer_is_saved_with_the_model(tmp_path: Any) -> None:
    inputs = {
        name: keras.Input(values.shape[1:], name=name)
        for name, values in ({"glyphs": digits(1)} | no_variations(1)).items()
    }
    model = keras.Model(inputs, Distortion(3)(inputs))
    model.save(tmp_path / "layer.keras")
    again = keras.models.load_model(tmp_path / "layer.keras")
    how = {"glyphs": digits(2)} | full_variations(2, np.random.default_rng(2))
    how["pen"][:, 3] = 0
    np.testing.assert_allclose(model.predict_on_batch(how), again.predict_on_batch(how), atol=1e-6)
