"""Ink to glyph: the 28 × 28 picture that the network reads, made in MNIST's own way.

Crop the ink, fit it into 20 × 20, put its centre of mass into the centre of 28 × 28
(LeCun, Cortes, Burges: The MNIST database of handwritten digits). This is the only
normalization in the project; drawings, pictures and training data all pass through it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.ink import Directions, Ink, render_to_fit, render_with_directions
from recognizer.strokes import Stroke

Glyph = NDArray[np.uint8]
"""(28, 28), white ink (255) on black (0)."""

SIZE_PX, FIT_PX = 28, 20
"""Side of a glyph, and of the box in it that the ink is fitted into, in pixels."""
CENTRE_PX = 14.0
"""MNIST has the centre of mass here or up to a pixel further; the first pixel's middle is 0.5."""
MIN_PEN_PX = 1.1
"""A pen thinner than this in the glyph would fade; it is drawn as wide as `MENDED_PEN_PX`."""
MENDED_PEN_PX = 2.0
_MENDING_SCALE = 3
FRINGE_SHARE = 0.2
"""Ink fainter than this share of the darkest does not count for the crop."""
FULL_GREY = 250
"""Ink is made as dark as it can be, unless its darkest pixel is this dark already."""


def normalize(ink: Ink) -> Glyph:
    """Make the glyph of a picture of ink of any size; blank ink makes a blank glyph."""
    return normalize_with_directions(ink, None)[0]


def normalize_with_directions(
    ink: Ink, directions: Directions | None
) -> tuple[Glyph, NDArray[np.uint8]]:
    """The glyph of some ink, and the pen's directions in it, (28, 28, 4).

    directions: (height, width, 4) as of `ink.render_with_directions`; None where only a picture
    is known: then they are zero. Both are cropped, fitted and centred as one.
    """
    glyph = np.zeros((SIZE_PX, SIZE_PX), dtype=np.uint8)
    way = np.zeros((SIZE_PX, SIZE_PX, 4), dtype=np.uint8)
    if not ink.any():
        return glyph, way
    part = _inked(ink, 0)
    crop, maps = ink[part], None if directions is None else directions[part]
    if max(crop.shape) != FIT_PX:
        # A picture that was made larger or smaller has a faint fringe, which is not the digit.
        part = _inked(crop, int(FRINGE_SHARE * crop.max()))
        crop, maps = crop[part], None if maps is None else maps[part]
        if pen_width(crop) * FIT_PX / max(crop.shape) < MIN_PEN_PX:
            crop = _mend(crop)
        crop = _resized(crop, FIT_PX)
    crop = _stretched(crop)
    place = _centre(crop)
    glyph[place] = crop
    if maps is not None:
        way[place] = _scaled(maps, (crop.shape[0], crop.shape[1]))
    return glyph, way


def of_strokes(
    strokes: Sequence[Stroke], extent: tuple[float, float], directed: bool
) -> tuple[Glyph, NDArray[np.uint8] | None]:
    """The glyph of one character, and the pen's directions in it, (28, 28, 4), if wanted.

    extent: (width, height) of the writing area in the strokes' unit. Blank without a stroke.
    """
    if not directed:
        return normalize(render_to_fit(strokes, extent)), None
    return normalize_with_directions(*render_with_directions(strokes, extent))


def already(grey: Ink) -> Glyph | None:
    """The glyph, if a grey picture is one as those of MNIST are, dark on light or the reverse."""
    if grey.shape != (SIZE_PX, SIZE_PX):
        return None
    return next((ink for ink in (grey, 255 - grey) if np.array_equal(normalize(ink), ink)), None)


def _inked(ink: Ink, above: int) -> tuple[slice, slice]:
    """The rectangle around all ink darker than `above`, as rows and columns."""
    dark = ink > above
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def pen_width(ink: Ink) -> float:
    """Estimated width of the line in pixels: twice its area over the length of its outline."""
    height, width = ink.shape
    grey = np.zeros((height + 2, width + 2), np.float32)
    grey[1:-1, 1:-1] = ink
    across = np.abs(np.diff(grey, axis=0)).sum() + np.abs(np.diff(grey, axis=1)).sum()
    # Steps along both axes measure a slanted outline too long, by 4/pi on average.
    return float(2 * grey.sum() / (across * np.pi / 4))


def _mend(ink: Ink) -> Ink:
    """Widen a hair-thin line, so that it survives being made small."""
    fit = _MENDING_SCALE * FIT_PX
    factor = -(-max(ink.shape) // fit)
    if factor > 1:
        # The darkest pixel of a block, not its mean: a mean would wash the line out.
        height, width = (-(-side // factor) * factor for side in ink.shape)
        blocks = np.pad(ink, ((0, height - ink.shape[0]), (0, width - ink.shape[1])))
        ink = blocks.reshape(height // factor, factor, width // factor, factor).max(axis=(1, 3))
    ink = _stretched(_resized(ink, fit))
    missing = MENDED_PEN_PX * _MENDING_SCALE - pen_width(ink)
    for _ in range(max(0, round(missing / 2))):
        ink = _widened(ink)
    return ink


def _widened(ink: Ink) -> Ink:
    """Ink that reaches one pixel further to every side."""
    wide = np.pad(ink, 1)
    grown = wide.copy()
    for axis in (0, 1):
        for step in (-1, 1):
            np.maximum(grown, np.roll(wide, step, axis), out=grown)
    return grown


def _resized(ink: Ink, fit: int) -> Ink:
    """Ink with a longest side of `fit` pixels."""
    scale = fit / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    return _scaled(ink, (height, width))


def _scaled(ink: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Ink, or the pen's directions, of (height, width) pixels."""
    height, width = ink.shape[:2]
    if (height, width) == shape:
        return ink
    filtering = (
        Image.Resampling.BOX if max(shape) < max(height, width) else Image.Resampling.BILINEAR
    )
    # Pillow scales each of four colours by itself in this mode, and all of them at once.
    mode = "L" if ink.ndim == 2 else "CMYK"
    picture = Image.frombytes(mode, (width, height), ink.tobytes())
    return np.asarray(picture.resize(shape[::-1], filtering))


def _stretched(ink: Ink) -> Ink:
    darkest = int(ink.max())
    if darkest >= FULL_GREY:
        return ink
    return np.asarray(np.minimum(ink * (255 / darkest) + 0.5, 255), dtype=np.uint8)


def _centre(ink: Ink) -> tuple[slice, slice]:
    """The rows and columns of a glyph that put the ink's centre of mass nearest to its centre."""
    height, width = ink.shape
    mass = ink.sum(dtype=np.int64)
    down = float((np.arange(height) + 0.5) @ ink.sum(axis=1, dtype=np.int64) / mass)
    right = float((np.arange(width) + 0.5) @ ink.sum(axis=0, dtype=np.int64) / mass)
    top = int(np.clip(np.ceil(CENTRE_PX - down), 0, SIZE_PX - height))
    left = int(np.clip(np.ceil(CENTRE_PX - right), 0, SIZE_PX - width))
    return slice(top, top + height), slice(left, left + width)
