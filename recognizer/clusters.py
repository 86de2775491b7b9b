"""Which strokes of a drawing lie near each other, and what it costs to join them in a digit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from recognizer.memory import Memory
from recognizer.strokes import Box, Points, Stroke, bounds

Strokes = tuple[Stroke, ...]
Numbers = NDArray[np.intp]

NEAR = 0.35
"""Neighbours in a digit are no further apart than this share of the larger one's size."""
LINKING = 0.0
"""Nor does it cost more than this to join them."""
CROWD = 8
"""A stroke that may be joined with more than so many others is part of a scribble."""
LEAST_SIZE = 1e-9
"""Stands for the size of dots and the height of level lines, which have none."""

# Costs are in nats; `grouping` tells how they were found.
_JOIN, _APART, _BESIDE, _OFF = -1.85, 2.35, 3.55, 1.85
"""Joining two strokes: always, and for each of their sizes that they are apart, that one stands
to the right of the other (less if they overlap), and that their middles are off sideways."""
_SAMPLES = 24
"""Points of a stroke that stand for it when distances are measured."""


@dataclass(frozen=True, eq=False)
class Piece:
    """What is never parted: a stroke, or a scribble; its box, and points along it (n, 2)."""

    strokes: Strokes
    box: Box
    points: Points


@dataclass(frozen=True, eq=False)
class Cluster:
    """Pieces of one digit or more that are near each other.

    boxes: (n, 4); joins: (n, n), what it costs to join two pieces; linked: (n, n), whether
    they may be neighbours in one digit.
    """

    pieces: list[Piece]
    boxes: NDArray[np.float64]
    joins: NDArray[np.float64]
    linked: NDArray[np.bool_]


def clusters(strokes: Sequence[Stroke], memory: Memory) -> Iterator[Cluster]:
    """Pieces that may be joined, however many steps it takes from one to the next."""
    pieces = [memory.once(stroke, partial(_piece, (stroke,))) for stroke in strokes]
    pieces.sort(key=lambda piece: piece.box)
    joins, linked = _joins(pieces, memory)
    crowded = linked.sum(axis=1) > CROWD
    if crowded.any():
        pieces = _with_scribbles(pieces, linked, crowded, memory)
        joins, linked = _joins(pieces, memory)
    for numbers in _connected(linked):
        members = [pieces[number] for number in numbers]
        boxes = np.array([piece.box for piece in members])
        square = np.ix_(numbers, numbers)
        yield Cluster(members, boxes, joins[square], linked[square])


def _piece(strokes: Strokes) -> Piece:
    box = bounds(strokes)
    assert box is not None
    return Piece(strokes, box, np.concatenate([_sampled(stroke.points) for stroke in strokes]))


def _sampled(points: Points) -> Points:
    """Points at equal distances along the line."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0, along[-1], _SAMPLES)
    return np.stack([np.interp(at, along, axis) for axis in points.T], axis=1)


def _with_scribbles(
    pieces: list[Piece], linked: NDArray[np.bool_], crowded: NDArray[np.bool_], memory: Memory
) -> list[Piece]:
    """The same with crowded strokes made one where they meet, since ways to part them abound."""
    changed = [piece for piece, in_crowd in zip(pieces, crowded, strict=True) if not in_crowd]
    members = np.flatnonzero(crowded)
    for crowd in _connected(linked[np.ix_(members, members)]):
        strokes = sum((pieces[number].strokes for number in members[crowd]), ())
        changed.append(memory.once(("scribble", strokes), partial(_piece, strokes)))
    return sorted(changed, key=lambda piece: piece.box)


def _connected(linked: NDArray[np.bool_]) -> Iterator[Numbers]:
    """The connected parts of a graph (n, n), each as the numbers of its nodes."""
    left = np.ones(len(linked), dtype=bool)
    while left.any():
        inside, reached = np.zeros_like(left), np.zeros_like(left)
        reached[left.argmax()] = True
        while not np.array_equal(inside, reached):
            inside = reached
            reached = inside | linked[inside].any(axis=0)
        left &= ~inside
        yield np.flatnonzero(inside)


def _joins(pieces: list[Piece], memory: Memory) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What it costs to join each two pieces, (n, n), and whether they may be neighbours in one."""
    left, top, right, bottom = np.array([piece.box for piece in pieces]).reshape(-1, 4).T
    sides = np.maximum(right - left, bottom - top)
    size = np.maximum(np.maximum(sides[:, None], sides), LEAST_SIZE)
    beside = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    above = np.maximum(top[:, None], top) - np.minimum(bottom[:, None], bottom)
    apart = np.maximum(np.maximum(beside, above), 0.0)
    for a, b in np.argwhere(np.triu(apart <= NEAR * size, 1)).tolist():
        first, second = pieces[a], pieces[b]
        key = (first.strokes, second.strokes)
        apart[a, b] = apart[b, a] = memory.once(key, partial(_distance, first, second))
    off = np.abs((left + right)[:, None] - (left + right)) / 2
    joins = _JOIN + (_APART * apart + _BESIDE * beside + _OFF * off) / size
    linked = (apart <= NEAR * size) & (joins <= LINKING)
    np.fill_diagonal(linked, False)
    return joins, linked


def _distance(a: Piece, b: Piece) -> float:
    x, y = (a.points[:, None, :] - b.points[None, :, :]).transpose(2, 0, 1)
    return math.sqrt(float((x * x + y * y).min()))
