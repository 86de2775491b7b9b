"""What is learned from: pictures, pen strokes drawn in many ways, doodles, segments of numbers.

One process per core draws, and none of them needs Keras; so this file does without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer import glyph, ink
from recognizer.datasets import Drawing, Images
from recognizer.datasets.pendigits import TABLET_SIDE
from recognizer.processes import in_parallel
from recognizer.strokes import Stroke, bounds
from recognizer.training import (
    LABELS,
    MNIST_ALONE,
    MNIST_AND_PEN,
    NO_DIGIT,
    NO_LABEL,
    Config,
    augment,
)
from recognizer.training.collection import BASE_SETS, SIDE, Collection
from recognizer.training.composed import LETTER_HEIGHT, SIGNS, composed
from recognizer.training.doodles import doodle, merged, scribbled_out
from recognizer.training.made_numbers import segments_of, some_numbers

EXTENT = (TABLET_SIDE, TABLET_SIDE)
CHUNK_GLYPHS = 64
"""Glyphs that a process draws at a time."""
SEGMENTED_NUMBERS = 6000
"""Numbers of touching digits that are cut into segments."""
GROUP_NAMES = ("digits", "letters", "signs", "others")
"""What is drawn with a pen; a place in it is part of a seed."""
COMPOSED_SIGNS = 400
"""Signs that are composed or made of each kind."""
DOODLES, MERGED_SHARE, SCRIBBLED_OUT_SHARE = 8000, 0.25, 0.08
"""Drawings that are made of what is no label, at most one for each sample that is learned from,
and how many of them are spoilt digits."""


@dataclass(frozen=True, eq=False)
class Group:
    """Samples that an epoch holds equally often.

    glyphs: (variants, n, 28, 28, channels), of one channel or five; numbers: (n,) class numbers.
    """

    glyphs: NDArray[np.uint8]
    numbers: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class TrainingData:
    """What epochs are drawn from, by name: see `batches.copies_of` and `shares_of`."""

    groups: Mapping[str, Group]


def plain_glyphs(drawings: Sequence[Drawing]) -> Images:
    """The drawings as `Recognizer.classify_strokes` sees them."""
    glyphs = [glyph.normalize(ink.render_to_fit(d.strokes, EXTENT)) for d in drawings]
    return Images(np.stack(glyphs), class_numbers(drawings))


def prepare(collection: Collection, config: Config) -> TrainingData:
    """Draw what the training writers wrote, doodles, composed signs and segments, on all cores.

    Each drawing has its own seed. Of MNIST alone its pictures are taken as they are.
    """
    learned, mnist = collection.learned, collection.of_sets("mnist")
    if config.data == MNIST_ALONE:
        return TrainingData({"mnist": _pictures(collection, learned & mnist, config.mnist_images)})
    if config.data == MNIST_AND_PEN:
        learned = learned & collection.of_sets(*BASE_SETS)
    pen = learned & ~collection.is_picture
    kinds = {"digits": collection.is_digit, "letters": collection.is_letter}
    kinds["signs"] = ~collection.is_digit & ~collection.is_letter & (collection.labels != NO_LABEL)
    scans = collection.of_sets("swiss")
    groups = {
        "mnist": _pictures(collection, learned & mnist),
        "scans": _pictures(collection, learned & scans),
        "pictures": _pictures(collection, learned & ~scans & ~mnist),
    }
    jobs = {name: _jobs(collection, pen & kind) for name, kind in kinds.items()}
    if config.data != MNIST_AND_PEN:
        jobs["signs"] += _composed(collection, pen, config.seed)
    digits = collection.drawings(pen & collection.is_digit)
    jobs["others"] = _jobs(collection, pen & (collection.labels == NO_LABEL))
    jobs["others"] += _made(digits, min(DOODLES, int(learned.sum())), config.seed)
    groups |= {name: _drawn(some, config, name) for name, some in jobs.items() if some}
    if config.segment_share:
        groups["segments"] = _touching_segments(digits, config.seed)
    return TrainingData(groups)


def pen_group(
    collection: Collection, chosen: NDArray[np.bool_], config: Config, name: str
) -> Group:
    """The drawings that are chosen (n,), as a group of that name."""
    return _drawn(_jobs(collection, chosen), config, name)


@dataclass(frozen=True, eq=False)
class DrawingJob:
    """Strokes to be drawn as people do, their class number, and how large its writer writes."""

    strokes: tuple[Stroke, ...]
    number: int
    usual_side: float


def _pictures(collection: Collection, chosen: NDArray[np.bool_], limit: int | None = None) -> Group:
    found = collection.images(chosen, limit)
    return Group(found.images[None, ..., None], found.labels)


def _jobs(collection: Collection, chosen: NDArray[np.bool_]) -> list[DrawingJob]:
    return [
        DrawingJob(
            collection.drawn(at), int(collection.labels[at]), SIDE / float(collection.shares[at])
        )
        for at in np.flatnonzero(chosen).tolist()
    ]


def _composed(collection: Collection, pen: NDArray[np.bool_], seed: int) -> list[DrawingJob]:
    """Signs put together of what one writer wrote, as many of each kind."""
    writers = np.unique(collection.writers[pen & ~collection.is_digit & ~collection.is_letter])
    of_writers = [_parts(collection, pen & (collection.writers == writer)) for writer in writers]
    jobs = []
    for kind, label in enumerate(SIGNS):
        for number in range(COMPOSED_SIGNS):
            rng = np.random.default_rng([seed, 8, kind, number])
            parts = of_writers[int(rng.integers(len(of_writers)))] if of_writers else {}
            jobs.append(DrawingJob(composed(label, parts, rng), LABELS.index(label), LETTER_HEIGHT))
    return jobs


def _parts(collection: Collection, chosen: NDArray[np.bool_]) -> dict[str, list[Any]]:
    parts: dict[str, list[Any]] = {}
    for drawing in collection.drawings(chosen):
        parts.setdefault(drawing.label, []).append(drawing.strokes)
    return parts


def _made(digits: Sequence[Drawing], count: int, seed: int) -> list[DrawingJob]:
    """Doodles, merged and scribbled-out digits, which are no label.

    With a 1 beside it many a digit is a letter, as 13 is a B; so such a pair is no digit.
    """
    jobs = []
    for number in range(count):
        rng = np.random.default_rng([seed, 2, number])
        way, label = rng.random(), NO_LABEL
        if way < MERGED_SHARE:
            left, right = _pair(digits, rng)
            strokes = merged(left.strokes, right.strokes, rng)
            label = NO_DIGIT if "1" in (left.label, right.label) else NO_LABEL
        elif way < MERGED_SHARE + SCRIBBLED_OUT_SHARE:
            strokes = scribbled_out(digits[int(rng.integers(len(digits)))].strokes, rng)
        else:
            strokes = doodle(rng)
        jobs.append(DrawingJob(strokes, label, bounds(strokes).side))
    return jobs


def _pair(digits: Sequence[Drawing], rng: augment.Rng) -> tuple[Drawing, Drawing]:
    """Two digits that make no other one together, as 0 and 1 make a 6 or a 9, and two 1s a 4."""
    while True:
        left, right = (digits[at] for at in rng.integers(len(digits), size=2).tolist())
        if {left.label, right.label} - {"0", "1"} or left.label == right.label == "0":
            return left, right


def _drawn(jobs: Sequence[DrawingJob], config: Config, name: str) -> Group:
    """All jobs; what an epoch holds less often than digits has fewer variants than these."""
    part = GROUP_NAMES.index(name)
    copies = {"letters": config.letter_copies, "signs": config.sign_copies, "others": 0.0}
    often = min(1.0, copies.get(name, config.pen_copies) / (config.pen_copies or 1.0))
    variants = max(1, round(config.variants * often))
    seeded = [
        (job, [config.seed, 1, part, variant, number])
        for variant in range(variants)
        for number, job in enumerate(jobs)
    ]
    shown = in_parallel(
        _vary_and_draw, seeded, f"drawing {name}", unit=" glyphs", chunk=CHUNK_GLYPHS
    )
    glyphs = np.stack(shown).reshape(variants, len(jobs), *shown[0].shape)
    return Group(glyphs, np.array([job.number for job in jobs], np.uint8))


def class_numbers(drawings: Sequence[Drawing]) -> NDArray[np.uint8]:
    """The places of the drawings' labels in LABELS, (n,)."""
    return np.array([LABELS.index(drawing.label) for drawing in drawings], dtype=np.uint8)


def _vary_and_draw(job: tuple[DrawingJob, list[int]]) -> NDArray[np.uint8]:
    what, seed = job
    rng = np.random.default_rng(seed)
    varied = augment.vary_strokes(what.strokes, rng)
    return augment.draw_as_people_do(varied, rng, what.usual_side)


def _touching_segments(drawings: Sequence[Drawing], seed: int) -> Group:
    jobs = some_numbers(drawings, SEGMENTED_NUMBERS, seed)
    found = in_parallel(segments_of, jobs, "cutting touching digits", unit=" numbers", chunk=16)
    glyphs, labels = zip(*chain.from_iterable(found), strict=True)
    return Group(np.stack(glyphs)[None, ..., None], np.array(labels, dtype=np.uint8))
