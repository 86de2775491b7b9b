"""Boxes to write in: rectangles of paper with thin sides that hold ink, and others beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.images.sheet import Mask

MIN_CELL_PX, MAX_CELLS = 12, 600
"""A box is at least so high and wide, and so many are looked at."""
MIN_CELL_SHARE = 0.86
"""A box fills so much of the smallest rectangle around it."""
MIN_CONTENT_SHARE = 0.25
"""What is written in a box is so high as a share of it, at least."""
MAX_SIDE_SHARE = 0.15
"""The sides of a box are thinner than this share of it."""


def boxes(mask: Mask) -> Mask:
    """1 on the sides of boxes that hold ink of their own, and of their neighbours."""
    gone = np.zeros_like(mask)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    cells, contents = [], []
    for number in _candidates(stats, mask.shape):
        left, top, width, height, _ = stats[number].tolist()
        part = np.asarray(labels[top : top + height, left : left + width] == number, np.uint8)
        filled, content = _rectangle(part)
        if filled is not None:
            cells.append((left, top, filled))
            contents.append(content >= MIN_CONTENT_SHARE * height)
    places = np.array([(x, y, *cell.shape[::-1]) for x, y, cell in cells]).reshape(-1, 4)
    for number in _with_neighbours(places, contents):
        _erase_sides(mask, gone, *cells[number])
    return gone


def _candidates(stats: NDArray[Any], shape: tuple[int, ...]) -> list[int]:
    """The numbers of paper that ink encloses, if it may be a box."""
    left, top, width, height, area = stats.T
    inside = (left > 0) & (top > 0) & (left + width < shape[1]) & (top + height < shape[0])
    large = (width >= MIN_CELL_PX) & (height >= MIN_CELL_PX) & (area >= 0.5 * width * height)
    some = np.flatnonzero(inside & large)
    return [int(number) for number in some[some > 0][:MAX_CELLS]]


def _rectangle(part: Mask) -> tuple[Mask | None, float]:
    """A rectangle of paper with what is in it filled, and how high that is; None if it is none."""
    wide = cv2.copyMakeBorder(part, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    outlines, levels = cv2.findContours(wide, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [each for each, level in zip(outlines, levels[0], strict=True) if level[3] < 0]
    inner = [each for each, level in zip(outlines, levels[0], strict=True) if level[3] >= 0]
    outline = max(outer, key=cv2.contourArea)
    (_, sides, _) = cv2.minAreaRect(outline)
    if cv2.contourArea(outline) < MIN_CELL_SHARE * sides[0] * sides[1]:
        return None, 0.0
    filled = cv2.drawContours(np.zeros_like(wide), [outline], -1, 1, cv2.FILLED)
    heights = [cv2.boundingRect(each)[3] - 2 for each in inner]
    return np.asarray(filled[1:-1, 1:-1], np.uint8), max(heights, default=0)


def _with_neighbours(places: NDArray[np.intp], contents: Sequence[bool]) -> list[int]:
    """The numbers of the cells that hold something, and of cells as high or wide beside them."""
    found = [number for number, full in enumerate(contents) if full]
    if not found:
        return []
    left, top, width, height = places.T
    rest = set(range(len(places))).difference(found)
    for number in found:  # which grows
        gap = MAX_SIDE_SHARE * min(width[number], height[number])
        across = np.maximum(left, left[number]) - np.minimum(
            left + width, left[number] + width[number]
        )
        down = np.maximum(top, top[number]) - np.minimum(top + height, top[number] + height[number])
        in_row = (
            (across <= gap)
            & (np.abs(top - top[number]) <= gap)
            & (np.abs(height - height[number]) <= gap)
        )
        in_column = (
            (down <= gap)
            & (np.abs(left - left[number]) <= gap)
            & (np.abs(width - width[number]) <= gap)
        )
        new = [other for other in np.flatnonzero(in_row | in_column).tolist() if other in rest]
        rest.difference_update(new)
        found += new
    return found


def _erase_sides(mask: Mask, gone: Mask, left: int, top: int, filled: Mask) -> None:
    """Mark the ink around a cell, as thick as its sides are; nothing if they are too thick."""
    height, width = filled.shape
    most = int(max(2, MAX_SIDE_SHARE * min(height, width)))
    x, y = max(0, left - most), max(0, top - most)
    part = np.s_[y : top + height + most, x : left + width + most]
    own = mask[part]
    cell = np.zeros_like(own)
    cell[top - y : top - y + height, left - x : left - x + width] = filled
    shell = cell
    for _ in range(most):
        grown = np.asarray(cv2.dilate(shell, np.ones((3, 3), np.uint8)), np.uint8)
        ring = (grown > 0) & (shell == 0)
        if own[ring].mean() < 0.5:
            gone[part] |= own & shell & (1 - cell)
            return
        shell = grown
