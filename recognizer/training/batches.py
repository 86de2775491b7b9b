"""The epochs that the network learns from: each other variations, all from one seed.

Every number depends on the seed, the epoch and the batch alone, so that a run that was
interrupted goes on as if it had not been.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from recognizer import glyph
from recognizer.training import AFFINE, LABELS, MNIST_AND_PEN, NO_VARIATION, Config, augment, models
from recognizer.training.synthesis import NO_LABEL, TrainingData

Floats = NDArray[np.float32]
MNIST, PEN, OUT_OF_DISTRIBUTION, SEGMENTS = range(4)
"""Where a sample comes from."""
_TARGETS: Floats = np.eye(len(LABELS) + 1, len(LABELS), dtype=np.float32)
_TARGETS[NO_LABEL] = 1 / len(LABELS)
"""The probabilities that each class should get: 1, but all the same ones for what has no label."""


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
        augmentation: str = Config.augmentation,
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
        others, segments = round(digits * out_of_distribution_share), round(digits * segment_share)
        # A sample is where it comes from and its number there.
        counts = [mnist, drawn, others, segments]
        sources = np.repeat([MNIST, PEN, OUT_OF_DISTRIBUTION, SEGMENTS], counts)
        # Where a part of the drawings suffices, it is another in every epoch.
        copies, rest = divmod(drawn, max(pen, 1))
        part = np.random.default_rng([seed, 5, epoch]).permutation(pen)[:rest]
        pens = np.concatenate([np.tile(np.arange(pen), copies), part])
        numbers = np.concatenate([np.arange(mnist), pens, np.arange(others), np.arange(segments)])
        order = np.random.default_rng([seed, 3, epoch]).permutation(len(sources))
        self._sources, self._numbers = sources[order].tolist(), numbers[order].tolist()

    @classmethod
    def of(cls, config: Config, data: TrainingData, epoch: int, **other: Any) -> Epoch:
        """An epoch of a run with these settings; of drawings only if it learns from them."""
        names = ("pen_copies", "out_of_distribution_share", "segment_share")
        with_pen = config.data == MNIST_AND_PEN
        shares = {name: getattr(config, name) if with_pen else 0.0 for name in names}
        other |= {"augmentation": config.augmentation, **shares}
        branches = models.find(config.architecture).branches
        return cls(
            data, seed=config.seed, epoch=epoch, batch=config.batch, branches=branches, **other
        )

    def __len__(self) -> int:
        return len(self._sources) // self._batch

    def __getitem__(self, index: int) -> tuple[Floats, Floats]:
        rng = np.random.default_rng([self._seed, 4, self._epoch, index])
        samples = [
            self._sample(self._sources[at], self._numbers[at], rng)
            for at in range(index * self._batch, (index + 1) * self._batch)
        ]
        images = self._varied(np.stack([image for image, _ in samples]), rng)[..., None]
        targets = _TARGETS[[label for _, label in samples]]
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

    def _sample(self, source: int, number: int, rng: augment.Rng) -> tuple[glyph.Glyph, int]:
        """A glyph and its class number."""
        data = self._data
        if source == MNIST:
            return data.mnist.images[number], int(data.mnist.labels[number])
        if source == PEN:
            variant = rng.integers(len(data.pen))
            return data.pen[variant, number], int(data.pen_labels[number])
        if source == SEGMENTS:
            kind = self._segments[number % 2]
            segment = kind[rng.integers(len(kind))]
            return data.segments.images[segment], int(data.segments.labels[segment])
        return self._out_of_distribution(rng), NO_LABEL

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
