"""Ruled and squared paper: its lines taken away, and the writing across them kept."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Dark = NDArray[np.uint8]
Mask = NDArray[np.uint8]

SMALL = 768
"""Longest side in pixels of the copy in which the lines are looked for."""
LONG = 0.35
"""A ruled line is seen over this share of the picture's shorter side, at least."""
ENOUGH = 1.5
"""Ruled lines together are this many times as long as the picture, at least."""
PARALLEL = 1.5
"""Lines whose directions differ by no more than this many degrees are parallel."""
PIECE = 0.08
"""Length of what is taken away at a time, as a share of the picture's longest side."""
THICKEST = 1 / 100
"""A ruled line is thinner than this share of the picture's longest side."""


def without(dark: Dark, low: float) -> Dark:
    """The picture without ruling.

    dark: (height, width), how dark each pixel is. low: what is darker is ink or ruling.
    """
    mask = np.asarray(dark > low, np.uint8)
    gone = np.zeros_like(mask)
    for angle in _directions(mask):
        gone |= _lines(mask, angle)
    return np.where(gone > 0, np.uint8(0), dark) if gone.any() else dark


def _directions(mask: Mask) -> list[float]:
    """Directions of the ruling in degrees, none, one or two."""
    scale = min(1.0, SMALL / max(mask.shape))
    size = [max(1, round(side * scale)) for side in mask.shape[::-1]]
    small = np.asarray(cv2.resize(mask * 255, size, interpolation=cv2.INTER_AREA) > 60, np.uint8)
    length = LONG * min(size)
    segments = cv2.HoughLinesP(small, 1, np.pi / 720, round(0.5 * length), None, length, 6)
    if segments is None:
        return []
    x0, y0, x1, y1 = segments.reshape(-1, 4).astype(np.float64).T
    angles, lengths = np.degrees(np.arctan2(y1 - y0, x1 - x0)), np.hypot(x1 - x0, y1 - y0)
    found: list[float] = []
    while len(angles):
        near = np.abs((angles[:, None] - angles + 90) % 180 - 90) <= PARALLEL
        votes = near @ lengths
        best = int(votes.argmax())
        if votes[best] < ENOUGH * max(size) or len(found) == 2:
            break
        off = (angles[near[best]] - angles[best] + 90) % 180 - 90
        found.append(float(angles[best] + np.average(off, weights=lengths[near[best]])))
        rest = ~near[best]
        angles, lengths = angles[rest], lengths[rest]
    return found


def _lines(mask: Mask, angle: float) -> Mask:
    """The ruled lines of this direction, without the writing across them."""
    height, width = mask.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = round(width * cos + height * sin), round(width * sin + height * cos)
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    level = np.asarray(cv2.warpAffine(mask, matrix, size, flags=cv2.INTER_NEAREST), np.uint8)
    lines = _level_lines(level, max(mask.shape))
    back = cv2.warpAffine(
        lines, matrix, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    )
    return np.asarray(back, np.uint8)


def _level_lines(mask: Mask, side: int) -> Mask:
    length = max(12, round(PIECE * side))
    # A line may be a little broken, and run over two rows.
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    long = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    long = np.asarray(cv2.dilate(long, np.ones((3, 1), np.uint8)), np.uint8) & mask
    rows = np.count_nonzero(long, axis=0)
    if not rows.any():
        return long
    tallest = max(2, min(round(THICKEST * side), round(1.7 * _thickness(long))))
    upright = np.ones((tallest + 1, 1), np.uint8)
    across = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, upright), np.uint8)
    return long & ~across & np.uint8(1)


def _thickness(lines: Mask) -> float:
    """Median height of the runs of pixels in the columns."""
    edges = np.diff(np.pad(lines, ((1, 1), (0, 0))).T.astype(np.int8), axis=1)
    starts, ends = np.nonzero(edges == 1)[1], np.nonzero(edges == -1)[1]
    return float(np.median(ends - starts))
