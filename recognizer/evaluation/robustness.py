"""Robustness: what badly made drawings cost, and whether what is no character is told from them.

The validation writers' drawings are redrawn in the corners of a canvas of 560 pixels by turns,
at several sizes and with several pens. They are read from the pen's strokes and from the
picture of the canvas. Of the same drawings scribbles, fragments and pairs are made, which are
out of distribution, each kind with its own seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby, product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer import Recognizer, glyph, ink
from recognizer.datasets import Drawing
from recognizer.model import card
from recognizer.processes import in_parallel
from recognizer.strokes import Stroke, bounds, transformed
from recognizer.training import augment, doodles
from recognizer.training.synthesis import EXTENT

REDRAWN_SIDE_PX = 560
REDRAWN_SIZES = (0.1, 0.2, 0.4, 0.7, 1.0)
"""Longest side of the drawing with its pen, as a share of the canvas."""
REDRAWN_PENS_PX = (2, 5, 10, 20, 40)
"""Pen widths in pixels."""
MAX_LEGIBLE_PEN_SHARE = 1 / 6
"""A pen wider than this share of the drawing closes its loops, and nobody could read it."""
JOBS_PER_CELL = 4
"""Parts of the work on each cell, so that the cores end together."""
DRAWINGS_PER_KIND, KINDS_SEED = 300, 101
"""How many of each kind out of distribution are made."""


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


def robustness_figures(cells: Sequence[RedrawnCell], plain: int, n: int) -> dict[str, Any]:
    """Percentage points lost against the drawings as they are: on average, and at worst.

    plain: how many of the n drawings are read right as they are.
    """
    strokes, picture = np.mean([(cell.strokes, cell.picture) for cell in cells], axis=0)
    worst = min(cells, key=lambda cell: min(cell.strokes, cell.picture))
    ways = f"redrawn at {len(cells)} sizes and pens, mean of the worse of strokes and picture"
    worst_way = f"redrawn at {worst.size:.0%} with a pen of {worst.pen} px, the worst of all"
    right = {
        "robustness_loss_points": (min(strokes, picture), ways),
        "robustness_strokes_loss_points": (strokes, "redrawn, read from strokes, mean"),
        "robustness_picture_loss_points": (picture, "redrawn, read as picture, mean"),
        "robustness_worst_loss_points": (min(worst.strokes, worst.picture), worst_way),
    }
    return {
        name: card.figure(max(0.0, 100 * float(plain - count) / n), "points", of, n=n)
        for name, (count, of) in right.items()
    }


def describe_cells(cells: Sequence[RedrawnCell], n: int) -> dict[str, Any]:
    """The cells, each of n drawings, as an object of JSON."""
    found = [asdict(cell) for cell in cells]
    return {"n": n, "sizes": REDRAWN_SIZES, "pens": REDRAWN_PENS_PX, "cells": found}


def _measure_cell(
    folder: Path, drawings: Sequence[Drawing], job: tuple[tuple[float, int], int]
) -> RedrawnCell:
    recognizer, extent = Recognizer(folder), (REDRAWN_SIDE_PX, REDRAWN_SIDE_PX)
    (size, pen), part = job
    strokes = picture = 0
    for number in range(part, len(drawings), JOBS_PER_CELL):
        drawing, corner = drawings[number], (float(number % 2), float(number // 2 % 2))
        redrawn = redraw(drawing, REDRAWN_SIDE_PX, size, pen, at=corner)
        strokes += recognizer.classify_strokes(redrawn, extent).label == drawing.label
        canvas = 255 - ink.render(redrawn, extent)
        picture += recognizer.classify_image(canvas).label == drawing.label
    return RedrawnCell(size, pen, strokes, picture)


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


@dataclass(frozen=True, eq=False)
class OutOfDistribution:
    """One kind of what is no character, with what the model predicts.

    glyphs: (n, 28, 28) uint8; probabilities: (n, number of labels), as of `predict_joint`.
    """

    name: str
    glyphs: NDArray[np.uint8]
    probabilities: NDArray[np.float32]

    @property
    def confidence(self) -> NDArray[np.float32]:
        """(n,) probabilities of the likeliest labels."""
        return np.asarray(self.probabilities.max(axis=1))


def read_out_of_distribution(
    recognizer: Recognizer, drawings: Sequence[Drawing]
) -> list[OutOfDistribution]:
    """Make all kinds from the drawings, and let the model read them."""
    found = []
    for number, (name, make) in enumerate(KINDS.items()):
        rng = np.random.default_rng([KINDS_SEED, number])
        glyphs = np.stack([make(drawings, rng) for _ in range(DRAWINGS_PER_KIND)])
        found.append(OutOfDistribution(name, glyphs, recognizer.predict_joint(glyphs)))
    return found


def out_of_distribution_figures(
    kinds: Sequence[OutOfDistribution], characters: NDArray[np.float32], threshold: float
) -> dict[str, Any]:
    """How well the confidence tells characters from each kind and from all together.

    characters: (n,) confidences of real characters. `auroc` is the probability that a character
    gets more confidence than what is none (1 at best, 0.5 by chance); `unsure` is the share of
    what is none whose reading is marked as not sure.
    """
    from sklearn.metrics import roc_auc_score  # the processes that redraw do without it

    confidences = {kind.name: kind.confidence for kind in kinds}
    confidences["together"] = np.concatenate(list(confidences.values()))
    found = {}
    for name, outside in confidences.items():
        truth = [1] * len(characters) + [0] * len(outside)
        auroc = roc_auc_score(truth, np.concatenate([characters, outside]))
        unsure = float(np.mean(outside <= threshold))
        found[name] = {"n": len(outside), "auroc": float(auroc), "unsure": unsure}
    return found


def _scribble(drawings: Sequence[Drawing], rng: np.random.Generator) -> glyph.Glyph:
    return augment.draw_as_people_do(doodles.scribble(rng), rng)[..., 0]


def _fragment(drawings: Sequence[Drawing], rng: np.random.Generator) -> glyph.Glyph:
    """The first or the last half of the pen's way."""
    drawing = drawings[int(rng.integers(len(drawings)))]
    lengths = [np.hypot(*np.diff(s.points, axis=0).T).sum() for s in drawing.strokes]
    half, first = sum(lengths) / 2, rng.random() < 0.5
    kept, start = [], 0.0
    for stroke, length in zip(drawing.strokes, lengths, strict=True):
        steps = np.hypot(*np.diff(stroke.points, axis=0, prepend=stroke.points[:1]).T)
        along = start + np.cumsum(steps)
        points = stroke.points[along <= half if first else along >= half]
        kept += [Stroke(points)] if len(points) else []
        start += length
    return _glyph(kept)


def _merged(drawings: Sequence[Drawing], rng: np.random.Generator) -> glyph.Glyph:
    """Two drawings as one: the second over the first, or beside it and touching."""
    left, right = (drawings[int(rng.integers(len(drawings)))].strokes for _ in range(2))
    first, second = bounds(left), bounds(right)
    across = first.x + rng.uniform(0.2, 1) * first.width - second.x
    down = first.middle[1] - second.middle[1]
    return _glyph([*left, *transformed(right, to=(across, down))])


def _glyph(strokes: Sequence[Stroke]) -> glyph.Glyph:
    return glyph.normalize(ink.render_to_fit(strokes, EXTENT))


Make = Callable[[Sequence[Drawing], np.random.Generator], glyph.Glyph]
KINDS: dict[str, Make] = {"scribbles": _scribble, "fragments": _fragment, "merged": _merged}
