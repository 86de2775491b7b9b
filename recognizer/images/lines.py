"""Pictures to lines of ink: the writing made level, its connected components, and its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, in_lines
from recognizer.images import Grey, Steps, show
from recognizer.images.components import pen_width, usual_height
from recognizer.images.paper import FRINGE_GREY, ink_on
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
MIN_FALL_DEGREES, MIN_FEW_FALL_DEGREES, MAX_FALL_DEGREES = 3.0, 9.0, 30.0
"""A line by itself is turned if it falls by so much; one of few components if by the second."""
TALL_SHARE, APART_SHARE, MAX_FALL_COMPONENTS = 0.7, 0.5, 60
"""What tells its fall is so high and so far apart, in usual heights, and no more than these."""
_MAX_SLOPE_POINTS = 4000
_BINS = 96
_SLOPE_PRIOR_DEGREES = 60.0
BREAK_PENS, LIFT_PENS = 0.75, 1.5
"""A stroke may be broken over so many widths of the pen; a pen may be lifted over the second."""
MAX_LIFTED_HEIGHTS = 1.6
"""Strokes that the pen was lifted between are no higher together, in usual heights, or in their
width."""
LINE_HEIGHT_PX = 48
"""Digits are made no higher than about this, in pixels, before they are read."""
MIN_PEN_PX = 2.0
"""Where they are made smaller, lines keep so wide a pen."""
MAX_COMPONENTS, MAX_LINES = 2000, 200
"""No more of a page is read: the components and lines from the top."""
LOW_SHARE = 0.5
"""What is lower than this share of the usual height joins a line that it is in or beside."""
MIN_HEIGHT_SHARE = 0.25
"""What is lower than this makes no line of its own."""
BESIDE_SHARE = 0.25
"""A part of a digit has its middle at most this share of its line's height beyond the line."""


def page_of(
    grey: Grey, size: tuple[int, int], ink: Ink | None = None, steps: Steps | None = None
) -> Page:
    """The page in a grey picture; one without lines if it is blank.

    size: (width, height) that the picture had before it was made smaller. ink: if it is known
    already. steps: takes the pictures of the way.
    """
    across, down = size[0] / grey.shape[1], size[1] / grey.shape[0]
    to_picture = np.array([[across, 0, 0], [0, down, 0]])
    show(steps, "grey", grey)
    ink, to_picture = _level(ink_on(grey, steps) if ink is None else ink, to_picture)
    show(steps, "level", ink)
    page = _page(ink, to_picture)
    for number, line in enumerate(page.lines, 1):
        show(steps, f"line {number}", line.ink)
    return page


def _page(ink: Ink, to_picture: Matrix) -> Page:
    labels, found = _characters_connected(ink)
    some = found[:MAX_COMPONENTS]
    lines = _lines(some) if len(some) else []
    texts = [_text_line(ink, to_picture, labels, some[line], line) for line in lines[:MAX_LINES]]
    return Page(tuple(texts), len(found) > MAX_COMPONENTS or len(lines) > MAX_LINES)


def _characters_connected(ink: Ink) -> tuple[NDArray[np.int32], Components]:
    """As `connected`, over lifts of the pen, but not from one line of writing to the next."""
    pen = pen_width(ink > FRINGE_GREY)
    lifted = connected(ink, pen, LIFT_PENS)
    labels, found = connected(ink, pen, 0.0)
    if not _too_high(lifted[1], found).any():
        return lifted
    mended = connected(ink, pen)
    names = np.arange(len(found) + 1)
    # Each is what it belongs to, unless that is too high.
    for larger, whole in (mended, lifted):
        own = np.zeros(len(found) + 1, np.intp)
        own[labels] = larger
        first = np.full(len(whole) + 1, len(names))
        np.minimum.at(first, own, names)
        fits = ~np.concatenate([[True], _too_high(whole, mended[1])])
        names = np.where(fits[own], first[own], names)
    _, numbers = np.unique(names, return_inverse=True)
    return numbers[labels].astype(np.int32), _joined(found, numbers[1:] - 1)


def _too_high(found: Components, parts: Components) -> NDArray[np.bool_]:
    """Which components (n,) are no single character, by what they are made of."""
    if len(parts) == 0:
        return np.zeros(len(found), np.bool_)
    usual = np.maximum(usual_height(parts), found[:, 2])
    return np.asarray(found[:, 3] > MAX_LIFTED_HEIGHTS * usual)


def _joined(parts: Components, numbers: NDArray[np.intp]) -> Components:
    """The components that parts make, by the number of each part's."""
    low = np.full((int(numbers.max()) + 1, 2), np.iinfo(np.intp).max)
    high, area = np.zeros_like(low), np.bincount(numbers, parts[:, 4])
    np.minimum.at(low, numbers, parts[:, :2])
    np.maximum.at(high, numbers, parts[:, :2] + parts[:, 2:4])
    return np.column_stack([low, high - low, area]).astype(np.intp)


def _level(ink: Ink, to_picture: Matrix) -> tuple[Ink, Matrix]:
    """The ink, cut out and turned, and the map from there to the picture."""
    box = cv2.boundingRect(ink)
    left, top, width, height = box
    if width == 0:
        return ink, to_picture
    cut = np.ascontiguousarray(ink[top : top + height, left : left + width])
    angle = slope(cut)
    turned, back = _turned(cut, angle if abs(angle) >= MIN_TURN_DEGREES else 0.0)
    back[:, 2] += left, top
    return turned, _after(to_picture, back)


def _turned(ink: Ink, angle: float) -> tuple[Ink, Matrix]:
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


def connected(
    ink: Ink, pen: float, breaks: float = BREAK_PENS
) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Number the connected ink; strokes that a thin line across has broken are connected.

    pen: width of the strokes in pixels. breaks: how wide a break may be, in pens. Returns the
    labels, 0 on paper and 1, 2, … on ink, and for each of these its left, top, width, height and
    area, (n, 5).
    """
    mask = (ink > FRINGE_GREY).astype(np.uint8)
    # Only up and down: digits stand beside each other.
    reach = np.ones((2 * round(breaks * pen / 2) + 1, 1), np.uint8)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, reach)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    labels *= mask
    stats[:, cv2.CC_STAT_AREA] = np.bincount(labels.ravel(), minlength=len(stats))
    return np.asarray(labels), np.asarray(stats[1:], np.intp)


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


@dataclass(frozen=True, eq=False)
class Page:
    """What is written in a picture.

    lines: from the top. partial: whether there is more, which is left out.
    """

    lines: tuple[TextLine, ...]
    partial: bool = False


def _lines(found: Components) -> list[list[int]]:
    """The numbers of the components in each line, from the top."""
    usual = usual_height(found)
    high = np.flatnonzero(found[:, 3] >= LOW_SHARE * usual)
    lines = _numbers_in_lines(found, high)
    spans = [_span(found[line]) for line in lines]
    alone = []
    for number in np.flatnonzero(found[:, 3] < LOW_SHARE * usual):
        _, top, _, height, _ = found[number]
        middle = top + height / 2
        off = [max(above - middle, middle - below) / (below - above) for above, below in spans]
        nearest = int(np.argmin(off))
        if off[nearest] <= BESIDE_SHARE:
            lines[nearest].append(int(number))
        elif height >= MIN_HEIGHT_SHARE * usual:
            alone.append(int(number))
    lines += _numbers_in_lines(found, alone)
    return sorted(lines, key=lambda line: float(np.mean(found[line, 1] + found[line, 3] / 2)))


def _numbers_in_lines(found: Components, some: Sequence[int] | NDArray[np.intp]) -> list[list[int]]:
    boxes = [Box(*each[:4]) for each in found[some].tolist()]
    return [[int(some[place]) for place in line] for line in in_lines(boxes)]


def _span(found: Components) -> tuple[int, int]:
    return int(found[:, 1].min()), int((found[:, 1] + found[:, 3]).max())


def _text_line(
    page: Ink,
    to_picture: Matrix,
    labels: NDArray[np.int32],
    found: Components,
    members: list[int],
) -> TextLine:
    left, top = found[:, 0].min(), found[:, 1].min()
    right, bottom = (found[:, :2] + found[:, 2:4]).max(axis=0)
    part = np.s_[top:bottom, left:right]
    chosen = np.zeros(int(labels.max()) + 1, np.uint8)
    chosen[np.add(members, 1)] = 1
    # With the fringe of the components, which is fainter than they are.
    mask = cv2.dilate(chosen[labels[part]], np.ones((3, 3), np.uint8))
    angle = _fall(found)
    ink, back = _turned(np.where(mask > 0, page[part], np.uint8(0)), angle)
    back[:, 2] += left, top
    if angle:
        x, y, width, wide = cv2.boundingRect((ink > FRINGE_GREY).astype(np.uint8))
        ink = np.ascontiguousarray(ink[y : y + wide, x : x + width])
        back = _after(back, np.array([[1, 0, x], [0, 1, y]], np.float64))
    height = usual_height(found)
    scale = min(1.0, LINE_HEIGHT_PX / height)
    scaled = ink if scale == 1 else _smaller(ink, scale)
    across, down = (a / b for a, b in zip(ink.shape[::-1], scaled.shape[::-1], strict=True))
    place = _after(_after(to_picture, back), np.array([[across, 0, 0], [0, down, 0]]))
    return TextLine(scaled, height * scale, place)


def _fall(found: Components) -> float:
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


def _smaller(ink: Ink, scale: float) -> Ink:
    """Ink made smaller, but for its pen if that is thin already."""
    missing = MIN_PEN_PX / scale - pen_width(ink > FRINGE_GREY)
    if missing > 1:
        reach = 2 * round(missing / 2) + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        ink = np.asarray(cv2.dilate(ink, disc), np.uint8)
    size = [max(1, round(side * scale)) for side in ink.shape[::-1]]
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)
