"""Lines of writing on a page: which blots are digits, and which of them stand in a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer import layout
from recognizer.ink import Ink
from recognizer.pictures.pages import LIGHTEST, Matrix, Page
from recognizer.pictures.slices import Blot, connected

HEIGHT = 48
"""Digits are made no higher than about this, in pixels, before they are cut and read."""
SPECK = 0.12
"""A blot with sides of less than this share of the usual height is dirt."""
LOW = 0.5
"""What is lower than this share of the usual height joins a line that it is in or beside."""
LOWEST = 0.25
"""What is lower than this makes no line of its own."""
BESIDE = 0.25
"""A part of a digit has its middle at most this share of its line's height beyond the line."""

Blots = NDArray[np.intp]
"""(n, 5): left, top, width, height and area of connected ink, in pixels."""


@dataclass(frozen=True, eq=False)
class Row:
    """A line of writing.

    ink: (height, width) uint8. height: of its usual digit, in pixels.
    to_picture: (2, 3), the map from places on the ink (x, y) to those in the picture.
    """

    ink: Ink
    height: float
    to_picture: Matrix

    def box_of(self, blot: Blot) -> tuple[float, float, float, float]:
        """Left, top, width and height of some of its ink, in pixels of the picture."""
        points = cv2.findNonZero((blot.ink > LIGHTEST).astype(np.uint8)).reshape(-1, 2)
        middles = points + np.array([blot.left + 0.5, blot.top + 0.5])
        places = middles @ self.to_picture[:, :2].T + self.to_picture[:, 2]
        half = np.abs(self.to_picture[:, :2]).max(axis=1) / 2
        (left, top), (right, bottom) = places.min(axis=0) - half, places.max(axis=0) + half
        return float(left), float(top), float(right - left), float(bottom - top)


def rows(page: Page) -> list[Row]:
    """The lines of writing on a page, from the top."""
    labels, blots = connected(page.ink, _pen_width(page.ink))
    if len(blots) == 0:
        return []
    return [_row(page, labels, blots[line], line) for line in _lines(blots)]


def _pen_width(ink: Ink) -> float:
    """Estimated width of the lines in pixels, quickly: twice their area over their outline."""
    mask = (ink > LIGHTEST).astype(np.uint8)
    area = cv2.countNonZero(mask)
    outline = area - cv2.countNonZero(cv2.erode(mask, np.ones((3, 3), np.uint8)))
    return 2 * area / max(outline, 1)


def _lines(blots: Blots) -> list[list[int]]:
    """The numbers of the blots in each line, from the top; specks are in none."""
    usual = _usual_height(blots)
    high = np.flatnonzero(blots[:, 3] >= LOW * usual)
    lines = _in_lines(blots, high)
    spans = [_span(blots[line]) for line in lines]
    alone = []
    for number in np.flatnonzero(blots[:, 3] < LOW * usual):
        _, top, width, height, _ = blots[number]
        middle = top + height / 2
        off = [max(above - middle, middle - below) / (below - above) for above, below in spans]
        nearest = int(np.argmin(off))
        if max(width, height) < SPECK * usual:
            continue
        if off[nearest] <= BESIDE:
            lines[nearest].append(int(number))
        elif height >= LOWEST * usual:
            alone.append(int(number))
    lines += _in_lines(blots, alone)
    return sorted(lines, key=lambda line: float(np.mean(blots[line, 1] + blots[line, 3] / 2)))


def _in_lines(blots: Blots, some: Sequence[int] | NDArray[np.intp]) -> list[list[int]]:
    areas = [(float(x), float(y), float(w), float(h)) for x, y, w, h, _ in blots[some]]
    return [[int(some[place]) for place in line] for line in layout.lines(areas)]


def _usual_height(blots: Blots) -> float:
    """The median, each blot counting as much as it has ink."""
    order = np.argsort(blots[:, 3])
    ink = np.cumsum(blots[order, 4])
    return float(blots[order[np.searchsorted(ink, ink[-1] / 2)], 3])


def _span(blots: Blots) -> tuple[int, int]:
    return int(blots[:, 1].min()), int((blots[:, 1] + blots[:, 3]).max())


def _row(page: Page, labels: NDArray[np.int32], blots: Blots, members: list[int]) -> Row:
    left, top = blots[:, 0].min(), blots[:, 1].min()
    right, bottom = (blots[:, :2] + blots[:, 2:4]).max(axis=0)
    part = np.s_[top:bottom, left:right]
    chosen = np.zeros(int(labels.max()) + 1, np.uint8)
    chosen[np.add(members, 1)] = 1
    # With the fringe of the blots, which is fainter than they are.
    mask = cv2.dilate(chosen[labels[part]], np.ones((3, 3), np.uint8))
    ink = np.where(mask > 0, page.ink[part], np.uint8(0))
    height = _usual_height(blots)
    scale = min(1.0, HEIGHT / height)
    if scale < 1:
        size = [max(1, round(side * scale)) for side in ink.shape[::-1]]
        scaled = np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)
    else:
        scaled = ink
    across, down = (a / b for a, b in zip(ink.shape[::-1], scaled.shape[::-1], strict=True))
    place = page.to_picture @ np.array([[across, 0, left], [0, down, top], [0, 0, 1]])
    return Row(scaled, height * scale, np.asarray(place))
