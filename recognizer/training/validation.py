"""What the checkpoint is chosen on, and how a network reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from recognizer import glyph, ink
from recognizer.labels import Labels, counted_for, label_set
from recognizer.model import Probabilities
from recognizer.processes import in_parallel
from recognizer.strokes import bounds
from recognizer.training import (
    ALL_HANDS,
    LABELS,
    MNIST_ALONE,
    NO_LABEL,
    Config,
    augment,
    metrics,
)
from recognizer.training.calibration import Characters
from recognizer.training.collection import Collection
from recognizer.training.distortion import Distortion, full_variations
from recognizer.training.doodles import doodle

VIEWS, VIEWS_STRENGTH, VIEWS_SEED = 3, 0.5, 77
"""How often and how far characters are varied on which the checkpoint is chosen."""
PREDICTED_GLYPHS = 500
"""Glyphs that are predicted at a time."""
MAX_PART_GLYPHS = 6000
"""Characters of a part, evenly taken of all there are: more would not choose better."""
PLAIN_AREA_SHARE = 0.5
"""How large a usual character is, as a share of the writing area."""
VALIDATION_DOODLES, VALIDATION_DOODLES_SEED = 1000, 79
Predict = Callable[[NDArray[np.uint8]], Probabilities]
"""From glyphs (n, 28, 28, channels) to probabilities (n, classes)."""


@dataclass(frozen=True, eq=False)
class ValidationPart:
    """Characters of one kind, by the writers who are for choosing.

    glyphs: (n, 28, 28, 1 or 5) uint8. labels: (n,), places in the set of labels that is `asked`.
    sets, writers: names of each.
    """

    glyphs: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    sets: NDArray[np.str_]
    writers: NDArray[np.str_]
    asked: str = "digits"

    def judged(self, probabilities: Probabilities, config: Config) -> metrics.Judged:
        """Probabilities of the labels asked for, from those of a run's classes."""
        asked = label_set(self.asked)
        found = np.zeros((len(probabilities), len(asked)), np.float32)
        for number, place in enumerate(counted_for(config.labels, asked)):
            if place is not None:
                found[:, place] += probabilities[:, number]
        return found, self.labels

    @cached_property
    def varied(self) -> NDArray[np.uint8]:
        """All of them in several mild variations, (views, n, 28, 28, channels).

        Of a few thousand plain digits, good networks misread about as many; of their variations
        the better one misreads fewer.
        """
        rng, distortion = np.random.default_rng(VIEWS_SEED), Distortion()
        views = np.empty((VIEWS, *self.glyphs.shape), np.uint8)
        for view in views:
            for first in range(0, len(self.glyphs), PREDICTED_GLYPHS):
                part = as_floats(self.glyphs[first : first + PREDICTED_GLYPHS])
                how = full_variations(len(part), rng, VIEWS_STRENGTH)
                shown = ops.convert_to_numpy(distortion({"glyphs": part} | how))
                view[first : first + len(part)] = np.round(shown * 255)
        return views


@dataclass(frozen=True, eq=False)
class Validation:
    """What the checkpoint is chosen on, by name; of: what it is in words.

    doodles: (n, 28, 28, 5) of what is no character, if any; the model is calibrated on them too.
    """

    parts: Mapping[str, ValidationPart]
    of: str
    doodles: NDArray[np.uint8] | None = None

    def characters(self, predict: Predict, known: Labels) -> Characters:
        """All of them with what a network predicts of their glyphs, (n, known labels)."""
        found = [self._characters(part, predict, known) for part in self.parts.values()]
        if self.doodles is not None:
            nobody = np.full(len(self.doodles), "")
            doodles = ValidationPart(self.doodles, np.zeros(0, np.uint8), nobody, nobody)
            found.append(self._characters(doodles, predict, known, nobody))
        return Characters(
            known,
            *(
                np.concatenate([getattr(each, field.name) for each in found])
                for field in fields(Characters)[1:]
            ),
        )

    def _characters(
        self,
        part: ValidationPart,
        predict: Predict,
        known: Labels,
        labels: NDArray[np.str_] | None = None,
    ) -> Characters:
        size = len(part.glyphs)
        named = np.array(label_set(part.asked))[part.labels] if labels is None else labels
        pictures = np.full(size, part.glyphs.shape[-1] == 1)
        probabilities = predict(part.glyphs)[:, : len(known)]
        doubtful = np.zeros(size, dtype=bool)
        return Characters(known, probabilities, named, part.sets, part.writers, pictures, doubtful)


def as_floats(glyphs: NDArray[Any]) -> NDArray[np.float32]:
    """Glyphs of bytes in 0..1; those that are floats as they are."""
    if glyphs.dtype == np.uint8:
        return np.asarray(glyphs, np.float32) / np.float32(255)
    return np.asarray(glyphs, np.float32)


def predict(model: keras.Model, glyphs: NDArray[Any]) -> NDArray[np.float32]:
    """Glyphs (n, 28, 28) or (n, 28, 28, channels), uint8 or 0..1, to probabilities (n, classes).

    Of a network with branches it is their mean.
    """
    parts = [
        np.asarray(
            model.predict_on_batch(
                shown(glyphs[first : first + PREDICTED_GLYPHS], model.input_shape[-1])
            )
        )
        for first in range(0, len(glyphs), PREDICTED_GLYPHS)
    ]
    probabilities = np.concatenate(parts)
    return probabilities if probabilities.ndim == 2 else probabilities.mean(axis=1)


def shown(glyphs: NDArray[Any], channels: int) -> NDArray[np.float32]:
    """Glyphs as a network of so many channels takes them; those that are unknown are blank."""
    known = as_floats(glyphs if glyphs.ndim == 4 else glyphs[..., None])[..., :channels]
    images = np.zeros((*known.shape[:3], channels), np.float32)
    images[..., : known.shape[-1]] = known
    return images


def validation_of(collection: Collection, config: Config) -> Validation:
    """The validation writers' characters, of the labels and sets that are learned from.

    Labels that are doubtful are left out.
    """
    chosen = collection.validation & ~collection.doubtful & (collection.labels != NO_LABEL)
    if config.data != ALL_HANDS:
        chosen &= collection.of_sets("mnist", "pendigits")
    mnist, pen = collection.of_sets("mnist"), ~collection.is_picture
    kinds = {
        "mnist": (mnist, "digits"),
        "pen": (pen & collection.is_digit, "digits"),
        "scans": (collection.is_picture & ~mnist & collection.is_digit, "digits"),
        "letters": (pen & collection.is_letter, "letters"),
        "signs": (pen & ~collection.is_digit & ~collection.is_letter, "sums"),
    }
    parts = {}
    for name, (kind, asked) in kinds.items():
        numbers = np.flatnonzero(chosen & kind)
        if len(numbers):
            parts[name] = part_of(collection, evenly(numbers, MAX_PART_GLYPHS), asked)
    of = (
        "every fifth writer of each set"
        if config.data == ALL_HANDS
        else ("every fifth writer of MNIST and of Pendigits")
    )
    doodles = None if config.data == MNIST_ALONE else _doodles()
    return Validation(parts, f"{of}, without doubtful labels", doodles)


def _doodles() -> NDArray[np.uint8]:
    """Doodles that are in no epoch, (n, 28, 28, 5)."""
    rng = np.random.default_rng(VALIDATION_DOODLES_SEED)
    drawn = (doodle(rng) for _ in range(VALIDATION_DOODLES))
    return np.stack([plain((strokes, 1.0)) for strokes in drawn])


def evenly(numbers: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """So many of them at most, taken at equal steps."""
    steps = np.linspace(0, len(numbers) - 1, min(len(numbers), most))
    return np.asarray(numbers[steps.astype(int)])


def part_of(collection: Collection, some: NDArray[np.int64], asked: str) -> ValidationPart:
    """Those of these numbers, all of them pictures or all of them drawings.

    asked: the name of a set of labels, which has theirs.
    """
    places = np.array([label_set(asked).index(LABELS[at]) for at in collection.labels[some]])
    names = (
        collection.set_names[collection.sets[some]],
        collection.writer_names[collection.writers[some]],
    )
    if collection.is_picture[some].all():
        chosen = np.zeros(len(collection.labels), dtype=bool)
        chosen[some] = True
        return ValidationPart(collection.images(chosen).images[..., None], places, *names, asked)
    jobs = [(collection.drawn(at), float(collection.shares[at])) for at in some.tolist()]
    shown = in_parallel(plain, jobs, f"drawing {asked}", unit=" glyphs", chunk=64)
    return ValidationPart(np.stack(shown), places, *names, asked)


def plain(job: tuple[Any, float]) -> NDArray[np.uint8]:
    """A drawing, whose side is a share of its writer's usual one, with directions (28, 28, 5)."""
    strokes, share = job
    area = max(bounds(strokes).side, 1.0) / share / PLAIN_AREA_SHARE
    shown = ink.render_with_directions(strokes, (area, area))
    return augment.with_directions(*glyph.normalize_with_directions(*shown))
