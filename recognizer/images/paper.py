"""A grey picture to ink: the sheet, what is written on it, without rules and without dirt."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.images import Steps, show
from recognizer.images.binarization import binarized
from recognizer.images.components import is_uneven, pen_width, usual_height
from recognizer.images.ruling import Written, without_rules
from recognizer.images.sheet import Grey, Mask, sheet_of
from recognizer.ink import Ink

FRINGE_GREY = 76
"""Fainter ink of 255 is a fringe."""
FAINT_GREY = 200
"""The darkest ink is made black, if it is lighter than this."""
DARKEST_SHARE = 0.05
"""The darkest ink is this share of all."""
PALE_PENS = 0.7
"""What is nowhere as dark as ink and not so many pens thick is none."""
DIRT_PENS = 0.7
"""What has sides of less than so many pens is dirt."""
MIN_WRITTEN_PENS, SHADE_PENS, THICK_SHARE = 3.0, 2.0, 0.2
"""Where something is written elsewhere, larger than the first number of pens, what is at the border
and over this share of it so many pens thick is none: lines that meet are so thick only there."""
MIN_WRITING_PX, MIN_WRITING_SHARE = 8, 0.1
"""What is smaller, in pixels and as a share of the picture's longest side, is no writing but noise.
"""
MIN_TEXTURE_COMPONENTS, MIN_WRITING_PENS = 40, 3.0
"""So many components are no writing, but leaves or noise, if the usual one is not so many pens
high, or if they are uneven."""


def ink_on(grey: Grey) -> Ink:
    """The ink of what is written in a picture, (height, width), as for `written_on`."""
    return written_on(grey).ink


def written_on(grey: Grey, steps: Steps | None = None) -> Written:
    """What is written in a picture; its ink is all 0 where nothing is.

    grey: (height, width), ink dark on light or light on dark. steps: takes the pictures of the
    way: the sheet, its ink, and the ink without rules.
    """
    sheet = sheet_of(grey)
    part = grey if sheet is None else sheet.cut(grey)
    show(steps, "sheet", part)
    ink = binarized(part)
    if sheet is not None:
        ink = ink._replace(ink=ink.ink * sheet.paper, darkness=ink.darkness * sheet.paper)
    show(steps, "ink", ink.ink)
    written = without_rules(ink.ink, ink.darkness)
    if paler := ink.beside_darker(written.ink):
        written = without_rules(paler.ink, paler.darkness)
    count = 0
    if written.ink is not ink.ink:
        mask = (ink.ink > FRINGE_GREY).astype(np.uint8)
        count = cv2.connectedComponents(mask, connectivity=8)[0] - 1
    paper = None if sheet is None else sheet.paper
    found = without_dirt(blackened(written.ink), paper, count)
    show(steps, "without rules", found)
    if sheet is not None:
        height, width = found.shape
        whole = np.zeros_like(grey)
        whole[sheet.top : sheet.top + height, sheet.left : sheet.left + width] = found
        found = whole
    return written._replace(ink=found)


def blackened(ink: Ink) -> Ink:
    """The ink, as dark as if it were black."""
    counts = np.bincount(ink.ravel(), minlength=256)
    counts[: int(ink.max()) // 5] = 0
    counts[0] = 0
    darker = np.cumsum(counts[::-1])[::-1]
    dark = int(np.flatnonzero(darker >= DARKEST_SHARE * darker[0])[-1])
    if darker[0] == 0 or dark >= FAINT_GREY:
        return ink
    return np.asarray(cv2.convertScaleAbs(ink, alpha=255 / dark), np.uint8)


def without_dirt(ink: Ink, paper: Mask | None = None, components: int = 0) -> Ink:
    """The ink without specks, without shades at the border, and nothing where it is a texture.

    paper: 1 on the sheet, if that is not the whole picture. components: how many there were before
    what is printed was taken away, of a texture too.
    """
    mask = np.asarray(ink > FRINGE_GREY, np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    dirt = _shades(mask, np.asarray(labels, np.int32), stats, paper)
    writing = np.asarray(mask * ~dirt[labels], np.uint8) if dirt.any() else mask
    pen = pen_width(writing)
    some = stats[1:][~dirt[1:]]
    if max(len(some), components) >= MIN_TEXTURE_COMPONENTS and (
        usual_height(some) < MIN_WRITING_PENS * pen or is_uneven(writing, pen)
    ):
        return np.zeros_like(ink)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    if sides[1:].max(initial=0) < min(MIN_WRITING_PX, MIN_WRITING_SHARE * max(ink.shape)):
        return np.zeros_like(ink)
    dirt |= sides < DIRT_PENS * pen
    dirt |= _pale(ink, labels, stats, pen)
    dirt[0] = False
    if not dirt.any():
        return ink
    # With its fringe, but not that of others.
    gone = cv2.dilate(dirt[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    kept = cv2.dilate((~dirt[labels] & (mask > 0)).astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.where((gone > 0) & (kept == 0), np.uint8(0), ink)


def _pale(ink: Ink, labels: NDArray[Any], stats: NDArray[Any], pen: float) -> NDArray[np.bool_]:
    """Which components (n,) are paler and thinner than the rest, as pieces of rules are."""
    is_pale = np.ones(len(stats), dtype=bool)
    is_pale[labels[ink >= FAINT_GREY]] = False
    length = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    return np.asarray(is_pale & (stats[:, cv2.CC_STAT_AREA] < PALE_PENS * pen * length))


def _shades(
    mask: Mask, labels: NDArray[np.int32], stats: NDArray[Any], paper: Mask | None
) -> NDArray[np.bool_]:
    """Which components (n,) are at the paper's border and far thicker than the pen elsewhere."""
    inner = np.ones_like(mask) if paper is None else paper
    inner = np.asarray(cv2.erode(inner, np.ones((3, 3), np.uint8), borderValue=0), np.uint8)
    at_border = np.zeros(len(stats), dtype=bool)
    at_border[labels[(inner == 0) & (mask > 0)]] = True
    if not at_border.any() or at_border[1:].all():
        return np.zeros(len(stats), dtype=bool)
    elsewhere = mask * ~at_border[labels]
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    written = ~at_border & (sides >= MIN_WRITTEN_PENS * pen_width(elsewhere))
    written[0] = False
    if not written.any():
        return np.zeros(len(stats), dtype=bool)
    thickness = cv2.distanceTransform(mask & ~elsewhere, cv2.DIST_L2, 3)
    thick = thickness > SHADE_PENS / 2 * pen_width(elsewhere)
    areas = np.bincount(labels[thick], minlength=len(stats))
    return np.asarray(areas > THICK_SHARE * stats[:, cv2.CC_STAT_AREA])
