"""The validation writers, and what a model answers to every character of theirs.

Strokes and scans pass through the recognizer as a user's would. MNIST's pictures are glyphs
already. This file does without what trains or draws reports, since many processes load it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer import Recognizer
from recognizer.datasets import MissingDataError, Sample, catalog
from recognizer.datasets.slashed_zeros import is_slashed_zero
from recognizer.glyph import SIZE_PX, Glyph
from recognizer.model import Probabilities, card
from recognizer.processes import in_parallel
from recognizer.strokes import bounds
from recognizer.training.calibration import Characters, Mask
from recognizer.training.collection import usual_sides
from recognizer.training.doodles import doodle

WRITING_AREA_SIDES = 2
"""Side of the area that somebody is taken to write on, in sides of that person's usual character.

No set tells it for all of its writers. It decides what is so small that it is a dot.
"""
JOB_SAMPLES = 200
"""Characters that a process reads at a time."""
DOODLES, DOODLES_SEED = 1000, 103
DOODLES_SET = "doodles"
"""Made for measuring, each by a writer of its own."""


@dataclass(frozen=True, eq=False)
class WrittenCharacters(Characters):
    """Characters of validation writers, as they were read.

    glyphs: (n, 28, 28) uint8, what the network saw; countries: (n,), "" where it is not told;
    slashed: (n,), whether it is a zero with a slash.
    """

    glyphs: NDArray[np.uint8]
    countries: NDArray[np.str_]
    slashed: Mask


def validation_samples(data_folder: Path | None) -> list[Sample]:
    """All that the validation writers wrote in the sets that are there. Raises DataError."""
    found = []
    for load in catalog.LOADERS.values():
        with contextlib.suppress(MissingDataError):
            found += load(data_folder)
    return catalog.split(found)[1]


def doodle_samples() -> list[Sample]:
    """Scribbles, hearts, boxes, faces and the like, which are no characters."""
    rng = np.random.default_rng(DOODLES_SEED)
    names = (f"{DOODLES_SET}/{number:04}" for number in range(DOODLES))
    return [Sample("", DOODLES_SET, name, strokes=doodle(rng)) for name in names]


def writing_area(sample: Sample, usual_sides: dict[str | None, float]) -> tuple[float, float]:
    """The (width, height) that the writer of strokes is taken to have had, in their unit."""
    usual = usual_sides.get(sample.writer) or bounds(sample.strokes).side or 1.0
    return WRITING_AREA_SIDES * usual, WRITING_AREA_SIDES * usual


def read_characters(
    folder: Path,
    samples: Sequence[Sample],
    doubtful: Mask | None = None,
) -> WrittenCharacters:
    """What the model in `folder` answers to each sample, of all that it knows.

    doubtful: (n,) whether a sample's label may be wrong, if that is known.
    """
    jobs = [samples[first : first + JOB_SAMPLES] for first in range(0, len(samples), JOB_SAMPLES)]
    work = partial(_read, folder, usual_sides(samples))
    read = [*chain.from_iterable(in_parallel(work, jobs, "reading"))]
    return WrittenCharacters(
        known=card.load(folder).labels,
        probabilities=np.stack([probabilities for _, probabilities in read]),
        labels=np.array([sample.label for sample in samples]),
        sets=np.array([sample.set for sample in samples]),
        writers=np.array([sample.writer for sample in samples]),
        pictures=np.array([sample.picture is not None for sample in samples]),
        doubtful=np.zeros(len(samples), dtype=bool) if doubtful is None else doubtful,
        glyphs=np.stack([glyph for glyph, _ in read]),
        countries=np.array([sample.country or "" for sample in samples]),
        slashed=np.array(
            [s.label == "0" and bool(s.strokes) and is_slashed_zero(s.strokes) for s in samples]
        ),
    )


def _read(
    folder: Path, usual_sides: dict[str | None, float], samples: Sequence[Sample]
) -> list[tuple[Glyph, Probabilities]]:
    """The glyphs of some samples, and the probabilities of all labels that the model knows."""
    recognizer = Recognizer(folder, labels="".join(card.load(folder).labels))
    found = []
    for sample in samples:
        if sample.picture is not None and sample.picture.shape == (SIZE_PX, SIZE_PX):
            found.append((sample.picture, recognizer.predict_joint(sample.picture[None])[0]))
            continue
        if sample.picture is not None:
            read = recognizer.classify_image(sample.picture)
        else:
            area = writing_area(sample, usual_sides)
            read = recognizer.classify_strokes(sample.strokes, area)
        found.append((read.glyph, read.probabilities * np.float32(1 - read.other)))
    return found
