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
from recognizer.training.synthesis import NO_DIGIT, TrainingData

Floats = NDArray[np.float32]

MNIST, PEN, OUT_OF_DISTRIBUTION, SEGMENTS = range(4)

_UNKNOWN: Floats = np.full(len(LABELS), 1 / len(LABELS), dtype=np.float32)


class Epoch(keras.utils.PyDataset):
    """One epoch: MNIST once, the pen drawings `pen_copies` times, and some that are no digits.

    odd_share, piece_share: scribbles and merged digits, and pieces of touching digits, for
    each of the others; half of the pieces are digits. strength: the least and the greatest of
    the variations; each sample has its own. branches: of the network, if it has any.

    Batches are glyphs (batch, 28, 28, 1) in 0..1 and the probabilities they should get
    (batch, 10): one for the digit, all the same for what is none. For a network with branches
    each gets the same ones, (batch, branches, 10).
    """

    def __init__(
        self,
        material: TrainingData,
        *,
        seed: int,
        epoch: int,
        batch: int,
        pen_copies: float,
        odd_share: float,
        piece_share: float = 0.0,
        augmentation: str = FULL,
        strength: tuple[float, float] = (1.0, 1.0),
        branches: int | None = None,
    ) -> None:
        super().__init__()
        self._material, self._seed, self._epoch, self._batch = material, seed, epoch, batch
        self._augmentation, self._strength, self._branches = augmentation, strength, branches
        is_digit = material.pieces.labels != NO_DIGIT
        self._pieces = np.flatnonzero(~is_digit), np.flatnonzero(is_digit)
        mnist, pen = len(material.mnist.images), len(material.pen_labels)
        drawn = round(pen * pen_copies)
        digits = mnist + drawn
        odd, pieces = round(digits * odd_share), round(digits * piece_share)
        # A sample is where it comes from and its number there.
        sources = np.repeat(
            [MNIST, PEN, OUT_OF_DISTRIBUTION, SEGMENTS], [mnist, drawn, odd, pieces]
        )
        # Where a part of the drawings suffices, it is another in every epoch.
        copies, rest = divmod(drawn, max(pen, 1))
        part = np.random.default_rng([seed, 5, epoch]).permutation(pen)[:rest]
        pens = np.concatenate([np.tile(np.arange(pen), copies), part])
        numbers = np.concatenate([np.arange(mnist), pens, np.arange(odd), np.arange(pieces)])
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
        answers = np.stack([answer for _, answer in samples])
        if self._branches is not None:
            answers = np.repeat(answers[:, None], self._branches, axis=1)
        return images, answers

    def _varied(self, images: NDArray[np.uint8], rng: augment.Rng) -> Floats:
        if self._augmentation == NO_VARIATION:
            return images.astype(np.float32) / np.float32(255)
        if self._augmentation == AFFINE:
            return augment.turn_move_zoom(images, rng)
        low, high = self._strength
        strength = high if low == high else rng.uniform(low, high, len(images))
        return augment.distort(images, rng, strength)

    def _sample(self, source: int, number: int, rng: augment.Rng) -> tuple[glyph.Glyph, Floats]:
        material = self._material
        if source == MNIST:
            return material.mnist.images[number], _certain(material.mnist.labels[number])
        if source == PEN:
            variant = rng.integers(len(material.pen))
            return material.pen[variant, number], _certain(material.pen_labels[number])
        if source == SEGMENTS:
            kind = self._pieces[number % 2]
            piece = kind[rng.integers(len(kind))]
            label = material.pieces.labels[piece]
            answer = _UNKNOWN if label == NO_DIGIT else _certain(label)
            return material.pieces.images[piece], answer
        return self._odd(rng), _UNKNOWN

    def _odd(self, rng: augment.Rng) -> glyph.Glyph:
        if rng.random() < 0.5:
            scribbles = self._material.scribbles
            return np.asarray(scribbles[rng.integers(len(scribbles))])
        left, right = (
            self._sample(PEN, int(rng.integers(len(self._material.pen_labels))), rng)[0]
            for _ in range(2)
        )
        return augment.merged(left, right, rng)


def _certain(digit: np.uint8) -> Floats:
    answer = np.zeros(len(LABELS), dtype=np.float32)
    answer[digit] = 1
    return answer
