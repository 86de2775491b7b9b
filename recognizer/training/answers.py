"""What a model answered on a data set, asked once; every figure and picture comes from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer import Recognizer
from recognizer.training.data import Drawing, Images
from recognizer.training.material import EXTENT
from recognizer.training.metrics import Labels, Probabilities


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model answered on the n digits of a data set.

    name: of the data set in figures, such as "mnist_test"; of: the same in words.
    glyphs: (n, 28, 28) uint8, what the network saw; labels: (n,); probabilities: (n, 10).
    """

    name: str
    of: str
    glyphs: NDArray[np.uint8]
    labels: Labels
    probabilities: Probabilities

    @property
    def digits(self) -> NDArray[np.intp]:
        """(n,) the likeliest digits."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def confidence(self) -> Probabilities:
        """(n,) probabilities of the likeliest digits."""
        return np.asarray(self.probabilities.max(axis=1))

    @property
    def right(self) -> NDArray[np.bool_]:
        """(n,) whether the likeliest digit is the true one."""
        return np.asarray(self.digits == self.labels)


def of_images(recognizer: Recognizer, name: str, of: str, images: Images) -> Answers:
    """Answers on pictures that are glyphs already."""
    probabilities = recognizer.predict_proba(images.images)
    return Answers(name, of, images.images, images.labels, probabilities)


def of_drawings(recognizer: Recognizer, name: str, of: str, drawings: list[Drawing]) -> Answers:
    """Answers on drawings, read from the pen's strokes."""
    read = [recognizer.classify_strokes(d.strokes, extent=EXTENT) for d in drawings]
    return Answers(
        name,
        of,
        np.stack([prediction.glyph for prediction in read]),
        np.array([drawing.digit for drawing in drawings], dtype=np.uint8),
        np.stack([prediction.probabilities for prediction in read]),
    )
