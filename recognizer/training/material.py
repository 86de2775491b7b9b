"""What epochs are drawn from: MNIST, the pen strokes drawn in many ways, and what is no digit.

Drawing takes a process a core, and these need no TensorFlow; so this file does without it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer import glyph, ink
from recognizer.strokes import Stroke
from recognizer.training import augment
from recognizer.training import pieces as touching
from recognizer.training.data import TABLET, Drawing, Images

EXTENT = (TABLET, TABLET)
NUMBERS = 2500
"""Numbers of touching digits that are cut into pieces."""


@dataclass(frozen=True, eq=False)
class Material:
    """What epochs are drawn from.

    mnist: MNIST's training images. pen: (variants, n, 28, 28) glyphs of the pen drawings,
    each in several variants; pen_labels: (n,). scribbles: (m, 28, 28), which are no digits.
    pieces: of touching digits, some of which are none, see `pieces.py`.
    """

    mnist: Images
    pen: NDArray[np.uint8]
    pen_labels: NDArray[np.uint8]
    scribbles: NDArray[np.uint8]
    pieces: Images


def plain_glyphs(drawings: Sequence[Drawing]) -> Images:
    """The drawings as `Recognizer.classify_strokes` sees them."""
    glyphs = [glyph.normalize(ink.render_to_fit(d.strokes, EXTENT)) for d in drawings]
    return Images(np.stack(glyphs), _digits(drawings))


def prepare(
    mnist: Images, drawings: Sequence[Drawing], variants: int, seed: int, *, pieces: bool = False
) -> Material:
    """Draw the pen strokes, the scribbles and, if wanted, the pieces, on all cores.

    Each has its own seed.
    """
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
    return Material(
        mnist,
        np.stack(pen).reshape(shape),
        _digits(drawings),
        np.stack(scribbles),
        _pieces(drawings, seed) if pieces else _nothing(),
    )


def mnist_alone(mnist: Images) -> Material:
    """MNIST's images without drawings or scribbles."""
    none = _nothing()
    return Material(mnist, none.images[None], none.labels, none.images, none)


def _nothing() -> Images:
    return Images(np.empty((0, glyph.SIZE, glyph.SIZE), np.uint8), np.empty(0, np.uint8))


def _digits(drawings: Sequence[Drawing]) -> NDArray[np.uint8]:
    return np.array([drawing.digit for drawing in drawings], dtype=np.uint8)


def _vary_and_draw(job: tuple[tuple[Stroke, ...], list[int]]) -> glyph.Glyph:
    strokes, seed = job
    rng = np.random.default_rng(seed)
    return augment.draw_as_people_do(augment.vary_strokes(strokes, rng), rng)


def _scribble(seed: list[int]) -> glyph.Glyph:
    return augment.scribble(np.random.default_rng(seed))


def _pieces(drawings: Sequence[Drawing], seed: int) -> Images:
    jobs = touching.some_numbers(drawings, NUMBERS, seed)
    found = _in_parallel(touching.cut, jobs, "cutting touching digits", " numbers")
    glyphs, labels = zip(*chain.from_iterable(found), strict=True)
    return Images(np.stack(glyphs), np.array(labels, dtype=np.uint8))


def _in_parallel(
    work: Callable[[Any], Any], jobs: Sequence[Any], title: str, unit: str = " glyphs"
) -> list[Any]:
    # A spawned process does not inherit the threads that TensorFlow has started.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        results: Iterable[Any] = pool.map(work, jobs, chunksize=64)
        return list(tqdm(results, total=len(jobs), desc=title, unit=unit, leave=False))
