"""Pictures of writing to pages: the ink, turned so that its lines are level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.ink import Ink
from recognizer.pictures import loading, paper, photos
from recognizer.pictures.shading import Grey

Matrix = NDArray[np.float64]

LARGEST_SIDE = 2048
"""Pictures are made no larger than this in pixels."""
STEEPEST = 20
"""Lines of writing are looked for up to this slope in degrees."""
LONG, FEW = 1.7, 4
"""Fewer blots that are not so much wider than high have no slope: they may be one wide digit."""
TURNED = 1.5
"""Writing that slopes by less than this many degrees is left as it is."""
CLEAN = 0.5
"""A clean picture has so large a share of paper of exactly one grey."""
LIGHTEST = 76
"""Fainter ink of 255 is a fringe."""
_POINTS = 4000
_BINS = 96
_MOST_SURE = 60.0


@dataclass(frozen=True, eq=False)
class Page:
    """What is written in a picture.

    ink: (height, width) uint8; its lines are level. to_picture: (2, 3), the map from
    places on the ink (x, y) to those in the upright picture, in its own pixels.
    """

    ink: Ink
    to_picture: Matrix


def page_of(image: Any) -> Page:
    """The page in a picture; the ink of a blank one is all 0.

    image: as for `loading.ink_of`, and refused as there.
    """
    grey, (width, height) = loading.grey_of(image, LARGEST_SIDE)
    ink = _written(grey)
    across, down = width / grey.shape[1], height / grey.shape[0]
    return _level(ink, np.array([[across, 0, 0], [0, down, 0]]))


def _written(grey: Grey) -> Ink:
    if max(grey.shape) <= paper.SMALL:
        return paper.ink_on(grey)
    if int(grey.max()) - int(grey.min()) < paper.FAINTEST:
        return np.zeros_like(grey)
    counts = np.bincount(grey.ravel()[:: max(1, grey.size // 100_000)])
    clean = paper.clean_ink(grey) if counts.max() > CLEAN * counts.sum() else None
    return photos.ink_on(grey) if clean is None else clean


def _level(ink: Ink, to_picture: Matrix) -> Page:
    """The page, cut out and turned."""
    box = cv2.boundingRect(ink)
    left, top, width, height = box
    if width == 0:
        return Page(ink, to_picture)
    cut = np.ascontiguousarray(ink[top : top + height, left : left + width])
    angle = slope(cut)
    if abs(angle) < TURNED:
        return Page(cut, _after(to_picture, np.array([[1, 0, left], [0, 1, top]], np.float64)))
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), np.float64)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    size = int(width * cos + height * sin) + 2, int(width * sin + height * cos) + 2
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    turned = cv2.warpAffine(cut, turn, size, flags=cv2.INTER_LINEAR)
    back = np.asarray(cv2.invertAffineTransform(turn), np.float64)
    back[:, 2] += left, top
    return Page(np.asarray(turned, np.uint8), _after(to_picture, back))


def _after(second: Matrix, first: Matrix) -> Matrix:
    """One map after another."""
    return np.asarray(second @ np.vstack([first, (0, 0, 1)]))


def slope(ink: Ink) -> float:
    """How many degrees the lines of writing fall to the right; 0 where that cannot be told.

    The slope at which the ink's projection on the vertical is the most peaked (Postl:
    Detection of linear oblique structures and skew scan in digitized documents, 1986),
    and the lesser slope where two are about equal.
    """
    dark = (ink > LIGHTEST).astype(np.uint8)
    points = cv2.findNonZero(dark)
    if points is None:
        return 0.0
    corners = points.reshape(-1, 2)[:: max(1, len(points) // _POINTS)]
    # Places within the pixels, so that whole rows are not favoured.
    within = np.random.default_rng(0).random(corners.shape, dtype=np.float32)
    places = np.asarray(corners + within, np.float32)
    width, height = np.ptp(places, axis=0)
    if width < height or (width < LONG * height and cv2.connectedComponents(dark)[0] - 1 < FEW):
        return 0.0
    coarse = _most_peaked(places, np.arange(-STEEPEST, STEEPEST + 1, 1.0))
    return _most_peaked(places, coarse + np.arange(-1, 1.01, 0.25))


def _most_peaked(points: NDArray[np.float32], angles: NDArray[np.float64]) -> float:
    turns = np.radians(angles).astype(np.float32)
    heights = points[:, 1:] * np.cos(turns) - points[:, :1] * np.sin(turns)
    step = max(float(np.ptp(points[:, 1])) / _BINS, 1.0)
    bins = ((heights - heights.min()) / step).astype(np.intp)
    count = int(bins.max()) + 1
    flat = (bins + count * np.arange(len(angles))).ravel()
    peaks = np.square(np.bincount(flat, minlength=count * len(angles)).reshape(-1, count)).sum(1)
    return float(angles[(peaks * np.cos(turns * (90 / _MOST_SURE))).argmax()])
