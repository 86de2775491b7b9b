"""Connected ink: how thick and how high it usually is."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Components = NDArray[np.intp]
"""(n, 5): left, top, width, height and area of connected ink, in pixels."""


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
