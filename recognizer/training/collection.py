"""All that the network learns from and is chosen on, as compact arrays in one file.

The sets are read once, their labels are cleaned, and what is left of 400 MB of text and scans are
the lines of the pen and pictures of 28 × 28 pixels. Whoever has the file needs no data set.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer import glyph, images
from recognizer.datasets import DataError, Drawing, Images, MissingDataError, Sample
from recognizer.datasets.catalog import LOADERS, split
from recognizer.geometry import Box
from recognizer.images.paper import ink_on
from recognizer.ink import RENDERED_PX, THINNED_PX, thin_out
from recognizer.labels import SUMS, digit_of, label_set
from recognizer.processes import in_parallel
from recognizer.strokes import Stroke, bounds
from recognizer.training import LABELS, NO_LABEL

NO_CHARACTERS = "&@#$?!*"
"""Signs of UNIPEN that look like none of the labels, and are learned as such.

The others that are no labels are left out: a ' is like a comma, a | like a 1.
"""
SIDE = 250
"""Longest side of a drawing in its own unit, so that a coordinate is a byte."""
MIN_SHARE = 0.01
"""Share of the usual size that the smallest drawing, a point, counts as."""
NO_WRITER = "nobody"
BASE_SETS = ("mnist", "pendigits")
"""The sets that can be downloaded, without which nothing is learned."""
Doubts = Callable[[Sequence[Sample], int], NDArray[np.bool_]]
"""Tells which of the samples have a label that is doubtful, with a seed."""


@dataclass(frozen=True, eq=False)
class Collection:
    """Characters of many people, (n,) of each; strokes and pictures follow in the same order.

    labels: class numbers. sets, writers: of each, places in set_names and writer_names.
    validation: whether its writer is for choosing. doubtful: whether its label is. shares: the
    longest side of a drawing as a share of its writer's usual character. strokes: of each, how
    many it has; 0 for a picture. lengths: of each stroke, how many points it has. points: of all
    strokes (p, 2), 0 to SIDE. pictures: (m, 28, 28) glyphs.
    """

    labels: NDArray[np.uint8]
    sets: NDArray[np.uint8]
    set_names: NDArray[np.str_]
    writers: NDArray[np.uint16]
    writer_names: NDArray[np.str_]
    validation: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]
    shares: NDArray[np.float32]
    strokes: NDArray[np.uint8]
    lengths: NDArray[np.uint16]
    points: NDArray[np.uint8]
    pictures: NDArray[np.uint8]

    @cached_property
    def is_picture(self) -> NDArray[np.bool_]:
        """Which of them are pictures."""
        return np.asarray(self.strokes == 0)

    @cached_property
    def _ends(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """After how many strokes, points and pictures each sample, stroke and sample ends."""
        return (
            np.cumsum(self.strokes, dtype=np.int64),
            np.cumsum(self.lengths, dtype=np.int64),
            np.cumsum(self.is_picture, dtype=np.int64),
        )

    @cached_property
    def learned(self) -> NDArray[np.bool_]:
        """Which of them are learned from: the training writers', without doubtful labels."""
        return ~self.validation & ~self.doubtful

    def part(self, share: float, seed: int, validation_share: float = 1.0) -> Collection:
        """The same, but of each set only a share is learned from, drawn by a seed.

        validation_share: the same of what is for choosing.
        """
        kept, rng = np.zeros(len(self.labels), dtype=bool), np.random.default_rng([seed, 9])
        chosen = self.validation & ~self.doubtful
        for at in range(len(self.set_names)):
            for mask, part in ((self.learned, share), (chosen, validation_share)):
                numbers = rng.permutation(np.flatnonzero(mask & (self.sets == at)))
                kept[numbers[: round(part * len(numbers))]] = True
        return replace(self, doubtful=self.doubtful | ~kept)

    def hands(self, count: int, seed: int) -> dict[str, list[Drawing]]:
        """A drawing of each digit by so many training writers at most, by the writers' names.

        They are drawn by a seed, of as many sets as there are.
        """
        pen = np.flatnonzero(self.learned & ~self.is_picture & self.is_digit)
        found: dict[str, dict[str, list[Drawing]]] = {}
        for writer in np.random.default_rng([seed, 11]).permutation(np.unique(self.writers[pen])):
            numbers = pen[self.writers[pen] == writer]
            labels, first = np.unique(self.labels[numbers], return_index=True)
            if len(labels) == len(label_set("digits")):
                own = np.zeros(len(self.labels), dtype=bool)
                own[numbers[first]] = True
                set_name = str(self.set_names[self.sets[numbers[0]]])
                drawn = sorted(self.drawings(own), key=lambda drawing: drawing.label)
                found.setdefault(set_name, {})[str(self.writer_names[writer])] = drawn
        # One of each set after the other, until there are enough.
        turns = zip_longest(*(own.items() for _, own in sorted(found.items())))
        every = (each for turn in turns for each in turn if each is not None)
        return dict(islice(every, count))

    @cached_property
    def described(self) -> dict[str, Any]:
        """What a card tells of the data: how many of each set, and the hash of all."""
        counts = zip(self.set_names.tolist(), np.bincount(self.sets).tolist(), strict=True)
        digest = hashlib.sha256()
        for field in fields(self):
            digest.update(np.ascontiguousarray(getattr(self, field.name)).tobytes())
        return {"characters": dict(counts), "doubtful": int(self.doubtful.sum())} | {
            "sha256": digest.hexdigest()
        }

    def drawn(self, number: int) -> tuple[Stroke, ...]:
        """The strokes of a sample that is no picture."""
        of_samples, of_strokes, _ = self._ends
        last = int(of_samples[number])
        found = []
        for stroke in range(last - int(self.strokes[number]), last):
            end = int(of_strokes[stroke])
            points = self.points[end - int(self.lengths[stroke]) : end]
            found.append(Stroke(points.astype(np.float64)))
        return tuple(found)

    def images(self, chosen: NDArray[np.bool_], limit: int | None = None) -> Images:
        """The pictures among the chosen (n,), the first `limit` of them."""
        numbers = np.flatnonzero(chosen & self.is_picture)[:limit]
        return Images(self.pictures[self._ends[2][numbers] - 1], self.labels[numbers])

    def drawings(self, chosen: NDArray[np.bool_]) -> list[Drawing]:
        """The drawings among the chosen (n,) whose label is learned."""
        numbers = np.flatnonzero(chosen & ~self.is_picture & (self.labels != NO_LABEL))
        return [
            Drawing(self.drawn(at), LABELS[self.labels[at]], int(self.writers[at]))
            for at in numbers.tolist()
        ]

    @cached_property
    def is_digit(self) -> NDArray[np.bool_]:
        """Which of them are digits."""
        return self._known(lambda label: digit_of(label) is not None)

    @cached_property
    def is_letter(self) -> NDArray[np.bool_]:
        """Which of them are letters."""
        return self._known(str.isalpha)

    @cached_property
    def is_of_sums(self) -> NDArray[np.bool_]:
        """Which of them are digits or signs of sums."""
        return self._known(set(label_set(SUMS)).__contains__)

    def _known(self, is_such: Callable[[str], bool]) -> NDArray[np.bool_]:
        return np.array([*map(is_such, LABELS), False])[self.labels]

    def of_sets(self, *names: str) -> NDArray[np.bool_]:
        """Which of them are of one of these sets."""
        return np.asarray(np.isin(self.set_names, names)[self.sets], dtype=np.bool_)

    def doubtful_of(self, samples: Sequence[Sample]) -> NDArray[np.bool_]:
        """Which of the validation writers' samples have a doubtful label, (n,).

        samples: all of the data that the collection was made of, in their order. Raises DataError
        for others.
        """
        found = is_kept(samples)
        own = [sample.writer for sample, kept in zip(samples, found, strict=True) if kept]
        if own != self.writer_names[self.writers[self.validation]].tolist():
            raise DataError(
                "The prepared data are of other data sets than those in the data folder. Prepare "
                "them anew: python -m recognizer train --prepare FILE"
            )
        found[found] = self.doubtful[self.validation]
        return found

    def joined(self, other: Collection) -> Collection:
        """Both, one after the other."""
        both = {
            name: np.concatenate([getattr(self, name), getattr(other, name)])
            for name in (each.name for each in fields(self))
            if name not in ("sets", "set_names", "writers", "writer_names")
        }
        for many, one, kind in (("sets", "set", np.uint8), ("writers", "writer", np.uint16)):
            named = [getattr(c, f"{one}_names")[getattr(c, many)] for c in (self, other)]
            names, places = np.unique(np.concatenate(named), return_inverse=True)
            both |= {many: places.astype(kind), f"{one}_names": names}
        return Collection(**both)

    def save(self, path: Path) -> None:
        """Write all arrays to one file."""
        beside = path.with_name(f"writing-{path.name}")
        with beside.open("wb") as file:
            np.savez_compressed(file, **{f.name: getattr(self, f.name) for f in fields(self)})
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> Collection:
        """What `save` wrote. Raises DataError if the file is missing or damaged."""
        remedy = f"Prepare it: python -m recognizer train --prepare {path}"
        if not path.is_file():
            raise DataError(f"There is no prepared data {path}. {remedy}")
        try:
            with path.open("rb") as packed_file, np.load(packed_file, allow_pickle=False) as file:
                return cls(**{field.name: file[field.name] for field in fields(cls)})
        except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
            raise DataError(f"{path} is damaged or another file ({error}). {remedy}") from None


def nothing_doubtful(samples: Sequence[Sample], seed: int) -> NDArray[np.bool_]:
    """Doubts none of the labels."""
    return np.zeros(len(samples), dtype=bool)


def gather(
    folder: Path | None, seed: int, doubts: Doubts, names: Sequence[str] = (*LOADERS,)
) -> Collection:
    """The sets of these names, of which those that are no `BASE_SETS` may be missing.

    Raises DataError.
    """
    samples: list[Sample] = []
    for name in tqdm(names, desc="reading the sets", unit=" sets", leave=False, delay=1):
        try:
            samples += LOADERS[name](folder)
        except MissingDataError:
            if name in BASE_SETS:
                raise
            tqdm.write(f"{name} is missing: it is not learned from.")
    return packed(samples, doubts(samples, seed))


def packed(samples: Sequence[Sample], doubtful: NDArray[np.bool_]) -> Collection:
    """The samples as a collection; without those whose label is not learned."""
    chosen = {sample.writer for sample in split(samples)[1]}
    kept = np.flatnonzero(is_kept(samples)).tolist()
    doubtful = doubtful[kept]
    samples = [samples[at] for at in kept]
    sides = usual_sides(samples)
    set_names, sets = np.unique([sample.set for sample in samples], return_inverse=True)
    names, writers = np.unique(
        [sample.writer or NO_WRITER for sample in samples], return_inverse=True
    )
    lines = [_lines(sample) for sample in samples]
    flat = list(chain.from_iterable(lines))
    pictures = [sample for sample in samples if sample.picture is not None]
    glyphs = in_parallel(glyph_of, pictures, "normalizing pictures", unit=" pictures", chunk=64)
    return Collection(
        np.array([class_number(sample.label) for sample in samples], np.uint8),
        sets.astype(np.uint8),
        set_names,
        writers.astype(np.uint16),
        names,
        np.array([sample.writer in chosen and sample.writer is not None for sample in samples]),
        doubtful,
        np.array([_share(sample, sides) for sample in samples], np.float32),
        np.array([len(each) for each in lines], np.uint8),
        np.array([len(line) for line in flat], np.uint16),
        np.concatenate(flat) if flat else np.empty((0, 2), np.uint8),
        np.stack(glyphs) if glyphs else np.empty((0, glyph.SIZE_PX, glyph.SIZE_PX), np.uint8),
    )


def is_kept(samples: Sequence[Sample]) -> NDArray[np.bool_]:
    """Which of the samples a collection holds, (n,): those of whose labels something is learned."""
    return np.array([sample.label in (*LABELS, *NO_CHARACTERS) for sample in samples], dtype=bool)


def class_number(label: str) -> int:
    """The place of a label in LABELS; NO_LABEL for another character."""
    return LABELS.index(label) if label in LABELS else NO_LABEL


def glyph_of(sample: Sample) -> glyph.Glyph:
    """The glyph of a picture, as `Recognizer.classify_image` sees it."""
    picture = sample.picture
    assert picture is not None
    if picture.ndim == 2:  # it is ink already
        return picture if sample.set == "mnist" else glyph.normalize(picture)
    grey, _ = images.grey_of(picture, images.CLASSIFIED_SIDE_PX)
    return glyph.normalize(ink_on(grey))


def usual_sides(samples: Sequence[Sample]) -> dict[str | None, float]:
    """The usual longest side of each writer's digits and letters, in the unit of the strokes."""
    sides: dict[str | None, list[float]] = {}
    for sample in samples:
        if sample.strokes and sample.label.isalnum():
            sides.setdefault(sample.writer, []).append(bounds(sample.strokes).side)
    return {writer: float(np.median(found)) for writer, found in sides.items()}


def _share(sample: Sample, sides: dict[str | None, float]) -> float:
    if not sample.strokes:
        return 1.0
    side = bounds(sample.strokes).side
    usual = sides.get(sample.writer, side) or 1.0
    return float(np.clip(side / usual, MIN_SHARE, 4.0))


def _lines(sample: Sample) -> list[NDArray[np.uint8]]:
    """The points of each stroke in bytes, no more of them than are drawn."""
    if not sample.strokes:
        return []
    box: Box = bounds(sample.strokes)
    scale = SIDE / max(box.side, 1e-9)
    step = THINNED_PX * SIDE / RENDERED_PX
    return [
        np.asarray(
            np.round(thin_out((stroke.points - box.corner) * scale, step)).clip(0, SIDE), np.uint8
        )
        for stroke in sample.strokes
    ]
