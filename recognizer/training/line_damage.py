"""What is done to the ink of a line before it is read: rules, breaks, specks, blur, thresholds."""

from __future__ import annotations

import cv2
import numpy as np

from recognizer.ink import Ink
from recognizer.training.pen import Rng, chance


def damaged(ink: Ink, height: float, pen: float, legible: bool, rng: Rng) -> Ink:
    """What paper, camera and what was done to the picture before make of the ink.

    height: of a digit; pen: its width; both in pixels. legible: whether nothing is ruled, broken
    or specked.
    """
    found = ink.copy()
    if not legible:
        _disturb(found, height, pen, rng)
    if chance(rng, 0.12):
        found = np.asarray(cv2.GaussianBlur(found, (0, 0), rng.uniform(0.4, 1.2)))
    way = rng.random()
    if way < 0.2:
        found = np.asarray(np.where(found > rng.uniform(70, 170), 255, 0), np.uint8)
    elif way < 0.45:
        found = _rough(found, rng)
    return found if (found > 0).any() else ink


def _disturb(ink: Ink, height: float, pen: float, rng: Rng) -> None:
    if chance(rng, 0.06):
        _rule(ink, height, pen, rng)
    if chance(rng, 0.03):
        _frame_side(ink, pen, rng)
    if chance(rng, 0.06):
        _break(ink, pen, rng)
    if chance(rng, 0.06):
        _speck(ink, pen, rng)


def _rule(ink: Ink, height: float, pen: float, rng: Rng) -> None:
    """A rule that was not erased, whole or in pieces."""
    rows, columns = np.flatnonzero(ink.max(axis=1)), ink.shape[1]
    y = rng.uniform(rows[0], rows[-1] + 1)
    if chance(rng, 0.6):
        y = rows[-1] + rng.uniform(-0.15, 0.1) * height
    ends = np.sort(rng.uniform(0, columns, 2)) if chance(rng) else (0, columns)
    _line(ink, (ends[0], y), (ends[1], y + rng.normal(0, 0.02) * columns), pen, rng)


def _frame_side(ink: Ink, pen: float, rng: Rng) -> None:
    """The side of a box beside the writing, higher than that."""
    columns = np.flatnonzero(ink.max(axis=0))
    x = columns[0] - 4 * pen if chance(rng) else columns[-1] + 4 * pen
    _line(ink, (x, 0), (x + rng.normal(0, 1), ink.shape[0]), pen, rng)


def _line(
    ink: Ink, start: tuple[float, float], end: tuple[float, float], pen: float, rng: Rng
) -> None:
    drawn = np.zeros_like(ink)
    ends = [tuple(np.round(np.multiply(each, 16)).astype(int).tolist()) for each in (start, end)]
    thick = max(1, round(pen * rng.uniform(0.2, 0.6)))
    cv2.line(drawn, ends[0], ends[1], float(rng.uniform(90, 255)), thick, cv2.LINE_AA, 4)
    np.maximum(ink, drawn, out=ink)


def _break(ink: Ink, pen: float, rng: Rng) -> None:
    """Thin lines of paper through the ink, as where a rule was erased."""
    height, width = ink.shape
    thick = max(1, round(pen * rng.uniform(0.2, 0.6)))
    for _ in range(int(rng.integers(1, 3))):
        if chance(rng, 0.7):
            y = int(rng.integers(height))
            cv2.line(ink, (0, y), (width, y + int(rng.normal(0, 2))), 0, thick)
        else:
            x = int(rng.integers(width))
            cv2.line(ink, (x, 0), (x + int(rng.normal(0, 4)), height), 0, thick)


def _speck(ink: Ink, pen: float, rng: Rng) -> None:
    """Dirt smaller than the pen is wide."""
    height, width = ink.shape
    for _ in range(int(rng.integers(1, 6))):
        at = int(rng.integers(width)), int(rng.integers(height // 4, max(3 * height // 4, 2)))
        cv2.circle(ink, at, max(0, int(pen * rng.uniform(0, 0.25))), int(rng.integers(80, 256)), -1)


def _rough(ink: Ink, rng: Rng) -> Ink:
    """Ink with the rough edges of what was told from paper by a threshold."""
    noise = rng.normal(0, rng.uniform(10, 60), ink.shape).astype(np.float32)
    grey = cv2.GaussianBlur(ink.astype(np.float32) + noise, (0, 0), rng.uniform(0.5, 1.0))
    dark = np.asarray(np.where(grey > rng.uniform(90, 150), 255, 0), np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    kept = stats[:, cv2.CC_STAT_AREA] >= 4
    kept[0] = False
    return np.asarray(np.where(kept[labels], 255, 0), np.uint8)
