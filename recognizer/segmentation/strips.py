"""A line of ink as the line network sees it: a strip 28 pixels high, digits 20 of them high.

This is the only normalization of lines; what is read and what is learned from pass through it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.glyph import FIT_PX, MENDED_PEN_PX, MIN_PEN_PX, SIZE_PX, pen_width
from recognizer.images.components import usual_height
from recognizer.images.paper import FRINGE_GREY
from recognizer.ink import Ink

MAX_HEIGHT_PX = 26
"""A line of uneven characters is no higher than this in its strip, in pixels."""
MARGIN_PX = SIZE_PX // 2
"""Blank paper before and after the ink, in pixels."""
MAX_WIDTH_PX = 8192
"""A longer line is made narrower; nobody could read it, and it would take long."""
TALL_PENS = 1.8
"""What is lower than so many pens is a bar or a dot, which tells not how high the line is."""


@dataclass(frozen=True, eq=False)
class Strip:
    """A line as the network sees it.

    picture: (28, width) uint8. scale: its pixels for each of the ink's, across and down. left,
    top: where the ink's left top corner lies in the strip, in its pixels.
    """

    picture: NDArray[np.uint8]
    scale: tuple[float, float]
    left: float
    top: float

    def column_of(self, x: float) -> float:
        """Where a place on the ink, in its pixels from the left, lies in the strip."""
        return x * self.scale[0] + self.left

    def ink_x(self, column: float) -> float:
        """Where a place in the strip lies on the ink, in its pixels from the left."""
        return (column - self.left) / self.scale[0]


def strip_of(ink: Ink) -> Strip:
    """The strip of a line of ink (height, width), which is not blank."""
    x, y, width, height = cv2.boundingRect((ink > _fringe(ink)).astype(np.uint8))
    cut = np.ascontiguousarray(ink[y : y + height, x : x + width])
    pen = pen_width(cut)
    usual = _usual_height(cut, pen)
    scale = min(FIT_PX / usual, MAX_HEIGHT_PX / height)
    if pen * scale < MIN_PEN_PX:
        cut = _widened(cut, MENDED_PEN_PX / scale - pen)
    size = (
        int(np.clip(round(width * scale), 1, MAX_WIDTH_PX)),
        int(np.clip(round(height * scale), 1, MAX_HEIGHT_PX)),
    )
    shrinks = size[0] < width
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(cut, size, interpolation=way))
    darkest = max(int(small.max()), 1)
    picture = np.zeros((SIZE_PX, size[0] + 2 * MARGIN_PX), np.uint8)
    top = (SIZE_PX - size[1]) // 2
    picture[top : top + size[1], MARGIN_PX : MARGIN_PX + size[0]] = np.minimum(
        small * (255 / darkest) + 0.5, 255
    )
    across, down = size[0] / width, size[1] / height
    return Strip(picture, (across, down), MARGIN_PX - x * across, top - y * down)


def _fringe(ink: Ink) -> float:
    return FRINGE_GREY / 255 * float(ink.max())


def _usual_height(ink: Ink, pen: float) -> float:
    """The height of the usual character in pixels, each component counting by its ink."""
    mask = (ink > _fringe(ink)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = stats[1:]
    tall = found[found[:, cv2.CC_STAT_HEIGHT] >= TALL_PENS * pen]
    if len(tall) == 0:
        return float(found[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max())
    return usual_height(tall)


def _widened(ink: Ink, more: float) -> Ink:
    """Ink with a pen wider by so many pixels: a hair-thin line survives being made small."""
    side = 2 * max(1, round(more / 2)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.dilate(ink, kernel), np.uint8)
