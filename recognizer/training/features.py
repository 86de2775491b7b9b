"""How drawings look to the methods that judge labels: their ink, and what the pen did.

Processes describe them, and none of these needs Keras; so this file does without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer import glyph, ink
from recognizer.datasets import Sample
from recognizer.geometry import Box, Points, evenly
from recognizer.processes import in_parallel
from recognizer.strokes import Stroke, bounds

Floats = NDArray[np.float32]

PATH_POINTS = 30
"""Points that the pen's path is described by."""
POOLED_PX = 4
"""Pixels of a glyph that are taken together along each axis."""
MIN_SIDE = 1.0
"""Of a drawing, in the unit of its tablet: a dot is no smaller."""
CHUNK_DRAWINGS = 64
"""Drawings that a process draws at a time."""


@dataclass(frozen=True, eq=False)
class Described:
    """Drawings as the methods see them.

    glyphs: (n, 28, 28, 5) uint8, the ink and the pen's directions. features: (n, features), of
    the pen's path and of coarse glyphs.
    """

    glyphs: NDArray[np.uint8]
    features: Floats

    def __getitem__(self, numbers: NDArray[np.intp]) -> Described:
        return Described(self.glyphs[numbers], self.features[numbers])


def described(samples: Sequence[Sample]) -> Described:
    """The drawings of samples that have strokes, worked out on all cores."""
    strokes = [sample.strokes for sample in samples]
    drawn = in_parallel(_describe, strokes, "drawing", unit=" drawings", chunk=CHUNK_DRAWINGS)
    glyphs, features = zip(*drawn, strict=True)
    return Described(np.stack(glyphs), np.stack(features))


def _describe(strokes: tuple[Stroke, ...]) -> tuple[NDArray[np.uint8], Floats]:
    """The glyph of a drawing with its directions, (28, 28, 5), and its features (features,)."""
    side = max(bounds(strokes).side, MIN_SIDE)
    drawn, ways = glyph.normalize_with_directions(
        *ink.render_with_directions(strokes, (side, side))
    )
    maps = np.concatenate([drawn[..., None], ways], axis=2)
    cells = glyph.SIZE_PX // POOLED_PX
    coarse = maps.reshape(cells, POOLED_PX, cells, POOLED_PX, -1).mean(axis=(1, 3)) / 255
    path = _path(np.concatenate([stroke.points for stroke in strokes]))
    return maps, np.concatenate([np.sqrt(coarse), path], axis=None, dtype=np.float32)


def _path(points: Points) -> Points:
    """Where the pen was and which way it went at points equally far apart, (points, 4).

    The ways between strokes count as if they were drawn.
    """
    box = Box.around(points)
    path = evenly(points, PATH_POINTS)
    steps = np.gradient(path, axis=0)
    lengths = np.hypot(*steps.T)[:, None]
    ways = np.divide(steps, lengths, out=np.zeros_like(steps), where=lengths > 0)
    return np.concatenate([(path - box.middle) / max(box.side, MIN_SIDE), ways], axis=1)
