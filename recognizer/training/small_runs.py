"""Small trainings that tell what more writers are worth, and what the pen's directions are.

All learn from equally many digits in pen strokes. What else the same people drew tells how well
a network reads whom it knows; what the validation writers drew, how well it reads strangers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from recognizer.training import COSINE, FULL, MNIST_AND_PEN, Config, metrics, models
from recognizer.training.collection import Collection
from recognizer.training.synthesis import TrainingData, pen_group
from recognizer.training.train import BEST_FILE, train
from recognizer.training.validation import Validation, ValidationPart, evenly, part_of, predict

Numbers = NDArray[np.int64]

OTHERS_SHARE = 0.25
"""Whoever is learned from drew this share more at least."""
MAX_OTHERS = 1000
"""Other drawings of the same writers that are read."""
FOLLOWED_DRAWINGS = 200
"""Drawings of each kind that are read after each epoch too."""
ARCHITECTURE = "dropout"
"""It is small: what is asked is what the data are worth, not the network."""
SETTINGS = {
    "data": MNIST_AND_PEN,  # which knows digits alone
    "augmentation": FULL,
    "batch": 32,
    "schedule": COSINE,
    "learning_rate": 3e-3,
    "weight_decay": 0.02,
    "dropout": 0.3,
    "fine_tuning_epochs": 1,
    "out_of_distribution_share": 0.0,
    "segment_share": 0.0,
}
"""What all small trainings have in common."""


@dataclass(frozen=True, eq=False)
class DrawingsRead:
    """What was read in n drawings of digits.

    numbers: (n,) their places in the collection. writers: (n,) names. truth, predicted: (n,)
    digits.
    """

    numbers: Numbers
    writers: NDArray[np.str_]
    truth: NDArray[np.uint8]
    predicted: Numbers

    @property
    def right(self) -> NDArray[np.bool_]:
        """(n,) whether it is the true digit."""
        return np.asarray(self.predicted == self.truth)

    @property
    def shares(self) -> list[float]:
        """The share of each writer's drawings that is right."""
        return [*metrics.accuracies(self.right, self.writers).values()]


@dataclass(frozen=True, eq=False)
class SmallRun:
    """What a network reads after a small training from the digits of some writers.

    own: other drawings of the same people. strangers: the validation writers' drawings.
    """

    writers: int
    own: DrawingsRead
    strangers: DrawingsRead


class SmallRuns:
    """Small trainings on the same number of a collection's drawings; settings: see `Config`."""

    def __init__(self, collection: Collection, drawings: int, settings: dict[str, Any]) -> None:
        self._collection, self._drawings = collection, drawings
        self._settings = SETTINGS | settings
        self._pen = ~collection.is_picture & collection.is_digit

    def possible(self, counts: tuple[int, ...]) -> list[int]:
        """Those of these numbers of writers for which there are writers with enough drawings."""
        return [count for count in counts if len(self._with_enough(count)) >= count]

    def of_writers(self, count: int, channels: int = 5) -> SmallRun:
        """A training on the drawings of so many writers, whom the seed draws.

        It is the same for any channels. Raises ValueError if there are too few writers.
        """
        config = models.find(ARCHITECTURE).configure(self._settings | {"channels": channels})
        learned, others = self._dealt(count, config.seed)
        own = part_of(self._collection, others, "digits")
        network = self._trained(learned, own, config)
        return SmallRun(
            count,
            _read(network, config, own, others),
            _read(network, config, self._strangers, self._stranger_numbers),
        )

    @cached_property
    def _stranger_numbers(self) -> Numbers:
        collection = self._collection
        return np.flatnonzero(collection.validation & ~collection.doubtful & self._pen)

    @cached_property
    def _strangers(self) -> ValidationPart:
        return part_of(self._collection, self._stranger_numbers, "digits")

    def _with_enough(self, count: int) -> NDArray[np.uint16]:
        """The writers who drew more than is learned from each of so many."""
        own = self._collection.writers[self._collection.learned & self._pen]
        writers, drawings = np.unique(own, return_counts=True)
        least = math.ceil((1 + OTHERS_SHARE) * (self._drawings // count))
        return np.asarray(writers[drawings >= least])

    def _dealt(self, count: int, seed: int) -> tuple[Numbers, Numbers]:
        """What is learned from, as much of each writer, and what else they drew."""
        rng = np.random.default_rng([seed, 10, count])
        enough = self._with_enough(count)
        if len(enough) < count:
            raise ValueError(f"{len(enough)} writers drew enough to learn from {count} of them")
        known, learned, others = self._collection.learned & self._pen, [], []
        for writer in rng.choice(enough, count, replace=False).tolist():
            own = known & (self._collection.writers == writer)
            numbers = rng.permutation(np.flatnonzero(own))
            learned.append(numbers[: self._drawings // count])
            others.append(numbers[self._drawings // count :])
        return np.concatenate(learned), evenly(np.concatenate(others), MAX_OTHERS)

    def _trained(self, learned: Numbers, own: ValidationPart, config: Config) -> keras.Model:
        chosen = np.isin(np.arange(len(self._collection.labels)), learned)
        group = pen_group(self._collection, chosen, config, "digits")
        followed = {"own": _some(own), "strangers": _some(self._strangers)}
        with TemporaryDirectory() as place:
            # The best epoch is the last: fine-tuning has one alone, so nothing is chosen.
            data, validation = TrainingData({"digits": group}), Validation(followed, "pen strokes")
            train(Path(place), config, data, validation)
            return keras.models.load_model(Path(place) / BEST_FILE, compile=False)


def _some(part: ValidationPart) -> ValidationPart:
    some = evenly(np.arange(len(part.labels)), FOLLOWED_DRAWINGS)
    names = ("glyphs", "labels", "sets", "writers")
    return replace(part, **{name: getattr(part, name)[some] for name in names})


def _read(
    network: keras.Model, config: Config, part: ValidationPart, numbers: Numbers
) -> DrawingsRead:
    found, truth = part.judged(predict(network, part.glyphs), config)
    return DrawingsRead(numbers, part.writers, truth, found.argmax(axis=1))
