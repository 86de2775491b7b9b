"""What small, large, thin, thick and badly placed drawings cost.

The validation writers' drawings are redrawn on a canvas of 560 pixels, in the corners by
turns, at several sizes and with several pens, and read from the pen's strokes and from the
picture of the canvas.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from recognizer import Recognizer
from recognizer.ink import render
from recognizer.strokes import Stroke, bounds
from recognizer.training import card
from recognizer.training.data import Drawing
from recognizer.training.material import EXTENT

CANVAS = 560
SIZES = (0.1, 0.2, 0.4, 0.7, 1.0)
"""Longest side of the drawing with its pen, as a share of the canvas."""
PENS = (2, 5, 10, 20, 40)
"""Pen widths in pixels."""
LEGIBLE = 1 / 6
"""A pen wider than this share of the drawing closes its loops, and nobody could read it."""


@dataclass(frozen=True)
class Cell:
    """One way to draw, and how many of the drawings were read right then."""

    size: float
    pen: int
    strokes: int
    picture: int

    @property
    def worst(self) -> int:
        return min(self.strokes, self.picture)


def ways() -> list[tuple[float, int]]:
    """Every size with every pen with which a drawing of that size is legible."""
    return [(size, pen) for size, pen in product(SIZES, PENS) if pen <= LEGIBLE * size * CANVAS]


def measure(folder: Path, drawings: list[Drawing]) -> dict[str, dict[str, Any]]:
    """Percentage points lost against the drawings as they are: on average, and at worst."""
    recognizer = Recognizer(folder)
    plain = sum(
        recognizer.classify_strokes(d.strokes, extent=EXTENT).digit == d.digit for d in drawings
    )
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        cells = list(
            tqdm(
                pool.map(partial(_measure_cell, folder, drawings), ways()),
                total=len(ways()),
                desc="redrawing",
                leave=False,
            )
        )
    n = len(drawings)
    means = [np.mean([getattr(cell, kind) for cell in cells]) for kind in ("strokes", "picture")]
    worst = min(cells, key=lambda cell: cell.worst)
    lost = {
        "robustness_loss_points": (
            plain - min(means),
            f"redrawn at {len(cells)} sizes and pens, mean of the worse of strokes and picture",
        ),
        "robustness_strokes_loss_points": (plain - means[0], "redrawn, read from strokes, mean"),
        "robustness_picture_loss_points": (plain - means[1], "redrawn, read as picture, mean"),
        "robustness_worst_loss_points": (
            plain - worst.worst,
            f"redrawn at {worst.size:.0%} with a pen of {worst.pen} px, the worst of all",
        ),
    }
    return {
        name: card.figure(max(0.0, 100 * float(value) / n), "points", of, n=n)
        for name, (value, of) in lost.items()
    }


def _measure_cell(folder: Path, drawings: list[Drawing], way: tuple[float, int]) -> Cell:
    recognizer = Recognizer(folder)
    size, pen = way
    strokes = picture = 0
    for number, drawing in enumerate(drawings):
        redrawn = redraw(drawing, size, pen, corner=number % 4)
        read = recognizer.classify_strokes(redrawn, extent=(CANVAS, CANVAS)).digit
        strokes += read == drawing.digit
        canvas = 255 - render(redrawn, (CANVAS, CANVAS))
        picture += recognizer.classify_image(canvas).digit == drawing.digit
    return Cell(size, pen, strokes, picture)


def redraw(drawing: Drawing, size: float, pen: int, corner: int) -> tuple[Stroke, ...]:
    """The drawing with its ink `size` of the canvas large, in one of its four corners."""
    box = bounds(drawing.strokes)
    assert box is not None
    left, top, right, bottom = box
    scale = (size * CANVAS - pen) / max(right - left, bottom - top, 1.0)
    room = CANVAS - pen - np.array([right - left, bottom - top]) * scale
    place = pen / 2 + room * (corner % 2, corner // 2)
    return tuple(
        Stroke((stroke.points - (left, top)) * scale + place, float(pen))
        for stroke in drawing.strokes
    )
