"""A toy data set for where there is no other: small digits of scikit-learn and of the demo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits

from recognizer import glyph
from recognizer.datasets import Drawing, Images
from recognizer.datasets.pendigits import TABLET_SIDE
from recognizer.inkml import DEMO_CELL_SIDE, demo_drawings
from recognizer.strokes import transformed

DEMO_WRITER = 0
"""The writers of UCI Pendigits count from 1."""
TRAIN_IMAGES, VALIDATION_IMAGES = 1197, 300
"""How many digits are learned from and chosen on, in the order of the file, so that hardly a
writer is in both; the last 300 are for testing."""
_DARKEST_GREY = 16
_ENLARGED_SIDE_PX = 40
_SCALE = 0.5


@dataclass(frozen=True)
class ToyDataset:
    """scikit-learn's digits, split as MNIST is."""

    train: Images
    validation: Images
    test: Images


def load_toy_dataset() -> ToyDataset:
    """The 1,797 digits of 8 × 8 pixels that scikit-learn brings, as glyphs.

    They are the test part of Alpaydin, Kaynak: Optical Recognition of Handwritten Digits
    (UCI, 1998).
    """
    digits = load_digits()
    glyphs = np.stack([_as_glyph(picture) for picture in digits.images])
    labels = digits.target.astype(np.uint8)
    ends = (TRAIN_IMAGES, TRAIN_IMAGES + VALIDATION_IMAGES)
    parts = zip(np.split(glyphs, ends), np.split(labels, ends), strict=True)
    return ToyDataset(*(Images(*part) for part in parts))


def _as_glyph(picture: NDArray[np.float64]) -> glyph.Glyph:
    """picture: (8, 8), 0 to 16."""
    grey = Image.fromarray(np.asarray(picture * (255 / _DARKEST_GREY), dtype=np.uint8))
    enlarged = grey.resize((_ENLARGED_SIDE_PX, _ENLARGED_SIDE_PX), Image.Resampling.BICUBIC)
    return glyph.normalize(np.asarray(enlarged))


def toy_drawings() -> list[Drawing]:
    """The ten drawings of the demo, made smaller and put into the four corners by turns."""
    return [
        Drawing(
            transformed(strokes, _SCALE, origin=(digit * DEMO_CELL_SIDE, 0), to=_corner(digit)),
            str(digit),
            DEMO_WRITER,
        )
        for digit, strokes in sorted(demo_drawings().items())
    ]


def _corner(number: int) -> NDArray[np.float64]:
    return np.array((number % 2, number // 2 % 2)) * TABLET_SIDE * (1 - _SCALE)
