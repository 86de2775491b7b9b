"""Photos and scans to ink: paper of any light, what is written on it, and no ruling."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.images import shading
from recognizer.images.shading import Grey
from recognizer.ink import Ink

Dark = NDArray[np.uint8]
"""(height, width), how dark each pixel is; a mask of lines has 0 and 1."""

LIGHT_COPY_SIDE_PX = 384
"""Longest side in pixels of the copy from which the light on the paper is taken."""
MAX_PEN_PICTURE_SHARE = 1 / 12
"""A pen is narrower than this share of the picture's longest side."""
MIN_DARKNESS_GREYS = 12
"""Ink takes at least this many of 255 parts of the light that its paper gives back."""
NOISE_DEVIATIONS = 4.0
"""Ink differs from its paper by more than this many standard deviations of the paper."""
BLANK_SHARE, FULL_SHARE = 0.35, 0.75
"""Shares of the usual ink's darkness that count as none and as all."""
RULING_COPY_SIDE_PX = 768
"""Longest side in pixels of the copy in which the lines are looked for."""
MIN_RULE_SHARE = 0.35
"""A ruled line is seen over this share of the picture's shorter side, at least."""
MIN_RULES_LENGTH_SHARE = 1.5
"""Ruled lines together are this many times as long as the picture, at least."""
PARALLEL_DEGREES = 1.5
"""Lines whose directions differ by no more than this many degrees are parallel."""
RULE_PIECE_SHARE = 0.08
"""Length of what is taken away at a time, as a share of the picture's longest side."""
MAX_RULE_SHARE = 1 / 100
"""A ruled line is thinner than this share of the picture's longest side."""


def ink_on(grey: Grey) -> Ink:
    """The ink of a photo, (height, width) uint8; all 0 where nothing is written.

    grey: (height, width), ink dark on light or light on dark. Ruling is taken away.
    """
    dark = _darkness(grey if _is_dark_on_light(grey) else 255 - grey)
    noise, usual = _levels(dark)
    if usual < max(MIN_DARKNESS_GREYS, NOISE_DEVIATIONS * noise):
        return np.zeros_like(grey)
    low = max(BLANK_SHARE * usual, NOISE_DEVIATIONS * noise)
    unruled = without_ruling(dark, low)
    steps = np.clip((np.arange(256) - low) / max(FULL_SHARE * usual - low, 1), 0, 1)
    return np.asarray(cv2.LUT(unruled, np.asarray(steps * 255 + 0.5, np.uint8)), np.uint8)


def _is_dark_on_light(grey: Grey) -> bool:
    """Whether what stands out from its surroundings is darker than they are."""
    small = _small(grey)
    side = _odd(MAX_PEN_PICTURE_SHARE * LIGHT_COPY_SIDE_PX)
    over = small.astype(np.float32) - cv2.medianBlur(small, side)
    return bool(np.square(np.minimum(over, 0)).sum() >= np.square(np.maximum(over, 0)).sum())


def _small(grey: Grey) -> Grey:
    scale = LIGHT_COPY_SIDE_PX / max(grey.shape)
    if scale >= 1:
        return grey
    size = [max(1, round(side * scale)) for side in grey.shape[::-1]]
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _odd(size: float) -> int:
    return 2 * round(size / 2) + 1


def _darkness(grey: Grey) -> Dark:
    """How much of its paper's light each pixel keeps back, 0 to 255.

    The light is the least that covers all thin ink (a closing: Serra, Image Analysis and
    Mathematical Morphology, 1982); a quotient makes ink in the shade as dark as in the sun.
    """
    small = _small(grey)
    side = _odd(MAX_PEN_PICTURE_SHARE * max(small.shape))
    light = cv2.morphologyEx(
        cv2.GaussianBlur(small, (0, 0), 1), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)
    )
    # Noise lifts a closing; the paper's own median tells how far.
    lift = float(np.median(small / np.maximum(light, 1).astype(np.float32)))
    light = cv2.resize(light, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    kept = cv2.divide(grey, np.maximum(light, 1), scale=255 / max(lift, 0.1))
    return np.asarray(255 - kept, np.uint8)


def _levels(dark: Dark) -> tuple[float, float]:
    """Standard deviation of the paper's noise, and the darkness of the usual ink."""
    sample = dark.ravel()[:: max(1, dark.size // 250_000)]
    positive = sample[sample > 0]
    if len(positive) == 0:
        return 0.0, 0.0
    # Half of the paper is darker than its median, and cut off at 0 on the other side.
    noise = 1.4826 * float(np.median(positive)) if len(positive) > 0.2 * len(sample) else 1.0
    ink = sample[sample > max(NOISE_DEVIATIONS * noise, MIN_DARKNESS_GREYS)]
    if len(ink) < 1e-4 * len(sample):
        return noise, 0.0
    strong = ink[ink >= shading.otsu(ink)]
    return noise, float(np.median(strong)) if len(strong) else 0.0


def without_ruling(dark: Dark, low: float) -> Dark:
    """The picture without ruling.

    dark: (height, width), how dark each pixel is. low: what is darker is ink or ruling.
    """
    mask = np.asarray(dark > low, np.uint8)
    gone = np.zeros_like(mask)
    for angle in _directions(mask):
        gone |= _ruled_lines(mask, angle)
    return np.where(gone > 0, np.uint8(0), dark) if gone.any() else dark


def _directions(mask: Dark) -> list[float]:
    """Directions of the ruling in degrees, none, one or two."""
    scale = min(1.0, RULING_COPY_SIDE_PX / max(mask.shape))
    size = [max(1, round(side * scale)) for side in mask.shape[::-1]]
    small = np.asarray(cv2.resize(mask * 255, size, interpolation=cv2.INTER_AREA) > 60, np.uint8)
    length = MIN_RULE_SHARE * min(size)
    segments = cv2.HoughLinesP(small, 1, np.pi / 720, round(0.5 * length), None, length, 6)
    if segments is None:
        return []
    x0, y0, x1, y1 = segments.reshape(-1, 4).astype(np.float64).T
    angles, lengths = np.degrees(np.arctan2(y1 - y0, x1 - x0)), np.hypot(x1 - x0, y1 - y0)
    found: list[float] = []
    while len(angles):
        near = np.abs((angles[:, None] - angles + 90) % 180 - 90) <= PARALLEL_DEGREES
        votes = near @ lengths
        best = int(votes.argmax())
        if votes[best] < MIN_RULES_LENGTH_SHARE * max(size) or len(found) == 2:
            break
        off = (angles[near[best]] - angles[best] + 90) % 180 - 90
        found.append(float(angles[best] + np.average(off, weights=lengths[near[best]])))
        rest = ~near[best]
        angles, lengths = angles[rest], lengths[rest]
    return found


def _ruled_lines(mask: Dark, angle: float) -> Dark:
    """The ruled lines of this direction, without the writing across them."""
    height, width = mask.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = round(width * cos + height * sin), round(width * sin + height * cos)
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    level = np.asarray(cv2.warpAffine(mask, matrix, size, flags=cv2.INTER_NEAREST), np.uint8)
    lines = _level_lines(level, max(mask.shape))
    back = cv2.warpAffine(
        lines, matrix, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    )
    return np.asarray(back, np.uint8)


def _level_lines(mask: Dark, side: int) -> Dark:
    length = max(12, round(RULE_PIECE_SHARE * side))
    # A line may be a little broken, and run over two rows.
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    long = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    long = np.asarray(cv2.dilate(long, np.ones((3, 1), np.uint8)), np.uint8) & mask
    rows = np.count_nonzero(long, axis=0)
    if not rows.any():
        return long
    tallest = max(2, min(round(MAX_RULE_SHARE * side), round(1.7 * _thickness(long))))
    upright = np.ones((tallest + 1, 1), np.uint8)
    across = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, upright), np.uint8)
    return long & ~across & np.uint8(1)


def _thickness(lines: Dark) -> float:
    """Median height of the runs of pixels in the columns."""
    edges = np.diff(np.pad(lines, ((1, 1), (0, 0))).T.astype(np.int8), axis=1)
    starts, ends = np.nonzero(edges == 1)[1], np.nonzero(edges == -1)[1]
    return float(np.median(ends - starts))
