"""Straight lines of one direction in a picture, with and without what crosses them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.images.sheet import Mask

PIECE_SHARE, MIN_PIECE_PX = 0.08, 12
"""Length of what is taken for a piece of a rule, as a share of the picture's side."""
BRIDGED = 6
"""Over so many times their length pieces may be parted by writing on the rule."""
BREAK_SHARE, MAX_BREAK_PX = 1 / 5, 9
"""A piece may be broken over this share of its length, and no more pixels than these."""
MAX_THICKNESS_SHARE, MAX_SMALL_THICKNESS_SHARE, THIN_PX = 1 / 100, 1 / 40, 6
"""A rule is no thicker than this share of the picture's longest side; in a small picture than the
second, up to so many pixels."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Straight lines of one direction in a picture.

    angle: in degrees. ink: (height, width), 1 on the lines but for what crosses them. whole, level:
    their numbers in the picture turned until they are level, with and without what crosses them;
    matrix: (2, 3), the map to there. strips: (n, 6), the left, top, width, height and area of each
    there, and how long its longest connected part is.
    """

    angle: float
    ink: Mask
    whole: NDArray[np.int32]
    level: NDArray[np.int32]
    matrix: NDArray[np.float64]
    strips: NDArray[np.intp]

    def only(self, chosen: NDArray[np.bool_], *, whole: bool = False) -> Mask:
        """(height, width), 1 on some of them; whole: and on what crosses them."""
        numbers = self.whole if whole else self.level
        return _turned_back(chosen[numbers].astype(np.uint8), self.matrix, self.ink.shape)


def lines_in(mask: Mask, angle: float, piece: float = 0.0) -> Lines:
    """The lines of a direction; piece: the least length, if not a share of the picture's side."""
    height, width = mask.shape
    middle = (width - 1) / 2, (height - 1) / 2
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, angle, 1.0), np.float64)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = round(width * cos + height * sin), round(width * sin + height * cos)
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    turned = cv2.warpAffine(mask, matrix, size, flags=cv2.INTER_NEAREST)
    least = max(MIN_PIECE_PX, round(piece or PIECE_SHARE * size[0]))
    whole, level, strips = _level_lines(
        np.asarray(turned, np.uint8), max(mask.shape), least, 2 if piece else BRIDGED
    )
    ink = _turned_back((level > 0).astype(np.uint8), matrix, mask.shape)
    return Lines(angle, ink, whole, level, matrix, strips)


def _turned_back(level: Mask, matrix: NDArray[np.float64], shape: tuple[int, ...]) -> Mask:
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(level, matrix, shape[::-1], flags=flags), np.uint8)


def _level_lines(
    mask: Mask, side: int, length: int, bridged: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.intp]]:
    """Level lines, numbered, whole and without what crosses them, and where each runs, (n, 6).

    length: of their pieces; bridged: over so many times that they may be hidden by ink.
    """
    # A line may be a little broken, and run over two rows.
    gap = max(1, round(BREAK_SHARE * length))
    joined = _closed(mask, (3, min(gap, MAX_BREAK_PX)))
    long = _opened(joined, (1, length))
    long = np.asarray(cv2.dilate(long, np.ones((3, 1), np.uint8)), np.uint8) & mask
    most = round(max(MAX_THICKNESS_SHARE * side, min(MAX_SMALL_THICKNESS_SHARE * side, THIN_PX)))
    thickness = _thickness(long)
    tallest = max(2, round(1.7 * thickness if thickness <= most else most))
    line = long & (1 - _opened(mask, (tallest + 1, 1)))
    # The pieces of a line, between the writing across it.
    whole = _closed(line, (3, bridged * length + 1)) & _closed(mask, (3, gap))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=8)
    strips = np.column_stack([stats, _longest_parts(np.asarray(labels), whole & mask)])
    return np.asarray(labels), np.where(line > 0, labels, np.int32(0)), strips.astype(np.intp)


def _longest_parts(labels: NDArray[np.int32], ink: Mask) -> NDArray[np.intp]:
    """How long the longest connected ink of each strip is, in pixels, (n,)."""
    _, parts, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    places = np.flatnonzero(ink)
    strip = np.zeros(len(stats), np.intp)
    strip[parts.ravel()[places]] = labels.ravel()[places]
    longest = np.zeros(int(labels.max()) + 1, np.intp)
    np.maximum.at(longest, strip[1:], stats[1:, cv2.CC_STAT_WIDTH])
    return longest


def _closed(mask: Mask, shape: tuple[int, int]) -> Mask:
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones(shape, np.uint8))
    return np.asarray(closed, np.uint8)


def _opened(mask: Mask, shape: tuple[int, int]) -> Mask:
    """What holds a rectangle of this height and width within the picture."""
    rectangle = np.ones(shape, np.uint8)
    opened = cv2.morphologyEx(
        mask, cv2.MORPH_OPEN, rectangle, borderType=cv2.BORDER_CONSTANT, borderValue=0
    )
    return np.asarray(opened, np.uint8)


def _thickness(lines: Mask) -> float:
    """Median height of the runs of pixels in the columns."""
    edges = np.diff(np.pad(lines, ((1, 1), (0, 0))).T.astype(np.int8), axis=1)
    starts, ends = np.nonzero(edges == 1)[1], np.nonzero(edges == -1)[1]
    return float(np.median(ends - starts)) if len(starts) else 0.0
