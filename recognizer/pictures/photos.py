"""Photos and scans to ink: paper of any light, what is written on it, and no ruling."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.ink import Ink
from recognizer.pictures import ruling, shading
from recognizer.pictures.shading import Grey

SMALL = 384
"""Longest side in pixels of the copy from which the light on the paper is taken."""
THICKEST = 1 / 12
"""A pen is narrower than this share of the picture's longest side."""
FAINTEST = 12
"""Ink takes at least this many of 255 parts of the light that its paper gives back."""
NOISE = 4.0
"""Ink differs from its paper by more than this many standard deviations of the paper."""
FAINT, FULL = 0.35, 0.75
"""Shares of the usual ink's darkness that count as none and as all."""

Dark = NDArray[np.uint8]


def ink_on(grey: Grey) -> Ink:
    """The ink of a photo, (height, width) uint8; all 0 where nothing is written.

    grey: (height, width), ink dark on light or light on dark. Ruling is taken away.
    """
    dark = _darkness(grey if _is_dark_on_light(grey) else 255 - grey)
    noise, usual = _levels(dark)
    if usual < max(FAINTEST, NOISE * noise):
        return np.zeros_like(grey)
    low = max(FAINT * usual, NOISE * noise)
    unruled = ruling.without(dark, low)
    steps = np.clip((np.arange(256) - low) / max(FULL * usual - low, 1), 0, 1)
    return np.asarray(cv2.LUT(unruled, np.asarray(steps * 255 + 0.5, np.uint8)), np.uint8)


def _is_dark_on_light(grey: Grey) -> bool:
    """Whether what stands out from its surroundings is darker than they are."""
    small = _small(grey)
    side = _odd(THICKEST * SMALL)
    over = small.astype(np.float32) - cv2.medianBlur(small, side)
    return bool(np.square(np.minimum(over, 0)).sum() >= np.square(np.maximum(over, 0)).sum())


def _small(grey: Grey) -> Grey:
    scale = SMALL / max(grey.shape)
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
    side = _odd(THICKEST * max(small.shape))
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
    ink = sample[sample > max(NOISE * noise, FAINTEST)]
    if len(ink) < 1e-4 * len(sample):
        return noise, 0.0
    strong = ink[ink >= shading.otsu(ink)]
    return noise, float(np.median(strong)) if len(strong) else 0.0
