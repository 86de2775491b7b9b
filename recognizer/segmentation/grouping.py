"""Strokes to characters: which strokes make one character, by where they lie and how it reads.

A digit may be drawn in several strokes, at any time: the bar of a 7 may come after the next
digit. All ways to share the strokes among characters are weighed against each other by what
they cost, and a character costs the more the less certain its reading is, the less its strokes
belong together, and the more it is out of proportion.

Costs are in nats, as the logarithm of the network's uncertainty is. They belong to the network
and are in its card.

Where only digits are asked for, a slash looks like a 1 to the network, and the rings of % like two
zeros; where they stand on their line and how they were drawn tells that they may be signs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, evenly, nearest
from recognizer.model import Prediction
from recognizer.model.card import GroupingCosts
from recognizer.segmentation.clusters import (
    Cluster,
    ClusterGrouping,
    Floats,
    Strokes,
    StrokeUnit,
)
from recognizer.segmentation.places import LOW_LABELS
from recognizer.strokes import Cache, Stroke, bounds

MAX_GAP_SHARE, MAX_SIGN_GAP_SHARE = 0.35, 0.85
"""Neighbours in a character are no further apart than this share of the larger one's size, or
with signs than the second: the dots of a colon have room between them."""
MAX_LINK_COST_NATS = 0.0
"""Nor does it cost more than this to join them."""
MAX_LINKS, MAX_NEAR = 8, 24
"""A stroke that may be joined with more than so many others is part of a scribble; two that have
more than the second around them are as far apart as their boxes, which is sooner told."""
CROSSING_SHARE = 0.2
"""Strokes whose middles are nearer to each other, as a share of the larger one's size, cross."""
MIN_SIZE = 1e-9
"""Stands for the size of dots and the height of level lines, which have none."""
SAMPLED_POINTS = 24
"""Points of a stroke that stand for it when distances are measured."""
USUAL_QUANTILE, HEIGHT_STEP = 0.75, 1.1
"""The usual stroke is higher than this share of them; the others are bars and dots. Its height is
a power of the second."""
SPECK_SHARE = 0.2
"""A character smaller than this share of the largest on its line is a speck."""
RING_SHARE = 0.4
"""A digit smaller than this share of the largest on its line may be a part of %."""
DOT_SHARE, STRAY_GAP_SHARE = 0.3, 0.03
"""A stroke smaller than the first share of its character's size is a dot; one that is further than
the second from all others stands apart."""
MIN_SLASH_SLANT, MAX_SLASH_BEND = 0.3, 0.08
"""A slash goes at least so far to the right for its height, and its spread across is at most so
large a share of that along it: most slashes of validation writers do, and few of their 1s."""


def characters(
    strokes: Sequence[Stroke],
    confidence: Callable[[Strokes], float],
    costs: GroupingCosts,
    guess: float,
    cache: Cache,
    usual: float | None = None,
) -> list[Strokes]:
    """Share the strokes of a drawing among characters.

    confidence: the probability of what strokes are read as when they are one character; asked
    for no more groups than it takes. guess: the least that it can be where something was read.
    usual: the size of the usual stroke where dots and bars, whose own tells nothing, make signs.
    Returns the strokes of each character, in no order.
    """
    if len(strokes) < 2:
        return [(stroke,) for stroke in strokes]
    units, joins, linked = _units(strokes, costs, cache, usual)
    around = usual or _height_around(_edges(units))
    found: list[Strokes] = []
    for numbers in _connected(linked):
        members = [units[number] for number in numbers]
        if len(members) == 1:
            found.append(members[0].strokes)
            continue
        height = usual or max(around, _usual_height(_edges(members)))

        def shared(numbers: list[int] = numbers, height: float = height) -> list[Strokes]:
            square = np.ix_(numbers, numbers)
            members = [units[number] for number in numbers]
            cluster = Cluster(members, _edges(members), joins[square], linked[square])
            return ClusterGrouping(cluster, confidence, costs, guess, cache, height).characters()

        key = ("characters", tuple(unit.strokes for unit in members), height)
        found += cache.get_or_make(key, shared)
    return found


def _usual_height(edges: Floats) -> float:
    """How high the usual stroke is, in steps, so that it seldom changes while somebody draws."""
    heights = np.sort(edges[:, 3] - edges[:, 1])
    height = max(float(heights[int(USUAL_QUANTILE * len(heights))]), MIN_SIZE)
    return HEIGHT_STEP ** round(math.log(height, HEIGHT_STEP))


def _height_around(edges: Floats) -> float:
    """The same of a drawing; all of it if its strokes only stand above each other, as an 8's."""
    left, top, right, bottom = edges.T
    if left.max() < right.min():
        return float(bottom.max() - top.min())
    return _usual_height(edges)


def _units(
    strokes: Sequence[Stroke], costs: GroupingCosts, cache: Cache, usual: float | None
) -> tuple[list[StrokeUnit], Floats, NDArray[np.bool_]]:
    """All units, what it costs to join each two, and whether they may be neighbours in one."""
    units = [cache.get_or_make(stroke, partial(_unit, (stroke,))) for stroke in strokes]
    units.sort(key=lambda unit: unit.edges)
    joins, linked = _joins(units, costs, cache, usual)
    crowded = linked.sum(axis=1) > MAX_LINKS
    if crowded.any():
        units = _with_scribbles(units, linked, crowded, cache)
        joins, linked = _joins(units, costs, cache, usual)
    return units, joins, linked


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
    reached = np.zeros(len(linked), dtype=np.bool_)
    for first in range(len(linked)):
        if reached[first]:
            continue
        reached[first], inside = True, [first]
        for number in inside:  # which grows
            new = np.flatnonzero(linked[number] & ~reached)
            reached[new] = True
            inside += new.tolist()
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
    joins += costs.above * _steepness(
        off, np.abs((top + bottom)[:, None] - (top + bottom)) / 2, size
    )
    linked = (apart <= gap_share * size) & (joins <= MAX_LINK_COST_NATS)
    np.fill_diagonal(linked, False)
    return joins, linked


def _steepness(off: Floats, over: Floats, size: Floats) -> Floats:
    """How much one stands above the other: 1 if it does exactly or they cross, 0 from 45° on."""
    slope = off / np.maximum(over, CROSSING_SHARE * size)
    return np.asarray(np.clip(1 - slope, 0, 1))


def unsure_of_signs(line: Sequence[tuple[Prediction, Box]]) -> list[Prediction]:
    """The characters of a line from left to right, none of them sure that may be or hold a sign."""
    largest = max(box.side for _, box in line)
    found = []
    for number, (each, box) in enumerate(line):
        is_between = 0 < number < len(line) - 1
        if (box.side < SPECK_SHARE * largest and each.label not in LOW_LABELS) or _holds_dot(each):
            each = replace(each, sure=False, speck=True)
        elif _may_be(each, "%", box.side < RING_SHARE * largest) or (
            is_between and _may_be(each, "/", each.label == "1" and is_like_slash(each.strokes))
        ):
            each = replace(each, sure=False)
        found.append(each)
    return found


def _holds_dot(character: Prediction) -> bool:
    return (character.label or "").isdigit() and has_stray_dot(character.strokes)


def _may_be(character: Prediction, sign: str, looks_like: bool) -> bool:
    """Whether a digit looks like a sign that is not asked for, or else would have been read."""
    return looks_like and (character.label or "").isdigit() and sign not in character.labels


def is_like_slash(strokes: Sequence[Stroke]) -> bool:
    """Whether it is one straight stroke that leans to the right."""
    if len(strokes) != 1:
        return False
    points = evenly(strokes[0].points, SAMPLED_POINTS)
    _, (along, across), (way, _) = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    leans = -way[0] * np.sign(way[1]) >= MIN_SLASH_SLANT * abs(way[1]) > 0
    return bool(leans and across <= MAX_SLASH_BEND * along)


def has_stray_dot(strokes: Sequence[Stroke]) -> bool:
    """Whether one of a character's strokes is a dot that stands apart, and so may be a sign."""
    side = bounds(strokes).side if strokes else 0.0
    for dot in strokes:
        room = dot.box.grown(STRAY_GAP_SHARE * side)
        others = [each.box for each in strokes if each is not dot]
        if dot.box.side < DOT_SHARE * side and not any(map(room.meets, others)):
            return True
    return False
