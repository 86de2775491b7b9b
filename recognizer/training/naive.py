"""What most programs do with a drawing, and what this one does: two pictures of one canvas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recognizer import glyph, ink
from recognizer.strokes import Stroke
from recognizer.training.conditions import shrunk
from recognizer.training.data import TABLET, Drawing, Images

CANVAS, PEN = 280, 20
"""Side of the canvas and width of the pen in pixels: shrunk, it is about as wide as MNIST's."""


def canvas(drawing: Drawing) -> ink.Ink:
    """The drawing at the size and place that its writer chose, (280, 280)."""
    scale = CANVAS / TABLET
    strokes = [Stroke(stroke.points * scale, PEN) for stroke in drawing.strokes]
    return ink.render(strokes, (CANVAS, CANVAS))


def whole(drawings: Sequence[Drawing]) -> Images:
    """The usual way: the whole canvas made 28 × 28, nothing cropped and nothing centred."""
    return _labelled(shrunk([255 - canvas(drawing) for drawing in drawings]), drawings)


def normalized(drawings: Sequence[Drawing]) -> Images:
    """The same canvases as glyphs."""
    glyphs = [glyph.normalize(canvas(drawing)) for drawing in drawings]
    return _labelled(np.stack(glyphs), drawings)


def _labelled(glyphs: NDArray[np.uint8], drawings: Sequence[Drawing]) -> Images:
    return Images(glyphs, np.array([drawing.digit for drawing in drawings], dtype=np.uint8))
