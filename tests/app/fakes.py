"""A recognizer without a network: it compares with the ten drawings of the demo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from recognizer import glyph, ink, pictures
from recognizer.app.demo import drawings
from recognizer.reading import Prediction, Recognizer
from recognizer.strokes import as_extent, as_strokes


class NearestDrawing(Recognizer):
    """Reads a digit as the drawing that its glyph is most like; counts how often it read."""

    def __init__(self, threshold: float = 0.5) -> None:
        self.threshold = threshold
        self.readings = 0
        known = [self._glyph(strokes) for _, strokes in sorted(drawings().items())]
        self._known = np.stack(known).astype(np.float32) / 255

    def classify_strokes(self, drawing: Iterable[Any], extent: Any = (500, 500)) -> Prediction:
        self.readings += 1
        return self._near(self._glyph(as_strokes(drawing), as_extent(extent)))

    def classify_image(self, image: Any) -> Prediction:
        self.readings += 1
        return self._near(glyph.normalize(pictures.ink_of(image)))

    def _glyph(self, strokes: Any, extent: tuple[float, float] = (500.0, 500.0)) -> glyph.Glyph:
        return glyph.normalize(ink.render_to_fit(strokes, extent))

    def _near(self, picture: glyph.Glyph) -> Prediction:
        if not picture.any():
            return Prediction(None, 0.0, np.full(10, 0.1, dtype=np.float32), False, picture)
        differences = ((self._known - picture.astype(np.float32) / 255) ** 2).sum(axis=(1, 2))
        weights = np.exp((differences.min() - differences) / 6)
        shares = np.asarray(weights / weights.sum(), dtype=np.float32)
        digit = int(shares.argmax())
        share = float(shares[digit])
        return Prediction(digit, share, shares, share > self.threshold, picture)
