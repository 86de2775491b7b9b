"""Strokes to clusters: which strokes are so near each other that they may make one character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points, evenly, nearest
from recognizer.model.card import GroupingCosts
from recognizer.strokes import Cache, Stroke, bounds

Strokes = tuple[Stroke, ...]
Floats = NDArray[np.float64]

MAX_GAP_SHARE, MAX_SIGN_GAP_SHARE = 0.35, 0.7
"""Neighbours in a character are no further apart than this share of the larger one's size, or
with signs than the second: the dots of a colon have room between them."""
MAX_LINK_COST_NATS = 0.0
"""Nor does it cost more than this to join them."""
MAX_LINKS, MAX_NEAR = 8, 24
"""A stroke that may be joined with more than so many others is part of a scribble; two that have
more than the second around them are as far apart as their boxes, which is sooner told."""
MIN_SIZE = 1e-9
"""Stands for the size of dots and the height of level lines, which have none."""
SAMPLED_POINTS = 24
"""Points of a stroke that stand for it when distances are measured."""


@dataclass(frozen=True, eq=False)
class StrokeUnit:
    """What is never parted, a stroke or a scribble: its edges and points along it (n, 2)."""

    strokes: Strokes
    edges: tuple[float, float, float, float]
    points: Points


@dataclass(frozen=True, eq=False)
class Cluster:
    """Units of one character or more that are near each other.

    units: those of the whole drawing, of which the numbers tell; all_joins, all_linked: of these.
    What is asked of a cluster is taken from them when it is: of most there is nothing new to ask.
    """

    numbers: list[int]
    all_units: list[StrokeUnit]
    all_joins: Floats
    all_linked: NDArray[np.bool_]

    @cached_property
    def units(self) -> list[StrokeUnit]:
        """Its units."""
        return [self.all_units[number] for number in self.numbers]

    @cached_property
    def edges(self) -> Floats:
        """(n, 4): left, top, right and bottom of its units."""
        return _edges(self.units)

    @cached_property
    def joins(self) -> Floats:
        """(n, n): what it costs to join two units."""
        return self.all_joins[np.ix_(self.numbers, self.numbers)]

    @cached_property
    def linked(self) -> NDArray[np.bool_]:
        """(n, n): whether two units may be neighbours in one character."""
        return self.all_linked[np.ix_(self.numbers, self.numbers)]


def clusters(
    strokes: Sequence[Stroke], costs: GroupingCosts, cache: Cache, usual: float | None = None
) -> Iterator[Cluster]:
    """Units that may be joined, however many steps it takes from one to the next."""
    units = [cache.get_or_make(stroke, partial(_unit, (stroke,))) for stroke in strokes]
    units.sort(key=lambda unit: unit.edges)
    joins, linked = _joins(units, costs, cache, usual)
    crowded = linked.sum(axis=1) > MAX_LINKS
    if crowded.any():
        units = _with_scribbles(units, linked, crowded, cache)
        joins, linked = _joins(units, costs, cache, usual)
    for numbers in _connected(linked):
        yield Cluster(numbers, units, joins, linked)


def _unit(strokes: Strokes) -> StrokeUnit:
    box = bounds(strokes)
    points = np.concatenate([evenly(stroke.points, SAMPLED_POINTS) for stroke in strokes])
    return StrokeUnit(strokes, (box.x, box.y, box.right, box.bottom), points)


def _edges(units: Sequence[StrokeUnit]) -> Floats:
    return np.array([unit.edges for unit in units]).reshape(-1, 4)


def _with_scribbles(
    units: list[StrokeUnit], linked: NDArray[np.bool_], crowded: NDArray[np.bool_], cache: Cache
) -> list[StrokeUnit]:
    """The same with crowded strokes made one where they meet, since ways to part them abound."""
    changed = [unit for unit, in_crowd in zip(units, crowded, strict=True) if not in_crowd]
    members = np.flatnonzero(crowded)
    for crowd in _connected(linked[np.ix_(members, members)]):
        strokes = sum((units[number].strokes for number in members[crowd]), ())
        changed.append(cache.get_or_make(("scribble", strokes), partial(_unit, strokes)))
    return sorted(changed, key=lambda unit: unit.edges)


def _connected(linked: NDArray[np.bool_]) -> Iterator[list[int]]:
    """The connected parts of a graph (n, n), each as the numbers of its nodes, ascending."""
    others: list[list[int]] = [[] for _ in linked]
    for one, other in np.argwhere(linked).tolist():
        others[one].append(other)
    reached: set[int] = set()
    for first in range(len(linked)):
        if first in reached:
            continue
        inside, left = {first}, [first]
        while left:
            new = [other for other in others[left.pop()] if other not in inside]
            inside.update(new)
            left += new
        reached |= inside
        yield sorted(inside)


def _joins(
    units: list[StrokeUnit], costs: GroupingCosts, cache: Cache, usual: float | None
) -> tuple[Floats, NDArray[np.bool_]]:
    """What it costs to join each two units, (n, n), and whether they may be neighbours in one."""
    left, top, right, bottom = _edges(units).T
    sides = np.maximum(right - left, bottom - top)
    size = np.maximum(np.maximum(sides[:, None], sides), usual or MIN_SIZE)
    gap_share = MAX_GAP_SHARE if usual is None else MAX_SIGN_GAP_SHARE
    beside = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    above = np.maximum(top[:, None], top) - np.minimum(bottom[:, None], bottom)
    apart = np.maximum(np.maximum(beside, above), 0.0)
    near = apart <= gap_share * size
    crowded = near.sum(axis=1) > MAX_NEAR
    near &= ~(crowded[:, None] & crowded)
    for a, b in np.argwhere(np.triu(near, 1)).tolist():
        first, second = units[a], units[b]
        measure = partial(nearest, first.points, second.points)
        apart[a, b] = apart[b, a] = cache.get_or_make((first.strokes, second.strokes), measure)
    off = np.abs((left + right)[:, None] - (left + right)) / 2
    joins = costs.join + (costs.apart * apart + costs.beside * beside + costs.off * off) / size
    linked = (apart <= gap_share * size) & (joins <= MAX_LINK_COST_NATS)
    np.fill_diagonal(linked, False)
    return joins, linked
