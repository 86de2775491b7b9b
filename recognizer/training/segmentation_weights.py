"""Finds what the features of a digit cost when touching digits are cut, see `numbers.WEIGHTS`.

    python -m recognizer.training.cutting [--data-dir DIR] [--model DIR]

prints the weights for the saved network. They make the right digits of numbers, made of the
training writers' digits, the likeliest of all ways to cut them: a conditional random field
(Lafferty, McCallum, Pereira, 2001) over the ways through a row of pieces, as in a semi-Markov
one (Sarawagi, Cohen, 2004).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from tqdm import tqdm

from recognizer import Recognizer, glyph
from recognizer.datasets.pendigits import load_pen, split_writers
from recognizer.files import SAVED_MODEL
from recognizer.images.lines import components
from recognizer.segmentation import lattice
from recognizer.training import synthesis

FITTED_NUMBERS, FITTED_LENGTHS = 1200, (1, 6)
"""Numbers that the weights are found on, and the digits of each, at least and at most."""

FIT_SEED = 11

WEIGHT_DECAY = 0.05
"""Weight of the weights' own squares, so that none grows without need."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lattice:
    """All ways to cut a number.

    spans: (k, 2), the first piece of each candidate and the one after its last; features:
    (k, f), see `numbers.FEATURES`; right: (k, t), whether a candidate reads as the number's
    digit t. It begins before piece 0 and ends after piece `end`.
    """

    spans: NDArray[np.intp]
    features: Floats
    right: NDArray[np.bool_]
    end: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the numbers, find the weights, print them."""
    parser = argparse.ArgumentParser(
        prog="python -m recognizer.training.cutting",
        description="Find the weights by which touching digits are cut.",
    )
    parser.add_argument("--data-dir", type=Path, help="folder with the pen strokes")
    parser.add_argument("--model", type=Path, default=SAVED_MODEL, help="folder of the network")
    options = parser.parse_args(arguments)
    drawings, _ = split_writers(load_pen(options.data_dir))
    work = partial(_lattice, options.model)
    jobs = synthesis.some_numbers(drawings, FITTED_NUMBERS, FIT_SEED, FITTED_LENGTHS)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        found = list(tqdm(pool.map(work, jobs, chunksize=25), "cutting numbers", len(jobs)))
    weights = fit_segmentation_weights(found, lattice.WEIGHTS)
    sys.stdout.write(", ".join(f"{weight:.2f}" for weight in weights) + "\n")


def fit_segmentation_weights(lattices: Sequence[Lattice], start: Floats) -> Floats:
    """The weights (f,) under which the right ways are likeliest, sought from `start` on.

    Ways that do not exist in a lattice, because a digit is misread, cannot be learned.
    """
    possible = [lattice for lattice in lattices if np.isfinite(_log_sums(lattice, start)[1])]

    def loss(weights: Floats) -> tuple[float, Floats]:
        parts = [_loss(lattice, weights) for lattice in possible]
        value = sum(part[0] for part in parts) + WEIGHT_DECAY * float(weights @ weights)
        return value, np.sum([part[1] for part in parts], axis=0) + 2 * WEIGHT_DECAY * weights

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def _lattice(model: Path, number: synthesis.WrittenNumber) -> Lattice:
    row = synthesis.text_line(number)
    found, candidates = lattice.candidates(components(row.ink, glyph.pen_width(row.ink)), row)
    glyphs = [glyph.normalize(ink.ink) for candidate in candidates for ink in candidate.inks]
    every = iter(Recognizer(model).predict_proba(np.stack(glyphs)))
    read, features = [], []
    for candidate in candidates:
        answers = np.stack([next(every) for _ in candidate.inks])
        digit, confidence = lattice.agreed(answers)
        clearest = float(answers[:, digit].max())
        read.append(digit)
        features.append(lattice.features(candidate, clearest, confidence, row.height))
    return Lattice(
        np.array([(c.group[0], c.group[-1] + 1) for c in candidates]),
        np.stack(features),
        np.array(read)[:, None] == np.array([drawing.digit for drawing in number.digits]),
        len(found),
    )


def _loss(lattice: Lattice, weights: Floats) -> tuple[float, Floats]:
    """Minus the logarithm of the right ways' probability, and its gradient (f,)."""
    every, right, shares = _log_sums(lattice, weights)
    return every - right, shares @ lattice.features


def _log_sums(lattice: Lattice, weights: Floats) -> tuple[float, float, Floats]:
    """Logarithms of the sums over all ways and over the right ones, and how they differ.

    The last, (k,), is how much likelier it is that a right way uses a candidate than that any
    does: the forward-backward algorithm, for all ways and for those that spell the number.
    """
    spans, right = lattice.spans, lattice.right
    scores = -(lattice.features @ weights)
    spelled = np.where(right, scores[:, None], -np.inf)
    length = right.shape[1]
    before, after = np.full((2, lattice.end + 1), -np.inf)
    read, unread = np.full((2, lattice.end + 1, length + 1), -np.inf)
    before[0] = after[-1] = read[0, 0] = unread[-1, length] = 0
    for place in range(1, lattice.end + 1):
        at = np.flatnonzero(spans[:, 1] == place)
        before[place] = _total(before[spans[at, 0]] + scores[at])
        read[place, 1:] = _total(read[spans[at, 0], :-1] + spelled[at])
    for place in range(lattice.end - 1, -1, -1):
        at = np.flatnonzero(spans[:, 0] == place)
        after[place] = _total(after[spans[at, 1]] + scores[at])
        unread[place, :-1] = _total(unread[spans[at, 1], 1:] + spelled[at])
    every, whole = float(after[0]), float(unread[0, 0])
    used = np.exp(before[spans[:, 0]] + scores + after[spans[:, 1]] - every)
    if not np.isfinite(whole):
        return every, whole, -used
    rightly = np.exp(read[spans[:, 0], :-1] + spelled + unread[spans[:, 1], 1:] - whole)
    return every, whole, rightly.sum(axis=1) - used


def _total(logarithms: Floats) -> Floats:
    """The logarithm of a sum down the first axis, of nothing too."""
    return np.asarray(np.logaddexp.reduce(logarithms, axis=0))


if __name__ == "__main__":
    main()
