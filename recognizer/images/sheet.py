"""The sheet of paper in a picture: what lies around it, as a dark table, is cut away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
"""(height, width), 0 for black and 255 for white."""
Mask = NDArray[np.uint8]
"""(height, width), 1 inside and 0 outside."""

COPY_SIDE_PX = 256
"""Longest side in pixels of the copy on which the sheet is looked for."""
SHEET_SHARES = 0.08, 0.97
"""A sheet covers so large a share of the picture, at least and at most."""
MIN_RECTANGLE_SHARE, MIN_TORN_SHARE = 0.86, 0.7
"""A sheet fills so much of the smallest rectangle around it, seen askew; a torn one the second."""
INK_REACH_SHARE = 0.06
"""Ink is thinner than this share of the picture's longest side."""
MAX_TABLE_LIGHT_SHARE, MAX_SHADE_LIGHT_SHARE = 0.7, 0.22
"""Around a sheet it is darker than this share of its light; than the second, if the sheet leaves
the picture on more than one side: the lit part of a page half in the shade would look so."""
MAX_OPEN_SIDES = 1
MIN_WRITTEN, MIN_TORN_WRITTEN, MIN_SPECK_PX = 4, 6, 4
"""Where the picture shows little around a sheet, so much is written on it; digits have fewer holes.
On a torn one it is more, in parts of so many pixels of the copy."""
EVEN_EDGES_SHARE = 0.97
"""Where a sheet fills so much of its hull, its edges are even."""
EDGE_SHARE = 0.008
"""So much of the picture's longest side along the sheet's edges is its edge, not ink."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet in a picture. left, top: of the part (height, width) that holds it, in pixels.

    paper: (height, width), 1 on the sheet but for its edges.
    """

    left: int
    top: int
    paper: Mask

    def cut(self, grey: Grey) -> Grey:
        """The part of the picture that holds the sheet, with blank paper around that."""
        height, width = self.paper.shape
        part = grey[self.top : self.top + height, self.left : self.left + width]
        inside = self.paper > 0
        blank = np.searchsorted(np.cumsum(np.bincount(part[inside])), inside.sum() / 2)
        return np.where(inside, part, np.uint8(blank))


def small(grey: Grey, longest: int) -> Grey:
    """The picture with a longest side of so many pixels, or less."""
    scale = longest / max(grey.shape)
    if scale >= 1:
        return grey
    size = [max(1, round(side * scale)) for side in grey.shape[::-1]]
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def sheet_of(grey: Grey) -> Sheet | None:
    """The sheet in a grey picture; None if it fills the picture, or there is none."""
    copy = small(grey, COPY_SIDE_PX)
    _, light = cv2.threshold(copy, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    reach = _ink_reach(copy.shape)
    # Ink on the sheet belongs to it.
    frame = cv2.copyMakeBorder(light, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    whole = cv2.morphologyEx(frame, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    whole = np.ascontiguousarray(whole[reach:-reach, reach:-reach])
    outlines, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    # A torn edge leaves bays in its hull, where the table is seen.
    filled, torn = (
        np.asarray(cv2.fillPoly(np.zeros_like(copy), [edge], 1), np.uint8)
        for edge in (cv2.convexHull(outline), outline)
    )
    if not _is_sheet(copy, np.asarray(light, np.uint8), outline, filled, torn):
        return None
    return _cut_out(_without_notches(torn, filled, np.asarray(light, np.uint8)), grey.shape)


def _ink_reach(shape: tuple[int, ...]) -> int:
    return 2 * round(INK_REACH_SHARE * max(shape) / 2) + 1


def _is_sheet(copy: Grey, light: Mask, outline: NDArray[Any], filled: Mask, torn: Mask) -> bool:
    """Whether a light part of the picture is a written sheet, and not ink, a window or a shade.

    filled, torn: 1 within its hull, and within its outline.
    """
    covered = float(filled.mean())
    if not SHEET_SHARES[0] <= covered <= SHEET_SHARES[1]:
        return False
    (_, (width, height), _) = cv2.minAreaRect(outline)
    share, inside = cv2.contourArea(outline) / max(width * height, 1), filled > 0
    if share < MIN_RECTANGLE_SHARE:
        specks = _sizes_on(torn, light) >= MIN_SPECK_PX
        if share < MIN_TORN_SHARE or np.count_nonzero(specks) < MIN_TORN_WRITTEN:
            return False
    reach = _ink_reach(copy.shape)
    is_wide = cv2.erode(1 - filled, np.ones((reach, reach), np.uint8), borderValue=0).any()
    # A light bar on black paper is a 1, in which nothing is written; otherwise it may be a digit,
    # with its holes, and what is around it the rest of the picture.
    if len(_sizes_on(filled, light)) < (1 if is_wide else MIN_WRITTEN):
        return False
    around, paper = float(np.median(copy[~inside])), float(np.median(copy[inside]))
    most = MAX_TABLE_LIGHT_SHARE if _open_sides(filled) <= MAX_OPEN_SIDES else MAX_SHADE_LIGHT_SHARE
    return around < most * paper


def _without_notches(torn: Mask, filled: Mask, light: Mask) -> Mask:
    """A sheet without the table in its edge; of one with even edges, what is dark there is ink."""
    if torn.sum() >= EVEN_EDGES_SHARE * filled.sum():
        return torn
    _, labels = cv2.connectedComponents(1 - (torn & light), connectivity=4)
    return torn * ~np.isin(labels, labels[torn == 0])


def _sizes_on(filled: Mask, light: Mask) -> NDArray[np.int32]:
    """The sizes in pixels of what is dark on a sheet, well inside of it, (n,)."""
    deep = np.asarray(cv2.erode(filled, np.ones((5, 5), np.uint8), borderValue=0), np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(deep & (1 - light), connectivity=8)
    return np.asarray(stats[1:, cv2.CC_STAT_AREA])


def _open_sides(filled: Mask) -> int:
    """How many sides of the picture the sheet lies on."""
    sides = (filled[0], filled[-1], filled[:, 0], filled[:, -1])
    return sum(bool(side.mean() > 0.1) for side in sides)


def _cut_out(filled: Mask, shape: tuple[int, ...]) -> Sheet | None:
    height, width = shape
    whole = cv2.resize(filled, (width, height), interpolation=cv2.INTER_NEAREST)
    edge = 2 * max(2, round(EDGE_SHARE * max(shape) + max(shape) / max(filled.shape))) + 1
    # At the picture's own border the sheet goes on.
    paper = cv2.erode(whole, np.ones((edge, edge), np.uint8))
    left, top, wide, high = cv2.boundingRect(paper)
    if wide == 0:
        return None
    return Sheet(left, top, np.ascontiguousarray(paper[top : top + high, left : left + wide]))
