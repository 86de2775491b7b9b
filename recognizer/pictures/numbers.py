"""Lines of writing to digits: blots and slices of blots, put together as they read best."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from recognizer import glyph, layout
from recognizer.pictures.cuts import Cut, cuts
from recognizer.pictures.rows import Row
from recognizer.pictures.slices import Blot, Box, Slice, blots, ink_of, slices

Probabilities = NDArray[np.float32]
Predict = Callable[[NDArray[np.uint8]], Probabilities]

SETTLED, SETTLED_WIDTH = 0.995, 1.0
"""A blot that is read with this confidence is a digit, unless it is wider than so many heights."""
OVERLAPPING = 0.3
"""Blots one above the other over this share of the narrower one may be one digit."""
SMALL = 0.45
"""What is lower than this share of a line's height is part of a digit, or dirt."""
CUT_FROM = 0.3
"""Blots as wide as this share of a line's height may be several digits."""
WIDEST = 1.5
"""A digit of several pieces is at most this wide, in heights of the line."""
FARTHEST = 0.25
"""Pieces of a digit have at most this much paper between them, in heights of the line."""
MOST_PIECES = 10
GROWTHS = (0.0, 0.75, 1.5)
"""How far beyond a cut ink may belong to the digits on both sides, in pens."""
LEAST_DOUBT = 1e-4
"""The network's confidence is not trusted any further."""

FEATURES = ("digit", "doubt", "rest", "low", "wide", "narrow", "wide doubt", "cut", "joint")
WEIGHTS = np.array([0.76, -0.01, 0.38, 4.59, 2.70, 7.38, 1.86, 2.06, -2.67])
"""What each feature of a digit costs, in nats.

They make the right digits of the training writers' numbers the likeliest of all ways to cut
them; `python -m recognizer.training.cutting` finds them for a network.
"""
DIRT = (1.0, 4.0)
"""What it costs to leave a small blot out, and by how much more the larger it is, in nats."""


@dataclass(frozen=True, eq=False)
class Digit:
    """A digit found in a line: its ink there, its glyph, and what that was read as."""

    ink: Blot
    glyph: glyph.Glyph
    probabilities: Probabilities


@dataclass(frozen=True, eq=False)
class Candidate:
    """Pieces of a line that may be a digit: their numbers, their box, and the ink.

    inks: with more and more of what lies beyond the cuts. cuts: those at the ends. In pixels
    of the line.
    """

    group: layout.Group
    box: Box
    inks: Sequence[Blot]
    cuts: Sequence[Cut]


def read(row: Row, predict: Predict) -> list[Digit]:
    """The digits of a line, from left to right.

    predict: probabilities (n, 10) of glyphs (n, 28, 28).
    """
    found = blots(row.ink, glyph.pen_width(row.ink))
    wholes = _read(found, predict)
    settled = [_is_settled(whole, found, row.height) for whole in wholes]
    digits: list[Digit] = []
    for known, run in groupby(range(len(found)), lambda number: settled[number]):
        numbers = list(run)
        if known:
            digits += [wholes[number] for number in numbers]
        else:
            digits += _unsettled([found[number] for number in numbers], row, predict)
    return digits


def _read(inks: Sequence[Blot], predict: Predict) -> list[Digit]:
    glyphs = np.stack([glyph.normalize(blot.ink) for blot in inks])
    return [Digit(*answer) for answer in zip(inks, glyphs, predict(glyphs), strict=True)]


def _is_settled(whole: Digit, found: Sequence[Blot], height: float) -> bool:
    """Whether a blot is a digit beyond doubt."""
    left, top, right, bottom = whole.ink.box
    width = right - left
    if whole.probabilities.max() < SETTLED or width > SETTLED_WIDTH * height:
        return False
    if bottom - top < SMALL * height:
        return False
    return not any(
        min(right, box[2]) - max(left, box[0]) > OVERLAPPING * min(width, box[2] - box[0])
        for box in (blot.box for blot in found if blot is not whole.ink)
    )


def _unsettled(found: Sequence[Blot], row: Row, predict: Predict) -> list[Digit]:
    """The digits in blots that are several digits, or parts of one, or none."""
    pieces, possible = candidates(found, row)
    digits = iter(_read([ink for candidate in possible for ink in candidate.inks], predict))
    costs: dict[layout.Group, float] = {}
    best: dict[layout.Group, Digit | None] = {}
    for candidate in possible:
        seen = [next(digits) for _ in candidate.inks]
        answers = np.stack([one.probabilities for one in seen])
        digit, confidence = agreed(answers)
        views = answers[:, digit]
        parts = features(candidate, float(views.max()), confidence, row.height)
        costs[candidate.group] = float(parts @ WEIGHTS)
        best[candidate.group] = seen[views.argmax()]
    for number, cost in _dirt(pieces, row.height):
        if cost < costs[number,]:
            costs[number,], best[number,] = cost, None
    chosen = (best[group] for group in layout.cheapest_groups(len(pieces), costs))
    return [digit for digit in chosen if digit is not None]


def candidates(found: Sequence[Blot], row: Row) -> tuple[list[Slice], list[Candidate]]:
    """The pieces that blots of a line are cut into, and all that may be a digit of them."""
    pen = glyph.pen_width(row.ink)
    pieces = [piece for blot in found for piece in slices(blot, _cuts(blot, row.height, pen))]
    return pieces, list(_candidates(pieces, row.height, pen))


def agreed(answers: Probabilities) -> tuple[int, float]:
    """The digit that the answers (n, 10) to several inks name together, and how surely.

    That is by their geometric mean.
    """
    probabilities = np.maximum(answers.astype(np.float64), LEAST_DOUBT / 100)
    product = np.exp(np.log(probabilities).mean(axis=0))
    digit = int(product.argmax())
    return digit, float(product[digit] / product.sum())


def _cuts(blot: Blot, height: float, pen: float) -> list[Cut]:
    down, across = blot.ink.shape
    return cuts(blot.ink, pen) if down >= SMALL * height and across >= CUT_FROM * height else []


def _candidates(pieces: Sequence[Slice], height: float, pen: float) -> Iterator[Candidate]:
    for first in range(len(pieces)):
        for last in range(first, min(first + MOST_PIECES, len(pieces))):
            run = pieces[first : last + 1]
            box, gap = _together([piece.box for piece in run])
            if last > first and (box[2] - box[0] > WIDEST * height or gap > FARTHEST * height):
                break
            ends = [cut for cut in (run[0].begin, run[-1].end) if cut is not None]
            growths = GROWTHS if ends else GROWTHS[:1]
            inks = [ink_of(run, growth * pen) for growth in growths]
            yield Candidate(tuple(range(first, last + 1)), box, inks, ends)


def _together(boxes: Sequence[Box]) -> tuple[Box, float]:
    """The box around all, and the blank between them across."""
    left, top, right, bottom = boxes[0]
    gap = 0
    for box in boxes[1:]:
        gap += max(0, box[0] - right)
        left, top = min(left, box[0]), min(top, box[1])
        right, bottom = max(right, box[2]), max(bottom, box[3])
    return (left, top, right, bottom), float(gap)


def _dirt(pieces: Sequence[Slice], height: float) -> Iterator[tuple[int, float]]:
    """Blots that are too low for a digit, and what it costs to leave them out."""
    for number, piece in enumerate(pieces):
        left, top, right, bottom = piece.box
        low, wide = (bottom - top) / height, (right - left) / height
        if piece.begin is None and piece.end is None and low < SMALL:
            yield number, DIRT[0] + DIRT[1] * low * min(1.0, wide)


def features(
    candidate: Candidate, clearest: float, confidence: float, height: float
) -> NDArray[np.float64]:
    """What the cost of a candidate is made of, see `FEATURES`; lengths are in heights.

    clearest, confidence: the probability of what its inks are read as, of the ink that shows it
    best and of all together. If a digit was cut badly, one may be clear where others are not.
    """
    left, top, right, bottom = candidate.box
    doubt = -np.log(max(clearest, LEAST_DOUBT))
    wide = (right - left) / height
    return np.array(
        [
            1.0,
            doubt,
            np.log(1 - confidence + LEAST_DOUBT),
            max(0.0, 0.9 - (bottom - top) / height),
            wide**2,
            max(0.0, 0.3 - wide),
            doubt * wide,
            sum(cut.length for cut in candidate.cuts) / height,
            sum(cut.joint for cut in candidate.cuts) / height,
        ]
    )
