"""Clean pictures, whose paper is of one grey exactly, and what is paper at all."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.images.sheet import Grey, Mask
from recognizer.ink import Ink

FAINT_SHARE = 0.15
"""Share of the darkest ink of a clean picture that the fringe of its ink has."""
MIN_PAPER_SHARE = 0.15
"""Of a clean picture at least so much has one grey."""
LONE_SHARE, UNEVEN_SHARE, STRAY_SHARE = 0.002, 0.05, 0.005
"""Shares of a clean picture that may be unlike all around them, and no paper though far from dark
and from any ink."""
NARROW_FACTOR, MIN_WIDTHS_LONG = 3.0, 8.0
"""A narrow part of a picture is so many times narrower than the rest, and so many times as long as
it is wide."""


def clean_ink(grey: Grey) -> Ink | None:
    """The ink of a picture whose paper is of one grey; None if it is not."""
    if np.bincount(grey.ravel()).max() < MIN_PAPER_SHARE * grey.size:
        return None
    ink = otsu_ink(grey)
    if np.count_nonzero(_lone(ink)) > LONE_SHARE * grey.size:
        return None
    paper = int(np.bincount(grey[ink == 0]).argmax())
    is_lighter = cv2.mean(grey, ink)[0] > paper
    over = np.arange(256) - paper
    table = np.clip(over if is_lighter else -over, 0, 255).astype(np.uint8)
    signed = np.asarray(cv2.LUT(grey, table), np.uint8)
    other = grey != paper
    far = grown(ink, 2) == 0
    if np.count_nonzero(other & far) > UNEVEN_SHARE * np.count_nonzero(far):
        return None
    far = grown((signed > FAINT_SHARE * int(signed.max())).astype(np.uint8), 2) == 0
    return None if np.count_nonzero(other & far) > STRAY_SHARE * grey.size else signed


def otsu_ink(grey: Grey) -> Mask:
    """1 on the side of Otsu's threshold that is not the paper."""
    low, high = int(grey.min()), int(grey.max())
    if low == high:
        return np.zeros_like(grey)
    # In full contrast, since the greys between two lone ones are all equally good thresholds.
    wide = cv2.convertScaleAbs(grey, alpha=255 / (high - low), beta=-255 * low / (high - low))
    threshold, ink = cv2.threshold(wide, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    if threshold < 1:
        ink = (wide > 127).astype(np.uint8)
    found = np.asarray(ink, np.uint8)
    return np.asarray(1 - found if is_paper(found) else found, np.uint8)


def is_paper(mask: Mask) -> bool:
    """Whether a part of a picture, rather than the rest, is the paper.

    Paper is what the edges of the picture show, and its corners above all: a digit may touch
    every edge, but its corners are round. Only what is narrow and long is no paper even there,
    as the bars of a digit that was cut out tightly, or a frame.
    """
    height, width = mask.shape
    edges = np.concatenate([mask[0], mask[-1], mask[1:-1, 0], mask[1:-1, -1]])
    tall, wide = max(1, height // 12), max(1, width // 12)
    corners = [
        mask[rows, columns].mean()
        for rows in (slice(tall), slice(height - tall, None))
        for columns in (slice(wide), slice(width - wide, None))
    ]
    is_around = bool(edges.mean() + np.mean(corners) > 1)
    around = np.asarray(mask if is_around else 1 - mask, np.uint8)
    return is_around != _is_narrow(around)


def _is_narrow(mask: Mask) -> bool:
    """Whether a part of a picture is far narrower than the rest, and far longer than wide."""
    width, other = (
        2 * float(cv2.distanceTransform(_framed(each), cv2.DIST_L2, 3).max())
        for each in (mask, 1 - mask)
    )
    if NARROW_FACTOR * width >= other or cv2.countNonZero(mask) <= MIN_WIDTHS_LONG * width**2:
        return False
    # A frame has something in it; the margin around a thick 1 has nothing.
    is_ring = bool(mask[0].all() and mask[-1].all() and mask[:, 0].all() and mask[:, -1].all())
    return not is_ring or cv2.connectedComponents(mask)[0] > 2


def _framed(mask: Mask) -> Mask:
    return np.asarray(cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0), np.uint8)


def _lone(mask: Mask) -> NDArray[np.bool_]:
    """Pixels that none of their eight neighbours is like, as in noise."""
    around = cv2.boxFilter(mask, -1, (3, 3), normalize=False, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(np.where(mask > 0, around == 1, around == 8))


def grown(mask: Mask, steps: int) -> Mask:
    side = 2 * steps + 1
    return np.asarray(cv2.dilate(mask, np.ones((side, side), np.uint8)), np.uint8)
