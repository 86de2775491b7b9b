"""Drawings are varied as by another hand, and drawn as people draw."""

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
    assert all(glyph.shape == (28, 28, 5) and glyph[..., 0].max() >= 200 for glyph in glyphs)
    ink = [int(glyph[..., 0].sum()) for glyph in glyphs]
    assert max(ink) > 2 * min(ink)
    with_ways = [bool(glyph[..., 1:].any()) for glyph in glyphs]
    assert 20 < sum(with_ways) < 50


def test_a_dot_can_be_varied_and_drawn() -> None:
    dot = (Stroke(np.array([[5.0, 5.0]])),)
    rng = np.random.default_rng(3)
    for _ in range(20):
        assert augment.draw_as_people_do(augment.vary_strokes(dot, rng), rng).any()


def test_beside_usual_characters_a_small_drawing_is_a_dot() -> None:
    shares = []
    for usual in (100.0, 4000.0):
        rng = np.random.default_rng(4)
        drawn = (augment.draw_as_people_do(SEVEN, rng, usual) for _ in range(40))
        strokes = [glyph[..., 0] for glyph in drawn if glyph[..., 1:].any()]
        inked = (ink[ink.any(axis=1)][:, ink.any(axis=0)] for ink in strokes)
        shares.append(np.mean([np.mean(ink) for ink in inked]))
    assert shares[0] < 100 < 150 < shares[1]
