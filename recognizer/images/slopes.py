"""How far writing falls or rises, and how it is put level: turned, or character by character."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.images.components import Components, usual_height
from recognizer.images.paper import FRINGE_GREY
from recognizer.ink import Ink

Matrix = NDArray[np.float64]

MAX_SLOPE_DEGREES = 20
"""Lines of writing are looked for up to this slope in degrees."""
LONG_SHARE, FEW_COMPONENTS = 1.7, 4
"""Fewer components, not so much wider than high, have no slope: they may be one wide digit."""
MIN_FALL_DEGREES, MIN_FEW_FALL_DEGREES, MAX_FALL_DEGREES = 3.0, 9.0, 45.0
"""A line by itself is turned if it falls by so much; one of few components if by the second."""
TALL_SHARE, APART_SHARE, MAX_FALL_COMPONENTS = 0.7, 0.5, 60
"""What tells its fall is so high and so far apart, in usual heights, and no more than these."""
_MAX_SLOPE_POINTS = 4000
_BINS = 96
_SLOPE_PRIOR_DEGREES = 60.0
SHARED_SHARE = 0.5
"""Parts of one character share so much of the narrower one's width."""


def slope(ink: Ink) -> float:
    """How many degrees the lines of writing fall to the right; 0 where that cannot be told.

    The slope at which the ink's projection on the vertical is the most peaked (Postl:
    Detection of linear oblique structures and skew scan in digitized documents, 1986),
    and the lesser slope where two are about equal.
    """
    dark = (ink > FRINGE_GREY).astype(np.uint8)
    _, _, width, height = cv2.boundingRect(dark)
    if width < max(height, 1) or (
        width < LONG_SHARE * height and cv2.connectedComponents(dark)[0] - 1 < FEW_COMPONENTS
    ):
        return 0.0
    points = cv2.findNonZero(dark)
    corners = points.reshape(-1, 2)[:: max(1, len(points) // _MAX_SLOPE_POINTS)]
    # Places within the pixels, so that whole rows are not favoured.
    within = np.random.default_rng(0).random(corners.shape, dtype=np.float32)
    places = np.asarray(corners + within, np.float32)
    coarse = _most_peaked(places, np.arange(-MAX_SLOPE_DEGREES, MAX_SLOPE_DEGREES + 1, 1.0))
    return _most_peaked(places, coarse + np.arange(-1, 1.01, 0.25))


def _most_peaked(points: NDArray[np.float32], angles: NDArray[np.float64]) -> float:
    turns = np.radians(angles).astype(np.float32)
    heights = points[:, 1:] * np.cos(turns) - points[:, :1] * np.sin(turns)
    step = max(float(np.ptp(points[:, 1])) / _BINS, 1.0)
    bins = ((heights - heights.min()) / step).astype(np.intp)
    count = int(bins.max()) + 1
    flat = (bins + count * np.arange(len(angles))).ravel()
    peaks = np.square(np.bincount(flat, minlength=count * len(angles)).reshape(-1, count)).sum(1)
    return float(angles[(peaks * np.cos(turns * (90 / _SLOPE_PRIOR_DEGREES))).argmax()])


def fall_of(found: Components) -> float:
    """How many degrees a line of components falls to the right; 0 if it is about level.

    The median slope between two of them (Theil, 1950; Sen, 1968), so that a few that are higher or
    lower do not count.
    """
    usual = usual_height(found)
    tall = found[found[:, 3] >= TALL_SHARE * usual][:MAX_FALL_COMPONENTS]
    x, y = (tall[:, side] + tall[:, side + 2] / 2 for side in (0, 1))
    one, other = np.triu_indices(len(tall), 1)
    across = x[other] - x[one]
    beside = np.abs(across) >= APART_SHARE * usual
    if not beside.any():
        return 0.0
    slopes = np.degrees(np.arctan((y[other] - y[one])[beside] / across[beside]))
    fall = float(np.median(slopes))
    least = MIN_FALL_DEGREES if len(tall) >= FEW_COMPONENTS else MIN_FEW_FALL_DEGREES
    return fall if least <= abs(fall) <= MAX_FALL_DEGREES else 0.0


def turned_by(ink: Ink, angle: float) -> tuple[Ink, Matrix]:
    """The ink turned upwards on the right by so many degrees, and the map back, (2, 3)."""
    if angle == 0:
        return ink, np.eye(2, 3)
    height, width = ink.shape
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), np.float64)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    size = int(width * cos + height * sin) + 2, int(width * sin + height * cos) + 2
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    turned = cv2.warpAffine(ink, turn, size, flags=cv2.INTER_LINEAR)
    return np.asarray(turned, np.uint8), np.asarray(cv2.invertAffineTransform(turn), np.float64)


class Stairs(NamedTuple):
    """Ink whose characters are side by side, and where they were.

    drops: (height, width), how much lower each pixel of ink was, in pixels; not a number on paper.
    """

    ink: Ink
    drops: NDArray[np.float32]


def put_level(ink: Ink, fall: float) -> Stairs:
    """The characters of a line (height, width) that falls to the right by so many degrees, each as
    it stands. It is not blank."""
    mask = (ink > FRINGE_GREY).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    spans = [(left, left + width) for left, _, width, _, _ in stats[1:].tolist()]
    drops = np.zeros(len(stats), np.int32)
    for group in _characters(spans):
        left, right = min(spans[n][0] for n in group), max(spans[n][1] for n in group)
        drop = round((left + right - ink.shape[1]) / 2 * np.tan(np.radians(fall)))
        drops[[n + 1 for n in group]] = drop
    reach = int(np.abs(drops).max())
    whole = np.zeros((ink.shape[0] + 2 * reach, ink.shape[1]), np.uint8)
    moved = np.full(whole.shape, np.nan, np.float32)
    fringe = np.ones((3, 3), np.uint8)
    for drop in np.unique(drops[1:]).tolist():
        own = (drops[labels] == drop) & (labels > 0)
        part = cv2.dilate(own.astype(np.uint8), fringe) * ink * (own | (labels == 0))
        place = np.s_[reach - drop : reach - drop + ink.shape[0]]
        np.maximum(whole[place], part, out=whole[place])
        moved[place][part > 0] = drop - reach
    rows = np.flatnonzero(whole.max(axis=1))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    return Stairs(whole[top:bottom], moved[top:bottom] + top)


def _characters(spans: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Which parts (left, right) stand above each other, by their numbers."""
    found: list[tuple[int, int, list[int]]] = []
    for number in sorted(range(len(spans)), key=lambda n: sum(spans[n])):
        left, right = spans[number]
        if found:
            start, end, members = found[-1]
            if min(end, right) - max(start, left) >= SHARED_SHARE * min(end - start, right - left):
                found[-1] = min(start, left), max(end, right), [*members, number]
                continue
        found.append((left, right, [number]))
    return [members for _, _, members in found]
