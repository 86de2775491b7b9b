"""Pictures as people feed to such programs, one kind of fault each, of the tests' own digits.

Each is grey, (height, width) uint8, or colour, and comes with what is written in it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.geometry import Box
from recognizer.ink import Ink, render
from recognizer.strokes import Stroke
from tests.samples import drawn, pen_digits, written

Picture = NDArray[np.uint8]
THIN_SEVEN = [(100.0, 50.0), (300.0, 50.0), (133.0, 450.0)]
Lines = list[list[tuple[float, float]]]
BAR_DIGITS: dict[str, Lines] = {
    "1": [[(0.5, 0), (0.5, 1)]],
    "4": [[(0.05, 0), (0.05, 0.5), (0.6, 0.5)], [(0.6, 0), (0.6, 1)]],
    "5": [[(0.6, 0), (0, 0), (0, 0.5), (0.6, 0.5), (0.6, 1), (0, 1)]],
    "7": [[(0, 0), (0.6, 0), (0.6, 1)]],
    "6": [[(0.6, 0), (0, 0), (0, 1), (0.6, 1), (0.6, 0.5), (0, 0.5)]],
    "9": [[(0.6, 0.5), (0, 0.5), (0, 0), (0.6, 0), (0.6, 1), (0, 1)]],
}
"""Digits of bars, as on a calculator, 1 high."""


def jpeg(picture: Picture, quality: int = 80) -> Picture:
    """The picture as a JPEG file gives it back."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def noisy(picture: NDArray[Any], spread: float, seed: int = 5) -> Picture:
    noise = np.random.default_rng(seed).normal(0, spread, picture.shape)
    return np.asarray(np.clip(picture + noise, 0, 255), dtype=np.uint8)


def on_sheet(ink: Ink, size: tuple[int, int], at: tuple[int, int] | None = None) -> Ink:
    """Ink on blank paper of (width, height), in its middle or with its corner at a place."""
    sheet = np.zeros(size[::-1], dtype=np.uint8)
    height, width = ink.shape
    left, top = at or ((size[0] - width) // 2, (size[1] - height) // 2)
    sheet[top : top + height, left : left + width] = ink
    return sheet


def tight(digit: int, side: int, pen_share: float) -> Ink:
    """A digit whose longest side is the picture's, cut out without a margin."""
    strokes = next(strokes for strokes, label in pen_digits() if label == digit)
    return cut_out(drawn(strokes, side, pen_share * side, share=1.0))


def cut_out(ink: Ink) -> Ink:
    """Ink without any margin."""
    left, top, width, height = cv2.boundingRect(ink)
    return np.ascontiguousarray(ink[top : top + height, left : left + width])


def of_lines(
    lines: Lines,
    size: tuple[int, int],
    pen: float,
    scale: float = 1.0,
    at: tuple[float, float] = (0, 0),
) -> Ink:
    """Lines through points as ink."""
    return render([Stroke(np.array(line) * scale + at, pen) for line in lines], size)


def of_bars(digit: str, height: float, pen: float, margin: int = 0) -> Ink:
    """A digit made of bars."""
    points = np.concatenate(BAR_DIGITS[digit])
    left, wide = points[:, 0].min(), np.ptp(points[:, 0])
    ink = np.zeros(
        [round(side * (height - pen) + pen) + 2 * margin for side in (1, wide)], np.uint8
    )
    for bars in BAR_DIGITS[digit]:
        corners = (np.array(bars) - (left, 0)) * (height - pen) + margin
        for start, end in pairwise(corners):
            x, y = np.round(np.minimum(start, end)).astype(int)
            right, bottom = np.round(np.maximum(start, end) + pen).astype(int)
            ink[y:bottom, x:right] = 255
    return ink


def line(ink: Ink, start: tuple[float, float], end: tuple[float, float], pen: float = 2) -> Ink:
    """Ink with a straight line more."""
    size = ink.shape[::-1]
    more = render([Stroke(np.array([start, end], dtype=np.float64), pen)], (size[0], size[1]))
    return np.maximum(ink, more)


def frame(ink: Ink, box: tuple[int, int, int, int], pen: int = 2) -> Ink:
    """Ink with a rectangle (left, top, right, bottom) more."""
    found = ink.copy()
    cv2.rectangle(found, box[:2], box[2:], 255, pen)
    return found


def form(text: str, cell: int = 90, height: float = 54, pen: float = 5, side: int = 2) -> Ink:
    """A digit in each of the joined boxes of a form; a space leaves a box empty."""
    sheet = np.zeros((cell + 60, cell * len(text) + 60), dtype=np.uint8)
    for number, digit in enumerate(text):
        left = 30 + number * cell
        if digit != " ":
            ink = written(digit, height, pen, margin=4)
            top = 30 + (cell - ink.shape[0]) // 2
            start = left + (cell - ink.shape[1]) // 2
            part = sheet[top : top + ink.shape[0], start : start + ink.shape[1]]
            np.maximum(part, ink, out=part)
        sheet = frame(sheet, (left, 30, left + cell, 30 + cell), side)
    return sheet


def table(rows: Sequence[str], cell: int, height: float, pen: float, side: int = 2) -> Ink:
    """Numbers in the cells of a table with one column."""
    wide = max(written(row, height, pen, margin=0).shape[1] for row in rows) + cell
    sheet = np.zeros((cell * len(rows) + 60, wide + 60), dtype=np.uint8)
    for number, row in enumerate(rows):
        ink = written(row, height, pen, margin=0)
        top = 30 + number * cell + (cell - ink.shape[0]) // 2
        start = 30 + (wide - ink.shape[1]) // 2
        part = sheet[top : top + ink.shape[0], start : start + ink.shape[1]]
        np.maximum(part, ink, out=part)
        sheet = frame(sheet, (30, 30 + number * cell, 30 + wide, 30 + (number + 1) * cell), side)
    return sheet


def squared(ink: Ink, step: int = 60, grey: int = 150, thickness: int = 1) -> Picture:
    """Dark ink on white paper with a grid."""
    paper = np.full(ink.shape, 255, dtype=np.uint8)
    for at in range(step // 2, max(ink.shape), step):
        paper[at : at + thickness] = paper[:, at : at + thickness] = grey
    return np.minimum(paper, 255 - ink)


def on_table(
    sheet: Picture,
    table: int = 20,
    light: float = 0.85,
    turn: float = 0,
    margin: int | None = None,
) -> Picture:
    """A sheet of paper that is lit so much, lying on a table."""
    height, width = sheet.shape
    margin = max(height, width) // 5 if margin is None else margin
    lit = np.asarray(sheet * light, dtype=np.uint8)
    whole = np.pad(lit, margin, constant_values=table)
    middle = whole.shape[1] / 2, whole.shape[0] / 2
    matrix = cv2.getRotationMatrix2D(middle, turn, 1)
    turned = cv2.warpAffine(whole, matrix, whole.shape[::-1], borderValue=table)
    return noisy(np.asarray(turned), 3)


def in_shade(grey: Picture, dim: float, edge: float = 0.5, slope: float = 0.3) -> Picture:
    """A picture with a hard shade over what lies left of a slanted edge."""
    height, width = grey.shape
    y, x = np.mgrid[:height, :width]
    off = x - edge * width - slope * (y - height / 2)
    light = dim + (1 - dim) / (1 + np.exp(-np.clip(off / 2, -30, 30)))
    return noisy(grey * light, 3)


def soft(digit: int, dark: int = 90) -> Picture:
    """A faint digit with soft edges in 28 × 28 pixels, dark on white, as paint programs make it."""
    ink = cv2.resize(tight(digit, 160, 0.12), (12, 16), interpolation=cv2.INTER_AREA)
    whole = cv2.GaussianBlur(on_sheet(np.asarray(ink), (28, 28)), (3, 3), 0)
    return np.asarray(255 - whole * (dark / 255), dtype=np.uint8)


def texture(kind: str, size: tuple[int, int]) -> Picture:
    """What is no writing at all: noise, plasma, leaves, a comb, mild noise on paper."""
    width, height = size
    rng = np.random.default_rng(1)
    makers: dict[str, Callable[[], NDArray[Any]]] = {
        "noise": lambda: rng.integers(0, 256, (height, width), dtype=np.uint8),
        "mild noise": lambda: np.clip(rng.normal(235, 4, (height, width)), 0, 255),
        "plasma": lambda: _plasma(width, height, rng),
        "leaves": lambda: _leaves(width, height, rng),
        "comb": lambda: np.tile(np.where(np.arange(width) % 4 < 2, 0, 255), (height, 1)),
    }
    return np.asarray(makers[kind](), dtype=np.uint8)


def _plasma(width: int, height: int, rng: np.random.Generator) -> NDArray[Any]:
    total = np.zeros((height, width), dtype=np.float32)
    for level in range(1, 8):
        small = rng.normal(0, 0.6**level, (2**level + 1, 2**level + 1)).astype(np.float32)
        total += cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(255 * (total - total.min()) / np.ptp(total))


def _leaves(width: int, height: int, rng: np.random.Generator) -> NDArray[Any]:
    sheet = np.full((height, width), 90, dtype=np.uint8)
    for _ in range(3000):
        middle = int(rng.integers(width)), int(rng.integers(height))
        axes = int(rng.integers(4, 1 + width // 25)), int(rng.integers(3, 1 + width // 60))
        turn, grey = float(rng.uniform(0, 180)), int(rng.integers(20, 220))
        cv2.ellipse(sheet, middle, axes, turn, 0, 360, grey, -1)
    return sheet


SIGN_LINES: dict[str, tuple[float, Lines]] = {
    ",": (0.2, [[(0.12, 0.95), (0.02, 1.2)]]),
    "-": (0.5, [[(0, 0.52), (0.5, 0.52)]]),
    "÷": (
        0.55,
        [[(0, 0.52), (0.55, 0.52)], [(0.27, 0.3), (0.28, 0.31)], [(0.27, 0.74), (0.28, 0.75)]],
    ),
}
"""How wide signs are, and their lines, in heights of a digit."""


def with_signs(text: str, height: float = 80, pen: float = 7, margin: int = 60) -> Ink:
    """A line of digits and signs."""
    left = float(margin)
    strokes: list[Stroke] = []
    drawings = {str(digit): lines for lines, digit in pen_digits()}
    for label in text:
        if label in SIGN_LINES:
            wide, drawn_lines = SIGN_LINES[label]
            lines = [np.array(each) * height for each in drawn_lines]
        else:
            points = np.concatenate(drawings[label])
            low, size = points.min(axis=0), np.ptp(points, axis=0)
            lines = [(each - low) * height / size[1] for each in drawings[label]]
            wide = size[0] / size[1]
        strokes += [Stroke(each + np.array((left, margin)), pen) for each in lines]
        left += (wide + 0.3) * height
    return render(strokes, (round(left + margin), round(1.3 * height + 2 * margin)))


def scribbled_out(ink: Ink, box: Box, turns: int, pen: float) -> Ink:
    """Ink with a zigzag over a box, as over a digit that was wrong."""
    x = np.linspace(box.x, box.right, 2 * turns)
    y = np.where(np.arange(2 * turns) % 2, box.bottom, box.y)
    zigzag = Stroke(np.stack([x, y], axis=1).astype(np.float64), pen)
    return np.maximum(ink, render([zigzag], (ink.shape[1], ink.shape[0])))
