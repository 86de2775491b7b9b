"""Zeros with a slash, as many write them: told by their geometry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recognizer.geometry import Points, evenly
from recognizer.strokes import Stroke

RING_POINTS = 128
"""Points that a stroke is described by, equally far apart."""
MIN_RING_SHARE = 0.15
"""A ring narrower than this share of its length is a bar, and nothing is inside of it."""
INSIDE_RADIUS, MIN_SLASH_REACH = 0.6, 0.35
"""How far the inside of a ring reaches from its middle, and how far a slash reaches to both
sides of it, where 1 is the ring itself."""
SECTORS, MIN_RING_SECTORS = 12, 10
"""A ring has ink outside of its inside in most of these equal sectors."""


def is_slashed_zero(strokes: Sequence[Stroke]) -> bool:
    """Whether a drawing that is known to be a 0 has a slash, a bar or a stroke in its ring.

    The ring is the stroke around the largest area. What is in it is seen as if it were a circle
    of radius 1: then ink crosses the middle of a slashed one, and reaches far to both sides. The
    hook that a plain ring may begin with comes from one side only. A slash may also be drawn
    without lifting the pen. Other characters, such as an 8, have ink there too.
    """
    lines = [evenly(stroke.points, RING_POINTS) for stroke in strokes]
    ring = max(range(len(lines)), key=lambda number: _area(lines[number]))
    middle = lines[ring].mean(axis=0)
    spread, axes = np.linalg.eigh(np.cov((lines[ring] - middle).T))
    if spread[0] <= MIN_RING_SHARE**2 * spread[1]:
        return False
    # Of a circle of radius 1, the variance along each axis is 1/2.
    round_lines = [(line - middle) @ axes / np.sqrt(2 * spread) for line in lines]
    return _is_closed(round_lines[ring]) and _crosses(np.concatenate(round_lines))


def _area(line: Points) -> float:
    """The area that a line encloses, its ends joined."""
    x, y = (line - line[0]).T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def _is_closed(ring: Points) -> bool:
    outside = ring[np.hypot(*ring.T) > INSIDE_RADIUS]
    turns = np.arctan2(outside[:, 1], outside[:, 0]) / (2 * np.pi) % 1
    return len(np.unique((turns * SECTORS).astype(np.intp))) >= MIN_RING_SECTORS


def _crosses(points: Points) -> bool:
    inside = points[np.hypot(*points.T) < INSIDE_RADIUS]
    if not len(inside):
        return False
    along = inside @ np.linalg.eigh(inside.T @ inside)[1][:, 1]
    return bool(min(-along.min(), along.max()) > MIN_SLASH_REACH)
