"""Variations stay what they were, and things that are no digit can be made."""

import numpy as np

from recognizer.strokes import Stroke
from recognizer.training import augment

SEVEN = (Stroke(np.array([[0.0, 0.0], [60.0, 0.0], [20.0, 100.0]])),)


def test_a_varied_drawing_is_another_of_the_same_shape() -> None:
    rng = np.random.default_rng(1)
    (varied,) = augment.vary_strokes(SEVEN, rng)
    assert varied.points.shape == SEVEN[0].points.shape
    moved = np.abs(varied.points - SEVEN[0].points)
    assert 0 < moved.max() < 60


def test_a_drawing_becomes_a_glyph_in_every_way_people_draw() -> None:
    rng = np.random.default_rng(2)
    glyphs = [augment.draw_as_people_do(SEVEN, rng) for _ in range(60)]
    assert all(glyph.shape == (28, 28) and glyph.max() >= 200 for glyph in glyphs)
    ink = [int(glyph.sum()) for glyph in glyphs]
    assert max(ink) > 2 * min(ink)


def test_a_dot_can_be_varied_and_drawn() -> None:
    dot = (Stroke(np.array([[5.0, 5.0]])),)
    rng = np.random.default_rng(3)
    for _ in range(20):
        assert augment.draw_as_people_do(augment.vary_strokes(dot, rng), rng).any()


def test_distortion_keeps_shape_and_range_and_moves_little() -> None:
    rng = np.random.default_rng(4)
    images = np.zeros((50, 28, 28), dtype=np.uint8)
    images[:, 6:22, 12:15] = 255
    out = augment.distort(images, rng)
    assert out.shape == images.shape
    assert out.dtype == np.float32
    assert out.min() >= 0
    assert out.max() <= 1
    down, right = np.mgrid[:28, :28]
    for image in out:
        assert abs((image * down).sum() / image.sum() - 13.5) < 4
        assert abs((image * right).sum() / image.sum() - 13) < 4


def test_two_merged_digits_are_wider_than_one() -> None:
    rng = np.random.default_rng(5)
    bar = np.zeros((28, 28), dtype=np.uint8)
    bar[4:24, 12:16] = 255
    both = augment.merged(bar, bar, rng)
    assert np.ptp(np.flatnonzero(both.any(axis=0))) > np.ptp(np.flatnonzero(bar.any(axis=0)))
