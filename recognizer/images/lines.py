"""Pictures to lines of ink: the writing made level, its connected components, and its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, in_lines
from recognizer.images import paper, photos
from recognizer.images.shading import Grey
from recognizer.ink import Ink

Matrix = NDArray[np.float64]
Components = NDArray[np.intp]
"""(n, 5): left, top, width, height and area of connected ink, in pixels."""

READ_SIDE_PX = 2048
"""Pictures are made no larger than this in pixels."""
MAX_SLOPE_DEGREES = 20
"""Lines of writing are looked for up to this slope in degrees."""
LONG_SHARE, FEW_COMPONENTS = 1.7, 4
"""Fewer components, not so much wider than high, have no slope: they may be one wide digit."""
MIN_TURN_DEGREES = 1.5
"""Writing that slopes by less than this many degrees is left as it is."""
CLEAN_SHARE = 0.5
"""A clean picture has so large a share of paper of exactly one grey."""
FRINGE_GREY = 76
"""Fainter ink of 255 is a fringe."""
_MAX_SLOPE_POINTS = 4000
_BINS = 96
_SLOPE_PRIOR_DEGREES = 60.0
BREAK_PENS = 0.75
"""A stroke may be broken over so many widths of the pen."""
LINE_HEIGHT_PX = 48
"""Digits are made no higher than about this, in pixels, before they are cut and read."""
SPECK_SIDE_SHARE = 0.12
"""A component with sides of less than this share of the usual height is dirt."""
DIRT_PENS = 0.7
"""Where dots may be signs, only what has sides of less than so many pens is dirt."""
LOW_SHARE = 0.5
"""What is lower than this share of the usual height joins a line that it is in or beside."""
MIN_HEIGHT_SHARE = 0.25
"""What is lower than this makes no line of its own."""
BESIDE_SHARE = 0.25
"""A part of a digit has its middle at most this share of its line's height beyond the line."""


@dataclass(frozen=True, eq=False)
class Page:
    """What is written in a picture.

    ink: (height, width) uint8; its lines are level. to_picture: (2, 3), the map from
    places on the ink (x, y) to those in the upright picture, in its own pixels.
    """

    ink: Ink
    to_picture: Matrix


def page_of(grey: Grey, size: tuple[int, int], ink: Ink | None = None) -> Page:
    """The page in a grey picture; the ink of a blank one is all 0.

    size: (width, height) that the picture had before it was made smaller. ink: if it is known
    already.
    """
    across, down = size[0] / grey.shape[1], size[1] / grey.shape[0]
    to_picture = np.array([[across, 0, 0], [0, down, 0]])
    return _level(_written(grey) if ink is None else ink, to_picture)


def _written(grey: Grey) -> Ink:
    if max(grey.shape) <= paper.COPY_SIDE_PX:
        return paper.ink_on(grey)
    if int(grey.max()) - int(grey.min()) < paper.MIN_CONTRAST_GREYS:
        return np.zeros_like(grey)
    counts = np.bincount(grey.ravel()[:: max(1, grey.size // 100_000)])
    clean = paper.clean_ink(grey) if counts.max() > CLEAN_SHARE * counts.sum() else None
    return photos.ink_on(grey) if clean is None else clean


def _level(ink: Ink, to_picture: Matrix) -> Page:
    """The page, cut out and turned."""
    box = cv2.boundingRect(ink)
    left, top, width, height = box
    if width == 0:
        return Page(ink, to_picture)
    cut = np.ascontiguousarray(ink[top : top + height, left : left + width])
    angle = slope(cut)
    if abs(angle) < MIN_TURN_DEGREES:
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
    dark = (ink > FRINGE_GREY).astype(np.uint8)
    points = cv2.findNonZero(dark)
    if points is None:
        return 0.0
    corners = points.reshape(-1, 2)[:: max(1, len(points) // _MAX_SLOPE_POINTS)]
    # Places within the pixels, so that whole rows are not favoured.
    within = np.random.default_rng(0).random(corners.shape, dtype=np.float32)
    places = np.asarray(corners + within, np.float32)
    width, height = np.ptp(places, axis=0)
    if width < height or (
        width < LONG_SHARE * height and cv2.connectedComponents(dark)[0] - 1 < FEW_COMPONENTS
    ):
        return 0.0
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


@dataclass(frozen=True, eq=False)
class Component:
    """Connected ink in its rectangle of the line."""

    ink: Ink
    left: int
    top: int

    @property
    def box(self) -> Box:
        """Its rectangle of the line, in pixels."""
        height, width = self.ink.shape
        return Box(self.left, self.top, width, height)


def connected(ink: Ink, pen: float) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Number the connected ink; strokes that a thin line across has broken are connected.

    pen: width of the strokes in pixels. Returns the labels, 0 on paper and 1, 2, … on ink,
    and for each of these its left, top, width, height and area, (n, 5).
    """
    mask = (ink > FRINGE_GREY).astype(np.uint8)
    # Only up and down: digits stand beside each other.
    reach = np.ones((2 * round(BREAK_PENS * pen / 2) + 1, 1), np.uint8)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, reach)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    return np.asarray(labels), np.asarray(stats[1:], np.intp)


def components(ink: Ink, pen: float) -> list[Component]:
    """The connected ink of a line, from left to right by their middles."""
    labels, found = connected(ink, pen)
    order = sorted(range(len(found)), key=lambda n: 2 * found[n, 0] + found[n, 2])
    return [_component(ink, labels, n + 1, *found[n, :4].tolist()) for n in order]


def _component(
    ink: Ink, labels: NDArray[np.int32], number: int, left: int, top: int, width: int, height: int
) -> Component:
    """Connected ink with its faint fringe."""
    left, top, right, bottom = left - 1, top - 1, left + width + 1, top + height + 1
    left, top = max(left, 0), max(top, 0)
    part = np.s_[top:bottom, left:right]
    others = (labels[part] != number) & (labels[part] != 0)
    return Component(np.where(others, np.uint8(0), ink[part]), left, top)


@dataclass(frozen=True, eq=False)
class TextLine:
    """A line of writing.

    ink: (height, width) uint8. height: of its usual digit, in pixels.
    to_picture: (2, 3), the map from places on the ink (x, y) to those in the picture.
    """

    ink: Ink
    height: float
    to_picture: Matrix

    def box_of(self, part: Component) -> Box:
        """Where some of its ink lies, in pixels of the picture."""
        points = cv2.findNonZero((part.ink > FRINGE_GREY).astype(np.uint8)).reshape(-1, 2)
        middles = points + np.array([part.left + 0.5, part.top + 0.5])
        places = middles @ self.to_picture[:, :2].T + self.to_picture[:, 2]
        half = np.abs(self.to_picture[:, :2]).max(axis=1) / 2
        low, high = (places.min(axis=0) - half).tolist(), (places.max(axis=0) + half).tolist()
        return Box.between(*low, *high)


def text_lines(page: Page, dots: bool = False) -> list[TextLine]:
    """The lines of writing on a page, from the top; dots: whether they may be signs, not dirt."""
    pen = _pen_width(page.ink)
    labels, found = connected(page.ink, pen)
    if len(found) == 0:
        return []
    speck = DIRT_PENS * pen if dots else SPECK_SIDE_SHARE * _usual_height(found)
    return [_text_line(page, labels, found[line], line) for line in _lines(found, speck)]


def _pen_width(ink: Ink) -> float:
    """Estimated width of the lines in pixels, quickly: twice their area over their outline."""
    mask = (ink > FRINGE_GREY).astype(np.uint8)
    area = cv2.countNonZero(mask)
    outline = area - cv2.countNonZero(cv2.erode(mask, np.ones((3, 3), np.uint8)))
    return 2 * area / max(outline, 1)


def _lines(found: Components, speck: float) -> list[list[int]]:
    """The numbers of the components in each line, from the top; in none what is below `speck`."""
    usual = _usual_height(found)
    high = np.flatnonzero(found[:, 3] >= LOW_SHARE * usual)
    lines = _numbers_in_lines(found, high)
    spans = [_span(found[line]) for line in lines]
    alone = []
    for number in np.flatnonzero(found[:, 3] < LOW_SHARE * usual):
        _, top, width, height, _ = found[number]
        middle = top + height / 2
        off = [max(above - middle, middle - below) / (below - above) for above, below in spans]
        nearest = int(np.argmin(off))
        if max(width, height) < speck:
            continue
        if off[nearest] <= BESIDE_SHARE:
            lines[nearest].append(int(number))
        elif height >= MIN_HEIGHT_SHARE * usual:
            alone.append(int(number))
    lines += _numbers_in_lines(found, alone)
    return sorted(lines, key=lambda line: float(np.mean(found[line, 1] + found[line, 3] / 2)))


def _numbers_in_lines(found: Components, some: Sequence[int] | NDArray[np.intp]) -> list[list[int]]:
    boxes = [Box(*each[:4]) for each in found[some].tolist()]
    return [[int(some[place]) for place in line] for line in in_lines(boxes)]


def _usual_height(found: Components) -> float:
    """The median, each component counting as much as it has ink."""
    order = np.argsort(found[:, 3])
    ink = np.cumsum(found[order, 4])
    return float(found[order[np.searchsorted(ink, ink[-1] / 2)], 3])


def _span(found: Components) -> tuple[int, int]:
    return int(found[:, 1].min()), int((found[:, 1] + found[:, 3]).max())


def _text_line(
    page: Page, labels: NDArray[np.int32], found: Components, members: list[int]
) -> TextLine:
    left, top = found[:, 0].min(), found[:, 1].min()
    right, bottom = (found[:, :2] + found[:, 2:4]).max(axis=0)
    part = np.s_[top:bottom, left:right]
    chosen = np.zeros(int(labels.max()) + 1, np.uint8)
    chosen[np.add(members, 1)] = 1
    # With the fringe of the components, which is fainter than they are.
    mask = cv2.dilate(chosen[labels[part]], np.ones((3, 3), np.uint8))
    ink = np.where(mask > 0, page.ink[part], np.uint8(0))
    height = _usual_height(found)
    scale = min(1.0, LINE_HEIGHT_PX / height)
    if scale < 1:
        size = [max(1, round(side * scale)) for side in ink.shape[::-1]]
        scaled = np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)
    else:
        scaled = ink
    across, down = (a / b for a, b in zip(ink.shape[::-1], scaled.shape[::-1], strict=True))
    place = page.to_picture @ np.array([[across, 0, left], [0, down, top], [0, 0, 1]])
    return TextLine(scaled, height * scale, np.asarray(place))
