"""A toy dataset, where no data are: scikit-learn's small digits and the demo's drawings.

Nobody should learn more from it than that everything runs.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer import glyph
from recognizer.datasets import Drawing, Images, Sample
from recognizer.datasets.catalog import VALIDATION_EVERY
from recognizer.datasets.pendigits import TABLET_SIDE
from recognizer.inkml import DEMO_CELL_SIDE, demo_drawings
from recognizer.strokes import transformed
from recognizer.training.augment import vary_strokes
from recognizer.training.collection import Collection, nothing_doubtful, packed

LEARNED_IMAGES, VALIDATION_IMAGES = 1197, 300
"""Digits of scikit-learn that are learned from and chosen on, in the order of the file, so that
hardly a writer is in both; the last 300 are for testing."""
DARKEST_GREY, ENLARGED_SIDE_PX, DEMO_SCALE = 16, 40, 0.5
"""Of its digits, and in pixels how large they are made; how large the demo's drawings are made."""
DEMO_WRITER = 0
"""The writers of UCI Pendigits count from 1."""


def toy_collection() -> Collection:
    """Both, under the names of the sets whose place they take: "mnist" and "pendigits".

    The demo's drawings are for validation; what is learned from are others like them.
    """
    samples = [*_pictures(), *_drawings()]
    return packed(samples, nothing_doubtful(samples, 0))


def toy_drawings() -> list[Drawing]:
    """The drawings of the demo, made smaller and put into the four corners by turns."""
    room = TABLET_SIDE * (1 - DEMO_SCALE)
    found = []
    for digit, strokes in sorted(demo_drawings().items()):
        cell, corner = (digit * DEMO_CELL_SIDE, 0), (digit % 2 * room, digit // 2 % 2 * room)
        smaller = transformed(strokes, DEMO_SCALE, origin=cell, to=corner)
        found.append(Drawing(smaller, str(digit), DEMO_WRITER))
    return found


def toy_test_images() -> Images:
    """The digits of scikit-learn that are in no collection."""
    digits = _digits()
    first = LEARNED_IMAGES + VALIDATION_IMAGES
    return Images(digits.images[first:], digits.labels[first:])


@cache
def _digits() -> Images:
    """The 1,797 digits of 8 × 8 pixels that scikit-learn brings, as glyphs.

    They are the test part of Alpaydin, Kaynak: Optical Recognition of Handwritten Digits
    (UCI, 1998).
    """
    from sklearn.datasets import load_digits

    digits = load_digits()
    glyphs = np.stack([_as_glyph(picture) for picture in digits.images])
    return Images(glyphs, digits.target.astype(np.uint8))


def _as_glyph(picture: NDArray[np.float64]) -> glyph.Glyph:
    """picture: (8, 8), 0 to 16."""
    grey = Image.fromarray(np.asarray(picture * (255 / DARKEST_GREY), dtype=np.uint8))
    size = (ENLARGED_SIDE_PX, ENLARGED_SIDE_PX)
    return glyph.normalize(np.asarray(grey.resize(size, Image.Resampling.BICUBIC)))


def _pictures() -> list[Sample]:
    """As if by five writers, of whom the last is for validation."""
    digits, learning = _digits(), VALIDATION_EVERY - 1
    writers = np.arange(LEARNED_IMAGES + VALIDATION_IMAGES) * learning // LEARNED_IMAGES
    return [
        Sample(str(label), "mnist", f"mnist/{min(writer, learning)}", picture=image)
        for image, label, writer in zip(digits.images, digits.labels, writers, strict=False)
    ]


def _drawings() -> list[Sample]:
    """The demo's drawings by each of as many writers."""
    rng, last = np.random.default_rng(1), VALIDATION_EVERY - 1
    return [
        Sample(
            drawing.label,
            "pendigits",
            f"pendigits/{writer}",
            strokes=drawing.strokes if writer == last else vary_strokes(drawing.strokes, rng),
        )
        for drawing in toy_drawings()
        for writer in range(VALIDATION_EVERY)
    ]
