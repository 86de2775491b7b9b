"""Boxes to write in: rectangles of paper with thin sides that hold ink, and others beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.images.sheet import Mask

Outline = NDArray[Any]
"""(n, 1, 2), as OpenCV gives it."""

MIN_CELL_PX, MAX_CELLS = 12, 600
"""A box is at least so high and wide, and so many are looked at."""
MIN_PAPER_SHARE = 0.5
"""Of an upright rectangle around a box, at least so much is its paper."""
MIN_CELL_SHARE, MIN_HULL_SHARE = 0.86, 0.94
"""The paper of a box fills so much of the smallest rectangle around it, or its convex hull does."""
CORNER_SHARE, MIN_QUADRANGLE_SHARE = 0.04, 0.9
"""Corners lie further than this share of a hull's length from the line between others; four make a
box seen from the side if they span so much of it."""
MAX_CORNER_COSINE, OPPOSITE_SHARE = 0.45, 0.85
"""Its angles have no larger cosine, and no side is shorter than this share of the opposite one."""
MIN_SIDES_SHARE, EVEN_SHARE, MAX_ROUGH_PX = 0.9, 0.75, 2
"""So much is ink just around a box, and within its sides; their rough edges are so thick."""
MIN_CONTENT_SHARE = 0.25
"""What is written in a box is so high as a share of it, at least."""
MIN_PARTING_SHARE = 0.6
"""What parts the paper of a box is so high, so that it is no bar of an 8."""
MAX_SIDE_SHARE = 0.15
"""The sides of a box are thinner than this share of it."""


class _Place(NamedTuple):
    """Where paper is, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def thickest(self) -> int:
        """How thick the sides around it may be."""
        return int(max(2, MAX_SIDE_SHARE * min(self.height, self.width)))

    def around(self) -> tuple[slice, slice]:
        """The part of the picture that holds its sides."""
        most = self.thickest
        return (
            slice(max(0, self.top - most), self.top + self.height + most),
            slice(max(0, self.left - most), self.left + self.width + most),
        )


class _Cell(NamedTuple):
    """A box: where its paper is; its sides, in the part of the picture that holds them; and whether
    something is written in it."""

    place: _Place
    part: tuple[slice, slice]
    sides: Mask
    is_full: bool


def boxes(mask: Mask) -> Mask:
    """1 on the sides of boxes that hold ink of their own, and of their neighbours."""
    outlines, levels = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    holes: dict[int, list[Outline]] = {}
    for outline, (_, _, _, parent) in zip(outlines, levels[0] if outlines else [], strict=True):
        if parent >= 0:
            holes.setdefault(int(parent), []).append(outline)
    cells: list[_Cell] = []
    for parts in holes.values():
        cells += _cells(mask, parts) if len(cells) < MAX_CELLS else []
    gone = np.zeros_like(mask)
    places = np.array([cell.place for cell in cells]).reshape(-1, 4)
    for number in _with_neighbours(places, [cell.is_full for cell in cells]):
        gone[cells[number].part] |= cells[number].sides
    return gone


def _cells(mask: Mask, holes: Sequence[Outline]) -> list[_Cell]:
    """The boxes that connected ink encloses; holes: the outlines of those in it."""
    some = [hole for hole in holes if _is_large(hole)][:MAX_CELLS]
    single = [cell for hole in some if (cell := _cell(mask, [hole]))]
    whole = _cell(mask, holes) if len(holes) > 1 else None
    if whole is None:
        return single
    # What is written in the whole may touch two of its sides, and so part it.
    return [whole, *single] if any(cell.is_full for cell in single) else [whole]


def _is_large(hole: Outline) -> bool:
    _, _, width, height = cv2.boundingRect(hole)
    is_large = min(width, height) >= MIN_CELL_PX
    return is_large and cv2.contourArea(hole) >= MIN_PAPER_SHARE * width * height


def _cell(mask: Mask, holes: Sequence[Outline]) -> _Cell | None:
    """The box that is all paper within these holes of the ink, or None.

    holes: their outlines, which run on the ink around them.
    """
    points = np.concatenate(holes)
    left, top, width, height = cv2.boundingRect(points)
    place = _Place(left + 1, top + 1, width - 2, height - 2)
    if min(place.width, place.height) < MIN_CELL_PX:
        return None
    part, is_parted = place.around(), len(holes) > 1
    ink, corner = mask[part], np.array([part[1].start, part[0].start])
    # Writing that touches a side leaves a bay in the paper, but not in its hull.
    hull = cv2.convexHull(points)
    edges = [(hull, MIN_HULL_SHARE)] + ([] if is_parted else [(holes[0], MIN_CELL_SHARE)])
    whole = _area_around(hull)
    for edge, least in edges:
        if cv2.contourArea(edge) < least * whole:
            continue
        filled = cv2.drawContours(np.zeros_like(ink), [edge - corner], -1, 1, cv2.FILLED)
        inside = np.asarray(cv2.erode(filled, np.ones((3, 3), np.uint8)), np.uint8)
        sides, thickness = _sides(ink, inside, place.thickest)
        share = MIN_PARTING_SHARE if is_parted else MIN_CONTENT_SHARE
        is_full = thickness > 0 and _tallest(ink & inside) >= share * place.height
        if is_full or (thickness and not is_parted):
            return _Cell(place, part, sides, is_full)
    return None


def _area_around(hull: Outline) -> float:
    """The area of the smallest rectangle around a hull; its own if it is one seen from the side."""
    (_, (wide, high), _) = cv2.minAreaRect(hull)
    corners = cv2.approxPolyDP(hull, CORNER_SHARE * cv2.arcLength(hull, True), True)
    area = cv2.contourArea(corners)
    if len(corners) != 4 or area < MIN_QUADRANGLE_SHARE * cv2.contourArea(hull):
        return float(wide * high)
    sides = np.diff(corners[[0, 1, 2, 3, 0], 0], axis=0)
    lengths = np.linalg.norm(sides, axis=1)
    cosines = (sides * np.roll(sides, 1, axis=0)).sum(axis=1) / (lengths * np.roll(lengths, 1))
    is_even = (lengths >= OPPOSITE_SHARE * np.roll(lengths, 2)).all()
    return float(area if is_even and np.abs(cosines).max() <= MAX_CORNER_COSINE else wide * high)


def _tallest(ink: Mask) -> int:
    """The height of the highest connected ink."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return int(stats[1:, cv2.CC_STAT_HEIGHT].max(initial=0))


def _sides(ink: Mask, inside: Mask, most: int) -> tuple[Mask, int]:
    """The ink around a cell, and how thick it is; 0 if it is not all around, or too thick, or as
    uneven as where writing is one of the sides."""
    shell, rough = inside, 0
    for thickness in range(most):
        grown = _grown(shell, (3, 3))
        ring = ink[(grown > 0) & (shell == 0)]
        share = float(ring.mean()) if len(ring) else 0.0
        if thickness == 0 and share < MIN_SIDES_SHARE:
            break
        if share < 0.5:
            return ink & shell & (1 - inside) & (1 - _crossing(ink, inside, thickness)), thickness
        rough += share < EVEN_SHARE
        if rough > MAX_ROUGH_PX:
            break
        shell = grown
    return np.zeros_like(ink), 0


def _crossing(ink: Mask, inside: Mask, thickness: int) -> Mask:
    """1 above, below and beside a cell where writing crosses its sides, which are so thick."""
    reach, least = 2 * thickness + 1, thickness + 3
    across, down = (_grown(inside, shape) for shape in ((1, reach), (reach, 1)))
    wide, tall = (
        np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8)), np.uint8)
        for shape in ((1, least), (least, 1))
    )
    return (down & (1 - across) & tall) | (across & (1 - down) & wide)


def _grown(mask: Mask, shape: tuple[int, int]) -> Mask:
    return np.asarray(cv2.dilate(mask, np.ones(shape, np.uint8)), np.uint8)


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
