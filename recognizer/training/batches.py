"""The epochs that the network learns from: each other variations, all from one seed.

Every number depends on the seed, the epoch and the batch alone, so that a run that was
interrupted goes on as if it had not been.
"""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray

from recognizer import glyph
from recognizer.training import augment
from recognizer.training.config import AFFINE, FULL, LABELS, NO_VARIATION
from recognizer.training.synthesis import NO_LABEL, TrainingData

Floats = NDArray[np.float32]
MNIST, PEN, OUT_OF_DISTRIBUTION, SEGMENTS = range(4)
"""Where a sample comes from."""
_UNKNOWN: Floats = np.full(len(LABELS), 1 / len(LABELS), dtype=np.float32)


class Epoch(keras.utils.PyDataset):
    """One epoch: MNIST once, the pen drawings `pen_copies` times, and some that are no digits.

    out_of_distribution_share, segment_share: how many scribbles and merged digits, and how many
    segments of touching digits, there are for each of the others; half of the segments are
    digits. strength: the least and the greatest of the variations; each sample has its own.
    branches: of the network, if it has any.

    Batches are glyphs (batch, 28, 28, 1) in 0..1 and their targets, the probabilities they
    should get (batch, number of labels): one for the label, all the same for what has none. For
    a network with branches each gets the same ones, (batch, branches, number of labels).
    """

    def __init__(
        self,
        data: TrainingData,
        *,
        seed: int,
        epoch: int,
        batch: int,
        pen_copies: float,
        out_of_distribution_share: float,
        segment_share: float = 0.0,
        augmentation: str = FULL,
        strength: tuple[float, float] = (1.0, 1.0),
        branches: int | None = None,
    ) -> None:
        super().__init__()
        self._data, self._seed, self._epoch, self._batch = data, seed, epoch, batch
        self._augmentation, self._strength, self._branches = augmentation, strength, branches
        is_digit = data.segments.labels != NO_LABEL
        self._segments = np.flatnonzero(~is_digit), np.flatnonzero(is_digit)
        mnist, pen = len(data.mnist.images), len(data.pen_labels)
        drawn = round(pen * pen_copies)
        digits = mnist + drawn
        others, segments = (
            round(digits * share) for share in (out_of_distribution_share, segment_share)
        )
        # A sample is where it comes from and its number there.
        sources = np.repeat(
            [MNIST, PEN, OUT_OF_DISTRIBUTION, SEGMENTS], [mnist, drawn, others, segments]
        )
        # Where a part of the drawings suffices, it is another in every epoch.
        copies, rest = divmod(drawn, max(pen, 1))
        part = np.random.default_rng([seed, 5, epoch]).permutation(pen)[:rest]
        pens = np.concatenate([np.tile(np.arange(pen), copies), part])
        numbers = np.concatenate([np.arange(mnist), pens, np.arange(others), np.arange(segments)])
        order = np.random.default_rng([seed, 3, epoch]).permutation(len(sources))
        self._sources, self._numbers = sources[order].tolist(), numbers[order].tolist()

    def __len__(self) -> int:
        return len(self._sources) // self._batch

    def __getitem__(self, index: int) -> tuple[Floats, Floats]:
        rng = np.random.default_rng([self._seed, 4, self._epoch, index])
        samples = [
            self._sample(self._sources[at], self._numbers[at], rng)
            for at in range(index * self._batch, (index + 1) * self._batch)
        ]
        images = self._varied(np.stack([image for image, _ in samples]), rng)[..., None]
        targets = np.stack([target for _, target in samples])
        if self._branches is not None:
            targets = np.repeat(targets[:, None], self._branches, axis=1)
        return images, targets

    def _varied(self, images: NDArray[np.uint8], rng: augment.Rng) -> Floats:
        if self._augmentation == NO_VARIATION:
            return images.astype(np.float32) / np.float32(255)
        if self._augmentation == AFFINE:
            return augment.turn_move_zoom(images, rng)
        low, high = self._strength
        strength = high if low == high else rng.uniform(low, high, len(images))
        return augment.distort(images, rng, strength)

    def _sample(self, source: int, number: int, rng: augment.Rng) -> tuple[glyph.Glyph, Floats]:
        data = self._data
        if source == MNIST:
            return data.mnist.images[number], _certain(data.mnist.labels[number])
        if source == PEN:
            variant = rng.integers(len(data.pen))
            return data.pen[variant, number], _certain(data.pen_labels[number])
        if source == SEGMENTS:
            kind = self._segments[number % 2]
            segment = kind[rng.integers(len(kind))]
            label = data.segments.labels[segment]
            target = _UNKNOWN if label == NO_LABEL else _certain(label)
            return data.segments.images[segment], target
        return self._out_of_distribution(rng), _UNKNOWN

    def _out_of_distribution(self, rng: augment.Rng) -> glyph.Glyph:
        """A scribble, or two digits that are merged."""
        if rng.random() < 0.5:
            scribbles = self._data.scribbles
            return np.asarray(scribbles[rng.integers(len(scribbles))])
        left, right = (
            self._sample(PEN, int(rng.integers(len(self._data.pen_labels))), rng)[0]
            for _ in range(2)
        )
        return augment.merged(left, right, rng)


def _certain(label: np.uint8) -> Floats:
    target = np.zeros(len(LABELS), dtype=np.float32)
    target[label] = 1
    return target
