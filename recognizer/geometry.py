"""Where something lies: boxes, for the whole house, planes on planes, and lines of boxes."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""(n, 2): x and y, y downwards."""

SAME_LINE_SHARE = 0.4
"""Neighbours stand on one line if they share this much of the lower one's height."""
WORD_GAP_HEIGHTS = 2.5
"""Characters that are so many heights of the tallest on their line apart are in two words."""
CLOSE_WORD_GAP_HEIGHTS, WORD_GAP_RATIO = 0.5, 2.6
"""Of more than two, if they are so far apart, and so many times as far as the usual two are."""
USUAL_GAP_HEIGHTS = 0.1
"""The usual gap counts as so wide at least."""


class Box(NamedTuple):
    """A rectangle: its left top corner, its width and its height, y downwards."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def between(cls, left: float, top: float, right: float, bottom: float) -> Box:
        """The box with these edges."""
        return cls(left, top, right - left, bottom - top)

    @classmethod
    def around(cls, points: Points) -> Box:
        """The smallest box that holds points (n, 2), n >= 1."""
        low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        return cls.between(*low, *high)

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def corner(self) -> tuple[float, float]:
        """The left top one."""
        return self.x, self.y

    @property
    def size(self) -> tuple[float, float]:
        """Its width and its height."""
        return self.width, self.height

    @property
    def side(self) -> float:
        """The longer one."""
        return max(self.width, self.height)

    @property
    def middle(self) -> tuple[float, float]:
        """The point (x, y) in its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, right: float, down: float) -> Box:
        """The same box elsewhere."""
        return Box(self.x + right, self.y + down, self.width, self.height)

    def grown(self, by: float) -> Box:
        """A box that reaches further on every side."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def meets(self, other: Box) -> bool:
        """Whether another box shares a point with it."""
        across = self.x <= other.right and other.x <= self.right
        return across and self.y <= other.bottom and other.y <= self.bottom

    def holds(self, other: Box) -> bool:
        """Whether another box lies inside, its edges included."""
        across = self.x <= other.x and other.right <= self.right
        return across and self.y <= other.y and other.bottom <= self.bottom


def nearest(some: Points, others: Points) -> float:
    """The distance of the two points (n, 2) and (m, 2) that are next to each other."""
    x, y = (some[:, None, :] - others[None, :, :]).transpose(2, 0, 1)
    return math.sqrt(float((x * x + y * y).min()))


def evenly(points: Points, count: int) -> Points:
    """The line through points (n, 2), n >= 1, by so many points that are equally far apart."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    places = np.linspace(0, along[-1], count)
    return np.stack([np.interp(places, along, axis) for axis in points.T], axis=1)


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all boxes. Raises ValueError if there is none."""
    boxes = list(boxes)
    if not boxes:
        raise ValueError("there must be at least one box")
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box.between(left, top, max(b.right for b in boxes), max(b.bottom for b in boxes))


class View(NamedTuple):
    """How one plane lies on another, such as a sketch on the screen: its scale and its origin."""

    scale: float
    left: float
    top: float

    def inwards(self, position: tuple[float, float]) -> tuple[float, float]:
        """From the outer plane, such as pixels of the window, to the inner one."""
        return (position[0] - self.left) / self.scale, (position[1] - self.top) / self.scale

    def outwards(self, position: tuple[float, float]) -> tuple[float, float]:
        """From the inner plane to the outer one."""
        return position[0] * self.scale + self.left, position[1] * self.scale + self.top

    def box_inwards(self, box: Box) -> Box:
        """A box of the outer plane in the inner one."""
        return Box(*self.inwards(box.corner), box.width / self.scale, box.height / self.scale)

    def box_outwards(self, box: Box) -> Box:
        """A box of the inner plane in the outer one."""
        return Box(*self.outwards(box.corner), box.width * self.scale, box.height * self.scale)


def in_lines(boxes: Sequence[Box], low: Collection[int] = ()) -> list[list[int]]:
    """Put characters into lines of writing, which may be slanted.

    low: numbers of those that are so low, as a minus or a comma, that they need not stand beside
    another's height; they belong to the line that is next to them. Returns the numbers of the
    boxes from left to right, line by line from the top.
    """
    found: list[list[int]] = []
    from_left = sorted(range(len(boxes)), key=lambda n: boxes[n].middle[0])
    tall = [number for number in from_left if number not in low] or from_left
    heights = [(box.y, box.bottom, box.height) for box in boxes]
    for number in tall:
        shares = [_shared_height(heights[line[-1]], heights[number]) for line in found]
        if shares and max(shares) >= SAME_LINE_SHARE:
            found[shares.index(max(shares))].append(number)
        else:
            found.append([number])
    standing = [(line, [boxes[number] for number in line]) for line in found]
    for number in set(from_left).difference(tall):
        line, _ = min(standing, key=lambda each: _distance(boxes[number], each[1]))
        insort(line, number, key=lambda n: boxes[n].middle[0])
    return sorted(found, key=lambda line: sum(boxes[n].middle[1] for n in line) / len(line))


def _distance(box: Box, line: Sequence[Box]) -> float:
    """How far the middle of a box lies above or below its nearest neighbour on a line."""
    x, y = box.middle
    beside = min(line, key=lambda other: abs(other.middle[0] - x))
    return max(beside.y - y, y - beside.bottom, 0.0)


def _shared_height(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    """How much of the lower one's height lies beside the other; of top, bottom and height each."""
    lower = a[2] if a[2] < b[2] else b[2]
    shared = (a[1] if a[1] < b[1] else b[1]) - (a[0] if a[0] > b[0] else b[0])
    return shared / lower if lower > 0 else float(shared >= 0)


def distance_to_segment(points: Points, start: Points, end: Points) -> NDArray[np.float64]:
    """Distance of each of the points (n, 2) from the segment between two points."""
    direction = end - start
    squared = float(direction @ direction)
    offset = points - start
    along = np.clip(offset @ direction / squared, 0, 1) if squared else np.zeros(len(points))
    nearest = offset - along[:, None] * direction
    return np.hypot(nearest[:, 0], nearest[:, 1])


def spaces(boxes: Sequence[Box]) -> list[bool]:
    """Whether two words part after each character of a line but the last; boxes: of them all."""
    height = max(box.height for box in boxes)
    ends = np.maximum.accumulate([box.right for box in boxes])
    gaps = np.array([box.x for box in boxes[1:]]) - ends[:-1]
    room = WORD_GAP_HEIGHTS * height
    if len(gaps) > 1:
        usual = max(float(np.median(gaps)), USUAL_GAP_HEIGHTS * height)
        room = min(room, max(WORD_GAP_RATIO * usual, CLOSE_WORD_GAP_HEIGHTS * height))
    return [bool(gap >= room) for gap in gaps]
