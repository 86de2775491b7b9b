"""Drawings that are no character, as pen strokes: scribbles, figures, and spoilt characters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recognizer.ink import smooth
from recognizer.strokes import Stroke, bounds, transformed
from recognizer.training import figures, pen, things
from recognizer.training.pen import Paths, Rng, between, chance

FIGURES = {**figures.FIGURES, **things.THINGS}
"""Each kind: what makes it, and by how many degrees it is turned at most, either way."""
DOODLE_SIDE = 100.0
"""The longest side of a figure, and about the height of two merged characters."""
SCRIBBLE_SHARE = 0.15
"""Of the doodles; the others are figures, each kind as often as any other."""
MERGED_GAP_SHARES = -0.15, 0.1
"""The gap between two merged characters, in heights; below zero they overlap."""
MAX_MERGED_WIDTH_SHARE = 1.5
"""A character that is flatter is made so many heights wide instead."""
MIN_COVER_SHARE = 0.7
"""What is scribbled over a character is so wide and high at least, of the longer side."""


def doodle(rng: Rng) -> tuple[Stroke, ...]:
    """The strokes of one drawing that is no character."""
    if chance(rng, SCRIBBLE_SHARE):
        return scribble(rng)
    return figure(str(rng.choice(list(FIGURES))), rng)


def figure(kind: str, rng: Rng) -> tuple[Stroke, ...]:
    """The strokes of a figure of FIGURES, such as "heart", DOODLE_SIDE large."""
    make, turn_degrees = FIGURES[kind]
    proportions = np.exp(rng.normal(0, 0.1, 2))
    paths = [each * proportions for each in make(rng)]
    strokes = pen.by_hand(pen.turned(paths, rng.uniform(-turn_degrees, turn_degrees)), rng)
    box = bounds(strokes)
    return transformed(strokes, DOODLE_SIDE / box.side, origin=box.corner)


def scribble(rng: Rng) -> tuple[Stroke, ...]:
    """One to three aimless lines."""
    lines = []
    for _ in range(rng.integers(1, 4)):
        turns = int(rng.integers(5, 16))
        points = np.cumsum(rng.normal(0, 1, (turns, 2)), axis=0) + rng.normal(0, 1.5, 2)
        lines.append(Stroke(smooth(points * 40)))
    return tuple(lines)


def scribbled_out(strokes: Sequence[Stroke], rng: Rng) -> tuple[Stroke, ...]:
    """A character, and over it what takes it back: a zigzag or a coil.

    A line or two would not do: with one, a 0 is a slashed zero, and a 1 a plus.
    """
    box = bounds(strokes)
    over = figures.coil(rng) if chance(rng, 0.3) else _zigzag(rng)
    points = np.concatenate(over)
    low, high = points.min(axis=0), points.max(axis=0)
    cover = np.maximum(box.size, MIN_COVER_SHARE * max(box.side, 1.0))
    scale = cover * rng.uniform(0.85, 1.15, 2) / (high - low)
    place = box.middle + rng.normal(0, 0.04, 2) * cover
    return (*strokes, *pen.by_hand([(p - (low + high) / 2) * scale + place for p in over], rng))


def _zigzag(rng: Rng) -> Paths:
    lines = pen.hatching(rng, between(rng, 5, 11), round_=False)
    return pen.turned([lines], rng.uniform(0, 360))


def merged(left: Sequence[Stroke], right: Sequence[Stroke], rng: Rng) -> tuple[Stroke, ...]:
    """Two characters side by side, touching or nearly, which is no character either.

    But if one is a bar, such as 1, l, I or /: it makes another character of many, as of c a d.
    The strokes of the left one come first.
    """
    first, second = _standing(left, rng), _standing(right, rng)
    gap = rng.uniform(*MERGED_GAP_SHARES) * DOODLE_SIDE
    place = bounds(first).right + gap, rng.normal(0, 0.05) * DOODLE_SIDE
    return (*first, *transformed(second, to=place))


def _standing(strokes: Sequence[Stroke], rng: Rng) -> tuple[Stroke, ...]:
    """A character about DOODLE_SIDE high, with its left top corner at (0, 0)."""
    box = bounds(strokes)
    longest = max(box.height, box.width / MAX_MERGED_WIDTH_SHARE, 1e-9)
    scale = DOODLE_SIDE * float(np.exp(rng.normal(0, 0.06))) / longest
    return transformed(strokes, scale, origin=box.corner)
