"""The epochs that the network learns from: each other variations, all from one seed.

Every number depends on the seed, the epoch and the batch alone, so that a run that was
interrupted goes on as if it had not been.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.glyph import SIZE_PX
from recognizer.labels import Labels, counted_for, label_set
from recognizer.training import AFFINE, FULL, LABELS, NO_DIGIT, NO_LABEL, Config
from recognizer.training.augment import Rng
from recognizer.training.distortion import affine_variations, full_variations
from recognizer.training.synthesis import TrainingData

Floats = NDArray[np.float32]


def copies_of(config: Config) -> Mapping[str, float]:
    """How often an epoch holds what there is of each group of the training data.

    Made drawings and segments are not counted in copies, but for each of the others.
    """
    return {
        "mnist": config.mnist_copies,
        "digits": config.pen_copies,
        "letters": config.letter_copies,
        "signs": config.sign_copies,
        "scans": config.scan_copies,
        "pictures": config.picture_copies,
    }


def shares_of(config: Config) -> Mapping[str, float]:
    """How many samples of these groups there are for each of all others."""
    return {
        "others": config.out_of_distribution_share,
        "segments": config.segment_share,
    }


def target_rows(labels: Labels, classes: int) -> Floats:
    """What the classes should be for each class number, (len(LABELS) + 2, classes) of 0 and 1.

    One class is right for a label and for what has none; for what is no digit at least, all are
    but digits and what looks like them.
    """
    rows = np.zeros((len(LABELS) + 2, classes), np.float32)
    for number, label in enumerate(LABELS):
        rows[number, labels.index(label) if label in labels else -1] = 1
    rows[NO_LABEL, -1] = 1
    for number, place in enumerate(counted_for(labels, label_set("digits"))):
        rows[NO_DIGIT, number] = place is None
    rows[NO_DIGIT, len(labels) :] = 1
    return rows


class Epoch:
    """One epoch of a run: so many samples of each group, in another order and part each time.

    strength: the least and the greatest of the variations; each sample has its own.

    Batches are what the network that learns takes, and what it should give: `glyphs` (batch, 28,
    28, channels) uint8 and, if they are varied, the `Variations`; and the classes that would be
    right (batch, branches, classes), as 0 and 1, the same for each branch.
    """

    def __init__(
        self,
        config: Config,
        data: TrainingData,
        epoch: int,
        strength: tuple[float, float] = (1.0, 1.0),
        branches: int | None = None,
    ) -> None:
        self._config, self._data, self._epoch = config, data, epoch
        self._strength, self._branches = strength, branches
        self._rows = target_rows(config.labels, config.classes)
        self._names = [name for name, group in data.groups.items() if len(group.numbers)]
        counts = self._counts()
        parts = [self._part(name, counts[name]) for name in self._names]
        groups = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        order = np.random.default_rng([config.seed, 3, epoch]).permutation(len(groups))
        self._groups, self._numbers = groups[order], np.concatenate(parts)[order]

    def _counts(self) -> dict[str, int]:
        copies, shares = copies_of(self._config), shares_of(self._config)
        sizes = {name: len(self._data.groups[name].numbers) for name in self._names}
        counts = {
            name: round(copies[name] * size) for name, size in sizes.items() if name in copies
        }
        whole = sum(counts.values())
        return counts | {name: round(shares[name] * whole) for name in sizes if name not in counts}

    def _part(self, name: str, count: int) -> NDArray[np.int64]:
        """Which samples of a group: all of them as often as they are whole, and another rest."""
        size = len(self._data.groups[name].numbers)
        whole, rest = divmod(count, size)
        seed = [self._config.seed, 5, self._epoch, self._names.index(name)]
        part = np.random.default_rng(seed).permutation(size)[:rest]
        return np.concatenate([np.tile(np.arange(size), whole), part])

    def __len__(self) -> int:
        return max(1, len(self._groups) // self._config.batch)

    def __getitem__(self, index: int) -> tuple[dict[str, NDArray[Any]], Floats]:
        rng = np.random.default_rng([self._config.seed, 4, self._epoch, index])
        part = slice(index * self._config.batch, (index + 1) * self._config.batch)
        groups, numbers = self._groups[part], self._numbers[part]
        size, channels = len(groups), self._config.channels
        glyphs = np.zeros((size, SIZE_PX, SIZE_PX, channels), np.uint8)
        targets = np.zeros((size, self._rows.shape[1]), np.float32)
        for at, name in enumerate(self._names):
            own = np.flatnonzero(groups == at)
            group = self._data.groups[name]
            variants = rng.integers(len(group.glyphs), size=len(own))
            found = group.glyphs[variants, numbers[own]][..., :channels]
            glyphs[own, :, :, : found.shape[-1]] = found
            targets[own] = self._rows[group.numbers[numbers[own]]]
        blank = rng.random(size) >= self._config.direction_share
        glyphs[blank, :, :, 1:] = 0
        if self._branches is not None:
            targets = np.repeat(targets[:, None], self._branches, axis=1)
        return {"glyphs": glyphs} | self._variations(size, rng), targets

    def _variations(self, size: int, rng: Rng) -> dict[str, Floats]:
        if self._config.augmentation == FULL:
            low, high = self._strength
            return full_variations(size, rng, rng.uniform(low, high, size))
        return affine_variations(size, rng) if self._config.augmentation == AFFINE else {}
