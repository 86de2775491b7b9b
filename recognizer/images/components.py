"""Connected ink: how thick and how high it usually is."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.images.sheet import Mask

Components = NDArray[np.intp]
"""(n, 5): left, top, width, height and area of connected ink, in pixels."""
EVEN_PENS, EVEN_SHARE = 2.5, 0.99
"""A pen's lines are even: this share of their ink is thinner than so many pens."""


def pen_width(mask: NDArray[Any]) -> float:
    """Width of the lines of a mask in pixels, quickly: twice their area over their outline."""
    mask = np.asarray(mask, np.uint8)
    area = cv2.countNonZero(mask)
    outline = area - cv2.countNonZero(cv2.erode(mask, np.ones((3, 3), np.uint8)))
    return 2 * area / max(outline, 1)


def usual_height(stats: NDArray[Any], share: float = 0.5) -> float:
    """This share of the ink of components (n, 5) is no higher."""
    order = np.argsort(stats[:, cv2.CC_STAT_HEIGHT])
    below = np.cumsum(stats[order, cv2.CC_STAT_AREA])
    return float(stats[order[np.searchsorted(below, share * below[-1])], cv2.CC_STAT_HEIGHT])


def ridge_width(mask: Mask, quantile: float = 0.5) -> float:
    """The width of ink along its middle; at its median that of the pen, even beside broad shades.

    quantile: no more than this share of the way along its middle is narrower.
    """
    thickness = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    ridge = (mask > 0) & (thickness >= cv2.dilate(thickness, np.ones((3, 3), np.uint8)))
    return 2 * float(np.quantile(thickness[ridge], quantile)) - 1


def is_uneven(mask: Mask, pen: float) -> bool:
    """Whether some ink is far thicker than the pen.

    After Epshtein, Ofek, Wexler: Detecting text in natural scenes with stroke width transform
    (2010).
    """
    thickness = 2 * cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    return float(np.quantile(thickness[mask > 0], EVEN_SHARE)) > EVEN_PENS * pen
