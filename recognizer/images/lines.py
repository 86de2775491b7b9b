"""Pictures to lines of ink: the writing made level, its connected components, and its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, in_lines
from recognizer.images import Grey, Steps, show
from recognizer.images.components import Components, pen_width, usual_height
from recognizer.images.paper import FRINGE_GREY, written_on
from recognizer.images.ruling import Written
from recognizer.images.slopes import Matrix, fall_of, put_level, slope, turned_by
from recognizer.ink import Ink

READ_SIDE_PX = 2048
"""Pictures are made no larger than this in pixels."""
MAX_STEP_HEIGHTS, STAIRS_GAPS = 1.2, (-0.3, 1.0)
"""Characters that are so much higher or lower than the one before, and so far beside it, in usual
heights, are stairs."""
MIN_STAIRS_DEGREES = 5.0
"""Characters of a line that falls by so much may stand upright."""
MIN_TURN_DEGREES = 1.5
"""Writing that slopes by less than this many degrees is left as it is."""
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
    written = written_on(grey, steps) if ink is None else Written(ink)
    level, to_written, angle = _level(written.ink)
    show(steps, "level", level)
    page = _page(level, _after(to_picture, to_written))
    if len(page.lines) == 1:
        stairs = _or_stairs(page.lines[0], written.ink, to_picture, angle)
        page = replace(page, lines=(stairs,))
    for number, line in enumerate(page.lines, 1):
        show(steps, f"line {number}", line.ink)
    return replace(page, is_doubtful=written.is_doubtful)


def _page(ink: Ink, to_picture: Matrix) -> Page:
    labels, found = _characters_connected(ink)
    some = found[:MAX_COMPONENTS]
    lines = _lines(some) if len(some) else []
    texts = [_text_line(ink, to_picture, labels, some[line], line) for line in lines[:MAX_LINES]]
    return Page(tuple(texts), len(found) > MAX_COMPONENTS or len(lines) > MAX_LINES)


def _characters_connected(ink: Ink) -> tuple[NDArray[np.int32], Components]:
    """As `connected`, over lifts of the pen, but not from one line of writing to the next."""
    pen = pen_width(ink > FRINGE_GREY)
    labels, found = connected(ink, pen, 0.0)
    if len(found) < 2:
        return labels, found
    lifted = connected(ink, pen, LIFT_PENS)
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


def _level(ink: Ink) -> tuple[Ink, Matrix, float]:
    """The ink, cut out and turned, the map from there back, and by how many degrees."""
    left, top, width, height = cv2.boundingRect(ink)
    if width == 0:
        return ink, np.eye(2, 3), 0.0
    cut = np.ascontiguousarray(ink[top : top + height, left : left + width])
    angle = slope(cut)
    if abs(angle) < MIN_TURN_DEGREES:
        angle = 0.0
    turned, back = turned_by(cut, angle)
    back[:, 2] += left, top
    return turned, back, angle


def _or_stairs(line: TextLine, ink: Ink, to_picture: Matrix, angle: float) -> TextLine:
    """A line by itself, and what it is if its characters stand upright though it falls.

    ink: of the picture, in which it falls by so many degrees more than the line tells.
    """
    fall = angle + line.fall
    if abs(fall) < MIN_STAIRS_DEGREES:
        return line
    left, top, width, height = cv2.boundingRect(ink)
    stairs = put_level(ink[top : top + height, left : left + width], fall)
    back = _after(to_picture, np.array([[1, 0, left], [0, 1, top]], np.float64))
    mask = (stairs.ink > FRINGE_GREY).astype(np.uint8)
    _, _, found, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    upright = _scaled(stairs.ink, usual_height(found[1:]), back)
    size, scale = upright.ink.shape[::-1], upright.ink.shape[0] / stairs.ink.shape[0]
    drops = cv2.resize(stairs.drops * scale, size, interpolation=cv2.INTER_NEAREST)
    return replace(line, upright=replace(upright, drops=np.asarray(drops, np.float32)))


def _after(second: Matrix, first: Matrix) -> Matrix:
    """One map after another."""
    return np.asarray(second @ np.vstack([first, (0, 0, 1)]))


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
    to_picture: (2, 3), the map from places on the ink (x, y) to those in the picture; before that,
    ink goes down by its drops, (height, width), in pixels, where it was put level.
    fall: by how many degrees it fell more than the page. upright: the line as it is if it falls
    though its characters stand upright.
    """

    ink: Ink
    height: float
    to_picture: Matrix
    drops: NDArray[np.float32] | None = None
    fall: float = 0.0
    upright: TextLine | None = None

    def box_of(self, part: Component) -> Box:
        """Where some of its ink lies, in pixels of the picture."""
        points = cv2.findNonZero((part.ink > FRINGE_GREY).astype(np.uint8)).reshape(-1, 2)
        middles = points + np.array([part.left + 0.5, part.top + 0.5])
        if self.drops is not None:
            x, y = (points + np.array([part.left, part.top])).T
            middles[:, 1] += np.nan_to_num(np.nanmedian(self.drops[y, x]))
        places = middles @ self.to_picture[:, :2].T + self.to_picture[:, 2]
        half = np.abs(self.to_picture[:, :2]).max(axis=1) / 2
        low, high = (places.min(axis=0) - half).tolist(), (places.max(axis=0) + half).tolist()
        return Box.between(*low, *high)


@dataclass(frozen=True, eq=False)
class Page:
    """What is written in a picture.

    lines: from the top. partial: whether there is more, which is left out. is_doubtful: whether
    what was taken away as printed may have been written.
    """

    lines: tuple[TextLine, ...]
    partial: bool = False
    is_doubtful: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether its lines are for sure all that is written."""
        return not self.partial and not self.is_doubtful


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
    if _is_one_line(found[high], usual):
        return [list(chain.from_iterable(lines))]
    return sorted(lines, key=lambda line: float(np.mean(found[line, 1] + found[line, 3] / 2)))


def _is_one_line(found: Components, usual: float) -> bool:
    """Whether components go down, or up, one after the other like stairs."""
    left, top, width, height, _ = found[np.argsort(2 * found[:, 0] + found[:, 2])].T
    apart = left[1:] - (left + width)[:-1]
    steps = np.diff(top + height / 2)
    low, high = np.multiply(STAIRS_GAPS, usual)
    is_beside = ((low <= apart) & (apart <= high)).all()
    is_steady = (steps > 0).all() or (steps < 0).all()
    return bool(is_beside and is_steady and (np.abs(steps) <= MAX_STEP_HEIGHTS * usual).all())


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
    angle = fall_of(found)
    ink, back = turned_by(np.where(mask > 0, page[part], np.uint8(0)), angle)
    back[:, 2] += left, top
    if angle:
        x, y, width, wide = cv2.boundingRect((ink > FRINGE_GREY).astype(np.uint8))
        ink = np.ascontiguousarray(ink[y : y + wide, x : x + width])
        back = _after(back, np.array([[1, 0, x], [0, 1, y]], np.float64))
    line = _scaled(ink, usual_height(found), _after(to_picture, back))
    return replace(line, fall=angle)


def _scaled(ink: Ink, height: float, to_picture: Matrix) -> TextLine:
    """The line of an ink whose usual digit is so high."""
    scale = min(1.0, LINE_HEIGHT_PX / height)
    scaled = ink if scale == 1 else _smaller(ink, scale)
    across, down = (a / b for a, b in zip(ink.shape[::-1], scaled.shape[::-1], strict=True))
    place = _after(to_picture, np.array([[across, 0, 0], [0, down, 0]]))
    return TextLine(scaled, height * scale, place)


def _smaller(ink: Ink, scale: float) -> Ink:
    """Ink made smaller, but for its pen if that is thin already."""
    missing = MIN_PEN_PX / scale - pen_width(ink > FRINGE_GREY)
    if missing > 1:
        reach = 2 * round(missing / 2) + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        ink = np.asarray(cv2.dilate(ink, disc), np.uint8)
    size = [max(1, round(side * scale)) for side in ink.shape[::-1]]
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)
