"""Boxes to write in: rectangles of paper with thin sides that hold ink, and others beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.images.sheet import Mask

MIN_CELL_PX, MAX_CELLS = 12, 600
"""A box is at least so high and wide, and so many are looked at."""
MIN_CELL_SHARE, MIN_HULL_SHARE = 0.86, 0.94
"""The paper of a box fills so much of the smallest rectangle around it, or its convex hull does."""
MIN_SIDES_SHARE, EVEN_SHARE, MAX_ROUGH_PX = 0.9, 0.75, 2
"""Just around a box so much is ink, and within its sides so much; their rough edges are so thick."""
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
    gone = np.zeros_like(mask)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    found = [_cell(mask, labels, stats, number) for number in _candidates(stats, mask.shape)]
    cells = [cell for cell in [*found, *_parted(mask)] if cell is not None]
    places = np.array([cell.place for cell in cells]).reshape(-1, 4)
    for number in _with_neighbours(places, [cell.is_full for cell in cells]):
        gone[cells[number].part] |= cells[number].sides
    return gone


def _candidates(stats: NDArray[Any], shape: tuple[int, ...]) -> list[int]:
    """The numbers of paper that ink encloses, if it may be a box."""
    left, top, width, height, area = stats.T
    inside = (left > 0) & (top > 0) & (left + width < shape[1]) & (top + height < shape[0])
    large = (width >= MIN_CELL_PX) & (height >= MIN_CELL_PX) & (area >= 0.5 * width * height)
    some = np.flatnonzero(inside & large)
    return [int(number) for number in some[some > 0][:MAX_CELLS]]


def _cell(mask: Mask, labels: NDArray[Any], stats: NDArray[Any], number: int) -> _Cell | None:
    """The box that a part of the paper is; None if it is none."""
    place = _Place(*stats[number, :4].tolist())
    part, most = place.around(), place.thickest
    ink, paper = mask[part], np.asarray(labels[part] == number, np.uint8)
    outlines, _ = cv2.findContours(paper, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(outlines, key=cv2.contourArea)
    # Writing that touches a side leaves a bay in the paper, but not in its hull.
    for edge, least in ((cv2.convexHull(outline), MIN_HULL_SHARE), (outline, MIN_CELL_SHARE)):
        inside = _rectangle(edge, outline, least, ink.shape)
        sides, thickness = (ink, 0) if inside is None else _sides(ink, inside, most)
        if inside is not None and thickness:
            is_full = _tallest(ink & inside) >= MIN_CONTENT_SHARE * place.height
            return _Cell(place, part, sides, is_full)
    return None


def _parted(mask: Mask) -> list[_Cell | None]:
    """Boxes whose paper is parted by writing that touches two of their sides, each by itself."""
    found: list[_Cell | None] = []
    outlines, levels = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    holes: dict[int, list[NDArray[Any]]] = {}
    for outline, (_, _, _, parent) in zip(outlines, levels[0] if outlines else [], strict=True):
        if parent >= 0:
            holes.setdefault(int(parent), []).append(outline)
    for parts in [*holes.values()][:MAX_CELLS]:
        place = _Place(*cv2.boundingRect(np.concatenate(parts)))
        if len(parts) < 2 or min(place.width, place.height) < MIN_CELL_PX:
            continue
        part = place.around()
        ink, corner = mask[part], np.array([part[1].start, part[0].start])
        # The outlines of holes run on the ink around them.
        hull = cv2.convexHull(np.concatenate(parts) - corner)
        inside = _rectangle(hull, hull, MIN_HULL_SHARE, ink.shape)
        if inside is None:
            continue
        inside = np.asarray(cv2.erode(inside, np.ones((3, 3), np.uint8)), np.uint8)
        sides, thickness = _sides(ink, inside, place.thickest)
        if thickness and _tallest(ink & inside) >= MIN_PARTING_SHARE * place.height:
            found.append(_Cell(place, part, sides, True))
    return found


def _rectangle(
    edge: NDArray[Any], outline: NDArray[Any], least: float, shape: tuple[int, ...]
) -> Mask | None:
    """What lies within an edge, if that is so much of the smallest rectangle around the outline."""
    (_, (wide, high), _) = cv2.minAreaRect(outline)
    if cv2.contourArea(edge) < least * wide * high:
        return None
    return np.asarray(cv2.drawContours(np.zeros(shape, np.uint8), [edge], -1, 1, cv2.FILLED))


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
