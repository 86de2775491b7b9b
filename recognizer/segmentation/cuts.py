"""Where touching digits may be cut apart, and the segments between the cuts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, union
from recognizer.images.lines import FRINGE_GREY, Component
from recognizer.ink import Ink

Floats = NDArray[np.float32]
Columns = NDArray[np.intp]

INKED_SHARE = 0.3
"""A pixel with this share of ink belongs to a line."""
CUT_LEVELS = (0.25, 0.5, 0.75)
"""Heights at which the cheapest ways through are looked for."""
MIN_INK_BETWEEN = 0.12
"""Two cuts have so much ink between them, in squares of a digit's height times the pen."""
BLANK_PRICE, ASIDE_PRICE, HOLE_PRICE = 0.01, 0.01, 0.3
"""Of a blank pixel on a path, of a step aside, and of a pixel in a hole; a full one costs 1."""
MIN_PRICE_STEP = 0.02
"""Prices that differ by less are equal."""
_JOINT_SIDE_PENS = 2.5
"""Side of the square about a cut in which ink is counted, in pens."""


@dataclass(frozen=True, eq=False)
class Cut:
    """A way to cut.

    path: (height,), the first column to the right of the cut, in each row.
    length: how much ink it cuts through, in pixels.
    joint: how much thicker the ink about it is than a plain line's, over the cut, in pixels.
    """

    path: Columns
    length: float
    joint: float
    price: float


def cuts(ink: Ink, pen: float) -> list[Cut]:
    """Cuts through connected ink that may separate two digits, from left to right.

    ink: (height, width) uint8. pen: width of the line in pixels.

    A cut is the path that goes through the least ink, pixel by pixel from row to row, as
    the seams of Avidan, Shamir: Seam carving for content-aware image resizing (2007).
    """
    dark = np.asarray(ink / np.float32(255), np.float32)
    above, below = _cheapest(dark), _cheapest(dark[::-1])[::-1]
    through = above + below - dark - np.float32(BLANK_PRICE)
    price_of = _Pricing(dark, pen)
    found = [
        price_of(_traced(above, below, row, column))
        for row in {round(level * (len(dark) - 1)) for level in CUT_LEVELS}
        for column in _valleys(through[row])
    ]
    kept = _distinct(sorted(found, key=lambda cut: cut.price), dark, pen)
    if not kept:
        return []
    # Where two cuts cross, they change places, so that none lies left of the one before.
    ordered = sorted((cut.path for cut in kept), key=lambda path: float(path.mean()))
    return [price_of(path) for path in np.maximum.accumulate(ordered, axis=0)]


def _cheapest(dark: Floats) -> Floats:
    """The price of the cheapest path from the top to each pixel."""
    costs = dark + np.float32(BLANK_PRICE)
    edge = np.full(dark.shape[1] + 2, np.inf, np.float32)
    for row in range(1, len(costs)):
        edge[1:-1] = costs[row - 1]
        costs[row] += np.minimum(
            edge[1:-1], np.minimum(edge[:-2], edge[2:]) + np.float32(ASIDE_PRICE)
        )
    return costs


def _valleys(prices: Floats) -> list[int]:
    """Columns that are cheaper than those beside them; the middle of several equal ones."""
    starts = np.flatnonzero(np.abs(np.diff(prices, prepend=np.inf)) >= MIN_PRICE_STEP)
    levels = prices[starts]
    ends = np.append(starts[1:], len(prices))
    inner = np.arange(1, len(starts) - 1)
    lower = (levels[inner] <= levels[inner - 1]) & (levels[inner] <= levels[inner + 1])
    return [int((starts[i] + ends[i] - 1) // 2) for i in inner[lower]]


def _traced(above: Floats, below: Floats, row: int, column: int) -> Columns:
    """The cheapest path through a pixel."""
    path = np.empty(len(above), np.intp)
    path[row] = column
    for rows, prices in ((range(row - 1, -1, -1), above), (range(row + 1, len(above)), below)):
        at = column
        for y in rows:
            near = prices[y]
            best, price = at, near[at]
            for other in (at - 1, at + 1):
                if 0 <= other < len(near) and near[other] + ASIDE_PRICE < price:
                    best, price = other, near[other] + ASIDE_PRICE
            path[y] = at = best
    return path


class _Pricing:
    """What a cut through this ink costs."""

    def __init__(self, dark: Floats, pen: float) -> None:
        self._dark = dark
        blank = np.pad((dark <= INKED_SHARE).astype(np.uint8), 1, constant_values=1)
        _, regions = cv2.connectedComponents(blank, connectivity=4)
        self._holes = ((regions > 0) & (regions != regions[0, 0]))[1:-1, 1:-1]
        side = 2 * round(_JOINT_SIDE_PENS * pen / 2) + 1
        self._thickness = cv2.blur(dark, (side, side)) * (side / pen) - 1
        self._rows = np.arange(len(dark))

    def __call__(self, path: Columns) -> Cut:
        along = self._dark[self._rows, path]
        length = float(along.sum())
        joint = float(self._thickness[self._rows, path][along > INKED_SHARE].sum())
        # A hole is rather a digit's own than one between two digits.
        holes = float(self._holes[self._rows, path].sum())
        return Cut(path, length, joint, length + HOLE_PRICE * holes)


def _distinct(cuts: list[Cut], dark: Floats, pen: float) -> list[Cut]:
    """The cheaper ones of those that separate the ink alike."""
    rows = np.arange(len(dark))
    left_of = np.pad(np.cumsum(dark, axis=1), ((0, 0), (1, 0)))
    kept: list[tuple[Cut, Floats]] = []
    for cut in cuts:
        left = left_of[rows, cut.path]
        if all(np.abs(left - other).sum() > MIN_INK_BETWEEN * pen * len(dark) for _, other in kept):
            kept.append((cut, left))
    return [cut for cut, _ in kept]


@dataclass(frozen=True, eq=False)
class Segment:
    """The ink of a component between two cuts; None for the component's own end."""

    component: Component
    box: Box
    begin: Cut | None
    end: Cut | None


def segments(component: Component, cuts: Sequence[Cut]) -> list[Segment]:
    """The parts of connected ink between cuts, from left to right."""
    ink = component.ink
    columns = np.arange(ink.shape[1])
    side = sum((columns >= cut.path[:, None] for cut in cuts), np.zeros(ink.shape, np.intp))
    boxes = [_box_of((side == n) & (ink > FRINGE_GREY)) for n in range(len(cuts) + 1)]
    inked = [(n, box) for n, box in enumerate(boxes) if box is not None]
    # Between two parts with ink lies the first cut after the left one.
    ends = [None, *(cuts[n] for n, _ in inked[:-1]), None]
    return [
        Segment(component, box.moved(component.left, component.top), begin, end)
        for (_, box), begin, end in zip(inked, ends[:-1], ends[1:], strict=True)
    ]


def _box_of(mask: NDArray[np.bool_]) -> Box | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) == 0:
        return None
    return Box.between(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def ink_of(run: Sequence[Segment], growth: float) -> Component:
    """The ink of segments that follow each other, as a component of its own.

    growth: how far beyond its cuts their ink reaches, in pixels.
    """
    whole = list(dict.fromkeys(part.component for part in run))
    left, top, width, height = map(int, union(component.box for component in whole))
    ink = np.zeros((height, width), np.uint8)
    for component in whole:
        parts = [part for part in run if part.component is component]
        cut = _between(component.ink, parts[0].begin, parts[-1].end, growth)
        x, y = component.left - left, component.top - top
        place = ink[y : y + cut.shape[0], x : x + cut.shape[1]]
        np.maximum(place, cut, out=place)
    return Component(ink, left, top)


def _between(ink: Ink, begin: Cut | None, end: Cut | None, growth: float) -> Ink:
    columns = np.arange(ink.shape[1])
    kept = np.ones(ink.shape, bool)
    if begin is not None:
        kept &= columns >= begin.path[:, None] - growth
    if end is not None:
        kept &= columns < end.path[:, None] + growth
    return np.where(kept, ink, np.uint8(0))
