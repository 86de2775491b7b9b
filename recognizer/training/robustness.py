"""What small, large, thin, thick and badly placed drawings cost.

The validation writers' drawings are redrawn on a canvas of 560 pixels, in the corners by
turns, at several sizes and with several pens, and read from the pen's strokes and from the
picture of the canvas.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby, product
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from tqdm import tqdm

from recognizer import Recognizer
from recognizer.ink import render
from recognizer.strokes import Stroke, bounds
from recognizer.training import card
from recognizer.training.data import Drawing

CANVAS = 560
SIZES = (0.1, 0.2, 0.4, 0.7, 1.0)
"""Longest side of the drawing with its pen, as a share of the canvas."""
PENS = (2, 5, 10, 20, 40)
"""Pen widths in pixels."""
LEGIBLE = 1 / 6
"""A pen wider than this share of the drawing closes its loops, and nobody could read it."""
PARTS = 4
"""Pieces of the work for each way to draw, so that the cores end together."""

Job = TypeVar("Job")
Result = TypeVar("Result")


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


def read_all_ways(folder: Path, drawings: Sequence[Drawing]) -> list[Cell]:
    """How many of the drawings the model in `folder` reads right, redrawn in each of the ways."""
    jobs = [(way, part) for way in ways() for part in range(PARTS)]
    parts = in_parallel(partial(_measure_cell, folder, drawings), jobs, "redrawing")
    return [
        Cell(*way, sum(cell.strokes for cell in cells), sum(cell.picture for cell in cells))
        for way, same in groupby(parts, key=lambda cell: (cell.size, cell.pen))
        for cells in [list(same)]
    ]


def figures(cells: Sequence[Cell], plain: int, n: int) -> dict[str, dict[str, Any]]:
    """Percentage points lost against the drawings as they are: on average, and at worst.

    plain: how many of the n drawings are read right as they are.
    """
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


def describe(cells: Sequence[Cell], n: int) -> dict[str, Any]:
    """The cells, each of n drawings, as an object of JSON."""
    ways = [asdict(cell) for cell in cells]
    return {"n": n, "sizes": SIZES, "pens": PENS, "ways": ways}


def in_parallel(work: Callable[[Job], Result], jobs: Sequence[Job], title: str) -> list[Result]:
    """The results of the jobs in their order, worked out on all cores."""
    # A spawned process does not inherit the threads that TensorFlow has started.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        results: Iterable[Result] = pool.map(work, jobs)
        return list(tqdm(results, total=len(jobs), desc=title, leave=False))


def _measure_cell(
    folder: Path, drawings: Sequence[Drawing], job: tuple[tuple[float, int], int]
) -> Cell:
    recognizer = Recognizer(folder)
    (size, pen), part = job
    strokes = picture = 0
    for number in range(part, len(drawings), PARTS):
        drawing = drawings[number]
        redrawn = redraw(drawing, CANVAS, size, pen, at=_corner(number))
        read = recognizer.classify_strokes(redrawn, extent=(CANVAS, CANVAS)).digit
        strokes += read == drawing.digit
        canvas = 255 - render(redrawn, (CANVAS, CANVAS))
        picture += recognizer.classify_image(canvas).digit == drawing.digit
    return Cell(size, pen, strokes, picture)


def _corner(number: int) -> tuple[float, float]:
    return float(number % 2), float(number // 2 % 2)


def redraw(
    drawing: Drawing, canvas: int, size: float, pen: float, at: tuple[float, float]
) -> tuple[Stroke, ...]:
    """The drawing with its ink `size` of the canvas large, at a place on it.

    canvas: its side in pixels. pen: width in pixels. at: from (0, 0), the left top corner, to
    (1, 1), the right bottom one.
    """
    box = bounds(drawing.strokes)
    assert box is not None
    left, top, right, bottom = box
    scale = (size * canvas - pen) / max(right - left, bottom - top, 1.0)
    room = canvas - pen - np.array([right - left, bottom - top]) * scale
    place = pen / 2 + room * at
    return tuple(
        Stroke((stroke.points - (left, top)) * scale + place, float(pen))
        for stroke in drawing.strokes
    )
