"""What the network learns from: every epoch other variations, all from one seed.

Every number depends on the seed, the epoch and the batch alone, so that a run that was
interrupted goes on as if it had not been.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer import glyph, ink
from recognizer.reading import DIGITS
from recognizer.strokes import Stroke
from recognizer.training import augment
from recognizer.training.data import TABLET, Drawing, Images

Floats = NDArray[np.float32]
EXTENT = (TABLET, TABLET)
MNIST, PEN, ODD = range(3)


@dataclass(frozen=True, eq=False)
class Material:
    """What epochs are drawn from.

    mnist: MNIST's training images. pen: (variants, n, 28, 28) glyphs of the pen drawings,
    each in several variants; pen_labels: (n,). scribbles: (m, 28, 28), which are no digits.
    """

    mnist: Images
    pen: NDArray[np.uint8]
    pen_labels: NDArray[np.uint8]
    scribbles: NDArray[np.uint8]


def plain_glyphs(drawings: Sequence[Drawing]) -> Images:
    """The drawings as `Recognizer.classify_strokes` sees them."""
    glyphs = [glyph.normalize(ink.render_to_fit(d.strokes, EXTENT)) for d in drawings]
    return Images(np.stack(glyphs), _digits(drawings))


def prepare(mnist: Images, drawings: Sequence[Drawing], variants: int, seed: int) -> Material:
    """Draw the pen strokes and the scribbles, each with its own seed, on all cores."""
    jobs = [
        (drawing.strokes, [seed, 1, variant, number])
        for variant in range(variants)
        for number, drawing in enumerate(drawings)
    ]
    shape = (variants, len(drawings), glyph.SIZE, glyph.SIZE)
    pen = _in_parallel(_vary_and_draw, jobs, "drawing pen strokes")
    scribbles = _in_parallel(
        _scribble, [[seed, 2, number] for number in range(len(drawings))], "drawing scribbles"
    )
    return Material(mnist, np.stack(pen).reshape(shape), _digits(drawings), np.stack(scribbles))


def _digits(drawings: Sequence[Drawing]) -> NDArray[np.uint8]:
    return np.array([drawing.digit for drawing in drawings], dtype=np.uint8)


def _vary_and_draw(job: tuple[tuple[Stroke, ...], list[int]]) -> glyph.Glyph:
    strokes, seed = job
    rng = np.random.default_rng(seed)
    return augment.draw_as_people_do(augment.vary_strokes(strokes, rng), rng)


def _scribble(seed: list[int]) -> glyph.Glyph:
    return augment.scribble(np.random.default_rng(seed))


def _in_parallel(work: Callable[[Any], Any], jobs: Sequence[Any], title: str) -> list[Any]:
    # A spawned process does not inherit the threads that TensorFlow has started.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        results: Iterable[Any] = pool.map(work, jobs, chunksize=64)
        return list(tqdm(results, total=len(jobs), desc=title, unit=" glyphs", leave=False))


class Epoch(keras.utils.PyDataset):
    """One epoch: MNIST once, the pen drawings `pen_copies` times, and some that are no digits.

    Batches are glyphs (batch, 28, 28, 1) in 0..1 and the probabilities they should get
    (batch, 10): one for the digit, all the same for what is none.
    """

    def __init__(
        self,
        material: Material,
        *,
        seed: int,
        epoch: int,
        batch: int,
        pen_copies: int,
        odd_share: float,
    ) -> None:
        super().__init__()
        self._material, self._seed, self._epoch, self._batch = material, seed, epoch, batch
        mnist, pen = len(material.mnist.images), len(material.pen_labels)
        digits = mnist + pen * pen_copies
        odd = round(digits * odd_share)
        # A sample is where it comes from and its number there.
        sources = np.repeat([MNIST, PEN, ODD], [mnist, digits - mnist, odd])
        numbers = np.concatenate(
            [np.arange(mnist), np.tile(np.arange(pen), pen_copies), np.arange(odd)]
        )
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
        images = augment.distort(np.stack([image for image, _ in samples]), rng)
        return images[..., None], np.stack([answer for _, answer in samples])

    def _sample(self, source: int, number: int, rng: augment.Rng) -> tuple[glyph.Glyph, Floats]:
        material = self._material
        if source == MNIST:
            return material.mnist.images[number], _certain(material.mnist.labels[number])
        if source == PEN:
            variant = rng.integers(len(material.pen))
            return material.pen[variant, number], _certain(material.pen_labels[number])
        return self._odd(rng), np.full(DIGITS, 1 / DIGITS, dtype=np.float32)

    def _odd(self, rng: augment.Rng) -> glyph.Glyph:
        if rng.random() < 0.5:
            return self._material.scribbles[rng.integers(len(self._material.scribbles))]
        left, right = (
            self._sample(PEN, int(rng.integers(len(self._material.pen_labels))), rng)[0]
            for _ in range(2)
        )
        return augment.merged(left, right, rng)


def _certain(digit: np.uint8) -> Floats:
    answer = np.zeros(DIGITS, dtype=np.float32)
    answer[digit] = 1
    return answer
