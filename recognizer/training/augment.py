"""More data than there is: drawings and glyphs varied as people, pens and paper vary them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer import glyph, ink
from recognizer.strokes import Stroke, bounds, transformed
from recognizer.training import doodles

Rng = np.random.Generator
Strength = float | NDArray[np.float64]
_GRID = 5
"""Control points of the elastic distortion along each axis."""


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


def draw_as_people_do(strokes: Sequence[Stroke], rng: Rng) -> glyph.Glyph:
    """The glyph of a drawing made with some pen, in the window, a picture or a paint program."""
    way = rng.random()
    if way < 0.5:
        return _as_strokes(strokes, rng)
    if way < 0.8:
        side = rng.uniform(30, 120)
        # Mostly a usual pen, at times a marker.
        pen = float(np.exp(rng.uniform(np.log(0.02), np.log(0.32))))
        return glyph.normalize(_as_picture(strokes, side, pen, rng))
    return glyph.normalize(_as_paint(strokes, rng))


def _as_strokes(strokes: Sequence[Stroke], rng: Rng) -> glyph.Glyph:
    side = max(bounds(strokes).side, 1.0)
    pen = rng.uniform(ink.MIN_PEN_SHARE, ink.MAX_PEN_SHARE)
    drawn = [Stroke(stroke.points, side * pen / (1 - pen)) for stroke in strokes]
    return glyph.normalize(ink.render_to_fit(drawn, (side, side)))


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


def scribble(rng: Rng) -> glyph.Glyph:
    """The glyph of a drawing that is no digit: one to three aimless lines."""
    return draw_as_people_do(doodles.scribble(rng), rng)


def merged(left: glyph.Glyph, right: glyph.Glyph, rng: Rng) -> glyph.Glyph:
    """The glyph of two digits side by side, touching or nearly, which is no digit either."""
    first, second = _narrowed(left), _narrowed(right)
    start = max(0, first.shape[1] + int(rng.integers(-4, 3)))
    both = np.zeros((glyph.SIZE_PX, max(start + second.shape[1], first.shape[1])), dtype=np.uint8)
    both[:, : first.shape[1]] = first
    place = both[:, start : start + second.shape[1]]
    np.maximum(place, second, out=place)
    return glyph.normalize(both)


def _narrowed(image: glyph.Glyph) -> glyph.Glyph:
    """The columns from the first with ink to the last."""
    columns = np.flatnonzero(image.any(axis=0))
    return image[:, columns[0] : columns[-1] + 1]


def distort(images: NDArray[np.uint8], rng: Rng, strength: Strength = 1.0) -> NDArray[np.float32]:
    """Glyphs turned, moved, zoomed, sheared, bent, made thicker, thinner, noisy and paler.

    images: (n, 28, 28) uint8. strength: 1 for the full range of variations, 0 for none; for
    all glyphs or (n,), for each.
    Returns (n, 28, 28) float32 in 0..1.
    """
    n = len(images)
    across, down = _maps(n, rng, strength)
    thickness = rng.uniform(-1, 1, n) * (rng.random(n) < 0.4 * strength)
    blur = rng.uniform(0.3, 0.8, n) * (rng.random(n) < 0.1 * strength)
    out = np.empty((n, glyph.SIZE_PX, glyph.SIZE_PX), dtype=np.float32)
    for i in range(n):
        image = images[i]
        if thickness[i]:
            image = _thickened(image, thickness[i])
        image = cv2.remap(image, across[i], down[i], cv2.INTER_LINEAR)
        out[i] = cv2.GaussianBlur(image, (3, 3), blur[i]) if blur[i] else image
    out /= 255
    return _noisy(out, rng, strength)


def turn_move_zoom(images: NDArray[np.uint8], rng: Rng) -> NDArray[np.float32]:
    """Glyphs turned by up to 10°, moved and zoomed by up to a tenth, as is usual with Keras.

    images: (n, 28, 28) uint8. Returns (n, 28, 28) float32 in 0..1.
    """
    middle = (glyph.SIZE_PX - 1) / 2
    out = np.empty((len(images), glyph.SIZE_PX, glyph.SIZE_PX), dtype=np.float32)
    for i, image in enumerate(images):
        angle, zoom = rng.uniform(-10, 10), rng.uniform(0.9, 1.1)
        matrix = np.asarray(cv2.getRotationMatrix2D((middle, middle), angle, zoom), np.float64)
        matrix[:, 2] += rng.uniform(-0.1, 0.1, 2) * glyph.SIZE_PX
        out[i] = cv2.warpAffine(image, matrix, (glyph.SIZE_PX, glyph.SIZE_PX))
    out /= 255
    return out


def _maps(n: int, rng: Rng, strength: Strength) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each pixel of the n new images comes from: affine and elastic maps together.

    Elastic distortion after Simard, Steinkraus, Platt: Best practices for convolutional
    neural networks (2003), with splines through a coarse grid in place of smoothed noise.
    """
    angle = np.radians(rng.uniform(-13, 13, n)) * strength
    shear = rng.uniform(-0.15, 0.15, n) * strength
    zoom = np.exp(rng.uniform(-0.13, 0.13, n) * strength)
    ratio = np.exp(rng.uniform(-0.07, 0.07, n) * strength)
    shift = rng.uniform(-1.6, 1.6, (2, n)) * strength
    cos, sin = np.cos(angle), np.sin(angle)
    middle = (glyph.SIZE_PX - 1) / 2
    y, x = np.mgrid[: glyph.SIZE_PX, : glyph.SIZE_PX].astype(np.float32) - middle

    def wide(values: NDArray[np.float64]) -> NDArray[np.float32]:
        return values.astype(np.float32)[:, None, None]

    xx = wide((cos + shear * sin) / (zoom * ratio)) * x + wide((shear * cos - sin) / zoom) * y
    yy = wide(sin / (zoom * ratio)) * x + wide(cos / zoom) * y
    bending = rng.uniform(0, 1.0, n) * (rng.random(n) < 0.8) * strength
    bend = rng.normal(0, 1, (2, n, _GRID, _GRID)) * bending[None, :, None, None]
    spline = _spline()
    # Small products one by one: NumPy would share a large one out to threads, which go on
    # spinning after it and keep TensorFlow from a core.
    bent = spline @ bend.astype(np.float32) @ spline.T
    return (
        xx + bent[0] + wide(shift[0]) + np.float32(middle),
        yy + bent[1] + wide(shift[1]) + np.float32(middle),
    )


def _spline() -> NDArray[np.float32]:
    """(28, grid) weights of the grid's control points at each pixel, cubic."""
    identity = np.eye(_GRID, dtype=np.float32)
    return np.asarray(cv2.resize(identity, (_GRID, glyph.SIZE_PX), interpolation=cv2.INTER_CUBIC))


def _thickened(image: glyph.Glyph, amount: float) -> glyph.Glyph:
    """Between the image and the same with a pen two pixels wider (or thinner, below zero)."""
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    other = cv2.dilate(image, cross) if amount > 0 else cv2.erode(image, cross)
    # Taking the whole pixel from a thin line would cut it, so thinning goes half as far.
    share = amount if amount > 0 else -amount / 2
    return np.asarray(cv2.addWeighted(image, 1 - share, other, share, 0))


def _noisy(images: NDArray[np.float32], rng: Rng, strength: Strength) -> NDArray[np.float32]:
    n = len(images)
    gain = np.where(rng.random(n) < 0.2 * strength, rng.uniform(0.6, 1.4, n), 1).astype(np.float32)
    images *= gain[:, None, None]
    for i in np.flatnonzero(rng.random(n) < 0.12 * strength):
        images[i] += rng.normal(0, rng.uniform(0.02, 0.12), images[i].shape).astype(np.float32)
    return np.clip(images, 0, 1, out=images)
