"""A line of writing in slices: blots, and the parts of those that may be several digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.ink import Ink
from recognizer.pictures.cuts import Cut
from recognizer.pictures.pages import LIGHTEST

BREAK = 0.75
"""A stroke may be broken over so many widths of the pen."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels of the line."""


@dataclass(frozen=True, eq=False)
class Blot:
    """Connected ink in its rectangle of the line."""

    ink: Ink
    left: int
    top: int

    @property
    def box(self) -> Box:
        height, width = self.ink.shape
        return self.left, self.top, self.left + width, self.top + height


@dataclass(frozen=True, eq=False)
class Slice:
    """The ink of a blot between two cuts; None for the blot's own end."""

    blot: Blot
    box: Box
    begin: Cut | None
    end: Cut | None


def connected(ink: Ink, pen: float) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Number the connected ink; strokes that a thin line across has broken are connected.

    pen: width of the strokes in pixels. Returns the labels, 0 on paper and 1, 2, … on ink,
    and for each of these its left, top, width, height and area, (n, 5).
    """
    mask = (ink > LIGHTEST).astype(np.uint8)
    # Only up and down: digits stand beside each other.
    reach = np.ones((2 * round(BREAK * pen / 2) + 1, 1), np.uint8)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, reach)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    return np.asarray(labels), np.asarray(stats[1:], np.intp)


def blots(ink: Ink, pen: float) -> list[Blot]:
    """The connected ink of a line, from left to right by their middles."""
    labels, found = connected(ink, pen)
    order = sorted(range(len(found)), key=lambda n: 2 * found[n, 0] + found[n, 2])
    return [_blot(ink, labels, n + 1, *found[n, :4].tolist()) for n in order]


def _blot(
    ink: Ink, labels: NDArray[np.int32], number: int, left: int, top: int, width: int, height: int
) -> Blot:
    """A blot with its faint fringe."""
    left, top, right, bottom = left - 1, top - 1, left + width + 1, top + height + 1
    left, top = max(left, 0), max(top, 0)
    part = np.s_[top:bottom, left:right]
    others = (labels[part] != number) & (labels[part] != 0)
    return Blot(np.where(others, np.uint8(0), ink[part]), left, top)


def slices(blot: Blot, cuts: Sequence[Cut]) -> list[Slice]:
    """The parts of a blot between cuts, from left to right."""
    columns = np.arange(blot.ink.shape[1])
    side = sum((columns >= cut.path[:, None] for cut in cuts), np.zeros(blot.ink.shape, np.intp))
    boxes = [_box((side == n) & (blot.ink > LIGHTEST)) for n in range(len(cuts) + 1)]
    inked = [(n, box) for n, box in enumerate(boxes) if box is not None]
    # Between two parts with ink lies the first cut after the left one.
    ends = [None, *(cuts[n] for n, _ in inked[:-1]), None]
    return [
        Slice(blot, _moved(box, blot.left, blot.top), begin, end)
        for (_, box), begin, end in zip(inked, ends[:-1], ends[1:], strict=True)
    ]


def _moved(box: Box, right: int, down: int) -> Box:
    return box[0] + right, box[1] + down, box[2] + right, box[3] + down


def _box(mask: NDArray[np.bool_]) -> Box | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) == 0:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def ink_of(run: Sequence[Slice], growth: float) -> Blot:
    """The ink of slices that follow each other, as a blot of its own.

    growth: how far beyond its cuts their ink reaches, in pixels.
    """
    whole = list(dict.fromkeys(part.blot for part in run))
    boxes = [blot.box for blot in whole]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    ink = np.zeros((bottom - top, right - left), np.uint8)
    for blot in whole:
        parts = [part for part in run if part.blot is blot]
        cut = _between(blot.ink, parts[0].begin, parts[-1].end, growth)
        x, y = blot.left - left, blot.top - top
        place = ink[y : y + cut.shape[0], x : x + cut.shape[1]]
        np.maximum(place, cut, out=place)
    return Blot(ink, left, top)


def _between(ink: Ink, begin: Cut | None, end: Cut | None, growth: float) -> Ink:
    columns = np.arange(ink.shape[1])
    kept = np.ones(ink.shape, bool)
    if begin is not None:
        kept &= columns >= begin.path[:, None] - growth
    if end is not None:
        kept &= columns < end.path[:, None] + growth
    return np.where(kept, ink, np.uint8(0))
