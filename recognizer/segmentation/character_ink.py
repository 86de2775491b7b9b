"""Which ink of a line is whose, where it is known about where its characters stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import union
from recognizer.images.lines import Component
from recognizer.images.paper import FRINGE_GREY
from recognizer.ink import Ink

NEAR_SHARE, HALF_SHARE = 0.25, 0.045
"""A character's own ink lies within this share of the line's height around its middle, and counts
half where it is so far from it."""
FAR_SHARE = 0.8
"""Ink that is so many heights of the line away from every character is nobody's."""
OFF_MIDDLE_GREYS = 40.0
"""What cutting ink costs at a character's middle, beside halfway between two, in greys a pixel."""


class CharacterInk(NamedTuple):
    """The ink of a character, and the number of what is connected that it was cut from; None if it
    is whole."""

    ink: Component
    cut_from: int | None


def inks_of(ink: Ink, middles: Sequence[float]) -> list[CharacterInk | None]:
    """The ink of each character; None of one that has none.

    ink: (height, width) of a line. middles: of its characters, in pixels from the left, rising.
    Connected ink of several characters is cut between them where there is the least of it.
    """
    if not middles:
        return []
    labels, stats = _connected(ink)
    owners = np.zeros(labels.shape, np.int32)  # 1, 2, … for the characters
    cut: dict[int, int] = {}
    for number, own in _claims(labels, stats, middles, ink.shape[0]).items():
        cut.update(dict.fromkeys(own, number) if len(own) > 1 else {})
        left, top, width, height = stats[number - 1, :4].tolist()
        part = np.s_[top : top + height, left : left + width]
        mask = labels[part] == number
        at = [middles[each] - left for each in own]
        owner = _cut(np.where(mask, ink[part], 0), at)
        owners[part][mask] = np.array(own)[owner[mask]] + 1
    parts = [part_of(ink, owners, number + 1) for number in range(len(middles))]
    return [
        None if part is None else CharacterInk(part, cut.get(number))
        for number, part in enumerate(parts)
    ]


def _connected(ink: Ink) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    mask = (ink > FRINGE_GREY).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return np.asarray(labels), np.asarray(stats[1:])


def _claims(
    labels: NDArray[np.int32], stats: NDArray[np.int32], middles: Sequence[float], height: int
) -> dict[int, list[int]]:
    """Whose each component is: one character's, that of several, or of none."""
    found: dict[int, list[int]] = {}
    near, half = max(1.0, NEAR_SHARE * height), max(1.0, HALF_SHARE * height)
    for who, middle in enumerate(middles):
        left, right = max(0, int(middle - near)), max(1, int(np.ceil(middle + near)))
        part = labels[:, left:right]
        # Beside a dot there may be more ink of its neighbour, but that is further off.
        off = np.arange(left, left + part.shape[1]) + 0.5 - middle
        shares = np.broadcast_to(1 / (1 + (off / half) ** 2), part.shape)
        counts = np.bincount(part.ravel(), shares.ravel(), len(stats) + 1)
        counts[0] = 0
        if counts.any():
            found.setdefault(int(counts.argmax()), []).append(who)
    at = np.asarray(middles)
    for number, (left, _, width, _, _) in enumerate(stats.tolist(), 1):
        if number not in found:
            away = np.maximum(np.maximum(left - at, at - left - width), 0)
            nearest = np.abs(left + width / 2 - at) + away
            if away.min() <= FAR_SHARE * height:
                found[number] = [int(nearest.argmin())]
    return found


def _cut(ink: Ink, middles: Sequence[float]) -> NDArray[np.intp]:
    """Whose each pixel is, by its number among the middles, which rise."""
    height, width = ink.shape
    owner = np.zeros((height, width), dtype=np.intp)
    columns = np.arange(width)
    for left, right in pairwise(middles):
        seam = _seam(ink, left, right)
        owner += columns >= seam[:, None]
    return owner


def _seam(ink: Ink, left: float, right: float) -> NDArray[np.intp]:
    """The columns of the cheapest way from top to bottom between two places, a step a row."""
    height, width = ink.shape
    low = int(np.clip(np.ceil(left), 0, width - 1))
    high = int(np.clip(np.floor(right), low, width - 1))
    columns = np.arange(low, high + 1)
    half = max((right - left) / 2, 1.0)
    off = ((columns - (left + right) / 2) / half) ** 2 * OFF_MIDDLE_GREYS
    costs = ink[:, low : high + 1].astype(np.float64) + off
    came = np.zeros(costs.shape, dtype=np.intp)
    total = costs[0]
    for row in range(1, height):
        wide = np.pad(total, 1, constant_values=np.inf)
        ways = np.stack([wide[:-2], wide[1:-1], wide[2:]])
        came[row] = ways.argmin(axis=0) - 1
        total = ways.min(axis=0) + costs[row]
    at = int(total.argmin())
    seam = np.empty(height, dtype=np.intp)
    for row in range(height - 1, -1, -1):
        seam[row] = at
        at += came[row, at]
    return seam + low


def part_of(ink: Ink, owners: NDArray[np.int32], number: int) -> Component | None:
    """The ink of an owner with its faint fringe; None if it has none.

    owners: (height, width), whose each pixel of the ink is, 0 on paper.
    """
    mine = (owners == number).astype(np.uint8)
    left, top, width, height = cv2.boundingRect(mine)
    if width == 0:
        return None
    left, top = max(left - 1, 0), max(top - 1, 0)
    part = np.s_[top : top + height + 2, left : left + width + 2]
    others = (owners[part] != number) & (owners[part] != 0)
    return Component(np.where(others, np.uint8(0), ink[part]), left, top)


def joined(parts: Sequence[Component]) -> Component:
    """The ink of several parts of a line as that of one."""
    left, top, width, height = map(int, union([part.box for part in parts]))
    ink = np.zeros((height, width), np.uint8)
    for part in parts:
        rows, columns = part.ink.shape
        y, x = part.top - top, part.left - left
        place = ink[y : y + rows, x : x + columns]
        np.maximum(place, part.ink, out=place)
    return Component(ink, left, top)
