"""Robustness: how much worse small, large, thin, thick and badly placed drawings are read.

The validation writers' drawings are redrawn in the corners of a canvas of 560 pixels by turns,
at several sizes and with several pens. They are read from the pen's strokes and from the
picture of the canvas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby, product
from pathlib import Path
from typing import Any

import numpy as np

from recognizer import Recognizer
from recognizer.datasets import Drawing
from recognizer.ink import render
from recognizer.model import card
from recognizer.processes import in_parallel
from recognizer.strokes import Stroke, bounds, transformed

REDRAWN_SIDE_PX = 560

REDRAWN_SIZES = (0.1, 0.2, 0.4, 0.7, 1.0)
"""Longest side of the drawing with its pen, as a share of the canvas."""

REDRAWN_PENS_PX = (2, 5, 10, 20, 40)
"""Pen widths in pixels."""

MAX_LEGIBLE_PEN_SHARE = 1 / 6
"""A pen wider than this share of the drawing closes its loops, and nobody could read it."""

JOBS_PER_CELL = 4
"""Parts of the work on each cell, so that the cores end together."""


@dataclass(frozen=True)
class RedrawnCell:
    """A size and a pen, and how many of the drawings redrawn so were read right.

    size: one of `REDRAWN_SIZES`; pen: in pixels; strokes, picture: how many were read right
    from the pen's strokes and from the picture.
    """

    size: float
    pen: int
    strokes: int
    picture: int

    @property
    def worst(self) -> int:
        """How many were read right in the worse of both ways."""
        return min(self.strokes, self.picture)


def redrawn_ways() -> list[tuple[float, int]]:
    """Every size with every pen with which a drawing of that size is legible."""
    return [
        (size, pen)
        for size, pen in product(REDRAWN_SIZES, REDRAWN_PENS_PX)
        if pen <= MAX_LEGIBLE_PEN_SHARE * size * REDRAWN_SIDE_PX
    ]


def read_redrawn(folder: Path, drawings: Sequence[Drawing]) -> list[RedrawnCell]:
    """How many drawings the model in `folder` reads right, redrawn in each of the ways."""
    jobs = [(way, part) for way in redrawn_ways() for part in range(JOBS_PER_CELL)]
    parts = in_parallel(partial(_measure_cell, folder, drawings), jobs, "redrawing")
    return [
        RedrawnCell(*way, sum(cell.strokes for cell in cells), sum(cell.picture for cell in cells))
        for way, same in groupby(parts, key=lambda cell: (cell.size, cell.pen))
        for cells in [list(same)]
    ]


def robustness_figures(
    cells: Sequence[RedrawnCell], plain: int, n: int
) -> dict[str, dict[str, Any]]:
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


def describe_cells(cells: Sequence[RedrawnCell], n: int) -> dict[str, Any]:
    """The cells, each of n drawings, as an object of JSON."""
    found = [asdict(cell) for cell in cells]
    return {"n": n, "sizes": REDRAWN_SIZES, "pens": REDRAWN_PENS_PX, "cells": found}


def _measure_cell(
    folder: Path, drawings: Sequence[Drawing], job: tuple[tuple[float, int], int]
) -> RedrawnCell:
    recognizer = Recognizer(folder)
    (size, pen), part = job
    strokes = picture = 0
    for number in range(part, len(drawings), JOBS_PER_CELL):
        drawing = drawings[number]
        redrawn = redraw(drawing, REDRAWN_SIDE_PX, size, pen, at=_corner(number))
        extent = (REDRAWN_SIDE_PX, REDRAWN_SIDE_PX)
        strokes += recognizer.classify_strokes(redrawn, extent).label == drawing.label
        canvas = 255 - render(redrawn, extent)
        picture += recognizer.classify_image(canvas).label == drawing.label
    return RedrawnCell(size, pen, strokes, picture)


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
    scale = (size * canvas - pen) / max(box.side, 1.0)
    place = pen / 2 + (canvas - pen - np.array(box.size) * scale) * at
    return transformed(drawing.strokes, scale, origin=box.corner, to=place, pen=float(pen))
