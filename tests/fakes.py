"""A recognizer without a network: it compares with the ten drawings of the demo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from recognizer import glyph, ink
from recognizer.files import SAVED_MODEL
from recognizer.inkml import demo_drawings
from recognizer.model import Model, Probabilities
from recognizer.model.card import load
from recognizer.reading import Reading, Recognizer
from recognizer.strokes import Cache


class NearestModel(Model):
    """Knows the glyphs of the demo's drawings; its card is the saved model's, but for `sure`.

    softness: how little likelier a nearer drawing is.
    """

    def __init__(self, threshold: float, softness: float) -> None:
        self._softness = softness
        self.card = replace(load(SAVED_MODEL), acceptance_threshold=threshold)
        inks = [
            ink.render_to_fit(strokes, (500, 500)) for _, strokes in sorted(demo_drawings().items())
        ]
        self._known = np.stack([glyph.normalize(drawn) for drawn in inks]).astype(np.float32) / 255

    def predict_proba(self, glyphs: Any, directions: Any = None) -> Probabilities:
        seen = np.asarray(glyphs, dtype=np.float32)[:, None] / 255
        differences = ((self._known - seen) ** 2).sum(axis=(2, 3))
        weights = np.exp((differences.min(axis=1, keepdims=True) - differences) / self._softness)
        return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


class NearestDrawing(Recognizer):
    """Reads a digit as the drawing that its glyph is most like; counts how often it read."""

    def __init__(self, threshold: float = 0.5, softness: float = 6.0) -> None:
        self._model = NearestModel(threshold, softness)
        self.readings = 0

    def read_strokes(
        self, drawing: Iterable[Any], extent: Any = (500, 500), cache: Cache | None = None
    ) -> Reading:
        self.readings += 1
        return super().read_strokes(drawing, extent, cache)
