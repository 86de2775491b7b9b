"""Pieces of touching digits, cut as `recognizer.pictures.numbers` cuts them: rightly, and wrongly.

A network that was never shown wrong cuts is as sure of half a digit as of a whole one, and
cannot tell where one digit ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer import glyph
from recognizer.ink import Ink, render
from recognizer.pictures import numbers
from recognizer.pictures.rows import HEIGHT, Row
from recognizer.pictures.slices import Blot, blots
from recognizer.reading import DIGITS
from recognizer.strokes import Stroke, bounds
from recognizer.training import augment
from recognizer.training.data import Drawing

Rng = np.random.Generator
Piece = tuple[glyph.Glyph, int]

NO_DIGIT = DIGITS
"""The label of pieces that are no digit."""
MOST_DIGITS, MOST_OTHERS = 12, 20
"""Pieces taken of a number at most: of those that are digits, and of the others."""

SIDE = 2 * HEIGHT
"""Height in pixels in which numbers are drawn."""
LENGTHS = (2, 4)
"""Digits of a number that is cut for its pieces, at least and at most."""
PENS = (0.05, 0.16)
GAPS = (-0.1, 0.09)
"""Pen widths, and gaps between the middles of two digits' lines, in heights."""
WIDEST = 1.5
"""A digit that is flatter, such as a slanted 1, is made so many heights wide instead."""

WHOLE, OWN = 0.90, (0.90, 0.84, 0.75)
"""A piece with so much of a digit's ink, and so much of its own ink that digit's, is the digit.

The latter by how much ink beyond the cuts belongs to the piece, see `numbers.GROWTHS`.
"""
PART, FOREIGN = 0.72, 0.42
"""A piece with less of every digit, or with more ink of others, is none."""
BAR = 0.2
"""Ink is a bar if it is narrower than this share of its length, both as standard deviations."""


@dataclass(frozen=True, eq=False)
class Number:
    """Digits of one writer, and the seed of how they are written."""

    digits: list[Drawing]
    seed: list[int]


def some_numbers(
    drawings: Sequence[Drawing], count: int, seed: int, lengths: tuple[int, int] = LENGTHS
) -> list[Number]:
    """So many numbers of the drawings' writers; lengths: digits of each, at least and at most."""
    rng = np.random.default_rng([seed, 6])
    found = []
    for number in range(count):
        writer = drawings[int(rng.integers(len(drawings)))].writer
        own = [drawing for drawing in drawings if drawing.writer == writer]
        length = rng.integers(*lengths, endpoint=True)
        digits = [own[at] for at in rng.integers(len(own), size=length).tolist()]
        found.append(Number(digits, [seed, 7, number]))
    return found


def cut(number: Number) -> list[Piece]:
    """Glyphs and labels of pieces of a number whose digits stand close together."""
    rng, digits = np.random.default_rng(number.seed), number.digits
    inks = _written(digits, rng)
    line = _row(inks)
    _, candidates = numbers.candidates(blots(line.ink, glyph.pen_width(line.ink)), line)
    found: dict[bool, list[tuple[Blot, int]]] = {True: [], False: []}
    for candidate in candidates:
        for ink, own in zip(candidate.inks, OWN, strict=False):
            label = _label(ink, own, inks, digits)
            if label is not None:
                found[label == NO_DIGIT].append((ink, label))
    kept = _some(found[False], MOST_DIGITS, rng) + _some(found[True], MOST_OTHERS, rng)
    return [(glyph.normalize(blot.ink), label) for blot, label in kept]


def _some(found: list[tuple[Blot, int]], most: int, rng: Rng) -> list[tuple[Blot, int]]:
    return [found[number] for number in rng.permutation(len(found))[:most]]


def row(number: Number) -> Row:
    """The line of writing that a number makes."""
    return _row(_written(number.digits, np.random.default_rng(number.seed)))


def _row(inks: NDArray[np.uint8]) -> Row:
    return Row(np.asarray(inks.max(axis=0)), float(HEIGHT), np.eye(2, 3))


def _written(digits: Sequence[Drawing], rng: Rng) -> NDArray[np.uint8]:
    """The digits side by side: each one's ink in its place, (n, height, width)."""
    pen = SIDE * float(np.exp(rng.uniform(*np.log(PENS))))
    base, uneven = rng.uniform(*GAPS), rng.uniform(0, 0.05)
    lines, left = [], float(HEIGHT)
    for drawing in digits:
        strokes = augment.vary_strokes(drawing.strokes, rng)
        box = bounds(strokes)
        assert box is not None
        width, height = max(box[2] - box[0], 1.0), max(box[3] - box[1], 1.0)
        tall = SIDE * float(np.exp(rng.normal(0, 0.08)))
        scale = min(tall / height, WIDEST * tall / width)
        place = (left, HEIGHT + rng.normal(0, 0.05 * SIDE))
        lines.append([Stroke((s.points - box[:2]) * scale + place, pen) for s in strokes])
        left += width * scale + (base + rng.normal(0, uneven)) * SIDE
    size = round(left + HEIGHT), SIDE + 3 * HEIGHT
    return _in_row(np.stack([render(strokes, size) for strokes in lines]))


def _in_row(inks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The inks, cut out and made as small as those of a line of writing are."""
    left, top, width, height = cv2.boundingRect(np.asarray(inks.max(axis=0)))
    size = max(1, round(width * HEIGHT / height)), HEIGHT
    parts: list[Ink] = [
        np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
        for part in np.ascontiguousarray(inks[:, top : top + height, left : left + width])
    ]
    return np.stack(parts)


def _label(
    piece: Blot, own: float, inks: NDArray[np.uint8], digits: Sequence[Drawing]
) -> int | None:
    """What a piece is: a digit, no digit, or None where that is in between."""
    height, width = piece.ink.shape
    there = inks[:, piece.top : piece.top + height, piece.left : piece.left + width]
    shared = np.minimum(there, piece.ink).sum(axis=(1, 2), dtype=np.float64)
    whole = shared / np.maximum(inks.sum(axis=(1, 2), dtype=np.float64), 1)
    most = int(whole.argmax())
    is_own = shared[most] / max(float(piece.ink.sum(dtype=np.float64)), 1.0)
    if whole[most] >= WHOLE and is_own >= own:
        return digits[most].digit
    wrong = whole[most] < PART or is_own < 1 - FOREIGN
    return NO_DIGIT if wrong and not _is_bar(piece.ink) else None


def _is_bar(ink: Ink) -> bool:
    """Whether the ink is an upright bar: part of a digit or not, it can only be read as 1."""
    moments = cv2.moments(ink)
    across, down, both = (moments[name] for name in ("mu20", "mu02", "mu11"))
    narrow, long = np.linalg.eigvalsh([[across, both], [both, down]])
    # Of a speck's variance, rounding may leave less than nothing.
    return bool(down > across and 0 <= narrow < BAR**2 * long)
