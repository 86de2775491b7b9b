"""More data than there is: drawings and glyphs varied as people, pens and paper vary them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recognizer import glyph, ink
from recognizer.strokes import Stroke, bounds, transformed

Rng = np.random.Generator
AREA_SHARES = (0.05, 0.6)
"""How large a character is, as a share of the writing area, at least and at most."""


def vary_strokes(strokes: Sequence[Stroke], rng: Rng) -> tuple[Stroke, ...]:
    """The same drawing by another hand: turned, slanted, stretched and bent a little."""
    box = bounds(strokes)
    middle, side = np.array(box.middle), max(box.side, 1.0)
    angle, slant = np.radians(rng.normal(0, 6)), rng.normal(0, 0.12)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[1, slant], [0, 1]]) @ np.diag(np.exp(rng.normal(0, 0.08, 2)))
    # Two slow waves along each axis bend the drawing without folding it.
    waves = rng.normal(0, 0.025, (2, 2, 2))
    phases = rng.uniform(0, 2 * np.pi, (2, 2, 2))

    def bent(points: NDArray[np.float64]) -> NDArray[np.float64]:
        at = (points - middle) / side
        shift = np.zeros_like(at)
        for axis, along, k in np.ndindex(2, 2, 2):
            wave = np.sin((k + 1) * np.pi * at[:, along] + phases[axis, along, k])
            shift[:, axis] += waves[axis, along, k] * wave
        return np.asarray(((at + shift) @ matrix.T) * side + middle)

    return tuple(Stroke(bent(stroke.points), stroke.width) for stroke in strokes)


def draw_as_people_do(
    strokes: Sequence[Stroke], rng: Rng, usual_side: float | None = None
) -> NDArray[np.uint8]:
    """A drawing made with some pen, in the window, a picture or a paint program.

    usual_side: how large its writer's characters usually are, in the strokes' unit; as large as
    the drawing if it is not known. Of that it depends what is a dot. Returns the glyph and, from
    the window, the pen's directions in it, (28, 28, 5).
    """
    way = rng.random()
    if way < 0.6:
        return _as_strokes(strokes, rng, usual_side)
    if way < 0.82:
        side = rng.uniform(30, 120)
        # Mostly a usual pen, at times a marker.
        pen = float(np.exp(rng.uniform(np.log(0.02), np.log(0.32))))
        return with_directions(glyph.normalize(_as_picture(strokes, side, pen, rng)))
    return with_directions(glyph.normalize(_as_paint(strokes, rng)))


def with_directions(
    picture: glyph.Glyph, directions: NDArray[np.uint8] | None = None
) -> NDArray[np.uint8]:
    """A glyph and the pen's directions in it, or none, as (28, 28, 5)."""
    together = np.zeros((glyph.SIZE_PX, glyph.SIZE_PX, 5), np.uint8)
    together[..., 0] = picture
    if directions is not None:
        together[..., 1:] = directions
    return together


def _as_strokes(strokes: Sequence[Stroke], rng: Rng, usual_side: float | None) -> NDArray[np.uint8]:
    usual = usual_side or max(bounds(strokes).side, 1.0)
    pen = usual * rng.uniform(ink.MIN_PEN_SHARE, ink.MAX_PEN_SHARE)
    area = usual / float(np.exp(rng.uniform(*np.log(AREA_SHARES))))
    drawn = [Stroke(stroke.points, pen / (1 - pen / usual)) for stroke in strokes]
    return with_directions(
        *glyph.normalize_with_directions(*ink.render_with_directions(drawn, (area, area)))
    )


def _as_picture(strokes: Sequence[Stroke], side: float, pen: float, rng: Rng) -> ink.Ink:
    """Ink of a drawing `side` pixels large, at a place between the pixels; pen: as its share."""
    box = bounds(strokes)
    scale = side / max(box.side, 1.0)
    margin = pen * side / 2 + 2
    place = rng.uniform(0, 1, 2) + margin
    drawn = transformed(strokes, scale, origin=box.corner, to=place, pen=pen * side)
    width, height = (int(np.ceil(each * scale + 2 * margin + 1)) for each in box.size)
    return ink.render(drawn, (width, height))


def _as_paint(strokes: Sequence[Stroke], rng: Rng) -> ink.Ink:
    """A paint program's drawing of few pixels, its pen of one to three with hard edges or soft."""
    side = float(rng.uniform(10, 26))
    drawn = _as_picture(strokes, side, rng.choice([1.0, 1.0, 1.6, 2.2, 3.0]) / side, rng)
    if rng.random() < 0.6:
        return np.asarray((drawn > 100) * 255, dtype=np.uint8)
    return drawn
